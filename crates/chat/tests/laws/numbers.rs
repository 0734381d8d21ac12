//! Numbers, by which some clients know people, and what they read back by them.

use crate::people::{World, administrator, client};
use chat::{
    Caller, Chat,
    auth::guests,
    conversations,
    history::{self, Part},
    messages, numbers,
};
use protocol::{
    AccountId, AccountKind, Author, ConversationId, Dialect, ErrorCode, Message, MessageId,
    api::{SendMessage, UpdateAccount},
    ids::GENERAL,
};

const ALL: Part = Part { before: None, limit: None };

async fn guest(chat: &Chat, name: &str) -> Caller {
    guests::enter(chat, &client(), Dialect::ChatterBox, name).await.unwrap()
}

async fn number_of(chat: &Chat, author: Author) -> i64 {
    numbers::of(chat, vec![author]).await.unwrap().into_values().next().unwrap()
}

async fn whose(chat: &Chat, number: i64) -> Option<AccountId> {
    numbers::whose(chat, number).await.unwrap().map(|account| account.id)
}

async fn direct(chat: &Chat, from: &Caller, to: AccountId) -> ConversationId {
    conversations::direct_with(chat, from, to).await.unwrap()
}

async fn says(chat: &Chat, caller: &Caller, place: ConversationId, text: &str) -> MessageId {
    let with = SendMessage { cid: text.replace(' ', "-"), body: text.into(), reply_to: None };
    messages::send(chat, caller, place, with).await.unwrap().message.id
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter_map(|message| message.body.as_deref()).collect()
}

#[tokio::test]
async fn a_number_is_one_persons_at_a_time() {
    let world = World::new().await;
    let chat = &world.chat;
    let ann = &world.people[0].caller.account;
    let (seven, seven_too, eve) =
        (guest(chat, "70").await, guest(chat, "070").await, guest(chat, "eve").await);
    assert_ne!(seven.account.id, seven_too.account.id);
    for (account, number) in [
        (ann, ann.id.0),
        (&seven.account, 70),
        (&seven_too.account, -seven_too.account.id.0),
        (&eve.account, -eve.account.id.0),
    ] {
        assert_eq!(number_of(chat, account.author()).await, number);
        assert_eq!(whose(chat, number).await, Some(account.id), "{number}");
    }
    for nobodys in [0, 71, -1, -99, -seven.account.id.0, eve.account.id.0, i64::MIN, i64::MAX] {
        assert_eq!(whose(chat, nobodys).await, None, "{nobodys}");
    }
}

#[tokio::test]
async fn whoever_signs_up_takes_the_number_over() {
    let world = World::new().await;
    let chat = &world.chat;
    let next = world.people[3].caller.account.id.0 + 2;
    let early = guest(chat, &next.to_string()).await;
    assert_eq!(number_of(chat, early.account.author()).await, next);
    let boss = administrator(chat).await.account;
    assert_eq!((boss.id.0, boss.kind), (next, AccountKind::Person));
    assert_eq!(number_of(chat, early.account.author()).await, -early.account.id.0);
    assert_eq!(whose(chat, next).await, Some(boss.id));
    assert_eq!(whose(chat, -early.account.id.0).await, Some(early.account.id));
}

#[tokio::test]
async fn only_guests_write_to_a_number_before_somebody_comes_with_it() {
    let world = World::with_limits(|limits| limits.guests_max = 2).await;
    let chat = &world.chat;
    let (ann, eve) = (&world.people[0].caller, guest(chat, "70").await);
    let refused = guests::expect(chat, ann, &client(), 71).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    for nobody in [0, -5] {
        assert_eq!(
            guests::expect(chat, &eve, &client(), nobody).await.unwrap_err().code,
            ErrorCode::NotFound
        );
    }
    let expected = guests::expect(chat, &eve, &client(), 71).await.unwrap();
    assert_eq!(guests::expect(chat, &eve, &client(), 71).await.unwrap(), expected);
    assert_eq!(guest(chat, "71").await.account.id, expected, "who comes is who was expected");
    let refused = guests::expect(chat, &eve, &client(), 72).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LimitReached);
}

#[tokio::test]
async fn two_who_come_with_the_same_new_name_at_once_are_the_same_guest() {
    let world = World::new().await;
    let come = || guest(&world.chat, "70");
    let (one, two) = tokio::join!(come(), come());
    assert_eq!(one.account.id, two.account.id);
}

