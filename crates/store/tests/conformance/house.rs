//! A house with everything in it, for moving: every table has rows, and among them what is easily lost on the way.

use store::{Column, Result, Store, Value, params, testing::TestDatabase};

pub(crate) const EPOCH: &str = "0123456789abcdef";
/// Accounts up to this number were there; the last of them are gone.
pub(crate) const HIGHEST_ACCOUNT: i64 = 1_010;
pub(crate) const REACTIONS: u64 = 6;
pub(crate) const MENTIONS: u64 = 2;

/// Fills the SQLite database of a test, which nobody else has open.
pub(crate) fn fill(source: &TestDatabase) {
    source.open().unwrap().close();
    source.run(HOUSE);
}

// Keys that sort otherwise in a language than by code points; texts in several scripts, empty, with line ends, escapes and at the
// longest; numbers at both ends; bytes that are no text; messages on more than two pages.
const HOUSE: &str = r#"
INSERT INTO meta (key, value) VALUES ('epoch', '0123456789abcdef'), ('token_key', 'key'), ('page_views', '17'), ('Z', ''),
    ('a', 'b'), ('é', '\N'), ('ß', '{"a": "\u0000"}');
UPDATE conversations SET created_at = 5, last_seq = 1200, last_rev = 1300 WHERE id = 1;
INSERT INTO accounts (id, username, username_skeleton, username_key, display_name, display_name_key, email, phone,
        password_hash, kind, role, created_at, deactivated_at, auth_epoch, first_name, last_name) VALUES
    (7, '~guest', 's7', '~guest', 'Guest', 'guest', NULL, NULL, NULL, 'guest', 'member', 1, NULL, 0, NULL, NULL),
    (1001, 'Asha', 's1', 'asha', 'Äsha 👩🏽‍🚀', 'äsha', 'asha@example.org', '+1', 'h', 'person', 'administrator', 1, NULL, 3, 'A', 'B'),
    (1002, 'binod', 's2', 'binod', 'बिनोद', 'बिनोद', NULL, NULL, 'h', 'person', 'member', 9223372036854775807, 2, 0, '', ''),
    (1010, 'gone', 's3', 'gone', '', '', NULL, NULL, NULL, 'person', 'member', -9223372036854775808, NULL, 0, NULL, NULL);
DELETE FROM accounts WHERE id = 1010;
INSERT INTO identities (provider, subject, account_id, login, created_at) VALUES
    ('github', 'B', 1001, 'asha', 1), ('github', 'a', 1002, 'b', 2), ('Zed', 'É', 1001, 'x', 3);
INSERT INTO sessions (id, account_id, token_hash, kind, user_agent, ip, created_at, last_seen_at, expires_at, revoked_at) VALUES
    (1, 1001, x'00ff10', 'bearer', 'Browser/1.0 "x"', '::1', 1, 2, 3, NULL), (2, 1002, NULL, 'jwt', NULL, NULL, 1, 2, 3, 4),
    (3, 1002, x'', 'bearer', '', '', 1, 2, 3, NULL);
INSERT INTO refresh_tokens (id, session_id, token_hash, created_at, used_at) VALUES (4, 2, x'5c4e', 1, NULL);
INSERT INTO conversations (id, kind, name, description, creator_id, direct_key, last_seq, last_rev, rev, created_at, archived_at)
    VALUES (2, 'room', 'Küche', 'line' || char(10) || 'line', 1001, NULL, 3, 4, 1, 5, NULL),
           (3, 'direct', NULL, '', 1001, '1001:1002', 0, 1, 1, 6, NULL), (9, 'room', 'old', '', NULL, NULL, 0, 2, 2, 7, 8);
INSERT INTO memberships (conversation_id, account_id, role, state, history_from_seq, read_seq, notify, muted_until, rev, joined_at,
        favourite, unread_from) VALUES
    (2, 1001, 'owner', 'active', 0, 3, 'usual', NULL, 1, 5, 1, NULL), (2, 1002, 'member', 'pending', 1, 0, 'all', 99, 2, 6, 0, 2),
    (1, 1002, 'member', 'active', 0, 12, 'nothing', NULL, 0, 6, 0, NULL);
INSERT INTO invites (id, conversation_id, code_hash, created_by, needs_approval, max_uses, uses, created_at, expires_at, revoked_at)
    VALUES (1, 2, x'0102', 1001, 1, NULL, 0, 1, NULL, NULL), (2, 2, x'0103', 1001, 0, 5, 5, 1, 2, 3);
