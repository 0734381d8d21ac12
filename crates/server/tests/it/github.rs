//! Signing in by GitHub.

use crate::{
    client::{Client, Reply},
    fake_github::{CLIENT_SECRET, FakeGithub, Mood, Octocat},
    program::{Program, parlor},
    world::{PASSWORD, World},
};
use axum::http::Method;
use protocol::{
    Me,
    api::{AccountList, GoOn, IdentityList, ServerInfo},
};
use serde_json::{Value, json};

/// A GitHub and a server that knows it, with these settings besides.
async fn world_with(settings: &[(&str, &str)]) -> (FakeGithub, World) {
    let github = FakeGithub::start().await;
    let world = World::sqlite(&all_settings(&github.settings(), settings)).await;
    (github, world)
}

fn all_settings<'a>(
    of_github: &'a [(&'static str, String)],
    others: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    of_github.iter().map(|(name, value)| (*name, value.as_str())).chain(others.iter().copied()).collect()
}

/// A browser that leaves for GitHub; with the cookie that it was given.
async fn leaves(world: &World, query: &str) -> (Client, Reply) {
    let leaving = world.stranger().get(&format!("/github-login{query}")).await;
    leaving.expect_status(302);
    assert_eq!(leaving.header("cache-control"), Some("no-store"));
    let set = leaving.header("set-cookie").unwrap();
    assert!(
        set.starts_with("parlor_oauth=") && set.contains("; HttpOnly; SameSite=Lax; Max-Age=600"),
        "{set}"
    );
    (world.stranger().with("cookie", &leaving.cookie()), leaving)
}

async fn comes_back(browser: &Client, (code, state): &(String, String)) -> Reply {
    browser.get(&format!("/chatpage?code={code}&state={state}")).await
}

/// The whole way, as somebody's browser goes it.
async fn signs_in(github: &FakeGithub, world: &World, who: &Octocat) -> Reply {
    let (browser, leaving) = leaves(world, "").await;
    comes_back(&browser, &github.allows(&leaving, who)).await
}

/// The browser of somebody who came back signed in.
#[track_caller]
fn signed_in(world: &World, back: &Reply) -> Client {
    back.expect_status(303);
    let cookies: Vec<&str> =
        back.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("parlor_oauth=;")), "{cookies:?}");
    let session = cookies.iter().find(|cookie| cookie.starts_with("parlor_session=parlor_")).unwrap();
    world.stranger().with("cookie", session.split(';').next().unwrap())
}

async fn me(browser: &Client) -> Me {
    browser.get("/api/v1/me").await.expect(200)
}

