//! What happened that matters for security. Rows are only ever added.

use crate::{Result, Tx, params};
use protocol::{AccountId, Timestamp};

/// Adds a row. `details` never holds message text, passwords or tokens.
pub fn record(
    tx: &mut Tx<'_>,
    at: Timestamp,
    actor: Option<AccountId>,
    action: &str,
    subject: &str,
    details: &str,
) -> Result<()> {
    tx.execute(
        "INSERT INTO audit (at, actor_id, action, subject, details) VALUES ($1, $2, $3, $4, $5)",
        params![at, actor, action, subject, details],
    )
    .map(drop)
}

/// One row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Grows with every row.
    pub id: i64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it, where somebody with an account did.
    pub actor: Option<AccountId>,
    /// What was done, in words like `session.created`.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// More about it.
    pub details: String,
}

/// The rows after an id, oldest first.
pub fn list(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<Entry>> {
    tx.query(
        "SELECT id, at, actor_id, action, subject, details FROM audit WHERE id > $1 ORDER BY id LIMIT $2",
        params![after, limit],
        |row| {
            Ok(Entry {
                id: row.get(0)?,
                at: row.get(1)?,
                actor: row.get(2)?,
                action: row.get(3)?,
                subject: row.get(4)?,
                details: row.get(5)?,
            })
        },
    )
}
