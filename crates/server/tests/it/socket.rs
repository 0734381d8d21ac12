//! The socket: who may open it, what is said on it, and how it ends.

use crate::{
    client::DEADLINE,
    socket_client::Connection,
    world::{PASSWORD, Person, World, new_cid},
};
use futures_util::{SinkExt, StreamExt};
use protocol::{ConversationId, ids::GENERAL};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

fn send(conversation: ConversationId, cid: &str, text: &str) -> Value {
    json!({ "op": "send", "cid": cid, "conversation": conversation, "body": text })
}

async fn silent(world: &World) -> Connection {
    Connection::handshake(world.server().address(), &[]).await.unwrap()
}

/// The next nack must be this one.
async fn refuses(connection: &mut Connection, code: &str) -> Value {
    let nack = connection.hears("nack").await;
    assert_eq!(nack["code"], code, "{nack}");
    nack
}

crate::stories! {
    async fn sends_without_waiting_are_stored_in_the_order_in_which_they_were_sent(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let (mut hers, mut his) = (sita.connects().await, ram.connects().await);
        let texts: Vec<String> = (1..=300).map(|number| format!("message {number}")).collect();
        for text in &texts {
            hers.says(send(room, text.strip_prefix("message ").unwrap(), text)).await;
        }
        let mut revs = Vec::new();
        for (number, text) in (1..).zip(&texts) {
            let event = his.hears_event("message.created").await;
            assert_eq!((&event["message"]["body"], &event["message"]["seq"]), (&json!(text), &json!(number)));
            revs.push(event["rev"].as_i64().unwrap());
        }
        assert!(revs.windows(2).all(|pair| pair[1] == pair[0] + 1), "each rev is the next: {revs:?}");
        for _ in &texts {
            let ack = hers.hears("ack").await;
            assert_eq!(ack["cid"].as_str().unwrap(), ack["seq"].to_string(), "{ack}");
        }
    }

    async fn a_command_that_looks_something_up_waits_for_the_sends_before_it_and_none_passes_it(world) {
        let sita = world.sign_up("sita").await;
        let room = sita.makes_room("garden").await.conversation.details.id;
        let first = sita.says(room, "first").await.message.id;
        let mut hers = sita.connects().await;
        for round in 0..20 {
            hers.says(send(room, &format!("before-{round}"), "before")).await;
            hers.says(json!({ "op": "react", "ref": format!("{round}"), "message": first, "emoji": "👍", "on": round % 2 == 0 })).await;
            hers.says(send(room, &format!("after-{round}"), "after")).await;
        }
        let mut revs = Vec::new();
        for _ in 0..60 {
            revs.push(hers.hears("ack").await["rev"].as_i64().unwrap());
        }
        assert!(revs.is_sorted(), "answers come in the order of what was asked: {revs:?}");
        let message: Value = sita.get(&format!("/messages/{first}")).await.expect(200);
        assert_eq!(message["reactions"], json!([]), "the last of twenty took the emoji off");
    }

    async fn a_message_is_acknowledged_to_its_sender_and_shown_to_everyone_in_the_room_and_nobody_else(world) {
        let (sita, ram, hari) = (world.sign_up("sita").await, world.sign_up("ram").await, world.sign_up("hari").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let (mut hers, mut his, mut outside) = (sita.connects().await, ram.connects().await, hari.connects().await);
        hers.says(send(room, "a", "hello")).await;
        let ack = hers.hears("ack").await;
        assert_eq!((&ack["cid"], &ack["conversation"], &ack["dup"]), (&json!("a"), &json!(room), &json!(false)));
        let event = his.hears_event("message.created").await;
        assert_eq!((&event["rev"], &event["message"]["id"]), (&ack["rev"], &ack["id"]));

        hers.says(send(room, "a", "hello")).await;
        let again = hers.hears("ack").await;
        assert_eq!((&again["id"], &again["dup"]), (&ack["id"], &json!(true)));
        hers.says(send(room, "a", "something else")).await;
        assert_eq!(refuses(&mut hers, "cid_reused").await["cid"], "a");

        outside.says(send(room, "b", "let me in")).await;
        let nack = refuses(&mut outside, "not_a_member").await;
        assert_eq!((&nack["cid"], &nack["final"]), (&json!("b"), &json!(true)));
        hers.says(send(GENERAL, "c", "good morning")).await;
        let event = outside.hears("event").await;
        assert_eq!(event["conversation"], json!(GENERAL), "nothing of the room came before it");
    }

    async fn editing_deleting_and_reacting_are_answered_by_their_ref(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let message = sita.says(room, "helo").await.message.id;
        let (mut hers, mut his) = (sita.connects().await, ram.connects().await);
        for (frame, event) in [
            (json!({ "op": "edit", "ref": "1", "message": message, "body": "hello" }), "message.edited"),
            (json!({ "op": "react", "ref": "2", "message": message, "emoji": "👍", "on": true }), "message.reactions"),
            (json!({ "op": "delete", "ref": "3", "message": message }), "message.deleted"),
        ] {
            let reference = frame["ref"].clone();
            hers.says(frame).await;
            let ack = hers.hears("ack").await;
            assert_eq!((&ack["ref"], &ack["id"]), (&reference, &json!(message)));
            assert_eq!(his.hears_event(event).await["rev"], ack["rev"]);
        }
        his.says(json!({ "op": "edit", "ref": "4", "message": message, "body": "mine" })).await;
        assert_eq!(refuses(&mut his, "forbidden").await["ref"], "4");
    }

    async fn reading_and_typing_are_told_to_the_others(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let seq = sita.says(room, "hello").await.message.seq;
        let (mut hers, mut his) = (sita.connects().await, ram.connects().await);
        his.says(json!({ "op": "typing", "conversation": room })).await;
        assert_eq!(hers.hears("typing").await["account"], json!(ram.id()));
        his.says(json!({ "op": "read", "conversation": room, "seq": seq })).await;
        let receipt = hers.hears("receipt").await;
        assert_eq!((&receipt["account"], &receipt["seq"]), (&json!(ram.id()), &json!(seq)));
        his.says(json!({ "op": "read", "conversation": 999, "seq": 1 })).await;
        refuses(&mut his, "not_a_member").await;
    }

    async fn who_comes_back_gets_what_changed_meanwhile_and_nothing_twice(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let mut his = ram.connects().await;
        let first = sita.says(room, "first").await.message;
        his.hears_event("message.created").await;
        let epoch = his.welcome["epoch"].clone();
        drop(his);
        let second = sita.says(room, "second").await.message;

        let mut his = silent(world).await;
        let cursors = json!({ room.to_string(): first.rev, GENERAL.to_string(): 1_000_000 });
        his.says(json!({ "op": "hello", "token": ram.token, "resume": { "epoch": epoch, "cursors": cursors } })).await;
        his.hears("welcome").await;
        let changes = his.next().await.unwrap();
        assert_eq!((&changes["op"], &changes["conversation"]), (&json!("changes"), &json!(room)));
        assert_eq!((&changes["since"], &changes["head"]), (&json!(first.rev), &json!(second.rev)));
        assert_eq!(changes["messages"].as_array().unwrap().len(), 1);
        sita.says(room, "third").await;
        assert_eq!(his.next().await.unwrap()["message"]["body"], "third");

        let mut his = silent(world).await;
        let resume = json!({ "epoch": "another", "cursors": cursors });
        his.says(json!({ "op": "hello", "token": ram.token, "resume": resume })).await;
        his.hears("welcome").await;
        sita.says(room, "fourth").await;
        assert_eq!(his.next().await.unwrap()["message"]["body"], "fourth", "of another history nothing is caught up");
    }

    async fn whoever_is_removed_hears_that_and_nothing_after(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let mut his = ram.connects().await;
        sita.delete(&format!("/conversations/{room}/members/{}", ram.id())).await.expect_status(204);
        sita.says(room, "now that he is gone").await;
        sita.says(GENERAL, "the end").await;
        let mut last_of_room = Value::Null;
        loop {
            let event = his.hears("event").await;
            if event["conversation"] == json!(GENERAL) {
                break;
            }
            last_of_room = event;
        }
        assert_eq!(last_of_room["type"], "membership.changed");
        assert_eq!(last_of_room["membership"]["state"], "left");
    }

    async fn a_session_that_ends_takes_its_sockets_with_it_and_no_others(world) {
        let laptop = world.sign_up("sita").await;
        let phone = world.sign_in("sita").await;
        let (mut on_laptop, mut on_phone) = (laptop.connects().await, phone.connects().await);
        phone.delete("/sessions/current").await.expect_status(204);
        assert_eq!(on_phone.ends().await, Some(4001));
        laptop.says(GENERAL, "still here").await;
        on_laptop.hears_event("message.created").await;
        let body = json!({ "current_password": PASSWORD, "new_password": "another long password" });
        let tablet = world.sign_in("sita").await;
        let mut on_tablet = tablet.connects().await;
        tablet.put("/me/password", body).await.expect_status(204);
        assert_eq!(on_laptop.ends().await, Some(4001));
        tablet.says(GENERAL, "only me").await;
        on_tablet.hears_event("message.created").await;
    }

    async fn a_server_that_stops_answers_what_it_was_asked_and_tells_when_to_come_back(world) {
        let sita = world.sign_up("sita").await;
        let mut hers = sita.connects().await;
        for number in 0..50 {
            hers.says(send(GENERAL, &format!("{number}"), "quickly")).await;
        }
        let mut acks = vec![hers.hears("ack").await];
        world.stop().await;
        let mut retry_ms = None;
        let code = loop {
            match hers.next().await {
                Ok(frame) if frame["op"] == "ack" => acks.push(frame),
                Ok(frame) if frame["op"] == "goaway" => retry_ms = frame["retry_ms"].as_u64(),
                Ok(_) => {}
                Err(code) => break code,
            }
        };
        assert_eq!(code, Some(1012));
        assert!(retry_ms.is_some());
        world.begin().await;
        let sita = world.sign_in("sita").await;
        let stored = sita.reads(GENERAL).await.messages;
        let last = stored.last().unwrap().seq;
        assert!(acks.iter().all(|ack| ack["seq"].as_i64().unwrap() <= last), "what was acknowledged is there");
    }
}

async fn cookie_of(world: &World, person: &Person) -> String {
    let body = json!({ "login": person.me.account.username, "password": PASSWORD });
    world.stranger().post("/api/v1/sessions", body).await.cookie()
}

#[tokio::test]
async fn the_token_comes_by_header_by_cookie_or_with_the_hello() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let address = world.server().address();
    assert_eq!(sita.connects().await.welcome["account"]["username"], "sita");

    let mut in_hello = silent(&world).await;
    in_hello.says(json!({ "op": "hello", "token": sita.token })).await;
    assert_eq!(in_hello.hears("welcome").await["account"]["id"], json!(sita.id()));

    let cookie = cookie_of(&world, &sita).await;
    let headers = [("cookie", cookie), ("origin", format!("http://{address}"))];
    let mut browser = Connection::handshake(address, &headers).await.unwrap();
    browser.says(json!({ "op": "hello" })).await;
    browser.hears("welcome").await;
    world.end().await;
}

