//! HISTORY: the fifty newest messages over HTTP, in a small room and in a very large one, and fifty from its middle, which no
//! server keeps.

use super::{Bench, Report};
use crate::{
    Outcome,
    cores::Cores,
    fixture::{House, Plan, RoomPlan},
    generator::{frames, http::Asker},
    measure::{cpu, cpu::Used, float, micros, millis, per, percentiles::Histogram},
    table::{Row, Table, note},
};
use std::time::{Duration, Instant};

/// Connections, each with one request under way.
const CONNECTIONS: usize = 8;
const PAGE_LEN: usize = 50;
const SMALL: usize = 200;

pub(super) fn measure(bench: &Bench, report: Report<'_>) -> Outcome<()> {
    let large = if bench.quick { 100_000 } else { 1_000_000 };
    note(&format!("history: writing a room of {large} messages"));
    let rooms = [SMALL, large].map(|messages| RoomPlan { members: vec![0, 1], messages });
    let house = bench.build(&Plan { accounts: 2, rooms: rooms.into() })?;
    let newest = |messages| Row::new(format!("Parlor, a room of {messages}"));
    let middle = Row::new(format!("Parlor, from the middle of the room of {large}"));
    let mut rows = [
        (newest(SMALL), 0, String::new()),
        (newest(large), 1, String::new()),
        (middle, 1, format!("&before={}", large / 2)),
    ];
    for repeat in 1..=bench.repeats {
        note(&format!("history, {repeat} of {}", bench.repeats));
        for (row, room, part) in &mut rows {
            row.add(measure_once(bench, &house, *room, part)?);
        }
    }
    bench.tear_down(&house)?;
    report(Table {
        figure: "history",
        case: format!("{PAGE_LEN} messages, the newest, {CONNECTIONS} kept connections with a request each"),
        columns: &["CPU µs/request", "requests/s", "p50 ms", "p99 ms", "server busy %", "generator busy %"],
        rows: rows.into_iter().map(|(row, ..)| row).collect(),
    })
}

fn measure_once(bench: &Bench, house: &House, room: usize, part: &str) -> Outcome<[f64; 6]> {
    let server = bench.start_parlor(house, Cores::One)?;
    let room = house.rooms.get(room).ok_or("there is no such room")?;
    let path = format!("/api/v1/conversations/{room}/messages?limit={PAGE_LEN}{part}");
    let mut askers = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut asker = Asker::connect(server.address, Some(house.token(0)?))?;
        verify(&asker.get(&path)?)?;
        asker.ask(&path)?;
        askers.push((asker, Instant::now()));
    }
    let (warm_up, measured) = bench.stretch();
    ask(&mut askers, &path, warm_up)?;
    let (before, own_before, begun) = (Used::by(server.id())?, cpu::own(), Instant::now());
    let times = ask(&mut askers, &path, measured)?;
    let seconds = begun.elapsed().as_secs_f64();
    let used = Used::by(server.id())?.since(&before);
    let own = cpu::own().saturating_sub(own_before);
    drop(askers);
    server.stop()?;
    Ok([
        per(micros(used), times.count()),
        float(times.count()) / seconds,
        millis(times.within(500)),
        millis(times.within(990)),
        100.0 * used.as_secs_f64() / seconds,
        100.0 * own.as_secs_f64() / seconds,
    ])
}

/// Asks on every connection again as soon as it has answered, for so long. Each has one question open before and after.
fn ask(askers: &mut [(Asker, Instant)], path: &str, time: Duration) -> Outcome<Histogram> {
    let end = Instant::now() + time;
    let mut times = Histogram::default();
    while Instant::now() < end {
        for (asker, asked) in &mut *askers {
            let page = asker.answer()?;
            times.record(asked.elapsed());
            asker.ask(path)?;
            *asked = Instant::now();
            if times.count() % 1024 == 0 {
                verify(&page)?;
            }
        }
    }
    Ok(times)
}

/// Whether it is the page that was asked for: fifty messages one after the other.
fn verify(page: &[u8]) -> Outcome<()> {
    let seqs: Vec<i64> = frames::seqs_in(page).collect();
    let in_order = seqs.iter().zip(seqs.iter().skip(1)).all(|(one, next)| one + 1 == *next);
    if seqs.len() != PAGE_LEN || !in_order {
        return Err(format!("VERIFICATION FAILED: a page of history holds {seqs:?}").into());
    }
    Ok(())
}
