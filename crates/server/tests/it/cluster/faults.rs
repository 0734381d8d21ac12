//! What goes wrong between nodes, Redis and PostgreSQL: killed, standing still, cut off. Nothing is lost, nobody waits long,
//! and nobody hears what they may not.

use super::{
    cut::{End, Wire},
    nodes::{NO_CHECKS, Nodes},
    postgres_server::PostgresServer,
    redis_server::RedisServer,
};
use crate::{
    client::DEADLINE,
    program::Program,
    socket_client::Connection,
    world::{Person, eventually, new_cid},
};
use protocol::{ConversationId, ids::GENERAL};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How late a word may be whose hint is lost.
const LATE_MAX: Duration = Duration::from_secs(5);
/// How long somebody may wait for an answer of a node that has lost its database.
const REFUSED_WITHIN: Duration = Duration::from_secs(4);

/// The text of the next message.
async fn hears_text(socket: &mut Connection) -> Value {
    socket.hears_event("message.created").await["message"]["body"].clone()
}

/// Says something at one node that must be heard at another before it is too late.
async fn is_heard(person: &Person, conversation: ConversationId, text: &str, socket: &mut Connection) {
    let said = Instant::now();
    person.says(conversation, text).await;
    assert!(said.elapsed() < LATE_MAX, "nobody waits for a hint");
    assert_eq!(hears_text(socket).await, text);
    assert!(said.elapsed() < LATE_MAX, "{text} came after {:?}", said.elapsed());
}

/// Sends by a socket; gives the ack or nack.
async fn sends(socket: &mut Connection, cid: &str) -> Value {
    socket.says(json!({ "op": "send", "cid": cid, "conversation": GENERAL, "body": cid })).await;
    loop {
        let frame = socket.next().await.unwrap_or_else(|code| panic!("closed with {code:?}"));
        if (frame["op"] == "ack" || frame["op"] == "nack") && frame["cid"] == cid {
            return frame;
        }
    }
}

/// Sends again and again until it is stored.
async fn sends_until_stored(socket: &mut Connection, cid: &str) {
    let begun = Instant::now();
    loop {
        let answer = sends(socket, cid).await;
        if answer["op"] == "ack" {
            return;
        }
        assert_eq!(answer["final"], false, "{answer}");
        assert!(begun.elapsed() < DEADLINE, "never stored");
    }
}

