//! Who is connected and who listens where: the plain data under the hub's one lock.

use crate::{connection::Connection, elsewhere::Elsewhere, sorted::SortedSet};
use protocol::{AccountId, ConversationId, SessionId, ids::GENERAL};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// One attached connection, unique while the process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Everyone and everything that the hub knows. Small enough for one lock: with it, "after `leave` returns nothing
/// more is queued" and "a `join` reaches a connection that attaches at the same time" hold without further argument.
#[derive(Default)]
pub(crate) struct Directory {
    last_id: u64,
    /// No more connections: the server stops.
    pub(crate) stopping: bool,
    pub(crate) connections: HashMap<ConnectionId, Attached>,
    /// Accounts with at least one connection.
    pub(crate) accounts: HashMap<AccountId, Present>,
    /// Accounts without a connection that still count as online.
    pub(crate) away: BTreeMap<AccountId, Away>,
    /// Accounts with connections to other nodes.
    pub(crate) elsewhere: HashMap<AccountId, Elsewhere>,
    /// Conversations that somebody listens to, is away from, or is in by another node.
    rooms: HashMap<ConversationId, Room>,
}

/// A connection, and where it listens. Small, because the table of them has up to twice as many places as there are
/// connections: with a hash set of its own and the handshake's table in it, each held 350 bytes for one conversation.
pub(crate) struct Attached {
    pub(crate) connection: Arc<Connection>,
    pub(crate) hears: SortedSet<ConversationId>,
    /// Until it settles.
    standing: Option<Box<Standing>>,
}

/// Where an account was made to join (true) or leave (false) since its connection attached. That is newer than any list that
/// was read meanwhile.
#[derive(Default)]
struct Standing(HashMap<ConversationId, bool>);

/// An account with connections.
#[derive(Default)]
pub(crate) struct Present {
    pub(crate) connections: SortedSet<ConnectionId>,
    /// Counts as online: one of its connections settled.
    pub(crate) online: bool,
}

/// An account whose last connection went away a moment ago.
pub(crate) struct Away {
    /// Where it will be told when it stays away.
    pub(crate) conversations: BTreeSet<ConversationId>,
    /// The first tick that found it gone.
    pub(crate) since_ms: Option<i64>,
}

#[derive(Default)]
pub(crate) struct Room {
    pub(crate) listeners: BTreeMap<ConnectionId, Arc<Connection>>,
    pub(crate) away: BTreeSet<AccountId>,
    pub(crate) elsewhere: BTreeSet<AccountId>,
}

impl Directory {
    /// Adds a connection that hears nothing yet.
    pub(crate) fn attach(
        &mut self,
        account: AccountId,
        make: impl FnOnce(ConnectionId) -> Connection,
    ) -> Arc<Connection> {
        self.last_id += 1;
        let id = ConnectionId(self.last_id);
        let connection = Arc::new(make(id));
        self.accounts.entry(account).or_default().connections.insert(id);
        let standing = Some(Box::default());
        let attached =
            Attached { connection: Arc::clone(&connection), hears: SortedSet::default(), standing };
        self.connections.insert(id, attached);
        connection
    }

    /// Forgets a connection; the account counts as away when it was online and this was its last.
    pub(crate) fn detach(&mut self, connection: &Connection) {
        let Some(attached) = self.connections.remove(&connection.id) else { return };
        for conversation in &attached.hears {
            self.unlist(connection.id, *conversation);
        }
        let Some(present) = self.accounts.get_mut(&connection.account) else { return };
        present.connections.remove(connection.id);
        if present.connections.is_empty() {
            let online = present.online;
            self.accounts.remove(&connection.account);
            if online {
                self.go_away(connection.account, &attached.hears);
            }
        }
    }

    pub(crate) fn listen_to(&mut self, id: ConnectionId, conversations: &[ConversationId]) {
        for conversation in conversations {
            let Some(attached) = self.connections.get(&id) else { return };
            let left = attached
                .standing
                .as_ref()
                .is_some_and(|standing| standing.0.get(conversation) == Some(&false));
            if !left {
                self.hear(id, *conversation);
            }
        }
    }

    /// Ends the handshake: stops hearing what is neither in the list nor joined meanwhile. Returns what that was.
    pub(crate) fn settle(
        &mut self,
        id: ConnectionId,
        conversations: &[ConversationId],
    ) -> HashSet<ConversationId> {
        let Some(attached) = self.connections.get_mut(&id) else { return HashSet::new() };
        let standing = attached.standing.take().unwrap_or_default();
        let listed: HashSet<_> = conversations.iter().collect();
        let stays = |conversation: &ConversationId| {
            listed.contains(conversation) || standing.0.get(conversation) == Some(&true)
        };
        let gone: HashSet<_> = attached.hears.iter().copied().filter(|heard| !stays(heard)).collect();
        for conversation in &gone {
            self.stop_hearing(id, *conversation);
        }
        if let Some(attached) = self.connections.get_mut(&id) {
            attached.hears.shrink();
        }
        gone
    }

    /// All connections of the account begin to hear the conversation. Whether one of them did not before, here or elsewhere.
    pub(crate) fn join(&mut self, account: AccountId, conversation: ConversationId) -> bool {
        let mut new = false;
        for id in self.connections_of(account) {
            self.stand(id, conversation, true);
            new |= self.hear(id, conversation);
        }
        if let Some(away) = self.away.get_mut(&account) {
            away.conversations.insert(conversation);
            self.rooms.entry(conversation).or_default().away.insert(account);
        }
        self.join_elsewhere(account, conversation) || new
    }

