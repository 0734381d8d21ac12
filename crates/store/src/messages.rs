//! Messages, their edits and their mentions.

use crate::{Error, Param, Result, Row, Tx, accounts::author_at, params, reactions, words::Word};
use faults::Bug;
use protocol::{
    AccountId, AccountKind, Author, ConversationId, Dialect, Message, MessageEdit, MessageId, Rev, Seq,
    Timestamp,
};
use std::collections::{HashMap, hash_map::Entry};
use tracing::error;

/// What stands in the place of a text that cannot be read.
const DAMAGED: &str = "⚠ This message is damaged in the database and cannot be read.";

/// A message that is about to be posted; `seq` and `rev` come from `conversations::raise` or `raise_each`.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Where.
    pub conversation_id: ConversationId,
    /// Its number.
    pub seq: Seq,
    /// The change that it is.
    pub rev: Rev,
    /// By whom.
    pub author_id: AccountId,
    /// In which dialect, where it is not Parlor's own.
    pub dialect: Option<Dialect>,
    /// The sender's own id.
    pub cid: &'a str,
    /// SHA-256 of what makes two sends the same.
    pub body_hash: &'a [u8],
    /// The text.
    pub body: &'a str,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Now.
    pub created_at: Timestamp,
}

macro_rules! message_select {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.conversation_id, m.seq, m.rev, a.id, a.username, a.display_name, a.kind,
                    m.cid, m.body, m.created_at, m.edited_at, m.deleted_at, m.reply_to, m.dialect,
                    m.posted_rev
               FROM messages m JOIN accounts a ON a.id = m.author_id ",
            $rest
        )
    };
}

/// What is learned while rows are read, so that nothing is looked up that cannot be there.
#[derive(Default)]
struct Reading {
    /// Most pages have few authors: each one's columns are read once.
    authors: HashMap<AccountId, Author>,
    /// Those that changed after they were posted. A reaction is such a change (`touch`): the others have none.
    changed: Vec<MessageId>,
    /// Those with an `@` in their text, without which nobody is named (`add_mention`).
    naming: Vec<MessageId>,
}

impl Reading {
    /// A message whose row is damaged is shown as such, in its place: it is nobody else's harm.
    fn message(&mut self, row: &Row<'_>) -> Result<Message> {
        match self.whole(row) {
            Err(Error::Database(reason)) => self.damaged(row, &reason),
            read => read,
        }
    }

    /// Errors when what makes its place, its id and numbers, cannot be read either.
    fn damaged(&mut self, row: &Row<'_>, reason: &str) -> Result<Message> {
        let id: MessageId = row.get(0)?;
        let author = self.author(row);
        let deleted_at: Option<Timestamp> = row.get(12).unwrap_or_default();
        error!(message = id.0, reason, "the row of a message is damaged");
        Ok(Message {
            id,
            conversation_id: row.get(1)?,
            seq: row.get(2)?,
            rev: row.get(3)?,
            author: author.unwrap_or_else(|_| Author {
                id: row.get(4).unwrap_or(AccountId(0)),
                username: String::new(),
                display_name: "?".to_owned(),
                kind: AccountKind::Person,
            }),
            dialect: None,
            cid: row.get(8).unwrap_or_default(),
            body: if deleted_at.is_none() { Some(DAMAGED.to_owned()) } else { None },
            created_at: row.get(10).unwrap_or(Timestamp(0)),
            edited_at: None,
            deleted_at,
            reply_to: None,
            reactions: Vec::new(),
            mentions: Vec::new(),
        })
    }

    fn whole(&mut self, row: &Row<'_>) -> Result<Message> {
        let (id, rev): (MessageId, Rev) = (row.get(0)?, row.get(3)?);
        let body: Option<String> = row.get(9)?;
        if rev > row.get(15)? {
            self.changed.push(id);
        }
        if body.as_deref().is_some_and(|body| body.contains('@')) {
            self.naming.push(id);
        }
        Ok(Message {
            id,
            conversation_id: row.get(1)?,
            seq: row.get(2)?,
            rev,
            author: self.author(row)?,
            dialect: row.get(14)?,
            cid: row.get(8)?,
            body,
            created_at: row.get(10)?,
            edited_at: row.get(11)?,
            deleted_at: row.get(12)?,
            reply_to: row.get(13)?,
            reactions: Vec::new(),
            mentions: Vec::new(),
        })
    }

