//! Chatter-Box: people with numbers who write to all or to one, JSON over HTTP and one WebSocket. To all is General, to one
//! is the direct chat of the two. docs/dialects/chatter_box.md has the table of every route and frame.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod history;
pub(super) mod routes;
pub(super) mod tongue;
mod words;
