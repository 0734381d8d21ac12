//! A transaction on its way through the database threads: the closure, what follows the commit, and who waits for it.

use crate::{Error, Tx};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// What the engines know of a transaction. They run it (once, or again after a deadlock), then finish or refuse it.
pub(crate) trait Job: Send {
    /// Runs the closure. True when what it wrote is to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// Whether the closure may be run (again).
    fn can_run(&self) -> bool;

    /// Whether anybody waits for the answer still. Writes are wanted always.
    fn is_wanted(&self) -> bool;

    /// How long ago it was asked for.
    fn age(&self) -> Duration;

    /// After the commit: tells what was stored. Nothing, when the closure's own error was rolled back.
    fn tell(&mut self);

    /// After everything of the same commit was told.
    fn tell_last(&mut self);

    /// Gives the result to who waits for it.
    fn answer(self: Box<Self>);

    /// Answers that it did not happen.
    fn refuse(self: Box<Self>, error: Error);
}

type Answer<T, E> = oneshot::Sender<Result<T, E>>;

pub(crate) struct Read<T, E, F> {
    read: Option<F>,
    result: Option<Result<T, E>>,
    answer: Answer<T, E>,
    asked_at: Instant,
}

impl<T, E, F> Read<T, E, F> {
    pub(crate) fn new(read: F, answer: Answer<T, E>) -> Self {
        Self { read: Some(read), result: None, answer, asked_at: Instant::now() }
    }
}

impl<T, E, F> Job for Read<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(read) = self.read.take() else { return false };
        let result = guarded(tx, read);
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }

    fn can_run(&self) -> bool {
        self.read.is_some()
    }

    fn is_wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn age(&self) -> Duration {
        self.asked_at.elapsed()
    }

    fn tell(&mut self) {}

    fn tell_last(&mut self) {}

    fn answer(self: Box<Self>) {
        // Nobody may be waiting any more; that is the caller's business.
        let _ = self.answer.send(self.result.unwrap_or_else(|| Err(E::from(not_run()))));
    }

    fn refuse(self: Box<Self>, error: Error) {
        let _ = self.answer.send(Err(E::from(error)));
    }
}

pub(crate) struct Write<T, E, F, N, L> {
    write: F,
    told: Option<N>,
    told_last: Option<L>,
    result: Option<Result<T, E>>,
    answer: Answer<T, E>,
    asked_at: Instant,
}

impl<T, E, F, N, L> Write<T, E, F, N, L> {
    pub(crate) fn new(write: F, told: N, told_last: L, answer: Answer<T, E>) -> Self {
        let (told, told_last) = (Some(told), Some(told_last));
        Self { write, told, told_last, result: None, answer, asked_at: Instant::now() }
    }
}

impl<T, E, F, N, L> Job for Write<T, E, F, N, L>
where
    T: Send,
    E: From<Error> + Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    N: FnOnce(&T) + Send,
    L: FnOnce() + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = guarded(tx, &mut self.write);
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }

    fn can_run(&self) -> bool {
        true
    }

    fn is_wanted(&self) -> bool {
        true
    }

    fn age(&self) -> Duration {
        self.asked_at.elapsed()
    }

    fn tell(&mut self) {
        if let (Some(Ok(value)), Some(told)) = (&self.result, self.told.take()) {
            telling(|| told(value));
        }
    }

    fn tell_last(&mut self) {
        if let (Some(Ok(_)), Some(told_last)) = (&self.result, self.told_last.take()) {
            telling(told_last);
        }
    }

    fn answer(self: Box<Self>) {
        let _ = self.answer.send(self.result.unwrap_or_else(|| Err(E::from(not_run()))));
    }

    fn refuse(self: Box<Self>, error: Error) {
        let _ = self.answer.send(Err(E::from(error)));
    }
}

/// Runs a closure so that neither a panic nor an overlooked failure of a statement passes for success.
fn guarded<T, E: From<Error>>(
    tx: &mut Tx<'_>,
    run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let result = catch_unwind(AssertUnwindSafe(|| run(tx))).unwrap_or_else(|panic| {
        let reason = panic_text(&*panic);
        tracing::error!(reason, "a transaction panicked");
        Err(E::from(Error::Database(format!("the transaction panicked: {reason}"))))
    });
    match tx.failure() {
        Some(failure) if result.is_ok() => Err(E::from(failure.error.clone())),
        _ => result,
    }
}

/// What is stored is stored, whatever becomes of the telling.
fn telling(tell: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(tell)) {
        tracing::error!(reason = panic_text(&*panic), "telling of a stored change panicked");
    }
}

/// Tells everything that one commit stored, in its order, and then answers.
pub(crate) fn finish(mut jobs: Vec<Box<dyn Job>>) {
    jobs.iter_mut().for_each(|job| job.tell());
    jobs.iter_mut().for_each(|job| job.tell_last());
    jobs.into_iter().for_each(Job::answer);
}

fn not_run() -> Error {
    Error::Database("the transaction was finished without being run".to_owned())
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason given")
}
