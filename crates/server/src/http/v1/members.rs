//! `/conversations/{id}/members` and `/bans`: who is in, who waits, who is shut out.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::Answer,
        extract::{Json, Path, Query},
    },
};
use axum::{extract::State, http::StatusCode};
use chat::memberships as rules;
use protocol::{
    AccountId, ConversationId, Membership, MembershipState,
    api::{MembershipList, UpdateMembership},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which members, and from where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// `active` when absent; `pending` and `banned` for owner and moderators.
    state: Option<MembershipState>,
    /// The account id of the last membership of the answer before.
    #[param(value_type = Option<i64>)]
    after: Option<AccountId>,
    /// How many at most.
    limit: Option<i64>,
}

/// Members of a conversation.
#[utoipa::path(get, path = "/conversations/{id}/members", operation_id = "listMembers", tag = "members",
    params(("id" = ConversationId, Path), Which),
    responses(
        (status = 200, description = "Sorted by account id", body = MembershipList),
        (status = 403, description = "`forbidden`: who waits or is banned is for owner and moderators"),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`wrong_kind`"),
    ))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
    Query(page): Query<Which>,
) -> Answer<Json<MembershipList>> {
    let state = page.state.unwrap_or(MembershipState::Active);
    Ok(Json(rules::list(&app.chat, &caller, id, state, page.after, page.limit).await?))
}

/// Let somebody in who asked to join.
#[utoipa::path(post, path = "/conversations/{id}/members/{account_id}/approve", operation_id = "approveMember",
    tag = "members", params(("id" = ConversationId, Path), ("account_id" = AccountId, Path)),
    responses(
        (status = 200, description = "The membership, active now", body = Membership),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`already_decided`, `limit_reached`, `conversation_archived`, `wrong_kind`"),
    ))]
pub(in crate::http) async fn approve(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, account)): Path<(ConversationId, AccountId)>,
) -> Answer<Json<Membership>> {
    Ok(Json(rules::approve(&app.chat, &caller, id, account).await?))
}

/// Turn somebody away who asked to join. They may ask again.
#[utoipa::path(post, path = "/conversations/{id}/members/{account_id}/deny", operation_id = "denyMember",
    tag = "members", params(("id" = ConversationId, Path), ("account_id" = AccountId, Path)),
    responses(
        (status = 200, description = "The membership", body = Membership),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`already_decided`, `wrong_kind`"),
    ))]
pub(in crate::http) async fn deny(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, account)): Path<(ConversationId, AccountId)>,
) -> Answer<Json<Membership>> {
    Ok(Json(rules::deny(&app.chat, &caller, id, account).await?))
}

/// Change a member's role. `owner` hands the room over. For the owner.
#[utoipa::path(patch, path = "/conversations/{id}/members/{account_id}", operation_id = "updateMember",
    tag = "members", params(("id" = ConversationId, Path), ("account_id" = AccountId, Path)),
    request_body = UpdateMembership,
    responses(
        (status = 200, description = "The membership after the change", body = Membership),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`, `not_found`"),
        (status = 409, description = "`last_owner`, `wrong_kind`"),
    ))]
pub(in crate::http) async fn set_role(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, account)): Path<(ConversationId, AccountId)>,
    Json(change): Json<UpdateMembership>,
) -> Answer<Json<Membership>> {
    Ok(Json(rules::set_role(&app.chat, &caller, id, account, change).await?))
}

/// Remove a member of a lower role. They may ask to join again.
#[utoipa::path(delete, path = "/conversations/{id}/members/{account_id}", operation_id = "removeMember",
    tag = "members", params(("id" = ConversationId, Path), ("account_id" = AccountId, Path)),
    responses(
        (status = 204, description = "Removed"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`, `not_found`"),
        (status = 409, description = "`wrong_kind`"),
    ))]
pub(in crate::http) async fn remove(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, account)): Path<(ConversationId, AccountId)>,
) -> Answer<StatusCode> {
    rules::remove(&app.chat, &caller, id, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave a room, or take back the request to join it.
#[utoipa::path(delete, path = "/conversations/{id}/members/me", operation_id = "leaveConversation", tag = "members",
    params(("id" = ConversationId, Path)),
    responses(
        (status = 204, description = "Left"),
        (status = 404, description = "`not_a_member`"),
        (status = 409, description = "`last_owner`: hand the room over first; `wrong_kind`"),
    ))]
pub(in crate::http) async fn leave(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
) -> Answer<StatusCode> {
    rules::leave(&app.chat, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shut somebody out: they cannot ask again.
#[utoipa::path(put, path = "/conversations/{id}/bans/{account_id}", operation_id = "banMember", tag = "members",
    params(("id" = ConversationId, Path), ("account_id" = AccountId, Path)),
    responses(
        (status = 200, description = "The membership, banned now", body = Membership),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`, `not_found`"),
        (status = 409, description = "`wrong_kind`"),
    ))]
pub(in crate::http) async fn ban(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, account)): Path<(ConversationId, AccountId)>,
) -> Answer<Json<Membership>> {
    Ok(Json(rules::ban(&app.chat, &caller, id, account).await?))
}

/// Let somebody ask again who was shut out.
#[utoipa::path(delete, path = "/conversations/{id}/bans/{account_id}", operation_id = "unbanMember", tag = "members",
    params(("id" = ConversationId, Path), ("account_id" = AccountId, Path)),
    responses(
        (status = 204, description = "No longer banned"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_a_member`, `not_found`"),
        (status = 409, description = "`wrong_kind`"),
    ))]
pub(in crate::http) async fn unban(
    State(app): State<App>,
    Signed(caller): Signed,
    Path((id, account)): Path<(ConversationId, AccountId)>,
) -> Answer<StatusCode> {
    rules::unban(&app.chat, &caller, id, account).await?;
    Ok(StatusCode::NO_CONTENT)
}
