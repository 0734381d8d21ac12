//! What happens around every request, whatever it asks for: its id, where it comes from, its rate, its time limit, the
//! panic that ends it and not the server, the form of its error, its headers, and its line in the log.

use super::{
    auth,
    error::{self, Refusal},
    headers,
    listener::Peer,
    lite,
};
use crate::{app::App, wire::say_what_is_spoken};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use protocol::{AccountId, ErrorCode};
use std::{
    net::{IpAddr, Ipv4Addr},
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tracing::{debug, info};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: &str = "x-forwarded-for";

/// When somebody whose request took too long should try again.
const RETRY_AFTER_TIMEOUT_MS: u64 = 1000;

/// The address of the one who asks: the peer's, or the one a trusted proxy names.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress {
    pub ip: IpAddr,
    /// Whether a trusted proxy stands between.
    pub behind_proxy: bool,
}

impl ClientAddress {
    /// The address that was found for this request.
    pub fn of(extensions: &Extensions) -> Self {
        let unknown = Self { ip: Ipv4Addr::UNSPECIFIED.into(), behind_proxy: false };
        extensions.get().copied().unwrap_or(unknown)
    }
}

/// What becomes known of a request while it is handled, for its line in the log.
#[derive(Clone, Debug, Default)]
pub struct Notes(Arc<AtomicI64>);

impl Notes {
    /// The notes of this request.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Notes the account that asks.
    pub fn signed_in(&self, account: AccountId) {
        self.0.store(account.0, Ordering::Relaxed);
    }

    fn account(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|id| *id != 0)
    }
}

/// Gives every request of this process an id: where the process began, and a number.
pub struct RequestIds {
    prefix: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids of a process that starts now.
    pub fn new() -> Self {
        // Without random bits ids of two runs may be the same, which costs a second look at the log and nothing else.
        Self { prefix: getrandom::u32().unwrap_or_default(), next: AtomicU64::new(1) }
    }

    fn next(&self) -> String {
        format!("{:08x}-{}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

impl Default for RequestIds {
    fn default() -> Self {
        Self::new()
    }
}

/// The one layer around all routes.
pub(super) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = app.request_ids.next();
    let notes = Notes::default();
    let address = client_address(&app, &request);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_page = lite::owns(request.uri().path());
    let private = is_page || request.uri().path().starts_with("/api");
    let cookies = auth::cookies(request.headers());
    request.extensions_mut().insert(address);
    request.extensions_mut().insert(notes.clone());

    let response = match app.request_rate.count(address.ip) {
        // Bodies that do not say their length are counted while they are read.
        Ok(()) if declared_length(&request) > app.settings.body_bytes_max => {
            Refusal::new(ErrorCode::TooLarge).into_response()
        }
        Ok(()) if let Some(why) = ambiguity(&request) => ambiguous(why),
        Ok(()) => handle(&app, request, next).await,
        Err(wait_ms) => Refusal::new(ErrorCode::RateLimited).retry_after_ms(wait_ms).into_response(),
    };

    auth::end_former(&app, &cookies, response.headers()).await;
    let mut response = if is_page { lite::finish(&app, response, &id) } else { error::finish(response, &id) };
    if response.status() == StatusCode::UPGRADE_REQUIRED {
        say_what_is_spoken(response.headers_mut());
    }
    // What went wrong once may go well the next time: nobody on the way should keep it either.
    let kept_by_nobody =
        private || response.status().is_client_error() || response.status().is_server_error();
    headers::add(response.headers_mut(), &app.site, kept_by_nobody);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    // Never the path itself: an invite's code stands in it.
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let status = response.status().as_u16();
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if matches!(route, "/healthz" | "/readyz") {
        debug!(%method, route, status, ms, id, "request");
    } else {
        info!(%method, route, status, ms, id, account = notes.account(), "request");
    }
    response
}

/// Why a proxy before us may have read something else in a request than we do: where it ends, or whom it is for (RFC 9112, 3.2
/// and 6.1). The HTTP library lets these pass.
fn ambiguity(request: &Request) -> Option<&'static str> {
    let headers = request.headers();
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let is_chunked = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"chunked");
    if codings.next().is_some_and(|coding| !is_chunked(coding)) || codings.next().is_some() {
        return Some("Transfer-Encoding is chunked, once, or not there");
    }
    let hosts = headers.get_all(header::HOST).iter().count();
    let is_known = if request.version() == Version::HTTP_11 { hosts == 1 } else { hosts <= 1 };
    (!is_known).then_some("Host must be there once")
}

/// Nothing more is read from such a connection.
fn ambiguous(why: &'static str) -> Response {
    let refusal = Refusal::new(ErrorCode::InvalidRequest).detail(why);
    (StatusCode::BAD_REQUEST, [(header::CONNECTION, HeaderValue::from_static("close"))], refusal)
        .into_response()
}

fn declared_length(request: &Request) -> usize {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.map_or(0, |length| length.parse().unwrap_or(usize::MAX))
}

async fn handle(app: &App, request: Request, next: Next) -> Response {
    let limit = Duration::from_millis(app.settings.request_timeout_ms);
    match tokio::time::timeout(limit, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
        Ok(Ok(response)) => response,
        // What panicked has said so on standard error. Its transaction, if it had one, was rolled back.
        Ok(Err(_)) => Refusal::new(ErrorCode::Internal).detail("a handler panicked").into_response(),
        Err(_) => Refusal::new(ErrorCode::Busy)
            .detail("this took too long")
            .retry_after_ms(RETRY_AFTER_TIMEOUT_MS)
            .into_response(),
    }
}

fn client_address(app: &App, request: &Request) -> ClientAddress {
    let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0);
    let proxies = &app.settings.trusted_proxies;
    if !proxies.contains(peer) {
        return ClientAddress { ip: peer, behind_proxy: false };
    }
    let named = forwarded_for(request.headers(), |address| proxies.contains(address));
    ClientAddress { ip: named.unwrap_or(peer), behind_proxy: true }
}

/// Each proxy adds the address that it saw at the end. So the last one that is not a proxy of ours is the visitor, and
/// whatever stands before it was sent by the visitor and may be invented.
pub(super) fn forwarded_for(headers: &HeaderMap, is_ours: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let lines: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    let mut last = None;
    for named in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = named.trim().parse::<IpAddr>() else { break };
        last = Some(address.to_canonical());
        if !is_ours(address.to_canonical()) {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_visitor_is_the_last_address_that_is_not_a_proxy_of_ours() {
        let ours: IpAddr = "10.0.0.1".parse().unwrap();
        for (lines, visitor) in [
            (&["192.0.2.1"][..], Some("192.0.2.1")),
            (&["1.1.1.1, 192.0.2.1"], Some("192.0.2.1")),
            (&["1.1.1.1, 192.0.2.1, 10.0.0.1"], Some("192.0.2.1")),
            (&["1.1.1.1", "192.0.2.1", "10.0.0.1"], Some("192.0.2.1")),
            (&["nonsense, 10.0.0.1"], Some("10.0.0.1")),
            (&["1.1.1.1, nonsense"], None),
            (&["::ffff:192.0.2.1"], Some("192.0.2.1")),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, line.parse().unwrap());
            }
            let visitor = visitor.map(|text| text.parse::<IpAddr>().unwrap());
            assert_eq!(forwarded_for(&headers, |address| address == ours), visitor, "{lines:?}");
        }
    }
}
