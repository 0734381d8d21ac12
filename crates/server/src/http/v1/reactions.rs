//! `/messages/{id}/reactions/{emoji}`.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::Answer,
        extract::{Json, Path},
    },
};
use axum::extract::State;
use chat::reactions as rules;
use protocol::{Message, MessageId};

/// React to a message.
#[utoipa::path(put, path = "/messages/{id}/reactions/{emoji}", operation_id = "addReaction", tag = "messages",
    params(("id" = MessageId, Path), ("emoji" = String, Path, description = "One emoji, percent-encoded")),
    responses(
        (status = 200, description = "The message with the reaction", body = Message),
        (status = 404, description = "`unknown_message`"),
        (status = 409, description = "`message_deleted`, `conversation_archived`, `limit_reached`"),
    ))]
pub(in crate::http) async fn add(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> Answer<Json<Message>> {
    Ok(Json(rules::set(&app.chat, &caller, id, &emoji, true).await?))
}

/// Take a reaction back.
#[utoipa::path(delete, path = "/messages/{id}/reactions/{emoji}", operation_id = "removeReaction", tag = "messages",
    params(("id" = MessageId, Path), ("emoji" = String, Path, description = "One emoji, percent-encoded")),
    responses(
        (status = 200, description = "The message without the reaction", body = Message),
        (status = 404, description = "`unknown_message`"),
        (status = 409, description = "`message_deleted`, `conversation_archived`"),
    ))]
pub(in crate::http) async fn remove(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> Answer<Json<Message>> {
    Ok(Json(rules::set(&app.chat, &caller, id, &emoji, false).await?))
}
