//! Small transactions of one kind, of which many are run as one: with statements for all of them instead of each.

use super::{Answer, Job, Ran, guarded, not_run, telling};
use crate::{Error, Tx};
use std::{
    any::{Any, TypeId},
    time::{Duration, Instant},
};

/// A small transaction that can be run together with others of its type. It is stored or refused by itself all the same.
pub trait Part: Send + 'static {
    /// What is given back once it is stored.
    type Done: Send + 'static;
    /// Why it is refused.
    type Error: From<Error> + Send + 'static;

    /// Runs these parts and says what came of them. Where some are refused nothing of this run is stored, and the others are run
    /// again without them; where it fails as a whole, each is run by itself. So it may be run more than once, and must not do
    /// anything but use the transaction.
    fn run(tx: &mut Tx<'_>, parts: &[&Self]) -> Result<Outcome<Self>, Self::Error>;
}

/// What came of parts that were run together.
pub enum Outcome<P: Part + ?Sized> {
    /// All of them are to be stored; what is given back for each, in their order.
    Done(Vec<P::Done>),
    /// Which are refused, and why; at least one.
    Refused(Vec<(usize, P::Error)>),
}

pub(crate) struct PartJob<P: Part, N, L> {
    part: P,
    told: Option<N>,
    told_last: Option<L>,
    result: Option<Result<P::Done, P::Error>>,
    answer: Answer<P::Done, P::Error>,
    asked_at: Instant,
}

impl<P: Part, N, L> PartJob<P, N, L> {
    pub(crate) fn new(part: P, told: N, told_last: L, answer: Answer<P::Done, P::Error>) -> Self {
        let (told, told_last) = (Some(told), Some(told_last));
        Self { part, told, told_last, result: None, answer, asked_at: Instant::now() }
    }
}

impl<P, N, L> Job for PartJob<P, N, L>
where
    P: Part,
    N: FnOnce(&P::Done) + Send + 'static,
    L: FnOnce() + Send + 'static,
{
    fn run(&mut self, others: &mut [&mut Box<dyn Job>], tx: &mut Tx<'_>) -> Ran {
        let mut jobs: Vec<&mut Self> = others.iter_mut().filter_map(|job| of_kind(job)).collect();
        jobs.insert(0, self);
        let parts: Vec<&P> = jobs.iter().map(|job| &job.part).collect();
        let outcome = guarded(tx, |tx| P::run(tx, &parts));
        match (outcome, jobs.as_mut_slice()) {
            (Ok(Outcome::Done(done)), jobs) if done.len() == jobs.len() => {
                jobs.iter_mut().zip(done).for_each(|(job, done)| job.result = Some(Ok(done)));
                Ran::Kept
            }
            (Ok(Outcome::Refused(refused)), jobs) if !refused.is_empty() => {
                let ran = if refused.len() == jobs.len() { Ran::Undone } else { Ran::Again };
                for (index, error) in refused {
                    if let Some(job) = jobs.get_mut(index) {
                        job.result = Some(Err(error));
                    }
                }
                ran
            }
            (outcome, [alone]) => {
                alone.result = Some(Err(outcome.err().unwrap_or_else(|| P::Error::from(not_run()))));
                Ran::Undone
            }
            _ => Ran::Apart,
        }
    }

    fn kind(&self) -> Option<TypeId> {
        Some(TypeId::of::<Self>())
    }

    fn is_settled(&self) -> bool {
        self.result.is_some()
    }

    fn reset(&mut self) {
        self.result = None;
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
        let _ = self.answer.send(self.result.unwrap_or_else(|| Err(P::Error::from(not_run()))));
    }

    fn refuse(self: Box<Self>, error: Error) {
        let _ = self.answer.send(Err(P::Error::from(error)));
    }
}

fn of_kind<T: 'static>(job: &mut Box<dyn Job>) -> Option<&mut T> {
    let job: &mut dyn Any = &mut **job;
    job.downcast_mut()
}
