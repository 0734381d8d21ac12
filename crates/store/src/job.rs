//! A transaction on its way through the database threads: the closure, what follows the commit, and who waits for it.

mod part;

pub(crate) use part::PartJob;
pub use part::{Outcome, Part};

use crate::{Error, Tx};
use faults::Point;
use std::{
    any::{Any, TypeId},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// What the engines know of a transaction. They run it (once, or again after a deadlock), then finish or refuse it.
pub(crate) trait Job: Any + Send {
    /// Runs it, together with others of its kind where it has one.
    fn run(&mut self, others: &mut [&mut Box<dyn Job>], tx: &mut Tx<'_>) -> Ran;

    /// What those have in common that it can be run together with; none when it runs alone.
    fn kind(&self) -> Option<TypeId> {
        None
    }

    /// Whether it was refused among others, who are run again without it.
    fn is_settled(&self) -> bool {
        false
    }

    /// Forgets what came of it: it is run from the beginning.
    fn reset(&mut self) {}

    /// Whether the closure may be run (again).
    fn can_run(&self) -> bool {
        true
    }

    /// Whether anybody waits for the answer still. Writes are wanted always.
    fn is_wanted(&self) -> bool {
        true
    }

    /// How long ago it was asked for.
    fn age(&self) -> Duration;

    /// After the commit: tells what was stored. Nothing, when the closure's own error was rolled back.
    fn tell(&mut self) {}

    /// After everything of the same commit was told.
    fn tell_last(&mut self) {}

    /// Gives the result to who waits for it.
    fn answer(self: Box<Self>);

    /// Answers that it did not happen.
    fn refuse(self: Box<Self>, error: Error);
}

/// What came of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// What was written is to be kept.
    Kept,
    /// Nothing is to be kept.
    Undone,
    /// Nothing is to be kept. Some were refused, and the others are to be run again without them.
    Again,
    /// Nothing is to be kept, because it failed for all. By itself each may succeed.
    Apart,
}

/// Runs jobs of one kind together.
pub(crate) fn run(jobs: &mut [&mut Box<dyn Job>], tx: &mut Tx<'_>) -> Ran {
    match jobs.split_first_mut() {
        Some((first, others)) => first.run(others, tx),
        None => Ran::Undone,
    }
}

/// Whether two jobs can be run together.
pub(crate) fn are_alike(one: &dyn Job, other: &dyn Job) -> bool {
    one.kind().is_some() && one.kind() == other.kind()
}

/// Those that have no result yet.
pub(crate) fn unsettled(jobs: &mut [Box<dyn Job>]) -> Vec<&mut Box<dyn Job>> {
    jobs.iter_mut().filter(|job| !job.is_settled()).collect()
}

type Answer<T, E> = oneshot::Sender<Result<T, E>>;

/// What came of a job, and who waits for it.
struct Awaited<T, E> {
    result: Option<Result<T, E>>,
    answer: Answer<T, E>,
    asked_at: Instant,
}

impl<T, E: From<Error>> Awaited<T, E> {
    fn new(answer: Answer<T, E>) -> Self {
        Self { result: None, answer, asked_at: Instant::now() }
    }

    /// Runs a closure for it alone.
    fn run(&mut self, tx: &mut Tx<'_>, run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Ran {
        let result = guarded(tx, run);
        let ran = if result.is_ok() { Ran::Kept } else { Ran::Undone };
        self.result = Some(result);
        ran
    }

    /// Calls `tell` with what was stored, if anything was.
    fn tell(&self, tell: Option<impl FnOnce(&T)>) {
        if let (Some(Ok(value)), Some(tell)) = (&self.result, tell) {
            telling(|| tell(value));
        }
    }

    // Nobody may be waiting any more, for this and for a refusal; that is the caller's business.
    fn give(self) {
        let _ = self.answer.send(self.result.unwrap_or_else(|| Err(E::from(not_run()))));
    }

    fn refuse(self, error: Error) {
        let _ = self.answer.send(Err(E::from(error)));
    }
}

pub(crate) struct Read<T, E, F> {
    read: Option<F>,
    awaited: Awaited<T, E>,
}

impl<T, E: From<Error>, F> Read<T, E, F> {
    pub(crate) fn new(read: F, answer: Answer<T, E>) -> Self {
        Self { read: Some(read), awaited: Awaited::new(answer) }
    }
}

impl<T, E, F> Job for Read<T, E, F>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    fn run(&mut self, _: &mut [&mut Box<dyn Job>], tx: &mut Tx<'_>) -> Ran {
        self.read.take().map_or(Ran::Undone, |read| self.awaited.run(tx, read))
    }

    fn can_run(&self) -> bool {
        self.read.is_some()
    }

    fn is_wanted(&self) -> bool {
        !self.awaited.answer.is_closed()
    }

    fn age(&self) -> Duration {
        self.awaited.asked_at.elapsed()
    }

    fn answer(self: Box<Self>) {
        self.awaited.give();
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.awaited.refuse(error);
    }
}

pub(crate) struct Write<T, E, F, N> {
    write: F,
    told: Option<N>,
    awaited: Awaited<T, E>,
}

impl<T, E: From<Error>, F, N> Write<T, E, F, N> {
    pub(crate) fn new(write: F, told: N, answer: Answer<T, E>) -> Self {
        Self { write, told: Some(told), awaited: Awaited::new(answer) }
    }
}

impl<T, E, F, N> Job for Write<T, E, F, N>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    N: FnOnce(&T) + Send + 'static,
{
    fn run(&mut self, _: &mut [&mut Box<dyn Job>], tx: &mut Tx<'_>) -> Ran {
        self.awaited.run(tx, &mut self.write)
    }

    fn age(&self) -> Duration {
        self.awaited.asked_at.elapsed()
    }

    fn tell(&mut self) {
        self.awaited.tell(self.told.take());
    }

    fn answer(self: Box<Self>) {
        self.awaited.give();
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.awaited.refuse(error);
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
    faults::point(Point::AfterTelling);
    jobs.into_iter().for_each(Job::answer);
    faults::point(Point::AfterAnswers);
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
