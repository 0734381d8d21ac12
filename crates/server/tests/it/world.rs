//! A world to tell stories in: a server in this process on a free port, with an empty database, and people who speak.

use crate::{
    client::{Client, DEADLINE, Reply},
    socket_client::Connection,
};
use chat::{Clock, Hand};
use protocol::{
    AccountId, ConversationId, Me, Page,
    api::{CreatedConversation, Joined, SentMessage, SignedIn},
};
use serde_json::json;
use server::{app::Running, config::Settings};
use std::{
    future::Future,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Database, testing::TestDatabase};

/// Everyone's password.
pub const PASSWORD: &str = "correct horse battery";

/// Limits that a story does not run into by accident, and hashing that costs nothing.
pub const EASY: &[(&str, &str)] = &[
    ("listen", "127.0.0.1:0"),
    ("requests_per_address", "1000000/s+1000000"),
    ("sign_ins_per_account", "1000000/s+1000000"),
    ("sign_ins_per_address", "1000000/s+1000000"),
    ("sign_ups_per_address", "1000000/s+1000000"),
    ("lookups_per_account", "1000000/s+1000000"),
    ("sends_per_account", "1000000/s+1000000"),
    ("rooms_per_account", "1000000/s+1000000"),
    ("invite_codes_per_address", "1000000/s+1000000"),
    ("frames_per_connection", "1000000/s+1000000"),
    ("connections_per_address_max", "10000"),
    ("connections_per_account_max", "100"),
    ("password_memory_kib", "64"),
    ("password_passes", "1"),
    ("reconnect_window_ms", "100"),
];

