//! Who owns a room, who decides in it about whom, and who is told.

use crate::people::{World, administrator, client, ready};
use chat::{Caller, Rate, administration, invites, memberships, messages, sync};
use protocol::{
    AccountId, ErrorCode, Event, Membership,
    MembershipRole::{self, Member, Moderator, Owner},
    MembershipState::{self, Active, Banned},
    Rev, ServerFrame,
    api::{SendMessage, UpdateMembership},
    ids::GENERAL,
};
use realtime::{Delivery, Listener};

async fn set(
    world: &World,
    caller: &Caller,
    of: AccountId,
    role: MembershipRole,
) -> chat::Result<Membership> {
    memberships::set_role(&world.chat, caller, world.room, of, UpdateMembership { role }).await
}

async fn join(world: &World, caller: &Caller, code: &str) -> chat::Result<()> {
    invites::join(&world.chat, caller, &client(), code).await.map(drop)
}

async fn say(world: &World, caller: &Caller, text: &str) {
    let with = SendMessage { cid: text.replace(' ', "-"), body: text.into(), reply_to: None };
    messages::send(&world.chat, caller, world.room, with).await.unwrap();
}

/// How far the room has come, as its owner sees it.
async fn head(world: &World) -> Rev {
    sync::changes(&world.chat, &world.people[0].caller, world.room, 0, None).await.unwrap().head
}

async fn list(world: &World, state: MembershipState, after: Option<AccountId>) -> (Vec<AccountId>, bool) {
    let ann = &world.people[0].caller;
    let page = memberships::list(&world.chat, ann, world.room, state, after, Some(2)).await.unwrap();
    (page.memberships.iter().map(|member| member.account.id).collect(), page.has_more)
}

/// What waits for a connection, in words.
async fn heard(listener: &Listener) -> Vec<String> {
    let mut words = Vec::new();
    while let Some(Delivery::Frames(frames)) = ready(listener.next()).await {
        words.extend(frames.iter().filter_map(|told| match &told.frame {
            ServerFrame::Event(told) => match &told.event {
                Event::MessageCreated { message } => message.body.clone(),
                Event::MembershipChanged { membership } => Some(format!(
                    "{} is {:?} {:?}",
                    membership.account.username, membership.role, membership.state
                )),
                _ => None,
            },
            ServerFrame::Membership(notice) => {
                let name = notice.request.as_ref().map(|request| request.name.as_str());
                Some(format!("you are {:?} {}", notice.state, name.unwrap_or_default()).trim_end().to_owned())
            }
            ServerFrame::Request(notice) => Some(format!(
                "{} asks: {:?}, {} wait",
                notice.membership.account.username, notice.membership.state, notice.pending_count
            )),
            _ => None,
        }));
    }
    words
}

#[tokio::test]
async fn a_room_has_its_owner_until_that_one_hands_it_to_a_member_who_can_act() {
    let world = World::new().await;
    let [ann, bob, cem, dia] = [0, 1, 2, 3].map(|number| &world.people[number].caller);
    join(&world, bob, &world.open_code).await.unwrap();
    join(&world, cem, &world.asking_code).await.unwrap();
    let refused = set(&world, ann, ann.account.id, Member).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LastOwner);
    assert_eq!(set(&world, ann, ann.account.id, Owner).await.unwrap().role, Owner, "as it was");
    administration::set_deactivated(&world.chat, "bob", true).await.unwrap();
    for heir in [bob, cem, dia] {
        let refused = set(&world, ann, heir.account.id, Owner).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotFound, "shut out, asking to come in, not there");
    }
    administration::set_deactivated(&world.chat, "bob", false).await.unwrap();
    assert_eq!(set(&world, ann, bob.account.id, Owner).await.unwrap().role, Owner);
    let members = memberships::list(&world.chat, ann, world.room, Active, None, None).await.unwrap();
    let roles: Vec<_> = members.memberships.iter().map(|member| (member.account.id, member.role)).collect();
    assert_eq!(roles, [(ann.account.id, Moderator), (bob.account.id, Owner)]);
}

#[tokio::test]
async fn nobody_removes_or_bans_anybody_who_is_not_below_them() {
    let world = World::new().await;
    let (chat, room) = (&world.chat, world.room);
    let [ann, bob, cem, dia] = [0, 1, 2, 3].map(|number| &world.people[number].caller);
    for caller in [bob, cem, dia] {
        join(&world, caller, &world.open_code).await.unwrap();
    }
    for moderator in [bob, cem] {
        set(&world, ann, moderator.account.id, Moderator).await.unwrap();
    }
    for other in [ann, cem, bob] {
        let id = other.account.id;
        assert_eq!(memberships::remove(chat, bob, room, id).await.unwrap_err().code, ErrorCode::Forbidden);
        assert_eq!(memberships::ban(chat, bob, room, id).await.unwrap_err().code, ErrorCode::Forbidden);
    }
    let before = head(&world).await;
    for _ in 0..2 {
        let banned = memberships::ban(chat, bob, room, dia.account.id).await.unwrap();
        assert_eq!(banned.state, Banned);
    }
    assert_eq!(head(&world).await, before + 1, "once is enough");
    join(&world, dia, &world.open_code).await.unwrap_err();
    memberships::remove(chat, ann, room, cem.account.id).await.unwrap();
    assert_eq!(list(&world, Active, None).await, (vec![ann.account.id, bob.account.id], false));
}

