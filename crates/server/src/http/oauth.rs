//! Signing in by another service. One leaves for it from `/github-login` and comes back to `/chatpage`, as the document of
//! the chat app has it; a second service would get two addresses of its own and share everything else.
//!
//! `pending` remembers who left, `service` asks the service who came back, `chat::identities` decides what follows from
//! that, `pages` says what went wrong.

mod github;
mod pages;
mod pending;
mod service;

use super::{
    BothSpellings,
    auth::MaybeSigned,
    error::{Answer, Refusal},
    extract::{Query, Visitor},
};
use crate::{app::App, config::Settings, outgoing::Outgoing};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use chat::{Caller, Client, identities};
use pages::Page;
use pending::{Finished, Pending, Purpose, Started};
use protocol::{AccountId, ErrorCode, Provider};
use serde::Deserialize;
use service::{Service, Trouble};
use std::{io, time::Duration};
use tokio::{sync::Semaphore, time::timeout};
use tracing::{info, warn};

/// Where one begins to sign in by GitHub.
const GITHUB_LOGIN: &str = "/github-login";
/// Where one comes back to from GitHub.
const CHATPAGE: &str = "/chatpage";
/// The chat page: General in the client.
const CHAT: &str = "/c/1";
/// Where identities are linked in the client.
const SETTINGS: &str = "/settings";
/// What is called so has all a browser needs to come back from a sign-in elsewhere.
const COOKIE: &str = "oauth";
/// Services that are asked about people at the same time. Each takes a second; more than this at once is no rush of people.
const EXCHANGES_MAX: usize = 32;
/// The longest address in the client that one wants to come to afterwards.
const NEXT_LEN_MAX: usize = 200;
/// When somebody who found all places for exchanges taken should try again.
const RETRY_AFTER_MS: u64 = 2000;

/// The services by which one can sign in, and who is on the way.
pub struct OAuth {
    services: Vec<Service>,
    pending: Pending,
    outgoing: Option<Outgoing>,
    exchanges: Semaphore,
    patience: Duration,
}

impl OAuth {
    /// What the settings name. Errors when the machine cannot make trusted connections.
    pub fn new(settings: &Settings) -> io::Result<Self> {
        let services: Vec<Service> = Service::github(settings).into_iter().collect();
        // Who does not use it needs no root certificates.
        let outgoing = if services.is_empty() { None } else { Some(Outgoing::new()?) };
        Ok(Self {
            services,
            pending: Pending::default(),
            outgoing,
            exchanges: Semaphore::new(EXCHANGES_MAX),
            patience: Duration::from_millis(settings.provider_timeout_ms),
        })
    }

    fn service(&self, provider: Provider) -> Option<&Service> {
        self.services.iter().find(|service| service.provider == provider)
    }
}

/// The services that the settings name, for those who want to sign in.
pub fn providers(settings: &Settings) -> Vec<Provider> {
    Service::github(settings).iter().map(|service| service.provider).collect()
}

/// The addresses of the dance.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .both_spellings(GITHUB_LOGIN, get(github_login))
        .both_spellings(CHATPAGE, get(chatpage))
        .route(pages::STYLE_PATH, get(pages::style))
}

/// What one may say when one leaves.
#[derive(Deserialize)]
struct Leave {
    /// An address in the client to come to afterwards.
    next: Option<String>,
    /// The code of an invite, where registration asks for one.
    invite: Option<String>,
    /// Set when the browser was sent to the public address first.
    moved: Option<String>,
}

/// Off to GitHub. Who is signed in already is there already.
async fn github_login(
    State(app): State<App>,
    MaybeSigned(caller): MaybeSigned,
    Visitor(client): Visitor,
    headers: HeaderMap,
    Query(leave): Query<Leave>,
) -> Answer<Response> {
    let Some(service) = app.oauth.service(Provider::Github) else {
        return Ok(pages::not_set_up(app.site.public()));
    };
    let next = leave.next.filter(|next| is_ours(next)).unwrap_or_else(|| CHAT.to_owned());
    if caller.is_some() {
        return Ok(go(&next));
    }
    // The cookie must be at the address to which one comes back. Behind a proxy the name of the host may be lost, so one is
    // moved once and no more.
    if leave.moved.is_none() && app.site.is_reached_by_another_name(&headers) {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("moved", "1").append_pair("next", &next);
        if let Some(invite) = &leave.invite {
            query.append_pair("invite", invite);
        }
        return Ok(go(&format!("{}{GITHUB_LOGIN}?{}", app.site.public(), query.finish())));
    }
    if let Err(error) = identities::begin(&app.chat, &client) {
        return Ok(pages::refused(service, &error));
    }
    let (address, cookie) = begin(&app, service, Purpose::SignIn { next, invite: leave.invite })?;
    let address = HeaderValue::try_from(address).map_err(|error| internal(error.to_string()))?;
    Ok((StatusCode::FOUND, [(header::LOCATION, address), (header::SET_COOKIE, cookie)], NO_STORE)
        .into_response())
}

fn internal(what: String) -> Refusal {
    Refusal::new(ErrorCode::Internal).detail(what)
}

const NO_STORE: [(header::HeaderName, HeaderValue); 1] =
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];

