//! Signing in and out, and the list of one's sessions.

use crate::{Caller, Chat, Client, Error, Result, audit, auth::tokens, change::Stop, text};
use protocol::{
    ErrorCode, SessionId, Timestamp,
    api::{Refresh, SessionList, SignIn, SignedIn, TokenKind},
};
use store::{
    Lane, Tx,
    accounts::Credentials,
    sessions::{NewSession, RefreshUse},
};

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A client's name for itself is cut here before it is stored.
const USER_AGENT_CHARS_MAX: usize = 256;

/// For so long an unused session is good, in milliseconds.
pub(crate) fn lifetime_ms(chat: &Chat) -> i64 {
    chat.limits().session_days.saturating_mul(DAY_MS).min(lifetime_max_ms(chat))
}

/// So long a session lives at most, however it is used, in milliseconds.
pub(crate) fn lifetime_max_ms(chat: &Chat) -> i64 {
    chat.limits().session_days_max.saturating_mul(DAY_MS)
}

/// Signs in by username or e-mail address. An unknown account and a wrong password give the same answer after the same
/// time.
///
/// Errors: `invalid_credentials`, `account_deactivated` (only with the right password), `rate_limited`, `busy`.
pub async fn sign_in(chat: &Chat, client: &Client, with: SignIn) -> Result<SignedIn> {
    let new = NewTokens::new(chat, client, with.token_kind)?;
    sign_in_with(chat, client, with.login, with.password, new).await
}

/// The same for a client of another system: it gets a JWT and keeps it, because it does not know how to renew one.
///
/// Errors: as `sign_in`.
pub async fn sign_in_for_long(
    chat: &Chat,
    client: &Client,
    login: String,
    password: String,
) -> Result<SignedIn> {
    sign_in_with(chat, client, login, password, NewTokens::for_long(chat, client)?).await
}

async fn sign_in_with(
    chat: &Chat,
    client: &Client,
    login: String,
    password: String,
    new: NewTokens,
) -> Result<SignedIn> {
    let login = login_key(&login);
    if let Err(held_back) = chat.throttles().sign_in(&login, client) {
        audit::held_back(chat, client);
        return Err(held_back);
    }
    let found = chat.read(move |tx| by_login(tx, &login)).await?;
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let fits = chat.passwords().verify(password.clone(), hash).await?;
    if !fits {
        audit::sign_in_failed(chat, client, found.as_ref().map(|found| found.me.account.id));
    }
    let Some(found) = found.filter(|_| fits) else {
        return Err(ErrorCode::InvalidCredentials.into());
    };
    if found.me.account.deactivated_at.is_some() {
        audit::sign_in_failed(chat, client, Some(found.me.account.id));
        return Err(ErrorCode::AccountDeactivated.into());
    }
    let account = found.me.account.id;
    let (now, keep) = (chat.now(), chat.limits().sessions_per_account_max);
    let (stored, hub) = (new.clone(), chat.hub().clone());
    let checked = found.password_hash.clone();
    let session = chat
        .change(
            Lane::Account(account),
            move |tx| {
                // Between the check of the password and now it may have been changed, or the account shut out.
                let current =
                    store::accounts::lock_credentials(tx, account)?.ok_or(ErrorCode::InvalidCredentials)?;
                if current.password_hash != checked || current.me.account.deactivated_at.is_some() {
                    return Err(Stop::Refused(ErrorCode::InvalidCredentials.into()));
                }
                let session = begin(tx, account, &stored)?;
                let ended = end_oldest(tx, account, now, keep)?;
                let subject = session.to_string();
                store::audit::record(tx, now, Some(account), "session.created", &subject, "password")?;
                Ok((session, current, ended))
            },
            move |(_, _, ended)| ended.iter().for_each(|session| hub.end_session(*session)),
        )
        .await;
    let (session, current, _) = session?;
    rehash(chat, &found, password).await;
    new.signed_in(chat, session, current)
}

/// What was typed to sign in, in one form. What cannot be a username or an address becomes the name that nobody has,
/// so that it costs and takes what any other unknown name does.
pub(crate) fn login_key(login: &str) -> String {
    let login = login.trim();
    if login.len() > text::ADDRESS_LEN_MAX || login.chars().any(char::is_control) {
        return String::new();
    }
    text::key(login)
}

