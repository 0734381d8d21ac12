//! The forms as pages of their own, for a browser whose form was refused: in the frame of the plain pages, with the names of
//! the app.

use crate::{
    app::App,
    http::lite::{self, Frame, Trouble},
};
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use chat::Error;
use protocol::ErrorCode;

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
    frame: &'a Frame,
    form: Form,
    /// Where it is sent.
    action: &'a str,
    typed: &'a Typed,
}

/// The form again, with what was typed but the password, and why.
pub(super) fn refused(app: &App, form: Form, action: &str, typed: &Typed, error: Error) -> Response {
    let frame = frame(app, form).with(Some(trouble(error)));
    answer(&Page { frame: &frame, form, action, typed })
}

/// The login page for somebody who has just registered.
pub(super) fn welcome(app: &App, action: &str) -> Response {
    let form = Form::Login;
    let frame = frame(app, form).noting(Some("You are registered. Log in to chat."));
    answer(&Page { frame: &frame, form, action, typed: &Typed::default() })
}

fn frame(app: &App, form: Form) -> Frame {
    let title = match form {
        Form::Registration => "Sign up",
        Form::Login => "Login",
    };
    Frame::open(app, title)
}

fn answer(page: &Page<'_>) -> Response {
    let mut response = lite::answer(page.frame, page);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The app answers 200 with the form when what was typed is not right, and so do forms in its framework.
fn trouble(error: Error) -> Trouble {
    let code = error.code;
    let field = error.field.and_then(field_of);
    let own_words = match code {
        // The app's own words.
        ErrorCode::InvalidCredentials => Some("Wrong Password".to_owned()),
        ErrorCode::EmailTaken | ErrorCode::UsernameTaken => Some("User already exists".to_owned()),
        ErrorCode::InvalidRequest => Some(match field {
            Some((label, _)) => format!("{label}: {error}"),
            None => error.to_string(),
        }),
        _ => None,
    };
    let trouble = Trouble::from(error);
    match own_words {
        Some(words) => trouble.told(words, field.map(|(_, name)| name), StatusCode::OK),
        None => trouble,
    }
}

/// How these pages call a field of ours, to people and in the form.
fn field_of(field: &str) -> Option<(&'static str, &'static str)> {
    match field {
        "display_name" | "username" => Some(("Name", "name")),
        "email" => Some(("E-mail", "email")),
        "password" => Some(("Password", "password")),
        _ => None,
    }
}