#[tokio::test]
async fn a_page_of_another_site_cannot_use_the_cookie() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let address = world.server().address();
    let cookie = cookie_of(&world, &sita).await;
    for origin in [None, Some("https://evil.example"), Some("null"), Some("http://127.0.0.1")] {
        let mut headers = vec![("cookie", cookie.clone())];
        headers.extend(origin.map(|origin| ("origin", origin.to_owned())));
        let Err(refused) = Connection::handshake(address, &headers).await else {
            panic!("{origin:?} got in")
        };
        assert_eq!(refused.status(), 403, "{origin:?}");
    }
    world.end().await;
}

#[tokio::test]
async fn who_has_no_valid_token_is_told_so_and_sent_away() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let signed_out = world.sign_in("sita").await;
    signed_out.delete("/sessions/current").await.expect_status(204);
    for hello in [
        json!({ "op": "hello" }),
        json!({ "op": "hello", "token": "" }),
        json!({ "op": "hello", "token": "nonsense" }),
        json!({ "op": "hello", "token": signed_out.token }),
        json!({ "op": "hello", "token": format!("{}x", sita.token) }),
    ] {
        let mut connection = silent(&world).await;
        connection.says(hello.clone()).await;
        let nack = connection.next().await.unwrap();
        assert_eq!((&nack["op"], &nack["code"]), (&json!("nack"), &json!("unauthenticated")), "{hello}");
        assert_eq!(connection.ends().await, Some(1008), "{hello}");
    }
    world.end().await;
}

