//! Who is connected to another node, as this node sees it and tells it.

use super::{
    neighbours::{Node, connect_at, nodes, nodes_with},
    *,
};
use crate::bus::{Bus, Hint, Present};
use protocol::ids::NOBODY;

/// Lets so many seconds pass at a node, from this one on.
fn seconds(node: &Node, from: i64, count: i64) {
    (from..from + count).for_each(|second| node.hub.tick(second * 1_000));
}

/// What a node says of who is connected to it: accounts, sorted, for each hint.
fn names(node: &Node) -> Vec<Vec<AccountId>> {
    let named = |hint: Option<Hint>| match hint {
        Some(Hint::Online { present }) => {
            let mut accounts: Vec<_> = present.into_iter().map(|present| present.account).collect();
            accounts.sort();
            Some(accounts)
        }
        _ => None,
    };
    node.says().into_iter().filter_map(|envelope| named(envelope.hint)).collect()
}

#[test]
fn a_node_that_comes_later_is_told_who_is_there_and_then_again_every_ten_seconds() {
    let all = nodes(2);
    let _ram = connect_at(&all[0], RAM, 4);
    let _stranger = connect_at(&all[0], NOBODY, 4);
    drop(connect_at(&all[0], HARI, 4));
    all[0].says();
    seconds(&all[0], 0, 10);
    assert!(names(&all[0]).is_empty(), "alone");
    all[1].wire.send(&Hint::Beat);
    all[0].hears(&all[1].says());
    seconds(&all[0], 10, 1);
    assert_eq!(names(&all[0]), [[RAM, HARI]], "a reload has not gone yet, and who has no name is nobody");
    seconds(&all[0], 11, 8);
    assert!(names(&all[0]).is_empty());
    all[1].wire.send(&Hint::Beat);
    all[0].hears(&all[1].says());
    seconds(&all[0], 19, 1);
    assert_eq!(names(&all[0]).len(), 1);
}

#[test]
fn who_is_at_two_nodes_comes_once_and_goes_once() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    let here = connect_at(&all[1], RAM, 4);
    let there = connect_at(&all[0], RAM, 4);
    assert_eq!(heard(&sita), ["on 3"]);
    all[1].hears(&all[0].says());
    assert!(heard(&sita).is_empty(), "was here already");
    drop(there);
    seconds(&all[0], 0, 12);
    all[1].hears(&all[0].says());
    assert!(heard(&sita).is_empty(), "is still here");
    drop(here);
    let there = connect_at(&all[0], RAM, 4);
    all[1].hears(&all[0].says());
    assert!(heard(&sita).is_empty(), "went over within the grace");
    seconds(&all[1], 0, 12);
    assert!(heard(&sita).is_empty(), "is over there");
    drop(there);
    seconds(&all[0], 12, 12);
    let says = all[0].says();
    all[1].hears(&says);
    assert_eq!(heard(&sita), ["off 3"]);
    all[1].hears(&says);
    assert!(heard(&sita).is_empty(), "has gone once");
}

#[test]
fn nothing_is_said_while_nobody_goes() {
    let all = nodes(1);
    let _sita = connect_at(&all[0], SITA, 4);
    drop(connect_at(&all[0], RAM, 4));
    all[0].says();
    seconds(&all[0], 0, 5);
    assert!(all[0].says().is_empty());
    seconds(&all[0], 5, 6);
    assert_eq!(all[0].says().len(), 1);
}

#[test]
fn what_is_said_again_is_no_news_and_nobody_is_no_account() {
    let all = nodes(2);
    let sita = connect_at(&all[1], SITA, 4);
    let _ram = connect_at(&all[0], RAM, 4);
    let says = all[0].says();
    all[1].hears(&says);
    assert_eq!(heard(&sita), ["on 3"]);
    all[1].hears(&says);
    let nobody = Present { account: NOBODY, conversations: vec![GARDEN] };
    all[0].wire.send(&Hint::Online { present: vec![nobody] });
    all[1].hears(&all[0].says());
    assert!(heard(&sita).is_empty());
}

#[test]
fn who_is_elsewhere_comes_into_and_leaves_conversations_here_too() {
    let all = nodes(2);
    let _ram = connect_at(&all[0], RAM, 4);
    all[1].hears(&all[0].says());
    let hari = connect(&all[1].hub, HARI, &[KITCHEN]);
    all[1].hub.join(RAM, KITCHEN);
    assert_eq!(heard(&hari), ["on 3"]);
    all[1].hub.join(RAM, KITCHEN);
    all[1].hub.join(HARI, KITCHEN);
    all[1].hub.join(SITA, KITCHEN);
    assert!(heard(&hari).is_empty(), "was there, or is nowhere");
    assert_eq!(all[1].hub.online(&[KITCHEN]), [RAM, HARI]);
    all[1].hub.leave(RAM, KITCHEN);
    assert_eq!(all[1].hub.online(&[KITCHEN]), [HARI]);
}

#[test]
fn coming_in_again_is_no_news() {
    let hub = hub();
    let (sita, ram) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, RAM, &[GARDEN]));
    heard(&sita);
    hub.join(RAM, GARDEN);
    assert!(heard(&sita).is_empty() && heard(&ram).is_empty());
}

#[test]
fn who_was_at_a_node_that_stops_has_the_grace_to_come_to_another() {
    let all = nodes_with(2, &Limits { presence_grace_ms: 3_000, ..Limits::default() });
    let sita = connect_at(&all[1], SITA, 4);
    let _ram = connect_at(&all[0], RAM, 4);
    seconds(&all[1], 0, 40);
    all[1].hears(&all[0].says());
    assert_eq!(heard(&sita), ["on 3"]);
    all[0].wire.send(&Hint::Leaving);
    all[1].hears(&all[0].says());
    seconds(&all[1], 40, 3);
    assert!(heard(&sita).is_empty());
    seconds(&all[1], 43, 1);
    assert_eq!(heard(&sita), ["off 3"]);
}

#[test]
fn large_conversations_do_not_hear_who_is_elsewhere() {
    let all = nodes_with(2, &Limits { presence_audience_max: 1, ..Limits::default() });
    let sita = connect_at(&all[1], SITA, 4);
    let _ram = connect_at(&all[0], RAM, 4);
    all[1].hears(&all[0].says());
    assert!(heard(&sita).is_empty());
}
