//! Chatroom: one room in which everyone says their name with each message. The room is General; signing up and in are JSON
//! over HTTP, and the pages are the web client's. docs/dialects/chatroom.md has the table of every route and frame.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
pub(super) mod routes;
mod tongue;
mod words;
