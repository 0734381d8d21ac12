//! MANY ROOMS: five hundred rooms of two, and everybody posts.

use super::{Bench, Report};
use crate::{
    Outcome,
    contestant::{self, Contestant},
    cores::Cores,
    fixture::{House, Plan, RoomPlan},
    generator::talk::Pace,
    measure::{float, micros, millis, per},
    options::Rival,
    table::{Row, Table, note},
};

const ROOMS: usize = 500;

/// Messages that each of the thousand has on the way: as many as make people wait for each other, and as many as the
/// server's queue of writes holds of all of them.
const ON_THE_WAY: [usize; 2] = [1, 4];

pub(super) fn measure(bench: &Bench, report: Report<'_>) -> Outcome<()> {
    let rooms: Vec<Vec<usize>> = (0..ROOMS).map(|room| vec![2 * room, 2 * room + 1]).collect();
    let plans = rooms.iter().map(|members| RoomPlan { members: members.clone(), messages: 0 });
    let plan = Plan { accounts: 2 * ROOMS, rooms: plans.collect() };
    let sqlite = bench.build(&plan)?;
    let postgres = bench.build_on_postgres(&plan)?;

    let mut contestants: Vec<(String, Contestant, &House)> = [
        Contestant::Rival(Rival::FloorTogether),
        Contestant::Rival(Rival::Usual),
        Contestant::Rival(Rival::UsualAtOnce),
    ]
    .map(|rival| (rival.name().to_owned(), rival, &sqlite))
    .into();
    for (engine, house) in [("SQLite", Some(&sqlite)), ("PostgreSQL", postgres.as_ref())] {
        for cores in [Cores::One, Cores::All] {
            let contestant = Contestant::Parlor(cores);
            contestants
                .extend(house.map(|house| (format!("{}, {engine}", contestant.name()), contestant, house)));
        }
    }
    if let (Some(house), true) = (&postgres, bench.bus.is_some()) {
        // The two of each room are connected to different nodes.
        let nodes = [Cores::One, Cores::All].map(Contestant::TwoNodes);
        contestants.extend(nodes.map(|nodes| (format!("{}, PostgreSQL", nodes.name()), nodes, house)));
    }

    for on_the_way in ON_THE_WAY {
        let mut rows: Vec<Row> = contestants.iter().map(|(name, ..)| Row::new(name.clone())).collect();
        for repeat in 1..=bench.repeats {
            for ((name, contestant, house), row) in contestants.iter().zip(&mut rows) {
                note(&format!("rooms, {on_the_way} on the way, {repeat} of {}: {name}", bench.repeats));
                row.add(measure_one(bench, *contestant, house, &rooms, on_the_way)?);
            }
        }
        let case = format!("{ROOMS} rooms of two, everybody posts and has {on_the_way} on the way");
        report(Table { figure: "rooms", case, columns: COLUMNS, rows })?;
    }
    bench.tear_down(&sqlite)
}

const COLUMNS: &[&str] = &[
    "CPU µs/message",
    "messages/s",
    "ack p50 ms",
    "ack p99 ms",
    "server busy %",
    "generator busy %",
    "lags",
    "busy",
];

fn measure_one(
    bench: &Bench,
    contestant: Contestant,
    house: &House,
    rooms: &[Vec<usize>],
    on_the_way: usize,
) -> Outcome<[f64; 8]> {
    let senders = (0..2 * ROOMS).flat_map(|sender| vec![sender; on_the_way]).collect();
    let (servers, mut talk) = contestant::gather(bench, contestant, house, rooms, senders)?;
    let (warm_up, measured) = bench.stretch();
    let talked = talk.run(Pace::Acknowledged, &servers.ids(), warm_up, measured)?;
    drop(talk);
    servers.stop()?;
    let seconds = talked.took.as_secs_f64();
    Ok([
        per(micros(talked.server_cpu), talked.messages),
        float(talked.messages) / seconds,
        millis(talked.ack_times.within(500)),
        millis(talked.ack_times.within(990)),
        100.0 * talked.server_cpu.as_secs_f64() / seconds,
        100.0 * talked.generator_worked.as_secs_f64() / seconds,
        float(talked.lags),
        float(talked.busy),
    ])
}
