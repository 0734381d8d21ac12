//! Who asks: the bearer header or the session cookie, and whether a request with the cookie comes from our own page.
//!
//! A browser sends the cookie with requests that other sites cause. So a request that changes something and is
//! authenticated by the cookie must name one of our own addresses as its `Origin`; nothing is allowed by pattern.

use super::{
    around::Notes,
    error::{Answer, Refusal},
};
use crate::{app::App, config::Settings};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use chat::{Caller, auth, sessions};
use faults::Bug;
use protocol::{ErrorCode, Timestamp};
use std::net::IpAddr;
use tracing::warn;

/// What this installation is called on the web: its addresses and the name of its cookie.
#[derive(Debug)]
pub struct Site {
    /// Every origin from which our own pages can come.
    origins: Vec<String>,
    https: bool,
}

/// What the session's cookie is called.
const SESSION: &str = "session";

/// A token, and how it came.
#[derive(Debug, PartialEq, Eq)]
pub struct Credential {
    pub token: String,
    /// From the cookie: the browser may have sent it without our page asking for it.
    pub from_cookie: bool,
}

impl Credential {
    fn token(&self) -> Answer<&str> {
        if self.token.is_empty() {
            return Err(
                Refusal::new(ErrorCode::Unauthenticated).detail("the Authorization header holds no token")
            );
        }
        Ok(&self.token)
    }
}

impl Site {
    /// The site at this public origin that listens on this port.
    pub fn new(settings: &Settings, port: u16) -> Self {
        let public = settings.public_origin(port);
        let https = public.starts_with("https://");
        let host = settings.listen.host.to_ascii_lowercase();
        let mut origins = vec![public];
        let ip: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || ip.is_some_and(|ip| ip.is_loopback() || ip.is_unspecified()) {
            // One machine, three names: whichever somebody typed.
            origins.extend(["localhost", "127.0.0.1", "[::1]"].map(|host| http_origin(host, port)));
        }
        if !ip.is_some_and(|ip| ip.is_unspecified()) {
            let host = if host.contains(':') { format!("[{host}]") } else { host };
            origins.push(http_origin(&host, port));
        }
        Self { origins, https }
    }

    /// Whether browsers reach this site by TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The address that people are told, without a slash at the end.
    pub(super) fn public(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }

