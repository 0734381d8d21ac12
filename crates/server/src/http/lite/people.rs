//! Finding somebody and starting a direct chat.

use super::{
    account::Nothing,
    forms::{Place, Posted, Reader, encode},
    page::{self, Frame, Trouble},
    words::mark,
};
use crate::{
    app::App,
    http::{error::Answer, extract::Query},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{accounts, conversations};
use protocol::{
    Account, AccountId, ConversationKind, ErrorCode,
    api::{AccountList, CreateConversation},
};
use serde::Deserialize;

/// Whom to find, and from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Find {
    query: String,
    after: Option<AccountId>,
}

struct Found {
    account: Account,
    mark: &'static str,
    is_me: bool,
}

#[derive(Template)]
#[template(path = "lite/people.html")]
struct PeoplePage<'a> {
    frame: &'a Frame,
    query: &'a str,
    found: Vec<Found>,
    /// Where the rest of a long list begins.
    more: Option<String>,
}

pub(super) async fn find(
    State(app): State<App>,
    reader: Reader,
    Query(Find { query, after }): Query<Find>,
) -> Answer<Response> {
    let (list, trouble) = match accounts::find(&app.chat, &reader.caller, &query, after, None).await {
        Ok(list) => (list, None),
        Err(error) if error.code == ErrorCode::InvalidRequest => {
            (AccountList { accounts: Vec::new(), has_more: false }, Some(Trouble::from(error)))
        }
        Err(error) => return Err(error.into()),
    };
    let last = list.accounts.last().filter(|_| list.has_more);
    let more = last.map(|last| format!("/lite/people?query={}&after={}", encode(&query), last.id));
    let found = list.accounts.into_iter().filter(|account| account.deactivated_at.is_none());
    let found = found.map(|account| Found {
        mark: mark(account.kind),
        is_me: account.id == reader.caller.account.id,
        account,
    });
    let frame = Frame::of(&app, &reader, "Find people").with(trouble);
    let page = PeoplePage { frame: &frame, query: &query, found: found.collect(), more };
    Ok(page::answer(&frame, &page))
}

/// A direct chat that exists already is found.
pub(super) async fn talk(
    State(app): State<App>,
    Place(other): Place<AccountId>,
    Posted { reader, .. }: Posted<Nothing>,
) -> Answer<Response> {
    let with = CreateConversation {
        kind: ConversationKind::Direct,
        name: None,
        description: None,
        account_id: Some(other),
    };
    let (created, _) = conversations::create(&app.chat, &reader.caller, with).await?;
    Ok(page::see_other(&format!("/lite/c/{}#latest", created.conversation.details.id)))
}
