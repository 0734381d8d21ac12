//! Wakes connections, many at a time.
//!
//! What is told is told by a database thread. Waking a thousand tasks from there means a thousand calls into a runtime that may
//! sleep in between: with one message in flight in a room of 1,000 that was more than half of all work. So the database thread
//! only hands over whom to wake, and a task of the runtime wakes them all.

use std::{
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Waker,
};
use tokio::sync::Notify;

/// So few are woken at once, without the detour.
const FEW: usize = 2;

#[derive(Default)]
pub(crate) struct Bells {
    to_wake: Mutex<Vec<Waker>>,
    ringer: Notify,
    /// Somebody is in [`Bells::ring_on`].
    is_manned: AtomicBool,
}

impl Bells {
    /// Wakes them, now or soon.
    pub(crate) fn ring(&self, wakers: Vec<Waker>) {
        if wakers.len() <= FEW || !self.is_manned.load(Ordering::Acquire) {
            return wakers.into_iter().for_each(Waker::wake);
        }
        self.to_wake().extend(wakers);
        self.ringer.notify_one();
        // Whoever rang may have left in this moment.
        if !self.is_manned.load(Ordering::Acquire) {
            self.wake_all();
        }
    }

    /// Wakes whoever is to be woken, for as long as this is polled. One at a time; without anybody here, whoever tells wakes.
    pub(crate) async fn ring_on(&self) {
        let _post = Post::take(self);
        loop {
            self.wake_all();
            self.ringer.notified().await;
        }
    }

    fn wake_all(&self) {
        let wakers = mem::take(&mut *self.to_wake());
        wakers.into_iter().for_each(Waker::wake);
    }

    fn to_wake(&self) -> MutexGuard<'_, Vec<Waker>> {
        // A list is added to or taken, whole or not at all.
        self.to_wake.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody rings; dropping it says that nobody does any more.
struct Post<'a>(&'a Bells);

impl<'a> Post<'a> {
    fn take(bells: &'a Bells) -> Self {
        bells.is_manned.store(true, Ordering::Release);
        Self(bells)
    }
}

impl Drop for Post<'_> {
    fn drop(&mut self) {
        self.0.is_manned.store(false, Ordering::Release);
        self.0.wake_all();
    }
}
