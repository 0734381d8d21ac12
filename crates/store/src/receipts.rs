//! Receipts: how far each member has read. They only grow.

use crate::{Result, Tx, params};
use protocol::{AccountId, ConversationId, Seq, Timestamp};

/// Moves an active member's receipt forward; says whether it moved.
pub fn grow(tx: &mut Tx<'_>, conversation: ConversationId, account: AccountId, seq: Seq) -> Result<bool> {
    Ok(tx.execute(
        "UPDATE memberships SET read_seq = $3
          WHERE conversation_id = $1 AND account_id = $2 AND read_seq < $3 AND state = 'active'",
        params![conversation, account, seq],
    )? == 1)
}

/// The same in General, where the row may have to be made; says whether it moved.
pub fn grow_general(tx: &mut Tx<'_>, account: AccountId, seq: Seq, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(
        "INSERT INTO memberships (conversation_id, account_id, role, state, read_seq, joined_at, notify)
         VALUES (1, $1, 'member', 'active', $2, $3, 'usual')
         ON CONFLICT (conversation_id, account_id) DO UPDATE SET read_seq = $2 WHERE memberships.read_seq < $2",
        params![account, seq, now],
    )? == 1)
}
