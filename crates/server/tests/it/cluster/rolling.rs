//! A new version is put in place node by node while people write: nothing that was acknowledged is lost, nothing is there
//! twice, and whoever listens has everything in the end.

use super::{nodes::Nodes, redis_server::RedisServer};
use crate::{
    client::Client,
    socket_client::Connection,
    world::{Person, eventually},
};
use protocol::{Message, Page, ids::GENERAL};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// People who write meanwhile.
const WRITERS: usize = 4;
/// So many messages are stored between two steps.
const PER_STEP: usize = 40;

/// Where nodes listen at the moment.
type Addresses = Arc<Mutex<Vec<Option<SocketAddr>>>>;

fn somewhere(addresses: &Addresses, turn: usize) -> Option<SocketAddr> {
    let addresses = addresses.lock().unwrap();
    let open: Vec<SocketAddr> = addresses.iter().flatten().copied().collect();
    (!open.is_empty()).then(|| open[turn % open.len()])
}

/// Writes numbered messages, each until it is stored, at whichever node takes it. Gives what was acknowledged.
async fn writes(
    person: Person,
    number: usize,
    addresses: Addresses,
    stored: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
) -> Vec<(String, i64)> {
    let mut acknowledged = Vec::new();
    let mut turn = number;
    while !is_over.load(Ordering::Relaxed) {
        let cid = format!("writer{number}-{}", acknowledged.len());
        let body = json!({ "cid": cid, "body": cid }).to_string();
        let path = format!("/api/v1/conversations/{GENERAL}/messages");
        let sent = loop {
            turn += 1;
            let Some(address) = somewhere(&addresses, turn) else { continue };
            let client = Client { address, ..person.client.clone() }.with("content-type", "application/json");
            match client.try_send(axum::http::Method::POST, &path, Some(body.clone())).await {
                Ok(reply) if reply.status.is_success() => {
                    break serde_json::from_slice::<Message>(&reply.body).unwrap();
                }
                Ok(reply) => assert_eq!(reply.status.as_u16(), 503, "{}", reply.text()),
                // The node is gone: the same at another one.
                Err(_) => tokio::task::yield_now().await,
            }
        };
        acknowledged.push((cid, sent.seq));
        stored.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

/// Listens as a client does: applies what comes next, fetches what is missing, comes back with a cursor. Gives the messages
/// by number.
async fn listens(person: Person, addresses: Addresses, last: Arc<AtomicUsize>) -> BTreeMap<i64, String> {
    let mut copy = BTreeMap::new();
    let mut cursor: Option<i64> = None;
    let mut turn = 0;
    loop {
        turn += 1;
        let Some(address) = somewhere(&addresses, turn) else { continue };
        let Some(mut socket) = Connection::try_open(address, &person.token).await else { continue };
        let client = Client { address, ..person.client.clone() };
        cursor = Some(cursor.unwrap_or(0));
        if fetch(&client, &mut copy, &mut cursor).await.is_err() {
            continue;
        }
        loop {
            let last = last.load(Ordering::Relaxed);
            if last > 0 && copy.len() >= last {
                return copy;
            }
            let Ok(frame) = socket.next().await else { break };
            let rev = frame["rev"].as_i64();
            if frame["op"] == "event" && rev == cursor.map(|cursor| cursor + 1) {
                apply(&mut copy, &frame["message"]);
                cursor = rev;
                continue;
            }
            let is_behind = frame["op"] == "lag" || (frame["op"] == "event" && rev > cursor);
            if is_behind && fetch(&client, &mut copy, &mut cursor).await.is_err() {
                break;
            }
        }
    }
}

async fn fetch(
    client: &Client,
    copy: &mut BTreeMap<i64, String>,
    cursor: &mut Option<i64>,
) -> Result<(), ()> {
    loop {
        let path = format!("/api/v1/conversations/{GENERAL}/changes?since={}", cursor.unwrap_or(0));
        let reply = client.try_send(axum::http::Method::GET, &path, None).await.map_err(drop)?;
        if !reply.status.is_success() {
            return Err(());
        }
        let changes: Value = serde_json::from_slice(&reply.body).unwrap();
        changes["messages"].as_array().unwrap().iter().for_each(|message| apply(copy, message));
        *cursor = changes["head"].as_i64();
        if changes["has_more"] == false {
            return Ok(());
        }
    }
}

fn apply(copy: &mut BTreeMap<i64, String>, message: &Value) {
    let Some(seq) = message["seq"].as_i64() else { return };
    let before = copy.insert(seq, message["body"].as_str().unwrap().to_owned());
    assert_eq!(before, None, "{message} was applied twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_node_by_node_under_load_loses_nothing() {
    let redis = RedisServer::start();
    let mut nodes = Nodes::two(&redis, &[]).await;
    let addresses: Addresses = Arc::new(Mutex::new(vec![Some(nodes.address(0)), Some(nodes.address(1))]));
    let (stored, last) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let person = nodes.sign_up(number % 2, &format!("writer{number}")).await;
        let (addresses, stored, is_over) = (addresses.clone(), stored.clone(), is_over.clone());
        writers.push(tokio::spawn(writes(person, number, addresses, stored, is_over)));
    }
    let reader = nodes.sign_up(0, "reader").await;
    let listener = tokio::spawn(listens(reader.clone(), addresses.clone(), last.clone()));
    for number in [0, 1, 0] {
        let before = stored.load(Ordering::Relaxed);
        eventually("people write", async || stored.load(Ordering::Relaxed) >= before + PER_STEP).await;
        addresses.lock().unwrap()[number] = None;
        nodes.stop(number).await;
        let before = stored.load(Ordering::Relaxed);
        eventually("people write", async || stored.load(Ordering::Relaxed) >= before + PER_STEP).await;
        nodes.begin(number).await;
        addresses.lock().unwrap()[number] = Some(nodes.address(number));
    }
    is_over.store(true, Ordering::Relaxed);
    let mut acknowledged = BTreeMap::new();
    for writer in writers {
        for (cid, seq) in writer.await.unwrap() {
            assert_eq!(acknowledged.insert(seq, cid), None, "two messages with the number {seq}");
        }
    }
    let reader = nodes.at(1, &reader);
    let all = everything(&reader).await;
    assert_eq!(all, acknowledged, "what is stored is what was acknowledged");
    last.store(all.len(), Ordering::Relaxed);
    // One word more wakes a listener that has everything.
    reader.says(GENERAL, "the end").await;
    let mut copy = listener.await.unwrap();
    copy.retain(|_, text| text != "the end");
    assert_eq!(copy, all, "who listened has everything");
    nodes.end().await;
}

async fn everything(person: &Person) -> BTreeMap<i64, String> {
    let mut all = BTreeMap::new();
    loop {
        let after = all.last_key_value().map_or(0, |(seq, _)| *seq);
        let page: Page = person
            .get(&format!("/conversations/{GENERAL}/messages?after={after}&limit=200"))
            .await
            .expect(200);
        all.extend(page.messages.into_iter().map(|message| (message.seq, message.body.unwrap())));
        if !page.has_more {
            return all;
        }
    }
}
