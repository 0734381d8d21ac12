//! PostgreSQL: a few writers, each with its own connection and its own queue, so that writes of one lane keep their order;
//! a few readers with one queue. Each job is a transaction, or those together that are alike and wait in a lane; deadlocks are tried again; a lost connection is made anew.

mod alone;
mod connection;
mod params;

pub(crate) use alone::{PostgresAlone, encoding, is_empty};
pub(crate) use connection::{Connection, Row};

use super::Threads;
use crate::{
    Error, Lane, StoreOptions,
    dialect::Dialect,
    error::{Failure, FailureKind, OpenError},
    job::{self, Job, Ran},
    migrations::{self, Migration},
    queue::Queue,
    transfer,
    tx::{Link, Tx},
};
use connection::CONNECT_MS_MAX;
use faults::Point;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio_postgres::{
    Config,
    config::{SslMode, TargetSessionAttrs},
};

/// Writing connections. Each commit waits for the server's disk, and these wait side by side; more helps little, since the
/// server flushes them together, and every node takes as many from the server's limit.
const WRITERS: usize = 4;
/// How long a job may wait in the queue before it is refused as `Busy`: nobody who sends a message waits much longer than
/// this and `RUN_MS_MAX` together for an answer.
const WAIT_MS_MAX: u64 = 1_000;
/// How long a job may take, all its attempts and a new connection included.
const RUN_MS_MAX: u64 = 2_000;
/// How often a job is tried that deadlocks or loses its connection.
const ATTEMPTS_MAX: u32 = 5;
/// The pause before the second attempt; doubled each time, and different for each so that two don't meet again.
const BACKOFF_MS: u64 = 4;
/// How long opening may take in all, waiting for another node's migration included.
const OPEN_MS_MAX: u64 = 120_000;
/// The advisory lock that a node holds while it migrates: "parlor" in ASCII.
const MIGRATION_LOCK: i64 = 0x7061_726c_6f72;

const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The engine: its queues and threads.
pub(crate) struct Postgres {
    reads: Arc<Queue<Box<dyn Job>>>,
    lanes: Vec<Arc<Queue<Box<dyn Job>>>>,
    next_lane: AtomicUsize,
    threads: Threads,
}

impl Postgres {
    pub(crate) fn open(url: &str, options: &StoreOptions, known: &[Migration]) -> Result<Self, OpenError> {
        let config = parse(url)?;
        // The driver must not run on a thread that already runs futures, as the caller's may.
        thread::scope(|scope| {
            scope
                .spawn(|| migrate(config.clone(), known))
                .join()
                .unwrap_or_else(|_| Err(OpenError::Database("the migration panicked".to_owned())))
        })?;
        let engine = Self {
            reads: Arc::new(Queue::new(options.queue_len_max)),
            lanes: (0..WRITERS).map(|_| Arc::new(Queue::new(options.queue_len_max))).collect(),
            next_lane: AtomicUsize::new(0),
            threads: Threads::default(),
        };
        let (greeting, batch_len_max) = (greeting(RUN_MS_MAX), options.batch_len_max);
        for (number, queue) in engine.lanes.iter().enumerate() {
            let (queue, mut connection) =
                (Arc::clone(queue), Connection::new(config.clone(), greeting.clone())?);
            engine.threads.start(format!("store-writer-{number}"), move || {
                while let Some(jobs) =
                    queue.take_alike(batch_len_max, |one, other| job::are_alike(&**one, &**other))
                {
                    serve(&mut connection, BEGIN_WRITE, jobs);
                }
            })?;
        }
        for number in 0..options.readers.max(1) {
            let (queue, mut connection) =
                (Arc::clone(&engine.reads), Connection::new(config.clone(), greeting.clone())?);
            engine.threads.start(format!("store-reader-{number}"), move || {
                while let Some(jobs) = queue.take(1) {
                    serve(&mut connection, BEGIN_READ, jobs);
                }
            })?;
        }
        Ok(engine)
    }

    pub(crate) fn read(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.reads.push(job)
    }

