//! A bounded queue between callers and database threads. It refuses at once when it is full, hands out several items at
//! a time, and once closed still hands out what it holds.

use crate::Error;
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    len_max: usize,
}

struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new(len_max: usize) -> Self {
        Self {
            state: Mutex::new(State { items: VecDeque::new(), closed: false }),
            filled: Condvar::new(),
            len_max,
        }
    }

    /// Adds an item. `Busy` when the queue is full, `Closed` after `close`.
    pub(crate) fn push(&self, item: T) -> Result<(), Error> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Closed);
        }
        if state.items.len() >= self.len_max {
            return Err(Error::Busy);
        }
        state.items.push_back(item);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for an item and takes what is there, at most `count_max`, oldest first. None once closed and empty.
    pub(crate) fn take(&self, count_max: usize) -> Option<Vec<T>> {
        let mut state = self.lock();
        while state.items.is_empty() {
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let count = state.items.len().min(count_max.max(1));
        Some(state.items.drain(..count).collect())
    }

    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    // Nothing that runs under the lock can leave the state half changed, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_and_a_closed_one_still_gives_what_it_holds() {
        let queue = Queue::new(2);
        queue.push(1).unwrap();
        queue.push(2).unwrap();
        assert_eq!(queue.push(3), Err(Error::Busy));
        queue.close();
        assert_eq!(queue.push(3), Err(Error::Closed));
        assert_eq!(queue.take(10), Some(vec![1, 2]));
        assert_eq!(queue.take(10), None);
    }

    #[test]
    fn items_come_in_order_and_not_more_than_asked_for() {
        let queue = Queue::new(10);
        for item in 0..5 {
            queue.push(item).unwrap();
        }
        assert_eq!(queue.take(3), Some(vec![0, 1, 2]));
        assert_eq!(queue.take(3), Some(vec![3, 4]));
    }
}
