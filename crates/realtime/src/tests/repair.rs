//! What a node does where it is not sure: it waits, says what it does not know, and is brought into line.

use super::{
    neighbours::{Node, connect_at, let_in, nodes, removed, revs, said, telling},
    *,
};
use crate::{
    Step, Telling,
    bus::{Bus, Hint},
};
use protocol::ids::NOBODY;
use std::{
    collections::HashSet,
    future::Future,
    pin::pin,
    sync::atomic::Ordering,
    task::{Context, Poll, Waker},
};

/// Whether this comes to an end without waiting.
fn is_ready(future: impl Future) -> bool {
    matches!(pin!(future).poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(_))
}

fn beat(from: &Node, to: &Node) {
    from.wire.send(&Hint::Beat);
    to.hears(&from.says());
}

/// Connected, and in no conversation.
fn wait_outside(node: &Node, account: AccountId) -> Listener {
    let listener = node.hub.attach(account, SessionId(account.0)).unwrap();
    listener.settle(&[]);
    listener
}

#[test]
fn a_node_knows_whether_there_may_be_others_and_whether_it_can_hear_them() {
    let (alone, all) = (hub(), nodes(1));
    assert!(!alone.is_shared() && alone.is_bus_up());
    assert!(all[0].hub.is_shared() && all[0].hub.is_bus_up());
    all[0].wire.is_up.store(false, Ordering::Relaxed);
    assert!(!all[0].hub.is_bus_up());
}

#[test]
fn whoever_looks_after_a_node_is_woken_by_doubt_by_what_is_missing_and_by_settings() {
    let all = nodes(2);
    let (here, there) = (&all[1].hub, &all[0].hub);
    let _sita = connect_at(&all[1], SITA, 4);
    assert!(!is_ready(here.gap_noticed()) && !here.take_doubt() && !here.take_settings_changed());
    here.doubt_everything();
    assert!(is_ready(here.gap_noticed()) && here.take_doubt());
    there.settings_changed();
    all[1].hears(&all[0].says());
    assert!(is_ready(here.gap_noticed()) && here.take_settings_changed() && !here.take_settings_changed());
    here.compare(&[(GARDEN, 6)]);
    assert!(is_ready(here.gap_noticed()));
    assert!(!is_ready(hub().gap_noticed()), "a node that is alone misses nothing");
}

#[test]
fn the_task_that_wakes_does_so_for_as_long_as_it_is_polled() {
    assert!(!is_ready(hub().ring_on()));
}

#[test]
fn a_node_that_falls_silent_puts_everything_in_doubt_once() {
    let all = nodes(2);
    beat(&all[0], &all[1]);
    (0..10).for_each(|second| all[1].hub.tick(second * 1_000));
    assert!(!all[1].hub.take_doubt());
    all[1].hub.tick(10_000);
    assert!(all[1].hub.take_doubt(), "what it stored last it may not have said");
    all[1].hub.tick(11_000);
    assert!(!all[1].hub.take_doubt());
}

#[test]
fn a_word_of_a_conversation_that_nobody_here_is_in_needs_no_look_into_the_database() {
    let all = nodes(2);
    all[0].hub.tell(let_in(5, RAM));
    all[0].hub.tell(said(6));
    all[1].hears(&all[0].says());
    assert!(all[1].hub.gaps().is_empty());
    // What is known from now on: who comes in next is let in at once.
    let ram = wait_outside(&all[1], RAM);
    all[0].hub.tell(let_in(7, RAM));
    all[1].hears(&all[0].says());
    assert_eq!(revs(&ram), ["7:7"]);
}

#[test]
fn what_is_stored_here_first_is_told_here_at_once() {
    let all = nodes(1);
    let sita = wait_outside(&all[0], SITA);
    all[0].hub.tell(let_in(5, SITA));
    assert_eq!(revs(&sita), ["7:5"]);
}

#[test]
fn however_many_wait_the_one_that_is_missing_is_told() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    (5..=80).for_each(|rev| all[0].hub.tell(said(rev)));
    let hints = all[0].says();
    all[1].hears(&hints[1..]);
    assert!(revs(&sita).is_empty() && all[1].hub.waits(GARDEN, 6) && !all[1].hub.waits(GARDEN, 5));
    all[1].hears(&hints[..1]);
    assert_eq!(revs(&sita).first().map(String::as_str), Some("7:5"));
    let gap = all[1].hub.gaps().pop().unwrap();
    assert!(gap.told > Some(60) && gap.told < Some(80), "only so many wait: {gap:?}");
    assert_eq!(gap.head, 80, "and it is known how far the conversation has come");
}

