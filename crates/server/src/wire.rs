//! The wire under every WebSocket door: reading frames, writing many at once, ending with a code that says why. The protocol's
//! `frames` and the `upgrade` that begins it, what waits to be written in `out`, the rate of frames in `bucket` and the watch
//! on the session in `session`.

pub(crate) mod bucket;
mod frames;
mod out;
pub(crate) mod session;
mod upgrade;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use frames::fuzzing;
pub(crate) use upgrade::{NoUpgrade, Upgrade, say_what_is_spoken};

use crate::{
    app::App,
    http::{
        around::ClientAddress,
        error::{Answer, Refusal},
        limits::Place,
        listener::Stream,
    },
};
use chat::{Rate, sync::PING_INTERVAL_MS};
use frames::{Incoming, Opcode, Reader, Wrong};
use out::Out;
use protocol::{ErrorCode, ServerFrame};
use realtime::{CloseReason, Frames, Told};
use std::{
    future::poll_fn,
    mem::MaybeUninit,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf},
    time::timeout,
};

/// What one read asks the system for. It is only lent for the read: an idle connection holds nothing of it.
const READ_LEN: usize = 4096;

/// How often the other end is asked whether it is there.
pub(crate) const PING_INTERVAL: Duration = Duration::from_millis(PING_INTERVAL_MS);

/// Nothing heard for so long, not even the answer to a ping: the other end is gone. One ping interval and some patience.
pub(crate) const SILENCE_MAX: Duration = Duration::from_secs(35);

/// More frames over the rate than this end the connection: it does not listen to refusals.
pub(crate) const REFUSALS: Rate = Rate::new(10, 1, 1000);

/// How long the other end may take to answer a close.
const GOODBYE: Duration = Duration::from_secs(2);

/// The place of somebody who came through a proxy, to be kept as long as the socket: the connection itself is the proxy's.
/// Refuses while stopping, and an address that has too many.
pub(crate) fn place(app: &App, address: ClientAddress) -> Answer<Option<Place>> {
    if app.stopping.has_begun() {
        return Err(Refusal::new(ErrorCode::Stopping));
    }
    if !address.behind_proxy {
        return Ok(None);
    }
    let place = app.places.take_behind_proxy(address.ip);
    let why = "this address has too many connections";
    place.map(Some).ok_or_else(|| Refusal::new(ErrorCode::RateLimited).detail(why))
}

/// Why the server ends a connection: the code of the close frame and a word for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Close {
    /// The client said goodbye first.
    Done,
    NotUnderstood,
    NotText,
    NotAuthenticated,
    TooLarge,
    Trouble,
    Stopping,
    SessionEnded,
    /// The connection was for one conversation.
    NotAMember,
    TooSlow,
    TooMany,
}

impl Close {
    fn code_and_reason(self) -> (u16, &'static str) {
        match self {
            Self::Done => (1000, "done"),
            Self::NotUnderstood => (1002, "this is not the WebSocket protocol"),
            Self::NotText => (1007, "text frames must be valid UTF-8"),
            Self::NotAuthenticated => (1008, "not authenticated"),
            Self::TooLarge => (1009, "the frame is too large"),
            Self::Trouble => (1011, "the server is in trouble, try again"),
            Self::Stopping => (1012, "the server is stopping"),
            Self::SessionEnded => (4001, "the session ended"),
            Self::NotAMember => (4003, "not a member any more"),
            Self::TooSlow => (4008, "too slow"),
            Self::TooMany => (4029, "too many"),
        }
    }

    /// How a handshake that was refused ends.
    pub(crate) fn of_refusal(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Stopping => Self::Stopping,
            ErrorCode::LimitReached | ErrorCode::RateLimited => Self::TooMany,
            code if code.is_retriable() => Self::Trouble,
            _ => Self::NotAuthenticated,
        }
    }
}

impl From<CloseReason> for Close {
    fn from(reason: CloseReason) -> Self {
        match reason {
            CloseReason::SessionEnded => Self::SessionEnded,
            CloseReason::TooSlow => Self::TooSlow,
            CloseReason::Stopping => Self::Stopping,
            CloseReason::Unsure => Self::Trouble,
        }
    }
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// By us, with a close frame.
    Close(Close),
    /// The other end is gone, or takes nothing any more: there is nobody to tell.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// What came in.
pub(crate) enum Heard {
    Text(String),
    Binary,
    /// A ping, which is answered here, the answer to one of ours, or a part of a message that goes on.
    Sign,
}

impl From<Wrong> for Close {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Protocol => Self::NotUnderstood,
            Wrong::NotText => Self::NotText,
            Wrong::TooLarge => Self::TooLarge,
        }
    }
}

/// One WebSocket.
pub(crate) struct Wire {
    stream: Stream,
    reader: Reader,
    out: Out,
    /// The other end said goodbye, with this code.
    goodbye: Option<Option<u16>>,
}

