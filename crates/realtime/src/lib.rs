//! The voice: who is connected, who listens to which conversation, and one bounded queue for each connection.
//!
//! No SQL and no sockets. `chat` says what happened, after it was stored; a door takes what waits for its
//! connection and writes it. Nothing here grows with somebody else's bad network: a queue that is full gives up
//! the events of its loudest conversation and says so with one `lag` frame, and the database has what was dropped.

mod bells;
mod bundle;
pub mod bus;
mod connection;
mod directory;
mod elsewhere;
pub mod hub;
pub mod limits;
pub mod listener;
mod neighbours;
mod order;
mod presence;
mod sorted;
pub mod told;

#[cfg(test)]
mod tests;

pub use bundle::{Bundle, Frames};
pub use bus::{Bus, NodeId, Step, Telling};
pub use directory::ConnectionId;
pub use hub::{AttachError, Hub};
pub use limits::Limits;
pub use listener::{CloseReason, Delivery, Listener};
pub use neighbours::Gap;
pub use told::Told;
