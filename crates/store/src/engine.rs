//! The database threads. Each engine takes jobs from bounded queues, runs them in transactions and answers; nothing outside
//! of this module knows a database driver.

#[cfg(feature = "simulation")]
pub(crate) mod driven;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::{Error, Lane, Tx, error::OpenError, job::Job};
use std::{
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
};

pub(crate) enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
    #[cfg(feature = "simulation")]
    Driven(driven::Driven),
}

impl Engine {
    pub(crate) fn read(&self, job: Box<dyn Job>) -> Result<(), Error> {
        match self {
            Self::Sqlite(engine) => engine.read(job),
            Self::Postgres(engine) => engine.read(job),
            #[cfg(feature = "simulation")]
            Self::Driven(engine) => engine.read(job),
        }
    }

    pub(crate) fn write(&self, lane: Lane, job: Box<dyn Job>) -> Result<(), Error> {
        match self {
            Self::Sqlite(engine) => engine.write(job),
            Self::Postgres(engine) => engine.write(lane, job),
            #[cfg(feature = "simulation")]
            Self::Driven(engine) => engine.write(lane, job),
        }
    }

    pub(crate) fn close(&self) {
        match self {
            Self::Sqlite(engine) => engine.close(),
            Self::Postgres(engine) => engine.close(),
            #[cfg(feature = "simulation")]
            Self::Driven(engine) => engine.close(),
        }
    }
}

/// A database that this process uses alone and on one connection, without threads and queues.
pub(crate) trait Alone {
    /// Runs a function in a transaction that reads.
    fn read<T, E: From<Error>>(&mut self, run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>;
}

/// Threads that are joined once.
#[derive(Default)]
struct Threads(Mutex<Vec<JoinHandle<()>>>);

impl Threads {
    fn start(&self, name: String, run: impl FnOnce() + Send + 'static) -> Result<(), OpenError> {
        let handle = thread::Builder::new()
            .name(name)
            .spawn(run)
            .map_err(|error| OpenError::Database(format!("cannot start a thread: {error}")))?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        Ok(())
    }

    /// Waits until all have ended. The last reference to a store may be dropped by something that a database thread ran:
    /// that thread does not wait for itself.
    fn join(&self) {
        let handles = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for handle in handles {
            if handle.thread().id() != thread::current().id() && handle.join().is_err() {
                tracing::error!("a database thread panicked");
            }
        }
    }
}
