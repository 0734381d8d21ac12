//! Slots: what the lines of one client's page are. The app's frames name a message by the position of its line in the page
//! of whoever sends or gets the frame. Every page has lines of its own: it begins empty, and each frame that is neither an
//! update nor a deletion becomes a line, farewells and answers to `read` too. A deletion takes its line out, and those
//! below move up, as in the app's own list.

use protocol::MessageId;
use std::collections::VecDeque;

/// Lines of which is known what they are. Older ones keep their place and can no longer be changed: nobody scrolls so far
/// up to edit, and each connection would hold them all.
const KNOWN_MAX: usize = 1000;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Something that is no message.
    Other,
    /// A message.
    Message {
        id: MessageId,
        /// The name under which this connection sent it, if it did.
        sent_as: Option<Box<str>>,
    },
}

/// The lines of one client's page.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// How many lines stand before those that are known.
    forgotten: usize,
    known: VecDeque<Slot>,
}

impl Slots {
    /// A frame becomes the last line.
    pub(super) fn add(&mut self, slot: Slot) {
        if self.known.len() >= KNOWN_MAX {
            self.known.pop_front();
            self.forgotten += 1;
        }
        self.known.push_back(slot);
    }

    /// What the line at this position is, if that is known.
    pub(super) fn at(&self, index: usize) -> Option<&Slot> {
        self.known.get(index.checked_sub(self.forgotten)?)
    }

    /// The position of a message.
    pub(super) fn of(&self, message: MessageId) -> Option<usize> {
        self.place_of(message).map(|place| self.forgotten + place)
    }

    /// Takes the line of a message out, and says where it was.
    pub(super) fn remove(&mut self, message: MessageId) -> Option<usize> {
        let place = self.place_of(message)?;
        self.known.remove(place);
        Some(self.forgotten + place)
    }

    /// What is changed is mostly new.
    fn place_of(&self, message: MessageId) -> Option<usize> {
        self.known.iter().rposition(|slot| matches!(slot, Slot::Message { id, .. } if *id == message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: i64) -> Slot {
        Slot::Message { id: MessageId(id), sent_as: None }
    }

    #[test]
    fn every_line_counts_and_those_below_a_deleted_one_move_up() {
        let mut slots = Slots::default();
        for slot in [message(10), Slot::Other, message(11), message(12)] {
            slots.add(slot);
        }
        assert_eq!(slots.of(MessageId(11)), Some(2));
        assert_eq!(slots.remove(MessageId(10)), Some(0));
        assert_eq!(slots.remove(MessageId(10)), None);
        assert_eq!(slots.at(0), Some(&Slot::Other));
        assert_eq!((slots.of(MessageId(11)), slots.of(MessageId(12))), (Some(1), Some(2)));
        assert_eq!((slots.at(2), slots.at(3), slots.at(usize::MAX)), (Some(&message(12)), None, None));
    }

    #[test]
    fn lines_that_are_too_old_keep_their_place_and_are_no_longer_known() {
        let mut slots = Slots::default();
        let count = i64::try_from(KNOWN_MAX).unwrap();
        for id in 0..count + 2 {
            slots.add(message(id));
        }
        assert_eq!(slots.known.len(), KNOWN_MAX);
        assert_eq!((slots.at(1), slots.of(MessageId(1))), (None, None));
        assert_eq!(slots.remove(MessageId(1)), None);
        assert_eq!((slots.at(2), slots.of(MessageId(2))), (Some(&message(2)), Some(2)));
        assert_eq!(slots.remove(MessageId(5)), Some(5));
        assert_eq!(slots.of(MessageId(6)), Some(5));
        slots.add(message(count + 2));
        assert_eq!(slots.of(MessageId(count + 2)), Some(KNOWN_MAX + 1));
    }
}
