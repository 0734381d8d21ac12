//! The hub under several threads at once, and a look at its speed.

use super::*;
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

/// Follows one conversation until its end and checks that nothing is out of order and no gap goes unannounced.
async fn follow(listener: Listener, last: Rev) -> usize {
    let (mut cursor, mut events) = (0, 0);
    while cursor < last {
        let Delivery::Frames(frames) = listener.next().await else { panic!("nobody closes it") };
        for told in frames.iter() {
            match &told.frame {
                ServerFrame::Event(event) => {
                    assert_eq!(event.rev, cursor + 1);
                    cursor = event.rev;
                    events += 1;
                }
                ServerFrame::Lag(lag) => {
                    assert!(lag.head > cursor);
                    cursor = lag.head;
                }
                _ => {}
            }
        }
    }
    events
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_waits_is_woken_whether_or_not_there_is_a_task_that_wakes() {
    const ROUNDS: Rev = 300;
    let hub = hub();
    let followers: Vec<_> =
        (100..110).map(|id| tokio::spawn(follow(connect(&hub, AccountId(id), &[GARDEN]), ROUNDS))).collect();
    let mut ringer = None;
    for rev in 1..=ROUNDS {
        // Comes and goes in the middle of it all.
        match (rev % 7, &ringer) {
            (0, None) => {
                let hub = hub.clone();
                ringer = Some(tokio::spawn(async move { hub.ring_on().await }));
            }
            (3, Some(ringing)) => {
                ringing.abort();
                ringer = None;
            }
            _ => {}
        }
        hub.gather(GARDEN, rev, event(GARDEN, "words"));
        hub.tell_gathered();
        tokio::task::yield_now().await;
    }
    for follower in followers {
        tokio::time::timeout(std::time::Duration::from_secs(60), follower).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishers_joiners_and_people_who_come_and_go_do_not_disturb_each_other() {
    const LAST: Rev = 3_000;
    let hub = hub();
    let conversations = [GARDEN, KITCHEN];
    let followers: Vec<_> = (100..120)
        .map(|id| (id, conversations[id as usize % 2]))
        .map(|(id, conversation)| tokio::spawn(follow(connect(&hub, AccountId(id), &[conversation]), LAST)))
        .collect();
    thread::scope(|scope| {
        for conversation in conversations {
            let hub = &hub;
            scope.spawn(move || (1..=LAST).for_each(|rev| publish(hub, conversation, rev)));
        }
        for visitor in [SITA, RAM] {
            let hub = &hub;
            scope.spawn(move || {
                for round in 0..500_i64 {
                    let listener = connect(hub, visitor, &[GARDEN]);
                    hub.leave(visitor, GARDEN);
                    heard(&listener);
                    assert!(
                        heard(&listener).iter().all(|frame| !frame.starts_with("7:")),
                        "nothing after leaving"
                    );
                    hub.join(visitor, KITCHEN);
                    hub.ephemeral(KITCHEN, None, typing(KITCHEN, visitor));
                    hub.end_session(SessionId(visitor.0));
                    hub.tick(round);
                }
            });
        }
    });
    for follower in followers {
        tokio::time::timeout(std::time::Duration::from_secs(60), follower).await.unwrap().unwrap();
    }
    hub.tick(1_000_000);
    hub.tick(2_000_000);
    assert_eq!(hub.connection_count(), 0);
    assert!(hub.online(&conversations).is_empty());
}

/// Prints what a thousand listeners cost; asserts only that everything came. Run it with `--release --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_room_of_a_thousand_hears_everything() {
    const LISTENERS: usize = 1_000;
    const LAST: Rev = 200;
    let hub = hub_with(|limits| limits.presence_audience_max = 0);
    let listeners: Vec<_> =
        (0..LISTENERS).map(|id| connect(&hub, AccountId(id as i64 + 1), &[GARDEN])).collect();
    let start = Instant::now();
    (1..=LAST).for_each(|rev| publish(&hub, GARDEN, rev));
    let told = start.elapsed();
    let all = AtomicUsize::new(0);
    for listener in &listeners {
        let Delivery::Frames(frames) = listener.next().await else { panic!("nobody closes it") };
        all.fetch_add(frames.iter().count(), Ordering::Relaxed);
    }
    let deliveries = LISTENERS * LAST as usize;
    assert_eq!(all.into_inner(), deliveries);
    println!("{} ns to queue one delivery", told.as_nanos() / deliveries as u128);
}
