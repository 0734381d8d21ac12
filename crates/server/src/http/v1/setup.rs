//! `/setup`: the administrator's account, made once.

use super::sessions::signed_in;
use crate::{
    app::App,
    http::{
        auth::OwnPage,
        error::Answer,
        extract::{Json, Visitor},
    },
};
use axum::{extract::State, http::StatusCode, response::Response};
use chat::accounts;
use protocol::api::{SetUp, SignedIn};

/// Make the administrator's account with the code of the link that the terminal printed.
#[utoipa::path(post, path = "/setup", operation_id = "setUp", tag = "accounts", security(()), request_body = SetUp,
    responses(
        (status = 201, description = "Made and signed in; sets the session cookie", body = SignedIn),
        (status = 403, description = "`setup_closed`: done already, or not the newest link; `origin_mismatch`"),
        (status = 409, description = "`username_taken`, `email_taken`"),
    ))]
pub(in crate::http) async fn set_up(
    State(app): State<App>,
    _: OwnPage,
    Visitor(client): Visitor,
    Json(body): Json<SetUp>,
) -> Answer<Response> {
    Ok(signed_in(&app, StatusCode::CREATED, accounts::set_up(&app.chat, &client, body).await?))
}
