//! The HTTP side of Chatroom, and where its socket opens.

use super::tongue;
use crate::{
    app::App,
    dialects::{
        detail::{Answer, Detail},
        entrance::Entrance,
        fields::{Fields, Given},
        kept_by_nobody, talk, wrong_method,
    },
    http::{BothSpellings, Visitor},
    wire::Upgrade,
};
use axum::{
    Json, Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chat::{
    Client,
    administration::{self, Registered},
    enrolment::{self, Enrolment},
    sessions,
};
use protocol::{
    Account, AccountId, Dialect, ErrorCode,
    api::{SignIn, TokenKind},
};
use serde::Serialize;
use serde_json::json;

const EMAIL_TAKEN: &str = "User is already registered.";
const PHONE_TAKEN: &str = "Phone number is already registered.";
/// The app has another text for an address that nobody signed up with, which would tell who did.
const WRONG: &str = "Password does not match. Please try again.";

/// Every route but the pages, which are the web client's.
pub(in crate::dialects) fn routes() -> Router<App> {
    Router::new()
        .both_spellings("/register/user", post(register))
        .both_spellings("/register/all", get(all))
        .both_spellings("/login/user", post(login))
        .method_not_allowed_fallback(wrong_method)
        .layer(map_response(kept_by_nobody))
        .both_spellings("/message", get(socket))
}

/// Somebody who signed up. The app's row holds the hash of the password too; here the key is there for clients that read
/// the whole row, and never says anything.
#[derive(Serialize)]
struct Row {
    lastname: Option<String>,
    phone: Option<i64>,
    firstname: Option<String>,
    email: Option<String>,
    id: AccountId,
    password: &'static str,
}

/// `POST /register/user`
async fn register(State(app): State<App>, Visitor(client): Visitor, mut fields: Fields) -> Answer<Json<Row>> {
    let (firstname, lastname) = (fields.text("firstname"), fields.text("lastname"));
    let (email, phone) = (fields.text("email"), fields.number("phone"));
    let password = fields.text("password");
    let given = fields.end()?;
    let filled = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    let with = Enrolment {
        username: None,
        display_name: filled(&format!("{} {}", firstname.trim(), lastname.trim())),
        email: Some(email.clone()),
        password,
        phone: Some(phone.to_string()),
        first_name: filled(&firstname),
        last_name: filled(&lastname),
    };
    let id = enrol(&app, &client, with, &given).await?.id;
    Ok(Json(Row {
        lastname: Some(lastname),
        phone: Some(phone),
        firstname: Some(firstname),
        email: Some(email),
        id,
        password: "",
    }))
}

async fn enrol(app: &App, client: &Client, with: Enrolment, given: &Given) -> Answer<Account> {
    let taken = |code, text| Detail::new(StatusCode::BAD_REQUEST, code, text);
    enrolment::enrol(&app.chat, client, Dialect::Chatroom, with).await.map_err(|error| match error.code {
        ErrorCode::EmailTaken => taken(error.code, EMAIL_TAKEN),
        ErrorCode::PhoneTaken => taken(error.code, PHONE_TAKEN),
        // The name that is shown is made of both; the last one is what makes it too long.
        _ if error.field == Some("display_name") => {
            given.refusal(chat::Error { field: Some("lastname"), ..error })
        }
        _ => given.refusal(error),
    })
}

/// `GET /register/all`, for administrators: a thousand rows at a time, the next with `?after=` the last id.
async fn all(
    State(app): State<App>,
    entrance: Entrance,
    RawQuery(query): RawQuery,
) -> Answer<Json<Vec<Row>>> {
    let caller = entrance.signed(Dialect::Chatroom)?;
    let mut fields = Fields::of_query(&query.unwrap_or_default());
    let (after, limit) = (fields.opt_number("after").map(AccountId), fields.opt_number("limit"));
    fields.end()?;
    let everybody = administration::registered(&app.chat, &caller, after, limit).await?;
    Ok(Json(everybody.into_iter().map(Row::from).collect()))
}

impl From<Registered> for Row {
    fn from(registered: Registered) -> Self {
        Self {
            lastname: registered.last_name,
            // Digits that are more than a number can hold stand in the account and not here.
            phone: registered.phone.and_then(|phone| phone.parse().ok()),
            firstname: registered.first_name,
            email: registered.me.email,
            id: registered.me.account.id,
            password: "",
        }
    }
}

/// `POST /login/user`. The session is the browser's cookie, so that its pages and its socket are signed in.
async fn login(
    State(app): State<App>,
    Visitor(client): Visitor,
    headers: HeaderMap,
    mut fields: Fields,
) -> Answer<Response> {
    if headers.contains_key(header::ORIGIN) {
        // Another site could sign somebody in to an account of its own and read along.
        app.site.require_origin(&headers)?;
    }
    let with = SignIn {
        login: fields.text("email"),
        password: fields.text("password"),
        token_kind: TokenKind::Opaque,
    };
    fields.end()?;
    let signed_in = sessions::sign_in(&app.chat, &client, with).await.map_err(|error| match error.code {
        ErrorCode::InvalidCredentials => Detail::new(StatusCode::UNAUTHORIZED, error.code, WRONG),
        _ => error.into(),
    })?;
    let mut response = Json(json!({ "message": "Login success" })).into_response();
    let cookie = app.site.cookie(&signed_in.token, signed_in.expires_at, app.clock.now());
    let cookie = cookie.ok_or_else(|| chat::Error::new(ErrorCode::Internal))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `/message`
async fn socket(State(app): State<App>, entrance: Entrance, upgrade: Upgrade) -> Answer<Response> {
    talk::open(app, entrance, Dialect::Chatroom, upgrade, tongue::begin).await
}