    pub(crate) fn write(&self, lane: Lane, job: Box<dyn Job>) -> Result<(), Error> {
        let number = match lane {
            Lane::Conversation(id) => spread(id.0),
            // Not the same thread as the conversation with the same number.
            Lane::Account(id) => spread(id.0).wrapping_add(1),
            Lane::Any => self.next_lane.fetch_add(1, Ordering::Relaxed),
        };
        match self.lanes.get(number % WRITERS) {
            Some(queue) => queue.push(job),
            None => Err(Error::Closed),
        }
    }

    pub(crate) fn close(&self) {
        self.reads.close();
        self.lanes.iter().for_each(|queue| queue.close());
        self.threads.join();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.close();
    }
}

fn spread(id: i64) -> usize {
    // Ids are handed out one by one, so the remainder spreads them evenly.
    usize::try_from(id.unsigned_abs() % 1024).unwrap_or(0)
}

fn parse(url: &str) -> Result<Config, OpenError> {
    // The driver's message names the option that it does not understand, never the password.
    let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
        let reason = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        OpenError::Address(reason)
    })?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(OpenError::Address(
            "sslmode=require is not supported: connect over a private network, a Unix socket or a tunnel, with sslmode=disable"
                .to_owned(),
        ));
    }
    config.ssl_mode(SslMode::Disable);
    config.application_name("parlor");
    config.connect_timeout(Duration::from_millis(CONNECT_MS_MAX));
    // Of several hosts the one that takes writes.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    Ok(config)
}

/// What every session is told first, whatever the server's or the role's defaults are: an acknowledged write is on disk.
fn greeting(statement_ms_max: u64) -> String {
    format!(
        "SET synchronous_commit = on; SET statement_timeout = {statement_ms_max};
         SET idle_in_transaction_session_timeout = {OPEN_MS_MAX}; SET client_min_messages = warning"
    )
}

/// What became of one attempt at a transaction.
enum Attempt {
    /// Committed, or each closure returned its own error and nothing is stored.
    Done,
    /// Not stored, and the same again may succeed.
    Again(Error),
    /// Not stored, because together they failed. By itself each may succeed.
    Apart,
    /// Not stored, or nobody knows.
    Refused(Error),
}

/// Runs jobs that are alike as one transaction until it is done, refused, or out of attempts or time, and answers them.
fn serve(connection: &mut Connection, begin: &str, jobs: Vec<Box<dyn Job>>) {
    let (mut jobs, too_old): (Vec<_>, Vec<_>) = jobs
        .into_iter()
        .filter(|job| job.is_wanted())
        .partition(|job| job.age() <= Duration::from_millis(WAIT_MS_MAX));
    // They were not begun, so unlike after `Unavailable` it is certain that nothing of them is stored.
    refuse_all(too_old, &Error::Busy);
    if jobs.is_empty() {
        return;
    }
    connection.set_deadline(Instant::now() + Duration::from_millis(RUN_MS_MAX));
    for attempt in 1.. {
        match try_once(connection, begin, &mut jobs) {
            Attempt::Done => return job::finish(jobs),
            Attempt::Refused(error) => return refuse_all(jobs, &error),
            Attempt::Apart => {
                let (settled, rest) = jobs.into_iter().partition(|job| job.is_settled());
                job::finish(settled);
                return rest.into_iter().for_each(|job| serve(connection, begin, vec![job]));
            }
            Attempt::Again(error) => {
                let pause = backoff(attempt);
                if attempt >= ATTEMPTS_MAX
                    || !jobs.iter().all(|job| job.can_run())
                    || Instant::now() + pause >= connection.deadline()
                {
                    return refuse_all(jobs, &error);
                }
                jobs.iter_mut().for_each(|job| job.reset());
                thread::sleep(pause);
            }
        }
    }
}

fn refuse_all(jobs: Vec<Box<dyn Job>>, error: &Error) {
    jobs.into_iter().for_each(|job| job.refuse(error.clone()));
}

fn try_once(connection: &mut Connection, begin: &str, jobs: &mut [Box<dyn Job>]) -> Attempt {
    loop {
        faults::point(Point::BeforeTransaction);
        if let Err(failure) = connection.begin(begin) {
            return Attempt::Refused(failure.error);
        }
        let mut tx = Tx::new(Link::Postgres(connection));
        let ran = job::run(&mut job::unsettled(jobs), &mut tx);
        let failure = tx.into_failure();
        if let Some(Failure { error, kind: FailureKind::Retry | FailureKind::Lost }) = failure {
            // Nothing was committed: a transaction ends with its connection.
            connection.roll_back();
            return Attempt::Again(error);
        }
        if ran == Ran::Kept {
            return commit(connection);
        }
        connection.roll_back();
        match ran {
            // Each time there are fewer.
            Ran::Again => {}
            Ran::Apart => return Attempt::Apart,
            Ran::Kept | Ran::Undone => return Attempt::Done,
        }
    }
}

