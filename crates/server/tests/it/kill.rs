//! Kill -9 at any moment: what was acknowledged is there, once, in order, and nothing else.

use crate::{client::Client, program::Program, socket_client::Connection, world::PASSWORD};
use protocol::{Message, Page, ids::GENERAL};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Database, testing::TestDatabase};

/// Sends of one socket that wait for their acknowledgement.
const UNDER_WAY_MAX: usize = 8;
/// The program is killed after 1 to so many acknowledgements of a round.
const ACKS_MAX: u64 = 300;

/// Limits that the senders do not run into.
const SETTINGS: &str = "listen = \"127.0.0.1:0\"\nrequests_per_address = \"1000000/s+1000000\"\n\
    sends_per_account = \"1000000/s+1000000\"\nframes_per_connection = \"1000000/s+1000000\"\nlog = \"warn\"\n";

/// Somebody who sends numbered messages, and remembers what was acknowledged.
struct Sender {
    name: String,
    token: String,
    by_socket: bool,
    next: u64,
    /// Sent and not acknowledged; the oldest first.
    waiting: VecDeque<String>,
    /// Acknowledged, with the number that was given.
    acknowledged: HashMap<String, i64>,
}

impl Sender {
    async fn new(address: SocketAddr, number: u64) -> Self {
        let name = format!("sender{number}");
        let body = json!({ "username": name, "password": PASSWORD });
        let signed_in: Value = Client::new(address).post("/api/v1/accounts", body).await.expect(201);
        let token = signed_in["token"].as_str().unwrap().to_owned();
        let by_socket = number.is_multiple_of(2);
        Self { name, token, by_socket, next: 1, waiting: VecDeque::new(), acknowledged: HashMap::new() }
    }

    fn new_cid(&mut self) -> String {
        let cid = format!("{}-{}", self.name, self.next);
        self.next += 1;
        self.waiting.push_back(cid.clone());
        cid
    }

    /// Sends until the server is gone; first again what was not acknowledged before.
    async fn send_until_the_end(mut self, address: SocketAddr, acks: Arc<AtomicU64>) -> Self {
        if self.by_socket {
            self.by_socket(address, &acks).await
        } else {
            self.by_http(address, &acks).await
        }
        self
    }

    async fn by_http(&mut self, address: SocketAddr, acks: &AtomicU64) {
        let client = Client::new(address)
            .with("authorization", &format!("Bearer {}", self.token))
            .with("content-type", "application/json");
        let path = format!("/api/v1/conversations/{GENERAL}/messages");
        loop {
            let cid = self.waiting.front().cloned().unwrap_or_else(|| self.new_cid());
            let body = json!({ "cid": cid, "body": cid }).to_string();
            let Ok(reply) = client.try_send(axum::http::Method::POST, &path, Some(body)).await else {
                return;
            };
            assert!(reply.status.is_success(), "{}", reply.text());
            let sent: Message = serde_json::from_slice(&reply.body).unwrap();
            self.waiting.pop_front();
            self.acknowledge(cid, sent.seq, acks);
        }
    }

    async fn by_socket(&mut self, address: SocketAddr, acks: &AtomicU64) {
        let Some(mut socket) = Connection::try_open(address, &self.token).await else { return };
        let again: Vec<_> = self.waiting.iter().cloned().collect();
        for cid in again {
            if socket.tries_to_say(send(&cid)).await.is_err() {
                return;
            }
        }
        loop {
            while self.waiting.len() < UNDER_WAY_MAX {
                let cid = self.new_cid();
                if socket.tries_to_say(send(&cid)).await.is_err() {
                    return;
                }
            }
            let Ok(frame) = socket.next().await else { return };
            assert_ne!(frame["op"], "nack", "{frame}");
            if frame["op"] == "ack" {
                let cid = self.waiting.pop_front().unwrap();
                assert_eq!(frame["cid"], cid, "acknowledged in the order in which they were sent");
                self.acknowledge(cid, frame["seq"].as_i64().unwrap(), acks);
            }
        }
    }

