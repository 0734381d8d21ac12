//! START: from being started to the first answer, what it holds when nothing happens, how large it is.

use super::{Bench, Report};
use crate::{
    Outcome,
    cores::Cores,
    fixture::{House, Plan},
    generator::http::Asker,
    measure::{float, memory::Memory, millis},
    table::{Row, Table, note},
};
use std::{
    fs, thread,
    time::{Duration, Instant},
};
use store::Database;

/// After so long the work of starting is over.
const SETTLE: Duration = Duration::from_secs(2);

pub(super) fn measure(bench: &Bench, report: Report<'_>) -> Outcome<()> {
    let mut first = Row::new("Parlor, in an empty folder");
    let mut again = Row::new("Parlor, in a house that is there");
    let program = float(fs::metadata(bench.program())?.len()) / 1e6;
    for repeat in 1..=bench.repeats {
        note(&format!("start, {repeat} of {}", bench.repeats));
        let nobody = House {
            database: Database::Sqlite { dir: bench.new_folder() },
            tokens: Vec::new(),
            rooms: Vec::new(),
        };
        let (took, held) = start_once(bench, &nobody)?;
        first.add([took, held, program]);
        bench.tear_down(&nobody)?;

        let house = bench.build(&Plan { accounts: 100, rooms: Vec::new() })?;
        let (took, held) = start_once(bench, &house)?;
        again.add([took, held, program]);
        bench.tear_down(&house)?;
    }
    report(Table {
        figure: "start",
        case: "until the first answer over HTTP".to_owned(),
        columns: &["ms", "idle RSS MiB", "program MB"],
        rows: vec![first, again],
    })
}

/// Milliseconds until it answers, and MiB that it holds when it is at rest.
fn start_once(bench: &Bench, house: &House) -> Outcome<(f64, f64)> {
    let begun = Instant::now();
    let server = bench.start_parlor(house, Cores::One)?;
    Asker::connect(server.address, None)?.get("/api/v1/server")?;
    let took = millis(begun.elapsed());
    thread::sleep(SETTLE);
    let held = float(Memory::of(server.id())?.resident_kib) / 1024.0;
    server.stop()?;
    Ok((took, held))
}
