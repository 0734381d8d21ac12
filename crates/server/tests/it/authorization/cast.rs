//! Everybody there can be, and all that reaches each of them.

use crate::{
    client::{Client, DEADLINE, Reply},
    world::{PASSWORD, Person, World},
};
use axum::http::Method;
use chat::Hand;
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use protocol::{AccountId, api::SignedIn};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    env,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{net::TcpStream, sync::watch, task::JoinHandle, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// In the order of the letters in `table.txt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Shows nothing.
    Anonymous,
    /// A guest of an app whose clients prove nothing; has no token, so it shows its number.
    Guest,
    /// A session of the member's that was ended.
    Ended,
    /// A token of the owner's that has expired.
    Expired,
    /// Was a member of the room when an administrator shut the account out.
    Disabled,
    /// Signed up and has to do with nothing here.
    Outsider,
    /// Owns another room.
    Neighbour,
    /// Holds a good invite to the room and has not followed it.
    Invited,
    /// Followed it and waits at the door.
    Pending,
    /// Was a member and was removed.
    Removed,
    /// Was a member and was banned.
    Banned,
    /// Runs the server, and is a member of nothing.
    Administrator,
    Member,
    Moderator,
    Owner,
}

use Actor::{
    Administrator, Anonymous, Banned, Disabled, Ended, Expired, Guest, Invited, Member, Moderator, Neighbour,
    Outsider, Owner, Pending, Removed,
};

pub const ACTORS: [Actor; 15] = [
    Anonymous,
    Guest,
    Ended,
    Expired,
    Disabled,
    Outsider,
    Neighbour,
    Invited,
    Pending,
    Removed,
    Banned,
    Administrator,
    Member,
    Moderator,
    Owner,
];

/// Those who have an account of this name.
const PEOPLE: [Actor; 11] = [
    Disabled,
    Outsider,
    Neighbour,
    Invited,
    Pending,
    Removed,
    Banned,
    Administrator,
    Member,
    Moderator,
    Owner,
];

impl Actor {
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// Whether the actor has a session that is good.
    pub fn is_signed_in(self) -> bool {
        PEOPLE.contains(&self) && self != Disabled
    }

    pub fn is_inside(self) -> bool {
        matches!(self, Member | Moderator | Owner)
    }

    pub fn password(self) -> String {
        format!("zq-password-{} {PASSWORD}", self.name())
    }

    pub fn email(self) -> String {
        format!("zq-mail-{}@example.org", self.name())
    }
}

/// Something that reached somebody.
#[derive(Clone, Debug)]
pub struct Heard {
    pub text: String,
    /// Whether it is a frame of a socket: an answer by HTTP otherwise.
    pub is_frame: bool,
}

type Record = Arc<Mutex<Vec<Heard>>>;

/// One of them.
pub struct Player {
    /// As they come: with what they have to show.
    pub client: Client,
    /// What they show, alone.
    pub token: Option<String>,
    pub id: Option<AccountId>,
    pub ear: Option<Ear>,
    pub heard: Record,
}

impl Player {
    /// Sends a request and keeps all that comes back.
    pub async fn asks(&self, method: Method, path: &str, body: Option<String>) -> Reply {
        let is_form = body.as_ref().is_some_and(|body| !body.starts_with('{'));
        let kind = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
        let client = self.client.with("content-type", kind);
        let client = client.with("origin", &format!("http://{}", client.address));
        let reply = client.send(method, path, body).await;
        let text = format!("{} {:?}\n{}", reply.status, reply.headers, reply.text());
        self.heard.lock().unwrap().push(Heard { text, is_frame: false });
        reply
    }
}

/// A socket that is listened to all the time.
pub struct Ear {
    listening: JoinHandle<()>,
    mouth: SplitSink<WebSocketStream<TcpStream>, Message>,
    heard: Record,
    frames: Arc<Mutex<Vec<String>>>,
    /// How it ended, once it has.
    end: Arc<Mutex<Option<String>>>,
    count: watch::Receiver<usize>,
}

