//! What a session grants to one at a time: to poll, to post, and to try a WebSocket. Dropping the claim gives it back.

use super::{Session, Transport, Unwanted};
use crate::wire::End;
use tokio::time::Instant;

/// A request that polls: there is one at a time.
pub(super) struct Poll<'a>(&'a Session);

impl<'a> Poll<'a> {
    /// Also says whether the client tries a WebSocket at the moment.
    pub(super) fn begin(session: &'a Session) -> Result<(Self, bool), Unwanted> {
        let mut state = session.state();
        if state.transport == Transport::WebSocket {
            return Err(Unwanted::Transport);
        }
        if state.polling {
            return Err(Unwanted::Overlap);
        }
        state.polling = true;
        state.heard_at = Instant::now();
        Ok((Self(session), state.transport == Transport::Probing))
    }
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.polling = false);
    }
}

/// A request that posts: there is one at a time. One that is cut off, or cannot be read, has lost what was not heard yet,
/// and the session with it.
pub(super) struct Post<'a> {
    session: &'a Session,
    is_whole: bool,
}

impl<'a> Post<'a> {
    pub(super) fn begin(session: &'a Session) -> Result<Self, Unwanted> {
        session.change(|state| {
            if state.transport == Transport::WebSocket {
                return Err(Unwanted::Transport);
            }
            if std::mem::replace(&mut state.posting, true) {
                return Err(Unwanted::Overlap);
            }
            Ok(Self { session, is_whole: false })
        })
    }

    pub(super) fn finish(mut self) {
        self.is_whole = true;
    }
}

impl Drop for Post<'_> {
    fn drop(&mut self) {
        self.session.change(|state| state.posting = false);
        if !self.is_whole {
            self.session.leave(End::Gone);
        }
    }
}

/// A client's try whether a WebSocket carries. Until it does, and when this is dropped before, polling goes on.
pub(in crate::dialects::socket_io) struct Probe<'a>(pub(super) &'a Session);

impl Probe<'_> {
    /// It does carry: from now on everything goes there, and the place is that of the WebSocket.
    pub(in crate::dialects::socket_io) fn carries(self) {
        self.0.change(|state| {
            state.transport = Transport::WebSocket;
            state.heard_at = Instant::now();
            state.place = None;
        });
    }
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        self.0.change(|state| {
            if state.transport == Transport::Probing {
                state.transport = Transport::Polling;
            }
        });
    }
}
