//! Guests: people of other chat systems whose clients give a name and nothing that proves it, where the installation lets
//! them in. A guest is an account that nobody can sign in to; whoever gives the same name is the same guest. So a guest is
//! marked everywhere, owns no name, sees General and chats with other guests, and sends little.

use super::Caller;
use crate::{
    Chat, Client, Error, Result,
    change::Stop,
    internal,
    names::{self, Username},
    sessions, text,
};
use protocol::{AccountId, AccountKind, AccountRole, Dialect, ErrorCode, SessionId, Timestamp, ids::GENERAL};
use store::{
    Lane, Tx,
    accounts::{NewAccount, Particulars},
    sessions::NewSession,
};

/// New guests are counted by the day: who makes up names all day shuts others out no longer than that.
const A_DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Lets in the guest of this name, who is made when there is none yet.
///
/// Errors: `username_taken` for the name or number of somebody who signed up, and for one that looks like another
/// guest's; `account_deactivated` for a guest who was shut out; `invalid_request`, `limit_reached`, `rate_limited`.
pub async fn enter(chat: &Chat, client: &Client, dialect: Dialect, name: &str) -> Result<Caller> {
    let newcomer = Newcomer::read(chat, name)?;
    match newcomer.enter(chat, client, dialect).await {
        // Who gave the same name at the same moment came first: now that guest is known.
        Err(error) if error.code == ErrorCode::UsernameTaken => newcomer.enter(chat, client, dialect).await,
        done => done,
    }
}

/// Finds or makes the guest of a number, for another guest who wants to say something to them before they come. Nobody
/// becomes that guest by it.
///
/// Errors: `not_found` for anybody but guests, and for what nobody could be called; `limit_reached`, `rate_limited`.
pub async fn expect(chat: &Chat, caller: &Caller, client: &Client, number: i64) -> Result<AccountId> {
    if caller.account.kind != AccountKind::Guest || number < 1 {
        return Err(Error::new(ErrorCode::NotFound).because("Nobody has this number."));
    }
    let newcomer = Newcomer::read(chat, &number.to_string())?;
    chat.throttles().guest(client)?;
    let (now, guests_max) = (chat.now(), chat.limits().guests_max);
    let find_or_make = move |tx: &mut Tx<'_>| match newcomer.find(tx, now)? {
        Found::In(caller) => Err(Stop::unchanged(caller.account.id)),
        Found::Known(id) => Err(Stop::unchanged(id)),
        Found::New => Ok(newcomer.insert(tx, guests_max, now)?),
    };
    chat.change(Lane::Any, find_or_make, |_| {}).await
}

