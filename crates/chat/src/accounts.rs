//! Accounts: signing up, the profile, finding people, and what administrators may do to accounts.

use crate::{
    Caller, Chat, Client, Error, Result, audit,
    auth::tokens,
    change::Stop,
    invites,
    names::{self, Username},
    sessions::{self, NewTokens},
    text,
};
use protocol::{
    Account, AccountId, AccountKind, AccountRole, Author, ErrorCode, Me, ServerFrame, SessionId,
    api::{AccountList, ChangePassword, Registration, SetUp, SignUp, SignedIn, TokenKind, UpdateMe},
    frame::AccountNotice,
    ids::GENERAL,
};
use realtime::Hub;
use store::{
    Lane, Tx,
    accounts::{NewAccount, Particulars},
};

/// Where the hash of the administrator link's code is kept until it is used.
pub(crate) const SETUP_KEY: &str = "setup_code_hash";
/// People in one answer of a search.
const FOUND_MAX: i64 = 50;

/// A sign-up whose fields have been checked.
pub(crate) struct Applicant {
    username: Username,
    display_name: String,
    email: Option<String>,
}

impl Applicant {
    pub(crate) fn check(chat: &Chat, sign_up: &SignUp) -> Result<Self> {
        let username = names::username(&sign_up.username, chat.limits().username_chars_max)?;
        let display_name = match sign_up.display_name.as_deref().map(str::trim) {
            None | Some("") => username.shown.clone(),
            Some(name) => text::line("display_name", name, chat.limits().display_name_chars_max)?,
        };
        let email = match sign_up.email.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(address) => Some(text::email(address)?),
        };
        chat.passwords().check("password", &sign_up.password, &username.key)?;
        Ok(Self { username, display_name, email })
    }

    pub(crate) fn row(
        &self,
        password_hash: String,
        role: AccountRole,
        now: protocol::Timestamp,
    ) -> NewAccount {
        NewAccount {
            username: self.username.shown.clone(),
            username_skeleton: self.username.skeleton.clone(),
            username_key: self.username.key.clone(),
            display_name: self.display_name.clone(),
            display_name_key: text::key(&self.display_name),
            email: self.email.clone(),
            password_hash: Some(password_hash),
            kind: AccountKind::Person,
            role,
            particulars: Particulars::default(),
            created_at: now,
        }
    }
}

/// Makes an account for somebody who signs up. What was said in General before counts as read: it is history, not unread.
pub(crate) fn insert(tx: &mut Tx<'_>, row: &NewAccount) -> Result<AccountId> {
    let id = make(tx, row)?;
    store::audit::record(tx, row.created_at, Some(id), "account.created", &id.to_string(), "")?;
    Ok(id)
}

/// The same without writing down who did it.
pub(crate) fn make(tx: &mut Tx<'_>, row: &NewAccount) -> Result<AccountId> {
    let id = store::accounts::insert(tx, row)?;
    if let Some(general) = store::conversations::access(tx, GENERAL, id)? {
        store::receipts::grow_general(tx, id, general.last_seq, row.created_at)?;
    }
    Ok(id)
}

/// Makes an account and signs it in. A valid invite is followed in the same transaction.
///
/// Errors: `invalid_request`, `username_taken`, `email_taken`, `registration_closed`, `invite_required`,
/// `invite_invalid`, `rate_limited`, `busy`.
pub async fn sign_up(chat: &Chat, client: &Client, with: SignUp) -> Result<SignedIn> {
    match (chat.registration(), &with.invite) {
        (Registration::Closed, _) => return Err(ErrorCode::RegistrationClosed.into()),
        (Registration::Invite, None) => return Err(ErrorCode::InviteRequired.into()),
        _ => {}
    }
    chat.throttles().sign_up(client)?;
    let invite = match &with.invite {
        Some(code) => Some(invites::look_up(chat, client, code).await?),
        None => None,
    };
    // An invite changes its room, so it goes the room's way.
    let lane = invite.as_ref().map_or(Lane::Any, |invite| Lane::Conversation(invite.conversation_id));
    register(chat, client, with, AccountRole::Member, lane, move |tx, id, now, limits| {
        let Some(invite) = &invite else { return Ok(None) };
        Ok(Some(invites::enter(tx, limits, id, invite, now)?))
    })
    .await
}

/// Makes the administrator's account with the code of the one-time link. Of several that use it at once, one succeeds.
///
/// Errors: as `sign_up`, and `setup_closed`.
pub async fn set_up(chat: &Chat, client: &Client, with: SetUp) -> Result<SignedIn> {
    chat.throttles().invite_code(client)?;
    let hash = tokens::hash_hex(&with.code);
    let good = {
        let hash = hash.clone();
        chat.read(move |tx| Ok(store::meta::get(tx, SETUP_KEY)?.as_ref() == Some(&hash))).await?
    };
    if !good {
        return Err(ErrorCode::SetupClosed.into());
    }
    register(chat, client, with.account, AccountRole::Administrator, Lane::Any, move |tx, id, now, _| {
        let is_first = store::accounts::lock_administrators(tx)? == [id];
        if is_first && store::meta::take(tx, SETUP_KEY, &hash)? {
            store::audit::record(tx, now, Some(id), "server.set_up", &id.to_string(), "")?;
            Ok(None)
        } else {
            Err(ErrorCode::SetupClosed.into())
        }
    })
    .await
}

