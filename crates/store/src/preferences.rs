//! What members set for a conversation, each for themselves. In General the row may have to be made.

use crate::{Result, Row, Tx, params, words::Word};
use protocol::{AccountId, ConversationId, ConversationPreferences, Timestamp, api::UpdatePreferences};

/// Reads notify, muted_until, favourite and unread_from that begin at an index.
pub(crate) fn preferences_at(row: &Row<'_>, index: usize) -> Result<ConversationPreferences> {
    Ok(ConversationPreferences {
        notify: row.get(index)?,
        muted_until: row.get(index + 1)?,
        favourite: row.get(index + 2)?,
        unread_from: row.get(index + 3)?,
    })
}

/// What an account set for a conversation; nothing, where it has no membership.
pub fn get(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    account: AccountId,
) -> Result<ConversationPreferences> {
    let found = tx.query_opt(
        "SELECT notify, muted_until, favourite, unread_from FROM memberships
          WHERE conversation_id = $1 AND account_id = $2",
        params![conversation, account],
        |row| preferences_at(row, 0),
    )?;
    Ok(found.unwrap_or_default())
}

/// Changes what is present in the update for an active member, and gives all of it; none for who is no active member.
/// What is absent is not touched, so two who change different things at once both have their way.
pub fn set(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    account: AccountId,
    with: UpdatePreferences,
) -> Result<Option<ConversationPreferences>> {
    tx.query_opt(
        "UPDATE memberships SET
            notify = COALESCE($3, notify),
            muted_until = CASE WHEN CAST($4 AS BIGINT) = 1 THEN CAST($5 AS BIGINT) ELSE muted_until END,
            favourite = COALESCE($6, favourite),
            unread_from = CASE WHEN CAST($7 AS BIGINT) = 1 THEN CAST($8 AS BIGINT) ELSE unread_from END
          WHERE conversation_id = $1 AND account_id = $2 AND state = 'active'
         RETURNING notify, muted_until, favourite, unread_from",
        params![
            conversation,
            account,
            with.notify.map(Word::word),
            with.muted_until.is_some(),
            with.muted_until.flatten(),
            with.favourite,
            with.unread_from.is_some(),
            with.unread_from.flatten(),
        ],
        |row| preferences_at(row, 0),
    )
}

/// Makes the row in General that remembers an account's preferences, where there is none. It has read nothing, as before.
pub fn make_row_in_general(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO memberships (conversation_id, account_id, role, state, joined_at, notify)
         VALUES (1, $1, 'member', 'active', $2, 'usual')
         ON CONFLICT (conversation_id, account_id) DO NOTHING",
        params![account, now],
    )
    .map(drop)
}
