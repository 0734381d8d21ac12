//! The hub: tells what happened to the connections that may hear it.
//!
//! Lock order: what was gathered, the directory, then one queue. A queue's lock is a leaf, two queues are never held together, and
//! nothing awaits while holding either. Telling holds the directory for reading, so several conversations are told
//! at the same time; attaching, joining and leaving hold it for writing, so they stand before or after every telling.

use crate::{
    bells::Bells,
    bundle::Bundle,
    bus::{Bus, Hint, Step, Telling},
    connection::Connection,
    directory::{ConnectionId, Directory},
    limits::Limits,
    listener::{CloseReason, Listener},
    neighbours::Neighbours,
    presence,
    told::{Class, Told},
};
use faults::Bug;
use protocol::{
    AccountId, ConversationId, Event, MembershipState, Rev, ServerFrame, SessionId,
    frame::{EventFrame, Goaway, Lag},
    ids::NOBODY,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};
use thiserror::Error;

/// Why nobody can attach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AttachError {
    /// The account has `connections_per_account_max` connections.
    #[error("this account has too many connections")]
    TooManyForAccount,
    /// The process has `connections_max` connections.
    #[error("this server has too many connections")]
    TooMany,
    /// [`Hub::stop`] was called.
    #[error("this server is stopping")]
    Stopping,
}

/// Who is connected and who listens where. Clones are the same hub.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    limits: Arc<Limits>,
    directory: RwLock<Directory>,
    /// What commits told of each conversation and was not put into queues yet.
    gathered: Mutex<Vec<(ConversationId, Vec<Arc<Told>>)>>,
    bells: Bells,
    /// Other nodes, where there may be some.
    neighbours: Option<Neighbours>,
}

impl Hub {
    /// A hub without connections, of a node that is alone.
    pub fn new(limits: Limits) -> Self {
        Self::make(limits, None)
    }

    /// A hub without connections, of a node among others.
    pub fn shared(limits: Limits, bus: Arc<dyn Bus>) -> Self {
        Self::make(limits, Some(Neighbours::new(bus)))
    }

    fn make(limits: Limits, neighbours: Option<Neighbours>) -> Self {
        let (gathered, bells) = Default::default();
        Self(Arc::new(Inner {
            limits: Arc::new(limits),
            directory: RwLock::default(),
            gathered,
            bells,
            neighbours,
        }))
    }

    pub(crate) fn neighbours(&self) -> Option<&Neighbours> {
        self.0.neighbours.as_ref()
    }

    /// Adds a connection. It hears nothing but what is told to its account until [`Listener::listen_to`].
    ///
    /// A session that ends from now on ends the connection. Whoever attaches makes sure afterwards that the
    /// session was still good: [`Hub::end_session`] does not remember sessions that had no connection.
    pub fn attach(&self, account: AccountId, session: SessionId) -> Result<Listener, AttachError> {
        let limits = &self.0.limits;
        let mut directory = self.write();
        if directory.stopping {
            return Err(AttachError::Stopping);
        }
        if directory.connections.len() >= limits.connections_max {
            return Err(AttachError::TooMany);
        }
        let held = directory.accounts.get(&account).map_or(0, |present| present.connections.len());
        // Those who did not say who they are share no limit: each address has its own at the door.
        if account != NOBODY && held >= limits.connections_per_account_max {
            return Err(AttachError::TooManyForAccount);
        }
        let connection = directory.attach(account, |id| Connection::new(id, account, session, limits));
        drop(directory);
        Ok(Listener::new(self.clone(), connection))
    }

    /// Tells an event to all who listen to the conversation, on every node. To be called in the order of `rev` for each
    /// conversation, after the commit: the store's commit order gives that for what is written here, and the hub relies
    /// on it where it is alone.
    pub fn publish(&self, conversation: ConversationId, rev: Rev, event: Event) {
        self.tell(Telling { conversation, rev, steps: vec![Step::Publish { event }] });
    }

    /// The same as [`Hub::publish`], but told with what else is gathered by [`Hub::tell_gathered`], or before anything else
    /// is told of a conversation or to an account: who hears a busy conversation is woken once for a whole commit.
    pub fn gather(&self, conversation: ConversationId, rev: Rev, event: Event) {
        if self.neighbours().is_some() {
            // Among others, an event may have to wait for an earlier one that another node stored.
            return self.publish(conversation, rev, event);
        }
        let frame = ServerFrame::Event(EventFrame { conversation, rev, event });
        let told = Arc::new(Told::new(Class::Event, frame));
        let mut gathered = self.gathered();
        match gathered.iter_mut().find(|(of, _)| *of == conversation) {
            Some((_, before)) => before.push(told),
            None => gathered.push((conversation, vec![told])),
        }
    }

