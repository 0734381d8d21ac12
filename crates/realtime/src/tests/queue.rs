//! One connection's queue: order, bounds, and what is given up first.

use super::*;
use std::sync::Arc;

#[test]
fn an_event_is_serialised_once_and_shared_by_all_who_hear_it() {
    let hub = hub();
    let (sita, ram) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, RAM, &[GARDEN]));
    heard(&sita);
    publish(&hub, GARDEN, 5);
    let (Some(Delivery::Frames(hers)), Some(Delivery::Frames(his))) = (sita.take_now(), ram.take_now())
    else {
        panic!("both have something to take")
    };
    let (hers, his) = (hers.iter().next().unwrap(), his.iter().next().unwrap());
    assert!(Arc::ptr_eq(hers, his));
    let text = std::str::from_utf8(hers.json()).unwrap();
    assert!(
        text.starts_with(r#"{"op":"event","conversation":7,"rev":5,"type":"conversation.changed""#),
        "{text}"
    );
    assert_eq!((hers.len(), hers.is_empty()), (text.len(), false));
}

#[test]
fn only_those_who_listen_to_a_conversation_hear_it() {
    let hub = hub();
    let (sita, ram) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, RAM, &[KITCHEN]));
    publish(&hub, GARDEN, 1);
    assert_eq!(heard(&sita), ["7:1"]);
    assert!(heard(&ram).is_empty());
}

#[test]
fn frames_of_all_classes_come_in_the_order_in_which_they_were_said() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    publish(&hub, GARDEN, 1);
    hub.ephemeral(GARDEN, None, typing(GARDEN, RAM));
    hub.tell_account(SITA, notice(KITCHEN, MembershipState::Active));
    hub.join(SITA, KITCHEN);
    publish(&hub, KITCHEN, 1);
    publish(&hub, GARDEN, 2);
    assert_eq!(heard(&sita), ["7:1", "typing 7/3", "notice 8 Active", "8:1", "7:2"]);
}

#[test]
fn of_two_receipts_of_the_same_reader_only_the_newer_is_told_and_not_to_the_reader() {
    let hub = hub();
    let (sita, ram) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, RAM, &[GARDEN]));
    heard(&sita);
    for seq in 1..=50 {
        hub.ephemeral(GARDEN, Some(RAM), receipt(GARDEN, RAM, seq));
    }
    publish(&hub, GARDEN, 1);
    hub.ephemeral(GARDEN, Some(RAM), typing(GARDEN, RAM));
    hub.ephemeral(GARDEN, Some(RAM), receipt(GARDEN, RAM, 51));
    assert_eq!(heard(&sita), ["7:1", "typing 7/3", "read 7/3 51"]);
    assert_eq!(heard(&ram), ["7:1"]);
}

#[test]
fn what_an_account_must_be_told_is_not_replaced_by_what_is_told_later() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    (1..=2).for_each(|seq| hub.tell_account(SITA, receipt(GARDEN, SITA, seq)));
    assert_eq!(heard(&sita), ["read 7/2 1", "read 7/2 2"]);
}

#[test]
fn a_full_queue_gives_up_typing_and_receipts_before_any_event() {
    let hub = hub_with(|limits| limits.frames_max = 4);
    let sita = connect(&hub, SITA, &[GARDEN]);
    hub.ephemeral(GARDEN, None, typing(GARDEN, RAM));
    hub.ephemeral(GARDEN, None, receipt(GARDEN, RAM, 1));
    (1..=4).for_each(|rev| publish(&hub, GARDEN, rev));
    hub.ephemeral(GARDEN, None, typing(GARDEN, RAM));
    assert_eq!(heard(&sita), ["7:1", "7:2", "7:3", "7:4"]);
}

#[test]
fn a_full_queue_gives_up_its_loudest_conversation_and_says_how_far_it_is() {
    let hub = hub_with(|limits| limits.frames_max = 5);
    let sita = connect(&hub, SITA, &[GARDEN, KITCHEN]);
    publish(&hub, KITCHEN, 1);
    (1..=3).for_each(|rev| publish(&hub, GARDEN, rev));
    publish(&hub, KITCHEN, 2);
    publish(&hub, GARDEN, 4);
    publish(&hub, KITCHEN, 3);
    (5..=90).for_each(|rev| publish(&hub, GARDEN, rev));
    assert_eq!(heard(&sita), ["8:1", "lag 7:90", "8:2", "8:3"]);
}

#[test]
fn events_flow_again_once_the_lag_was_taken() {
    let hub = hub_with(|limits| limits.frames_max = 3);
    let sita = connect(&hub, SITA, &[GARDEN]);
    (1..=9).for_each(|rev| publish(&hub, GARDEN, rev));
    assert_eq!(heard(&sita), ["lag 7:9"]);
    publish(&hub, GARDEN, 10);
    assert_eq!(heard(&sita), ["7:10"]);
}

#[test]
fn the_bound_in_bytes_holds_where_frames_are_few_and_large() {
    let hub = hub_with(|limits| limits.bytes_max = 4_000);
    let sita = connect(&hub, SITA, &[GARDEN, KITCHEN]);
    (1..=5).for_each(|rev| publish(&hub, KITCHEN, rev));
    hub.publish(GARDEN, 1, event(GARDEN, &"long ".repeat(500)));
    hub.publish(GARDEN, 2, event(GARDEN, &"long ".repeat(500)));
    assert_eq!(heard(&sita), ["8:1", "8:2", "8:3", "8:4", "8:5", "lag 7:2"]);
}