    /// Refuses a page that was opened by another of our names than the public one: what begins there would end at the public
    /// one, where the browser has no cookie.
    pub(super) fn require_public_origin(&self, headers: &HeaderMap) -> Answer<()> {
        let public = self.public();
        if headers.get_all(header::ORIGIN).iter().all(|origin| origin.as_bytes() == public.as_bytes()) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::OriginMismatch).detail(format!("open {public} and do this there")))
    }

    /// Whether somebody came by another of our names than the public one. Cookies do not go from one to the other.
    pub(super) fn is_reached_by_another_name(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
        let is_asked = |origin: &String| {
            let name = origin.split_once("://").map(|(_, name)| name.as_bytes());
            name.is_some() && name == host
        };
        !self.origins.first().is_some_and(is_asked) && self.origins.iter().any(is_asked)
    }

    /// The `__Host-` prefix makes browsers refuse the cookie from a neighbouring domain. They take it only by TLS.
    fn cookie_name(&self, what: &str) -> String {
        if self.https { format!("__Host-parlor_{what}") } else { format!("parlor_{what}") }
    }

    /// The cookie of a new session.
    pub fn cookie(&self, token: &str, expires_at: Timestamp, now: Timestamp) -> Option<HeaderValue> {
        let seconds = expires_at.0.saturating_sub(now.0).max(0) / 1000;
        self.named_cookie(SESSION, token, seconds)
    }

    /// The cookie that removes the session's.
    pub fn no_cookie(&self) -> Option<HeaderValue> {
        self.named_cookie(SESSION, "", 0)
    }

    /// A cookie that only we read, for so many seconds.
    pub(super) fn named_cookie(&self, what: &str, value: &str, max_age_s: i64) -> Option<HeaderValue> {
        let secure = if self.https { "; Secure" } else { "" };
        let name = self.cookie_name(what);
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
        let mut cookie = HeaderValue::from_str(&cookie).ok()?;
        cookie.set_sensitive(true);
        Some(cookie)
    }

    /// The token of a request. A bearer header goes before the cookie, whatever stands in it.
    pub fn credentials(&self, headers: &HeaderMap) -> Option<Credential> {
        let bearer = bearer(headers).map(|token| Credential { token, from_cookie: false });
        let from_cookie =
            || self.named_cookie_in(SESSION, headers).map(|token| Credential { token, from_cookie: true });
        bearer.or_else(from_cookie)
    }

    /// The token of the session that an answer gives to a browser.
    fn given(&self, answer: &HeaderMap) -> Option<String> {
        let wanted = self.cookie_name(SESSION);
        let cookies = answer.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookies
            .filter_map(|cookie| cookie.split(';').next())
            .find_map(|pair| value_of(&wanted, pair))
            .map(str::to_owned)
    }

    /// What a browser kept in a cookie of ours.
    pub(super) fn named_cookie_in(&self, what: &str, headers: &HeaderMap) -> Option<String> {
        let wanted = self.cookie_name(what);
        let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut ours = pairs.flat_map(|line| line.split(';')).filter_map(|pair| value_of(&wanted, pair));
        let value = ours.next()?;
        // Two of them: one was put there by somebody else, and nothing tells which.
        if ours.next().is_some() { None } else { Some(value.to_owned()) }
    }

    /// Whether the `Origin` is there and one of ours, letter by letter.
    pub fn origin_allowed(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (Some(origin), None) => {
                self.origins.iter().any(|ours| is_same(ours.as_bytes(), origin.as_bytes()))
            }
            _ => false,
        }
    }

    /// Refuses a request with the cookie that does not come from our page.
    pub(crate) fn require_origin(&self, headers: &HeaderMap) -> Answer<()> {
        if self.origin_allowed(headers) {
            return Ok(());
        }
        let ours = self.public();
        Err(Refusal::new(ErrorCode::OriginMismatch).detail(format!(
            "this page does not belong to {ours}; open that address, or set --public-url to the one you use"
        )))
    }
}

/// What a pair of a cookie header holds under this name. Nothing is as good as no cookie.
fn value_of<'a>(wanted: &str, pair: &'a str) -> Option<&'a str> {
    let (name, value) = pair.split_once('=')?;
    let value = value.trim();
    (name.trim() == wanted && !value.is_empty()).then_some(value)
}

fn is_same(ours: &[u8], origin: &[u8]) -> bool {
    if faults::has(Bug::OriginBySuffix) {
        let host = ours.strip_prefix(b"http://").unwrap_or(ours);
        return origin.ends_with(host);
    }
    ours == origin
}

fn http_origin(host: &str, port: u16) -> String {
    if port == 80 { format!("http://{host}") } else { format!("http://{host}:{port}") }
}

/// The token of the bearer header. Another scheme is not for us (a proxy may ask for one of its own); a bearer header that
/// cannot be read gives an empty token, which is no session's.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?;
    let text = value.to_str().unwrap_or_default().trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    if values.next().is_some() { Some(String::new()) } else { Some(token.trim().to_owned()) }
}

/// The signed-in account that asks. Refuses the request when there is none.
pub struct Signed(pub Caller);

impl FromRequestParts<App> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        Asker::from_request_parts(parts, app).await?.sign_in(app).await.map(Self)
    }
}

/// Somebody who says who they are, for a rule that looks them up together with what it reads for them.
pub struct Asker {
    credential: Credential,
    notes: Notes,
}

