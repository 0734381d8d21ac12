//! The proof: both sides are read in the order of their keys and compared value by value.

use super::{
    Course, Difference, Disparity, Phase, TransferError,
    rows::{Cells, Cursor, count, key, told},
    tables::{TABLES, Table},
};
use crate::{
    engine::{Alone, postgres::PostgresAlone, sqlite::SqliteAlone},
    params,
};
use std::cmp::Ordering;

/// Differences that are told; more would hide what they are about.
const DIFFERENCES_MAX: usize = 10;
/// Compared rows between two reports.
const ROWS_PER_REPORT: u64 = 500;

/// Compares everything. `Different` when not all is the same.
pub(super) fn verify(
    source: &mut SqliteAlone,
    target: &mut PostgresAlone,
    course: &mut Course<'_>,
) -> Result<(), TransferError> {
    let mut differences = Vec::new();
    for table in TABLES {
        course.enter(Phase::Comparing, table)?;
        compare(source, target, table, course, &mut differences)?;
        if differences.len() >= DIFFERENCES_MAX {
            break;
        }
    }
    match differences.is_empty() {
        true => Ok(()),
        false => Err(TransferError::Different(differences)),
    }
}

fn compare(
    source: &mut SqliteAlone,
    target: &mut PostgresAlone,
    table: &'static Table,
    course: &mut Course<'_>,
    differences: &mut Vec<Difference>,
) -> Result<(), TransferError> {
    let compared = compare_rows(source, target, table, course, differences)?;
    let here = source.read(|tx| count(tx, table, None)).map_err(|error| lost_here(table, error))?;
    let there = target.read(|tx| count(tx, table, None)).map_err(|error| lost_there(table, error))?;
    let mut add = |what| differences.push(Difference { table: table.name, key: String::new(), what });
    // A row that was never come by would otherwise be missed on both sides.
    if here != there || here != compared {
        add(Disparity::Count(here, there, compared));
    }
    if let Some(ids) = &table.ids {
        let last = |tx: &mut crate::Tx<'_>| tx.query_one(ids.last, params![], |row| row.get::<i64>(0));
        let here = source.read(last).map_err(|error| lost_here(table, error))?;
        let there = target.read(last).map_err(|error| lost_there(table, error))?;
        if there < here {
            add(Disparity::Numbering);
        }
    }
    Ok(())
}

/// Walks along both sides; gives the number of rows of the source.
fn compare_rows(
    source: &mut SqliteAlone,
    target: &mut PostgresAlone,
    table: &'static Table,
    course: &mut Course<'_>,
    differences: &mut Vec<Difference>,
) -> Result<u64, TransferError> {
    let mut here = Cursor::new(source, table);
    let mut there = Cursor::new(target, table);
    let mut sent = here.next().map_err(|error| lost_here(table, error))?;
    let mut arrived = there.next().map_err(|error| lost_there(table, error))?;
    let mut reported = 0;
    while differences.len() < DIFFERENCES_MAX {
        let (order, found) = match (&sent, &arrived) {
            (None, None) => break,
            (Some(row), None) => (Ordering::Less, difference(table, row, Disparity::Missing)),
            (None, Some(row)) => (Ordering::Greater, difference(table, row, Disparity::Unexpected)),
            (Some(row), Some(other)) => match key(table, row).cmp(key(table, other)) {
                Ordering::Less => (Ordering::Less, difference(table, row, Disparity::Missing)),
                Ordering::Greater => (Ordering::Greater, difference(table, other, Disparity::Unexpected)),
                Ordering::Equal => (Ordering::Equal, changed(table, row, other)),
            },
        };
        differences.extend(found);
        if order != Ordering::Greater {
            sent = here.next().map_err(|error| lost_here(table, error))?;
        }
        if order != Ordering::Less {
            arrived = there.next().map_err(|error| lost_there(table, error))?;
        }
        if here.count - reported >= ROWS_PER_REPORT {
            course.advance(here.count - reported)?;
            reported = here.count;
        }
    }
    course.advance(here.count - reported)?;
    Ok(here.count)
}

fn difference(table: &Table, row: &Cells, what: Disparity) -> Option<Difference> {
    Some(Difference { table: table.name, key: told(table, row), what })
}

fn changed(table: &Table, row: &Cells, other: &Cells) -> Option<Difference> {
    let pairs = table.columns.iter().zip(row.iter().zip(other));
    let columns: Vec<_> = pairs.filter(|(_, (one, two))| one != two).map(|((name, _), _)| *name).collect();
    if columns.is_empty() { None } else { difference(table, row, Disparity::Changed(columns)) }
}

pub(super) fn lost_here(table: &Table, error: crate::Error) -> TransferError {
    TransferError::SourceFailed { table: table.name, error }
}

pub(super) fn lost_there(table: &Table, error: crate::Error) -> TransferError {
    TransferError::TargetFailed { table: table.name, error }
}
