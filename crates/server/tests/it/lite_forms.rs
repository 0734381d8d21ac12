//! The pages without JavaScript against those who mean harm, and for those who make mistakes.

use crate::{
    browser::{Browser, form, hidden_fields, is_sound, link, posts_of, seen, unescaped},
    client::Reply,
    world::{PASSWORD, World},
};
use axum::http::Method;
use protocol::ids::GENERAL;
use serde_json::json;
use std::fs;

/// What makes a page run something where it is not escaped, and what would lead its reader astray.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=\"alert(1)\">",
    "' onclick='alert(1)' x='",
    "</textarea></title></main><iframe src=//evil.example>",
    "javascript:alert(1) JAVASCRIPT://evil.example/%0aalert(1) data:text/html,x",
    "https://evil.example/\"onmouseover=\"alert(1)",
    "{{ 7 * 7 }} {% include x %} &lt;b&gt; &#60;b",
];

#[tokio::test]
async fn whatever_somebody_writes_stays_text() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    for text in HOSTILE {
        let page = sita.says("/lite/c/1", text).await;
        assert!(seen(&page).contains(text), "{text}: {}", page.text());
        let list = sita.open("/lite/").await;
        assert!(unescaped(&list.text()).contains(&text[..10]), "{text}");
        let reply = sita.open(&link(&page, ">Reply")).await;
        sita.does(&reply, "/lite/c/1", &[("body", text)]).await;
        let message = link(&page, ">Edit");
        for path in [message.clone(), message.replace("edit", "delete"), message.replace("edit", "react")] {
            assert!(seen(&sita.open(&path).await).contains(text), "{path}");
        }
        // Names, what is searched for, what comes back in a form.
        let page = sita.open("/lite/settings/profile").await;
        let named = sita.send(&page, "/lite/settings/profile", &[("display_name", text)]).await;
        assert!(matches!(named.status.as_u16(), 303 | 422), "{}", named.text());
        let page = sita.open("/lite/rooms/new").await;
        sita.does(&page, "/lite/rooms/new", &[("name", text), ("description", text)]).await;
        let found = format!("/lite/people?query={}", encoded(text));
        assert!(unescaped(&sita.open(&found).await.text()).contains(&format!("value=\"{text}\"")));
        let stranger =
            world.stranger().get(&format!("/lite/register?invite={0}&next={0}", encoded(text))).await;
        is_sound(&stranger);
        assert!(unescaped(&stranger.text()).contains(text));
    }
    for path in ["/lite/", "/lite/c/1/members", "/lite/settings", "/lite/people"] {
        sita.open(path).await;
    }
    world.end().await;
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn only_addresses_of_the_web_are_links_and_they_tell_nobody_where_one_comes_from() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let text = "see https://example.org/a?b=1&c=2, ftp://example.org and \u{202E}https://example.org/\u{202E}gpj.exe";
    let page = sita.says("/lite/c/1", text).await.text();
    let body = page.split("class=\"text\" dir=\"auto\">").nth(1).unwrap().split("</div>").next().unwrap();
    let links: Vec<_> = body.split("<a ").skip(1).collect();
    assert_eq!(links.len(), 2, "{body}");
    assert!(
        links[0]
            .starts_with("href=\"https://example.org/a?b=1&#38;c=2\" rel=\"noopener noreferrer nofollow\"")
    );
    assert!(links[1].starts_with("href=\"https://example.org/\" "), "{body}");
    world.end().await;
}

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let page = sita.open("/lite/c/1").await;
    let hidden = hidden_fields(&form(&page, "/lite/c/1"));
    let mut right = hidden.clone();
    right.push(("body".into(), "said by nobody".into()));
    let without: Vec<_> = right.iter().filter(|(name, _)| name != "csrf").cloned().collect();
    let mut other = Browser::plain(&world);
    other.signs_up("ramesh").await;
    let foreign = form(&other.open("/lite/c/1").await, "/lite/c/1");
    let with_foreign: Vec<_> = without.iter().cloned().chain([hidden_fields(&foreign)[0].clone()]).collect();
    let with_empty: Vec<_> = without.iter().cloned().chain([("csrf".into(), String::new())]).collect();

    // Without an origin the session's own field decides.
    let mut plain = Browser::plain(&world);
    plain.signs_in("sita").await;
    let own = form(&plain.open("/lite/c/1").await, "/lite/c/1");
    for fields in [&without, &with_foreign, &with_empty, &right] {
        // `right` is of another session of the same account.
        is_refused(&plain.post("/lite/c/1", fields).await);
    }
    // Another origin is refused whatever the form carries.
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let client =
            sita.client().with("origin", origin).with("content-type", "application/x-www-form-urlencoded");
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&right).finish();
        is_refused(&client.send(Method::POST, "/lite/c/1", Some(body)).await);
    }
    // So is every other form there is.
    for path in [
        "/lite/settings",
        "/lite/settings/profile",
        "/lite/settings/password",
        "/lite/rooms/new",
        "/lite/c/1",
    ] {
        for action in posts_of(&sita.open(path).await) {
            is_refused(&plain.post(&action, &without).await);
        }
    }
    let texts = world.sign_in("sita").await.texts(GENERAL).await;
    assert!(texts.is_empty(), "{texts:?}");

    let mut all = hidden_fields(&own);
    all.push(("body".into(), "said by sita".into()));
    plain.post("/lite/c/1", &all).await.expect_status(303);
    sita.post("/lite/c/1", &without).await.expect_status(303);
    world.end().await;
}

