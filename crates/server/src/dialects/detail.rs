//! Refusals as clients of FastAPI apps know them: `{"detail": "…"}`, with Parlor's stable code beside it.

use crate::http::error::{self, Refusal, Spoken};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;
use serde_json::{Value, json};

/// A refusal in the words of these clients.
#[derive(Debug)]
pub(super) struct Detail {
    status: StatusCode,
    body: Value,
    retry_after_ms: Option<u64>,
}

/// What handlers give.
pub(super) type Answer<T> = Result<T, Detail>;

impl Detail {
    /// A refusal with a status and a sentence of its own.
    pub(super) fn new(status: StatusCode, code: ErrorCode, detail: &str) -> Self {
        Self { status, body: json!({ "detail": detail, "code": code.as_str() }), retry_after_ms: None }
    }

    /// Fields that cannot be taken: one entry each, in the form of FastAPI.
    pub(super) fn of_fields(errors: Vec<Value>) -> Self {
        let body = json!({ "detail": errors, "code": ErrorCode::InvalidRequest.as_str() });
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, body, retry_after_ms: None }
    }

    /// Nobody is signed in.
    pub(super) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, "Not authenticated")
    }

    /// The same refusal with another status, where an app's document names one.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl From<chat::Error> for Detail {
    fn from(error: chat::Error) -> Self {
        let status = error::status(error.code);
        if error.code == ErrorCode::InvalidRequest {
            let field = error.field.unwrap_or("body");
            let said = error.to_string();
            let entry = json!({ "type": "value_error", "loc": ["body", field], "msg": said, "input": null });
            return Self::of_fields(vec![entry]);
        }
        if error.code == ErrorCode::Internal {
            tracing::error!(detail = error.detail.as_deref().unwrap_or("unknown"), "request failed");
            return Self::new(status, error.code, error.code.meaning());
        }
        Self { retry_after_ms: error.retry_after_ms, ..Self::new(status, error.code, &error.to_string()) }
    }
}

impl From<Refusal> for Detail {
    fn from(refusal: Refusal) -> Self {
        refusal.0.into()
    }
}

impl IntoResponse for Detail {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        response.extensions_mut().insert(Spoken);
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        if let Some(ms) = self.retry_after_ms {
            error::retry_after(response.headers_mut(), ms);
        }
        response
    }
}
