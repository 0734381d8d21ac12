//! Whoever is outside cannot tell a private room from one that does not exist: not by what is answered, nor by how long it takes.

use crate::{
    client::Reply,
    world::{Person, World, new_cid},
};
use axum::http::Method;
use serde_json::json;
use std::{collections::BTreeMap, env, time::Instant};

/// Samples of each kind where nobody says otherwise.
const SAMPLES: usize = 500;
/// The medians may be so far apart, in microseconds: what one could measure across a network is far more.
const APART_US_MAX: u128 = 20_000;

/// An answer without what is another with every request.
fn told(reply: &Reply) -> (u16, BTreeMap<String, String>, String) {
    let id = reply.header("x-request-id").unwrap().to_owned();
    let headers = reply.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"));
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    (reply.status.as_u16(), headers, reply.text().replace(&id, "ID"))
}

/// All that one can ask of a conversation.
fn questions(id: i64, account: i64) -> Vec<(Method, String, Option<String>)> {
    let path = format!("/api/v1/conversations/{id}");
    let body = |value: serde_json::Value| Some(value.to_string());
    vec![
        (Method::GET, path.clone(), None),
        (Method::GET, format!("{path}/messages"), None),
        (Method::GET, format!("{path}/changes?since=0"), None),
        (Method::GET, format!("{path}/members"), None),
        (Method::GET, format!("{path}/members?state=pending"), None),
        (Method::GET, format!("{path}/invites"), None),
        (Method::POST, format!("{path}/messages"), body(json!({ "cid": new_cid(), "body": "x" }))),
        (Method::PUT, format!("{path}/read"), body(json!({ "seq": 1 }))),
        (Method::PATCH, format!("{path}/preferences"), body(json!({ "favourite": true }))),
        (Method::PATCH, path.clone(), body(json!({ "name": "x" }))),
        (Method::POST, format!("{path}/invites"), body(json!({}))),
        (Method::DELETE, format!("{path}/invites/1"), None),
        (Method::PUT, format!("{path}/bans/{account}"), body(json!({}))),
        (Method::DELETE, format!("{path}/bans/{account}"), None),
        (Method::PATCH, format!("{path}/members/{account}"), body(json!({ "role": "member" }))),
        (Method::DELETE, format!("{path}/members/{account}"), None),
        (Method::DELETE, format!("{path}/members/me"), None),
        (Method::POST, format!("{path}/members/{account}/approve"), None),
        (Method::POST, format!("{path}/members/{account}/deny"), None),
        (Method::GET, format!("/chats/room/{id}/history"), None),
        (Method::GET, format!("/chats/room/{id}/members"), None),
        (Method::GET, format!("/lite/c/{id}"), None),
    ]
}

async fn asks(person: &Person, (method, path, body): (Method, String, Option<String>)) -> Reply {
    person.client.with("content-type", "application/json").send(method, &path, body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_room_cannot_be_told_from_one_that_does_not_exist() {
    let samples = env::var("PARLOR_ORACLE_SAMPLES").map_or(SAMPLES, |text| text.parse().unwrap());
    let world = World::sqlite(&[]).await;
    let (sita, ramesh, hari) =
        (world.sign_up("sita").await, world.sign_up("ramesh").await, world.sign_up("hari").await);
    let room = sita.gathers("Secret", &[&ramesh]).await;
    for number in 0..50 {
        sita.says(room, &format!("secret {number}")).await;
    }
    let direct = sita.talks_to(&ramesh).await;
    sita.says(direct, "secret").await;
    let nowhere = 4_000_000 + room.0;
    for there in [room.0, direct.0] {
        for (is, is_not) in questions(there, sita.id().0).into_iter().zip(questions(nowhere, sita.id().0)) {
            let what = format!("{} {}", is.0, is.1);
            let (seen, unseen) = (asks(&hari, is).await, asks(&hari, is_not).await);
            let (seen, unseen) = (told(&seen), told(&unseen));
            assert_eq!(seen.0, 404, "{what}");
            // The page without JavaScript names the address that was asked for nowhere, and neither do the others.
            assert_eq!(seen, unseen, "{what}");
        }
    }
    let mut apart = Vec::new();
    for question in [1, 2, 3, 6] {
        let mut times = [Vec::with_capacity(samples), Vec::with_capacity(samples)];
        for _ in 0..samples {
            // By turns, so that whatever else the machine does falls on both.
            for (times, id) in times.iter_mut().zip([room.0, nowhere]) {
                let question = questions(id, sita.id().0).swap_remove(question);
                let begun = Instant::now();
                asks(&hari, question).await.expect_status(404);
                times.push(begun.elapsed().as_micros());
            }
        }
        let [is, is_not] = times.map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2]
        });
        apart.push(is.abs_diff(is_not));
        assert!(is.abs_diff(is_not) < APART_US_MAX, "{is} us for what is there, {is_not} us for what is not");
    }
    println!(
        "oracle: {} questions about a private room, a direct chat and nothing are answered alike; medians of {samples} samples are \
         at most {} us apart (bound {APART_US_MAX})",
        questions(0, 0).len(),
        apart.iter().max().unwrap(),
    );
    world.end().await;
}
