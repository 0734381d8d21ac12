//! Somebody who talks, as `docs/protocol.md` tells a client to: keeps a copy of each conversation, applies the next change and
//! asks for the changes whenever anything else comes, says again what was not acknowledged, and remembers all of it.

mod line;
mod notes;

use crate::{
    Result,
    history::{Deed, History},
    http::Asker,
    lock,
};
use hyper::Method;
pub(crate) use line::Line;
use notes::{Notes, Task};
use protocol::{
    Changes, ConversationId, Membership, MembershipState, Message, Page,
    frame::{ChangesFrame, EventFrame, Resume, ServerFrame, Welcome},
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

/// After so long without an acknowledgement something is said again.
const ACK_PATIENCE: Duration = Duration::from_millis(1_500);
/// A connection that takes longer is given up.
const WELCOME_PATIENCE: Duration = Duration::from_secs(10);
/// Between attempts to connect, in milliseconds.
const RECONNECT_MS: std::ops::Range<u64> = 10..120;
/// Messages on a page that is asked for.
const PAGE_LEN: i64 = 50;

/// What everybody of a run is to do at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Talk.
    Talk,
    /// Say what is still to be acknowledged, begin nothing new, and listen.
    Listen,
    /// Go.
    Leave,
}

/// A message that was acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    /// In which conversation.
    pub(crate) of: i64,
    /// Under which number.
    pub(crate) seq: i64,
    /// What its sender calls it.
    pub(crate) cid: String,
}

/// What all people of a run share.
#[derive(Clone)]
pub(crate) struct Stage {
    /// When the run began; all moments are counted from here.
    pub(crate) begun: Instant,
    /// What to do.
    pub(crate) mode: watch::Receiver<Mode>,
    /// The messages that were acknowledged, in the order in which they were.
    pub(crate) ledger: Arc<Mutex<Vec<Acknowledged>>>,
    /// How many connections were made.
    pub(crate) connections: Arc<AtomicU64>,
    /// How many people have something that is not acknowledged yet.
    pub(crate) busy: Arc<AtomicU64>,
    /// How far everybody's copies are, once they only listen.
    pub(crate) positions: Arc<Mutex<BTreeMap<(i64, i64), i64>>>,
    /// In how many milliseconds those were told to come back who were told to go.
    pub(crate) farewells: Arc<Mutex<Vec<u64>>>,
    /// With which words messages were refused for good.
    pub(crate) refused: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Stage {
    /// One that begins now, on which everybody does what is told there.
    #[must_use]
    pub(crate) fn watching(mode: watch::Receiver<Mode>) -> Self {
        Self {
            begun: Instant::now(),
            mode,
            ledger: Arc::default(),
            connections: Arc::default(),
            busy: Arc::default(),
            positions: Arc::default(),
            farewells: Arc::default(),
            refused: Arc::default(),
        }
    }

    /// One for a run that has nobody on it.
    #[must_use]
    pub(crate) fn begin() -> Self {
        Self::watching(watch::channel(Mode::Talk).1)
    }

    /// The time of the run.
    #[must_use]
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn note(&self, acknowledged: Acknowledged) {
        lock(&self.ledger).push(acknowledged);
    }

    fn note_refusal(&self, code: &str) {
        *lock(&self.refused).entry(code.to_owned()).or_default() += 1;
    }
}

/// How somebody talks.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
    /// Messages on their way at once.
    pub(crate) in_flight_max: usize,
    /// Pause between two things that are done, in milliseconds.
    pub(crate) pause_ms: std::ops::Range<u64>,
    /// Whether messages go by plain requests instead of the socket.
    pub(crate) by_http: bool,
}

/// Somebody.
pub(crate) struct Person {
    /// The number of the account.
    pub(crate) account: i64,
    asker: Asker,
    manner: Manner,
    random: fastrand::Rng,
    stage: Stage,
    notes: Notes,
    line: Option<Line>,
    counts_as_busy: bool,
}

