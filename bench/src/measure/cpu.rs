//! Processor time, from the system's own books: it does not depend on what else the machine does.

use crate::Outcome;
use rustix::time::{ClockId, clock_gettime};
use std::{collections::BTreeMap, fs, time::Duration};

/// What `/proc/<pid>/stat` counts in, on every Linux that this runs on: a hundredth of a second.
const TICK: Duration = Duration::from_millis(10);

/// How much a process had used at a moment: each of its threads in nanoseconds, or the whole in hundredths of a second
/// where the system does not keep such books.
#[derive(Clone, Debug)]
pub(crate) enum Used {
    ByThread(BTreeMap<u64, u64>),
    Whole(Duration),
}

impl Used {
    /// What a process has used by now.
    pub(crate) fn by(process: u32) -> Outcome<Self> {
        match threads_of(process)? {
            threads if threads.is_empty() => {
                let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
                Ok(Self::Whole(ticks_in(&stat).ok_or("/proc/<pid>/stat is not as expected")?))
            }
            threads => Ok(Self::ByThread(threads)),
        }
    }

    /// What several have used together.
    pub(crate) fn by_all(processes: &[u32]) -> Outcome<Self> {
        let used = processes.iter().map(|process| Self::by(*process)).collect::<Outcome<Vec<_>>>()?;
        Ok(used.into_iter().fold(Self::ByThread(BTreeMap::new()), |all, one| match (all, one) {
            // The system numbers threads whatever process they belong to.
            (Self::ByThread(mut all), Self::ByThread(one)) => {
                all.extend(one);
                Self::ByThread(all)
            }
            (Self::Whole(all), Self::Whole(one)) => Self::Whole(all + one),
            (_, one) => one,
        }))
    }

    /// What it used since an earlier moment. Threads that ended meanwhile are not counted: none here do while they work.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        match (self, earlier) {
            (Self::ByThread(now), Self::ByThread(then)) => {
                let used =
                    |(thread, now): (&u64, &u64)| now - then.get(thread).copied().unwrap_or(0).min(*now);
                Duration::from_nanos(now.iter().map(used).sum())
            }
            (Self::Whole(now), Self::Whole(then)) => now.saturating_sub(*then),
            _ => Duration::ZERO,
        }
    }
}

fn threads_of(process: u32) -> Outcome<BTreeMap<u64, u64>> {
    let mut threads = BTreeMap::new();
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let thread = thread?;
        let Some(number) = thread.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // A thread may end between being listed and being read.
        let Ok(schedstat) = fs::read_to_string(thread.path().join("schedstat")) else { continue };
        let used = schedstat.split_ascii_whitespace().next().and_then(|used| used.parse().ok());
        threads.insert(number, used.ok_or("schedstat is not as expected")?);
    }
    Ok(threads)
}

/// User and system time. The name of the program, which comes before, may hold anything.
fn ticks_in(stat: &str) -> Option<Duration> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<u32>().ok();
    Some(TICK * (ticks(11)? + ticks(12)?))
}

/// What this process has used by now.
pub(crate) fn own() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(used).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_of_a_process_are_read_whatever_it_is_called() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 9 1 1";
        assert_eq!(ticks_in(stat), Some(Duration::from_secs(3)));
        assert_eq!(ticks_in("7 (cut"), None);
    }

    #[test]
    fn a_thread_that_came_later_counts_from_its_beginning() {
        let then = Used::ByThread([(1, 100), (2, 50)].into());
        let now = Used::ByThread([(1, 150), (3, 7)].into());
        assert_eq!(now.since(&then), Duration::from_nanos(57));
    }

    #[test]
    fn work_shows_in_the_books() {
        let (before, own_before) = (Used::by(std::process::id()).unwrap(), own());
        while own() - own_before < 2 * TICK {}
        assert!(Used::by(std::process::id()).unwrap().since(&before) >= TICK);
    }
}
