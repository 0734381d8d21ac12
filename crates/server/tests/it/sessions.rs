//! Signing in and out, cookies and where requests come from, tokens that are exchanged.

use crate::{
    client::Client,
    stories,
    world::{PASSWORD, World},
};
use axum::http::Method;
use protocol::{
    Me,
    api::{SessionList, SignedIn},
};
use serde_json::json;

/// The origin of our own page.
fn own(world: &World) -> String {
    world.server().public_url().to_owned()
}

stories! {
    async fn one_signs_in_by_username_or_email(world) {
        let body = json!({ "username": "sita", "password": PASSWORD, "email": "sita@example.org" });
        world.stranger().post("/api/v1/accounts", body).await.expect_status(201);
        for login in ["sita", "SITA", "sita@example.org", "Sita@Example.Org"] {
            world.sign_in(login).await;
        }
    }

    async fn a_wrong_password_and_an_unknown_name_are_refused_alike(world) {
        world.sign_up("sita").await;
        let mut problems = Vec::new();
        for login in ["sita", "nobody"] {
            let body = json!({ "login": login, "password": "something else" });
            let mut problem = world.stranger().post("/api/v1/sessions", body).await.expect_problem(401, "invalid_credentials");
            problem.as_object_mut().unwrap().remove("request_id");
            problems.push(problem);
        }
        assert_eq!(problems[0], problems[1]);
    }

    async fn whoever_signs_out_is_out(world) {
        let sita = world.sign_up("sita").await;
        let reply = sita.delete("/sessions/current").await;
        reply.expect_status(204);
        assert!(reply.header("set-cookie").unwrap().contains("Max-Age=0"));
        sita.get("/me").await.expect_problem(401, "unauthenticated");
    }

    async fn one_sees_ones_sessions_and_ends_a_forgotten_one(world) {
        let desk = world.sign_up("sita").await;
        let phone = world.sign_in("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let list: SessionList = phone.get("/sessions").await.expect(200);
        assert_eq!(list.sessions.len(), 2);
        assert_eq!(list.sessions.iter().filter(|session| session.current).count(), 1);
        let forgotten = list.sessions.iter().find(|session| !session.current).unwrap().id;
        ramesh.delete(&format!("/sessions/{forgotten}")).await.expect_problem(404, "not_found");
        phone.delete(&format!("/sessions/{forgotten}")).await.expect_status(204);
        desk.get("/me").await.expect_problem(401, "unauthenticated");
        phone.get("/me").await.expect_status(200);
    }

    async fn a_new_password_ends_all_other_sessions(world) {
        let desk = world.sign_up("sita").await;
        let phone = world.sign_in("sita").await;
        let wrong = json!({ "current_password": "not this", "new_password": "a new long password" });
        phone.put("/me/password", wrong).await.expect_problem(401, "invalid_credentials");
        let right = json!({ "current_password": PASSWORD, "new_password": "a new long password" });
        phone.put("/me/password", right).await.expect_status(204);
        desk.get("/me").await.expect_problem(401, "unauthenticated");
        phone.get("/me").await.expect_status(200);
        let old = json!({ "login": "sita", "password": PASSWORD });
        world.stranger().post("/api/v1/sessions", old).await.expect_problem(401, "invalid_credentials");
    }

    async fn signing_in_ends_the_session_that_the_browser_had(world) {
        let elsewhere = world.sign_up("sita").await;
        world.sign_up("ramesh").await;
        let sign_in = |login: &str, password: &str| json!({ "login": login, "password": password });
        for (door, form) in [("/api/v1/sessions", false), ("/lite/login", true)] {
            let browser = cookie_of(world, "sita").await.with("origin", &own(world));
            let failed = browser.post("/api/v1/sessions", sign_in("ramesh", "not this")).await;
            failed.expect_problem(401, "invalid_credentials");
            browser.get("/api/v1/me").await.expect_status(200);
            let reply = if form {
                let fields = format!("login=ramesh&password={}", PASSWORD.replace(' ', "+"));
                let of_form = browser.with("content-type", "application/x-www-form-urlencoded");
                of_form.send(Method::POST, door, Some(fields)).await
            } else {
                browser.post(door, sign_in("ramesh", PASSWORD)).await
            };
            browser.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
            let now = world.stranger().with("cookie", &reply.cookie());
            let me: protocol::Me = now.get("/api/v1/me").await.expect(200);
            assert_eq!(me.account.username, "ramesh");
        }
        elsewhere.get("/me").await.expect_status(200);
    }

    async fn a_change_with_the_cookie_must_come_from_our_own_page(world) {
        let sita = world.sign_up("sita").await;
        let browser = cookie_of(world, "sita").await;
        let change = json!({ "display_name": "Sita" });
        browser.get("/api/v1/me").await.expect_status(200);
        for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"] {
            let foreign = browser.with("origin", origin);
            foreign.patch("/api/v1/me", &change).await.expect_problem(403, "origin_mismatch");
            foreign.delete("/api/v1/sessions/current").await.expect_problem(403, "origin_mismatch");
        }
        browser.patch("/api/v1/me", &change).await.expect_problem(403, "origin_mismatch");
        browser.with("origin", &own(world)).patch("/api/v1/me", &change).await.expect_status(200);
        let port = world.server().address().port();
        let by_name = browser.with("origin", &format!("http://localhost:{port}"));
        by_name.patch("/api/v1/me", &change).await.expect_status(200);
        // A program with the header is asked for nothing, wherever it says it comes from.
        sita.client.with("origin", "https://evil.example").patch("/api/v1/me", &change).await.expect_status(200);
    }

    async fn another_site_cannot_sign_somebody_in(world) {
        world.sign_up("sita").await;
        let body = json!({ "login": "sita", "password": PASSWORD });
        let foreign = world.stranger().with("origin", "https://evil.example");
        foreign.post("/api/v1/sessions", &body).await.expect_problem(403, "origin_mismatch");
        let sign_up = json!({ "username": "eve", "password": PASSWORD });
        foreign.post("/api/v1/accounts", &sign_up).await.expect_problem(403, "origin_mismatch");
        world.stranger().with("origin", &own(world)).post("/api/v1/sessions", &body).await.expect_status(201);
    }

    async fn a_wrong_bearer_token_is_refused_though_the_cookie_is_right(world) {
        world.sign_up("sita").await;
        let browser = cookie_of(world, "sita").await;
        for header in ["Bearer wrong", "Bearer", "Bearer ", "bearer parlor_00"] {
            browser.with("authorization", header).get("/api/v1/me").await.expect_problem(401, "unauthenticated");
        }
        browser.with("authorization", "Basic c2l0YTp4").get("/api/v1/me").await.expect_status(200);
    }

    async fn a_stale_cookie_does_not_hide_what_strangers_may_see(world) {
        let sita = world.sign_up("sita").await;
        let room = sita.makes_room("Garden").await;
        let card = format!("/api/v1/invites/{}", room.invite.unwrap().code.unwrap());
        let stale = world.stranger().with("cookie", "parlor_session=parlor_gone");
        stale.get(&card).await.expect_status(200);
        let wrong = world.stranger().with("authorization", "Bearer parlor_gone");
        wrong.get(&card).await.expect_problem(401, "unauthenticated");
    }

    async fn a_refresh_token_is_good_once_and_a_second_use_ends_the_session(world) {
        world.sign_up("sita").await;
        let body = json!({ "login": "sita", "password": PASSWORD, "token_kind": "jwt" });
        let first: SignedIn = world.stranger().post("/api/v1/sessions", body).await.expect(201);
        let old = first.refresh_token.clone().unwrap();
        let refresh = async |token: &str| {
            world.stranger().post("/api/v1/sessions/refresh", json!({ "refresh_token": token })).await
        };
        let second: SignedIn = refresh(&old).await.expect(200);
        let client = world.stranger().with("authorization", &format!("Bearer {}", second.token));
        assert_eq!(client.get("/api/v1/me").await.expect::<Me>(200).account.username, "sita");
        // Somebody has a copy of the old one: nobody can tell who, so both are out.
        refresh(&old).await.expect_problem(401, "unauthenticated");
        refresh(&second.refresh_token.unwrap()).await.expect_problem(401, "unauthenticated");
        client.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_session_ends_after_half_a_year_however_much_it_is_used() {
    const DAY_MS: i64 = 24 * 3600 * 1000;
    let mut world = World::sqlite(&[]).await;
    let clock = world.begin_by_hand().await;
    let sita = world.sign_up("sita").await;
    let body = json!({ "login": "sita", "password": PASSWORD, "token_kind": "jwt" });
    let program: SignedIn = world.stranger().post("/api/v1/sessions", body).await.expect(201);
    let mut refresh_token = program.refresh_token.unwrap();
    for _ in 0..8 {
        clock.pass(20 * DAY_MS);
        sita.get("/me").await.expect_status(200);
        let body = json!({ "refresh_token": refresh_token });
        let refreshed: SignedIn = world.stranger().post("/api/v1/sessions/refresh", body).await.expect(200);
        refresh_token = refreshed.refresh_token.unwrap();
    }
    let list: SessionList = sita.get("/sessions").await.expect(200);
    let left_ms = list.sessions.iter().map(|session| session.expires_at.0 - clock.now().0);
    assert!(left_ms.clone().count() == 2 && left_ms.clone().all(|ms| ms == 20 * DAY_MS), "{list:?}");
    clock.pass(20 * DAY_MS);
    sita.get("/me").await.expect_problem(401, "token_expired");
    let body = json!({ "refresh_token": refresh_token });
    world.stranger().post("/api/v1/sessions/refresh", body).await.expect_problem(401, "unauthenticated");
    world.end().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_signs_no_program_out_and_lets_no_token_live_longer() {
    const MINUTE_MS: i64 = 60_000;
    let mut world = World::sqlite(&[("jwt_minutes", "10")]).await;
    let clock = world.begin_by_hand().await;
    world.sign_up("sita").await;
    let body = json!({ "login": "sita", "password": PASSWORD, "token_kind": "jwt" });
    let program: SignedIn = world.stranger().post("/api/v1/sessions", body).await.expect(201);
    let client = world.stranger().with("authorization", &format!("Bearer {}", program.token));
    clock.set(clock.now().plus_ms(-60 * MINUTE_MS));
    client.get("/api/v1/me").await.expect_status(200);
    clock.pass(9 * MINUTE_MS);
    client.get("/api/v1/me").await.expect_status(200);
    clock.pass(2 * MINUTE_MS);
    client.get("/api/v1/me").await.expect_problem(401, "token_expired");
    let body = json!({ "refresh_token": program.refresh_token });
    let refreshed: SignedIn = world.stranger().post("/api/v1/sessions/refresh", body).await.expect(200);
    let client = world.stranger().with("authorization", &format!("Bearer {}", refreshed.token));
    client.get("/api/v1/me").await.expect_status(200);
    world.end().await;
}

#[tokio::test]
async fn the_use_of_a_session_is_noted_every_five_minutes_and_not_with_every_request() {
    const MINUTE_MS: i64 = 60_000;
    let mut world = World::sqlite(&[]).await;
    let clock = world.begin_by_hand().await;
    let begin = clock.now();
    let sita = world.sign_up("sita").await;
    for (minutes, noted_minutes) in [(1, 0), (5, 0), (6, 6), (11, 6), (12, 12)] {
        clock.set(begin.plus_ms(minutes * MINUTE_MS));
        sita.get("/me").await.expect_status(200);
        let list: SessionList = sita.get("/sessions").await.expect(200);
        let seen_ms = list.sessions[0].last_seen_at.0 - begin.0;
        assert_eq!(seen_ms, noted_minutes * MINUTE_MS, "after {minutes} minutes");
    }
    world.end().await;
}

/// Somebody's browser: it has the cookie and nothing else.
async fn cookie_of(world: &World, login: &str) -> Client {
    let body = json!({ "login": login, "password": PASSWORD });
    let reply = world.stranger().post("/api/v1/sessions", body).await;
    reply.expect_status(201);
    let set = reply.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(part), "{set}");
    }
    world.stranger().with("cookie", &reply.cookie())
}

#[tokio::test]
async fn by_tls_the_cookie_is_bound_to_the_host_and_the_public_address_is_ours() {
    let world = World::sqlite(&[("public_url", "https://chat.example.org")]).await;
    world.sign_up("sita").await;
    let body = json!({ "login": "sita", "password": PASSWORD });
    let reply =
        world.stranger().with("origin", "https://chat.example.org").post("/api/v1/sessions", body).await;
    reply.expect_status(201);
    let set = reply.header("set-cookie").unwrap();
    assert!(set.starts_with("__Host-parlor_session=") && set.ends_with("; Secure"), "{set}");
    let browser = world.stranger().with("cookie", &reply.cookie());
    browser.get("/api/v1/me").await.expect_status(200);
    let change = json!({ "display_name": "Sita" });
    browser
        .with("origin", "http://chat.example.org")
        .patch("/api/v1/me", &change)
        .await
        .expect_problem(403, "origin_mismatch");
    browser.with("origin", "https://chat.example.org").patch("/api/v1/me", &change).await.expect_status(200);
    world.end().await;
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down_for_the_guesser() {
    let world = World::sqlite(&[("sign_ins_per_account", "1/h+3")]).await;
    world.sign_up("sita").await;
    let body = json!({ "login": "sita", "password": "a guess" });
    for _ in 0..3 {
        world.stranger().post("/api/v1/sessions", &body).await.expect_problem(401, "invalid_credentials");
    }
    let reply = world.stranger().post("/api/v1/sessions", &body).await;
    reply.expect_problem(429, "rate_limited");
    assert!(reply.header("retry-after").is_some());
    world.end().await;
}

#[tokio::test]
async fn an_empty_credential_is_no_credential() {
    let world = World::sqlite(&[]).await;
    for (name, value) in [
        ("authorization", ""),
        ("authorization", "Bearer null"),
        ("authorization", "Bearer ."),
        ("authorization", "Bearer a.b.c"),
        ("authorization", "Bearer []"),
        ("cookie", "parlor_session="),
        ("cookie", "parlor_session"),
        ("cookie", "=; ;;"),
        ("x-parlor-account", "1"),
    ] {
        let reply = world.stranger().with(name, value).send(Method::GET, "/api/v1/me", None).await;
        reply.expect_problem(401, "unauthenticated");
    }
    world.end().await;
}