/// The page of an error: for people, with nothing in it that came from outside.
#[track_caller]
fn expect_page(reply: &Reply, status: u16, title: &str) {
    let text = reply.expect_text(status);
    assert!(reply.header("content-type").unwrap().starts_with("text/html"), "{text}");
    assert!(text.contains(&format!("<h1>{title}</h1>")), "{text}");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert!(
        !reply.headers.get_all("set-cookie").iter().any(|set| set.to_str().unwrap().contains("session=p"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_by_github_gets_an_account_and_comes_back_to_it_on_sqlite() {
    let github = FakeGithub::start().await;
    let world = World::sqlite(&all_settings(&github.settings(), &[])).await;
    who_comes_by_github_gets_an_account_and_comes_back_to_it(&github, &world).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_by_github_gets_an_account_and_comes_back_to_it_on_postgres() {
    let github = FakeGithub::start().await;
    let world = World::postgres(&all_settings(&github.settings(), &[])).await;
    who_comes_by_github_gets_an_account_and_comes_back_to_it(&github, &world).await;
    world.end().await;
}

async fn who_comes_by_github_gets_an_account_and_comes_back_to_it(github: &FakeGithub, world: &World) {
    let sita = Octocat::new(7, "sita-r").named("Sita  Rai").with_email("Sita@Example.org", true);
    let back = signs_in(github, world, &sita).await;
    assert_eq!(back.header("location"), Some("/c/1"));
    let first = me(&signed_in(world, &back)).await;
    assert_eq!((&*first.account.username, &*first.account.display_name), ("sita-r", "Sita Rai"));
    assert_eq!(first.email.as_deref(), Some("sita@example.org"));
    // Names change there; the person does not.
    let renamed = Octocat::new(7, "sita-rai").named("Somebody Else");
    let browser = signed_in(world, &signs_in(github, world, &renamed).await);
    assert_eq!(me(&browser).await, first);
    let list: IdentityList = browser.get("/api/v1/me/identities").await.expect(200);
    assert_eq!(
        list.identities.iter().map(|identity| identity.login.as_str()).collect::<Vec<_>>(),
        ["sita-rai"]
    );
    // Another person who took over the name there is another person here.
    let other = me(&signed_in(world, &signs_in(github, world, &Octocat::new(8, "sita-r")).await)).await;
    assert_eq!((&*other.account.username, other.email), ("sita-r2", None));
}

#[tokio::test]
async fn a_name_or_an_address_leads_into_nobodys_account() {
    let (github, world) = world_with(&[]).await;
    let body = json!({ "username": "sita", "password": PASSWORD, "email": "sita@example.org" });
    world.stranger().post("/api/v1/accounts", body).await.expect_status(201);
    let ramesh = world.sign_up("ramesh").await;
    ramesh.patch("/me", json!({ "display_name": "octocat" })).await.expect_status(200);

    let thief = Octocat::new(9, "Sita").named("sita").with_email("sita@example.org", true);
    let made = me(&signed_in(&world, &signs_in(&github, &world, &thief).await)).await;
    assert_eq!((&*made.account.username, made.email.as_deref()), ("Sita2", None));
    // A name that somebody is shown by would be taken for them.
    let made = me(&signed_in(&world, &signs_in(&github, &world, &Octocat::new(10, "octocat")).await)).await;
    assert_eq!(made.account.username, "octocat2");
    let made = me(&signed_in(&world, &signs_in(&github, &world, &Octocat::new(11, "x")).await)).await;
    assert_eq!(made.account.username, "github-x");
    world.end().await;
}

#[tokio::test]
async fn an_address_that_nobody_verified_or_told_is_left_out() {
    let (github, world) = world_with(&[]).await;
    let unverified = Octocat::new(1, "asha").with_email("asha@example.org", false);
    let hidden = Octocat { emails: Value::Null, ..Octocat::new(2, "binod") };
    let strange = Octocat::new(3, "chandra").with_email("not an address", true);
    for somebody in [unverified, hidden, strange] {
        let made = me(&signed_in(&world, &signs_in(&github, &world, &somebody).await)).await;
        assert_eq!((made.account.username, made.email), (somebody.login, None));
    }
    world.end().await;
}

#[tokio::test]
async fn only_the_browser_that_left_comes_back_and_only_once() {
    let (github, world) = world_with(&[]).await;
    let (browser, leaving) = leaves(&world, "").await;
    let (code, state) = github.allows(&leaving, &Octocat::new(7, "sita"));
    let (other_browser, other_leaving) = leaves(&world, "").await;
    let (_, other_state) = github.allows(&other_leaving, &Octocat::new(8, "eve"));
    let right = format!("/chatpage?code={code}&state={state}");
    for (client, path) in [
        (world.stranger(), right.clone()),
        (other_browser.clone(), right.clone()),
        (browser.clone(), format!("/chatpage?code={code}&state={other_state}")),
        (browser.clone(), format!("/chatpage?code={code}&state=")),
        (browser.clone(), format!("/chatpage?code={code}")),
        (browser.with("cookie", "parlor_oauth=another"), right.clone()),
    ] {
        expect_page(&client.get(&path).await, 400, "This sign-in is not good any more");
    }
    assert_eq!(github.times_asked(), 0, "a stranger's word is not passed on");
    signed_in(&world, &browser.get(&right).await);
    expect_page(&browser.get(&right).await, 400, "This sign-in is not good any more");
    assert_eq!(github.times_asked(), 1);
    // A code of somebody else's sign-in does not fit the verifier of this one.
    let (browser, leaving) = leaves(&world, "").await;
    let (_, state) = github.allows(&leaving, &Octocat::new(7, "sita"));
    let (_, eves) = leaves(&world, "").await;
    let (stolen, _) = github.allows(&eves, &Octocat::new(8, "eve"));
    let reply = browser.get(&format!("/chatpage?code={stolen}&state={state}")).await;
    expect_page(&reply, 400, "This sign-in is not good any more");
    world.end().await;
}

#[tokio::test]
async fn who_says_no_at_github_is_not_signed_in() {
    let (github, world) = world_with(&[]).await;
    let (browser, leaving) = leaves(&world, "").await;
    let (_, state) = github.allows(&leaving, &Octocat::new(7, "sita"));
    let path = format!("/chatpage?error=access_denied&error_description=%3Cscript%3E&state={state}");
    let reply = browser.get(&path).await;
    expect_page(&reply, 403, "GitHub did not sign you in");
    assert!(!reply.text().contains("script"));
    assert_eq!(github.times_asked(), 0);
    world.end().await;
}

#[tokio::test]
async fn whatever_github_does_the_answer_comes_in_time_and_nothing_is_made() {
    let (github, world) = world_with(&[("provider_timeout_ms", "300")]).await;
    for (mood, title) in [
        (Mood::Silent, "GitHub does not answer"),
        (Mood::Broken, "GitHub does not answer"),
        (Mood::Chatty, "GitHub does not answer"),
        (Mood::Endless, "GitHub does not answer"),
        (Mood::Elsewhere, "GitHub does not answer"),
        (Mood::Stranger, "GitHub does not know this server"),
    ] {
        github.becomes(mood);
        expect_page(&signs_in(&github, &world, &Octocat::new(7, "sita")).await, 502, title);
    }
    assert_eq!(github.times_elsewhere(), 0, "a secret goes nowhere but where it was meant to go");
    let list: AccountList = world.sign_up("asha").await.get("/accounts").await.expect(200);
    assert_eq!(list.accounts.len(), 1, "{list:?}");
    github.becomes(Mood::Well);
    signed_in(&world, &signs_in(&github, &world, &Octocat::new(7, "sita")).await);
    world.end().await;
}

#[tokio::test]
async fn a_github_that_is_gone_is_said_to_be_gone() {
    let (github, world) = world_with(&[]).await;
    let (browser, leaving) = leaves(&world, "").await;
    let back = github.allows(&leaving, &Octocat::new(7, "sita"));
    github.goes_away().await;
    expect_page(&comes_back(&browser, &back).await, 502, "GitHub does not answer");
    world.end().await;
}

#[tokio::test]
async fn registration_decides_who_may_be_new() {
    let (github, world) = world_with(&[]).await;
    let admin = world.administrator("asha").await;
    let sita = Octocat::new(7, "sita");
    signed_in(&world, &signs_in(&github, &world, &sita).await);

    admin.patch("/server", json!({ "registration": "closed" })).await.expect_status(200);
    let reply = signs_in(&github, &world, &Octocat::new(8, "ramesh")).await;
    expect_page(&reply, 403, "Nobody can sign up here at the moment");
    signed_in(&world, &signs_in(&github, &world, &sita).await);

    admin.patch("/server", json!({ "registration": "invite" })).await.expect_status(200);
    let reply = signs_in(&github, &world, &Octocat::new(8, "ramesh")).await;
    expect_page(&reply, 403, "You need an invite");
    let room = admin.makes_room("Garden").await.conversation.details.id;
    let code = admin.opens_door(room).await;
    for wrong in ["nonsense", &code.replace(char::is_alphabetic, "0")] {
        let (browser, leaving) = leaves(&world, &format!("?invite={wrong}")).await;
        let back = github.allows(&leaving, &Octocat::new(8, "ramesh"));
        expect_page(&comes_back(&browser, &back).await, 404, "You need an invite");
    }
    let (browser, leaving) = leaves(&world, &format!("?invite={code}&next=/c/{room}")).await;
    let reply = comes_back(&browser, &github.allows(&leaving, &Octocat::new(8, "ramesh"))).await;
    assert_eq!(reply.header("location"), Some(&*format!("/c/{room}")));
    let ramesh = signed_in(&world, &reply);
    ramesh.get(&format!("/api/v1/conversations/{room}")).await.expect_status(200);
    world.end().await;
}

#[tokio::test]
async fn who_was_shut_out_stays_out() {
    let (github, world) = world_with(&[]).await;
    let admin = world.administrator("asha").await;
    let sita = Octocat::new(7, "sita");
    let account = me(&signed_in(&world, &signs_in(&github, &world, &sita).await)).await.account.id;
    admin.patch(&format!("/accounts/{account}"), json!({ "deactivated": true })).await.expect_status(200);
    expect_page(&signs_in(&github, &world, &sita).await, 403, "Your account was shut out");
    world.end().await;
}

#[tokio::test]
async fn sign_ins_by_github_count_like_others() {
    let (github, world) = world_with(&[("sign_ins_per_address", "1/h+2")]).await;
    signed_in(&world, &signs_in(&github, &world, &Octocat::new(7, "sita")).await);
    leaves(&world, "").await;
    let reply = world.stranger().get("/github-login").await;
    expect_page(&reply, 429, "You are not signed in");
    assert!(reply.header("retry-after").is_some());
    world.end().await;
}

/// Somebody with a password, in a browser.
async fn in_a_browser(world: &World, login: &str) -> Client {
    let body = json!({ "login": login, "password": PASSWORD });
    let reply = world.stranger().post("/api/v1/sessions", body).await;
    reply.expect_status(201);
    world.stranger().with("origin", world.server().public_url()).with("cookie", &reply.cookie())
}

/// The browser with the cookie that it needs to come back.
fn with_both(browser: &Client, reply: &Reply) -> Client {
    let mut browser = browser.clone();
    for (name, value) in &mut browser.headers {
        if name == "cookie" {
            value.push_str(&format!("; {}", reply.cookie()));
        }
    }
    browser
}

const LINK: &str = "/api/v1/me/identities/github";

#[tokio::test]
async fn somebody_with_a_password_links_their_github_account_and_lets_go_of_it() {
    let (github, world) = world_with(&[]).await;
    let sita = world.sign_up("sita").await;
    let browser = in_a_browser(&world, "sita").await;
    let password = json!({ "current_password": PASSWORD });
    let octocat = Octocat::new(7, "octocat");

    let wrong = json!({ "current_password": "something else" });
    browser.post(LINK, wrong).await.expect_problem(401, "invalid_credentials");
    let foreign = browser.with("origin", "https://evil.example");
    foreign.post(LINK, &password).await.expect_problem(403, "origin_mismatch");
    browser.post("/api/v1/me/identities/myspace", &password).await.expect_problem(404, "not_found");
    // What began there would end here, where the browser has no cookie.
    let port = world.server().address().port();
    let mut by_name = browser.clone();
    by_name.headers.retain(|(name, _)| name != "origin");
    let by_name = by_name.with("origin", &format!("http://localhost:{port}"));
    by_name.post(LINK, &password).await.expect_problem(403, "origin_mismatch");

    let reply = browser.post(LINK, &password).await;
    let back = github.allows_at(&reply.expect::<GoOn>(200).url, &octocat);
    let linked = comes_back(&with_both(&browser, &reply), &back).await;
    linked.expect_status(303);
    assert_eq!(linked.header("location"), Some("/settings"));
    let again = me(&signed_in(&world, &signs_in(&github, &world, &octocat).await)).await;
    assert_eq!(again.account.id, sita.id());

    // It is linked to one account at a time, and an account has one.
    world.sign_up("ramesh").await;
    let ramesh = in_a_browser(&world, "ramesh").await;
    let reply = ramesh.post(LINK, &password).await;
    let back = github.allows_at(&reply.expect::<GoOn>(200).url, &octocat);
    let taken = comes_back(&with_both(&ramesh, &reply), &back).await;
    expect_page(&taken, 409, "This GitHub account is linked already");
    let reply = browser.post(LINK, &password).await;
    let back = github.allows_at(&reply.expect::<GoOn>(200).url, &Octocat::new(8, "second"));
    let second = comes_back(&with_both(&browser, &reply), &back).await;
    expect_page(&second, 409, "This GitHub account is linked already");

    sita.delete("/me/identities/github").await.expect_status(204);
    sita.delete("/me/identities/github").await.expect_problem(404, "not_found");
    let new = me(&signed_in(&world, &signs_in(&github, &world, &octocat).await)).await;
    assert_ne!(new.account.id, sita.id());

    // Administrators see both.
    let asha = world.administrator("asha").await;
    let log: Value = asha.get(&format!("/admin/audit?actor={}", sita.id())).await.expect(200);
    let actions: Vec<_> = log["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert!(
        actions.contains(&&json!("identity.linked")) && actions.contains(&&json!("identity.unlinked")),
        "{log}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_link_ends_in_the_account_in_which_it_began_or_not_at_all() {
    let (github, world) = world_with(&[]).await;
    let (sita, _) = (world.sign_up("sita").await, world.sign_up("eve").await);
    let (of_sita, of_eve) = (in_a_browser(&world, "sita").await, in_a_browser(&world, "eve").await);
    let reply = of_sita.post(LINK, json!({ "current_password": PASSWORD })).await;
    let back = github.allows_at(&reply.expect::<GoOn>(200).url, &Octocat::new(7, "octocat"));
    let elsewhere = comes_back(&with_both(&of_eve, &reply), &back).await;
    expect_page(&elsewhere, 400, "This sign-in is not good any more");
    let list: IdentityList = sita.get("/me/identities").await.expect(200);
    assert!(list.identities.is_empty());
    world.end().await;
}

#[tokio::test]
async fn the_only_way_in_is_not_let_go_of() {
    let (github, world) = world_with(&[]).await;
    let browser = signed_in(&world, &signs_in(&github, &world, &Octocat::new(7, "sita")).await);
    let browser = browser.with("origin", world.server().public_url());
    browser.delete(LINK).await.expect_problem(403, "forbidden");
    world.end().await;
}

#[tokio::test]
async fn the_chat_page_is_for_those_who_are_signed_in() {
    let (github, world) = world_with(&[]).await;
    let app = world.stranger().get("/chatpage").await;
    assert_eq!(app.expect::<Value>(422)["detail"][0]["loc"], json!(["query", "code"]));
    let person = world.stranger().with("accept", "text/html,*/*;q=0.8").get("/chatpage").await;
    expect_page(&person, 422, "Sign in first");
    let browser = signed_in(&world, &signs_in(&github, &world, &Octocat::new(7, "sita")).await);
    for (path, to) in [
        ("/chatpage", "/c/1"),
        ("/chatpage/", "/c/1"),
        ("/github-login", "/c/1"),
        ("/github-login/", "/c/1"),
        ("/github-login?next=/c/2", "/c/2"),
        ("/github-login?next=//evil.example", "/c/1"),
    ] {
        let reply = browser.get(path).await;
        reply.expect_status(303);
        assert_eq!(reply.header("location"), Some(to), "{path}");
    }
    world.end().await;
}

#[tokio::test]
async fn one_leaves_from_the_address_to_which_one_comes_back() {
    let (github, world) = world_with(&[]).await;
    let port = world.server().address().port();
    let by_name = world.stranger().with("host", &format!("localhost:{port}"));
    let reply = by_name.get("/github-login?invite=abc").await;
    reply.expect_status(303);
    let to = format!("{}/github-login?moved=1&next=%2Fc%2F1&invite=abc", world.server().public_url());
    assert_eq!(reply.header("location"), Some(&*to));
    // A proxy that loses the name of the host does not send anybody round in circles.
    let moved = by_name.get("/github-login?moved=1").await;
    github.allows(&moved, &Octocat::new(7, "sita"));
    world.end().await;
}

#[tokio::test]
async fn the_client_learns_by_which_services_one_can_sign_in() {
    let (_github, world) = world_with(&[]).await;
    let info: ServerInfo = world.stranger().get("/api/v1/server").await.expect(200);
    assert_eq!(serde_json::to_value(info.sign_in_with).unwrap(), json!(["github"]));
    world.end().await;
}

#[tokio::test]
async fn a_server_without_github_says_how_to_set_it_up() {
    let world = World::sqlite(&[]).await;
    let info: ServerInfo = world.stranger().get("/api/v1/server").await.expect(200);
    assert!(info.sign_in_with.is_empty());
    for path in ["/github-login", "/chatpage?code=abc"] {
        let reply = world.stranger().get(path).await;
        expect_page(&reply, 501, "Signing in with GitHub is not set up");
        assert!(reply.text().contains(&format!("{}/chatpage", world.server().public_url())));
    }
    let sita = world.sign_up("sita").await;
    let password = json!({ "current_password": PASSWORD });
    sita.post("/me/identities/github", password).await.expect_problem(404, "not_found");
    world.stranger().get("/sign-in.css").await.expect_status(200);
    world.end().await;
}

#[tokio::test]
async fn the_program_reads_the_names_of_the_apps_document_and_shows_the_secret_to_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let dot_env = format!("GITHUB_CLIENT_ID=Iv1.abc\nGITHUB_CLIENT_SECRET={CLIENT_SECRET}\n");
    std::fs::write(folder.path().join(".env"), dot_env).unwrap();
    let arguments = ["--listen", "127.0.0.1:0", "--log", "trace"];
    let program = Program::start(folder.path(), &arguments).await;
    let reply = Client::new(program.address).send(Method::GET, "/github-login", None).await;
    reply.expect_status(302);
    let to = reply.header("location").unwrap();
    assert!(to.starts_with("https://github.com/login/oauth/authorize?client_id=Iv1.abc&"), "{to}");
    program.stop().await;
    let config = parlor(folder.path(), &["config"]).output().unwrap();
    let log = std::fs::read_to_string(folder.path().join("parlor.log")).unwrap();
    for text in [log, String::from_utf8(config.stdout).unwrap()] {
        assert!(!text.contains(CLIENT_SECRET));
    }
    let half = parlor(folder.path(), &["--github-client-secret", ""]).output().unwrap();
    assert_eq!(half.status.code(), Some(2));
    assert!(String::from_utf8(half.stderr).unwrap().contains("belong together"));
}
