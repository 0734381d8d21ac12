//! Who is asking: one `authenticate` for every door.

mod common_passwords;
pub mod guests;
pub(crate) mod passwords;
pub(crate) mod tokens;

use crate::{Chat, Error, Result};
use protocol::{Account, AccountKind, Dialect, ErrorCode, SessionId, Timestamp};
use std::net::IpAddr;
use store::{Lane, Tx, sessions::Signed};
use tokens::Claims;

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

    fn new(signed: Signed) -> Self {
        let Signed { account, session, expires_at, .. } = signed;
        Self { account, session, expires_at, dialect: None }
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

/// What was read for whoever stands behind a token, and who that is.
#[derive(Clone, Debug)]
pub struct Asked<T> {
    /// Who asks.
    pub caller: Caller,
    /// What there is for them, or why they do not get it.
    pub answer: Result<T>,
}

/// Who stands behind a token, opaque or JWT. The session and the account are read from the database each time, so what
/// was revoked is refused at the next request.
///
/// Errors: `unauthenticated`, `token_expired`, `account_deactivated`.
pub async fn authenticate(chat: &Chat, token: &str) -> Result<Caller> {
    Ok(read_as(chat, token, |_, _| Ok(())).await?.caller)
}

/// The same, with something that is read for them in the same transaction: the way to the database's threads and back
/// is taken once so, which saves a page of history 14 µs of 96.
///
/// Errors: as `authenticate`; what the reading itself refuses stands in `answer`.
pub(crate) async fn read_as<T, F>(chat: &Chat, token: &str, read: F) -> Result<Asked<T>>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Caller) -> Result<T> + Send + 'static,
{
    let now = chat.now();
    let key = Key::of(chat, token)?;
    let (last_seen_at, asked) = chat
        .read(move |tx| {
            let signed = key.look_up(tx)?.ok_or(ErrorCode::Unauthenticated)?;
            check(&signed, now)?;
            let (last_seen_at, caller) = (signed.last_seen_at, Caller::new(signed));
            let answer = read(tx, &caller);
            Ok((last_seen_at, Asked { caller, answer }))
        })
        .await?;
    if now.0 - last_seen_at.0 > TOUCH_AFTER_MS {
        return Ok(Asked { caller: touch(chat, asked.caller, now).await, ..asked });
    }
    Ok(asked)
}

/// What a token is looked up by.
enum Key {
    Hash(Vec<u8>),
    Claims(Claims),
}

impl Key {
    fn of(chat: &Chat, token: &str) -> Result<Self> {
        if tokens::is_jwt(token) {
            return Ok(Self::Claims(chat.keys().verify(token, chat.moment())?));
        }
        Ok(Self::Hash(tokens::hash(token)))
    }

    fn look_up(&self, tx: &mut Tx<'_>) -> store::Result<Option<Signed>> {
        match self {
            Self::Hash(hash) => store::sessions::by_token_hash(tx, hash),
            Self::Claims(claims) => Ok(store::sessions::get(tx, claims.sid)?
                .filter(|signed| signed.account.id == claims.account() && signed.auth_epoch == claims.ver)),
        }
    }
}

/// Looks again at a session that began with `authenticate`: a socket outlives the token that opened it.
///
/// Errors: as `authenticate`.
pub async fn renew(chat: &Chat, caller: &Caller) -> Result<Caller> {
    let now = chat.now();
    let session = caller.session;
    let signed = chat.read(move |tx| Ok(store::sessions::get(tx, session)?)).await?;
    let signed = signed.ok_or(ErrorCode::Unauthenticated)?;
    check(&signed, now)?;
    Ok(touch(chat, Caller::new(signed), now).await)
}

fn check(signed: &Signed, now: Timestamp) -> Result<()> {
    if signed.revoked_at.is_some() {
        return Err(ErrorCode::Unauthenticated.into());
    }
    if signed.account.deactivated_at.is_some() {
        return Err(ErrorCode::AccountDeactivated.into());
    }
    if signed.expires_at <= now {
        return Err(ErrorCode::TokenExpired.into());
    }
    Ok(())
}

/// Notes the use and moves the end of the session. That this fails is no reason to refuse the request.
async fn touch(chat: &Chat, caller: Caller, now: Timestamp) -> Caller {
    let until = now.plus_ms(crate::sessions::lifetime_ms(chat));
    let (id, lifetime_max_ms) = (caller.session, crate::sessions::lifetime_max_ms(chat));
    let touched: Result<Option<Timestamp>> = chat
        .store()
        .write(
            Lane::Account(caller.account.id),
            move |tx| Ok(store::sessions::touch(tx, id, now, until, lifetime_max_ms)?),
            |_| {},
        )
        .await;
    let expires_at = touched.ok().flatten().unwrap_or(caller.expires_at);
    Caller { expires_at, ..caller }
}
