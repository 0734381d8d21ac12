//! Conversations and their two counters.

use crate::{
    Param, Result, Row, Tx,
    accounts::{account_at, author_at},
    messages::json_ids,
    params,
    preferences::preferences_at,
};
use protocol::{
    Account, AccountId, ConversationDetails, ConversationId, ConversationKind, ConversationSummary,
    MembershipRole, MembershipState, Rev, Seq, Timestamp,
};
use std::collections::HashMap;

/// A conversation whose counters were just raised; its row stays locked until the transaction ends.
#[derive(Clone, Copy, Debug)]
pub struct Raised {
    /// The number of the newest message, the one being written included.
    pub last_seq: Seq,
    /// The number of the change being made.
    pub rev: Rev,
}

/// A conversation together with one account's standing in it.
#[derive(Clone, Debug)]
pub struct Access {
    /// General, direct or room.
    pub kind: ConversationKind,
    /// The newest message.
    pub last_seq: Seq,
    /// The newest change.
    pub last_rev: Rev,
    /// Set when the room can no longer be changed.
    pub archived_at: Option<Timestamp>,
    /// None without a row.
    pub role: Option<MembershipRole>,
    /// None without a row.
    pub state: Option<MembershipState>,
    /// Messages below are not shown to this account.
    pub history_from_seq: Seq,
    /// How far this account has read.
    pub read_seq: Seq,
    /// The account as it is now.
    pub account: Account,
}

macro_rules! details_select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, name, description, creator_id, rev, created_at, archived_at FROM conversations WHERE ",
            $rest
        )
    };
}

fn details(row: &Row<'_>) -> Result<ConversationDetails> {
    Ok(ConversationDetails {
        id: row.get(0)?,
        kind: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        creator_id: row.get(4)?,
        rev: row.get(5)?,
        created_at: row.get(6)?,
        archived_at: row.get(7)?,
    })
}

fn summary(row: &Row<'_>) -> Result<ConversationSummary> {
    let last_seq = row.get(8)?;
    let read_seq: Seq = row.get(10)?;
    Ok(ConversationSummary {
        details: details(row)?,
        with: row.get::<Option<AccountId>>(14)?.map(|_| author_at(row, 14)).transpose()?,
        last_seq,
        last_rev: row.get(9)?,
        read_seq,
        unread: last_seq - read_seq,
        unread_mentions: row.get(12)?,
        role: row.get::<Option<_>>(11)?.unwrap_or(MembershipRole::Member),
        pending_count: row.get(13)?,
        preferences: preferences_at(row, 18)?,
        last_message: None,
    })
}

/// Makes a room. Its making is its change number 1.
pub fn insert_room(
    tx: &mut Tx<'_>,
    name: &str,
    description: &str,
    creator: AccountId,
    now: Timestamp,
) -> Result<ConversationId> {
    tx.query_one(
        "INSERT INTO conversations (kind, name, description, creator_id, created_at, last_rev, rev)
         VALUES ('room', $1, $2, $3, $4, 1, 1) RETURNING id",
        params![name, description, creator, now],
        |row| row.get(0),
    )
}

/// Makes the direct chat of a key; none when it exists. Of two who start it at once, one makes it.
pub fn insert_direct(
    tx: &mut Tx<'_>,
    key: &str,
    creator: AccountId,
    now: Timestamp,
) -> Result<Option<ConversationId>> {
    tx.query_opt(
        "INSERT INTO conversations (kind, direct_key, creator_id, created_at, last_rev, rev)
         VALUES ('direct', $1, $2, $3, 1, 1) ON CONFLICT (direct_key) DO NOTHING RETURNING id",
        params![key, creator, now],
        |row| row.get(0),
    )
}

/// The direct chat of a key.
pub fn by_direct_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<ConversationId>> {
    tx.query_opt("SELECT id FROM conversations WHERE direct_key = $1", params![key], |row| row.get(0))
}

/// Gives General the moment of the first start as its beginning.
pub fn date_general(tx: &mut Tx<'_>, now: Timestamp) -> Result<()> {
    tx.execute("UPDATE conversations SET created_at = $1 WHERE id = 1 AND created_at = 0", params![now])
        .map(drop)
}

