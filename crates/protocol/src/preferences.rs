//! What I set for a conversation, for myself alone: the same on all my devices, and told to nobody else.

use crate::{Seq, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What of a conversation I want to be notified of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// What the device is set to.
    #[default]
    Usual,
    /// Every message.
    All,
    /// Messages that name me.
    Mentions,
    /// Nothing.
    Nothing,
}

/// My preferences for a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationPreferences {
    pub notify: Notify,
    /// Until then nothing of the conversation makes itself heard; `null`: it is not muted. May lie in the past: then it is
    /// over.
    pub muted_until: Option<Timestamp>,
    /// Whether it stands above the others.
    pub favourite: bool,
    /// From this message on I want to see it as unread, though it is read; `null`: as it is read. It changes no count.
    pub unread_from: Option<Seq>,
}
