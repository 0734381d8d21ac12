//! One session: what waits to be sent, which transport carries it, and the way of what comes in to the task that serves it.
//! Requests and WebSockets come and go; the session is what they have in common, and one task speaks for it.
//!
//! Everything that can be waited for is a look at the state under its lock, repeated when the bell rings: nothing that
//! happens between a look and the wait for the next is missed.

use super::{
    engine::{CLOSE, Incoming, Malformed, NOOP, PROBE, Revision, pong},
    payload::{self, Form},
    request::Wrong,
};
use crate::{
    http::limits::Place,
    wire::{Close, End},
};
use axum::{
    extract::ws::Utf8Bytes,
    response::{IntoResponse, Response},
};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, timeout},
};

/// Packets that came in and were not looked at yet. While there are so many, nothing more is read: each may be as long as a
/// frame may be, and a client that takes no answers keeps them waiting.
const INBOX_LEN: usize = 8;

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
    /// Longer than a packet may be. By WebSocket nothing like it comes in at all; a body that was posted holds many packets
    /// and may be longer.
    TooLong,
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
    inbox: mpsc::Sender<Heard>,
}

struct State {
    waiting: VecDeque<Utf8Bytes>,
    waiting_bytes: usize,
    transport: Transport,
    /// A request waits for something to say.
    polling: bool,
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
    /// Another request polls already.
    Overlap,
    /// The session goes by another transport.
    Transport,
}

impl Unwanted {
    /// Two requests that poll at once: each has a part of what was said, so the session is lost.
    pub(super) fn into_response(self, session: &Session) -> Response {
        if self == Self::Overlap {
            session.end(End::Gone);
        }
        Wrong::Request.into_response()
    }
}

/// What a WebSocket has to do.
pub(super) enum Taken {
    Packets(Vec<Utf8Bytes>),
    /// Everything was said.
    End(End),
}

impl Session {
    /// A session by polling, with the place that it holds.
    pub(super) fn polling(
        revision: Revision,
        packet_bytes_max: usize,
        place: Place,
    ) -> (Self, mpsc::Receiver<Heard>) {
        Self::new(revision, packet_bytes_max, Transport::Polling, Some(place))
    }

    /// A session by a WebSocket, which holds a place itself.
    pub(super) fn websocket(revision: Revision, packet_bytes_max: usize) -> (Self, mpsc::Receiver<Heard>) {
        Self::new(revision, packet_bytes_max, Transport::WebSocket, None)
    }

    fn new(
        revision: Revision,
        packet_bytes_max: usize,
        transport: Transport,
        place: Option<Place>,
    ) -> (Self, mpsc::Receiver<Heard>) {
        let (inbox, heard) = mpsc::channel(INBOX_LEN);
        let state = State {
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            transport,
            polling: false,
            ended: None,
            end_told: false,
            heard_at: Instant::now(),
            place,
        };
        (
            Self {
                revision,
                packet_bytes_max,
                state: Mutex::new(state),
                bell: watch::Sender::new(()),
                inbox,
            },
            heard,
        )
    }

    /// Adds a packet to what waits. A session that has ended takes none.
    pub(crate) fn say(&self, packet: impl Into<Utf8Bytes>) {
        self.change(|state| state.append(packet.into()));
    }

    /// The same for what may be lost, which it is when much waits already.
    pub(crate) fn mention(&self, packet: Utf8Bytes) {
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

    /// Waits until it has ended.
    pub(crate) async fn ended(&self) -> End {
        self.when(|state| state.ended).await
    }

    /// Waits until the client was told that it has ended, and everything before that.
    pub(crate) async fn end_told(&self) {
        self.when(|state| (state.end_told || state.ended == Some(End::Gone)).then_some(())).await;
    }

    /// Whether more may be said.
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

    /// Waits until something may be received.
    pub(super) async fn reserve(&self) -> Option<mpsc::Permit<'_, Heard>> {
        self.inbox.reserve().await.ok()
    }

    /// Does what a packet asks of the transport, and gives the rest back.
    pub(super) fn sort(&self, packet: Incoming) -> Option<Heard> {
        self.sign_of_life();
        match packet {
            Incoming::Close => {
                self.change(|state| state.leave());
                None
            }
            Incoming::Ping(text) | Incoming::Message(text) if text.len() > self.packet_bytes_max => {
                Some(Heard::TooLong)
            }
            Incoming::Ping(text) => Some(Heard::Ping(text)),
            Incoming::Message(text) => Some(Heard::Packet(text)),
            Incoming::Binary => Some(Heard::Binary),
            Incoming::Pong | Incoming::Upgrade | Incoming::Noop => None,
        }
    }

