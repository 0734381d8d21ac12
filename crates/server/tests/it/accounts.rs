//! Signing up, the administrator's account, finding people, and changing accounts.

use crate::{
    stories,
    world::{PASSWORD, World},
};
use protocol::{
    Account, ErrorCode, Me,
    api::{AccountList, Registration, ServerInfo, SignedIn},
};
use serde_json::{Value, json};

stories! {
    async fn somebody_signs_up_and_is_who_they_said(world) {
        let body = json!({
            "username": "sita", "password": PASSWORD, "email": "Sita@Example.org", "display_name": "Sita R.",
        });
        let reply = world.stranger().post("/api/v1/accounts", body).await;
        let signed_in: SignedIn = reply.expect(201);
        assert_eq!(signed_in.account.account.display_name, "Sita R.");
        let client = world.stranger().with("authorization", &format!("Bearer {}", signed_in.token));
        let me: Me = client.get("/api/v1/me").await.expect(200);
        assert_eq!(me.account.username, "sita");
        assert_eq!(me.email, signed_in.account.email);
        let with_cookie = world.stranger().with("cookie", &reply.cookie());
        assert_eq!(with_cookie.get("/api/v1/me").await.expect::<Me>(200), me);
    }

    async fn a_name_that_looks_like_another_is_taken(world) {
        world.sign_up("ramesh").await;
        for username in ["ramesh", "Ramesh", "RAMESH"] {
            let body = json!({ "username": username, "password": PASSWORD });
            world.stranger().post("/api/v1/accounts", body).await.expect_problem(409, "username_taken");
        }
    }

    async fn a_password_that_anyone_would_try_is_refused_and_the_field_is_named(world) {
        for password in ["", "short", "password123"] {
            let body = json!({ "username": "sita", "password": password });
            let problem = world.stranger().post("/api/v1/accounts", body).await.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], "password");
        }
    }

    async fn the_printed_link_makes_one_administrator_and_no_second(world) {
        let code = world.server().setup_code().await.unwrap().unwrap();
        let body = |username: &str, code: &str| json!({ "username": username, "password": PASSWORD, "code": code });
        let stranger = world.stranger();
        stranger.post("/api/v1/setup", body("eve", &"0".repeat(32))).await.expect_problem(403, "setup_closed");
        let (one, other) = tokio::join!(
            stranger.post("/api/v1/setup", body("asha", &code)),
            stranger.post("/api/v1/setup", body("binod", &code)),
        );
        let made: Vec<_> = [one, other].into_iter().filter(|reply| reply.status == 201).collect();
        assert_eq!(made.len(), 1);
        let signed_in: SignedIn = made[0].expect(201);
        assert_eq!(signed_in.account.account.role, protocol::AccountRole::Administrator);
        stranger.post("/api/v1/setup", body("eve", &code)).await.expect_problem(403, "setup_closed");
        assert_eq!(world.server().setup_code().await.unwrap(), None);
    }

    async fn an_administrator_closes_the_door_and_opens_it_for_invites(world) {
        let asha = world.administrator("asha").await;
        let binod = world.sign_up("binod").await;
        binod.patch("/server", json!({ "registration": "closed" })).await.expect_problem(403, "forbidden");

        let info: ServerInfo = asha.patch("/server", json!({ "registration": "closed" })).await.expect(200);
        assert_eq!(info.registration, Registration::Closed);
        let sita = json!({ "username": "sita", "password": PASSWORD });
        world.stranger().post("/api/v1/accounts", &sita).await.expect_problem(403, "registration_closed");

        asha.patch("/server", json!({ "registration": "invite" })).await.expect_status(200);
        world.stranger().post("/api/v1/accounts", &sita).await.expect_problem(403, "invite_required");
        let mut with_wrong = sita.clone();
        with_wrong["invite"] = "f".repeat(32).into();
        world.stranger().post("/api/v1/accounts", with_wrong).await.expect_problem(404, "invite_invalid");
        let room = asha.makes_room("Garden").await;
        let mut with_invite = sita.clone();
        with_invite["invite"] = room.invite.unwrap().code.into();
        world.stranger().post("/api/v1/accounts", with_invite).await.expect_status(201);

        world.stop().await;
        world.begin().await;
        let info: ServerInfo = world.stranger().get("/api/v1/server").await.expect(200);
        assert_eq!(info.registration, Registration::Invite, "the choice outlives a restart");
    }

    async fn people_are_found_by_how_their_names_begin(world) {
        let sita = world.sign_up("sita").await;
        for name in ["ram", "ramesh", "ramita", "hari"] {
            world.sign_up(name).await;
        }
        let page: AccountList = sita.get("/accounts?query=ram&limit=2").await.expect(200);
        assert_eq!(page.accounts.len(), 2);
        assert!(page.has_more);
        let after = page.accounts[1].id;
        let rest: AccountList = sita.get(&format!("/accounts?query=ram&limit=2&after={after}")).await.expect(200);
        assert!(!rest.has_more);
        let names: Vec<_> = page.accounts.iter().chain(&rest.accounts).map(|found| found.username.clone()).collect();
        assert_eq!(names, ["ram", "ramesh", "ramita"]);
        world.stranger().get("/api/v1/accounts?query=ram").await.expect_problem(401, "unauthenticated");
    }

    async fn nobody_learns_anybodys_email_address(world) {
        let body = json!({ "username": "sita", "password": PASSWORD, "email": "canary@example.org" });
        let sita: SignedIn = world.stranger().post("/api/v1/accounts", body).await.expect(201);
        let ramesh = world.sign_up("ramesh").await;
        for path in ["/accounts?query=sita".to_owned(), format!("/accounts/{}", sita.account.account.id)] {
            let reply = ramesh.get(&path).await;
            reply.expect_status(200);
            assert!(!reply.text().contains("canary"), "{}", reply.text());
        }
    }

    async fn one_changes_ones_name_freely_and_ones_address_with_the_password(world) {
        let sita = world.sign_up("sita").await;
        let me: Me = sita.patch("/me", json!({ "display_name": "Sita Devi" })).await.expect(200);
        assert_eq!(me.account.display_name, "Sita Devi");
        let problem = sita.patch("/me", json!({ "email": "s@example.org" })).await;
        problem.expect_problem(422, "invalid_request");
        let wrong = json!({ "email": "s@example.org", "current_password": "not this one" });
        sita.patch("/me", wrong).await.expect_problem(401, "invalid_credentials");
        let right = json!({ "email": "s@example.org", "current_password": PASSWORD });
        let me: Me = sita.patch("/me", right).await.expect(200);
        assert_eq!(me.email.as_deref(), Some("s@example.org"));
        assert_eq!(me.account.display_name, "Sita Devi");
    }

    async fn somebody_who_is_shut_out_is_out_at_the_next_request_and_may_come_back(world) {
        let asha = world.administrator("asha").await;
        let sita = world.sign_up("sita").await;
        let shut_out = json!({ "deactivated": true });
        let path = format!("/accounts/{}", sita.id());
        sita.patch(&format!("/accounts/{}", asha.id()), &shut_out).await.expect_problem(403, "forbidden");
        let account: Account = asha.patch(&path, &shut_out).await.expect(200);
        assert!(account.deactivated_at.is_some());
        let refused = sita.get("/me").await;
        assert!(matches!(refused.status.as_u16(), 401 | 403), "{}", refused.text());
        let sign_in = json!({ "login": "sita", "password": PASSWORD });
        world.stranger().post("/api/v1/sessions", &sign_in).await.expect_problem(403, "account_deactivated");
        asha.patch(&path, json!({ "deactivated": false })).await.expect_status(200);
        world.sign_in("sita").await;
    }

    async fn there_is_always_an_administrator(world) {
        let asha = world.administrator("asha").await;
        for change in [json!({ "role": "member" }), json!({ "deactivated": true })] {
            asha.patch(&format!("/accounts/{}", asha.id()), change).await.expect_problem(409, "last_owner");
        }
        let binod = world.sign_up("binod").await;
        asha.patch(&format!("/accounts/{}", binod.id()), json!({ "role": "administrator" })).await.expect_status(200);
        asha.patch(&format!("/accounts/{}", asha.id()), json!({ "role": "member" })).await.expect_status(200);
    }
}

#[tokio::test]
async fn an_address_that_makes_too_many_accounts_is_told_when_to_come_back() {
    let world = World::sqlite(&[("sign_ups_per_address", "1/h+2")]).await;
    for name in ["one", "two"] {
        world.sign_up(name).await;
    }
    let body = json!({ "username": "three", "password": PASSWORD });
    let reply = world.stranger().post("/api/v1/accounts", body).await;
    let problem: Value = reply.expect_problem(429, ErrorCode::RateLimited.as_str());
    let ms = problem["retry_after_ms"].as_u64().unwrap();
    assert_eq!(reply.header("retry-after").unwrap(), ms.div_ceil(1000).to_string());
    world.end().await;
}
