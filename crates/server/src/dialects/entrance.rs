//! Who comes in by the doors of other systems: somebody who signed in, or, where the installation allows it, a guest.

use super::detail::{Answer, Detail};
use crate::{
    app::App,
    config::Dialects,
    http::{
        Visitor,
        around::{ClientAddress, Notes},
        auth::Credential,
    },
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use chat::{
    Caller, Client,
    auth::{self, guests},
    ears::{self, Ears},
};
use protocol::{Dialect, ErrorCode};

/// Where a request comes from and who sent it, if anybody is signed in. Rejects a token that is not valid.
pub(super) struct Entrance {
    caller: Option<Caller>,
    pub(super) client: Client,
    pub(super) address: ClientAddress,
    /// A cookie came along that counts as none.
    cookie_refused: bool,
}

impl FromRequestParts<App> for Entrance {
    type Rejection = Detail;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let is_socket = is_socket(parts);
        Ok(Self::of(parts, app, is_socket).await?)
    }
}

fn is_socket(parts: &Parts) -> bool {
    parts.headers.contains_key(header::SEC_WEBSOCKET_KEY)
}

/// The token by header, by `?token=` where that counts, or by cookie. Every page can make a browser send the cookie along,
/// so it counts as none unless the request comes from our own page; one that only reads may also come without an origin.
fn credential(parts: &Parts, app: &App, takes_query: bool) -> Option<Credential> {
    let credential = app.site.credentials(&parts.headers);
    if let Some(credential) = credential.filter(|credential| !credential.from_cookie) {
        return Some(credential);
    }
    if takes_query && let Some(token) = token_in_query(parts) {
        return Some(Credential { token, from_cookie: false });
    }
    let only_reads =
        parts.method.is_safe() && !is_socket(parts) && !parts.headers.contains_key(header::ORIGIN);
    let is_ours = only_reads || app.site.origin_allowed(&parts.headers);
    app.site.credentials(&parts.headers).filter(|credential| credential.from_cookie && is_ours)
}

fn token_in_query(parts: &Parts) -> Option<String> {
    let query = parts.uri.query().unwrap_or_default();
    let mut tokens = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "token");
    tokens.next().map(|(_, token)| token.into_owned()).filter(|token| !token.is_empty())
}

impl Entrance {
    /// Who comes by this request. `takes_query` says that `?token=` counts, as it does where no header can be sent.
    ///
    /// Errors: those of a token that is not valid.
    pub(super) async fn of(parts: &mut Parts, app: &App, takes_query: bool) -> chat::Result<Self> {
        // It cannot fail.
        let Ok(Visitor(client)) = Visitor::from_request_parts(parts, app).await;
        let credential = credential(parts, app, takes_query);
        let cookie_refused = credential.is_none() && app.site.credentials(&parts.headers).is_some();
        let caller = match credential {
            None => None,
            Some(credential) => match auth::authenticate(&app.chat, &credential.token).await {
                Ok(caller) => Some(caller),
                // Browsers keep a cookie whose session has ended until somebody signs in again.
                Err(error) if credential.from_cookie && !error.code.is_retriable() => None,
                Err(error) => return Err(error),
            },
        };
        if let Some(caller) = &caller {
            Notes::of(&parts.extensions).signed_in(caller.account.id);
        }
        Ok(Self { caller, client, address: ClientAddress::of(&parts.extensions), cookie_refused })
    }

    /// The same entrance for whoever a token belongs to that was given later. Errors: those of a token that is not valid.
    pub(super) async fn with_token(self, app: &App, token: &str) -> chat::Result<Self> {
        Ok(Self { caller: Some(auth::authenticate(&app.chat, token).await?), ..self })
    }

    /// Whoever is signed in. Refuses everybody else.
    pub(super) fn signed(self, dialect: Dialect) -> Answer<Caller> {
        self.caller.map(|caller| caller.through(dialect)).ok_or_else(Detail::not_signed_in)
    }

    /// Whoever is signed in, if anybody is.
    pub(super) fn maybe_signed(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// Somebody who will speak on a socket. Refuses who is not signed in, unless guests are let in.
    pub(super) fn speaker(self, app: &App, dialect: Dialect) -> Answer<Speaker> {
        if self.caller.is_none() && app.settings.dialects != Dialects::Open {
            let why = match self.cookie_refused {
                true => {
                    "The session cookie counts for pages of this address alone: send its value as a bearer token or ?token="
                }
                false => "Sign in first: this server lets no guests in",
            };
            return Err(Detail::new(StatusCode::FORBIDDEN, ErrorCode::Unauthenticated, why));
        }
        let caller = self.caller.map(|caller| caller.through(dialect));
        Ok(Speaker { app: app.clone(), client: self.client, dialect, caller, guest: None })
    }
}

/// Somebody on a connection: the account that signed in, or whoever they say they are.
#[derive(Clone)]
pub(super) struct Speaker {
    app: App,
    client: Client,
    dialect: Dialect,
    caller: Option<Caller>,
    /// The guest of the name that was given last.
    guest: Option<(String, Caller)>,
}

impl Speaker {
    /// The account that signed in.
    pub(super) fn account(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// Who spoke last, or would speak: the account that signed in, or the guest of the name that was given last.
    pub(super) fn last(&self) -> Option<&Caller> {
        self.caller.as_ref().or_else(|| self.guest.as_ref().map(|(_, guest)| guest))
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// The same one in another dialect.
    pub(super) fn through(self, dialect: Dialect) -> Self {
        Self { dialect, caller: self.caller.map(|caller| caller.through(dialect)), ..self }
    }

    /// Where the connection comes from.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The one who speaks: the account that signed in, whatever name is given, or the guest of that name.
    ///
    /// Errors: as `guests::enter`.
    pub(super) async fn named(&mut self, name: &str) -> chat::Result<Caller> {
        if let Some(caller) = &self.caller {
            return Ok(caller.clone());
        }
        if let Some((_, guest)) = self.guest.as_ref().filter(|(known, _)| known == name) {
            return Ok(guest.clone());
        }
        let guest = guests::enter(&self.app.chat, &self.client, self.dialect, name).await?;
        self.guest = Some((name.to_owned(), guest.clone()));
        Ok(guest)
    }

    /// Becomes the guest of this name for good, where nobody is signed in: hears what the guest may hear.
    ///
    /// Errors: as `guests::enter`.
    pub(super) async fn settle(&mut self, name: &str) -> chat::Result<Caller> {
        let caller = self.named(name).await?;
        self.caller = Some(caller.clone());
        Ok(caller)
    }

    /// What this connection listens with: everything the account is in, or General.
    pub(super) async fn ears(&self) -> chat::Result<Ears> {
        match &self.caller {
            Some(caller) => ears::listen(&self.app.chat, caller).await,
            None => ears::listen_as_nobody(&self.app.chat).await,
        }
    }
}
