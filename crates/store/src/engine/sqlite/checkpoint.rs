//! The checkpointer: copies the log into the database file off the writer's path, so that no commit waits for it.
//!
//! While commits keep coming the copy never reaches the end of the log, and the log can only begin anew once all of it
//! is copied. So when the log has grown long, the writer is asked to copy the short rest itself, between two batches; and
//! when commits come faster than the disk can copy them, the writer waits for the copy.

use super::{connection::Connection, stop_on_fatal};
use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Pages (4 KiB) that the log grows by before they are copied: few enough to make each copy short, enough to make the
/// two flushes of a copy rare.
const PAGES_PER_COPY: u32 = 1_000;
/// Pages of log from which the writer helps to reach the end: 16 MiB.
const LOG_PAGES_LONG: u32 = 4_000;
/// Pages of log (32 MiB) beyond which the writer does not go on while a copy is under way.
const LOG_PAGES_MAX: u32 = 8_000;
/// How long the writer waits for such a copy before it goes on all the same.
const COPY_WAIT_MS_MAX: u64 = 2_000;

/// What the writer and the checkpointer tell each other.
#[derive(Default)]
pub(super) struct Log {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    // The length at the last commit.
    pages: u32,
    // The length at which the last copy was asked for.
    copy_asked_at: u32,
    copy_wanted: bool,
    copying: bool,
    rest_wanted: bool,
    stopped: bool,
}

impl Log {
    /// Called after each commit with the length of the log.
    pub(super) fn grew(&self, pages: u32) {
        let mut state = self.lock();
        state.pages = pages;
        if pages < state.copy_asked_at {
            state.copy_asked_at = 0; // The log began anew.
        }
        if pages - state.copy_asked_at >= PAGES_PER_COPY {
            state.copy_asked_at = pages;
            state.copy_wanted = true;
            self.changed.notify_all();
        }
    }

    /// Whether the writer should copy the rest now. Waits for a copy that is under way when the log has become too long.
    pub(super) fn is_rest_wanted(&self) -> bool {
        let mut state = self.lock();
        if state.pages > LOG_PAGES_MAX {
            let limit = Duration::from_millis(COPY_WAIT_MS_MAX);
            let waited = self.changed.wait_timeout_while(state, limit, |state| state.copying);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.rest_wanted = true;
        }
        std::mem::take(&mut state.rest_wanted)
    }

    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Waits until a copy is wanted. False: it is time to stop.
    fn begin_copy(&self) -> bool {
        let state = self.lock();
        let waited = self.changed.wait_while(state, |state| !state.copy_wanted && !state.stopped);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.copy_wanted = false;
        state.copying = !state.stopped;
        state.copying
    }

    fn end_copy(&self) {
        let mut state = self.lock();
        state.copying = false;
        state.rest_wanted = state.pages > LOG_PAGES_LONG;
        self.changed.notify_all();
    }

    // Nothing that runs under the lock can leave the state half changed, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the checkpointer's thread does.
pub(super) fn run(connection: &Connection, log: &Log) {
    while log.begin_copy() {
        if let Err(failure) = connection.checkpoint(false) {
            stop_on_fatal(&failure);
            tracing::warn!(reason = %failure.error, "a checkpoint failed; it is tried again as the log grows");
        }
        log.end_copy();
    }
}