impl Ear {
    /// Opens a socket with these headers; the error is the status of the refusal.
    pub async fn open(address: SocketAddr, path: &str, client: &Client, heard: &Record) -> Result<Self, u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in &client.headers {
            let name: axum::http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        let opened = timeout(DEADLINE, client_async(request, stream)).await.unwrap();
        let socket = match opened {
            Ok((socket, _)) => socket,
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                let body =
                    String::from_utf8_lossy(response.body().as_deref().unwrap_or_default()).into_owned();
                let text = format!("{} {:?}\n{body}", response.status(), response.headers());
                heard.lock().unwrap().push(Heard { text, is_frame: false });
                return Err(response.status().as_u16());
            }
            Err(error) => panic!("{path}: {error}"),
        };
        let (mouth, mut stream) = socket.split();
        let frames = Arc::new(Mutex::new(Vec::new()));
        let (told, count) = watch::channel(0);
        let end = Arc::new(Mutex::new(None));
        let (kept, record, ended) = (frames.clone(), heard.clone(), end.clone());
        let listening = tokio::spawn(async move {
            loop {
                let text = match stream.next().await {
                    Some(Ok(Message::Text(text))) => text.to_string(),
                    Some(Ok(Message::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                    last => {
                        *ended.lock().unwrap() = Some(format!("{last:?}"));
                        break;
                    }
                };
                record.lock().unwrap().push(Heard { text: text.clone(), is_frame: true });
                kept.lock().unwrap().push(text);
                told.send_modify(|count| *count += 1);
            }
            // The sender goes with the task, so whoever waits learns of the end.
        });
        Ok(Self { listening, mouth, heard: heard.clone(), frames, end, count })
    }

    pub async fn says(&mut self, frame: &str) {
        // It may have ended: then the answer says so.
        let _ = self.mouth.send(Message::text(frame.to_owned())).await;
    }

    /// The last thing that came, where it has ended.
    pub fn end(&self) -> Option<String> {
        self.end.lock().unwrap().clone()
    }

    /// So many frames were heard until now.
    pub fn heard_until_now(&self) -> usize {
        self.frames.lock().unwrap().len()
    }

    /// The first frame from this one on of which it holds; `None` when the socket ends before it.
    pub async fn hears(&mut self, from: usize, is_it: impl Fn(&Value) -> bool) -> Option<Value> {
        let waiting = async {
            let mut next = from;
            loop {
                let new: Vec<String> = self.frames.lock().unwrap()[next..].to_vec();
                next += new.len();
                for text in new {
                    let frame = serde_json::from_str(&text).unwrap_or_default();
                    if is_it(&frame) {
                        return Some(frame);
                    }
                }
                if self.frames.lock().unwrap().len() == next && self.count.changed().await.is_err() {
                    return None;
                }
            }
        };
        timeout(DEADLINE, waiting).await.expect("the socket stayed silent")
    }

    /// Waits until all that was told before has come.
    pub async fn catches_up(&mut self) {
        let from = self.heard_until_now();
        self.says(r#"{"op":"ping"}"#).await;
        self.hears(from, |frame| frame["op"] == "pong").await;
    }

    pub fn record(&self) -> Record {
        self.heard.clone()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        // Nobody is left to ask it anything.
        self.listening.abort();
    }
}

/// All of them, and the server.
pub struct Cast {
    pub world: World,
    players: HashMap<Actor, Player>,
    /// Them as they are where they build what is acted on; nothing of that is kept.
    people: HashMap<Actor, Person>,
    /// Tokens, codes and the like, and whose each is.
    pub secrets: Mutex<Vec<(String, Vec<Actor>)>>,
    pub epoch: String,
    next: AtomicU64,
}

impl Cast {
    /// Everybody, in a world of their own.
    pub async fn gather() -> Self {
        let settings = [
            ("dialects", "open"),
            ("sends_per_guest", "1000000/s+1000000"),
            ("guests_per_address", "1000000/s+1000000"),
            ("memberships_per_account_max", "100000"),
            ("sessions_per_account_max", "10000"),
            ("queue_frames_max", "100000"),
            ("queue_bytes_max", "100000000"),
            ("github_client_id", "parlor"),
            ("github_client_secret", "zq-password-github"),
        ];
        let mut world = match env::var("PARLOR_MATRIX_DATABASE").as_deref() {
            Ok("postgres") => World::postgres(&settings).await,
            _ => World::sqlite(&settings).await,
        };
        let hand = world.begin_by_hand().await;

        let mut cast = Self {
            world,
            players: HashMap::new(),
            people: HashMap::new(),
            secrets: Mutex::new(Vec::new()),
            epoch: String::new(),
            next: AtomicU64::new(1),
        };
        for actor in [
            Administrator,
            Member,
            Moderator,
            Owner,
            Outsider,
            Neighbour,
            Invited,
            Pending,
            Removed,
            Banned,
            Disabled,
        ] {
            cast.comes(actor).await;
        }
        cast.nobodies(&hand).await;
        cast
    }

    pub fn player(&self, actor: Actor) -> &Player {
        &self.players[&actor]
    }

    pub fn player_mut(&mut self, actor: Actor) -> &mut Player {
        self.players.get_mut(&actor).unwrap()
    }

    pub fn person(&self, actor: Actor) -> &Person {
        &self.people[&actor]
    }

    pub fn address(&self) -> SocketAddr {
        self.world.server().address()
    }

    /// A number that nobody had.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A word of this kind that stands nowhere else.
    pub fn word(&self, kind: &str) -> String {
        format!("zq-{kind}-{}", self.number())
    }

    /// Remembers something that only these may receive.
    pub fn keeps_secret(&self, secret: &str, owners: &[Actor]) {
        self.secrets.lock().unwrap().push((secret.to_owned(), owners.to_vec()));
    }

    fn client(&self, actor: Actor) -> Client {
        self.world.stranger().with("user-agent", &format!("zq-agent-{}", actor.name()))
    }

    async fn comes(&mut self, actor: Actor) {
        let client = self.client(actor);
        let body = json!({ "username": format!("{}x", actor.name()), "password": actor.password(), "email": actor.email(),
            "display_name": format!("zq-name-{}", actor.name()) });
        let signed_in: SignedIn = if actor == Administrator {
            let code = self.world.server().setup_code().await.unwrap().unwrap();
            self.keeps_secret(&code, &[]);
            let mut body = body;
            body["code"] = json!(code);
            client.post("/api/v1/setup", body).await.expect(201)
        } else {
            client.post("/api/v1/accounts", body).await.expect(201)
        };
        let id = signed_in.account.account.id;
        let client = client.with("authorization", &format!("Bearer {}", signed_in.token));
        self.keeps_secret(&signed_in.token, &[actor]);
        let person = Person { client: client.clone(), me: signed_in.account, token: signed_in.token.clone() };
        self.people.insert(actor, person);
        let heard = Record::default();
        let mut ear = Ear::open(self.address(), "/api/v1/socket", &client, &heard).await.unwrap();
        ear.says(r#"{"op":"hello"}"#).await;
        let welcome = ear.hears(0, |frame| frame["op"] == "welcome").await.unwrap();
        self.epoch = welcome["epoch"].as_str().unwrap().to_owned();
        let player = Player { client, token: Some(signed_in.token), id: Some(id), ear: Some(ear), heard };
        self.players.insert(actor, player);
    }

    /// Those who have nothing to show that is good.
    async fn nobodies(&mut self, hand: &Hand) {
        self.stays_outside(Anonymous, None).await;
        let ended = self.signs_in_again(Member, "opaque").await;
        let client = self.world.stranger().with("authorization", &format!("Bearer {}", ended.token));
        client.delete("/api/v1/sessions/current").await.expect_status(204);
        self.stays_outside(Ended, Some(ended.token)).await;
        let expired = self.signs_in_again(Owner, "jwt").await;
        // The tokens of the others end with their sessions, which are good for weeks.
        hand.pass(3_600_000);
        self.stays_outside(Expired, Some(expired.token)).await;

        let heard = Record::default();
        let mut ear = Ear::open(self.address(), "/ws/777?proto=chatter_box", &self.client(Guest), &heard)
            .await
            .unwrap();
        ear.says(r#"{"content":"a guest says good morning"}"#).await;
        ear.hears(0, |frame| !frame["content"].is_null()).await.unwrap();
        self.stays_outside(Guest, Some("777".into())).await;
        let player = self.player_mut(Guest);
        player.heard = heard;
        player.ear = Some(ear);
        let found: Value = self.person(Administrator).get("/admin/accounts?kind=guest").await.expect(200);
        let id = found["accounts"][0]["id"].as_i64().unwrap();
        self.player_mut(Guest).id = Some(AccountId(id));
    }

    async fn stays_outside(&mut self, actor: Actor, token: Option<String>) {
        let mut client = self.client(actor);
        if let Some(token) = &token {
            client = client.with("authorization", &format!("Bearer {token}"));
        }
        let player = Player { client, token, id: None, ear: None, heard: Record::default() };
        self.players.insert(actor, player);
    }

    /// Another session of somebody's.
    pub async fn signs_in_again(&self, actor: Actor, kind: &str) -> SignedIn {
        let body = json!({ "login": format!("{}x", actor.name()), "password": actor.password(), "token_kind": kind });
        self.client(actor).post("/api/v1/sessions", body).await.expect(201)
    }

    /// An administrator shuts the account out that is there for it, or lets it back; whoever is let back has a new session.
    pub async fn disables(&mut self, is_out: bool) {
        let path = format!("/accounts/{}", self.person(Disabled).id());
        let body = json!({ "deactivated": is_out });
        self.person(Administrator).patch(&path, body).await.expect_status(200);
        if !is_out {
            let signed_in = self.signs_in_again(Disabled, "opaque").await;
            let client = self.client(Disabled).with("authorization", &format!("Bearer {}", signed_in.token));
            let person =
                Person { client: client.clone(), me: signed_in.account, token: signed_in.token.clone() };
            self.people.insert(Disabled, person);
            let player = self.player_mut(Disabled);
            player.client = client;
            player.token = Some(signed_in.token);
            return;
        }
        let player = self.player_mut(Disabled);
        // What came while it was a member was its to hear: from the end of its socket on, nothing is.
        if let Some(mut ear) = player.ear.take() {
            ear.hears(0, |_| false).await;
        }
        player.heard = Record::default();
    }

    /// Somebody new who does what would cost an actor their session.
    pub async fn newcomer(&self, actor: Actor) -> Player {
        let name = format!("newcomer{}", self.number());
        let client = self.client(actor);
        let body = json!({ "username": name, "password": PASSWORD });
        let signed_in: SignedIn = client.post("/api/v1/accounts", body).await.expect(201);
        let id = signed_in.account.account.id;
        if actor == Administrator {
            let body = json!({ "role": "administrator" });
            self.person(Administrator).patch(&format!("/accounts/{id}"), body).await.expect_status(200);
        }
        let client = client.with("authorization", &format!("Bearer {}", signed_in.token));
        let heard = self.player(actor).heard.clone();
        Player { client, token: Some(signed_in.token), id: Some(id), ear: None, heard }
    }

    /// Everybody's record, for whoever looks through it.
    pub fn records(&self) -> impl Iterator<Item = (Actor, Vec<Heard>)> {
        ACTORS.into_iter().map(|actor| (actor, self.players[&actor].heard.lock().unwrap().clone()))
    }
}
