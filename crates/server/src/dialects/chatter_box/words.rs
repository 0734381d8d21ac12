//! The words of Chatter-Box: the frame that a client sends, those that it is sent, and the rows of its histories.

use chat::Error;
use protocol::{AccountKind, ErrorCode, Message, MessageId, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use std::ops::Not;

/// What a client says, and to whom: to all where there is no number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) content: String,
    pub(super) to: Option<i64>,
}

/// Reads a frame. A receiver that is missing, null or 0 means all; a number may be written as a text, as forms send it.
///
/// Errors: `malformed_json`, `invalid_request`.
pub(super) fn read(text: &str) -> Result<Said, Error> {
    let frame: Value = serde_json::from_str(text).map_err(|_| Error::new(ErrorCode::MalformedJson))?;
    let Some(Value::String(content)) = frame.get("content") else {
        return Err(Error::invalid("content", "A frame is an object with a text as its content."));
    };
    let to = match frame.get("receiver_id") {
        None | Some(Value::Null) => None,
        Some(Value::String(number)) => Some(number.trim().parse().map_err(|_| no_number())?),
        Some(number) => Some(number.as_i64().ok_or_else(no_number)?),
    };
    Ok(Said { content: content.clone(), to: to.filter(|number| *number != 0) })
}

fn no_number() -> Error {
    Error::invalid("receiver_id", "The receiver is a whole number, or missing for all.")
}

/// A message as it is told: `receiver_id` only where it was to one. The keys stand in the order of the app.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    pub(super) content: &'a str,
    pub(super) sender_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receiver_id: Option<i64>,
    /// Nobody checked who the sender is.
    #[serde(skip_serializing_if = "Not::not")]
    pub(super) is_guest: bool,
}

impl Told<'_> {
    pub(super) fn frame(&self) -> String {
        // A text, numbers and a yes or no always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The app has no words for what becomes of a message later. Its page passes over frames without a sender, so these have
/// none.
pub(super) fn edited(id: MessageId, content: &str) -> String {
    json!({ "type": "edited", "id": id, "content": content }).to_string()
}

/// The same for a message that is gone.
pub(super) fn deleted(id: MessageId) -> String {
    json!({ "type": "deleted", "id": id }).to_string()
}

/// Why something was not done; without a sender too. `retry_after_ms` is null where waiting does not help.
pub(super) fn refused(error: &Error) -> String {
    let why = error.to_string();
    json!({ "error": why, "code": error.code, "retry_after_ms": error.retry_after_ms }).to_string()
}

/// A message in a history.
#[derive(Serialize)]
pub(super) struct Row {
    id: MessageId,
    content: String,
    sender_id: i64,
    receiver_id: Option<i64>,
    timestamp: String,
    /// Nobody checked who the sender is.
    #[serde(skip_serializing_if = "Not::not")]
    is_guest: bool,
}

/// The row of a message; none for a deleted one, because the app has no word for a message without a text.
pub(super) fn row(message: Message, sender_id: i64, receiver_id: Option<i64>) -> Option<Row> {
    let timestamp = naive(message.created_at);
    let is_guest = message.author.kind == AccountKind::Guest;
    message.body.map(|content| Row { id: message.id, content, sender_id, receiver_id, timestamp, is_guest })
}

/// UTC without saying so, in microseconds of which Parlor knows the milliseconds.
fn naive(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{}000", text.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_without_a_receiver_is_for_all() {
        let said = |to| Ok(Said { content: "hi".to_owned(), to });
        for (frame, to) in [
            (r#"{"content":"hi"}"#, None),
            (r#"{"content":"hi","receiver_id":null}"#, None),
            (r#"{"content":"hi","receiver_id":0}"#, None),
            (r#"{"content":"hi","receiver_id":2}"#, Some(2)),
            (r#"{"content":"hi","receiver_id":"2","sender_id":9}"#, Some(2)),
        ] {
            assert_eq!(read(frame), said(to), "{frame}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (frame, code) in [
            ("", ErrorCode::MalformedJson),
            ("{", ErrorCode::MalformedJson),
            ("hello", ErrorCode::MalformedJson),
            ("[]", ErrorCode::InvalidRequest),
            ("\"content\"", ErrorCode::InvalidRequest),
            ("{}", ErrorCode::InvalidRequest),
            (r#"{"content":7}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"hi","receiver_id":"Madhu"}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"hi","receiver_id":1.5}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"hi","receiver_id":[1]}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"hi","receiver_id":99999999999999999999}"#, ErrorCode::InvalidRequest),
        ] {
            assert_eq!(read(frame).unwrap_err().code, code, "{frame}");
        }
    }

    #[test]
    fn frames_have_the_keys_of_the_app_and_no_others() {
        let told = Told { content: "hi", sender_id: 1, receiver_id: None, is_guest: false };
        assert_eq!(told.frame(), r#"{"content":"hi","sender_id":1}"#);
        let told = Told { receiver_id: Some(2), ..told };
        assert_eq!(told.frame(), r#"{"content":"hi","sender_id":1,"receiver_id":2}"#);
        for quiet in
            [edited(MessageId(3), "x"), deleted(MessageId(3)), refused(&Error::new(ErrorCode::NotFound))]
        {
            assert!(!quiet.contains("sender_id"), "the page would show {quiet}");
        }
    }

    #[test]
    fn a_moment_has_microseconds_and_no_zone() {
        assert_eq!(naive(Timestamp(1_795_255_200_123)), "2026-11-21T10:00:00.123000");
    }
}
