//! The installation itself: what anyone may know of it, and what administrators may change.

use crate::{Caller, Chat, Error, Result};
use protocol::{
    AccountRole, ErrorCode,
    api::{Registration, ServerInfo, UpdateServer},
};
use store::Lane;

/// Where an administrator's choice is kept; without one the setting counts.
pub(crate) const REGISTRATION_KEY: &str = "registration";

/// What anyone may know.
pub fn info(chat: &Chat) -> ServerInfo {
    ServerInfo {
        name: chat.options().server_name.clone(),
        version: chat.options().version.clone(),
        registration: chat.registration(),
        sign_in_with: chat.options().sign_in_with.clone(),
        message_chars_max: chat.limits().message_chars_max,
        password_chars_min: chat.limits().password_chars_min,
    }
}

/// Changes the installation. Errors: `forbidden` for everyone but administrators.
pub async fn update(chat: &Chat, caller: &Caller, update: UpdateServer) -> Result<ServerInfo> {
    require_administrator(caller)?;
    if let Some(registration) = update.registration {
        let (account, now, here) = (caller.account.id, chat.now(), chat.clone());
        chat.change(
            Lane::Any,
            move |tx| {
                if !store::accounts::lock_administrators(tx)?.contains(&account) {
                    return Err(ErrorCode::Forbidden.into());
                }
                let word = registration_word(registration);
                store::meta::set(tx, REGISTRATION_KEY, word)?;
                store::audit::record(tx, now, Some(account), "server.registration", "server", word)?;
                Ok(())
            },
            move |()| {
                here.set_registration(registration);
                here.hub().settings_changed();
            },
        )
        .await?;
    }
    Ok(info(chat))
}

pub(crate) fn require_administrator(caller: &Caller) -> Result<()> {
    if caller.account.role == AccountRole::Administrator {
        return Ok(());
    }
    Err(Error::new(ErrorCode::Forbidden).because("This is for administrators."))
}

fn registration_word(registration: Registration) -> &'static str {
    match registration {
        Registration::Open => "open",
        Registration::Invite => "invite",
        Registration::Closed => "closed",
    }
}

pub(crate) fn registration_from_word(word: &str) -> Result<Registration> {
    [Registration::Open, Registration::Invite, Registration::Closed]
        .into_iter()
        .find(|registration| registration_word(*registration) == word)
        .ok_or_else(|| crate::internal(format!("the stored registration mode {word:?} is unknown")))
}
