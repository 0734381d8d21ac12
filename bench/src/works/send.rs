//! SEND: one client, from sending to the acknowledgement, which comes when the message is on disk.

use super::{Bench, Report};
use crate::{
    Outcome,
    contestant::{self, Contestant},
    cores::Cores,
    fixture::{Plan, RoomPlan},
    generator::talk::Pace,
    measure::{millis, percentiles::Histogram},
    table::{Row, Table, note},
};
use std::{
    fs::{self, File},
    io::Write,
    time::Instant,
};

/// What is flushed to see what a flush costs here: as much as a small commit writes.
const PAGE_LEN: usize = 4096;
const FLUSHES: usize = 200;

pub(super) fn measure(bench: &Bench, report: Report<'_>) -> Outcome<()> {
    let room = RoomPlan { members: vec![0], messages: 0 };
    let house = bench.build(&Plan { accounts: 1, rooms: vec![room] })?;
    let mut flush = Row::new("one flush of the disk alone");
    let mut parlor = Row::new("Parlor, send to acknowledgement");
    for repeat in 1..=bench.repeats {
        note(&format!("send, {repeat} of {}", bench.repeats));
        let flushes = flush_times(bench)?;
        flush.add([millis(flushes.within(500)), millis(flushes.within(990))]);

        let who = Contestant::Parlor(Cores::One);
        let (servers, mut talk) = contestant::gather(bench, who, &house, &[vec![0]], vec![0])?;
        let (warm_up, measured) = bench.stretch();
        let talked = talk.run(Pace::Window(1), &servers.ids(), warm_up, measured)?;
        drop(talk);
        servers.stop()?;
        parlor.add([millis(talked.ack_times.within(500)), millis(talked.ack_times.within(990))]);
    }
    bench.tear_down(&house)?;
    let case = "one client, one message at a time, SQLite".to_owned();
    report(Table { figure: "send", case, columns: &["p50 ms", "p99 ms"], rows: vec![flush, parlor] })
}

/// How long the disk takes to make a page durable.
fn flush_times(bench: &Bench) -> Outcome<Histogram> {
    let folder = bench.new_folder();
    fs::create_dir_all(&folder)?;
    let mut file = File::create(folder.join("flushed"))?;
    let mut times = Histogram::default();
    for _ in 0..FLUSHES {
        file.write_all(&[b'x'; PAGE_LEN])?;
        let begun = Instant::now();
        file.sync_data()?;
        times.record(begun.elapsed());
    }
    fs::remove_dir_all(folder)?;
    Ok(times)
}
