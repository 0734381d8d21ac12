//! What happened that matters for security. Rows are only ever added.

use crate::{Result, Tx, accounts::author_at, params};
use protocol::{AccountId, Timestamp, administration::AuditEntry};

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

/// The rows before an id, newest first.
pub fn list(tx: &mut Tx<'_>, before: i64, limit: i64) -> Result<Vec<AuditEntry>> {
    tx.query(
        "SELECT l.id, l.at, l.action, l.subject, l.details, a.id, a.username, a.display_name, a.kind
           FROM audit l LEFT JOIN accounts a ON a.id = l.actor_id
          WHERE l.id < $1 ORDER BY l.id DESC LIMIT $2",
        params![before, limit],
        |row| {
            Ok(AuditEntry {
                id: row.get(0)?,
                at: row.get(1)?,
                actor: row.get::<Option<AccountId>>(5)?.map(|_| author_at(row, 5)).transpose()?,
                action: row.get(2)?,
                subject: row.get(3)?,
                details: row.get(4)?,
            })
        },
    )
}
