//! What GitHub answers about people.

use super::service::{Token, Trouble, ask};
use crate::{config::ProviderUrl, outgoing::Outgoing};
use chat::identities::Profile;
use protocol::Provider;
use serde::Deserialize;
use tracing::info;

/// The addresses, to find the one that is verified; the rest is public.
pub(super) const SCOPE: &str = "user:email";

/// Where GitHub is asked.
pub(super) struct Questions {
    pub(super) user_url: ProviderUrl,
    pub(super) emails_url: ProviderUrl,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    primary: bool,
    verified: bool,
}

impl Questions {
    pub(super) async fn profile(&self, outgoing: &Outgoing, token: &Token) -> Result<Profile, Trouble> {
        let (user, emails) = tokio::join!(
            ask::<User>(outgoing, &self.user_url, token),
            ask::<Vec<Email>>(outgoing, &self.emails_url, token),
        );
        let user = user?;
        // People can keep their addresses to themselves; then there is none here.
        let emails = emails.unwrap_or_else(|trouble| {
            info!("the addresses of somebody who signs in stay unknown: GitHub {trouble}");
            Vec::new()
        });
        Ok(Profile {
            provider: Provider::Github,
            subject: user.id.to_string(),
            login: user.login,
            name: user.name,
            // The one in their public profile counts for nothing: nobody verified it.
            verified_email: emails
                .into_iter()
                .find(|email| email.primary && email.verified)
                .map(|email| email.email),
        })
    }
}