/// Hashes a password anew whose hash is of another cost than today's: how long a check takes would tell old accounts from
/// unknown ones. That it fails is no reason to refuse the sign-in.
async fn rehash(chat: &Chat, found: &Credentials, password: String) {
    let Some(old) = found.password_hash.clone().filter(|hash| !chat.passwords().is_current(hash)) else {
        return;
    };
    let Ok(new) = chat.passwords().hash(password).await else { return };
    let account = found.me.account.id;
    let stored: Result<()> = chat
        .store()
        .write(
            Lane::Account(account),
            move |tx| Ok(store::accounts::rehash(tx, account, &old, &new)?),
            |()| {},
        )
        .await;
    if let Err(error) = stored {
        tracing::warn!(code = error.code.as_str(), "a password could not be hashed anew");
    }
}

/// The account that a login names, if there is one. Reads as much for an unknown one.
pub(crate) fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Credentials>> {
    if login.contains('@') {
        return Ok(match text::email(login) {
            Ok(address) => store::accounts::credentials_by_email(tx, &address)?,
            Err(_) => None,
        });
    }
    Ok(store::accounts::credentials_by_username(tx, login)?)
}

/// The secrets of a session that is about to begin. Only their hashes are stored.
#[derive(Clone)]
pub(crate) struct NewTokens {
    kind: TokenKind,
    /// For so long a JWT is good.
    jwt_ms: i64,
    token: String,
    user_agent: Option<String>,
    ip: String,
    now: Timestamp,
    expires_at: Timestamp,
}

impl NewTokens {
    pub(crate) fn new(chat: &Chat, client: &Client, kind: TokenKind) -> Result<Self> {
        let now = chat.now();
        Ok(Self {
            kind,
            jwt_ms: chat.limits().jwt_minutes.saturating_mul(MINUTE_MS),
            token: tokens::new_token()?,
            user_agent: client
                .user_agent
                .as_ref()
                .map(|name| name.chars().take(USER_AGENT_CHARS_MAX).collect()),
            ip: client.ip.to_string(),
            now,
            expires_at: now.plus_ms(lifetime_ms(chat)),
        })
    }

    /// For a client of another system: a JWT that it can keep.
    fn for_long(chat: &Chat, client: &Client) -> Result<Self> {
        let jwt_ms = chat.limits().dialect_token_hours.saturating_mul(HOUR_MS);
        Ok(Self { jwt_ms, ..Self::new(chat, client, TokenKind::Jwt)? })
    }

    /// The answer to a sign-in.
    pub(crate) fn signed_in(self, chat: &Chat, session: SessionId, of: Credentials) -> Result<SignedIn> {
        let (auth_epoch, account) = (of.auth_epoch, of.me);
        match self.kind {
            TokenKind::Opaque => {
                Ok(SignedIn { account, token: self.token, refresh_token: None, expires_at: self.expires_at })
            }
            TokenKind::Jwt => {
                let at = chat.moment();
                let expires_at = at.now.plus_ms(self.jwt_ms);
                let token = chat.keys().sign(account.account.id, session, auth_epoch, at, expires_at)?;
                Ok(SignedIn { account, token, refresh_token: Some(self.token), expires_at })
            }
        }
    }
}

/// Begins a session inside a transaction.
pub(crate) fn begin(tx: &mut Tx<'_>, account: protocol::AccountId, new: &NewTokens) -> Result<SessionId> {
    let hash = tokens::hash(&new.token);
    let session = store::sessions::insert(
        tx,
        &NewSession {
            account_id: account,
            token_hash: (new.kind == TokenKind::Opaque).then(|| hash.clone()),
            kind: if new.kind == TokenKind::Opaque { "opaque" } else { "jwt" },
            user_agent: new.user_agent.clone(),
            ip: Some(new.ip.clone()),
            created_at: new.now,
            expires_at: new.expires_at,
        },
    )?;
    if new.kind == TokenKind::Jwt {
        store::sessions::insert_refresh(tx, session, &hash, new.now)?;
    }
    Ok(session)
}

/// Ends the oldest session of an account that has more than it may.
pub(crate) fn end_oldest(
    tx: &mut Tx<'_>,
    account: protocol::AccountId,
    now: Timestamp,
    keep: i64,
) -> Result<Option<SessionId>> {
    let sessions = store::sessions::list(tx, account, now, keep.saturating_add(1))?;
    let too_many = i64::try_from(sessions.len()).is_ok_and(|count| count > keep);
    let Some(oldest) = sessions.last().filter(|_| too_many) else { return Ok(None) };
    store::sessions::revoke(tx, account, oldest.id, now)?;
    Ok(Some(oldest.id))
}

/// Exchanges a refresh token for a new one and a new JWT. A token that was used before ends its session: somebody has a
/// copy of it.
///
/// Errors: `unauthenticated`, `rate_limited`.
pub async fn refresh(chat: &Chat, client: &Client, with: Refresh) -> Result<SignedIn> {
    refresh_with(chat, client, with, NewTokens::new(chat, client, TokenKind::Jwt)?).await
}

