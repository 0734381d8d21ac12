//! Socket.IO as its clients 1, 2 and from 3 on speak it, by polling and by WebSocket: packets in and packets out. It knows
//! no word of chat; the dialect that uses it gives it a task for each session.
//!
//! From below: `engine` has the packets of the lower layer and `payload` many of them in one body; `packet` has those of
//! the upper layer. A `session` is what a client holds while its transports come and go; `sessions` lists them. A request
//! says in `request` what it asks for.

mod engine;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod packet;
mod payload;
mod request;
mod session;
mod sessions;
mod websocket;

pub(crate) use engine::{Revision, ping, pong};
pub(crate) use packet::{Event, Packet, answer, connected, event, refused, sent_away};
pub(crate) use request::{Asked, Wrong};
pub(crate) use session::{Heard, Session};
pub(crate) use sessions::{Listed, Sessions};

use crate::{
    http::limits::Place,
    random,
    wire::{PING_INTERVAL, SILENCE_MAX, Wire},
};
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use payload::Form;
use std::{sync::Arc, time::Duration};

/// How long a sign of life may take after it was asked for.
const PING_PATIENCE: Duration = SILENCE_MAX.saturating_sub(PING_INTERVAL);

/// Begins a session: its first packet waits to be taken. `place` is that of a session by polling. The client may send
/// packets of so many bytes.
///
/// Errors: `internal`.
pub(crate) fn open(
    sessions: &Arc<Sessions>,
    revision: Revision,
    place: Option<Place>,
    packet_bytes_max: usize,
) -> chat::Result<Listed> {
    let id = random::id()?;
    let may_upgrade = place.is_some();
    let session = match place {
        Some(place) => Session::polling(revision, packet_bytes_max, place),
        None => Session::websocket(revision, packet_bytes_max),
    };
    session.say(engine::open(&id, may_upgrade, PING_INTERVAL, PING_PATIENCE, packet_bytes_max));
    Ok(sessions.list(id, session))
}

/// The session that a request names.
pub(crate) fn find(sessions: &Sessions, sid: &str) -> Result<Arc<Session>, Wrong> {
    sessions.get(sid).ok_or(Wrong::Sid)
}

/// Answers a request that polls, when there is something to say or after so long.
pub(crate) async fn poll(session: &Session, patience: Duration) -> Response {
    match session.poll(patience).await {
        Ok(body) => text(body),
        Err(unwanted) => unwanted.into_response(session),
    }
}

/// Takes a body that was posted.
pub(crate) async fn post(session: &Session, asked: &Asked, headers: &HeaderMap, body: &[u8]) -> Response {
    let kind = headers.get(header::CONTENT_TYPE);
    let form = match asked.only_letters {
        _ if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/octet-stream")) => Form::Bytes,
        true => Form::OnlyLetters,
        false => Form::Letters,
    };
    match session.receive_body(form, body).await {
        Ok(()) => text("ok".to_owned()),
        Err(unwanted) => unwanted.into_response(session),
    }
}

/// Carries a session that began with this WebSocket until it ends.
pub(crate) async fn carry(wire: Wire, session: &Session) {
    websocket::carry(wire, session).await;
}

/// Lets a session by polling go over to this WebSocket if it carries.
pub(crate) async fn try_out(wire: Wire, session: &Session) {
    websocket::try_out(wire, session).await;
}

fn text(body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8")),
        // Private words, and the id by which one speaks for the session.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, body).into_response()
}
