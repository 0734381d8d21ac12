//! Clients of Chatter-Box: every route and frame of its document, what it refuses, and what the other doors hear of it.

use crate::{
    client::{Client, Reply},
    socket_client::Connection,
    world::{PASSWORD, Person, World},
};
use protocol::ids::GENERAL;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const ORIGIN: &str = "http://localhost:3000";

/// Somebody who signed up and in as the app does it.
struct Boxer {
    token: String,
    number: i64,
    client: Client,
}

impl Boxer {
    async fn comes(world: &World, username: &str) -> Self {
        let body = json!({ "username": username, "password": PASSWORD });
        let made: Value = world.stranger().post("/register", &body).await.expect(200);
        assert_eq!(made, json!({ "message": "User created" }));
        let signed_in: Value = world.stranger().post("/login", &body).await.expect(200);
        let token = signed_in["access_token"].as_str().unwrap().to_owned();
        let client = world.stranger().with("authorization", &format!("Bearer {token}"));
        Self { token, number: signed_in["user_id"].as_i64().unwrap(), client }
    }

    async fn connects(&self, world: &World) -> Connection {
        let path = format!("/ws/{}?token={}", self.number, self.token);
        Connection::at(world.server().address(), &path, &[]).await.unwrap()
    }
}

async fn guest(world: &World, number: i64) -> Connection {
    Connection::at(world.server().address(), &format!("/ws/{number}"), &[]).await.unwrap()
}

