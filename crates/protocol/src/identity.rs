//! Identities: who an account is at another service by which it signs in.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A service that tells us who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// GitHub, by OAuth.
    Github,
}

impl Provider {
    /// All of them.
    pub const ALL: &'static [Provider] = &[Provider::Github];

    /// The word that it travels as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Github => "github",
        }
    }
}

/// An identity as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    pub provider: Provider,
    /// What the service calls its owner, as it was at the last sign-in.
    pub login: String,
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_travels_as_its_word() {
        for provider in Provider::ALL {
            assert_eq!(serde_json::to_string(provider).unwrap(), format!("\"{}\"", provider.as_str()));
        }
    }
}
