//! One session: what came in and waits to be heard, what waits to be sent, and which transport carries it.
//! Requests and WebSockets come and go; the session is what they have in common, and one task speaks for it.
//!
//! Everything that can be waited for is a look at the state under its lock, repeated when the bell rings: nothing that
//! happens between a look and the wait for the next is missed.

mod claims;

use super::{
    engine::{CLOSE, Incoming, Malformed, NOOP, PROBE, Revision},
    payload::{self, Form},
    request::Wrong,
};
use crate::{
    http::limits::Place,
    wire::{Close, End},
};
use axum::response::{IntoResponse, Response};
use claims::{Poll, Post, Probe};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

/// While so much came in and was not looked at yet, nothing more is read.
const INBOX_LEN_MAX: usize = 64;
const INBOX_BYTES_MAX: usize = 256 * 1024;

/// While more waits than this, nothing is added but the answers to what is under way.
const WAITING_LEN_MAX: usize = 64;
const WAITING_BYTES_MAX: usize = 256 * 1024;

/// A poll that comes while the client tries a WebSocket is soon sent back, so that the client can leave it.
const POLL_WHILE_PROBING: Duration = Duration::from_millis(100);

/// What comes in and is not the transport's own business.
#[derive(Debug)]
pub(crate) enum Heard {
    Packet(String),
    Binary,
    Ping(String),
    /// A packet that is longer than one may be; nothing is kept of it.
    TooLong,
    /// Says nothing but that the other end is there.
    Sign,
}

impl Heard {
    fn len(&self) -> usize {
        match self {
            Self::Packet(text) | Self::Ping(text) => text.len(),
            Self::Binary | Self::TooLong | Self::Sign => 0,
        }
    }
}

/// What carries a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    Polling,
    /// Polling, while the client finds out whether a WebSocket would carry.
    Probing,
    WebSocket,
}

/// See above.
pub(crate) struct Session {
    pub(crate) revision: Revision,
    packet_bytes_max: usize,
    state: Mutex<State>,
    bell: watch::Sender<()>,
}

struct State {
    inbox: VecDeque<Heard>,
    inbox_bytes: usize,
    waiting: VecDeque<Arc<str>>,
    waiting_bytes: usize,
    /// Since when the oldest of it waits.
    waiting_since: Option<Instant>,
    transport: Transport,
    /// A request waits for something to say.
    polling: bool,
    /// A request brings something.
    posting: bool,
    ended: Option<End>,
    /// A transport took the last word.
    end_told: bool,
    heard_at: Instant,
    /// Of a session without a connection of its own.
    place: Option<Place>,
}

/// Why a request has no business here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unwanted {
    /// Another request polls, or posts, already.
    Overlap,
    /// The session goes by another transport.
    Transport,
    /// What was posted cannot be read.
    Malformed,
}

impl Unwanted {
    /// Of two requests at once each has a part of what was said, so the session is lost.
    pub(super) fn into_response(self, session: &Session) -> Response {
        if self == Self::Overlap {
            session.leave(End::Gone);
        }
        Wrong::Request.into_response()
    }
}

impl From<Malformed> for Unwanted {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// What a WebSocket has to do.
pub(super) enum Taken {
    Packets(Vec<Arc<str>>),
    /// Everything was said.
    End(End),
}

impl Session {
    /// A session by polling, with the place that it holds. No packet of the client's may be longer than so many bytes.
    pub(super) fn polling(revision: Revision, packet_bytes_max: usize, place: Place) -> Self {
        Self::new(revision, packet_bytes_max, Transport::Polling, Some(place))
    }

    /// A session by a WebSocket, which holds a place itself.
    pub(super) fn websocket(revision: Revision, packet_bytes_max: usize) -> Self {
        Self::new(revision, packet_bytes_max, Transport::WebSocket, None)
    }

    fn new(revision: Revision, packet_bytes_max: usize, transport: Transport, place: Option<Place>) -> Self {
        let state = State {
            inbox: VecDeque::new(),
            inbox_bytes: 0,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            waiting_since: None,
            transport,
            polling: false,
            posting: false,
            ended: None,
            end_told: false,
            heard_at: Instant::now(),
            place,
        };
        Self { revision, packet_bytes_max, state: Mutex::new(state), bell: watch::Sender::new(()) }
    }

    /// Adds a packet to what waits. A session that has ended takes none.
    pub(crate) fn say(&self, packet: impl Into<Arc<str>>) {
        self.change(|state| state.append(packet.into()));
    }

