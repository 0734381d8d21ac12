//! The forms of the app "Flask chat". `socket_io` has its sockets; how its clients chat is told in e2e.

use crate::{
    client::{Client, Reply},
    stories,
    world::{PASSWORD, World},
};
use axum::http::Method;
use protocol::{Me, api::AccountList};
use serde_json::{Value, json};

async fn posts(client: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    let client = client.with("content-type", "application/x-www-form-urlencoded");
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    client.send(Method::POST, path, Some(body)).await
}

const SITA: [(&str, &str); 3] = [("name", "Sita Rai"), ("email", "sita@example.org"), ("password", PASSWORD)];

/// A page with a form, and not an answer for programs.
#[track_caller]
fn expect_page(reply: &Reply, status: u16) -> String {
    let page = reply.expect_text(status);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"), "{page}");
    assert_eq!(reply.header("referrer-policy"), Some("same-origin"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert!(reply.header("content-security-policy").unwrap().contains("script-src 'self'"));
    assert!(page.contains("method=\"post\"") && !page.contains("<script") && !page.contains("style="));
    assert!(!page.contains(PASSWORD), "the password is not shown again");
    page
}

#[track_caller]
fn expect_redirect(reply: &Reply, to: &str) {
    reply.expect_status(303);
    assert_eq!(reply.header("location"), Some(to));
}

stories! {
    async fn one_registers_and_logs_in_by_forms(world) {
        let stranger = world.stranger();
        let registered = posts(&stranger, "/register", &SITA).await;
        expect_redirect(&registered, "/login");
        assert!(registered.header("set-cookie").is_none());
        for login in ["sita@example.org", "SITA@example.org", "sita_rai"] {
            let fields = [("email", login), ("password", PASSWORD)];
            let logged_in = posts(&stranger, "/login", &fields).await;
            expect_redirect(&logged_in, "/");
            let cookie = logged_in.header("set-cookie").unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            let me: Me = stranger.with("cookie", &logged_in.cookie()).get("/api/v1/me").await.expect(200);
            assert_eq!((me.account.username.as_str(), me.account.display_name.as_str()), ("Sita_Rai", "Sita Rai"));
            assert_eq!(me.email.as_deref(), Some("sita@example.org"));
        }
    }

    async fn the_addresses_of_the_apps_own_forms_do_the_same(world) {
        let stranger = world.stranger();
        let page = expect_page(&posts(&stranger, "/registration", &SITA).await, 200);
        assert!(page.contains("action=\"/loginsuccess\"") && page.contains("You are registered."), "{page}");
        let fields = [("email", "sita@example.org"), ("password", PASSWORD)];
        let logged_in = posts(&stranger, "/loginsuccess", &fields).await;
        expect_redirect(&logged_in, "/chat");
        stranger.with("cookie", &logged_in.cookie()).get("/api/v1/me").await.expect_status(200);
    }

    async fn a_wrong_password_and_an_unknown_address_are_answered_alike(world) {
        let stranger = world.stranger();
        posts(&stranger, "/register", &SITA).await.expect_status(303);
        for path in ["/login", "/loginsuccess"] {
            let mut pages = Vec::new();
            for email in ["sita@example.org", "nobody@example.org"] {
                let reply = posts(&stranger, path, &[("email", email), ("password", "something else")]).await;
                assert!(reply.header("set-cookie").is_none());
                pages.push(expect_page(&reply, 200).replace(email, "…"));
            }
            assert!(pages[0].contains("Wrong Password") && pages[0].contains(&format!("action=\"{path}\"")));
            assert_eq!(pages[0], pages[1]);
        }
    }

    async fn who_exists_is_not_made_again(world) {
        let stranger = world.stranger();
        posts(&stranger, "/register", &SITA).await.expect_status(303);
        for path in ["/register", "/registration"] {
            let again = [("name", "Another"), ("email", "Sita@Example.org"), ("password", "another long one")];
            let page = expect_page(&posts(&stranger, path, &again).await, 200);
            assert!(page.contains("User already exists") && page.contains("value=\"Another\""), "{page}");
        }
        // The same name is another person.
        let namesake = [("name", "Sita Rai"), ("email", "other@example.org"), ("password", PASSWORD)];
        posts(&stranger, "/register", &namesake).await.expect_status(303);
        let found: AccountList = world.sign_up("ramesh").await.get("/accounts?query=Sita").await.expect(200);
        let names: Vec<_> = found.accounts.iter().map(|account| account.username.as_str()).collect();
        assert_eq!(names, ["Sita_Rai", "Sita_Rai2"]);
    }

    async fn what_is_missing_or_wrong_is_said_in_words(world) {
        let stranger = world.stranger();
        let good = |wrong: &'static str, value: &'static str| SITA.map(|(name, was)| (name, if name == wrong { value } else { was }));
        for (fields, label) in [
            (&[][..], "Name: "),
            (&good("name", " ")[..], "Name: "),
            (&good("email", "")[..], "E-mail: "),
            (&good("email", "no address")[..], "E-mail: "),
            (&good("password", "short")[..], "Password: "),
        ] {
            let page = expect_page(&posts(&stranger, "/register", fields).await, 200);
            let said = page.split("role=\"alert\">").nth(1).unwrap_or_else(|| panic!("{page}"));
            assert!(said.starts_with(label), "{label} {said}");
        }
        let page = expect_page(&posts(&stranger, "/login", &[]).await, 200);
        assert!(page.contains("Wrong Password"));
        let hostile = "\"><script>alert(1)</script>{{ password }}";
        let page = expect_page(&posts(&stranger, "/register", &[("name", hostile)]).await, 200);
        assert!(page.contains("&#34;&gt;&#60;script&#62;") || page.contains("&quot;&gt;&lt;script&gt;") || page.contains("&#34;&#62;&#60;script&#62;"), "{page}");
    }

    async fn another_site_can_neither_register_nor_log_in_anybody(world) {
        let stranger = world.stranger();
        posts(&stranger, "/register", &SITA).await.expect_status(303);
        let login = [("email", "sita@example.org"), ("password", PASSWORD)];
        for origin in ["http://evil.example", "null"] {
            let client = stranger.with("origin", origin);
            for (path, fields) in [("/register", &SITA[..]), ("/registration", &SITA), ("/login", &login), ("/loginsuccess", &login)] {
                let reply = posts(&client, path, fields).await;
                let page = expect_page(&reply, 403);
                assert!(page.contains("does not belong to") && reply.header("set-cookie").is_none(), "{page}");
            }
        }
        let own = stranger.with("origin", world.server().public_url());
        expect_redirect(&posts(&own, "/login", &login).await, "/");
    }

    async fn a_form_comes_in_either_of_its_two_kinds_and_in_no_other(world) {
        let stranger = world.stranger();
        let parts: Vec<String> = SITA
            .iter()
            .map(|(name, value)| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
            .collect();
        let body = format!("{}--x--\r\n", parts.concat());
        let multipart = stranger.with("content-type", "multipart/form-data; boundary=x");
        let registered = multipart.send(Method::POST, "/register", Some(body.clone())).await;
        expect_redirect(&registered, "/login");
        let cut = multipart.send(Method::POST, "/registration", Some(body[..60].to_owned())).await;
        assert!(expect_page(&cut, 200).contains("The form cannot be read."));
        for path in ["/register", "/login"] {
            let text = stranger.with("content-type", "text/plain");
            let refused = text.send(Method::POST, path, Some("name=x".to_owned())).await;
            assert_eq!(refused.expect::<Value>(415)["code"], "unsupported_media_type");
        }
        for path in ["/registration", "/loginsuccess"] {
            let json = stranger.post(path, json!({ "name": "x" })).await;
            expect_page(&json, 415);
            let large = posts(&stranger, path, &[("name", &"x".repeat(20_000))]).await;
            expect_page(&large, 413);
        }
    }

    async fn the_pages_with_the_forms_are_the_web_clients(world) {
        let stranger = world.stranger();
        // Where it leads without JavaScript is all that differs from page to page.
        let page = async |path: &str| {
            let html = stranger.get(path).await.expect_text(200);
            let (before, after) = html.split_once("<noscript>").unwrap();
            format!("{before}{}", after.split_once("</noscript>").unwrap().1)
        };
        let home = page("/").await;
        for path in ["/register", "/register/", "/login", "/login/", "/chat"] {
            assert_eq!(page(path).await, home, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_attempts_are_told_to_wait_on_a_page() {
    let world =
        World::sqlite(&[("sign_ins_per_account", "1/min+1"), ("sign_ups_per_address", "1/h+1")]).await;
    let stranger = world.stranger();
    posts(&stranger, "/register", &SITA).await.expect_status(303);
    let other = [("name", "Ramesh"), ("email", "ramesh@example.org"), ("password", PASSWORD)];
    let login = [("email", "sita@example.org"), ("password", "something else")];
    posts(&stranger, "/login", &login).await.expect_status(200);
    for (path, fields) in [("/register", &other[..]), ("/login", &login)] {
        let reply = posts(&stranger, path, fields).await;
        expect_page(&reply, 429);
        let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!(seconds > 0);
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_may_sign_up_the_form_says_so_and_without_dialects_there_is_none() {
    let world = World::sqlite(&[("registration", "closed")]).await;
    let page = expect_page(&posts(&world.stranger(), "/register", &SITA).await, 403);
    assert!(page.contains("Nobody can sign up here at the moment."), "{page}");
    world.end().await;
    let world = World::sqlite(&[("dialects", "off")]).await;
    for path in ["/register", "/login"] {
        posts(&world.stranger(), path, &SITA).await.expect_problem(405, "method_not_allowed");
    }
    for path in ["/registration", "/loginsuccess", "/socket.io/"] {
        posts(&world.stranger(), path, &SITA).await.expect_problem(404, "not_found");
    }
    world.end().await;
}
