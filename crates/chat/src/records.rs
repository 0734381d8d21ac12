//! What administrators look through: all accounts, and the log of what matters for security. Neither shows anything that
//! was said.

use crate::{Caller, Chat, Error, Result, server::require_administrator, text};
use protocol::{
    AccountId, AccountKind,
    administration::{AccountRecordList, AuditLog},
};

/// Which accounts to show, and from where on.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// How username, display name or e-mail address begins; everyone for an empty one.
    pub query: String,
    /// Without one: all but guests, who did not sign up.
    pub kind: Option<AccountKind>,
    /// The last account of the page before.
    pub after: Option<AccountId>,
    /// How many; a page of history where it is not said, and at most the largest one.
    pub limit: Option<i64>,
}

/// Accounts, those that are shut out included, sorted by id. Errors: `forbidden`, `invalid_request`.
pub async fn accounts(chat: &Chat, caller: &Caller, which: Which) -> Result<AccountRecordList> {
    require_administrator(caller)?;
    let Which { query, kind, after, limit } = which;
    let from = text::key(query.trim().trim_start_matches('@'));
    if from.chars().count() > text::ADDRESS_LEN_MAX {
        return Err(Error::invalid("query", "This is longer than any name or address."));
    }
    if from.chars().any(char::is_control) {
        return Ok(AccountRecordList { accounts: Vec::new(), has_more: false });
    }
    let (limit, after) = (page_len(chat, limit), after.unwrap_or(AccountId(0)));
    chat.read(move |tx| {
        let mut accounts = if from.is_empty() {
            store::records::list(tx, kind, after, limit + 1)?
        } else {
            let to = text::after_all_that_begin(&from);
            store::records::find(tx, kind, (&from, &to), after, limit + 1)?
        };
        let has_more = crate::page::cut(&mut accounts, limit);
        Ok(AccountRecordList { accounts, has_more })
    })
    .await
}

/// Which entries of the audit log to show, and from where on.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// Only this kind.
    pub action: Option<String>,
    /// Only what this account did.
    pub actor: Option<AccountId>,
    /// The last entry of the page before.
    pub before: Option<i64>,
    /// How many; a page of history where it is not said, and at most the largest one.
    pub limit: Option<i64>,
}

/// The longest name of a kind: longer than any there is.
const ACTION_LEN_MAX: usize = 64;

/// The audit log, newest first. That it was read is written down in it, once in a while. Errors: `forbidden`,
/// `invalid_request`.
pub async fn audit(chat: &Chat, caller: &Caller, which: Entries) -> Result<AuditLog> {
    require_administrator(caller)?;
    let Entries { action, actor, before, limit } = which;
    if action.as_ref().is_some_and(|action| action.len() > ACTION_LEN_MAX) {
        return Err(Error::invalid("action", "This is longer than the name of any kind."));
    }
    if action.as_ref().is_some_and(|action| action.chars().any(char::is_control)) {
        return Ok(AuditLog { entries: Vec::new(), has_more: false });
    }
    let (limit, before) = (page_len(chat, limit), before.unwrap_or(i64::MAX));
    crate::audit::log_read(chat, caller);
    chat.read(move |tx| {
        let mut entries = store::audit::list(tx, before, action.as_deref(), actor, limit + 1)?;
        let has_more = crate::page::cut(&mut entries, limit);
        Ok(AuditLog { entries, has_more })
    })
    .await
}

fn page_len(chat: &Chat, limit: Option<i64>) -> i64 {
    let limits = chat.limits();
    limit.unwrap_or(limits.page_len).clamp(1, limits.page_len_max)
}
