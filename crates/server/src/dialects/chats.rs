//! The chats dialect: General, private chats and rooms with invite links that a creator approves; JSON over HTTP, a
//! WebSocket for each conversation, and a token for everything. `docs/dialects/chats.md` is its page.

mod accounts;
mod conversations;
mod frames;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod history;
mod joining;
mod links;
mod signed;
mod sockets;
mod voice;
mod words;

use super::{cors, kept_by_nobody, wrong_method};
use crate::{app::App, http::BothSpellings};
use axum::{
    Router,
    middleware::map_response,
    routing::{get, post},
};

/// Everything that these clients ask for.
pub(super) fn routes(app: &App) -> Router<App> {
    Router::new()
        .both_spellings("/auth/signup", post(accounts::sign_up))
        .both_spellings("/auth/login", post(accounts::sign_in))
        .both_spellings("/auth/refresh", post(accounts::refresh))
        .both_spellings("/auth/logout", post(accounts::sign_out))
        .both_spellings("/users/me", get(accounts::me))
        .both_spellings("/users", get(accounts::find))
        .both_spellings("/chats", get(conversations::list))
        .both_spellings("/chats/general/history", get(history::general))
        .both_spellings("/chats/private", post(conversations::start_private))
        .both_spellings("/chats/private/{chat_id}/history", get(history::private))
        .both_spellings("/chats/room", post(conversations::make_room))
        .both_spellings("/chats/room/{room_id}/history", get(history::room))
        .both_spellings("/chats/room/{room_id}/members", get(conversations::members))
        .both_spellings("/chats/room/{room_id}/pending", get(joining::pending))
        .both_spellings("/chats/room/{room_id}/invite", get(joining::show))
        .both_spellings("/chats/room/{room_id}/invite/approve", post(joining::approve))
        .both_spellings("/chats/room/{room_id}/invite/deny", post(joining::deny))
        .both_spellings("/chats/room/{room_id}/join", post(joining::join))
        .both_spellings("/ws/general", get(sockets::general))
        .both_spellings("/ws/private/{chat_id}", get(sockets::private))
        .both_spellings("/ws/room/{room_id}", get(sockets::room))
        .method_not_allowed_fallback(wrong_method)
        .layer(map_response(kept_by_nobody))
        .layer(cors::layer(&app.settings))
}
