//! What is read off a process, and what is made of many readings.

pub(crate) mod cpu;
pub(crate) mod machine;
pub(crate) mod memory;
pub(crate) mod percentiles;

use std::time::Duration;

/// A count as a fraction's part. The standard library converts seconds exactly and without a cast.
pub(crate) fn float(count: u64) -> f64 {
    Duration::from_secs(count).as_secs_f64()
}

/// A share of a count; 0 of nothing.
pub(crate) fn per(amount: f64, count: u64) -> f64 {
    if count == 0 { 0.0 } else { amount / float(count) }
}

/// Microseconds, with fractions.
pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// Milliseconds, with fractions.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
