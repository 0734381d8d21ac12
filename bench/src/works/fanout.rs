//! FANOUT: one room, everyone connected, every message to everyone.

use super::{Bench, Report};
use crate::{
    Outcome,
    contestant::{self, Contestant},
    cores::Cores,
    fixture::{House, Plan, RoomPlan},
    generator::talk::{Pace, Talk, Talked},
    measure::{float, micros, millis, per},
    table::{Row, Table, note},
};
use std::time::Duration;

/// Members who post when as much is posted as can be delivered.
const SENDERS: usize = 4;
/// So many messages are on the way to everybody then: fewer than the frames that a connection's queue holds, so that
/// nobody is told to catch up because the generator asked for too much.
const WINDOW: u64 = 192;
/// Deliveries a second at which the time of a delivery is measured: half of what one core does at one write each.
const PACED_PER_SECOND: u32 = 120_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Load {
    OneInFlight,
    Saturated,
    Paced,
}

/// Each way, for each size of the room.
pub(super) fn measure(bench: &Bench, report: Report<'_>) -> Outcome<()> {
    let sizes: &[usize] = if bench.quick { &[1000] } else { &[200, 1000, 5000] };
    for size in sizes {
        let members: Vec<usize> = (0..*size).collect();
        let room = RoomPlan { members: members.clone(), messages: 0 };
        let house = bench.build(&Plan { accounts: *size, rooms: vec![room] })?;
        for load in [Load::OneInFlight, Load::Saturated, Load::Paced] {
            report(measure_load(bench, &house, std::slice::from_ref(&members), load)?)?;
        }
        bench.tear_down(&house)?;
    }
    Ok(())
}

fn measure_load(bench: &Bench, house: &House, rooms: &[Vec<usize>], load: Load) -> Outcome<Table> {
    let size = rooms.iter().map(Vec::len).sum();
    let mut contestants = Contestant::ALL.to_vec();
    if load == Load::Saturated {
        contestants.push(Contestant::Parlor(Cores::All));
    }
    let mut rows: Vec<Row> = contestants.iter().map(|contestant| Row::new(contestant.name())).collect();
    for repeat in 1..=bench.repeats {
        for (contestant, row) in contestants.iter().zip(&mut rows) {
            note(&format!("fanout {size}, {load:?}, {repeat} of {}: {}", bench.repeats, contestant.name()));
            let senders = if load == Load::Saturated { (0..SENDERS).collect() } else { vec![0] };
            let (servers, mut talk) = contestant::gather(bench, *contestant, house, rooms, senders)?;
            let talked = talk_at(bench, &mut talk, load, size, &servers.ids())?;
            drop(talk);
            servers.stop()?;
            row.add(values_of(load, &talked));
        }
    }
    Ok(Table { figure: "fanout", case: load.case(size), columns: load.columns(), rows })
}

fn talk_at(bench: &Bench, talk: &mut Talk, load: Load, size: usize, servers: &[u32]) -> Outcome<Talked> {
    let (warm_up, measured) = bench.stretch();
    let pace = match load {
        Load::OneInFlight => Pace::Window(1),
        Load::Saturated => Pace::Window(WINDOW),
        Load::Paced => Pace::Every(Duration::from_secs(1) * u32::try_from(size)? / PACED_PER_SECOND),
    };
    talk.run(pace, servers, warm_up, measured)
}

impl Load {
    fn case(self, size: usize) -> String {
        match self {
            Self::OneInFlight => format!("one room of {size}, one message in flight"),
            Self::Saturated => {
                format!("one room of {size}, saturated by {SENDERS} senders, {WINDOW} messages on the way")
            }
            Self::Paced => {
                format!("one room of {size}, {PACED_PER_SECOND} deliveries/s whatever becomes of them")
            }
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::OneInFlight => &[
                "CPU µs/delivery",
                "deliveries/s",
                "round p50 ms",
                "round p99 ms",
                "server busy %",
                "generator busy %",
            ],
            Self::Saturated => &[
                "CPU µs/delivery",
                "deliveries/s",
                "messages/s",
                "server busy %",
                "generator busy %",
                "bytes/delivery",
                "lags",
            ],
            Self::Paced => {
                &["p50 ms", "p99 ms", "deliveries/s", "CPU µs/delivery", "server busy %", "generator busy %"]
            }
        }
    }
}

fn values_of(load: Load, talked: &Talked) -> Vec<f64> {
    let seconds = talked.took.as_secs_f64();
    let cost = per(micros(talked.server_cpu), talked.deliveries);
    let deliveries = float(talked.deliveries) / seconds;
    let server = 100.0 * talked.server_cpu.as_secs_f64() / seconds;
    let generator = 100.0 * talked.generator_worked.as_secs_f64() / seconds;
    let p50 = millis(talked.delivery_times.within(500));
    let p99 = millis(talked.delivery_times.within(990));
    match load {
        Load::OneInFlight => vec![cost, deliveries, p50, p99, server, generator],
        Load::Saturated => {
            let bytes = per(float(talked.bytes), talked.deliveries);
            let messages = float(talked.messages) / seconds;
            vec![cost, deliveries, messages, server, generator, bytes, float(talked.lags)]
        }
        Load::Paced => vec![p50, p99, deliveries, cost, server, generator],
    }
}
