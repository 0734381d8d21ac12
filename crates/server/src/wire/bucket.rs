//! How many frames a connection may send: a bucket that fills at a steady rate.

use chat::{Error, Rate};
use protocol::ErrorCode;
use std::time::Duration;
use tokio::time::Instant;

/// A bucket of tokens, kept as the one moment at which it will be full again. In nanoseconds, which are half as long as a
/// `Duration`: each connection holds one.
pub(crate) struct Bucket {
    /// Time that brings one token.
    apart_ns: u64,
    /// Time that fills the empty bucket.
    whole_ns: u64,
    full_at: Instant,
}

impl Bucket {
    pub(crate) fn new(rate: Rate, now: Instant) -> Self {
        let apart = Duration::from_secs(rate.per_s.max(1).into()) / rate.count.max(1);
        // More than five hundred years, which no rate means, would not fit.
        let apart_ns = u64::try_from(apart.as_nanos()).unwrap_or(u64::MAX);
        Self { apart_ns, whole_ns: apart_ns.saturating_mul(rate.burst.max(1).into()), full_at: now }
    }

    /// Takes a token. When there is none, says how long it takes until there is one.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let full_at = self.full_at.max(now) + Duration::from_nanos(self.apart_ns);
        let over = full_at.duration_since(now).saturating_sub(Duration::from_nanos(self.whole_ns));
        if !over.is_zero() {
            return Err(over);
        }
        self.full_at = full_at;
        Ok(())
    }
}

/// The refusal of what came too fast; after `wait` the next is welcome.
pub(crate) fn over_rate(wait: Duration) -> Error {
    // Whole milliseconds, and not a moment too early.
    let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
    Error::new(ErrorCode::RateLimited).retry_after_ms(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_at_once_and_then_one_token_at_a_time() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Rate::new(10, 1, 3), start);
        assert!((0..3).all(|_| bucket.take(start).is_ok()));
        let wait = bucket.take(start).unwrap_err();
        assert_eq!(wait, Duration::from_millis(100));
        assert!(bucket.take(start + wait).is_ok());
        assert!(bucket.take(start + wait).is_err());
    }

    #[test]
    fn a_bucket_never_holds_more_than_its_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Rate::new(1000, 1, 2), start);
        let later = start + Duration::from_secs(3600);
        assert!(bucket.take(later).is_ok() && bucket.take(later).is_ok() && bucket.take(later).is_err());
    }
}
