//! Changing something in one transaction, with a way out that changes nothing and is no error.

use crate::{Chat, Error, Result, doubt};
use protocol::ErrorCode;
use store::{Lane, Part, Tx};

/// Why a transaction is rolled back.
pub(crate) enum Stop<T> {
    /// Not allowed or not possible.
    Refused(Error),
    /// Everything is already as it should be; this is the answer.
    Unchanged(Box<T>),
}

impl<T> Stop<T> {
    /// Everything is already as it should be.
    pub(crate) fn unchanged(answer: T) -> Self {
        Self::Unchanged(Box::new(answer))
    }
}

impl<T> From<Error> for Stop<T> {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl<T> From<ErrorCode> for Stop<T> {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code.into())
    }
}

impl<T> From<store::Error> for Stop<T> {
    fn from(error: store::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl Chat {
    /// Runs `f` as one transaction and `told` after its commit, in the order of the lane's commits. `f` may run more
    /// than once where the database asks for it.
    pub(crate) async fn change<T, F, G>(&self, lane: Lane, f: F, told: G) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop<T>> + Send + 'static,
        G: FnOnce(&T) + Send + 'static,
    {
        self.settled(lane, self.store().write(lane, f, told).await)
    }

    /// The same for a transaction that can be run together with others of its kind, with something that is done once
    /// everything that the same commit stored was told.
    pub(crate) async fn change_part<P, T>(
        &self,
        lane: Lane,
        part: P,
        told: impl FnOnce(&T) + Send + 'static,
        told_last: impl FnOnce() + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        P: Part<Done = T, Error = Stop<T>>,
    {
        self.settled(lane, self.store().write_part(lane, part, told, told_last).await)
    }

    fn settled<T>(&self, lane: Lane, done: Result<T, Stop<T>>) -> Result<T> {
        match done {
            Ok(done) => Ok(done),
            Err(Stop::Unchanged(answer)) => Ok(*answer),
            Err(Stop::Refused(error)) => {
                // What belongs to no lane tells nothing that anybody relies on.
                if doubt::is_open(&error) && lane != Lane::Any {
                    self.doubts().note(lane);
                }
                Err(error)
            }
        }
    }

    /// Reads from one snapshot.
    pub(crate) async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.store().read(f).await
    }
}
