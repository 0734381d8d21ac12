//! Clients of other systems hear everything once, even where much was lost on the way.

use crate::people::World;
use chat::{
    Caller, Chat,
    ears::{self, Ears, Heard},
    memberships, messages,
};
use protocol::{
    ConversationId, Event, MessageId,
    api::{EditMessage, SendMessage},
    ids::GENERAL,
};
use realtime::{CloseReason, Delivery};

async fn say(chat: &Chat, caller: &Caller, place: ConversationId, text: &str) -> MessageId {
    let with = SendMessage { cid: text.replace(' ', "-"), body: text.into(), reply_to: None };
    messages::send(chat, caller, place, with).await.unwrap().message.id
}

/// What was heard, in words, until nothing waits.
async fn heard(ears: &mut Ears) -> Vec<String> {
    let mut said = Vec::new();
    while let Some(delivery) = now(ears).await {
        for heard in ears.understand(delivery).await.unwrap() {
            let Heard::Event { event, .. } = heard else { continue };
            said.push(match event {
                Event::MessageCreated { message } => message.body.unwrap(),
                Event::MessageEdited { message } => format!("edit: {}", message.body.unwrap()),
                Event::MessageDeleted { message } => format!("delete: {}", message.seq),
                other => format!("{other:?}"),
            });
        }
    }
    said
}

async fn now(ears: &Ears) -> Option<Delivery> {
    crate::people::ready(ears.wait()).await
}

/// More than a queue holds.
const MANY: usize = 600;

#[tokio::test]
async fn what_was_lost_in_a_full_queue_is_fetched_and_told_in_its_order() {
    let world = World::new().await;
    let (chat, ann, bob) = (&world.chat, &world.people[0].caller, &world.people[1].caller);
    let old = say(chat, ann, GENERAL, "before").await;
    let gone = say(chat, ann, GENERAL, "to be deleted").await;
    for round in ["bob", "nobody"] {
        let listening =
            if round == "bob" { ears::listen(chat, bob).await } else { ears::listen_as_nobody(chat).await };
        let mut ears = listening.unwrap();
        for number in 0..MANY {
            say(chat, ann, GENERAL, &format!("{round} {number}")).await;
        }
        let with = EditMessage { body: format!("after {round}") };
        messages::edit(chat, ann, old, with).await.unwrap();
        messages::delete(chat, ann, gone).await.unwrap();
        let said = heard(&mut ears).await;
        let expected: Vec<String> = (0..MANY).map(|number| format!("{round} {number}")).collect();
        assert_eq!(said[..MANY], expected);
        let mut rest = said[MANY..].to_vec();
        rest.dedup();
        assert_eq!(rest[0], format!("edit: after {round}"));
        say(chat, ann, GENERAL, &format!("on it goes {round}")).await;
        assert_eq!(heard(&mut ears).await, [format!("on it goes {round}")]);
    }
}

#[tokio::test]
async fn a_message_that_was_lost_and_then_changed_is_told_once_and_in_its_place() {
    let world = World::new().await;
    let (chat, ann, bob) = (&world.chat, &world.people[0].caller, &world.people[1].caller);
    let mut ears = ears::listen(chat, bob).await.unwrap();
    let mut said = Vec::new();
    for number in 0..MANY {
        said.push(say(chat, ann, GENERAL, &format!("lost {number}")).await);
    }
    // What was lost takes several answers to fetch, and the change comes with the last of them.
    let with = EditMessage { body: "lost and edited".into() };
    messages::edit(chat, ann, said[3], with).await.unwrap();
    messages::delete(chat, ann, said[5]).await.unwrap();
    let mut expected: Vec<String> = (0..MANY).map(|number| format!("lost {number}")).collect();
    expected[3] = "lost and edited".into();
    expected.remove(5);
    assert_eq!(heard(&mut ears).await, expected);
}

#[tokio::test]
async fn much_that_was_lost_is_fetched_part_by_part_while_it_is_told() {
    let world = World::new().await;
    let (chat, ann, bob) = (&world.chat, &world.people[0].caller, &world.people[1].caller);
    let old = say(chat, ann, GENERAL, "before").await;
    let mut ears = ears::listen(chat, bob).await.unwrap();
    for number in 0..MANY {
        say(chat, ann, GENERAL, &format!("lost {number}")).await;
    }
    let mut said = 0;
    while let Some(delivery) = now(&ears).await {
        let part = ears.understand(delivery).await.unwrap();
        assert!(part.len() <= 50, "{} wait in memory for a client that may take none of it", part.len());
        if said == 0 {
            // While it is told, life goes on.
            messages::edit(chat, ann, old, EditMessage { body: "edited meanwhile".into() }).await.unwrap();
            say(chat, ann, GENERAL, "meanwhile").await;
        }
        for heard in part {
            let Heard::Event { event: Event::MessageCreated { message }, .. } = heard else { continue };
            let expected = if said < MANY { format!("lost {said}") } else { "meanwhile".into() };
            assert_eq!(message.body.unwrap(), expected);
            said += 1;
        }
    }
    assert_eq!(said, MANY + 1);
}

#[tokio::test]
async fn what_was_said_before_is_history_and_what_comes_after_is_heard_once() {
    let world = World::new().await;
    let (chat, ann, bob) = (&world.chat, &world.people[0].caller, &world.people[1].caller);
    say(chat, ann, GENERAL, "history").await;
    let mut ears = ears::listen(chat, bob).await.unwrap();
    assert_eq!(heard(&mut ears).await, Vec::<String>::new());
    say(chat, bob, GENERAL, "from myself").await;
    let direct = world.place(1);
    say(chat, ann, direct, "for bob").await;
    assert_eq!(heard(&mut ears).await, ["from myself", "for bob"]);
}

