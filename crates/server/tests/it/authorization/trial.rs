//! Tries one case: who asks, what comes back, and whether anything was done.

use super::{
    cast::{Actor, Cast, Ear, Player},
    scene::Scene,
    table::{Row, meaning},
};
use axum::http::Method;
use serde_json::{Value, json};

/// What came back: a status, the code of the refusal, and all that was said.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub status: u16,
    pub code: String,
    pub text: String,
}

impl Outcome {
    fn allowed(text: String) -> Self {
        Self { status: 200, code: String::new(), text }
    }

    fn refused(frame: &Value) -> Self {
        let code = frame["code"].as_str().unwrap_or("closed").to_owned();
        let status =
            serde_json::from_value(json!(code)).map_or(0, |code| server::http::error::status(code).as_u16());
        Self { status, code, text: frame.to_string() }
    }

    /// Whether it is what the letter says. Doors of other apps have codes of their own.
    pub fn is(&self, letter: char, has_codes: bool) -> bool {
        let (status, code) = meaning(letter);
        let same = if status == 200 { is_success(self.status) } else { self.status == status };
        same && (status < 400 || !has_codes || self.code == code)
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status) || status == 101
}

/// Lets somebody try it, or whoever stands in for them.
pub async fn tries(
    cast: &mut Cast,
    scene: &mut Scene,
    row: &Row,
    actor: Actor,
    stand_in: Option<&Player>,
) -> Outcome {
    let path = scene.fill(cast, actor, &row.path).await;
    let body = scene.fill(cast, actor, &row.body).await;
    match row.method.as_str() {
        "OP" if row.path == "hello" => greets(cast, actor, &body).await,
        "OP" => speaks(cast, actor, &body).await,
        "WS" => connects(cast, actor, &path, &body).await,
        method => {
            let method: Method = method.parse().unwrap();
            let player = stand_in.unwrap_or_else(|| cast.player(actor));
            let body = if body.is_empty() && method != Method::GET { "{}".to_owned() } else { body };
            let body = if method == Method::GET { None } else { Some(body) };
            let outcome = requests(player, method.clone(), &path, body).await;
            if method == Method::GET {
                // Whoever asks for the headers alone learns no more.
                let head = requests(player, Method::HEAD, &path, None).await;
                let as_much = head.status == outcome.status || head.status >= 400;
                assert!(as_much && head.text.is_empty(), "HEAD of {}: {head:?}", row.name());
            }
            outcome
        }
    }
}

async fn requests(player: &Player, method: Method, path: &str, body: Option<String>) -> Outcome {
    let reply = player.asks(method, path, body).await;
    let problem: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or_default().to_owned();
    let status = match reply.header("location") {
        // Being sent elsewhere is being let in, but for where one signs in.
        Some(place) if place.starts_with("/lite/login") => 303,
        Some(_) if reply.status.is_redirection() => 200,
        _ => reply.status.as_u16(),
    };
    Outcome { status, code, text: reply.text() }
}

/// Opens another socket with this hello.
async fn greets(cast: &Cast, actor: Actor, hello: &str) -> Outcome {
    let player = cast.player(actor);
    let mut ear = Ear::open(cast.address(), "/api/v1/socket", &player.client, &player.heard).await.unwrap();
    // Whoever did not say who they are may say nothing else.
    ear.says(r#"{"op":"ping"}"#).await;
    let answer = ear.hears(0, |frame| frame["op"] == "nack").await.unwrap();
    assert_eq!(answer["code"], "unauthenticated");
    let from = ear.heard_until_now();
    ear.says(hello).await;
    match ear.hears(from, |frame| frame["op"] == "welcome" || frame["op"] == "nack").await {
        Some(frame) if frame["op"] == "welcome" => {
            // What is caught up comes before whatever is asked now.
            ear.says(r#"{"op":"ping"}"#).await;
            ear.hears(from, |frame| frame["op"] == "pong").await;
            let heard = ear.record();
            let all: Vec<String> =
                heard.lock().unwrap().iter().rev().take(50).map(|heard| heard.text.clone()).collect();
            Outcome::allowed(all.join("\n"))
        }
        Some(frame) => Outcome::refused(&frame),
        None => Outcome::refused(&Value::Null),
    }
}

/// Says something on the socket that has been open since before whatever happened to the actor.
async fn speaks(cast: &mut Cast, actor: Actor, frame: &str) -> Outcome {
    if !actor.is_signed_in() {
        return greets_with(cast, actor, frame).await;
    }
    let said: Value = serde_json::from_str(frame).unwrap_or_else(|error| panic!("{error}: {frame}"));
    let ear = cast.player_mut(actor).ear.as_mut().unwrap();
    let from = ear.heard_until_now();
    ear.says(frame).await;
    let mark = if said["cid"].is_string() { "cid" } else { "ref" };
    let is_silent = said[mark].is_null();
    if is_silent && said["op"] != "ping" {
        // Receipts and typing are answered when they are refused; the next answer says that they were not.
        ear.says(r#"{"op":"ping"}"#).await;
    }
    let is_answer = |frame: &Value| match frame["op"].as_str() {
        Some("ack" | "nack") => is_silent || frame[mark] == said[mark],
        Some("pong") => is_silent,
        _ => false,
    };
    let answer = ear.hears(from, is_answer).await.unwrap_or_default();
    if is_silent && said["op"] != "ping" && answer["op"] == "nack" {
        ear.hears(from, |frame| frame["op"] == "pong").await;
    }
    match answer["op"].as_str() {
        Some("ack" | "pong") => Outcome::allowed(answer.to_string()),
        _ => Outcome::refused(&answer),
    }
}

/// Says it on a new socket: without a hello nobody is heard, and the hello of a nobody is refused.
async fn greets_with(cast: &Cast, actor: Actor, frame: &str) -> Outcome {
    let player = cast.player(actor);
    let mut ear = Ear::open(cast.address(), "/api/v1/socket", &player.client, &player.heard).await.unwrap();
    ear.says(frame).await;
    let answer = ear.hears(0, |frame| frame["op"] == "nack").await.unwrap();
    assert_eq!(answer["code"], "unauthenticated", "{frame}");
    let from = ear.heard_until_now();
    ear.says(r#"{"op":"hello"}"#).await;
    Outcome::refused(&ear.hears(from, |frame| frame["op"] == "nack").await.unwrap_or_default())
}

/// Opens a socket of another app, and says something where it lets one in.
async fn connects(cast: &Cast, actor: Actor, path: &str, frame: &str) -> Outcome {
    let player = cast.player(actor);
    match Ear::open(cast.address(), path, &player.client, &player.heard).await {
        Ok(mut ear) => {
            if !frame.is_empty() {
                ear.says(frame).await;
                ear.hears(0, |_| true).await;
            }
            Outcome { status: 101, code: String::new(), text: String::new() }
        }
        Err(status) => Outcome { status, code: String::new(), text: String::new() },
    }
}

/// Whether it may change something: then whoever is let in tries it on things of their own.
pub fn may_change(row: &Row) -> bool {
    match row.method.as_str() {
        "GET" | "WS" => false,
        "OP" => !matches!(row.path.as_str(), "hello" | "ping" | "typing"),
        _ => true,
    }
}