impl FromRequestParts<App> for Asker {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let credential = app.site.credentials(&parts.headers);
        let credential = credential.ok_or_else(|| Refusal::new(ErrorCode::Unauthenticated))?;
        if credential.from_cookie && !parts.method.is_safe() {
            app.site.require_origin(&parts.headers)?;
        }
        Ok(Self { credential, notes: Notes::of(&parts.extensions) })
    }
}

impl Asker {
    /// The account, where nothing is read for it.
    pub async fn sign_in(self, app: &App) -> Answer<Caller> {
        let caller = authenticate(app, &self.credential).await?;
        self.notes.signed_in(caller.account.id);
        Ok(caller)
    }

    /// The token to look the account up by.
    pub fn token(&self) -> Answer<&str> {
        self.credential.token()
    }

    /// What was read for them, once it is noted who they are.
    pub fn hear<T>(self, asked: auth::Asked<T>) -> Answer<T> {
        self.notes.signed_in(asked.caller.account.id);
        Ok(asked.answer?)
    }
}

/// The signed-in account that asks, if there is one. A cookie whose session has ended is the same as none, because
/// browsers keep it until somebody signs in again; a bearer token that is not valid is still refused.
pub struct MaybeSigned(pub Option<Caller>);

impl FromRequestParts<App> for MaybeSigned {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let Some(credential) = app.site.credentials(&parts.headers) else {
            return Ok(Self(None));
        };
        match authenticate(app, &credential).await {
            Ok(caller) => {
                Notes::of(&parts.extensions).signed_in(caller.account.id);
                Ok(Self(Some(caller)))
            }
            Err(refusal)
                if credential.from_cookie && super::error::status(refusal.0.code).is_client_error() =>
            {
                Ok(Self(None))
            }
            Err(refusal) => Err(refusal),
        }
    }
}

/// Who stands behind a credential.
pub(super) async fn authenticate(app: &App, credential: &Credential) -> Answer<Caller> {
    Ok(auth::authenticate(&app.chat, credential.token()?).await?)
}

/// The cookies of a request, for [`end_former`].
pub(super) fn cookies(headers: &HeaderMap) -> HeaderMap {
    headers.get_all(header::COOKIE).iter().map(|cookie| (header::COOKIE, cookie.clone())).collect()
}

/// Ends the session that a browser had when an answer gives it another one. Its token is in no cookie any more: it would be good
/// for a month, for whoever else has it.
pub(super) async fn end_former(app: &App, cookies: &HeaderMap, answer: &HeaderMap) {
    let Some(given) = app.site.given(answer) else { return };
    let former = app.site.named_cookie_in(SESSION, cookies).filter(|former| *former != given);
    let Some(token) = former else { return };
    // One that has ended already is no caller.
    let Ok(caller) = authenticate(app, &Credential { token, from_cookie: true }).await else { return };
    if let Err(error) = sessions::sign_out(&app.chat, &caller).await {
        warn!(code = error.code.as_str(), "a session that another one took the place of could not be ended");
    }
}

/// A request that gives a browser a cookie: it comes from our own page, or from a program, which sends no `Origin`. Without
/// this another site could sign somebody in to an account of its own and read along.
pub struct OwnPage;

impl FromRequestParts<App> for OwnPage {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        if parts.headers.contains_key(header::ORIGIN) {
            app.site.require_origin(&parts.headers)?;
        }
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(listen: &str, public_url: &str) -> Site {
        let settings = Settings::with(&[("listen", listen), ("public_url", public_url)]).unwrap();
        Site::new(&settings, settings.listen.port)
    }

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name: header::HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_an_origin_that_is_ours_letter_by_letter_is_allowed() {
        let public = site("127.0.0.1:8000", "https://chat.example.org");
        for ours in [
            "https://chat.example.org",
            "http://127.0.0.1:8000",
            "http://localhost:8000",
            "http://[::1]:8000",
        ] {
            assert!(public.origin_allowed(&headers(&[("origin", ours)])), "{ours}");
        }
        for foreign in [
            "null",
            "",
            "http://chat.example.org",
            "https://chat.example.org:443",
            "https://chat.example.org/",
            "https://chat.example.org.evil.example",
            "https://evil.example",
            "https://evilchat.example.org",
            "https://sub.chat.example.org",
            "https://chat.example.org@evil.example",
            "https://CHAT.example.org",
            "http://localhost",
            "http://localhost:8001",
            "https://localhost:8000",
            "http://127.0.0.1:80000",
            "http://0.0.0.0:8000",
            "chat.example.org",
            "file://",
            "https://chat.example.org https://evil.example",
        ] {
            assert!(!public.origin_allowed(&headers(&[("origin", foreign)])), "{foreign}");
        }
        assert!(!public.origin_allowed(&headers(&[])));
        let twice = headers(&[("origin", "https://chat.example.org"), ("origin", "https://evil.example")]);
        assert!(!public.origin_allowed(&twice));
    }