fn commit(connection: &mut Connection) -> Attempt {
    faults::point(Point::BeforeCommit);
    match connection.batch("COMMIT") {
        Ok(()) => {
            faults::point(Point::AfterCommit);
            Attempt::Done
        }
        Err(Failure { error, kind: FailureKind::Retry }) => Attempt::Again(error),
        Err(Failure { error, .. }) => {
            // Whether it is stored is unknown when the connection is gone, and that is what the caller hears.
            connection.roll_back();
            Attempt::Refused(Error::Unavailable(format!("the commit failed: {}", error.reason())))
        }
    }
}

fn backoff(attempt: u32) -> Duration {
    let base = BACKOFF_MS << attempt.min(8);
    // Without randomness two that deadlocked would meet again; without a source of it they may.
    let jitter = getrandom::u32().map_or(0, u64::from) % base;
    Duration::from_millis(base / 2 + jitter / 2)
}

fn migrate(config: Config, known: &[Migration]) -> Result<(), OpenError> {
    let mut connection = Connection::new(config, greeting(OPEN_MS_MAX))?;
    connection.set_deadline(Instant::now() + Duration::from_millis(OPEN_MS_MAX));
    // One transaction for everything: the lock ends with it, and a crash in the middle leaves nothing half done.
    connection.begin(BEGIN_WRITE)?;
    let mut tx = Tx::new(Link::Postgres(&mut connection));
    let done = migrate_locked(&mut tx, known);
    let failure = tx.into_failure();
    match (done, failure) {
        (Ok(()), _) => Ok(connection.batch("COMMIT")?),
        (Err(_), Some(failure)) if failure.kind == FailureKind::Lost => Err(failure.into()),
        (Err(error), _) => {
            connection.roll_back();
            Err(error)
        }
    }
}

fn migrate_locked(tx: &mut Tx<'_>, known: &[Migration]) -> Result<(), OpenError> {
    let refused = |error: Error| OpenError::Database(error.to_string());
    lock_schema(tx).map_err(refused)?;
    if transfer::is_unfinished(tx).map_err(refused)? {
        return Err(OpenError::Unfinished);
    }
    bring_up_to_date(tx, known)
}

/// Waits until nobody else changes the schema, and keeps everybody from it until the transaction ends.
pub(crate) fn lock_schema(tx: &mut Tx<'_>) -> Result<(), Error> {
    let lock = "SELECT pg_advisory_xact_lock($1) IS NULL";
    tx.query_one(lock, crate::params![MIGRATION_LOCK], |row| row.get::<bool>(0)).map(drop)
}

/// Applies what is missing, in the transaction given.
pub(crate) fn bring_up_to_date(tx: &mut Tx<'_>, known: &[Migration]) -> Result<(), OpenError> {
    let refused = |error: Error| OpenError::Database(error.to_string());
    let applied = migrations::applied(tx).map_err(refused)?;
    for migration in migrations::pending(known, &applied)? {
        migrations::apply(tx, Dialect::Postgres, migration).map_err(refused)?;
    }
    Ok(())
}

/// Runs statements outside of a transaction on a connection of their own.
#[cfg(feature = "testing")]
pub(crate) fn run(url: &str, sql: &str) -> Result<(), OpenError> {
    let config = parse(url)?;
    // On a thread of its own, like the migration.
    thread::scope(|scope| {
        let running = scope.spawn(|| {
            let mut connection = Connection::new(config, greeting(OPEN_MS_MAX))?;
            connection.set_deadline(Instant::now() + Duration::from_millis(OPEN_MS_MAX));
            connection.connect()?;
            Ok(connection.batch(sql)?)
        });
        running.join().unwrap_or_else(|_| Err(OpenError::Database("the driver panicked".to_owned())))
    })
}
