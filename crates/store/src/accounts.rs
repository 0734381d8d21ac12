//! Accounts.

use crate::{Result, Row, Tx, messages::json_ids, params, words::Word};
use protocol::{Account, AccountId, AccountKind, AccountRole, Author, Me, Timestamp};

/// An account that is about to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// As the person writes it.
    pub username: String,
    /// What look-alikes have in common; unique.
    pub username_skeleton: String,
    /// Lower case; unique.
    pub username_key: String,
    /// The name shown to others.
    pub display_name: String,
    /// Lower case.
    pub display_name_key: String,
    /// Lower case; unique.
    pub email: Option<String>,
    /// A PHC string.
    pub password_hash: Option<String>,
    /// Person, bot or guest.
    pub kind: AccountKind,
    /// Member or administrator.
    pub role: AccountRole,
    /// What else was asked for.
    pub particulars: Particulars,
    /// Now.
    pub created_at: Timestamp,
}

/// What other chat systems ask of people who sign up, and Parlor only keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// Digits; unique.
    pub phone: Option<String>,
    /// As it was given.
    pub first_name: Option<String>,
    /// As it was given.
    pub last_name: Option<String>,
}

/// What is needed to check a password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub me: Me,
    /// A PHC string; none for accounts that sign in elsewhere.
    pub password_hash: Option<String>,
    /// Part of every JWT.
    pub auth_epoch: i64,
}

macro_rules! account_columns {
    () => {
        "a.id, a.username, a.display_name, a.kind, a.role, a.created_at, a.deactivated_at"
    };
}

fn account(row: &Row<'_>) -> Result<Account> {
    account_at(row, 0)
}

/// Reads the columns of `account_columns!` that begin at an index.
pub(crate) fn account_at(row: &Row<'_>, index: usize) -> Result<Account> {
    Ok(Account {
        id: row.get(index)?,
        username: row.get(index + 1)?,
        display_name: row.get(index + 2)?,
        kind: row.get(index + 3)?,
        role: row.get(index + 4)?,
        created_at: row.get(index + 5)?,
        deactivated_at: row.get(index + 6)?,
    })
}

/// Reads id, username, display name and kind that begin at an index.
pub(crate) fn author_at(row: &Row<'_>, index: usize) -> Result<Author> {
    Ok(Author {
        id: row.get(index)?,
        username: row.get(index + 1)?,
        display_name: row.get(index + 2)?,
        kind: row.get(index + 3)?,
    })
}

/// What accounts are called, by id. Those that are not there are missing.
pub fn authors(tx: &mut Tx<'_>, ids: impl ExactSizeIterator<Item = AccountId>) -> Result<Vec<Author>> {
    if ids.len() == 0 {
        return Ok(Vec::new());
    }
    tx.query(
        "SELECT id, username, display_name, kind FROM accounts WHERE id IN ANY_OF($1) ORDER BY id",
        params![&json_ids(ids.map(|id| id.0))],
        |row| author_at(row, 0),
    )
}

fn me(row: &Row<'_>) -> Result<Me> {
    Ok(Me { account: account(row)?, email: row.get(7)? })
}

fn credentials(row: &Row<'_>) -> Result<Credentials> {
    Ok(Credentials { me: me(row)?, password_hash: row.get(8)?, auth_epoch: row.get(9)? })
}

/// Makes an account. `Conflict` with `Username`, `Email` or `Phone` when one of them is taken.
pub fn insert(tx: &mut Tx<'_>, new: &NewAccount) -> Result<AccountId> {
    tx.query_one(
        "INSERT INTO accounts (username, username_skeleton, username_key, display_name, display_name_key, email,
                               password_hash, kind, role, created_at, phone, first_name, last_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        params![
            &new.username,
            &new.username_skeleton,
            &new.username_key,
            &new.display_name,
            &new.display_name_key,
            new.email.as_deref(),
            new.password_hash.as_deref(),
            new.kind.word(),
            new.role.word(),
            new.created_at,
            new.particulars.phone.as_deref(),
            new.particulars.first_name.as_deref(),
            new.particulars.last_name.as_deref()
        ],
        |row| row.get(0),
    )
}

/// What was asked of an account when it was made. `Missing` when there is no such account.
pub fn particulars_of(tx: &mut Tx<'_>, id: AccountId) -> Result<Particulars> {
    tx.query_one("SELECT phone, first_name, last_name FROM accounts WHERE id = $1", params![id], |row| {
        Ok(Particulars { phone: row.get(0)?, first_name: row.get(1)?, last_name: row.get(2)? })
    })
}

