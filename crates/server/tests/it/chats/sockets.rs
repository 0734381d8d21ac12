//! The sockets: who may open one, what is said and heard on it, and what bad frames come to.

use super::{User, refusal};
use crate::{
    socket_client::Connection,
    stories,
    world::{PASSWORD, World},
};
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// The next frame must be this refusal.
async fn is_refused(connection: &mut Connection, code: &str) -> Value {
    let frame = connection.next().await.unwrap();
    assert_eq!((&frame["type"], &frame["code"]), (&json!("error"), &json!(code)), "{frame}");
    assert!(frame["detail"].is_string(), "{frame}");
    frame
}

stories! {
    async fn what_is_said_in_general_is_told_to_everyone_the_sender_included(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (mut hers, mut his) = (sita.connects("/ws/general").await, ram.connects("/ws/general").await);
        for join in [json!({ "type": "join" }), json!({ "join": "sita" }), json!("join")] {
            hers.says(join).await;
        }
        hers.socket().send(Message::text("join")).await.unwrap();
        hers.says(json!({ "content": "Hello!", "client_id": "1", "chat_id": 1, "room_id": "1" })).await;
        for (socket, client_id) in [(&mut hers, json!("1")), (&mut his, Value::Null)] {
            let message = socket.next().await.unwrap();
            assert_eq!(
                (&message["type"], &message["chat_type"], &message["user_id"]),
                (&json!("message"), &json!("general"), &json!(sita.id)),
                "and nothing was told of joining"
            );
            assert_eq!((&message["content"], &message["username"]), (&json!("Hello!"), &json!("sita")));
            assert!(message["id"].is_i64() && message["timestamp"].as_str().unwrap().ends_with('Z'));
            assert_eq!(message["client_id"], client_id, "the id that a client chose is its own");
        }
        let page = ram.gets("/chats/general/history").await;
        assert_eq!(page["messages"].as_array().unwrap().len(), 1, "joining is not stored");
    }

    async fn a_frame_that_names_another_conversation_is_refused_in_every_place(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (chat, room) = (sita.chats_with(&ram).await, sita.gathers("garden", &[&ram]).await);
        let private = format!("/ws/private/{chat}");
        let in_room = format!("/ws/room/{room}");
        for (path, own) in [("/ws/general", 1), (&private, chat), (&in_room, room)] {
            let mut hers = sita.connects(path).await;
            for name in ["chat_id", "room_id"] {
                hers.says(json!({ "content": "for others", name: 99 })).await;
                assert_eq!(is_refused(&mut hers, "invalid_request").await["field"], name, "{path}");
                hers.says(json!({ "content": "for these", name: own })).await;
                assert_eq!(hers.hears_message().await["content"], "for these", "{path}");
            }
            hers.says(json!({ "content": "for all of them", "chat_id": own, "room_id": 99 })).await;
            assert_eq!(is_refused(&mut hers, "invalid_request").await["field"], "room_id", "{path}");
        }
    }

    async fn a_private_message_is_told_to_both_sides_and_nobody_else(world) {
        let (sita, ram, hari) =
            (User::new(world, "sita").await, User::new(world, "ram").await, User::new(world, "hari").await);
        let chat = sita.chats_with(&ram).await;
        let path = format!("/ws/private/{chat}");
        let (mut hers, mut his) = (sita.connects(&path).await, ram.connects(&path).await);
        let mut outside = hari.connects("/ws/general").await;
        hers.says(json!({ "content": "Hello!", "chat_id": chat })).await;
        for socket in [&mut hers, &mut his] {
            let message = socket.next().await.unwrap();
            assert_eq!(
                (&message["chat_type"], &message["chat_id"], &message["sender_id"], &message["receiver_id"]),
                (&json!("private"), &json!(chat), &json!(sita.id), &json!(ram.id))
            );
            assert_eq!(message["content"], "Hello!");
        }
        hers.says(json!({ "content": "for another chat", "chat_id": chat + 1 })).await;
        assert_eq!(is_refused(&mut hers, "invalid_request").await["field"], "chat_id");
        assert_eq!(hari.is_kept_out(&path).await, hari.is_kept_out("/ws/private/12345").await);
        assert_eq!(hari.is_kept_out(&path).await.0, 403);
        assert_eq!(outside.hears_until_own_word("hm").await, Vec::<Value>::new());
    }

    async fn a_socket_takes_the_token_from_the_header_the_query_or_our_own_pages_cookie(world) {
        let sita = User::new(world, "sita").await;
        let address = world.server().address();
        let open = async |path: &str, headers: Vec<(&'static str, String)>| {
            Connection::at(address, path, &headers).await
        };
        let mut by_query = open(&format!("/ws/general?token={}", sita.token), vec![]).await.unwrap();
        by_query.says_and_hears("by the query").await;
        let cookie = world.stranger()
            .post("/api/v1/sessions", json!({ "login": "sita", "password": PASSWORD })).await.cookie();
        let own = world.server().public_url().to_owned();
        let with_origin = vec![("cookie", cookie.clone()), ("origin", own)];
        open("/ws/general", with_origin).await.unwrap().says_and_hears("by the cookie").await;
        let evil = vec![("cookie", cookie.clone()), ("origin", "https://evil.example".to_owned())];
        for headers in [vec![], evil, vec![("cookie", cookie)]] {
            let (status, body) = refusal(open("/ws/general", headers).await.err());
            assert_eq!((status, &body["detail"]), (403, &json!("Not authenticated")));
        }
        for (path, headers) in [
            ("/ws/general?token=nonsense", vec![]),
            ("/ws/private/7", vec![("authorization", "Bearer nonsense".to_owned())]),
            ("/ws/room/7?token=a.b.c", vec![]),
        ] {
            let (status, body) = refusal(open(path, headers).await.err());
            assert_eq!((status, &body["code"]), (401, &json!("unauthenticated")), "{path}");
        }
        let (status, body) = sita.is_kept_out("/ws/room/garden").await;
        assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["path", "room_id"])));
        let reply = sita.client.get("/ws/general").await;
        super::refused(&reply, 400, "invalid_request");
    }

    async fn the_author_edits_and_deletes_and_everyone_is_told(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let path = format!("/ws/room/{room}");
        let (mut hers, mut his) = (sita.connects(&path).await, ram.connects(&path).await);
        let id = his.says_and_hears("helo").await["id"].clone();
        hers.hears_message().await;
        his.says(json!({ "type": "edit", "id": id, "content": "hello" })).await;
        for socket in [&mut hers, &mut his] {
            let edited = socket.next().await.unwrap();
            assert_eq!((&edited["type"], &edited["id"], &edited["content"]), (&json!("edited"), &id, &json!("hello")));
            assert!(edited["edited_at"].is_string() && edited["room_id"] == json!(room));
        }
        his.says(json!({ "type": "edit", "id": id, "content": "hello" })).await;
        assert_eq!(his.next().await.unwrap()["type"], "edited", "nothing changed, and one is told so");
        hers.says(json!({ "type": "edit", "id": id, "content": "mine" })).await;
        assert_eq!(is_refused(&mut hers, "forbidden").await["id"], id);
        his.says(json!({ "type": "delete", "id": id })).await;
        for socket in [&mut hers, &mut his] {
            let deleted = socket.next().await.unwrap();
            assert_eq!((&deleted["type"], &deleted["id"]), (&json!("deleted"), &id));
            assert!(deleted.get("content").is_none(), "{deleted}");
        }
        his.says(json!({ "type": "delete", "id": id })).await;
        assert_eq!(his.next().await.unwrap()["type"], "deleted");
        his.says(json!({ "type": "edit", "id": id, "content": "back" })).await;
        is_refused(&mut his, "message_deleted").await;
    }

    async fn a_message_is_changed_where_it_was_said(world) {
        let sita = User::new(world, "sita").await;
        let (garden, kitchen) = (sita.gathers("garden", &[]).await, sita.gathers("kitchen", &[]).await);
        let id = sita.connects(&format!("/ws/room/{garden}")).await.says_and_hears("hello").await["id"].clone();
        let mut elsewhere = sita.connects(&format!("/ws/room/{kitchen}")).await;
        for frame in [
            json!({ "type": "edit", "id": id, "content": "x" }),
            json!({ "type": "delete", "id": id }),
            json!({ "type": "read", "id": id }),
            json!({ "type": "delete", "id": -1 }),
        ] {
            elsewhere.says(frame).await;
            is_refused(&mut elsewhere, "unknown_message").await;
        }
    }

    async fn typing_and_reading_are_told_to_the_others(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let chat = sita.chats_with(&ram).await;
        let path = format!("/ws/private/{chat}");
        let (mut hers, mut his) = (sita.connects(&path).await, ram.connects(&path).await);
        his.says(json!({ "type": "typing" })).await;
        let typing = hers.next().await.unwrap();
        assert_eq!(
            typing,
            json!({ "type": "typing", "chat_type": "private", "chat_id": chat, "user_id": ram.id })
        );
        let message = hers.says_and_hears("hello").await;
        assert_eq!(ram.gets("/chats").await["chats"][1]["unread"], 1);
        his.says(json!({ "type": "read", "id": message["id"] })).await;
        let read = hers.hears_type("read").await;
        assert_eq!((&read["user_id"], &read["seq"]), (&json!(ram.id), &message["seq"]));
        assert_eq!(ram.gets("/chats").await["chats"][1]["unread"], 0);
        let next = hers.says_and_hears("and another").await;
        his.says(json!({ "type": "read" })).await;
        assert_eq!(hers.hears_type("read").await["seq"], next["seq"]);
    }

    async fn a_message_that_is_sent_again_with_its_own_id_is_stored_once(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (mut hers, mut his) = (sita.connects("/ws/general").await, ram.connects("/ws/general").await);
        let frame = json!({ "content": "hello", "client_id": "0192-a" });
        hers.says(frame.clone()).await;
        let first = hers.next().await.unwrap();
        let mut after_a_break = sita.connects("/ws/general").await;
        after_a_break.says(frame).await;
        let again = after_a_break.next().await.unwrap();
        assert_eq!((&again["id"], &again["client_id"], &again["dup"]), (&first["id"], &json!("0192-a"), &json!(true)));
        after_a_break.says(json!({ "content": "something else", "cid": "0192-a" })).await;
        assert_eq!(is_refused(&mut after_a_break, "cid_reused").await["cid"], "0192-a");
        his.hears_message().await;
        assert_eq!(his.hears_until_own_word("hm").await, Vec::<Value>::new(), "he heard it once");
    }

    async fn what_makes_no_sense_is_answered_and_harms_nobody(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (mut hers, mut his) = (sita.connects("/ws/general").await, ram.connects("/ws/general").await);
        for (frame, code) in [
            ("hello", "malformed_json"),
            ("", "malformed_json"),
            ("{\"content\":", "malformed_json"),
            (&"[".repeat(10_000), "malformed_json"),
            ("\"hello\"", "invalid_request"),
            ("[1]", "invalid_request"),
            ("null", "invalid_request"),
            ("{}", "invalid_request"),
            (r#"{"message":"hello"}"#, "invalid_request"),
            (r#"{"content":null}"#, "invalid_request"),
            (r#"{"content":"   "}"#, "invalid_request"),
            (r#"{"content":"bell \u0007"}"#, "invalid_request"),
            (r#"{"content":"x","client_id":"has spaces"}"#, "invalid_request"),
            (r#"{"content":"x","client_id":{}}"#, "invalid_request"),
            (r#"{"type":"explode"}"#, "unknown_op"),
            (r#"{"type":"edit","id":"x","content":"y"}"#, "invalid_request"),
            (r#"{"type":"read","seq":-1}"#, "invalid_request"),
        ] {
            hers.socket().send(Message::text(frame)).await.unwrap();
            is_refused(&mut hers, code).await;
        }
        let long = json!({ "content": "x".repeat(20_000), "client_id": "long" }).to_string();
        hers.socket().send(Message::text(long)).await.unwrap();
        let error = is_refused(&mut hers, "invalid_request").await;
        assert_eq!((&error["field"], &error["client_id"]), (&json!("content"), &json!("long")));
        hers.socket().send(Message::binary(vec![0, 159, 146, 150])).await.unwrap();
        is_refused(&mut hers, "invalid_request").await;
        hers.says_and_hears("all is well").await;
        assert_eq!(his.next().await.unwrap()["content"], "all is well", "he heard nothing of all that");
    }

    async fn messages_elsewhere_are_notified_once_on_each_socket(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let chat = sita.chats_with(&ram).await;
        let mut in_general = ram.connects("/ws/general").await;
        let mut in_chat = ram.connects(&format!("/ws/private/{chat}")).await;
        sita.connects(&format!("/ws/private/{chat}")).await.says_and_hears("psst").await;
        sita.connects(&format!("/ws/room/{room}")).await.says_and_hears("look").await;
        sita.connects("/ws/general").await.says_and_hears("good morning").await;

        let private = in_general.next().await.unwrap();
        assert_eq!(
            (&private["type"], &private["chat_type"], &private["chat_id"]),
            (&json!("notification"), &json!("private"), &json!(chat))
        );
        assert_eq!((&private["message"]["content"], &private["message"]["username"]), (&json!("psst"), &json!("sita")));
        assert_eq!(private["message"]["receiver_id"], json!(ram.id));
        let in_room = in_general.next().await.unwrap();
        assert_eq!((&in_room["type"], &in_room["room_id"], &in_room["name"]), (&json!("notification"), &json!(room), &json!("garden")));
        assert_eq!(in_general.next().await.unwrap()["type"], "message");
        assert_eq!(in_general.hears_until_own_word("hm").await, Vec::<Value>::new());

        assert_eq!(in_chat.next().await.unwrap()["type"], "message");
        assert_eq!(in_chat.next().await.unwrap()["type"], "notification");
        let rest = in_chat.hears_until_own_word("hm").await;
        assert_eq!(rest, Vec::<Value>::new(), "of General nobody is notified, and of one's own words neither");
    }

    async fn a_private_chat_that_somebody_starts_is_notified_with_its_first_word(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let mut his = ram.connects("/ws/general").await;
        let chat = sita.chats_with(&ram).await;
        sita.connects(&format!("/ws/private/{chat}")).await.says_and_hears("hello").await;
        let notification = his.hears_type("notification").await;
        assert_eq!((&notification["chat_id"], &notification["message"]["content"]), (&json!(chat), &json!("hello")));
    }

    async fn somebody_is_on_as_many_sockets_as_they_have_windows(world) {
        let sita = User::new(world, "sita").await;
        let (mut one, mut other) = (sita.connects("/ws/general").await, sita.connects("/ws/general").await);
        one.says(json!({ "content": "from one" })).await;
        assert_eq!(other.next().await.unwrap()["content"], "from one");
        assert_eq!(one.next().await.unwrap()["content"], "from one");
    }

    async fn many_messages_are_heard_in_the_order_in_which_they_were_sent(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (mut hers, mut his) = (sita.connects("/ws/general").await, ram.connects("/ws/general").await);
        for number in 0..100 {
            hers.says(json!({ "content": number.to_string() })).await;
        }
        for number in 0..100 {
            assert_eq!(his.next().await.unwrap()["content"], number.to_string());
        }
    }
}

#[tokio::test]
async fn nobody_is_a_guest_here_even_where_guests_are_let_in() {
    let world = World::sqlite(&[("dialects", "open")]).await;
    for path in ["/ws/general", "/ws/private/1", "/ws/room/1"] {
        let refused = Connection::at(world.server().address(), path, &[]).await.err();
        assert_eq!(refusal(refused).0, 403, "{path}");
    }
    world.stranger().get("/chats/general/history").await.expect_status(401);
    User::new(&world, "sita").await.connects("/ws/general").await.says_and_hears("hello").await;
    world.end().await;
}

#[tokio::test]
async fn a_connection_that_does_not_listen_to_refusals_ends_and_the_others_go_on() {
    let world = World::sqlite(&[("frames_per_connection", "2/s+5")]).await;
    let (sita, ram) = (User::new(&world, "sita").await, User::new(&world, "ram").await);
    let (mut hers, mut his) = (sita.connects("/ws/general").await, ram.connects("/ws/general").await);
    // A thousand refusals may be overheard.
    for _ in 0..1500 {
        hers.says(json!({ "type": "typing" })).await;
    }
    assert_eq!(hers.ends().await, Some(4029));
    let frame = his.says_and_hears("quiet now").await;
    assert_eq!(frame["user_id"], json!(ram.id));
    world.end().await;
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let mut world = World::sqlite(&[]).await;
    let sita = User::new(&world, "sita").await;
    let mut hers = sita.connects("/ws/general").await;
    world.stop().await;
    assert_eq!(hers.ends().await, Some(1012));
    world.begin().await;
    world.end().await;
}