    /// Tells what was gathered, each conversation's events together.
    pub fn tell_gathered(&self) {
        // Held to the end: whoever tells something next tells it after this.
        let mut gathered = self.gathered();
        if gathered.is_empty() {
            return;
        }
        let directory = self.read();
        let mut wakers = Vec::new();
        for (conversation, told) in gathered.drain(..) {
            let Some(room) = directory.room(conversation).filter(|room| !room.listeners.is_empty()) else {
                continue;
            };
            for bundle in Bundle::many(told) {
                let listeners = room.listeners.values();
                wakers.extend(listeners.filter_map(|connection| connection.push_quietly(&bundle)));
            }
        }
        drop(directory);
        drop(gathered);
        self.0.bells.ring(wakers);
    }

    /// Wakes the connections for which something waits, as long as this is polled: to be run as a task of the runtime that
    /// the connections run on. Without it whoever tells something wakes them one by one.
    pub async fn ring_on(&self) {
        self.0.bells.ring_on().await;
    }

    /// Tells something that may be lost: typing and receipts. What an older frame of the same kind, conversation and
    /// account said and was not delivered yet is replaced.
    pub fn ephemeral(&self, conversation: ConversationId, except: Option<AccountId>, frame: ServerFrame) {
        self.say(|| Hint::Ephemeral { conversation, except, frame: frame.clone() });
        self.ephemeral_here(conversation, except, frame);
    }

    /// Tells something that is never dropped to all connections of an account.
    pub fn tell_account(&self, account: AccountId, frame: ServerFrame) {
        self.say(|| Hint::Account { account, frame: frame.clone() });
        self.tell_account_apart(account, frame);
    }

    /// Tells something that may be lost to every connection.
    pub fn tell_everyone(&self, frame: ServerFrame) {
        self.say(|| Hint::Everyone { frame: frame.clone() });
        self.tell_everyone_here(frame);
    }

    /// Ends the connections of a session; of every account, since a session's id says nothing of its account.
    pub fn end_session(&self, session: SessionId) {
        self.say(|| Hint::EndSession { session });
        self.end_session_here(session);
    }

    /// Ends the connections of an account, except those of one session.
    pub fn end_account(&self, account: AccountId, except: Option<SessionId>) {
        self.say(|| Hint::EndAccount { account, except });
        self.end_account_here(account, except);
    }

    pub(crate) fn publish_here(&self, conversation: ConversationId, rev: Rev, event: Event) {
        self.tell_gathered();
        let frame = || ServerFrame::Event(EventFrame { conversation, rev, event });
        self.tell_listeners(conversation, None, Class::Event, frame);
    }

    pub(crate) fn ephemeral_here(
        &self,
        conversation: ConversationId,
        except: Option<AccountId>,
        frame: ServerFrame,
    ) {
        self.tell_listeners(conversation, except, Class::Ephemeral, || frame);
    }

    pub(crate) fn tell_account_here(&self, account: AccountId, frame: ServerFrame) {
        self.tell_gathered();
        let bundle = Arc::new(Bundle::one(Told::new(Class::Control, frame)));
        self.read().each(account, |_| true).for_each(|connection| connection.push(&bundle));
    }

    /// The same for what has no place among the changes of its conversation. Among several nodes it may come late: whoever is in by
    /// then, or is being connected, must not be told that they wait or were turned away, and asks afresh instead.
    pub(crate) fn tell_account_apart(&self, account: AccountId, frame: ServerFrame) {
        let outside = match &frame {
            ServerFrame::Membership(notice) if notice.state != MembershipState::Active => {
                Some(notice.conversation)
            }
            _ => None,
        };
        let Some(outside) = outside.filter(|_| self.neighbours().is_some()) else {
            return self.tell_account_here(account, frame);
        };
        let bundle = Arc::new(Bundle::one(Told::new(Class::Control, frame)));
        let directory = self.read();
        for connection in directory.each(account, |_| true) {
            if directory.may_hear(connection.id, outside) {
                connection.close(CloseReason::Unsure, None);
            } else {
                connection.push(&bundle);
            }
        }
    }

    pub(crate) fn tell_everyone_here(&self, frame: ServerFrame) {
        let bundle = Arc::new(Bundle::one(Told::new(Class::Ephemeral, frame)));
        let directory = self.read();
        let everyone = directory.connections.values().map(|attached| &attached.connection);
        let wakers = everyone.filter_map(|connection| connection.push_quietly(&bundle)).collect();
        drop(directory);
        self.0.bells.ring(wakers);
    }

