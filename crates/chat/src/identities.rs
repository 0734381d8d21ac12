//! Signing in by an account of another service. Who somebody is there counts by that service's own id and by nothing else:
//! a name or an e-mail address that both sides know never leads into an account that exists.

use crate::{
    Caller, Chat, Client, Error, Result,
    accounts::{self, Registered, confirm_password},
    auth::tokens,
    change::Stop,
    invites,
    names::{self, Username},
    sessions::{self, NewTokens},
    text,
};
use protocol::{
    AccountId, AccountKind, AccountRole, ErrorCode, Identity, Invite, Provider,
    api::{Registration, SignedIn, TokenKind},
};
use store::{
    Lane, Tx,
    accounts::{NewAccount, Particulars},
    identities::NewIdentity,
};

/// The longest id and the longest name that a service may give somebody, in bytes: OpenID Connect ends ids at 255.
const SUBJECT_LEN_MAX: usize = 255;
const LOGIN_LEN_MAX: usize = 255;
/// Others may take the same name, address or identity between the look and the write: then everything is looked at again,
/// so often at most.
const TRIES_MAX: usize = 3;

/// What a service says of whoever signs in by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The service.
    pub provider: Provider,
    /// Its own id of the account there, which never changes hands.
    pub subject: String,
    /// The name of the account there.
    pub login: String,
    /// The name of the person.
    pub name: Option<String>,
    /// An e-mail address, only if the service says that it checked whose it is.
    pub verified_email: Option<String>,
}

/// Counts the beginning of a sign-in elsewhere as an attempt from the address, before anybody is asked anything.
///
/// Errors: `rate_limited`.
pub fn begin(chat: &Chat, client: &Client) -> Result<()> {
    chat.throttles().address(client)
}

/// Signs in to the account that the identity is linked to. An identity that nobody here has makes a new account where
/// registration allows one: with a username like the login, or with a number behind it when that is taken.
///
/// Errors: `account_deactivated`, `registration_closed`, `invite_required`, `invite_invalid`, `rate_limited`.
pub async fn sign_in(
    chat: &Chat,
    client: &Client,
    profile: Profile,
    invite: Option<String>,
) -> Result<SignedIn> {
    let profile = check(profile)?;
    let mut tries = 0;
    loop {
        tries += 1;
        let (provider, subject) = (profile.provider, profile.subject.clone());
        let known = chat.read(move |tx| Ok(store::identities::account_of(tx, provider, &subject)?)).await?;
        let signed_in = match known {
            Some(account) => come_in(chat, client, account, &profile).await,
            None => join(chat, client, &profile, invite.as_deref()).await,
        };
        match signed_in {
            Err(error) if is_race(error.code) && tries < TRIES_MAX => {}
            other => return other,
        }
    }
}

fn is_race(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::IdentityTaken | ErrorCode::UsernameTaken | ErrorCode::EmailTaken)
}

/// Refuses what no service should say.
fn check(profile: Profile) -> Result<Profile> {
    let is_good =
        |text: &str, len_max| (1..=len_max).contains(&text.len()) && !text.chars().any(char::is_control);
    if is_good(&profile.subject, SUBJECT_LEN_MAX) && is_good(&profile.login, LOGIN_LEN_MAX) {
        return Ok(profile);
    }
    Err(Error::new(ErrorCode::InvalidRequest).because("The other service does not say who you are."))
}

/// A session for somebody who has been here before.
async fn come_in(chat: &Chat, client: &Client, account: AccountId, profile: &Profile) -> Result<SignedIn> {
    let new = NewTokens::new(chat, client, TokenKind::Opaque)?;
    let (now, keep) = (chat.now(), chat.limits().sessions_per_account_max);
    let (stored, hub, profile) = (new.clone(), chat.hub().clone(), profile.clone());
    let (session, current, _) = chat
        .change(
            Lane::Account(account),
            move |tx| {
                let current = store::accounts::lock_credentials(tx, account)?.ok_or(store::Error::Missing)?;
                let (provider, subject) = (profile.provider, &profile.subject);
                if store::identities::account_of(tx, provider, subject)? != Some(account) {
                    // It was let go of, or linked to somebody else, in this moment.
                    return Err(Stop::Refused(ErrorCode::IdentityTaken.into()));
                }
                if current.me.account.deactivated_at.is_some() {
                    return Err(ErrorCode::AccountDeactivated.into());
                }
                store::identities::set_login(tx, provider, subject, &profile.login)?;
                let session = sessions::begin(tx, account, &stored)?;
                let ended = sessions::end_oldest(tx, account, now, keep)?;
                let subject = session.to_string();
                store::audit::record(tx, now, Some(account), "session.created", &subject, provider.as_str())?;
                Ok((session, current, ended))
            },
            move |(_, _, ended)| ended.iter().for_each(|session| hub.end_session(*session)),
        )
        .await?;
    new.signed_in(chat, session, current)
}

