//! Clients of Chatroom: its pages, signing up and in, its one socket, and what the other doors hear of it.

use crate::{
    client::Client,
    socket_client::Connection,
    world::{PASSWORD, Person, World},
};
use futures_util::SinkExt;
use protocol::ids::GENERAL;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

fn sita() -> Value {
    json!({
        "firstname": "Sita",
        "lastname": "Rai",
        "email": "sita@example.org",
        "phone": 9_800_000_001_i64,
        "password": PASSWORD,
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut body = sita();
    body[field] = value;
    body
}

/// Connects and hears the greeting.
async fn joins(world: &World, path: &str, headers: &[(&'static str, String)]) -> Connection {
    let mut connection = Connection::at(world.server().address(), path, headers).await.unwrap();
    let greeting = json!({ "isMe": true, "data": "Have joined!!", "username": "You" });
    assert_eq!(connection.next().await, Ok(greeting));
    connection
}

async fn guest(world: &World) -> Connection {
    joins(world, "/message", &[]).await
}

async fn signed(world: &World, person: &Person) -> Connection {
    joins(world, &format!("/message?token={}", person.token), &[]).await
}

async fn says(connection: &mut Connection, name: &str, text: &str) {
    connection.says(json!({ "message": text, "username": name })).await;
}

async fn hears(connection: &mut Connection, is_me: bool, name: &str, text: &str) {
    let line = json!({ "isMe": is_me, "data": text, "username": name });
    assert_eq!(connection.next().await, Ok(line));
}

async fn open_world() -> World {
    World::sqlite(&[("dialects", "open"), ("sends_per_guest", "1000/s+1000")]).await
}

#[tokio::test]
async fn its_pages_are_the_web_clients() {
    let world = World::sqlite(&[]).await;
    for path in ["/", "/register", "/register/", "/login", "/login/", "/chat", "/chat/"] {
        let page = world.stranger().get(path).await;
        assert!(page.expect_text(200).contains("<!doctype html>"), "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
    }
    world.end().await;
}

#[tokio::test]
async fn whoever_signs_up_gets_the_row_of_the_app_without_the_hash() {
    let world = World::sqlite(&[]).await;
    let reply = world.stranger().post("/register/user", sita()).await;
    let row: Value = reply.expect(200);
    let id = row["id"].as_i64().unwrap();
    let mut expected = sita();
    expected["id"] = json!(id);
    expected["password"] = json!("");
    assert_eq!(row, expected);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let sita = world.sign_in("sita@example.org").await;
    assert_eq!((sita.id().0, sita.me.account.display_name.as_str()), (id, "Sita Rai"));
    assert_eq!(sita.me.account.username, "Sita_Rai", "a username is made from the name");
    let as_text = json!({
        "id": 77, "firstname": "Ram", "lastname": "", "email": "ram@example.org", "phone": "9800000002",
        "password": PASSWORD,
    });
    let row: Value = world.stranger().post("/register/user", as_text).await.expect(200);
    assert_eq!((&row["phone"], &row["lastname"]), (&json!(9_800_000_002_i64), &json!("")));
    assert_ne!(row["id"], 77, "nobody chooses a number");
    world.end().await;
}

#[tokio::test]
async fn what_is_taken_or_wrong_is_said_as_the_app_says_it() {
    let world = World::sqlite(&[]).await;
    let stranger = world.stranger();
    stranger.post("/register/user", sita()).await.expect_status(200);
    let same_email: Value = stranger.post("/register/user", with("phone", json!(1234))).await.expect(400);
    assert_eq!(same_email["detail"], "User is already registered.");
    let same_phone = with("email", json!("other@example.org"));
    let same_phone: Value = stranger.post("/register/user", same_phone).await.expect(400);
    assert_eq!(same_phone["detail"], "Phone number is already registered.");
    for (field, value) in [
        ("firstname", json!(7)),
        ("lastname", json!("x".repeat(65))),
        ("lastname", json!("x".repeat(62))),
        ("email", json!("not an address")),
        ("phone", json!("twelve")),
        ("phone", json!(-98)),
        ("phone", json!(1.5)),
        ("password", json!("short")),
    ] {
        let wrong: Value = stranger.post("/register/user", with(field, value)).await.expect(422);
        assert_eq!(wrong["detail"][0]["loc"], json!(["body", field]), "{wrong}");
    }
    let nothing: Value = stranger.post("/register/user", json!({})).await.expect(422);
    assert_eq!(nothing["detail"].as_array().unwrap().len(), 5);
    let wrong: Value = stranger.get("/register/user").await.expect(405);
    assert_eq!(wrong["detail"], "Method Not Allowed");
    world.end().await;
}

#[tokio::test]
async fn signing_in_gives_the_browser_a_session() {
    let world = World::sqlite(&[]).await;
    let stranger = world.stranger();
    stranger.post("/register/user", sita()).await.expect_status(200);
    let right = json!({ "email": "Sita@Example.org", "password": PASSWORD });
    let origin = format!("http://{}", world.server().address());
    let reply = stranger.with("origin", &origin).post("/login/user", &right).await;
    assert_eq!(reply.expect::<Value>(200), json!({ "message": "Login success" }));
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let me: Value = stranger.with("cookie", &reply.cookie()).get("/api/v1/me").await.expect(200);
    assert_eq!(me["email"], "sita@example.org");
    let headers = [("cookie", reply.cookie()), ("origin", origin)];
    let mut chat = joins(&world, "/message", &headers).await;
    says(&mut chat, "whatever", "hello").await;
    hears(&mut chat, true, "Sita Rai", "hello").await;
    for (email, password) in [("sita@example.org", "wrong password"), ("nobody@example.org", PASSWORD)] {
        let reply = stranger.post("/login/user", json!({ "email": email, "password": password })).await;
        let wrong: Value = reply.expect(401);
        assert_eq!(wrong["detail"], "Password does not match. Please try again.", "{email}");
        assert_eq!(reply.header("set-cookie"), None);
    }
    let other_site = stranger.with("origin", "http://localhost:3000").post("/login/user", &right).await;
    assert_eq!(other_site.expect::<Value>(403)["code"], "origin_mismatch");
    let missing: Value = stranger.post("/login/user", json!({ "email": "x" })).await.expect(422);
    assert_eq!(missing["detail"][0]["loc"], json!(["body", "password"]));
    world.end().await;
}

#[tokio::test]
async fn administrators_alone_see_who_signed_up_and_nobody_sees_a_hash() {
    let world = World::sqlite(&[("dialects", "open")]).await;
    let boss = world.administrator("boss").await;
    world.stranger().post("/register/user", sita()).await.expect_status(200);
    let mut eve = guest(&world).await;
    says(&mut eve, "Eve", "hello").await;
    hears(&mut eve, true, "Eve", "hello").await;
    let ram = world.sign_up("ram").await;
    assert_eq!(world.stranger().get("/register/all").await.expect::<Value>(401)["code"], "unauthenticated");
    assert_eq!(ram.client.get("/register/all").await.expect::<Value>(403)["code"], "forbidden");
    let reply = boss.client.get("/register/all").await;
    let rows: Vec<Value> = reply.expect(200);
    assert!(!reply.text().contains("argon2"), "{}", reply.text());
    assert_eq!(rows.len(), 3, "guests did not sign up");
    let nothing = json!({
        "lastname": null, "phone": null, "firstname": null, "email": null, "id": boss.id(), "password": "",
    });
    assert_eq!(rows[0], nothing);
    let mut expected = sita();
    expected["id"] = rows[1]["id"].clone();
    expected["password"] = json!("");
    assert_eq!(rows[1], expected);
    let after = format!("/register/all?after={}&limit=1", rows[1]["id"]);
    assert_eq!(boss.client.get(&after).await.expect::<Vec<Value>>(200)[0]["id"], json!(ram.id()));
    boss.client.get("/register/all?after=x").await.expect_status(422);
    world.end().await;
}

#[tokio::test]
async fn a_message_is_told_to_everyone_under_the_name_of_the_account() {
    let world = World::sqlite(&[]).await;
    let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
    let (mut here, mut there) = (signed(&world, &sita).await, signed(&world, &sita).await);
    let mut other = signed(&world, &ram).await;
    let mut web = ram.connects().await;
    says(&mut here, "ram", "I am not Ram").await;
    hears(&mut here, true, "sita", "I am not Ram").await;
    hears(&mut there, false, "sita", "I am not Ram").await;
    hears(&mut other, false, "sita", "I am not Ram").await;
    let event = web.hears_event("message.created").await;
    assert_eq!(event["message"]["dialect"], "chatroom");
    let body = json!({ "display_name": "Sita Rai" });
    sita.patch("/me", body).await.expect_status(200);
    ram.says(GENERAL, "from the web client").await;
    hears(&mut here, false, "ram", "from the web client").await;
    says(&mut here, "", "again").await;
    hears(&mut here, true, "Sita Rai", "again").await;
    assert_eq!(sita.texts(GENERAL).await, ["I am not Ram", "from the web client", "again"]);
    world.end().await;
}

#[tokio::test]
async fn what_is_said_elsewhere_and_what_changes_later_is_not_told() {
    let world = World::sqlite(&[]).await;
    let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
    let mut socket = signed(&world, &sita).await;
    let (direct, room) = (ram.talks_to(&sita).await, ram.gathers("Kitchen", &[&sita]).await);
    ram.says(direct, "private").await;
    ram.says(room, "in the room").await;
    let message = ram.says(GENERAL, "helo").await.message;
    hears(&mut socket, false, "ram", "helo").await;
    ram.patch(&format!("/messages/{}", message.id), json!({ "body": "hello" })).await.expect_status(200);
    ram.delete(&format!("/messages/{}", message.id)).await.expect_status(200);
    ram.says(GENERAL, "next").await;
    hears(&mut socket, false, "ram", "next").await;
    world.end().await;
}

#[tokio::test]
async fn nobody_comes_in_without_signing_in_unless_guests_are_let_in() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let refused = |headers: Vec<(&'static str, String)>, path: &'static str| {
        let address = world.server().address();
        async move { Connection::at(address, path, &headers).await.err().unwrap().status().as_u16() }
    };
    assert_eq!(refused(vec![], "/message").await, 403);
    assert_eq!(refused(vec![], "/message?token=x").await, 401);
    let cookie = ("cookie", format!("parlor_session={}", sita.token));
    assert_eq!(refused(vec![cookie.clone()], "/message").await, 403, "a page says where it comes from");
    let foreign = ("origin", "http://localhost:3000".to_owned());
    assert_eq!(refused(vec![cookie, foreign], "/message").await, 403);
    let handshake = world.stranger().with("cookie", &format!("parlor_session={}", sita.token));
    let handshake =
        handshake.with("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==").with("sec-websocket-version", "13");
    let reply = handshake.with("connection", "upgrade").with("upgrade", "websocket").get("/message").await;
    let why: Value = reply.expect(403);
    assert!(why["detail"].as_str().unwrap().contains("?token="), "a program is told what to do: {why}");
    let bearer = [("authorization", format!("Bearer {}", sita.token))];
    joins(&world, "/message", &bearer).await;
    world.end().await;
}

#[tokio::test]
async fn guests_speak_under_the_names_they_give() {
    let world = open_world().await;
    let ram = world.sign_up("ram").await;
    let (mut one, mut two) = (guest(&world).await, guest(&world).await);
    says(&mut one, "Ramesh", "hello").await;
    hears(&mut one, true, "Ramesh", "hello").await;
    hears(&mut two, false, "Ramesh (guest)", "hello").await;
    says(&mut two, "Sita", "hello Ramesh").await;
    hears(&mut one, false, "Sita (guest)", "hello Ramesh").await;
    hears(&mut two, true, "Sita", "hello Ramesh").await;
    says(&mut one, "Ramesh K", "I changed my name").await;
    hears(&mut one, true, "Ramesh K", "I changed my name").await;
    let page = ram.reads(GENERAL).await;
    let kinds: Vec<_> = page.messages.iter().map(|message| message.author.kind).collect();
    assert_eq!(kinds, [protocol::AccountKind::Guest; 3], "and are marked as what they are");
    world.end().await;
}

#[tokio::test]
async fn the_name_of_somebody_who_signed_up_is_not_for_guests() {
    let world = open_world().await;
    let ram = world.sign_up("ram").await;
    let (mut eve, mut other) = (guest(&world).await, signed(&world, &ram).await);
    for name in ["ram", "RAM", " ram "] {
        says(&mut eve, name, "I am Ram").await;
        let line = eve.next().await.unwrap();
        assert_eq!((&line["isMe"], &line["username"]), (&json!(false), &json!("Parlor")));
        assert_eq!(line["code"], "username_taken", "{name}: {line}");
        assert!(line["data"].as_str().unwrap().contains("signed up"), "{line}");
    }
    says(&mut eve, "Eve", "then I am Eve").await;
    hears(&mut eve, true, "Eve", "then I am Eve").await;
    hears(&mut other, false, "Eve (guest)", "then I am Eve").await;
    world.end().await;
}

#[tokio::test]
async fn frames_that_make_no_sense_are_answered_to_their_sender_alone() {
    let world = open_world().await;
    let (mut bad, mut neighbour) = (guest(&world).await, guest(&world).await);
    let long = json!({ "message": "x".repeat(10_001), "username": "Eve" }).to_string();
    for (frame, code) in [
        ("not json", "malformed_json"),
        ("", "malformed_json"),
        ("[]", "invalid_request"),
        ("{\"message\":\"no name\"}", "invalid_request"),
        ("{\"username\":\"Eve\"}", "invalid_request"),
        ("{\"message\":7,\"username\":\"Eve\"}", "invalid_request"),
        ("{\"message\":\" \",\"username\":\"Eve\"}", "invalid_request"),
        ("{\"message\":\"hi\",\"username\":\" \"}", "invalid_request"),
        (&long, "invalid_request"),
    ] {
        bad.socket().send(Message::text(frame)).await.unwrap();
        let line = bad.next().await.unwrap();
        assert_eq!((&line["code"], &line["isMe"]), (&json!(code), &json!(false)), "{frame}: {line}");
        assert!(line["data"].is_string() && line["username"].is_string());
    }
    bad.socket().send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(bad.next().await.unwrap()["code"], "invalid_request");
    says(&mut bad, "Eve", "sorry").await;
    hears(&mut bad, true, "Eve", "sorry").await;
    hears(&mut neighbour, false, "Eve (guest)", "sorry").await;
    drop(bad);
    let mut late = guest(&world).await;
    says(&mut late, "Sita", "still alive").await;
    hears(&mut neighbour, false, "Sita (guest)", "still alive").await;
    world.end().await;
}

#[tokio::test]
async fn guests_send_little_and_each_name_counts() {
    let settings = [("dialects", "open"), ("guests_max", "1"), ("sends_per_guest", "1/h+1")];
    let world = World::sqlite(&settings).await;
    let mut eve = guest(&world).await;
    says(&mut eve, "Eve", "first").await;
    hears(&mut eve, true, "Eve", "first").await;
    for (name, code) in [("Eve", "rate_limited"), ("Eva", "limit_reached")] {
        says(&mut eve, name, "second").await;
        assert_eq!(eve.next().await.unwrap()["code"], code);
    }
    world.end().await;
}

#[tokio::test]
async fn signing_up_is_closed_here_where_it_is_closed() {
    let world = World::sqlite(&[("registration", "closed")]).await;
    let refused: Value = world.stranger().post("/register/user", sita()).await.expect(403);
    assert_eq!(refused["code"], "registration_closed");
    let stranger: Client = world.stranger();
    let body = json!({ "username": "john", "password": PASSWORD });
    assert_eq!(stranger.post("/register", body).await.expect::<Value>(403)["code"], "registration_closed");
    world.end().await;
}

#[tokio::test]
async fn a_guest_cannot_pass_for_somebody_who_signed_up_by_letters_that_look_alike_or_cannot_be_seen() {
    let world = open_world().await;
    let sita = world.sign_up("sita").await;
    sita.patch("/me", json!({ "display_name": "Sita Rai" })).await.expect_status(200);
    let mut eve = guest(&world).await;
    for name in [
        "SITA",
        "si\u{200D}ta",
        "sita\u{FE0F}",
        "\u{2800}sita",
        "sit\u{251}",
        "Sita\u{2800}Rai",
        "Sita R\u{200C}ai",
    ] {
        says(&mut eve, name, "it is me").await;
        assert_eq!(eve.next().await.unwrap()["code"], "username_taken", "{name:?}");
    }
    says(&mut eve, "Sitara", "hello").await;
    hears(&mut eve, true, "Sitara", "hello").await;
    world.end().await;
}

#[tokio::test]
async fn whoever_signs_up_takes_the_name_over_from_a_guest_who_is_there() {
    let world = open_world().await;
    let mut eve = guest(&world).await;
    for name in ["sita", "Sita Rai"] {
        says(&mut eve, name, "hello").await;
        hears(&mut eve, true, name, "hello").await;
        if name == "sita" {
            world.sign_up("sita").await;
        } else {
            let ram = world.sign_up("ram").await;
            ram.patch("/me", json!({ "display_name": "Sita Rai" })).await.expect_status(200);
        }
        says(&mut eve, name, "still me").await;
        assert_eq!(eve.next().await.unwrap()["code"], "username_taken", "{name}");
    }
    world.end().await;
}