    fn author(&mut self, row: &Row<'_>) -> Result<Author> {
        Ok(match self.authors.entry(row.get(4)?) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => place.insert(author_at(row, 4)?).clone(),
        })
    }

    /// Adds reactions and mentions to the messages that were read: at most two queries, however many messages, and none
    /// for what nobody reacted to and what names nobody, which saves a page of fifty 35 µs of 117.
    fn dress(self, tx: &mut Tx<'_>, mut messages: Vec<Message>) -> Result<Vec<Message>> {
        if !self.changed.is_empty() {
            let mut reactions = reactions::of_each(tx, &json_ids(self.changed.iter().map(|id| id.0)))?;
            for message in &mut messages {
                message.reactions = reactions.remove(&message.id).unwrap_or_default();
            }
        }
        if !self.naming.is_empty() {
            let mut mentions = mentions_of(tx, &json_ids(self.naming.iter().map(|id| id.0)))?;
            for message in &mut messages {
                message.mentions = mentions.remove(&message.id).unwrap_or_default();
            }
        }
        Ok(messages)
    }
}

/// Reads messages as they are shown.
fn read(tx: &mut Tx<'_>, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Message>> {
    let mut reading = Reading::default();
    let messages = tx.query(sql, params, |row| reading.message(row))?;
    reading.dress(tx, messages)
}

fn mentions_of(tx: &mut Tx<'_>, ids: &str) -> Result<HashMap<MessageId, Vec<AccountId>>> {
    let mut mentions: HashMap<MessageId, Vec<AccountId>> = HashMap::new();
    let rows = tx.query(
        "SELECT message_id, account_id FROM mentions WHERE message_id IN ANY_OF($1) ORDER BY account_id",
        params![ids],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (message, account) in rows {
        mentions.entry(message).or_default().push(account);
    }
    Ok(mentions)
}

/// Ids as the JSON text that `ANY_OF` takes.
pub(crate) fn json_ids(ids: impl Iterator<Item = i64>) -> String {
    let mut text = String::from("[");
    for (index, id) in ids.enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&id.to_string());
    }
    text.push(']');
    text
}

/// Posts a message; none when this author has used this cid here before.
pub fn insert(tx: &mut Tx<'_>, new: &NewMessage<'_>) -> Result<Option<MessageId>> {
    Ok(insert_each(tx, std::slice::from_ref(new))?.pop().flatten())
}

macro_rules! message_insert {
    ($returning:literal) => {
        concat!(
            "INSERT INTO messages (conversation_id, seq, rev, posted_rev, author_id, cid, body_hash, kind, body, reply_to,
                                   created_at, dialect)
             VALUES_GIVEN given.conversation_id, given.seq, given.rev, given.rev, given.author_id, given.cid,
                          given.body_hash, 'text', given.body, given.reply_to, given.created_at, given.dialect
             END_GIVEN(conversation_id, seq, rev, author_id, cid, body_hash, body, reply_to, created_at, dialect)
             ON CONFLICT (conversation_id, author_id, cid) DO NOTHING",
            $returning
        )
    };
}

/// Posts messages; the id of each, in their order.
pub fn insert_each(tx: &mut Tx<'_>, new: &[NewMessage<'_>]) -> Result<Vec<Option<MessageId>>> {
    if !tx.is_shared() {
        return new.iter().map(|new| insert_alone(tx, new)).collect();
    }
    let rows: Vec<_> = new.iter().map(columns).collect();
    let posted = tx.query_each(message_insert!(" RETURNING conversation_id, seq, id"), &rows, |row| {
        Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
    })?;
    let posted: HashMap<(ConversationId, Seq), MessageId> = posted.into_iter().collect();
    Ok(new.iter().map(|new| posted.get(&(new.conversation_id, new.seq)).copied()).collect())
}

/// SQLite knows the last id without RETURNING, for which it would keep a copy of every page that the statement changes, so as
/// to undo it alone: a quarter of the time that a message takes the writer.
fn insert_alone(tx: &mut Tx<'_>, new: &NewMessage<'_>) -> Result<Option<MessageId>> {
    let posted = tx.execute(message_insert!(""), &columns(new))?;
    Ok(if posted == 1 { tx.last_id().map(MessageId) } else { None })
}

fn columns<'a>(new: &NewMessage<'a>) -> [Param<'a>; 10] {
    [
        new.conversation_id.into(),
        new.seq.into(),
        new.rev.into(),
        new.author_id.into(),
        new.cid.into(),
        new.body_hash.into(),
        new.body.into(),
        new.reply_to.into(),
        new.created_at.into(),
        new.dialect.map(Word::word).into(),
    ]
}

