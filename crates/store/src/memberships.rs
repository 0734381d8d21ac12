//! Memberships. In General everyone is a member without a row; a row there only remembers how far one has read and
//! what one set for it.

use crate::{Result, Row, Tx, accounts::author_at, messages::json_ids, params, words::Word};
use protocol::{
    AccountId, Author, ConversationId, Membership, MembershipRole, MembershipState, Rev, Seq, Timestamp,
    conversation::JoinRequest,
};

macro_rules! membership_select {
    ($state:literal, $rest:literal) => {
        concat!(
            "SELECT m.conversation_id, m.role, ",
            $state,
            ", m.rev, m.read_seq, m.joined_at, a.id, a.username, a.display_name, a.kind
               FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE ",
            $rest
        )
    };
}

fn membership(row: &Row<'_>) -> Result<Membership> {
    Ok(Membership {
        conversation_id: row.get(0)?,
        role: row.get(1)?,
        state: row.get(2)?,
        rev: row.get(3)?,
        read_seq: row.get(4)?,
        joined_at: row.get(5)?,
        account: author_at(row, 6)?,
    })
}

/// One membership, whatever its state.
pub fn get(tx: &mut Tx<'_>, conversation: ConversationId, account: AccountId) -> Result<Option<Membership>> {
    tx.query_opt(
        membership_select!("m.state", "m.conversation_id = $1 AND m.account_id = $2"),
        params![conversation, account],
        membership,
    )
}

/// Sets role and state, making the row where there is none. `joined_at` changes only when somebody comes in;
/// preferences stay for whoever comes back.
pub fn put(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    account: AccountId,
    role: MembershipRole,
    state: MembershipState,
    rev: Rev,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO memberships (conversation_id, account_id, role, state, rev, joined_at, notify)
         VALUES ($1, $2, $3, $4, $5, $6, 'usual')
         ON CONFLICT (conversation_id, account_id) DO UPDATE SET
            role = $3, state = $4, rev = $5,
            joined_at = CASE WHEN memberships.state = $4 THEN memberships.joined_at ELSE $6 END",
        params![conversation, account, role.word(), state.word(), rev, now],
    )
    .map(drop)
}

/// Sets how far a newcomer counts as having read: what was said before is history, not unread.
pub fn read_from(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    account: AccountId,
    read_seq: protocol::Seq,
) -> Result<()> {
    tx.execute(
        "UPDATE memberships SET read_seq = $3 WHERE conversation_id = $1 AND account_id = $2 AND read_seq < $3",
        params![conversation, account, read_seq],
    )
    .map(drop)
}

/// The memberships of a state, sorted by account.
pub fn list(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    state: MembershipState,
    after: AccountId,
    limit: i64,
) -> Result<Vec<Membership>> {
    tx.query(
        membership_select!(
            "m.state",
            "m.conversation_id = $1 AND m.state = $2 AND m.account_id > $3
          ORDER BY m.account_id LIMIT $4"
        ),
        params![conversation, state.word(), after, limit],
        membership,
    )
}

/// Everyone, as members of General, sorted by account. Administrators are its moderators.
pub fn list_general(tx: &mut Tx<'_>, after: AccountId, limit: i64) -> Result<Vec<Membership>> {
    tx.query(
        "SELECT CAST(1 AS BIGINT), CASE WHEN a.role = 'administrator' THEN 'moderator' ELSE 'member' END, 'active',
                CAST(0 AS BIGINT), COALESCE(m.read_seq, 0), a.created_at,
                a.id, a.username, a.display_name, a.kind
           FROM accounts a LEFT JOIN memberships m ON m.conversation_id = 1 AND m.account_id = a.id
          WHERE a.deactivated_at IS NULL AND a.id > $1 ORDER BY a.id LIMIT $2",
        params![after, limit],
        membership,
    )
}

/// What changed after a rev, sorted by rev. Who left and now waits at the door again has left, for those inside.
pub fn changed(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    since: Rev,
    limit: i64,
) -> Result<Vec<Membership>> {
    tx.query(
        membership_select!(
            "CASE WHEN m.state = 'pending' THEN 'left' ELSE m.state END",
            "m.conversation_id = $1 AND m.rev > $2 ORDER BY m.rev, m.account_id LIMIT $3"
        ),
        params![conversation, since, limit],
        membership,
    )
}