/// An address in the client and nowhere else.
fn is_ours(next: &str) -> bool {
    next.len() <= NEXT_LEN_MAX
        && next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'))
}

/// The address to go to and the cookie to come back with.
fn begin(app: &App, service: &Service, purpose: Purpose) -> Answer<(String, HeaderValue)> {
    let started = app.oauth.pending.begin(service.provider, purpose, app.clock.now());
    let Started { state, challenge, browser } = started.map_err(|error| internal(error.to_string()))?;
    let address = service.address(app.site.public(), &state, &challenge);
    let cookie = app.site.named_cookie(COOKIE, &browser, pending::GOOD_FOR_MS / 1000);
    Ok((address, cookie.ok_or_else(|| internal("a cookie cannot be made".to_owned()))?))
}

/// Where the browser of somebody who is signed in must go to link an account of a service, and the cookie that it needs.
pub(super) fn begin_link(app: &App, provider: Provider, account: AccountId) -> Answer<(String, HeaderValue)> {
    let service = app.oauth.service(provider).ok_or_else(|| {
        Refusal::new(ErrorCode::NotFound).detail("signing in by this service is not set up here")
    })?;
    begin(app, service, Purpose::Link(account))
}

/// What a service sends a browser back with.
#[derive(Deserialize)]
struct Back {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Back from GitHub; or, without a code, the chat page for those who are signed in.
async fn chatpage(
    State(app): State<App>,
    MaybeSigned(caller): MaybeSigned,
    Visitor(client): Visitor,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    if back.code.is_none() && back.error.is_none() {
        return if caller.is_some() { go(CHAT) } else { pages::no_code(&headers) };
    }
    let Some(service) = app.oauth.service(Provider::Github) else {
        return pages::not_set_up(app.site.public());
    };
    let browser = app.site.named_cookie_in(COOKIE, &headers).unwrap_or_default();
    let state = back.state.unwrap_or_default();
    let finished = app.oauth.pending.take(&browser, &state, app.clock.now());
    let Some(finished) = finished.filter(|finished| finished.provider == service.provider) else {
        return pages::unknown(service);
    };
    let mut response = match back.code {
        Some(code) if back.error.is_none() => {
            come_back(&app, service, caller, &client, finished, &code).await
        }
        _ => pages::not_allowed(service),
    };
    if let Some(cookie) = app.site.named_cookie(COOKIE, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn come_back(
    app: &App,
    service: &Service,
    caller: Option<Caller>,
    client: &Client,
    finished: Finished,
    code: &str,
) -> Response {
    let profile = match ask(app, service, &finished, code).await {
        Ok(profile) => profile,
        Err(page) => return page,
    };
    match finished.purpose {
        Purpose::SignIn { next, invite } => {
            match identities::sign_in(&app.chat, client, profile, invite).await {
                Ok(signed_in) => {
                    let mut response = go(&next);
                    let cookie = app.site.cookie(&signed_in.token, signed_in.expires_at, app.clock.now());
                    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
                    response
                }
                Err(error) => pages::refused(service, &error),
            }
        }
        Purpose::Link(account) => match caller.filter(|caller| caller.account.id == account) {
            Some(caller) => match identities::link(&app.chat, &caller, profile).await {
                Ok(()) => go(SETTINGS),
                Err(error) => pages::refused(service, &error),
            },
            None => pages::unknown(service),
        },
    }
}

/// Asks the service, in bounded time and with a bounded number of others.
async fn ask(
    app: &App,
    service: &Service,
    finished: &Finished,
    code: &str,
) -> Result<identities::Profile, Response> {
    let oauth = &app.oauth;
    let (Some(outgoing), Ok(_place)) = (&oauth.outgoing, oauth.exchanges.try_acquire()) else {
        return Err(pages::busy(service));
    };
    let asking = service.who(outgoing, app.site.public(), code, &finished.verifier);
    match timeout(oauth.patience, asking).await {
        Ok(Ok(profile)) => Ok(profile),
        Ok(Err(trouble @ Trouble::Refused(_))) => {
            info!("{} {trouble}", service.title);
            Err(pages::unknown(service))
        }
        Ok(Err(trouble @ Trouble::NotOurs(_))) => {
            warn!("{} {trouble}", service.title);
            Err(pages::wrong_credentials(service))
        }
        Ok(Err(trouble)) => {
            warn!("{} {trouble}", service.title);
            Err(pages::no_answer(service))
        }
        Err(_) => {
            warn!("{} does not answer in time", service.title);
            Err(pages::no_answer(service))
        }
    }
}

/// Sends a browser to another address of ours.
fn go(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)], NO_STORE).into_response(),
        Err(_) => Page::new(StatusCode::BAD_REQUEST, "This address cannot be gone to").answer(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_sent_on_to_addresses_of_the_client_alone() {
        for ours in ["/", "/c/1", "/join/0123456789abcdef", "/settings"] {
            assert!(is_ours(ours), "{ours}");
        }
        let long = format!("/{}", "a".repeat(NEXT_LEN_MAX));
        for foreign in [
            "",
            "c/1",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a?b",
            "/\t/evil.example",
            "/.evil.example",
            &long,
        ] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }
}
