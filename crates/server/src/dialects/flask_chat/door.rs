//! `/socket.io/`: the requests by which a session begins and goes on.

use super::{desk::Desk, talk};
use crate::{
    app::App,
    dialects::entrance::Entrance,
    dialects::socket_io::{self, Asked, Session, Wrong},
    http::{
        around::ClientAddress,
        error::{Answer, Refusal, Spoken},
    },
    wire::{self, NoUpgrade, Upgrade},
};
use axum::{
    Extension,
    body::Bytes,
    extract::{FromRequestParts, RawQuery, Request, State},
    http::{HeaderMap, Method, request::Parts},
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;
use std::{sync::Arc, time::Duration};

/// A request that polls is answered within this part of the time that any request may take.
const PART_OF_REQUEST_TIME: (u64, u64) = (2, 3);

/// Begins a session, polls, or goes over to a WebSocket.
pub(super) async fn get(
    State(app): State<App>,
    Extension(desk): Extension<Arc<Desk>>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if parts.method == Method::HEAD {
        return spoken(Ok(Wrong::Method.into_response()));
    }
    let answer = match Asked::parse(parts.uri.query().unwrap_or_default()) {
        Ok(asked) => match &asked.sid {
            None => begin(&app, desk, &asked, parts).await,
            Some(sid) => match socket_io::find(&desk.sessions, sid) {
                Ok(session) => go_on(&app, session, &asked, parts).await,
                Err(wrong) => Ok(wrong.into_response()),
            },
        },
        Err(wrong) => Ok(wrong.into_response()),
    };
    spoken(answer)
}

/// Takes what a client says by polling.
pub(super) async fn post(
    Extension(desk): Extension<Arc<Desk>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let found = Asked::parse(query.as_deref().unwrap_or_default()).and_then(|asked| {
        let session = socket_io::find(&desk.sessions, asked.sid.as_deref().ok_or(Wrong::Method)?)?;
        Ok((session, asked))
    });
    spoken(Ok(match found {
        Ok((session, asked)) => socket_io::post(&session, &asked, &headers, &body).await,
        Err(wrong) => wrong.into_response(),
    }))
}

/// The protocol has answers of its own; what it has none for is said as everywhere.
fn spoken(answer: Answer<Response>) -> Response {
    answer
        .map(|response| (Extension(Spoken), response).into_response())
        .unwrap_or_else(IntoResponse::into_response)
}

async fn begin(app: &App, desk: Arc<Desk>, asked: &Asked, mut parts: Parts) -> Answer<Response> {
    let address = ClientAddress::of(&parts.extensions);
    let place_behind_proxy = wire::place(app, address)?;
    let entrance = Entrance::of(&mut parts, app, true).await;
    let revision = asked.revision;
    let packet_bytes_max = app.settings.frame_bytes_max;
    if !asked.by_websocket {
        drop(place_behind_proxy);
        let place = app.places.take(Some(address.ip)).ok_or_else(too_many)?;
        let listed = socket_io::open(&desk.sessions, revision, Some(place), packet_bytes_max)
            .map_err(|_| Refusal::new(ErrorCode::Internal))?;
        let session = Arc::clone(&listed.session);
        tokio::spawn(talk::serve(app.clone(), desk, listed, entrance));
        return Ok(socket_io::poll(&session, patience(app)).await);
    }
    let upgrade = upgrade(app, &mut parts).await?;
    let app = app.clone();
    Ok(upgrade.on_upgrade(move |wire| async move {
        let Ok(listed) = socket_io::open(&desk.sessions, revision, None, packet_bytes_max) else { return };
        let session = Arc::clone(&listed.session);
        tokio::spawn(talk::serve(app, desk, listed, entrance));
        socket_io::carry(wire, &session).await;
        drop(place_behind_proxy);
    }))
}

async fn go_on(app: &App, session: Arc<Session>, asked: &Asked, mut parts: Parts) -> Answer<Response> {
    if !asked.by_websocket {
        return Ok(socket_io::poll(&session, patience(app)).await);
    }
    let place_behind_proxy = wire::place(app, ClientAddress::of(&parts.extensions))?;
    let upgrade = upgrade(app, &mut parts).await?;
    Ok(upgrade.on_upgrade(move |wire| async move {
        socket_io::try_out(wire, &session).await;
        drop(place_behind_proxy);
    }))
}

async fn upgrade(app: &App, parts: &mut Parts) -> Answer<Upgrade> {
    Upgrade::from_request_parts(parts, app)
        .await
        .map_err(|NoUpgrade(_, why)| Refusal::new(ErrorCode::InvalidRequest).detail(why))
}

fn patience(app: &App) -> Duration {
    let (part, whole) = PART_OF_REQUEST_TIME;
    Duration::from_millis(app.settings.request_timeout_ms / whole * part).min(wire::PING_INTERVAL)
}

fn too_many() -> Refusal {
    Refusal::new(ErrorCode::RateLimited).detail("this address has too many connections")
}
