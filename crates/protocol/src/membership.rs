//! Memberships: who is in a conversation, and what they may do there.

use crate::{Author, ConversationId, Rev, Seq, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where somebody stands with a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MembershipState {
    /// Asked to join and waits; sees only the public card.
    Pending,
    /// Is in.
    Active,
    /// Was in, or was turned away, and may ask again.
    Left,
    /// Was shut out and may not ask again.
    Banned,
}

/// What a member may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MembershipRole {
    /// Reads and writes.
    Member,
    /// Also decides on requests, makes invites, removes and bans members, names the room.
    Moderator,
    /// Also promotes, hands over and archives. A room has exactly one.
    Owner,
}

/// Somebody in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    pub conversation_id: ConversationId,
    pub account: Author,
    pub role: MembershipRole,
    pub state: MembershipState,
    /// The last change of role or state. A pending request has not changed the room yet and keeps the `rev` that the membership had before, or 0.
    pub rev: Rev,
    /// How far this member has read.
    pub read_seq: Seq,
    pub joined_at: Timestamp,
}
