//! Several hubs on one bus that delays, overtakes and loses: what is told is told in order, and nobody hears what they may
//! not.

use super::*;
use crate::{
    Bus, NodeId, Step, Telling,
    bus::{self, Envelope, Hint},
};
use proptest::prelude::*;
use std::{
    collections::{HashSet, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

/// A bus inside this process: what each node says waits until the story lets it through.
pub(super) struct Wire {
    node: NodeId,
    pub(super) is_up: AtomicBool,
    said: Mutex<VecDeque<Envelope>>,
    number: Mutex<u64>,
}

impl Bus for Wire {
    fn node(&self) -> NodeId {
        self.node
    }

    fn send(&self, hint: &Hint) {
        let mut number = self.number.lock().unwrap();
        *number += 1;
        // As it would travel.
        let envelope = Envelope::read(&bus::write(self.node, *number, hint)).unwrap();
        assert!(envelope.hint.is_some(), "{hint:?} cannot be read again");
        self.said.lock().unwrap().push_back(envelope);
    }

    fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }
}

pub(super) struct Node {
    pub(super) hub: Hub,
    pub(super) wire: Arc<Wire>,
}

pub(super) fn nodes(count: u64) -> Vec<Node> {
    nodes_with(count, &Limits::default())
}

pub(super) fn nodes_with(count: u64, limits: &Limits) -> Vec<Node> {
    let node = |number| {
        let (said, number, node) = (Mutex::default(), Mutex::default(), NodeId(number));
        let wire = Arc::new(Wire { node, is_up: AtomicBool::new(true), said, number });
        Node { hub: Hub::shared(limits.clone(), Arc::clone(&wire) as Arc<dyn Bus>), wire }
    };
    (1..=count).map(node).collect()
}

impl Node {
    pub(super) fn says(&self) -> Vec<Envelope> {
        self.wire.said.lock().unwrap().drain(..).collect()
    }

    pub(super) fn hears(&self, envelopes: &[Envelope]) {
        envelopes.iter().for_each(|envelope| self.hub.hear(envelope.clone()));
    }
}

/// A connection whose snapshot was taken at this rev.
pub(super) fn connect_at(node: &Node, account: AccountId, rev: Rev) -> Listener {
    let listener = node.hub.attach(account, SessionId(account.0)).unwrap();
    listener.listen_to(&[GARDEN]);
    node.hub.stand_at(&[(GARDEN, rev)]);
    listener.settle(&[GARDEN]);
    listener
}

pub(super) fn telling(rev: Rev, steps: Vec<Step>) -> Telling {
    Telling { conversation: GARDEN, rev, steps }
}

pub(super) fn said(rev: Rev) -> Telling {
    telling(rev, vec![Step::Publish { event: event(GARDEN, "words") }])
}

pub(super) fn removed(rev: Rev, account: AccountId) -> Telling {
    let event = membership(GARDEN, account, MembershipState::Left);
    telling(rev, vec![Step::Publish { event }, Step::Leave { account }])
}

pub(super) fn let_in(rev: Rev, account: AccountId) -> Telling {
    let event = membership(GARDEN, account, MembershipState::Active);
    telling(rev, vec![Step::Join { account }, Step::Publish { event }])
}

pub(super) fn revs(listener: &Listener) -> Vec<String> {
    heard(listener).into_iter().filter(|word| word.contains(':') || word.starts_with("lag")).collect()
}

#[test]
fn what_comes_too_early_waits_for_what_is_missing_and_what_comes_twice_is_told_once() {
    let all = nodes(3);
    let sita = connect_at(&all[2], SITA, 4);
    all[0].hub.tell(said(5));
    all[1].hub.tell(said(6));
    let (first, second) = (all[0].says(), all[1].says());
    all[2].hears(&second);
    assert!(revs(&sita).is_empty());
    all[2].hears(&first);
    all[2].hears(&second);
    assert_eq!(revs(&sita), ["7:5", "7:6"]);
}

#[test]
fn what_is_stored_here_waits_for_what_another_node_stored_before_it() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    all[0].hub.tell(removed(5, RAM));
    let ram = connect_at(&all[1], RAM, 4);
    all[1].hub.tell(said(6));
    assert!(revs(&ram).is_empty() && revs(&sita).is_empty());
    all[1].hears(&all[0].says());
    assert_eq!(revs(&sita), ["7:5", "7:6"]);
    assert_eq!(revs(&ram), ["7:5"], "who was removed hears nothing after it");
}