async fn register<F>(
    chat: &Chat,
    client: &Client,
    with: SignUp,
    role: AccountRole,
    lane: Lane,
    mut then: F,
) -> Result<SignedIn>
where
    F: FnMut(
            &mut Tx<'_>,
            AccountId,
            protocol::Timestamp,
            &crate::Limits,
        ) -> Result<Option<invites::Entered>, Stop<Registered>>
        + Send
        + 'static,
{
    let applicant = Applicant::check(chat, &with)?;
    let row = applicant.row(chat.passwords().hash(with.password).await?, role, chat.now());
    let new = NewTokens::new(chat, client, TokenKind::Opaque)?;
    let (stored, hub, limits) = (new.clone(), chat.hub().clone(), chat.limits().clone());
    let done = chat
        .change(
            lane,
            move |tx| {
                let id = insert(tx, &row)?;
                let entered = then(tx, id, row.created_at, &limits)?;
                let session = sessions::begin(tx, id, &stored)?;
                let current = store::accounts::credentials_of(tx, id)?.ok_or(store::Error::Missing)?;
                Ok(Registered { session, current, entered })
            },
            move |done| done.tell(&hub),
        )
        .await?;
    new.signed_in(chat, done.session, done.current)
}

/// An account that was just made, and signed in.
pub(crate) struct Registered {
    pub(crate) session: SessionId,
    pub(crate) current: store::accounts::Credentials,
    pub(crate) entered: Option<invites::Entered>,
}

impl Registered {
    /// Tells everyone who is new, and a room who came in by its invite.
    pub(crate) fn tell(&self, hub: &Hub) {
        let account = self.current.me.account.clone();
        hub.tell_everyone(ServerFrame::Account(AccountNotice { account }));
        if let Some(entered) = &self.entered {
            entered.tell(hub);
        }
    }
}

/// People whose username or display name begins with `query`; everyone for an empty one. Sorted by id.
pub async fn find(
    chat: &Chat,
    caller: &Caller,
    query: &str,
    after: Option<AccountId>,
    limit: Option<i64>,
) -> Result<AccountList> {
    chat.throttles().lookup(caller.account.id)?;
    let from = text::key(query.trim().trim_start_matches('@'));
    if from.chars().count() > chat.limits().display_name_chars_max {
        return Err(Error::invalid("query", "This is longer than any name."));
    }
    if from.chars().any(char::is_control) {
        return Ok(AccountList { accounts: Vec::new(), has_more: false });
    }
    let limit = limit.unwrap_or(FOUND_MAX).clamp(1, FOUND_MAX);
    let after = after.unwrap_or(AccountId(0));
    chat.read(move |tx| {
        let mut accounts = if from.is_empty() {
            store::accounts::list(tx, after, limit + 1)?
        } else {
            let to = text::after_all_that_begin(&from);
            store::accounts::find(tx, &from, &to, after, limit + 1)?
        };
        let has_more = crate::page::cut(&mut accounts, limit);
        Ok(AccountList { accounts, has_more })
    })
    .await
}

/// One account. Errors: `not_found`.
pub async fn get(chat: &Chat, caller: &Caller, id: AccountId) -> Result<Account> {
    chat.throttles().lookup(caller.account.id)?;
    chat.read(move |tx| store::accounts::get(tx, id)?.ok_or_else(|| ErrorCode::NotFound.into())).await
}

/// The name that stands for an account where names are all there is: the username, because no two have the same; for a
/// guest the name that they gave, which is nobody else's.
pub fn name_of(author: &Author) -> &str {
    if author.kind == AccountKind::Guest { &author.display_name } else { &author.username }
}

/// Whether the caller is called this, in any case: by the username or by the name that others are shown.
pub fn is_own_name(caller: &Caller, name: &str) -> bool {
    let key = text::key(name);
    [name_of(&caller.account.author()), &caller.account.display_name]
        .into_iter()
        .any(|own| text::key(own) == key)
}

