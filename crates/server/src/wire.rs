//! The wire under every WebSocket door: reading frames, writing many at once, ending with a code that says why; with the
//! rate of frames in `bucket` and the watch on the session in `session`.

pub(crate) mod bucket;
pub(crate) mod session;

use crate::{
    app::App,
    http::{
        around::ClientAddress,
        error::{Answer, Refusal},
        limits::Place,
    },
};
use axum::extract::{
    WebSocketUpgrade,
    ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
};
use bytes::Bytes;
use chat::{Rate, sync::PING_INTERVAL_MS};
use futures_util::SinkExt;
use protocol::{ErrorCode, ServerFrame};
use realtime::{CloseReason, Told};
use std::{sync::Arc, time::Duration};
use tokio::time::{sleep, timeout};
use tungstenite::error::{CapacityError, Error as WireError};

/// What one read asks the system for. The library's own 128 KiB would be most of what an idle connection costs.
const READ_BUFFER_LEN: usize = 4096;

/// So much is gathered before it is written: a full queue leaves in some tens of system calls instead of hundreds, and
/// the buffer, which a connection keeps, stays small.
const WRITE_BUFFER_LEN: usize = 16 * 1024;

/// No frame of ours is longer. Five hundred changes with the longest messages, all of it escaped, stay below.
const FRAME_OUT_LEN_MAX: usize = 64 * 1024 * 1024;

/// How often the other end is asked whether it is there.
pub(crate) const PING_INTERVAL: Duration = Duration::from_millis(PING_INTERVAL_MS);

/// Nothing heard for so long, not even the answer to a ping: the other end is gone. One ping interval and some patience.
pub(crate) const SILENCE_MAX: Duration = Duration::from_secs(35);

/// More frames over the rate than this end the connection: it does not listen to refusals.
pub(crate) const REFUSALS: Rate = Rate::new(10, 1, 1000);

/// How long the other end may take to answer a close.
const GOODBYE: Duration = Duration::from_secs(2);

/// How long a connection stays open after a close that nobody can answer, so that its reason arrives.
const LINGER: Duration = Duration::from_millis(500);

/// An upgrade with the buffers and bounds that every WebSocket here has.
pub(crate) fn bounded(upgrade: WebSocketUpgrade, app: &App) -> WebSocketUpgrade {
    let frame_bytes_max = app.settings.frame_bytes_max;
    upgrade
        .read_buffer_size(READ_BUFFER_LEN)
        .write_buffer_size(WRITE_BUFFER_LEN)
        .max_write_buffer_size(FRAME_OUT_LEN_MAX)
        .max_message_size(frame_bytes_max)
        .max_frame_size(frame_bytes_max)
}

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

    /// Whether the other end may still be sending what we do not read any more. Hanging up on it at once would throw away
    /// our last frame at its side.
    fn leaves_unread(self) -> bool {
        matches!(self, Self::TooLarge | Self::NotText | Self::NotUnderstood)
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
    Text(Utf8Bytes),
    Binary,
    /// A ping, which is answered below us, or the answer to one of ours.
    Sign,
}

/// One WebSocket.
pub(crate) struct Wire {
    socket: WebSocket,
}

impl Wire {
    pub(crate) fn new(socket: WebSocket) -> Self {
        Self { socket }
    }

    /// The next frame. Cancel safe.
    pub(crate) async fn next(&mut self) -> Result<Heard, End> {
        match self.socket.recv().await {
            Some(Ok(Message::Text(text))) => Ok(Heard::Text(text)),
            Some(Ok(Message::Binary(_))) => Ok(Heard::Binary),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Heard::Sign),
            Some(Ok(Message::Close(_))) => Err(Close::Done.into()),
            Some(Err(error)) => Err(end_of(error)),
            None => Err(End::Gone),
        }
    }

    /// Adds a frame to what the next [`Wire::flush`] writes. Whether the other end takes it is watched below us, by the
    /// connection's own write timeout, which knows slow from stuck.
    pub(crate) async fn feed(&mut self, frame: &ServerFrame) -> Result<(), End> {
        // Our own frames always serialise: plain structs with string keys.
        self.feed_text(serde_json::to_string(frame).unwrap_or_default()).await
    }

    /// The same for a frame in other words.
    pub(crate) async fn feed_text(&mut self, text: impl Into<Utf8Bytes>) -> Result<(), End> {
        self.socket.feed(Message::Text(text.into())).await.map_err(end_of)
    }

    /// Adds frames that the hub told, shared with everyone else who hears them.
    pub(crate) async fn feed_told(&mut self, frames: &[Arc<Told>]) -> Result<(), End> {
        for told in frames {
            // JSON is valid UTF-8.
            let text = Utf8Bytes::try_from(told.json().clone()).unwrap_or_default();
            self.socket.feed(Message::Text(text)).await.map_err(end_of)?;
        }
        Ok(())
    }

    /// Writes everything that was fed.
    pub(crate) async fn flush(&mut self) -> Result<(), End> {
        self.socket.flush().await.map_err(end_of)
    }

    /// Writes one frame.
    pub(crate) async fn say(&mut self, frame: &ServerFrame) -> Result<(), End> {
        self.feed(frame).await?;
        self.flush().await
    }

    pub(crate) async fn ping(&mut self) -> Result<(), End> {
        self.socket.send(Message::Ping(Bytes::new())).await.map_err(end_of)
    }

    /// Says why, waits a moment for the answer so that what was written last arrives, and hangs up.
    pub(crate) async fn close(mut self, close: Close) {
        let (code, reason) = close.code_and_reason();
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        let goodbye = async {
            // Fails when the other end said goodbye first; reading on sends it our answer.
            let _ = self.socket.send(Message::Close(Some(frame))).await;
            // What still comes was sent before the other end knew.
            while let Some(Ok(_)) = self.socket.recv().await {}
            if close.leaves_unread() {
                sleep(LINGER).await;
            }
        };
        // In time or not, nothing follows.
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

/// What a failed read or write says about the end of the connection.
fn end_of(error: axum::Error) -> End {
    match error.into_inner().downcast_ref::<WireError>() {
        Some(WireError::Capacity(CapacityError::MessageTooLong { .. })) => Close::TooLarge.into(),
        Some(WireError::Utf8(_)) => Close::NotText.into(),
        Some(WireError::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => {
            End::Gone
        }
        Some(WireError::Protocol(_)) => Close::NotUnderstood.into(),
        _ => End::Gone,
    }
}
