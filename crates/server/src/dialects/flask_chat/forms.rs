//! Signing up and in by the forms of the app.

use super::page::{self, Form, Typed};
use crate::{app::App, http::Visitor};
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts, Multipart, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chat::{
    Client, Error,
    enrolment::{self, Enrolment},
    sessions,
};
use protocol::{
    Dialect, ErrorCode,
    api::{SignIn, SignedIn, TokenKind},
};
use std::collections::HashMap;

/// The longest form: a name, an address and a password, each many times longer than it may be.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// Whether a request brings a form.
pub(in crate::dialects) fn is_form(headers: &HeaderMap) -> bool {
    matches!(kind(headers).as_str(), "application/x-www-form-urlencoded" | "multipart/form-data")
}

fn kind(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// `POST /register` with a form: makes an account and leads to the page on which to log in.
pub(in crate::dialects) async fn register(app: App, request: Request) -> Response {
    match enrol(&app, request).await {
        Ok(()) => Redirect::to("/login").into_response(),
        Err(refused) => refused.answer(&app, Form::Registration, "/register"),
    }
}

/// `POST /registration`: the same by the address that the app's page used; the answer is the login page itself.
pub(super) async fn registration(State(app): State<App>, request: Request) -> Response {
    match enrol(&app, request).await {
        Ok(()) => page::welcome(&app, "/loginsuccess"),
        Err(refused) => refused.answer(&app, Form::Registration, "/registration"),
    }
}

/// `POST /login` with a form: begins a session and leads home.
pub(in crate::dialects) async fn login(app: App, request: Request) -> Response {
    match sign_in(&app, request).await {
        Ok(signed_in) => lead_in(&app, &signed_in, "/"),
        Err(refused) => refused.answer(&app, Form::Login, "/login"),
    }
}

/// `POST /loginsuccess`: the same by the address that the app's page used, and to the chat.
pub(super) async fn loginsuccess(State(app): State<App>, request: Request) -> Response {
    match sign_in(&app, request).await {
        Ok(signed_in) => lead_in(&app, &signed_in, "/chat"),
        Err(refused) => refused.answer(&app, Form::Login, "/loginsuccess"),
    }
}

async fn enrol(app: &App, request: Request) -> Result<(), Refused> {
    let (client, fields) = read(app, request).await?;
    let typed = fields.typed();
    let enrolled = make(app, &client, &typed, fields).await;
    enrolled.map_err(|error| Refused { typed, error })
}

async fn make(app: &App, client: &Client, typed: &Typed, mut fields: Fields) -> Result<(), Error> {
    let with = Enrolment {
        display_name: Some(needed("display_name", &typed.name)?),
        email: Some(needed("email", &typed.email)?),
        password: fields.take("password"),
        ..Enrolment::default()
    };
    enrolment::enrol(&app.chat, client, Dialect::FlaskChat, with).await.map(drop)
}

/// The app has nobody without a name or an address.
fn needed(field: &'static str, typed: &str) -> Result<String, Error> {
    if typed.trim().is_empty() {
        return Err(Error::invalid(field, "This cannot be empty."));
    }
    Ok(typed.to_owned())
}

async fn sign_in(app: &App, request: Request) -> Result<SignedIn, Refused> {
    let (client, mut fields) = read(app, request).await?;
    let typed = fields.typed();
    let with = SignIn {
        login: fields.take("email"),
        password: fields.take("password"),
        token_kind: TokenKind::Opaque,
    };
    sessions::sign_in(&app.chat, &client, with).await.map_err(|error| Refused { typed, error })
}

/// Where to go next, with the cookie of the new session.
fn lead_in(app: &App, signed_in: &SignedIn, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cookie) = app.site.cookie(&signed_in.token, signed_in.expires_at, app.clock.now()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Reads a form that comes from a page of ours, or from a program, which does not say where it comes from. Without this
/// another site could sign somebody in to an account of its own and read along.
async fn read(app: &App, request: Request) -> Result<(Client, Fields), Error> {
    let (mut parts, body) = request.into_parts();
    // It cannot fail.
    let Ok(Visitor(client)) = Visitor::from_request_parts(&mut parts, app).await;
    if parts.headers.contains_key(header::ORIGIN) {
        app.site.require_origin(&parts.headers).map_err(|refusal| refusal.0)?;
    }
    Ok((client, Fields::read(parts, body).await?))
}

/// What a form holds, for hostile ones.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) async fn fields_of(request: Request) -> Option<HashMap<String, String>> {
    let (parts, body) = request.into_parts();
    Fields::read(parts, body).await.ok().map(|fields| fields.0)
}

/// What the form holds.
#[derive(Debug)]
struct Fields(HashMap<String, String>);

impl Fields {
    async fn read(parts: Parts, body: Body) -> Result<Self, Error> {
        let body = to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| ErrorCode::TooLarge)?;
        let fields = match kind(&parts.headers).as_str() {
            "application/x-www-form-urlencoded" => form_urlencoded::parse(&body)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
            "multipart/form-data" => parts_of(Request::from_parts(parts, body.into()))
                .await
                .ok_or_else(|| Error::new(ErrorCode::InvalidRequest).because("The form cannot be read."))?,
            _ => return Err(ErrorCode::UnsupportedMediaType.into()),
        };
        Ok(Self(fields))
    }

    /// A field that is missing is one that was left empty.
    fn take(&mut self, name: &str) -> String {
        self.0.remove(name).unwrap_or_default()
    }

    fn typed(&self) -> Typed {
        let typed = |name: &str| self.0.get(name).cloned().unwrap_or_default();
        Typed { name: typed("name"), email: typed("email") }
    }
}

async fn parts_of(request: Request) -> Option<HashMap<String, String>> {
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    let mut fields = HashMap::new();
    while let Some(field) = parts.next_field().await.ok()? {
        let name = field.name()?.to_owned();
        fields.insert(name, field.text().await.ok()?);
    }
    Some(fields)
}

/// Why a form was refused, and what is shown in it again.
struct Refused {
    typed: Typed,
    error: Error,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { typed: Typed::default(), error }
    }
}

impl Refused {
    fn answer(self, app: &App, form: Form, action: &str) -> Response {
        page::refused(app, form, action, &self.typed, self.error)
    }
}
