//! The receiving end of a connection: what a door holds, waits on, and lets go of to hang up.

use crate::{bundle::Frames, connection::Connection, directory::ConnectionId, hub::Hub};
use protocol::ConversationId;
use std::{
    fmt,
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};

/// Why a connection hears nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// The session or the account was ended.
    SessionEnded,
    /// The queue was full and stayed full.
    TooSlow,
    /// The server stops.
    Stopping,
    /// The server does not know what this connection should have been told: it should connect again.
    Unsure,
}

/// What [`Listener::next`] brings.
#[derive(Debug)]
pub enum Delivery {
    /// Everything that waited, at least one frame, in the order in which it was said.
    Frames(Frames),
    /// The end; asking again gives the same answer.
    Closed(CloseReason),
}

/// One attached connection. Dropping it detaches.
pub struct Listener {
    hub: Hub,
    connection: Arc<Connection>,
}

impl Listener {
    pub(crate) fn new(hub: Hub, connection: Arc<Connection>) -> Self {
        Self { hub, connection }
    }

    /// The connection's id, unique while the process runs.
    pub fn connection(&self) -> ConnectionId {
        self.connection.id
    }

    /// Begins to hear these conversations, except those that the account was made to leave since it attached.
    ///
    /// A connection comes to hear the right conversations, whatever happens meanwhile, when these steps are taken in
    /// this order: attach; read which conversations the account is in; `listen_to` them; read the memberships afresh
    /// together with what the client is told; [`Listener::settle`]. What was committed before the attach is in the
    /// first reading; of what is committed later, [`Hub::join`] and [`Hub::leave`] tell this connection, and they
    /// outweigh both lists; and whatever is published after the second reading waits in the queue by then.
    pub fn listen_to(&self, conversations: &[ConversationId]) {
        self.hub.listen_to(&self.connection, conversations);
    }

    /// Stops hearing everything that is not in this list and drops what waits of it, except where the account was
    /// made to join since it attached. The first connection of an account to settle is told to others as presence.
    pub fn settle(&self, conversations: &[ConversationId]) {
        self.hub.settle(&self.connection, conversations);
    }

    /// Waits until there is something and takes all of it at once. Frames that were queued before the end come
    /// before the end. Cancel safe: nothing is taken unless it is returned. One task at a time is woken.
    pub async fn next(&self) -> Delivery {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// The same for a task that waits for more than this. The last task that asked is woken.
    pub fn poll_next(&self, context: &mut Context<'_>) -> Poll<Delivery> {
        self.connection.poll_take(context)
    }

    /// What there is already.
    pub fn take_now(&self) -> Option<Delivery> {
        self.connection.take()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.detach(&self.connection);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("connection", &self.connection.id).finish_non_exhaustive()
    }
}
