//! The socket door: `GET /api/v1/socket`. It turns text frames into commands and what is told into text frames.
//!
//! In the order of a connection's life: the request is looked at here; `hello` finds out who it is; `connection` goes
//! on until one side ends it, with `commands`, the table of what a client may say, the `pipeline` of those under way
//! and a watch on its `session`; all of it on one `wire`.

mod bucket;
mod commands;
mod connection;
mod hello;
mod pipeline;
mod session;
mod wire;

use crate::{
    app::App,
    http::{
        around::ClientAddress,
        error::{Answer, Refusal},
    },
};
use axum::{
    Extension,
    extract::{State, WebSocketUpgrade},
    http::HeaderMap,
    response::Response,
};
use chat::Rate;
use protocol::ErrorCode;
use std::time::Duration;

/// What one read asks the system for. The library's own 128 KiB would be most of what an idle connection costs.
const READ_BUFFER_LEN: usize = 4096;

/// So much is gathered before it is written: a full queue leaves in some tens of system calls instead of hundreds, and
/// the buffer, which a connection keeps, stays small.
const WRITE_BUFFER_LEN: usize = 16 * 1024;

/// No frame of ours is longer. Five hundred changes with the longest messages, all of it escaped, stay below.
const FRAME_OUT_LEN_MAX: usize = 64 * 1024 * 1024;

/// A client must say hello within this time: it has nothing to wait for, and who is nobody yet should hold no place.
const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// Handshakes that read from the database at the same time; others wait for their turn. After a restart everyone comes
/// back at once, and those who are connected already should not notice.
const HANDSHAKES_MAX: usize = 64;

/// Nothing heard for so long, not even the answer to a ping: the other end is gone. One ping interval and some patience.
const SILENCE_MAX: Duration = Duration::from_secs(35);

/// Commands of one connection under way at the same time; its next frame is not read before. Enough that a program that
/// sends without waiting shares commits, and a small part of what the store queues.
const COMMANDS_MAX: usize = 64;

/// More frames over the rate than this end the connection: it does not listen to refusals.
const REFUSALS: Rate = Rate::new(10, 1, 1000);

/// While stopping, commands under way may take so long to end.
const LAST_COMMANDS: Duration = Duration::from_secs(5);

/// How long the other end may take to answer a close.
const GOODBYE: Duration = Duration::from_secs(2);

/// How long a connection stays open after a close that nobody can answer, so that its reason arrives.
const LINGER: Duration = Duration::from_millis(500);

/// How often a long connection looks whether its session is still good, for what the hub of this process did not hear of:
/// an account that was shut out from the command line. Ten thousand connections ask 170 times a second, a fraction of what
/// the readers can do. It also keeps a session alive whose owner does nothing but listen.
const SESSION_CHECK_MS: i64 = 60 * 1000;

/// When the database could not say whether a session is good, it is asked again after so long.
const SESSION_RETRY_MS: i64 = 30 * 1000;

/// Open the socket.
///
/// A WebSocket with text frames in both directions: the schemas `ClientFrame` and `ServerFrame`. Without the bearer header
/// and the cookie, the token comes with `hello`. The cookie needs an `Origin` header of ours.
#[utoipa::path(get, path = "/socket", operation_id = "openSocket", tag = "socket", security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 101, description = "The socket is open; say `hello`"),
        (status = 400, description = "`invalid_request`: not a WebSocket handshake"),
        (status = 403, description = "`origin_mismatch`"),
        (status = 426, description = "`invalid_request`: the connection cannot become a WebSocket"),
    ))]
pub(crate) async fn open(
    State(app): State<App>,
    Extension(address): Extension<ClientAddress>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Answer<Response> {
    if app.stopping.has_begun() {
        return Err(Refusal::new(ErrorCode::Stopping));
    }
    let credential = app.site.credentials(&headers);
    // Browsers let every page open a socket to us and send the cookie along: only the origin tells ours from others.
    if credential.as_ref().is_some_and(|credential| credential.from_cookie) {
        app.site.require_origin(&headers)?;
    }
    let place = match address.behind_proxy {
        true => Some(app.places.take_behind_proxy(address.ip).ok_or_else(|| {
            Refusal::new(ErrorCode::RateLimited).detail("this address has too many connections")
        })?),
        false => None,
    };
    let frame_bytes_max = app.settings.frame_bytes_max;
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER_LEN)
        .write_buffer_size(WRITE_BUFFER_LEN)
        .max_write_buffer_size(FRAME_OUT_LEN_MAX)
        .max_message_size(frame_bytes_max)
        .max_frame_size(frame_bytes_max);
    Ok(upgrade.on_upgrade(move |socket| async move {
        connection::serve(wire::Wire::new(socket), app, credential).await;
        drop(place);
    }))
}
