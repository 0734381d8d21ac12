//! The HTTP side of Chatter-Box, and where its socket opens.

use super::history;
use crate::{
    app::App,
    dialects::{
        cors,
        detail::{Answer, Detail},
        fields::Fields,
        kept_by_nobody, wrong_method,
    },
    http::BothSpellings,
};
use axum::{Json, Router, http::StatusCode, middleware::map_response, routing::get};
use chat::{
    Client,
    enrolment::{self, Enrolment},
    sessions,
};
use protocol::{Dialect, ErrorCode};
use serde_json::{Value, json};

/// What the app answers to a name and a password that do not belong together.
const WRONG: &str = "Invalid credentials";

/// The routes that no other app has.
pub(in crate::dialects) fn routes(app: &App) -> Router<App> {
    Router::new()
        .both_spellings("/history", get(history::all))
        .both_spellings("/history/{user1}/{user2}", get(history::between))
        .both_spellings("/broadcast-history", get(history::broadcasts))
        .method_not_allowed_fallback(wrong_method)
        .layer(map_response(kept_by_nobody))
        .layer(cors::layer(&app.settings))
}

/// Makes an account: `POST /register` with JSON.
pub(in crate::dialects) async fn register(
    app: &App,
    client: &Client,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let with = Enrolment {
        username: Some(fields.text("username")),
        password: fields.text("password"),
        ..Enrolment::default()
    };
    let given = fields.end()?;
    enrolment::enrol(&app.chat, client, Dialect::ChatterBox, with).await.map_err(|error| {
        match error.code {
            ErrorCode::UsernameTaken => Detail::from(error).with_status(StatusCode::BAD_REQUEST),
            _ => given.refusal(error),
        }
    })?;
    Ok(Json(json!({ "message": "User created" })))
}

/// Signs in: `POST /login` with JSON. Beside the token stands the number by which the socket is opened.
pub(in crate::dialects) async fn login(
    app: &App,
    client: &Client,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let (username, password) = (fields.text("username"), fields.text("password"));
    fields.end()?;
    let signed_in = sessions::sign_in_for_long(&app.chat, client, username, password).await;
    let signed_in = signed_in.map_err(|error| match error.code {
        ErrorCode::InvalidCredentials => Detail::new(StatusCode::BAD_REQUEST, error.code, WRONG),
        _ => error.into(),
    })?;
    let user_id = signed_in.account.account.id;
    Ok(Json(json!({ "access_token": signed_in.token, "token_type": "bearer", "user_id": user_id })))
}
