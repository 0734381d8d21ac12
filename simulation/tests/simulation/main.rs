//! Parlor's nodes and clients in one process, in virtual time, with everything that happens decided by one number.
//!
//! Real: SQL and transactions (SQLite, in memory), the rules, the hub, the order of changes, what the bus says and how it is
//! read, HTTP and the WebSocket door with all that a connection does. Simulated: time, chance, the wires, the line between the
//! nodes, when a transaction runs and whether anybody hears of it, and the clients, which do what `docs/protocol.md` tells them to.
//!
//! `PARLOR_SIMULATION_SEEDS=5000` (or `start..end`) runs more worlds, `PARLOR_SIMULATION_SEED=1234` one, line by line
//! (with `PARLOR_SIMULATION_FAULTS=3` only the first of what goes wrong there).

#![allow(unreachable_pub, reason = "one binary: what a module shows to the others is pub")]

mod chance;
mod copy;
mod database;
mod deeds;
mod device;
mod faults;
mod http;
mod laws;
mod ledger;
mod line;
mod nodes;
mod people;
mod run;
mod trace;
mod wires;
mod world;

use run::{How, Outcome, run};
use std::{env, ops::Range, time::Instant};

/// So many worlds are run where nobody asks for more.
const SEEDS: u64 = 200;
/// Every so many worlds one is run twice.
const TWICE_EVERY: u64 = 20;

#[test]
fn everybody_ends_up_with_what_is_stored_whatever_goes_wrong() {
    if let Some(seed) = number("PARLOR_SIMULATION_SEED") {
        let faults_max =
            number("PARLOR_SIMULATION_FAULTS").map_or(usize::MAX, |count| usize::try_from(count).unwrap());
        let outcome = run(How { is_shown: true, faults_max, ..How::seed(seed) });
        assert!(outcome.broken.is_empty(), "{}", describe(seed, &outcome));
        return;
    }
    let begun_at = Instant::now();
    let seeds = seeds();
    let (mut lines, mut acknowledged, mut repeated, mut heard, mut twice, mut hash) = (0, 0, 0, 0, 0, 0);
    for seed in seeds.clone() {
        let outcome = run(How::seed(seed));
        assert!(outcome.broken.is_empty(), "{}", fewest_faults(seed, outcome));
        // A bug on purpose may count from one world to the next.
        if seed % TWICE_EVERY == 0 && !cfg!(feature = "seeded") {
            assert_eq!(
                run(How::seed(seed)).hash,
                outcome.hash,
                "seed {seed} went another way the second time"
            );
            twice += 1;
        }
        hash ^= outcome.hash;
        lines += outcome.lines;
        acknowledged += outcome.acknowledged;
        repeated += outcome.repeated;
        heard += outcome.heard;
    }
    let count = seeds.end - seeds.start;
    let seconds = begun_at.elapsed().as_secs_f64();
    println!(
        "simulation: seeds {seeds:?}, {:.1} a second, {acknowledged} messages acknowledged, {repeated} of them stored by an \
         earlier attempt, {heard} changes heard, {lines} lines of trace ({hash:016x}), {twice} worlds twice with the same trace, \
         0 laws broken",
        (count + twice) as f64 / seconds
    );
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|word| word.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

fn seeds() -> Range<u64> {
    let Ok(word) = env::var("PARLOR_SIMULATION_SEEDS") else { return 0..SEEDS };
    let read = |word: &str| {
        word.parse().unwrap_or_else(|_| panic!("PARLOR_SIMULATION_SEEDS is COUNT or START..END"))
    };
    match word.split_once("..") {
        Some((start, end)) => read(start)..read(end),
        None => 0..read(&word),
    }
}

/// Runs a world that failed with fewer of its faults, and describes the one that still fails with the fewest.
fn fewest_faults(seed: u64, outcome: Outcome) -> String {
    let fewer = (0..outcome.faults.len())
        .map(|faults_max| run(How { faults_max, ..How::seed(seed) }))
        .find(|fewer| !fewer.broken.is_empty());
    describe(seed, &fewer.unwrap_or(outcome))
}

fn describe(seed: u64, outcome: &Outcome) -> String {
    let faults: Vec<String> = outcome.faults.iter().map(|fault| format!("  {fault:?}")).collect();
    format!(
        "seed {seed}: {}\nwith the first {} of its faults:\n{}\nthe end of it:\n{}\nagain: PARLOR_SIMULATION_SEED={seed} \
         PARLOR_SIMULATION_FAULTS={} cargo nextest run -p simulation --no-capture",
        outcome.broken.join("\n"),
        faults.len(),
        faults.join("\n"),
        outcome.last.join("\n"),
        faults.len(),
    )
}
