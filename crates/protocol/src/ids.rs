//! Ids: integers given by the database, one type for each noun so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = i64, minimum = 1)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// A person, a bot or a guest.
    AccountId,
    /// One sign-in of an account.
    SessionId,
    /// General, a direct chat or a room.
    ConversationId,
    /// A link that lets people into a room.
    InviteId,
    /// A message, across all conversations. Order is never read from it: that is what `seq` and `rev` are for.
    MessageId,
}

/// Nobody: no account has this id. It stands for listeners who did not say who they are.
pub const NOBODY: AccountId = AccountId(0);

/// General is made by the first migration and is the same conversation in every installation.
pub const GENERAL: ConversationId = ConversationId(1);
