//! Whoever is removed, banned, leaves, or whose room is archived, while they send, read, catch up, edit and react at two nodes.

use super::cast::{Ear, Heard};
use crate::{
    cluster::{Nodes, RedisServer},
    world::{Person, new_cid},
};
use axum::http::Method;
use protocol::{Changes, ConversationId, MembershipState, MessageId, ids::GENERAL};
use serde_json::json;
use std::{
    collections::VecDeque,
    env,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

/// How many races there are where nobody says otherwise: some seconds.
const RACES: u64 = 150;
/// So many pairs of people race at the same time.
const LANES: u64 = 3;
/// Rounds after the end of which everybody knows.
const ROUNDS_AFTER: usize = 2;
/// Sockets that were opened in a race are listened to for so many more.
const EARS_KEPT: usize = 12;
/// So often somebody whose socket a busy server ended comes back at most.
const COMES_BACK_MAX: usize = 5;

fn number_of(name: &str, usual: u64) -> u64 {
    env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_hears_or_says_anything_after_the_event_that_ends_it_on_any_node() {
    let (races, seed) = (number_of("PARLOR_REMOVAL_RACES", RACES), number_of("PARLOR_REMOVAL_SEED", 7));
    let begun = Instant::now();
    let redis = RedisServer::start();
    let nodes = Nodes::two(&redis, &[("memberships_per_account_max", "100000")]).await;
    let lanes = (0..LANES).map(|lane| run_lane(&nodes, lane, seed, races.div_ceil(LANES)));
    let lanes = futures_util::future::join_all(lanes).await;
    let total = |count: fn(&Lane) -> u64| lanes.iter().map(count).sum::<u64>();
    let wrong: Vec<String> = lanes.iter().flat_map(|lane| lane.wrong.iter().cloned()).collect();
    println!(
        "removal races: seed {seed}, {} races on 2 nodes, {} tries of which {} were let in, {} KiB received; {} violations; {:.0} s",
        total(|lane| lane.races),
        total(|lane| lane.tries),
        total(|lane| lane.let_in),
        total(|lane| lane.bytes) / 1024,
        wrong.len(),
        begun.elapsed().as_secs_f64(),
    );
    assert!(wrong.is_empty(), "seed {seed}: {}", wrong.join("\n"));
    assert!(total(|lane| lane.let_in) > 0, "everybody was too late: nothing was shown");
    nodes.end().await;
}

/// Numbers that look random and are the same with the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

#[derive(Clone, Copy, Debug)]
enum Ending {
    Removed,
    Banned,
    Leaves,
    Archived,
}

const ENDINGS: [Ending; 4] = [Ending::Removed, Ending::Banned, Ending::Leaves, Ending::Archived];

#[derive(Clone, Copy, Debug)]
enum Try {
    Send,
    SendBySocket,
    Connect,
    Changes,
    History,
    Edit,
    React,
}

const TRIES: [Try; 7] =
    [Try::Send, Try::SendBySocket, Try::Connect, Try::Changes, Try::History, Try::Edit, Try::React];

type Record = Arc<Mutex<Vec<Heard>>>;

/// What one pair of people found.
#[derive(Default)]
struct Lane {
    races: u64,
    tries: u64,
    let_in: u64,
    bytes: u64,
    wrong: Vec<String>,
}

/// Two people and what reached the second.
struct Pair<'a> {
    nodes: &'a Nodes,
    owner: Person,
    victim: Person,
    record: Record,
    epoch: Mutex<String>,
}

async fn run_lane(nodes: &Nodes, lane: u64, seed: u64, races: u64) -> Lane {
    let mut dice = Dice((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (lane + 1));
    let mut owner = nodes.sign_up(0, &format!("owner{lane}")).await;
    let mut victim = nodes.sign_up(1, &format!("victim{lane}")).await;
    for person in [&mut owner, &mut victim] {
        person.client = person.client.patient();
    }
    let pair = Pair { nodes, owner, victim, record: Record::default(), epoch: Mutex::default() };
    // These have been there all the time, one at each node.
    let mut ears = [pair.ear(0).await, pair.ear(1).await];
    let (mut found, mut opened) = (Lane::default(), VecDeque::new());
    for race in 0..races {
        let ending = ENDINGS[dice.below(4) as usize];
        let tries = [TRIES[dice.below(7) as usize], TRIES[dice.below(7) as usize]];
        let place = dice.below(2) as usize;
        let scene = pair.gather().await;
        let over = AtomicBool::new(false);
        let [first, second] = &mut ears;
        let (after, one, other) = tokio::join!(
            pair.ends(&scene, ending, place, dice.below(4), &over),
            pair.goes_on(&scene, tries[0], 0, first, &over),
            pair.goes_on(&scene, tries[1], 1, second, &over),
        );
        found.races += 1;
        for side in [one, other] {
            found.tries += side.tries;
            found.let_in += side.let_in;
            opened.extend(side.opened);
        }
        while opened.len() > EARS_KEPT {
            opened.pop_front();
        }
        if let Some(what) = pair.what_came_later(&scene, ending, &after).await {
            found.wrong.push(format!("lane {lane}, race {race}, {ending:?} against {tries:?}: {what}"));
        }
        if matches!(ending, Ending::Archived) {
            pair.victim.delete(&format!("/conversations/{}/members/me", scene.room)).await;
        }
    }
    // What is told after everything else came by the same way.
    let marker = format!("the end of lane {lane}");
    pair.owner.says(GENERAL, &marker).await;
    for ear in &mut ears {
        ear.hears(0, |frame| frame["message"]["body"] == marker.as_str()).await;
    }
    let record = pair.record.lock().unwrap();
    for heard in record.iter() {
        found.bytes += heard.text.len() as u64;
        if heard.text.contains("zq-after-") {
            found.wrong.push(format!("lane {lane}: somebody who had gone received {}", heard.text));
        }
    }
    drop(record);
    found
}

/// A socket may end because the machine has too much to do, which the close code says; everybody comes back then.
#[track_caller]
fn assert_trouble(ear: &Ear) {
    let end = ear.end().unwrap_or_default();
    assert!(end.contains("try again"), "the socket ended with {end}");
}

struct Scene {
    room: ConversationId,
    /// The victim's own, to edit; the owner's, to react to.
    own: MessageId,
    owners: MessageId,
    /// The owner's, which is edited when it has ended.
    late: MessageId,
}

/// What one side of the race came to.
#[derive(Default)]
struct Side {
    tries: u64,
    let_in: u64,
    opened: Vec<Ear>,
}

impl Pair<'_> {
    async fn ear(&self, node: usize) -> Ear {
        let there = self.nodes.at(node, &self.victim).client;
        for _ in 0..COMES_BACK_MAX {
            let mut ear = Ear::open(there.address, "/api/v1/socket", &there, &self.record).await.unwrap();
            ear.says(r#"{"op":"hello"}"#).await;
            if let Some(welcome) = ear.hears(0, |frame| frame["op"] == "welcome").await {
                *self.epoch.lock().unwrap() = welcome["epoch"].as_str().unwrap().to_owned();
                return ear;
            }
            assert_trouble(&ear);
        }
        panic!("the server stays in trouble");
    }

    async fn gather(&self) -> Scene {
        let room = self.owner.gathers("Den", &[&self.victim]).await;
        let own = self.victim.says(room, "mine").await.message.id;
        let owners = self.owner.says(room, "yours").await.message.id;
        let late = self.owner.says(room, "ours").await.message.id;
        Scene { room, own, owners, late }
    }

    /// Ends it at one node, and says at the other what the victim must never receive. Gives what was said.
    async fn ends(
        &self,
        scene: &Scene,
        ending: Ending,
        node: usize,
        late: u64,
        over: &AtomicBool,
    ) -> Vec<MessageId> {
        for _ in 0..late {
            // A request takes its time: that spreads the moments at which it ends.
            self.owner.get("/me").await;
        }
        let (here, there) = (self.nodes.at(node, &self.owner), self.nodes.at(1 - node, &self.owner));
        let (path, victim) = (format!("/conversations/{}", scene.room), self.victim.id());
        let reply = match ending {
            Ending::Removed => here.delete(&format!("{path}/members/{victim}")).await,
            Ending::Banned => here.put(&format!("{path}/bans/{victim}"), json!({})).await,
            Ending::Leaves => self.nodes.at(node, &self.victim).delete(&format!("{path}/members/me")).await,
            Ending::Archived => here.patch(&path, json!({ "archived": true })).await,
        };
        assert!(reply.status.is_success(), "{}", reply.text());
        let mut said = Vec::new();
        if !matches!(ending, Ending::Archived) {
            said.push(there.says(scene.room, "zq-after-said").await.message.id);
            let edited = json!({ "body": "zq-after-edited" });
            there.patch(&format!("/messages/{}", scene.late), edited).await.expect_status(200);
            said.push(scene.late);
            said.push(here.says(scene.room, "zq-after-said-here").await.message.id);
        }
        over.store(true, Ordering::SeqCst);
        said
    }

    /// Tries the same again and again until some rounds after the end.
    async fn goes_on(&self, scene: &Scene, what: Try, node: usize, ear: &mut Ear, over: &AtomicBool) -> Side {
        let mut side = Side::default();
        let mut left = ROUNDS_AFTER;
        while left > 0 {
            if over.load(Ordering::SeqCst) {
                left -= 1;
            }
            side.tries += 1;
            side.let_in +=
                u64::from(self.tries(scene, (what, side.tries), node, ear, &mut side.opened).await);
        }
        side
    }

    async fn tries(
        &self,
        scene: &Scene,
        (what, round): (Try, u64),
        node: usize,
        ear: &mut Ear,
        opened: &mut Vec<Ear>,
    ) -> bool {
        let room = scene.room;
        let path = format!("/api/v1/conversations/{room}");
        let message = |id: MessageId| format!("/api/v1/messages/{id}");
        let (method, path, body) = match what {
            Try::Send => {
                let body = json!({ "cid": new_cid(), "body": "still here" });
                (Method::POST, format!("{path}/messages"), Some(body))
            }
            Try::Changes => (Method::GET, format!("{path}/changes?since=0"), None),
            Try::History => (Method::GET, format!("{path}/messages"), None),
            Try::Edit => (Method::PATCH, message(scene.own), Some(json!({ "body": new_cid() }))),
            Try::React => {
                let method = if round.is_multiple_of(2) { Method::PUT } else { Method::DELETE };
                (method, format!("{}/reactions/%F0%9F%91%8D", message(scene.owners)), None)
            }
            Try::SendBySocket => {
                let (cid, from) = (new_cid(), ear.heard_until_now());
                ear.says(
                    &json!({ "op": "send", "cid": cid, "conversation": room, "body": "still here" })
                        .to_string(),
                )
                .await;
                let answer =
                    ear.hears(from, |frame| frame["cid"] == cid.as_str() && frame["op"] != "event").await;
                let Some(answer) = answer else {
                    assert_trouble(ear);
                    *ear = self.ear(node).await;
                    return false;
                };
                return answer["op"] == "ack";
            }
            Try::Connect => {
                let there = self.nodes.at(node, &self.victim).client;
                let mut ear = Ear::open(there.address, "/api/v1/socket", &there, &self.record).await.unwrap();
                let epoch = self.epoch.lock().unwrap().clone();
                let resume = json!({ "epoch": epoch, "cursors": { room.to_string(): 0 } });
                ear.says(&json!({ "op": "hello", "resume": resume }).to_string()).await;
                ear.says(r#"{"op":"ping"}"#).await;
                let Some(welcome) = ear.hears(0, |frame| frame["op"] == "welcome").await else {
                    assert_trouble(&ear);
                    return false;
                };
                ear.hears(0, |frame| frame["op"] == "pong").await;
                opened.push(ear);
                if opened.len() > EARS_KEPT {
                    opened.remove(0);
                }
                return welcome["conversations"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|summary| summary["id"] == json!(room));
            }
        };
        let client = self.nodes.at(node, &self.victim).client.with("content-type", "application/json");
        let reply = client.send(method, &path, body.map(|body| body.to_string())).await;
        assert!(!reply.status.is_server_error(), "{}", reply.text());
        self.record.lock().unwrap().push(Heard { text: reply.text(), is_frame: false });
        reply.status.is_success()
    }

    /// What changed in the room after the change that ended it, but for what the owner said then.
    async fn what_came_later(&self, scene: &Scene, ending: Ending, after: &[MessageId]) -> Option<String> {
        let path = format!("/conversations/{}/changes?since=0&limit=1000", scene.room);
        let changes: Changes = self.owner.get(&path).await.expect(200);
        assert!(!changes.has_more);
        let end = match ending {
            Ending::Archived => changes.conversation?.rev,
            _ => {
                let gone = changes.memberships.iter().find(|of| of.account.id == self.victim.id())?;
                if gone.state == MembershipState::Active {
                    return Some("the membership is active".to_owned());
                }
                gone.rev
            }
        };
        let late = changes.messages.iter().find(|message| message.rev > end && !after.contains(&message.id));
        late.map(|message| format!("it ended with change {end}, and then there was {message:?}"))
    }
}
