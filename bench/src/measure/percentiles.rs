//! Many moments as a few numbers.

use std::time::Duration;

/// Steps within each doubling: neighbouring steps differ by less than two hundredths.
const STEPS: u64 = 64;

/// How often something took how long; exact to two hundredths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(crate) fn record(&mut self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let index = usize::try_from(step_of(nanos)).unwrap_or(usize::MAX);
        if self.counts.len() <= index {
            self.counts.resize(index + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(index) {
            *count += 1;
            self.total += 1;
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.total
    }

    /// Within this time, so many of a thousand; zero where nothing was recorded.
    pub(crate) fn within(&self, of_a_thousand: u64) -> Duration {
        let wanted = (self.total * of_a_thousand).div_ceil(1000).max(1);
        let mut seen = 0;
        for (step, count) in (0_u64..).zip(&self.counts) {
            seen += count;
            if seen >= wanted {
                return Duration::from_nanos(longest_of(step));
            }
        }
        Duration::ZERO
    }
}

/// The step in which so many nanoseconds lie: the first 64 are each their own, then each doubling has 64.
fn step_of(nanos: u64) -> u64 {
    if nanos < STEPS {
        return nanos;
    }
    let doublings = u64::from(nanos.ilog2() - STEPS.ilog2());
    STEPS * (doublings + 1) + (nanos >> doublings) - STEPS
}

/// The longest time of a step.
fn longest_of(step: u64) -> u64 {
    if step < STEPS {
        return step;
    }
    let doublings = step / STEPS - 1;
    ((step % STEPS + STEPS + 1) << doublings) - 1
}

/// The same figure measured several times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of at least one value; all zero of none.
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or_default();
        let last = values.len().saturating_sub(1);
        Self { median: f64::midpoint(at(last / 2), at(values.len() / 2)), least: at(0), most: at(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_exact_to_two_hundredths() {
        let mut histogram = Histogram::default();
        for micros in 1..=1000 {
            histogram.record(Duration::from_micros(micros));
        }
        for (of_a_thousand, micros) in [(500, 500.0), (990, 990.0), (1000, 1000.0), (1, 1.0)] {
            let found = histogram.within(of_a_thousand).as_secs_f64() * 1e6;
            assert!((found / micros - 1.0).abs() < 0.02, "{found} for {micros}");
        }
        assert_eq!(histogram.count(), 1000);
    }

    #[test]
    fn every_time_lies_in_its_step_and_steps_grow() {
        for nanos in (0..10_000).chain([1 << 30, (1 << 30) + 1, 1 << 40]) {
            let step = step_of(nanos);
            assert!(longest_of(step) >= nanos && (step == 0 || longest_of(step - 1) < nanos), "{nanos}");
        }
        Histogram::default().within(500);
    }

    #[test]
    fn a_spread_names_the_middle_and_both_ends() {
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Spread { median: 2.0, least: 1.0, most: 3.0 });
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(Spread::of(vec![]).median, 0.0);
    }
}
