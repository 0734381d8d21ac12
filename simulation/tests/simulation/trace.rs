//! What happened, line by line, and one number that stands for all of it: two runs of one seed must have the same.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
};
use tokio::time::Instant;

/// So many of the last lines are shown with a failure.
const LINES_KEPT: usize = 60;

pub struct Trace {
    begun_at: Instant,
    is_shown: bool,
    lines: Mutex<Lines>,
}

struct Lines {
    /// FNV-1a over every line and its moment.
    hash: u64,
    count: u64,
    last: VecDeque<String>,
}

impl Trace {
    /// `is_shown`: every line is printed as it happens.
    pub fn new(is_shown: bool) -> Self {
        let lines = Lines { hash: 0xCBF2_9CE4_8422_2325, count: 0, last: VecDeque::new() };
        Self { begun_at: Instant::now(), is_shown, lines: Mutex::new(lines) }
    }

    /// Virtual milliseconds since the beginning.
    pub fn now_ms(&self) -> u64 {
        u64::try_from(self.begun_at.elapsed().as_millis()).unwrap()
    }

    pub fn note(&self, what: fmt::Arguments<'_>) {
        let micros = self.begun_at.elapsed().as_micros();
        let line = format!("{:>6}.{:03} {what}", micros / 1000, micros % 1000);
        if self.is_shown {
            println!("{line}");
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in line.bytes().chain([b'\n']) {
            lines.hash = (lines.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        lines.count += 1;
        if lines.last.len() == LINES_KEPT {
            lines.last.pop_front();
        }
        lines.last.push_back(line);
    }

    /// The number that stands for all of it.
    pub fn hash(&self) -> u64 {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).hash
    }

    pub fn count(&self) -> u64 {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    pub fn last(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).last.iter().cloned().collect()
    }
}
