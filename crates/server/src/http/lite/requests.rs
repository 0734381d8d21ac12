//! Who asks to join a room, for those who decide.

use super::{
    forms::{Place, Posted, Reader},
    page::{self, Done, Frame},
    words::{Moment, mark, name_of},
};
use crate::{
    app::App,
    http::{error::Answer, extract::Query},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{conversations, memberships as rules};
use protocol::{AccountId, ConversationId, ErrorCode, Membership, MembershipState};
use serde::Deserialize;

struct Row {
    membership: Membership,
    mark: &'static str,
    since: Moment,
}

#[derive(Template)]
#[template(path = "lite/requests.html")]
struct RequestsPage<'a> {
    frame: &'a Frame,
    id: ConversationId,
    name: String,
    rows: Vec<Row>,
    has_more: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<ConversationId>,
    Query(Done { done }): Query<Done>,
) -> Answer<Response> {
    let pending = MembershipState::Pending;
    let list = rules::list(&app.chat, &reader.caller, id, pending, None, None).await?;
    let name = name_of(&conversations::get(&app.chat, &reader.caller, id).await?);
    let rows = list.memberships.into_iter().map(|membership| Row {
        mark: mark(membership.account.kind),
        since: membership.joined_at.into(),
        membership,
    });
    let notice = match done.as_str() {
        "approved" => Some("They are in."),
        "denied" => Some("They are turned away. They may ask again."),
        "decided" => Some("That request was decided or withdrawn already."),
        _ => None,
    };
    let frame = Frame::of(&app, &reader, format!("Requests to join {name}")).noting(notice);
    let page = RequestsPage { frame: &frame, id, name, rows: rows.collect(), has_more: list.has_more };
    Ok(page::answer(&frame, &page))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Approve,
    Deny,
}

#[derive(Debug, Deserialize)]
pub(super) struct DecisionFields {
    decision: Decision,
}

pub(super) async fn decide(
    State(app): State<App>,
    Place((id, account)): Place<(ConversationId, AccountId)>,
    Posted { reader, fields }: Posted<DecisionFields>,
) -> Answer<Response> {
    let (decided, done) = match fields.decision {
        Decision::Approve => (rules::approve(&app.chat, &reader.caller, id, account).await, "approved"),
        Decision::Deny => (rules::deny(&app.chat, &reader.caller, id, account).await, "denied"),
    };
    let done = match decided {
        Ok(_) => done,
        // A button pressed twice, or two who decide at once: the list shows how it is now.
        Err(error) if error.code == ErrorCode::AlreadyDecided => "decided",
        Err(error) => return Err(error.into()),
    };
    Ok(page::see_other(&format!("/lite/c/{id}/requests?done={done}")))
}
