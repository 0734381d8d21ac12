//! Who is asking: one `authenticate` for every door.

mod common_passwords;
pub mod guests;
pub(crate) mod passwords;
pub(crate) mod tokens;

use crate::{Chat, Error, Result};
use protocol::{Account, AccountKind, Dialect, ErrorCode, SessionId, Timestamp};
use std::net::IpAddr;
use store::{Lane, sessions::Signed};

/// Proof that somebody is signed in. Only this module makes one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Caller {
    /// Who.
    pub account: Account,
    /// By which session.
    pub session: SessionId,
    /// When the session ends; a socket ends with it.
    pub expires_at: Timestamp,
    /// The dialect that the caller speaks, where it is not Parlor's own: what they send is marked with it.
    pub dialect: Option<Dialect>,
}

impl Caller {
    /// The same caller, by the door of another system.
    pub fn through(self, dialect: Dialect) -> Self {
        Self { dialect: Some(dialect), ..self }
    }

    /// Refuses guests what is for those who signed up.
    pub(crate) fn must_not_be_guest(&self) -> Result<()> {
        if self.account.kind == AccountKind::Guest {
            return Err(Error::new(ErrorCode::Forbidden).because("This is for people who signed up."));
        }
        Ok(())
    }

    fn new(signed: Signed, expires_at: Timestamp) -> Self {
        Self { account: signed.account, session: signed.session, expires_at, dialect: None }
    }
}

/// What is known about a client before it signs in.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its address, as far as the proxies in front can be believed.
    pub ip: IpAddr,
    /// What it calls itself.
    pub user_agent: Option<String>,
}

/// A session that is in use is noted so often: a write for each request would be too dear.
const TOUCH_AFTER_MS: i64 = 5 * 60 * 1000;

/// Who stands behind a token, opaque or JWT. The session and the account are read from the database each time, so what
/// was revoked is refused at the next request.
///
/// Errors: `unauthenticated`, `token_expired`, `account_deactivated`.
pub async fn authenticate(chat: &Chat, token: &str) -> Result<Caller> {
    let now = chat.now();
    let signed = if tokens::is_jwt(token) {
        let claims = chat.keys().verify(token, now)?;
        let signed = find(chat, move |tx| store::sessions::get(tx, claims.sid)).await?;
        signed.filter(|signed| signed.account.id == claims.account() && signed.auth_epoch == claims.ver)
    } else {
        let hash = tokens::hash(token);
        find(chat, move |tx| store::sessions::by_token_hash(tx, &hash)).await?
    };
    let signed = signed.ok_or(ErrorCode::Unauthenticated)?;
    let expires_at = check(&signed, now)?;
    if now.0 - signed.last_seen_at.0 > TOUCH_AFTER_MS {
        return Ok(touch(chat, signed, now).await);
    }
    Ok(Caller::new(signed, expires_at))
}

/// Looks again at a session that began with `authenticate`: a socket outlives the token that opened it.
///
/// Errors: as `authenticate`.
pub async fn renew(chat: &Chat, caller: &Caller) -> Result<Caller> {
    let now = chat.now();
    let session = caller.session;
    let signed = find(chat, move |tx| store::sessions::get(tx, session)).await?;
    let signed = signed.ok_or(ErrorCode::Unauthenticated)?;
    check(&signed, now)?;
    Ok(touch(chat, signed, now).await)
}

async fn find<F>(chat: &Chat, look: F) -> Result<Option<Signed>>
where
    F: FnOnce(&mut store::Tx<'_>) -> store::Result<Option<Signed>> + Send + 'static,
{
    chat.read(move |tx| Ok(look(tx)?)).await
}

fn check(signed: &Signed, now: Timestamp) -> Result<Timestamp> {
    if signed.revoked_at.is_some() {
        return Err(ErrorCode::Unauthenticated.into());
    }
    if signed.account.deactivated_at.is_some() {
        return Err(ErrorCode::AccountDeactivated.into());
    }
    if signed.expires_at <= now {
        return Err(ErrorCode::TokenExpired.into());
    }
    Ok(signed.expires_at)
}

/// Notes the use and moves the end of the session. That this fails is no reason to refuse the request.
async fn touch(chat: &Chat, signed: Signed, now: Timestamp) -> Caller {
    let until = now.plus_ms(crate::sessions::lifetime_ms(chat));
    let id = signed.session;
    let touched: Result<()> = chat
        .store()
        .write(
            Lane::Account(signed.account.id),
            move |tx| Ok(store::sessions::touch(tx, id, now, until)?),
            |()| {},
        )
        .await;
    let expires_at = if touched.is_ok() { until } else { signed.expires_at };
    Caller::new(signed, expires_at)
}
