//! One house: what is said by this door is heard by Parlor's own, and the other way round.

use super::User;
use crate::{client::DEADLINE, stories, world::World};
use axum::http::Method;
use protocol::{ConversationId, Dialect, api::SignedIn, ids::GENERAL};
use serde_json::{Value, json};
use tokio::time::timeout;

stories! {
    async fn what_is_said_here_is_heard_there_with_the_mark_of_this_door(world) {
        let sita = User::new(world, "sita").await;
        let ram = world.sign_up("ram").await;
        let mut his = ram.connects().await;
        let mut hers = sita.connects("/ws/general").await;
        let message = hers.says_and_hears("hello").await;
        let event = his.hears_event("message.created").await;
        assert_eq!((&event["message"]["id"], &event["message"]["dialect"]), (&message["id"], &json!("chats")));
        let stored = ram.reads(GENERAL).await.messages;
        assert_eq!(stored.last().unwrap().dialect, Some(Dialect::Chats));
    }

    async fn what_is_said_edited_and_deleted_there_is_heard_here(world) {
        let sita = User::new(world, "sita").await;
        let ram = world.sign_up("ram").await;
        let chat = ram.talks_to(&world.sign_in("sita").await).await;
        let mut hers = sita.connects(&format!("/ws/private/{chat}")).await;
        let id = ram.says(chat, "helo").await.message.id;
        let message = hers.next().await.unwrap();
        assert_eq!((&message["type"], &message["id"], &message["content"]), (&json!("message"), &json!(id), &json!("helo")));
        assert_eq!((&message["sender_id"], &message["receiver_id"]), (&json!(ram.id()), &json!(sita.id)));
        ram.patch(&format!("/messages/{id}"), json!({ "body": "hello" })).await.expect_status(200);
        assert_eq!(hers.hears_type("edited").await["content"], "hello");
        ram.put(&format!("/messages/{id}/reactions/👍"), json!({})).await.expect_status(200);
        ram.delete(&format!("/messages/{id}")).await.expect_status(200);
        let deleted = hers.next().await.unwrap();
        assert_eq!((&deleted["type"], &deleted["id"]), (&json!("deleted"), &json!(id)), "a reaction has no words here");

        let mut typist = ram.connects().await;
        typist.says(json!({ "op": "typing", "conversation": chat })).await;
        assert_eq!(hers.hears_type("typing").await["user_id"], json!(ram.id()));
        hers.says(json!({ "type": "typing" })).await;
        assert_eq!(typist.hears("typing").await["account"], json!(sita.id));
    }

    async fn a_room_of_this_door_is_a_room_there_and_the_other_way_round(world) {
        let sita = User::new(world, "sita").await;
        let ram = world.sign_up("ram").await;
        let (room, link) = sita.makes_room("garden").await;
        let code = link.split_once("code=").unwrap().1;
        ram.follows(code).await;
        sita.client.send(Method::POST, &format!("/chats/room/{room}/invite/approve"), None).await
            .expect_status(200);
        ram.says(ConversationId(room), "thank you").await;
        let page = sita.gets(&format!("/chats/room/{room}/history")).await;
        assert_eq!(page["messages"][0]["content"], "thank you");

        let made = ram.makes_room("kitchen").await;
        let kitchen = made.conversation.details.id;
        let body = json!({ "invite_link": made.invite.unwrap().url });
        let asked = sita.posts(&format!("/chats/room/{kitchen}/join"), body).await;
        assert_eq!(asked["status"], "pending_approval");
        let open = ram.opens_door(kitchen).await;
        let body = json!({ "invite_link": open });
        let inside = sita.posts(&format!("/chats/room/{kitchen}/join"), body).await;
        assert_eq!(inside["status"], "approved", "a door without approval lets in at once");
        sita.connects(&format!("/ws/room/{kitchen}")).await.says_and_hears("here I am").await;
        assert_eq!(ram.texts(kitchen).await, ["here I am"]);
    }

    async fn a_new_name_of_a_room_is_in_the_next_notification(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let owner = world.sign_in("sita").await;
        let mut his = ram.connects("/ws/general").await;
        owner.says(ConversationId(room), "one").await;
        assert_eq!(his.hears_type("notification").await["name"], "garden");
        owner.patch(&format!("/conversations/{room}"), json!({ "name": "orchard" })).await.expect_status(200);
        owner.says(ConversationId(room), "two").await;
        assert_eq!(his.hears_type("notification").await["name"], "orchard");
    }

    async fn an_account_that_is_shut_out_is_out_here_too(world) {
        let admin = world.administrator("root").await;
        let sita = User::new(world, "sita").await;
        let mut hers = sita.connects("/ws/general").await;
        admin.patch(&format!("/accounts/{}", sita.id), json!({ "deactivated": true })).await.expect_status(200);
        assert_eq!(hers.ends().await, Some(4001));
        let reply = sita.client.get("/users/me").await;
        assert!(matches!(reply.status.as_u16(), 401 | 403), "{}", reply.text());
        let found: Value = admin.client.get("/users?query=sita").await.expect(200);
        assert_eq!(found["users"], json!([]));
    }
}

#[tokio::test]
async fn a_socket_of_this_door_ends_with_its_session_though_nobody_says_that_it_ended() {
    const DAY_MS: i64 = 24 * 3600 * 1000;
    let mut world = World::sqlite(&[]).await;
    let clock = world.begin_by_hand().await;
    let mut sita = User::new(&world, "sita").await;
    for pass_ms in [20 * DAY_MS; 8].into_iter().chain([20 * DAY_MS - 100]) {
        clock.pass(pass_ms);
        let body = json!({ "refresh_token": sita.refresh_token });
        let refreshed: SignedIn = world.stranger().post("/api/v1/sessions/refresh", body).await.expect(200);
        (sita.token, sita.refresh_token) = (refreshed.token, refreshed.refresh_token.unwrap());
    }
    let mut hers = sita.connects("/ws/general").await;
    hers.says_and_hears("still here").await;
    clock.pass(100);
    // A socket that stays open goes on with pings, and each of them is something heard.
    assert_eq!(timeout(DEADLINE, hers.ends()).await.unwrap(), Some(4001));
    world.end().await;
}
