//! `/chats`: what the caller is in, starting private chats, making rooms, and who is in them.

use super::{
    super::{
        detail::{Answer, Detail},
        fields::Fields,
    },
    links,
    signed::{RoomId, Signed},
    words::{self, Place},
};
use crate::app::App;
use axum::{
    Json,
    extract::{RawQuery, State},
};
use chat::{conversations, memberships};
use protocol::{
    AccountId, ConversationId, ConversationKind, ConversationSummary, ErrorCode, Membership, MembershipRole,
    MembershipState,
    api::{CreateConversation, CreatedConversation},
};
use serde_json::{Value, json};

/// The caller's chats and rooms, General first, and the rooms at which they wait.
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Answer<Json<Value>> {
    let (after, limit) = span(query)?;
    let list = conversations::list(&app.chat, &signed.caller, after.map(ConversationId), limit).await?;
    let me = signed.caller.account.id;
    let chats: Vec<Value> = list.conversations.iter().filter_map(|summary| entry(summary, me)).collect();
    let pending = list.requests.iter().map(|request| {
        json!({
            "room_id": request.conversation_id,
            "name": request.name,
            "description": request.description,
            "status": "pending_approval",
        })
    });
    let pending: Vec<Value> = pending.collect();
    Ok(Json(json!({ "chats": chats, "pending": pending, "has_more": list.has_more })))
}

/// `after` and `limit` of a list.
fn span(query: Option<String>) -> Answer<(Option<i64>, Option<i64>)> {
    let mut fields = Fields::of_query(&query.unwrap_or_default());
    let span = (fields.opt_number("after"), fields.opt_number("limit"));
    fields.end()?;
    Ok(span)
}

fn entry(summary: &ConversationSummary, me: AccountId) -> Option<Value> {
    let place = Place::of(summary, me)?;
    let mut entry = place.fields();
    let mut set = |name: &str, value: Value| entry.insert(name.to_owned(), value);
    let details = &summary.details;
    if let Some(other) = &summary.with {
        set("user", words::author(other));
    }
    if details.kind == ConversationKind::Room {
        set("name", json!(details.name));
        set("description", json!(details.description));
        set("creator_id", json!(details.creator_id));
        set("can_approve", json!(summary.role >= MembershipRole::Moderator));
        set("pending_count", json!(summary.pending_count));
        set("is_archived", json!(details.archived_at.is_some()));
    }
    set("unread", json!(summary.unread));
    let last = summary.last_message.as_ref().filter(|message| message.body.is_some());
    set("last_message", json!(last.map(|message| place.message(message))));
    Some(Value::Object(entry))
}

/// Starts a private chat, or finds it.
pub(super) async fn start_private(
    State(app): State<App>,
    signed: Signed,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let receiver = AccountId(fields.number("receiver_id"));
    let given = fields.end()?;
    let with = CreateConversation {
        kind: ConversationKind::Direct,
        name: None,
        description: None,
        account_id: Some(receiver),
    };
    let made = conversations::create(&app.chat, &signed.caller, with).await;
    let (made, is_new) = made.map_err(|error| match error.field {
        Some("account_id") => given.refusal(chat::Error { field: Some("receiver_id"), ..error }),
        _ => error.into(),
    })?;
    let status = if is_new { "created" } else { "exists" };
    Ok(Json(json!({ "chat_id": made.conversation.details.id, "status": status })))
}

/// Makes a room. Whoever follows its link waits for approval.
pub(super) async fn make_room(
    State(app): State<App>,
    signed: Signed,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let with = CreateConversation {
        kind: ConversationKind::Room,
        name: Some(fields.text("name")),
        description: fields.opt_text("description"),
        account_id: None,
    };
    let given = fields.end()?;
    let made = conversations::create(&app.chat, &signed.caller, with).await;
    let (made, _) = made.map_err(|error| given.refusal(error))?;
    let CreatedConversation { conversation, invite } = made;
    let room = conversation.details.id;
    let link = invite.and_then(|invite| links::link(room, &invite));
    let link = link.ok_or_else(|| Detail::from(chat::Error::new(ErrorCode::Internal)))?;
    Ok(Json(json!({ "room_id": room, "invite_link": link })))
}

/// Who is in a room.
pub(super) async fn members(
    State(app): State<App>,
    signed: Signed,
    RoomId(room): RoomId,
    RawQuery(query): RawQuery,
) -> Answer<Json<Value>> {
    let (after, limit) = span(query)?;
    let (chat, caller) = (&app.chat, &signed.caller);
    let (summary, _) = words::conversation(chat, caller, ConversationKind::Room, room).await?;
    let (state, after) = (MembershipState::Active, after.map(AccountId));
    let list = memberships::list(chat, caller, room, state, after, limit).await?;
    let creator = summary.details.creator_id;
    let member = |membership: &Membership| {
        let account = &membership.account;
        json!({
            "user_id": account.id,
            "username": account.username,
            "display_name": account.display_name,
            "role": membership.role,
            "is_creator": creator == Some(account.id),
        })
    };
    let members: Vec<Value> = list.memberships.iter().map(member).collect();
    Ok(Json(json!({ "members": members, "has_more": list.has_more })))
}