/// A new account for somebody who has not been here, and a session for it.
async fn join(chat: &Chat, client: &Client, profile: &Profile, invite: Option<&str>) -> Result<SignedIn> {
    match (chat.registration(), invite) {
        (Registration::Closed, _) => return Err(ErrorCode::RegistrationClosed.into()),
        (Registration::Invite, None) => return Err(ErrorCode::InviteRequired.into()),
        _ => {}
    }
    chat.throttles().sign_up(client)?;
    let invite = match invite {
        Some(code) => Some(invites::look_up(chat, client, code).await?),
        None => None,
    };
    let new = NewTokens::new(chat, client, TokenKind::Opaque)?;
    let newcomer = Newcomer::new(chat, profile.clone(), invite)?;
    // An invite changes its room, so it goes the room's way.
    let lane =
        newcomer.invite.as_ref().map_or(Lane::Any, |invite| Lane::Conversation(invite.conversation_id));
    let (stored, hub, limits) = (new.clone(), chat.hub().clone(), chat.limits().clone());
    let registered = chat
        .change(
            lane,
            move |tx| newcomer.insert(tx, &limits, &stored),
            move |registered: &Registered| registered.tell(&hub),
        )
        .await?;
    new.signed_in(chat, registered.session, registered.current)
}

/// Somebody whose account is about to be made.
struct Newcomer {
    profile: Profile,
    /// Usernames in the order in which they are tried.
    usernames: Vec<Username>,
    /// `None` is the username.
    display_name: Option<String>,
    email: Option<String>,
    invite: Option<Invite>,
    now: protocol::Timestamp,
}

impl Newcomer {
    fn new(chat: &Chat, profile: Profile, invite: Option<Invite>) -> Result<Self> {
        let chars_max = chat.limits().display_name_chars_max;
        let display_name = profile.name.as_ref().and_then(|name| {
            let name: String = name.trim().chars().take(chars_max).collect();
            text::line("display_name", &name, chars_max).ok()
        });
        Ok(Self {
            usernames: usernames(&profile, tokens::random_number()?, chat.limits().username_chars_max),
            display_name,
            email: profile.verified_email.as_ref().and_then(|address| text::email(address).ok()),
            profile,
            invite,
            now: chat.now(),
        })
    }

    fn insert(
        &self,
        tx: &mut Tx<'_>,
        limits: &crate::Limits,
        session: &NewTokens,
    ) -> Result<Registered, Stop<Registered>> {
        let row = self.row(tx)?;
        let id = accounts::insert(tx, &row)?;
        link_in(tx, id, &self.profile, self.now)?;
        let entered = match &self.invite {
            Some(invite) => Some(invites::enter(tx, limits, id, invite, self.now)?),
            None => None,
        };
        let session = sessions::begin(tx, id, session)?;
        let current = store::accounts::credentials_of(tx, id)?.ok_or(store::Error::Missing)?;
        Ok(Registered { session, current, entered })
    }

    fn row(&self, tx: &mut Tx<'_>) -> Result<NewAccount> {
        let username = self.free_username(tx)?;
        let display_name = self.display_name.clone().unwrap_or_else(|| username.shown.clone());
        let email = match &self.email {
            Some(address) if store::accounts::credentials_by_email(tx, address)?.is_none() => {
                Some(address.clone())
            }
            _ => None,
        };
        Ok(NewAccount {
            username: username.shown,
            username_skeleton: username.skeleton,
            username_key: username.key,
            display_name_key: text::key(&display_name),
            display_name,
            email,
            password_hash: None,
            kind: AccountKind::Person,
            role: AccountRole::Member,
            particulars: Particulars::default(),
            created_at: self.now,
        })
    }

