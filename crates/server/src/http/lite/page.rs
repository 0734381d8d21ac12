//! What stands around the content of every page, and the page that an error is told on.

use super::forms::Reader;
use crate::{
    app::App,
    http::error::{Spoken, retry_after, status, unspoken},
};
use askama::Template;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use protocol::{Account, ErrorCode};
use serde::Deserialize;

/// Forms tell the server where they come from only under this policy; to other sites nothing is told.
const REFERRER: (header::HeaderName, HeaderValue) =
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));

/// What a page shows around its content. Templates ask it by `frame`.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) title: String,
    /// What the installation is called.
    pub(crate) server_name: String,
    /// Who is signed in.
    pub(crate) account: Option<Account>,
    /// What this session's forms carry; empty where nobody is signed in.
    pub(crate) csrf: String,
    /// What was done just now.
    pub(crate) notice: Option<&'static str>,
    /// Why what was sent was not done.
    pub(crate) trouble: Option<Trouble>,
    /// After so many seconds the browser loads the page again.
    pub(crate) refresh_s: Option<u32>,
}

/// A refusal in words, for the page with the form that was refused.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) words: String,
    field: Option<&'static str>,
    status: StatusCode,
    retry_after_ms: Option<u64>,
}

impl Frame {
    /// For a page that everyone may see.
    pub(crate) fn open(app: &App, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            server_name: chat::server::info(&app.chat).name,
            account: None,
            csrf: String::new(),
            notice: None,
            trouble: None,
            refresh_s: None,
        }
    }

    /// For a page of whoever reads it.
    pub(super) fn of(app: &App, reader: &Reader, title: impl Into<String>) -> Self {
        Self {
            account: Some(reader.caller.account.clone()),
            csrf: reader.csrf.clone(),
            ..Self::open(app, title)
        }
    }

    /// Says why the form comes back.
    pub(crate) fn with(self, trouble: Option<Trouble>) -> Self {
        Self { trouble, ..self }
    }

    /// Says what was done.
    pub(crate) fn noting(self, notice: Option<&'static str>) -> Self {
        Self { notice, ..self }
    }

    /// Whether this field is what was refused.
    pub(crate) fn refuses(&self, field: &str) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| trouble.field == Some(field))
    }
}

impl Trouble {
    /// The same in other words, for a page whose field is called otherwise and that is answered otherwise.
    pub(crate) fn told(self, words: String, field: Option<&'static str>, status: StatusCode) -> Self {
        Self { words, field, status, ..self }
    }
}

impl From<chat::Error> for Trouble {
    fn from(error: chat::Error) -> Self {
        let mut words = error.to_string();
        if let Some(ms) = error.retry_after_ms {
            words.push_str(&try_again(ms));
        }
        let field = error.field.or(match error.code {
            ErrorCode::UsernameTaken => Some("username"),
            ErrorCode::EmailTaken => Some("email"),
            ErrorCode::InviteInvalid | ErrorCode::InviteRequired => Some("invite"),
            _ => None,
        });
        Self { words, field, status: status(error.code), retry_after_ms: error.retry_after_ms }
    }
}

/// Rounded up, so that nobody comes back too early.
fn try_again(ms: u64) -> String {
    match ms.div_ceil(1000) {
        0 | 1 => " Try again in a second.".to_owned(),
        seconds @ 2..120 => format!(" Try again in {seconds} seconds."),
        seconds => format!(" Try again in {} minutes.", seconds.div_ceil(60)),
    }
}

/// The page, with the status of what its frame tells.
pub(crate) fn answer(frame: &Frame, page: &impl Template) -> Response {
    let trouble = frame.trouble.as_ref();
    let mut response = write(trouble.map_or(StatusCode::OK, |trouble| trouble.status), page);
    if let Some(ms) = trouble.and_then(|trouble| trouble.retry_after_ms) {
        retry_after(response.headers_mut(), ms);
    }
    response
}

fn write(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, [REFERRER], Html(html)).into_response();
            response.extensions_mut().insert(Spoken);
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Where to look now that the form was taken: loading that page again sends nothing twice.
pub(super) fn see_other(place: &str) -> Response {
    // A place that cannot stand in a header was made up by somebody: the list is a good place then.
    let place = HeaderValue::from_str(place).unwrap_or(HeaderValue::from_static(HOME));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// What was done on the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    pub(super) done: String,
}

/// The list of conversations.
pub(super) const HOME: &str = "/lite/";

#[derive(Template)]
#[template(path = "lite/error.html")]
struct ErrorPage<'a> {
    frame: &'a Frame,
    detail: Option<String>,
    request_id: &'a str,
}

/// Gives an answer that is an error its page. Other answers stay as they are.
pub(in crate::http) fn finish(app: &App, mut response: Response, request_id: &str) -> Response {
    let Some(problem) = unspoken(&mut response, request_id) else { return response };
    let frame = Frame::open(app, problem.title.trim_end_matches('.'));
    let mut detail = problem.detail;
    if let Some(ms) = problem.retry_after_ms {
        detail.get_or_insert_default().push_str(&try_again(ms));
    }
    let page = write(response.status(), &ErrorPage { frame: &frame, detail, request_id });
    let (parts, body) = page.into_parts();
    response.headers_mut().extend(parts.headers);
    *response.body_mut() = Body::new(body);
    response
}
