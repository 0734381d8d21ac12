//! `/me/identities`: accounts of other services by which one signs in.

use crate::{
    app::App,
    http::{
        auth::Signed,
        error::{Answer, Refusal},
        extract::{Json, Path, Visitor},
        oauth,
    },
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chat::identities as rules;
use protocol::{
    ErrorCode, Provider,
    api::{GoOn, IdentityList, LinkIdentity},
};

/// My accounts of other services.
#[utoipa::path(get, path = "/me/identities", operation_id = "listIdentities", tag = "me",
    responses((status = 200, description = "At most one of each service", body = IdentityList)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Answer<Json<IdentityList>> {
    Ok(Json(IdentityList { identities: rules::list(&app.chat, &caller).await? }))
}

/// Begin to link my account of another service. The browser goes on to the address and comes back linked.
#[utoipa::path(post, path = "/me/identities/{provider}", operation_id = "linkIdentity", tag = "me",
    params(("provider" = Provider, Path)), request_body = LinkIdentity,
    responses(
        (status = 200, description = "Where to go on; sets the cookie to come back with", body = GoOn),
        (status = 401, description = "`invalid_credentials`"),
        (status = 404, description = "`not_found`: signing in by this service is not set up here"),
    ))]
pub(in crate::http) async fn link(
    State(app): State<App>,
    Signed(caller): Signed,
    Visitor(client): Visitor,
    Path(provider): Path<String>,
    headers: HeaderMap,
    Json(body): Json<LinkIdentity>,
) -> Answer<Response> {
    let provider = named(&provider)?;
    app.site.require_public_origin(&headers)?;
    rules::begin_link(&app.chat, &caller, &client, body.current_password).await?;
    let (url, cookie) = oauth::begin_link(&app, provider, caller.account.id)?;
    Ok((StatusCode::OK, [(header::SET_COOKIE, cookie)], Json(GoOn { url })).into_response())
}

/// Let go of my account of another service.
#[utoipa::path(delete, path = "/me/identities/{provider}", operation_id = "unlinkIdentity", tag = "me",
    params(("provider" = Provider, Path)),
    responses(
        (status = 204, description = "Let go of"),
        (status = 403, description = "`forbidden`: without it this account could not be signed in to"),
        (status = 404, description = "`not_found`"),
    ))]
pub(in crate::http) async fn unlink(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(provider): Path<String>,
) -> Answer<StatusCode> {
    rules::unlink(&app.chat, &caller, named(&provider)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn named(word: &str) -> Answer<Provider> {
    let provider = Provider::ALL.iter().copied().find(|provider| provider.as_str() == word);
    provider.ok_or_else(|| Refusal::new(ErrorCode::NotFound))
}
