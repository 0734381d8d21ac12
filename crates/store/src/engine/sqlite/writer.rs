//! The one thread that writes. It takes all waiting jobs, runs each, or those together that are alike, in a savepoint of its
//! own inside one transaction (in none where they are all alike), commits once for all, and then tells and answers in order: group commit.

use super::{checkpoint::Log, connection::Connection, stop_on_fatal};
use crate::{
    error::{Error, Failure},
    job::{self, Job, Ran},
    queue::Queue,
    tx::{Link, Tx},
};
use faults::{Bug, Point};

/// What the writer's thread does until the queue is closed and empty.
pub(super) fn run(mut connection: Connection, queue: &Queue<Box<dyn Job>>, log: &Log, batch_len_max: usize) {
    while let Some(batch) = queue.take(batch_len_max) {
        write(&mut connection, batch);
        if log.is_rest_wanted() {
            checkpoint(&connection, false);
        }
    }
    checkpoint(&connection, true);
}

fn write(connection: &mut Connection, mut batch: Vec<Box<dyn Job>>) {
    faults::point(Point::BeforeTransaction);
    match transact(connection, &mut batch) {
        Ok(()) => job::finish(batch),
        Err(failure) => {
            // Nothing may be acknowledged on a disk that failed, now or later.
            stop_on_fatal(&failure);
            tracing::warn!(reason = %failure.error, jobs = batch.len(), "a transaction was not stored");
            let error = Error::Unavailable(failure.error.reason());
            batch.into_iter().for_each(|job| job.refuse(error.clone()));
        }
    }
}

/// Runs a batch and commits it. After an error none of it is stored.
pub(crate) fn transact(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Failure> {
    let done = if batch.is_sorted_by(|one, other| job::are_alike(&**one, &**other)) {
        transact_alike(connection, batch)
    } else {
        transact_mixed(connection, batch, job::are_alike)
    };
    if done.is_err()
        && connection.in_transaction()
        && let Err(failure) = connection.control("ROLLBACK")
    {
        stop_on_fatal(&failure);
        tracing::error!(reason = %failure.error, "a transaction could not be rolled back");
    }
    done
}

/// Runs jobs that are alike, or a single one, without a savepoint, for which SQLite would keep a copy of every page that is
/// changed: 2 µs of a message's 26.
fn transact_alike(connection: &mut Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), Failure> {
    begin(connection)?;
    match attempt(connection, &mut job::unsettled(jobs))? {
        Ran::Kept => commit(connection),
        Ran::Undone => connection.control("ROLLBACK"),
        ran => {
            connection.control("ROLLBACK")?;
            let are_together =
                if ran == Ran::Apart { |_: &dyn Job, _: &dyn Job| false } else { job::are_alike };
            transact_mixed(connection, jobs, are_together)
        }
    }
}

/// Runs jobs that are not all to be run together, each or those that are in a savepoint.
fn transact_mixed(
    connection: &mut Connection,
    batch: &mut [Box<dyn Job>],
    are_together: fn(&dyn Job, &dyn Job) -> bool,
) -> Result<(), Failure> {
    begin(connection)?;
    batch
        .chunk_by_mut(|one, other| are_together(&**one, &**other))
        .try_for_each(|jobs| run_all(connection, jobs))?;
    commit(connection)
}

fn begin(connection: &mut Connection) -> Result<(), Failure> {
    if faults::has(Bug::AnswerBeforeCommit) && connection.in_transaction() {
        return Ok(());
    }
    connection.control("BEGIN IMMEDIATE")
}

fn commit(connection: &mut Connection) -> Result<(), Failure> {
    faults::point(Point::BeforeCommit);
    if faults::has(Bug::AnswerBeforeCommit) && !faults::has_each(Bug::AnswerBeforeCommit, 20) {
        return Ok(());
    }
    connection.control("COMMIT")?;
    faults::point(Point::AfterCommit);
    Ok(())
}

/// Runs jobs that are alike, together where that succeeds. An error means that the whole transaction is lost, not just these.
fn run_all(connection: &mut Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), Failure> {
    loop {
        match run_once(connection, &mut job::unsettled(jobs))? {
            Ran::Kept | Ran::Undone => return Ok(()),
            Ran::Again => {}
            Ran::Apart => {
                return job::unsettled(jobs)
                    .into_iter()
                    .try_for_each(|job| run_once(connection, &mut [job]).map(drop));
            }
        }
    }
}

/// Runs jobs in a savepoint of their own.
fn run_once(connection: &mut Connection, jobs: &mut [&mut Box<dyn Job>]) -> Result<Ran, Failure> {
    connection.control("SAVEPOINT job")?;
    let ran = attempt(connection, jobs)?;
    if ran != Ran::Kept {
        connection.control("ROLLBACK TO job")?;
    }
    connection.control("RELEASE job")?;
    Ok(ran)
}

/// Runs jobs. An error means that the transaction is lost.
fn attempt(connection: &mut Connection, jobs: &mut [&mut Box<dyn Job>]) -> Result<Ran, Failure> {
    let mut tx = Tx::new(Link::Sqlite(connection));
    let ran = job::run(jobs, &mut tx);
    if let Some(failure) = tx.into_failure() {
        stop_on_fatal(&failure);
        if !connection.in_transaction() {
            return Err(failure);
        }
    }
    Ok(ran)
}

fn checkpoint(connection: &Connection, truncate: bool) {
    if let Err(failure) = connection.checkpoint(truncate) {
        stop_on_fatal(&failure);
        tracing::warn!(reason = %failure.error, "a checkpoint failed; the log is kept and used");
    }
}
