//! `/conversations`: the sidebar, rooms and direct chats, catching up, and how far one has read.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::Answer,
        extract::{Json, Path, Query},
    },
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chat::{conversations as rules, receipts, sync};
use protocol::{
    Changes, ConversationDetails, ConversationId, ConversationSummary, Rev,
    api::{
        ConversationList, CreateConversation, CreatedConversation, MarkRead, ReadState, UpdateConversation,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct After {
    /// The id of the last conversation of the answer before.
    #[param(value_type = Option<i64>)]
    after: Option<ConversationId>,
    /// How many at most.
    limit: Option<i64>,
}

/// The conversations that I am in.
#[utoipa::path(get, path = "/conversations", operation_id = "listConversations", tag = "conversations", params(After),
    responses((status = 200, description = "Sorted by id, with the rooms that I asked to join", body = ConversationList)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    Signed(caller): Signed,
    Query(page): Query<After>,
) -> Answer<Json<ConversationList>> {
    Ok(Json(rules::list(&app.chat, &caller, page.after, page.limit).await?))
}

/// Make a room, or start a direct chat. A direct chat that exists already is found.
#[utoipa::path(post, path = "/conversations", operation_id = "createConversation", tag = "conversations",
    request_body = CreateConversation,
    responses(
        (status = 201, description = "Made", body = CreatedConversation),
        (status = 200, description = "The direct chat existed", body = CreatedConversation),
        (status = 404, description = "`not_found`: there is no such account"),
        (status = 409, description = "`limit_reached`, `wrong_kind`"),
    ))]
pub(in crate::http) async fn create(
    State(app): State<App>,
    Signed(caller): Signed,
    Json(body): Json<CreateConversation>,
) -> Answer<Response> {
    let (created, is_new) = rules::create(&app.chat, &caller, body).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(created)).into_response())
}

/// One conversation as I see it.
#[utoipa::path(get, path = "/conversations/{id}", operation_id = "getConversation", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses(
        (status = 200, description = "The conversation", body = ConversationSummary),
        (status = 404, description = "`not_a_member`"),
    ))]
pub(in crate::http) async fn get(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
) -> Answer<Json<ConversationSummary>> {
    Ok(Json(rules::get(&app.chat, &caller, id).await?))
}

/// Rename, describe or archive a room.
#[utoipa::path(patch, path = "/conversations/{id}", operation_id = "updateConversation", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = UpdateConversation,
    responses(
        (status = 200, description = "The room after the change", body = ConversationDetails),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`conversation_archived`, `wrong_kind`"),
    ))]
pub(in crate::http) async fn update(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
    Json(change): Json<UpdateConversation>,
) -> Answer<Json<ConversationDetails>> {
    Ok(Json(rules::update(&app.chat, &caller, id, change).await?))
}

/// Since when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Since {
    /// The last `rev` that I applied; 0 before the first.
    #[param(value_type = i64, minimum = 0)]
    since: Rev,
    /// How many at most.
    limit: Option<i64>,
}

/// Everything that changed since a `rev`, each thing once, as it is now.
#[utoipa::path(get, path = "/conversations/{id}/changes", operation_id = "getChanges", tag = "conversations",
    params(("id" = ConversationId, Path), Since),
    responses(
        (status = 200, description = "The changes", body = Changes),
        (status = 404, description = "`not_a_member`"),
    ))]
pub(in crate::http) async fn changes(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
    Query(page): Query<Since>,
) -> Answer<Json<Changes>> {
    Ok(Json(sync::changes(&app.chat, &caller, id, page.since, page.limit).await?))
}

/// Read up to a message. Never goes back.
#[utoipa::path(put, path = "/conversations/{id}/read", operation_id = "markRead", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = MarkRead,
    responses(
        (status = 200, description = "Where reading stands", body = ReadState),
        (status = 404, description = "`not_a_member`"),
    ))]
pub(in crate::http) async fn mark_read(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
    Json(body): Json<MarkRead>,
) -> Answer<Json<ReadState>> {
    Ok(Json(receipts::mark_read(&app.chat, &caller, id, body.seq).await?))
}