/// The status with which the handshake at this path is refused.
async fn refused(world: &World, path: &str, headers: &[(&'static str, String)]) -> u16 {
    let answer = Connection::at(world.server().address(), path, headers).await;
    answer.err().unwrap_or_else(|| panic!("{path} was let in")).status().as_u16()
}

/// What somebody hears next, after everything that was sent before is done.
async fn next(connection: &mut Connection) -> Value {
    connection.next().await.unwrap()
}

/// Whether nothing else was told before a word that this connection says to all.
async fn hears_only_own_word(connection: &mut Connection, number: i64) {
    connection.says(json!({ "content": "still here" })).await;
    let told = next(connection).await;
    assert_eq!((&told["content"], &told["sender_id"]), (&json!("still here"), &json!(number)), "{told}");
}

async fn open_world() -> World {
    World::sqlite(&[("dialects", "open"), ("sends_per_guest", "1000/s+1000")]).await
}

fn texts(reply: &Reply) -> Vec<String> {
    let rows: Vec<Value> = reply.expect(200);
    rows.iter().map(|row| row["content"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn people_sign_up_and_in_as_in_the_app() {
    let world = World::sqlite(&[]).await;
    let john = Boxer::comes(&world, "john").await;
    let me: Value = john.client.get("/api/v1/me").await.expect(200);
    assert_eq!((me["username"].as_str(), me["id"].as_i64()), (Some("john"), Some(john.number)));
    let stranger = world.stranger();
    let with = |username: &str, password: &str| json!({ "username": username, "password": password });
    let taken: Value = stranger.post("/register", with("John", PASSWORD)).await.expect(400);
    assert!(taken["detail"].is_string(), "{taken}");
    for (username, password) in [("john", "wrong password"), ("nobody", PASSWORD)] {
        let wrong: Value = stranger.post("/login", with(username, password)).await.expect(400);
        assert_eq!(wrong["detail"], "Invalid credentials");
    }
    let short: Value = stranger.post("/register", with("mary", "1234")).await.expect(422);
    assert_eq!(short["detail"][0]["loc"], json!(["body", "password"]), "{short}");
    for path in ["/register", "/login"] {
        let missing: Value = stranger.post(path, json!({ "username": "mary" })).await.expect(422);
        assert_eq!(missing["detail"][0]["type"], "missing", "{missing}");
        assert_eq!(missing["detail"][0]["loc"], json!(["body", "password"]));
    }
    world.end().await;
}

#[tokio::test]
async fn the_shared_addresses_answer_both_spellings_and_redirect_nothing() {
    let world = World::sqlite(&[]).await;
    let stranger = world.stranger();
    for (path, username) in [("/register", "mary"), ("/register/", "jane")] {
        let body = json!({ "username": username, "password": PASSWORD });
        stranger.post(path, &body).await.expect_status(200);
        for login in ["/login", "/login/"] {
            let reply = stranger.post(login, &body).await;
            assert!(reply.expect::<Value>(200)["access_token"].is_string());
            assert_eq!(reply.header("cache-control"), Some("no-store"));
        }
    }
    for path in ["/register", "/register/", "/login", "/login/"] {
        let page = stranger.get(path).await;
        assert!(page.expect_text(200).contains("<!doctype html>"), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-cache"), "{path}");
        stranger.delete(path).await.expect_problem(405, "method_not_allowed");
        let plain = stranger.with("content-type", "text/plain");
        let reply = plain.send(axum::http::Method::POST, path, Some("x".into())).await;
        let why: Value = reply.expect(415);
        assert_eq!(why["code"], "unsupported_media_type");
        let charset = stranger.with("content-type", "application/json; charset=utf-8");
        let reply = charset.send(axum::http::Method::POST, path, Some("{".into())).await;
        assert_eq!(reply.expect::<Value>(422)["detail"][0]["type"], "json_invalid");
    }
    world.end().await;
}

#[tokio::test]
async fn a_word_to_all_is_told_to_everyone_and_stands_in_general() {
    let world = World::sqlite(&[]).await;
    let (ann, bob, cem) =
        (Boxer::comes(&world, "ann").await, Boxer::comes(&world, "bob").await, world.sign_up("cem").await);
    let (mut from, mut to) = (ann.connects(&world).await, bob.connects(&world).await);
    let mut own = cem.connects().await;
    for (nobody, text) in
        [(json!({}), "one"), (json!({"receiver_id": null}), "two"), (json!({"receiver_id": 0}), "three")]
    {
        let mut frame = nobody;
        frame["content"] = json!(text);
        from.says(frame).await;
        let told = json!({ "content": text, "sender_id": ann.number });
        assert_eq!(next(&mut from).await, told, "the sender too");
        assert_eq!(next(&mut to).await, told);
        let event = own.hears_event("message.created").await;
        assert_eq!(
            (&event["message"]["body"], &event["message"]["dialect"]),
            (&json!(text), &json!("chatter_box"))
        );
    }
    cem.says(GENERAL, "from the web client").await;
    assert_eq!(next(&mut to).await, json!({ "content": "from the web client", "sender_id": cem.id() }));
    assert_eq!(cem.texts(GENERAL).await, ["one", "two", "three", "from the web client"]);
    world.end().await;
}

#[tokio::test]
async fn a_word_to_one_is_told_to_that_one_and_not_back_to_where_it_was_said() {
    let world = World::sqlite(&[]).await;
    let (ann, bob, cem) = (
        Boxer::comes(&world, "ann").await,
        Boxer::comes(&world, "bob").await,
        Boxer::comes(&world, "cem").await,
    );
    let mut here = ann.connects(&world).await;
    let mut elsewhere = ann.connects(&world).await;
    let (mut first, mut second) = (bob.connects(&world).await, bob.connects(&world).await);
    let mut other = cem.connects(&world).await;
    let word = json!({ "content": "psst", "sender_id": ann.number, "receiver_id": bob.number });
    for number in [json!(bob.number), json!(bob.number.to_string())] {
        here.says(json!({ "content": "psst", "receiver_id": number })).await;
        for told in [&mut first, &mut second, &mut elsewhere] {
            assert_eq!(next(told).await, word);
        }
    }
    hears_only_own_word(&mut here, ann.number).await;
    assert_eq!(next(&mut other).await["content"], "still here", "nothing private before");
    first.says(json!({ "content": "what?", "receiver_id": ann.number })).await;
    let answer = json!({ "content": "what?", "sender_id": bob.number, "receiver_id": ann.number });
    assert_eq!(next(&mut here).await, answer);
    world.end().await;
}

#[tokio::test]
async fn a_private_word_is_the_same_direct_chat_as_in_parlor() {
    let world = World::sqlite(&[]).await;
    let ann = Boxer::comes(&world, "ann").await;
    let bob = world.sign_up("bob").await;
    let mut socket = ann.connects(&world).await;
    let mut web = bob.connects().await;
    socket.says(json!({ "content": "hello", "receiver_id": bob.id() })).await;
    let event = web.hears_event("message.created").await;
    let place = event["conversation"].as_i64().unwrap();
    let ann_too = world.sign_in("ann").await;
    assert_eq!(ann_too.talks_to(&bob).await.0, place);
    bob.says(protocol::ConversationId(place), "hello yourself").await;
    let told = json!({ "content": "hello yourself", "sender_id": bob.id(), "receiver_id": ann.number });
    assert_eq!(next(&mut socket).await, told);
    ann_too.says(protocol::ConversationId(place), "from the web client").await;
    let told = json!({ "content": "from the web client", "sender_id": ann.number, "receiver_id": bob.id() });
    assert_eq!(next(&mut socket).await, told, "what one says elsewhere is told here");
    world.end().await;
}

#[tokio::test]
async fn edits_and_deletions_are_told_in_frames_that_its_page_passes_over() {
    let world = World::sqlite(&[]).await;
    let ann = Boxer::comes(&world, "ann").await;
    let bob = world.sign_up("bob").await;
    let mut socket = ann.connects(&world).await;
    let message = bob.says(GENERAL, "helo").await.message;
    assert_eq!(next(&mut socket).await["content"], "helo");
    bob.patch(&format!("/messages/{}", message.id), json!({ "body": "hello" })).await.expect_status(200);
    assert_eq!(next(&mut socket).await, json!({ "type": "edited", "id": message.id, "content": "hello" }));
    bob.put(&format!("/messages/{}/reactions/%F0%9F%91%8D", message.id), json!({})).await.expect_status(200);
    bob.delete(&format!("/messages/{}", message.id)).await.expect_status(200);
    assert_eq!(next(&mut socket).await, json!({ "type": "deleted", "id": message.id }));
    assert_eq!(texts(&ann.client.get("/history").await), [] as [&str; 0]);
    world.end().await;
}

#[tokio::test]
async fn rooms_are_not_heard_by_those_who_have_no_word_for_them() {
    let world = World::sqlite(&[]).await;
    let ann = Boxer::comes(&world, "ann").await;
    let mut socket = ann.connects(&world).await;
    let (bob, ann_too) = (world.sign_up("bob").await, world.sign_in("ann").await);
    let room = bob.gathers("Kitchen", &[&ann_too]).await;
    bob.says(room, "in the room").await;
    hears_only_own_word(&mut socket, ann.number).await;
    assert_eq!(texts(&ann.client.get("/history").await), ["still here"]);
    world.end().await;
}

#[tokio::test]
async fn histories_are_bare_arrays_of_what_the_caller_may_see() {
    let world = World::sqlite(&[]).await;
    let (ann, bob, cem) = (
        Boxer::comes(&world, "ann").await,
        Boxer::comes(&world, "bob").await,
        Boxer::comes(&world, "cem").await,
    );
    let mut socket = ann.connects(&world).await;
    for (text, to) in [("to all", None), ("to bob", Some(bob.number)), ("to cem", Some(cem.number))] {
        socket.says(json!({ "content": text, "receiver_id": to })).await;
    }
    hears_only_own_word_after(&mut socket, "to all", ann.number).await;
    let rows: Vec<Value> = bob.client.get("/history").await.expect(200);
    assert_eq!(rows.len(), 3);
    let keys: Vec<&str> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.len(), 5);
    assert_eq!((&rows[0]["content"], &rows[0]["receiver_id"]), (&json!("to all"), &Value::Null));
    assert_eq!(rows[1]["content"], "to bob");
    assert_eq!((&rows[1]["sender_id"], &rows[1]["receiver_id"]), (&json!(ann.number), &json!(bob.number)));
    let moment = rows[1]["timestamp"].as_str().unwrap();
    assert!(moment.len() == 26 && moment.ends_with("000") && &moment[10..11] == "T", "{moment}");
    assert_eq!(texts(&ann.client.get("/history").await), ["to all", "to bob", "to cem", "still here"]);
    assert_eq!(texts(&cem.client.get("/broadcast-history").await), ["to all", "still here"]);
    for pair in [(ann.number, bob.number), (bob.number, ann.number)] {
        let path = format!("/history/{}/{}", pair.0, pair.1);
        assert_eq!(texts(&bob.client.get(&path).await), ["to bob"]);
        let others: Value = cem.client.get(&path).await.expect(403);
        assert_eq!(others["code"], "forbidden");
        let nobody: Value = world.stranger().get(&path).await.expect(401);
        assert!(nobody["detail"].is_string());
    }
    assert_eq!(texts(&bob.client.get(&format!("/history/{}/99", bob.number)).await), [] as [&str; 0]);
    world.end().await;
}

/// Waits until everything that was sent before is stored: it is done in the order in which it comes.
async fn hears_only_own_word_after(connection: &mut Connection, first: &str, number: i64) {
    assert_eq!(next(connection).await["content"], first);
    hears_only_own_word(connection, number).await;
}

#[tokio::test]
async fn histories_are_bounded_and_paged_backwards() {
    let world = World::sqlite(&[("page_len_max", "3")]).await;
    let (ann, bob) = (world.sign_up("ann").await, Boxer::comes(&world, "bob").await);
    for text in ["1", "2", "3", "4", "5"] {
        ann.says(GENERAL, text).await;
    }
    for path in ["/history", "/broadcast-history", "/broadcast-history?limit=1000"] {
        assert_eq!(texts(&bob.client.get(path).await), ["3", "4", "5"], "{path}");
    }
    let rows: Vec<Value> = bob.client.get("/broadcast-history?limit=2").await.expect(200);
    let before = rows[0]["id"].as_i64().unwrap();
    let older = bob.client.get(&format!("/broadcast-history?before={before}")).await;
    assert_eq!(texts(&older), ["1", "2", "3"]);
    assert_eq!(texts(&bob.client.get("/history?limit=1").await), ["5"]);
    for path in ["/broadcast-history?before=999", "/history?limit=many", "/history/1/two", "/history/x/2"] {
        let wrong: Value = bob.client.get(path).await.expect(422);
        assert!(wrong["detail"][0]["loc"].is_array(), "{path}: {wrong}");
    }
    assert_eq!(bob.client.get("/history").await.header("cache-control"), Some("no-store"));
    let wrong: Value = bob.client.post("/history", json!({})).await.expect(405);
    assert_eq!(wrong["detail"], "Method Not Allowed");
    world.end().await;
}

#[tokio::test]
async fn only_people_who_signed_in_come_in_by_their_own_number() {
    let world = World::sqlite(&[]).await;
    let (ann, bob) = (Boxer::comes(&world, "ann").await, Boxer::comes(&world, "bob").await);
    for path in ["/history", "/broadcast-history", "/history/1/2"] {
        let refused: Value = world.stranger().get(path).await.expect(401);
        assert_eq!(refused["detail"], "Not authenticated", "{path}");
        world.stranger().with("authorization", "Bearer x").get(path).await.expect_status(401);
    }
    let bearer = [("authorization", format!("Bearer {}", ann.token))];
    assert_eq!(refused(&world, "/ws/7", &[]).await, 403);
    assert_eq!(refused(&world, "/ws/7?token=x", &[]).await, 401);
    for path in [format!("/ws/{}", bob.number), "/ws/0".into(), "/ws/9223372036854775807".into()] {
        assert_eq!(refused(&world, &path, &bearer).await, 403, "{path}");
    }
    let path = format!("/ws/{}", ann.number);
    let mut by_header = Connection::at(world.server().address(), &path, &bearer).await.unwrap();
    hears_only_own_word(&mut by_header, ann.number).await;
    let cookie = format!("parlor_session={}", world.sign_in("ann").await.token);
    let page = |origin: String| vec![("cookie", cookie.clone()), ("origin", origin)];
    let own = page(format!("http://{}", world.server().address()));
    let mut by_cookie = Connection::at(world.server().address(), &path, &own).await.unwrap();
    hears_only_own_word(&mut by_cookie, ann.number).await;
    assert_eq!(
        refused(&world, &path, &page(ORIGIN.to_owned())).await,
        403,
        "the cookie is not for other pages"
    );
    world.end().await;
}

#[tokio::test]
async fn a_socket_ends_with_the_session_that_opened_it() {
    let world = World::sqlite(&[]).await;
    let ann = Boxer::comes(&world, "ann").await;
    let mut socket = ann.connects(&world).await;
    ann.client.delete("/api/v1/sessions/current").await.expect_status(204);
    assert_eq!(socket.ends().await, Some(4001));
    world.end().await;
}

#[tokio::test]
async fn frames_that_make_no_sense_are_answered_and_harm_nobody() {
    let world = World::sqlite(&[]).await;
    let (ann, bob) = (Boxer::comes(&world, "ann").await, Boxer::comes(&world, "bob").await);
    let (mut bad, mut neighbour) = (ann.connects(&world).await, bob.connects(&world).await);
    let long = json!({ "content": "x".repeat(10_001) }).to_string();
    for (frame, code) in [
        ("not json", "malformed_json"),
        ("[1]", "invalid_request"),
        ("{\"receiver_id\":2}", "invalid_request"),
        ("{\"content\":{\"a\":1}}", "invalid_request"),
        ("{\"content\":\"\"}", "invalid_request"),
        ("{\"content\":\"x\",\"receiver_id\":\"Madhu\"}", "invalid_request"),
        ("{\"content\":\"x\",\"receiver_id\":4711}", "not_found"),
        ("{\"content\":\"x\",\"receiver_id\":-3}", "not_found"),
        (&format!("{{\"content\":\"x\",\"receiver_id\":{}}}", ann.number), "invalid_request"),
        (&long, "invalid_request"),
    ] {
        use futures_util::SinkExt;
        bad.socket().send(Message::text(frame)).await.unwrap();
        let answer = next(&mut bad).await;
        assert_eq!(answer["code"], code, "{frame}: {answer}");
        assert!(answer["error"].is_string() && answer.get("sender_id").is_none());
    }
    {
        use futures_util::SinkExt;
        bad.socket().send(Message::binary(vec![0, 159, 146, 150])).await.unwrap();
    }
    assert_eq!(next(&mut bad).await["code"], "invalid_request");
    hears_only_own_word(&mut bad, ann.number).await;
    assert_eq!(next(&mut neighbour).await["content"], "still here", "and nothing before it");
    world.end().await;
}

#[tokio::test]
async fn the_page_of_the_app_works_with_guests_where_they_are_let_in() {
    let world = open_world().await;
    let (mut one, mut two, mut three) =
        (guest(&world, 1).await, guest(&world, 2).await, guest(&world, 3).await);
    one.says(json!({ "content": "hello 2", "receiver_id": 2 })).await;
    assert_eq!(
        next(&mut two).await,
        json!({ "content": "hello 2", "sender_id": 1, "receiver_id": 2, "is_guest": true })
    );
    two.says(json!({ "content": "hello 1", "receiver_id": 1 })).await;
    assert_eq!(
        next(&mut one).await,
        json!({ "content": "hello 1", "sender_id": 2, "receiver_id": 1, "is_guest": true })
    );
    three.says(json!({ "content": "hello all" })).await;
    for told in [&mut one, &mut two, &mut three] {
        assert_eq!(next(told).await, json!({ "content": "hello all", "sender_id": 3, "is_guest": true }));
    }
    // Nobody has come with this number yet.
    one.says(json!({ "content": "read it later", "receiver_id": 4 })).await;
    hears_only_own_word(&mut one, 1).await;
    let stranger = world.stranger().with("origin", ORIGIN);
    let rows: Vec<Value> = stranger.get("/history/1/2").await.expect(200);
    assert!(rows.iter().all(|row| row["is_guest"] == json!(true)), "{rows:?}");
    let who: Vec<_> = rows.iter().map(|row| (row["sender_id"].clone(), row["receiver_id"].clone())).collect();
    assert_eq!(who, [(json!(1), json!(2)), (json!(2), json!(1))]);
    assert_eq!(texts(&stranger.get("/history/4/1").await), ["read it later"]);
    assert_eq!(texts(&stranger.get("/broadcast-history").await), ["hello all", "still here"]);
    assert_eq!(
        texts(&stranger.get("/history").await),
        ["hello all", "still here"],
        "private words are not listed"
    );
    let mut late = guest(&world, 4).await;
    late.says(json!({ "content": "sorry", "receiver_id": 1 })).await;
    assert_eq!(next(&mut one).await["sender_id"], 4);
    world.end().await;
}

#[tokio::test]
async fn two_sockets_that_open_at_once_with_a_new_number_are_the_same_guest() {
    let world = open_world().await;
    let (mut one, mut two) = tokio::join!(guest(&world, 7), guest(&world, 7));
    one.says(json!({ "content": "twice here" })).await;
    for told in [&mut one, &mut two] {
        assert_eq!(next(told).await, json!({ "content": "twice here", "sender_id": 7, "is_guest": true }));
    }
    world.end().await;
}

#[tokio::test]
async fn numbers_of_people_who_signed_up_stay_theirs_when_guests_are_let_in() {
    let world = open_world().await;
    let (ann, bob) = (Boxer::comes(&world, "ann").await, Boxer::comes(&world, "bob").await);
    // Small numbers are nobody's who signs up: pages have them written in.
    let _guests = [guest(&world, 1).await, guest(&world, 2).await, guest(&world, 1000).await];
    let mut socket = ann.connects(&world).await;
    socket.says(json!({ "content": "private", "receiver_id": bob.number })).await;
    hears_only_own_word(&mut socket, ann.number).await;
    assert_eq!(refused(&world, &format!("/ws/{}", ann.number), &[]).await, 403);
    assert_eq!(refused(&world, "/ws/-5", &[]).await, 403);
    let stranger = world.stranger();
    let path = format!("/history/{}/{}", ann.number, bob.number);
    stranger.get(&path).await.expect_status(401);
    assert_eq!(texts(&bob.client.get(&path).await), ["private"]);
    assert_eq!(texts(&stranger.get(&format!("/history/70/{}", ann.number)).await), [] as [&str; 0]);
    let mut eve = guest(&world, 70).await;
    eve.says(json!({ "content": "let me in", "receiver_id": ann.number })).await;
    assert_eq!(next(&mut eve).await["code"], "forbidden");
    socket.says(json!({ "content": "who are you?", "receiver_id": 70 })).await;
    assert_eq!(next(&mut socket).await["code"], "forbidden");
    socket.says(json!({ "content": "is anybody there?", "receiver_id": 71 })).await;
    assert_eq!(next(&mut socket).await["code"], "not_found", "people make no guests");
    world.end().await;
}

#[tokio::test]
async fn a_guest_whose_number_somebody_signs_up_with_is_told_apart_from_them() {
    let world = open_world().await;
    let ann: Person = world.sign_up("ann").await;
    // The guest's own account is the next one, and the one after that is bob's.
    let number = ann.id().0 + 2;
    let mut eve = guest(&world, number).await;
    let mut listener = ann_socket(&world, &ann).await;
    eve.says(json!({ "content": "before" })).await;
    assert_eq!(
        next(&mut listener).await,
        json!({ "content": "before", "sender_id": number, "is_guest": true })
    );
    let bob = world.sign_up("bob").await;
    assert_eq!(bob.id().0, number);
    eve.says(json!({ "content": "after" })).await;
    assert_eq!(
        next(&mut listener).await,
        json!({ "content": "after", "sender_id": 1 - number, "is_guest": true })
    );
    let rows: Vec<Value> = bob.client.get("/history").await.expect(200);
    assert!(rows.iter().all(|row| row["sender_id"] == json!(1 - number)), "{rows:?}");
    assert_eq!(refused(&world, &format!("/ws/{number}"), &[]).await, 403);
    world.end().await;
}

async fn ann_socket(world: &World, ann: &Person) -> Connection {
    let path = format!("/ws/{}?token={}", ann.id(), ann.token);
    Connection::at(world.server().address(), &path, &[]).await.unwrap()
}

#[tokio::test]
async fn guests_send_little_and_are_only_so_many() {
    let world =
        World::sqlite(&[("dialects", "open"), ("guests_max", "2"), ("sends_per_guest", "1/h+2")]).await;
    let (mut one, _two) = (guest(&world, 1).await, guest(&world, 2).await);
    assert_eq!(refused(&world, "/ws/3", &[]).await, 409);
    one.says(json!({ "content": "to nobody", "receiver_id": 3 })).await;
    assert_eq!(next(&mut one).await["code"], "limit_reached");
    for text in ["first", "second"] {
        one.says(json!({ "content": text })).await;
        assert_eq!(next(&mut one).await["content"], text);
    }
    one.says(json!({ "content": "third" })).await;
    let refused = next(&mut one).await;
    assert_eq!(refused["code"], "rate_limited");
    assert!(refused["retry_after_ms"].as_u64().unwrap() > 0);
    world.end().await;
}

#[tokio::test]
async fn a_guest_who_is_shut_out_hears_nothing_more_and_does_not_come_back() {
    let world = open_world().await;
    let boss = world.administrator("boss").await;
    let (mut eve, mut other) = (guest(&world, 70).await, guest(&world, 71).await);
    eve.says(json!({ "content": "spam" })).await;
    assert_eq!(next(&mut eve).await["content"], "spam");
    let author = boss.reads(GENERAL).await.messages[0].author.id;
    boss.patch(&format!("/accounts/{author}"), json!({ "deactivated": true })).await.expect_status(200);
    assert_eq!(eve.ends().await, Some(4001));
    assert_eq!(refused(&world, "/ws/70", &[]).await, 403);
    assert_eq!(next(&mut other).await["content"], "spam");
    hears_only_own_word(&mut other, 71).await;
    world.end().await;
}

#[tokio::test]
async fn pages_of_the_apps_origin_may_call_and_others_may_not() {
    let world = World::sqlite(&[]).await;
    let ann = Boxer::comes(&world, "ann").await;
    let asks = |origin: &str| {
        world
            .stranger()
            .with("origin", origin)
            .with("access-control-request-method", "POST")
            .with("access-control-request-headers", "authorization,content-type")
    };
    let options = axum::http::Method::OPTIONS;
    for path in ["/register", "/login", "/history", "/history/1/2", "/broadcast-history"] {
        let allowed = asks(ORIGIN).send(options.clone(), path, None).await;
        allowed.expect_status(200);
        assert_eq!(allowed.header("access-control-allow-origin"), Some(ORIGIN), "{path}");
        assert_eq!(allowed.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(allowed.header("access-control-allow-methods"), Some("POST"));
        assert_eq!(allowed.header("access-control-allow-headers"), Some("authorization,content-type"));
        let foreign = asks("http://localhost:3001").send(options.clone(), path, None).await;
        assert_eq!(foreign.header("access-control-allow-origin"), None, "{path}");
    }
    let rows = ann.client.with("origin", ORIGIN).get("/history").await;
    rows.expect_status(200);
    assert_eq!(rows.header("access-control-allow-origin"), Some(ORIGIN));
    let cookie = format!("parlor_session={}", world.sign_in("ann").await.token);
    let page = world.stranger().with("origin", ORIGIN).with("cookie", &cookie);
    let refused = page.get("/history").await;
    refused.expect_status(401);
    assert_eq!(refused.header("access-control-allow-origin"), Some(ORIGIN), "its page can read why");
    world.stranger().with("cookie", &cookie).get("/history").await.expect_status(200);
    let elsewhere = asks(ORIGIN).send(options, "/api/v1/me", None).await;
    assert_eq!(
        elsewhere.header("access-control-allow-origin"),
        None,
        "Parlor's own API is for its own pages"
    );
    world.end().await;
}

#[tokio::test]
async fn none_of_it_is_there_when_the_doors_are_off() {
    let world = World::sqlite(&[("dialects", "off")]).await;
    let body = json!({ "username": "john", "password": PASSWORD });
    world.stranger().post("/register", &body).await.expect_problem(405, "method_not_allowed");
    assert_eq!(refused(&world, "/ws/1", &[]).await, 404);
    world.end().await;
}