/// People, with what only they and administrators see and what was asked of them, sorted by id. Guests did not sign up.
pub fn list_with_particulars(
    tx: &mut Tx<'_>,
    after: AccountId,
    limit: i64,
) -> Result<Vec<(Me, Particulars)>> {
    tx.query(
        concat!(
            "SELECT ",
            account_columns!(),
            ", a.email, a.phone, a.first_name, a.last_name FROM accounts a
              WHERE a.kind <> 'guest' AND a.id > $1 ORDER BY a.id LIMIT $2"
        ),
        params![after, limit],
        |row| {
            Ok((
                me(row)?,
                Particulars { phone: row.get(8)?, first_name: row.get(9)?, last_name: row.get(10)? },
            ))
        },
    )
}

/// Those of the ids that belong to accounts which are no guests'.
pub fn registered_among(tx: &mut Tx<'_>, ids: impl Iterator<Item = AccountId>) -> Result<Vec<AccountId>> {
    tx.query(
        "SELECT id FROM accounts WHERE id IN ANY_OF($1) AND kind <> 'guest' ORDER BY id",
        params![&json_ids(ids.map(|id| id.0))],
        |row| row.get(0),
    )
}

/// The account with this username, in lower case, as others see it.
pub fn by_username(tx: &mut Tx<'_>, username_key: &str) -> Result<Option<Account>> {
    tx.query_opt(
        concat!("SELECT ", account_columns!(), " FROM accounts a WHERE a.username_key = $1"),
        params![username_key],
        account,
    )
}

/// The one active account of somebody who signed up that others are shown by this name; `None` if there are several.
pub fn only_one_shown_as(tx: &mut Tx<'_>, display_name_key: &str) -> Result<Option<Account>> {
    let mut found = tx.query(
        concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts a
              WHERE a.display_name_key = $1 AND a.kind <> 'guest' AND a.deactivated_at IS NULL LIMIT 2"
        ),
        params![display_name_key],
        account,
    )?;
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// Whether somebody who signed up is called this: by a username that is the same or looks like it, or by the name shown to
/// others.
pub fn is_called(
    tx: &mut Tx<'_>,
    username_key: &str,
    username_skeleton: &str,
    display_name_key: &str,
) -> Result<bool> {
    let found = tx.query_opt(
        "SELECT id FROM accounts WHERE username_key = $1 AND kind <> 'guest'
         UNION SELECT id FROM accounts WHERE username_skeleton = $2 AND kind <> 'guest'
         UNION SELECT id FROM accounts WHERE display_name_key = $3 AND kind <> 'guest' LIMIT 1",
        params![username_key, username_skeleton, display_name_key],
        |row| row.get::<i64>(0),
    );
    found.map(|found| found.is_some())
}

/// How many guests were made after a moment.
pub fn count_guests(tx: &mut Tx<'_>, made_after: Timestamp) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM accounts WHERE kind = 'guest' AND created_at > $1",
        params![made_after],
        |row| row.get(0),
    )
}