    /// All connections of the account stop hearing the conversation.
    pub(crate) fn leave(&mut self, account: AccountId, conversation: ConversationId) {
        for id in self.connections_of(account) {
            self.stand(id, conversation, false);
            self.stop_hearing(id, conversation);
        }
        if let Some(away) = self.away.get_mut(&account)
            && away.conversations.remove(&conversation)
        {
            self.unlist_away(account, conversation);
        }
        self.leave_elsewhere(account, conversation);
    }

    /// The conversation, when anybody is there.
    pub(crate) fn room(&self, conversation: ConversationId) -> Option<&Room> {
        self.rooms.get(&conversation)
    }

    /// The conversations that somebody listens to.
    pub(crate) fn listened_to(&self) -> impl Iterator<Item = ConversationId> {
        self.rooms.iter().filter(|(_, room)| !room.listeners.is_empty()).map(|(id, _)| *id)
    }

    /// Where one of these accounts listens without being a member, or is a member and does not listen. General is left out,
    /// and so are connections that have not settled.
    pub(crate) fn doubtful(
        &self,
        accounts: &[AccountId],
        memberships: &HashSet<(AccountId, ConversationId)>,
    ) -> HashSet<ConversationId> {
        let mut of: HashMap<AccountId, HashSet<ConversationId>> = HashMap::new();
        for (account, conversation) in memberships {
            of.entry(*account).or_default().insert(*conversation);
        }
        let mut doubtful = HashSet::new();
        for account in accounts {
            let should = of.remove(account).unwrap_or_default();
            for id in self.connections_of(*account) {
                if let Some(attached) =
                    self.connections.get(&id).filter(|attached| attached.standing.is_none())
                {
                    let hears = &attached.hears;
                    doubtful.extend(hears.iter().filter(|heard| !should.contains(heard)));
                    doubtful.extend(should.iter().filter(|due| !hears.contains(**due)));
                }
            }
        }
        doubtful.remove(&GENERAL);
        doubtful
    }

    /// Whether a connection hears the conversation, or has not settled and may come to.
    pub(crate) fn may_hear(&self, id: ConnectionId, conversation: ConversationId) -> bool {
        let attached = self.connections.get(&id);
        attached.is_some_and(|attached| attached.standing.is_some() || attached.hears.contains(conversation))
    }

    /// The account's connections, as a list that does not borrow.
    pub(crate) fn connections_of(&self, account: AccountId) -> Vec<ConnectionId> {
        self.accounts
            .get(&account)
            .map(|present| present.connections.iter().copied().collect())
            .unwrap_or_default()
    }

    /// The connections that a test of account and session picks.
    pub(crate) fn each(
        &self,
        account: AccountId,
        pick: impl Fn(SessionId) -> bool,
    ) -> impl Iterator<Item = &Arc<Connection>> {
        let ids = self.accounts.get(&account).into_iter().flat_map(|present| &present.connections);
        ids.filter_map(|id| self.connections.get(id))
            .map(|attached| &attached.connection)
            .filter(move |connection| pick(connection.session))
    }

    fn stand(&mut self, id: ConnectionId, conversation: ConversationId, inside: bool) {
        if let Some(standing) = self.connections.get_mut(&id).and_then(|attached| attached.standing.as_mut())
        {
            standing.0.insert(conversation, inside);
        }
    }

    fn hear(&mut self, id: ConnectionId, conversation: ConversationId) -> bool {
        let Some(attached) = self.connections.get_mut(&id) else { return false };
        let new = attached.hears.insert(conversation);
        if new {
            let room = self.rooms.entry(conversation).or_default();
            room.listeners.insert(id, Arc::clone(&attached.connection));
        }
        new
    }

    fn stop_hearing(&mut self, id: ConnectionId, conversation: ConversationId) {
        let Some(attached) = self.connections.get_mut(&id) else { return };
        if attached.hears.remove(conversation) {
            self.unlist(id, conversation);
        }
    }

    fn unlist(&mut self, id: ConnectionId, conversation: ConversationId) {
        if let Some(room) = self.rooms.get_mut(&conversation) {
            room.listeners.remove(&id);
            self.forget_if_empty(conversation);
        }
    }

    fn go_away(&mut self, account: AccountId, conversations: &SortedSet<ConversationId>) {
        for conversation in conversations {
            self.rooms.entry(*conversation).or_default().away.insert(account);
        }
        let conversations = conversations.iter().copied().collect();
        self.away.insert(account, Away { conversations, since_ms: None });
    }

    /// Ends being away: the account came back, or stayed away for good.
    pub(crate) fn end_away(&mut self, account: AccountId) -> Option<Away> {
        let away = self.away.remove(&account)?;
        for conversation in &away.conversations {
            self.unlist_away(account, *conversation);
        }
        Some(away)
    }

    fn unlist_away(&mut self, account: AccountId, conversation: ConversationId) {
        if let Some(room) = self.rooms.get_mut(&conversation) {
            room.away.remove(&account);
            self.forget_if_empty(conversation);
        }
    }

    pub(crate) fn list_elsewhere(&mut self, account: AccountId, conversation: ConversationId) {
        self.rooms.entry(conversation).or_default().elsewhere.insert(account);
    }

    pub(crate) fn unlist_elsewhere(&mut self, account: AccountId, conversation: ConversationId) {
        if let Some(room) = self.rooms.get_mut(&conversation) {
            room.elsewhere.remove(&account);
            self.forget_if_empty(conversation);
        }
    }

    fn forget_if_empty(&mut self, conversation: ConversationId) {
        let empty =
            |room: &Room| room.listeners.is_empty() && room.away.is_empty() && room.elsewhere.is_empty();
        if self.rooms.get(&conversation).is_some_and(empty) {
            self.rooms.remove(&conversation);
        }
    }
}