/// Raises the counters by so many messages (0 or 1) and one change, which locks the conversation: no other writer
/// comes between what is checked and what is written after this, and commits come in the order of the numbers.
pub fn raise(tx: &mut Tx<'_>, id: ConversationId, messages: i64) -> Result<Option<Raised>> {
    tx.query_opt(
        "UPDATE conversations SET last_seq = last_seq + $2, last_rev = last_rev + 1 WHERE id = $1
         RETURNING last_seq, last_rev",
        params![id, messages],
        |row| Ok(Raised { last_seq: row.get(0)?, rev: row.get(1)? }),
    )
}

/// Raises the counters of several conversations, each by so many messages and as many changes, as `raise` does for one; where they
/// stand then, `access_each` tells. Those that are not there are passed over. Name each once.
pub fn raise_each(tx: &mut Tx<'_>, messages: &[(ConversationId, i64)]) -> Result<()> {
    if tx.is_shared() && messages.len() > 1 {
        // Two nodes that lock the same conversations would wait for each other if each did it in an order of its own.
        tx.query(
            "SELECT id FROM conversations WHERE id IN ANY_OF($1) ORDER BY id FOR_UPDATE",
            params![&json_ids(messages.iter().map(|(id, _)| id.0))],
            |_| Ok(()),
        )?;
    }
    let rows: Vec<_> = messages.iter().map(|(id, count)| [Param::from(*id), Param::from(*count)]).collect();
    // Without RETURNING: see `messages::insert_each`.
    tx.execute_each(
        "UPDATE conversations SET last_seq = last_seq + given.messages, last_rev = last_rev + given.messages
           FROM_GIVEN(id, messages) WHERE conversations.id = given.id",
        &rows,
    )
    .map(drop)
}

