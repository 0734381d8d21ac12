//! The forms as pages of their own, for a browser whose form was refused.

use crate::{
    app::App,
    http::error::{self, Spoken},
};
use askama::Template;
use axum::{
    Extension,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chat::Error;
use protocol::ErrorCode;

/// Asked for again after an hour at the latest: it belongs to this version.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const NOT_KEPT: HeaderValue = HeaderValue::from_static("no-store");

/// Which form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Registration,
    Login,
}

/// What was typed and may be shown again.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) email: String,
}

#[derive(Template)]
#[template(path = "flask_chat/form.html")]
struct Page<'a> {
    title: &'a str,
    server_name: &'a str,
    is_registration: bool,
    /// Where it is sent.
    action: &'a str,
    name: &'a str,
    email: &'a str,
    refusal: Option<&'a str>,
    news: Option<&'a str>,
}

/// The form again, with what was typed but the password, and why.
pub(super) fn refused(app: &App, form: Form, action: &str, typed: &Typed, error: &Error) -> Response {
    let refusal = in_words(error);
    let page = page(app, form, action, typed, Some(&refusal), None);
    let mut response = (status(error.code), Extension(Spoken), page).into_response();
    if let Some(ms) = error.retry_after_ms {
        error::retry_after(response.headers_mut(), ms);
    }
    response
}

/// The login page for somebody who has just registered.
pub(super) fn welcome(app: &App, action: &str) -> Response {
    page(app, Form::Login, action, &Typed::default(), None, Some("You are registered. Log in to chat."))
        .into_response()
}

/// The stylesheet of these pages.
pub(super) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, KEPT),
    ];
    (headers, include_str!("form.css")).into_response()
}

fn page(
    app: &App,
    form: Form,
    action: &str,
    typed: &Typed,
    refusal: Option<&str>,
    news: Option<&str>,
) -> Response {
    let page = Page {
        title: if form == Form::Registration { "Sign up" } else { "Login" },
        server_name: &app.settings.server_name,
        is_registration: form == Form::Registration,
        action,
        name: &typed.name,
        email: &typed.email,
        refusal,
        news,
    };
    // Texts are all that is filled in, and writing to a string cannot fail.
    let html = page.render().unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, NOT_KEPT),
        // With less than this, browsers do not say which page a form comes from, and it would be refused.
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    (headers, html).into_response()
}

/// The app answers 200 with the form when what was typed is not right, and so do forms in its framework.
fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidCredentials
        | ErrorCode::EmailTaken
        | ErrorCode::UsernameTaken
        | ErrorCode::InvalidRequest => StatusCode::OK,
        other => error::status(other),
    }
}

fn in_words(error: &Error) -> String {
    match error.code {
        // The app's own words.
        ErrorCode::InvalidCredentials => "Wrong Password".to_owned(),
        ErrorCode::EmailTaken | ErrorCode::UsernameTaken => "User already exists".to_owned(),
        ErrorCode::InvalidRequest => match error.field.and_then(label) {
            Some(label) => format!("{label}: {error}"),
            None => error.to_string(),
        },
        // What went wrong inside is for the log.
        ErrorCode::Internal => error.code.meaning().to_owned(),
        _ => error.to_string(),
    }
}

/// What a field of ours is called on these pages.
fn label(field: &str) -> Option<&'static str> {
    match field {
        "display_name" | "username" => Some("Name"),
        "email" => Some("E-mail"),
        "password" => Some("Password"),
        _ => None,
    }
}
