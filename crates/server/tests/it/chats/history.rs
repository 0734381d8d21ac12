//! Histories, and the list of one's chats.

use super::{User, refused};
use crate::stories;
use axum::http::Method;
use protocol::ids::GENERAL;
use serde_json::{Value, json};

/// The texts of an answer, in their order.
fn texts(page: &Value) -> Vec<String> {
    let messages = page["messages"].as_array().unwrap();
    messages.iter().map(|message| message["content"].as_str().unwrap().to_owned()).collect()
}

stories! {
    async fn the_history_of_general_has_the_documented_form(world) {
        let sita = User::new(world, "sita").await;
        let mut hers = sita.connects("/ws/general").await;
        hers.says_and_hears("hello").await;
        let page = sita.gets("/chats/general/history?limit=50&offset=0").await;
        let message = &page["messages"][0];
        assert_eq!(
            (&message["user_id"], &message["content"], &message["chat_type"], &message["username"]),
            (&json!(sita.id), &json!("hello"), &json!("general"), &json!("sita"))
        );
        assert!(message["id"].is_i64() && message["edited_at"].is_null());
        let timestamp = message["timestamp"].as_str().unwrap();
        assert!(timestamp.len() == 24 && timestamp.ends_with('Z') && &timestamp[10..11] == "T", "{timestamp}");
    }

    async fn pages_go_back_from_the_newest_and_each_is_told_oldest_first(world) {
        let sita = User::new(world, "sita").await;
        let parlor = world.sign_in("sita").await;
        for number in 1..=7 {
            parlor.says(GENERAL, &number.to_string()).await;
        }
        let history = async |query: &str| sita.gets(&format!("/chats/general/history{query}")).await;
        assert_eq!(texts(&history("").await), ["1", "2", "3", "4", "5", "6", "7"]);
        let newest = history("?limit=3").await;
        assert_eq!((texts(&newest), &newest["has_more"]), (["5", "6", "7"].map(str::to_owned).to_vec(), &json!(true)));
        assert_eq!(newest["next_offset"], 3);
        assert_eq!(texts(&history("?limit=3&offset=3").await), ["2", "3", "4"]);
        let oldest = history("?limit=3&offset=6").await;
        assert_eq!((texts(&oldest), &oldest["has_more"]), (vec!["1".to_owned()], &json!(false)));
        assert_eq!(texts(&history("?offset=7").await), Vec::<String>::new());
        assert_eq!(texts(&history("?offset=9223372036854775807&limit=9223372036854775807").await), Vec::<String>::new());
        for wrong in ["?limit=0", "?limit=-1", "?offset=-1", "?limit=ten", "?offset=99999999999999999999"] {
            let said = refused(&sita.client.get(&format!("/chats/general/history{wrong}")).await, 422, "invalid_request");
            assert_eq!(said["detail"][0]["input"], wrong.split_once('=').unwrap().1);
        }
    }

    async fn limit_and_offset_are_read_from_a_body_too(world) {
        let sita = User::new(world, "sita").await;
        let parlor = world.sign_in("sita").await;
        for number in 1..=4 {
            parlor.says(GENERAL, &number.to_string()).await;
        }
        let client = sita.client.with("content-type", "application/json");
        let ask =
            async |body: &str| client.send(Method::GET, "/chats/general/history", Some(body.to_owned())).await;
        assert_eq!(texts(&ask(r#"{ "limit": 2, "offset": 1 }"#).await.expect(200)), ["2", "3"]);
        for wrong in [r#"{ "limit": -2 }"#, "{", r#"["x"]"#] {
            refused(&ask(wrong).await, 422, "invalid_request");
        }
    }

    async fn a_deleted_message_is_left_out_and_keeps_its_place(world) {
        let sita = User::new(world, "sita").await;
        let parlor = world.sign_in("sita").await;
        for number in 1..=4 {
            let sent = parlor.says(GENERAL, &number.to_string()).await;
            if number == 3 {
                parlor.delete(&format!("/messages/{}", sent.message.id)).await.expect_status(200);
            }
        }
        let newest = sita.gets("/chats/general/history?limit=2").await;
        assert_eq!((texts(&newest), &newest["next_offset"]), (vec!["4".to_owned()], &json!(2)));
        assert_eq!(texts(&sita.gets("/chats/general/history?limit=2&offset=2").await), ["1", "2"]);
    }

    async fn a_private_chat_is_for_its_two_sides(world) {
        let (sita, ram, hari) =
            (User::new(world, "sita").await, User::new(world, "ram").await, User::new(world, "hari").await);
        let started = sita.posts("/chats/private", json!({ "receiver_id": ram.id })).await;
        assert_eq!(started["status"], "created");
        let chat = started["chat_id"].as_i64().unwrap();
        let found = ram.posts("/chats/private", json!({ "receiver_id": sita.id })).await;
        assert_eq!(found, json!({ "chat_id": chat, "status": "exists" }));
        let path = format!("/ws/private/{chat}");
        ram.connects(&path).await.says_and_hears("Hi").await;
        sita.connects(&path).await.says_and_hears("Hello").await;
        for reader in [&sita, &ram] {
            let page = reader.gets(&format!("/chats/private/{chat}/history")).await;
            let sides: Vec<(i64, i64)> = page["messages"].as_array().unwrap().iter()
                .map(|message| (message["sender_id"].as_i64().unwrap(), message["receiver_id"].as_i64().unwrap()))
                .collect();
            assert_eq!(sides, [(ram.id, sita.id), (sita.id, ram.id)]);
            assert_eq!(texts(&page), ["Hi", "Hello"]);
        }
        let hidden = refused(&hari.client.get(&format!("/chats/private/{chat}/history")).await, 404, "not_a_member");
        let missing = refused(&hari.client.get("/chats/private/12345/history").await, 404, "not_a_member");
        assert_eq!(hidden, missing);
    }

    async fn an_id_of_one_kind_means_nothing_under_another(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let (chat, room) = (sita.chats_with(&ram).await, sita.gathers("garden", &[&ram]).await);
        for path in [
            format!("/chats/private/{room}/history"),
            format!("/chats/room/{chat}/history"),
            format!("/chats/room/{chat}/members"),
            format!("/chats/room/{chat}/pending"),
            "/chats/room/1/history".into(),
            "/chats/room/1/members".into(),
            "/chats/private/1/history".into(),
        ] {
            refused(&sita.client.get(&path).await, 404, "not_a_member");
        }
        for path in [format!("/ws/private/{room}"), format!("/ws/room/{chat}"), "/ws/room/1".into()] {
            assert_eq!(sita.is_kept_out(&path).await.0, 403, "{path}");
        }
    }

    async fn a_private_chat_needs_somebody_else(world) {
        let sita = User::new(world, "sita").await;
        let start = async |body: Value| sita.client.post("/chats/private", body).await;
        let said = refused(&start(json!({ "receiver_id": sita.id })).await, 422, "invalid_request");
        assert_eq!(said["detail"][0]["loc"], json!(["body", "receiver_id"]));
        assert_eq!(said["detail"][0]["input"], json!(sita.id));
        refused(&start(json!({ "receiver_id": 12345 })).await, 404, "not_found");
        refused(&start(json!({ "receiver_id": -1 })).await, 404, "not_found");
        for id in [Value::Null, json!("ram"), json!(1.5), json!([])] {
            let said = refused(&start(json!({ "receiver_id": id })).await, 422, "invalid_request");
            assert_eq!(said["detail"][0]["input"], id);
        }
        for body in [json!({}), json!([]), json!(null)] {
            refused(&start(body).await, 422, "invalid_request");
        }
    }

    async fn one_sees_ones_chats_and_rooms_and_where_one_waits(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let chat = sita.chats_with(&ram).await;
        let (room, link) = sita.makes_room("garden").await;
        ram.posts(&format!("/chats/room/{room}/join"), json!({ "invite_link": link })).await;
        sita.connects(&format!("/ws/private/{chat}")).await.says_and_hears("hello").await;

        let his = ram.gets("/chats").await;
        let entry = |list: &Value, kind: &str| {
            list["chats"].as_array().unwrap().iter().find(|entry| entry["chat_type"] == kind).cloned()
        };
        assert!(entry(&his, "general").is_some());
        let private = entry(&his, "private").unwrap();
        assert_eq!((&private["chat_id"], &private["user"]["username"]), (&json!(chat), &json!("sita")));
        assert_eq!((&private["unread"], &private["last_message"]["content"]), (&json!(1), &json!("hello")));
        assert_eq!(entry(&his, "room"), None, "one who waits is not in");
        assert_eq!(
            his["pending"],
            json!([{ "room_id": room, "name": "garden", "description": "Where we talk", "status": "pending_approval" }])
        );
        let garden = entry(&sita.gets("/chats").await, "room").unwrap();
        assert_eq!((&garden["room_id"], &garden["name"]), (&json!(room), &json!("garden")));
        assert_eq!((&garden["creator_id"], &garden["can_approve"]), (&json!(sita.id), &json!(true)));
        assert_eq!(garden["pending_count"], 1);
    }
}
