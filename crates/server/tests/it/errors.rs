//! Requests that cannot be answered: each gets a problem with a stable code, whatever is wrong with it.

use crate::{client::DEADLINE, world::World};
use axum::http::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// What the server answers to these bytes until it closes the connection.
async fn raw(world: &World, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.server().address()).await.unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("no end in time");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_is_not_json_is_told_from_one_that_lacks_a_field() {
    let world = World::sqlite(&[]).await;
    let client = world.stranger().with("content-type", "application/json");
    let post = async |body: &str| client.send(Method::POST, "/api/v1/sessions", Some(body.to_owned())).await;
    for body in ["", "{", "{\"login\":}", "nonsense", "{\"login\":\"a\",\"password\":\"b\"} x", "\u{0}"] {
        post(body).await.expect_problem(400, "malformed_json");
    }
    for (body, field) in [
        ("{}", Some("login")),
        ("{\"login\":\"a\"}", Some("password")),
        ("{\"login\":1,\"password\":\"b\"}", Some("login")),
        ("{\"login\":\"a\",\"password\":null}", Some("password")),
        ("{\"login\":\"a\",\"password\":\"b\",\"token_kind\":\"x\"}", Some("token_kind")),
        ("[]", None),
        ("[\"a\",\"b\",\"opaque\"]", None),
        ("7", None),
        ("null", None),
    ] {
        let problem = post(body).await.expect_problem(422, "invalid_request");
        assert_eq!(problem.get("field").and_then(Value::as_str), field, "{body} {problem}");
        assert!(problem["detail"].is_string(), "{problem}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(post(&deep).await.status.is_client_error());
    world.end().await;
}

#[tokio::test]
async fn a_refusal_does_not_repeat_a_long_value() {
    let world = World::sqlite(&[]).await;
    let client = world.stranger().with("content-type", "application/json");
    // A sign that is written as six letters where the value is repeated.
    let long = "\u{7f}".repeat(900_000);
    for body in
        [format!("\"{long}\""), format!("{{\"login\":\"a\",\"password\":\"b\",\"token_kind\":\"{long}\"}}")]
    {
        let problem = client.send(Method::POST, "/api/v1/sessions", Some(body)).await;
        let problem = problem.expect_problem(422, "invalid_request");
        assert!(problem.to_string().len() < 3000, "{} bytes", problem.to_string().len());
    }
    world.end().await;
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused() {
    let world = World::sqlite(&[]).await;
    let body = || Some("{\"login\":\"a\",\"password\":\"b\"}".to_owned());
    let plain = world.stranger().send(Method::POST, "/api/v1/sessions", body()).await;
    plain.expect_problem(415, "unsupported_media_type");
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"]
    {
        let reply =
            world.stranger().with("content-type", kind).send(Method::POST, "/api/v1/sessions", body()).await;
        reply.expect_problem(415, "unsupported_media_type");
    }
    let right = world.stranger().with("content-type", "application/JSON; charset=utf-8");
    right.send(Method::POST, "/api/v1/sessions", body()).await.expect_problem(401, "invalid_credentials");
    world.end().await;
}

#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_problems_too() {
    let world = World::sqlite(&[]).await;
    let stranger = world.stranger();
    for path in ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/me", "/api/v1/me/", "/missing.js"] {
        stranger.get(path).await.expect_problem(404, "not_found");
    }
    let reply = stranger.send(Method::DELETE, "/api/v1/me", None).await;
    reply.expect_problem(405, "method_not_allowed");
    let allow = reply.header("allow").unwrap();
    assert!(allow.contains("GET") && allow.contains("PATCH"), "{allow}");
    for path in ["/", "/join/x", "/healthz", "/docs/"] {
        let reply = stranger.send(Method::POST, path, None).await;
        reply.expect_problem(405, "method_not_allowed");
        assert!(reply.header("allow").unwrap().contains("GET"));
    }
    world.end().await;
}

#[tokio::test]
async fn parameters_that_cannot_be_read_are_named() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    for (path, field) in [
        ("/conversations/general/messages", "id"),
        ("/conversations/99999999999999999999", "id"),
        ("/messages/1x", "id"),
        ("/conversations/1/messages?limit=many", "limit"),
        ("/conversations/1/messages?before=", "before"),
        ("/conversations/1/changes?since=x", "since"),
        ("/conversations/1/changes", "since"),
        ("/conversations/1/members?state=gone", "state"),
        ("/accounts?query=a&after=b", "after"),
    ] {
        let problem = sita.get(path).await.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], field, "{path} {problem}");
    }
    let problem = sita.patch("/conversations/1/members/x", json!({ "role": "member" })).await;
    assert_eq!(problem.expect_problem(422, "invalid_request")["field"], "account_id");
    sita.get("/conversations?limit=1&unknown=1").await.expect_status(200);
    world.end().await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_read() {
    let world = World::sqlite(&[("body_bytes_max", "2000"), ("header_timeout_ms", "300")]).await;
    let body = |length: usize| json!({ "login": "a", "password": "b".repeat(length) });
    world.stranger().post("/api/v1/sessions", body(1500)).await.expect_problem(401, "invalid_credentials");
    world.stranger().post("/api/v1/sessions", body(2000)).await.expect_problem(413, "too_large");
    let declared = "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                    content-length: 10000000000\r\n\r\n";
    assert!(raw(&world, declared.as_bytes()).await.starts_with("HTTP/1.1 413"));
    let chunked = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
         {:x}\r\n{}\r\n0\r\n\r\n",
        5000,
        "x".repeat(5000)
    );
    assert!(raw(&world, chunked.as_bytes()).await.starts_with("HTTP/1.1 413"));
    world.end().await;
}

