//! `/auth` and `/users`: signing up, in and out, and finding people.

use super::{super::detail::Answer, super::fields::Fields, signed::Signed, words};
use crate::{app::App, http::Visitor};
use axum::{
    Json,
    extract::{RawQuery, State},
};
use chat::{
    accounts,
    enrolment::{self, Enrolment},
    sessions,
};
use protocol::{
    AccountId, Dialect, Me,
    api::{Refresh, SignedIn},
};
use serde_json::{Value, json};

/// Makes an account. It is not signed in by that.
pub(super) async fn sign_up(
    State(app): State<App>,
    Visitor(client): Visitor,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let with = Enrolment {
        username: Some(fields.text("username")),
        password: fields.text("password"),
        email: Some(fields.text("email")),
        ..Enrolment::default()
    };
    let given = fields.end()?;
    let account = enrolment::enrol(&app.chat, &client, Dialect::Chats, with).await;
    let account = account.map_err(|error| given.refusal(error))?;
    Ok(Json(json!({ "message": "User created", "id": account.id, "username": account.username })))
}

/// Signs in by username or e-mail address.
pub(super) async fn sign_in(
    State(app): State<App>,
    Visitor(client): Visitor,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let (login, password) = (fields.text("username"), fields.text("password"));
    fields.end()?;
    let signed_in = sessions::sign_in_for_long(&app.chat, &client, login, password).await?;
    Ok(Json(tokens(&app, &signed_in)))
}

/// Exchanges the refresh token, which is good for one use, for a new one and a new access token.
pub(super) async fn refresh(
    State(app): State<App>,
    Visitor(client): Visitor,
    mut fields: Fields,
) -> Answer<Json<Value>> {
    let with = Refresh { refresh_token: fields.text("refresh_token") };
    fields.end()?;
    let signed_in = sessions::refresh_for_long(&app.chat, &client, with).await?;
    Ok(Json(tokens(&app, &signed_in)))
}

fn tokens(app: &App, signed_in: &SignedIn) -> Value {
    let seconds = signed_in.expires_at.0.saturating_sub(app.clock.now().0).max(0) / 1000;
    json!({
        "access_token": signed_in.token,
        "token_type": "bearer",
        "refresh_token": signed_in.refresh_token,
        "expires_in": seconds,
        "user": myself(&signed_in.account),
    })
}

/// Ends the session of the token; its sockets end with it.
pub(super) async fn sign_out(State(app): State<App>, signed: Signed) -> Answer<Json<Value>> {
    sessions::sign_out(&app.chat, &signed.caller).await?;
    Ok(Json(json!({ "message": "Logged out" })))
}

/// The account that asks.
pub(super) async fn me(State(app): State<App>, signed: Signed) -> Answer<Json<Value>> {
    Ok(Json(myself(&accounts::me(&app.chat, &signed.caller).await?)))
}

fn myself(me: &Me) -> Value {
    let mut person = words::person(&me.account);
    if let Value::Object(fields) = &mut person {
        fields.insert("email".to_owned(), json!(me.email));
    }
    person
}

/// People whose username or display name begins with `query`.
pub(super) async fn find(
    State(app): State<App>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Answer<Json<Value>> {
    let mut fields = Fields::of_query(&query.unwrap_or_default());
    let query = fields.opt_text("query").unwrap_or_default();
    let (after, limit) = (fields.opt_number("after").map(AccountId), fields.opt_number("limit"));
    let given = fields.end()?;
    let found = accounts::find(&app.chat, &signed.caller, &query, after, limit).await;
    let found = found.map_err(|error| given.refusal(error))?;
    let users: Vec<Value> = found.accounts.iter().map(words::person).collect();
    Ok(Json(json!({ "users": users, "has_more": found.has_more })))
}