#[track_caller]
fn is_refused(reply: &Reply) {
    assert!(reply.expect_text(403).contains("does not belong to this server"), "{}", reply.text());
    is_sound(reply);
}

#[tokio::test]
async fn another_site_cannot_sign_somebody_in_here() {
    let world = World::sqlite(&[]).await;
    world.sign_up("sita").await;
    let client = world.stranger().with("content-type", "application/x-www-form-urlencoded");
    for (path, body) in [
        ("/lite/login", format!("login=sita&password={}", encoded(PASSWORD))),
        ("/lite/register", format!("username=eve&password={}", encoded(PASSWORD))),
    ] {
        for origin in ["https://evil.example", "null"] {
            let reply = client.with("origin", origin).send(Method::POST, path, Some(body.clone())).await;
            is_refused(&reply);
            assert!(reply.header("set-cookie").is_none());
        }
        client.send(Method::POST, path, Some(body)).await.expect_status(303);
    }
    world.end().await;
}

#[tokio::test]
async fn what_was_typed_comes_back_with_the_reason_and_passwords_do_not() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let mut ramesh = Browser::new(&world);
    let page = ramesh.open("/lite/register").await;
    assert!(page.text().contains("Letters, digits and . - _"), "{}", page.text());
    let typed = |username, password| {
        [
            ("username", username),
            ("password", password),
            ("email", "r@example.org"),
            ("display_name", "Ramesh K."),
        ]
    };
    for (username, password, status, reason) in [
        ("sita", "canary password 1", 409, "The name is taken"),
        ("ramesh", "canary", 422, "at least"),
        ("", "canary password 2", 422, "username"),
    ] {
        let reply = ramesh.send(&page, "/lite/register", &typed(username, password)).await;
        is_sound(&reply);
        let text = reply.expect_text(status);
        assert!(
            text.contains("role=\"alert\"") && text.to_lowercase().contains(&reason.to_lowercase()),
            "{text}"
        );
        assert!(text.contains("aria-invalid=\"true\"") && !text.contains("canary"), "{text}");
        for kept in ["r@example.org", "Ramesh K.", username] {
            assert!(text.contains(&format!("value=\"{kept}\"")), "{kept}: {text}");
        }
    }
    let page = ramesh.open("/lite/login").await;
    let reply = ramesh.send(&page, "/lite/login", &[("login", "sita"), ("password", "canary")]).await;
    let text = reply.expect_text(401);
    assert!(
        text.contains("The account or the password is wrong.") && text.contains("value=\"sita\""),
        "{text}"
    );
    assert!(!text.contains("canary") && reply.header("set-cookie").is_none());

    let long = "long ".repeat(2001);
    for (body, reason) in [(long.as_str(), "At most 10000 characters"), (" ", "A message needs some text")] {
        let page = sita.open("/lite/c/1").await;
        let reply = sita.send(&page, "/lite/c/1", &[("body", body)]).await;
        is_sound(&reply);
        let text = reply.expect_text(422);
        assert!(text.contains(reason) && text.contains(&format!("\n{body}</textarea>")), "{reason}");
    }
    // A line end is one character, however browsers send it.
    let lines = "a\r\n".repeat(5000);
    let page = sita.open("/lite/c/1").await;
    sita.does(&page, "/lite/c/1", &[("body", lines.trim_end())]).await;
    let page = sita.open("/lite/messages/1/edit").await;
    let reply = sita.send(&page, "/lite/messages/1/edit", &[("body", "\t")]).await;
    assert!(reply.expect_text(422).contains("A message needs some text"), "{}", reply.text());
    world.end().await;
}

