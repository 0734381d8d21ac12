//! `/register` and `/login`, which mean something in several apps: what is posted as JSON is for chatter_box, a form is for
//! flask_chat; a browser that asks for the page gets the web client's.

use super::{
    chatter_box, cors,
    detail::{Answer, Detail},
    fields::Fields,
    flask_chat, kept_by_nobody,
};
use crate::{
    app::App,
    http::{BothSpellings, Visitor, assets},
};
use axum::{
    Router,
    extract::{FromRequest, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use protocol::ErrorCode;

/// The addresses that several apps share.
pub(super) fn routes(app: &App) -> Router<App> {
    // Only what was posted has a token in its answer; the page may be kept.
    let with_page =
        |posted: MethodRouter<App>| posted.layer(map_response(kept_by_nobody)).fallback(assets::serve);
    Router::new()
        .both_spellings("/register", with_page(post(register)))
        .both_spellings("/login", with_page(post(login)))
        .layer(cors::layer(&app.settings))
}

async fn register(State(app): State<App>, Visitor(client): Visitor, request: Request) -> Answer<Response> {
    if flask_chat::is_form(request.headers()) {
        return Ok(flask_chat::register(app, request).await);
    }
    let answer = chatter_box::routes::register(&app, &client, json(request).await?).await?;
    Ok(answer.into_response())
}

async fn login(State(app): State<App>, Visitor(client): Visitor, request: Request) -> Answer<Response> {
    if flask_chat::is_form(request.headers()) {
        return Ok(flask_chat::login(app, request).await);
    }
    let answer = chatter_box::routes::login(&app, &client, json(request).await?).await?;
    Ok(answer.into_response())
}

async fn json(request: Request) -> Answer<Fields> {
    if !is_json(request.headers()) {
        let why = "Send the body as Content-Type: application/json, or a form";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Detail::new(status, ErrorCode::UnsupportedMediaType, why));
    }
    Fields::from_request(request, &()).await
}

/// A body that does not say what it is, is taken for JSON as the app takes it.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return true };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}
