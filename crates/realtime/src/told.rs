//! What is told: a frame on its way to many connections, serialised once for all of them.

use bytes::Bytes;
use protocol::{
    AccountId, ConversationId, Rev, ServerFrame,
    frame::{EventFrame, Lag},
};
use std::sync::OnceLock;

/// What may be dropped when a queue is full; the order of delivery does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Never dropped: a connection that cannot take it is closed.
    Control,
    /// Given up conversation by conversation, with a `lag`: the database has it.
    Event,
    /// Dropped first and without a word: typing, receipts, presence.
    Ephemeral,
}

/// Two ephemeral frames with the same key say the same thing at different times: only the newer is worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Typing(ConversationId, AccountId),
    Receipt(ConversationId, AccountId),
    Presence(AccountId),
    Account(AccountId),
}

/// A frame for any number of connections.
#[derive(Debug)]
pub struct Told {
    /// What is said, for doors that speak another dialect.
    pub frame: ServerFrame,
    class: Class,
    json: OnceLock<Bytes>,
}

impl Told {
    pub(crate) fn new(class: Class, frame: ServerFrame) -> Self {
        Self { frame, class, json: OnceLock::new() }
    }

    pub(crate) fn lag(conversation: ConversationId, head: Rev) -> Self {
        Self::new(Class::Control, ServerFrame::Lag(Lag { conversation, head }))
    }

    /// The frame as Parlor's own socket says it: made by the first who asks, shared by all others.
    pub fn json(&self) -> &Bytes {
        self.json.get_or_init(|| {
            // The frames are plain structs with string keys, which always serialise. Should one ever not, it has
            // no length and is never queued, and clients fetch what they miss with the next rev.
            serde_json::to_vec(&self.frame).map(Bytes::from).unwrap_or_default()
        })
    }

    /// The length of [`Told::json`] in bytes.
    pub fn len(&self) -> usize {
        self.json().len()
    }

    /// Whether there is nothing to write; never so for a frame that was delivered.
    pub fn is_empty(&self) -> bool {
        self.json().is_empty()
    }

    pub(crate) fn class(&self) -> Class {
        self.class
    }

    /// Conversation and rev, when this is an event that a `lag` can stand in for.
    pub(crate) fn event(&self) -> Option<(ConversationId, Rev)> {
        match &self.frame {
            ServerFrame::Event(EventFrame { conversation, rev, .. }) if self.class == Class::Event => {
                Some((*conversation, *rev))
            }
            _ => None,
        }
    }

    /// The conversation whose listeners this is for; `None` for what is addressed to an account or to everyone.
    pub(crate) fn conversation(&self) -> Option<ConversationId> {
        match &self.frame {
            ServerFrame::Lag(lag) => Some(lag.conversation),
            ServerFrame::Typing(typing) if self.class == Class::Ephemeral => Some(typing.conversation),
            ServerFrame::Receipt(receipt) if self.class == Class::Ephemeral => Some(receipt.conversation),
            _ => self.event().map(|(conversation, _)| conversation),
        }
    }

    pub(crate) fn key(&self) -> Option<Key> {
        match &self.frame {
            _ if self.class != Class::Ephemeral => None,
            ServerFrame::Typing(typing) => Some(Key::Typing(typing.conversation, typing.account)),
            ServerFrame::Receipt(receipt) => Some(Key::Receipt(receipt.conversation, receipt.account)),
            ServerFrame::Presence(presence) => Some(Key::Presence(presence.account)),
            ServerFrame::Account(notice) => Some(Key::Account(notice.account.id)),
            _ => None,
        }
    }
}
