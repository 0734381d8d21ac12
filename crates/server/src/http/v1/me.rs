//! `/me`: one's own account.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::Answer,
        extract::{Json, Visitor},
    },
};
use axum::{extract::State, http::StatusCode};
use chat::accounts as rules;
use protocol::{
    Me,
    api::{ChangePassword, UpdateMe},
};

/// Who I am.
#[utoipa::path(get, path = "/me", operation_id = "getMe", tag = "me",
    responses((status = 200, description = "My account", body = Me)))]
pub(in crate::http) async fn get(State(app): State<App>, Signed(caller): Signed) -> Answer<Json<Me>> {
    Ok(Json(rules::me(&app.chat, &caller).await?))
}

/// Change my display name or e-mail address. The address needs the current password.
#[utoipa::path(patch, path = "/me", operation_id = "updateMe", tag = "me", request_body = UpdateMe,
    responses(
        (status = 200, description = "My account after the change", body = Me),
        (status = 409, description = "`email_taken`"),
    ))]
pub(in crate::http) async fn update(
    State(app): State<App>,
    Signed(caller): Signed,
    Visitor(client): Visitor,
    Json(change): Json<UpdateMe>,
) -> Answer<Json<Me>> {
    Ok(Json(rules::update_me(&app.chat, &caller, &client, change).await?))
}

/// Change my password. All my other sessions end.
#[utoipa::path(put, path = "/me/password", operation_id = "changePassword", tag = "me", request_body = ChangePassword,
    responses((status = 204, description = "Changed")))]
pub(in crate::http) async fn change_password(
    State(app): State<App>,
    Signed(caller): Signed,
    Visitor(client): Visitor,
    Json(change): Json<ChangePassword>,
) -> Answer<StatusCode> {
    rules::change_password(&app.chat, &caller, &client, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
