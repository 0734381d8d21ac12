//! Invites: links that let people into a room.

use crate::{AccountId, ConversationId, InviteId, MembershipState, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An invite as the room's owner and moderators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invite {
    pub id: InviteId,
    pub conversation_id: ConversationId,
    pub created_by: AccountId,
    /// Whether those who come by this link wait for approval.
    pub needs_approval: bool,
    /// `null`: any number.
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub created_at: Timestamp,
    /// `null`: never.
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// The secret of the link. Only in the answer that made the invite: just its hash is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The link to send to people. Only in the answer that made the invite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The public card: all that somebody outside learns about a room from an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InviteCard {
    pub conversation_id: ConversationId,
    pub name: String,
    pub description: String,
    pub needs_approval: bool,
    /// Where the one who asks stands with the room; `null` without a session or when they never were near it.
    pub state: Option<MembershipState>,
}
