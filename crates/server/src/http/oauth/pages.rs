//! The pages for those whose sign-in elsewhere does not come to its end: what happened, and what to do about it. Nothing
//! that a service or a browser says is repeated in them.

use super::{GITHUB_LOGIN, RETRY_AFTER_MS, service::Service};
use crate::http::{
    assets::wants_page,
    error::{Spoken, retry_after, status},
};
use axum::{
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;

/// Where the pages' style is.
pub(super) const STYLE_PATH: &str = "/sign-in.css";
const STYLE: &str = include_str!("page.css");

pub(super) async fn style() -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], STYLE)
}

/// A page that is being written. Everything that is given is text and stays text.
pub(super) struct Page {
    status: StatusCode,
    title: String,
    body: String,
}

impl Page {
    pub(super) fn new(status: StatusCode, title: impl Into<String>) -> Self {
        Self { status, title: title.into(), body: String::new() }
    }

    fn text(mut self, text: &str) -> Self {
        self.body.push_str(&format!("<p>{}</p>", escape(text)));
        self
    }

    fn code(mut self, text: &str) -> Self {
        self.body.push_str(&format!("<p><code>{}</code></p>", escape(text)));
        self
    }

    fn link(mut self, to: &str, text: &str) -> Self {
        self.body.push_str(&format!("<p><a href=\"{}\">{}</a></p>", escape(to), escape(text)));
        self
    }

    pub(super) fn answer(self) -> Response {
        let title = escape(&self.title);
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <link rel=\"icon\" href=\"/mark.svg\" type=\"image/svg+xml\">\
             <link rel=\"stylesheet\" href=\"{STYLE_PATH}\"></head>\
             <body><main><h1>{title}</h1>{}</main></body></html>",
            self.body
        );
        let headers =
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        let mut response = (self.status, headers, html).into_response();
        response.extensions_mut().insert(Spoken);
        response
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// GitHub is not set up.
pub(super) fn not_set_up(public_url: &str) -> Response {
    Page::new(StatusCode::NOT_IMPLEMENTED, "Signing in with GitHub is not set up")
        .text("Whoever runs this server can set it up: make an OAuth app at GitHub (Settings, Developer settings, OAuth Apps) with this authorization callback URL:")
        .code(&format!("{public_url}{}", super::CHATPAGE))
        .text("Then give the server the app's client id and a client secret, in its environment or in the file .env where it starts, and start it again:")
        .code("GITHUB_CLIENT_ID=…")
        .code("GITHUB_CLIENT_SECRET=…")
        .link("/", "Sign in by password")
        .answer()
}

/// A sign-in that nobody began, at least not here, not now, or not in this browser.
pub(super) fn unknown(service: &Service) -> Response {
    Page::new(StatusCode::BAD_REQUEST, "This sign-in is not good any more")
        .text("It took too long, was used before, or was begun in another browser.")
        .link(service.login_path, &format!("Sign in with {} again", service.title))
        .link("/", "Sign in another way")
        .answer()
}

/// Whoever was asked said no.
pub(super) fn not_allowed(service: &Service) -> Response {
    Page::new(StatusCode::FORBIDDEN, format!("{} did not sign you in", service.title))
        .text("You were asked there, and it was not allowed.")
        .link(service.login_path, "Try again")
        .link("/", "Sign in another way")
        .answer()
}

/// The service does not answer, or not in its own words.
pub(super) fn no_answer(service: &Service) -> Response {
    Page::new(StatusCode::BAD_GATEWAY, format!("{} does not answer", service.title))
        .text("This server could not ask it who you are. Nothing was changed.")
        .link(service.login_path, "Try again")
        .link("/", "Sign in another way")
        .answer()
}

/// The service does not know this server.
pub(super) fn wrong_credentials(service: &Service) -> Response {
    Page::new(StatusCode::BAD_GATEWAY, format!("{} does not know this server", service.title))
        .text("Whoever runs it must look at the client id, the client secret and the callback URL of its OAuth app.")
        .link("/", "Sign in another way")
        .answer()
}

/// Too many others are signing in at the moment.
pub(super) fn busy(service: &Service) -> Response {
    let page = Page::new(StatusCode::SERVICE_UNAVAILABLE, "Too many people sign in at once")
        .text("Wait a moment.")
        .link(service.login_path, "Try again")
        .answer();
    again_after(page, RETRY_AFTER_MS)
}

/// The rules say no.
pub(super) fn refused(service: &Service, error: &chat::Error) -> Response {
    let (title, what) = match error.code {
        ErrorCode::RegistrationClosed => (
            "Nobody can sign up here at the moment".to_owned(),
            format!(
                "Nobody has linked this {0} account. If you have an account here, sign in by password and link it in the settings; otherwise ask whoever runs this server.",
                service.title
            ),
        ),
        ErrorCode::InviteRequired | ErrorCode::InviteInvalid => (
            "You need an invite".to_owned(),
            format!(
                "Nobody has linked this {} account, and signing up here needs an invite that is still good: follow its link and sign in from there.",
                service.title
            ),
        ),
        ErrorCode::AccountDeactivated => {
            ("Your account was shut out".to_owned(), "Ask whoever runs this server why.".to_owned())
        }
        ErrorCode::IdentityTaken => (
            format!("This {} account is linked already", service.title),
            "It belongs to another account here, or yours has another one linked. Let go of that one first."
                .to_owned(),
        ),
        _ => ("You are not signed in".to_owned(), error.code.meaning().to_owned()),
    };
    let page = Page::new(status(error.code), title).text(&what).link("/", "Go to the sign-in page").answer();
    match error.retry_after_ms {
        Some(ms) => again_after(page, ms),
        None => page,
    }
}

fn again_after(mut page: Response, ms: u64) -> Response {
    retry_after(page.headers_mut(), ms);
    page
}

/// The chat page without a code: the app's own answer, and for people the same in words.
pub(super) fn no_code(headers: &HeaderMap) -> Response {
    if wants_page(headers) {
        return Page::new(StatusCode::UNPROCESSABLE_ENTITY, "Sign in first")
            .text("This is where one comes back to from GitHub, with a code.")
            .link(GITHUB_LOGIN, "Sign in with GitHub")
            .link("/", "Sign in another way")
            .answer();
    }
    let body =
        r#"{"detail":[{"type":"missing","loc":["query","code"],"msg":"Field required","input":null}]}"#;
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, [(header::CONTENT_TYPE, "application/json")], body)
        .into_response();
    response.extensions_mut().insert(Spoken);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_as_text_stays_text() {
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
