//! The headers of every answer, errors included: what a browser may do with it.

use super::auth::Site;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Scripts, styles and everything else come from this server and nowhere else; nothing inline, nothing evaluated; nobody
/// may put our pages into a frame. `'self'` covers the socket too.
macro_rules! policy {
    ($more:literal) => {
        HeaderValue::from_static(concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; ",
            "connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; ",
            "form-action 'self'",
            $more
        ))
    };
}

/// Besides, no text becomes markup or a script's address: the web client's one policy gives its service worker's
/// (`web/src/app/worker.ts`).
const POLICY: HeaderValue = policy!("; require-trusted-types-for 'script'; trusted-types parlor");

/// For a page that others wrote and that makes markup of text, which it cleans itself.
pub(super) const POLICY_OF_OTHERS: HeaderValue = policy!("");

/// Two years, as the preload lists ask for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// An invite's code stands in its address: it must not travel on to other sites. With this policy browsers also hide where
/// a form comes from (`Origin: null`), so a page with forms for our own server says `same-origin` itself.
const REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

static ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=(), \
             display-capture=(), publickey-credentials-get=(self)",
        ),
    ),
];

/// The items of a header that holds a list, whether in one line or in several (RFC 9110, 5.6.1).
pub(crate) fn items<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// Adds them. `private` says that the answer belongs to whoever asked and is kept by nobody, unless its handler said how
/// it may be kept.
pub(super) fn add(headers: &mut HeaderMap, site: &Site, private: bool) {
    for (name, value) in &ALWAYS {
        headers.insert(name.clone(), value.clone());
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    headers.entry(header::REFERRER_POLICY).or_insert(REFERRER);
    if site.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if private {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}
