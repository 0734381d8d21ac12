//! `/admin`: what administrators look through, and ending somebody's sessions. Roles and shutting out are at `/accounts`.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::Answer,
        extract::{Json, Path, Query},
    },
};
use axum::{extract::State, http::StatusCode};
use chat::{administration, records as rules};
use protocol::{
    AccountId, AccountKind,
    administration::{AccountRecordList, AuditLog},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which accounts, and from where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// How the username, the display name or the e-mail address begins.
    #[serde(default)]
    #[param(required = false)]
    query: String,
    /// Only these; absent: all but guests.
    kind: Option<AccountKind>,
    /// The id of the last account of the answer before.
    #[param(value_type = Option<i64>)]
    after: Option<AccountId>,
    /// How many at most; 50 when absent.
    limit: Option<i64>,
}

/// Accounts, those that are shut out included, with address and last use. For administrators.
#[utoipa::path(get, path = "/admin/accounts", operation_id = "listAccountRecords", tag = "administration",
    params(Which),
    responses(
        (status = 200, description = "Sorted by id", body = AccountRecordList),
        (status = 403, description = "`forbidden`: not an administrator"),
    ))]
pub(in crate::http) async fn accounts(
    State(app): State<App>,
    Signed(caller): Signed,
    Query(Which { query, kind, after, limit }): Query<Which>,
) -> Answer<Json<AccountRecordList>> {
    Ok(Json(rules::accounts(&app.chat, &caller, rules::Which { query, kind, after, limit }).await?))
}

/// End all sessions of an account: it is signed out everywhere, and its sockets end. For administrators.
#[utoipa::path(delete, path = "/admin/accounts/{id}/sessions", operation_id = "endAccountSessions",
    tag = "administration", params(("id" = AccountId, Path)),
    responses(
        (status = 204, description = "Ended; none may have been left"),
        (status = 403, description = "`forbidden`: not an administrator"),
        (status = 404, description = "`not_found`"),
    ))]
pub(in crate::http) async fn end_sessions(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<AccountId>,
) -> Answer<StatusCode> {
    administration::end_sessions(&app.chat, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which entries, and from where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Entries {
    /// Only this kind, such as `session.failed`.
    action: Option<String>,
    /// Only what this account did.
    #[param(value_type = Option<i64>)]
    actor: Option<AccountId>,
    /// The id of the last entry of the answer before.
    before: Option<i64>,
    /// How many at most; 50 when absent.
    limit: Option<i64>,
}

/// What happened that matters for security, the newest first. For administrators.
#[utoipa::path(get, path = "/admin/audit", operation_id = "getAuditLog", tag = "administration", params(Entries),
    responses(
        (status = 200, description = "The log", body = AuditLog),
        (status = 403, description = "`forbidden`: not an administrator"),
    ))]
pub(in crate::http) async fn audit(
    State(app): State<App>,
    Signed(caller): Signed,
    Query(Entries { action, actor, before, limit }): Query<Entries>,
) -> Answer<Json<AuditLog>> {
    Ok(Json(rules::audit(&app.chat, &caller, rules::Entries { action, actor, before, limit }).await?))
}
