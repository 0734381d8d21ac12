//! Accounts as administrators see them: those that are shut out too, with address and last use, sorted by id.

use crate::{Result, Row, Tx, accounts::account_at, params, words::Word};
use protocol::{AccountId, AccountKind, administration::AccountRecord};

macro_rules! record_select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.username, a.display_name, a.kind, a.role, a.created_at, a.deactivated_at, a.email,
                    (SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.account_id = a.id)
               FROM accounts a
              WHERE a.id > $1
                AND CASE WHEN CAST($2 AS TEXT) IS NULL THEN a.kind <> 'guest' ELSE a.kind = CAST($2 AS TEXT) END ",
            $rest
        )
    };
}

fn record(row: &Row<'_>) -> Result<AccountRecord> {
    Ok(AccountRecord { account: account_at(row, 0)?, email: row.get(7)?, last_seen_at: row.get(8)? })
}

/// Accounts of a kind; without one, all but guests.
pub fn list(
    tx: &mut Tx<'_>,
    kind: Option<AccountKind>,
    after: AccountId,
    limit: i64,
) -> Result<Vec<AccountRecord>> {
    tx.query(record_select!("ORDER BY a.id LIMIT $3"), params![after, kind.map(Word::word), limit], record)
}

/// Those of them whose username, display name or e-mail address lies in `from..to`.
pub fn find(
    tx: &mut Tx<'_>,
    kind: Option<AccountKind>,
    (from, to): (&str, &str),
    after: AccountId,
    limit: i64,
) -> Result<Vec<AccountRecord>> {
    tx.query(
        record_select!(
            "AND a.id IN (
                SELECT id FROM accounts WHERE username_key >= $4 AND username_key < $5
                UNION SELECT id FROM accounts WHERE display_name_key >= $4 AND display_name_key < $5
                UNION SELECT id FROM accounts WHERE email BY_CODE_POINT >= $4 AND email BY_CODE_POINT < $5)
              ORDER BY a.id LIMIT $3"
        ),
        params![after, kind.map(Word::word), limit, from, to],
        record,
    )
}
