//! Two questions that a service manager or load balancer asks.

use super::error::{Answer, Refusal};
use crate::app::App;
use axum::extract::State;
use protocol::ErrorCode;
use std::time::Duration;
use tokio::time::timeout;

/// A database that takes longer to answer is as good as none.
const READ_TIMEOUT: Duration = Duration::from_secs(2);

/// The process lives.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// It can serve: it is not stopping, and the database answers.
pub(super) async fn readyz(State(app): State<App>) -> Answer<&'static str> {
    if app.stopping.has_begun() {
        return Err(Refusal::new(ErrorCode::Stopping));
    }
    match timeout(READ_TIMEOUT, app.chat.is_ready()).await {
        Ok(true) => Ok("ok"),
        _ => Err(Refusal::new(ErrorCode::Unavailable)),
    }
}
