//! What administrators and the command line may do to accounts.

use crate::{
    Caller, Chat, Error, Result,
    accounts::{Applicant, make, set_password},
    change::Stop,
    server::require_administrator,
    sessions, text,
};
use protocol::{
    Account, AccountId, AccountRole, ErrorCode, Me, ServerFrame, SessionId,
    api::{SignUp, UpdateAccount},
    frame::AccountNotice,
};
use store::{Lane, accounts::Particulars};

/// An administrator changes an account's role, shuts it out or lets it back. The last administrator stays one.
///
/// Errors: `forbidden`, `not_found`, `last_owner`.
pub async fn update(chat: &Chat, caller: &Caller, id: AccountId, with: UpdateAccount) -> Result<Account> {
    require_administrator(caller)?;
    change_account(chat, Some(caller.account.id), id, with).await
}

async fn change_account(
    chat: &Chat,
    actor: Option<AccountId>,
    id: AccountId,
    with: UpdateAccount,
) -> Result<Account> {
    let (now, hub) = (chat.now(), chat.hub().clone());
    chat.change(
        Lane::Account(id),
        move |tx| {
            let administrators = store::accounts::lock_administrators(tx)?;
            if actor.is_some_and(|actor| !administrators.contains(&actor)) {
                return Err(ErrorCode::Forbidden.into());
            }
            let before = store::accounts::get(tx, id)?.ok_or(ErrorCode::NotFound)?;
            let subject = id.to_string();
            if let Some(role) = with.role.filter(|role| *role != before.role) {
                store::accounts::set_role(tx, id, role)?;
                store::audit::record(
                    tx,
                    now,
                    actor,
                    "account.role_changed",
                    &subject,
                    store::words::Word::word(role),
                )?;
            }
            match (with.deactivated, before.deactivated_at) {
                (Some(true), None) => {
                    store::accounts::set_deactivated(tx, id, Some(now))?;
                    store::sessions::revoke_others(tx, id, SessionId(0), now)?;
                    store::audit::record(tx, now, actor, "account.deactivated", &subject, "")?;
                }
                (Some(false), Some(_)) => {
                    store::accounts::set_deactivated(tx, id, None)?;
                    store::audit::record(tx, now, actor, "account.reactivated", &subject, "")?;
                }
                _ => {}
            }
            if administrators == [id] && !store::accounts::has_administrator(tx)? {
                let why = "This is the only administrator: make another one first.";
                return Err(Error::new(ErrorCode::LastOwner).because(why).into());
            }
            Ok(store::accounts::get(tx, id)?.ok_or(store::Error::Missing)?)
        },
        move |account: &Account| {
            if account.deactivated_at.is_some() {
                hub.end_account(account.id, None);
            }
            hub.tell_everyone(ServerFrame::Account(AccountNotice { account: account.clone() }));
        },
    )
    .await
}

/// An administrator ends all sessions of an account, their own too if it is theirs; its sockets end with them.
///
/// Errors: `forbidden`, `not_found`.
pub async fn end_sessions(chat: &Chat, caller: &Caller, id: AccountId) -> Result<()> {
    require_administrator(caller)?;
    let (actor, now, hub) = (caller.account.id, chat.now(), chat.hub().clone());
    chat.change(
        Lane::Account(id),
        move |tx| {
            if !store::accounts::lock_administrators(tx)?.contains(&actor) {
                return Err(ErrorCode::Forbidden.into());
            }
            store::accounts::get(tx, id)?.ok_or(ErrorCode::NotFound)?;
            if store::sessions::revoke_others(tx, id, SessionId(0), now)? == 0 {
                return Err(Stop::unchanged(()));
            }
            store::audit::record(tx, now, Some(actor), "account.sessions_revoked", &id.to_string(), "")?;
            Ok(())
        },
        move |()| hub.end_account(id, None),
    )
    .await
}

/// For the command line, which needs no caller: makes an account without signing it in.
pub async fn create(
    chat: &Chat,
    username: String,
    password: String,
    email: Option<String>,
    role: AccountRole,
) -> Result<Account> {
    let with = SignUp { username, password, email, display_name: None, invite: None };
    let applicant = Applicant::check(chat, &with)?;
    let row = applicant.row(chat.passwords().hash(with.password).await?, role, chat.now());
    chat.change(
        Lane::Any,
        move |tx| {
            let id = make(tx, &row)?;
            store::audit::record(tx, row.created_at, None, "account.created", &id.to_string(), "")?;
            Ok(store::accounts::get(tx, id)?.ok_or(store::Error::Missing)?)
        },
        |_| {},
    )
    .await
}

/// For the command line: all accounts.
pub async fn list(chat: &Chat) -> Result<Vec<Me>> {
    let page = chat.limits().page_len_max;
    let mut all: Vec<Me> = Vec::new();
    loop {
        let after = all.last().map_or(AccountId(0), |me| me.account.id);
        let more = chat.read(move |tx| Ok(store::accounts::list_all(tx, after, page)?)).await?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

/// Accounts in one answer to an administrator: some hundred KiB.
const REGISTERED_MAX: i64 = 1000;

/// Somebody who signed up, and what was asked of them.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The account.
    pub me: Me,
    /// Digits.
    pub phone: Option<String>,
    /// As it was given.
    pub first_name: Option<String>,
    /// As it was given.
    pub last_name: Option<String>,
}

impl From<(Me, Particulars)> for Registered {
    fn from((me, of): (Me, Particulars)) -> Self {
        Self { me, phone: of.phone, first_name: of.first_name, last_name: of.last_name }
    }
}

/// Everybody who signed up, with ids above `after`, by id; at most 1000 at a time. Errors: `forbidden`.
pub async fn registered(
    chat: &Chat,
    caller: &Caller,
    after: Option<AccountId>,
    limit: Option<i64>,
) -> Result<Vec<Registered>> {
    require_administrator(caller)?;
    let after = after.unwrap_or(AccountId(0));
    let limit = limit.unwrap_or(REGISTERED_MAX).clamp(1, REGISTERED_MAX);
    let rows = chat.read(move |tx| Ok(store::accounts::list_with_particulars(tx, after, limit)?)).await?;
    Ok(rows.into_iter().map(Registered::from).collect())
}

/// For the command line: sets a password and ends all sessions of the account. Errors: `not_found`.
pub async fn reset_password(chat: &Chat, login: &str, password: String) -> Result<Account> {
    let account = find(chat, login).await?;
    chat.passwords().check("password", &password, &text::key(&account.username))?;
    let hash = chat.passwords().hash(password).await?;
    set_password(chat, None, account.id, SessionId(0), hash).await?;
    Ok(account)
}

/// For the command line: shuts an account out or lets it back. Errors: `not_found`, `last_owner`.
pub async fn set_deactivated(chat: &Chat, login: &str, deactivated: bool) -> Result<Account> {
    let account = find(chat, login).await?;
    let with = UpdateAccount { role: None, deactivated: Some(deactivated) };
    change_account(chat, None, account.id, with).await
}

async fn find(chat: &Chat, login: &str) -> Result<Account> {
    let login = sessions::login_key(login);
    let found = chat.read(move |tx| sessions::by_login(tx, &login)).await?;
    found
        .map(|found| found.me.account)
        .ok_or_else(|| Error::new(ErrorCode::NotFound).because("No such account."))
}