/// How far a conversation has come.
pub fn counters(tx: &mut Tx<'_>, id: ConversationId) -> Result<Option<(Seq, Rev)>> {
    tx.query_opt("SELECT last_seq, last_rev FROM conversations WHERE id = $1", params![id], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The last changes of these conversations.
pub fn heads(tx: &mut Tx<'_>, ids: &[ConversationId]) -> Result<Vec<(ConversationId, Rev)>> {
    tx.query(
        "SELECT id, last_rev FROM conversations WHERE id IN ANY_OF($1)",
        params![&json_ids(ids.iter().map(|id| id.0))],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Locks a conversation and says which was its last change.
pub fn lock_head(tx: &mut Tx<'_>, id: ConversationId) -> Result<Option<Rev>> {
    tx.query_opt("SELECT last_rev FROM conversations WHERE id = $1 FOR_UPDATE", params![id], |row| row.get(0))
}

/// Locks a conversation without a change of it: for what happens outside of the room, like a request to join.
pub fn lock(tx: &mut Tx<'_>, id: ConversationId) -> Result<Option<ConversationDetails>> {
    tx.query_opt(details_select!("id = $1 FOR_UPDATE"), params![id], details)
}

/// What a conversation is.
pub fn get(tx: &mut Tx<'_>, id: ConversationId) -> Result<Option<ConversationDetails>> {
    tx.query_opt(details_select!("id = $1"), params![id], details)
}

/// What a conversation is, if that changed after a rev.
pub fn changed(tx: &mut Tx<'_>, id: ConversationId, since: Rev) -> Result<Option<ConversationDetails>> {
    tx.query_opt(details_select!("id = $1 AND rev > $2"), params![id, since], details)
}

macro_rules! access_select {
    ($columns:literal, $from:literal, $account:literal, $where:literal) => {
        concat!(
            "SELECT c.kind, c.last_seq, c.last_rev, c.archived_at, m.role, m.state,
                    COALESCE(m.history_from_seq, 0), COALESCE(m.read_seq, 0),
                    a.id, a.username, a.display_name, a.kind, a.role, a.created_at, a.deactivated_at",
            $columns,
            " FROM conversations c ",
            $from,
            " JOIN accounts a ON a.id = ",
            $account,
            " LEFT JOIN memberships m ON m.conversation_id = c.id AND m.account_id = a.id WHERE c.id = ",
            $where
        )
    };
}

fn access_at(row: &Row<'_>) -> Result<Access> {
    Ok(Access {
        kind: row.get(0)?,
        last_seq: row.get(1)?,
        last_rev: row.get(2)?,
        archived_at: row.get(3)?,
        role: row.get(4)?,
        state: row.get(5)?,
        history_from_seq: row.get(6)?,
        read_seq: row.get(7)?,
        account: account_at(row, 8)?,
    })
}

/// A conversation and an account's standing in it.
pub fn access(tx: &mut Tx<'_>, id: ConversationId, account: AccountId) -> Result<Option<Access>> {
    tx.query_opt(access_select!("", "", "$2", "$1"), params![id, account], access_at)
}

/// The same for several, in their order.
pub fn access_each(tx: &mut Tx<'_>, wanted: &[(ConversationId, AccountId)]) -> Result<Vec<Option<Access>>> {
    let rows: Vec<_> = (0..)
        .zip(wanted)
        .map(|(number, (id, account))| [Param::Int(number), Param::from(*id), Param::from(*account)])
        .collect();
    let found = tx.query_each(
        access_select!(
            ", given.number",
            "CROSS_GIVEN(number, conversation_id, account_id)",
            "given.account_id",
            "given.conversation_id"
        ),
        &rows,
        |row| Ok((row.get::<i64>(15)?, access_at(row)?)),
    )?;
    let mut found: HashMap<i64, Access> = found.into_iter().collect();
    Ok((0..).zip(wanted).map(|(number, _)| found.remove(&number)).collect())
}

/// Changes what a room is called; `rev` comes from `raise`.
pub fn set_details(
    tx: &mut Tx<'_>,
    id: ConversationId,
    name: Option<&str>,
    description: &str,
    archived_at: Option<Timestamp>,
    rev: Rev,
) -> Result<()> {
    tx.execute(
        "UPDATE conversations SET name = $2, description = $3, archived_at = $4, rev = $5 WHERE id = $1",
        params![id, name, description, archived_at, rev],
    )
    .map(drop)
}

macro_rules! summary_select {
    ($where:literal) => {
        concat!(
            "SELECT c.id, c.kind, c.name, c.description, c.creator_id, c.rev, c.created_at, c.archived_at,
                    c.last_seq, c.last_rev, COALESCE(m.read_seq, 0), m.role,
                    (SELECT COUNT(*) FROM mentions n WHERE n.account_id = $1 AND n.conversation_id = c.id
                        AND n.seq > COALESCE(m.read_seq, 0)),
                    CASE WHEN c.kind = 'room' AND m.role IN ('owner', 'moderator')
                         THEN (SELECT COUNT(*) FROM memberships p
                                WHERE p.conversation_id = c.id AND p.state = 'pending')
                         ELSE 0 END,
                    o.id, o.username, o.display_name, o.kind,
                    COALESCE(m.notify, 'usual'), m.muted_until, COALESCE(m.favourite, 0), m.unread_from
               FROM conversations c
               LEFT JOIN memberships m ON m.conversation_id = c.id AND m.account_id = $1
               LEFT JOIN memberships om ON c.kind = 'direct' AND om.conversation_id = c.id AND om.account_id <> $1
               LEFT JOIN accounts o ON o.id = om.account_id
              WHERE ",
            $where
        )
    };
}

/// The conversations that an account is in, General included, by id; their last messages are left empty.
pub fn summaries(
    tx: &mut Tx<'_>,
    account: AccountId,
    after: ConversationId,
    limit: i64,
) -> Result<Vec<ConversationSummary>> {
    tx.query(
        summary_select!(
            "c.id IN (SELECT conversation_id FROM memberships WHERE account_id = $1 AND state = 'active'
                      UNION SELECT 1)
               AND c.id > $2 ORDER BY c.id LIMIT $3"
        ),
        params![account, after, limit],
        summary,
    )
}

/// One conversation as an account sees it, its last message left empty; its standing was checked before.
pub fn summary_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: ConversationId,
) -> Result<Option<ConversationSummary>> {
    tx.query_opt(summary_select!("c.id = $2"), params![account, id], summary)
}

/// How many changes there ever were, in all conversations together. It never becomes less.
pub fn changes_ever(tx: &mut Tx<'_>) -> Result<i64> {
    tx.query_one("SELECT CAST(COALESCE(SUM(last_rev), 0) AS BIGINT) FROM conversations", params![], |row| {
        row.get(0)
    })
}
