//! What Parlor stands on, started by a run itself, so that it can be killed: PostgreSQL and Redis, each on a port of its own.

pub(crate) mod postgres;
pub(crate) mod redis;

use crate::Result;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// A port that nobody listens on at the moment.
fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
