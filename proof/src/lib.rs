//! Shows on the real program that Parlor keeps its promises: people who remember everything they did and saw, faults of every
//! kind, and rules that what they saw must keep beside what is stored.

mod clock;
mod crash;
mod disk;
pub mod history;
mod house;
mod http;
mod listener;
mod meter;
mod migrations;
mod neighbours;
mod nodes;
mod options;
mod person;
mod power;
mod program;
mod proxy;
mod readers;
mod report;
mod restore;
mod scene;
mod servers;
mod stops;
mod storm;
mod truth;

use options::{Run, Task};
use std::{
    io::Write,
    process::ExitCode,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What can go wrong with a run itself. What a run finds wrong with Parlor is in its report.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What somebody left half done who panicked under a lock is no reason to panic too.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the program ends with when a run could not be done, which says nothing about Parlor.
const NOT_DONE: u8 = 2;

/// Does what the arguments ask for.
#[must_use]
pub fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // There is nobody else to tell.
            let _ = writeln!(std::io::stderr(), "the run could not be done: {error}");
            ExitCode::from(NOT_DONE)
        }
    }
}

/// Whether nothing was found.
fn run() -> Result<bool> {
    let (common, run) = match options::read() {
        Task::Run(run) => *run,
        Task::Table(table) => return table.write().map(|()| true),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        match &run {
            Run::Crash(crash) => crash::run(crash).await,
            Run::Power(power) => power::run(power).await,
            Run::Fill(disk) => disk::fill(disk).await,
            Run::Fail(disk) => disk::fail(disk).await,
            Run::Clock(clock) => clock::run(clock).await,
            Run::Migrations(migrations) => migrations::run(migrations).await,
            Run::Neighbours(neighbours) => neighbours::run(neighbours).await,
            Run::Readers(readers) => readers::run(readers).await,
            Run::Storm(storm) => storm::run(storm).await,
            Run::Stops(stops) => stops::run(stops).await,
            Run::Restore(restore) => restore::run(restore).await,
        }
    })?;
    report.print()?;
    if let Some(file) = &common.json {
        report.append(file)?;
    }
    Ok(report.violations.is_empty())
}

/// Each connection is an open file, and systems allow a process few of them until it asks for what it may have.
fn allow_many_files() -> Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}
