//! A room as the generator sees it: which messages have come to everybody.

use crate::measure::percentiles::Histogram;
use std::{collections::VecDeque, time::Instant};

/// A room at the beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// What the server calls it.
    pub(crate) conversation: i64,
    pub(crate) last_seq: i64,
    pub(crate) last_rev: i64,
}

/// A room, and what is on the way in it.
pub(super) struct Room {
    pub(super) start: Start,
    pub(super) members: u32,
    /// The oldest message that somebody has not got.
    pub(super) oldest: i64,
    /// How many have got it, and those after it.
    pub(super) delivered: VecDeque<u32>,
    /// When those that are on the way were to be sent; kept where one sender posts, whose order is that of the numbers.
    pub(super) scheduled: VecDeque<Instant>,
}

/// What has happened so far, in all rooms.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) sent: u64,
    pub(super) acknowledged: u64,
    pub(super) complete: u64,
    pub(super) deliveries: u64,
    pub(super) bytes: u64,
    pub(super) lags: u64,
    pub(super) busy: u64,
}

impl Room {
    pub(super) fn new(start: Start, members: usize) -> Self {
        Self {
            start,
            members: u32::try_from(members).unwrap_or(u32::MAX),
            oldest: start.last_seq + 1,
            delivered: VecDeque::new(),
            scheduled: VecDeque::new(),
        }
    }

    /// Notes that somebody has got a message that they had not got before.
    pub(super) fn note(&mut self, seq: i64, at: Instant, counts: &mut Counts, times: &mut Histogram) {
        counts.deliveries += 1;
        let Ok(place) = usize::try_from(seq - self.oldest) else { return };
        if let Some(due) = self.scheduled.get(place) {
            times.record(at.saturating_duration_since(*due));
        }
        if self.delivered.len() <= place {
            self.delivered.resize(place + 1, 0);
        }
        if let Some(delivered) = self.delivered.get_mut(place) {
            *delivered += 1;
        }
        while self.delivered.front() == Some(&self.members) {
            self.delivered.pop_front();
            self.scheduled.pop_front();
            self.oldest += 1;
            counts.complete += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_complete_when_everybody_has_it_and_so_has_all_before_it() {
        let mut room = Room::new(Start { conversation: 2, last_seq: 10, last_rev: 12 }, 2);
        let (mut counts, mut times) = (Counts::default(), Histogram::default());
        let mut after = |seq| {
            room.note(seq, Instant::now(), &mut counts, &mut times);
            (counts.deliveries, counts.complete)
        };
        assert_eq!(after(11), (1, 0));
        assert_eq!(after(12), (2, 0));
        assert_eq!(after(11), (3, 1));
        assert_eq!(after(12), (4, 2));
    }
}
