//! Parlor's memory: transactions on SQLite or PostgreSQL, with one SQL text for both.
//!
//! A transaction is a plain function that runs on a database thread, so nobody can await inside of one and a dropped
//! request cannot leave one half open. What `write` returns is durable. Every queue is bounded.
//!
//! ```no_run
//! # async fn example(store: store::Store) -> store::Result<()> {
//! use store::{Lane, params};
//! let heard = store
//!     .write(
//!         Lane::Any,
//!         |tx| tx.execute("UPDATE meta SET value = $2 WHERE key = $1", params!["motd", "hello"]),
//!         |changed| println!("{changed} rows changed, and that is stored"),
//!     )
//!     .await?;
//! # Ok(()) }
//! ```

// Its transactions run when somebody else says so, on no disk.
#[cfg(all(feature = "simulation", not(debug_assertions)))]
compile_error!("the feature `simulation` is for tests: no release has it");

mod dialect;
mod engine;
mod error;
mod job;
mod migrations;
mod queue;
mod tx;
mod values;

pub mod transfer;

#[cfg(feature = "testing")]
pub mod testing;

// The nouns: one file each, functions that take a `Tx`.
pub mod accounts;
pub mod audit;
pub mod conversations;
pub mod identities;
pub mod inbox;
pub mod invites;
pub mod memberships;
pub mod messages;
pub mod meta;
pub mod preferences;
pub mod reactions;
pub mod receipts;
pub mod records;
pub mod sessions;
pub mod words;

#[cfg(feature = "simulation")]
pub use engine::driven::{Batch, MemoryDatabase, Reading, Reads, Waiting, Writes};
pub use error::{Constraint, Error, OpenError, Result};
pub use job::{Outcome, Part};
pub use migrations::Migration;
pub use tx::{Row, Tx};
pub use values::{Column, Param, Value};

use engine::{Engine, postgres::Postgres, sqlite::Sqlite};
use job::{PartJob, Read, Write};
use protocol::{AccountId, ConversationId};
use std::{fmt, path::PathBuf, sync::Arc};
use tokio::sync::oneshot;

/// Where the data is, and the limits of the queues before it.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// SQLite or PostgreSQL.
    pub database: Database,
    /// Threads, each with its connection, that run reads; at least 1.
    pub readers: usize,
    /// Transactions that may wait before one is refused as `Busy`: reads and writes each (PostgreSQL: each writing
    /// connection).
    pub queue_len_max: usize,
    /// Writes that SQLite commits together; at least 1. More make a commit cheaper for each and longer for all.
    pub batch_len_max: usize,
}

/// The database.
#[derive(Clone)]
pub enum Database {
    /// One process, one folder; the file is `parlor.db` in it. The folder is made (readable by its owner alone) if missing.
    Sqlite {
        /// The data folder.
        dir: PathBuf,
    },
    /// A server that several nodes may share. The connection is not encrypted: use a private network, a Unix socket or a
    /// tunnel.
    Postgres {
        /// `postgres://user:password@host:port/database`
        url: String,
    },
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { dir } => f.debug_struct("Sqlite").field("dir", dir).finish(),
            // The address may hold a password.
            Self::Postgres { .. } => f.debug_struct("Postgres").finish_non_exhaustive(),
        }
    }
}

/// Which writes keep their order among each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Writes of one conversation: stored and told in the order in which they were asked for.
    Conversation(ConversationId),
    /// Writes of one account.
    Account(AccountId),
    /// No order is needed.
    Any,
}

/// The database. Cheap to clone; the last clone that is dropped closes it.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
}

impl Store {
    /// Opens the database: takes it for this process (SQLite), brings its schema up to date, starts the database threads.
    /// Blocks for as long as that takes.
    pub fn open(options: StoreOptions) -> Result<Self, OpenError> {
        Self::open_with(options, migrations::MIGRATIONS)
    }

    /// Opens the database with other migrations than the program's own.
    #[cfg(feature = "testing")]
    pub fn open_with_migrations(options: StoreOptions, known: &[Migration]) -> Result<Self, OpenError> {
        Self::open_with(options, known)
    }

    fn open_with(options: StoreOptions, known: &[migrations::Migration]) -> Result<Self, OpenError> {
        let engine = match &options.database {
            Database::Sqlite { dir } => Engine::Sqlite(Sqlite::open(dir, &options, known)?),
            Database::Postgres { url } => Engine::Postgres(Postgres::open(url, &options, known)?),
        };
        Ok(Self { engine: Arc::new(engine) })
    }

    /// Runs a function in a read-only transaction in which all statements see the same moment.
    ///
    /// `Busy` when too many wait, `Closed` after `close`, `Unavailable` when the database cannot be reached.
    pub async fn read<T, E>(
        &self,
        read: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.engine.read(Box::new(Read::new(read, answer)))?;
        answered.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    /// Runs a function in a transaction. When it returns `Ok` the transaction is committed and durable; when it returns an
    /// error or panics, nothing is stored. It may be run more than once (after a deadlock), so it must not do anything
    /// but use the transaction.
    ///
    /// `told` runs on the database thread right after the commit, in commit order within the lane, before the answer is given; it
    /// runs even if nobody waits for the answer any more. It must be quick: the next transaction waits for it.
    ///
    /// `Busy`, `Closed`, `Unavailable` as for `read`; after `Unavailable` it is unknown whether the transaction was stored.
    pub async fn write<T, E>(
        &self,
        lane: Lane,
        write: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        told: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.engine.write(lane, Box::new(Write::new(write, told, answer)))?;
        answered.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    /// The same for a transaction that can be run together with others of its kind: those that wait in a lane are. `told_last` is
    /// called once everything that the same commit stored was told, so that it may be told together.
    pub async fn write_part<P: Part>(
        &self,
        lane: Lane,
        part: P,
        told: impl FnOnce(&P::Done) + Send + 'static,
        told_last: impl FnOnce() + Send + 'static,
    ) -> Result<P::Done, P::Error> {
        let (answer, answered) = oneshot::channel();
        self.engine.write(lane, Box::new(PartJob::new(part, told, told_last, answer)))?;
        answered.await.unwrap_or_else(|_| Err(P::Error::from(Error::Closed)))
    }

    /// Finishes what is queued, then ends the database threads and gives the data folder free. Blocks for as long as that
    /// takes. Later calls of `read` and `write` give `Closed`.
    pub fn close(&self) {
        self.engine.close();
    }
}
