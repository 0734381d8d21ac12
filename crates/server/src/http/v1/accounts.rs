//! `/accounts`: signing up, and finding people.

use super::sessions::signed_in;
use crate::{
    app::App,
    http::{
        auth::{OwnPage, Signed},
        error::Answer,
        extract::{Json, Path, Query, Visitor},
    },
};
use axum::{extract::State, http::StatusCode, response::Response};
use chat::{accounts as rules, administration};
use protocol::{
    Account, AccountId,
    api::{AccountList, SignUp, SignedIn, UpdateAccount},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Sign up.
#[utoipa::path(post, path = "/accounts", operation_id = "signUp", tag = "accounts", security(()),
    request_body = SignUp,
    responses(
        (status = 201, description = "Made and signed in; sets the session cookie", body = SignedIn),
        (status = 403, description = "`registration_closed`, `invite_required`, `origin_mismatch`"),
        (status = 404, description = "`invite_invalid`"),
        (status = 409, description = "`username_taken`, `email_taken`"),
    ))]
pub(in crate::http) async fn sign_up(
    State(app): State<App>,
    _: OwnPage,
    Visitor(client): Visitor,
    Json(body): Json<SignUp>,
) -> Answer<Response> {
    Ok(signed_in(&app, StatusCode::CREATED, rules::sign_up(&app.chat, &client, body).await?))
}

/// Whom to find, and from where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Find {
    /// How the username or the display name begins.
    #[serde(default)]
    #[param(required = false)]
    query: String,
    /// The id of the last account of the answer before.
    #[param(value_type = Option<i64>)]
    after: Option<AccountId>,
    /// How many at most.
    limit: Option<i64>,
}

/// Find people.
#[utoipa::path(get, path = "/accounts", operation_id = "findAccounts", tag = "accounts", params(Find),
    responses((status = 200, description = "People whose username or display name begins so", body = AccountList)))]
pub(in crate::http) async fn find(
    State(app): State<App>,
    Signed(caller): Signed,
    Query(page): Query<Find>,
) -> Answer<Json<AccountList>> {
    Ok(Json(rules::find(&app.chat, &caller, &page.query, page.after, page.limit).await?))
}

/// An account.
#[utoipa::path(get, path = "/accounts/{id}", operation_id = "getAccount", tag = "accounts",
    params(("id" = AccountId, Path)),
    responses((status = 200, description = "The account", body = Account), (status = 404, description = "`not_found`")))]
pub(in crate::http) async fn get(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<AccountId>,
) -> Answer<Json<Account>> {
    Ok(Json(rules::get(&app.chat, &caller, id).await?))
}

/// Change an account's role, or shut it out. For administrators.
#[utoipa::path(patch, path = "/accounts/{id}", operation_id = "updateAccount", tag = "accounts",
    params(("id" = AccountId, Path)), request_body = UpdateAccount,
    responses(
        (status = 200, description = "The account after the change", body = Account),
        (status = 403, description = "`forbidden`: not an administrator"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`last_owner`: somebody must stay administrator"),
    ))]
pub(in crate::http) async fn update(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<AccountId>,
    Json(change): Json<UpdateAccount>,
) -> Answer<Json<Account>> {
    Ok(Json(administration::update(&app.chat, &caller, id, change).await?))
}
