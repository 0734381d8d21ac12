//! Who is online, and who is told.

use super::*;

fn after_the_grace(hub: &Hub) {
    hub.tick(1_000);
    hub.tick(1_000 + Limits::default().presence_grace_ms as i64);
}

#[test]
fn coming_and_going_is_told_to_those_who_share_a_conversation_and_to_nobody_else() {
    let hub = hub();
    let (sita, hari) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, HARI, &[KITCHEN]));
    let ram = connect(&hub, RAM, &[GARDEN]);
    assert_eq!(heard(&sita), ["on 3"]);
    drop(ram);
    assert!(heard(&sita).is_empty(), "within the grace nobody has gone");
    after_the_grace(&hub);
    assert_eq!(heard(&sita), ["off 3"]);
    assert!(heard(&hari).is_empty());
}

#[test]
fn who_comes_and_goes_while_one_is_not_looking_is_told_once_as_it_is_now() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    for _ in 0..3 {
        drop(connect(&hub, RAM, &[GARDEN]));
        after_the_grace(&hub);
    }
    assert_eq!(heard(&sita), ["off 3"]);
}

#[test]
fn nobody_is_online_before_the_handshake_is_over() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    let ram = hub.attach(RAM, SessionId(1)).unwrap();
    ram.listen_to(&[GARDEN]);
    drop(ram);
    after_the_grace(&hub);
    assert!(heard(&sita).is_empty());
}

#[test]
fn somebody_with_several_connections_comes_once_and_goes_once() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    let (phone, laptop) = (connect(&hub, RAM, &[GARDEN]), connect(&hub, RAM, &[GARDEN]));
    assert_eq!(heard(&sita), ["on 3"]);
    assert!(heard(&phone).is_empty(), "one's own presence is no news");
    drop(phone);
    after_the_grace(&hub);
    assert!(heard(&sita).is_empty());
    drop(laptop);
    after_the_grace(&hub);
    assert_eq!(heard(&sita), ["off 3"]);
}

#[test]
fn a_reload_is_not_seen_by_anyone() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    for _ in 0..5 {
        drop(connect(&hub, RAM, &[GARDEN]));
        hub.tick(2_000);
    }
    assert_eq!(heard(&sita), ["on 3"]);
    assert_eq!(
        hub.online(&[GARDEN]),
        [SITA, RAM],
        "who comes meanwhile counts somebody who reloads as online"
    );
}

#[test]
fn who_left_the_conversation_while_away_is_not_told_there() {
    let hub = hub();
    let (sita, hari) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, HARI, &[KITCHEN]));
    drop(connect(&hub, RAM, &[GARDEN]));
    assert_eq!(heard(&sita), ["on 3"]);
    hub.leave(RAM, GARDEN);
    hub.join(RAM, KITCHEN);
    assert!(hub.online(&[GARDEN]).iter().all(|account| *account != RAM));
    assert_eq!(hub.online(&[KITCHEN]), [RAM, HARI]);
    after_the_grace(&hub);
    assert!(heard(&sita).is_empty());
    assert_eq!(heard(&hari), ["off 3"]);
}

#[test]
fn somebody_who_joins_while_connected_and_those_who_are_there_learn_of_each_other() {
    let hub = hub();
    let (sita, ram) = (connect(&hub, SITA, &[GARDEN]), connect(&hub, RAM, &[]));
    hub.join(RAM, GARDEN);
    assert_eq!(heard(&sita), ["on 3"]);
    assert_eq!(heard(&ram), ["on 2"]);
}

#[test]
fn large_conversations_are_left_out() {
    let hub = hub_with(|limits| limits.presence_audience_max = 3);
    let there: Vec<_> = (10..13).map(|id| connect(&hub, AccountId(id), &[GARDEN])).collect();
    assert_eq!(hub.online(&[GARDEN]).len(), 3);
    there.iter().for_each(|listener| drop(heard(listener)));
    let _ram = connect(&hub, RAM, &[GARDEN]);
    assert!(there.iter().all(|listener| heard(listener).is_empty()));
    assert!(hub.online(&[GARDEN]).is_empty());
}

#[test]
fn a_clock_that_goes_back_makes_the_grace_begin_anew() {
    let hub = hub();
    let sita = connect(&hub, SITA, &[GARDEN]);
    drop(connect(&hub, RAM, &[GARDEN]));
    hub.tick(86_400_000);
    hub.tick(1_000);
    hub.tick(10_000);
    assert_eq!(heard(&sita), ["on 3"]);
    hub.tick(11_000);
    assert_eq!(heard(&sita), ["off 3"]);
}