    /// Sends everyone who listens to the database, for what happened up to `head`.
    pub(crate) fn lag(&self, conversation: ConversationId, head: Rev) {
        self.tell_gathered();
        self.tell_listeners(conversation, None, Class::Control, || {
            ServerFrame::Lag(Lag { conversation, head })
        });
    }

    /// Whether an account has a connection here.
    pub(crate) fn is_connected(&self, account: AccountId) -> bool {
        self.read().accounts.contains_key(&account)
    }

    /// All connections of the account hear the conversation from now on; those that attach at this moment too.
    /// To be called after the commit and before the event of the same rev is published.
    pub fn join(&self, account: AccountId, conversation: ConversationId) {
        self.tell_gathered();
        let mut directory = self.write();
        if directory.join(account, conversation) {
            presence::joined(&directory, account, conversation, self.0.limits.presence_audience_max);
        }
    }

    /// No connection of the account hears anything more of the conversation once this returns. What is queued
    /// already stays: it was said while the account was in.
    pub fn leave(&self, account: AccountId, conversation: ConversationId) {
        self.tell_gathered();
        if !faults::has(Bug::LeaversListen) {
            self.write().leave(account, conversation);
        }
    }

    /// [`Hub::end_session`] on this node alone.
    pub fn end_session_here(&self, session: SessionId) {
        let directory = self.read();
        let connections = directory.connections.values().map(|attached| &attached.connection);
        for connection in connections.filter(|connection| connection.session == session) {
            connection.close(CloseReason::SessionEnded, None);
        }
    }

    pub(crate) fn end_account_here(&self, account: AccountId, except: Option<SessionId>) {
        let directory = self.read();
        for connection in directory.each(account, |session| Some(session) != except) {
            connection.close(CloseReason::SessionEnded, None);
        }
    }

    /// Compares who listens with who should, when it is not known what was told last. Members ask for what they missed up
    /// to `head`; who listens and is no member, or is one and does not listen, is sent to connect again. `None` for
    /// `members`: everyone is one. To be called in the order of the conversation's commits. False when another node's
    /// later change was told already: nothing was done, and the members are to be read again.
    pub fn reconcile(&self, conversation: ConversationId, head: Rev, members: Option<&[AccountId]>) -> bool {
        self.reset(conversation, head, || self.bring_into_line(conversation, head, members))
    }

    fn bring_into_line(&self, conversation: ConversationId, head: Rev, members: Option<&[AccountId]>) {
        self.tell_gathered();
        let mut directory = self.write();
        let members: Option<HashSet<AccountId>> = members.map(|members| members.iter().copied().collect());
        let is_member = |account| members.as_ref().is_none_or(|members| members.contains(&account));
        let listeners: Vec<Arc<Connection>> = directory
            .room(conversation)
            .map(|room| room.listeners.values().cloned().collect())
            .unwrap_or_default();
        let listening: HashSet<ConnectionId> = listeners.iter().map(|connection| connection.id).collect();
        let lag = Arc::new(Bundle::one(Told::lag(conversation, head)));
        for connection in &listeners {
            if is_member(connection.account) {
                connection.push(&lag);
            } else {
                directory.leave(connection.account, conversation);
                connection.close(CloseReason::Unsure, None);
            }
        }
        for account in members.iter().flatten() {
            for connection in directory.each(*account, |_| true) {
                if !listening.contains(&connection.id) {
                    connection.close(CloseReason::Unsure, None);
                }
            }
        }
    }

    /// Sends the connections of an account, or all, to connect again.
    pub fn send_back(&self, account: Option<AccountId>) {
        let directory = self.read();
        let connections = directory.connections.values().map(|attached| &attached.connection);
        for connection in
            connections.filter(|connection| account.is_none_or(|account| connection.account == account))
        {
            connection.close(CloseReason::Unsure, None);
        }
    }

    /// Who of those listening to these conversations is online, each once, sorted by id. Conversations with more
    /// than `presence_audience_max` listeners are left out.
    pub fn online(&self, conversations: &[ConversationId]) -> Vec<AccountId> {
        presence::online(&self.read(), conversations, self.0.limits.presence_audience_max)
    }

