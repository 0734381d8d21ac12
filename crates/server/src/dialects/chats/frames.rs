//! What a client says on a socket. The app's document gives the message frames and speaks of a join message without
//! showing it; the rest is Parlor's addition to it.

use super::words::Place;
use chat::Error;
use protocol::{ErrorCode, MessageId, Seq, ids::GENERAL};
use serde_json::{Map, Value};

/// A text of a frame that is repeated in the answer to it is at most so long, like a cid.
const REPEATED_LEN_MAX: usize = 64;

/// The join message where it is one word, as it is or as JSON.
const JOIN: &str = "join";

/// What a frame asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// To be here, which every connection is from its beginning.
    Join,
    Say {
        content: String,
        /// The client's own id of the message, by which a repeated one is known.
        cid: Option<String>,
    },
    Edit {
        id: MessageId,
        content: String,
    },
    Delete {
        id: MessageId,
    },
    Typing,
    Read(Upto),
}

/// How far somebody has read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Upto {
    Message(MessageId),
    Seq(Seq),
    Newest,
}

/// A frame that was read, or why it cannot be, and the fields by which its sender knows an answer to it.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) asked: Result<Asked, Error>,
    pub(super) about: Map<String, Value>,
}

/// Reads a frame that was sent in a place.
pub(super) fn read(place: Place, text: &str) -> Frame {
    if text.trim() == JOIN {
        return joined();
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Frame { asked: asked(place, &fields), about: about(&fields) },
        Ok(Value::String(word)) if word == JOIN => joined(),
        Ok(_) => {
            let why = "A frame is a JSON object, such as {\"content\": \"Hello!\"}.";
            refused(Error::new(ErrorCode::InvalidRequest).because(why))
        }
        Err(_) => refused(Error::new(ErrorCode::MalformedJson)),
    }
}

fn joined() -> Frame {
    Frame { asked: Ok(Asked::Join), about: Map::new() }
}

fn refused(error: Error) -> Frame {
    Frame { asked: Err(error), about: Map::new() }
}

fn about(fields: &Map<String, Value>) -> Map<String, Value> {
    let is_short = |value: &Value| match value {
        Value::String(text) => text.len() <= REPEATED_LEN_MAX,
        value => value.is_i64(),
    };
    let named = ["client_id", "cid", "id"].into_iter().filter_map(|name| {
        let value = fields.get(name).filter(|value| is_short(value))?;
        Some((name.to_owned(), value.clone()))
    });
    named.collect()
}

fn asked(place: Place, fields: &Map<String, Value>) -> Result<Asked, Error> {
    belongs(place, fields)?;
    match fields.get("type") {
        Some(Value::String(kind)) => match kind.as_str() {
            "message" => say(fields),
            "join" => Ok(Asked::Join),
            "edit" => Ok(Asked::Edit { id: message(fields)?, content: content(fields)? }),
            "delete" => Ok(Asked::Delete { id: message(fields)? }),
            "typing" => Ok(Asked::Typing),
            "read" => Ok(Asked::Read(upto(fields)?)),
            _ => {
                let why = "The type can be message, join, edit, delete, typing or read.";
                Err(Error::new(ErrorCode::UnknownOp).because(why))
            }
        },
        None | Some(Value::Null) if fields.contains_key("content") => say(fields),
        None | Some(Value::Null) if fields.contains_key("join") => Ok(Asked::Join),
        None | Some(Value::Null) => Err(Error::invalid("content", "content: Field required")),
        Some(_) => Err(Error::invalid("type", "type: Input should be a valid string")),
    }
}

/// Refuses a frame that names another chat or room than the one it was sent in: it was meant for others to read.
fn belongs(place: Place, fields: &Map<String, Value>) -> Result<(), Error> {
    let id = place.id().map_or(GENERAL, |(_, id)| id);
    for name in ["chat_id", "room_id"] {
        if number(fields, name)?.is_some_and(|named| named != id.0) {
            return Err(Error::invalid(name, format!("{name}: This connection is for {id}.")));
        }
    }
    Ok(())
}

