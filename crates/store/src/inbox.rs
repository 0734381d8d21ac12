//! What concerns an account: messages that name it, and reactions to what it wrote. Deleted messages have neither.
//!
//! Both are read in the order of an index, at most so many rows, and what the account may not see or did itself is marked
//! instead of left out: whoever pages on knows how far was looked, however little of it was to be seen.

use crate::{Result, Tx, accounts::author_at, params};
use protocol::{AccountId, Author, MessageId, Rev, Timestamp};

/// Where something stands in the inbox. No two things of one inbox stand at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it happened.
    pub at: Timestamp,
    /// To which message.
    pub message: MessageId,
    /// The change that a reaction was; 0 for a mention.
    pub rev: Rev,
}

impl Place {
    /// Before everything, seen from the newest.
    pub const TOP: Self = Self { at: Timestamp(i64::MAX), message: MessageId(i64::MAX), rev: i64::MAX };
}

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// Whether it is somebody else's doing in a place where the account may see it now.
    pub is_visible: bool,
    /// The emoji and who put it there; none for a mention.
    pub reaction: Option<(String, Author)>,
}

/// The next `limit` mentions of an account below a place, the newest first.
pub fn mentions(tx: &mut Tx<'_>, account: AccountId, below: Place, limit: i64) -> Result<Vec<Entry>> {
    tx.query(
        "SELECT n.created_at, n.message_id,
                CASE WHEN m.author_id <> $1 AND n.seq >= COALESCE(s.history_from_seq, 0)
                      AND (n.conversation_id = 1 OR s.state = 'active') THEN 1 ELSE 0 END
           FROM (SELECT created_at, message_id, conversation_id, seq FROM mentions
                  WHERE account_id = $1 AND (created_at, message_id, CAST(0 AS BIGINT)) < ($2, $3, $4)
                  ORDER BY created_at DESC, message_id DESC LIMIT $5) n
           JOIN messages m ON m.id = n.message_id
           LEFT JOIN memberships s ON s.conversation_id = n.conversation_id AND s.account_id = $1
          ORDER BY n.created_at DESC, n.message_id DESC",
        params![account, below.at, below.message, below.rev, limit],
        |row| {
            let place = Place { at: row.get(0)?, message: row.get(1)?, rev: 0 };
            Ok(Entry { place, is_visible: row.get(2)?, reaction: None })
        },
    )
}

/// The next `limit` reactions to what an account wrote below a place, the newest first.
pub fn reactions(tx: &mut Tx<'_>, account: AccountId, below: Place, limit: i64) -> Result<Vec<Entry>> {
    tx.query(
        "SELECT r.created_at, r.message_id, r.rev,
                CASE WHEN r.account_id <> $1 AND m.seq >= COALESCE(s.history_from_seq, 0)
                      AND (m.conversation_id = 1 OR s.state = 'active') THEN 1 ELSE 0 END,
                r.emoji, a.id, a.username, a.display_name, a.kind
           FROM (SELECT created_at, message_id, rev, account_id, emoji FROM reactions
                  WHERE author_id = $1 AND (created_at, message_id, rev) < ($2, $3, $4)
                  ORDER BY created_at DESC, message_id DESC, rev DESC LIMIT $5) r
           JOIN messages m ON m.id = r.message_id
           JOIN accounts a ON a.id = r.account_id
           LEFT JOIN memberships s ON s.conversation_id = m.conversation_id AND s.account_id = $1
          ORDER BY r.created_at DESC, r.message_id DESC, r.rev DESC",
        params![account, below.at, below.message, below.rev, limit],
        |row| {
            let place = Place { at: row.get(0)?, message: row.get(1)?, rev: row.get(2)? };
            let reaction = Some((row.get(4)?, author_at(row, 5)?));
            Ok(Entry { place, is_visible: row.get(3)?, reaction })
        },
    )
}
