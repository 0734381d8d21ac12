//! What browsers may do with our answers, and what the web client is served with.

use crate::{client::Reply, world::World};
use axum::http::Method;
use std::{fs, path::Path};

#[track_caller]
fn is_guarded(reply: &Reply, what: &str) {
    let policy = reply.header("content-security-policy").unwrap_or_else(|| panic!("{what} has no policy"));
    for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{what}: {policy}");
    // Swagger UI makes markup of text, and cleans it.
    let is_trusting = what.starts_with("/docs/") && !reply.body.is_empty() && reply.status.is_success();
    assert_eq!(policy.contains("require-trusted-types-for 'script'"), !is_trusting, "{what}: {policy}");
    // Pages with forms must say where those come from, to this server and to nobody else.
    let referrer = if what.starts_with("/lite/") { "same-origin" } else { "no-referrer" };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", referrer),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{what}");
    }
    assert!(reply.header("permissions-policy").is_some(), "{what}");
    assert!(reply.header("access-control-allow-origin").is_none(), "{what}");
}

#[tokio::test]
async fn every_answer_is_guarded_errors_included() {
    let world = World::sqlite(&[]).await;
    let stranger = world.stranger().with("origin", "https://evil.example");
    for path in [
        "/",
        "/join/x",
        "/api/v1/server",
        "/api/v1/me",
        "/api/v1/nothing",
        "/api/openapi.json",
        "/docs",
        "/docs/",
        "/docs/swagger-ui.css",
        "/lite/login",
        "/lite/nothing",
        "/healthz",
        "/readyz",
        "/missing.js",
        "/api/v1/socket",
    ] {
        is_guarded(&stranger.get(path).await, path);
        is_guarded(&stranger.send(Method::OPTIONS, path, None).await, path);
    }
    let too_long = world.stranger().with("content-type", "application/json");
    let reply = too_long.send(Method::POST, "/api/v1/sessions", Some("x".repeat(2_000_000))).await;
    reply.expect_problem(413, "too_large");
    is_guarded(&reply, "a refused body");
    world.end().await;
}

#[tokio::test]
async fn nothing_of_the_api_is_kept_by_anybody() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    for path in ["/server", "/me", "/conversations", "/nothing", "/conversations/1/messages"] {
        assert_eq!(sita.get(path).await.header("cache-control"), Some("no-store"), "{path}");
    }
    assert_eq!(world.stranger().get("/api/v1/me").await.header("cache-control"), Some("no-store"));
    world.end().await;
}

#[tokio::test]
async fn only_where_tls_is_used_browsers_are_told_to_insist_on_it() {
    let plain = World::sqlite(&[]).await;
    assert_eq!(plain.stranger().get("/").await.header("strict-transport-security"), None);
    plain.end().await;
    let secure = World::sqlite(&[("public_url", "https://chat.example.org")]).await;
    assert!(secure.stranger().get("/").await.header("strict-transport-security").is_some());
    secure.end().await;
}

#[tokio::test]
async fn the_client_is_served_at_every_address_of_its_own() {
    let world = World::sqlite(&[]).await;
    let first = world.stranger().get("/").await;
    first.expect_status(200);
    assert_eq!(first.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    for path in ["/setup", "/join/0123", "/c/7", "/c/7/details"] {
        let page = world.stranger().get(path).await;
        page.expect_status(200);
        // Only the way to the pages without JavaScript is another one at each address.
        let same = page.text().replace(&format!("href=\"/lite{path}\""), web::PLAIN_PAGES);
        assert_eq!(same, first.text(), "{path}");
    }
    let etag = first.header("etag").unwrap();
    let again = world.stranger().with("if-none-match", etag).get("/").await;
    again.expect_status(304);
    assert!(again.body.is_empty());
    let head = world.stranger().send(Method::HEAD, "/", None).await;
    head.expect_status(200);
    assert!(head.body.is_empty());
    for path in ["/..%2f..%2fCargo.toml", "/%2e%2e/Cargo.toml", "/assets/../../Cargo.toml"] {
        assert!(!world.stranger().get(path).await.text().contains("[package]"), "{path}");
    }
    world.end().await;
}

#[tokio::test]
async fn the_service_worker_is_asked_for_again_each_time_and_every_file_that_it_keeps_is_served() {
    let world = World::sqlite(&[]).await;
    let worker = world.stranger().get("/sw.js").await;
    // Built without npm, there is only the page that says so.
    if web::asset("sw.js").is_some() {
        let text = worker.expect_text(200);
        is_guarded(&worker, "/sw.js");
        assert_eq!(worker.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(worker.header("cache-control"), Some("no-cache"));
        let list = text.lines().next().unwrap();
        let paths: Vec<_> = list.split('"').filter(|part| part.starts_with('/')).collect();
        assert!(paths.contains(&"/index.html") && paths.contains(&"/first.js"), "{list}");
        assert!(paths.iter().any(|path| path.starts_with("/assets/first-")), "{list}");
        for path in paths {
            world.stranger().get(path).await.expect_status(200);
        }
    }
    world.end().await;
}

#[tokio::test]
async fn the_client_comes_compressed_to_who_can_read_that_and_whole_to_everybody_else() {
    let world = World::sqlite(&[]).await;
    let page = world.stranger().get("/").await.expect_text(200);
    // Built without npm, there is only the page that says so.
    if let Some((_, rest)) = page.split_once("/assets/first-") {
        let path = format!("/assets/first-{}", rest.split('"').next().unwrap());
        let whole = world.stranger().get(&path).await;
        assert_eq!((whole.header("content-encoding"), whole.header("vary")), (None, Some("accept-encoding")));
        let by = async |accepted: &str| world.stranger().with("accept-encoding", accepted).get(&path).await;
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("GZIP;q=0.5, br;q=0", Some("gzip")),
            ("br; q=1.0", Some("br")),
            ("identity, br;q=0.000, gzip;q=none", None),
            ("brotli, *", None),
        ] {
            let reply = by(accepted).await;
            reply.expect_status(200);
            is_guarded(&reply, &path);
            assert_eq!(reply.header("content-encoding"), coding, "{accepted}");
            assert_eq!(reply.header("content-type"), whole.header("content-type"));
            assert_eq!(reply.header("cache-control"), whole.header("cache-control"));
            assert_eq!(reply.header("etag") == whole.header("etag"), coding.is_none(), "{accepted}");
            assert_eq!(reply.body.len() < whole.body.len() / 2, coding.is_some(), "{accepted}");
            let again = world
                .stranger()
                .with("accept-encoding", accepted)
                .with("if-none-match", reply.header("etag").unwrap());
            again.get(&path).await.expect_status(304);
        }
        world.stranger().get(&format!("{path}.br")).await.expect_status(404);
    }
    world.end().await;
}

/// The addresses in the router of the web client, as it writes them: `/c/:id/*?`.
fn addresses_of_the_client() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src/app");
    let mut addresses = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "tsx") {
            let text = fs::read_to_string(path).unwrap();
            let routes = text.split("<Route path=\"").skip(1);
            addresses.extend(routes.map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
    }
    addresses
}

