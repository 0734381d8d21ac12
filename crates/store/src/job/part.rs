//! Small transactions of one kind, of which many are run as one: with statements for all of them instead of each.

use super::{Answer, Awaited, Job, Ran, guarded, not_run};
use crate::{Error, Tx};
use std::{
    any::{Any, TypeId},
    time::Duration,
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
    awaited: Awaited<P::Done, P::Error>,
}

impl<P: Part, N, L> PartJob<P, N, L> {
    pub(crate) fn new(part: P, told: N, told_last: L, answer: Answer<P::Done, P::Error>) -> Self {
        Self { part, told: Some(told), told_last: Some(told_last), awaited: Awaited::new(answer) }
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
                jobs.iter_mut().zip(done).for_each(|(job, done)| job.awaited.result = Some(Ok(done)));
                Ran::Kept
            }
            (Ok(Outcome::Refused(refused)), jobs) if !refused.is_empty() => {
                let ran = if refused.len() == jobs.len() { Ran::Undone } else { Ran::Again };
                for (index, error) in refused {
                    if let Some(job) = jobs.get_mut(index) {
                        job.awaited.result = Some(Err(error));
                    }
                }
                ran
            }
            (outcome, [alone]) => {
                alone.awaited.result = Some(Err(outcome.err().unwrap_or_else(|| P::Error::from(not_run()))));
                Ran::Undone
            }
            _ => Ran::Apart,
        }
    }

    fn kind(&self) -> Option<TypeId> {
        Some(TypeId::of::<Self>())
    }

    fn is_settled(&self) -> bool {
        self.awaited.result.is_some()
    }

    fn reset(&mut self) {
        self.awaited.result = None;
    }

    fn age(&self) -> Duration {
        self.awaited.asked_at.elapsed()
    }

    fn tell(&mut self) {
        self.awaited.tell(self.told.take());
    }

    fn tell_last(&mut self) {
        self.awaited.tell(self.told_last.take().map(|tell| |_: &P::Done| tell()));
    }

    fn answer(self: Box<Self>) {
        self.awaited.give();
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.awaited.refuse(error);
    }
}

fn of_kind<T: 'static>(job: &mut Box<dyn Job>) -> Option<&mut T> {
    let job: &mut dyn Any = &mut **job;
    job.downcast_mut()
}
