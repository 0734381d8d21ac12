//! The socket door: `GET /api/v1/socket`. It turns text frames into commands and what is told into text frames.
//!
//! In the order of a connection's life: the request is looked at here; `hello` finds out who it is; `connection` goes
//! on until one side ends it, with `commands`, the table of what a client may say, the `pipeline` of those under way
//! and a watch on its `session`; all of it on one `wire`.

mod commands;
mod connection;
mod hello;
mod pipeline;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use commands::fuzzing;

use crate::{
    app::App,
    http::{around::ClientAddress, error::Answer},
    wire::{self, Upgrade},
};
use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use std::time::Duration;

/// A client must say hello within this time: it has nothing to wait for, and who is nobody yet should hold no place.
const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// Handshakes that read from the database at the same time; others wait for their turn. After a restart everyone comes
/// back at once, and those who are connected already should not notice.
const HANDSHAKES_MAX: usize = 64;

/// Commands of one connection under way at the same time; its next frame is not read before. Enough that a program that
/// sends without waiting shares commits, and a small part of what the store queues.
const COMMANDS_MAX: usize = 64;

/// While stopping, commands under way may take so long to end.
const LAST_COMMANDS: Duration = Duration::from_secs(5);

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
    upgrade: Upgrade,
) -> Answer<Response> {
    let credential = app.site.credentials(&headers);
    // Browsers let every page open a socket to us and send the cookie along: only the origin tells ours from others.
    if credential.as_ref().is_some_and(|credential| credential.from_cookie) {
        app.site.require_origin(&headers)?;
    }
    let place = wire::place(&app, address)?;
    Ok(upgrade.on_upgrade(move |wire| connection::serve(wire, app, credential, place)))
}
