//! Error codes: the stable names of everything that can be refused, on every door.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal),+ $(,)?) => {
        /// Why something was refused. A code never changes its meaning; new ones may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum ErrorCode {
            $($(#[doc = $doc])* #[serde(rename = $code)] $name,)+
        }

        impl ErrorCode {
            /// All codes, for the reference.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name),+];

            /// The code as it travels.
            pub fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$name => $code),+ }
            }

            /// The code's meaning in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(ErrorCode::$name => concat!($($doc),*).trim_ascii()),+ }
            }
        }
    };
}

codes! {
    /// The body or frame is not valid JSON.
    MalformedJson = "malformed_json",
    /// A field is missing, of the wrong type, too long or not allowed.
    InvalidRequest = "invalid_request",
    /// The socket does not know this `op`.
    UnknownOp = "unknown_op",
    /// There is no valid session with this request.
    Unauthenticated = "unauthenticated",
    /// The account or the password is wrong.
    InvalidCredentials = "invalid_credentials",
    /// The token was valid once: sign in or refresh.
    TokenExpired = "token_expired",
    /// An administrator shut this account out.
    AccountDeactivated = "account_deactivated",
    /// This account may not do that.
    Forbidden = "forbidden",
    /// The request comes from a page that does not belong to this server.
    OriginMismatch = "origin_mismatch",
    /// Nobody can sign up here at the moment.
    RegistrationClosed = "registration_closed",
    /// Signing up here needs an invite.
    InviteRequired = "invite_required",
    /// The administrator's account was made already, or the link is not the newest one.
    SetupClosed = "setup_closed",
    /// There is nothing here, or nothing that you may see.
    NotFound = "not_found",
    /// There is no such conversation, or you are not a member of it.
    NotAMember = "not_a_member",
    /// There is no such message, or you may not see it.
    UnknownMessage = "unknown_message",
    /// The invite does not exist, has expired, was used up or was revoked.
    InviteInvalid = "invite_invalid",
    /// You may not join this room.
    Banned = "banned",
    /// This path does not know this method.
    MethodNotAllowed = "method_not_allowed",
    /// The name is taken, or looks too much like one that is.
    UsernameTaken = "username_taken",
    /// Another account uses this e-mail address.
    EmailTaken = "email_taken",
    /// Another account uses this telephone number.
    PhoneTaken = "phone_taken",
    /// This account of the other service is linked already, or another one of that service is.
    IdentityTaken = "identity_taken",
    /// This cid was sent before with another body.
    CidReused = "cid_reused",
    /// The request to join was decided or withdrawn already.
    AlreadyDecided = "already_decided",
    /// The message was deleted.
    MessageDeleted = "message_deleted",
    /// The room is archived: it can be read and no longer changed.
    ConversationArchived = "conversation_archived",
    /// A room has exactly one owner: hand it over first.
    LastOwner = "last_owner",
    /// This cannot be done to a conversation of this kind.
    WrongKind = "wrong_kind",
    /// A limit on how many there may be is reached.
    LimitReached = "limit_reached",
    /// The body, header or frame is longer than this server takes.
    TooLarge = "too_large",
    /// The body is of another media type than this route takes.
    UnsupportedMediaType = "unsupported_media_type",
    /// Too many of these in too short a time.
    RateLimited = "rate_limited",
    /// The server has as much to do as it can take: try again.
    Busy = "busy",
    /// The database cannot be reached at the moment: try again.
    Unavailable = "unavailable",
    /// The server is stopping: try again on the next connection.
    Stopping = "stopping",
    /// Something went wrong on the server; its log tells what.
    Internal = "internal",
}

impl ErrorCode {
    /// Whether sending the same again can succeed without anything else being changed first.
    pub fn is_retriable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Busy | Self::Unavailable | Self::Stopping | Self::Internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_travels_as_its_name_and_has_a_meaning() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
            assert!(code.meaning().ends_with('.'), "{code:?}");
        }
    }

    #[test]
    fn the_protocols_page_lists_every_code_with_its_meaning() {
        let page = include_str!("../../../docs/protocol.md");
        for code in ErrorCode::ALL {
            let row = format!("| `{}` | {} |\n", code.as_str(), code.meaning());
            assert!(page.contains(&row), "docs/protocol.md lacks the row {row}");
        }
    }
}