#[tokio::test]
async fn whoever_asks_is_decided_about_once_and_only_coming_in_is_a_change_of_the_room() {
    let world = World::new().await;
    let (chat, room) = (&world.chat, world.room);
    let [ann, bob, cem, dia] = [0, 1, 2, 3].map(|number| &world.people[number].caller);
    let before = head(&world).await;
    for caller in [bob, cem, dia] {
        join(&world, caller, &world.asking_code).await.unwrap();
    }
    let first = list(&world, MembershipState::Pending, None).await;
    assert_eq!(first, (vec![bob.account.id, cem.account.id], true));
    let rest = list(&world, MembershipState::Pending, Some(cem.account.id)).await;
    assert_eq!(rest, (vec![dia.account.id], false));
    memberships::deny(chat, ann, room, cem.account.id).await.unwrap();
    memberships::ban(chat, ann, room, dia.account.id).await.unwrap();
    assert_eq!(head(&world).await, before, "requests are outside the room");
    assert_eq!(memberships::approve(chat, ann, room, bob.account.id).await.unwrap().state, Active);
    assert_eq!(head(&world).await, before + 1);
    for decided in [bob, cem, dia] {
        let refused = memberships::approve(chat, ann, room, decided.account.id).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::AlreadyDecided);
    }
}

#[tokio::test]
async fn whoever_asks_and_those_who_decide_are_told_and_whoever_gets_another_role_goes_on_hearing() {
    let world = World::new().await;
    let [ann, bob] = [0, 1].map(|number| &world.people[number].caller);
    let owner = sync::connect(&world.chat, ann, None).await.unwrap().listener;
    let asker = sync::connect(&world.chat, bob, None).await.unwrap().listener;
    join(&world, bob, &world.asking_code).await.unwrap();
    assert_eq!(heard(&asker).await, ["you are Pending Kitchen garden"]);
    assert_eq!(heard(&owner).await, ["bob asks: Pending, 1 wait"]);
    memberships::approve(&world.chat, ann, world.room, bob.account.id).await.unwrap();
    assert_eq!(heard(&asker).await, ["you are Active", "bob is Member Active"]);
    assert_eq!(heard(&owner).await, ["bob is Member Active", "bob asks: Active, 0 wait"]);
    set(&world, ann, bob.account.id, Moderator).await.unwrap();
    say(&world, ann, "welcome").await;
    assert_eq!(heard(&asker).await, ["bob is Moderator Active", "welcome"]);
    assert_eq!(heard(&owner).await, ["bob is Moderator Active", "welcome"]);
    memberships::remove(&world.chat, ann, world.room, bob.account.id).await.unwrap();
    say(&world, ann, "among us").await;
    assert_eq!(heard(&asker).await, ["bob is Member Left", "you are Left"]);
    assert_eq!(heard(&owner).await, ["bob is Member Left", "among us"]);
}

#[tokio::test]
async fn everyone_who_may_act_is_in_general_and_administrators_moderate_it() {
    let world = World::with_limits(|limits| limits.lookups_per_account = Rate::new(1, 3600, 3)).await;
    let chat = &world.chat;
    administrator(chat).await;
    administration::set_deactivated(chat, "bob", true).await.unwrap();
    let everyone = async |after| {
        let ann = &world.people[0].caller;
        let page = memberships::list(chat, ann, GENERAL, Active, after, Some(2)).await?;
        Ok::<_, chat::Error>((page.memberships, page.has_more))
    };
    let (first, has_more) = everyone(None).await.unwrap();
    assert!(has_more);
    let (rest, has_more) = everyone(Some(first[1].account.id)).await.unwrap();
    assert!(!has_more);
    let all: Vec<_> =
        first.iter().chain(&rest).map(|member| (member.account.username.as_str(), member.role)).collect();
    assert_eq!(all, [("ann", Member), ("cem", Member), ("dia", Member), ("boss", Moderator)]);
    everyone(None).await.unwrap();
    let refused = everyone(None).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::RateLimited, "it is the directory of people, which nobody copies");
    for _ in 0..5 {
        list(&world, Active, None).await;
    }
}
