//! Packets of Socket.IO: who connects and goes, events with arguments, and answers to them. Only the namespace `/` is
//! served, and only JSON: bytes are refused as a whole event.

use super::engine::{self, Revision};
use serde::Serialize;
use serde_json::Value;

/// What a client said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Packet {
    /// Asks to be connected, with what it gives to show who it is. Clients of revision 4 do, for `/`.
    Connect {
        auth: Value,
    },
    Disconnect,
    Event(Event),
    /// Answers something that was not asked, or speaks to a namespace that it is not in.
    Meaningless,
    /// Asks for another namespace.
    Elsewhere {
        namespace: String,
    },
}

/// Something that a client says happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) args: Vec<Value>,
    /// The number under which an answer is awaited.
    pub(crate) answer_to: Option<u64>,
    /// Some of the arguments are bytes, which follow.
    pub(crate) is_binary: bool,
}

/// A text that is no packet. An answer may be awaited all the same.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unreadable {
    pub(crate) answer_to: Option<u64>,
    /// It is of the right form and holds something that is not JSON.
    pub(crate) not_json: bool,
}

const UNREADABLE: Unreadable = Unreadable { answer_to: None, not_json: false };

impl Packet {
    /// Reads `2/namespace,7["name",…]`: the kind, the namespace if it is another than `/`, the number under which an
    /// answer is awaited if one is, and JSON.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut letters = text.chars();
        let kind = letters.next().ok_or(UNREADABLE)?;
        let mut rest = letters.as_str();
        if matches!(kind, '5' | '6') {
            let (attachments, after) = rest.split_once('-').ok_or(UNREADABLE)?;
            attachments.parse::<u32>().map_err(|_| UNREADABLE)?;
            rest = after;
        }
        let (namespace, rest) = match rest.strip_prefix('/') {
            Some(named) => named.split_once(',').unwrap_or((named, "")),
            None => ("", rest),
        };
        let namespace = namespace.split('?').next().unwrap_or_default();
        if !namespace.is_empty() {
            return Ok(match kind {
                '0' => Self::Elsewhere { namespace: namespace.to_owned() },
                '1'..='6' => Self::Meaningless,
                _ => return Err(UNREADABLE),
            });
        }
        match kind {
            '0' => Ok(Self::Connect { auth: if rest.is_empty() { Value::Null } else { json(rest, None)? } }),
            '1' => Ok(Self::Disconnect),
            '2' | '5' => Event::parse(rest, kind == '5').map(Self::Event),
            '3' | '4' | '6' => Ok(Self::Meaningless),
            _ => Err(UNREADABLE),
        }
    }
}

impl Event {
    fn parse(text: &str, is_binary: bool) -> Result<Self, Unreadable> {
        let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, data) = text.split_at_checked(digits).ok_or(UNREADABLE)?;
        let answer_to = if number.is_empty() { None } else { Some(number.parse().map_err(|_| UNREADABLE)?) };
        let wrong = Unreadable { answer_to, not_json: false };
        let Value::Array(args) = json(data, answer_to)? else { return Err(wrong) };
        let mut args = args.into_iter();
        let Some(Value::String(name)) = args.next() else { return Err(wrong) };
        Ok(Self { name, args: args.collect(), answer_to, is_binary })
    }
}

fn json(text: &str, answer_to: Option<u64>) -> Result<Value, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable { answer_to, not_json: true })
}

/// An event for the client, ready to be sent.
pub(crate) fn event(name: &str, data: &impl Serialize) -> String {
    // Our own words always serialise: plain structs with string keys.
    let told = serde_json::to_string(&(name, data)).unwrap_or_default();
    engine::message(&format!("2{told}"))
}

/// The answer to an event, without arguments.
pub(crate) fn answer(number: u64) -> String {
    engine::message(&format!("3{number}[]"))
}