impl Person {
    /// Somebody who is signed in and reaches the server at an address.
    #[must_use]
    pub(crate) fn new(
        account: i64,
        name: &str,
        token: &str,
        address: SocketAddr,
        manner: Manner,
        stage: Stage,
    ) -> Self {
        Self {
            account,
            asker: Asker { address, token: Some(token.to_owned()) },
            random: fastrand::Rng::with_seed(manner.seed),
            manner,
            notes: Notes::new(account, name),
            stage,
            line: None,
            counts_as_busy: false,
        }
    }

    /// Talks until it is time to leave. Gives what is remembered.
    pub(crate) async fn live(mut self) -> History {
        while *self.stage.mode.borrow() != Mode::Leave {
            // A broken line is what this is about: what was not acknowledged is said again on the next one.
            let _ = self.connect_and_talk().await;
            self.line = None;
            self.notes.hung_up();
            if *self.stage.mode.borrow() != Mode::Leave {
                sleep(Duration::from_millis(self.random.u64(RECONNECT_MS))).await;
            }
        }
        self.notes.into_history()
    }

    async fn connect_and_talk(&mut self) -> Result<()> {
        timeout(WELCOME_PATIENCE, self.connect()).await??;
        for id in self.notes.not_begun() {
            self.catch_up(id).await?;
        }
        for task in self.notes.unanswered() {
            self.say(task).await?;
        }
        let mut mode = self.stage.mode.clone();
        let mut next_deed = Instant::now() + self.pause();
        loop {
            let now = *mode.borrow_and_update();
            self.tell_whether_busy();
            match now {
                Mode::Talk => {}
                Mode::Listen => self.tell_positions(),
                Mode::Leave => return Ok(()),
            }
            let Some(line) = self.line.as_mut() else { return Err("no line".into()) };
            let wait = next_deed.saturating_duration_since(Instant::now());
            tokio::select! {
                frame = line.next() => {
                    let frame = frame?;
                    self.hear(frame).await?;
                }
                _ = mode.changed() => {}
                () = sleep(wait) => {
                    next_deed = Instant::now() + self.pause();
                    for task in self.notes.overdue(ACK_PATIENCE) {
                        self.say(task).await?;
                    }
                    if now == Mode::Talk {
                        self.do_something().await?;
                    } else if self.manner.by_http {
                        self.post_what_is_left().await?;
                    }
                }
            }
        }
    }

    fn pause(&mut self) -> Duration {
        Duration::from_millis(self.random.u64(self.manner.pause_ms.clone()))
    }

