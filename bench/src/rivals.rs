//! What Parlor is measured beside: servers that this program is itself, each in a process of its own.

mod floor;
mod usual;
mod words;

use crate::{Outcome, options::Rival, process, table};
use std::net::SocketAddr;

/// Serves until it is ended.
pub(crate) fn serve(rival: Rival) -> Outcome<()> {
    process::allow_many_files()?;
    match rival {
        Rival::FloorEach => floor::serve(floor::Writes::Each),
        Rival::FloorTogether => floor::serve(floor::Writes::Together),
        Rival::Usual => usual::serve(false),
        Rival::UsualAtOnce => usual::serve(true),
    }
}

/// Tells the one who started it where it is.
fn announce(address: SocketAddr) -> Outcome<()> {
    Ok(table::say(&format!("listens on {address}\n"))?)
}

/// The room of a request for `/room/NUMBER`.
fn room_in(path: &str) -> Option<usize> {
    path.strip_prefix("/room/")?.parse().ok()
}
