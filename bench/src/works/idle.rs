//! IDLE: ten thousand connections that say nothing.

use super::{Bench, Report};
use crate::{
    Outcome, contestant,
    cores::Cores,
    fixture::{House, Plan},
    generator::Fleet,
    measure::{cpu::Used, float, memory::Memory, micros, per},
    table::{Row, Table, note},
};
use std::{
    thread,
    time::{Duration, Instant},
};

/// After so long, what opening took is given back as far as it ever is.
const SETTLE: Duration = Duration::from_secs(2);
/// How long idleness is watched.
const WATCHED: Duration = Duration::from_secs(3);

/// Each is somebody else's, and everybody is in General.
pub(super) fn measure(bench: &Bench, report: Report<'_>) -> Outcome<()> {
    let count: u32 = if bench.quick { 2000 } else { 10_000 };
    let house = bench.build(&Plan { accounts: usize::try_from(count)?, rooms: Vec::new() })?;
    let mut row = Row::new("Parlor");
    for repeat in 1..=bench.repeats {
        note(&format!("idle, {repeat} of {}", bench.repeats));
        row.add(measure_once(bench, &house, u64::from(count))?);
    }
    bench.tear_down(&house)?;
    report(Table {
        figure: "idle",
        case: format!("{count} connections of as many people, signed in and welcomed"),
        columns: &[
            "KiB each",
            "connects/s",
            "CPU µs/connect",
            "RSS before MiB",
            "RSS with all MiB",
            "busy idle %",
        ],
        rows: vec![row],
    })
}

fn measure_once(bench: &Bench, house: &House, count: u64) -> Outcome<[f64; 6]> {
    let server = bench.start_parlor(house, Cores::One)?;
    thread::sleep(SETTLE);
    let before = Memory::of(server.id())?;
    let used_before = Used::by(server.id())?;
    let dials: Vec<_> =
        house.tokens.iter().map(|token| contestant::dial(token, r#"{"op":"hello"}"#)).collect();
    let begun = Instant::now();
    let mut fleet = Fleet::open(&[server.address], &dials, |_, _, _| {})?;
    let took = begun.elapsed();
    let used = Used::by(server.id())?.since(&used_before);

    listen(&mut fleet, SETTLE)?;
    let with_all = Memory::of(server.id())?;
    let (idle_before, watched_from) = (Used::by(server.id())?, Instant::now());
    listen(&mut fleet, WATCHED)?;
    let idle =
        Used::by(server.id())?.since(&idle_before).as_secs_f64() / watched_from.elapsed().as_secs_f64();
    drop(fleet);
    server.stop()?;
    Ok([
        per(float(with_all.resident_kib.saturating_sub(before.resident_kib)), count),
        float(count) / took.as_secs_f64(),
        per(micros(used), count),
        float(before.resident_kib) / 1024.0,
        float(with_all.resident_kib) / 1024.0,
        100.0 * idle,
    ])
}

/// Answers pings and hears what there is, for so long.
fn listen(fleet: &mut Fleet, time: Duration) -> Outcome<()> {
    let end = Instant::now() + time;
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        fleet.turn(left, |_, _, _| {})?;
    }
    Ok(())
}
