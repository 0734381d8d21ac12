//! The chats dialect: General, private chats and rooms with invite links that a creator approves; JSON over HTTP, a
//! WebSocket for each conversation, and a token for everything. `docs/dialects/chats.md` is its page.

mod accounts;
mod conversations;
mod frames;
mod history;
mod joining;
mod links;
mod signed;
mod sockets;
mod voice;
mod words;

use super::{cors, kept_by_nobody, wrong_method};
use crate::app::App;
use axum::{
    Router,
    middleware::map_response,
    routing::{get, post},
};

/// Everything that these clients ask for.
pub(super) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/auth/signup", post(accounts::sign_up))
        .route("/auth/login", post(accounts::sign_in))
        .route("/auth/refresh", post(accounts::refresh))
        .route("/auth/logout", post(accounts::sign_out))
        .route("/users/me", get(accounts::me))
        .route("/users", get(accounts::find))
        .route("/chats", get(conversations::list))
        .route("/chats/general/history", get(history::general))
        .route("/chats/private", post(conversations::start_private))
        .route("/chats/private/{chat_id}/history", get(history::private))
        .route("/chats/room", post(conversations::make_room))
        .route("/chats/room/{room_id}/history", get(history::room))
        .route("/chats/room/{room_id}/members", get(conversations::members))
        .route("/chats/room/{room_id}/pending", get(joining::pending))
        .route("/chats/room/{room_id}/invite", get(joining::show))
        .route("/chats/room/{room_id}/invite/approve", post(joining::approve))
        .route("/chats/room/{room_id}/invite/deny", post(joining::deny))
        .route("/chats/room/{room_id}/join", post(joining::join))
        .route("/ws/general", get(sockets::general))
        .route("/ws/private/{chat_id}", get(sockets::private))
        .route("/ws/room/{room_id}", get(sockets::room))
        .method_not_allowed_fallback(wrong_method)
        .layer(map_response(kept_by_nobody))
        .layer(cors::layer(&app.settings))
}
