//! The bodies of requests and answers of `/api/v1` that are not nouns by themselves.

use crate::{
    Account, AccountId, AccountRole, ConversationKind, ConversationSummary, ErrorCode, Identity, Invite, Me,
    Membership, MembershipRole, MembershipState, Message, MessageEdit, MessageId, Notify, Provider, Seq,
    Session, Timestamp, conversation::JoinRequest,
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The meaning of the code.
    pub title: String,
    pub status: u16,
    pub code: ErrorCode,
    /// What was wrong this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field that was refused, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// When to try again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Stands in the server's log too.
    pub request_id: String,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everyone.
    Open,
    /// Who brings a valid invite.
    Invite,
    /// Nobody.
    Closed,
}

/// What anyone may know about the installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerInfo {
    pub name: String,
    pub version: String,
    pub registration: Registration,
    /// Services by whose accounts one can sign in, besides by password. New ones may be added.
    pub sign_in_with: Vec<Provider>,
    /// The longest message, in characters.
    pub message_chars_max: usize,
    /// The shortest password, in characters.
    pub password_chars_min: usize,
}

/// An administrator's change to the installation. What is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateServer {
    pub registration: Option<Registration>,
}

/// My accounts of other services.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IdentityList {
    pub identities: Vec<Identity>,
}

/// Begin to link an account of another service.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LinkIdentity {
    pub current_password: String,
}

/// Where the browser goes on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GoOn {
    pub url: String,
}

/// Sign up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignUp {
    pub username: String,
    pub password: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    /// The code of an invite, where registration asks for one.
    #[serde(default)]
    pub invite: Option<String>,
}

/// Make the administrator's account with the code of the one-time link.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetUp {
    pub code: String,
    #[serde(flatten)]
    pub account: SignUp,
}

/// How the token of a new session should look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A random token that is looked up, valid until the session ends.
    #[default]
    Opaque,
    /// A JWT that expires within minutes, with a refresh token beside it.
    Jwt,
}

/// Sign in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignIn {
    /// Username or e-mail address.
    pub login: String,
    pub password: String,
    #[serde(default)]
    pub token_kind: TokenKind,
}

/// Exchange a refresh token. Each is good for one use; a second use ends the session.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Refresh {
    pub refresh_token: String,
}

/// Signed in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    pub account: Me,
    /// For `Authorization: Bearer`.
    pub token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// When the token stops working.
    pub expires_at: Timestamp,
}

/// A change to one's own account. What is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateMe {
    pub display_name: Option<String>,
    /// An empty string removes the address. Needs `current_password`.
    pub email: Option<String>,
    pub current_password: Option<String>,
}

/// A new password. All other sessions of the account end.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangePassword {
    pub current_password: String,
    pub new_password: String,
}

/// An administrator's change to an account. What is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateAccount {
    pub role: Option<AccountRole>,
    pub deactivated: Option<bool>,
}

/// Start a direct chat or make a room.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateConversation {
    /// `direct` or `room`.
    pub kind: ConversationKind,
    /// The room's name.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// The other side of the direct chat.
    #[serde(default)]
    pub account_id: Option<AccountId>,
}

/// A conversation that was made or found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreatedConversation {
    pub conversation: ConversationSummary,
    /// A new room's first invite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite: Option<Invite>,
}

/// A change to a room. What is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateConversation {
    pub name: Option<String>,
    pub description: Option<String>,
    pub archived: Option<bool>,
}

/// Post a message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SendMessage {
    /// 1 to 64 printable ASCII characters; a UUID, version 7, is a good choice.
    #[schema(pattern = "^[!-~]{1,64}$")]
    pub cid: String,
    pub body: String,
    #[serde(default)]
    pub reply_to: Option<MessageId>,
}

/// A message that was posted; `dup` when this cid had been stored before.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SentMessage {
    #[serde(flatten)]
    pub message: Message,
    pub dup: bool,
}

/// Change the text of one's own message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EditMessage {
    pub body: String,
}

/// Read up to and including this message.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct MarkRead {
    #[schema(minimum = 0)]
    pub seq: Seq,
}

/// Where reading stands after a receipt.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReadState {
    pub read_seq: Seq,
    pub unread: i64,
}

/// A change to what I set for a conversation. What is absent stays as it is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdatePreferences {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<Notify>,
    /// `null`: not muted. At most 100 years ahead; a far moment stands for "until I say otherwise".
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Timestamp>)]
    pub muted_until: Option<Option<Timestamp>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favourite: Option<bool>,
    /// A message that is there; `null`: no longer marked.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Seq>)]
    pub unread_from: Option<Option<Seq>>,
}

/// A field that is there, be it `null`: tells "becomes nothing" from "stays as it is".
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// Make an invite.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateInvite {
    #[serde(default = "yes")]
    pub needs_approval: bool,
    /// Absent or `null`: any number.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub max_uses: Option<i64>,
    /// Seconds from now. Absent: the server's usual time; `null` is the same.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 31_622_400)]
    pub expires_in_s: Option<i64>,
}

impl Default for CreateInvite {
    fn default() -> Self {
        Self { needs_approval: true, max_uses: None, expires_in_s: None }
    }
}

fn yes() -> bool {
    true
}

/// What came of following an invite: `active` or `pending`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Joined {
    pub state: MembershipState,
    pub conversation_id: crate::ConversationId,
    /// The room, for who is in.
    pub conversation: Option<ConversationSummary>,
}

/// Change a member's role. `owner` hands the room over.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct UpdateMembership {
    pub role: MembershipRole,
}

/// The sidebar.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConversationList {
    /// Sorted by id.
    pub conversations: Vec<ConversationSummary>,
    /// Rooms that I asked to join and that have not decided.
    pub requests: Vec<JoinRequest>,
    pub has_more: bool,
}

/// People.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountList {
    /// Sorted by id.
    pub accounts: Vec<Account>,
    pub has_more: bool,
}

/// My sessions.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SessionList {
    /// The newest first.
    pub sessions: Vec<Session>,
}

/// Members of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MembershipList {
    /// Sorted by account id.
    pub memberships: Vec<Membership>,
    pub has_more: bool,
}

/// Invites of a room.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InviteList {
    /// The newest first.
    pub invites: Vec<Invite>,
}

/// What a message said before.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EditList {
    /// The oldest first.
    pub edits: Vec<MessageEdit>,
}