fn say(fields: &Map<String, Value>) -> Result<Asked, Error> {
    let cid = match fields.get("client_id").or_else(|| fields.get("cid")) {
        None | Some(Value::Null) => None,
        Some(Value::String(cid)) => Some(cid.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(_) => return Err(Error::invalid("client_id", "client_id: Input should be a valid string")),
    };
    Ok(Asked::Say { content: content(fields)?, cid })
}

fn content(fields: &Map<String, Value>) -> Result<String, Error> {
    match fields.get("content") {
        Some(Value::String(content)) => Ok(content.clone()),
        None | Some(Value::Null) => Err(Error::invalid("content", "content: Field required")),
        Some(_) => Err(Error::invalid("content", "content: Input should be a valid string")),
    }
}

fn message(fields: &Map<String, Value>) -> Result<MessageId, Error> {
    let id = number(fields, "id")?.ok_or_else(|| Error::invalid("id", "id: Field required"))?;
    Ok(MessageId(id))
}

fn upto(fields: &Map<String, Value>) -> Result<Upto, Error> {
    Ok(match (number(fields, "id")?, number(fields, "seq")?) {
        (Some(id), _) => Upto::Message(MessageId(id)),
        (None, Some(seq)) => Upto::Seq(seq),
        (None, None) => Upto::Newest,
    })
}

/// A whole number, or a text of one.
fn number(fields: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, Error> {
    let number = match fields.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let number =
        number.ok_or_else(|| Error::invalid(name, format!("{name}: Input should be a valid integer")));
    number.map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{AccountId, ConversationId};

    const CHAT: Place = Place::Private { chat: ConversationId(7), me: AccountId(1), other: AccountId(2) };

    fn reads(text: &str) -> Result<Asked, ErrorCode> {
        read(CHAT, text).asked.map_err(|error| error.code)
    }

    #[test]
    fn the_documented_frames_and_every_form_of_joining_are_understood() {
        let says = |content: &str, cid: Option<&str>| {
            Ok(Asked::Say { content: content.to_owned(), cid: cid.map(str::to_owned) })
        };
        assert_eq!(reads(r#"{"content":"Hello!","chat_id":7}"#), says("Hello!", None));
        assert_eq!(reads(r#"{"content":"Hello!","chat_id":"7","room_id":null}"#), says("Hello!", None));
        assert_eq!(
            reads(r#"{"type":"message","content":"a","client_id":"x-1","join":1}"#),
            says("a", Some("x-1"))
        );
        assert_eq!(reads(r#"{"content":"a","cid":12}"#), says("a", Some("12")));
        for join in [
            "join",
            "\"join\"",
            r#"{"type":"join"}"#,
            r#"{"join":"ramesh"}"#,
            r#"{"type":"join","content":1}"#,
        ] {
            assert_eq!(reads(join), Ok(Asked::Join), "{join}");
        }
        assert_eq!(reads(r#"{"type":"read"}"#), Ok(Asked::Read(Upto::Newest)));
        assert_eq!(reads(r#"{"type":"read","id":3}"#), Ok(Asked::Read(Upto::Message(MessageId(3)))));
        assert_eq!(reads(r#"{"type":"delete","id":3}"#), Ok(Asked::Delete { id: MessageId(3) }));
    }

    #[test]
    fn what_makes_no_sense_or_was_meant_for_others_is_refused() {
        for (text, code) in [
            ("", ErrorCode::MalformedJson),
            ("Hello!", ErrorCode::MalformedJson),
            ("\"Hello!\"", ErrorCode::InvalidRequest),
            ("[]", ErrorCode::InvalidRequest),
            ("{}", ErrorCode::InvalidRequest),
            (r#"{"content":5}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"a","chat_id":8}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"a","chat_id":7,"room_id":3}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"a","chat_id":{}}"#, ErrorCode::InvalidRequest),
            (r#"{"content":"a","cid":[]}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"message"}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"edit","id":1}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"delete","id":99999999999999999999}"#, ErrorCode::InvalidRequest),
            (r#"{"type":7,"content":"a"}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"shout","content":"a"}"#, ErrorCode::UnknownOp),
        ] {
            assert_eq!(reads(text), Err(code), "{text}");
        }
    }

    #[test]
    fn an_answer_repeats_short_marks_and_nothing_long() {
        let long = "x".repeat(REPEATED_LEN_MAX + 1);
        let text = format!(r#"{{"content":1,"client_id":"{long}","cid":"c","id":4}}"#);
        assert_eq!(Value::Object(read(CHAT, &text).about), serde_json::json!({ "cid": "c", "id": 4 }));
    }
}
