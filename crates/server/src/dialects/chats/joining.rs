//! `/chats/room/{room_id}`: following an invite link, and what the creator decides about those who did.

use super::{
    super::{
        detail::{Answer, Detail},
        fields::Fields,
    },
    links,
    signed::{RoomId, Signed},
    words,
};
use crate::{
    app::App,
    http::{Visitor, assets::wants_page},
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use chat::{Caller, Chat, Error, invites, memberships};
use protocol::{AccountId, ConversationId, ConversationKind, ErrorCode, MembershipState};
use serde_json::{Value, json};

/// What an invite link shows: a browser is sent to the page on which people join, a program gets the room's card.
pub(super) async fn show(
    State(app): State<App>,
    RoomId(room): RoomId,
    Visitor(client): Visitor,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer<Response> {
    let Some(code) = links::code_in_query(&query.unwrap_or_default()) else {
        let why = "This invite link is not whole: it must end with ?code= and a code. Ask for it again.";
        return Err(Detail::new(StatusCode::NOT_FOUND, ErrorCode::InviteInvalid, why));
    };
    if wants_page(&headers) {
        return Ok(Redirect::to(&format!("/join/{code}")).into_response());
    }
    let card = invites::card(&app.chat, None, &client, &code).await?;
    if card.conversation_id != room {
        return Err(Error::new(ErrorCode::InviteInvalid).into());
    }
    let card = json!({
        "room_id": room,
        "name": card.name,
        "description": card.description,
        "needs_approval": card.needs_approval,
    });
    Ok(Json(card).into_response())
}

/// Follows an invite link to the room of the path.
pub(super) async fn join(
    State(app): State<App>,
    signed: Signed,
    RoomId(room): RoomId,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let link = fields.text("invite_link");
    let given = fields.end()?;
    let code = links::code(room, &link).map_err(|error| given.refusal(error))?;
    let joined = invites::join_room(&app.chat, &signed.caller, &signed.client, room, &code).await?;
    let status = if joined.state == MembershipState::Active { "approved" } else { "pending_approval" };
    Ok(Json(json!({ "status": status, "room_id": room })))
}

/// Who waits at a room.
pub(super) async fn pending(
    State(app): State<App>,
    signed: Signed,
    RoomId(room): RoomId,
    RawQuery(query): RawQuery,
) -> Answer<Json<Value>> {
    let mut fields = Fields::of_query(&query.unwrap_or_default());
    let (after, limit) = (fields.opt_number("after").map(AccountId), fields.opt_number("limit"));
    fields.end()?;
    let (chat, caller) = (&app.chat, &signed.caller);
    words::conversation(chat, caller, ConversationKind::Room, room).await?;
    let state = MembershipState::Pending;
    let list = memberships::list(chat, caller, room, state, after, limit).await?;
    let waiting = list.memberships.iter().map(|membership| {
        let account = &membership.account;
        json!({
            "user_id": account.id,
            "username": account.username,
            "display_name": account.display_name,
            "requested_at": membership.joined_at,
        })
    });
    let waiting: Vec<Value> = waiting.collect();
    Ok(Json(json!({ "pending": waiting, "has_more": list.has_more })))
}

/// Lets somebody in who waits.
pub(super) async fn approve(
    State(app): State<App>,
    signed: Signed,
    RoomId(room): RoomId,
    fields: Option<Fields>,
) -> Answer<Json<Value>> {
    let (chat, caller) = (&app.chat, &signed.caller);
    let applicant = applicant(chat, caller, room, fields).await?;
    memberships::approve(chat, caller, room, applicant).await?;
    Ok(Json(json!({ "status": "approved", "room_id": room, "user_id": applicant })))
}

/// Turns somebody away who waits.
pub(super) async fn deny(
    State(app): State<App>,
    signed: Signed,
    RoomId(room): RoomId,
    fields: Option<Fields>,
) -> Answer<Json<Value>> {
    let (chat, caller) = (&app.chat, &signed.caller);
    let applicant = applicant(chat, caller, room, fields).await?;
    memberships::deny(chat, caller, room, applicant).await?;
    Ok(Json(json!({ "status": "denied", "room_id": room, "user_id": applicant })))
}

/// Whom a decision is about. The app's document gives it no body, so without one it is about the only one who waits.
async fn applicant(
    chat: &Chat,
    caller: &Caller,
    room: ConversationId,
    fields: Option<Fields>,
) -> Answer<AccountId> {
    let mut named = None;
    if let Some(mut fields) = fields {
        named = fields.opt_number("user_id").map(AccountId);
        fields.end()?;
    }
    words::conversation(chat, caller, ConversationKind::Room, room).await?;
    if let Some(account) = named {
        return Ok(account);
    }
    let state = MembershipState::Pending;
    let waiting = memberships::list(chat, caller, room, state, None, Some(1)).await?;
    match waiting.memberships.first() {
        Some(_) if waiting.has_more => {
            Err(Error::invalid("user_id", "Several people wait at this room: say which one.").into())
        }
        Some(membership) => Ok(membership.account.id),
        None => Err(Error::new(ErrorCode::NotFound).because("Nobody waits at this room.").into()),
    }
}
