//! Invites. Only the hash of a code is stored.

use crate::{Result, Row, Tx, params};
use protocol::{AccountId, ConversationId, Invite, InviteId, Timestamp};

/// An invite that is about to be made.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// The room.
    pub conversation_id: ConversationId,
    /// SHA-256 of the code.
    pub code_hash: Vec<u8>,
    /// Who invites.
    pub created_by: AccountId,
    /// Whether those who come wait for approval.
    pub needs_approval: bool,
    /// None: any number.
    pub max_uses: Option<i64>,
    /// Now.
    pub created_at: Timestamp,
    /// None: never.
    pub expires_at: Option<Timestamp>,
}

fn invite(row: &Row<'_>) -> Result<Invite> {
    Ok(Invite {
        id: row.get(0)?,
        conversation_id: row.get(1)?,
        created_by: row.get(2)?,
        needs_approval: row.get(3)?,
        max_uses: row.get(4)?,
        uses: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
        revoked_at: row.get(8)?,
        code: None,
        url: None,
    })
}

/// Makes an invite.
pub fn insert(tx: &mut Tx<'_>, new: &NewInvite) -> Result<Invite> {
    tx.query_one(
        "INSERT INTO invites (conversation_id, code_hash, created_by, needs_approval, max_uses, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         RETURNING id, conversation_id, created_by, needs_approval, max_uses, uses, created_at, expires_at, revoked_at",
        params![
            new.conversation_id,
            new.code_hash.as_slice(),
            new.created_by,
            new.needs_approval,
            new.max_uses,
            new.created_at,
            new.expires_at
        ],
        invite,
    )
}

/// The invites of a room that can still be used or revoked, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Invite>> {
    tx.query(
        "SELECT id, conversation_id, created_by, needs_approval, max_uses, uses, created_at, expires_at, revoked_at
           FROM invites
          WHERE conversation_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
            AND (max_uses IS NULL OR uses < max_uses)
          ORDER BY id DESC LIMIT $3",
        params![conversation, now, limit],
        invite,
    )
}

/// The invite of a code if it is good now.
pub fn good(tx: &mut Tx<'_>, code_hash: &[u8], now: Timestamp) -> Result<Option<Invite>> {
    tx.query_opt(
        "SELECT id, conversation_id, created_by, needs_approval, max_uses, uses, created_at, expires_at, revoked_at
           FROM invites
          WHERE code_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
            AND (max_uses IS NULL OR uses < max_uses)",
        params![code_hash, now],
        invite,
    )
}

/// The invite of a code, good or not.
pub fn by_code(tx: &mut Tx<'_>, code_hash: &[u8]) -> Result<Option<Invite>> {
    tx.query_opt(
        "SELECT id, conversation_id, created_by, needs_approval, max_uses, uses, created_at, expires_at, revoked_at
           FROM invites WHERE code_hash = $1",
        params![code_hash],
        invite,
    )
}

/// Counts one use if the invite is still good; says whether it was. Of two who take the last use, one gets it.
pub fn count_use(tx: &mut Tx<'_>, id: InviteId, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(
        "UPDATE invites SET uses = uses + 1
          WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
            AND (max_uses IS NULL OR uses < max_uses)",
        params![id, now],
    )? == 1)
}

/// Makes an invite of this room useless; says whether it was good for anything.
pub fn revoke(tx: &mut Tx<'_>, conversation: ConversationId, id: InviteId, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(
        "UPDATE invites SET revoked_at = $3 WHERE id = $2 AND conversation_id = $1 AND revoked_at IS NULL",
        params![conversation, id, now],
    )? == 1)
}
