//! The doors for clients of other chat systems, a folder each. They translate words, call the same rules as every other
//! door, and are heard in the same conversations.
//!
//! What they share: `entrance` finds out who comes in, `talk` runs a WebSocket of text frames with an `outbox` for what is
//! said there, `detail` and `fields` speak and read JSON as those clients know it, `cors` lets pages of other origins in,
//! `socket_io` is the protocol of that name, and `register` and `ws` divide the addresses that several apps have.

pub(crate) mod chat_app;
mod chatroom;
mod chats;
mod chatter_box;
mod cors;
mod detail;
mod entrance;
mod fields;
mod flask_chat;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod outbox;
mod register;
mod socket_io;
mod talk;
mod undecided;
mod ws;

use crate::{app::App, config::Dialects};
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use detail::Detail;
use protocol::{AccountKind, Author, ErrorCode};
use std::borrow::Cow;

/// The routes of every dialect, unless they are off.
pub(crate) fn routes(app: &App) -> Router<App> {
    match app.settings.dialects {
        Dialects::Off => Router::new(),
        Dialects::Strict | Dialects::Open => Router::new()
            .merge(register::routes(app))
            .merge(chats::routes(app))
            .merge(chatter_box::routes::routes(app))
            .merge(chatroom::routes::routes())
            .merge(flask_chat::routes(app))
            .merge(ws::routes()),
    }
}

/// Who speaks where an app has nothing but lines of people and the server itself has something to say. No guest is called so.
const SERVER: &str = "Parlor";

/// The name by which others are shown somebody. A guest's is marked: anybody could give it.
fn shown_name(author: &Author) -> Cow<'_, str> {
    match author.kind {
        AccountKind::Guest => Cow::Owned(format!("{} (guest)", author.display_name)),
        _ => Cow::Borrowed(&author.display_name),
    }
}

/// A method that a path does not have, as clients of FastAPI apps know it.
async fn wrong_method() -> Detail {
    Detail::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, "Method Not Allowed")
}

/// Private words are in these answers.
async fn kept_by_nobody(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
