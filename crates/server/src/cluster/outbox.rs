//! What waits to be said to other nodes: bounded in number and age, filled by the database's threads, which never wait.

use protocol::AccountId;
use realtime::{
    NodeId,
    bus::{Hint, write},
};
use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};
use tracing::warn;

/// What waited longer is not said any more: by then others have read it from the database.
const AGE_MAX: Duration = Duration::from_secs(5);
/// Bytes that wait at most.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// Accounts that are remembered because something for them could not be said; of more, all are asked to look.
const MISSED_MAX: usize = 10_000;

/// A hint that waits.
pub(super) struct Letter {
    pub(super) bytes: Vec<u8>,
    missed_by: Vec<AccountId>,
    at: Instant,
}

/// The hints of this node that were not published yet.
pub(super) struct Outbox {
    hint_bytes_max: usize,
    len_max: usize,
    waiting: Mutex<Waiting>,
    filled: Notify,
    emptied: Notify,
}

#[derive(Default)]
struct Waiting {
    number: u64,
    letters: VecDeque<Letter>,
    bytes: usize,
    /// A batch is on its way.
    is_sending: bool,
    /// Hints that were dropped since the bus carried last.
    lost: u64,
    missed: HashSet<AccountId>,
    has_missed_all: bool,
}

impl Outbox {
    pub(super) fn new(hint_bytes_max: usize, len_max: usize) -> Self {
        Self {
            hint_bytes_max,
            len_max,
            waiting: Mutex::default(),
            filled: Notify::new(),
            emptied: Notify::new(),
        }
    }

    /// Adds a hint, or what says the same in fewer words, or drops it when too many wait.
    pub(super) fn push(&self, node: NodeId, hint: &Hint) {
        let mut waiting = self.lock();
        let number = waiting.number + 1;
        let bytes = write(node, number, hint);
        if bytes.len() <= self.hint_bytes_max || hint.shortened().is_empty() {
            self.add(&mut waiting, bytes, hint);
        } else {
            for short in hint.shortened() {
                let bytes = write(node, waiting.number + 1, &short);
                self.add(&mut waiting, bytes, &short);
            }
        }
        drop(waiting);
        self.filled.notify_one();
    }

    /// Every hint takes a number, the dropped ones too: so the others notice that something is missing.
    fn add(&self, waiting: &mut Waiting, bytes: Vec<u8>, hint: &Hint) {
        waiting.number += 1;
        let letter = Letter { bytes, missed_by: hint.missed_by(), at: Instant::now() };
        if waiting.letters.len() >= self.len_max || waiting.bytes + letter.bytes.len() > BYTES_MAX {
            if waiting.lost == 0 {
                warn!("hints for other nodes are dropped: too many wait for the bus");
            }
            waiting.lose(letter);
            return;
        }
        waiting.bytes += letter.bytes.len();
        waiting.letters.push_back(letter);
    }

    /// Waits until there are hints and takes the oldest, at most so many.
    pub(super) async fn take(&self, len_max: usize) -> Vec<Letter> {
        loop {
            let batch = self.take_now(len_max);
            if !batch.is_empty() {
                return batch;
            }
            self.emptied.notify_waiters();
            self.filled.notified().await;
        }
    }

    fn take_now(&self, len_max: usize) -> Vec<Letter> {
        let mut waiting = self.lock();
        let mut batch = Vec::new();
        while batch.len() < len_max
            && let Some(letter) = waiting.letters.pop_front()
        {
            waiting.bytes -= letter.bytes.len();
            if letter.at.elapsed() > AGE_MAX {
                waiting.lose(letter);
            } else {
                batch.push(letter);
            }
        }
        waiting.is_sending = !batch.is_empty();
        batch
    }

    /// These were not published, as far as anybody knows.
    pub(super) fn lose(&self, batch: Vec<Letter>) {
        let mut waiting = self.lock();
        batch.into_iter().for_each(|letter| waiting.lose(letter));
        waiting.is_sending = false;
    }

    /// Tells the others who missed something while the bus was away. How many hints were lost.
    pub(super) fn make_up(&self, node: NodeId) -> u64 {
        let mut waiting = self.lock();
        let accounts: Vec<AccountId> = std::mem::take(&mut waiting.missed).into_iter().collect();
        let has_missed_all = std::mem::take(&mut waiting.has_missed_all);
        let lost = std::mem::take(&mut waiting.lost);
        drop(waiting);
        if has_missed_all {
            self.push(node, &Hint::Missed { accounts: None });
        } else if !accounts.is_empty() {
            self.push(node, &Hint::Missed { accounts: Some(accounts) });
        }
        lost
    }

    /// Waits until nothing waits.
    pub(super) async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            {
                let waiting = self.lock();
                if waiting.letters.is_empty() && !waiting.is_sending {
                    return;
                }
            }
            emptied.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing here is left half changed by a panic, so a poisoned lock is as good as any.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn lose(&mut self, letter: Letter) {
        self.lost += 1;
        self.missed.extend(letter.missed_by);
        if self.missed.len() > MISSED_MAX {
            self.missed.clear();
            self.has_missed_all = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use realtime::bus::Envelope;

    const NODE: NodeId = NodeId(7);

    fn numbers(batch: &[Letter]) -> Vec<u64> {
        batch.iter().map(|letter| Envelope::read(&letter.bytes).unwrap().number).collect()
    }

    fn for_account(account: i64) -> Hint {
        let frame = protocol::ServerFrame::Pong;
        Hint::Account { account: AccountId(account), frame }
    }

    #[tokio::test]
    async fn what_does_not_fit_is_dropped_and_leaves_a_hole_in_the_numbers() {
        let outbox = Outbox::new(1000, 2);
        (0..3).for_each(|_| outbox.push(NODE, &Hint::Beat));
        assert_eq!(numbers(&outbox.take(10).await), [1, 2]);
        outbox.push(NODE, &Hint::Beat);
        assert_eq!(numbers(&outbox.take(10).await), [4]);
    }

    #[tokio::test]
    async fn whoever_missed_something_is_told_so_when_the_bus_is_back() {
        let outbox = Outbox::new(1000, 10);
        outbox.push(NODE, &for_account(3));
        outbox.lose(outbox.take_now(10));
        assert_eq!(outbox.make_up(NODE), 1);
        let batch = outbox.take(10).await;
        let hint = Envelope::read(&batch[0].bytes).unwrap().hint.unwrap();
        assert!(matches!(hint, Hint::Missed { accounts: Some(accounts) } if accounts == [AccountId(3)]));
        assert_eq!(outbox.make_up(NODE), 0);
        assert!(outbox.take_now(10).is_empty());
    }

    #[test]
    fn a_hint_that_is_too_long_says_where_to_look() {
        let outbox = Outbox::new(10, 10);
        outbox.push(NODE, &for_account(3));
        let batch = outbox.take_now(10);
        let hint = Envelope::read(&batch[0].bytes).unwrap().hint.unwrap();
        assert!(matches!(hint, Hint::Missed { .. }));
    }
}
