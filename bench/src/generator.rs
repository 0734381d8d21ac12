//! The load: many WebSocket connections in one thread. It looks at no more of a frame than it needs to count and to verify,
//! so that it costs a fraction of the servers that it drives.

pub(crate) mod fleet;
pub(crate) mod frames;
pub(crate) mod http;
pub(crate) mod line;
pub(crate) mod room;
pub(crate) mod talk;
pub(crate) mod verify;

pub(crate) use fleet::Fleet;
pub(crate) use line::Dial;
