//! Presence: who has a connection, told to those who share a conversation with them. Best effort by design: it is
//! never stored, it is dropped first, and large conversations are left out.

use crate::{
    bundle::Bundle,
    bus::Present,
    connection::Connection,
    directory::{ConnectionId, Directory, Room},
    told::{Class, Told},
};
use protocol::{
    AccountId, ConversationId, ServerFrame,
    frame::{Presence, PresenceState},
    ids::NOBODY,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A connection settled: its account is online now, and whoever may know is told if it was not before. Somebody who
/// comes back within the grace was never told as gone.
/// Gives who came, for other nodes.
pub(crate) fn settled(
    directory: &mut Directory,
    id: ConnectionId,
    account: AccountId,
    audience_max: usize,
) -> Option<Present> {
    if account == NOBODY {
        return None;
    }
    let was_away = directory.end_away(account).is_some();
    let present = directory.accounts.get_mut(&account)?;
    let was_online = std::mem::replace(&mut present.online, true);
    if was_away || was_online {
        return None;
    }
    let attached = directory.connections.get(&id)?;
    let conversations: Vec<ConversationId> = attached.hears.iter().copied().collect();
    if !directory.is_elsewhere(account) {
        tell(directory, account, PresenceState::Online, conversations.iter().copied(), audience_max);
    }
    Some(Present { account, conversations })
}

/// An account came into a conversation while connected: those who are there and it learn of each other.
pub(crate) fn joined(
    directory: &Directory,
    account: AccountId,
    conversation: ConversationId,
    audience_max: usize,
) {
    let is_online = directory.accounts.get(&account).is_some_and(|present| present.online);
    if !is_online && !directory.is_elsewhere(account) {
        return;
    }
    tell(directory, account, PresenceState::Online, [conversation], audience_max);
    let others = online(directory, &[conversation], audience_max);
    for other in others.into_iter().filter(|other| *other != account) {
        let told = told(other, PresenceState::Online);
        directory.each(account, |_| true).for_each(|connection| connection.push(&told));
    }
}

/// Tells that those are offline who have been away for longer than the grace. Gives who that is, for other nodes.
pub(crate) fn expire(
    directory: &mut Directory,
    now_ms: i64,
    grace_ms: u64,
    audience_max: usize,
) -> Vec<AccountId> {
    let mut gone = Vec::new();
    for (account, away) in &mut directory.away {
        let since_ms = away.since_ms.map_or(now_ms, |since_ms| since_ms.min(now_ms));
        away.since_ms = Some(since_ms);
        if now_ms.abs_diff(since_ms) >= grace_ms {
            gone.push(*account);
        }
    }
    for account in &gone {
        if let Some(away) = directory.end_away(*account)
            && !directory.is_elsewhere(*account)
        {
            tell(directory, *account, PresenceState::Offline, away.conversations, audience_max);
        }
    }
    gone
}

/// Who is online in these conversations, each once, sorted by id.
pub(crate) fn online(
    directory: &Directory,
    conversations: &[ConversationId],
    audience_max: usize,
) -> Vec<AccountId> {
    let mut online = BTreeSet::new();
    for room in conversations.iter().filter_map(|id| small_room(directory, *id, audience_max)) {
        online.extend(room.listeners.values().map(|connection| connection.account));
        online.extend(&room.away);
        online.extend(&room.elsewhere);
    }
    online.remove(&NOBODY);
    online.into_iter().collect()
}

/// Tells everyone in these conversations once, but not the account itself.
pub(crate) fn tell(
    directory: &Directory,
    account: AccountId,
    state: PresenceState,
    conversations: impl IntoIterator<Item = ConversationId>,
    audience_max: usize,
) {
    let mut audience: BTreeMap<ConnectionId, &Arc<Connection>> = BTreeMap::new();
    for room in conversations.into_iter().filter_map(|id| small_room(directory, id, audience_max)) {
        audience.extend(room.listeners.iter().map(|(id, connection)| (*id, connection)));
    }
    let told = told(account, state);
    for connection in audience.into_values().filter(|connection| connection.account != account) {
        connection.push(&told);
    }
}

fn told(account: AccountId, state: PresenceState) -> Arc<Bundle> {
    Arc::new(Bundle::one(Told::new(Class::Ephemeral, ServerFrame::Presence(Presence { account, state }))))
}

fn small_room(directory: &Directory, conversation: ConversationId, audience_max: usize) -> Option<&Room> {
    directory
        .room(conversation)
        .filter(|room| room.listeners.len() + room.away.len() + room.elsewhere.len() <= audience_max)
}