    fn acknowledge(&mut self, cid: String, seq: i64, acks: &AtomicU64) {
        assert_eq!(self.acknowledged.insert(cid, seq), None);
        acks.fetch_add(1, Ordering::Relaxed);
    }
}

fn send(cid: &str) -> Value {
    json!({ "op": "send", "cid": cid, "conversation": GENERAL, "body": cid })
}

/// Kills the program again and again under load and compares what is stored with what was acknowledged.
async fn kill_and_compare(folder: &Path, database: &str, rounds: u32) {
    let settings = format!("{SETTINGS}database = {database:?}\n");
    std::fs::write(folder.join("parlor.toml"), settings).unwrap();
    let program = Program::start(folder, &[]).await;
    let mut senders = Vec::new();
    for number in 0..6 {
        senders.push(Sender::new(program.address, number).await);
    }
    let mut running = Some(program);
    for _ in 0..rounds {
        let program = match running.take() {
            Some(program) => program,
            None => Program::start(folder, &[]).await,
        };
        let acks = Arc::new(AtomicU64::new(0));
        let address = program.address;
        let under_load: Vec<_> = senders
            .drain(..)
            .map(|sender| tokio::spawn(sender.send_until_the_end(address, acks.clone())))
            .collect();
        let enough = 1 + u64::from(getrandom::u32().unwrap()) % ACKS_MAX;
        crate::world::eventually("enough is acknowledged", async || acks.load(Ordering::Relaxed) >= enough)
            .await;
        program.kill().await;
        for sender in under_load {
            senders.push(sender.await.unwrap());
        }
    }
    let program = Program::start(folder, &[]).await;
    let stored = everything(program.address, &senders[0].token).await;
    compare(&stored, &senders);
    program.stop().await;
}

async fn everything(address: SocketAddr, token: &str) -> Vec<Message> {
    let client = Client::new(address).with("authorization", &format!("Bearer {token}"));
    let mut all: Vec<Message> = Vec::new();
    loop {
        let after = all.last().map_or(0, |message| message.seq);
        let path = format!("/api/v1/conversations/{GENERAL}/messages?after={after}&limit=200");
        let page: Page = client.get(&path).await.expect(200);
        all.extend(page.messages);
        if !page.has_more {
            return all;
        }
    }
}

fn compare(stored: &[Message], senders: &[Sender]) {
    let seqs: Vec<_> = stored.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=i64::try_from(stored.len()).unwrap()).collect::<Vec<_>>(), "numbered without gaps");
    let mut by_cid = HashMap::new();
    for message in stored {
        assert_eq!(message.body.as_ref(), Some(&message.cid));
        assert_eq!(by_cid.insert(message.cid.as_str(), message.seq), None, "{} is stored twice", message.cid);
    }
    let mut expected = 0;
    for sender in senders {
        for (cid, seq) in &sender.acknowledged {
            assert_eq!(by_cid.get(cid.as_str()), Some(seq), "{cid} was acknowledged");
        }
        expected += sender.acknowledged.len();
        let own = stored.iter().filter(|message| message.author.username == sender.name);
        let order: Vec<_> = own.map(|message| message.cid.clone()).collect();
        let sent: Vec<_> = (1..=order.len()).map(|number| format!("{}-{number}", sender.name)).collect();
        assert_eq!(order, sent, "stored in the order in which they were sent");
    }
    let unknown: usize = senders.iter().map(|sender| sender.waiting.len()).sum();
    assert!(stored.len() >= expected && stored.len() <= expected + unknown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_when_it_is_killed_with_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    kill_and_compare(folder.path(), "sqlite", rounds(20)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_when_it_is_killed_with_postgres() {
    let database = tokio::task::spawn_blocking(TestDatabase::postgres).await.unwrap();
    let Database::Postgres { url } = database.database() else { panic!("not PostgreSQL") };
    let folder = tempfile::tempdir().unwrap();
    kill_and_compare(folder.path(), &url, rounds(10)).await;
    tokio::task::spawn_blocking(move || drop(database)).await.unwrap();
}

/// How often it is killed: more before a release.
fn rounds(usual: u32) -> u32 {
    std::env::var("PARLOR_TEST_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}
