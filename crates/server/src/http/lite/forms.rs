//! Who reads a page and who sends a form, and that a form which changes something was on a page of ours.
//!
//! A browser says by `Origin` where a form comes from. Those that do not know this header (w3m, lynx) send back what the
//! form carried: a hash of a fixed word, keyed with the session's token. Other sites cannot know it, nothing of it is
//! stored, and the token cannot be read out of it.

use super::page::{self, Frame, HOME};
use crate::{
    app::App,
    http::{
        around::Notes,
        auth::{Credential, authenticate},
        error::{Answer, Refusal, status},
        extract::{read_form, unreadable},
    },
};
use askama::Template;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use chat::Caller;
use hmac::{Hmac, KeyInit, Mac};
use protocol::ErrorCode;
use serde::{Deserialize, de::DeserializeOwned};
use sha2::Sha256;
use std::fmt::Write;

/// What is hashed: another use of the same key would take another word.
const PURPOSE: &[u8] = b"parlor: forms of this session";

/// Who is signed in and reads a page.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) caller: Caller,
    /// What this session's forms carry.
    pub(super) csrf: String,
}

impl Reader {
    async fn find(app: &App, parts: &Parts, credential: &Credential) -> Answer<Self> {
        let caller = authenticate(app, credential).await?;
        Notes::of(&parts.extensions).signed_in(caller.account.id);
        Ok(Self { caller, csrf: csrf(&credential.token) })
    }
}

/// Whoever is not signed in is asked to, and then arrives where they were going.
impl FromRequestParts<App> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Some(credential) = app.site.credentials(&parts.headers) else {
            return Err(to_sign_in(&parts.uri));
        };
        Self::find(app, parts, &credential).await.map_err(|refusal| match refusal.0.code {
            ErrorCode::Unauthenticated | ErrorCode::TokenExpired => to_sign_in(&parts.uri),
            _ => refusal.into_response(),
        })
    }
}

fn to_sign_in(uri: &Uri) -> Response {
    match uri.path_and_query().map_or(HOME, |place| place.as_str()) {
        HOME => page::see_other("/lite/login"),
        place => page::see_other(&format!("/lite/login?next={}", encode(place))),
    }
}

/// As it may stand in a query.
pub(super) fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Who reads a page that strangers may read too.
pub(super) struct MaybeReader(pub(super) Option<Reader>);

impl FromRequestParts<App> for MaybeReader {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let Some(credential) = app.site.credentials(&parts.headers) else { return Ok(Self(None)) };
        match Reader::find(app, parts, &credential).await {
            Ok(reader) => Ok(Self(Some(reader))),
            // A browser keeps the cookie of a session that has ended.
            Err(refusal) if status(refusal.0.code).is_client_error() => Ok(Self(None)),
            Err(refusal) => Err(refusal),
        }
    }
}

/// A form that was sent.
pub(super) struct Form<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Answer<Self> {
        Ok(Self(read_form(&body(request, app).await?)?))
    }
}

async fn body(request: Request, app: &App) -> Answer<Bytes> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Refusal::new(ErrorCode::UnsupportedMediaType).detail("Send the form as a page sends it."));
    }
    Bytes::from_request(request, app).await.map_err(unreadable)
}

/// A form of one of our pages, sent by somebody who is signed in.
pub(super) struct Posted<T> {
    pub(super) reader: Reader,
    pub(super) fields: T,
}

/// What is looked at before the fields are.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outside {
    csrf: String,
    /// What somebody wrote is not lost when their session has ended meanwhile.
    body: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let refused = |refusal: Refusal| refusal.into_response();
        let (parts, rest) = request.into_parts();
        let credential = app.site.credentials(&parts.headers);
        let request = Request::from_parts(parts.clone(), rest);
        let body = body(request, app).await.map_err(refused)?;
        let outside: Outside = read_form(&body).map_err(refused)?;
        let Some(credential) = credential else { return Err(signed_out(app, outside.body)) };
        if credential.from_cookie {
            require_own_form(app, &parts.headers, &credential.token, &outside.csrf).map_err(refused)?;
        }
        match Reader::find(app, &parts, &credential).await {
            Ok(reader) => Ok(Self { reader, fields: read_form(&body).map_err(refused)? }),
            Err(refusal) => match refusal.0.code {
                ErrorCode::Unauthenticated | ErrorCode::TokenExpired => Err(signed_out(app, outside.body)),
                _ => Err(refused(refusal)),
            },
        }
    }
}

/// Refuses a form that another site made the browser send.
fn require_own_form(app: &App, headers: &HeaderMap, token: &str, carried: &str) -> Answer<()> {
    if headers.contains_key(header::ORIGIN) {
        return app.site.require_origin(headers);
    }
    if is_csrf(token, carried) {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::OriginMismatch)
        .detail("This form is not from your session. Load its page again and send it from there."))
}

fn keyed(token: &str) -> Option<Hmac<Sha256>> {
    // A key may have any length.
    let mut hash = Hmac::<Sha256>::new_from_slice(token.as_bytes()).ok()?;
    hash.update(PURPOSE);
    Some(hash)
}

/// What the forms of the session with this token carry, in hexadecimal.
pub(super) fn csrf(token: &str) -> String {
    let Some(hash) = keyed(token) else { return String::new() };
    hash.finalize().into_bytes().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Takes as long whatever is wrong with it.
pub(super) fn is_csrf(token: &str, carried: &str) -> bool {
    let pairs = carried.as_bytes().chunks(2).map(|pair| {
        let digits = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(digits, 16).ok()
    });
    let Some(bytes) = pairs.collect::<Option<Vec<u8>>>() else { return false };
    keyed(token).is_some_and(|hash| hash.verify_slice(&bytes).is_ok())
}

#[derive(Template)]
#[template(path = "lite/signed_out.html")]
struct SignedOut<'a> {
    frame: &'a Frame,
    body: String,
}

fn signed_out(app: &App, body: String) -> Response {
    let error = chat::Error::new(ErrorCode::Unauthenticated).because("Your session has ended.");
    let frame = Frame::open(app, "Sign in again").with(Some(error.into()));
    page::answer(&frame, &SignedOut { frame: &frame, body })
}

/// The parameters of the path. What is no number leads nowhere.
pub(super) struct Place<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Place<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let place = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        place.map(|place| Self(place.0)).map_err(|_| Refusal::new(ErrorCode::NotFound))
    }
}

/// Whether the answer is for somebody's eyes now. Browsers also load pages that somebody may want to see later, and
/// programs ask for the head of a page only.
pub(super) struct IsSeen(pub(super) bool);

impl FromRequestParts<App> for IsSeen {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        let is_ahead = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
            let purpose = parts.headers.get(*name).and_then(|value| value.to_str().ok());
            purpose.is_some_and(|purpose| purpose.contains("prefetch") || purpose.contains("preview"))
        });
        Ok(Self(parts.method == Method::GET && !is_ahead))
    }
}

/// The box of a checkbox: there when it was ticked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ticked(pub(super) bool);

impl<'de> Deserialize<'de> for Ticked {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|_| Self(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_carries_what_only_its_own_session_can_make() {
        let mine = csrf("parlor_mine");
        assert_eq!(mine.len(), 64);
        assert!(is_csrf("parlor_mine", &mine));
        assert!(!is_csrf("parlor_other", &mine));
        for wrong in
            ["", "0", "zz", "parlor_mine", &mine[2..], &format!("{mine}00"), "é", &mine.replace('a', "ä")]
        {
            assert!(!is_csrf("parlor_mine", wrong), "{wrong}");
        }
        assert!(!mine.contains("mine"));
    }
}