#[tokio::test]
async fn every_address_of_the_clients_router_answers_the_page_to_everybody() {
    let world = World::sqlite(&[]).await;
    let mut addresses = addresses_of_the_client();
    assert!(addresses.len() >= 10 && addresses.contains(&"/c/:id/*?".to_owned()), "{addresses:?}");
    addresses.push("/c/:id".to_owned());
    for address in addresses {
        let path = address.replace(":id", "7").replace(":code", "0123").replace("*?", "details/9");
        for path in [path.clone(), format!("{}/", path.trim_end_matches('/')), format!("{path}?x=1")] {
            let page = world.stranger().get(&path).await;
            assert!(page.expect_text(200).starts_with("<!doctype html>"), "{path}");
            let reply = world.stranger().send(Method::PUT, &path, None).await;
            reply.expect_problem(405, "method_not_allowed");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn an_unknown_address_is_a_page_to_a_browser_that_goes_there_and_nothing_to_anybody_else() {
    let world = World::sqlite(&[]).await;
    let program = world.stranger();
    let browser = program.with("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    let handshake = program
        .with("connection", "upgrade")
        .with("upgrade", "websocket")
        .with("sec-websocket-version", "13")
        .with("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let unknown = [
        "/nothing",
        "/chats/nothing",
        "/history/5",
        "/auth/nope",
        "/message/5",
        "/joint",
        "/join",
        "/join/",
        "/c/",
        "/settings/x",
        "/login/x",
    ];
    for path in unknown {
        for client in [&program, &program.with("accept", "application/json, */*"), &handshake] {
            let problem = client.get(path).await.expect_problem(404, "not_found");
            assert_eq!(problem["detail"], "Not Found", "{path}");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            for client in [&program, &browser] {
                client.send(method.clone(), path, None).await.expect_problem(404, "not_found");
            }
        }
        let page = browser.get(path).await;
        assert!(page.expect_text(200).starts_with("<!doctype html>"), "{path}");
        assert_eq!(page.header("vary"), Some("accept"));
        browser.send(Method::HEAD, path, None).await.expect_status(200);
        program.send(Method::HEAD, path, None).await.expect_status(404);
    }
    for path in ["/missing.js", "/api/v1/nothing"] {
        browser.get(path).await.expect_problem(404, "not_found");
    }
    program.post("/mark.svg", "x").await.expect_problem(405, "method_not_allowed");
    world.end().await;
}

#[tokio::test]
async fn the_reference_page_works_without_the_network() {
    let world = World::sqlite(&[]).await;
    let to_page = world.stranger().get("/docs").await;
    assert_eq!((to_page.status.as_u16(), to_page.header("location")), (308, Some("/docs/")));
    let page = world.stranger().get("/docs/").await;
    page.expect_status(200);
    assert!(!page.text().contains("http://") && !page.text().contains("https://"), "{}", page.text());
    // The policy allows no script inside the page.
    assert_eq!(page.text().matches("<script").count(), page.text().matches("<script src=").count());
    for file in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js", "index.css"] {
        world.stranger().get(&format!("/docs/{file}")).await.expect_status(200);
    }
    let start = world.stranger().get("/docs/swagger-initializer.js").await;
    assert!(start.text().contains("/api/openapi.json"));
    world.end().await;
}

#[tokio::test]
async fn a_health_check_tells_whether_it_can_serve() {
    let world = World::sqlite(&[]).await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(world.stranger().get(path).await.expect_text(200), "ok");
    }
    world.end().await;
}