INSERT INTO messages (conversation_id, seq, rev, posted_rev, author_id, cid, body_hash, kind, body, reply_to, created_at,
        edited_at, deleted_at, dialect)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
    SELECT 1, i, i, i, 1001 + i % 2, 'cid-' || i, CASE WHEN i % 7 THEN randomblob(32) END, 'text',
           CASE i % 10 WHEN 0 THEN '' WHEN 1 THEN NULL WHEN 2 THEN '👍🏿 👩‍👩‍👧 🇳🇵' WHEN 3 THEN 'مرحبا שלום' WHEN 4 THEN '\N \. \x00 \\'
                WHEN 5 THEN 'a' || char(13, 10) || 'b' || char(9) WHEN 6 THEN '''"{}[],' WHEN 7 THEN char(1, 127, 65533, 1114109)
                ELSE 'message ' || i END,
           CASE WHEN i % 3 = 0 THEN i - 1 END, i * 1000, CASE WHEN i % 11 = 0 THEN i * 1000 + 1 END,
           CASE WHEN i % 10 = 1 THEN i * 1000 + 2 END, CASE WHEN i % 13 = 0 THEN 'chats' END
      FROM n;
INSERT INTO messages (id, conversation_id, seq, rev, posted_rev, author_id, cid, kind, body, created_at) VALUES
    (5000, 2, 1, 2, 2, 1001, 'long', 'text', replace(hex(zeroblob(20000)), '0000', 'ह'), 1),
    (5001, 2, 2, 3, 3, 1001, 'two', 'text', '@binod', 2), (5002, 2, 3, 4, 4, 7, 'three', 'text', '🙂', 3);
INSERT INTO message_edits (message_id, rev, body, edited_at) VALUES (5001, 4, 'before', 1), (5001, 6, '', 2), (11, 1201, '👍', 3);
INSERT INTO reactions (message_id, account_id, emoji, rev, created_at, author_id) VALUES (5, 1001, '👍', 1, 2, 1002),
    (5, 1001, '❤️', 2, 2, 1002), (5, 1001, 'Z', 3, 2, 1002), (5, 1001, 'a', 4, 2, 1002), (5, 1002, 'é', 5, 2, 1002),
    (5002, 7, '🙂', 5, 2, 7);
INSERT INTO mentions (account_id, conversation_id, seq, message_id, created_at) VALUES (1002, 2, 2, 5001, 2), (1001, 1, 3, 3, 9);
INSERT INTO jobs (id, kind, payload, run_at, attempts, failed_at) VALUES (1, 'mail', '{}', 1, 0, NULL), (2, 'mail', '', 2, 9, 3);
INSERT INTO audit (id, at, actor_id, action, subject, details) VALUES (1, 1, 1001, 'disable', '1002', ''), (2, 2, NULL, 'x', '', '…');
"#;

/// A value of any kind.
#[derive(Debug, PartialEq)]
pub(crate) enum Anything {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Column for Anything {
    fn from_value(value: Value<'_>) -> Result<Self> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
        })
    }
}

/// Every row of every table.
pub(crate) async fn everything(store: &Store) -> Vec<(&'static str, Vec<Vec<Anything>>)> {
    let read = store.read(|tx| {
        let all = [
            "SELECT * FROM meta ORDER BY key BY_CODE_POINT",
            "SELECT * FROM accounts ORDER BY id",
            "SELECT * FROM identities ORDER BY provider BY_CODE_POINT, subject BY_CODE_POINT",
            "SELECT * FROM sessions ORDER BY id",
            "SELECT * FROM refresh_tokens ORDER BY id",
            "SELECT * FROM conversations ORDER BY id",
            "SELECT * FROM memberships ORDER BY conversation_id, account_id",
            "SELECT * FROM invites ORDER BY id",
            "SELECT * FROM messages ORDER BY id",
            "SELECT * FROM message_edits ORDER BY message_id, rev",
            "SELECT * FROM reactions ORDER BY message_id, rev",
            "SELECT * FROM mentions ORDER BY account_id, conversation_id, seq",
            "SELECT * FROM jobs ORDER BY id",
            "SELECT * FROM audit ORDER BY id",
            "SELECT version, name, checksum FROM schema_migrations ORDER BY version",
        ];
        all.into_iter().map(|sql| Ok((sql, tx.query(sql, params![], whole)?))).collect::<Result<Vec<_>>>()
    });
    read.await.unwrap()
}

fn whole(row: &store::Row<'_>) -> Result<Vec<Anything>> {
    Ok((0..).map_while(|index| row.get(index).ok()).collect())
}
