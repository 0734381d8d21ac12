//! ChatApp: people who signed in with GitHub and write, edit and delete in one room, by one WebSocket of text frames. The
//! room is General. docs/dialects/chat_app.md has the table of every route and frame.
//!
//! Its pages are elsewhere: `/` is Parlor's client, `/github-login` and `/chatpage` are in `http/oauth.rs`.

mod farewells;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod slots;
pub(super) mod tongue;
mod words;

pub(crate) use farewells::Farewells;