/// The message that an author sent under a cid, with the hash it was sent with (none once it is deleted).
pub fn by_cid(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    author: AccountId,
    cid: &str,
) -> Result<Option<(Message, Option<Vec<u8>>)>> {
    let found = tx.query_opt(
        "SELECT id, body_hash FROM messages WHERE conversation_id = $1 AND author_id = $2 AND cid = $3",
        params![conversation, author, cid],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((id, hash)) = found else { return Ok(None) };
    Ok(get(tx, id)?.map(|message| (message, hash)))
}

/// One message.
pub fn get(tx: &mut Tx<'_>, id: MessageId) -> Result<Option<Message>> {
    Ok(read(tx, message_select!("WHERE m.id = $1"), params![id])?.pop())
}

/// Those of the messages that are there, in no order.
pub fn among(tx: &mut Tx<'_>, ids: impl Iterator<Item = MessageId>) -> Result<HashMap<MessageId, Message>> {
    let ids = json_ids(ids.map(|id| id.0));
    let messages = read(tx, message_select!("WHERE m.id IN ANY_OF($1)"), params![&ids])?;
    Ok(messages.into_iter().map(|message| (message.id, message)).collect())
}

/// Where a message is: its conversation and number.
pub fn locate(tx: &mut Tx<'_>, id: MessageId) -> Result<Option<(ConversationId, Seq)>> {
    tx.query_opt("SELECT conversation_id, seq FROM messages WHERE id = $1", params![id], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The newest messages below a number, oldest first.
pub fn before(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    from: Seq,
    seq: Seq,
    limit: i64,
) -> Result<Vec<Message>> {
    let mut messages = read(
        tx,
        message_select!(
            "WHERE m.conversation_id = $1 AND m.seq >= $2 AND m.seq < $3 ORDER BY m.seq DESC LIMIT $4"
        ),
        params![conversation, from, seq, limit],
    )?;
    messages.reverse();
    Ok(messages)
}

/// The oldest messages above a number, oldest first.
pub fn after(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    from: Seq,
    seq: Seq,
    limit: i64,
) -> Result<Vec<Message>> {
    read(
        tx,
        message_select!(
            "WHERE m.conversation_id = $1 AND m.seq >= $2 AND m.seq > $3 ORDER BY m.seq LIMIT $4"
        ),
        params![conversation, from, seq, limit],
    )
}

/// The last message of each conversation that an account is in, as far as it may see it.
pub fn last_of_each(
    tx: &mut Tx<'_>,
    account: AccountId,
    after: ConversationId,
    upto: ConversationId,
) -> Result<HashMap<ConversationId, Message>> {
    let messages = read(
        tx,
        message_select!(
            "JOIN conversations c ON c.id = m.conversation_id AND c.last_seq = m.seq
             LEFT JOIN memberships s ON s.conversation_id = c.id AND s.account_id = $1
             WHERE c.id IN (SELECT conversation_id FROM memberships WHERE account_id = $1 AND state = 'active'
                            UNION SELECT 1)
               AND c.id > $2 AND c.id <= $3 AND m.seq >= COALESCE(s.history_from_seq, 0)"
        ),
        params![account, after, upto],
    )?;
    Ok(messages.into_iter().map(|message| (message.conversation_id, message)).collect())
}

/// The newest messages of General and of an account's direct chats, without the deleted ones, oldest first. Numbers have no
/// gaps, so no conversation gives more rows to sort than are asked for.
pub fn newest_outside_rooms(tx: &mut Tx<'_>, account: AccountId, limit: i64) -> Result<Vec<Message>> {
    read(
        tx,
        message_select!(
            "WHERE m.id IN (
                SELECT n.id FROM conversations c
                  JOIN messages n ON n.conversation_id = c.id AND n.seq > c.last_seq - $2
                 WHERE c.id IN (SELECT conversation_id FROM memberships WHERE account_id = $1 AND state = 'active'
                                UNION SELECT 1)
                   AND c.kind <> 'room' AND n.deleted_at IS NULL
                 ORDER BY n.id DESC LIMIT $2)
             ORDER BY m.id"
        ),
        params![account, limit],
    )
}

/// Messages that changed after a rev, sorted by rev, at most `limit`. `last_seq` and `last_rev` are the conversation's
/// counters in the same transaction. What was posted after `since` is found by seq, and only what changed later needs an
/// index by rev.
pub fn changed(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    from: Seq,
    since: Rev,
    counters: (Seq, Rev),
    limit: i64,
) -> Result<Vec<Message>> {
    let newest_from = last_posted(tx, conversation, since, counters)?.max(from - 1);
    let mut messages = read(
        tx,
        message_select!(
            "WHERE m.conversation_id = $1 AND m.seq > $2 AND m.posted_rev > $3 AND m.rev = m.posted_rev
             ORDER BY m.seq LIMIT $4"
        ),
        params![conversation, newest_from, since, limit],
    )?;
    messages.extend(read(
        tx,
        message_select!(
            "WHERE m.conversation_id = $1 AND m.rev > $2 AND m.rev > m.posted_rev AND m.seq >= $3
             ORDER BY m.rev LIMIT $4"
        ),
        params![conversation, since, from, limit],
    )?);
    messages.sort_by_key(|message| message.rev);
    messages.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(messages)
}

/// The number of the last message that was posted up to a rev; 0 when there is none. Reads the messages that were posted
/// after it.
pub fn last_seq_at(tx: &mut Tx<'_>, conversation: ConversationId, rev: Rev) -> Result<Seq> {
    let seq = tx.query_opt(
        "SELECT seq FROM messages WHERE conversation_id = $1 AND posted_rev <= $2 ORDER BY seq DESC LIMIT 1",
        params![conversation, rev],
        |row| row.get(0),
    )?;
    Ok(seq.unwrap_or(0))
}

/// Below this distance the rows between are simply read.
const NEAR: i64 = 64;

/// A message number such that whatever was posted after `since` lies above it and almost nothing else does: `posted_rev`
/// grows with seq, so a binary search finds it. Each message took at least one change, which bounds the search.
fn last_posted(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    since: Rev,
    (last_seq, last_rev): (Seq, Rev),
) -> Result<Seq> {
    let mut low = (last_seq - (last_rev - since)).max(0);
    let mut high = last_seq.min(since);
    while high - low > NEAR {
        let middle = low + (high - low) / 2;
        let posted: Option<Rev> = tx.query_opt(
            "SELECT posted_rev FROM messages WHERE conversation_id = $1 AND seq = $2",
            params![conversation, middle],
            |row| row.get(0),
        )?;
        if posted.is_some_and(|posted| posted <= since) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Replaces the text and keeps the old one in the history of edits.
pub fn edit(tx: &mut Tx<'_>, id: MessageId, body: &str, rev: Rev, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO message_edits (message_id, rev, body, edited_at)
         SELECT id, CAST($2 AS BIGINT), body, CAST($3 AS BIGINT) FROM messages WHERE id = $1 AND body IS NOT NULL",
        params![id, rev, now],
    )?;
    tx.execute(
        "UPDATE messages SET body = $2, rev = $3, edited_at = $4 WHERE id = $1",
        params![id, body, rev, now],
    )
    .map(drop)
}

/// Leaves a tombstone: the text, its hash, its edits, its reactions and its mentions are gone.
pub fn delete(tx: &mut Tx<'_>, id: MessageId, rev: Rev, now: Timestamp) -> Result<()> {
    if faults::has(Bug::DeletedTextKept) {
        let sql = "UPDATE messages SET rev = $2, deleted_at = $3 WHERE id = $1";
        return tx.execute(sql, params![id, rev, now]).map(drop);
    }
    tx.execute(
        "UPDATE messages SET body = NULL, body_hash = NULL, rev = $2, deleted_at = $3 WHERE id = $1",
        params![id, rev, now],
    )?;
    tx.execute("DELETE FROM message_edits WHERE message_id = $1", params![id])?;
    tx.execute("DELETE FROM reactions WHERE message_id = $1", params![id])?;
    tx.execute("DELETE FROM mentions WHERE message_id = $1", params![id]).map(drop)
}

/// Notes that something hanging on a message changed. Needed with every change of its reactions: those of a message that did not
/// change since it was posted are not looked up.
pub fn touch(tx: &mut Tx<'_>, id: MessageId, rev: Rev) -> Result<()> {
    tx.execute("UPDATE messages SET rev = $2 WHERE id = $1", params![id, rev]).map(drop)
}

/// What a message said before, oldest first.
pub fn edits(tx: &mut Tx<'_>, id: MessageId, limit: i64) -> Result<Vec<MessageEdit>> {
    tx.query(
        "SELECT rev, body, edited_at FROM message_edits WHERE message_id = $1 ORDER BY rev LIMIT $2",
        params![id, limit],
        |row| Ok(MessageEdit { rev: row.get(0)?, body: row.get(1)?, edited_at: row.get(2)? }),
    )
}

/// How often a message was edited.
pub fn edit_count(tx: &mut Tx<'_>, id: MessageId) -> Result<i64> {
    tx.query_one("SELECT COUNT(*) FROM message_edits WHERE message_id = $1", params![id], |row| row.get(0))
}

/// Forgets whom a message names, but for these accounts.
pub fn keep_mentions(tx: &mut Tx<'_>, id: MessageId, accounts: &[AccountId]) -> Result<()> {
    tx.execute(
        "DELETE FROM mentions WHERE message_id = $1 AND account_id NOT IN ANY_OF($2)",
        params![id, &json_ids(accounts.iter().map(|account| account.0))],
    )
    .map(drop)
}

/// Notes that a message names an account since a moment; of several, the first stays. Its text must hold the `@` that does: the
/// mentions of a text without one are not looked up.
pub fn add_mention(tx: &mut Tx<'_>, message: &Message, account: AccountId, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO mentions (account_id, conversation_id, seq, message_id, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, conversation_id, seq) DO NOTHING",
        params![account, message.conversation_id, message.seq, message.id, now],
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_a_json_array() {
        assert_eq!(json_ids([].into_iter()), "[]");
        assert_eq!(json_ids([3, 5].into_iter()), "[3,5]");
    }
}
