//! Who owns a room.

use crate::people::{World, client};
use chat::{Caller, administration, invites, memberships};
use protocol::{
    AccountId, ErrorCode, Membership,
    MembershipRole::{Member, Moderator, Owner},
    MembershipState::Active,
    api::UpdateMembership,
};

async fn set(
    world: &World,
    caller: &Caller,
    account: AccountId,
    role: protocol::MembershipRole,
) -> chat::Result<Membership> {
    memberships::set_role(&world.chat, caller, world.room, account, UpdateMembership { role }).await
}

#[tokio::test]
async fn a_room_has_its_owner_until_that_one_hands_it_to_a_member_who_can_act() {
    let world = World::new().await;
    let [ann, bob, cem, dia] = &world.people[..] else { unreachable!() };
    let [ann, bob, cem, dia] = [ann, bob, cem, dia].map(|person| &person.caller);
    invites::join(&world.chat, bob, &client(), &world.open_code).await.unwrap();
    invites::join(&world.chat, cem, &client(), &world.asking_code).await.unwrap();
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
