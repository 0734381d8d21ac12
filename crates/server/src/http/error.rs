//! Refusals: every error code's HTTP status, in one place, and the `application/problem+json` answer.
//!
//! A handler answers with a [`Refusal`], which is only noted at the response. [`finish`] writes the body on the way
//! out, when the request's id is known; there it also turns the bare answers of the HTTP library (no such path, wrong
//! method) into problems, so that a client meets one form of error and no other.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{ErrorCode, api::Problem};

/// What a handler answers when it does not do what was asked.
#[derive(Clone, Debug)]
pub struct Refusal(pub chat::Error);

/// What a handler gives.
pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// A refusal of which the code says enough.
    pub fn new(code: ErrorCode) -> Self {
        Self(chat::Error { code, detail: None, field: None, retry_after_ms: None })
    }

    /// Says what was wrong this time.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Says when to try again.
    pub fn retry_after_ms(mut self, ms: u64) -> Self {
        self.0.retry_after_ms = Some(ms);
        self
    }
}

impl From<chat::Error> for Refusal {
    fn from(error: chat::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = status(self.0.code).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The status of each code.
pub fn status(code: ErrorCode) -> StatusCode {
    use ErrorCode as E;
    match code {
        E::MalformedJson => StatusCode::BAD_REQUEST,
        E::Unauthenticated | E::InvalidCredentials | E::TokenExpired => StatusCode::UNAUTHORIZED,
        E::AccountDeactivated
        | E::Forbidden
        | E::OriginMismatch
        | E::RegistrationClosed
        | E::InviteRequired
        | E::SetupClosed
        | E::Banned => StatusCode::FORBIDDEN,
        E::NotFound | E::NotAMember | E::UnknownMessage | E::InviteInvalid => StatusCode::NOT_FOUND,
        E::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        E::UsernameTaken
        | E::EmailTaken
        | E::PhoneTaken
        | E::IdentityTaken
        | E::CidReused
        | E::AlreadyDecided
        | E::MessageDeleted
        | E::ConversationArchived
        | E::LastOwner
        | E::WrongKind
        | E::LimitReached => StatusCode::CONFLICT,
        E::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        E::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        E::InvalidRequest | E::UnknownOp => StatusCode::UNPROCESSABLE_ENTITY,
        E::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        E::Busy | E::Unavailable | E::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        E::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The code for an answer that the HTTP library gave by itself.
fn code(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthenticated,
        StatusCode::FORBIDDEN => ErrorCode::Forbidden,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::RateLimited,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Unavailable,
        status if status.is_server_error() => ErrorCode::Internal,
        _ => ErrorCode::InvalidRequest,
    }
}

/// Marks an answer, as an extension, that says in its own words why it is an error: its body stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Spoken;

/// Gives an answer that is an error its body. Other answers stay as they are.
pub(super) fn finish(mut response: Response, request_id: &str) -> Response {
    let Some(problem) = unspoken(&mut response, request_id) else { return response };
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    // A problem is made of texts and numbers and cannot fail to be written.
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
    response
}

/// What an error still has to be told, in whatever form its door gives it; the headers are right when this returns.
/// `None` for answers that are no errors, and for those that have been put into words.
pub(super) fn unspoken(response: &mut Response, request_id: &str) -> Option<Problem> {
    let status = response.status();
    let is_spoken = response.extensions_mut().remove::<Spoken>().is_some();
    let refusal = match response.extensions_mut().remove::<Refusal>() {
        Some(refusal) => refusal,
        None if is_spoken => return None,
        None if status.is_client_error() || status.is_server_error() => Refusal::new(code(status)),
        None => return None,
    };
    let problem = problem(refusal.0, status, request_id);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    if let Some(ms) = problem.retry_after_ms {
        retry_after(headers, ms);
    }
    Some(problem)
}

fn problem(error: chat::Error, status: StatusCode, request_id: &str) -> Problem {
    let mut detail = error.detail;
    if error.code == ErrorCode::Internal {
        // What went wrong inside is for the log: it may name things that the one who asked may not see.
        tracing::error!(request_id, detail = detail.as_deref().unwrap_or("unknown"), "request failed");
        detail = None;
    }
    Problem {
        kind: "about:blank".to_owned(),
        title: error.code.meaning().to_owned(),
        status: status.as_u16(),
        code: error.code,
        detail,
        field: error.field.map(str::to_owned),
        retry_after_ms: error.retry_after_ms,
        request_id: request_id.to_owned(),
    }
}

/// The header counts whole seconds: rounded up, so that nobody comes back too early.
pub(crate) fn retry_after(headers: &mut HeaderMap, ms: u64) {
    headers.insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000)));
}
