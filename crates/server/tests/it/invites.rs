//! Invites, requests to join, and what owners and moderators decide.

use crate::{stories, world::Person};
use protocol::{
    ConversationId, Invite, InviteCard, Membership, MembershipRole, MembershipState,
    api::{ConversationList, InviteList, Joined, MembershipList},
};
use serde_json::json;

async fn members(person: &Person, room: ConversationId, state: &str) -> Vec<String> {
    let list: MembershipList =
        person.get(&format!("/conversations/{room}/members?state={state}")).await.expect(200);
    list.memberships.into_iter().map(|membership| membership.account.username).collect()
}

stories! {
    async fn a_stranger_sees_the_card_of_a_room_and_nothing_more(world) {
        let sita = world.sign_up("sita").await;
        let body = json!({ "kind": "room", "name": "Garden", "description": "Tomatoes" });
        let made: protocol::api::CreatedConversation = sita.post("/conversations", body).await.expect(201);
        let invite = made.invite.unwrap();
        let code = invite.code.unwrap();
        assert_eq!(invite.url.unwrap(), format!("{}/join/{code}", world.server().public_url()));
        let reply = world.stranger().get(&format!("/api/v1/invites/{code}")).await;
        let card: InviteCard = reply.expect(200);
        assert_eq!((card.name.as_str(), card.description.as_str(), card.state), ("Garden", "Tomatoes", None));
        assert!(card.needs_approval);
        assert!(!reply.text().contains("sita"), "{}", reply.text());
        for wrong in [&"0".repeat(32), "x", "%00", "..%2f..%2fserver"] {
            world.stranger().get(&format!("/api/v1/invites/{wrong}")).await.expect_problem(404, "invite_invalid");
        }
    }

    async fn whoever_follows_an_invite_waits_until_somebody_decides(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let made = sita.makes_room("Garden").await;
        let room = made.conversation.details.id;
        sita.says(room, "canary").await;
        let joined: Joined = ramesh.follows(&made.invite.unwrap().code.unwrap()).await;
        assert_eq!((joined.state, joined.conversation), (MembershipState::Pending, None));
        ramesh.get(&format!("/conversations/{room}/messages")).await.expect_problem(404, "not_a_member");
        let list: ConversationList = ramesh.get("/conversations").await.expect(200);
        assert_eq!(list.requests.len(), 1);
        assert_eq!(members(&sita, room, "pending").await, ["ramesh"]);

        let approve = format!("/conversations/{room}/members/{}/approve", ramesh.id());
        ramesh.post(&approve, json!({})).await.expect_problem(404, "not_a_member");
        let membership: Membership = sita.post(&approve, json!({})).await.expect(200);
        assert_eq!(membership.state, MembershipState::Active);
        sita.post(&approve, json!({})).await.expect_problem(409, "already_decided");
        ramesh.says(room, "thank you").await;
        assert_eq!(members(&ramesh, room, "active").await, ["sita", "ramesh"]);
    }

    async fn somebody_who_was_turned_away_may_ask_again_and_somebody_banned_may_not(world) {
        let sita = world.sign_up("sita").await;
        let hari = world.sign_up("hari").await;
        let made = sita.makes_room("Garden").await;
        let room = made.conversation.details.id;
        let code = made.invite.unwrap().code.unwrap();
        hari.follows(&code).await;
        sita.post(&format!("/conversations/{room}/members/{}/deny", hari.id()), json!({})).await.expect_status(200);
        assert_eq!(hari.follows(&code).await.state, MembershipState::Pending);
        let ban = format!("/conversations/{room}/bans/{}", hari.id());
        let membership: Membership = sita.put(&ban, json!({})).await.expect(200);
        assert_eq!(membership.state, MembershipState::Banned);
        hari.post(&format!("/invites/{code}/join"), json!({})).await.expect_problem(403, "banned");
        sita.delete(&ban).await.expect_status(204);
        assert_eq!(hari.follows(&code).await.state, MembershipState::Pending);
    }

    async fn an_invite_is_good_for_as_many_as_it_says_and_until_it_is_revoked(world) {
        let sita = world.sign_up("sita").await;
        let room = sita.makes_room("Garden").await.conversation.details.id;
        let path = format!("/conversations/{room}/invites");
        let body = json!({ "needs_approval": false, "max_uses": 1 });
        let once: Invite = sita.post(&path, body).await.expect(201);
        let code = once.code.unwrap();
        let (one, other) = (world.sign_up("one").await, world.sign_up("other").await);
        let join = format!("/invites/{code}/join");
        let (first, second) = tokio::join!(one.post(&join, json!({})), other.post(&join, json!({})));
        let statuses = [first.status.as_u16(), second.status.as_u16()];
        assert!(statuses == [200, 404] || statuses == [404, 200], "{statuses:?}");

        let open: Invite = sita.post(&path, json!({ "needs_approval": false })).await.expect(201);
        let list: InviteList = sita.get(&path).await.expect(200);
        assert!(list.invites.iter().all(|invite| invite.code.is_none() && invite.url.is_none()));
        sita.delete(&format!("{path}/{}", open.id)).await.expect_status(204);
        let hari = world.sign_up("hari").await;
        hari.post(&format!("/invites/{}/join", open.code.unwrap()), json!({})).await.expect_problem(404, "invite_invalid");
    }

    async fn an_owner_promotes_hands_over_and_only_then_leaves(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let hari = world.sign_up("hari").await;
        let room = sita.gathers("Garden", &[&ramesh, &hari]).await;
        let member = |person: &Person| format!("/conversations/{room}/members/{}", person.id());
        sita.delete(&format!("/conversations/{room}/members/me")).await.expect_problem(409, "last_owner");
        ramesh.patch(&member(&hari), json!({ "role": "moderator" })).await.expect_problem(403, "forbidden");
        let promoted: Membership = sita.patch(&member(&ramesh), json!({ "role": "moderator" })).await.expect(200);
        assert_eq!(promoted.role, MembershipRole::Moderator);
        ramesh.delete(&member(&sita)).await.expect_problem(403, "forbidden");
        ramesh.delete(&member(&hari)).await.expect_status(204);
        hari.get(&format!("/conversations/{room}/messages")).await.expect_problem(404, "not_a_member");
        let owner: Membership = sita.patch(&member(&ramesh), json!({ "role": "owner" })).await.expect(200);
        assert_eq!(owner.role, MembershipRole::Owner);
        sita.delete(&format!("/conversations/{room}/members/me")).await.expect_status(204);
        assert_eq!(members(&ramesh, room, "active").await, ["ramesh"]);
    }

    async fn what_is_for_rooms_cannot_be_done_to_a_direct_chat(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let direct = sita.talks_to(&ramesh).await;
        let path = format!("/conversations/{direct}");
        for reply in [
            sita.post(&format!("{path}/invites"), json!({})).await,
            sita.patch(&path, json!({ "name": "Ours" })).await,
            sita.put(&format!("{path}/bans/{}", ramesh.id()), json!({})).await,
            sita.delete(&format!("{path}/members/{}", ramesh.id())).await,
            sita.delete(&format!("{path}/members/me")).await,
        ] {
            reply.expect_problem(409, "wrong_kind");
        }
    }
}
