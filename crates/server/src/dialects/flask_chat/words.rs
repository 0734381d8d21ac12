//! What the events of this dialect carry, and how a name stands before a text.

use chat::{Caller, Error, accounts};
use protocol::{AccountKind, ErrorCode, Message, MessageId, Timestamp};
use serde::Serialize;
use serde_json::Value;

/// `message`, `message_edited`, and each entry of `history`: something that was said in General.
#[derive(Debug, Serialize)]
pub(super) struct Said {
    id: MessageId,
    /// As the page shows it: who, a colon, and the text.
    msg: String,
    name: String,
    /// Nobody checked who it is.
    guest: bool,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
}

impl Said {
    /// `None` for what was deleted.
    pub(super) fn new(message: &Message) -> Option<Self> {
        let body = message.body.as_deref()?;
        // A guest's username carries the sign that says so.
        let name = message.author.username.clone();
        Some(Self {
            id: message.id,
            msg: named(&name, body),
            name,
            guest: message.author.kind == AccountKind::Guest,
            timestamp: message.created_at,
            edited_at: message.edited_at,
        })
    }
}

/// `message_deleted`.
#[derive(Debug, Serialize)]
pub(super) struct Deleted {
    pub(super) id: MessageId,
}

/// `room_message`, as the app's page knows it and without anything else.
#[derive(Debug, Serialize)]
pub(super) struct RoomMessage<'a> {
    msg: String,
    room: &'a str,
}

impl<'a> RoomMessage<'a> {
    /// `None` for what was deleted.
    pub(super) fn new(message: &Message, room: &'a str) -> Option<Self> {
        // Guests have such rooms among themselves, under the names that they gave.
        let name = accounts::name_of(&message.author);
        Some(Self { msg: named(name, message.body.as_deref()?), room })
    }
}

/// `invite_match_user`.
#[derive(Debug, Serialize)]
pub(super) struct Invitation {
    pub(super) inviter: String,
    pub(super) guest: String,
    pub(super) room: String,
    /// The app compares it with a text.
    #[serde(rename = "isActive")]
    is_active: &'static str,
}

impl Invitation {
    pub(super) fn new(inviter: &str, guest: &str) -> Self {
        Self {
            inviter: inviter.to_owned(),
            guest: guest.to_owned(),
            room: room_of(inviter, guest),
            is_active: "true",
        }
    }
}

/// What the room of two is called: their names, sorted and joined.
pub(super) fn room_of(one: &str, other: &str) -> String {
    if one <= other { format!("{one}{other}") } else { format!("{other}{one}") }
}

/// Whose name may be joined with this one in the name of a room. Two at most.
pub(super) fn others_in(room: &str, own: &str) -> Vec<String> {
    let behind = room.strip_prefix(own).filter(|other| own <= *other);
    let before = room.strip_suffix(own).filter(|other| *other <= own);
    let mut others: Vec<String> = behind.into_iter().chain(before).map(str::to_owned).collect();
    others.dedup();
    others
}

/// `page_views`.
#[derive(Debug, Serialize)]
pub(super) struct PageViews {
    pub(super) count: i64,
}

/// `error_message`, and the reason of a connection that was refused.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    code: ErrorCode,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl From<&Error> for Refused {
    fn from(error: &Error) -> Self {
        Self { code: error.code, detail: error.to_string(), retry_after_ms: error.retry_after_ms }
    }
}

/// A text that must be there.
pub(super) fn text<'a>(object: &'a Value, name: &'static str) -> Result<&'a str, Error> {
    let wrong = || Error::invalid(name, format!("`{name}` must be a text."));
    object.get(name).and_then(Value::as_str).ok_or_else(wrong)
}

fn named(name: &str, body: &str) -> String {
    format!("{name}: {body}")
}

/// The name before the first colon, and what follows it.
pub(super) fn split_name(text: &str) -> Option<(&str, &str)> {
    let (name, text) = text.split_once(':')?;
    Some((name.trim(), text.strip_prefix(' ').unwrap_or(text)))
}

/// The text without the speaker's own name before it, which is put back when it is told. Another name is part of the text.
pub(super) fn without_name<'a>(caller: &Caller, text: &'a str) -> &'a str {
    match split_name(text) {
        Some((name, rest)) if accounts::is_own_name(caller, name) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_called_by_both_names_in_their_order() {
        assert_eq!(room_of("bob", "alice"), "alicebob");
        assert_eq!(room_of("alice", "bob"), "alicebob");
        assert_eq!(others_in("alicebob", "bob"), ["alice"]);
        assert_eq!(others_in("alicebob", "alice"), ["bob"]);
        assert_eq!(others_in("alicebob", "carol"), Vec::<String>::new());
        // The same letters in another order are another room.
        assert_eq!(others_in("bobalice", "bob"), Vec::<String>::new());
        assert_eq!(others_in("ababa", "aba"), ["ba", "ab"]);
    }

    #[test]
    fn a_name_stands_before_the_first_colon() {
        assert_eq!(split_name("alice: hi: there"), Some(("alice", "hi: there")));
        assert_eq!(split_name("alice:hi"), Some(("alice", "hi")));
        assert_eq!(split_name("hi"), None);
    }
}
