//! What holds for every request, whatever it asks for: how it is read, and what its answer says of itself.

use crate::{
    stories,
    tidy::{code, files, root},
    world::{PASSWORD, World},
};
use axum::http::Method;
use protocol::{AccountRole, Me, api::AccountList};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

stories! {
    async fn what_is_escaped_twice_is_unescaped_once(world) {
        let sita = world.sign_up("sita").await;
        let body = json!({ "username": "ram", "password": PASSWORD, "display_name": "%73ita" });
        world.stranger().post("/api/v1/accounts", body).await.expect_status(201);
        let names = async |query: &str| {
            let list: AccountList = sita.get(&format!("/accounts?query={query}")).await.expect(200);
            list.accounts.into_iter().map(|account| account.username).collect::<Vec<_>>()
        };
        assert_eq!(names("%73it").await, ["sita"]);
        assert_eq!(names("%2573it").await, ["ram"], "the text %73it, which is in one name as it stands");
    }

    async fn a_parameter_given_twice_is_refused(world) {
        let sita = world.sign_up("sita").await;
        for path in ["/conversations/1/messages?limit=1&limit=2", "/accounts?query=a&query=b"] {
            sita.get(path).await.expect_problem(422, "invalid_request");
        }
    }

    async fn fields_that_are_not_mine_to_set_stay_as_they_are(world) {
        world.administrator("asha").await;
        let body = json!({
            "username": "sita", "password": PASSWORD,
            "id": 1, "role": "administrator", "kind": "guest", "created_at": "2000-01-01T00:00:00.000Z",
        });
        world.stranger().post("/api/v1/accounts", body).await.expect_status(201);
        let sita = world.sign_in("sita").await;
        let body = json!({
            "display_name": "Sita", "role": "administrator", "username": "asha", "deactivated_at": "2000-01-01T00:00:00.000Z",
        });
        sita.patch("/me", body).await.expect_status(200);
        let me: Me = sita.get("/me").await.expect(200);
        assert_eq!((me.account.id, me.account.role), (sita.id(), AccountRole::Member));
        assert_eq!((me.account.username.as_str(), me.account.display_name.as_str()), ("sita", "Sita"));
        assert_eq!((me.account.kind, me.account.created_at), (sita.me.account.kind, sita.me.account.created_at));
        assert_eq!(me.account.deactivated_at, None);
        sita.get("/admin/audit").await.expect_problem(403, "forbidden");
    }
}

#[tokio::test]
async fn every_answer_with_a_body_says_what_it_is() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let paths = [
        "/",
        "/api/v1/server",
        "/api/v1/me",
        "/api/v1/conversations",
        "/api/v1/nothing",
        "/api/openapi.json",
        "/docs/",
        "/docs/index.css",
        "/docs/swagger-ui-bundle.js",
        "/healthz",
        "/lite/login",
        "/lite/nothing",
        "/missing.js",
        "/api/v1/socket",
        "/chats/nothing",
    ];
    for path in paths {
        for client in [&world.stranger(), &sita.client] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let reply = client.send(method.clone(), path, None).await;
                let kind = reply.header("content-type").unwrap_or_default();
                let is_text = kind.starts_with("text/");
                assert!(reply.body.is_empty() || !kind.is_empty(), "{method} {path} does not say what it is");
                assert!(!is_text || kind.contains("charset=utf-8"), "{method} {path}: {kind}");
                let is_json =
                    kind.starts_with("application/json") || kind.starts_with("application/problem+json");
                let reads = serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok();
                assert!(!is_json || reads, "{method} {path}: {}", reply.text());
            }
        }
    }
    world.end().await;
}

/// Every address that a door answers at, with 1 for whatever stands in it.
fn addresses() -> BTreeSet<String> {
    let document = fs::read_to_string(root().join("docs/api/openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    let mut found: BTreeSet<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    for (_, text) in files("crates/server/src/dialects", &[".rs"]) {
        let code = code(&text);
        let paths = code.split(".both_spellings(\"").skip(1).filter_map(|rest| rest.split('"').next());
        found.extend(paths.map(str::to_owned));
    }
    let filled = found.iter().map(|path| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        parts.collect::<Vec<_>>().join("/")
    });
    filled.collect()
}

#[tokio::test]
async fn nothing_that_comes_through_any_door_is_kept_by_anybody() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let addresses = addresses();
    assert!(addresses.len() > 60, "{addresses:?}");
    for path in addresses {
        for client in [&sita.client, &world.stranger()] {
            for method in [Method::GET, Method::POST, Method::PATCH] {
                if method != Method::GET && path.ends_with("logout") {
                    continue;
                }
                let reply = client.send(method.clone(), &path, None).await;
                // The client's own pages are the same for everybody, and asked for again each time.
                let is_page = reply.text().starts_with("<!doctype html>");
                let kept = reply.header("cache-control");
                assert!(
                    kept == Some("no-store") || is_page && kept == Some("no-cache"),
                    "{method} {path}: {kept:?}"
                );
                for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY")] {
                    assert_eq!(reply.header(name), Some(value), "{method} {path}");
                }
            }
        }
    }
    world.end().await;
}

#[tokio::test]
async fn nobody_is_told_back_what_they_sent() {
    let world = World::sqlite(&[]).await;
    let secret = "parlor_of-nobody";
    let client = world.stranger().with("authorization", &format!("Bearer {secret}")).with("x-secret", secret);
    for path in ["/", "/api/v1/me", "/api/v1/server", "/lite/login", "/nothing"] {
        for method in [Method::TRACE, Method::CONNECT, "DEBUG".parse().unwrap(), Method::GET] {
            let reply = client.send(method.clone(), path, None).await;
            assert!(
                method == Method::GET || reply.status.is_client_error(),
                "{method} {path} is {}",
                reply.status
            );
            assert!(!reply.text().contains(secret), "{method} {path}");
        }
    }
    world.end().await;
}