    /// Does what time asks for: tells who has gone, closes who is stuck. To be called about once a second with the
    /// time in milliseconds; moments are only as exact as the calls are frequent. A clock that goes back makes what
    /// it began wait anew.
    pub fn tick(&self, now_ms: i64) {
        let limits = &self.0.limits;
        let directory = self.read();
        for attached in directory.connections.values() {
            attached.connection.check_stalled(now_ms);
        }
        let nobody_away = directory.away.is_empty();
        drop(directory);
        if let Some(neighbours) = self.neighbours() {
            let tick = neighbours.tick(|| self.listened_to().into_iter().collect());
            self.tick_elsewhere(neighbours, tick);
        }
        if !nobody_away {
            let mut directory = self.write();
            let gone = presence::expire(
                &mut directory,
                now_ms,
                limits.presence_grace_ms,
                limits.presence_audience_max,
            );
            drop(directory);
            if !gone.is_empty() {
                self.say(|| Hint::Offline { accounts: gone });
            }
        }
    }

    /// Sends everyone away: a `goaway` with a random time to come back within the window, in milliseconds, then the
    /// end. Nobody can attach any more.
    pub fn stop(&self, retry_window_ms: u64) {
        self.tell_gathered();
        let mut directory = self.write();
        directory.stopping = true;
        let seed = getrandom::u64().unwrap_or_default();
        for (id, attached) in &directory.connections {
            let retry_ms = spread(seed.wrapping_add(id.0)) % retry_window_ms.saturating_add(1).max(1);
            let goaway = Told::new(Class::Control, ServerFrame::Goaway(Goaway { retry_ms }));
            attached.connection.close(CloseReason::Stopping, Some(Arc::new(Bundle::one(goaway))));
        }
    }

    /// The conversations that somebody listens to here.
    pub fn listened_to(&self) -> Vec<ConversationId> {
        self.read().listened_to().collect()
    }

    /// The sessions that have a connection here.
    pub fn sessions(&self) -> Vec<SessionId> {
        let directory = self.read();
        let sessions: HashSet<SessionId> =
            directory.connections.values().map(|attached| attached.connection.session).collect();
        // Those who did not sign in have none.
        sessions.into_iter().filter(|session| session.0 > 0).collect()
    }

    /// Accounts with a connection whose handshake is over.
    pub fn settled_accounts(&self) -> Vec<AccountId> {
        let directory = self.read();
        let online =
            directory.accounts.iter().filter(|(account, present)| present.online && **account != NOBODY);
        online.map(|(account, _)| *account).collect()
    }

    /// Where one of these accounts listens and is no member, or is one and does not listen, by the memberships in General
    /// aside that were read a moment ago. Whoever connects at the moment is left out.
    pub fn doubtful(
        &self,
        accounts: &[AccountId],
        memberships: &HashSet<(AccountId, ConversationId)>,
    ) -> HashSet<ConversationId> {
        self.read().doubtful(accounts, memberships)
    }

    /// How many connections are attached.
    pub fn connection_count(&self) -> usize {
        self.read().connections.len()
    }

    pub(crate) fn listen_to(&self, connection: &Connection, conversations: &[ConversationId]) {
        self.write().listen_to(connection.id, conversations);
    }

    pub(crate) fn settle(&self, connection: &Connection, conversations: &[ConversationId]) {
        let mut directory = self.write();
        let gone = directory.settle(connection.id, conversations);
        connection.purge(|conversation| gone.contains(&conversation));
        let audience_max = self.0.limits.presence_audience_max;
        let present = presence::settled(&mut directory, connection.id, connection.account, audience_max);
        drop(directory);
        if let Some(present) = present {
            self.say(|| Hint::Online { present: vec![present] });
        }
    }

    pub(crate) fn detach(&self, connection: &Connection) {
        self.write().detach(connection);
    }

    /// Makes the frame only when somebody is there to hear it.
    fn tell_listeners(
        &self,
        conversation: ConversationId,
        except: Option<AccountId>,
        class: Class,
        frame: impl FnOnce() -> ServerFrame,
    ) {
        let directory = self.read();
        let Some(room) = directory.room(conversation).filter(|room| !room.listeners.is_empty()) else {
            return;
        };
        let bundle = Arc::new(Bundle::one(Told::new(class, frame())));
        let hearers = room.listeners.values().filter(|connection| Some(connection.account) != except);
        let wakers = hearers.filter_map(|connection| connection.push_quietly(&bundle)).collect();
        drop(directory);
        self.0.bells.ring(wakers);
    }

    fn gathered(&self) -> MutexGuard<'_, Vec<(ConversationId, Vec<Arc<Told>>)>> {
        // A list is pushed to or taken, whole or not at all.
        self.0.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Directory> {
        // Nothing panics half way through a change of the directory, so a poisoned one is as good as any.
        self.0.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Directory> {
        self.0.directory.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Spreads neighbouring numbers over the whole range (SplitMix64): one random seed serves all connections, and when
/// the system has no randomness to give, their ids alone still come back at different times.
fn spread(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
