//! Catching up: how much one answer and one welcome hold, and that what they leave out is said to be there and found.

use crate::people::{World, client};
use chat::{Caller, conversations, invites, messages, sync};
use protocol::{
    ConversationId, ConversationKind, Rev,
    api::{CreateConversation, SendMessage, UpdateConversation},
    frame::Resume,
    ids::GENERAL,
};
use std::{cell::Cell, collections::BTreeMap};

async fn say(world: &World, caller: &Caller, place: ConversationId, text: &str) {
    let with = SendMessage { cid: text.replace(' ', "-"), body: text.into(), reply_to: None };
    messages::send(&world.chat, caller, place, with).await.unwrap();
}

async fn come_in(world: &World, caller: &Caller) {
    invites::join(&world.chat, caller, &client(), &world.open_code).await.unwrap();
}

async fn open_room(world: &World, caller: &Caller) -> ConversationId {
    let (kind, name) = (ConversationKind::Room, Some("Another room".to_owned()));
    let with = CreateConversation { kind, name, description: None, account_id: None };
    conversations::create(&world.chat, caller, with).await.unwrap().0.conversation.details.id
}

#[tokio::test]
async fn changes_come_in_parts_as_long_as_asked_for_with_nothing_twice_and_nothing_left_out() {
    let world = World::new().await;
    let ann = &world.people[0].caller;
    for (number, person) in world.people.iter().enumerate().skip(1) {
        come_in(&world, &person.caller).await;
        say(&world, ann, world.room, &format!("welcome {number}")).await;
        say(&world, &person.caller, world.room, &format!("thanks {number}")).await;
        if number == 2 {
            let with = UpdateConversation { name: Some("Renamed".into()), ..Default::default() };
            conversations::update(&world.chat, ann, world.room, with).await.unwrap();
        }
    }
    let renamed = Cell::new(0);
    let revs = async |since: Rev, limit: Option<i64>| {
        let changes = sync::changes(&world.chat, ann, world.room, since, limit).await.unwrap();
        let mut revs: Vec<Rev> = changes.messages.iter().map(|message| message.rev).collect();
        revs.extend(changes.memberships.iter().map(|membership| membership.rev));
        revs.sort_unstable();
        let details = changes.conversation.iter().map(|details| details.rev);
        renamed.set(renamed.get() + details.len());
        let mut told = revs.iter().copied().chain(details);
        assert!(told.all(|rev| (since + 1..=changes.head).contains(&rev)), "{revs:?}");
        (revs, changes.head, changes.has_more)
    };
    let (all, last, has_more) = revs(0, None).await;
    assert_eq!((all.len(), has_more, renamed.take()), (10, false, 1));
    for limit in 1..=10 {
        let (mut found, mut head, mut has_more) = (Vec::new(), 0, true);
        while has_more {
            let part;
            (part, head, has_more) = revs(head, Some(limit)).await;
            let len = i64::try_from(part.len()).unwrap();
            assert!(len == limit || (len < limit && !has_more), "{len} of {limit}");
            found.extend(part);
        }
        assert_eq!((found, head), (all.clone(), last), "in parts of {limit}");
        assert_eq!(renamed.take(), 1, "the details come with the part that reaches them");
    }
}

#[tokio::test]
async fn all_that_a_welcome_catches_up_shares_one_bound_and_what_is_left_out_is_said_to_be_there() {
    let world = World::with_limits(|limits| limits.changes_len_max = 6).await;
    let (chat, ann) = (&world.chat, &world.people[0].caller);
    let (late, quiet, strange) =
        (open_room(&world, ann).await, open_room(&world, ann).await, open_room(&world, ann).await);
    let welcome = sync::connect(chat, ann, None).await.unwrap().welcome;
    let mut cursors: BTreeMap<ConversationId, Rev> =
        welcome.conversations.iter().map(|summary| (summary.details.id, summary.last_rev)).collect();
    assert_eq!(cursors[&GENERAL], 0);
    cursors.insert(strange, -1);
    let before = cursors[&late];
    for number in 0..3 {
        say(&world, ann, GENERAL, &format!("to all {number}")).await;
    }
    say(&world, ann, world.place(1), "for bob").await;
    come_in(&world, &world.people[1].caller).await;
    for number in 0..3 {
        say(&world, ann, world.room, &format!("in the room {number}")).await;
    }
    say(&world, ann, late, "too much").await;
    let resume = Resume { epoch: welcome.epoch, cursors };
    let changes = sync::connect(chat, ann, Some(resume)).await.unwrap().changes;
    let found: Vec<_> = changes
        .iter()
        .map(|frame| (frame.conversation, frame.messages.len(), frame.memberships.len(), frame.has_more))
        .collect();
    let room = world.room;
    assert_eq!(
        found,
        [(GENERAL, 3, 0, false), (world.place(1), 1, 0, false), (room, 1, 1, true), (late, 0, 0, true)]
    );
    assert_eq!(changes[3].head, before, "from here the rest is fetched");
    assert!(changes.iter().all(|frame| frame.conversation != quiet), "nothing happened there");
}

#[tokio::test]
async fn whoever_comes_with_the_cursors_of_another_history_begins_afresh() {
    let world = World::new().await;
    let (chat, ann) = (&world.chat, &world.people[0].caller);
    say(&world, ann, GENERAL, "to all").await;
    let cursors = BTreeMap::from([(GENERAL, 0)]);
    let stranger = Resume { epoch: "another".to_owned(), cursors: cursors.clone() };
    assert!(sync::connect(chat, ann, Some(stranger)).await.unwrap().changes.is_empty());
    let own = Resume { epoch: chat.epoch().to_owned(), cursors };
    assert_eq!(sync::connect(chat, ann, Some(own)).await.unwrap().changes.len(), 1);
}

#[tokio::test]
async fn whoever_says_something_has_read_up_to_it_there_and_nowhere_else() {
    let world = World::new().await;
    let (chat, [ann, bob]) = (&world.chat, [0, 1].map(|number| &world.people[number].caller));
    come_in(&world, bob).await;
    let places = [GENERAL, world.place(1), world.room];
    for (count, place) in (1..).zip(places) {
        for number in 0..count * 2 {
            say(&world, ann, place, &format!("unread {number}")).await;
        }
    }
    for (number, place) in (0..).zip(places) {
        let unread = async |id| conversations::get(chat, bob, id).await.unwrap().unread;
        assert_eq!(unread(place).await, 2 * (number + 1));
        say(&world, bob, place, "an answer").await;
        for (other, place) in (0..).zip(places) {
            assert_eq!(unread(place).await, if other <= number { 0 } else { 2 * (other + 1) });
        }
    }
}