    /// Reads a body that was posted.
    pub(super) async fn receive_body(&self, form: Form, body: &[u8]) -> Result<(), Malformed> {
        let packets = payload::decode(self.revision, form, body).inspect_err(|_| self.end(End::Gone))?;
        for packet in packets {
            if let Some(heard) = self.sort(packet) {
                // Nobody listens any more when it has ended.
                let _ = self.inbox.send(heard).await;
            }
        }
        Ok(())
    }

    /// Waits for something to say, at most so long, and gives the body of the answer.
    pub(super) async fn poll(&self, patience: Duration) -> Result<String, Unwanted> {
        let (poll, probing) = Poll::begin(self)?;
        let patience = if probing { POLL_WHILE_PROBING } else { patience };
        let packets = timeout(patience, self.when(|state| state.for_a_poll(probing))).await;
        drop(poll);
        let packets = packets.unwrap_or_else(|_| vec![Utf8Bytes::from_static(NOOP)]);
        Ok(payload::encode(self.revision, packets.iter().map(Utf8Bytes::as_str)))
    }

    /// Whether requests may still post.
    pub(super) fn goes_by_polling(&self) -> bool {
        self.state().transport != Transport::WebSocket
    }

    /// A client tries whether a WebSocket carries. Gives what to answer to its first word.
    pub(super) fn probe(&self, said: &Incoming) -> Option<String> {
        let Incoming::Ping(text) = said else { return None };
        let may = text == PROBE
            && self.change(|state| {
                let may = state.transport == Transport::Polling && state.ended.is_none();
                if may {
                    state.transport = Transport::Probing;
                }
                may
            });
        may.then(|| pong(text))
    }

    /// It does carry: from now on everything goes there. Says whether it was still wanted.
    pub(super) fn upgrade(&self, keeps_place: bool) -> bool {
        self.change(|state| {
            if state.transport != Transport::Probing {
                return false;
            }
            state.transport = Transport::WebSocket;
            state.heard_at = Instant::now();
            if !keeps_place {
                state.place = None;
            }
            true
        })
    }

    /// It does not: polling goes on.
    pub(super) fn stay(&self) {
        self.change(|state| {
            if state.transport == Transport::Probing {
                state.transport = Transport::Polling;
            }
        });
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
        self.waiting.len() < WAITING_LEN_MAX && self.waiting_bytes < WAITING_BYTES_MAX
    }

    /// The client has gone: nobody is left to be told anything.
    fn leave(&mut self) {
        self.ended.get_or_insert(Close::Done.into());
        self.end_told = true;
    }

    fn append(&mut self, packet: Utf8Bytes) {
        if self.ended.is_none() {
            self.waiting_bytes += packet.len();
            self.waiting.push_back(packet);
        }
    }

    fn take_all(&mut self) -> Vec<Utf8Bytes> {
        self.waiting_bytes = 0;
        Vec::from(std::mem::take(&mut self.waiting))
    }

    /// What a request that polls is answered, if there is something already.
    fn for_a_poll(&mut self, began_while_probing: bool) -> Option<Vec<Utf8Bytes>> {
        if self.transport == Transport::WebSocket {
            return Some(vec![Utf8Bytes::from_static(NOOP)]);
        }
        let packets = self.take_all();
        if !packets.is_empty() {
            return Some(packets);
        }
        // The close comes by itself: newer clients look at it before they look at what came with it.
        if self.ended.is_some() {
            self.end_told = true;
            return Some(vec![Utf8Bytes::from_static(CLOSE)]);
        }
        let is_called_back = self.transport == Transport::Probing && !began_while_probing;
        is_called_back.then(|| vec![Utf8Bytes::from_static(NOOP)])
    }
}

/// A request that polls: there is one at a time.
struct Poll<'a>(&'a Session);

impl<'a> Poll<'a> {
    /// Also says whether the client tries a WebSocket at the moment.
    fn begin(session: &'a Session) -> Result<(Self, bool), Unwanted> {
        let mut state = session.state();
        if state.transport == Transport::WebSocket {
            return Err(Unwanted::Transport);
        }
        if state.polling {
            return Err(Unwanted::Overlap);
        }
        state.polling = true;
        state.heard_at = Instant::now();
        Ok((Self(session), state.transport == Transport::Probing))
    }
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.polling = false);
    }
}