#[test]
fn a_lost_hint_is_made_good_from_the_database() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    (5..=7).for_each(|rev| all[0].hub.tell(said(rev)));
    let hints = all[0].says();
    all[1].hears(&hints[1..]);
    let gap = all[1].hub.gaps().pop().unwrap();
    assert_eq!((gap.told, gap.head), (Some(4), 7));
    all[1].hub.catch_up(GARDEN, 4, vec![(5, event(GARDEN, "words"))], 7);
    assert_eq!(revs(&sita), ["7:5", "7:6", "7:7"]);
    assert!(all[1].hub.gaps().is_empty());
}

#[test]
fn what_the_database_does_not_hold_any_more_sends_everyone_there_and_tells_nothing_beyond() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    all[1].hub.compare(&[(GARDEN, 7)]);
    all[1].hub.catch_up(GARDEN, 4, vec![(7, event(GARDEN, "words"))], 7);
    assert_eq!(revs(&sita), ["lag 7:7"]);
}

#[test]
fn a_late_word_that_somebody_came_in_does_not_let_them_in_again() {
    let all = nodes(3);
    let ram = all[2].hub.attach(RAM, SessionId(3)).unwrap();
    ram.settle(&[]);
    all[0].hub.tell(let_in(5, RAM));
    let late = all[0].says();
    all[1].hub.tell(removed(6, RAM));
    all[2].hears(&all[1].says());
    all[2].hears(&late);
    all[2].hub.tell(said(7));
    assert!(revs(&ram).is_empty());
}

#[test]
fn whoever_comes_into_a_conversation_that_is_new_here_is_looked_up_first() {
    let all = nodes(2);
    let ram = all[1].hub.attach(RAM, SessionId(3)).unwrap();
    ram.settle(&[]);
    all[0].hub.tell(let_in(5, RAM));
    all[1].hears(&all[0].says());
    assert!(revs(&ram).is_empty());
    let gap = all[1].hub.gaps().pop().unwrap();
    assert_eq!((gap.told, &gap.joining[..]), (None, &[RAM][..]));
    all[1].hub.open(GARDEN, 6, &HashSet::from([RAM]));
    all[1].hub.tell(said(7));
    assert_eq!(revs(&ram), ["7:5", "lag 7:6", "7:7"]);
}

#[test]
fn a_hole_in_a_nodes_numbers_puts_everything_in_doubt() {
    let all = nodes(2);
    (5..=7).for_each(|rev| all[0].hub.tell(said(rev)));
    let hints = all[0].says();
    all[1].hears(&hints[..1]);
    assert!(!all[1].hub.take_doubt());
    all[1].hears(&hints[2..]);
    assert!(all[1].hub.take_doubt());
    assert!(!all[1].hub.take_doubt());
}

#[test]
fn what_a_newer_version_says_is_passed_over_and_makes_one_look() {
    let all = nodes(2);
    let strange: [&[u8]; 2] = [
        br#"{"v":1,"node":9,"n":1,"hint":{"dance":{"tempo":3}}}"#,
        br#"{"v":2,"node":9,"n":2,"hint":"beat"}"#,
    ];
    for words in strange {
        all[1].hub.hear(Envelope::read(words).unwrap());
        assert!(all[1].hub.take_doubt());
    }
    assert!(Envelope::read(b"hello").is_none());
    assert!(Envelope::read(b"{}").is_none());
}

