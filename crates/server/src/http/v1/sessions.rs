//! `/sessions`: signing in and out.

use crate::{
    app::App,
    http::{
        auth::{OwnPage, Signed},
        error::Answer,
        extract::{Json, Path, Visitor},
    },
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chat::sessions as rules;
use protocol::{
    SessionId,
    api::{Refresh, SessionList, SignIn, SignedIn},
};

/// The answer to who has just signed in, with the browser's cookie.
pub(super) fn signed_in(app: &App, status: StatusCode, signed_in: SignedIn) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(cookie) = app.site.cookie(&signed_in.token, signed_in.expires_at, app.clock.now()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    (status, headers, Json(signed_in)).into_response()
}

/// Sign in by username or e-mail address.
#[utoipa::path(post, path = "/sessions", operation_id = "signIn", tag = "sessions", security(()), request_body = SignIn,
    responses(
        (status = 201, description = "Signed in; sets the session cookie", body = SignedIn),
        (status = 401, description = "`invalid_credentials`"),
        (status = 403, description = "`account_deactivated`, `origin_mismatch`"),
    ))]
pub(in crate::http) async fn sign_in(
    State(app): State<App>,
    _: OwnPage,
    Visitor(client): Visitor,
    Json(body): Json<SignIn>,
) -> Answer<Response> {
    Ok(signed_in(&app, StatusCode::CREATED, rules::sign_in(&app.chat, &client, body).await?))
}

/// Exchange a refresh token for a new token. Each is good for one use.
#[utoipa::path(post, path = "/sessions/refresh", operation_id = "refreshSession", tag = "sessions", security(()),
    request_body = Refresh,
    responses(
        (status = 200, description = "A new token and a new refresh token", body = SignedIn),
        (status = 401, description = "`unauthenticated`, `token_expired`"),
        (status = 403, description = "`account_deactivated`, `origin_mismatch`"),
    ))]
pub(in crate::http) async fn refresh(
    State(app): State<App>,
    _: OwnPage,
    Visitor(client): Visitor,
    Json(body): Json<Refresh>,
) -> Answer<Json<SignedIn>> {
    Ok(Json(rules::refresh(&app.chat, &client, body).await?))
}

/// My sessions, the newest first.
#[utoipa::path(get, path = "/sessions", operation_id = "listSessions", tag = "sessions",
    responses((status = 200, description = "All that have not ended", body = SessionList)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Answer<Json<SessionList>> {
    Ok(Json(rules::list(&app.chat, &caller).await?))
}

/// Sign out. The session's sockets end within a second.
#[utoipa::path(delete, path = "/sessions/current", operation_id = "signOut", tag = "sessions",
    responses((status = 204, description = "Signed out; removes the session cookie")))]
pub(in crate::http) async fn sign_out(State(app): State<App>, Signed(caller): Signed) -> Answer<Response> {
    rules::sign_out(&app.chat, &caller).await?;
    let mut headers = HeaderMap::new();
    if let Some(cookie) = app.site.no_cookie() {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// End one of my sessions.
#[utoipa::path(delete, path = "/sessions/{id}", operation_id = "revokeSession", tag = "sessions",
    params(("id" = SessionId, Path)),
    responses((status = 204, description = "Ended"), (status = 404, description = "`not_found`")))]
pub(in crate::http) async fn revoke(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<SessionId>,
) -> Answer<StatusCode> {
    rules::revoke(&app.chat, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
