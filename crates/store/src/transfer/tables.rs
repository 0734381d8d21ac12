//! What is moved: every table with its columns, and the statements for it, all of them literals.
//!
//! The list is compared with the schema on both sides before anything is moved, so a table or a column that is missing
//! here stops the move and fails its tests.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Bytes,
}

impl Kind {
    /// The word of `TABLE_COLUMNS`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Text => "text",
            Self::Bytes => "bytes",
        }
    }
}

/// A table. Rows are read in the order of the key, which is the primary key: its columns are the first.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Kind)],
    pub(super) key_len: usize,
    /// The first rows, at most `$1`.
    pub(super) first: &'static str,
    /// The rows after a key, which is `$1` and so on; at most as many as the parameter behind it says.
    pub(super) next: &'static str,
    /// The key of the last row.
    pub(super) last_key: &'static str,
    pub(super) count: &'static str,
    pub(super) count_after: &'static str,
    /// Takes rows with all columns; PostgreSQL alone has such a statement.
    pub(super) load: &'static str,
    pub(super) clear: &'static str,
    pub(super) analyze: &'static str,
    pub(super) ids: Option<Ids>,
}

/// The counter of a table that numbers its rows itself.
#[derive(Debug)]
pub(super) struct Ids {
    pub(super) last: &'static str,
    /// Lets the next id be beyond `$1`.
    pub(super) raise: &'static str,
}

/// A column of a key, as it is sorted: a text by code points, whatever the server's language.
macro_rules! sorted {
    ($column:ident Int) => {
        stringify!($column)
    };
    ($column:ident Text) => {
        concat!(stringify!($column), " BY_CODE_POINT")
    };
}

/// The columns of a key and the parameters with which they are compared.
macro_rules! after {
    ($one:ident $kind:ident) => {
        concat!("(", sorted!($one $kind), ") > ($1)")
    };
    ($one:ident $kind:ident, $two:ident $kind_two:ident) => {
        concat!("(", sorted!($one $kind), ", ", sorted!($two $kind_two), ") > ($1, $2)")
    };
    ($one:ident $kind:ident, $two:ident $kind_two:ident, $three:ident $kind_three:ident) => {
        concat!(
            "(", sorted!($one $kind), ", ", sorted!($two $kind_two), ", ", sorted!($three $kind_three),
            ") > ($1, $2, $3)"
        )
    };
}

/// The parameter behind those of a key.
macro_rules! behind {
    ($one:ident) => {
        "$2"
    };
    ($one:ident $two:ident) => {
        "$3"
    };
    ($one:ident $two:ident $three:ident) => {
        "$4"
    };
}

macro_rules! ids {
    ($table:ident id) => {
        Some(Ids {
            last: concat!("SELECT LAST_ID(", stringify!($table), ")"),
            raise: concat!("RAISE_IDS(", stringify!($table), ", $1)"),
        })
    };
    ($table:ident $($other:ident)+) => {
        None
    };
}

macro_rules! table {
    ($table:ident [$key:ident $key_kind:ident $(, $keys:ident $keys_kind:ident)*] $($column:ident $kind:ident),* $(,)?) => {
        Table {
            name: stringify!($table),
            columns: &[
                (stringify!($key), Kind::$key_kind),
                $((stringify!($keys), Kind::$keys_kind),)*
                $((stringify!($column), Kind::$kind)),*
            ],
            key_len: [stringify!($key) $(, stringify!($keys))*].len(),
            first: concat!(
                "SELECT ", stringify!($key) $(, ", ", stringify!($keys))* $(, ", ", stringify!($column))*,
                " FROM ", stringify!($table),
                " ORDER BY ", sorted!($key $key_kind) $(, ", ", sorted!($keys $keys_kind))*, " LIMIT $1",
            ),
            next: concat!(
                "SELECT ", stringify!($key) $(, ", ", stringify!($keys))* $(, ", ", stringify!($column))*,
                " FROM ", stringify!($table), " WHERE ", after!($key $key_kind $(, $keys $keys_kind)*),
                " ORDER BY ", sorted!($key $key_kind) $(, ", ", sorted!($keys $keys_kind))*,
                " LIMIT ", behind!($key $($keys)*),
            ),
            last_key: concat!(
                "SELECT ", stringify!($key) $(, ", ", stringify!($keys))*, " FROM ", stringify!($table),
                " ORDER BY ", sorted!($key $key_kind), " DESC" $(, ", ", sorted!($keys $keys_kind), " DESC")*,
                " LIMIT 1",
            ),
            count: concat!("SELECT COUNT(*) FROM ", stringify!($table)),
            count_after: concat!(
                "SELECT COUNT(*) FROM ", stringify!($table), " WHERE ", after!($key $key_kind $(, $keys $keys_kind)*),
            ),
            load: concat!(
                "COPY ", stringify!($table),
                " (", stringify!($key) $(, ", ", stringify!($keys))* $(, ", ", stringify!($column))*,
                ") FROM STDIN (FORMAT binary)",
            ),
            clear: concat!("DELETE FROM ", stringify!($table)),
            analyze: concat!("ANALYZE ", stringify!($table)),
            ids: ids!($table $key $($keys)*),
        }
    };
}

