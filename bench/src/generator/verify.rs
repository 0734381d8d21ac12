//! Whether every message came to a listener once and in order.

use std::{collections::BTreeSet, fmt};

/// More missing messages than this of one listener are not remembered one by one.
const MISSING_MAX: i64 = 100_000;

/// What must not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Messages were left out before this one.
    Gap { expected: i64, came: i64 },
    /// It came before.
    Double { seq: i64 },
    /// It came after one that was posted later.
    Disorder { seq: i64 },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { expected, came } => write!(f, "message {came} came where {expected} was next"),
            Self::Double { seq } => write!(f, "message {seq} came twice"),
            Self::Disorder { seq } => write!(f, "message {seq} came after a later one"),
        }
    }
}

/// What one listener has heard of one room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    last: i64,
    /// Up to here a catching up fetched everything; events up to it are dropped, as the protocol says.
    fetched_to: i64,
    missing: BTreeSet<i64>,
    first_fault: Option<Fault>,
}

impl Ledger {
    /// Whoever begins here has seen everything up to `last`.
    pub(crate) fn new(last: i64) -> Self {
        Self { last, fetched_to: last, ..Self::default() }
    }

    /// The newest message that came.
    pub(crate) fn last(&self) -> i64 {
        self.last
    }

    /// The first thing that was wrong.
    pub(crate) fn first_fault(&self) -> Option<Fault> {
        self.first_fault
    }

    /// Notes a message that was delivered. Whether it is one that had not come before.
    pub(crate) fn deliver(&mut self, seq: i64) -> bool {
        if seq == self.last + 1 {
            self.last = seq;
            return true;
        }
        if seq <= self.fetched_to {
            return false;
        }
        self.deliver_wrongly(seq)
    }

    /// Notes a message that was fetched after the server said that it had dropped some.
    pub(crate) fn fetch(&mut self, seq: i64) -> bool {
        let is_new = seq > self.last && self.deliver(seq);
        self.fetched_to = self.fetched_to.max(self.last);
        is_new
    }

    #[cold]
    fn deliver_wrongly(&mut self, seq: i64) -> bool {
        let fault = if seq > self.last {
            let gap = Fault::Gap { expected: self.last + 1, came: seq };
            self.missing
                .extend((self.last + 1..seq).take_while(|missing| missing - self.last <= MISSING_MAX));
            self.last = seq;
            gap
        } else if self.missing.remove(&seq) {
            Fault::Disorder { seq }
        } else {
            Fault::Double { seq }
        };
        self.first_fault.get_or_insert(fault);
        !matches!(fault, Fault::Double { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(deliveries: &[i64]) -> (Vec<bool>, Ledger) {
        let mut ledger = Ledger::new(10);
        (deliveries.iter().map(|seq| ledger.deliver(*seq)).collect(), ledger)
    }

    #[test]
    fn messages_in_order_are_right() {
        let (new, ledger) = after(&[11, 12, 13]);
        assert_eq!((new, ledger.first_fault(), ledger.last()), (vec![true; 3], None, 13));
    }

    #[test]
    fn a_message_that_is_left_out_is_noticed() {
        let (_, ledger) = after(&[11, 13]);
        assert_eq!(ledger.first_fault(), Some(Fault::Gap { expected: 12, came: 13 }));
    }

    #[test]
    fn a_message_that_comes_twice_is_noticed_and_counts_once() {
        let (new, ledger) = after(&[11, 12, 12]);
        assert_eq!((new, ledger.first_fault()), (vec![true, true, false], Some(Fault::Double { seq: 12 })));
        let (_, ledger) = after(&[11, 12, 11]);
        assert_eq!(ledger.first_fault(), Some(Fault::Double { seq: 11 }));
    }

    #[test]
    fn messages_out_of_order_are_noticed_and_all_of_them_count() {
        let (new, mut ledger) = after(&[11, 13, 12]);
        assert_eq!(new, [true, true, true]);
        assert_eq!(ledger.first_fault(), Some(Fault::Gap { expected: 12, came: 13 }));
        assert!(ledger.missing.is_empty());
        assert!(!ledger.deliver(12), "and now it came twice");
    }

    #[test]
    fn what_was_fetched_may_come_again_and_what_follows_may_not_leave_a_gap() {
        let (_, mut ledger) = after(&[11]);
        assert!(ledger.fetch(12) && ledger.fetch(13) && !ledger.fetch(13));
        assert!(!ledger.deliver(12) && !ledger.deliver(13) && ledger.deliver(14));
        assert_eq!(ledger.first_fault(), None);
        ledger.deliver(16);
        assert_eq!(ledger.first_fault(), Some(Fault::Gap { expected: 15, came: 16 }));
    }

    #[test]
    fn catching_up_that_leaves_something_out_is_noticed() {
        let (_, mut ledger) = after(&[11]);
        ledger.fetch(13);
        assert_eq!(ledger.first_fault(), Some(Fault::Gap { expected: 12, came: 13 }));
    }
}