/// A send is refused quickly, so that it can be tried again, and the socket stays.
async fn is_refused_and_stays(socket: &mut Connection) -> String {
    let cid = new_cid();
    let sent = Instant::now();
    let answer = sends(socket, &cid).await;
    assert_eq!((answer["op"].as_str(), &answer["final"]), (Some("nack"), &json!(false)), "{answer}");
    assert!(sent.elapsed() < REFUSED_WITHIN, "refused after {:?}", sent.elapsed());
    socket.says(json!({ "op": "ping" })).await;
    socket.hears("pong").await;
    cid
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_dead_everything_arrives_by_asking_and_afterwards_by_hints_again() {
    let mut redis = RedisServer::start();
    let nodes = Nodes::two(&redis, &[NO_CHECKS]).await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let (room, other) = (ann.gathers("Den", &[&bob]).await, ann.gathers("Attic", &[&bob]).await);
    let mut bobs = bob.connects().await;
    redis.kill();
    nodes.part().await;
    is_heard(&ann, room, "without a bus", &mut bobs).await;
    let sent = ann.says(room, "said wrong").await.message;
    ann.patch(&format!("/messages/{}", sent.id), json!({ "body": "said right" })).await.expect_status(200);
    // Both changes of the message are one by now: who listens is told to look, or hears it as it came.
    let mut cursor = sent.rev - 1;
    while cursor < sent.rev + 1 {
        let frame = bobs.hears_anything_but(&["presence", "receipt", "account"]).await;
        cursor = if frame["op"] == "lag" {
            frame["head"].as_i64().unwrap()
        } else {
            frame["rev"].as_i64().unwrap()
        };
    }

    // Somebody who is removed hears nothing more, bus or no bus.
    ann.delete(&format!("/conversations/{other}/members/{}", bob.id())).await.expect_status(204);
    ann.says(other, "he must not hear this").await;
    // Not even where it is said at his own node, which has not heard that he was removed.
    nodes.at(1, &ann).says(other, "he must not hear this").await;
    let gone = Instant::now();
    while let Ok(frame) = bobs.next().await {
        assert_ne!(frame["message"]["body"], "he must not hear this");
    }
    assert!(gone.elapsed() < LATE_MAX * 2, "sent to connect again after {:?}", gone.elapsed());
    // A session that ends on one node ends everywhere.
    let mut bobs = bob.connects().await;
    let phone = nodes.sign_in(0, "bob").await;
    let mut of_phone = nodes.at(1, &phone).connects().await;
    let ended = Instant::now();
    phone.delete("/sessions/current").await.expect_status(204);
    assert_eq!(of_phone.ends().await, Some(4001));
    assert!(ended.elapsed() < LATE_MAX, "ended after {:?}", ended.elapsed());

    redis.begin();
    nodes.meet().await;
    for number in 0..3 {
        // Nothing is asked for any more: this is heard by hints.
        is_heard(&ann, room, &format!("with a bus {number}"), &mut bobs).await;
    }
    nodes.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_stands_still_nobody_waits_for_it() {
    let redis = RedisServer::start();
    let nodes = Nodes::two(&redis, &[]).await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let (mut anns, mut bobs) = (ann.connects().await, bob.connects().await);
    redis.freeze();
    let begun = Instant::now();
    let cids: Vec<String> = (0..50).map(|_| new_cid()).collect();
    for cid in &cids {
        assert_eq!(sends(&mut anns, cid).await["op"], "ack");
    }
    assert!(begun.elapsed() < LATE_MAX, "fifty sends took {:?}", begun.elapsed());
    for cid in &cids {
        assert_eq!(hears_text(&mut bobs).await, *cid);
    }
    nodes.part().await;
    is_heard(&ann, GENERAL, "still", &mut bobs).await;
    redis.thaw();
    nodes.meet().await;
    is_heard(&ann, GENERAL, "moving", &mut bobs).await;
    nodes.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_cut_off_from_redis_alone_goes_on_and_heals() {
    let redis = RedisServer::start();
    let mut nodes = Nodes::two(&redis, &[NO_CHECKS]).await;
    let wire = Wire::to(End::Tcp(redis.address)).await;
    nodes.stop(1).await;
    nodes.begin_with(1, &[("bus", &format!("redis://{}", wire.address))]).await;
    nodes.meet().await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let (mut anns, mut bobs) = (ann.connects().await, bob.connects().await);
    is_heard(&ann, GENERAL, "whole", &mut bobs).await;
    assert_eq!(hears_text(&mut anns).await, "whole");
    for stuck in [false, true] {
        if stuck {
            wire.stick()
        } else {
            wire.cut()
        }
        // This node notices; the other one hears nothing of it and has what it misses only when the cut one is back.
        let begun = Instant::now();
        ann.says(GENERAL, "to the one cut off").await;
        assert_eq!(hears_text(&mut bobs).await, "to the one cut off");
        assert!(begun.elapsed() < LATE_MAX * 2, "heard after {:?}", begun.elapsed());
        bob.says(GENERAL, "from the one cut off").await;
        wire.mend();
        nodes.meet().await;
        for text in ["to the one cut off", "from the one cut off"] {
            assert_eq!(hears_text(&mut anns).await, text);
        }
        assert_eq!(hears_text(&mut bobs).await, "from the one cut off");
        is_heard(&bob, GENERAL, "mended", &mut anns).await;
        assert_eq!(hears_text(&mut bobs).await, "mended");
    }
    nodes.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_a_node_refuses_quickly_keeps_its_sockets_and_goes_on_when_it_is_back() {
    let redis = RedisServer::start();
    let mut postgres = tokio::task::spawn_blocking(PostgresServer::start).await.unwrap();
    let wire = Wire::to(End::Unix(postgres.socket())).await;
    let url = format!("postgres://parlor@{}/postgres", wire.address);
    let mut nodes = Nodes::on(&postgres.url, &redis.url(), &[], 1).await;
    // The second node reaches the database by a wire.
    nodes.add_with(&[("database", &url)]).await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let (mut anns, mut bobs) = (ann.connects().await, bob.connects().await);
    for stuck in [false, true] {
        if stuck {
            wire.stick()
        } else {
            wire.cut()
        }
        let cid = is_refused_and_stays(&mut bobs).await;
        bob.client.get("/readyz").await.expect_status(503);
        // The other node is none the worse, and who is at the cut one hears what happened once it is mended.
        ann.says(GENERAL, "meanwhile").await;
        wire.mend();
        sends_until_stored(&mut bobs, &cid).await;
        assert_eq!(hears_text(&mut anns).await, "meanwhile");
        assert_eq!(hears_text(&mut anns).await, cid);
        bob.client.get("/readyz").await.expect_status(200);
    }
    let mut postgres = tokio::task::spawn_blocking(move || {
        postgres.kill();
        postgres
    })
    .await
    .unwrap();
    let (one, other) = (is_refused_and_stays(&mut anns).await, is_refused_and_stays(&mut bobs).await);
    let postgres = tokio::task::spawn_blocking(move || {
        postgres.begin();
        postgres
    })
    .await
    .unwrap();
    sends_until_stored(&mut anns, &one).await;
    sends_until_stored(&mut bobs, &other).await;
    eventually("everything is there once", async || {
        let texts = bob.texts(GENERAL).await;
        [&one, &other].iter().all(|text| texts.iter().filter(|said| said == text).count() == 1)
    })
    .await;
    nodes.end().await;
    tokio::task::spawn_blocking(move || drop(postgres)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_at_a_node_that_is_killed_goes_on_at_another_and_misses_nothing() {
    let redis = RedisServer::start();
    let nodes = Nodes::two(&redis, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let settings = format!(
        "listen = \"127.0.0.1:0\"\ndatabase = {:?}\nbus = {:?}\nlog = \"warn\"\n",
        nodes.database(),
        redis.url()
    );
    std::fs::write(folder.path().join("parlor.toml"), settings).unwrap();
    let program = Program::start(folder.path(), &[]).await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let mut there = Connection::open(program.address, &bob.token).await;
    ann.says(GENERAL, "before").await;
    let heard = there.hears_event("message.created").await;
    let mut watcher = ann.connects().await;
    program.kill().await;
    there.ends().await;
    ann.says(GENERAL, "while he was away").await;
    ann.says(GENERAL, "and more").await;

    let headers = [("authorization", format!("Bearer {}", bob.token))];
    let mut again = Connection::handshake(nodes.address(1), &headers).await.unwrap();
    let resume = json!({ "epoch": there.welcome["epoch"], "cursors": { "1": heard["rev"] } });
    again.says(json!({ "op": "hello", "resume": resume })).await;
    let welcome = again.hears("welcome").await;
    assert_eq!(welcome["epoch"], there.welcome["epoch"]);
    let changes = again.hears("changes").await;
    let texts: Vec<&Value> =
        changes["messages"].as_array().unwrap().iter().map(|message| &message["body"]).collect();
    assert_eq!(texts, ["while he was away", "and more"]);
    is_heard(&ann, GENERAL, "welcome back", &mut again).await;
    is_heard(&bob, GENERAL, "thanks", &mut again).await;
    assert_eq!(hears_text(&mut watcher).await, "while he was away");
    nodes.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_at_a_node_that_is_gone_is_offline_in_the_end() {
    let redis = RedisServer::start();
    let mut nodes = Nodes::two(&redis, &[("presence_grace_ms", "1")]).await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let mut anns = ann.connects().await;
    let bobs = bob.connects().await;
    let came = anns.hears("presence").await;
    assert_eq!((&came["account"], &came["state"]), (&json!(bob.id()), &json!("online")));
    drop(bobs);
    let gone = anns.hears("presence").await;
    assert_eq!((&gone["account"], &gone["state"]), (&json!(bob.id()), &json!("offline")));
    let bobs = bob.connects().await;
    assert_eq!(anns.hears("presence").await["state"], "online");
    nodes.stop(1).await;
    drop(bobs);
    assert_eq!(anns.hears("presence").await["state"], "offline");
    nodes.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_that_cannot_be_reached_at_the_start_keeps_nobody_from_starting() {
    let mut redis = RedisServer::start();
    redis.kill();
    let database = tokio::task::spawn_blocking(store::testing::TestDatabase::postgres).await.unwrap();
    let store::Database::Postgres { url } = database.database() else { panic!("not PostgreSQL") };
    let mut nodes = Nodes::alone(&url, &redis.url(), &[NO_CHECKS], 2).await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let mut bobs = bob.connects().await;
    is_heard(&ann, GENERAL, "hello", &mut bobs).await;
    redis.begin();
    nodes.meet().await;
    is_heard(&ann, GENERAL, "hello again", &mut bobs).await;
    nodes.keep(database);
    nodes.end().await;
}
