//! Laws that hold whatever people do, in whatever order: a copy that follows what is told equals what is stored, numbers
//! have no gaps, unread is arithmetic, and nobody hears what they may not.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop"
)]

mod attempts;
mod catching_up;
mod copy;
mod ears;
mod enrolment;
mod guests;
mod numbers;
mod page_views;
mod pages;
mod people;
mod roles;

use chat::{Error, Window, invites, memberships, messages, reactions, receipts, sync};
use people::{Person, World};
use proptest::prelude::*;
use protocol::{
    AccountId, ConversationId, ErrorCode, MembershipRole, MessageId, Seq,
    api::{EditMessage, SendMessage, UpdateConversation, UpdateMembership},
    ids::GENERAL,
};

const PEOPLE: usize = 4;

/// One thing that somebody does. Whom and what it is done to are picked from what there is by these numbers; what is not
/// allowed is refused and changes nothing.
#[derive(Clone, Debug)]
enum Act {
    Send { place: usize, reply: bool },
    Repeat { place: usize },
    Edit { message: usize },
    Delete { message: usize },
    React { message: usize, on: bool },
    Read { place: usize, upto: usize },
    Join { straight: bool },
    Approve { other: usize },
    Deny { other: usize },
    Leave,
    Remove { other: usize },
    Ban { other: usize },
    Unban { other: usize },
    Role { other: usize, role: usize },
    Rename { archived: Option<bool> },
}

fn act() -> impl Strategy<Value = Act> {
    let n = || 0..1000_usize;
    prop_oneof![
        8 => (n(), any::<bool>()).prop_map(|(place, reply)| Act::Send { place, reply }),
        2 => n().prop_map(|place| Act::Repeat { place }),
        4 => n().prop_map(|message| Act::Edit { message }),
        3 => n().prop_map(|message| Act::Delete { message }),
        4 => (n(), any::<bool>()).prop_map(|(message, on)| Act::React { message, on }),
        4 => (n(), n()).prop_map(|(place, upto)| Act::Read { place, upto }),
        6 => any::<bool>().prop_map(|straight| Act::Join { straight }),
        5 => n().prop_map(|other| Act::Approve { other }),
        1 => n().prop_map(|other| Act::Deny { other }),
        1 => Just(Act::Leave),
        1 => n().prop_map(|other| Act::Remove { other }),
        1 => n().prop_map(|other| Act::Ban { other }),
        2 => n().prop_map(|other| Act::Unban { other }),
        2 => (n(), n()).prop_map(|(other, role)| Act::Role { other, role }),
        2 => prop_oneof![Just(None), Just(Some(true)), Just(Some(false)), Just(Some(false))]
            .prop_map(|archived| Act::Rename { archived }),
    ]
}

/// Does one thing; says how it was refused.
async fn perform(world: &World, step: usize, person: &Person, act: &Act) -> Result<(), Error> {
    let (chat, caller) = (&world.chat, &person.caller);
    let other = |n: usize| world.people[n % PEOPLE].caller.account.id;
    match act {
        Act::Send { place, reply } => {
            let id = world.place(*place);
            let reply_to = if *reply { newest(world, person, id).await } else { None };
            let body = format!("{step} for @ann and @bob");
            let with = SendMessage { cid: format!("cid-{step}"), body, reply_to };
            let sent = messages::send(chat, caller, id, with.clone()).await?;
            assert!(!sent.dup);
            let again = messages::send(chat, caller, id, with.clone()).await?;
            assert_eq!((again.dup, again.message), (true, sent.message));
            let other = SendMessage { body: "another body".into(), ..with };
            assert_eq!(messages::send(chat, caller, id, other).await.unwrap_err().code, ErrorCode::CidReused);
            Ok(())
        }
        Act::Repeat { place } => {
            let with = SendMessage { cid: "always-the-same".into(), body: "again".into(), reply_to: None };
            messages::send(chat, caller, world.place(*place), with).await.map(drop)
        }
        Act::Edit { message } => {
            let with = EditMessage { body: format!("edited in step {step}, @cem") };
            messages::edit(chat, caller, world.message(*message).await, with).await.map(drop)
        }
        Act::Delete { message } => {
            messages::delete(chat, caller, world.message(*message).await).await.map(drop)
        }
        Act::React { message, on } => {
            let id = world.message(*message).await;
            reactions::set(chat, caller, id, ["👍", "🍅"][step % 2], *on).await.map(drop)
        }
        Act::Read { place, upto } => {
            let upto = Seq::try_from(*upto % 20).unwrap();
            receipts::mark_read(chat, caller, world.place(*place), upto).await.map(drop)
        }
        Act::Join { straight } => {
            let code = if *straight { &world.open_code } else { &world.asking_code };
            invites::join(chat, caller, &people::client(), code).await.map(drop)
        }
        Act::Approve { other: n } => {
            memberships::approve(chat, caller, world.room, other(*n)).await.map(drop)
        }
        Act::Deny { other: n } => memberships::deny(chat, caller, world.room, other(*n)).await.map(drop),
        Act::Leave => memberships::leave(chat, caller, world.room).await,
        Act::Remove { other: n } => memberships::remove(chat, caller, world.room, other(*n)).await,
        Act::Ban { other: n } => memberships::ban(chat, caller, world.room, other(*n)).await.map(drop),
        Act::Unban { other: n } => memberships::unban(chat, caller, world.room, other(*n)).await,
        Act::Role { other: n, role } => {
            let role = [MembershipRole::Member, MembershipRole::Moderator, MembershipRole::Owner][role % 3];
            let with = UpdateMembership { role };
            memberships::set_role(chat, caller, world.room, other(*n), with).await.map(drop)
        }
        Act::Rename { archived } => {
            let name = archived.is_none().then(|| format!("Room {step}"));
            let with = UpdateConversation { name, description: None, archived: *archived };
            chat::conversations::update(chat, caller, world.room, with).await.map(drop)
        }
    }
}

