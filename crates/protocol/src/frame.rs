//! Frames of the socket `GET /api/v1/socket`: text frames, one JSON object each.

use crate::{
    Account, AccountId, ConversationDetails, ConversationId, ConversationPreferences, ConversationSummary,
    ErrorCode, Me, Membership, MembershipState, Message, MessageId, Rev, Seq, SessionId, Timestamp,
    conversation::JoinRequest,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a client says. Unknown fields are ignored.
///
/// Not `Deserialize`: the door looks at `op` first and then reads the frame it names, so that an unknown op and
/// a wrong field are told apart, and because serde cannot read maps with integer keys behind a tag.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of a connection.
    Hello(Hello),
    Send(Send),
    Edit(Edit),
    Delete(Delete),
    React(React),
    Read(Read),
    Typing(Typing),
    /// Asks for a `pong`: browsers hide the protocol's own pings from scripts.
    Ping,
}

impl ClientFrame {
    /// Every `op` that a client may say.
    pub const OPS: &'static [&'static str] =
        &["hello", "send", "edit", "delete", "react", "read", "typing", "ping"];
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Hello {
    /// For clients that can send neither the bearer header nor the cookie.
    #[serde(default)]
    pub token: Option<String>,
    #[serde(default)]
    pub resume: Option<Resume>,
}

/// Where the client's local copy stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Resume {
    /// The `epoch` of the welcome that the copy began with.
    pub epoch: String,
    /// Conversation → the last `rev` applied.
    #[serde(default)]
    pub cursors: BTreeMap<ConversationId, Rev>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Send {
    pub cid: String,
    pub conversation: ConversationId,
    pub body: String,
    #[serde(default)]
    pub reply_to: Option<MessageId>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Edit {
    /// Comes back in the ack or nack.
    #[serde(rename = "ref", default)]
    pub reference: Option<String>,
    pub message: MessageId,
    pub body: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Delete {
    #[serde(rename = "ref", default)]
    pub reference: Option<String>,
    pub message: MessageId,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct React {
    #[serde(rename = "ref", default)]
    pub reference: Option<String>,
    pub message: MessageId,
    pub emoji: String,
    pub on: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Read {
    pub conversation: ConversationId,
    pub seq: Seq,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Typing {
    pub conversation: ConversationId,
}

/// What the server says. Clients ignore unknown ops and fields.
#[expect(clippy::large_enum_variant, reason = "a frame that waits for many is shared, not copied")]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ServerFrame {
    Welcome(Welcome),
    /// Catches a conversation up: everything above `since`, each thing once, as it is now.
    Changes(ChangesFrame),
    /// What the client asked for is stored. Only to the connection that asked.
    Ack(Ack),
    /// What the client asked for was refused. Only to the connection that asked.
    Nack(Nack),
    /// Something happened in a conversation.
    Event(EventFrame),
    Receipt(Receipt),
    Typing(TypingNotice),
    Presence(Presence),
    /// Somebody's name, role or state changed.
    Account(AccountNotice),
    /// My own standing with a conversation changed: let in, asked, turned away, removed.
    Membership(MembershipNotice),
    /// I set something for a conversation, on whichever device.
    Preferences(PreferencesNotice),
    /// To those who decide: a request to join came, or was decided.
    Request(RequestNotice),
    /// The answer to a `ping`.
    Pong,
    /// Events were dropped because the connection was too slow: fetch the changes since your cursor.
    Lag(Lag),
    /// The server is stopping: come back after so many milliseconds.
    Goaway(Goaway),
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Welcome {
    pub account: Me,
    pub session: SessionId,
    /// The identity of this database's history. Another one than before: throw the local copy away.
    pub epoch: String,
    /// Sorted by id.
    pub conversations: Vec<ConversationSummary>,
    /// I am in more than these: the list of conversations has the rest.
    pub has_more: bool,
    /// Rooms that I asked to join.
    pub requests: Vec<JoinRequest>,
    /// Who is connected now, among those whose presence I am told.
    pub online: Vec<AccountId>,
    pub ping_interval_ms: u64,
    /// The server's version.
    pub version: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangesFrame {
    pub conversation: ConversationId,
    pub since: Rev,
    /// The cursor after these changes.
    pub head: Rev,
    pub messages: Vec<Message>,
    pub memberships: Vec<Membership>,
    /// The conversation's own details, when they changed.
    pub details: Option<ConversationDetails>,
    /// More changes lie above `head`: fetch them, or load the conversation afresh.
    pub has_more: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Ack {
    /// Of a send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// Of an edit, a delete or a reaction.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    pub conversation: Option<ConversationId>,
    pub id: Option<MessageId>,
    pub seq: Seq,
    pub rev: Rev,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The cid had been stored before; nothing was stored now.
    pub dup: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Nack {
    pub cid: Option<String>,
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    pub code: ErrorCode,
    /// What was wrong, for people.
    pub detail: Option<String>,
    /// Sending the same again cannot succeed.
    #[serde(rename = "final")]
    pub is_final: bool,
    pub retry_after_ms: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EventFrame {
    pub conversation: ConversationId,
    pub rev: Rev,
    #[serde(flatten)]
    pub event: Event,
}

/// What happened. Each carries the thing as it is after the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type")]
pub enum Event {
    #[serde(rename = "message.created")]
    MessageCreated { message: Message },
    #[serde(rename = "message.edited")]
    MessageEdited { message: Message },
    #[serde(rename = "message.deleted")]
    MessageDeleted { message: Message },
    #[serde(rename = "message.reactions")]
    MessageReactions { message: Message },
    #[serde(rename = "membership.changed")]
    MembershipChanged { membership: Membership },
    #[serde(rename = "conversation.changed")]
    ConversationChanged { details: ConversationDetails },
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    pub conversation: ConversationId,
    pub account: AccountId,
    pub seq: Seq,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct TypingNotice {
    pub conversation: ConversationId,
    pub account: AccountId,
}

/// Whether somebody has a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    Online,
    Offline,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Presence {
    pub account: AccountId,
    pub state: PresenceState,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountNotice {
    pub account: Account,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MembershipNotice {
    pub conversation: ConversationId,
    pub state: MembershipState,
    /// The conversation, when I am in.
    pub summary: Option<ConversationSummary>,
    /// The room's public card, when I wait.
    pub request: Option<JoinRequest>,
}

/// To all connections of the account, in the order in which it was stored.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct PreferencesNotice {
    pub conversation: ConversationId,
    /// All of them, as they are now.
    pub preferences: ConversationPreferences,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RequestNotice {
    pub conversation: ConversationId,
    /// `state` tells: `pending` came, anything else is decided.
    pub membership: Membership,
    /// How many wait now.
    pub pending_count: i64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Lag {
    pub conversation: ConversationId,
    pub head: Rev,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Goaway {
    pub retry_ms: u64,
}
