//! The doors for clients of other chat systems, a folder each. They translate words, call the same rules as every other
//! door, and are heard in the same conversations.
//!
//! What they share: `entrance` finds out who comes in, `talk` runs a WebSocket of text frames, `detail` and `fields` speak
//! and read JSON as those clients know it.

#[allow(dead_code)]
mod detail;
#[allow(dead_code)]
mod entrance;
#[allow(dead_code)]
mod fields;
#[allow(dead_code)]
mod talk;

use crate::{app::App, config::Dialects};
use axum::Router;

/// The routes of every dialect, unless they are off.
pub(crate) fn routes(app: &App) -> Router<App> {
    match app.settings.dialects {
        Dialects::Off => Router::new(),
        Dialects::Strict | Dialects::Open => Router::new(),
    }
}
