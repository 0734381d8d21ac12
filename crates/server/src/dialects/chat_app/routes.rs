//! Where the socket of ChatApp opens.

use super::tongue;
use crate::{
    app::App,
    dialects::{detail::Answer, entrance::Entrance, talk},
};
use axum::{extract::WebSocketUpgrade, response::Response};
use protocol::Dialect;

/// `/ws/{client_id}`, where the page puts the code that it came back from GitHub with.
pub(in crate::dialects) async fn socket(
    app: App,
    entrance: Entrance,
    client_id: String,
    upgrade: WebSocketUpgrade,
) -> Answer<Response> {
    let begin = |speaker| tongue::begin(speaker, client_id);
    talk::open(app, entrance, Dialect::ChatApp, upgrade, begin).await
}