/// The client is connected.
pub(crate) fn connected(revision: Revision, id: &str) -> String {
    engine::message(&match revision {
        Revision::Three => "0".to_owned(),
        Revision::Four => format!("0{}", serde_json::json!({ "sid": id })),
    })
}

/// The client is not connected. `namespace` is without its first slash.
pub(crate) fn refused(revision: Revision, namespace: &str, message: &str, data: &impl Serialize) -> String {
    let namespace = if namespace.is_empty() { String::new() } else { format!("/{namespace},") };
    // Our own words always serialise.
    let data = serde_json::to_value(data).unwrap_or_default();
    let why = match revision {
        // These clients hand on whatever stands here.
        Revision::Three if data.is_null() => Value::from(message),
        Revision::Three => data,
        Revision::Four => serde_json::json!({ "message": message, "data": data }),
    };
    engine::message(&format!("4{namespace}{why}"))
}

/// The client is sent away and should not come back by itself.
pub(crate) fn sent_away() -> String {
    engine::message("1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(text: &str) -> Event {
        match Packet::parse(text) {
            Ok(Packet::Event(event)) => event,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_event_has_a_name_arguments_and_perhaps_a_number() {
        let plain = parsed("2[\"is_online\",\"alice\"]");
        assert_eq!(
            (plain.name.as_str(), plain.args, plain.answer_to),
            ("is_online", vec![json!("alice")], None)
        );
        let asked = parsed("2/,12[\"x\",1,{\"a\":[]}]");
        assert_eq!((asked.args, asked.answer_to), (vec![json!(1), json!({ "a": [] })], Some(12)));
        let binary = parsed("51-3[\"x\",{\"_placeholder\":true,\"num\":0}]");
        assert!(binary.is_binary && binary.answer_to == Some(3));
    }

    #[test]
    fn what_is_no_event_says_so_and_keeps_the_number_of_who_waits() {
        for (text, answer_to, not_json) in [
            ("2", None, true),
            ("27{", Some(7), true),
            ("2{}", None, false),
            ("28[]", Some(8), false),
            ("29[1]", Some(9), false),
            ("", None, false),
            ("9", None, false),
            ("ü", None, false),
            ("5[\"x\"]", None, false),
            ("2999999999999999999999999[\"x\"]", None, false),
            ("0{", None, true),
        ] {
            assert_eq!(Packet::parse(text), Err(Unreadable { answer_to, not_json }), "{text:?}");
        }
    }

    #[test]
    fn only_the_first_namespace_is_served() {
        assert_eq!(Packet::parse("0"), Ok(Packet::Connect { auth: Value::Null }));
        assert_eq!(
            Packet::parse("0{\"token\":\"t\"}"),
            Ok(Packet::Connect { auth: json!({ "token": "t" }) })
        );
        assert_eq!(Packet::parse("0/?a=b,"), Ok(Packet::Connect { auth: Value::Null }));
        assert_eq!(Packet::parse("0/admin,{}"), Ok(Packet::Elsewhere { namespace: "admin".to_owned() }));
        assert_eq!(Packet::parse("2/admin,[\"x\"]"), Ok(Packet::Meaningless));
        assert_eq!(Packet::parse("1"), Ok(Packet::Disconnect));
        assert_eq!(Packet::parse("31[]"), Ok(Packet::Meaningless));
    }

    #[test]
    fn packets_are_written_as_each_revision_reads_them() {
        assert_eq!(event("page_views", &json!({ "count": 1 })), "42[\"page_views\",{\"count\":1}]");
        assert_eq!(answer(7), "437[]");
        assert_eq!(connected(Revision::Three, "x"), "40");
        assert_eq!(connected(Revision::Four, "x"), "40{\"sid\":\"x\"}");
        assert_eq!(refused(Revision::Three, "admin", "no", &()), "44/admin,\"no\"");
        assert_eq!(refused(Revision::Four, "", "no", &1), "44{\"data\":1,\"message\":\"no\"}");
    }
}