#[tokio::test]
async fn whoever_never_says_hello_is_sent_away() {
    let world = World::sqlite(&[]).await;
    let mut connection = silent(&world).await;
    assert_eq!(connection.ends().await, Some(1008));
    world.end().await;
}

#[tokio::test]
async fn before_the_hello_nothing_is_done_and_a_frame_that_cannot_be_read_ends_nothing() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let mut connection = silent(&world).await;
    connection.says(send(GENERAL, "early", "too early")).await;
    assert_eq!(refuses(&mut connection, "unauthenticated").await["cid"], "early");
    connection.says(json!(["hello"])).await;
    refuses(&mut connection, "invalid_request").await;
    connection.says(json!({ "op": "hello", "token": sita.token })).await;
    connection.hears("welcome").await;
    assert!(sita.texts(GENERAL).await.is_empty());

    for (text, code) in [
        ("{", "malformed_json"),
        ("[]", "invalid_request"),
        (r#"{"op":"fly"}"#, "unknown_op"),
        (r#"{"op":"hello"}"#, "invalid_request"),
        (r#"{"op":"send","cid":"c","conversation":"one","body":"b"}"#, "invalid_request"),
        (r#"{"op":"send","cid":"","conversation":1,"body":"b"}"#, "invalid_request"),
    ] {
        connection.socket().send(Message::text(text)).await.unwrap();
        assert_eq!(refuses(&mut connection, code).await["final"], true, "{text}");
    }
    connection.socket().send(Message::binary(b"{}".to_vec())).await.unwrap();
    refuses(&mut connection, "invalid_request").await;
    connection.says(json!({ "op": "ping" })).await;
    connection.hears("pong").await;
    connection.says(send(GENERAL, "late", "in time")).await;
    connection.hears("ack").await;
    world.end().await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_ends_the_connection_with_the_reason() {
    let world = World::sqlite(&[("frame_bytes_max", "65536")]).await;
    let sita = world.sign_up("sita").await;
    let mut whole = sita.connects().await;
    whole.says(send(GENERAL, "c", &"x".repeat(65_536))).await;
    assert_eq!(whole.ends().await, Some(1009));
    let mut just_right = sita.connects().await;
    just_right.socket().send(Message::text(" ".repeat(65_536))).await.unwrap();
    refuses(&mut just_right, "malformed_json").await;
    world.end().await;
}

#[tokio::test]
async fn who_sends_too_fast_is_told_when_to_go_on() {
    let world = World::sqlite(&[("frames_per_connection", "1/h+3")]).await;
    let sita = world.sign_up("sita").await;
    let mut connection = sita.connects().await;
    for number in 0..5 {
        connection.says(send(GENERAL, &format!("{number}"), "quickly")).await;
    }
    let mut acks = Vec::new();
    let mut refused = Vec::new();
    while acks.len() + refused.len() < 5 {
        let frame = connection.next().await.unwrap();
        match frame["op"].as_str().unwrap() {
            "ack" => acks.push(frame["cid"].clone()),
            "nack" => {
                assert_eq!((&frame["code"], &frame["final"]), (&json!("rate_limited"), &json!(false)));
                assert!(frame["retry_after_ms"].as_u64().unwrap() > 0);
                refused.push(frame["cid"].clone());
            }
            _ => {}
        }
    }
    assert_eq!((acks.len(), refused), (3, vec![json!("3"), json!("4")]));
    world.end().await;
}

#[tokio::test]
async fn an_account_opens_only_so_many_sockets_and_may_open_another_when_one_ends() {
    let world = World::sqlite(&[("connections_per_account_max", "2")]).await;
    let sita = world.sign_up("sita").await;
    let (first, _second) = (sita.connects().await, sita.connects().await);
    let mut third = silent(&world).await;
    third.says(json!({ "op": "hello", "token": sita.token })).await;
    refuses(&mut third, "limit_reached").await;
    assert_eq!(third.ends().await, Some(4029));
    drop(first);
    let hub = world.server().chat().hub();
    let freed = async {
        while hub.connection_count() > 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, freed).await.unwrap();
    sita.connects().await;
    world.end().await;
}

#[tokio::test]
async fn an_address_behind_a_proxy_opens_only_so_many_sockets() {
    let settings = [("trusted_proxies", "127.0.0.1"), ("connections_per_address_max", "2")];
    let world = World::sqlite(&settings).await;
    let address = world.server().address();
    let from = |visitor: &str| [("x-forwarded-for", visitor.to_owned())];
    let _one = Connection::handshake(address, &from("192.0.2.1")).await.unwrap();
    let two = Connection::handshake(address, &from("192.0.2.1")).await.unwrap();
    let Err(refused) = Connection::handshake(address, &from("192.0.2.1")).await else {
        panic!("a third got in")
    };
    assert_eq!(refused.status(), 429);
    Connection::handshake(address, &from("192.0.2.2")).await.unwrap();
    drop(two);
    let again = async {
        while Connection::handshake(address, &from("192.0.2.1")).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, again).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn a_client_that_says_goodbye_is_answered() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let mut connection = sita.connects().await;
    connection.socket().close(None).await.unwrap();
    let answered = async { while let Some(Ok(_)) = connection.socket().next().await {} };
    timeout(DEADLINE, answered).await.unwrap();
    let gone = async {
        while world.server().chat().hub().connection_count() > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, gone).await.unwrap();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_too_slowly_is_told_to_catch_up_and_misses_nothing() {
    let world = World::sqlite(&[("queue_frames_max", "8")]).await;
    let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
    let room = sita.gathers("garden", &[&ram]).await;
    let (mut hers, mut his) = (sita.connects().await, ram.connects().await);
    let mut cursor = his.welcome["conversations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|conversation| conversation["id"] == json!(room))
        .unwrap()["last_rev"]
        .as_i64()
        .unwrap();
    // More than what the machine keeps for a connection whose other end does not read.
    let text = "slow ".repeat(1900);
    let mut head = 0;
    for _ in 0..30 {
        for _ in 0..50 {
            hers.says(send(room, &new_cid(), &text)).await;
        }
        for _ in 0..50 {
            head = hers.hears("ack").await["rev"].as_i64().unwrap().max(head);
        }
    }
    let mut lags = 0;
    while cursor < head {
        let frame = his.next().await.unwrap();
        match frame["op"].as_str().unwrap() {
            "event" if frame["conversation"] == json!(room) => {
                let rev = frame["rev"].as_i64().unwrap();
                assert!(rev <= cursor + 1, "no gap without a lag: {rev} after {cursor}");
                cursor = rev.max(cursor);
            }
            "lag" => {
                lags += 1;
                let head = frame["head"].as_i64().unwrap();
                while cursor < head {
                    let changes: Value =
                        ram.get(&format!("/conversations/{room}/changes?since={cursor}")).await.expect(200);
                    cursor = changes["head"].as_i64().unwrap();
                }
            }
            _ => {}
        }
    }
    assert!(lags > 0, "this reader was not slow enough to mean anything");
    world.end().await;
}