    fn free_username(&self, tx: &mut Tx<'_>) -> Result<Username> {
        for username in &self.usernames {
            // A name that somebody is shown by would be taken for them.
            let is_taken = store::accounts::is_called(tx, &username.key, &username.skeleton, &username.key)?;
            if !is_taken {
                return Ok(username.clone());
            }
        }
        Err(ErrorCode::UsernameTaken.into())
    }
}

/// Usernames for somebody new: like the login, or with a number behind it.
fn usernames(profile: &Profile, random: u32, chars_max: usize) -> Vec<Username> {
    // One letter is a good login at some services.
    let is_short = profile.login.chars().nth(1).is_none();
    let login = &profile.login;
    let name = if is_short { format!("{}-{login}", profile.provider.as_str()) } else { login.clone() };
    names::suggestions(&name, random, chars_max)
}

fn link_in(
    tx: &mut Tx<'_>,
    account_id: AccountId,
    profile: &Profile,
    created_at: protocol::Timestamp,
) -> Result<()> {
    let (provider, subject, login) = (profile.provider, &profile.subject, &profile.login);
    store::identities::insert(tx, &NewIdentity { provider, subject, account_id, login, created_at })?;
    let id = account_id.to_string();
    store::audit::record(tx, created_at, Some(account_id), "identity.linked", &id, provider.as_str())?;
    Ok(())
}

/// The caller's identities.
pub async fn list(chat: &Chat, caller: &Caller) -> Result<Vec<Identity>> {
    let id = caller.account.id;
    chat.read(move |tx| Ok(store::identities::list(tx, id)?)).await
}

/// Makes sure that it is the caller who wants to link an identity: a session that was left open must not become a way in
/// that stays.
///
/// Errors: `invalid_credentials`, `rate_limited`.
pub async fn begin_link(
    chat: &Chat,
    caller: &Caller,
    client: &Client,
    current_password: String,
) -> Result<()> {
    confirm_password(chat, caller, client, Some(current_password)).await
}

/// Links an identity to the caller's account. Linking it again changes nothing.
///
/// Errors: `identity_taken` when it belongs to another account, or the caller has another one of this service.
pub async fn link(chat: &Chat, caller: &Caller, profile: Profile) -> Result<()> {
    let profile = check(profile)?;
    let (id, now) = (caller.account.id, chat.now());
    chat.change(
        Lane::Account(id),
        move |tx| {
            let me = store::accounts::lock_credentials(tx, id)?.ok_or(store::Error::Missing)?;
            if me.me.account.deactivated_at.is_some() {
                return Err(ErrorCode::AccountDeactivated.into());
            }
            match store::identities::account_of(tx, profile.provider, &profile.subject)? {
                Some(owner) if owner == id => return Err(Stop::unchanged(())),
                Some(_) => return Err(ErrorCode::IdentityTaken.into()),
                None => {}
            }
            Ok(link_in(tx, id, &profile, now)?)
        },
        |()| {},
    )
    .await
}

/// Lets go of an identity. Errors: `not_found`, `forbidden` for an account that has no password and would have no way in.
pub async fn unlink(chat: &Chat, caller: &Caller, provider: Provider) -> Result<()> {
    let (id, now) = (caller.account.id, chat.now());
    chat.change(
        Lane::Account(id),
        move |tx| {
            let me = store::accounts::lock_credentials(tx, id)?.ok_or(store::Error::Missing)?;
            if me.password_hash.is_none() {
                let why = "This account has no password: without this it could not be signed in to.";
                return Err(Error::new(ErrorCode::Forbidden).because(why).into());
            }
            if !store::identities::delete(tx, id, provider)? {
                return Err(ErrorCode::NotFound.into());
            }
            let subject = id.to_string();
            store::audit::record(tx, now, Some(id), "identity.unlinked", &subject, provider.as_str())?;
            Ok(())
        },
        |()| {},
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_for(login: &str) -> Vec<String> {
        let profile = Profile {
            provider: Provider::Github,
            subject: "4711".to_owned(),
            login: login.to_owned(),
            name: None,
            verified_email: None,
        };
        usernames(&profile, 99, 32).into_iter().map(|name| name.shown).collect()
    }

    #[test]
    fn a_username_is_like_the_login_and_then_gets_a_number() {
        assert_eq!(names_for("octo-cat"), ["octo-cat", "octo-cat2", "octo-cat3", "octo-cat4", "octo-cat99"]);
        assert_eq!(names_for("x")[0], "github-x");
        assert_eq!(names_for("everyone")[0], "person2");
    }
}