    fn tell_whether_busy(&mut self) {
        let is_busy = self.notes.is_waiting();
        if is_busy != self.counts_as_busy {
            self.counts_as_busy = is_busy;
            if is_busy {
                self.stage.busy.fetch_add(1, Ordering::SeqCst);
            } else {
                self.stage.busy.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    fn tell_positions(&self) {
        let mut positions = lock(&self.stage.positions);
        positions.retain(|(account, _), _| *account != self.account);
        positions.extend(self.notes.positions().map(|(id, rev)| ((self.account, id.0), rev)));
    }

    async fn connect(&mut self) -> Result<()> {
        let mut line =
            Line::open(self.asker.address, self.asker.token.as_deref().unwrap_or_default()).await?;
        let resume = self.notes.cursors().map(|(epoch, cursors)| Resume { epoch, cursors });
        let resume = resume.map(|resume| json!({ "epoch": resume.epoch, "cursors": resume.cursors }));
        line.say(&json!({ "op": "hello", "resume": resume })).await?;
        let number = self.stage.connections.fetch_add(1, Ordering::Relaxed);
        self.notes.connected(u32::try_from(number).unwrap_or(u32::MAX));
        let ServerFrame::Welcome(welcome) = line.next().await? else {
            return Err(format!("{} was not welcomed first", self.account).into());
        };
        self.line = Some(line);
        self.welcomed(&welcome)
    }

    fn welcomed(&mut self, welcome: &Welcome) -> Result<()> {
        if welcome.has_more {
            return Err("more conversations than a run has".into());
        }
        let listed = welcome.conversations.iter().map(|summary| (summary.details.id, summary.last_rev));
        self.notes.welcomed(&welcome.epoch, listed);
        Ok(())
    }

    async fn hear(&mut self, frame: ServerFrame) -> Result<()> {
        match frame {
            ServerFrame::Ack(ack) => {
                let now = self.stage.now();
                if let Some(cid) = ack.cid
                    && let Some(to) =
                        self.notes.acknowledged(&cid, now, ack.seq, ack.rev, ack.id.map_or(0, |id| id.0))
                {
                    self.stage.note(Acknowledged { of: to.0, seq: ack.seq, cid });
                }
            }
            ServerFrame::Nack(nack) => {
                match nack.cid {
                    Some(cid) => {
                        if nack.is_final {
                            self.stage.note_refusal(nack.code.as_str());
                        }
                        self.notes.refused(&cid, nack.is_final);
                    }
                    // A receipt or so, which the next one makes up for.
                    None if !nack.is_final => {}
                    None => return Err(format!("a frame of ours is refused: {:?}", nack.code).into()),
                }
            }
            ServerFrame::Event(event) => self.hear_event(event).await?,
            ServerFrame::Changes(changes) => self.hear_changes(changes).await?,
            ServerFrame::Lag(lag) => self.catch_up(lag.conversation).await?,
            ServerFrame::Membership(notice) => {
                if notice.state == MembershipState::Active {
                    self.notes.let_in(notice.conversation);
                    self.catch_up(notice.conversation).await?;
                } else {
                    self.notes.put_out(notice.conversation);
                }
            }
            ServerFrame::Goaway(goaway) => {
                lock(&self.stage.farewells).push(goaway.retry_ms);
                sleep(Duration::from_millis(goaway.retry_ms.min(200))).await;
                return Err("told to go".into());
            }
            _ => {}
        }
        Ok(())
    }

    async fn hear_event(&mut self, frame: EventFrame) -> Result<()> {
        if !self.notes.heard(&frame) {
            self.catch_up(frame.conversation).await?;
        }
        Ok(())
    }

    async fn hear_changes(&mut self, frame: ChangesFrame) -> Result<()> {
        let id = frame.conversation;
        self.notes.apply(id, frame.since, frame.head, frame.messages);
        if frame.has_more {
            self.catch_up(id).await?;
        }
        Ok(())
    }

    /// Asks for what changed since the copy, until it is all there.
    async fn catch_up(&mut self, id: ConversationId) -> Result<()> {
        while let Some(since) = self.notes.cursor(id) {
            let path = format!("/api/v1/conversations/{id}/changes?since={since}");
            let answer = self.asker.ask(Method::GET, &path, None).await?;
            if answer.is_refusal() {
                // Put out meanwhile; the notice is on its way.
                return Ok(());
            }
            let changes: Changes = answer.read()?;
            self.notes.apply(id, since, changes.head, changes.messages);
            // Below what was asked for: that history is gone, and the copy with it.
            if !changes.has_more && changes.head >= since {
                break;
            }
        }
        Ok(())
    }

    async fn do_something(&mut self) -> Result<()> {
        if self.random.u8(0..100) < 10
            && let Some(id) = self.random.choice(self.notes.former())
        {
            return self.try_where_one_was(id).await;
        }
        let Some(id) = self.random.choice(self.notes.conversations()) else { return Ok(()) };
        match self.random.u8(0..100) {
            0..5 => self.change_own(id, true).await,
            5..9 => self.change_own(id, false).await,
            9..14 => self.read_page(id).await,
            14..19 => self.mark_read(id).await,
            _ if self.notes.waiting() >= self.manner.in_flight_max => {
                if self.manner.by_http {
                    self.post_what_is_left().await
                } else {
                    Ok(())
                }
            }
            _ => {
                let filler = "x".repeat(self.random.usize(0..200));
                let task = self.notes.begin(id, &filler, self.stage.now());
                if self.manner.by_http { self.post(task).await } else { self.say(task).await }
            }
        }
    }

    async fn say(&mut self, task: Task) -> Result<()> {
        if self.manner.by_http {
            return self.post(task).await;
        }
        let line = self.line.as_mut().ok_or("no line")?;
        let frame = json!({ "op": "send", "cid": task.cid, "conversation": task.to, "body": task.text });
        line.say(&frame).await
    }

    async fn post_what_is_left(&mut self) -> Result<()> {
        for task in self.notes.unanswered() {
            self.post(task).await?;
        }
        Ok(())
    }

    async fn post(&mut self, task: Task) -> Result<()> {
        let path = format!("/api/v1/conversations/{}/messages", task.to);
        let body = json!({ "cid": task.cid, "body": task.text });
        let answer = self.asker.ask(Method::POST, &path, Some(body)).await?;
        if answer.status.is_success() {
            let message: Message = answer.read()?;
            let now = self.stage.now();
            let known = self.notes.acknowledged(&task.cid, now, message.seq, message.rev, message.id.0);
            if let Some(to) = known {
                self.stage.note(Acknowledged { of: to.0, seq: message.seq, cid: task.cid });
            }
        } else {
            if answer.is_refusal() {
                self.stage.note_refusal(answer.code());
            }
            self.notes.refused(&task.cid, answer.is_refusal());
        }
        Ok(())
    }

    /// Edits or deletes a message of one's own.
    async fn change_own(&mut self, id: ConversationId, edit: bool) -> Result<()> {
        let Some((message, seq)) = self.notes.own_message(id, &mut self.random) else { return Ok(()) };
        let text = edit.then(|| self.notes.new_text());
        let deed = text.clone().map_or(Deed::Delete, Deed::Edit);
        let noted = self.notes.change_begun(id, seq, deed, self.stage.now());
        let path = format!("/api/v1/messages/{message}");
        let answer = match text {
            Some(text) => self.asker.ask(Method::PATCH, &path, Some(json!({ "body": text }))).await?,
            None => self.asker.ask(Method::DELETE, &path, None).await?,
        };
        if answer.status.is_success() {
            let message: Message = answer.read()?;
            self.notes.change_done(noted, self.stage.now(), message.seq, message.rev);
        } else if answer.is_refusal() {
            self.notes.change_refused(noted);
        }
        Ok(())
    }

    /// Says something where one may no longer be, or looks what is going on there.
    async fn try_where_one_was(&mut self, id: ConversationId) -> Result<()> {
        if self.random.bool() && self.notes.waiting() < self.manner.in_flight_max {
            let task = self.notes.begin(id, "still here", self.stage.now());
            return self.say(task).await;
        }
        let asked = self.stage.now();
        let path = format!("/api/v1/conversations/{id}/changes?since=0");
        if self.asker.ask(Method::GET, &path, None).await?.status.is_success() {
            self.notes.peeked(id, asked, self.stage.now());
        }
        Ok(())
    }

    async fn read_page(&mut self, id: ConversationId) -> Result<()> {
        let last = self.notes.last_seq(id);
        let after = (last - self.random.i64(0..2 * PAGE_LEN)).max(0);
        let asked = self.stage.now();
        let path = format!("/api/v1/conversations/{id}/messages?after={after}&limit={PAGE_LEN}");
        let answer = self.asker.ask(Method::GET, &path, None).await?;
        if answer.status.is_success() {
            let page: Page = answer.read()?;
            self.notes.page(id, asked, self.stage.now(), after, page);
        }
        Ok(())
    }

    async fn mark_read(&mut self, id: ConversationId) -> Result<()> {
        let seq = self.notes.last_seq(id);
        let line = self.line.as_mut().ok_or("no line")?;
        if seq > 0 {
            line.say(&json!({ "op": "read", "conversation": id, "seq": seq })).await?;
        }
        Ok(())
    }
}

/// The membership of somebody among those of a list.
#[must_use]
pub(crate) fn membership_of(list: &[Membership], account: i64) -> Option<&Membership> {
    list.iter().find(|membership| membership.account.id.0 == account)
}
