//! Conversations: general, direct chats and rooms; and the shapes in which their contents travel.

use crate::{
    AccountId, Author, ConversationId, ConversationPreferences, Membership, MembershipRole, MembershipState,
    Message, Rev, Seq, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The three kinds. A conversation never changes its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// The one conversation that every account is in.
    General,
    /// Two people.
    Direct,
    /// Those who were let in.
    Room,
}

/// What a conversation is, the same for every member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationDetails {
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// `null` for direct chats: each side shows the other's name.
    pub name: Option<String>,
    pub description: String,
    pub creator_id: Option<AccountId>,
    /// The last change of what stands here.
    pub rev: Rev,
    pub created_at: Timestamp,
    /// Set: the room can be read and no longer changed.
    pub archived_at: Option<Timestamp>,
}

/// A conversation as one member sees it in the sidebar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationSummary {
    #[serde(flatten)]
    pub details: ConversationDetails,
    /// The other side of a direct chat.
    pub with: Option<Author>,
    pub last_seq: Seq,
    pub last_rev: Rev,
    pub read_seq: Seq,
    /// Always `last_seq - read_seq`: messages that came after the last one read.
    pub unread: i64,
    /// How many of the unread messages name me.
    pub unread_mentions: i64,
    /// My role.
    pub role: MembershipRole,
    /// Requests that wait for a decision; 0 for those who may not decide.
    pub pending_count: i64,
    /// What I set for it.
    pub preferences: ConversationPreferences,
    pub last_message: Option<Message>,
}

/// A room that I asked to join: its public card and where I stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JoinRequest {
    pub conversation_id: ConversationId,
    pub name: String,
    pub description: String,
    pub state: MembershipState,
}

/// A page of history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page {
    pub messages: Vec<Message>,
    /// Whether there is more in the direction that was asked for.
    pub has_more: bool,
    /// The conversation's last change when the page was read: a client that holds only this page is up to date to here.
    pub head: Rev,
}

/// Everything that changed after a `rev`, each thing once, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// Sorted by `rev`.
    pub messages: Vec<Message>,
    /// Sorted by `rev`.
    pub memberships: Vec<Membership>,
    pub conversation: Option<ConversationDetails>,
    /// The cursor after these changes.
    pub head: Rev,
    /// More changes lie above `head`: ask again from there, or load afresh.
    pub has_more: bool,
}
