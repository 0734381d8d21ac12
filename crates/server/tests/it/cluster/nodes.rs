//! Nodes in this process that share a database and a bus, and people who go from one to another.

use super::redis_server::RedisServer;
use crate::{
    client::Client,
    world::{EASY, PASSWORD, Person},
};
use protocol::api::SignedIn;
use serde_json::json;
use server::{app::Running, config::Settings};
use std::net::SocketAddr;
use store::{Database, testing::TestDatabase};

/// So seldom that no story waits for it: what is heard was hinted at.
pub const NO_CHECKS: (&str, &str) = ("position_check_ms", "600000");

pub struct Nodes {
    database: Option<TestDatabase>,
    settings: Vec<(String, String)>,
    running: Vec<Option<Running>>,
}

impl Nodes {
    /// Two nodes on a database of their own and this Redis.
    pub async fn two(redis: &RedisServer, settings: &[(&str, &str)]) -> Self {
        let database = tokio::task::spawn_blocking(TestDatabase::postgres).await.unwrap();
        let Database::Postgres { url } = database.database() else { panic!("not PostgreSQL") };
        let mut nodes = Self::on(&url, &redis.url(), settings, 2).await;
        nodes.database = Some(database);
        nodes
    }

    /// So many nodes on these addresses.
    pub async fn on(database: &str, bus: &str, settings: &[(&str, &str)], count: usize) -> Self {
        let nodes = Self::alone(database, bus, settings, count).await;
        nodes.meet().await;
        nodes
    }

    /// So many nodes, whether they hear the bus or not.
    pub async fn alone(database: &str, bus: &str, settings: &[(&str, &str)], count: usize) -> Self {
        let mut all = EASY.to_vec();
        all.extend([("database", database), ("bus", bus)]);
        all.extend(settings);
        let settings = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut nodes = Self { database: None, settings, running: Vec::new() };
        for number in 0..count {
            nodes.running.push(None);
            nodes.begin(number).await;
        }
        nodes
    }

    /// One node more, with other settings than the rest.
    pub async fn add_with(&mut self, settings: &[(&str, &str)]) {
        self.running.push(None);
        self.begin_with(self.running.len() - 1, settings).await;
        self.meet().await;
    }

    /// Removes the database in the end.
    pub fn keep(&mut self, database: TestDatabase) {
        self.database = Some(database);
    }

    /// The address of the database.
    pub fn database(&self) -> String {
        self.settings.iter().find(|(name, _)| name == "database").unwrap().1.clone()
    }

    /// Starts a node.
    pub async fn begin(&mut self, number: usize) {
        self.begin_with(number, &[]).await;
    }

    /// Starts a node with other settings than the rest.
    pub async fn begin_with(&mut self, number: usize, settings: &[(&str, &str)]) {
        let mut all: Vec<(&str, &str)> =
            self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(settings);
        let settings = Settings::with(&all).unwrap();
        self.running[number] = Some(server::app::start(settings).await.unwrap());
    }

    /// Stops a node in an orderly way.
    pub async fn stop(&mut self, number: usize) {
        self.running[number].take().unwrap().stop().await;
    }

    /// Waits until every node hears the bus.
    pub async fn meet(&self) {
        crate::world::eventually("the bus carries", async || self.all(|node| node.chat().hub().is_bus_up()))
            .await;
    }

    /// Waits until every node has noticed that the bus is away.
    pub async fn part(&self) {
        crate::world::eventually("the bus is away", async || self.all(|node| !node.chat().hub().is_bus_up()))
            .await;
    }

    fn all(&self, is_so: impl Fn(&Running) -> bool) -> bool {
        self.running.iter().flatten().all(is_so)
    }

    pub fn address(&self, number: usize) -> SocketAddr {
        self.running[number].as_ref().unwrap().address()
    }

    /// Somebody new, at this node.
    pub async fn sign_up(&self, number: usize, username: &str) -> Person {
        let client = Client::new(self.address(number));
        let body = json!({ "username": username, "password": PASSWORD });
        let signed_in: SignedIn = client.post("/api/v1/accounts", body).await.expect(201);
        self.person(number, signed_in)
    }

    /// The same person on another device, at this node.
    pub async fn sign_in(&self, number: usize, username: &str) -> Person {
        let client = Client::new(self.address(number));
        let body = json!({ "login": username, "password": PASSWORD });
        let signed_in: SignedIn = client.post("/api/v1/sessions", body).await.expect(201);
        self.person(number, signed_in)
    }

    /// The first administrator, made with the link that the first node gives.
    pub async fn administrator(&self, username: &str) -> Person {
        let code = self.running[0].as_ref().unwrap().setup_code().await.unwrap().unwrap();
        let body = json!({ "code": code, "username": username, "password": PASSWORD });
        let reply = Client::new(self.address(0)).post("/api/v1/setup", body).await;
        self.person(0, reply.expect(201))
    }

    fn person(&self, number: usize, signed_in: SignedIn) -> Person {
        let SignedIn { account, token, .. } = signed_in;
        let client = Client::new(self.address(number)).with("authorization", &format!("Bearer {token}"));
        Person { client, me: account, token }
    }

    /// The same person with the same session, at another node.
    pub fn at(&self, number: usize, person: &Person) -> Person {
        let mut there = person.clone();
        there.client.address = self.address(number);
        there
    }

    pub async fn end(mut self) {
        for running in self.running.drain(..).flatten() {
            running.stop().await;
        }
        // Removing a PostgreSQL database blocks.
        tokio::task::spawn_blocking(move || drop(self.database.take())).await.unwrap();
    }
}
