//! Identities: accounts of other services by which accounts here sign in.

use crate::{Result, Tx, params, words::Word};
use protocol::{AccountId, Identity, Provider, Timestamp};

/// An identity that is about to be linked.
#[derive(Clone, Debug)]
pub struct NewIdentity<'a> {
    /// The service.
    pub provider: Provider,
    /// The service's own id of its account, which never changes.
    pub subject: &'a str,
    /// Whose it is here.
    pub account_id: AccountId,
    /// What the service calls its owner.
    pub login: &'a str,
    /// Now.
    pub created_at: Timestamp,
}

/// Links an identity. `Conflict(Identity)` when it belongs to an account already, or the account has one of this service.
pub fn insert(tx: &mut Tx<'_>, new: &NewIdentity<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO identities (provider, subject, account_id, login, created_at) VALUES ($1, $2, $3, $4, $5)",
        params![new.provider.word(), new.subject, new.account_id, new.login, new.created_at],
    )
    .map(drop)
}

/// The account of an identity.
pub fn account_of(tx: &mut Tx<'_>, provider: Provider, subject: &str) -> Result<Option<AccountId>> {
    tx.query_opt(
        "SELECT account_id FROM identities WHERE provider = $1 AND subject = $2",
        params![provider.word(), subject],
        |row| row.get(0),
    )
}

/// The identities of an account: at most one of each service.
pub fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Identity>> {
    tx.query(
        "SELECT provider, login, created_at FROM identities WHERE account_id = $1 ORDER BY provider",
        params![account],
        |row| Ok(Identity { provider: row.get(0)?, login: row.get(1)?, created_at: row.get(2)? }),
    )
}

/// Notes what the service calls the owner now.
pub fn set_login(tx: &mut Tx<'_>, provider: Provider, subject: &str, login: &str) -> Result<()> {
    tx.execute(
        "UPDATE identities SET login = $3 WHERE provider = $1 AND subject = $2 AND login <> $3",
        params![provider.word(), subject, login],
    )
    .map(drop)
}

/// Ends a link; says whether there was one.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, provider: Provider) -> Result<bool> {
    Ok(tx.execute(
        "DELETE FROM identities WHERE account_id = $1 AND provider = $2",
        params![account, provider.word()],
    )? == 1)
}
