//! `/server`: the installation itself.

use crate::{
    app::App,
    http::{auth::Signed, error::Answer, extract::Json},
};
use axum::extract::State;
use chat::server as rules;
use protocol::api::{ServerInfo, UpdateServer};

/// What anyone may know about the installation.
#[utoipa::path(get, path = "/server", operation_id = "getServer", tag = "server", security(()),
    responses((status = 200, description = "The installation", body = ServerInfo)))]
pub(in crate::http) async fn info(State(app): State<App>) -> Json<ServerInfo> {
    Json(rules::info(&app.chat))
}

/// Change the installation. For administrators.
#[utoipa::path(patch, path = "/server", operation_id = "updateServer", tag = "server", request_body = UpdateServer,
    responses(
        (status = 200, description = "The installation after the change", body = ServerInfo),
        (status = 403, description = "`forbidden`: not an administrator"),
    ))]
pub(in crate::http) async fn update(
    State(app): State<App>,
    Signed(caller): Signed,
    Json(change): Json<UpdateServer>,
) -> Answer<Json<ServerInfo>> {
    Ok(Json(rules::update(&app.chat, &caller, change).await?))
}
