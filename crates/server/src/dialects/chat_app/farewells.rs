//! Who left: told to every other connection of this dialect, as the app does. It is never stored and may be lost.

use tokio::sync::broadcast::{Receiver, Sender, error::RecvError};

/// Farewells that may wait for one connection; of more, the oldest are not told.
const WAITING_MAX: usize = 64;

/// Where connections hear who left.
pub(crate) struct Farewells {
    all: Sender<String>,
    audience_max: usize,
}

impl Farewells {
    /// In a larger audience nobody is told: when everyone leaves at once, it would cost the square of its size.
    pub(crate) fn new(audience_max: usize) -> Self {
        Self { all: Sender::new(WAITING_MAX), audience_max }
    }

    /// Hears who leaves from now on.
    pub(super) fn listen(&self) -> Listening {
        Listening(self.all.subscribe())
    }

    /// Tells that somebody left. Whoever leaves listens no more.
    pub(super) fn tell(&self, name: &str) {
        if self.all.receiver_count() <= self.audience_max {
            // Fails when nobody is left.
            let _ = self.all.send(name.to_owned());
        }
    }
}

/// A connection that hears who leaves.
pub(super) struct Listening(Receiver<String>);

impl Listening {
    /// Waits for the next who leaves. Cancel safe.
    pub(super) async fn next(&mut self) -> String {
        loop {
            match self.0.recv().await {
                Ok(name) => return name,
                Err(RecvError::Lagged(_)) => {}
                // The server ends; this connection will be told so otherwise.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn those_who_stay_hear_who_left_unless_they_are_too_many() {
        let farewells = Farewells::new(2);
        let (mut one, mut other) = (farewells.listen(), farewells.listen());
        farewells.tell("sita");
        assert_eq!((one.next().await, other.next().await), ("sita".to_owned(), "sita".to_owned()));
        let third = farewells.listen();
        farewells.tell("ramesh");
        assert_eq!(one.next().now_or_never(), None);
        drop(third);
        for _ in 0..=WAITING_MAX {
            farewells.tell("again");
        }
        assert_eq!(one.next().now_or_never().as_deref(), Some("again"), "what was lost is not waited for");
    }
}