/// The public side of an account.
pub fn get(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Account>> {
    tx.query_opt(
        concat!("SELECT ", account_columns!(), " FROM accounts a WHERE a.id = $1"),
        params![id],
        account,
    )
}

/// An account as it sees itself.
pub fn me_of(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Me>> {
    tx.query_opt(
        concat!("SELECT ", account_columns!(), ", a.email FROM accounts a WHERE a.id = $1"),
        params![id],
        me,
    )
}

/// What is needed to check the password of an account.
pub fn credentials_of(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Credentials>> {
    tx.query_opt(
        concat!(
            "SELECT ",
            account_columns!(),
            ", a.email, a.password_hash, a.auth_epoch FROM accounts a WHERE a.id = $1"
        ),
        params![id],
        credentials,
    )
}

/// The same, with the account locked until the transaction ends: a password that is being changed elsewhere counts.
pub fn lock_credentials(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Credentials>> {
    tx.query_opt(
        concat!(
            "SELECT ",
            account_columns!(),
            ", a.email, a.password_hash, a.auth_epoch FROM accounts a WHERE a.id = $1 FOR_UPDATE"
        ),
        params![id],
        credentials,
    )
}

/// The account with this username, in lower case.
pub fn credentials_by_username(tx: &mut Tx<'_>, username_key: &str) -> Result<Option<Credentials>> {
    tx.query_opt(
        concat!(
            "SELECT ",
            account_columns!(),
            ", a.email, a.password_hash, a.auth_epoch FROM accounts a WHERE a.username_key = $1"
        ),
        params![username_key],
        credentials,
    )
}

/// The account with this e-mail address, in lower case.
pub fn credentials_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<Credentials>> {
    tx.query_opt(
        concat!(
            "SELECT ",
            account_columns!(),
            ", a.email, a.password_hash, a.auth_epoch FROM accounts a WHERE a.email = $1"
        ),
        params![email],
        credentials,
    )
}

/// Active accounts whose username or display name lies in `from..to`, without guests, sorted by id.
pub fn find(tx: &mut Tx<'_>, from: &str, to: &str, after: AccountId, limit: i64) -> Result<Vec<Account>> {
    tx.query(
        concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts a WHERE a.deactivated_at IS NULL AND a.kind <> 'guest' AND a.id > $3 AND a.id IN (
                SELECT id FROM accounts WHERE username_key >= $1 AND username_key < $2
                UNION SELECT id FROM accounts WHERE display_name_key >= $1 AND display_name_key < $2)
              ORDER BY a.id LIMIT $4"
        ),
        params![from, to, after, limit],
        account,
    )
}

/// Active accounts without guests, sorted by id.
pub fn list(tx: &mut Tx<'_>, after: AccountId, limit: i64) -> Result<Vec<Account>> {
    tx.query(
        concat!(
            "SELECT ",
            account_columns!(),
            " FROM accounts a WHERE a.deactivated_at IS NULL AND a.kind <> 'guest' AND a.id > $1
              ORDER BY a.id LIMIT $2"
        ),
        params![after, limit],
        account,
    )
}

/// All accounts with what only they and administrators see, sorted by id.
pub fn list_all(tx: &mut Tx<'_>, after: AccountId, limit: i64) -> Result<Vec<Me>> {
    tx.query(
        concat!(
            "SELECT ",
            account_columns!(),
            ", a.email FROM accounts a WHERE a.id > $1 ORDER BY a.id LIMIT $2"
        ),
        params![after, limit],
        me,
    )
}

/// The account with this username, if it is an active member of a conversation (everyone is, in General).
pub fn mentioned(
    tx: &mut Tx<'_>,
    conversation: protocol::ConversationId,
    everyone: bool,
    username_key: &str,
) -> Result<Option<AccountId>> {
    tx.query_opt(
        "SELECT a.id FROM accounts a WHERE a.username_key = $1 AND a.deactivated_at IS NULL
           AND (CAST($3 AS BIGINT) = 1 OR EXISTS (SELECT 1 FROM memberships m
                WHERE m.conversation_id = $2 AND m.account_id = a.id AND m.state = 'active'))",
        params![username_key, conversation, everyone],
        |row| row.get(0),
    )
}

/// Whether there is an administrator who can sign in.
pub fn has_administrator(tx: &mut Tx<'_>) -> Result<bool> {
    tx.query_opt(
        "SELECT id FROM accounts WHERE role = 'administrator' AND deactivated_at IS NULL LIMIT 1",
        params![],
        |row| row.get::<i64>(0),
    )
    .map(|found| found.is_some())
}

/// The administrators who can sign in, locked until the transaction ends: of two who demote each other at once, the
/// second sees what the first did.
pub fn lock_administrators(tx: &mut Tx<'_>) -> Result<Vec<AccountId>> {
    tx.query(
        "SELECT id FROM accounts WHERE role = 'administrator' AND deactivated_at IS NULL ORDER BY id FOR_UPDATE",
        params![],
        |row| row.get(0),
    )
}

/// Another name to show.
pub fn set_display_name(tx: &mut Tx<'_>, id: AccountId, name: &str, key: &str) -> Result<()> {
    tx.execute(
        "UPDATE accounts SET display_name = $2, display_name_key = $3 WHERE id = $1",
        params![id, name, key],
    )
    .map(drop)
}

/// Another e-mail address, or none. `Conflict(Email)` when it is taken.
pub fn set_email(tx: &mut Tx<'_>, id: AccountId, email: Option<&str>) -> Result<()> {
    tx.execute("UPDATE accounts SET email = $2 WHERE id = $1", params![id, email]).map(drop)
}

/// Another password.
pub fn set_password(tx: &mut Tx<'_>, id: AccountId, hash: &str) -> Result<()> {
    tx.execute("UPDATE accounts SET password_hash = $2 WHERE id = $1", params![id, hash]).map(drop)
}

/// The same password, hashed with today's cost.
pub fn rehash(tx: &mut Tx<'_>, id: AccountId, old: &str, new: &str) -> Result<()> {
    tx.execute(
        "UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        params![id, old, new],
    )
    .map(drop)
}

/// Another role.
pub fn set_role(tx: &mut Tx<'_>, id: AccountId, role: AccountRole) -> Result<()> {
    tx.execute("UPDATE accounts SET role = $2 WHERE id = $1", params![id, role.word()]).map(drop)
}

/// Shuts an account out (`Some(now)`) or lets it back in.
pub fn set_deactivated(tx: &mut Tx<'_>, id: AccountId, at: Option<Timestamp>) -> Result<()> {
    tx.execute(
        "UPDATE accounts SET deactivated_at = $2, auth_epoch = auth_epoch + 1 WHERE id = $1",
        params![id, at],
    )
    .map(drop)
}
