//! Attaching while memberships change, joining and leaving.

use super::*;

#[test]
fn after_leaving_nothing_more_is_heard_and_what_was_queued_stays() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN, KITCHEN]);
    hub.publish(GARDEN, 1, membership(GARDEN, SITA, MembershipState::Left));
    hub.leave(SITA, GARDEN);
    publish(&hub, GARDEN, 2);
    hub.ephemeral(GARDEN, None, typing(GARDEN, RAM));
    publish(&hub, KITCHEN, 1);
    assert_eq!(heard(&sita), ["7:1", "8:1"]);
}

#[test]
fn joining_reaches_every_connection_of_the_account_and_doubles_nothing() {
    let hub = hub();
    let (phone, laptop) = (connect(&hub, SITA, &[]), connect(&hub, SITA, &[GARDEN]));
    hub.join(SITA, GARDEN);
    hub.join(SITA, GARDEN);
    publish(&hub, GARDEN, 1);
    assert_eq!(heard(&phone), ["7:1"]);
    assert_eq!(heard(&laptop), ["7:1"]);
}

#[test]
fn what_happens_between_attaching_and_settling_is_heard() {
    let hub = hub();
    let sita = hub.attach(SITA, SessionId(1)).unwrap();
    sita.listen_to(&[GARDEN]);
    publish(&hub, GARDEN, 4);
    sita.settle(&[GARDEN]);
    publish(&hub, GARDEN, 5);
    assert_eq!(heard(&sita), ["7:4", "7:5"]);
}

#[test]
fn settling_drops_what_was_heard_of_a_conversation_that_the_account_was_not_in_any_more() {
    let hub = hub_with(|limits| limits.frames_max = 3);
    let sita = hub.attach(SITA, SessionId(1)).unwrap();
    sita.listen_to(&[GARDEN, KITCHEN]);
    (1..=5).for_each(|rev| publish(&hub, GARDEN, rev));
    hub.ephemeral(GARDEN, None, typing(GARDEN, RAM));
    publish(&hub, KITCHEN, 1);
    sita.settle(&[KITCHEN]);
    publish(&hub, GARDEN, 6);
    publish(&hub, KITCHEN, 2);
    assert_eq!(heard(&sita), ["8:1", "8:2"]);
    hub.join(SITA, GARDEN);
    publish(&hub, GARDEN, 7);
    assert_eq!(heard(&sita), ["7:7"], "and no lag was left behind");
}

#[test]
fn settling_drops_who_wrote_and_who_read_where_the_account_was_not_in_any_more() {
    let hub = hub();
    let sita = hub.attach(SITA, SessionId(1)).unwrap();
    sita.listen_to(&[GARDEN, KITCHEN]);
    for conversation in [GARDEN, KITCHEN] {
        hub.ephemeral(conversation, None, typing(conversation, RAM));
        hub.ephemeral(conversation, None, receipt(conversation, RAM, 5));
    }
    sita.settle(&[KITCHEN]);
    assert_eq!(heard(&sita), ["typing 8/3", "read 8/3 5"]);
}

#[test]
fn joining_after_the_memberships_were_read_outweighs_the_list() {
    let hub = hub();
    let sita = hub.attach(SITA, SessionId(1)).unwrap();
    sita.listen_to(&[KITCHEN]);
    hub.join(SITA, GARDEN);
    publish(&hub, GARDEN, 1);
    sita.settle(&[KITCHEN]);
    publish(&hub, GARDEN, 2);
    assert_eq!(heard(&sita), ["7:1", "7:2"]);
}

#[test]
fn leaving_after_the_memberships_were_read_outweighs_the_list() {
    let hub = hub();
    let sita = hub.attach(SITA, SessionId(1)).unwrap();
    hub.leave(SITA, GARDEN);
    sita.listen_to(&[GARDEN, KITCHEN]);
    publish(&hub, GARDEN, 1);
    hub.leave(SITA, KITCHEN);
    sita.settle(&[GARDEN, KITCHEN]);
    publish(&hub, GARDEN, 2);
    publish(&hub, KITCHEN, 1);
    assert!(heard(&sita).is_empty());
    hub.join(SITA, GARDEN);
    publish(&hub, GARDEN, 3);
    assert_eq!(heard(&sita), ["7:3"]);
}

#[test]
fn a_listener_that_is_dropped_is_detached() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    assert_eq!(hub.connection_count(), 1);
    drop(sita);
    assert_eq!(hub.connection_count(), 0);
    publish(&hub, GARDEN, 1);
    hub.tick(0);
    hub.tick(60_000);
    assert!(hub.online(&[GARDEN]).is_empty());
}

#[test]
fn an_account_has_only_so_many_connections_and_so_has_the_server() {
    let hub = hub_with(|limits| {
        limits.connections_per_account_max = 2;
        limits.connections_max = 3;
    });
    let first = connect(&hub, SITA, &[]);
    let _second = connect(&hub, SITA, &[]);
    assert_eq!(hub.attach(SITA, SessionId(9)).unwrap_err(), crate::AttachError::TooManyForAccount);
    let _third = connect(&hub, RAM, &[]);
    assert_eq!(hub.attach(HARI, SessionId(9)).unwrap_err(), crate::AttachError::TooMany);
    drop(first);
    assert!(hub.attach(SITA, SessionId(9)).is_ok());
}