#[tokio::test]
async fn a_button_pressed_twice_posts_once_and_a_form_used_again_loses_nothing() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let page = sita.open("/lite/c/1").await;
    for _ in 0..2 {
        sita.does(&page, "/lite/c/1", &[("body", "once")]).await;
    }
    let again = sita.send(&page, "/lite/c/1", &[("body", "another thing")]).await;
    let text = again.expect_text(409);
    assert!(text.contains("Send it again") && text.contains("another thing</textarea>"), "{text}");
    sita.does(&again, "/lite/c/1", &[("body", "another thing")]).await;
    assert_eq!(world.sign_in("sita").await.texts(GENERAL).await, ["once", "another thing"]);
    world.end().await;
}

#[tokio::test]
async fn whoever_is_not_signed_in_arrives_where_they_were_going_and_nowhere_else() {
    let world = World::sqlite(&[]).await;
    world.sign_up("sita").await;
    let stranger = world.stranger().get("/lite/c/1?before=5").await;
    assert_eq!(stranger.header("location"), Some("/lite/login?next=%2Flite%2Fc%2F1%3Fbefore%3D5"));
    let mut sita = Browser::new(&world);
    let page = sita.open("/lite/c/1?before=5").await;
    let fields = [("login", "sita"), ("password", PASSWORD)];
    assert_eq!(sita.send(&page, "/lite/login", &fields).await.header("location"), Some("/lite/c/1?before=5"));
    for elsewhere in
        ["https://evil.example", "//evil.example", "/\\evil.example", "/login", "/lite/\r\nx: y", "/lite/é"]
    {
        let mut sita = Browser::new(&world);
        let page = sita.open(&format!("/lite/login?next={}", encoded(elsewhere))).await;
        let reply = sita.send(&page, "/lite/login", &fields).await;
        assert_eq!(reply.header("location"), Some("/lite/"), "{elsewhere}");
    }
    assert_eq!(sita.client().get("/lite/login").await.header("location"), Some("/lite/"));
    world.end().await;
}

#[tokio::test]
async fn what_was_written_is_not_lost_with_the_session() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let page = sita.open("/lite/c/1").await;
    let phone = world.sign_in("sita").await;
    let change = json!({ "current_password": PASSWORD, "new_password": "another long password" });
    phone.put("/me/password", change).await.expect_status(204);
    let reply = sita.send(&page, "/lite/c/1", &[("body", "a long letter")]).await;
    is_sound(&reply);
    let text = reply.expect_text(401);
    assert!(text.contains("Your session has ended.") && text.contains("a long letter</textarea>"), "{text}");
    assert!(sita.open("/lite/c/1").await.text().contains("Sign in"));
    world.end().await;
}