#[test]
fn whoever_connects_with_an_older_view_makes_nobody_hear_anything_twice() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    all[0].hub.tell(said(5));
    let hints = all[0].says();
    all[1].hears(&hints);
    let _ram = connect_at(&all[1], RAM, 4);
    all[1].hears(&hints);
    assert_eq!(revs(&sita), ["7:5"]);
}

#[test]
fn whoever_waits_to_be_let_in_is_not_forgotten_when_others_connect() {
    let all = nodes(2);
    let ram = wait_outside(&all[1], RAM);
    all[0].hub.tell(let_in(5, RAM));
    all[1].hears(&all[0].says());
    let _sita = connect_at(&all[1], SITA, 5);
    all[1].hub.open(GARDEN, 5, &HashSet::from([RAM]));
    assert_eq!(revs(&ram), ["7:5"], "and nothing else happened that anybody had to look for");
}

#[test]
fn who_is_let_in_by_a_word_that_comes_after_anothers_handshake_knew_of_it_is_looked_after() {
    let all = nodes(2);
    let hari = wait_outside(&all[1], HARI);
    let _sita = connect_at(&all[1], SITA, 5);
    all[0].hub.tell(let_in(5, HARI));
    let says = all[0].says();
    all[1].hears(&says);
    assert!(revs(&hari).is_empty());
    assert!(all[1].hub.take_doubt(), "who may listen is compared with who does");
    all[1].hub.join(HARI, GARDEN);
    all[1].hears(&says);
    assert!(!all[1].hub.take_doubt(), "is in");
    let alone = &nodes(1)[0];
    let _hari = wait_outside(alone, HARI);
    let _sita = connect_at(alone, SITA, 5);
    alone.hub.tell(let_in(5, HARI));
    assert!(alone.hub.take_doubt(), "stored here, and told after a handshake had read it");
}

#[test]
fn whoever_was_put_out_again_meanwhile_is_not_let_in_and_told_nothing() {
    let all = nodes(2);
    let ram = wait_outside(&all[1], RAM);
    let mut coming = let_in(5, RAM);
    coming.steps.insert(0, Step::Tell { account: RAM, frame: notice(GARDEN, MembershipState::Active) });
    all[0].hub.tell(coming);
    all[1].hears(&all[0].says());
    all[1].hub.open(GARDEN, 6, &HashSet::new());
    all[1].hub.tell(said(7));
    assert!(heard(&ram).is_empty());
}

#[test]
fn what_the_database_does_not_know_of_was_not_true() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    all[1].hub.compare(&[(GARDEN, 9)]);
    all[1].hub.close(GARDEN, 8);
    assert_eq!(all[1].hub.gaps().len(), 1, "more was heard of than was asked about");
    all[1].hub.close(GARDEN, 9);
    assert!(all[1].hub.gaps().is_empty());
    all[0].hub.tell(said(5));
    all[1].hears(&all[0].says());
    all[1].hub.close(GARDEN, 4);
    all[1].hub.close(GARDEN, 5);
    all[0].hub.tell(said(6));
    all[1].hears(&all[0].says());
    assert_eq!(revs(&sita), ["7:5", "7:6"]);
}

#[test]
fn members_are_sent_to_the_database_and_whoever_listens_wrongly_or_not_at_all_connects_again() {
    for hub in [hub(), nodes(1).remove(0).hub] {
        let (sita, hari) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, HARI, &[GARDEN]));
        let ram = connect(&hub, RAM, &[KITCHEN]);
        [&sita, &hari].iter().for_each(|listener| drop(heard(listener)));
        assert!(hub.reconcile(GARDEN, 5, Some(&[SITA, RAM])));
        assert_eq!(heard(&sita), ["lag 7:5"]);
        assert_eq!(closed(&sita), None);
        assert_eq!((closed(&hari), closed(&ram)), (Some(CloseReason::Unsure), Some(CloseReason::Unsure)));
    }
}

#[test]
fn a_look_that_a_later_change_overtook_brings_nobody_into_line() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    all[1].hub.tell(said(5));
    assert!(!all[1].hub.reconcile(GARDEN, 4, Some(&[])));
    assert!(all[1].hub.reconcile(GARDEN, 5, Some(&[SITA])));
    assert_eq!(revs(&sita), ["7:5", "lag 7:5"]);
    assert!(all[1].hub.reconcile(GARDEN, 6, Some(&[SITA])));
    all[1].hub.tell(said(7));
    assert_eq!(revs(&sita), ["lag 7:6", "7:7"]);
}

