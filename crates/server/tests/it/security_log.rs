//! What matters for security is written down: each kind through the door at which it happens, and nothing that anybody wrote.

use crate::{
    program::{Program, parlor, with_input},
    stories,
    tidy::{code, files, root},
    world::{PASSWORD, Person, World, eventually},
};
use protocol::{
    administration::{AuditEntry, AuditLog},
    api::SignedIn,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

async fn log(reader: &Person) -> Vec<AuditEntry> {
    log_of(reader, "?limit=200").await
}

async fn log_of(reader: &Person, query: &str) -> Vec<AuditEntry> {
    reader.get(&format!("/admin/audit{query}")).await.expect::<AuditLog>(200).entries
}

fn kinds(entries: &[AuditEntry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.action.as_str()).collect()
}

/// Waits until there is a line of this kind, and gives all of them, the newest first. Nobody waits for those about attempts.
async fn lines(reader: &Person, action: &str) -> Vec<AuditEntry> {
    let query = format!("?limit=200&action={action}");
    eventually(action, || async { !log_of(reader, &query).await.is_empty() }).await;
    log_of(reader, &query).await
}

async fn fails(world: &World, login: &str, status: u16) {
    let body = json!({ "login": login, "password": "not the password" });
    world.stranger().post("/api/v1/sessions", body).await.expect_status(status);
}

/// The kinds that docs/security.md tells of.
fn told() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let (_, list) = page.split_once("| kind | when |").unwrap();
    let rows = list.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| Some(row.split('`').nth(1)?.to_owned())).collect()
}

/// A day in which everything happens that one can do without another service.
async fn everything_happens(world: &World, asha: &Person) {
    let sita = world.sign_up("sita").await;
    let ram = world.sign_up("ram").await;
    let hari = world.sign_up("hari").await;
    fails(world, "ram", 401).await;
    fails(world, "nobody", 401).await;

    // A room: requests, roles, bans, invites.
    let room = sita.gathers("Garden", &[&ram]).await;
    let member = |person: &Person| format!("/conversations/{room}/members/{}", person.id());
    let ban = |person: &Person| format!("/conversations/{room}/bans/{}", person.id());
    let invite: Value = sita
        .post(&format!("/conversations/{room}/invites"), json!({ "needs_approval": true }))
        .await
        .expect(201);
    let code = invite["code"].as_str().unwrap();
    hari.follows(code).await;
    sita.post(&format!("{}/deny", member(&hari)), json!({})).await.expect_status(200);
    hari.follows(code).await;
    sita.post(&format!("{}/approve", member(&hari)), json!({})).await.expect_status(200);
    sita.delete(&format!("/conversations/{room}/invites/{}", invite["id"])).await.expect_status(204);
    let said = hari.says(room, "what hari said").await;
    sita.delete(&format!("/messages/{}", said.message.id)).await.expect_status(200);
    sita.delete(&member(&hari)).await.expect_status(204);
    sita.put(&ban(&hari), json!({})).await.expect_status(200);
    sita.delete(&ban(&hari)).await.expect_status(204);
    sita.patch(&member(&ram), json!({ "role": "moderator" })).await.expect_status(200);
    sita.patch(&member(&ram), json!({ "role": "owner" })).await.expect_status(200);
    sita.delete(&format!("/conversations/{room}/members/me")).await.expect_status(204);

    // One's own account and sessions.
    let email = json!({ "email": "sita@example.org", "current_password": PASSWORD });
    sita.patch("/me", email).await.expect_status(200);
    let phone = world.sign_in("sita").await;
    let sessions: Value = sita.get("/sessions").await.expect(200);
    let other =
        sessions["sessions"].as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    sita.delete(&format!("/sessions/{}", other["id"])).await.expect_status(204);
    phone.get("/me").await.expect_status(401);
    let new = "another long password";
    let change = json!({ "current_password": PASSWORD, "new_password": new });
    sita.put("/me/password", change).await.expect_status(204);
    let body = json!({ "login": "sita", "password": new, "token_kind": "jwt" });
    let first: SignedIn = world.stranger().post("/api/v1/sessions", body).await.expect(201);
    let refresh = json!({ "refresh_token": first.refresh_token.unwrap() });
    world.stranger().post("/api/v1/sessions/refresh", refresh.clone()).await.expect_status(200);
    world.stranger().post("/api/v1/sessions/refresh", refresh).await.expect_status(401);
    sita.delete("/sessions/current").await.expect_status(204);

    // What administrators do.
    let account = |person: &Person| format!("/accounts/{}", person.id());
    asha.patch(&account(&ram), json!({ "role": "administrator" })).await.expect_status(200);
    asha.delete(&format!("/admin/accounts/{}/sessions", ram.id())).await.expect_status(204);
    asha.patch(&account(&hari), json!({ "deactivated": true })).await.expect_status(200);
    asha.patch(&account(&hari), json!({ "deactivated": false })).await.expect_status(200);
    asha.patch("/server", json!({ "registration": "invite" })).await.expect_status(200);
}

