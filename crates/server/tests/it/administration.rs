//! What administrators see and do; and that nobody else does.

use crate::{
    stories,
    world::{PASSWORD, Person},
};
use protocol::{
    AccountId,
    administration::{AccountRecordList, AuditEntry, AuditLog},
};
use serde_json::{Value, json};

async fn records(person: &Person, query: &str) -> AccountRecordList {
    person.get(&format!("/admin/accounts{query}")).await.expect(200)
}

fn names(list: &AccountRecordList) -> Vec<&str> {
    list.accounts.iter().map(|record| record.account.username.as_str()).collect()
}

/// That it was read stands in it some time later: the stories here are about what came before.
async fn log(person: &Person, query: &str) -> AuditLog {
    let mut log: AuditLog = person.get(&format!("/admin/audit{query}")).await.expect(200);
    log.entries.retain(|entry| entry.action != "audit.read");
    log
}

fn of(entries: &[AuditEntry], subject: AccountId) -> Vec<(&str, Option<AccountId>)> {
    let about = entries.iter().filter(|entry| entry.subject == subject.to_string());
    about.map(|entry| (entry.action.as_str(), entry.actor.as_ref().map(|actor| actor.id))).collect()
}

stories! {
    async fn administrators_find_everybody_and_see_who_is_shut_out(world) {
        let asha = world.administrator("asha").await;
        let sita = world.sign_up("sita").await;
        let body = json!({ "username": "ram", "password": PASSWORD, "email": "Ram@Example.org", "display_name": "Captain" });
        world.stranger().post("/api/v1/accounts", body).await.expect_status(201);
        asha.patch(&format!("/accounts/{}", sita.id()), json!({ "deactivated": true })).await.expect_status(200);
        let all = records(&asha, "").await;
        assert_eq!((names(&all), all.has_more), (vec!["asha", "sita", "ram"], false));
        assert!(all.accounts[1].account.deactivated_at.is_some());
        assert!(all.accounts.iter().all(|record| record.last_seen_at.is_some()));
        assert_eq!(all.accounts[2].email.as_deref(), Some("ram@example.org"));
        for (query, found) in [
            ("SI", vec!["sita"]),
            ("capt", vec!["ram"]),
            ("ram%40example", vec!["ram"]),
            ("%40asha", vec!["asha"]),
            ("example", vec![]),
            ("%00", vec![]),
        ] {
            assert_eq!(names(&records(&asha, &format!("?query={query}")).await), found, "{query}");
        }
        let first = records(&asha, "?limit=2").await;
        assert_eq!((names(&first), first.has_more), (vec!["asha", "sita"], true));
        let rest = records(&asha, &format!("?limit=2&after={}", first.accounts[1].account.id)).await;
        assert_eq!((names(&rest), rest.has_more), (vec!["ram"], false));
        assert_eq!(names(&records(&asha, "?kind=guest").await), Vec::<&str>::new());
        for (field, value) in [("kind", "ghost"), ("after", "x"), ("limit", "x"), ("query", &"x".repeat(255))] {
            let problem = asha.get(&format!("/admin/accounts?{field}={value}")).await.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], field);
        }
    }

    async fn ending_all_sessions_of_somebody_signs_them_out_everywhere_and_is_written_down(world) {
        let asha = world.administrator("asha").await;
        let sita = world.sign_up("sita").await;
        let phone = world.sign_in("sita").await;
        let mut socket = phone.connects().await;
        let path = format!("/admin/accounts/{}/sessions", sita.id());
        asha.delete(&path).await.expect_status(204);
        assert_eq!(socket.ends().await, Some(4001));
        for device in [&sita, &phone] {
            device.get("/me").await.expect_problem(401, "unauthenticated");
        }
        asha.delete(&path).await.expect_status(204);
        world.sign_in("sita").await;
        let log = log(&asha, "").await;
        let actions = of(&log.entries, sita.id());
        assert_eq!(actions, [("account.sessions_revoked", Some(asha.id())), ("account.created", Some(sita.id()))]);
        asha.delete("/admin/accounts/999999/sessions").await.expect_problem(404, "not_found");
        asha.delete(&format!("/admin/accounts/{}/sessions", asha.id())).await.expect_status(204);
        asha.get("/me").await.expect_problem(401, "unauthenticated");
    }

    async fn the_log_is_read_newest_first_page_by_page(world) {
        let asha = world.administrator("asha").await;
        let sita = world.sign_up("sita").await;
        for change in [json!({ "deactivated": true }), json!({ "deactivated": false }), json!({ "role": "administrator" })] {
            asha.patch(&format!("/accounts/{}", sita.id()), change).await.expect_status(200);
        }
        let whole = log(&asha, "").await;
        assert!(!whole.has_more);
        let expected = [
            ("account.role_changed", Some(asha.id())),
            ("account.reactivated", Some(asha.id())),
            ("account.deactivated", Some(asha.id())),
            ("account.created", Some(sita.id())),
        ];
        assert_eq!(of(&whole.entries, sita.id()), expected);
        assert_eq!(whole.entries[0].details, "administrator");
        let mut paged = Vec::new();
        let mut query = "?limit=2".to_owned();
        loop {
            let page = log(&asha, &query).await;
            paged.extend(page.entries);
            if !page.has_more {
                break;
            }
            query = format!("?limit=2&before={}", paged.last().unwrap().id);
        }
        assert_eq!(paged, whole.entries);
        let raw: Value = asha.get("/admin/audit?limit=1").await.expect(200);
        assert_eq!(raw["entries"][0]["actor"]["username"], "asha", "whichever it is");
        let problem = asha.get("/admin/audit?before=x").await.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "before");
    }

    async fn nobody_but_administrators_sees_or_does_any_of_it(world) {
        let asha = world.administrator("asha").await;
        let sita = world.sign_up("sita").await;
        let sessions = format!("/admin/accounts/{}/sessions", asha.id());
        for path in ["/admin/accounts", "/admin/accounts?query=asha", "/admin/audit"] {
            let reply = sita.get(path).await;
            reply.expect_problem(403, "forbidden");
            assert!(!reply.text().contains("asha"));
            world.stranger().get(&format!("/api/v1{path}")).await.expect_problem(401, "unauthenticated");
        }
        sita.delete(&sessions).await.expect_problem(403, "forbidden");
        sita.delete(&format!("/admin/accounts/{}/sessions", sita.id())).await.expect_problem(403, "forbidden");
        world.stranger().delete(&format!("/api/v1{sessions}")).await.expect_problem(401, "unauthenticated");
        asha.get("/me").await.expect_status(200);
        let role = format!("/accounts/{}", sita.id());
        asha.patch(&role, json!({ "role": "administrator" })).await.expect_status(200);
        sita.get("/admin/audit").await.expect_status(200);
        asha.patch(&role, json!({ "role": "member" })).await.expect_status(200);
        sita.get("/admin/audit").await.expect_problem(403, "forbidden");
    }
}
