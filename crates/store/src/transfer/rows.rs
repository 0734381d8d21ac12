//! Rows as they are read on either side: whole, in the order of their key, a page at a time.

use super::tables::{Kind, Table};
use crate::{Column, Param, Result, Tx, Value, engine::Alone, params};
use std::{collections::VecDeque, fmt::Write as _};

/// Rows of a page. Each page is a transaction, and a bar that moves less often than this looks stuck.
const PAGE_ROWS_MAX: i64 = 500;
/// Bytes from which on a page takes no more rows: what a page of long messages may take of the memory.
const PAGE_BYTES_MAX: usize = 4 << 20;

/// A value of a row. They sort as both databases sort them: numbers by size, texts by code points.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Column for Cell {
    fn from_value(value: Value<'_>) -> Result<Self> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
        })
    }
}

impl Cell {
    fn len(&self) -> usize {
        match self {
            Self::Null | Self::Int(_) => size_of::<Self>(),
            Self::Text(text) => size_of::<Self>() + text.len(),
            Self::Bytes(bytes) => size_of::<Self>() + bytes.len(),
        }
    }

    /// The value for a column of this kind, or what it is instead.
    fn param(&self, kind: Kind) -> Result<Param<'_>, &'static str> {
        match (kind, self) {
            (Kind::Int, Self::Int(number)) => Ok(Param::OptInt(Some(*number))),
            (Kind::Int, Self::Null) => Ok(Param::OptInt(None)),
            // SQLite holds such texts; PostgreSQL has no way to.
            (Kind::Text, Self::Text(text)) if text.contains('\0') => Err("holds the character U+0000"),
            (Kind::Text, Self::Text(text)) => Ok(Param::OptText(Some(text))),
            (Kind::Text, Self::Null) => Ok(Param::OptText(None)),
            (Kind::Bytes, Self::Bytes(bytes)) => Ok(Param::OptBytes(Some(bytes))),
            (Kind::Bytes, Self::Null) => Ok(Param::OptBytes(None)),
            (_, Self::Int(_)) => Err("holds a number where there should be none"),
            (_, Self::Text(_)) => Err("holds a text where there should be none"),
            (_, Self::Bytes(_)) => Err("holds bytes where there should be none"),
        }
    }
}

/// A whole row.
pub(super) type Cells = Vec<Cell>;

/// The part of a row that is its key.
pub(super) fn key<'a>(table: &Table, row: &'a [Cell]) -> &'a [Cell] {
    row.get(..table.key_len).unwrap_or(row)
}

/// The row as it is sent; otherwise the column that cannot be, and why.
pub(super) fn values<'a>(table: &Table, row: &'a [Cell]) -> Result<Vec<Param<'a>>, String> {
    let columns = table.columns.iter().zip(row);
    columns.map(|((name, kind), cell)| cell.param(*kind).map_err(|why| format!("{name} {why}"))).collect()
}

/// A key as people are told of it: `id 7`, `message_id 7, account_id 1001, emoji 👍`.
pub(super) fn told(table: &Table, row: &[Cell]) -> String {
    let mut text = String::new();
    for ((name, _), cell) in table.columns.iter().zip(key(table, row)) {
        let comma = if text.is_empty() { "" } else { ", " };
        // Writing to a text does not fail.
        let _ = match cell {
            Cell::Int(number) => write!(text, "{comma}{name} {number}"),
            Cell::Text(word) => write!(text, "{comma}{name} {}", word.escape_debug()),
            Cell::Null | Cell::Bytes(_) => write!(text, "{comma}{name} ?"),
        };
    }
    text
}

fn bound(key: &[Cell]) -> impl Iterator<Item = Param<'_>> {
    key.iter().map(|cell| match cell {
        Cell::Null => Param::OptInt(None),
        Cell::Int(number) => Param::Int(*number),
        Cell::Text(text) => Param::Text(text),
        Cell::Bytes(bytes) => Param::Bytes(bytes),
    })
}

/// The rows after a key, or the first. Empty only when there are no more.
pub(super) fn page(tx: &mut Tx<'_>, table: &Table, after: Option<&[Cell]>) -> Result<Vec<Cells>> {
    let mut page = Ok(Vec::new());
    let mut bytes = 0;
    let mut take = |row: &crate::Row<'_>| {
        let Ok(rows) = &mut page else { return false };
        match (0..table.columns.len()).map(|index| row.get(index)).collect::<Result<Cells>>() {
            Ok(cells) => {
                bytes += cells.iter().map(Cell::len).sum::<usize>();
                rows.push(cells);
                bytes < PAGE_BYTES_MAX
            }
            Err(error) => {
                page = Err(error);
                false
            }
        }
    };
    match after {
        None => tx.each(table.first, params![PAGE_ROWS_MAX], &mut take)?,
        Some(after) => {
            let all: Vec<Param<'_>> = bound(after).chain([Param::Int(PAGE_ROWS_MAX)]).collect();
            tx.each(table.next, &all, &mut take)?;
        }
    }
    page
}

/// The key of the last row, if there is a row.
pub(super) fn last_key(tx: &mut Tx<'_>, table: &Table) -> Result<Option<Cells>> {
    tx.query_opt(table.last_key, params![], |row| (0..table.key_len).map(|index| row.get(index)).collect())
}

/// How many rows there are after a key, or in all.
pub(super) fn count(tx: &mut Tx<'_>, table: &Table, after: Option<&[Cell]>) -> Result<u64> {
    let number: i64 = match after {
        None => tx.query_one(table.count, params![], |row| row.get(0))?,
        Some(after) => {
            let after: Vec<Param<'_>> = bound(after).collect();
            tx.query_one(table.count_after, &after, |row| row.get(0))?
        }
    };
    Ok(u64::try_from(number).unwrap_or(0))
}

/// The rows of a table on one side, one after the other.
pub(super) struct Cursor<'a, S> {
    side: &'a mut S,
    table: &'static Table,
    page: VecDeque<Cells>,
    after: Option<Cells>,
    ended: bool,
    /// Rows given so far.
    pub(super) count: u64,
}

impl<'a, S: Alone> Cursor<'a, S> {
    pub(super) fn new(side: &'a mut S, table: &'static Table) -> Self {
        Self { side, table, page: VecDeque::new(), after: None, ended: false, count: 0 }
    }

    /// The next row, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Cells>> {
        if self.page.is_empty() && !self.ended {
            let (table, after) = (self.table, self.after.as_deref());
            self.page = self.side.read(|tx| page(tx, table, after))?.into();
            self.after = self.page.back().map(|row| key(table, row).to_vec());
            self.ended = self.page.is_empty();
        }
        let row = self.page.pop_front();
        self.count += u64::from(row.is_some());
        Ok(row)
    }
}