stories! {
    async fn every_kind_of_event_is_written_down_with_who_and_when(world) {
        let asha = world.administrator("asha").await;
        everything_happens(world, &asha).await;
        lines(&asha, "session.failed").await;
        lines(&asha, "audit.read").await;
        let entries = log(&asha).await;
        let mut told = told();
        for kind in kinds(&entries) {
            assert!(told.remove(kind), "docs/security.md does not tell of {kind}");
        }
        // Stories of their own are about these.
        let elsewhere = ["identity.linked", "identity.unlinked", "server.new_epoch", "session.held_back"];
        assert_eq!(told, elsewhere.map(str::to_owned).into());
        let from = asha.me.account.created_at;
        assert!(entries.iter().all(|entry| entry.at >= from && !entry.subject.is_empty()));
        for entry in &entries {
            assert_eq!(entry.actor.is_none(), entry.action == "session.failed", "{entry:?}");
        }
        let by = |name: &str| {
            let by = entries.iter().filter(|entry| entry.actor.as_ref().is_some_and(|actor| actor.username == name));
            by.map(|entry| entry.action.as_str()).collect::<BTreeSet<_>>()
        };
        let of_asha = [
            "account.created", "account.deactivated", "account.reactivated", "account.role_changed",
            "account.sessions_revoked", "audit.read", "server.registration", "server.set_up",
        ];
        assert_eq!(by("asha"), BTreeSet::from(of_asha));
        assert!(by("sita").contains("membership.banned") && by("sita").contains("invite.revoked"));
    }

    async fn signing_in_and_out_and_failing_to_is_written_down(world) {
        let asha = world.administrator("asha").await;
        let sita = world.sign_up("sita").await;
        let phone = world.sign_in("sita").await;
        fails(world, "sita", 401).await;
        phone.delete("/sessions/current").await.expect_status(204);
        asha.patch(&format!("/accounts/{}", sita.id()), json!({ "deactivated": true })).await.expect_status(200);
        let body = json!({ "login": "sita", "password": PASSWORD });
        world.stranger().post("/api/v1/sessions", body).await.expect_status(403);
        let failed = lines(&asha, "session.failed").await;
        assert_eq!((failed[0].subject.as_str(), failed[0].details.as_str()), (sita.id().to_string().as_str(), "127.0.0.1"));
        assert_eq!(failed.len(), 1, "the same account from the same address is counted");
        let of_sita = log_of(&asha, &format!("?actor={}&limit=200", sita.id())).await;
        let actions: Vec<_> = of_sita.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["session.signed_out", "session.created", "account.created"]);
        assert_eq!(of_sita[0].subject, of_sita[1].subject, "the same session");
        let both = log_of(&asha, &format!("?actor={}&action=session.created", sita.id())).await;
        assert_eq!((both.len(), both[0].details.as_str()), (1, "password"));
        assert_eq!(log_of(&asha, "?action=nothing.of_the_kind").await, []);
        assert_eq!(log_of(&asha, "?action=%00").await, []);
        let problem = asha.get(&format!("/admin/audit?action={}", "x".repeat(65))).await.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "action");
    }

    async fn no_secret_and_nothing_that_was_said_is_in_it(world) {
        let asha = world.administrator("asha").await;
        everything_happens(world, &asha).await;
        lines(&asha, "session.failed").await;
        for entry in log(&asha).await {
            let text = format!("{} {} {}", entry.action, entry.subject, entry.details);
            for secret in ["password ", PASSWORD, "another long", "parlor_", "what hari said", "Garden", "nobody", "sita", "example.org"] {
                assert!(!format!("{text} ").contains(secret) || text.ends_with(" password"), "{text}");
            }
            // Ids, words of ours and addresses.
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_.,:/ ".contains(letter);
            assert!(text.chars().all(is_plain), "{text}");
        }
    }

    async fn nobody_writes_lines_of_their_own_into_it(world) {
        let asha = world.administrator("asha").await;
        let forged = "x\r\n2026-01-01T00:00:00Z account.role_changed asha\u{1b}[2K\u{2028}";
        for login in [forged, "ram\nsita", "\u{202e}atis"] {
            fails(world, login, 401).await;
        }
        let named = json!({ "username": "ram", "password": PASSWORD, "display_name": forged });
        world.stranger().post("/api/v1/accounts", named).await.expect_status(422);
        let agent = world.stranger().with("user-agent", "x account.role_changed asha").with("x-forwarded-for", "1.2.3.4, account.role_changed");
        agent.post("/api/v1/sessions", json!({ "login": "asha", "password": "wrong wrong" })).await.expect_status(401);
        eventually("both are written down", || async { lines(&asha, "session.failed").await.len() == 2 }).await;
        for entry in log(&asha).await {
            assert!(!entry.action.contains("role_changed"), "{entry:?}");
            assert!(entry.details == "127.0.0.1" || !entry.action.starts_with("session.failed"), "{entry:?}");
        }
    }

    async fn nobody_changes_it_through_a_door(world) {
        let asha = world.administrator("asha").await;
        let before = log(&asha).await;
        let oldest = before.last().unwrap().id;
        for path in ["/admin/audit".to_owned(), format!("/admin/audit/{oldest}")] {
            for reply in [
                asha.delete(&path).await,
                asha.patch(&path, json!({ "entries": [] })).await,
                asha.put(&path, json!({ "entries": [] })).await,
                asha.post(&path, json!({ "action": "account.created" })).await,
            ] {
                assert!(matches!(reply.status.as_u16(), 404 | 405), "{path}: {}", reply.status);
            }
        }
        let after = log(&asha).await;
        assert_eq!(after[after.len() - before.len()..], before);
    }
}

