//! SQLite in memory without threads: transactions wait until whoever drives this lets them run, be told and be answered, at
//! moments of its choosing, or refuses them. Several stores share one such database, as nodes share PostgreSQL; the statements, the
//! transactions and what is committed together are the engine's own.

use super::sqlite::{self, Connection};
use crate::{
    Error, Lane, Store, StoreOptions, Tx,
    engine::Engine,
    error::{Failure, OpenError},
    job::{self, Job},
    migrations,
    tx::Link,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::mpsc;

/// A database in memory, gone with its last clone.
#[derive(Clone)]
pub struct MemoryDatabase(Arc<Mutex<Connection>>);

impl MemoryDatabase {
    /// An empty one, with the program's tables.
    pub fn new() -> Result<Self, OpenError> {
        let mut connection = Connection::open_in_memory()?;
        sqlite::migrate_all(&mut connection, migrations::MIGRATIONS)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// A store on it, and what waits there to be run: reads, and writes in as many queues as a node has connections to write on.
    pub fn open(&self, options: &StoreOptions, writers: usize) -> (Store, Waiting) {
        let channel = || mpsc::channel(options.queue_len_max);
        let (reads, waiting_reads) = channel();
        let (writes, waiting_writes): (Vec<_>, Vec<_>) = (0..writers.max(1)).map(|_| channel()).unzip();
        let engine = Driven { reads, writes, closed: AtomicBool::new(false) };
        let to_write = |jobs| Writes { jobs, database: self.clone() };
        let waiting = Waiting {
            reads: Reads { jobs: waiting_reads, database: self.clone() },
            writes: waiting_writes.into_iter().map(to_write).collect(),
        };
        (Store { engine: Arc::new(Engine::Driven(engine)) }, waiting)
    }

    /// Looks at what is committed, past all stores.
    pub fn look<T, E: From<Error>>(&self, look: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        look(&mut Tx::new(Link::Sqlite(&mut self.lock())))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A transaction that panics is rolled back by the one after it at the latest.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The engine of a store on it.
pub(crate) struct Driven {
    reads: mpsc::Sender<Box<dyn Job>>,
    writes: Vec<mpsc::Sender<Box<dyn Job>>>,
    closed: AtomicBool,
}

impl Driven {
    pub(crate) fn read(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.push(Some(&self.reads), job)
    }

    /// Writes of one lane wait in one queue.
    pub(crate) fn write(&self, lane: Lane, job: Box<dyn Job>) -> Result<(), Error> {
        let number = match lane {
            Lane::Conversation(id) => id.0,
            Lane::Account(id) => id.0,
            Lane::Any => 0,
        };
        let number = usize::try_from(number).unwrap_or(0) % self.writes.len().max(1);
        self.push(self.writes.get(number), job)
    }

    fn push(&self, queue: Option<&mpsc::Sender<Box<dyn Job>>>, job: Box<dyn Job>) -> Result<(), Error> {
        let queue = queue.filter(|_| !self.closed.load(Ordering::Relaxed)).ok_or(Error::Closed)?;
        queue.try_send(job).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Error::Busy,
            mpsc::error::TrySendError::Closed(_) => Error::Closed,
        })
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

/// What waits at a store. Once it is dropped the store is closed, and whoever waits hears that it is.
pub struct Waiting {
    pub reads: Reads,
    pub writes: Vec<Writes>,
}

/// Reads that wait.
pub struct Reads {
    jobs: mpsc::Receiver<Box<dyn Job>>,
    database: MemoryDatabase,
}

impl Reads {
    /// Waits for the next one. `None` when the store is gone.
    pub async fn next(&mut self) -> Option<Reading> {
        self.jobs.recv().await.map(|job| Reading { job, database: self.database.clone() })
    }
}

/// A read under way.
pub struct Reading {
    job: Box<dyn Job>,
    database: MemoryDatabase,
}

impl Reading {
    /// Reads what is committed at this moment.
    pub fn run(&mut self) -> Result<(), Error> {
        sqlite::run_read(&mut self.database.lock(), &mut self.job).map_err(|failure| failure.error)
    }

    /// Gives what was read to whoever waits for it.
    pub fn answer(self) {
        self.job.answer();
    }

    /// Answers that the database cannot be reached.
    pub fn refuse(self, reason: &str) {
        self.job.refuse(Error::Unavailable(reason.to_owned()));
    }
}

/// Writes that wait in one queue.
pub struct Writes {
    jobs: mpsc::Receiver<Box<dyn Job>>,
    database: MemoryDatabase,
}

impl Writes {
    /// Waits for the next one and takes what is there, at most so many. `None` when the store is gone.
    pub async fn next(&mut self, len_max: usize) -> Option<Batch> {
        let mut jobs = vec![self.jobs.recv().await?];
        while jobs.len() < len_max
            && let Ok(job) = self.jobs.try_recv()
        {
            jobs.push(job);
        }
        Some(Batch { jobs, database: self.database.clone() })
    }
}

/// Writes that are committed together.
pub struct Batch {
    jobs: Vec<Box<dyn Job>>,
    database: MemoryDatabase,
}

impl Batch {
    /// Commits them. After an error nothing of them is stored.
    pub fn commit(&mut self) -> Result<(), Error> {
        let done: Result<(), Failure> = sqlite::transact(&mut self.database.lock(), &mut self.jobs);
        done.map_err(|failure| failure.error)
    }

    /// Tells and answers what was committed.
    pub fn finish(self) {
        job::finish(self.jobs);
    }

    /// Answers that the database cannot be reached: nobody knows whether these are stored.
    pub fn refuse(self, reason: &str) {
        self.jobs.into_iter().for_each(|job| job.refuse(Error::Unavailable(reason.to_owned())));
    }
}