#[test]
fn an_event_longer_than_the_whole_queue_becomes_a_lag() {
    let hub = hub_with(|limits| limits.bytes_max = 1_000);
    let sita = connect(&hub, SITA, &[GARDEN]);
    hub.publish(GARDEN, 1, event(GARDEN, &"x".repeat(5_000)));
    assert_eq!(heard(&sita), ["lag 7:1"]);
}

#[test]
fn a_lag_comes_after_the_notice_that_let_the_account_in_and_before_the_one_that_let_it_go() {
    let hub = hub_with(|limits| limits.frames_max = 4);
    let sita = connect(&hub, SITA, &[]);
    hub.tell_account(SITA, notice(GARDEN, MembershipState::Active));
    hub.join(SITA, GARDEN);
    (1..=3).for_each(|rev| publish(&hub, GARDEN, rev));
    hub.leave(SITA, GARDEN);
    hub.tell_account(SITA, notice(GARDEN, MembershipState::Left));
    assert_eq!(heard(&sita), ["notice 7 Active", "lag 7:3", "notice 7 Left"]);
}

#[test]
fn control_frames_give_up_events_and_never_each_other() {
    let hub = hub_with(|limits| limits.frames_max = 4);
    let sita = connect(&hub, SITA, &[GARDEN]);
    (1..=3).for_each(|rev| publish(&hub, GARDEN, rev));
    for _ in 0..3 {
        hub.tell_account(SITA, notice(KITCHEN, MembershipState::Pending));
    }
    hub.leave(SITA, GARDEN);
    hub.tell_account(SITA, notice(KITCHEN, MembershipState::Active));
    let mut all = heard(&sita);
    assert_eq!(all.remove(0), "lag 7:3");
    assert_eq!(all.pop().as_deref(), Some("notice 8 Active"));
    assert_eq!(closed(&sita), Some(CloseReason::TooSlow));
    assert_eq!(heard(&sita), ["closed TooSlow"], "and it stays closed");
}

#[test]
fn a_queue_that_stays_full_for_more_than_half_a_minute_is_closed() {
    let hub = hub_with(|limits| limits.frames_max = 2);
    let (slow, quick) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, RAM, &[GARDEN]));
    heard(&slow);
    (1..=5).for_each(|rev| publish(&hub, GARDEN, rev));
    hub.tick(1_000);
    assert_eq!(heard(&quick), ["lag 7:5"]);
    hub.tick(31_000);
    (6..=9).for_each(|rev| publish(&hub, GARDEN, rev));
    assert_eq!(heard(&quick), ["lag 7:9"]);
    hub.tick(31_001);
    hub.tick(90_000);
    assert_eq!(closed(&quick), None);
    assert_eq!(heard(&slow), ["lag 7:9"], "what was queued before the end comes before the end");
    assert_eq!(closed(&slow), Some(CloseReason::TooSlow));
}

#[tokio::test]
async fn a_listener_that_waits_is_woken_once_and_takes_everything() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    let teller = hub.clone();
    let waiting = tokio::spawn(async move {
        let first = sita.next().await;
        (first, sita)
    });
    tokio::task::yield_now().await;
    (1..=3).for_each(|rev| publish(&teller, GARDEN, rev));
    let (first, sita) = waiting.await.unwrap();
    let Delivery::Frames(frames) = first else { panic!("frames were published") };
    assert_eq!(frames.iter().count(), 3);
    hub.end_account(SITA, None);
    assert!(matches!(sita.next().await, Delivery::Closed(CloseReason::SessionEnded)));
    assert!(matches!(sita.next().await, Delivery::Closed(CloseReason::SessionEnded)));
}

#[tokio::test]
async fn a_wait_that_is_given_up_loses_nothing() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    for rev in 1..=20 {
        tokio::select! {
            biased;
            _ = sita.next() => panic!("nothing waits before it is published"),
            () = tokio::task::yield_now() => {}
        }
        publish(&hub, GARDEN, rev);
        let Delivery::Frames(frames) = sita.next().await else { panic!("frames were published") };
        assert_eq!(frames.iter().count(), 1);
    }
}

#[test]
fn the_events_of_one_commit_are_taken_together_and_their_order_among_everything_else_stays() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN, KITCHEN]);
    for rev in 1..=3 {
        hub.gather(GARDEN, rev, event(GARDEN, "words"));
        hub.gather(KITCHEN, rev, event(KITCHEN, "words"));
    }
    assert!(sita.take_now().is_none(), "what is gathered waits for the end of the commit");
    hub.tell_gathered();
    let Some(Delivery::Frames(frames)) = sita.take_now() else { panic!("it was told") };
    assert_eq!(frames.bundles().len(), 2);
    hub.gather(GARDEN, 4, event(GARDEN, "words"));
    hub.tell_account(SITA, notice(KITCHEN, MembershipState::Left));
    hub.gather(GARDEN, 5, event(GARDEN, "words"));
    publish(&hub, GARDEN, 6);
    hub.gather(GARDEN, 7, event(GARDEN, "words"));
    hub.leave(SITA, GARDEN);
    hub.tell_gathered();
    assert_eq!(heard(&sita), ["7:4", "notice 8 Left", "7:5", "7:6", "7:7"]);
}

#[test]
fn many_events_of_one_commit_wait_in_parts_so_that_only_what_is_too_much_is_dropped() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    for rev in 1..=100 {
        hub.gather(GARDEN, rev, event(GARDEN, &"long ".repeat(200)));
    }
    hub.tell_gathered();
    let Some(Delivery::Frames(frames)) = sita.take_now() else { panic!("it was told") };
    assert!(frames.bundles().len() > 2 && frames.iter().count() == 100);
}
