//! A GitHub of our own: the four addresses that signing in by it needs, with people in it, that checks what it is asked as
//! the real one does and can be told to misbehave.

use crate::client::Reply;
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{net::TcpListener, task::JoinHandle};

pub const CLIENT_ID: &str = "Iv1.of-this-server";
pub const CLIENT_SECRET: &str = "a-secret-that-nobody-may-see";

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Well,
    /// Not at all, for longer than anybody waits.
    Silent,
    /// With an error of its own.
    Broken,
    /// With a page instead of JSON.
    Chatty,
    /// With more than anybody reads.
    Endless,
    /// Sends on to another address.
    Elsewhere,
    /// Does not know the client.
    Stranger,
}

/// Somebody who has an account there.
#[derive(Clone, Debug)]
pub struct Octocat {
    pub id: u64,
    pub login: String,
    pub name: Option<String>,
    pub emails: Value,
}

impl Octocat {
    pub fn new(id: u64, login: &str) -> Self {
        Self { id, login: login.to_owned(), name: None, emails: json!([]) }
    }

    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    pub fn with_email(self, email: &str, verified: bool) -> Self {
        let emails = json!([
            { "email": "other@example.org", "primary": false, "verified": true, "visibility": null },
            { "email": email, "primary": true, "verified": verified, "visibility": "private" },
        ]);
        Self { emails, ..self }
    }
}

struct Grant {
    who: Octocat,
    challenge: String,
    redirect_uri: String,
}

struct Inside {
    mood: Mutex<Mood>,
    /// By code.
    grants: Mutex<HashMap<String, Grant>>,
    /// By token.
    people: Mutex<HashMap<String, Octocat>>,
    next: AtomicUsize,
    asked: AtomicUsize,
    elsewhere: AtomicUsize,
}

pub struct FakeGithub {
    inside: Arc<Inside>,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Drop for FakeGithub {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl FakeGithub {
    pub async fn start() -> Self {
        let inside = Arc::new(Inside {
            mood: Mutex::new(Mood::Well),
            grants: Mutex::default(),
            people: Mutex::default(),
            next: AtomicUsize::new(1),
            asked: AtomicUsize::new(0),
            elsewhere: AtomicUsize::new(0),
        });
        let routes = Router::new()
            .route("/access_token", post(access_token))
            .route("/user", get(user))
            .route("/user/emails", get(emails))
            .route("/elsewhere", get(elsewhere).post(elsewhere))
            .with_state(inside.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { inside, address, serving }
    }

    /// The settings of a server that asks this GitHub.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let at = |path: &str| format!("http://{}{path}", self.address);
        vec![
            ("github_client_id", CLIENT_ID.to_owned()),
            ("github_client_secret", CLIENT_SECRET.to_owned()),
            ("github_authorize_url", at("/authorize")),
            ("github_token_url", at("/access_token")),
            ("github_user_url", at("/user")),
            ("github_emails_url", at("/user/emails")),
        ]
    }

    /// Listens no more.
    pub async fn goes_away(mut self) {
        self.serving.abort();
        drop((&mut self.serving).await);
    }

    pub fn becomes(&self, mood: Mood) {
        *self.inside.mood.lock().unwrap() = mood;
    }

    /// How often a code was brought.
    pub fn times_asked(&self) -> usize {
        self.inside.asked.load(Ordering::SeqCst)
    }

    /// How often a redirect was followed.
    pub fn times_elsewhere(&self) -> usize {
        self.inside.elsewhere.load(Ordering::SeqCst)
    }

    /// Somebody is sent here, signs in and says yes: the code and the state with which their browser goes back.
    pub fn allows(&self, leaving: &Reply, who: &Octocat) -> (String, String) {
        leaving.expect_status(302);
        self.allows_at(leaving.header("location").unwrap(), who)
    }

    /// The same for the address alone.
    pub fn allows_at(&self, location: &str, who: &Octocat) -> (String, String) {
        let query = location.strip_prefix(&format!("http://{}/authorize?", self.address)).unwrap();
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(asked["client_id"], CLIENT_ID);
        assert_eq!((&*asked["response_type"], &*asked["code_challenge_method"]), ("code", "S256"));
        assert_eq!(asked["scope"], "user:email");
        assert!(asked["state"].len() >= 43 && !location.contains(CLIENT_SECRET), "{location}");
        let code = format!("code-{}", self.inside.next.fetch_add(1, Ordering::SeqCst));
        let grant = Grant {
            who: who.clone(),
            challenge: asked["code_challenge"].clone(),
            redirect_uri: asked["redirect_uri"].clone(),
        };
        self.inside.grants.lock().unwrap().insert(code.clone(), grant);
        (code, asked["state"].clone())
    }
}

async fn access_token(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: Bytes) -> Response {
    inside.asked.fetch_add(1, Ordering::SeqCst);
    let mood = *inside.mood.lock().unwrap();
    match mood {
        Mood::Well => {}
        Mood::Silent => std::future::pending().await,
        Mood::Broken => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Mood::Chatty => return "<html>hello</html>".into_response(),
        Mood::Endless => return "x".repeat(1024 * 1024).into_response(),
        Mood::Elsewhere => return Redirect::temporary("/elsewhere").into_response(),
        Mood::Stranger => return Json(json!({ "error": "incorrect_client_credentials" })).into_response(),
    }
    assert_eq!(headers[header::ACCEPT], "application/json");
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    if form["client_id"] != CLIENT_ID || form["client_secret"] != CLIENT_SECRET {
        return Json(json!({ "error": "incorrect_client_credentials" })).into_response();
    }
    // A code is good once, for whoever asked for it.
    let grant = inside.grants.lock().unwrap().remove(&form["code"]);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    let Some(grant) =
        grant.filter(|grant| grant.challenge == challenge && grant.redirect_uri == form["redirect_uri"])
    else {
        let error = json!({ "error": "bad_verification_code", "error_description": "<b>The code</b>" });
        return Json(error).into_response();
    };
    let token = format!("gho_{}", inside.next.fetch_add(1, Ordering::SeqCst));
    inside.people.lock().unwrap().insert(token.clone(), grant.who);
    Json(json!({ "access_token": token, "token_type": "bearer", "scope": "user:email" })).into_response()
}

fn who(inside: &Inside, headers: &HeaderMap) -> Option<Octocat> {
    assert!(headers[header::USER_AGENT].to_str().unwrap().starts_with("Parlor/"));
    let token = headers.get(header::AUTHORIZATION)?.to_str().unwrap().strip_prefix("Bearer ")?;
    inside.people.lock().unwrap().get(token).cloned()
}

async fn user(State(inside): State<Arc<Inside>>, headers: HeaderMap) -> Response {
    match who(&inside, &headers) {
        Some(who) => Json(json!({
            "id": who.id, "login": who.login, "name": who.name, "email": "public@example.org",
            "avatar_url": "https://avatars.example/u/1", "bio": null,
        }))
        .into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn emails(State(inside): State<Arc<Inside>>, headers: HeaderMap) -> Response {
    match who(&inside, &headers) {
        Some(who) if who.emails.is_array() => Json(who.emails).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn elsewhere(State(inside): State<Arc<Inside>>) -> Json<Value> {
    inside.elsewhere.fetch_add(1, Ordering::SeqCst);
    Json(json!({ "access_token": "gho_from_elsewhere" }))
}