/// The account that is called exactly this, in any case: by the username, or else as the only one by the name that others
/// are shown. A guest may also name another guest by the name that they gave.
///
/// Errors: `not_found`, `rate_limited`.
pub async fn named(chat: &Chat, caller: &Caller, name: &str) -> Result<Account> {
    chat.throttles().lookup(caller.account.id)?;
    let name = name.trim().to_owned();
    if name.chars().count() > chat.limits().display_name_chars_max || name.chars().any(char::is_control) {
        return Err(ErrorCode::NotFound.into());
    }
    let mut keys = vec![text::key(&name)];
    if caller.account.kind == AccountKind::Guest {
        keys.push(names::likeness(&name).of_guest().key);
    }
    chat.read(move |tx| {
        for key in &keys {
            if let Some(account) = store::accounts::by_username(tx, key)? {
                return Ok(account);
            }
        }
        let shown = text::key(&name);
        store::accounts::only_one_shown_as(tx, &shown)?.ok_or_else(|| ErrorCode::NotFound.into())
    })
    .await
}

/// The caller.
pub async fn me(chat: &Chat, caller: &Caller) -> Result<Me> {
    let id = caller.account.id;
    chat.read(move |tx| store::accounts::me_of(tx, id)?.ok_or_else(|| ErrorCode::NotFound.into())).await
}

/// Changes the caller's profile; another e-mail address needs the password.
///
/// Errors: `invalid_request`, `invalid_credentials`, `email_taken`.
pub async fn update_me(chat: &Chat, caller: &Caller, client: &Client, with: UpdateMe) -> Result<Me> {
    let name = match with.display_name.as_deref() {
        Some(name) => Some(text::line("display_name", name, chat.limits().display_name_chars_max)?),
        None => None,
    };
    let email = match with.email.as_deref().map(str::trim) {
        None => None,
        Some("") => Some(None),
        Some(address) => Some(Some(text::email(address)?)),
    };
    if email.is_some() {
        confirm_password(chat, caller, client, with.current_password).await?;
    }
    let (id, now, hub) = (caller.account.id, chat.now(), chat.hub().clone());
    chat.change(
        Lane::Account(id),
        move |tx| {
            let before = store::accounts::me_of(tx, id)?.ok_or(store::Error::Missing)?;
            let same_name = name.as_ref().is_none_or(|name| *name == before.account.display_name);
            if same_name && email.as_ref().is_none_or(|email| *email == before.email) {
                return Err(Stop::unchanged(before));
            }
            if let Some(name) = &name {
                store::accounts::set_display_name(tx, id, name, &text::key(name))?;
            }
            if let Some(email) = &email {
                store::accounts::set_email(tx, id, email.as_deref())?;
                store::audit::record(tx, now, Some(id), "account.email_changed", &id.to_string(), "")?;
            }
            Ok(store::accounts::me_of(tx, id)?.ok_or(store::Error::Missing)?)
        },
        move |me: &Me| hub.tell_everyone(ServerFrame::Account(AccountNotice { account: me.account.clone() })),
    )
    .await
}

/// Changes the caller's password and ends all their other sessions.
///
/// Errors: `invalid_credentials`, `invalid_request`, `rate_limited`.
pub async fn change_password(
    chat: &Chat,
    caller: &Caller,
    client: &Client,
    with: ChangePassword,
) -> Result<()> {
    confirm_password(chat, caller, client, Some(with.current_password)).await?;
    let username = text::key(&caller.account.username);
    chat.passwords().check("new_password", &with.new_password, &username)?;
    let hash = chat.passwords().hash(with.new_password).await?;
    set_password(chat, Some(caller.account.id), caller.account.id, caller.session, hash).await
}

/// Sets a password and ends all sessions but one. Without an `actor` it was the command line.
pub(crate) async fn set_password(
    chat: &Chat,
    actor: Option<AccountId>,
    id: AccountId,
    keep: SessionId,
    hash: String,
) -> Result<()> {
    let (now, hub) = (chat.now(), chat.hub().clone());
    chat.change(
        Lane::Account(id),
        move |tx| {
            store::accounts::set_password(tx, id, &hash)?;
            store::sessions::revoke_others(tx, id, keep, now)?;
            store::audit::record(tx, now, actor, "account.password_changed", &id.to_string(), "")?;
            Ok(())
        },
        move |()| hub.end_account(id, Some(keep)),
    )
    .await
}

pub(crate) async fn confirm_password(
    chat: &Chat,
    caller: &Caller,
    client: &Client,
    password: Option<String>,
) -> Result<()> {
    let password =
        password.ok_or_else(|| Error::invalid("current_password", "This needs your current password."))?;
    if let Err(held_back) = chat.throttles().sign_in(&text::key(&caller.account.username), client) {
        audit::held_back(chat, client);
        return Err(held_back);
    }
    let id = caller.account.id;
    let found = chat.read(move |tx| Ok(store::accounts::credentials_of(tx, id)?)).await?;
    let hash = found.and_then(|found| found.password_hash);
    if chat.passwords().verify(password, hash).await? {
        return Ok(());
    }
    audit::sign_in_failed(chat, client, Some(id));
    Err(Error {
        field: Some("current_password"),
        ..Error::new(ErrorCode::InvalidCredentials).because("This is not your current password.")
    })
}