#[tokio::test]
async fn one_changes_ones_name_address_and_password_and_ends_sessions() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let profile = "/lite/settings/profile";
    let page = sita.open(profile).await;
    let refused = sita.send(&page, profile, &[("display_name", "Sita"), ("email", "s@example.org")]).await;
    assert!(refused.expect_text(422).contains("This needs your current password."), "{}", refused.text());
    let fields = [("display_name", "Sita Devi"), ("email", "s@example.org"), ("current_password", PASSWORD)];
    let page = sita.does(&page, profile, &fields).await;
    assert!(page.text().contains("Your profile is saved.") && page.text().contains("Sita Devi"));
    assert!(page.text().contains("s@example.org"));
    let page = sita.open(profile).await;
    sita.does(&page, profile, &[("display_name", "Sita"), ("email", "s@example.org")]).await;

    let mut phone = Browser::plain(&world);
    phone.signs_in("s@example.org").await;
    let page = sita.open("/lite/settings").await;
    let end = posts_of(&page).into_iter().find(|action| action.ends_with("/end")).unwrap();
    let page = sita.does(&page, &end, &[]).await;
    assert!(page.text().contains("That session has ended."), "{}", page.text());
    phone.client().get("/lite/c/1").await.expect_status(303);

    phone.signs_in("sita").await;
    let password = "/lite/settings/password";
    let page = sita.open(password).await;
    let wrong = [("current_password", "not this one"), ("new_password", "another long password")];
    sita.send(&page, password, &wrong).await.expect_status(401);
    let right = [("current_password", PASSWORD), ("new_password", "another long password")];
    assert!(sita.does(&page, password, &right).await.text().contains("Your password is changed."));
    phone.client().get("/lite/c/1").await.expect_status(303);
    world.end().await;
}