async fn newest(world: &World, person: &Person, id: ConversationId) -> Option<MessageId> {
    let page = messages::history(&world.chat, &person.caller, id, Window::Newest, Some(1)).await.ok()?;
    page.messages.first().map(|message| message.id)
}

/// Every law, for everyone, about what is stored now.
async fn check_laws(world: &World) {
    for person in &world.people {
        let listed = chat::conversations::list(&world.chat, &person.caller, None, None).await.unwrap();
        let ids: Vec<ConversationId> =
            listed.conversations.iter().map(|summary| summary.details.id).collect();
        assert_eq!(person.copies.keys().copied().collect::<Vec<_>>(), ids, "{} is in these", person.name());
        for summary in &listed.conversations {
            let id = summary.details.id;
            let fresh = copy::load(&world.chat, &person.caller, id).await;
            let copy = &person.copies[&id];
            assert_eq!(copy, &fresh, "what {} followed in {id} equals what is stored", person.name());
            let numbers: Vec<Seq> = fresh.messages.keys().copied().collect();
            assert_eq!(numbers, (1..=summary.last_seq).collect::<Vec<_>>(), "no gaps");
            let unread = numbers.iter().filter(|seq| **seq > summary.read_seq).count();
            assert_eq!(summary.unread, i64::try_from(unread).unwrap(), "unread is arithmetic");
            let me = person.caller.account.id;
            let named = fresh
                .messages
                .values()
                .filter(|message| message.seq > summary.read_seq && message.mentions.contains(&me))
                .count();
            assert_eq!(summary.unread_mentions, i64::try_from(named).unwrap());
            assert_eq!(summary.last_message.as_ref(), fresh.messages.values().next_back());
            check_catching_up(world, person, &fresh, id).await;
        }
        if !ids.contains(&world.room) {
            check_outside(world, person).await;
        }
    }
}

/// From wherever a copy stood, in whatever portions, the changes lead to what is stored; every rev is found once.
async fn check_catching_up(world: &World, person: &Person, fresh: &copy::Copy, id: ConversationId) {
    for (since, limit) in [(0, 500), (0, 3), (fresh.cursor / 2, 1), (fresh.cursor, 500)] {
        let mut copy = person.history[&id].get(&since).cloned().unwrap_or_default();
        let mut cursor = since;
        loop {
            let changes = sync::changes(&world.chat, &person.caller, id, cursor, Some(limit)).await.unwrap();
            assert!(changes.head > cursor || !changes.has_more, "each portion leads on");
            assert!(
                changes.messages.iter().all(|message| message.rev > cursor && message.rev <= changes.head)
            );
            cursor = changes.head;
            let has_more = changes.has_more;
            copy.catch_up(changes);
            if !has_more {
                break;
            }
        }
        if since == 0 || person.history[&id].contains_key(&since) {
            assert_eq!(copy.messages, fresh.messages, "since {since} in portions of {limit}");
            assert_eq!(copy.states(), fresh.states(), "since {since} in portions of {limit}");
            assert_eq!(copy.cursor, fresh.cursor);
        }
    }
}

