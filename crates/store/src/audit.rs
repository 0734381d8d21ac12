//! What happened that matters for security. Rows are only ever added, and forgotten when they are old.

use crate::{Result, Row, Tx, accounts::author_at, params};
use protocol::{AccountId, Timestamp, administration::AuditEntry};

/// Adds a row. `details` never holds message text, passwords or tokens, nor anything else that somebody wrote.
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

macro_rules! entries {
    ($where:literal) => {
        concat!(
            "SELECT l.id, l.at, l.action, l.subject, l.details, a.id, a.username, a.display_name, a.kind
               FROM audit l LEFT JOIN accounts a ON a.id = l.actor_id
              WHERE l.id < $1 AND ",
            $where,
            " ORDER BY l.id DESC LIMIT $2"
        )
    };
}

fn entry(row: &Row<'_>) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.get(0)?,
        at: row.get(1)?,
        actor: row.get::<Option<AccountId>>(5)?.map(|_| author_at(row, 5)).transpose()?,
        action: row.get(2)?,
        subject: row.get(3)?,
        details: row.get(4)?,
    })
}

/// The rows before an id, newest first; where it is said, of one kind only, and of one account only.
pub fn list(
    tx: &mut Tx<'_>,
    before: i64,
    action: Option<&str>,
    actor: Option<AccountId>,
    limit: i64,
) -> Result<Vec<AuditEntry>> {
    match (action, actor) {
        (None, None) => tx.query(entries!("l.id > 0"), params![before, limit], entry),
        (Some(action), None) => tx.query(entries!("l.action = $3"), params![before, limit, action], entry),
        (None, Some(actor)) => tx.query(entries!("l.actor_id = $3"), params![before, limit, actor], entry),
        (Some(action), Some(actor)) => {
            let bound = params![before, limit, action, actor];
            tx.query(entries!("l.action = $3 AND l.actor_id = $4"), bound, entry)
        }
    }
}

/// Forgets rows from before a moment, of the oldest so many; says how many. They stand in the order in which they were added,
/// so no index by time is needed.
pub fn forget(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM audit WHERE id IN
            (SELECT id FROM (SELECT id, at FROM audit ORDER BY id LIMIT $2) AS oldest WHERE at < $1)",
        params![before, limit],
    )
}
