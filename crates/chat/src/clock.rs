//! Where the time comes from: the machine, or a hand that a test turns.

use protocol::Timestamp;
use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// A clock.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// Stands still until somebody turns the hand.
    Manual(Arc<Hand>),
}

impl Clock {
    /// Now, as far as this clock is right. It may be set, and then it jumps either way.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)),
            Self::Manual(hand) => hand.now(),
        }
    }

    /// Milliseconds that really passed since a moment that stays the same for as long as this program runs, however the clock is set.
    pub fn passed_ms(&self) -> i64 {
        static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        match self {
            Self::System => millis(BEGIN.elapsed()),
            Self::Manual(hand) => hand.passed_ms.load(Ordering::Relaxed),
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// What turns a clock by hand.
#[derive(Debug)]
pub struct Hand {
    now_ms: AtomicI64,
    passed_ms: AtomicI64,
}

impl Hand {
    /// A clock that stands at this moment.
    pub fn at(now: Timestamp) -> Self {
        Self { now_ms: AtomicI64::new(now.0), passed_ms: AtomicI64::new(0) }
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.now_ms.load(Ordering::Relaxed))
    }

    /// Lets time pass, in milliseconds.
    pub fn pass(&self, ms: i64) {
        self.passed_ms.fetch_add(ms, Ordering::Relaxed);
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Sets the clock, while no time passes.
    pub fn set(&self, now: Timestamp) {
        self.now_ms.store(now.0, Ordering::Relaxed);
    }
}
