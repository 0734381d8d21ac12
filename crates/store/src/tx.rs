//! A transaction as the SQL files see it: the same for both engines, and the only thing they see.

use crate::{
    Column, Error, Param, Result,
    engine::{postgres, sqlite},
    error::Failure,
};

/// A transaction under way. It ends with the closure that it was given to: stored when that returns `Ok`, undone otherwise.
///
/// After a statement has failed nothing more can be done in the transaction, and it is undone even if the closure
/// returns `Ok`; where a conflict is to be expected, say `ON CONFLICT DO NOTHING`. (PostgreSQL works that way, so
/// SQLite does here.)
pub struct Tx<'a> {
    link: Link<'a>,
    failure: Option<Failure>,
}

/// The connection that a transaction runs on.
pub(crate) enum Link<'a> {
    Sqlite(&'a mut sqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

/// One row of an answer.
pub struct Row<'a> {
    source: Source<'a>,
}

pub(crate) enum Source<'a> {
    Sqlite(sqlite::Row<'a>),
    Postgres(postgres::Row<'a>),
}

impl<'a> Row<'a> {
    pub(crate) fn new(source: Source<'a>) -> Self {
        Self { source }
    }

    /// Reads a column, counted from 0. `Database` when there is no such column or it holds another type.
    pub fn get<T: Column>(&self, index: usize) -> Result<T> {
        match &self.source {
            Source::Sqlite(row) => T::from_value(row.value(index)?),
            Source::Postgres(row) => T::from_value(row.value(index)?),
        }
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(link: Link<'a>) -> Self {
        Self { link, failure: None }
    }

    /// The first statement that failed, if one did.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    pub(crate) fn into_failure(self) -> Option<Failure> {
        self.failure
    }

    /// Runs a statement that returns no rows, and says how many rows it changed.
    pub fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        self.usable()?;
        let done = match &mut self.link {
            Link::Sqlite(connection) => connection.execute(sql, params),
            Link::Postgres(connection) => connection.execute(sql, params),
        };
        self.keep(done)
    }

    /// Runs a statement and maps every row that it returns.
    pub fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Ok(Vec::new());
        self.each(sql, params, &mut |row| keep_row(&mut found, map(row)))?;
        found
    }

    /// Runs a statement and maps its first row, if it returns one.
    pub fn query_opt<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        map: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut map = Some(map);
        let mut found = None;
        self.each(sql, params, &mut |row| {
            found = map.take().map(|map| map(row));
            false
        })?;
        found.transpose()
    }

    /// Runs a statement and maps its first row. `Missing` when it returns none.
    pub fn query_one<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        map: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.query_opt(sql, params, map)?.ok_or(Error::Missing)
    }

    /// Runs a statement for each of these rows (`FROM_GIVEN`, `CROSS_GIVEN`), and maps every row that it returns, in any order.
    /// PostgreSQL does so in one round trip, which is what it is for.
    pub fn query_each<T, const LEN: usize>(
        &mut self,
        sql: &'static str,
        rows: &[[Param<'_>; LEN]],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.usable()?;
        let mut found = Ok(Vec::with_capacity(rows.len()));
        let mut take = |row: &Row<'_>| keep_row(&mut found, map(row));
        let done = match &mut self.link {
            Link::Sqlite(connection) => rows.iter().try_for_each(|row| connection.each(sql, row, &mut take)),
            Link::Postgres(connection) => connection.each_given(sql, rows, &mut take),
        };
        self.keep(done)?;
        found
    }

    /// Runs a statement that returns no rows for each of these rows, and says how many rows it changed in all.
    pub fn execute_each<const LEN: usize>(
        &mut self,
        sql: &'static str,
        rows: &[[Param<'_>; LEN]],
    ) -> Result<u64> {
        self.usable()?;
        let done = match &mut self.link {
            Link::Sqlite(connection) => rows
                .iter()
                .try_fold(0, |changed, row| connection.execute(sql, row).map(|more| changed + more)),
            Link::Postgres(connection) => connection.execute_given(sql, rows),
        };
        self.keep(done)
    }

    /// Whether others may write while this transaction is under way. SQLite has one writer.
    pub fn is_shared(&self) -> bool {
        matches!(self.link, Link::Postgres(_))
    }

    /// The id that the row got which was inserted last, where the engine knows it: SQLite.
    pub(crate) fn last_id(&self) -> Option<i64> {
        match &self.link {
            Link::Sqlite(connection) => Some(connection.last_id()),
            Link::Postgres(_) => None,
        }
    }

    /// Runs several statements without parameters: migrations.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.usable()?;
        let done = match &mut self.link {
            Link::Sqlite(connection) => connection.batch(sql),
            Link::Postgres(connection) => connection.batch(sql),
        };
        self.keep(done)
    }

    /// Adds many rows at once with a statement for that, which only PostgreSQL has: `COPY … FROM STDIN (FORMAT binary)`. Each row
    /// has the same number of values, and of the same types; nothing is a value of a type, too (`OptInt(None)`).
    pub(crate) fn load(&mut self, sql: &'static str, rows: &[Vec<Param<'_>>]) -> Result<()> {
        self.usable()?;
        let done = match &mut self.link {
            Link::Sqlite(_) => {
                Err(Failure::plain(Error::Database("only PostgreSQL takes many rows at once".to_owned())))
            }
            Link::Postgres(connection) => connection.load(sql, rows),
        };
        self.keep(done)
    }

    /// Calls `take` with each row until it says that it wants no more.
    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        take: &mut dyn FnMut(&Row<'_>) -> bool,
    ) -> Result<()> {
        self.usable()?;
        let done = match &mut self.link {
            Link::Sqlite(connection) => connection.each(sql, params, take),
            Link::Postgres(connection) => connection.each(sql, params, take),
        };
        self.keep(done)
    }

    fn usable(&self) -> Result<()> {
        match &self.failure {
            Some(failure) => Err(failure.error.clone()),
            None => Ok(()),
        }
    }

    fn keep<T>(&mut self, done: Result<T, Failure>) -> Result<T> {
        done.map_err(|failure| {
            let error = failure.error.clone();
            self.failure = Some(failure);
            error
        })
    }
}

/// Adds what a row was mapped to, or keeps the first error; says whether more rows are wanted.
fn keep_row<T>(found: &mut Result<Vec<T>>, mapped: Result<T>) -> bool {
    match (mapped, found.as_mut()) {
        (Ok(value), Ok(values)) => values.push(value),
        (Err(error), Ok(_)) => *found = Err(error),
        (_, Err(_)) => {}
    }
    found.is_ok()
}
