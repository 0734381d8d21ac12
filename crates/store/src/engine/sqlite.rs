//! SQLite: one writer with group commit, a few readers, a checkpointer; one process per data folder.

mod alone;
mod checkpoint;
mod connection;
mod folder;
mod writer;

pub(crate) use alone::SqliteAlone;
pub(crate) use connection::{Connection, Row};
#[cfg(feature = "simulation")]
pub(crate) use writer::transact;

use super::Threads;
use crate::{
    Error, StoreOptions,
    dialect::Dialect,
    error::{Failure, FailureKind, OpenError},
    job::Job,
    migrations::{self, Migration},
    queue::Queue,
    tx::{Link, Tx},
};
use checkpoint::Log;
use folder::Folder;
use std::{path::Path, sync::Arc};

/// Before 3.51.3 a rare fault at the restart of the log could damage a database.
const VERSION_MIN: i32 = 3_051_003;
/// What the process ends with when the disk fails: `EX_IOERR` of sysexits.h.
const EXIT_IO_ERROR: i32 = 74;

/// The engine: its queues and threads.
pub(crate) struct Sqlite {
    reads: Arc<Queue<Box<dyn Job>>>,
    writes: Arc<Queue<Box<dyn Job>>>,
    log: Arc<Log>,
    readers: Threads,
    writer: Threads,
    checkpointer: Threads,
}

impl Sqlite {
    pub(crate) fn open(dir: &Path, options: &StoreOptions, known: &[Migration]) -> Result<Self, OpenError> {
        let (folder, writer) = take(dir, known)?;
        let path = folder.database();
        // The checkpointer flushes what it copies just as the writer flushes commits.
        let checkpointer = Connection::open_writer(&path)?;
        let readers = (0..options.readers.max(1))
            .map(|_| Connection::open_reader(&path))
            .collect::<Result<Vec<_>, Failure>>()?;

        let engine = Self {
            reads: Arc::new(Queue::new(options.queue_len_max)),
            writes: Arc::new(Queue::new(options.queue_len_max)),
            log: Arc::default(),
            readers: Threads::default(),
            writer: Threads::default(),
            checkpointer: Threads::default(),
        };
        // Each thread holds the folder, so that it is free only when the last of them has ended.
        let folder = Arc::new(folder);
        engine.start(writer, checkpointer, readers, &folder, options.batch_len_max)?;
        Ok(engine)
    }

    fn start(
        &self,
        mut writer: Connection,
        checkpointer: Connection,
        readers: Vec<Connection>,
        folder: &Arc<Folder>,
        batch_len_max: usize,
    ) -> Result<(), OpenError> {
        let log = Arc::clone(&self.log);
        writer.on_commit(move |pages| log.grew(pages))?;
        let (log, held) = (Arc::clone(&self.log), Arc::clone(folder));
        self.checkpointer.start("store-checkpoint".to_owned(), move || {
            checkpoint::run(&checkpointer, &log);
            drop((checkpointer, held));
        })?;
        for (number, mut connection) in readers.into_iter().enumerate() {
            let (reads, held) = (Arc::clone(&self.reads), Arc::clone(folder));
            self.readers.start(format!("store-reader-{number}"), move || {
                while let Some(jobs) = reads.take(1) {
                    jobs.into_iter().for_each(|job| read(&mut connection, job));
                }
                drop((connection, held));
            })?;
        }
        let (log, writes, held) = (Arc::clone(&self.log), Arc::clone(&self.writes), Arc::clone(folder));
        self.writer.start("store-writer".to_owned(), move || {
            writer::run(writer, &writes, &log, batch_len_max);
            drop(held);
        })
    }

    pub(crate) fn read(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.reads.push(job)
    }

    pub(crate) fn write(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.writes.push(job)
    }

