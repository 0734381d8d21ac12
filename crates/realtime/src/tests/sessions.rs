//! Ends: of a session, of an account, of the server.

use super::*;
use crate::AttachError;

fn attach(hub: &Hub, account: AccountId, session: i64) -> Listener {
    let listener = hub.attach(account, SessionId(session)).unwrap();
    listener.listen_to(&[GARDEN]);
    listener.settle(&[GARDEN]);
    listener
}

#[test]
fn signing_out_ends_the_connections_of_that_session_only_and_at_once() {
    let hub = hub();
    let (phone, laptop, ram) = (attach(&hub, SITA, 1), attach(&hub, SITA, 2), attach(&hub, RAM, 3));
    heard(&phone);
    publish(&hub, GARDEN, 1);
    hub.end_session(SessionId(1));
    publish(&hub, GARDEN, 2);
    assert_eq!(heard(&phone), ["7:1"]);
    assert_eq!(closed(&phone), Some(CloseReason::SessionEnded));
    assert_eq!((closed(&laptop), closed(&ram)), (None, None));
}

#[test]
fn changing_the_password_ends_all_connections_but_those_of_the_session_that_did_it() {
    let hub = hub();
    let (phone, laptop, ram) = (attach(&hub, SITA, 1), attach(&hub, SITA, 2), attach(&hub, RAM, 3));
    hub.end_account(SITA, Some(SessionId(2)));
    assert_eq!(closed(&phone), Some(CloseReason::SessionEnded));
    assert_eq!((closed(&laptop), closed(&ram)), (None, None));
    hub.end_account(SITA, None);
    assert_eq!(closed(&laptop), Some(CloseReason::SessionEnded));
}

#[test]
fn a_server_that_stops_tells_everyone_when_to_come_back_and_takes_nobody_in() {
    let hub = hub_with(|limits| limits.frames_max = 1);
    let listeners: Vec<_> = (10..210).map(|id| connect(&hub, AccountId(id), &[GARDEN])).collect();
    listeners.iter().for_each(|listener| drop(heard(listener)));
    publish(&hub, GARDEN, 1);
    hub.stop(10_000);
    let mut early = 0;
    for listener in &listeners {
        let all = heard(listener);
        let [event, goaway] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(event, "7:1");
        let retry_ms: u64 = goaway.strip_prefix("goaway ").unwrap().parse().unwrap();
        assert!(retry_ms <= 10_000);
        early += usize::from(retry_ms < 5_000);
        assert_eq!(closed(listener), Some(CloseReason::Stopping));
    }
    assert!((50..150).contains(&early), "{early} of 200 come back in the first half of the window");
    assert_eq!(hub.attach(SITA, SessionId(1)).unwrap_err(), AttachError::Stopping);
}

#[test]
fn a_window_of_nothing_and_one_without_end_are_both_fine() {
    for window_ms in [0, u64::MAX] {
        let hub = hub();
        let sita = connect(&hub, SITA, &[]);
        hub.stop(window_ms);
        assert_eq!(closed(&sita), Some(CloseReason::Stopping));
    }
}

#[test]
fn what_is_told_to_everyone_reaches_every_connection_and_the_newest_wins() {
    let hub = hub();
    let (sita, ram) = (connect(&hub, SITA, &[]), connect(&hub, RAM, &[]));
    hub.tell_everyone(typing(GARDEN, HARI));
    hub.tell_everyone(typing(GARDEN, HARI));
    assert_eq!(heard(&sita), ["typing 7/4"]);
    assert_eq!(heard(&ram), ["typing 7/4"]);
}
