//! The words of this dialect for what Parlor knows: messages, people, where something is said.

use chat::{Caller, Chat, Error, conversations};
use protocol::{
    Account, AccountId, AccountKind, Author, ConversationId, ConversationKind, ConversationSummary,
    ErrorCode, Message,
};
use serde_json::{Map, Value, json};

/// A conversation as this dialect names it: by its kind, and by an id that means that kind only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    General,
    Private { chat: ConversationId, me: AccountId, other: AccountId },
    Room { room: ConversationId },
}

impl Place {
    /// The place of a conversation that `me` is in; `None` for a direct chat without another side.
    pub(super) fn of(summary: &ConversationSummary, me: AccountId) -> Option<Self> {
        let id = summary.details.id;
        Some(match summary.details.kind {
            ConversationKind::General => Self::General,
            ConversationKind::Direct => Self::Private { chat: id, me, other: summary.with.as_ref()?.id },
            ConversationKind::Room => Self::Room { room: id },
        })
    }

    /// Its id, under the name that it has in paths and frames. General has none.
    pub(super) fn id(self) -> Option<(&'static str, ConversationId)> {
        match self {
            Self::General => None,
            Self::Private { chat, .. } => Some(("chat_id", chat)),
            Self::Room { room } => Some(("room_id", room)),
        }
    }

    /// The fields by which a client knows where something belongs.
    pub(super) fn fields(self) -> Map<String, Value> {
        let kind = match self {
            Self::General => "general",
            Self::Private { .. } => "private",
            Self::Room { .. } => "room",
        };
        let mut fields = Map::from_iter([("chat_type".to_owned(), json!(kind))]);
        fields.extend(self.id().map(|(name, id)| (name.to_owned(), json!(id))));
        fields
    }

    /// A frame that is no message.
    pub(super) fn frame(self, kind: &str, more: Value) -> Value {
        let mut fields = self.fields();
        fields.insert("type".to_owned(), json!(kind));
        if let Value::Object(more) = more {
            fields.extend(more);
        }
        Value::Object(fields)
    }

    /// A message in the form that the app's document gives it in this place, with some fields more.
    pub(super) fn message(self, message: &Message) -> Value {
        let author = &message.author;
        let mut fields = self.fields();
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        set("id", json!(message.id));
        set("seq", json!(message.seq));
        match self {
            Self::Private { me, other, .. } => {
                let receiver = if author.id == me { other } else { me };
                set("sender_id", json!(author.id));
                set("receiver_id", json!(receiver));
            }
            Self::General | Self::Room { .. } => {
                set("user_id", json!(author.id));
            }
        }
        set("username", json!(author.username));
        if author.kind == AccountKind::Guest {
            set("is_guest", json!(true));
        }
        if let Some(body) = &message.body {
            set("content", json!(body));
        }
        set("timestamp", json!(message.created_at));
        set("edited_at", json!(message.edited_at));
        Value::Object(fields)
    }
}

/// A conversation of the caller, where it is of the wanted kind. Any other is answered like one that does not exist.
///
/// Errors: `not_a_member`.
pub(super) async fn conversation(
    chat: &Chat,
    caller: &Caller,
    kind: ConversationKind,
    id: ConversationId,
) -> chat::Result<(ConversationSummary, Place)> {
    let summary = conversations::get(chat, caller, id).await?;
    let place = Place::of(&summary, caller.account.id).filter(|_| summary.details.kind == kind);
    Ok((summary, place.ok_or(ErrorCode::NotAMember)?))
}

/// The short form of somebody.
pub(super) fn author(author: &Author) -> Value {
    json!({ "id": author.id, "username": author.username, "display_name": author.display_name })
}

/// The short form of an account.
pub(super) fn person(account: &Account) -> Value {
    author(&account.author())
}

/// A refusal of a frame. `about` are the fields of the frame by which its sender knows it again.
pub(super) fn refusal(error: &Error, about: &Map<String, Value>) -> Value {
    let mut fields = about.clone();
    fields.insert("type".to_owned(), json!("error"));
    fields.insert("code".to_owned(), json!(error.code));
    fields.insert("detail".to_owned(), json!(error.to_string()));
    if let Some(field) = error.field {
        // What the rules call by their own names.
        let field = match field {
            "body" => "content",
            "cid" => "client_id",
            other => other,
        };
        fields.insert("field".to_owned(), json!(field));
    }
    if let Some(ms) = error.retry_after_ms {
        fields.insert("retry_after_ms".to_owned(), json!(ms));
    }
    Value::Object(fields)
}