/// A session by which a guest is heard and can be shut out. It has no token: nobody else can use it.
fn begin(
    tx: &mut Tx<'_>,
    id: AccountId,
    ip: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<SessionId> {
    let new = NewSession {
        account_id: id,
        token_hash: None,
        kind: "guest",
        user_agent: None,
        ip: Some(ip.to_owned()),
        created_at: now,
        expires_at,
    };
    Ok(store::sessions::insert(tx, &new)?)
}

/// Refuses a guest's name that belongs to somebody who signed up, or looks like it. Who signs up takes a name over from a
/// guest who is here, so it is asked whenever the guest does something.
///
/// Errors: `username_taken`.
pub(crate) fn require_free(tx: &mut Tx<'_>, display_name: &str) -> Result<()> {
    let person = names::likeness(display_name);
    for shown in [text::key(display_name), text::key(&text::seen(display_name))] {
        if store::accounts::is_called(tx, &person.key, &person.skeleton, &shown)? {
            return Err(taken());
        }
    }
    Ok(())
}

fn taken() -> Error {
    let why = "This name belongs to somebody who signed up. Sign in, or choose another.";
    Error::new(ErrorCode::UsernameTaken).because(why)
}

/// Somebody who gave a name.
#[derive(Clone)]
struct Newcomer {
    /// The name as it is shown.
    display_name: String,
    /// Begins with a sign that no real username has, so that a guest's name is never in anybody's way.
    guest: Username,
    /// The account that a number would be.
    number: Option<AccountId>,
}

enum Found {
    In(Box<Caller>),
    Known(AccountId),
    New,
}

impl Newcomer {
    async fn enter(&self, chat: &Chat, client: &Client, dialect: Dialect) -> Result<Caller> {
        let now = chat.now();
        let found = {
            let newcomer = self.clone();
            chat.read(move |tx| newcomer.find(tx, now)).await
        };
        // Who is known already may come back as often as anybody: what is counted are new names, and tries of others'.
        let known = match found {
            Ok(Found::In(caller)) => return Ok(caller.through(dialect)),
            Ok(Found::Known(id)) => Some(id),
            Ok(Found::New) => {
                chat.throttles().guest(client)?;
                None
            }
            Err(error) => {
                chat.throttles().guest(client)?;
                return Err(error);
            }
        };
        let (newcomer, guests_max) = (self.clone(), chat.limits().guests_max);
        let expires_at = now.plus_ms(sessions::lifetime_ms(chat));
        let ip = client.ip.to_string();
        let begin_session = move |tx: &mut Tx<'_>| {
            let id = match known {
                Some(id) => id,
                None => newcomer.insert(tx, guests_max, now)?,
            };
            let session = begin(tx, id, &ip, now, expires_at)?;
            let account = store::accounts::get(tx, id)?.ok_or(store::Error::Missing)?;
            Ok(Caller { account, session, expires_at, dialect: Some(dialect) })
        };
        chat.change(Lane::Any, begin_session, |_| {}).await
    }

    fn read(chat: &Chat, name: &str) -> Result<Self> {
        let display_name = text::line("username", name, chat.limits().username_chars_max)?;
        if display_name.contains(':') {
            let why = "A guest's name has no colon: clients put one after it.";
            return Err(Error::invalid("username", why));
        }
        if !display_name.chars().any(char::is_alphanumeric) {
            return Err(Error::invalid("username", "A guest's name has a letter or a digit."));
        }
        if names::mixes_scripts(&text::seen(&display_name)) {
            let why = "A name cannot mix scripts: some letters look like others.";
            return Err(Error::invalid("username", why));
        }
        let likeness = names::likeness(&display_name);
        if names::is_of_the_house(&likeness, &chat.options().server_name) {
            let why = "This is what the server itself is called. Choose another name.";
            return Err(Error::new(ErrorCode::UsernameTaken).because(why));
        }
        Ok(Self {
            guest: likeness.of_guest(),
            number: display_name.parse().ok().map(AccountId),
            display_name,
        })
    }

    fn find(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Found> {
        require_free(tx, &self.display_name)?;
        if self.is_somebodys_number(tx)? {
            return Err(taken());
        }
        let Some(account) = store::accounts::by_username(tx, &self.guest.key)? else { return Ok(Found::New) };
        if account.deactivated_at.is_some() {
            return Err(ErrorCode::AccountDeactivated.into());
        }
        let Some(session) = store::sessions::list(tx, account.id, now, 1)?.pop() else {
            return Ok(Found::Known(account.id));
        };
        let caller = Caller { account, session: session.id, expires_at: session.expires_at, dialect: None };
        Ok(Found::In(Box::new(caller)))
    }

    fn is_somebodys_number(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let Some(number) = self.number else { return Ok(false) };
        Ok(store::accounts::get(tx, number)?.is_some_and(|account| account.kind != AccountKind::Guest))
    }

    fn insert(&self, tx: &mut Tx<'_>, guests_max: i64, now: Timestamp) -> Result<AccountId> {
        if store::accounts::count_guests(tx, now.plus_ms(-A_DAY_MS))? >= guests_max {
            return Err(Error::too_many("As many guests as may came today: sign up instead."));
        }
        let row = NewAccount {
            username: self.guest.shown.clone(),
            username_skeleton: self.guest.skeleton.clone(),
            username_key: self.guest.key.clone(),
            display_name: self.display_name.clone(),
            display_name_key: text::key(&self.display_name),
            email: None,
            password_hash: None,
            kind: AccountKind::Guest,
            role: AccountRole::Member,
            particulars: Particulars::default(),
            created_at: now,
        };
        let id = store::accounts::insert(tx, &row)?;
        let general =
            store::conversations::access(tx, GENERAL, id)?.ok_or_else(|| internal("General is gone"))?;
        store::receipts::grow_general(tx, id, general.last_seq, now)?;
        Ok(id)
    }
}
