//! Moves an installation from SQLite to PostgreSQL: every row of every table, compared afterwards value by value.
//!
//! It may be stopped or killed at any moment and run again: the target holds whole batches in the order of their keys, so
//! that the rows themselves say how far it came, and a mark by which servers refuse it until all is there and compared. The
//! source is only read, and held so that nobody else writes to it. The installation stays the same one: its epoch, its keys
//! and its numbers come along, so sessions go on and clients ask for the changes since, as after any other pause.

mod error;
mod rows;
mod schema;
mod tables;
mod target;
mod verify;

pub use error::{Difference, Disparity, TransferError};
pub(crate) use target::is_unfinished;

use crate::{
    OpenError, Result, Tx,
    engine::{Alone, postgres::PostgresAlone, sqlite::SqliteAlone},
    meta,
    migrations::MIGRATIONS,
    params,
};
use rows::{Cells, count, key, last_key, page, told, values};
use std::{ops::ControlFlow, path::Path, thread};
use tables::{TABLES, Table};
use verify::{lost_here, lost_there, verify};

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Rows are read from the source and stored in the target.
    Copying,
    /// Rows are read from both and compared.
    Comparing,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// The table that is under way.
    pub table: &'static str,
    /// Rows that this phase is done with, those of an earlier run included.
    pub rows: u64,
    /// Rows of all tables.
    pub rows_total: u64,
}

/// What was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Every table with its rows, all of them compared.
    pub tables: Vec<(&'static str, u64)>,
    /// Rows that an earlier run had moved.
    pub rows_before: u64,
}

/// Moves the installation in a data folder to the database at an address, or goes on with it.
///
/// Blocks for as long as that takes. `report` is called at the beginning of each table and after every few hundred rows; when
/// it breaks, the move stops there with `Stopped`. The source is brought up to date first, as a server would do. A target that is
/// refused is left as it was; after an error in the middle, the same call goes on from there.
pub fn transfer(
    dir: &Path,
    url: &str,
    report: impl FnMut(Progress) -> ControlFlow<()> + Send,
) -> Result<Moved, TransferError> {
    // The driver must not run on a thread that already runs futures, as the caller's may.
    thread::scope(|scope| {
        let moving = scope.spawn(|| transfer_here(dir, url, report));
        moving.join().unwrap_or_else(|_| {
            Err(TransferError::Target(OpenError::Database("the move panicked".to_owned())))
        })
    })
}

fn transfer_here(
    dir: &Path,
    url: &str,
    mut report: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Moved, TransferError> {
    let nothing_there = || TransferError::NothingThere(dir.to_owned());
    let source = SqliteAlone::open(dir, MIGRATIONS).map_err(|error| match error {
        OpenError::InUse(dir) => TransferError::SourceInUse(dir),
        other => TransferError::Source(other),
    })?;
    let mut source = source.ok_or_else(nothing_there)?;
    let looked = source.read(|tx| Ok((schema::strangeness(tx)?, meta::get(tx, "epoch")?)));
    let (strange, epoch) =
        looked.map_err(|error| TransferError::SourceFailed { table: "the beginning", error })?;
    if let Some(what) = strange {
        return Err(TransferError::Schema { side: "to move from", what });
    }
    let epoch = epoch.ok_or_else(nothing_there)?;
    let mut target = PostgresAlone::open(url).map_err(TransferError::Target)?;
    let is_continued = target::begin(&mut target, &epoch)?;

    let tables = counted(&mut source)?;
    let rows_total = tables.iter().map(|(_, rows)| rows).sum();
    let mut course = Course { report: &mut report, now: None, rows: 0, rows_total };
    let mut rows_before = 0;
    for table in TABLES {
        rows_before += copy(&mut source, &mut target, table, is_continued, &mut course)?;
    }
    verify(&mut source, &mut target, &mut course)?;
    target::finish(&mut target).map_err(|error| TransferError::TargetFailed { table: "the end", error })?;
    Ok(Moved { tables, rows_before })
}

fn counted(source: &mut SqliteAlone) -> Result<Vec<(&'static str, u64)>, TransferError> {
    let counts = TABLES.iter().map(|table| {
        let rows = source.read(|tx| count(tx, table, None)).map_err(|error| lost_here(table, error))?;
        Ok((table.name, rows))
    });
    counts.collect()
}

/// Copies a table from where an earlier run stopped; gives the number of rows that were there.
fn copy(
    source: &mut SqliteAlone,
    target: &mut PostgresAlone,
    table: &'static Table,
    is_continued: bool,
    course: &mut Course<'_>,
) -> Result<u64, TransferError> {
    let here = |error| lost_here(table, error);
    let there = |error| lost_there(table, error);
    let mut after: Option<Cells> = match is_continued {
        true => target.read(|tx| last_key(tx, table)).map_err(there)?,
        false => None,
    };
    let rows_before = match &after {
        Some(after) => source
            .read(|tx| Ok(count(tx, table, None)?.saturating_sub(count(tx, table, Some(after))?)))
            .map_err(here)?,
        None => 0,
    };
    course.rows += rows_before;
    course.enter(Phase::Copying, table)?;
    loop {
        let rows = source.read(|tx| page(tx, table, after.as_deref())).map_err(here)?;
        let Some(last) = rows.last() else { break };
        store(target, table, &rows)?;
        after = Some(key(table, last).to_vec());
        course.advance(u64::try_from(rows.len()).unwrap_or(0))?;
    }
    number_on(source, target, table)?;
    Ok(rows_before)
}

fn store(target: &mut PostgresAlone, table: &Table, rows: &[Cells]) -> Result<(), TransferError> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let unmovable = |why| TransferError::Unmovable { table: table.name, key: told(table, row), why };
            values(table, row).map_err(unmovable)
        })
        .collect::<Result<_, _>>()?;
    target.write(|tx| tx.load(table.load, &rows)).map_err(|error| lost_there(table, error))
}

/// Lets the target number new rows where the source would have: also beyond rows that are gone, whose numbers somebody may
/// have kept. And lets it look at what it got, so that it finds its way through it from the first question on.
fn number_on(
    source: &mut SqliteAlone,
    target: &mut PostgresAlone,
    table: &Table,
) -> Result<(), TransferError> {
    let last: i64 = match &table.ids {
        Some(ids) => source
            .read(|tx| tx.query_one(ids.last, params![], |row| row.get(0)))
            .map_err(|error| lost_here(table, error))?,
        None => 0,
    };
    let done = target.write(|tx: &mut Tx<'_>| {
        match &table.ids {
            Some(ids) if last > 0 => tx.execute(ids.raise, params![last])?,
            _ => 0,
        };
        tx.execute(table.analyze, params![])
    });
    done.map(drop).map_err(|error| lost_there(table, error))
}

/// Counts rows and tells how far it is.
struct Course<'a> {
    report: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
    now: Option<(Phase, &'static str)>,
    rows: u64,
    rows_total: u64,
}

impl Course<'_> {
    fn enter(&mut self, phase: Phase, table: &'static Table) -> Result<(), TransferError> {
        if self.now.is_some_and(|(before, _)| before != phase) {
            self.rows = 0;
        }
        self.now = Some((phase, table.name));
        self.advance(0)
    }

    /// `Stopped` when it shall not go on.
    fn advance(&mut self, rows: u64) -> Result<(), TransferError> {
        self.rows += rows;
        let Some((phase, table)) = self.now else { return Ok(()) };
        let progress = Progress { phase, table, rows: self.rows, rows_total: self.rows_total };
        match (self.report)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(TransferError::Stopped),
        }
    }
}
