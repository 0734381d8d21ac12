//! How much memory a process holds.

use crate::Outcome;
use std::fs;

/// What a process holds now, and the most that it ever held; in KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) resident_kib: u64,
    pub(crate) peak_kib: u64,
}

impl Memory {
    pub(crate) fn of(process: u32) -> Outcome<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        read(&status).ok_or_else(|| "/proc/<pid>/status is not as expected".into())
    }
}

fn read(status: &str) -> Option<Memory> {
    let kib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_ascii_whitespace().next()?.parse().ok()
    };
    Some(Memory { resident_kib: kib("VmRSS:")?, peak_kib: kib("VmHWM:")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_figures_are_found_among_the_others() {
        let status = "Name:\tparlor\nVmPeak:\t  900 kB\nVmHWM:\t   30 kB\nVmRSS:\t   20 kB\n";
        assert_eq!(read(status), Some(Memory { resident_kib: 20, peak_kib: 30 }));
        assert_eq!(read("Name:\tparlor\n"), None);
    }
}
