//! `/conversations/{id}/messages` and `/messages`: history, sending, and changing what one sent.

use crate::{
    app::App,
    http::{
        auth::{Asker, Signed},
        error::{Answer, Refusal},
        extract::{Json, Path, Query, Written, json},
    },
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chat::{Window, messages as rules};
use protocol::{
    ConversationId, Message, MessageId, Page, Seq,
    api::{EditList, EditMessage, SendMessage, SentMessage},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of the history. With neither `before` nor `after`: the newest.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Part {
    /// Messages with a lower `seq`.
    before: Option<Seq>,
    /// Messages with a higher `seq`.
    after: Option<Seq>,
    /// How many at most.
    limit: Option<i64>,
}

impl Part {
    /// Which messages, and how many.
    fn asked(&self) -> Answer<(Window, Option<i64>)> {
        let window = match (self.before, self.after) {
            (None, None) => Window::Newest,
            (Some(seq), None) => Window::Before(seq),
            (None, Some(seq)) => Window::After(seq),
            (Some(_), Some(_)) => {
                return Err(Refusal(chat::Error::invalid("before", "Say before or after, not both.")));
            }
        };
        Ok((window, self.limit))
    }
}

/// A page of history, oldest first.
#[utoipa::path(get, path = "/conversations/{id}/messages", operation_id = "listMessages", tag = "messages",
    params(("id" = ConversationId, Path), Part),
    responses((status = 200, description = "The page", body = Page), (status = 404, description = "`not_a_member`")))]
pub(in crate::http) async fn history(
    State(app): State<App>,
    asker: Asker,
    path: Answer<Path<ConversationId>>,
    part: Answer<Query<Part>>,
) -> Answer<Written> {
    let (id, part) = match path.and_then(|Path(id)| Ok((id, part?.0.asked()?))) {
        Ok(wanted) => wanted,
        // Whoever may not ask at all hears that first.
        Err(refusal) => return asker.sign_in(&app).await.and(Err(refusal)),
    };
    let asked = rules::history_by(&app.chat, asker.token()?, id, part, json).await?;
    asker.hear(asked).map(Written)
}

/// Send a message. The same `cid` twice stores it once.
#[utoipa::path(post, path = "/conversations/{id}/messages", operation_id = "sendMessage", tag = "messages",
    params(("id" = ConversationId, Path)), request_body = SendMessage,
    responses(
        (status = 201, description = "Stored", body = SentMessage),
        (status = 200, description = "Had been stored before: `dup` is true", body = SentMessage),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`cid_reused`, `conversation_archived`"),
    ))]
pub(in crate::http) async fn send(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
    Json(body): Json<SendMessage>,
) -> Answer<Response> {
    let sent = rules::send(&app.chat, &caller, id, body).await?;
    let status = if sent.dup { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(sent)).into_response())
}

/// A message.
#[utoipa::path(get, path = "/messages/{id}", operation_id = "getMessage", tag = "messages",
    params(("id" = MessageId, Path)),
    responses(
        (status = 200, description = "The message", body = Message),
        (status = 404, description = "`unknown_message`"),
    ))]
pub(in crate::http) async fn get(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<MessageId>,
) -> Answer<Json<Message>> {
    Ok(Json(rules::get(&app.chat, &caller, id).await?))
}

/// Change the text of my message.
#[utoipa::path(patch, path = "/messages/{id}", operation_id = "editMessage", tag = "messages",
    params(("id" = MessageId, Path)), request_body = EditMessage,
    responses(
        (status = 200, description = "The message after the change", body = Message),
        (status = 403, description = "`forbidden`: somebody else's message"),
        (status = 404, description = "`unknown_message`"),
        (status = 409, description = "`message_deleted`, `conversation_archived`, `limit_reached`"),
    ))]
pub(in crate::http) async fn edit(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<MessageId>,
    Json(body): Json<EditMessage>,
) -> Answer<Json<Message>> {
    Ok(Json(rules::edit(&app.chat, &caller, id, body).await?))
}

/// Delete a message: my own, or anyone's as owner or moderator of the room.
#[utoipa::path(delete, path = "/messages/{id}", operation_id = "deleteMessage", tag = "messages",
    params(("id" = MessageId, Path)),
    responses(
        (status = 200, description = "What is left in its place", body = Message),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`unknown_message`"),
        (status = 409, description = "`conversation_archived`"),
    ))]
pub(in crate::http) async fn delete(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<MessageId>,
) -> Answer<Json<Message>> {
    Ok(Json(rules::delete(&app.chat, &caller, id).await?))
}

/// What a message said before, the oldest first.
#[utoipa::path(get, path = "/messages/{id}/edits", operation_id = "listEdits", tag = "messages",
    params(("id" = MessageId, Path)),
    responses(
        (status = 200, description = "Its former texts", body = EditList),
        (status = 404, description = "`unknown_message`"),
    ))]
pub(in crate::http) async fn edits(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<MessageId>,
) -> Answer<Json<EditList>> {
    Ok(Json(rules::edits(&app.chat, &caller, id).await?))
}
