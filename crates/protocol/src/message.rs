//! Messages, and what hangs on them.

use crate::{AccountId, Author, ConversationId, Dialect, MessageId, Rev, Seq, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One message. A deleted one keeps its place with `body` null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub seq: Seq,
    /// The last change: posted, edited, deleted or reacted to.
    pub rev: Rev,
    pub author: Author,
    /// The dialect that it was said in, where it came in by the door of another system.
    pub dialect: Option<Dialect>,
    /// The id that the sender chose, unique in this conversation for this author.
    pub cid: String,
    pub body: Option<String>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// The message of the same conversation that this one answers.
    pub reply_to: Option<MessageId>,
    pub reactions: Vec<Reaction>,
    /// The members that the text names with `@username`. Empty when deleted.
    pub mentions: Vec<AccountId>,
}

/// Everyone who put the same emoji on a message, in the order in which they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    pub emoji: String,
    pub accounts: Vec<AccountId>,
}

/// What a message said before an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageEdit {
    /// The change that replaced this text.
    pub rev: Rev,
    /// The text until then.
    pub body: String,
    /// When it was replaced.
    pub edited_at: Timestamp,
}