#[tokio::test]
async fn where_an_invite_is_asked_for_the_form_takes_the_whole_link() {
    let world = World::sqlite(&[]).await;
    let asha = world.administrator("asha").await;
    let link = asha.makes_room("Garden").await.invite.unwrap();
    asha.patch("/server", json!({ "registration": "invite" })).await.expect_status(200);
    let mut sita = Browser::new(&world);
    let page = sita.open("/lite/register").await;
    let fields = |invite| [("username", "sita"), ("password", PASSWORD), ("invite", invite)];
    sita.send(&page, "/lite/register", &fields("")).await.expect_status(403);
    sita.send(&page, "/lite/register", &fields("nonsense")).await.expect_status(404);
    let list = sita.does(&page, "/lite/register", &fields(link.url.as_deref().unwrap())).await;
    assert!(list.text().contains("You asked to join") && list.text().contains("Garden"), "{}", list.text());

    asha.patch("/server", json!({ "registration": "closed" })).await.expect_status(200);
    let mut ramesh = Browser::new(&world);
    assert!(!ramesh.open("/lite/login").await.text().contains("/lite/register"));
    let refused = ramesh.send(&page, "/lite/register", &fields(&link.code.unwrap())).await;
    assert!(refused.expect_text(403).contains("Nobody can sign up here"), "{}", refused.text());
    world.end().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_on_a_page_and_never_as_json() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let client = sita.client();
    for path in [
        "/lite/nothing",
        "/lite/c/x",
        "/lite/c/99",
        "/lite/c/1/x",
        "/lite/messages/7/edit",
        "/lite/join/x",
        "/lite/c/-1",
    ] {
        let reply = client.get(path).await;
        is_sound(&reply);
        assert_eq!(reply.status, 404, "{path}");
    }
    for (method, path, kind, body, status) in [
        (Method::PUT, "/lite/c/1", "", "", 405),
        (Method::POST, "/lite/login", "application/json", "{}", 415),
        (Method::POST, "/lite/c/1", "text/plain", "body=x", 415),
        (Method::GET, "/lite/c/1?before=x", "", "", 422),
        (Method::GET, "/lite/c/1/requests", "", "", 409),
        (Method::GET, "/lite/c/1/invites", "", "", 403),
        (Method::POST, "/lite/c/1", "application/x-www-form-urlencoded", &"x".repeat(2_000_000), 413),
    ] {
        let mut asking = client.clone();
        if !kind.is_empty() {
            asking = asking.with("content-type", kind).with("origin", world.server().public_url());
        }
        let reply = asking.send(method, path, Some(body.to_owned())).await;
        is_sound(&reply);
        assert_eq!(reply.status.as_u16(), status, "{path} {}", reply.text());
        assert!(
            reply.text().contains(reply.header("x-request-id").unwrap()) || status == 403,
            "{}",
            reply.text()
        );
    }
    world.end().await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_so_on_a_page() {
    let world = World::sqlite(&[("sign_ins_per_account", "1/h+1")]).await;
    let mut sita = Browser::new(&world);
    let page = sita.open("/lite/login").await;
    let fields = [("login", "sita"), ("password", "a guess")];
    sita.send(&page, "/lite/login", &fields).await.expect_status(401);
    let reply = sita.send(&page, "/lite/login", &fields).await;
    is_sound(&reply);
    assert!(reply.expect_text(429).contains("Try again in 60 minutes."), "{}", reply.text());
    assert!(reply.header("retry-after").is_some());
    world.end().await;

    let world = World::sqlite(&[("requests_per_address", "1/h+1")]).await;
    let client = world.stranger();
    client.get("/lite/login").await.expect_status(200);
    let reply = client.get("/lite/login").await;
    reply.expect_status(429);
    is_sound(&reply);
    world.end().await;
}

#[tokio::test]
async fn the_stylesheet_is_a_file_that_is_kept_and_the_pages_are_not() {
    let world = World::sqlite(&[]).await;
    let style = world.stranger().get("/lite/style.css").await;
    assert!(style.expect_text(200).contains("color-scheme: light dark"));
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(style.header("cache-control"), Some("no-cache"));
    let again =
        world.stranger().with("if-none-match", style.header("etag").unwrap()).get("/lite/style.css").await;
    again.expect_status(304);
    let there = world.stranger().get("/lite").await;
    assert_eq!((there.status.as_u16(), there.header("location")), (303, Some("/lite/")));
    assert_eq!(there.header("cache-control"), Some("no-store"));
    world.end().await;
}

#[tokio::test]
async fn a_page_loads_itself_again_only_where_somebody_asks_for_it() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let page = sita.open("/lite/c/1").await;
    assert!(!page.text().contains("http-equiv"));
    let page = sita.open(&link(&page, "Look every 30 seconds")).await;
    assert!(page.text().contains("<meta http-equiv=\"refresh\" content=\"30\">"));
    assert!(!page.text().contains("<textarea"), "what is typed there would be lost");
    for (asked, given) in [("0", "10"), ("99999", "3600")] {
        let page = sita.open(&format!("/lite/c/1?refresh={asked}")).await;
        assert!(page.text().contains(&format!("content=\"{given}\"")), "{}", page.text());
    }
    assert!(sita.open(&link(&page, "Stop, and write")).await.text().contains("<textarea"));
    world.end().await;
}

/// The compiler checks the holes of a template, and escapes what is put into them; this checks what it does not see.
#[test]
fn no_template_lifts_the_escaping_or_leaves_a_value_without_quotes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/lite");
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for forbidden in ["|safe", "| safe", "autoescape", "<script", "style="] {
            assert!(!text.contains(forbidden), "{}: {forbidden}", path.display());
        }
        // In the query of an address there is a question mark before it.
        for (at, _) in text.match_indices("={{") {
            let before = &text[..at];
            let name = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap();
            let sign = before.strip_suffix(name).unwrap().chars().next_back();
            assert!(matches!(sign, Some('?' | '&')), "{}: {name}", path.display());
        }
        for form in text.split("<form ").skip(1).filter(|form| form.contains("method=\"post\"")) {
            let form = form.split("</form>").next().unwrap();
            let is_for_strangers = ["/lite/login", "/lite/register"].iter().any(|path| form.contains(path));
            assert!(form.contains("csrf") || is_for_strangers, "{}: {form}", path.display());
        }
        seen += 1;
    }
    assert!(seen > 10, "{folder} is where templates are");
}
