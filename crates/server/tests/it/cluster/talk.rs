//! People at different nodes who talk as if there were one: everything that is heard here came by a hint.

use super::{
    nodes::{NO_CHECKS, Nodes},
    redis_server::RedisServer,
};
use crate::{
    socket_client::Connection,
    world::{Person, new_cid},
};
use protocol::ids::GENERAL;
use serde_json::{Value, json};

/// Tells each story with hints that carry what happened.
macro_rules! stories {
    ($(async fn $name:ident($nodes:ident) $body:block)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let redis = RedisServer::start();
            let nodes = Nodes::two(&redis, &[NO_CHECKS]).await;
            {
                let $nodes = &nodes;
                $body
            }
            nodes.end().await;
        }
    )+};
}

/// The next event of a conversation must be this one.
async fn hears_next(socket: &mut Connection, rev: &Value, kind: &str) -> Value {
    let event = socket.hears("event").await;
    assert_eq!((&event["rev"], event["type"].as_str()), (rev, Some(kind)), "{event}");
    event
}

async fn revs(socket: &mut Connection, count: usize) -> Vec<i64> {
    let mut revs = Vec::new();
    while revs.len() < count {
        let frame = socket.hears_anything_but(&["presence", "receipt", "account", "ack"]).await;
        assert_eq!(frame["op"], "event", "{frame}");
        revs.push(frame["rev"].as_i64().unwrap());
    }
    revs
}

fn texts_said(who: &str) -> Vec<Value> {
    (0..100)
        .map(|number| {
            json!({ "op": "send", "cid": new_cid(), "conversation": GENERAL, "body": format!("{who} {number}") })
        })
        .collect()
}

async fn says_all(socket: &mut Connection, who: &str) {
    for frame in texts_said(who) {
        socket.says(frame).await;
    }
}

async fn reacts(person: &Person, message: &Value) {
    person.put(&format!("/messages/{message}/reactions/%F0%9F%91%8D"), json!({})).await;
}