#[tokio::test]
async fn nobody_hears_general_and_nothing_else() {
    let world = World::new().await;
    let (chat, ann) = (&world.chat, &world.people[0].caller);
    let mut ears = ears::listen_as_nobody(chat).await.unwrap();
    say(chat, ann, world.place(1), "private").await;
    say(chat, ann, world.room, "in the room").await;
    say(chat, ann, GENERAL, "to all").await;
    assert_eq!(heard(&mut ears).await, ["to all"]);
}

#[tokio::test]
async fn whoever_is_let_into_a_room_hears_it_and_whoever_is_removed_hears_nothing_more() {
    let world = World::new().await;
    let (chat, ann, dia) = (&world.chat, &world.people[0].caller, &world.people[3].caller);
    let mut ears = ears::listen(chat, dia).await.unwrap();
    chat::invites::join(chat, dia, &crate::people::client(), &world.open_code).await.unwrap();
    say(chat, ann, world.room, "welcome").await;
    memberships::remove(chat, ann, world.room, dia.account.id).await.unwrap();
    say(chat, ann, world.room, "among us").await;
    let said = heard(&mut ears).await.join("\n");
    assert!(said.contains("welcome") && !said.contains("among us"), "{said}");
}

#[tokio::test]
async fn whoever_comes_back_to_a_room_is_not_told_what_was_said_meanwhile() {
    let world = World::new().await;
    let (chat, ann, dia) = (&world.chat, &world.people[0].caller, &world.people[3].caller);
    let mut ears = ears::listen(chat, dia).await.unwrap();
    let client = crate::people::client();
    let join = || chat::invites::join(chat, dia, &client, &world.open_code);
    join().await.unwrap();
    memberships::remove(chat, ann, world.room, dia.account.id).await.unwrap();
    say(chat, ann, world.room, "among us").await;
    join().await.unwrap();
    say(chat, ann, world.room, "welcome back").await;
    let said = heard(&mut ears).await.join("\n");
    assert!(said.contains("welcome back") && !said.contains("among us"), "{said}");
}

#[tokio::test]
async fn of_what_was_lost_only_that_is_told_which_was_not_heard_and_what_comes_meanwhile_is_told_once() {
    let world = World::new().await;
    let (chat, ann, bob) = (&world.chat, &world.people[0].caller, &world.people[1].caller);
    let mut ears = ears::listen(chat, bob).await.unwrap();
    say(chat, ann, GENERAL, "heard").await;
    assert_eq!(heard(&mut ears).await, ["heard"]);
    for number in 0..MANY {
        say(chat, ann, GENERAL, &format!("lost {number}")).await;
    }
    let lag = now(&ears).await.unwrap();
    say(chat, ann, GENERAL, "meanwhile").await;
    let mut said = 0;
    for told in ears.understand(lag).await.unwrap() {
        assert!(matches!(told, Heard::Event { event: Event::MessageCreated { .. }, .. }));
        said += 1;
    }
    let rest = heard(&mut ears).await;
    assert_eq!(said + rest.len(), MANY + 1);
    assert_eq!(rest.last().map(String::as_str), Some("meanwhile"));
}

#[tokio::test]
async fn what_was_lost_in_a_room_is_not_told_to_whoever_was_removed_before_it_was_fetched() {
    let world = World::new().await;
    let (chat, ann, dia) = (&world.chat, &world.people[0].caller, &world.people[3].caller);
    chat::invites::join(chat, dia, &crate::people::client(), &world.open_code).await.unwrap();
    let mut ears = ears::listen(chat, dia).await.unwrap();
    for number in 0..MANY {
        say(chat, ann, world.room, &format!("lost {number}")).await;
    }
    memberships::remove(chat, ann, world.room, dia.account.id).await.unwrap();
    say(chat, ann, GENERAL, "to all").await;
    let said = heard(&mut ears).await;
    assert!(said.iter().all(|words| !words.starts_with("lost")), "{said:?}");
    assert_eq!(said.last().map(String::as_str), Some("to all"));
}

#[tokio::test]
async fn ears_that_look_for_what_was_never_stored_give_up() {
    let world = World::new().await;
    let (chat, ann, bob) = (&world.chat, &world.people[0].caller, &world.people[1].caller);
    let mut ears = ears::listen(chat, bob).await.unwrap();
    say(chat, ann, GENERAL, "stored").await;
    chat.hub().reconcile(GENERAL, 99, None);
    let mut end = None;
    for _ in 0..10 {
        let Some(delivery) = now(&ears).await else { break };
        end = ears.understand(delivery).await.err();
        if end.is_some() {
            break;
        }
    }
    assert_eq!(end, Some(CloseReason::TooSlow));
}

#[tokio::test]
async fn ears_close_with_the_session() {
    let world = World::new().await;
    let bob = &world.people[1].caller;
    let mut ears = ears::listen(&world.chat, bob).await.unwrap();
    chat::sessions::sign_out(&world.chat, bob).await.unwrap();
    let end = ears.wait().await;
    assert_eq!(ears.understand(end).await.unwrap_err(), CloseReason::SessionEnded);
    assert!(ears::listen(&world.chat, bob).await.is_err(), "and do not open again");
}