#[tokio::test]
async fn general_and_direct_chats_are_read_back_by_message() {
    let world = World::new().await;
    let chat = &world.chat;
    let (ann, bob, cem) = (&world.people[0].caller, &world.people[1].caller, &world.people[2].caller);
    let to_bob = direct(chat, ann, bob.account.id).await;
    assert_eq!(direct(chat, bob, ann.account.id).await, to_bob);
    says(chat, ann, GENERAL, "to all").await;
    says(chat, ann, to_bob, "to bob").await;
    let last = says(chat, bob, to_bob, "to ann").await;
    says(chat, ann, world.room, "in a room").await;
    assert_eq!(texts(&history::of_general(chat, ALL).await.unwrap()), ["to all"]);
    let both = history::with(chat, bob, ann.account.id, ALL).await.unwrap();
    assert_eq!(texts(&both), ["to bob", "to ann"]);
    let before = Part { before: Some(last), limit: Some(5) };
    assert_eq!(texts(&history::with(chat, ann, bob.account.id, before).await.unwrap()), ["to bob"]);
    assert_eq!(texts(&history::with(chat, ann, cem.account.id, ALL).await.unwrap()), [] as [&str; 0]);
    let elsewhere = history::of_general(chat, before).await.unwrap_err();
    assert_eq!((elsewhere.code, elsewhere.field), (ErrorCode::InvalidRequest, Some("before")));
    let all = history::outside_rooms(chat, ann, None).await.unwrap();
    let told: Vec<_> =
        all.iter().map(|posted| (posted.message.author.id, posted.to.as_ref().map(|to| to.id))).collect();
    let (ann_id, bob_id) = (ann.account.id, bob.account.id);
    assert_eq!(told, [(ann_id, None), (ann_id, Some(bob_id)), (bob_id, Some(ann_id))]);
    assert_eq!(history::outside_rooms(chat, cem, None).await.unwrap().len(), 1, "General alone");
    assert_eq!(history::outside_rooms(chat, ann, Some(1)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_guests_say_to_each_other_is_anybodys_and_what_people_say_is_not() {
    let world = World::new().await;
    let chat = &world.chat;
    let (ann, bob) = (&world.people[0].caller.account.id.0, &world.people[1].caller.account.id.0);
    let (one, two) = (guest(chat, "70").await, guest(chat, "71").await);
    let place = direct(chat, &one, two.account.id).await;
    says(chat, &one, place, "between guests").await;
    let between = |one: i64, other: i64| history::between_guests(chat, (one, other), ALL);
    assert_eq!(texts(&between(70, 71).await.unwrap()), ["between guests"]);
    assert_eq!(texts(&between(71, 70).await.unwrap()), ["between guests"]);
    for (one, other) in [(70, *ann), (*ann, 70), (70, 72), (72, *ann), (70, 70)] {
        assert_eq!(between(one, other).await.unwrap(), [], "{one} {other}");
    }
    assert_eq!(between(*ann, *bob).await.unwrap_err().code, ErrorCode::Unauthenticated);
    let boss = administrator(chat).await;
    for guest in [&one, &two] {
        assert_eq!(texts(&between(70, 71).await.unwrap()), ["between guests"], "one of them may come back");
        let out = UpdateAccount { role: None, deactivated: Some(true) };
        chat::administration::update(chat, &boss, guest.account.id, out).await.unwrap();
    }
    assert_eq!(between(70, 71).await.unwrap(), [], "nobody can be either of them any more");
}

#[tokio::test]
async fn administrators_alone_see_what_people_gave_when_they_signed_up() {
    let world = World::new().await;
    let chat = &world.chat;
    guest(chat, "eve").await;
    let boss = administrator(chat).await;
    let all = chat::administration::registered(chat, &boss, None, None).await.unwrap();
    let names: Vec<&str> = all.iter().map(|one| one.me.account.username.as_str()).collect();
    assert_eq!(names[..4], ["ann", "bob", "cem", "dia"]);
    assert_eq!(names.len(), 5, "guests did not sign up");
    let after = chat::administration::registered(chat, &boss, Some(all[0].me.account.id), Some(1)).await;
    assert_eq!(after.unwrap()[0].me.account.username, "bob");
    let refused = chat::administration::registered(chat, &world.people[0].caller, None, None).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn only_beginning_a_direct_chat_counts_as_beginning_one() {
    const BURST: u32 = 20;
    let world = World::with_limits(|limits| limits.rooms_per_account = chat::Rate::new(1, 3600, BURST)).await;
    let chat = &world.chat;
    let (bob, cem, eve) = (&world.people[1].caller, &world.people[2].caller, guest(chat, "70").await);
    let place = direct(chat, bob, cem.account.id).await;
    for _ in 0..=BURST {
        assert_eq!(direct(chat, bob, cem.account.id).await, place);
    }
    // Each try counts, allowed or not.
    let mut refused = Vec::new();
    for _ in 0..=BURST {
        refused.push(conversations::direct_with(chat, bob, eve.account.id).await.unwrap_err().code);
    }
    assert_eq!(
        (refused.first(), refused.last()),
        (Some(&ErrorCode::Forbidden), Some(&ErrorCode::RateLimited))
    );
    assert_eq!(direct(chat, bob, cem.account.id).await, place);
}