    /// The same for what may be lost, which it is when much waits already.
    pub(crate) fn mention(&self, packet: Arc<str>) {
        self.change(|state| {
            if state.has_room() {
                state.append(packet);
            }
        });
    }

    /// Ends it: what waits is still sent, and nothing comes after it. The first word counts.
    pub(crate) fn end(&self, end: End) {
        self.change(|state| {
            state.ended.get_or_insert(end);
        });
    }

    /// The other end has gone: what it said before is still heard, and nobody is left to be told anything.
    pub(super) fn leave(&self, end: End) {
        self.change(|state| {
            state.ended.get_or_insert(end);
            state.end_told = true;
        });
    }

    /// Waits until the client was told that it has ended, and everything before that.
    pub(crate) async fn end_told(&self) {
        self.when(|state| state.end_told.then_some(())).await;
    }

    /// Whether more may be said. When it has ended nothing is added any more, so nothing has to wait.
    pub(crate) fn has_room(&self) -> bool {
        self.state().has_room()
    }

    /// Waits until more may be said.
    pub(crate) async fn room(&self) {
        self.when(|state| state.has_room().then_some(())).await;
    }

    /// Something came, whatever it was.
    pub(super) fn sign_of_life(&self) {
        self.state().heard_at = Instant::now();
    }

    /// When something last came.
    pub(crate) fn heard_at(&self) -> Instant {
        self.state().heard_at
    }

    /// Since when something waits that no transport has taken.
    pub(crate) fn waiting_since(&self) -> Option<Instant> {
        self.state().waiting_since
    }

    /// The next that came in, or the end when everything before it was heard. Takes nothing unless it is returned.
    pub(crate) async fn heard(&self) -> Result<Heard, End> {
        self.when(|state| state.take_heard().map(Ok).or(state.ended.map(Err))).await
    }

    /// Waits until something may be received, or nothing comes any more.
    pub(super) async fn inbox_room(&self) {
        self.when(|state| (state.inbox_has_room() || state.ended.is_some()).then_some(())).await;
    }

    /// Takes a packet that came in.
    pub(super) fn receive(&self, packet: Incoming) {
        self.sign_of_life();
        let heard = match packet {
            Incoming::Close => return self.leave(Close::Done.into()),
            Incoming::Ping(text) => Heard::Ping(text),
            Incoming::Message(text) => Heard::Packet(text),
            Incoming::Binary => Heard::Binary,
            Incoming::Pong | Incoming::Upgrade | Incoming::Noop => Heard::Sign,
        };
        let heard = if heard.len() > self.packet_bytes_max { Heard::TooLong } else { heard };
        self.change(|state| state.keep(heard));
    }

    /// Reads a body that was posted. While much waits to be heard, the client waits too.
    pub(super) async fn receive_body(&self, form: Form, body: &[u8]) -> Result<(), Unwanted> {
        let post = Post::begin(self)?;
        for packet in payload::decode(self.revision, form, body)? {
            self.inbox_room().await;
            self.receive(packet);
        }
        post.finish();
        Ok(())
    }

    /// Waits for something to say, at most so long, and gives the body of the answer.
    pub(super) async fn poll(&self, patience: Duration) -> Result<String, Unwanted> {
        let (poll, probing) = Poll::begin(self)?;
        let patience = if probing { POLL_WHILE_PROBING } else { patience };
        let packets = timeout(patience, self.when(|state| state.for_a_poll(probing))).await;
        drop(poll);
        let packets = packets.unwrap_or_else(|_| vec![NOOP.into()]);
        Ok(payload::encode(self.revision, packets.iter().map(AsRef::as_ref)))
    }

    /// A client tries whether a WebSocket carries, if this is what its first word says.
    pub(super) fn probe(&self, said: &Incoming) -> Option<Probe<'_>> {
        let may = *said == Incoming::Ping(PROBE.to_owned())
            && self.change(|state| {
                let may = state.transport == Transport::Polling && state.ended.is_none();
                if may {
                    state.transport = Transport::Probing;
                }
                may
            });
        may.then(|| Probe(self))
    }

    /// Waits for something to send by the WebSocket. Takes nothing unless it is returned.
    pub(super) async fn take(&self) -> Taken {
        self.when(|state| {
            if state.waiting.is_empty() {
                state.end_told = state.ended.is_some();
                return state.ended.map(Taken::End);
            }
            Some(Taken::Packets(state.take_all()))
        })
        .await
    }

