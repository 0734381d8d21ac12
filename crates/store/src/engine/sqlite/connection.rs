//! One connection to SQLite: pragmas, cached statements, binding of `$n`, rows.

use crate::{
    Param, Result, Value,
    dialect::{Dialect, sqlite_failure},
    error::{Error, Failure},
    tx,
};
use faults::{Bug, Point};
use rusqlite::{CachedStatement, OpenFlags, config::DbConfig, types::ValueRef};
use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

/// Prepared statements kept by a connection: more than the program has, so that none is ever prepared twice.
const STATEMENTS_MAX: usize = 512;
/// How long a lock held by the checkpointer is waited for. There is no other process (`folder.rs`).
const BUSY_MS_MAX: u64 = 5_000;
/// Pages of the database that the writer keeps in memory, as SQLite wants it: negative, in KiB.
const WRITER_CACHE_KIB: i64 = -16_384;
/// The same for a reader; the operating system's cache serves all of them.
const READER_CACHE_KIB: i64 = -4_096;

/// A connection that runs statements for `Tx`.
pub(crate) struct Connection {
    connection: rusqlite::Connection,
    // One entry a statement in the program's text: the key is where that text lies.
    plans: HashMap<(usize, usize), Plan>,
}

/// A statement in SQLite's dialect, and which parameter goes to which of SQLite's places.
struct Plan {
    sql: Cow<'static, str>,
    // Place i takes the parameter with this index. SQLite numbers `$n` by first appearance, not by n.
    order: Box<[usize]>,
    params_len: usize,
}

/// A row of an answer.
pub(crate) struct Row<'a>(&'a rusqlite::Row<'a>);

impl Row<'_> {
    pub(crate) fn value(&self, index: usize) -> Result<Value<'_>> {
        match self.0.get_ref(index).map_err(|error| failure(&error).error)? {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Int(number)),
            ValueRef::Text(text) => std::str::from_utf8(text)
                .map(Value::Text)
                .map_err(|_| Error::Database("a column holds a text that is not UTF-8".to_owned())),
            ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes)),
            ValueRef::Real(_) => Err(Error::Database("a column holds a fraction".to_owned())),
        }
    }
}

