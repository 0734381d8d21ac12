//! A client: connects to any node, keeps its copy, catches up where it misses something, and sends again what was not
//! acknowledged, as `docs/protocol.md` tells clients to.

use crate::{
    chance::Chance,
    copy::Copy,
    deeds::{self, Intent},
    http::{any_node, ask},
    ledger::Sent,
    nodes, note,
    people::Town,
    world::{Shared, lock},
};
use futures_util::{SinkExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use protocol::{
    AccountId, Changes, ClientFrame, ConversationId, MembershipState, MessageId, Rev, ServerFrame,
    frame::{Ack, ChangesFrame, EventFrame, Hello, MembershipNotice, Nack, Resume, Send, Welcome},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::DuplexStream,
    time::{Instant, sleep, sleep_until, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

type Socket = WebSocketStream<DuplexStream>;

/// A client that hears nothing for so long connects again.
const SILENCE_MAX: Duration = Duration::from_secs(40);
/// How long it waits for a handshake, and for room to write.
const PATIENCE: Duration = Duration::from_secs(10);
/// After a refusal that is not for good it waits so long where the server does not say.
const RETRY: Duration = Duration::from_millis(300);

/// What the laws look at.
#[derive(Debug, Default)]
pub struct State {
    pub copy: Copy,
    /// Welcomed and not cut off since, as far as it knows.
    pub is_connected: bool,
    /// Messages that were not acknowledged.
    pub unanswered: Vec<Unanswered>,
}

#[derive(Clone, Debug)]
pub struct Unanswered {
    pub cid: String,
    pub conversation: ConversationId,
    pub body: String,
    /// When it is sent again; `None` while an answer is waited for.
    again_at: Option<Instant>,
}

pub struct Device {
    pub world: Shared,
    pub town: Arc<Town>,
    pub name: String,
    pub account: AccountId,
    pub token: String,
    pub chance: Chance,
    pub state: Arc<Mutex<State>>,
    /// Nobody begins anything new.
    pub is_over: Arc<AtomicBool>,
    /// Messages that the laws want sent.
    pub wanted: Arc<Mutex<Vec<ConversationId>>>,
    pub sent_count: u64,
    pub errands: FuturesUnordered<BoxFuture<'static, Done>>,
    /// Deletions that were asked for, by their ref.
    pub deleting: BTreeMap<String, MessageId>,
}

/// What came of an errand.
pub enum Done {
    Changes {
        conversation: ConversationId,
        edition: u64,
        since: Rev,
        asked_at: u64,
        answer: Option<(u16, Value)>,
    },
    Deed,
}

/// What one connection remembers.
#[derive(Default)]
struct Talk {
    /// Sends in the order in which they left, without an answer yet.
    in_flight: VecDeque<String>,
    /// The highest event of each conversation.
    heard: BTreeMap<ConversationId, Rev>,
    /// The highest number of an own message.
    stored: BTreeMap<ConversationId, i64>,
    is_welcome: bool,
}

impl Device {
    pub async fn live(mut self) {
        loop {
            self.world.dawdle(300).await;
            let Some(node) = any_node(&self.world) else { continue };
            let Some(stream) = nodes::connect(&self.world, node) else { continue };
            note!(self.world, "{} goes to n{node}", self.name);
            let why = self.talk(stream).await.err().unwrap_or("chose to leave");
            note!(self.world, "{} left n{node}: {why}", self.name);
            self.hang_up();
            let pause_ms = self.chance.between(1, 500);
            sleep(Duration::from_millis(pause_ms)).await;
        }
    }

    fn hang_up(&mut self) {
        let mut state = lock(&self.state);
        state.is_connected = false;
        // Whatever was asked for on the way is asked for again.
        state.copy.rooms.values_mut().for_each(|room| room.is_fetching = false);
        self.errands.clear();
        self.deleting.clear();
    }

    async fn talk(&mut self, stream: DuplexStream) -> Result<(), &'static str> {
        let mut request = "ws://parlor.test/api/v1/socket".into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse().unwrap());
        let Ok(Ok((mut socket, _))) = timeout(PATIENCE, client_async(request, stream)).await else {
            return Err("no handshake");
        };
        let resume = Some(self.resume());
        self.say(&mut socket, &ClientFrame::Hello(Hello { token: None, resume })).await?;
        let mut talk = Talk::default();
        let mut silent_at = Instant::now() + SILENCE_MAX;
        let mut deed_at = self.next_deed();
        loop {
            let again_at = self.again_at().filter(|_| talk.is_welcome);
            let wake_at = again_at.map_or(deed_at, |at| at.min(deed_at));
            tokio::select! {
                biased;
                message = timeout_at(silent_at, socket.next()) => {
                    silent_at = Instant::now() + SILENCE_MAX;
                    match message {
                        Ok(Some(Ok(Message::Text(text)))) => self.hear(&mut socket, &mut talk, &text).await?,
                        Ok(Some(Ok(Message::Close(reason)))) => {
                            note!(self.world, "{} is told {reason:?}", self.name);
                            return Err("closed");
                        }
                        Ok(Some(Ok(_))) => {}
                        Ok(Some(Err(_)) | None) => return Err("cut"),
                        Err(_) => return Err("silence"),
                    }
                }
                Some(done) = self.errands.next(), if !self.errands.is_empty() => self.take(done),
                () = sleep_until(wake_at) => {
                    if talk.is_welcome {
                        self.send_again(&mut socket, &mut talk).await?;
                    }
                    if Instant::now() >= deed_at {
                        deed_at = self.next_deed();
                        if talk.is_welcome && self.act(&mut socket, &mut talk).await? {
                            return Ok(());
                        }
                    }
                }
            }
            self.fetch_what_is_missing();
        }
    }

    /// Where the copy stands; and at times where it does not, because one is curious of rooms that one is not in.
    fn resume(&mut self) -> Resume {
        let state = lock(&self.state);
        let (epoch, mut cursors) = (state.copy.epoch.clone(), state.copy.cursors());
        if self.chance.happens(200) {
            for (id, _) in &self.town.rooms {
                cursors.entry(*id).or_insert(1);
            }
        }
        Resume { epoch, cursors }
    }

    fn next_deed(&mut self) -> Instant {
        let ms = self.chance.between(5, 400);
        Instant::now() + Duration::from_millis(ms)
    }

    fn again_at(&self) -> Option<Instant> {
        lock(&self.state).unanswered.iter().filter_map(|message| message.again_at).min()
    }

    async fn say(&mut self, socket: &mut Socket, frame: &ClientFrame) -> Result<(), &'static str> {
        let text = serde_json::to_string(frame).unwrap();
        note!(self.world, "{} > {text}", self.name);
        match timeout(PATIENCE, socket.send(Message::text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err("cut"),
            Err(_) => Err("stuck"),
        }
    }

    async fn hear(&mut self, socket: &mut Socket, talk: &mut Talk, text: &str) -> Result<(), &'static str> {
        note!(self.world, "{} < {text}", self.name);
        match serde_json::from_str(text).unwrap() {
            ServerFrame::Welcome(welcome) => {
                self.begin(welcome);
                talk.is_welcome = true;
                self.send_again(socket, talk).await?;
            }
            ServerFrame::Changes(frame) => self.catch_up(frame),
            ServerFrame::Ack(ack) => self.acknowledged(talk, ack),
            ServerFrame::Nack(nack) => self.refused(talk, nack),
            ServerFrame::Event(EventFrame { conversation, rev, event }) => {
                self.heard(conversation, rev);
                let before = talk.heard.insert(conversation, rev);
                if before.is_some_and(|before| before >= rev) {
                    self.accuse(format!(
                        "heard change {rev} of {conversation} after {before:?} on one connection"
                    ));
                }
                lock(&self.state).copy.room(conversation).take(rev, event);
            }
            ServerFrame::Lag(lag) => {
                let mut state = lock(&self.state);
                let room = state.copy.room(lag.conversation);
                room.head = room.head.max(lag.head);
            }
            ServerFrame::Membership(MembershipNotice { conversation, state: standing, summary, .. }) => {
                let mut state = lock(&self.state);
                match summary.filter(|_| standing == MembershipState::Active) {
                    Some(summary) => {
                        let room = state.copy.room(conversation);
                        room.head = room.head.max(summary.last_rev);
                        room.put_details(summary.details);
                    }
                    None => drop(state.copy.rooms.remove(&conversation)),
                }
            }
            ServerFrame::Request(request) => deeds::decide(self, &request),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, welcome: Welcome) {
        let mut state = lock(&self.state);
        state.is_connected = true;
        // What was not acknowledged is sent again, in its order.
        state.unanswered.iter_mut().for_each(|message| message.again_at = Some(Instant::now()));
        if state.copy.epoch != welcome.epoch {
            state.copy = Copy::default();
            state.copy.epoch = welcome.epoch;
        }
        let all: BTreeSet<ConversationId> = welcome.conversations.iter().map(|it| it.details.id).collect();
        state.copy.rooms.retain(|id, _| all.contains(id));
        for summary in welcome.conversations {
            let room = state.copy.room(summary.details.id);
            room.head = room.head.max(summary.last_rev);
            room.put_details(summary.details);
            // The changes of a room that was known follow by themselves.
            room.is_fetching = room.cursor > 0 && room.cursor < summary.last_rev;
        }
    }

    fn catch_up(&mut self, frame: ChangesFrame) {
        let ChangesFrame { conversation, since, head, messages, memberships, details, has_more } = frame;
        self.heard(conversation, head);
        let changes = Changes { messages, memberships, conversation: details, head, has_more };
        if let Some(room) = lock(&self.state).copy.rooms.get_mut(&conversation) {
            room.is_fetching = false;
            room.catch_up(since, changes);
        }
    }

    fn heard(&self, conversation: ConversationId, rev: Rev) {
        self.world.ledger().heard(&self.name, self.account, conversation, rev);
    }

    fn accuse(&self, what: String) {
        self.world.ledger().accuse(format!("{} {what}", self.name));
    }

    fn acknowledged(&mut self, talk: &mut Talk, ack: Ack) {
        if let Some(message) = ack.reference.and_then(|reference| self.deleting.remove(&reference)) {
            let mut ledger = self.world.ledger();
            let now = ledger.now();
            ledger.deleted.insert(message, now);
        }
        let Some(cid) = ack.cid else { return };
        self.answered(talk, &cid);
        let (Some(id), Some(conversation)) = (ack.id, ack.conversation) else {
            return self.accuse(format!("got an acknowledgement of {cid} without its message"));
        };
        let mut ledger = self.world.ledger();
        ledger.stored(&cid, id, ack.seq);
        ledger.repeated += usize::from(ack.dup);
        drop(ledger);
        lock(&self.state).unanswered.retain(|message| message.cid != cid);
        if !ack.dup {
            let before = talk.stored.insert(conversation, ack.seq);
            if before.is_some_and(|before| before >= ack.seq) {
                self.accuse(format!(
                    "sent {cid} later than what became number {before:?}, and it became {}",
                    ack.seq
                ));
            }
        }
    }

    fn refused(&mut self, talk: &mut Talk, nack: Nack) {
        let Some(cid) = nack.cid else { return };
        self.answered(talk, &cid);
        let mut state = lock(&self.state);
        if nack.is_final {
            state.unanswered.retain(|message| message.cid != cid);
            self.world.ledger().refused(&cid);
        } else if let Some(message) = state.unanswered.iter_mut().find(|message| message.cid == cid) {
            let wait = nack.retry_after_ms.map_or(RETRY, Duration::from_millis);
            message.again_at = Some(Instant::now() + wait);
        }
    }

    /// Sends are answered in the order in which they came.
    fn answered(&self, talk: &mut Talk, cid: &str) {
        let first = talk.in_flight.pop_front();
        if first.as_deref() != Some(cid) {
            self.accuse(format!("got an answer to {cid} before that to {first:?}"));
        }
    }

    /// Sends a message that was not sent before.
    async fn send(
        &mut self,
        socket: &mut Socket,
        talk: &mut Talk,
        conversation: ConversationId,
    ) -> Result<(), &'static str> {
        self.sent_count += 1;
        let cid = format!("{}-{}", self.name, self.sent_count);
        let body = format!("says {cid}");
        {
            let mut ledger = self.world.ledger();
            let invoked = ledger.now();
            let (account, body) = (self.account, body.clone());
            let sent = Sent { account, conversation, body, invoked, attempts: 0, answer: None };
            ledger.sent.insert(cid.clone(), sent);
        }
        let again_at = Some(Instant::now());
        lock(&self.state).unanswered.push(Unanswered { cid, conversation, body, again_at });
        self.send_again(socket, talk).await
    }

    /// Sends what is due, in the order in which it was meant.
    async fn send_again(&mut self, socket: &mut Socket, talk: &mut Talk) -> Result<(), &'static str> {
        let now = Instant::now();
        let due: Vec<Unanswered> = {
            let mut state = lock(&self.state);
            let due =
                state.unanswered.iter_mut().filter(|message| message.again_at.is_some_and(|at| at <= now));
            due.map(|message| {
                message.again_at = None;
                message.clone()
            })
            .collect()
        };
        for Unanswered { cid, conversation, body, .. } in due {
            self.world.ledger().sent_again(&cid);
            talk.in_flight.push_back(cid.clone());
            let frame = ClientFrame::Send(Send { cid, conversation, body, reply_to: None });
            self.say(socket, &frame).await?;
        }
        Ok(())
    }

    /// Does what one does in a chat. Whether this connection is given up.
    async fn act(&mut self, socket: &mut Socket, talk: &mut Talk) -> Result<bool, &'static str> {
        let wanted: Vec<ConversationId> = std::mem::take(&mut lock(&self.wanted));
        for conversation in wanted {
            self.send(socket, talk, conversation).await?;
        }
        if self.is_over.load(Ordering::Relaxed) {
            return Ok(false);
        }
        for intent in deeds::next(self) {
            match intent {
                Intent::Send(conversation) => self.send(socket, talk, conversation).await?,
                Intent::Say(frame) => self.say(socket, &frame).await?,
                Intent::Leave => return Ok(true),
            }
        }
        Ok(false)
    }

    fn fetch_what_is_missing(&mut self) {
        let mut missing = Vec::new();
        for (id, room) in &mut lock(&self.state).copy.rooms {
            if room.is_behind() && !room.is_fetching {
                room.is_fetching = true;
                missing.push((*id, room.edition, room.cursor));
            }
        }
        missing.into_iter().for_each(|(id, edition, since)| self.fetch(id, edition, since));
    }

    /// Asks for the changes of a room. Of one that is not in the copy the edition is 0.
    pub fn fetch(&mut self, conversation: ConversationId, edition: u64, since: Rev) {
        let (world, token) = (self.world.clone(), self.token.clone());
        self.errands.push(Box::pin(async move {
            let asked_at = world.ledger().now();
            let path = format!("/conversations/{conversation}/changes?since={since}");
            let answer = ask(&world, &token, "GET", &path, Value::Null).await;
            if !matches!(answer, Some((200 | 404, _))) {
                sleep(RETRY).await;
            }
            Done::Changes { conversation, edition, since, asked_at, answer }
        }));
    }

    fn take(&mut self, done: Done) {
        let Done::Changes { conversation, edition, since, asked_at, answer } = done else { return };
        let changes: Option<Changes> = match &answer {
            Some((200, value)) => Some(serde_json::from_value(value.clone()).unwrap()),
            _ => None,
        };
        if let Some(changes) = &changes {
            note!(self.world, "{} fetched {conversation} since {since}: {changes:?}", self.name);
            self.heard(conversation, changes.head);
            self.look_for_deleted(asked_at, changes);
        }
        let mut state = lock(&self.state);
        let room = state.copy.rooms.get_mut(&conversation).filter(|room| room.edition == edition);
        let Some(room) = room else { return };
        room.is_fetching = false;
        match (changes, answer) {
            (Some(changes), _) => room.catch_up(since, changes),
            // Not there any more, or not yet.
            (None, Some((404, _))) => drop(state.copy.rooms.remove(&conversation)),
            (None, _) => {}
        }
    }

    /// What was deleted before one asked is not given any more.
    fn look_for_deleted(&self, asked_at: u64, changes: &Changes) {
        let mut ledger = self.world.ledger();
        for message in changes.messages.iter().filter(|message| message.body.is_some()) {
            if ledger.deleted.get(&message.id).is_some_and(|deleted_at| *deleted_at < asked_at) {
                ledger.accuse(format!(
                    "{} was given the text of {} after it was deleted",
                    self.name, message.id
                ));
            }
        }
    }
}
