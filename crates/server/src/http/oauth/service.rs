//! A service that tells us who somebody is, by OAuth 2.0: the authorization code with PKCE (RFC 6749, RFC 7636). What every
//! such service has in common is here; what one of them answers about people is in a file of its own.

use super::github;
use crate::{
    config::{ProviderUrl, Secret, Settings},
    outgoing::{Outgoing, Unanswered},
};
use axum::body::Body;
use chat::identities::Profile;
use hyper::{
    Method, Request, StatusCode,
    header::{self, HeaderValue},
};
use protocol::Provider;
use serde::{Deserialize, de::DeserializeOwned};
use std::fmt;

/// What GitHub and others want to know of programs that ask.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("Parlor/", env!("CARGO_PKG_VERSION")));
/// An error's name is logged when it looks like one, up to this length: it comes from outside.
const ERROR_LEN_MAX: usize = 64;

/// Why a service did not say who somebody is.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It does not take the code: it is too old, was used, or belongs to another sign-in.
    Refused(String),
    /// It does not take this server's own id or secret.
    NotOurs(String),
    /// It does not answer.
    Unanswered(Unanswered),
    /// It answers with something else than its documents say.
    Unexpected(&'static str, StatusCode),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "does not take the code: {error}"),
            Self::NotOurs(error) => write!(f, "does not take the client id or secret: {error}"),
            Self::Unanswered(why) => why.fmt(f),
            Self::Unexpected(what, status) => write!(f, "{what} (status {})", status.as_u16()),
        }
    }
}

/// A service, with what this server is to it.
pub(super) struct Service {
    pub(super) provider: Provider,
    /// What people call it.
    pub(super) title: &'static str,
    /// Where one begins to sign in by it.
    pub(super) login_path: &'static str,
    /// Where one comes back to.
    callback_path: &'static str,
    scope: &'static str,
    client_id: String,
    client_secret: Secret,
    authorize_url: ProviderUrl,
    token_url: ProviderUrl,
    questions: github::Questions,
}

impl Service {
    /// GitHub, if it is set up.
    pub(super) fn github(settings: &Settings) -> Option<Self> {
        if settings.github_client_id.is_empty() {
            return None;
        }
        Some(Self {
            provider: Provider::Github,
            title: "GitHub",
            login_path: super::GITHUB_LOGIN,
            callback_path: super::CHATPAGE,
            scope: github::SCOPE,
            client_id: settings.github_client_id.clone(),
            client_secret: settings.github_client_secret.clone(),
            authorize_url: settings.github_authorize_url.clone(),
            token_url: settings.github_token_url.clone(),
            questions: github::Questions {
                user_url: settings.github_user_url.clone(),
                emails_url: settings.github_emails_url.clone(),
            },
        })
    }

    fn redirect_uri(&self, public_url: &str) -> String {
        format!("{public_url}{}", self.callback_path)
    }

    /// Where the browser is sent.
    pub(super) fn address(&self, public_url: &str, state: &str, challenge: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri(public_url))
            .append_pair("response_type", "code")
            .append_pair("scope", self.scope)
            .append_pair("state", state)
            .append_pair("code_challenge", challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        format!("{}?{query}", self.authorize_url.as_str())
    }

    /// Who came back with this code. The token that it is exchanged for is used for that and forgotten.
    pub(super) async fn who(
        &self,
        outgoing: &Outgoing,
        public_url: &str,
        code: &str,
        verifier: &str,
    ) -> Result<Profile, Trouble> {
        let token = self.exchange(outgoing, public_url, code, verifier).await?;
        self.questions.profile(outgoing, &token).await
    }

    async fn exchange(
        &self,
        outgoing: &Outgoing,
        public_url: &str,
        code: &str,
        verifier: &str,
    ) -> Result<Token, Trouble> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.client_secret.reveal())
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect_uri(public_url))
            .append_pair("code_verifier", verifier)
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.token_url.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, USER_AGENT)
            .body(Body::from(form));
        let (status, body) = send(outgoing, request).await?;
        // GitHub answers an error with status 200, others with 400.
        match serde_json::from_slice(&body) {
            Ok(TokenAnswer { error: Some(error), .. }) => Err(refused(error)),
            Ok(TokenAnswer { access_token: Some(token), .. }) if status.is_success() => {
                Token::new(&token).ok_or(Trouble::Unexpected("gave a token that cannot be sent", status))
            }
            _ => Err(Trouble::Unexpected("gave no token", status)),
        }
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<String>,
    error: Option<String>,
}

fn refused(error: String) -> Trouble {
    let is_name = (1..=ERROR_LEN_MAX).contains(&error.len())
        && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let error = if is_name { error } else { "an error without a name".to_owned() };
    match error.as_str() {
        // GitHub's words and the standard's.
        "incorrect_client_credentials"
        | "redirect_uri_mismatch"
        | "invalid_client"
        | "unauthorized_client" => Trouble::NotOurs(error),
        _ => Trouble::Refused(error),
    }
}

/// The token by which the service lets us ask about one person.
pub(super) struct Token(HeaderValue);

impl Token {
    fn new(token: &str) -> Option<Self> {
        let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

/// Asks about the person whose token it is.
pub(super) async fn ask<T: DeserializeOwned>(
    outgoing: &Outgoing,
    url: &ProviderUrl,
    token: &Token,
) -> Result<T, Trouble> {
    let request = Request::builder()
        .uri(url.as_str())
        .header(header::AUTHORIZATION, token.0.clone())
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, USER_AGENT)
        .body(Body::empty());
    let (status, body) = send(outgoing, request).await?;
    if !status.is_success() {
        return Err(Trouble::Unexpected("does not say who it is", status));
    }
    serde_json::from_slice(&body).map_err(|_| Trouble::Unexpected("says who it is in other words", status))
}

async fn send(
    outgoing: &Outgoing,
    request: hyper::http::Result<Request<Body>>,
) -> Result<(StatusCode, bytes::Bytes), Trouble> {
    // The addresses were checked when the settings were read.
    let request = request.map_err(|error| Trouble::Unanswered(Unanswered::Unreachable(error.to_string())))?;
    outgoing.ask(request).await.map_err(Trouble::Unanswered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_told_apart_and_not_repeated_when_it_is_no_name() {
        for (error, shown) in [
            ("bad_verification_code", "does not take the code: bad_verification_code"),
            (
                "incorrect_client_credentials",
                "does not take the client id or secret: incorrect_client_credentials",
            ),
            ("<script>\n", "does not take the code: an error without a name"),
            ("", "does not take the code: an error without a name"),
        ] {
            assert_eq!(refused(error.to_owned()).to_string(), shown);
        }
    }
}
