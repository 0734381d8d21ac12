//! The checkpointer: copies the log into the database file off the writer's path, so that no commit waits for it.
//!
//! While commits keep coming the copy never reaches the end of the log, and the log can only begin anew once all of it
//! is copied. So when the log has grown long, the writer is asked to copy the short rest itself, between two batches.

use super::{connection::Connection, stop_on_fatal};
use std::sync::{
    Condvar, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

/// Pages (4 KiB) that the log grows by before they are copied: few enough to make each copy short, enough to make the
/// two flushes of a copy rare.
const PAGES_PER_CHECKPOINT: u32 = 1_000;
/// Pages of log from which the writer helps to reach the end: 16 MiB.
const LOG_PAGES_MAX: u32 = 4_000;

/// What the writer and the checkpointer tell each other.
#[derive(Default)]
pub(super) struct Log {
    // The length at the last commit.
    pages: AtomicU32,
    rest_wanted: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    // The length at which the last copy was asked for.
    copied_to: u32,
    wanted: bool,
    stopped: bool,
}

impl Log {
    /// Called after each commit with the length of the log.
    pub(super) fn grew(&self, pages: u32) {
        self.pages.store(pages, Ordering::Relaxed);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if pages < state.copied_to {
            state.copied_to = 0; // The log began anew.
        }
        if pages - state.copied_to >= PAGES_PER_CHECKPOINT {
            state.copied_to = pages;
            state.wanted = true;
            self.changed.notify_one();
        }
    }

    /// Whether the writer is asked to copy the rest. Asked once.
    pub(super) fn take_rest_wanted(&self) -> bool {
        self.rest_wanted.swap(false, Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        self.changed.notify_one();
    }

    /// Waits until a copy is wanted. False: it is time to stop.
    fn wait(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.wanted && !state.stopped {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.wanted = false;
        !state.stopped
    }
}

/// What the checkpointer's thread does.
pub(super) fn run(connection: &Connection, log: &Log) {
    while log.wait() {
        if let Err(failure) = connection.checkpoint(false) {
            stop_on_fatal(&failure);
            tracing::warn!(reason = %failure.error, "a checkpoint failed; it is tried again as the log grows");
        } else if log.pages.load(Ordering::Relaxed) > LOG_PAGES_MAX {
            log.rest_wanted.store(true, Ordering::Relaxed);
        }
    }
}
