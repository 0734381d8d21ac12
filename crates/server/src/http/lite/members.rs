//! Who is in a conversation, what may be done about a member, and leaving.

use super::{
    forms::{Place, Posted, Reader, Ticked},
    page::{self, Frame},
    words::{Moment, mark, name_of, role},
};
use crate::{
    app::App,
    http::{
        error::{Answer, Refusal},
        extract::Query,
    },
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{conversations, memberships as rules};
use protocol::{
    AccountId, ConversationId, ConversationKind, ConversationSummary, ErrorCode, Membership, MembershipRole,
    MembershipState, api::UpdateMembership,
};
use serde::Deserialize;

/// From where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    after: Option<AccountId>,
    done: String,
}

struct Row {
    membership: Membership,
    mark: &'static str,
    role: &'static str,
    is_me: bool,
    /// Whether the reader may do something about this member.
    is_below: bool,
}

#[derive(Template)]
#[template(path = "lite/members.html")]
struct MembersPage<'a> {
    frame: &'a Frame,
    summary: &'a ConversationSummary,
    name: String,
    rows: Vec<Row>,
    more: Option<AccountId>,
    /// Who may not ask to join, for those who may let them.
    banned: Vec<Membership>,
    is_room: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<ConversationId>,
    Query(After { after, done }): Query<After>,
) -> Answer<Response> {
    let summary = conversations::get(&app.chat, &reader.caller, id).await?;
    let list = rules::list(&app.chat, &reader.caller, id, MembershipState::Active, after, None).await?;
    let more = list.memberships.last().filter(|_| list.has_more).map(|last| last.account.id);
    let is_room = summary.details.kind == ConversationKind::Room;
    let rows = list.memberships.into_iter().map(|membership| Row {
        mark: mark(membership.account.kind),
        role: if is_room { role(membership.role) } else { "" },
        is_me: membership.account.id == reader.caller.account.id,
        is_below: is_room && membership.role < summary.role,
        membership,
    });
    let banned = if is_room && summary.role >= MembershipRole::Moderator {
        let banned = MembershipState::Banned;
        rules::list(&app.chat, &reader.caller, id, banned, None, None).await?.memberships
    } else {
        Vec::new()
    };
    let notice = match done.as_str() {
        "role" => Some("The role is changed."),
        "owner" => Some("The room is handed over. You are a moderator now."),
        "removed" => Some("They are no longer in the room. They may ask to join again."),
        "banned" => Some("They are shut out of the room."),
        "unbanned" => Some("They may ask to join again."),
        _ => None,
    };
    let name = name_of(&summary);
    let frame = Frame::of(&app, &reader, format!("People in {name}")).noting(notice);
    let page =
        MembersPage { frame: &frame, summary: &summary, name, rows: rows.collect(), more, banned, is_room };
    Ok(page::answer(&frame, &page))
}

#[derive(Template)]
#[template(path = "lite/member.html")]
struct MemberPage<'a> {
    frame: &'a Frame,
    id: ConversationId,
    name: String,
    membership: &'a Membership,
    mark: &'static str,
    role: &'static str,
    since: Moment,
    is_below: bool,
    is_owners: bool,
}

/// One member, with what the reader may do.
pub(super) async fn card(
    State(app): State<App>,
    reader: Reader,
    Place((id, account)): Place<(ConversationId, AccountId)>,
) -> Answer<Response> {
    let summary = conversations::get(&app.chat, &reader.caller, id).await?;
    // The list is sorted by account, so that it can be entered just before this one.
    let after = Some(AccountId(account.0.saturating_sub(1)));
    let list = rules::list(&app.chat, &reader.caller, id, MembershipState::Active, after, Some(1)).await?;
    let found = list.memberships.into_iter().find(|membership| membership.account.id == account);
    let membership = found.ok_or_else(|| Refusal::new(ErrorCode::NotFound))?;
    let is_room = summary.details.kind == ConversationKind::Room;
    let frame = Frame::of(&app, &reader, membership.account.display_name.clone());
    let page = MemberPage {
        frame: &frame,
        id,
        name: name_of(&summary),
        mark: mark(membership.account.kind),
        role: if is_room { role(membership.role) } else { "" },
        since: membership.joined_at.into(),
        is_below: is_room && membership.role < summary.role,
        is_owners: summary.role == MembershipRole::Owner,
        membership: &membership,
    };
    Ok(page::answer(&frame, &page))
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Owner,
    Moderator,
    Member,
    Remove,
    Ban,
    Unban,
}

#[derive(Debug, Deserialize)]
pub(super) struct ActionFields {
    action: Action,
}

pub(super) async fn decide(
    State(app): State<App>,
    Place((id, account)): Place<(ConversationId, AccountId)>,
    Posted { reader, fields }: Posted<ActionFields>,
) -> Answer<Response> {
    let (chat, caller) = (&app.chat, &reader.caller);
    let change = |role| rules::set_role(chat, caller, id, account, UpdateMembership { role });
    let done = match fields.action {
        Action::Owner => change(MembershipRole::Owner).await.map(|_| "owner"),
        Action::Moderator => change(MembershipRole::Moderator).await.map(|_| "role"),
        Action::Member => change(MembershipRole::Member).await.map(|_| "role"),
        Action::Remove => rules::remove(chat, caller, id, account).await.map(|()| "removed"),
        Action::Ban => rules::ban(chat, caller, id, account).await.map(|_| "banned"),
        Action::Unban => rules::unban(chat, caller, id, account).await.map(|()| "unbanned"),
    };
    Ok(page::see_other(&format!("/lite/c/{id}/members?done={}", done?)))
}

#[derive(Template)]
#[template(path = "lite/leave.html")]
struct LeavePage<'a> {
    frame: &'a Frame,
    id: ConversationId,
    name: String,
}

pub(super) async fn leave_form(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<ConversationId>,
) -> Answer<Response> {
    let summary = conversations::get(&app.chat, &reader.caller, id).await?;
    if summary.details.kind != ConversationKind::Room {
        return Err(Refusal::new(ErrorCode::WrongKind));
    }
    let name = name_of(&summary);
    let frame = Frame::of(&app, &reader, format!("Leave {name}?"));
    Ok(page::answer(&frame, &LeavePage { frame: &frame, id, name }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LeaveFields {
    /// The room has not let one in yet.
    asked: Ticked,
}

/// Leaves a room, or takes back the request to join it.
pub(super) async fn leave(
    State(app): State<App>,
    Place(id): Place<ConversationId>,
    Posted { reader, fields }: Posted<LeaveFields>,
) -> Answer<Response> {
    rules::leave(&app.chat, &reader.caller, id).await?;
    Ok(page::see_other(if fields.asked.0 { "/lite/?done=taken-back" } else { "/lite/?done=left" }))
}
