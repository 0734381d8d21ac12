//! The HTTP door: one router, one layer around it.

pub mod around;
pub mod auth;
pub mod error;
pub mod limits;
pub mod listener;
pub mod oauth;
pub mod openapi;

pub(crate) mod assets;

mod arriving;
mod docs;
mod extract;
mod first_words;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
pub(crate) mod headers;
mod health;
pub(crate) mod lite;
mod routes;
mod spellings;
mod v1;

pub use extract::Visitor;
pub use routes::router;
pub(crate) use spellings::BothSpellings;
