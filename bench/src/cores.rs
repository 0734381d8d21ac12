//! Who runs on which core: the server on the first, the generator on the second.

use crate::Outcome;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Which cores a server may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cores {
    /// The first alone, so that the generator does not disturb it.
    One,
    /// All; on a machine with two it shares them with the generator.
    All,
}

/// The cores that this process was given.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    all: CpuSet,
    numbers: Vec<usize>,
}

impl Given {
    pub(crate) fn find() -> Outcome<Self> {
        let all = sched_getaffinity(None)?;
        let numbers = (0..CpuSet::MAX_CPU).filter(|number| all.is_set(*number)).collect();
        Ok(Self { all, numbers })
    }

    pub(crate) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// Keeps this thread, and the threads that it starts, on the generator's core.
    pub(crate) fn pin_generator(&self) -> Outcome<()> {
        let core = self.numbers.get(1).or(self.numbers.first()).ok_or("no core to run on")?;
        Ok(sched_setaffinity(None, &one(*core))?)
    }

    /// Runs something with this thread on a server's cores: a process that it starts stays there.
    pub(crate) fn on<T>(&self, cores: Cores, act: impl FnOnce() -> T) -> Outcome<T> {
        let before = sched_getaffinity(None)?;
        let first = self.numbers.first().ok_or("no core to run on")?;
        let set = if cores == Cores::All { self.all } else { one(*first) };
        sched_setaffinity(None, &set)?;
        let done = act();
        sched_setaffinity(None, &before)?;
        Ok(done)
    }
}

fn one(core: usize) -> CpuSet {
    let mut set = CpuSet::new();
    set.set(core);
    set
}
