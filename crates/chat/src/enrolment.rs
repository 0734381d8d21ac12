//! Signing up by the doors of other chat systems: they ask for other things than Parlor does, and give no session.

use crate::{
    Chat, Client, Error, Result, accounts,
    accounts::Applicant,
    auth::tokens,
    names::{self, Username},
    text,
};
use protocol::{
    Account, AccountId, AccountRole, Dialect, ErrorCode, ServerFrame,
    api::{Registration, SignUp},
    frame::AccountNotice,
};
use store::{Lane, accounts::Particulars};

/// The shortest telephone number: extensions inside a house.
const PHONE_DIGITS_MIN: usize = 3;
/// ITU-T E.164 has 15 digits; prefixes that people dial come on top.
const PHONE_DIGITS_MAX: usize = 20;

/// What another system asks of people who sign up.
#[derive(Clone, Debug, Default)]
pub struct Enrolment {
    /// Without one, a username is made from the display name.
    pub username: Option<String>,
    /// The name shown to others; the username where there is none.
    pub display_name: Option<String>,
    /// In any case; unique.
    pub email: Option<String>,
    /// In clear.
    pub password: String,
    /// Digits, perhaps with a plus before them; unique.
    pub phone: Option<String>,
    /// As it was given.
    pub first_name: Option<String>,
    /// As it was given.
    pub last_name: Option<String>,
}

/// Makes an account. A username that was not given is made from the name that was, with a number where it is taken.
///
/// Errors: `invalid_request`, `username_taken` (only for one that was given), `email_taken`, `phone_taken`,
/// `registration_closed`, `invite_required`, `rate_limited`, `busy`.
pub async fn enrol(chat: &Chat, client: &Client, dialect: Dialect, with: Enrolment) -> Result<Account> {
    match chat.registration() {
        Registration::Open => {}
        Registration::Closed => return Err(ErrorCode::RegistrationClosed.into()),
        Registration::Invite => return Err(ErrorCode::InviteRequired.into()),
    }
    chat.throttles().sign_up(client)?;
    let candidates = candidates(chat, &with)?;
    let first = candidates.first().ok_or(ErrorCode::Internal)?.shown.clone();
    let particulars = particulars(chat, &with)?;
    let sign_up = SignUp {
        username: first,
        password: with.password,
        email: with.email,
        display_name: with.display_name,
        invite: None,
    };
    let applicant = Applicant::check(chat, &sign_up)?;
    let hash = chat.passwords().hash(sign_up.password).await?;
    let mut row = applicant.row(hash, AccountRole::Member, chat.now());
    row.particulars = particulars;
    let is_chosen = with.username.is_some();
    let mut refused = Error::new(ErrorCode::UsernameTaken);
    for name in candidates {
        (row.username, row.username_key, row.username_skeleton) = (name.shown, name.key, name.skeleton);
        match insert(chat, row.clone()).await {
            Err(error) if error.code == ErrorCode::UsernameTaken && !is_chosen => refused = error,
            made => {
                tracing::debug!(?dialect, "signed up by another door");
                return made;
            }
        }
    }
    Err(refused)
}

fn candidates(chat: &Chat, with: &Enrolment) -> Result<Vec<Username>> {
    let chars_max = chat.limits().username_chars_max;
    if let Some(username) = &with.username {
        return Ok(vec![names::username(username, chars_max)?]);
    }
    let address = with.email.as_deref().unwrap_or_default();
    let before_at = address.split('@').next().unwrap_or_default();
    let name = with.display_name.as_deref().unwrap_or(before_at);
    Ok(names::suggestions(name, tokens::random_number()?, chars_max))
}

fn particulars(chat: &Chat, with: &Enrolment) -> Result<Particulars> {
    let chars_max = chat.limits().display_name_chars_max;
    let name = |field: &'static str, name: &Option<String>| match name.as_deref() {
        None => Ok(None),
        Some(name) => text::line(field, name, chars_max).map(Some),
    };
    Ok(Particulars {
        phone: with.phone.as_deref().map(phone).transpose()?,
        first_name: name("firstname", &with.first_name)?,
        last_name: name("lastname", &with.last_name)?,
    })
}

fn phone(number: &str) -> Result<String> {
    let digits = number.trim().trim_start_matches('+');
    let good = (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if good { Ok(digits.to_owned()) } else { Err(Error::invalid("phone", "This is not a telephone number.")) }
}

async fn insert(chat: &Chat, row: store::accounts::NewAccount) -> Result<Account> {
    let hub = chat.hub().clone();
    chat.change(
        Lane::Any,
        move |tx| {
            let id: AccountId = accounts::insert(tx, &row)?;
            Ok(store::accounts::get(tx, id)?.ok_or(store::Error::Missing)?)
        },
        move |account: &Account| {
            hub.tell_everyone(ServerFrame::Account(AccountNotice { account: account.clone() }));
        },
    )
    .await
}