#[tokio::test]
async fn a_flood_of_wrong_passwords_is_one_line() {
    let mut world = World::sqlite(&[]).await;
    let clock = world.begin_by_hand().await;
    let asha = world.administrator("asha").await;
    for _ in 0..60 {
        fails(&world, "asha", 401).await;
        fails(&world, "nobody", 401).await;
    }
    let now = lines(&asha, "session.failed").await;
    assert!(now.len() <= 2 && now.iter().all(|entry| entry.details == "127.0.0.1"), "{now:?}");
    clock.pass(3_600_000);
    eventually("the hour is over", || async { lines(&asha, "session.failed").await.len() == 4 }).await;
    let then = lines(&asha, "session.failed").await;
    let about: BTreeSet<_> =
        then.iter().map(|entry| (entry.subject.clone(), entry.details.clone())).collect();
    let counted = "127.0.0.1, 59 more within an hour".to_owned();
    for subject in [asha.id().to_string(), "unknown".to_owned()] {
        assert!(about.contains(&(subject, counted.clone())), "{about:?}");
    }
    world.end().await;
}

#[tokio::test]
async fn who_tries_too_often_to_be_looked_at_is_written_down_too() {
    let world = World::sqlite(&[("sign_ins_per_account", "1/h+2")]).await;
    for status in [401, 401, 429, 429] {
        fails(&world, "asha", status).await;
    }
    let asha = world.administrator("asha").await;
    let held_back = lines(&asha, "session.held_back").await;
    assert_eq!((held_back.len(), held_back[0].details.as_str()), (1, "127.0.0.1"));
    assert_eq!((held_back[0].subject.as_str(), held_back[0].actor.is_none()), ("unknown", true));
    world.end().await;
}

#[tokio::test]
async fn what_is_done_on_the_command_line_is_written_down_as_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], input: &str| {
        let output = with_input(&mut parlor(folder.path(), &[&["account"], arguments].concat()), input);
        assert!(output.status.success(), "{output:?}");
    };
    run(&["create", "asha", "--administrator"], "correct horse battery\n");
    run(&["create", "ram"], "correct horse battery\n");
    run(&["reset-password", "ram"], "another long password\n");
    run(&["disable", "ram"], "");
    run(&["enable", "ram"], "");
    let program = Program::start(folder.path(), &["--listen", "127.0.0.1:0"]).await;
    let stranger = crate::client::Client::new(program.address);
    let body = json!({ "login": "asha", "password": "correct horse battery" });
    let signed_in: SignedIn = stranger.post("/api/v1/sessions", body).await.expect(201);
    let asha = stranger.with("authorization", &format!("Bearer {}", signed_in.token));
    let log: AuditLog = asha.get("/api/v1/admin/audit?limit=200").await.expect(200);
    let by_nobody = log.entries.iter().rev().filter(|entry| entry.actor.is_none());
    let actions: Vec<_> = by_nobody.map(|entry| entry.action.as_str()).collect();
    let expected = [
        "account.created",
        "account.created",
        "account.password_changed",
        "account.deactivated",
        "account.reactivated",
    ];
    assert_eq!(actions, expected);
    program.stop().await;
}

#[test]
fn every_kind_in_the_source_is_told_of() {
    let told = told();
    let nouns =
        ["account", "audit", "identity", "invite", "membership", "message", "refresh", "server", "session"];
    let mut found = BTreeSet::new();
    for (_, text) in files("crates/chat/src", &[".rs"]) {
        for word in code(&text).split('"').skip(1).step_by(2) {
            if word.split_once('.').is_some_and(|(noun, _)| nouns.contains(&noun)) {
                found.insert(word.to_owned());
            }
        }
    }
    assert_eq!(found, told);
}