/// Every table, in an order in which whatever a row refers to is there before it. What the installation knows of itself comes
/// last, so that half of it is never taken for the whole.
pub(super) const TABLES: &[Table] = &[
    table!(accounts [id Int]
        username Text, username_skeleton Text, username_key Text, display_name Text, display_name_key Text, email Text,
        phone Text, password_hash Text, kind Text, role Text, created_at Int, deactivated_at Int, auth_epoch Int,
        first_name Text, last_name Text),
    table!(identities [provider Text, subject Text] account_id Int, login Text, created_at Int),
    table!(sessions [id Int]
        account_id Int, token_hash Bytes, kind Text, user_agent Text, ip Text, created_at Int, last_seen_at Int,
        expires_at Int, revoked_at Int),
    table!(refresh_tokens [id Int] session_id Int, token_hash Bytes, created_at Int, used_at Int),
    table!(conversations [id Int]
        kind Text, name Text, description Text, creator_id Int, direct_key Text, last_seq Int, last_rev Int, rev Int,
        created_at Int, archived_at Int),
    table!(memberships [conversation_id Int, account_id Int]
        role Text, state Text, history_from_seq Int, read_seq Int, notify Text, muted_until Int, rev Int, joined_at Int,
        favourite Int, unread_from Int),
    table!(invites [id Int]
        conversation_id Int, code_hash Bytes, created_by Int, needs_approval Int, max_uses Int, uses Int, created_at Int,
        expires_at Int, revoked_at Int),
    table!(messages [id Int]
        conversation_id Int, seq Int, rev Int, posted_rev Int, author_id Int, cid Text, body_hash Bytes, kind Text,
        body Text, reply_to Int, created_at Int, edited_at Int, deleted_at Int, dialect Text),
    table!(message_edits [message_id Int, rev Int] body Text, edited_at Int),
    table!(reactions [message_id Int, account_id Int, emoji Text] rev Int, created_at Int, author_id Int),
    table!(mentions [account_id Int, conversation_id Int, seq Int] message_id Int, created_at Int),
    table!(jobs [id Int] kind Text, payload Text, run_at Int, attempts Int, failed_at Int),
    table!(audit [id Int] at Int, actor_id Int, action Text, subject Text, details Text),
    table!(meta [key Text] value Text),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_what_one_would_write() {
        let reactions = TABLES.iter().find(|table| table.name == "reactions").unwrap();
        assert_eq!(
            reactions.next,
            "SELECT message_id, account_id, emoji, rev, created_at, author_id FROM reactions \
             WHERE (message_id, account_id, emoji BY_CODE_POINT) > ($1, $2, $3) \
             ORDER BY message_id, account_id, emoji BY_CODE_POINT LIMIT $4"
        );
        assert_eq!((reactions.key_len, reactions.ids.is_none()), (3, true));
        let audit = TABLES.iter().find(|table| table.name == "audit").unwrap();
        assert_eq!(audit.last_key, "SELECT id FROM audit ORDER BY id DESC LIMIT 1");
        assert_eq!(audit.ids.as_ref().unwrap().raise, "RAISE_IDS(audit, $1)");
    }
}