/// Who is not in gets one answer to everything.
async fn check_outside(world: &World, person: &Person) {
    let (chat, caller, room) = (&world.chat, &person.caller, world.room);
    let with = SendMessage { cid: "outside".into(), body: "let me in".into(), reply_to: None };
    let nowhere = ConversationId(9999);
    for id in [room, nowhere] {
        let refused = [
            messages::history(chat, caller, id, Window::Newest, None).await.map(drop),
            messages::send(chat, caller, id, with.clone()).await.map(drop),
            sync::changes(chat, caller, id, 0, None).await.map(drop),
            receipts::mark_read(chat, caller, id, 1).await.map(drop),
            receipts::typing(chat, caller, id).await,
            chat::conversations::get(chat, caller, id).await.map(drop),
            memberships::remove(chat, caller, id, AccountId(1)).await,
            invites::list(chat, caller, id).await.map(drop),
        ];
        for answer in refused {
            assert_eq!(answer.unwrap_err(), ErrorCode::NotAMember.into());
        }
    }
    let inside = world.message_in(room).await;
    for id in inside.into_iter().chain([MessageId(9999)]) {
        assert_eq!(messages::get(chat, caller, id).await.unwrap_err(), ErrorCode::UnknownMessage.into());
        assert_eq!(messages::delete(chat, caller, id).await.unwrap_err(), ErrorCode::UnknownMessage.into());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_laws_hold(acts in prop::collection::vec((0..PEOPLE, act()), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            for (step, (who, act)) in acts.iter().enumerate() {
                let done = perform(&world, step, &world.people[*who], act).await;
                if let Err(error) = done {
                    assert_ne!(error.code, ErrorCode::Internal, "{act:?}");
                }
                world.hear().await;
            }
            check_laws(&world).await;
        });
    }
}

#[tokio::test]
async fn two_who_decide_the_same_request_at_once_decide_it_once() {
    let mut world = World::new().await;
    let [ann, bob, cem, _] = &world.people[..] else { unreachable!() };
    invites::join(&world.chat, &bob.caller, &people::client(), &world.open_code).await.unwrap();
    let moderator = UpdateMembership { role: MembershipRole::Moderator };
    memberships::set_role(&world.chat, &ann.caller, world.room, bob.caller.account.id, moderator)
        .await
        .unwrap();
    invites::join(&world.chat, &cem.caller, &people::client(), &world.asking_code).await.unwrap();
    let who = cem.caller.account.id;
    let (yes, no) = tokio::join!(
        memberships::approve(&world.chat, &ann.caller, world.room, who),
        memberships::deny(&world.chat, &bob.caller, world.room, who),
    );
    let refused: Vec<Error> = [yes.err(), no.err()].into_iter().flatten().collect();
    assert_eq!(refused, [Error::from(ErrorCode::AlreadyDecided)]);
    world.hear().await;
    check_laws(&world).await;
}

#[tokio::test]
async fn the_last_use_of_an_invite_goes_to_one_of_those_who_take_it_at_once() {
    let world = World::new().await;
    let [ann, bob, cem, _] = &world.people[..] else { unreachable!() };
    let with = protocol::api::CreateInvite { needs_approval: false, max_uses: Some(1), expires_in_s: None };
    let invite = invites::create(&world.chat, &ann.caller, world.room, with).await.unwrap();
    let code = invite.code.unwrap();
    let client = people::client();
    let (one, other) = tokio::join!(
        invites::join(&world.chat, &bob.caller, &client, &code),
        invites::join(&world.chat, &cem.caller, &client, &code),
    );
    let refused: Vec<Error> = [one.err(), other.err()].into_iter().flatten().collect();
    assert_eq!(refused, [Error::from(ErrorCode::InviteInvalid)]);
}

#[tokio::test]
async fn two_who_start_a_chat_with_each_other_at_once_get_the_same_one() {
    let world = World::new().await;
    let [_, _, cem, dia] = &world.people[..] else { unreachable!() };
    let with = |person: &Person| protocol::api::CreateConversation {
        kind: protocol::ConversationKind::Direct,
        name: None,
        description: None,
        account_id: Some(person.caller.account.id),
    };
    let (one, other) = tokio::join!(
        chat::conversations::create(&world.chat, &cem.caller, with(dia)),
        chat::conversations::create(&world.chat, &dia.caller, with(cem)),
    );
    let ((one, first), (other, second)) = (one.unwrap(), other.unwrap());
    assert_eq!(one.conversation.details.id, other.conversation.details.id);
    assert_ne!(first, second, "one of them made it");
    assert_ne!(one.conversation.details.id, GENERAL);
}
