//! `/conversations/{id}/invites` and `/invites/{code}`: links into rooms.

use crate::{
    app::App,
    http::{
        auth::{MaybeSigned, Signed},
        error::Answer,
        extract::{Json, Path, Visitor},
    },
};
use axum::{extract::State, http::StatusCode};
use chat::invites as rules;
use protocol::{
    ConversationId, Invite, InviteCard, InviteId,
    api::{CreateInvite, InviteList, Joined},
};

/// Make an invite. Its code and link are in this answer only.
#[utoipa::path(post, path = "/conversations/{id}/invites", operation_id = "createInvite", tag = "invites",
    params(("id" = ConversationId, Path)), request_body = CreateInvite,
    responses(
        (status = 201, description = "Made", body = Invite),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`limit_reached`, `conversation_archived`, `wrong_kind`"),
    ))]
pub(in crate::http) async fn create(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
    Json(body): Json<CreateInvite>,
) -> Answer<(StatusCode, Json<Invite>)> {
    Ok((StatusCode::CREATED, Json(rules::create(&app.chat, &caller, id, body).await?)))
}

/// A room's invites, the newest first.
#[utoipa::path(get, path = "/conversations/{id}/invites", operation_id = "listInvites", tag = "invites",
    params(("id" = ConversationId, Path)),
    responses(
        (status = 200, description = "The invites, without their codes", body = InviteList),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`wrong_kind`"),
    ))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
) -> Answer<Json<InviteList>> {
    Ok(Json(rules::list(&app.chat, &caller, id).await?))
}

/// Take an invite back.
#[utoipa::path(delete, path = "/conversations/{id}/invites/{invite_id}", operation_id = "revokeInvite", tag = "invites",
    params(("id" = ConversationId, Path), ("invite_id" = InviteId, Path)),
    responses(
        (status = 204, description = "Good for nobody any more"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`, `not_found`"),
        (status = 409, description = "`wrong_kind`"),
    ))]
pub(in crate::http) async fn revoke(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, invite)): Path<(ConversationId, InviteId)>,
) -> Answer<StatusCode> {
    rules::revoke(&app.chat, &caller, id, invite).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The public card of the room that an invite leads to.
#[utoipa::path(get, path = "/invites/{code}", operation_id = "getInviteCard", tag = "invites",
    security((), ("bearer" = []), ("cookie" = [])), params(("code" = String, Path)),
    responses(
        (status = 200, description = "The card; with a session it also says where one stands", body = InviteCard),
        (status = 404, description = "`invite_invalid`"),
    ))]
pub(in crate::http) async fn card(
    State(app): State<App>,
    MaybeSigned(caller): MaybeSigned,
    Visitor(client): Visitor,
    Path(code): Path<String>,
) -> Answer<Json<InviteCard>> {
    Ok(Json(rules::card(&app.chat, caller.as_ref(), &client, &code).await?))
}

/// Follow an invite: join the room, or ask to.
#[utoipa::path(post, path = "/invites/{code}/join", operation_id = "joinByInvite", tag = "invites",
    params(("code" = String, Path)),
    responses(
        (status = 200, description = "In, or waiting", body = Joined),
        (status = 403, description = "`banned`"),
        (status = 404, description = "`invite_invalid`"),
        (status = 409, description = "`limit_reached`, `conversation_archived`"),
    ))]
pub(in crate::http) async fn join(
    State(app): State<App>,
    Signed(caller): Signed,
    Visitor(client): Visitor,
    Path(code): Path<String>,
) -> Answer<Json<Joined>> {
    Ok(Json(rules::join(&app.chat, &caller, &client, &code).await?))
}