stories! {
    async fn what_is_said_at_one_node_is_heard_at_the_other(nodes) {
        let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
        let mut bobs = bob.connects().await;
        let sent = ann.says(GENERAL, "hello").await.message;
        let rev = json!(sent.rev);
        let event = hears_next(&mut bobs, &rev, "message.created").await;
        assert_eq!(event["message"]["body"], "hello");
        assert_eq!(event["message"]["author"]["username"], "ann");

        ann.patch(&format!("/messages/{}", sent.id), json!({ "body": "hello, all" })).await.expect_status(200);
        let event = hears_next(&mut bobs, &json!(sent.rev + 1), "message.edited").await;
        assert_eq!(event["message"]["body"], "hello, all");
        reacts(&ann, &json!(sent.id)).await;
        let event = hears_next(&mut bobs, &json!(sent.rev + 2), "message.reactions").await;
        assert_eq!(event["message"]["reactions"][0]["emoji"], "👍");
        ann.delete(&format!("/messages/{}", sent.id)).await.expect_status(200);
        let event = hears_next(&mut bobs, &json!(sent.rev + 3), "message.deleted").await;
        assert_eq!(event["message"]["body"], Value::Null);
    }

    async fn what_is_said_at_both_nodes_at_once_is_heard_at_both_in_one_order_without_a_gap(nodes) {
        let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
        let (mut at_ann, mut at_bob) = (ann.connects().await, bob.connects().await);
        let (mut ann_says, mut bob_says) = (ann.connects().await, bob.connects().await);
        tokio::join!(says_all(&mut ann_says, "ann"), says_all(&mut bob_says, "bob"));
        let (here, there) = tokio::join!(revs(&mut at_ann, 200), revs(&mut at_bob, 200));
        let first = at_ann.welcome["conversations"][0]["last_rev"].as_i64().unwrap() + 1;
        let all: Vec<i64> = (first..first + 200).collect();
        assert_eq!(here, all);
        assert_eq!(there, all);
    }

    async fn who_is_let_in_at_one_node_hears_the_room_at_the_other_at_once(nodes) {
        let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(0, "bob").await);
        let (away, mut bobs) = (nodes.at(1, &bob), nodes.at(1, &bob).connects().await);
        let room = ann.makes_room("Den").await.conversation.details.id;
        ann.says(room, "before").await;
        let code = ann.opens_door(room).await;
        bob.follows(&code).await;
        let notice = bobs.hears("membership").await;
        assert_eq!((&notice["conversation"], &notice["state"]), (&json!(room), &json!("active")));
        assert_eq!(bobs.hears("event").await["type"], "membership.changed");
        let sent = ann.says(room, "welcome").await.message;
        let event = hears_next(&mut bobs, &json!(sent.rev), "message.created").await;
        assert_eq!(event["message"]["body"], "welcome");
        assert_eq!(away.texts(room).await, ["before", "welcome"]);

        let direct = ann.talks_to(&bob).await;
        assert_eq!(bobs.hears("membership").await["conversation"], json!(direct));
        ann.says(direct, "psst").await;
        assert_eq!(bobs.hears_event("message.created").await["message"]["body"], "psst");
    }

    async fn who_is_removed_at_one_node_hears_nothing_more_at_the_other(nodes) {
        let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
        let room = ann.gathers("Den", &[&bob]).await;
        let (mut bobs, mut anns) = (bob.connects().await, nodes.at(1, &ann).connects().await);
        ann.delete(&format!("/conversations/{room}/members/{}", bob.id())).await;
        ann.says(room, "now that he has gone").await;
        assert_eq!(anns.hears_event("message.created").await["message"]["body"], "now that he has gone");
        let event = bobs.hears("event").await;
        assert_eq!((event["type"].as_str(), &event["membership"]["state"]), (Some("membership.changed"), &json!("left")));
        assert_eq!(bobs.hears("membership").await["state"], "left");
        // A word that comes after it by the same way shows that nothing came between.
        ann.says(GENERAL, "lunch").await;
        let frame = bobs.hears_anything_but(&["presence", "receipt", "account"]).await;
        assert_eq!(frame["message"]["body"], "lunch", "{frame}");
    }

    async fn a_session_that_ends_at_one_node_ends_its_sockets_at_all(nodes) {
        let ann = nodes.sign_up(0, "ann").await;
        let mut there = nodes.at(1, &ann).connects().await;
        let phone = nodes.sign_in(0, "ann").await;
        let mut of_phone = nodes.at(1, &phone).connects().await;
        ann.delete("/sessions/current").await.expect_status(204);
        assert_eq!(there.ends().await, Some(4001));
        nodes.at(1, &ann).get("/me").await.expect_status(401);

        let laptop = nodes.sign_in(1, "ann").await;
        let with = json!({ "current_password": crate::world::PASSWORD, "new_password": "another horse battery" });
        nodes.at(0, &laptop).put("/me/password", with).await.expect_status(204);
        assert_eq!(of_phone.ends().await, Some(4001));
    }

    async fn who_asks_at_one_node_is_let_in_at_the_other(nodes) {
        let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
        let (mut anns, mut bobs) = (ann.connects().await, bob.connects().await);
        let room = ann.makes_room("Den").await;
        let (id, code) = (room.conversation.details.id, room.invite.unwrap().code.unwrap());
        bob.follows(&code).await;
        let request = anns.hears("request").await;
        assert_eq!((&request["conversation"], &request["pending_count"]), (&json!(id), &json!(1)));
        assert_eq!(bobs.hears("membership").await["state"], "pending");
        ann.post(&format!("/conversations/{id}/members/{}/approve", bob.id()), json!({})).await.expect_status(200);
        assert_eq!(bobs.hears("membership").await["state"], "active");
        assert_eq!(anns.hears("request").await["pending_count"], 0);
        bob.says(id, "here I am").await;
        assert_eq!(anns.hears_event("message.created").await["message"]["body"], "here I am");
    }

    async fn what_administrators_decide_at_one_node_holds_at_all(nodes) {
        let (ada, bob) = (nodes.administrator("ada").await, nodes.sign_up(1, "bob").await);
        let mut bobs = bob.connects().await;
        ada.patch(&format!("/accounts/{}", bob.id()), json!({ "deactivated": true })).await.expect_status(200);
        assert_eq!(bobs.ends().await, Some(4001));
        ada.patch("/server", json!({ "registration": "closed" })).await.expect_status(200);
        let stranger = crate::client::Client::new(nodes.address(1));
        crate::world::eventually("nobody can sign up at the other node", async || {
            let server: Value = stranger.get("/api/v1/server").await.expect(200);
            server["registration"] == "closed"
        }).await;
    }

    async fn nothing_is_heard_after_a_removal_while_people_write_at_both_nodes(nodes) {
        let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
        let there = nodes.at(1, &ann);
        for round in 0..15 {
            let room = ann.gathers(&format!("Den {round}"), &[&bob]).await;
            let (mut bobs, mut anns) = (bob.connects().await, there.connects().await);
            let path = format!("/conversations/{room}/members/{}", bob.id());
            let write = async |person: &Person| {
                for number in 0..6 {
                    person.says(room, &format!("word {number}")).await;
                }
            };
            tokio::join!(write(&ann), write(&there), async { ann.delete(&path).await.expect_status(204) });
            let last = ann.says(room, "last").await.message.rev;
            let removed = loop {
                let event = anns.hears("event").await;
                if event["type"] == "membership.changed" {
                    break event["rev"].as_i64().unwrap();
                }
            };
            assert!(removed < last);
            ann.says(GENERAL, "end of the round").await;
            loop {
                let event = bobs.hears("event").await;
                if event["conversation"] == json!(GENERAL) && event["message"]["body"] == "end of the round" {
                    break;
                }
                assert!(event["rev"].as_i64().unwrap() <= removed, "{event} after {removed}");
            }
        }
    }

    async fn typing_receipts_presence_and_preferences_cross_over(nodes) {
        let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
        let room = ann.gathers("Den", &[&bob]).await;
        let mut bobs = bob.connects().await;
        let mut anns = ann.connects().await;
        let came = bobs.hears("presence").await;
        assert_eq!((&came["account"], &came["state"]), (&json!(ann.id()), &json!("online")));
        crate::world::eventually("bob is seen at the other node", async || {
            let welcome = ann.connects().await.welcome;
            welcome["online"].as_array().unwrap().contains(&json!(bob.id()))
        }).await;

        anns.says(json!({ "op": "typing", "conversation": room })).await;
        let typing = bobs.hears("typing").await;
        assert_eq!((&typing["account"], &typing["conversation"]), (&json!(ann.id()), &json!(room)));
        let sent = bob.says(room, "hi").await.message;
        ann.put(&format!("/conversations/{room}/read"), json!({ "seq": sent.seq })).await.expect_status(200);
        let receipt = bobs.hears("receipt").await;
        assert_eq!((&receipt["account"], &receipt["seq"]), (&json!(ann.id()), &json!(sent.seq)));

        let mut elsewhere = nodes.at(1, &ann).connects().await;
        ann.patch(&format!("/conversations/{room}/preferences"), json!({ "favourite": true })).await.expect_status(200);
        assert_eq!(elsewhere.hears("preferences").await["preferences"]["favourite"], true);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_that_is_too_long_to_carry_what_happened_makes_the_others_look() {
    let redis = RedisServer::start();
    let nodes = Nodes::two(&redis, &[NO_CHECKS, ("hint_bytes_max", "1")]).await;
    let (ann, bob) = (nodes.sign_up(0, "ann").await, nodes.sign_up(1, "bob").await);
    let mut bobs = bob.connects().await;
    for number in 0..5 {
        ann.says(GENERAL, &format!("long word {number}")).await;
    }
    for number in 0..5 {
        let event = bobs.hears_event("message.created").await;
        assert_eq!(event["message"]["body"], format!("long word {number}"));
    }
    // Who comes into a room by such a hint connects again and finds it.
    let room = ann.makes_room("Den").await.conversation.details.id;
    let code = ann.opens_door(room).await;
    nodes.at(0, &bob).follows(&code).await;
    bobs.ends().await;
    let mut bobs = bob.connects().await;
    ann.says(room, "inside").await;
    assert_eq!(bobs.hears_event("message.created").await["message"]["body"], "inside");
    // Who is removed by such a hint hears nothing more.
    ann.delete(&format!("/conversations/{room}/members/{}", bob.id())).await;
    ann.says(room, "without him").await;
    while let Ok(frame) = bobs.next().await {
        assert_ne!(frame["message"]["body"], "without him");
    }
    nodes.end().await;
}
