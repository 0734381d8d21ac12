//! Sessions: one sign-in of an account on one device.

use crate::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A session as its owner sees it in the list of sessions. The token itself is never shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    pub id: SessionId,
    /// The session that asks.
    pub current: bool,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
    pub created_at: Timestamp,
    /// Exact to five minutes.
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}
