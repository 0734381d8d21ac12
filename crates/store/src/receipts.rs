//! Receipts: how far each member has read. They only grow.

use crate::{Param, Result, Tx};
use protocol::{AccountId, ConversationId, Seq, Timestamp};

/// Moves an active member's receipt forward; says whether it moved.
pub fn grow(tx: &mut Tx<'_>, conversation: ConversationId, account: AccountId, seq: Seq) -> Result<bool> {
    Ok(grow_each(tx, [(conversation, account, seq)])? == 1)
}

/// The same for several; says how many moved. Name each once.
pub fn grow_each(
    tx: &mut Tx<'_>,
    read: impl IntoIterator<Item = (ConversationId, AccountId, Seq)>,
) -> Result<u64> {
    let rows: Vec<[Param<'_>; 3]> = read
        .into_iter()
        .map(|(conversation, account, seq)| [conversation.into(), account.into(), seq.into()])
        .collect();
    tx.execute_each(
        "UPDATE memberships SET read_seq = given.seq FROM_GIVEN(conversation_id, account_id, seq)
          WHERE memberships.conversation_id = given.conversation_id AND memberships.account_id = given.account_id
            AND memberships.read_seq < given.seq AND memberships.state = 'active'",
        &rows,
    )
}

/// The same in General, where the row may have to be made; says whether it moved.
pub fn grow_general(tx: &mut Tx<'_>, account: AccountId, seq: Seq, now: Timestamp) -> Result<bool> {
    Ok(grow_general_each(tx, [(account, seq, now)])? == 1)
}

/// The same for several; says how many moved. Name each once.
pub fn grow_general_each(
    tx: &mut Tx<'_>,
    read: impl IntoIterator<Item = (AccountId, Seq, Timestamp)>,
) -> Result<u64> {
    let rows: Vec<[Param<'_>; 3]> =
        read.into_iter().map(|(account, seq, now)| [account.into(), seq.into(), now.into()]).collect();
    tx.execute_each(
        "INSERT INTO memberships (conversation_id, account_id, role, state, read_seq, joined_at, notify)
         VALUES_GIVEN 1, given.account_id, 'member', 'active', given.seq, given.joined_at, 'usual'
         END_GIVEN(account_id, seq, joined_at)
         ON CONFLICT (conversation_id, account_id)
         DO UPDATE SET read_seq = excluded.read_seq WHERE memberships.read_seq < excluded.read_seq",
        &rows,
    )
}
