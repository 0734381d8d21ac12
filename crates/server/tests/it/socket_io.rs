//! What Socket.IO refuses and bounds. How its clients chat is told in e2e.

use crate::{
    client::{Client, Reply},
    world::{World, eventually},
};
use axum::http::Method;
use futures_util::{SinkExt, StreamExt};
use protocol::ids::GENERAL;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

/// A client of Socket.IO that polls, as far as these stories need one.
struct Polling {
    client: Client,
    path: String,
}

impl Polling {
    /// Begins a session and asks to be connected.
    async fn connects(world: &World, token: &str) -> Self {
        let client = world.stranger();
        let path = format!("/socket.io/?EIO=4&transport=polling&token={token}");
        let open = client.get(&path).await.expect_text(200);
        let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        let sid = open["sid"].as_str().unwrap();
        let polling = Self { path: format!("{path}&sid={sid}"), client };
        polling.says("40").await.expect_status(200);
        polling
    }

    async fn says(&self, packets: &str) -> Reply {
        let client = self.client.with("content-type", "text/plain;charset=UTF-8");
        client.send(Method::POST, &self.path, Some(packets.to_owned())).await
    }

    /// What waits, or comes.
    async fn polls(&self) -> Vec<String> {
        let reply = self.client.get(&self.path).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let body = reply.expect_text(200);
        body.split('\u{1e}').map(str::to_owned).collect()
    }

    /// Polls until an event of this name comes.
    async fn hears(&self, name: &str) -> Value {
        let start = format!("42[\"{name}\",");
        loop {
            if let Some(packet) = self.polls().await.into_iter().find(|packet| packet.starts_with(&start)) {
                return serde_json::from_str(&packet[2..]).unwrap();
            }
        }
    }
}