    #[test]
    fn somebody_who_came_by_another_of_our_names_is_told_apart() {
        let site = site("127.0.0.1:8000", "https://chat.example.org");
        for (host, is_other) in [
            ("chat.example.org", false),
            ("localhost:8000", true),
            ("127.0.0.1:8000", true),
            ("evil.example", false),
            ("", false),
        ] {
            assert_eq!(site.is_reached_by_another_name(&headers(&[("host", host)])), is_other, "{host}");
        }
        assert!(!site.is_reached_by_another_name(&headers(&[])));
    }

    #[test]
    fn a_server_on_a_public_address_takes_no_loopback_origin() {
        let site = site("192.0.2.7:80", "");
        assert!(site.origin_allowed(&headers(&[("origin", "http://192.0.2.7")])));
        assert!(!site.origin_allowed(&headers(&[("origin", "http://localhost")])));
    }

    #[test]
    fn the_bearer_header_goes_before_the_cookie_whatever_stands_in_it() {
        let site = site("127.0.0.1:8000", "");
        let cookie = ("cookie", "a=b; parlor_session=from-cookie");
        let token = |pairs: &[(&str, &str)]| site.credentials(&headers(pairs));
        let bearer = |token: &str| Some(Credential { token: token.into(), from_cookie: false });
        let from_cookie = Some(Credential { token: "from-cookie".into(), from_cookie: true });
        assert_eq!(token(&[("authorization", "Bearer x"), cookie]), bearer("x"));
        assert_eq!(token(&[("authorization", "bearer x"), cookie]), bearer("x"));
        assert_eq!(token(&[("authorization", "Bearer"), cookie]), bearer(""));
        assert_eq!(
            token(&[("authorization", "Bearer x"), ("authorization", "Bearer y"), cookie]),
            bearer("")
        );
        assert_eq!(token(&[("authorization", "Basic eDp5"), cookie]), from_cookie);
        assert_eq!(token(&[cookie]), from_cookie);
        assert_eq!(token(&[]), None);
    }

    #[test]
    fn two_session_cookies_are_as_good_as_none() {
        let site = site("127.0.0.1:8000", "");
        assert_eq!(site.credentials(&headers(&[("cookie", "parlor_session=a; parlor_session=b")])), None);
        assert_eq!(
            site.credentials(&headers(&[("cookie", "parlor_session=a"), ("cookie", "parlor_session=b")])),
            None
        );
        assert_eq!(site.credentials(&headers(&[("cookie", "parlor_session=")])), None);
        assert_eq!(
            site.credentials(&headers(&[("cookie", "xparlor_session=a; __Host-parlor_session=b")])),
            None
        );
    }

    #[test]
    fn the_cookie_is_for_this_host_only_where_browsers_can_promise_it() {
        let plain = site("127.0.0.1:8000", "").cookie("t", Timestamp(60_999), Timestamp(0)).unwrap();
        assert_eq!(plain, "parlor_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
        let secure = site("127.0.0.1:8000", "https://chat.example.org").no_cookie().unwrap();
        assert_eq!(secure, "__Host-parlor_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    }
}