#[tokio::test]
async fn a_head_that_is_too_long_or_never_ends_is_let_go() {
    let world = World::sqlite(&[("header_timeout_ms", "200")]).await;
    let long = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(20_000));
    assert!(raw(&world, long.as_bytes()).await.starts_with("HTTP/1.1 431"));
    let many: String = (0..200).map(|number| format!("x-{number}: 1\r\n")).collect();
    let many = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{many}\r\n");
    assert!(raw(&world, many.as_bytes()).await.starts_with("HTTP/1.1 431"));
    let answer = raw(&world, b"GET /healthz HTTP/1.1\r\nhost: x\r\n").await;
    assert!(!answer.contains("200"), "{answer}");
    world.end().await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_busy() {
    let world = World::sqlite(&[("request_timeout_ms", "200")]).await;
    let slow = "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let answer = raw(&world, slow.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("\"busy\""), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("retry-after: 1\r\n"), "{answer}");
    world.end().await;
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let world = World::sqlite(&[("requests_per_address", "1/h+3")]).await;
    for _ in 0..3 {
        world.stranger().get("/api/v1/server").await.expect_status(200);
    }
    let reply = world.stranger().get("/api/v1/server").await;
    reply.expect_problem(429, "rate_limited");
    assert!(reply.header("retry-after").is_some());
    // Pretending to be somebody else does not help: nobody's word on that is taken.
    let pretending = world.stranger().with("x-forwarded-for", "192.0.2.7");
    pretending.get("/api/v1/server").await.expect_problem(429, "rate_limited");
    world.end().await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_visitor_is_counted_alone() {
    let world = World::sqlite(&[("requests_per_address", "1/h+1"), ("trusted_proxies", "127.0.0.0/8")]).await;
    let visitor = |address: &str| world.stranger().with("x-forwarded-for", address);
    visitor("192.0.2.1").get("/api/v1/server").await.expect_status(200);
    visitor("192.0.2.1").get("/api/v1/server").await.expect_problem(429, "rate_limited");
    visitor("192.0.2.1, 192.0.2.2").get("/api/v1/server").await.expect_status(200);
    visitor("192.0.2.3, 192.0.2.1").get("/api/v1/server").await.expect_problem(429, "rate_limited");
    world.end().await;
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_no_more() {
    let world = World::sqlite(&[("connections_per_address_max", "2")]).await;
    let address = world.server().address();
    let first = TcpStream::connect(address).await.unwrap();
    let _second = TcpStream::connect(address).await.unwrap();
    crate::world::eventually("both are counted", async || {
        world.stranger().try_send(Method::GET, "/healthz", None).await.is_err()
    })
    .await;
    drop(first);
    crate::world::eventually("the place is free again", async || {
        world.stranger().try_send(Method::GET, "/healthz", None).await.is_ok()
    })
    .await;
    world.end().await;
}

#[tokio::test]
async fn requests_made_to_confuse_a_proxy_are_refused() {
    let world = World::sqlite(&[]).await;
    for head in [
        "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: +5\r\n\r\nabcde",
        "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        "GET /api/v1/server HTTP/1.1\r\nhost : x\r\n\r\n",
        "GET /api/v1/server\r\n HTTP/1.1\r\n\r\n",
    ] {
        let answer = raw(&world, head.as_bytes()).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{head:?} {answer}");
    }
    world.end().await;
}

#[tokio::test]
async fn every_error_names_the_request_as_the_log_does() {
    let world = World::sqlite(&[]).await;
    let one = world.stranger().get("/api/v1/me").await;
    let other = world.stranger().get("/api/v1/me").await;
    let id = one.expect_problem(401, "unauthenticated")["request_id"].clone();
    assert_eq!(one.header("x-request-id"), id.as_str());
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
    world.end().await;
}