#[test]
fn what_waits_for_an_account_alone_is_told_when_the_others_look_for_themselves() {
    let all = nodes(2);
    let (sita, ram) = (connect_at(&all[1], SITA, 4), wait_outside(&all[1], RAM));
    let frame = notice(GARDEN, MembershipState::Banned);
    all[0].hub.tell(telling(6, vec![Step::Tell { account: RAM, frame }]));
    all[1].hears(&all[0].says());
    assert!(all[1].hub.reconcile(GARDEN, 6, Some(&[SITA])));
    assert_eq!(heard(&ram), ["notice 7 Banned"]);
    assert_eq!(revs(&sita), ["lag 7:6"]);
}

#[test]
fn who_writes_is_not_told_where_somebody_who_still_listens_may_have_been_put_out() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    all[0].hub.ephemeral(GARDEN, None, typing(GARDEN, RAM));
    all[1].hears(&all[0].says());
    assert_eq!(heard(&sita), ["typing 7/3"]);
    all[0].hub.tell(removed(5, SITA));
    all[0].hub.tell(said(6));
    let hints = all[0].says();
    all[1].hears(&hints[1..]);
    all[0].hub.ephemeral(GARDEN, None, typing(GARDEN, RAM));
    all[1].hears(&all[0].says());
    assert!(heard(&sita).is_empty());
}

#[test]
fn those_who_missed_something_and_only_they_connect_again() {
    let all = nodes(2);
    let (sita, ram) = (connect_at(&all[1], SITA, 4), connect_at(&all[1], RAM, 4));
    all[0].wire.send(&Hint::Missed { accounts: Some(vec![RAM]) });
    all[1].hears(&all[0].says());
    assert_eq!((closed(&sita), closed(&ram)), (None, Some(CloseReason::Unsure)));
    all[0].wire.send(&Hint::Missed { accounts: None });
    all[1].hears(&all[0].says());
    assert_eq!(closed(&sita), Some(CloseReason::Unsure));
}

#[test]
fn who_is_told_that_they_are_in_stays_connected() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    all[0].hub.tell_account(SITA, notice(GARDEN, MembershipState::Active));
    all[1].hears(&all[0].says());
    assert_eq!(heard(&sita), ["notice 7 Active"]);
    assert_eq!(closed(&sita), None);
}

#[test]
fn what_a_node_compares_with_the_database_is_who_is_connected_and_where_they_listen() {
    let hub = hub();
    let _sita = connect(&hub, SITA, &[GARDEN]);
    let stranger = hub.attach(NOBODY, SessionId(0)).unwrap();
    stranger.settle(&[]);
    let coming = hub.attach(RAM, SessionId(RAM.0)).unwrap();
    assert_eq!(hub.listened_to(), [GARDEN]);
    let mut sessions = hub.sessions();
    sessions.sort();
    assert_eq!(sessions, [SessionId(SITA.0), SessionId(RAM.0)]);
    assert_eq!(hub.settled_accounts(), [SITA], "not who is being connected, and not who has no name");
    let doubtful = |memberships| hub.doubtful(&[SITA, RAM], &HashSet::from(memberships));
    assert!(doubtful([(SITA, GARDEN), (RAM, GARDEN)]).is_empty());
    assert_eq!(doubtful([(SITA, KITCHEN), (RAM, GARDEN)]), HashSet::from([GARDEN, KITCHEN]));
    drop(coming);
}

#[test]
fn what_is_known_of_a_conversation_is_kept_where_somebody_listens_and_forgotten_later_where_nobody_does() {
    let all = nodes(2);
    let _sita = connect_at(&all[1], SITA, 4);
    let ram = wait_outside(&all[1], RAM);
    let kitchen = |rev| Telling { conversation: KITCHEN, ..let_in(rev, HARI) };
    all[0].hub.tell(kitchen(5));
    all[1].hears(&all[0].says());
    let waits = |rev| {
        all[0].hub.tell(Telling { conversation: KITCHEN, ..let_in(rev, RAM) });
        all[1].hears(&all[0].says());
        all[1].hub.gaps().len()
    };
    // For two minutes a hint that comes late is recognised.
    (0..120).for_each(|second| all[1].hub.tick(second * 1_000));
    assert_eq!(waits(6), 0);
    assert_eq!(heard(&ram), ["8:6"]);
    all[1].hub.leave(RAM, KITCHEN);
    (120..480).for_each(|second| all[1].hub.tick(second * 1_000));
    assert_eq!(waits(7), 1, "nobody knows any more");
    all[0].hub.tell(let_in(5, RAM));
    all[1].hears(&all[0].says());
    assert_eq!(revs(&ram), ["7:5"], "where somebody listens it is known");
}
