//! `/conversations/{id}/preferences`: what one sets for a conversation, for oneself alone.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::Answer,
        extract::{Json, Path},
    },
};
use axum::extract::State;
use chat::preferences as rules;
use protocol::{ConversationId, ConversationPreferences, api::UpdatePreferences};

/// Set what I want to be notified of, until when it is muted, whether it is a favourite or marked unread. Nobody else sees it.
#[utoipa::path(patch, path = "/conversations/{id}/preferences", operation_id = "updatePreferences",
    tag = "conversations", params(("id" = ConversationId, Path)), request_body = UpdatePreferences,
    responses(
        (status = 200, description = "All my preferences for it after the change", body = ConversationPreferences),
        (status = 404, description = "`not_a_member`"),
    ))]
pub(in crate::http) async fn update(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConversationId>,
    Json(change): Json<UpdatePreferences>,
) -> Answer<Json<ConversationPreferences>> {
    Ok(Json(rules::update(&app.chat, &caller, id, change).await?))
}
