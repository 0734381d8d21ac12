//! The words that every part of Parlor shares: ids, nouns, commands, events, frames and error codes.
//!
//! Nothing here does I/O or decides anything. What the HTTP API and the socket say on the wire is exactly
//! what these types serialise to; the OpenAPI document and the web client's types are made from them.

pub mod account;
pub mod administration;
pub mod api;
pub mod conversation;
pub mod dialect;
pub mod error;
pub mod frame;
pub mod identity;
pub mod ids;
pub mod inbox;
pub mod invite;
pub mod membership;
pub mod message;
pub mod preferences;
pub mod session;
pub mod timestamp;

pub use account::{Account, AccountKind, AccountRole, Author, Me};
pub use conversation::{Changes, ConversationDetails, ConversationKind, ConversationSummary, Page};
pub use dialect::Dialect;
pub use error::ErrorCode;
pub use frame::{ClientFrame, Event, ServerFrame};
pub use identity::{Identity, Provider};
pub use ids::{AccountId, ConversationId, InviteId, MessageId, SessionId};
pub use inbox::{Inbox, InboxItem};
pub use invite::{Invite, InviteCard};
pub use membership::{Membership, MembershipRole, MembershipState};
pub use message::{Message, MessageEdit, Reaction};
pub use preferences::{ConversationPreferences, Notify};
pub use session::Session;
pub use timestamp::Timestamp;

/// The number of a message in its conversation: 1, 2, 3, without gaps. 0 stands for "before the first".
pub type Seq = i64;

/// The number of a change in its conversation: every change that members can see raises it by one.
pub type Rev = i64;
