//! Rooms: making one, following its link, and what the creator decides.

use super::{User, refused};
use crate::stories;
use axum::http::Method;
use protocol::{ConversationId, Invite};
use serde_json::{Value, json};

async fn join(user: &User, room: i64, link: &str) -> crate::client::Reply {
    user.client.post(&format!("/chats/room/{room}/join"), json!({ "invite_link": link })).await
}

stories! {
    async fn a_room_is_made_its_link_followed_and_its_creator_asked_who_comes_in(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (room, link) = sita.makes_room("garden").await;
        let server = world.server().public_url();
        assert!(link.starts_with(&format!("{server}/chats/room/{room}/invite?code=")), "{link}");
        let mut creator = sita.connects(&format!("/ws/room/{room}")).await;
        let mut in_general = sita.connects("/ws/general").await;
        let mut applicant = ram.connects("/ws/general").await;

        let asked: Value = join(&ram, room, &link).await.expect(200);
        assert_eq!(asked, json!({ "status": "pending_approval", "room_id": room }));
        for socket in [&mut creator, &mut in_general] {
            let request = socket.hears_type("join_request").await;
            assert_eq!((&request["room_id"], &request["user_id"]), (&json!(room), &json!(ram.id)));
            assert_eq!((&request["user"]["username"], &request["pending_count"]), (&json!("ram"), &json!(1)));
        }
        let again: Value = join(&ram, room, &link).await.expect(200);
        assert_eq!(again["status"], "pending_approval", "twice is the same as once");

        // Who waits sees nothing, and may not decide.
        assert_eq!(ram.is_kept_out(&format!("/ws/room/{room}")).await, ram.is_kept_out("/ws/room/12345").await);
        assert_eq!(ram.is_kept_out(&format!("/ws/room/{room}")).await.0, 403);
        refused(&ram.client.get(&format!("/chats/room/{room}/history")).await, 404, "not_a_member");
        let approve = format!("/chats/room/{room}/invite/approve");
        refused(&ram.client.post(&approve, json!({ "user_id": ram.id })).await, 404, "not_a_member");
        let waiting = sita.gets(&format!("/chats/room/{room}/pending")).await;
        assert_eq!(waiting["pending"][0]["user_id"], json!(ram.id));
        assert_eq!(waiting["pending"][0]["username"], "ram");

        let approved = sita.posts(&approve, json!({ "user_id": ram.id })).await;
        assert_eq!(approved["status"], "approved");
        let told = applicant.hears_type("join_approved").await;
        assert_eq!((&told["room_id"], &told["name"]), (&json!(room), &json!("garden")));
        let decided = creator.hears_type("join_decided").await;
        assert_eq!((&decided["status"], &decided["pending_count"]), (&json!("approved"), &json!(0)));

        let mut member = ram.connects(&format!("/ws/room/{room}")).await;
        member.says(json!({ "content": "Hello everyone!" })).await;
        for socket in [&mut creator, &mut member] {
            let message = socket.hears_message().await;
            assert_eq!((&message["room_id"], &message["user_id"]), (&json!(room), &json!(ram.id)));
            assert_eq!((&message["chat_type"], &message["content"]), (&json!("room"), &json!("Hello everyone!")));
        }
        let page = ram.gets(&format!("/chats/room/{room}/history")).await;
        assert_eq!(page["messages"][0]["content"], "Hello everyone!");
        let members = ram.gets(&format!("/chats/room/{room}/members")).await;
        let who = |at: usize| (members["members"][at]["username"].clone(), members["members"][at]["is_creator"].clone());
        assert_eq!((who(0), who(1)), ((json!("sita"), json!(true)), (json!("ram"), json!(false))));
        let inside: Value = join(&ram, room, &link).await.expect(200);
        assert_eq!(inside["status"], "approved", "who is in is told so");
        refused(&ram.client.get(&format!("/chats/room/{room}/pending")).await, 403, "forbidden");
        refused(&sita.client.post(&approve, json!({ "user_id": ram.id })).await, 409, "already_decided");
    }

    async fn somebody_who_is_turned_away_is_told_so_and_may_ask_again(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (room, link) = sita.makes_room("garden").await;
        join(&ram, room, &link).await.expect_status(200);
        // A socket that was opened after the request knows of it too.
        let mut applicant = ram.connects("/ws/general").await;
        let denied = sita.posts(&format!("/chats/room/{room}/invite/deny"), json!({ "user_id": ram.id })).await;
        assert_eq!(denied, json!({ "status": "denied", "room_id": room, "user_id": ram.id }));
        assert_eq!(applicant.hears_type("join_denied").await["room_id"], json!(room));
        assert_eq!(ram.gets("/chats").await["pending"], json!([]));
        let again: Value = join(&ram, room, &link).await.expect(200);
        assert_eq!(again["status"], "pending_approval");
    }

    async fn a_decision_without_a_name_is_about_the_only_one_who_waits(world) {
        let (sita, ram, hari) =
            (User::new(world, "sita").await, User::new(world, "ram").await, User::new(world, "hari").await);
        let (room, link) = sita.makes_room("garden").await;
        let (approve, deny) = (format!("/chats/room/{room}/invite/approve"), format!("/chats/room/{room}/invite/deny"));
        let bare = async |path: &str| sita.client.send(Method::POST, path, None).await;
        refused(&bare(&approve).await, 404, "not_found");
        join(&ram, room, &link).await.expect_status(200);
        join(&hari, room, &link).await.expect_status(200);
        for path in [&approve, &deny] {
            let said = refused(&bare(path).await, 422, "invalid_request");
            assert_eq!(said["detail"][0]["loc"], json!(["body", "user_id"]));
        }
        sita.posts(&deny, json!({ "user_id": hari.id })).await;
        let approved: Value = bare(&approve).await.expect(200);
        assert_eq!((&approved["status"], &approved["user_id"]), (&json!("approved"), &json!(ram.id)));
        refused(&sita.client.post(&approve, json!({})).await, 404, "not_found");
        refused(&sita.client.post(&approve, json!({ "user_id": "ram" })).await, 422, "invalid_request");
        refused(&sita.client.post(&approve, json!({ "user_id": 12345 })).await, 409, "already_decided");
    }

    async fn a_link_leads_to_its_own_room_and_nowhere_without_its_code(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (garden, to_garden) = sita.makes_room("garden").await;
        let (kitchen, to_kitchen) = sita.makes_room("kitchen").await;
        let code = to_kitchen.split_once("code=").unwrap().1;
        let crossed = format!("http://localhost/chats/room/{garden}/invite?code={code}");
        for (link, status, why) in [
            (to_kitchen.as_str(), 404, "invite_invalid"),
            (&crossed, 404, "invite_invalid"),
            (&format!("http://localhost/join/{code}"), 404, "invite_invalid"),
            (code, 404, "invite_invalid"),
            (&format!("http://localhost/chats/room/{garden}/invite"), 422, "invalid_request"),
            (&format!("http://localhost/chats/room/{garden}/invite?code={}", "0".repeat(32)), 404, "invite_invalid"),
            ("", 422, "invalid_request"),
        ] {
            refused(&join(&ram, garden, link).await, status, why);
        }
        refused(&ram.client.post(&format!("/chats/room/{garden}/join"), json!({})).await, 422, "invalid_request");
        assert_eq!(ram.gets("/chats").await["pending"], json!([]), "nothing came of any of them");
        refused(&join(&ram, 1, &to_garden).await, 404, "invite_invalid");
        let parlors = format!("{}/join/{code}", world.server().public_url());
        join(&ram, kitchen, &parlors).await.expect_status(200);
    }

    async fn an_invite_to_general_opens_no_room(world) {
        let admin = world.administrator("root").await;
        let ram = User::new(world, "ram").await;
        let invite: Invite = admin.post("/conversations/1/invites", json!({})).await.expect(201);
        refused(&join(&ram, 1, &invite.url.unwrap()).await, 404, "invite_invalid");
    }

    async fn a_link_sends_a_browser_to_the_page_and_tells_a_program_what_it_leads_to(world) {
        let sita = User::new(world, "sita").await;
        let (room, link) = sita.makes_room("garden").await;
        let (other, _) = sita.makes_room("kitchen").await;
        let path = link.strip_prefix(world.server().public_url()).unwrap();
        let code = path.split_once("code=").unwrap().1;
        let browser = world.stranger().with("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let reply = browser.get(path).await;
        reply.expect_status(303);
        assert_eq!(reply.header("location"), Some(format!("/join/{code}").as_str()));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        let card: Value = world.stranger().get(path).await.expect(200);
        assert_eq!(
            card,
            json!({ "room_id": room, "name": "garden", "description": "Where we talk", "needs_approval": true })
        );
        refused(&world.stranger().get(&format!("/chats/room/{other}/invite?code={code}")).await, 404, "invite_invalid");
        for broken in ["", "?code=", "?code=..%2f..%2fx", "?code=%0d%0aa:b"] {
            let path = format!("/chats/room/{room}/invite{broken}");
            refused(&world.stranger().get(&path).await, 404, "invite_invalid");
            refused(&browser.get(&path).await, 404, "invite_invalid");
        }
    }

    async fn a_room_needs_a_name_and_its_description_may_be_left_out(world) {
        let sita = User::new(world, "sita").await;
        sita.posts("/chats/room", json!({ "name": "garden" })).await;
        for (body, field) in [
            (json!({ "description": "x" }), "name"),
            (json!({ "name": "  " }), "name"),
            (json!({ "name": "x".repeat(1000) }), "name"),
            (json!({ "name": "garden", "description": 1 }), "description"),
        ] {
            let said = refused(&sita.client.post("/chats/room", body).await, 422, "invalid_request");
            assert_eq!(said["detail"][0]["loc"], json!(["body", field]));
        }
    }

    async fn whoever_is_removed_is_told_so_and_the_rooms_socket_closes(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let mut inside = ram.connects(&format!("/ws/room/{room}")).await;
        let mut elsewhere = ram.connects("/ws/general").await;
        let owner = world.sign_in("sita").await;
        owner.delete(&format!("/conversations/{room}/members/{}", ram.id)).await.expect_status(204);
        assert_eq!(inside.hears_type("removed").await["room_id"], json!(room));
        assert_eq!(inside.next().await, Err(Some(4003)));
        assert_eq!(elsewhere.hears_type("removed").await["room_id"], json!(room));
        owner.says(ConversationId(room), "among us").await;
        let since = elsewhere.hears_until_own_word("still in general").await;
        assert_eq!(since, Vec::<Value>::new());
        assert_eq!(ram.is_kept_out(&format!("/ws/room/{room}")).await.0, 403);
        refused(&ram.client.get(&format!("/chats/room/{room}/history")).await, 404, "not_a_member");
    }

    async fn whoever_is_banned_or_let_off_is_told_nothing_that_was_not_asked(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (room, link) = sita.makes_room("garden").await;
        let mut his = ram.connects("/ws/general").await;
        let owner = world.sign_in("sita").await;
        let ban = format!("/conversations/{room}/bans/{}", ram.id);
        owner.put(&ban, json!({})).await.expect_status(200);
        refused(&join(&ram, room, &link).await, 403, "banned");
        owner.delete(&ban).await.expect_status(204);
        assert_eq!(his.hears_until_own_word("hm").await, Vec::<Value>::new());
    }

    async fn an_archived_room_can_be_read_and_says_why_nothing_more_is_taken(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let mut his = ram.connects(&format!("/ws/room/{room}")).await;
        his.says_and_hears("before").await;
        let owner = world.sign_in("sita").await;
        owner.patch(&format!("/conversations/{room}"), json!({ "archived": true })).await.expect_status(200);
        his.says(json!({ "content": "after", "client_id": "a" })).await;
        let error = his.hears_type("error").await;
        assert_eq!((&error["code"], &error["client_id"]), (&json!("conversation_archived"), &json!("a")));
        assert_eq!(ram.gets(&format!("/chats/room/{room}/history")).await["messages"][0]["content"], "before");
    }
}