#[test]
fn whoever_is_at_another_node_is_online_until_that_node_is_silent_for_too_long() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    let ram = connect_at(&all[0], RAM, 4);
    all[1].hears(&all[0].says());
    assert_eq!(heard(&sita), ["on 3"]);
    assert_eq!(all[1].hub.online(&[GARDEN]), [SITA, RAM]);
    let again = connect_at(&all[1], RAM, 4);
    drop(again);
    (0..20).for_each(|second| all[1].hub.tick(second * 1_000));
    assert!(heard(&sita).is_empty(), "at one node or the other");
    (20..40).for_each(|second| all[1].hub.tick(second * 1_000));
    assert_eq!(heard(&sita), ["off 3"]);
    drop(ram);
}

proptest! {
    /// Three nodes store changes of one conversation; hints overtake each other, come twice and get lost. Whoever listens
    /// hears every change in its order or is told to look, and who is put out hears nothing after it.
    #[test]
    fn every_listener_hears_an_order_without_holes_whatever_the_bus_does(
        steps in prop::collection::vec((0_usize..3, 0_u8..12, any::<bool>(), any::<bool>()), 1..60),
    ) {
        let all = nodes(3);
        let listeners: Vec<Listener> = all.iter().map(|node| connect_at(node, SITA, 1)).collect();
        let rams: Vec<Listener> = all.iter().map(|node| connect_at(node, RAM, 1)).collect();
        let mut head = 1;
        let mut put_out = None;
        for (at, what, is_lost, is_doubled) in steps {
            if what < 8 {
                head += 1;
                let change = if what == 0 && put_out.is_none() {
                    put_out = Some(head);
                    removed(head, RAM)
                } else {
                    said(head)
                };
                all[at].hub.tell(change);
                continue;
            }
            let hints = all[at].says();
            if is_lost && what == 8 {
                continue;
            }
            for node in &all {
                node.hears(&hints);
                if is_doubled {
                    node.hears(&hints);
                }
            }
        }
        for node in &all {
            node.hub.compare(&[(GARDEN, head)]);
            for gap in node.hub.gaps() {
                // The database: who was put out is not told from it but compared with who may listen.
                let told = gap.told.unwrap();
                if put_out.is_some_and(|rev| told < rev && !node.hub.waits(GARDEN, rev)) {
                    prop_assert!(node.hub.reconcile(GARDEN, head, Some(&[SITA])));
                } else {
                    let found = (told + 1..=head).map(|rev| (rev, event(GARDEN, "words"))).collect();
                    node.hub.catch_up(GARDEN, told, found, head);
                }
            }
            prop_assert!(node.hub.gaps().is_empty());
        }
        for listener in &listeners {
            prop_assert_eq!(follow(&revs(listener)), head);
        }
        for ram in &rams {
            let last = follow(&revs(ram));
            prop_assert!(last <= put_out.unwrap_or(head), "heard {} after {:?}", last, put_out);
        }
    }
}

/// The last rev of somebody who applies what is next and looks when told to.
fn follow(words: &[String]) -> Rev {
    let mut cursor = 1;
    for word in words {
        let rev: Rev = word.rsplit(':').next().unwrap().parse().unwrap();
        if word.starts_with("lag") {
            cursor = cursor.max(rev);
        } else {
            assert_eq!(rev, cursor + 1, "{words:?}");
            cursor = rev;
        }
    }
    cursor
}

#[test]
fn who_is_in_is_not_told_late_that_they_wait_but_asks_afresh() {
    let all = nodes(2);
    all[0].hub.tell_account(SITA, notice(GARDEN, MembershipState::Pending));
    let asked = all[0].says();
    // Let in meanwhile, and connected to the other node.
    let sita = connect_at(&all[1], SITA, 5);
    all[1].hears(&asked);
    assert_eq!(closed(&sita), Some(CloseReason::Unsure));

    // While a connection is being made nobody knows what its welcome will say.
    let sita = all[1].hub.attach(SITA, SessionId(SITA.0)).unwrap();
    all[1].hears(&asked);
    assert_eq!(closed(&sita), Some(CloseReason::Unsure));

    // Who is out is told.
    let sita = connect_at(&all[1], SITA, 5);
    all[1].hub.tell(removed(6, SITA));
    all[1].hears(&asked);
    assert_eq!(heard(&sita).pop().as_deref(), Some("notice 7 Pending"));
    assert_eq!(closed(&sita), None);
}
