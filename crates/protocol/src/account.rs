//! Accounts: a person, a bot, or an unverified guest.

use crate::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What stands behind an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Somebody who signed up.
    Person,
    /// A program.
    Bot,
    /// Somebody whose name nobody checked.
    Guest,
}

/// What an account may do to the whole installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// Talks.
    Member,
    /// Also decides who may sign up and who is shut out. Reads nobody's private chats.
    Administrator,
}

/// The short form that stands at a message: who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    pub id: AccountId,
    pub username: String,
    pub display_name: String,
    pub kind: AccountKind,
}

/// What everyone with an account may know about an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    pub id: AccountId,
    pub username: String,
    pub display_name: String,
    pub kind: AccountKind,
    pub role: AccountRole,
    pub created_at: Timestamp,
    /// Set when an administrator shut the account out; what it wrote stays.
    pub deactivated_at: Option<Timestamp>,
}

/// What an account may know about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    pub account: Account,
    pub email: Option<String>,
}

impl Account {
    /// The short form.
    pub fn author(&self) -> Author {
        Author {
            id: self.id,
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            kind: self.kind,
        }
    }
}
