//! Sessions and refresh tokens. Only hashes of tokens are stored.

use crate::{Result, Row, Tx, accounts::account_at, messages::json_ids, params};
use protocol::{Account, AccountId, Session, SessionId, Timestamp};
use std::collections::HashSet;

/// A session that is about to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Who signs in.
    pub account_id: AccountId,
    /// SHA-256 of the token; none when the token is a JWT.
    pub token_hash: Option<Vec<u8>>,
    /// `opaque` or `jwt`.
    pub kind: &'static str,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// Where it connects from.
    pub ip: Option<String>,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends without being used.
    pub expires_at: Timestamp,
}

/// A session with its account, as `authenticate` needs it.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The session.
    pub session: SessionId,
    /// Exact to a few minutes.
    pub last_seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Set when it was ended before.
    pub revoked_at: Option<Timestamp>,
    /// Part of every JWT of the account.
    pub auth_epoch: i64,
    /// Whose it is.
    pub account: Account,
}

macro_rules! signed_select {
    ($where:literal) => {
        concat!(
            "SELECT s.id, s.last_seen_at, s.expires_at, s.revoked_at, a.auth_epoch,
                    a.id, a.username, a.display_name, a.kind, a.role, a.created_at, a.deactivated_at
               FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE ",
            $where
        )
    };
}

fn signed(row: &Row<'_>) -> Result<Signed> {
    Ok(Signed {
        session: row.get(0)?,
        last_seen_at: row.get(1)?,
        expires_at: row.get(2)?,
        revoked_at: row.get(3)?,
        auth_epoch: row.get(4)?,
        account: account_at(row, 5)?,
    })
}

/// Begins a session.
pub fn insert(tx: &mut Tx<'_>, new: &NewSession) -> Result<SessionId> {
    tx.query_one(
        "INSERT INTO sessions (account_id, token_hash, kind, user_agent, ip, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING id",
        params![
            new.account_id,
            new.token_hash.as_deref(),
            new.kind,
            new.user_agent.as_deref(),
            new.ip.as_deref(),
            new.created_at,
            new.expires_at
        ],
        |row| row.get(0),
    )
}

/// The session of a token.
pub fn by_token_hash(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<Signed>> {
    tx.query_opt(signed_select!("s.token_hash = $1"), params![hash], signed)
}

/// A session by its id, whatever its state.
pub fn get(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<Signed>> {
    tx.query_opt(signed_select!("s.id = $1"), params![id], signed)
}

/// The sessions of an account that are still good, the newest first.
pub fn list(tx: &mut Tx<'_>, account: AccountId, now: Timestamp, limit: i64) -> Result<Vec<Session>> {
    tx.query(
        "SELECT id, user_agent, ip, created_at, last_seen_at, expires_at FROM sessions
          WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT $3",
        params![account, now, limit],
        |row| {
            Ok(Session {
                id: row.get(0)?,
                current: false,
                user_agent: row.get(1)?,
                ip: row.get(2)?,
                created_at: row.get(3)?,
                last_seen_at: row.get(4)?,
                expires_at: row.get(5)?,
            })
        },
    )
}

/// Notes that a session is in use and moves its end, but not beyond so many milliseconds after it began. Says when it ends
/// now, unless it was ended.
pub fn touch(
    tx: &mut Tx<'_>,
    id: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
    lifetime_max_ms: i64,
) -> Result<Option<Timestamp>> {
    tx.query_opt(
        "UPDATE sessions SET last_seen_at = $2,
                expires_at = CASE WHEN created_at + $4 < $3 THEN created_at + $4 ELSE $3 END
          WHERE id = $1 AND revoked_at IS NULL RETURNING expires_at",
        params![id, now, expires_at, lifetime_max_ms],
        |row| row.get(0),
    )
}

/// Ends a session of an account; says whether it was there and had not ended.
pub fn revoke(tx: &mut Tx<'_>, account: AccountId, id: SessionId, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(
        "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL",
        params![id, account, now],
    )? == 1)
}

/// Ends all sessions of an account but one (0: all).
pub fn revoke_others(tx: &mut Tx<'_>, account: AccountId, keep: SessionId, now: Timestamp) -> Result<u64> {
    tx.execute(
        "UPDATE sessions SET revoked_at = $3 WHERE account_id = $1 AND id <> $2 AND revoked_at IS NULL",
        params![account, keep, now],
    )
}

/// Those of these sessions that were ended or are there no more.
pub fn ended_of(tx: &mut Tx<'_>, ids: &[SessionId]) -> Result<Vec<SessionId>> {
    let good: HashSet<SessionId> = tx
        .query(
            "SELECT id FROM sessions WHERE id IN ANY_OF($1) AND revoked_at IS NULL",
            params![&json_ids(ids.iter().map(|id| id.0))],
            |row| row.get(0),
        )?
        .into_iter()
        .collect();
    Ok(ids.iter().copied().filter(|id| !good.contains(id)).collect())
}

/// Forgets sessions that should have ended before a moment, at most so many at once, with their refresh tokens, and
/// refresh tokens that were used before it. Says how many sessions it were.
pub fn forget_ended(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<u64> {
    let ended: Vec<i64> = tx.query(
        "SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2",
        params![before, limit],
        |row| row.get(0),
    )?;
    let ids = json_ids(ended.into_iter());
    tx.execute("DELETE FROM refresh_tokens WHERE session_id IN ANY_OF($1)", params![&ids])?;
    tx.execute("DELETE FROM refresh_tokens WHERE used_at < $1", params![before])?;
    tx.execute("DELETE FROM sessions WHERE id IN ANY_OF($1)", params![&ids])
}

/// The session of a refresh token, used or not.
pub fn of_refresh(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<SessionId>> {
    tx.query_opt("SELECT session_id FROM refresh_tokens WHERE token_hash = $1", params![hash], |row| {
        row.get(0)
    })
}

/// Adds a refresh token to a session.
pub fn insert_refresh(tx: &mut Tx<'_>, session: SessionId, hash: &[u8], now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO refresh_tokens (session_id, token_hash, created_at) VALUES ($1, $2, $3)",
        params![session, hash, now],
    )
    .map(drop)
}

/// What presenting a refresh token came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshUse {
    /// It was good and is used now.
    Fresh(SessionId),
    /// It had been used before: somebody has a copy.
    Reused(SessionId),
    /// There is no such token.
    Unknown,
}

/// Uses a refresh token. Of several that try at once, one finds it fresh.
pub fn use_refresh(tx: &mut Tx<'_>, hash: &[u8], now: Timestamp) -> Result<RefreshUse> {
    let taken = tx.query_opt(
        "UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL RETURNING session_id",
        params![hash, now],
        |row| row.get(0),
    )?;
    if let Some(session) = taken {
        return Ok(RefreshUse::Fresh(session));
    }
    Ok(of_refresh(tx, hash)?.map_or(RefreshUse::Unknown, RefreshUse::Reused))
}