#[track_caller]
fn expect_engine_error(reply: &Reply, code: i64) {
    let error: Value = reply.expect(400);
    assert_eq!(error["code"], code, "{error}");
    assert!(error["message"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_no_socket_io_are_refused_in_its_words() {
    let world = World::sqlite(&[]).await;
    let stranger = world.stranger();
    for (query, code) in [
        ("", 5),
        ("?EIO=2&transport=polling", 5),
        ("?EIO=4", 0),
        ("?EIO=4&transport=carrier-pigeon", 0),
        ("?EIO=3&transport=polling&j=0", 0),
        ("?EIO=4&transport=polling&sid=unknown", 1),
        ("?EIO=4&transport=websocket&sid=unknown", 1),
    ] {
        expect_engine_error(&stranger.get(&format!("/socket.io/{query}")).await, code);
    }
    let posted = stranger.send(Method::POST, "/socket.io/?EIO=4&transport=polling", None).await;
    expect_engine_error(&posted, 2);
    let only_asked = stranger.send(Method::HEAD, "/socket.io/?EIO=4&transport=polling", None).await;
    only_asked.expect_status(400);
    let no_upgrade = stranger.get("/socket.io/?EIO=4&transport=websocket").await;
    no_upgrade.expect_problem(422, "invalid_request");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_none_and_polling_twice_at_once_end_a_session() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let polling = Polling::connects(&world, &sita.token).await;
    polling.hears("page_views").await;
    expect_engine_error(&polling.says("nonsense").await, 3);
    eventually("the session is gone", async || polling.client.get(&polling.path).await.status == 400).await;

    let polling = Polling::connects(&world, &sita.token).await;
    polling.hears("page_views").await;
    let (one, other) = tokio::join!(polling.client.get(&polling.path), polling.client.get(&polling.path));
    let (waited, refused) = if one.status == 200 { (one, other) } else { (other, one) };
    assert_eq!(waited.expect_text(200), "1");
    expect_engine_error(&refused, 3);
    eventually("the session is gone", async || polling.client.get(&polling.path).await.status == 400).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_without_a_connection_hold_a_place_of_their_address_until_they_end() {
    let world = World::sqlite(&[("connections_per_address_max", "10")]).await;
    let sita = world.sign_up("sita").await;
    // Connections of requests that were answered hold their places for a moment longer.
    let insists = async |method: Method, path: &str, body: &str| loop {
        match world.stranger().try_send(method.clone(), path, Some(body.to_owned())).await {
            Ok(reply) => return reply,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let begin = format!("/socket.io/?EIO=4&transport=polling&token={}", sita.token);
    let opened = insists(Method::GET, &begin, "").await.expect_text(200);
    let opened: Value = serde_json::from_str(&opened[1..]).unwrap();
    let mut refused = None;
    for _ in 0..10 {
        refused = Some(insists(Method::GET, &begin, "").await).filter(|reply| reply.status != 200);
        if refused.is_some() {
            break;
        }
    }
    refused.expect("more sessions than places").expect_problem(429, "rate_limited");
    let first = format!("{begin}&sid={}", opened["sid"].as_str().unwrap());
    insists(Method::POST, &first, "1").await.expect_status(200);
    eventually("its place is free", async || insists(Method::GET, &begin, "").await.status == 200).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_poll_for_a_while_hears_everything_all_the_same() {
    // So little may wait that most of it has to be read back.
    let world = World::sqlite(&[("queue_frames_max", "8")]).await;
    let (sita, ramesh) = (world.sign_up("sita").await, world.sign_up("ramesh").await);
    let polling = Polling::connects(&world, &sita.token).await;
    polling.hears("page_views").await;
    let said: Vec<String> = (0..300).map(|number| format!("number {number}")).collect();
    for text in &said {
        ramesh.says(GENERAL, text).await;
    }
    let mut heard = Vec::new();
    while heard.len() < said.len() {
        for packet in polling.polls().await.iter().filter(|packet| packet.starts_with("42[\"message\",")) {
            let event: Value = serde_json::from_str(&packet[2..]).unwrap();
            heard.push(event[1]["msg"].as_str().unwrap().replace("ramesh: ", ""));
        }
    }
    assert_eq!(heard, said);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_has_so_many_sessions_and_a_packet_so_many_bytes() {
    let world = World::sqlite(&[("connections_per_account_max", "1"), ("frame_bytes_max", "1000")]).await;
    let sita = world.sign_up("sita").await;
    let polling = Polling::connects(&world, &sita.token).await;
    polling.hears("page_views").await;
    let second = Polling::connects(&world, &sita.token).await;
    let refused = second.polls().await.concat();
    assert!(refused.starts_with("44{") && refused.contains("limit_reached"), "{refused}");
    assert_eq!(second.polls().await, ["1"]);

    let long = format!("42[\"message\",\"sita: {}\"]", "x".repeat(1000));
    polling.says(&format!("{long}\u{1e}42[\"message\",\"sita: short\"]")).await.expect_status(200);
    assert_eq!(polling.hears("error_message").await[1]["code"], "too_large");
    polling.says(&format!("2{}", "x".repeat(1001))).await.expect_status(200);
    assert_eq!(polling.hears("error_message").await[1]["code"], "too_large");
    eventually("the short one is said", async || sita.texts(GENERAL).await == ["short"]).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_for_answers_without_taking_them_is_sent_away_before_anybody_is_known() {
    let world = World::sqlite(&[]).await;
    let client = world.stranger().with("content-type", "text/plain;charset=UTF-8");
    for packet in ["2x", "40/elsewhere,"] {
        let begin = "/socket.io/?EIO=4&transport=polling";
        let open = client.get(begin).await;
        assert_eq!(open.header("cache-control"), Some("no-store"), "the id of the session stands in it");
        let open: Value = serde_json::from_str(&open.expect_text(200)[1..]).unwrap();
        let path = format!("{begin}&sid={}", open["sid"].as_str().unwrap());
        let many = vec![packet; 200].join("\u{1e}");
        client.send(Method::POST, &path, Some(many)).await.expect_status(200);
        let answers = client.get(&path).await.expect_text(200);
        assert!(answers.split('\u{1e}').count() <= 65, "as many as may wait: {answers}");
        assert_eq!(client.get(&path).await.expect_text(200), "1");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_websocket_that_does_not_carry_leaves_a_session_as_it_was() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let polling = Polling::connects(&world, &sita.token).await;
    polling.hears("page_views").await;
    let address = world.server().address();
    let url = format!("ws://{address}{}", polling.path.replace("=polling", "=websocket"));
    for first in ["2probe", "2other", "5", "nonsense"] {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut socket, _) = client_async(&url, stream).await.unwrap();
        socket.send(Message::text(first)).await.unwrap();
        if first == "2probe" {
            hears(&mut socket, "3probe").await;
            // Whoever tries does not wait at the other door meanwhile.
            assert_eq!(polling.polls().await, ["6"]);
            drop(socket);
        } else {
            assert_eq!(ends(&mut socket).await, Some(1000));
        }
        polling.says("42[\"is_online\",\"sita\"]\u{1e}427[\"is_online\",\"sita\"]").await.expect_status(200);
        while !polling.polls().await.contains(&"437[]".to_owned()) {}
    }
    // One that carries takes everything with it, whatever another one tries meanwhile.
    let (mut socket, _) = client_async(&url, TcpStream::connect(address).await.unwrap()).await.unwrap();
    socket.send(Message::text("2probe")).await.unwrap();
    hears(&mut socket, "3probe").await;
    let (mut other, _) = client_async(&url, TcpStream::connect(address).await.unwrap()).await.unwrap();
    other.send(Message::text("2probe")).await.unwrap();
    assert_eq!(ends(&mut other).await, Some(1000));
    socket.send(Message::text("5")).await.unwrap();
    socket.send(Message::text("42[\"message\",\"sita: hi\"]")).await.unwrap();
    hears(&mut socket, "42[\"message\"").await;
    expect_engine_error(&polling.client.get(&polling.path).await, 3);
    expect_engine_error(&polling.says("2").await, 3);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_refused_while_going_over_to_a_websocket_is_told_by_the_way_taken_then() {
    let world = World::sqlite(&[]).await;
    let (client, address) =
        (world.stranger().with("content-type", "text/plain;charset=UTF-8"), world.server().address());
    let begin = "/socket.io/?EIO=4&transport=polling";
    for _ in 0..20 {
        let open: Value = serde_json::from_str(&client.get(begin).await.expect_text(200)[1..]).unwrap();
        let path = format!("{begin}&sid={}", open["sid"].as_str().unwrap());
        let url = format!("ws://{address}{}", path.replace("=polling", "=websocket"));
        let (mut socket, _) = client_async(&url, TcpStream::connect(address).await.unwrap()).await.unwrap();
        socket.send(Message::text("2probe")).await.unwrap();
        hears(&mut socket, "3probe").await;
        // Without a token nobody is let in.
        client.send(Method::POST, &path, Some("40".to_owned())).await.expect_status(200);
        socket.send(Message::text("5")).await.unwrap();
        hears(&mut socket, "44{").await;
        assert_eq!(ends(&mut socket).await, Some(1008));
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_allowed_origins_poll_with_a_token_and_not_with_the_cookie() {
    let world = World::sqlite(&[("cors_origins", "http://app.example:3000")]).await;
    let sita = world.sign_up("sita").await;
    let path = "/socket.io/?EIO=3&transport=polling";
    let app = world.stranger().with("origin", "http://app.example:3000");
    let allowed = app.with("access-control-request-method", "POST").send(Method::OPTIONS, path, None).await;
    assert_eq!(allowed.header("access-control-allow-origin"), Some("http://app.example:3000"));
    let by_token = app.get(&format!("{path}&token={}", sita.token)).await;
    by_token.expect_status(200);
    assert_eq!(by_token.header("access-control-allow-credentials"), Some("true"));
    let cookie = app.with("cookie", &format!("parlor_session={}", sita.token));
    let opened = cookie.get(path).await.expect_text(200);
    let sid = opened.split("\"sid\":\"").nth(1).unwrap().split('"').next().unwrap();
    let refused = cookie.get(&format!("{path}&sid={sid}")).await.expect_text(200);
    assert!(refused.contains("44{") && refused.contains("unauthenticated"), "{refused}");
    let other = world.stranger().with("origin", "http://evil.example").get(path).await;
    assert_eq!(other.header("access-control-allow-origin"), None);
    world.end().await;
}

type Socket = WebSocketStream<TcpStream>;

/// A WebSocket of Socket.IO, connected.
async fn websocket(world: &World, token: &str) -> Socket {
    let address = world.server().address();
    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket&token={token}");
    let (mut socket, _) = client_async(url, TcpStream::connect(address).await.unwrap()).await.unwrap();
    socket.send(Message::text("40")).await.unwrap();
    hears(&mut socket, "42[\"page_views\"").await;
    socket
}

/// The next packet that begins so; others before it are passed over.
async fn hears(socket: &mut Socket, start: &str) -> String {
    loop {
        match timeout(crate::client::DEADLINE, socket.next()).await.unwrap() {
            Some(Ok(Message::Text(packet))) if packet.starts_with(start) => return packet.to_string(),
            Some(Ok(Message::Text(_))) => {}
            other => panic!("{other:?} before {start}"),
        }
    }
}

/// The code with which the server hangs up.
async fn ends(socket: &mut Socket) -> Option<u16> {
    loop {
        match timeout(crate::client::DEADLINE, socket.next()).await.unwrap() {
            Some(Ok(Message::Close(reason))) => return reason.map(|reason| reason.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_gone_wild_is_refused_then_sent_away_and_others_notice_nothing() {
    let world = World::sqlite(&[("frames_per_connection", "1/s+20")]).await;
    let (sita, ramesh) = (world.sign_up("sita").await, world.sign_up("ramesh").await);
    let mut calm = websocket(&world, &ramesh.token).await;
    let mut wild = websocket(&world, &sita.token).await;
    for number in 0..30 {
        wild.send(Message::text(format!("42{number}[\"message\",\"sita: {number}\"]"))).await.unwrap();
    }
    let refusal = hears(&mut wild, "42[\"error_message\"").await;
    assert!(refusal.contains("rate_limited") && refusal.contains("retry_after_ms"), "{refusal}");
    // It does not listen to refusals.
    let mut sent = 0;
    while sent < 3000 && wild.feed(Message::text("42[\"message\",\"x\"]")).await.is_ok() {
        sent += 1;
    }
    // Hanging up may cut off what is still on its way.
    let _ = wild.flush().await;
    assert!(matches!(ends(&mut wild).await, Some(4029) | None));
    calm.send(Message::text("42[\"message\",\"ramesh: still here\"]")).await.unwrap();
    hears(&mut calm, "42[\"message\",{\"id\":").await;
    eventually("the calm one is heard", async || {
        ramesh.texts(GENERAL).await.iter().any(|text| text == "still here")
    })
    .await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_packet_or_too_long_ends_its_own_connection_alone() {
    let world = World::sqlite(&[("frame_bytes_max", "1000")]).await;
    let (sita, ramesh) = (world.sign_up("sita").await, world.sign_up("ramesh").await);
    let mut calm = websocket(&world, &ramesh.token).await;
    for (frame, code) in [
        (Message::text("x".repeat(2000)), 1009),
        (Message::text("nonsense"), 1002),
        (Message::text(""), 1002),
    ] {
        let mut socket = websocket(&world, &sita.token).await;
        socket.send(frame.clone()).await.unwrap();
        assert_eq!(ends(&mut socket).await, Some(code), "{frame:?}");
    }
    // A packet that is none inside of one that is, is answered.
    let mut socket = websocket(&world, &sita.token).await;
    for (packet, code) in [
        ("42", "malformed_json"),
        ("42[", "malformed_json"),
        ("42[]", "invalid_request"),
        ("42{\"a\":1}", "invalid_request"),
        ("4", "invalid_request"),
        ("4x", "invalid_request"),
        ("451-[\"message\",{\"_placeholder\":true,\"num\":0}]", "invalid_request"),
        ("42[\"unknown\"]", "unknown_op"),
    ] {
        socket.send(Message::text(packet)).await.unwrap();
        let refusal = hears(&mut socket, "42[\"error_message\"").await;
        assert!(refusal.contains(&format!("\"code\":\"{code}\"")), "{packet} {refusal}");
    }
    socket.send(Message::binary(vec![0, 1, 2])).await.unwrap();
    socket.send(Message::text("427[\"is_online\",\"sita\"]")).await.unwrap();
    hears(&mut socket, "437[]").await;
    hears(&mut calm, "42[\"online_name\",\"sita\"]").await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_who_cannot_listen_any_more_cannot_speak_either() {
    let world = World::sqlite(&[("dialects", "open"), ("connections_per_account_max", "1")]).await;
    let mut first = websocket(&world, "").await;
    first.send(Message::text("421[\"is_online\",\"alma\"]")).await.unwrap();
    hears(&mut first, "431[]").await;
    let mut second = websocket(&world, "").await;
    for packet in ["42[\"is_online\",\"alma\"]", "42[\"message\",\"alma: hi\"]"] {
        second.send(Message::text(packet)).await.unwrap();
        let refusal = hears(&mut second, "42[\"error_message\"").await;
        assert!(refusal.contains("limit_reached"), "{refusal}");
    }
    second.send(Message::text("42[\"message\",\"ben: hi\"]")).await.unwrap();
    let said = hears(&mut second, "42[\"message\"").await;
    assert!(said.contains("~ben: hi"), "{said}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_ask_to_be_connected_gets_nothing_and_a_stop_waits_for_nobody() {
    let mut world = World::sqlite(&[("stop_timeout_ms", "600000")]).await;
    let sita = world.sign_up("sita").await;
    let begin = format!("/socket.io/?EIO=4&transport=polling&token={}", sita.token);
    let open = world.stranger().get(&begin).await.expect_text(200);
    let open: Value = serde_json::from_str(&open[1..]).unwrap();
    let path = format!("{begin}&sid={}", open["sid"].as_str().unwrap());
    // An event before anybody is known ends the session.
    let client = world.stranger().with("content-type", "text/plain");
    client
        .send(Method::POST, &path, Some("42[\"message\",\"sita: hi\"]".to_owned()))
        .await
        .expect_status(200);
    assert_eq!(client.get(&path).await.expect_text(200), "1");
    assert_eq!(sita.texts(GENERAL).await, Vec::<String>::new());

    // So does whoever says much without asking.
    let open = world.stranger().get(&begin).await.expect_text(200);
    let open: Value = serde_json::from_str(&open[1..]).unwrap();
    let path = format!("{begin}&sid={}", open["sid"].as_str().unwrap());
    let pings = ["2"; 20].join("\u{1e}");
    client.send(Method::POST, &path, Some(pings)).await.expect_status(200);
    let answered = client.get(&path).await.expect_text(200);
    assert_eq!(answered, ["3"; 10].join("\u{1e}"));
    assert_eq!(client.get(&path).await.expect_text(200), "1");

    let _asks_for_nothing = world.stranger().get(&begin).await;
    let _never_polls = Polling::connects(&world, &sita.token).await;
    let _never_reads = websocket(&world, &sita.token).await;
    timeout(crate::client::DEADLINE, world.stop()).await.expect("it waits for none of them");
    world.begin().await;
    world.end().await;
}
