//! Flask chat: forms to sign up and in, and a chat by Socket.IO. docs/dialects/flask_chat.md has the table of both.
//!
//! `forms` reads what is posted and `page` shows a form again. `door` has the requests under `/socket.io/`, `talk` serves a
//! session, `events` is what it says and is told in the `words` of the app; `pairs` are its rooms of two, `desk` all that are
//! connected.

mod desk;
mod door;
mod events;
mod forms;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod page;
mod pairs;
mod talk;
mod words;

pub(super) use forms::{is_form, login, register};

use super::cors;
use crate::{app::App, http::BothSpellings};
use axum::{
    Extension, Router,
    routing::{get, post},
};
use desk::Desk;
use std::sync::Arc;

/// Every route but those that other dialects have too.
pub(super) fn routes(app: &App) -> Router<App> {
    Router::new()
        .both_spellings("/socket.io", get(door::get).post(door::post))
        .layer(cors::layer(&app.settings))
        .both_spellings("/registration", post(forms::registration))
        .both_spellings("/loginsuccess", post(forms::loginsuccess))
        .layer(Extension(Arc::new(Desk::default())))
}