impl Wire {
    /// `early`: what came together with the handshake. No message of the client's may be longer than so many bytes.
    fn new(stream: Stream, early: &[u8], message_bytes_max: usize) -> Self {
        let mut reader = Reader::new(message_bytes_max);
        reader.feed(early);
        Self { stream, reader, out: Out::default(), goodbye: None }
    }

    /// The next frame. Cancel safe.
    pub(crate) async fn next(&mut self) -> Result<Heard, End> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// The same for a task that waits for more than this.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Heard, End>> {
        // A ping was answered, perhaps.
        ready!(self.poll_flush(context))?;
        loop {
            match self.reader.next() {
                Ok(Some(incoming)) => return Poll::Ready(self.understand(incoming)),
                Ok(None) => ready!(self.poll_read(context))?,
                Err(wrong) => return Poll::Ready(Err(Close::from(wrong).into())),
            }
        }
    }

    fn understand(&mut self, incoming: Incoming) -> Result<Heard, End> {
        match incoming {
            Incoming::Text(text) => Ok(Heard::Text(text)),
            Incoming::Binary => Ok(Heard::Binary),
            Incoming::Part | Incoming::Pong => Ok(Heard::Sign),
            Incoming::Ping(payload) => {
                // Written before anything else is read, so that answers do not gather.
                self.out.push(frames::frame(Opcode::Pong, &payload));
                Ok(Heard::Sign)
            }
            Incoming::Close(code) => {
                self.goodbye = Some(code);
                Err(Close::Done.into())
            }
        }
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Result<(), End>> {
        let mut lent = [MaybeUninit::uninit(); READ_LEN];
        let mut buffer = ReadBuf::uninit(&mut lent);
        let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
        if read.is_err() || buffer.filled().is_empty() {
            return Poll::Ready(Err(End::Gone));
        }
        self.reader.feed(buffer.filled());
        Poll::Ready(Ok(()))
    }

    /// Adds a frame to what the next [`Wire::flush`] writes. Whether the other end takes it is watched below us, by the
    /// connection's own write timeout, which knows slow from stuck.
    pub(crate) fn feed(&mut self, frame: &ServerFrame) {
        // Our own frames always serialise: plain structs with string keys.
        self.out.push(frames::frame(Opcode::Text, &serde_json::to_vec(frame).unwrap_or_default()));
    }

    /// The same for a frame in other words.
    pub(crate) fn feed_text(&mut self, text: &str) {
        self.out.push(frames::frame(Opcode::Text, text.as_bytes()));
    }

    /// Adds frames that the hub told: made once, and shared with everyone else who hears them.
    pub(crate) fn feed_told(&mut self, told: &Frames) {
        for bundle in told.bundles() {
            let write = |told: &[Arc<Told>]| frames::many(Opcode::Text, told.iter().map(|told| told.json()));
            self.out.push(bundle.written(write).clone());
        }
    }

    /// Writes everything that was fed. Cancel safe.
    pub(crate) async fn flush(&mut self) -> Result<(), End> {
        poll_fn(|context| self.poll_flush(context)).await
    }

    /// The same for a task that waits for more than this.
    pub(crate) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.out.is_empty() {
            return Poll::Ready(Ok(()));
        }
        self.out.poll_write(context, &mut self.stream).map_err(|_| End::Gone)
    }

    /// Gives back the room for what is to be written: 128 bytes that are worth keeping only where frames follow each other.
    pub(crate) fn rest(&mut self) {
        self.out.rest();
    }

    /// Writes one frame.
    pub(crate) async fn say(&mut self, frame: &ServerFrame) -> Result<(), End> {
        self.feed(frame);
        self.flush().await
    }

    /// Asks whether the other end is there.
    pub(crate) async fn ping(&mut self) -> Result<(), End> {
        self.out.push(frames::frame(Opcode::Ping, &[]));
        self.flush().await
    }

    /// Says why, waits a moment for the answer so that what was written last arrives, and hangs up.
    pub(crate) async fn close(mut self, close: Close) {
        // In time or not, nothing follows.
        let _ = timeout(GOODBYE, self.say_goodbye(close)).await;
    }

    async fn say_goodbye(&mut self, close: Close) -> Result<(), End> {
        let (code, reason) = close.code_and_reason();
        // Who said it first is answered with the same code (RFC 6455, 5.5.1).
        let frame = match self.goodbye {
            Some(code) => frames::close(code, ""),
            None => frames::close(Some(code), reason),
        };
        self.out.push(frame);
        self.flush().await?;
        if self.goodbye.is_none() {
            // What still comes was sent before the other end knew.
            while self.next().await.is_ok() {}
        }
        // What cannot be understood any more is read there, and thrown away.
        self.stream.shutdown().await.map_err(|_| End::Gone)
    }
}