impl Connection {
    /// Opens the file for writing: durable once committed, checkpoints left to others.
    pub(crate) fn open_writer(path: &Path) -> Result<Self, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Self::open(path, flags, WRITER_CACHE_KIB)?;
        opened.pragma("journal_mode", "wal")?;
        opened.pragma("synchronous", if faults::has(Bug::NoFlush) { "normal" } else { "full" })?;
        opened.pragma("foreign_keys", "on")?;
        // Deleted text is gone: what is freed is overwritten.
        opened.pragma("secure_delete", "on")?;
        // A checkpoint in the middle of a commit would make a sender wait for it.
        opened.pragma("wal_autocheckpoint", 0)?;
        Ok(opened)
    }

    /// Opens an empty database that is gone when this is dropped.
    #[cfg(feature = "simulation")]
    pub(crate) fn open_in_memory() -> Result<Self, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Self::open(Path::new(":memory:"), flags, READER_CACHE_KIB)?;
        opened.pragma("foreign_keys", "on")?;
        opened.pragma("secure_delete", "on")?;
        Ok(opened)
    }

    /// Opens the file for reading only.
    pub(crate) fn open_reader(path: &Path) -> Result<Self, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::open(path, flags, READER_CACHE_KIB)
    }

    fn open(path: &Path, flags: OpenFlags, cache_kib: i64) -> Result<Self, Failure> {
        let connection =
            rusqlite::Connection::open_with_flags(path, flags).map_err(|error| failure(&error))?;
        connection
            .busy_timeout(std::time::Duration::from_millis(BUSY_MS_MAX))
            .map_err(|error| failure(&error))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        // Plan a statement once, not for the values bound to it: otherwise SQLite parses and plans nearly every query
        // again each time it is run.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| failure(&error))?;
        let opened = Self { connection, plans: HashMap::new() };
        opened.pragma("cache_size", cache_kib)?;
        opened.pragma("temp_store", "memory")?;
        opened.pragma("trusted_schema", "off")?;
        Ok(opened)
    }

    fn pragma(&self, name: &str, value: impl rusqlite::ToSql) -> Result<(), Failure> {
        // Some pragmas answer with a row, some don't.
        self.connection.pragma_update_and_check(None, name, value, |_| Ok(())).or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(()),
            error => Err(failure(&error)),
        })
    }

    /// Calls `hook` after each commit with the length of the log in pages.
    pub(crate) fn on_commit(&mut self, mut hook: impl FnMut(u32) + Send + 'static) -> Result<(), Failure> {
        self.connection
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
                hook(u32::try_from(pages).unwrap_or(0));
                Ok(())
            }))
            .map_err(|error| failure(&error))
    }

    /// `BEGIN`, `COMMIT`, `SAVEPOINT` and their like.
    pub(crate) fn control(&self, sql: &'static str) -> Result<(), Failure> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| failure(&error))?;
        statement.raw_execute().map(drop).map_err(|error| failure(&error))
    }

    /// Whether a transaction is open. Some errors (a full disk) end it on their own.
    pub(crate) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// The id of the row that was inserted last.
    pub(crate) fn last_id(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// Copies the log into the database file as far as nobody stands in the way, or with `truncate` all of it, and
    /// empties the log then.
    pub(crate) fn checkpoint(&self, truncate: bool) -> Result<(), Failure> {
        faults::point_during(Point::InCheckpoint);
        let sql = if truncate { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(PASSIVE)" };
        self.connection.query_row(sql, [], |_| Ok(())).map_err(|error| failure(&error))
    }

    /// Writes a copy of the whole database to an empty file.
    pub(crate) fn copy_to(&self, path: &str) -> Result<(), Failure> {
        self.connection.execute("VACUUM INTO ?1", [path]).map(drop).map_err(|error| failure(&error))
    }

    pub(crate) fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Failure> {
        let mut statement = self.prepare(sql, params)?;
        let changed = statement.raw_execute().map_err(|error| failure(&error))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        take: &mut dyn FnMut(&tx::Row<'_>) -> bool,
    ) -> Result<(), Failure> {
        let mut statement = self.prepare(sql, params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| failure(&error))? {
            if !take(&tx::Row::new(tx::Source::Sqlite(Row(row)))) {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.connection.execute_batch(sql).map_err(|error| failure(&error))
    }

    fn prepare(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<CachedStatement<'_>, Failure> {
        let plan = match self.plans.entry((sql.as_ptr().addr(), sql.len())) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(make_plan(&self.connection, sql)?),
        };
        if plan.params_len != params.len() {
            return Err(Failure::plain(Error::Database(format!(
                "a statement has {} parameters and was given {}: {sql}",
                plan.params_len,
                params.len()
            ))));
        }
        let mut statement = self.connection.prepare_cached(&plan.sql).map_err(|error| failure(&error))?;
        for (place, index) in (1..).zip(plan.order.iter()) {
            let Some(param) = params.get(*index) else { continue };
            bind(&mut statement, place, *param).map_err(|error| failure(&error))?;
        }
        Ok(statement)
    }
}

fn make_plan(connection: &rusqlite::Connection, sql: &'static str) -> Result<Plan, Failure> {
    let translated = Dialect::Sqlite.translate(sql);
    let statement = connection.prepare_cached(&translated).map_err(|error| failure(&error))?;
    let order = (1..=statement.parameter_count())
        .map(|place| {
            let name = statement.parameter_name(place).unwrap_or_default();
            let number: Option<usize> = name.strip_prefix('$').and_then(|digits| digits.parse().ok());
            number.and_then(|number| number.checked_sub(1)).ok_or_else(|| {
                Failure::plain(Error::Database(format!(
                    "parameters are called $1, $2, …, not {name:?}: {sql}"
                )))
            })
        })
        .collect::<Result<Box<[usize]>, Failure>>()?;
    let params_len = order.iter().map(|index| index + 1).max().unwrap_or(0);
    drop(statement);
    Ok(Plan { sql: translated, order, params_len })
}

fn bind(statement: &mut CachedStatement<'_>, place: usize, param: Param<'_>) -> rusqlite::Result<()> {
    match param {
        Param::Int(value) => statement.raw_bind_parameter(place, value),
        Param::OptInt(value) => statement.raw_bind_parameter(place, value),
        Param::Text(value) => statement.raw_bind_parameter(place, value),
        Param::OptText(value) => statement.raw_bind_parameter(place, value),
        Param::Bytes(value) => statement.raw_bind_parameter(place, value),
        Param::OptBytes(value) => statement.raw_bind_parameter(place, value),
    }
}

fn failure(error: &rusqlite::Error) -> Failure {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            let text = message.clone().unwrap_or_else(|| code.to_string());
            sqlite_failure(code.extended_code, &text)
        }
        other => Failure::plain(Error::Database(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_query_is_parsed_and_planned_once_whatever_is_bound_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        std::fs::write(&path, "").unwrap();
        let mut connection = Connection::open_writer(&path).unwrap();
        connection.batch("CREATE TABLE t (a INTEGER, b INTEGER); CREATE INDEX i ON t (a, b)").unwrap();
        let sql = "SELECT a FROM t WHERE a = $1 AND b > $2 ORDER BY b";
        for number in 0..5 {
            connection.each(sql, &[Param::Int(number), Param::Int(-number)], &mut |_| true).unwrap();
        }
        let statement = connection.prepare(sql, &[Param::Int(9), Param::Int(9)]).unwrap();
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
