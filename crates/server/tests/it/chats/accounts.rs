//! Signing up, in and out, and who is found.

use super::{User, refused};
use crate::{
    client::Client,
    stories,
    world::{PASSWORD, World},
};
use axum::http::Method;
use serde_json::{Value, json};

/// Whether these are the seconds of a week, but for those that the answer took.
fn is_a_week(seconds: &Value) -> bool {
    const WEEK_S: i64 = 7 * 24 * 3600;
    (WEEK_S - 60..=WEEK_S).contains(&seconds.as_i64().unwrap())
}

stories! {
    async fn somebody_signs_up_and_in_and_is_answered_in_the_documented_words(world) {
        let body = json!({ "username": "sita", "password": PASSWORD, "email": "sita@example.org" });
        let made: Value = world.stranger().post("/auth/signup", body).await.expect(200);
        assert_eq!(made["message"], "User created");
        for login in ["sita", "Sita", "sita@example.org"] {
            let body = json!({ "username": login, "password": PASSWORD });
            let reply = world.stranger().post("/auth/login", body).await;
            let signed_in: Value = reply.expect(200);
            assert_eq!(signed_in["token_type"], "bearer");
            assert_eq!(signed_in["access_token"].as_str().unwrap().split('.').count(), 3, "it is a JWT");
            assert!(is_a_week(&signed_in["expires_in"]), "{signed_in}");
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert!(reply.header("set-cookie").is_none());
        }
        let sita = User::signs_in(world, "sita").await;
        let me = sita.gets("/users/me").await;
        assert_eq!(me, json!({ "id": sita.id, "username": "sita", "display_name": "sita", "email": "sita@example.org" }));
        let parlor = world.sign_in("sita").await;
        assert_eq!(parlor.id().0, sita.id, "the same account by every door");
    }

    async fn what_is_wrong_with_a_sign_up_is_said_field_by_field(world) {
        let stranger = world.stranger();
        let sign_up = async |body: Value| stranger.post("/auth/signup", body).await;
        let reply = sign_up(json!({ "username": 7, "password": "hunter2 hunter2" })).await;
        assert!(!reply.text().contains("hunter2"), "{}", reply.text());
        let said: Value = refused(&reply, 422, "invalid_request");
        let fields: Vec<&Value> = said["detail"].as_array().unwrap().iter().map(|entry| &entry["loc"]).collect();
        assert_eq!(fields, [&json!(["body", "username"]), &json!(["body", "email"])]);
        for (body, field, input) in [
            (json!({ "username": "no spaces, please", "password": PASSWORD, "email": "" }), "username", json!("no spaces, please")),
            (json!({ "username": "sita", "password": "short", "email": "" }), "password", Value::Null),
            (json!({ "username": "sita", "password": "password", "email": "" }), "password", Value::Null),
            (json!({ "username": "sita", "password": PASSWORD, "email": "nowhere" }), "email", json!("nowhere")),
            (json!({ "username": null, "password": PASSWORD, "email": "" }), "username", Value::Null),
        ] {
            let said = refused(&sign_up(body).await, 422, "invalid_request");
            assert_eq!(said["detail"][0]["loc"], json!(["body", field]));
            assert_eq!(said["detail"][0]["input"], input, "what was given is told back, but for a password");
        }
        User::new(world, "sita").await;
        let again = json!({ "username": "SITA", "password": PASSWORD, "email": "other@example.org" });
        refused(&sign_up(again).await, 409, "username_taken");
        let same_address = json!({ "username": "gita", "password": PASSWORD, "email": "Sita@example.org" });
        refused(&sign_up(same_address).await, 409, "email_taken");
        for text in ["", "[]", "{", "null"] {
            let reply = world.stranger().send(Method::POST, "/auth/signup", Some(text.into())).await;
            refused(&reply, 422, "invalid_request");
        }
        let said = refused(&sign_up(json!([7, { "password": "hunter2", "email": "x" }])).await, 422, "invalid_request");
        assert_eq!(said["detail"][0]["input"], json!([7, { "email": "x" }]));
    }

    async fn a_wrong_password_and_an_unknown_name_are_told_alike(world) {
        User::new(world, "sita").await;
        let mut said = Vec::new();
        for login in ["sita", "nobody"] {
            let body = json!({ "username": login, "password": "something else" });
            let reply = world.stranger().post("/auth/login", body).await;
            said.push(refused(&reply, 401, "invalid_credentials"));
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        }
        assert_eq!(said[0], said[1]);
        // A token that is good no more, as clients keep it, is no reason to refuse a new sign-in.
        let stale = world.stranger().with("authorization", "Bearer stale");
        stale.post("/auth/login", json!({ "username": "sita", "password": PASSWORD })).await.expect_status(200);
    }

    async fn a_refresh_token_is_good_for_one_new_pair(world) {
        let sita = User::new(world, "sita").await;
        let stranger = world.stranger();
        let refresh = async |token: &str| stranger.post("/auth/refresh", json!({ "refresh_token": token })).await;
        let next: Value = refresh(&sita.refresh_token).await.expect(200);
        assert!(next["token_type"] == "bearer" && is_a_week(&next["expires_in"]), "{next}");
        let token = next["access_token"].as_str().unwrap();
        let renewed = world.stranger().with("authorization", &format!("Bearer {token}"));
        renewed.get("/users/me").await.expect_status(200);
        refused(&refresh(&sita.refresh_token).await, 401, "unauthenticated");
        refused(&renewed.get("/users/me").await, 401, "unauthenticated");
        refused(&refresh("nonsense").await, 401, "unauthenticated");
    }

    async fn whoever_logs_out_is_out_on_all_sockets_and_other_sessions_go_on(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let phone = User::signs_in(world, "sita").await;
        let chat = sita.chats_with(&ram).await;
        let room = sita.gathers("garden", &[&ram]).await;
        let mut sockets = Vec::new();
        for path in ["/ws/general".into(), format!("/ws/private/{chat}"), format!("/ws/room/{room}")] {
            sockets.push(sita.connects(&path).await);
        }
        let mut on_phone = phone.connects("/ws/general").await;
        let said = sita.posts("/auth/logout", json!({})).await;
        assert_eq!(said, json!({ "message": "Logged out" }));
        for socket in &mut sockets {
            assert_eq!(socket.ends().await, Some(4001));
        }
        refused(&sita.client.get("/users/me").await, 401, "unauthenticated");
        assert_eq!(sita.is_kept_out("/ws/general").await.0, 401);
        on_phone.says_and_hears("still here").await;
    }

    async fn people_are_found_by_the_beginning_of_a_name_and_their_addresses_stay_their_own(world) {
        let sita = User::new(world, "sita").await;
        User::new(world, "simon").await;
        User::new(world, "ram").await;
        let found = sita.client.get("/users?query=SI").await;
        assert!(!found.text().contains("example.org"), "{}", found.text());
        let found: Value = found.expect(200);
        let names: Vec<&Value> = found["users"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
        assert_eq!(names, ["sita", "simon"]);
        assert_eq!(found["users"][0], json!({ "id": sita.id, "username": "sita", "display_name": "sita" }));
        assert_eq!(sita.gets("/users?query=nobody").await["users"], json!([]));
        let page = sita.gets("/users?limit=2").await;
        assert_eq!((page["users"].as_array().unwrap().len(), &page["has_more"]), (2, &json!(true)));
        let rest = sita.gets(&format!("/users?after={}", page["users"][1]["id"])).await;
        assert_eq!((rest["users"].as_array().unwrap().len(), &rest["has_more"]), (1, &json!(false)));
        let long = "x".repeat(1000);
        for (name, wrong) in [("limit", "many"), ("query", &long)] {
            let said = refused(&sita.client.get(&format!("/users?{name}={wrong}")).await, 422, "invalid_request");
            let entry = &said["detail"][0];
            assert_eq!((&entry["loc"], &entry["input"]), (&json!(["query", name]), &json!(wrong)));
        }
    }

    async fn every_route_but_those_for_signing_in_asks_for_a_token(world) {
        let strangers = [
            (world.stranger(), "Not authenticated"),
            (world.stranger().with("authorization", "Bearer nonsense"), "There is no valid session with this request."),
            (world.stranger().with("authorization", "Bearer"), "There is no valid session with this request."),
        ];
        let paths: [(Method, &str); 16] = [
            (Method::POST, "/auth/logout"),
            (Method::GET, "/users/me"),
            (Method::GET, "/users?query=a"),
            (Method::GET, "/chats"),
            (Method::GET, "/chats/general/history"),
            (Method::POST, "/chats/private"),
            (Method::GET, "/chats/private/2/history"),
            (Method::POST, "/chats/room"),
            (Method::GET, "/chats/room/2/history"),
            (Method::GET, "/chats/room/2/members"),
            (Method::GET, "/chats/room/2/pending"),
            (Method::POST, "/chats/room/2/join"),
            (Method::POST, "/chats/room/2/invite/approve"),
            (Method::POST, "/chats/room/2/invite/deny"),
            (Method::GET, "/chats/room/x/history"),
            (Method::GET, "/users/me?token=x"),
        ];
        for (stranger, why) in &strangers {
            for (method, path) in &paths {
                let reply = stranger.send(method.clone(), path, None).await;
                let said = refused(&reply, 401, "unauthenticated");
                assert_eq!(said["detail"], *why, "{path}");
            }
        }
    }

    async fn a_cookie_counts_on_our_own_pages_only(world) {
        let body = json!({ "username": "sita", "password": PASSWORD });
        let cookie = world.stranger().post("/api/v1/accounts", body).await.cookie();
        let browser = world.stranger().with("cookie", &cookie);
        browser.get("/users/me").await.expect_status(200);
        let own = browser.with("origin", world.server().public_url());
        own.post("/chats/room", json!({ "name": "garden" })).await.expect_status(200);
        for other in [browser.clone(), browser.with("origin", "https://evil.example")] {
            refused(&other.post("/chats/room", json!({ "name": "trap" })).await, 401, "unauthenticated");
        }
    }

    async fn a_page_of_another_address_may_call_where_the_installation_says_so(world) {
        for (origin, is_allowed) in [("http://localhost:3000", true), ("https://evil.example", false)] {
            let page = world.stranger().with("origin", origin);
            let asks = page.with("access-control-request-method", "POST").with("access-control-request-headers", "authorization,content-type");
            let reply = asks.send(Method::OPTIONS, "/chats/room", None).await;
            assert_eq!(reply.header("access-control-allow-origin"), is_allowed.then_some(origin));
            let reply = page.post("/auth/login", json!({ "username": "sita", "password": PASSWORD })).await;
            assert_eq!(reply.header("access-control-allow-origin"), is_allowed.then_some(origin), "refusals too");
        }
    }

    async fn an_address_answers_with_a_slash_at_its_end_too_and_is_not_redirected(world) {
        let (sita, ram) = (User::new(world, "sita").await, User::new(world, "ram").await);
        let body = json!({ "username": "gita", "password": PASSWORD, "email": "" });
        world.stranger().post("/auth/signup/", body).await.expect_status(200);
        let login = json!({ "username": "gita", "password": PASSWORD });
        world.stranger().post("/auth/login/", login).await.expect_status(200);
        let chat = sita.posts("/chats/private/", json!({ "receiver_id": ram.id })).await["chat_id"].clone();
        for path in ["/users/me/", "/users/?query=r", "/chats/", "/chats/general/history/?limit=1"] {
            sita.gets(path).await;
        }
        sita.gets(&format!("/chats/private/{chat}/history/")).await;
        refused(&sita.client.delete("/chats/").await, 405, "method_not_allowed");
        sita.connects("/ws/general/").await.says_and_hears("hello").await;
        sita.connects(&format!("/ws/private/{chat}/")).await.says_and_hears("hello").await;
        for path in ["/chats/nothing", "/chats/nothing/", "/auth/nope", "/ws/nothing/else"] {
            sita.client.get(path).await.expect_problem(404, "not_found");
        }
    }

    async fn wrong_methods_and_wrong_numbers_are_told_as_these_clients_know_it(world) {
        let sita = User::new(world, "sita").await;
        refused(&sita.client.delete("/chats/general/history").await, 405, "method_not_allowed");
        refused(&sita.client.get("/auth/login").await, 405, "method_not_allowed");
        for path in ["/chats/private/x/history", "/chats/room/99999999999999999999/members", "/chats/room/%ff/pending"] {
            let said = refused(&sita.client.get(path).await, 422, "invalid_request");
            assert_eq!((&said["detail"][0]["type"], &said["detail"][0]["loc"][0]), (&json!("int_parsing"), &json!("path")));
        }
        for path in ["/chats/private/-1/history", "/chats/room/0/members", "/chats/room/9223372036854775807/pending"] {
            refused(&sita.client.get(path).await, 404, "not_a_member");
        }
        let huge = format!("{{\"name\":\"{}\"}}", "x".repeat(2_000_000));
        sita.client.send(Method::POST, "/chats/room", Some(huge)).await.expect_status(413);
    }
}

#[tokio::test]
async fn a_token_of_another_installation_and_one_that_is_forged_open_nothing() {
    let (here, elsewhere) = (World::sqlite(&[]).await, World::sqlite(&[]).await);
    let (sita, stranger) = (User::new(&here, "sita").await, User::new(&elsewhere, "sita").await);
    let with_foreign = User { client: here.stranger(), ..stranger };
    assert_eq!(with_foreign.is_kept_out("/ws/general").await.0, 401);
    let bearer = |client: Client, token: &str| client.with("authorization", &format!("Bearer {token}"));
    refused(&bearer(here.stranger(), &with_foreign.token).get("/chats").await, 401, "unauthenticated");
    let (head, signature) = sita.token.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", signature.chars().rev().collect::<String>());
    refused(&bearer(here.stranger(), &forged).get("/chats").await, 401, "unauthenticated");
    here.end().await;
    elsewhere.end().await;
}

#[tokio::test]
async fn a_token_that_is_too_old_is_told_to_be_so_and_can_be_renewed() {
    const DAY_MS: i64 = 24 * 3600 * 1000;
    let mut world = World::sqlite(&[]).await;
    let hand = world.begin_by_hand().await;
    let sita = User::new(&world, "sita").await;
    hand.pass(6 * DAY_MS);
    sita.connects("/ws/general").await.says_and_hears("after six days").await;
    hand.pass(2 * DAY_MS);
    refused(&sita.client.get("/chats").await, 401, "token_expired");
    let (status, body) = sita.is_kept_out("/ws/general").await;
    assert_eq!((status, &body["code"]), (401, &json!("token_expired")));
    let renewed =
        world.stranger().post("/auth/refresh", json!({ "refresh_token": sita.refresh_token })).await;
    let token = renewed.expect::<Value>(200)["access_token"].as_str().unwrap().to_owned();
    hand.pass(6 * DAY_MS);
    User { token, ..sita }.connects("/ws/general").await.says_and_hears("after a fortnight").await;
    world.end().await;
}

#[tokio::test]
async fn nobody_signs_up_here_where_registration_is_closed() {
    for (setting, code) in [("closed", "registration_closed"), ("invite", "invite_required")] {
        let world = World::sqlite(&[("registration", setting)]).await;
        let body = json!({ "username": "sita", "password": PASSWORD, "email": "" });
        refused(&world.stranger().post("/auth/signup", body).await, 403, code);
        world.end().await;
    }
}

#[tokio::test]
async fn the_doors_can_be_closed() {
    let world = World::sqlite(&[("dialects", "off")]).await;
    let body = json!({ "username": "sita", "password": PASSWORD, "email": "" });
    let reply = world.stranger().post("/auth/signup", body).await;
    assert!(reply.status.is_client_error(), "{}", reply.text());
    let person = world.sign_up("sita").await;
    assert!(!person.client.get("/users/me").await.text().contains("\"username\""));
    world.end().await;
}
