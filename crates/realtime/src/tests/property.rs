//! Whatever is published, joined, left and taken in whatever order: never out of order, never after leaving, and no
//! gap without a lag.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const ACCOUNTS: i64 = 2;
const CONNECTIONS: usize = 3;
const CONVERSATIONS: i64 = 3;

#[derive(Clone, Debug)]
enum Step {
    Publish(ConversationId, usize),
    Gather(ConversationId, usize),
    TellGathered,
    Join(AccountId, ConversationId),
    Leave(AccountId, ConversationId),
    Type(ConversationId, AccountId),
    Notice(AccountId),
    Take(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let conversation = || (1..=CONVERSATIONS).prop_map(ConversationId);
    let account = || (1..=ACCOUNTS).prop_map(AccountId);
    prop_oneof![
        6 => (conversation(), 0..600_usize).prop_map(|(conversation, len)| Step::Publish(conversation, len)),
        8 => (conversation(), 0..600_usize).prop_map(|(conversation, len)| Step::Gather(conversation, len)),
        2 => Just(Step::TellGathered),
        2 => (account(), conversation()).prop_map(|(account, conversation)| Step::Join(account, conversation)),
        2 => (account(), conversation()).prop_map(|(account, conversation)| Step::Leave(account, conversation)),
        2 => (conversation(), account()).prop_map(|(conversation, account)| Step::Type(conversation, account)),
        1 => account().prop_map(Step::Notice),
        3 => (0..CONNECTIONS).prop_map(Step::Take),
    ]
}

/// What one connection was owed and what it got, for one conversation.
#[derive(Default)]
struct Told {
    /// Revs published while the account was in.
    owed: Vec<Rev>,
    /// Events and heads of lags in the order in which they came.
    got: Vec<Got>,
}

#[derive(Clone, Copy)]
enum Got {
    Event(Rev),
    Lag(Rev),
}

impl Told {
    /// The replay law of a cursor: it only grows, and what it skipped was announced.
    fn check(&self, closed: bool) -> Result<(), TestCaseError> {
        let (mut cursor, mut announced) = (0, 0);
        for got in &self.got {
            match *got {
                Got::Event(rev) => {
                    prop_assert!(rev > cursor.max(announced), "{rev} after {cursor}, lag to {announced}");
                    prop_assert!(self.owed.contains(&rev), "{rev} was published while the account was out");
                    let skipped =
                        self.owed.iter().find(|owed| **owed > cursor.max(announced) && **owed < rev);
                    prop_assert!(skipped.is_none(), "{skipped:?} is missing before {rev} and no lag said so");
                    cursor = rev;
                }
                Got::Lag(head) => {
                    prop_assert!(
                        self.owed.contains(&head),
                        "a lag names the head {head}, which was not heard"
                    );
                    prop_assert!(head > cursor);
                    announced = head;
                }
            }
        }
        let missing = self.owed.iter().find(|owed| **owed > cursor.max(announced));
        prop_assert!(closed || missing.is_none(), "{missing:?} never came and no lag said so");
        Ok(())
    }
}

struct Run {
    hub: Hub,
    listeners: Vec<(AccountId, Listener)>,
    inside: BTreeMap<(AccountId, ConversationId), bool>,
    heads: BTreeMap<ConversationId, Rev>,
    told: BTreeMap<(usize, ConversationId), Told>,
    closed: [bool; CONNECTIONS],
}

impl Run {
    fn new() -> Self {
        let hub = hub_with(|limits| {
            limits.frames_max = 6;
            limits.bytes_max = 3_000;
        });
        let listeners = (0..CONNECTIONS)
            .map(|index| {
                let account = AccountId(index as i64 % ACCOUNTS + 1);
                (account, connect(&hub, account, &[]))
            })
            .collect();
        let (inside, heads, told) = Default::default();
        Self { hub, listeners, inside, heads, told, closed: [false; CONNECTIONS] }
    }

    fn take(&mut self, index: usize) {
        match self.listeners[index].1.take_now() {
            None => {}
            Some(Delivery::Closed(_)) => self.closed[index] = true,
            Some(Delivery::Frames(frames)) => {
                assert!(
                    frames.iter().count() <= 7,
                    "the bound, and the one frame that was too much when it closed"
                );
                for told in frames.iter() {
                    let (conversation, got) = match &told.frame {
                        ServerFrame::Event(event) => (event.conversation, Got::Event(event.rev)),
                        ServerFrame::Lag(lag) => (lag.conversation, Got::Lag(lag.head)),
                        _ => continue,
                    };
                    self.told.entry((index, conversation)).or_default().got.push(got);
                }
            }
        }
    }

    /// The next rev of a conversation, which everybody is owed who is in it.
    fn raise(&mut self, conversation: ConversationId) -> Rev {
        let head = self.heads.entry(conversation).or_default();
        *head += 1;
        for (index, (account, _)) in self.listeners.iter().enumerate() {
            if self.inside.get(&(*account, conversation)) == Some(&true) {
                self.told.entry((index, conversation)).or_default().owed.push(*head);
            }
        }
        *head
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Publish(conversation, len) => {
                let head = self.raise(conversation);
                self.hub.publish(conversation, head, event(conversation, &"x".repeat(len)));
            }
            Step::Gather(conversation, len) => {
                let head = self.raise(conversation);
                self.hub.gather(conversation, head, event(conversation, &"x".repeat(len)));
            }
            Step::TellGathered => self.hub.tell_gathered(),
            Step::Join(account, conversation) => {
                self.inside.insert((account, conversation), true);
                self.hub.join(account, conversation);
            }
            Step::Leave(account, conversation) => {
                self.inside.insert((account, conversation), false);
                self.hub.leave(account, conversation);
            }
            Step::Type(conversation, account) => {
                self.hub.ephemeral(conversation, Some(account), typing(conversation, account));
            }
            Step::Notice(account) => self.hub.tell_account(account, notice(GARDEN, MembershipState::Active)),
            Step::Take(index) => self.take(index),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_come_in_order_never_after_leaving_and_every_gap_is_announced(
        steps in proptest::collection::vec(step(), 1..200)
    ) {
        let mut run = Run::new();
        for step in steps {
            run.step(step);
        }
        run.hub.tell_gathered();
        for index in 0..CONNECTIONS {
            run.take(index);
            run.take(index);
        }
        for ((index, _), told) in &run.told {
            told.check(run.closed[*index])?;
        }
    }
}

#[test]
fn the_law_notices_a_gap_a_swap_and_an_event_after_leaving() {
    let told = |owed: &[Rev], got: &[Got]| Told { owed: owed.to_vec(), got: got.to_vec() };
    assert!(told(&[1, 2, 3], &[Got::Event(1), Got::Lag(2), Got::Event(3)]).check(false).is_ok());
    assert!(told(&[1, 2, 3], &[Got::Event(1), Got::Event(3)]).check(false).is_err());
    assert!(told(&[1, 2], &[Got::Event(2), Got::Event(1)]).check(false).is_err());
    assert!(told(&[1], &[Got::Event(1), Got::Event(2)]).check(false).is_err());
    assert!(told(&[1, 2], &[Got::Event(1)]).check(false).is_err());
}
