//! The inbox: what others did that concerns me, from all my conversations.

use crate::{Author, Message, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that concerns me. New kinds may be added: who does not know one passes it over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InboxItem {
    /// Somebody named me.
    Mention {
        /// When the message began to name me: when it was posted, or edited.
        at: Timestamp,
        message: Message,
    },
    /// Somebody put an emoji on a message of mine.
    Reaction {
        at: Timestamp,
        /// Mine.
        message: Message,
        emoji: String,
        /// Who did.
        account: Author,
    },
}

/// A page of the inbox, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inbox {
    /// May be fewer than asked for, even none, while there is more: what I may not see any more is passed over.
    pub items: Vec<InboxItem>,
    /// For `before` of the next page; `null` at the end. What it is made of may change.
    pub next: Option<String>,
}