/// Those who decide on requests: the owner and the moderators.
pub fn deciders(tx: &mut Tx<'_>, conversation: ConversationId) -> Result<Vec<AccountId>> {
    tx.query(
        "SELECT account_id FROM memberships
          WHERE conversation_id = $1 AND state = 'active' AND role IN ('owner', 'moderator')",
        params![conversation],
        |row| row.get(0),
    )
}

/// How many wait for a decision.
pub fn pending_count(tx: &mut Tx<'_>, conversation: ConversationId) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM memberships WHERE conversation_id = $1 AND state = 'pending'",
        params![conversation],
        |row| row.get(0),
    )
}

/// How many are in.
pub fn active_count(tx: &mut Tx<'_>, conversation: ConversationId) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM memberships WHERE conversation_id = $1 AND state = 'active'",
        params![conversation],
        |row| row.get(0),
    )
}

/// How many conversations an account is in or waits for.
pub fn count_of(tx: &mut Tx<'_>, account: AccountId) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM memberships WHERE account_id = $1 AND state IN ('active', 'pending')",
        params![account],
        |row| row.get(0),
    )
}

/// The conversations that an account is in, General included.
pub fn conversations_of(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<ConversationId>> {
    tx.query(
        "SELECT conversation_id FROM memberships WHERE account_id = $1 AND state = 'active'
         UNION SELECT id FROM conversations WHERE id = 1 ORDER BY 1",
        params![account],
        |row| row.get(0),
    )
}

/// Who is an active member, sorted by id. General, where everyone is, has few rows of those.
pub fn active_ids(tx: &mut Tx<'_>, conversation: ConversationId) -> Result<Vec<AccountId>> {
    tx.query(
        "SELECT account_id FROM memberships WHERE conversation_id = $1 AND state = 'active' ORDER BY account_id",
        params![conversation],
        |row| row.get(0),
    )
}

/// Where these accounts are members; General, where everyone is, is left out.
pub fn active_of(tx: &mut Tx<'_>, accounts: &[AccountId]) -> Result<Vec<(AccountId, ConversationId)>> {
    tx.query(
        "SELECT account_id, conversation_id FROM memberships
          WHERE account_id IN ANY_OF($1) AND state = 'active' AND conversation_id <> 1",
        params![&json_ids(accounts.iter().map(|id| id.0))],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The conversations that an account is in, each with where its counters stand.
pub fn heads_of(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<(ConversationId, Seq, Rev)>> {
    tx.query(
        "SELECT c.id, c.last_seq, c.last_rev FROM conversations c WHERE c.id IN (
            SELECT conversation_id FROM memberships WHERE account_id = $1 AND state = 'active' UNION SELECT 1)
          ORDER BY c.id",
        params![account],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Those with whom an account has these direct chats; other conversations are left out.
pub fn partners_in(
    tx: &mut Tx<'_>,
    account: AccountId,
    conversations: impl Iterator<Item = ConversationId>,
) -> Result<Vec<(ConversationId, Author)>> {
    tx.query(
        "SELECT c.id, a.id, a.username, a.display_name, a.kind
           FROM conversations c
           JOIN memberships m ON m.conversation_id = c.id AND m.account_id <> $1
           JOIN accounts a ON a.id = m.account_id
          WHERE c.id IN ANY_OF($2) AND c.kind = 'direct' ORDER BY c.id",
        params![account, &json_ids(conversations.map(|id| id.0))],
        |row| Ok((row.get(0)?, author_at(row, 1)?)),
    )
}

/// The rooms that an account asked to join and that have not decided, by their public cards.
pub fn requests_of(tx: &mut Tx<'_>, account: AccountId, limit: i64) -> Result<Vec<JoinRequest>> {
    tx.query(
        "SELECT c.id, c.name, c.description, m.state FROM memberships m JOIN conversations c ON c.id = m.conversation_id
          WHERE m.account_id = $1 AND m.state = 'pending' ORDER BY c.id LIMIT $2",
        params![account, limit],
        |row| {
            Ok(JoinRequest {
                conversation_id: row.get(0)?,
                name: row.get::<Option<String>>(1)?.unwrap_or_default(),
                description: row.get(2)?,
                state: row.get(3)?,
            })
        },
    )
}