/// The same for a client of another system: its new JWT is good for as long as the one that it signed in for.
///
/// Errors: as `refresh`.
pub async fn refresh_for_long(chat: &Chat, client: &Client, with: Refresh) -> Result<SignedIn> {
    refresh_with(chat, client, with, NewTokens::for_long(chat, client)?).await
}

async fn refresh_with(chat: &Chat, client: &Client, with: Refresh, new: NewTokens) -> Result<SignedIn> {
    chat.throttles().address(client)?;
    let used = tokens::hash(&with.refresh_token);
    let known = {
        let used = used.clone();
        chat.read(move |tx| Ok(store::sessions::of_refresh(tx, &used)?.is_some())).await?
    };
    if !known {
        return Err(ErrorCode::Unauthenticated.into());
    }
    let next = tokens::hash(&new.token);
    let (now, expires_at, lifetime_max_ms) = (new.now, new.expires_at, lifetime_max_ms(chat));
    let hub = chat.hub().clone();
    let outcome = chat
        .change(
            Lane::Any,
            move |tx| {
                let session = match store::sessions::use_refresh(tx, &used, now)? {
                    RefreshUse::Fresh(session) => session,
                    RefreshUse::Reused(session) => {
                        if let Some(signed) = store::sessions::get(tx, session)? {
                            let account = signed.account.id;
                            if store::sessions::revoke(tx, account, session, now)? {
                                let subject = session.to_string();
                                store::audit::record(tx, now, Some(account), "refresh.reused", &subject, "")?;
                            }
                        }
                        return Ok(Refreshed::Reused(session));
                    }
                    RefreshUse::Unknown => return Err(ErrorCode::Unauthenticated.into()),
                };
                let signed = store::sessions::get(tx, session)?
                    .filter(|signed| {
                        signed.revoked_at.is_none()
                            && signed.expires_at > now
                            && signed.account.deactivated_at.is_none()
                    })
                    .ok_or(ErrorCode::Unauthenticated)?;
                store::sessions::insert_refresh(tx, session, &next, now)?;
                store::sessions::touch(tx, session, now, expires_at, lifetime_max_ms)?;
                let current = store::accounts::credentials_of(tx, signed.account.id)?
                    .ok_or(ErrorCode::Unauthenticated)?;
                Ok(Refreshed::Fresh(session, Box::new(current)))
            },
            move |done| {
                if let Refreshed::Reused(session) = done {
                    hub.end_session(*session);
                }
            },
        )
        .await?;
    match outcome {
        Refreshed::Fresh(session, current) => new.signed_in(chat, session, *current),
        Refreshed::Reused(_) => Err(ErrorCode::Unauthenticated.into()),
    }
}

enum Refreshed {
    Fresh(SessionId, Box<Credentials>),
    Reused(SessionId),
}

/// The caller's sessions that are good now, the newest first.
pub async fn list(chat: &Chat, caller: &Caller) -> Result<SessionList> {
    let (account, current, now) = (caller.account.id, caller.session, chat.now());
    let limit = chat.limits().sessions_per_account_max;
    chat.read(move |tx| {
        let mut sessions = store::sessions::list(tx, account, now, limit)?;
        for session in &mut sessions {
            session.current = session.id == current;
        }
        Ok(SessionList { sessions })
    })
    .await
}

/// Ends one of the caller's sessions; its sockets end with it. Errors: `not_found`.
pub async fn revoke(chat: &Chat, caller: &Caller, session: SessionId) -> Result<()> {
    end(chat, caller, session, "session.revoked").await
}

async fn end(chat: &Chat, caller: &Caller, session: SessionId, action: &'static str) -> Result<()> {
    let (account, now, hub) = (caller.account.id, chat.now(), chat.hub().clone());
    chat.change(
        Lane::Account(account),
        move |tx| {
            if !store::sessions::revoke(tx, account, session, now)? {
                return Err(ErrorCode::NotFound.into());
            }
            store::audit::record(tx, now, Some(account), action, &session.to_string(), "")?;
            Ok(())
        },
        move |()| hub.end_session(session),
    )
    .await
}

/// Ends the caller's own session.
pub async fn sign_out(chat: &Chat, caller: &Caller) -> Result<()> {
    match end(chat, caller, caller.session, "session.signed_out").await {
        // Signing out twice at once is no mistake of the second.
        Err(Error { code: ErrorCode::NotFound, .. }) => Ok(()),
        other => other,
    }
}