    /// Ends the threads in an order that leaves the writer alone at last: only then can it empty the log.
    pub(crate) fn close(&self) {
        self.reads.close();
        self.readers.join();
        self.log.stop();
        self.checkpointer.join();
        self.writes.close();
        self.writer.join();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

/// Runs one read in a transaction of its own: all its statements see the same moment.
fn read(connection: &mut Connection, mut job: Box<dyn Job>) {
    if !job.is_wanted() {
        return;
    }
    match run_read(connection, &mut job) {
        Ok(()) => job.answer(),
        Err(failure) => job.refuse(failure.error),
    }
}

/// Runs a read and keeps what it found.
pub(crate) fn run_read(connection: &mut Connection, job: &mut Box<dyn Job>) -> Result<(), Failure> {
    connection.control("BEGIN")?;
    job.run(&mut [], &mut Tx::new(Link::Sqlite(connection)));
    // Nothing was written, so there is nothing that this could lose.
    if connection.in_transaction()
        && let Err(failure) = connection.control("ROLLBACK")
    {
        tracing::error!(reason = %failure.error, "a read could not be ended");
    }
    Ok(())
}

/// Takes a folder for this process and brings its database up to date.
fn take(dir: &Path, known: &[Migration]) -> Result<(Folder, Connection), OpenError> {
    require_version(rusqlite::version_number())?;
    let folder = Folder::take(dir)?;
    let mut writer = Connection::open_writer(&folder.database())?;
    migrate(&mut writer, &folder, known)?;
    Ok((folder, writer))
}

fn require_version(number: i32) -> Result<(), OpenError> {
    if number >= VERSION_MIN {
        return Ok(());
    }
    Err(OpenError::Database(format!("SQLite {} is too old", rusqlite::version())))
}

fn migrate(connection: &mut Connection, folder: &Folder, known: &[Migration]) -> Result<(), OpenError> {
    let applied = in_transaction(connection, migrations::applied)?;
    let pending = migrations::pending(known, &applied)?;
    if let (Some(first), false) = (pending.first(), applied.is_empty()) {
        folder.keep_copy(connection, first.version)?;
    }
    for migration in pending {
        in_transaction(connection, |tx| migrations::apply(tx, Dialect::Sqlite, migration))?;
    }
    Ok(())
}

/// Makes all tables of an empty database.
#[cfg(feature = "simulation")]
pub(crate) fn migrate_all(connection: &mut Connection, known: &[Migration]) -> Result<(), OpenError> {
    let applied = in_transaction(connection, migrations::applied)?;
    for migration in migrations::pending(known, &applied)? {
        in_transaction(connection, |tx| migrations::apply(tx, Dialect::Sqlite, migration))?;
    }
    Ok(())
}

fn in_transaction<T>(
    connection: &mut Connection,
    run: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, OpenError> {
    connection.control("BEGIN IMMEDIATE")?;
    let done = run(&mut Tx::new(Link::Sqlite(connection)));
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    if connection.in_transaction() {
        connection.control(end)?;
    }
    done.map_err(|error| OpenError::Database(error.to_string()))
}

/// Ends the process when the disk failed. SQLite reports a failed flush once and then carries on, and so may the operating
/// system, but what was acknowledged since the last good flush may be gone: only a fresh start can tell.
fn stop_on_fatal(failure: &Failure) {
    if failure.kind == FailureKind::Fatal {
        tracing::error!(reason = %failure.error, "the disk failed; stopping, so that nothing is acknowledged that is not stored");
        std::process::exit(EXIT_IO_ERROR);
    }
}

/// Runs statements on the database of a folder that nobody else holds.
#[cfg(feature = "testing")]
pub(crate) fn run(dir: &Path, sql: &str) -> Result<(), OpenError> {
    let folder = Folder::take(dir)?;
    Ok(Connection::open_writer(&folder.database())?.batch(sql)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_could_damage_a_database_is_refused() {
        assert!(require_version(3_051_002).is_err() && require_version(3_045_001).is_err());
        assert!(require_version(3_051_003).is_ok() && require_version(rusqlite::version_number()).is_ok());
    }
}
