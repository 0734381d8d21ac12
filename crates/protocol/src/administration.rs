//! What administrators see: accounts with what is nobody else's business, and what happened that matters for security.

use crate::{Account, Author, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountRecord {
    #[serde(flatten)]
    pub account: Account,
    pub email: Option<String>,
    /// When any of its sessions was in use last, exact to five minutes. `null`: never, or so long ago that the session is
    /// forgotten.
    pub last_seen_at: Option<Timestamp>,
}

/// Accounts, those that are shut out included.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountRecordList {
    /// Sorted by id.
    pub accounts: Vec<AccountRecord>,
    pub has_more: bool,
}

/// Something that happened and matters for security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Grows with every entry.
    pub id: i64,
    pub at: Timestamp,
    /// Who did it; `null`: the command line, or the server itself.
    pub actor: Option<Author>,
    /// What was done, in words like `session.created`. New ones may be added.
    pub action: String,
    /// To what: the id of an account, a session or a message, `CONVERSATION:ACCOUNT` for a membership, or `server`.
    pub subject: String,
    /// More about it; never a text, a password or a token.
    pub details: String,
}

/// A page of the audit log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditLog {
    /// The newest first.
    pub entries: Vec<AuditEntry>,
    pub has_more: bool,
}