/// Tells each story twice: with SQLite and with PostgreSQL. A story is a function of a [`World`].
#[macro_export]
macro_rules! stories {
    ($($(#[$note:meta])* async fn $name:ident($world:ident) $body:block)+) => {
        $(async fn $name($world: &mut $crate::world::World) $body)+

        mod sqlite {
            $($(#[$note])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let mut world = $crate::world::World::sqlite(&[]).await;
                super::$name(&mut world).await;
                world.end().await;
            })+
        }

        mod postgres {
            $($(#[$note])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let mut world = $crate::world::World::postgres(&[]).await;
                super::$name(&mut world).await;
                world.end().await;
            })+
        }
    };
}

/// A server and its database.
pub struct World {
    database: TestDatabase,
    settings: Settings,
    clock: Clock,
    server: Option<Running>,
}

impl World {
    /// With SQLite in a temporary folder, and these settings besides the easy ones.
    pub async fn sqlite(settings: &[(&str, &str)]) -> Self {
        Self::on(TestDatabase::sqlite(), settings).await
    }

    /// With a PostgreSQL database of its own.
    pub async fn postgres(settings: &[(&str, &str)]) -> Self {
        let database = tokio::task::spawn_blocking(TestDatabase::postgres).await.unwrap();
        Self::on(database, settings).await
    }

    /// On a database that may hold something already.
    pub async fn on(database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        let place = match database.database() {
            Database::Sqlite { dir } => ("data", dir.display().to_string()),
            Database::Postgres { url } => ("database", url),
        };
        let mut all = EASY.to_vec();
        all.push((place.0, &place.1));
        all.extend(settings);
        let settings = Settings::with(&all).unwrap();
        let mut world = Self { database, settings, clock: Clock::System, server: None };
        world.begin().await;
        world
    }

    /// Starts the server again after `stop`; or the first time.
    pub async fn begin(&mut self) {
        self.server = Some(server::app::start_with(self.settings.clone(), self.clock.clone()).await.unwrap());
    }

    /// Starts the server again with a clock that stands at this moment until the story turns its hand.
    pub async fn begin_by_hand(&mut self) -> Arc<Hand> {
        let hand = Arc::new(Hand::at(Clock::System.now()));
        self.stop().await;
        self.clock = Clock::Manual(Arc::clone(&hand));
        self.begin().await;
        hand
    }

    /// Stops the server in an orderly way; the database stays.
    pub async fn stop(&mut self) {
        self.server.take().unwrap().stop().await;
    }

    /// The data folder, where the database is SQLite.
    pub fn data(&self) -> Option<PathBuf> {
        self.database.dir()
    }

    /// The end of the story.
    pub async fn end(mut self) {
        self.stop().await;
        // Removing a PostgreSQL database blocks.
        tokio::task::spawn_blocking(move || drop(self.database)).await.unwrap();
    }

    pub fn server(&self) -> &Running {
        self.server.as_ref().unwrap()
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(self.server().address())
    }

    /// Somebody new.
    pub async fn sign_up(&self, username: &str) -> Person {
        let body = json!({ "username": username, "password": PASSWORD });
        Person::new(self, self.stranger().post("/api/v1/accounts", body).await.expect(201))
    }

    /// Somebody on another device.
    pub async fn sign_in(&self, username: &str) -> Person {
        let body = json!({ "login": username, "password": PASSWORD });
        Person::new(self, self.stranger().post("/api/v1/sessions", body).await.expect(201))
    }

    /// The first administrator, made with the printed link.
    pub async fn administrator(&self, username: &str) -> Person {
        let code = self.server().setup_code().await.unwrap().unwrap();
        let body = json!({ "code": code, "username": username, "password": PASSWORD });
        Person::new(self, self.stranger().post("/api/v1/setup", body).await.expect(201))
    }
}

/// Somebody who is signed in on one device.
#[derive(Clone, Debug)]
pub struct Person {
    pub client: Client,
    pub me: Me,
    pub token: String,
}

impl Person {
    fn new(world: &World, signed_in: SignedIn) -> Self {
        let client = world.stranger().with("authorization", &format!("Bearer {}", signed_in.token));
        Self { client, me: signed_in.account, token: signed_in.token }
    }

    pub fn id(&self) -> AccountId {
        self.me.account.id
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.client.get(&format!("/api/v1{path}")).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.client.delete(&format!("/api/v1{path}")).await
    }

    pub async fn post(&self, path: &str, body: impl serde::Serialize) -> Reply {
        self.client.post(&format!("/api/v1{path}"), body).await
    }

    pub async fn put(&self, path: &str, body: impl serde::Serialize) -> Reply {
        self.client.put(&format!("/api/v1{path}"), body).await
    }

    pub async fn patch(&self, path: &str, body: impl serde::Serialize) -> Reply {
        self.client.patch(&format!("/api/v1{path}"), body).await
    }

    /// Says something that must be stored.
    pub async fn says(&self, conversation: ConversationId, text: &str) -> SentMessage {
        let body = json!({ "cid": new_cid(), "body": text });
        self.post(&format!("/conversations/{conversation}/messages"), body).await.expect(201)
    }

    /// The newest page of a conversation.
    pub async fn reads(&self, conversation: ConversationId) -> Page {
        self.get(&format!("/conversations/{conversation}/messages")).await.expect(200)
    }

    /// The texts of that page, the oldest first.
    pub async fn texts(&self, conversation: ConversationId) -> Vec<String> {
        let page = self.reads(conversation).await;
        page.messages.into_iter().map(|message| message.body.unwrap_or_default()).collect()
    }

    /// Makes a room.
    pub async fn makes_room(&self, name: &str) -> CreatedConversation {
        self.post("/conversations", json!({ "kind": "room", "name": name })).await.expect(201)
    }

    /// Starts a direct chat.
    pub async fn talks_to(&self, other: &Person) -> ConversationId {
        let reply = self.post("/conversations", json!({ "kind": "direct", "account_id": other.id() })).await;
        assert!(reply.status.is_success(), "{}", reply.text());
        let created: CreatedConversation = serde_json::from_slice(&reply.body).unwrap();
        created.conversation.details.id
    }

    /// Makes an invite by which everyone who has it gets in at once.
    pub async fn opens_door(&self, room: ConversationId) -> String {
        let reply =
            self.post(&format!("/conversations/{room}/invites"), json!({ "needs_approval": false })).await;
        reply.expect::<protocol::Invite>(201).code.unwrap()
    }

    /// Follows an invite.
    pub async fn follows(&self, code: &str) -> Joined {
        self.post(&format!("/invites/{code}/join"), json!({})).await.expect(200)
    }

    /// A room of this person in which the others are too.
    pub async fn gathers(&self, name: &str, others: &[&Person]) -> ConversationId {
        let room = self.makes_room(name).await.conversation.details.id;
        let code = self.opens_door(room).await;
        for other in others {
            other.follows(&code).await;
        }
        room
    }

    /// Opens a socket and says hello.
    pub async fn connects(&self) -> Connection {
        Connection::open(self.client.address, &self.token).await
    }
}

/// A message id that nobody used.
pub fn new_cid() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("cid-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Asks again and again until it is so; fails when it is not so in the end.
pub async fn eventually<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let asking = async {
        while !is_so().await {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(DEADLINE, asking).await.is_ok(), "never happened: {what}");
}
