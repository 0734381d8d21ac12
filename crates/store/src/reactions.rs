//! Reactions.

use crate::{Result, Tx, params};
use protocol::{AccountId, MessageId, Reaction, Rev, Timestamp};
use std::collections::HashMap;

/// Puts an emoji on a message; says whether it was not there before.
pub fn add(
    tx: &mut Tx<'_>,
    message: MessageId,
    account: AccountId,
    emoji: &str,
    rev: Rev,
    now: Timestamp,
) -> Result<bool> {
    Ok(tx.execute(
        "INSERT INTO reactions (message_id, account_id, emoji, rev, created_at, author_id)
         VALUES ($1, $2, $3, $4, $5, (SELECT author_id FROM messages WHERE id = $1))
         ON CONFLICT (message_id, account_id, emoji) DO NOTHING",
        params![message, account, emoji, rev, now],
    )? == 1)
}

/// Takes an emoji off a message; says whether it was there.
pub fn remove(tx: &mut Tx<'_>, message: MessageId, account: AccountId, emoji: &str) -> Result<bool> {
    Ok(tx.execute(
        "DELETE FROM reactions WHERE message_id = $1 AND account_id = $2 AND emoji = $3",
        params![message, account, emoji],
    )? == 1)
}

/// The reactions of messages whose ids are a JSON array, each emoji where it first came.
pub fn of_each(tx: &mut Tx<'_>, ids: &str) -> Result<HashMap<MessageId, Vec<Reaction>>> {
    let rows: Vec<(MessageId, AccountId, String)> = tx.query(
        "SELECT message_id, account_id, emoji FROM reactions WHERE message_id IN ANY_OF($1)
          ORDER BY message_id, rev, account_id",
        params![ids],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut all: HashMap<MessageId, Vec<Reaction>> = HashMap::new();
    for (message, account, emoji) in rows {
        let reactions = all.entry(message).or_default();
        match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) => reaction.accounts.push(account),
            None => reactions.push(Reaction { emoji, accounts: vec![account] }),
        }
    }
    Ok(all)
}