    async fn when<T>(&self, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        let mut bell = self.bell.subscribe();
        loop {
            let found = look(&mut self.state());
            if let Some(found) = found {
                self.bell.send_replace(());
                return found;
            }
            // It cannot fail: the sender lives in `self`.
            let _ = bell.changed().await;
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let given = change(&mut self.state());
        self.bell.send_replace(());
        given
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No change can panic half way, so a poisoned state is as good as any.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn has_room(&self) -> bool {
        self.ended.is_some() || self.waiting.len() < WAITING_LEN_MAX && self.waiting_bytes < WAITING_BYTES_MAX
    }

    fn inbox_has_room(&self) -> bool {
        self.inbox.len() < INBOX_LEN_MAX && self.inbox_bytes < INBOX_BYTES_MAX
    }

    fn keep(&mut self, heard: Heard) {
        if self.ended.is_none() {
            self.inbox_bytes += heard.len();
            self.inbox.push_back(heard);
        }
    }

    fn take_heard(&mut self) -> Option<Heard> {
        let heard = self.inbox.pop_front()?;
        self.inbox_bytes = self.inbox_bytes.saturating_sub(heard.len());
        Some(heard)
    }

    fn append(&mut self, packet: Arc<str>) {
        if self.ended.is_none() {
            self.waiting_bytes += packet.len();
            self.waiting.push_back(packet);
            self.waiting_since.get_or_insert_with(Instant::now);
        }
    }

    fn take_all(&mut self) -> Vec<Arc<str>> {
        self.waiting_bytes = 0;
        self.waiting_since = None;
        Vec::from(std::mem::take(&mut self.waiting))
    }

    /// What a request that polls is answered, if there is something already.
    fn for_a_poll(&mut self, began_while_probing: bool) -> Option<Vec<Arc<str>>> {
        if self.transport == Transport::WebSocket {
            return Some(vec![NOOP.into()]);
        }
        let packets = self.take_all();
        if !packets.is_empty() {
            return Some(packets);
        }
        // The close comes by itself: newer clients look at it before they look at what came with it.
        if self.ended.is_some() {
            self.end_told = true;
            return Some(vec![CLOSE.into()]);
        }
        let is_called_back = self.transport == Transport::Probing && !began_while_probing;
        is_called_back.then(|| vec![NOOP.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Settings, http::limits::Places};
    use tokio::{join, task::yield_now};

    fn session() -> Session {
        let place = Places::new(&Settings::with(&[]).unwrap()).take(None).unwrap();
        Session::polling(Revision::Four, 100, place)
    }

    fn message(text: &str) -> String {
        format!("4{text}")
    }

    #[tokio::test]
    async fn while_much_was_not_heard_yet_a_post_waits_and_another_one_is_refused() {
        let session = session();
        let many = vec![message("a"); INBOX_LEN_MAX + 1].join("\u{1e}");
        let posts = session.receive_body(Form::Letters, many.as_bytes());
        let hears = async {
            while session.state().inbox.len() < INBOX_LEN_MAX {
                yield_now().await;
            }
            let other = session.receive_body(Form::Letters, b"4b").await;
            assert_eq!(other, Err(Unwanted::Overlap));
            for _ in 0..=INBOX_LEN_MAX {
                assert!(matches!(session.heard().await, Ok(Heard::Packet(text)) if text == "a"));
            }
        };
        let (posted, ()) = join!(posts, hears);
        assert_eq!(posted, Ok(()));
    }

    #[tokio::test]
    async fn what_was_said_before_the_end_is_heard_before_it() {
        let session = session();
        let body = [message("a"), message(&"b".repeat(101)), "1".to_owned(), message("c")].join("\u{1e}");
        assert_eq!(session.receive_body(Form::Letters, body.as_bytes()).await, Ok(()));
        assert!(matches!(session.heard().await, Ok(Heard::Packet(text)) if text == "a"));
        assert!(matches!(session.heard().await, Ok(Heard::TooLong)));
        assert!(matches!(session.heard().await, Err(End::Close(Close::Done))));
    }

    #[tokio::test]
    async fn a_post_that_is_cut_off_ends_the_session() {
        let session = session();
        let many = vec![message("a"); INBOX_LEN_MAX + 1].join("\u{1e}");
        let posted = timeout(Duration::ZERO, session.receive_body(Form::Letters, many.as_bytes())).await;
        assert!(posted.is_err());
        assert_eq!(session.state().ended, Some(End::Gone));
    }
}
