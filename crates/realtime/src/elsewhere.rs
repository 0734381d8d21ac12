//! Who is connected to other nodes: what those say of it, for as long as they repeat it.

use crate::{
    bus::{NodeId, Present},
    directory::Directory,
    presence,
};
use protocol::{AccountId, ConversationId, frame::PresenceState, ids::NOBODY};
use std::collections::{HashMap, HashSet};

/// Every so many ticks, a second each, a node says again who is connected to it.
pub(crate) const REPEATED_TICKS: u64 = 10;
/// After so many ticks without a word, whoever was connected there is not any more: three repetitions were lost.
const KEPT_TICKS: u64 = 30;
/// So many are said at once: some ten KiB.
pub(crate) const PART_LEN: usize = 200;
/// So many accounts are known to be elsewhere; of more it is not told that they are online.
const ACCOUNTS_MAX: usize = 200_000;

/// An account with connections to other nodes.
#[derive(Default)]
pub(crate) struct Elsewhere {
    /// Where, and when each said so last.
    nodes: HashMap<NodeId, u64>,
    conversations: HashSet<ConversationId>,
}

impl Directory {
    /// Whether an account counts as connected to another node.
    pub(crate) fn is_elsewhere(&self, account: AccountId) -> bool {
        self.elsewhere.contains_key(&account)
    }

    /// Whether an account counts as online here.
    pub(crate) fn is_here(&self, account: AccountId) -> bool {
        self.away.contains_key(&account) || self.accounts.get(&account).is_some_and(|present| present.online)
    }

    /// Those who count as online here, and where others may see it.
    pub(crate) fn present(&self) -> Vec<Present> {
        let mut all: Vec<Present> = Vec::new();
        for (account, present) in self.accounts.iter().filter(|(_, present)| present.online) {
            let attached = present.connections.iter().filter_map(|id| self.connections.get(id));
            let hears: HashSet<ConversationId> =
                attached.flat_map(|attached| attached.hears.iter().copied()).collect();
            all.push(Present { account: *account, conversations: hears.into_iter().collect() });
        }
        all.extend(self.away.iter().map(|(account, away)| Present {
            account: *account,
            conversations: away.conversations.iter().copied().collect(),
        }));
        all.retain(|present| present.account != NOBODY);
        all
    }

    pub(crate) fn join_elsewhere(&mut self, account: AccountId, conversation: ConversationId) -> bool {
        let Some(elsewhere) = self.elsewhere.get_mut(&account) else { return false };
        let is_new = elsewhere.conversations.insert(conversation);
        self.list_elsewhere(account, conversation);
        is_new
    }

    pub(crate) fn leave_elsewhere(&mut self, account: AccountId, conversation: ConversationId) {
        if let Some(elsewhere) = self.elsewhere.get_mut(&account)
            && elsewhere.conversations.remove(&conversation)
        {
            self.unlist_elsewhere(account, conversation);
        }
    }
}

/// A node says that these are connected to it.
pub(crate) fn online(
    directory: &mut Directory,
    node: NodeId,
    all: Vec<Present>,
    tick: u64,
    audience_max: usize,
) {
    for Present { account, conversations } in all {
        let is_new = !directory.is_elsewhere(account);
        if account == NOBODY || (is_new && directory.elsewhere.len() >= ACCOUNTS_MAX) {
            continue;
        }
        let now: HashSet<ConversationId> = conversations.into_iter().collect();
        let elsewhere = directory.elsewhere.entry(account).or_default();
        elsewhere.nodes.insert(node, tick);
        let before = std::mem::replace(&mut elsewhere.conversations, now.clone());
        for gone in before.difference(&now) {
            directory.unlist_elsewhere(account, *gone);
        }
        for new in now.difference(&before) {
            directory.list_elsewhere(account, *new);
        }
        if is_new && !directory.is_here(account) {
            presence::tell(directory, account, PresenceState::Online, now, audience_max);
        }
    }
}

/// These are not connected to a node any more.
pub(crate) fn offline(directory: &mut Directory, node: NodeId, accounts: &[AccountId], audience_max: usize) {
    for account in accounts {
        if let Some(elsewhere) = directory.elsewhere.get_mut(account) {
            elsewhere.nodes.remove(&node);
        }
        forget_if_nowhere(directory, *account, audience_max);
    }
}

/// A node stops: whoever was connected to it has so many ticks to connect to another.
pub(crate) fn leaving(directory: &mut Directory, node: NodeId, tick: u64, grace_ticks: u64) {
    for elsewhere in directory.elsewhere.values_mut() {
        if let Some(said_at) = elsewhere.nodes.get_mut(&node) {
            *said_at = (*said_at).min((tick + grace_ticks).saturating_sub(KEPT_TICKS));
        }
    }
}

/// Forgets what was not repeated.
pub(crate) fn expire(directory: &mut Directory, tick: u64, audience_max: usize) {
    let mut stale = Vec::new();
    for (account, elsewhere) in &mut directory.elsewhere {
        elsewhere.nodes.retain(|_, said_at| tick.saturating_sub(*said_at) <= KEPT_TICKS);
        if elsewhere.nodes.is_empty() {
            stale.push(*account);
        }
    }
    for account in stale {
        forget_if_nowhere(directory, account, audience_max);
    }
}

fn forget_if_nowhere(directory: &mut Directory, account: AccountId, audience_max: usize) {
    if directory.elsewhere.get(&account).is_none_or(|elsewhere| !elsewhere.nodes.is_empty()) {
        return;
    }
    let Some(elsewhere) = directory.elsewhere.remove(&account) else { return };
    if !directory.is_here(account) {
        let conversations = elsewhere.conversations.iter().copied();
        presence::tell(directory, account, PresenceState::Offline, conversations, audience_max);
    }
    for conversation in elsewhere.conversations {
        directory.unlist_elsewhere(account, conversation);
    }
}
