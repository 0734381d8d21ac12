//! `/inbox`: what others did that concerns me.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::Answer,
        extract::{Json, Query},
    },
};
use axum::extract::State;
use chat::inbox as rules;
use protocol::Inbox;
use serde::Deserialize;
use utoipa::IntoParams;

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Before {
    /// `next` of the page before.
    before: Option<String>,
    /// How many at most; 50 when absent.
    limit: Option<i64>,
}

/// Messages that name me and reactions to what I wrote, the newest first, from the conversations that I am in.
#[utoipa::path(get, path = "/inbox", operation_id = "getInbox", tag = "inbox", params(Before),
    responses((status = 200, description = "What others did, as far as I may see it now", body = Inbox)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    Signed(caller): Signed,
    Query(page): Query<Before>,
) -> Answer<Json<Inbox>> {
    Ok(Json(rules::list(&app.chat, &caller, page.before.as_deref(), page.limit).await?))
}
