//! What handlers take out of a request: a JSON body, parameters of the path and of the query, and who the client is.
//!
//! These exist beside axum's own because ours say which field was wrong, in the one form that errors have here.

use super::{
    around::ClientAddress,
    error::{Answer, Refusal},
};
use crate::unreadable;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;
use serde::{Serialize, de::DeserializeOwned};
use std::convert::Infallible;

/// How much of a browser's description of itself is kept: enough to recognise a device in a list.
const USER_AGENT_CHARS_MAX: usize = 256;

/// A JSON body, of a request or of an answer.
#[derive(Debug)]
pub(super) struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        if !is_json(request.headers()) {
            return Err(Refusal::new(ErrorCode::UnsupportedMediaType)
                .detail("send the body as Content-Type: application/json"));
        }
        let body = Bytes::from_request(request, state).await.map_err(unreadable)?;
        read_json(&body).map(Self)
    }
}

/// A JSON object, into fields. The refusal names the field that does not fit.
pub(super) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Answer<T> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        wrong_json(error.into_inner(), &path)
    })?;
    reader.end().map_err(|error| wrong_json(error, ""))?;
    // A list of the fields' values would be read too, in an order that nobody promised.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(wrong_field("", "the body must be an object"));
    }
    Ok(value)
}

/// Room for most answers; longer ones double it. Written into a `Vec` because axum's own `Json` calls a function of another
/// crate for each quote, name and comma: of a page of history that is some 8 µs of 125.
const ANSWER_BYTES: usize = 4096;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Puts an answer into words.
pub(super) fn json(value: &impl Serialize) -> chat::Result<Bytes> {
    let mut body = Vec::with_capacity(ANSWER_BYTES);
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => Ok(body.into()),
        Err(error) => Err(chat::Error::new(ErrorCode::Internal).because(error.to_string())),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        json(&self.0).map(Written).map_err(Refusal).into_response()
    }
}

/// An answer that has been put into words.
pub(super) struct Written(pub Bytes);

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, JSON)], self.0).into_response()
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Why a body could not be read to its end.
pub(super) fn unreadable(rejection: BytesRejection) -> Refusal {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(ErrorCode::TooLarge),
        _ => Refusal::new(ErrorCode::MalformedJson).detail("the body ended too early"),
    }
}

fn wrong_json(error: serde_json::Error, path: &str) -> Refusal {
    if error.is_data() {
        wrong_field(path, &unreadable::reason(&error))
    } else {
        Refusal::new(ErrorCode::MalformedJson).detail(error.to_string())
    }
}

/// The fields that a request may be refused for. The list is short because a name from outside must not be repeated as
/// if it were ours; a field that is missing here is still named in the detail.
fn wrong_field(path: &str, message: &str) -> Refusal {
    let named = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    let field = named.unwrap_or(path);
    let mut refusal = Refusal::new(ErrorCode::InvalidRequest).detail(message.to_owned());
    refusal.0.field = FIELDS.iter().copied().find(|known| *known == field);
    refusal
}

/// Every field and parameter of the API that is read here.
const FIELDS: &[&str] = &[
    "username",
    "password",
    "email",
    "display_name",
    "invite",
    "code",
    "login",
    "token_kind",
    "refresh_token",
    "current_password",
    "new_password",
    "role",
    "deactivated",
    "registration",
    "kind",
    "name",
    "description",
    "archived",
    "account_id",
    "cid",
    "body",
    "reply_to",
    "seq",
    "needs_approval",
    "max_uses",
    "expires_in_s",
    "query",
    "after",
    "before",
    "limit",
    "since",
    "state",
    "id",
    "invite_id",
    "emoji",
    "notify",
    "muted_until",
    "favourite",
    "unread_from",
];

/// The parameters of the path, in their order.
#[derive(Debug)]
pub(super) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(wrong_path(parts, state).await),
        }
    }
}

async fn wrong_path<S: Send + Sync>(parts: &mut Parts, state: &S) -> Refusal {
    // Every parameter but the emoji and the code of an invite is a number, and those two cannot fail.
    let wrong = match RawPathParams::from_request_parts(parts, state).await {
        Ok(params) => {
            params.iter().find(|(_, value)| value.parse::<i64>().is_err()).map(|(name, _)| name.to_owned())
        }
        Err(_) => None,
    };
    wrong_field(wrong.as_deref().unwrap_or("id"), "the path must hold a number there")
}

/// The parameters of the query. Unknown ones are ignored.
#[derive(Debug)]
pub(super) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        read_form(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

/// Names and values, as a query or a form writes them, into fields. The refusal names the field that does not fit.
pub(super) fn read_form<T: DeserializeOwned>(text: &[u8]) -> Answer<T> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        wrong_field(&path, &unreadable::shortened(&error.into_inner().to_string()))
    })
}

/// Where a request comes from, for the rules that count by address and for the list of sessions.
#[derive(Clone, Debug)]
pub struct Visitor(pub chat::Client);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let user_agent = parts.headers.get(header::USER_AGENT);
        Ok(Self(chat::Client {
            ip: ClientAddress::of(&parts.extensions).ip,
            user_agent: user_agent.map(|value| {
                String::from_utf8_lossy(value.as_bytes()).chars().take(USER_AGENT_CHARS_MAX).collect()
            }),
        }))
    }
}
