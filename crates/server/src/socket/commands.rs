//! What a client may say: the table of commands, and how each is read and answered.

use crate::{app::App, unreadable, wire::bucket};
use chat::{Caller, Error, messages, reactions, receipts};
use protocol::{
    ErrorCode, Message, ServerFrame,
    api::{EditMessage, SendMessage},
    frame::{Ack, Delete, Edit, Hello, Nack, React, Read, Send as SendFrame, Typing},
};
use serde::Deserialize;
use std::{
    borrow::Cow,
    future::{Future, ready},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

/// Who speaks, and to whom.
pub(super) struct Speaker {
    pub(super) app: App,
    pub(super) caller: Caller,
}

/// What is said to this connection; `None` where success needs no answer. Boxed: the largest frame is larger than all else
/// that an idle connection holds, and each place through which an answer passes would be as large.
pub(super) type Answer = Option<Box<ServerFrame>>;

/// A command under way.
pub(super) type Running = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Beside what else a command may be under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// It puts its write into the store's queue before it waits for anything: what begins later is stored later.
    Together,
    /// It looks something up first, so nothing may pass it and it may pass nothing.
    Alone,
}

struct Op {
    name: &'static str,
    order: Order,
    begin: fn(Arc<Speaker>, &str) -> Result<Running, Error>,
}

/// Everything that may be said after the hello.
const TABLE: &[Op] = &[
    Op {
        name: "send",
        order: Order::Together,
        begin: |speaker, text| Ok(Box::pin(send(speaker, read(text)?))),
    },
    Op { name: "edit", order: Order::Alone, begin: |speaker, text| Ok(Box::pin(edit(speaker, read(text)?))) },
    Op {
        name: "delete",
        order: Order::Alone,
        begin: |speaker, text| Ok(Box::pin(delete(speaker, read(text)?))),
    },
    Op {
        name: "react",
        order: Order::Alone,
        begin: |speaker, text| Ok(Box::pin(react(speaker, read(text)?))),
    },
    Op {
        name: "read",
        order: Order::Together,
        begin: |speaker, text| Ok(Box::pin(mark_read(speaker, read(text)?))),
    },
    Op {
        name: "typing",
        order: Order::Together,
        begin: |speaker, text| Ok(Box::pin(typing(speaker, read(text)?))),
    },
    Op {
        name: "ping",
        order: Order::Together,
        begin: |_, _| Ok(Box::pin(ready(Some(Box::new(ServerFrame::Pong))))),
    },
];

async fn send(speaker: Arc<Speaker>, frame: SendFrame) -> Answer {
    let cid = frame.cid.clone();
    let with = SendMessage { cid: frame.cid, body: frame.body, reply_to: frame.reply_to };
    Some(match messages::send(&speaker.app.chat, &speaker.caller, frame.conversation, with).await {
        Ok(sent) => Box::new(ServerFrame::Ack(Ack {
            cid: Some(cid),
            created_at: Some(sent.message.created_at),
            dup: sent.dup,
            ..ack(&sent.message)
        })),
        Err(error) => nack(error, Some(cid), None),
    })
}

async fn edit(speaker: Arc<Speaker>, frame: Edit) -> Answer {
    let with = EditMessage { body: frame.body };
    let edited = messages::edit(&speaker.app.chat, &speaker.caller, frame.message, with).await;
    Some(answer(edited, frame.reference))
}

async fn delete(speaker: Arc<Speaker>, frame: Delete) -> Answer {
    let deleted = messages::delete(&speaker.app.chat, &speaker.caller, frame.message).await;
    Some(answer(deleted, frame.reference))
}

async fn react(speaker: Arc<Speaker>, frame: React) -> Answer {
    let reacted =
        reactions::set(&speaker.app.chat, &speaker.caller, frame.message, &frame.emoji, frame.on).await;
    Some(answer(reacted, frame.reference))
}

async fn mark_read(speaker: Arc<Speaker>, frame: Read) -> Answer {
    let read = receipts::mark_read(&speaker.app.chat, &speaker.caller, frame.conversation, frame.seq).await;
    read.err().map(|error| nack(error, None, None))
}

async fn typing(speaker: Arc<Speaker>, frame: Typing) -> Answer {
    let typed = receipts::typing(&speaker.app.chat, &speaker.caller, frame.conversation).await;
    typed.err().map(|error| nack(error, None, None))
}

fn answer(changed: Result<Message, Error>, reference: Option<String>) -> Box<ServerFrame> {
    match changed {
        Ok(message) => Box::new(ServerFrame::Ack(Ack { reference, ..ack(&message) })),
        Err(error) => nack(error, None, reference),
    }
}

fn ack(message: &Message) -> Ack {
    Ack {
        conversation: Some(message.conversation_id),
        id: Some(message.id),
        seq: message.seq,
        rev: message.rev,
        ..Ack::default()
    }
}

/// Reads a frame and makes the command that it asks for; nothing of it has been done yet.
pub(super) fn read_command(speaker: &Arc<Speaker>, text: &str) -> Result<(Order, Running), Box<ServerFrame>> {
    let command = op_of(text).and_then(|op| Ok((op.order, (op.begin)(Arc::clone(speaker), text)?)));
    command.map_err(|error| refusal_of(text, error))
}

/// The hello, or the refusal of what was said instead.
pub(super) fn read_hello(text: &str) -> Result<Hello, Box<ServerFrame>> {
    let hello = match name_of(text).as_deref() {
        Ok("hello") => read(text),
        Ok(_) => Err(Error::new(ErrorCode::Unauthenticated).because("Say hello first.")),
        Err(error) => Err(error.clone()),
    };
    hello.map_err(|error| refusal_of(text, error))
}

/// The refusal of a frame that is not text.
pub(super) fn binary_refused() -> Box<ServerFrame> {
    nack(Error::new(ErrorCode::InvalidRequest).because("Frames are text."), None, None)
}

/// The refusal of a frame over the rate; after `wait` the next one is welcome.
pub(super) fn rate_refused(text: &str, wait: Duration) -> Box<ServerFrame> {
    refusal_of(text, bucket::over_rate(wait))
}

/// A refusal as a frame.
pub(super) fn nack(error: Error, cid: Option<String>, reference: Option<String>) -> Box<ServerFrame> {
    Box::new(ServerFrame::Nack(Nack {
        cid,
        reference,
        code: error.code,
        is_final: !error.code.is_retriable(),
        detail: error.detail,
        retry_after_ms: error.retry_after_ms,
    }))
}

fn op_of(text: &str) -> Result<&'static Op, Error> {
    let name = name_of(text)?;
    TABLE.iter().find(|op| op.name == name).ok_or_else(|| match name.as_ref() {
        "hello" => Error::invalid("op", "Hello is said once, at the beginning."),
        _ => Error::new(ErrorCode::UnknownOp),
    })
}

fn name_of(text: &str) -> Result<Cow<'_, str>, Error> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        op: Cow<'a, str>,
    }
    read::<Named<'_>>(text).map(|named| named.op)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    let frame = serde_json::from_str(text).map_err(|error| {
        let code = if error.is_data() { ErrorCode::InvalidRequest } else { ErrorCode::MalformedJson };
        Error::new(code).because(unreadable::reason(&error))
    })?;
    // The derived readers would take a list of the fields too.
    if text.trim_ascii_start().starts_with('{') {
        return Ok(frame);
    }
    Err(Error::new(ErrorCode::InvalidRequest).because("A frame is a JSON object."))
}

/// A refusal with the ids by which the client finds what was refused, where they can be read.
fn refusal_of(text: &str, error: Error) -> Box<ServerFrame> {
    let frame: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let id = |name| frame.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    nack(error, id("cid"), id("ref"))
}

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ClientFrame;
    use serde::de::DeserializeOwned;

    fn refusal(text: &str) -> (ErrorCode, Option<String>, Option<String>) {
        let error = op_of(text).and_then(|op| try_reading(op.name, text)).unwrap_err();
        let ServerFrame::Nack(nack) = *refusal_of(text, error) else { panic!("refusals are nacks") };
        assert!(nack.is_final);
        (nack.code, nack.cid, nack.reference)
    }

    fn try_reading(name: &str, text: &str) -> Result<(), Error> {
        fn try_as<T: DeserializeOwned>(text: &str) -> Result<(), Error> {
            read::<T>(text).map(drop)
        }
        match name {
            "send" => try_as::<SendFrame>(text),
            "edit" => try_as::<Edit>(text),
            "delete" => try_as::<Delete>(text),
            "react" => try_as::<React>(text),
            "read" => try_as::<Read>(text),
            "typing" => try_as::<Typing>(text),
            other => panic!("{other} is in the table and not here"),
        }
    }

    #[test]
    fn every_op_of_the_protocol_is_in_the_table() {
        let mut names: Vec<_> = TABLE.iter().map(|op| op.name).collect();
        names.insert(0, "hello");
        assert_eq!(names, ClientFrame::OPS);
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_its_code_and_with_the_id_that_can_be_read() {
        let id = |text: &str| Some(text.to_owned());
        for (text, expected) in [
            ("", (ErrorCode::MalformedJson, None, None)),
            ("{", (ErrorCode::MalformedJson, None, None)),
            (r#"{"op":"send","cid":"a""#, (ErrorCode::MalformedJson, None, None)),
            (r#"{"op":"send","cid":"a"} {}"#, (ErrorCode::MalformedJson, None, None)),
            ("null", (ErrorCode::InvalidRequest, None, None)),
            (r#"["send"]"#, (ErrorCode::InvalidRequest, None, None)),
            ("{}", (ErrorCode::InvalidRequest, None, None)),
            (r#"{"op":7,"ref":"r"}"#, (ErrorCode::InvalidRequest, None, id("r"))),
            (r#"{"op":"hello"}"#, (ErrorCode::InvalidRequest, None, None)),
            (r#"{"op":"fly","cid":"c"}"#, (ErrorCode::UnknownOp, id("c"), None)),
            (
                r#"{"op":"send","cid":"c","conversation":"x","body":"b"}"#,
                (ErrorCode::InvalidRequest, id("c"), None),
            ),
            (r#"{"op":"send","cid":7,"conversation":1,"body":"b"}"#, (ErrorCode::InvalidRequest, None, None)),
            (r#"{"op":"react","ref":"r","message":1}"#, (ErrorCode::InvalidRequest, None, id("r"))),
            (r#"{"op":"read","conversation":1,"seq":1.5}"#, (ErrorCode::InvalidRequest, None, None)),
        ] {
            assert_eq!(refusal(text), expected, "{text}");
        }
    }

    #[test]
    fn an_op_with_escapes_and_fields_that_nobody_knows_are_read() {
        let text = r#"{"new":{"deep":[1]},"\u006fp":"se\u006ed","cid":"c","conversation":1,"body":"b"}"#;
        assert_eq!(op_of(text).ok().map(|op| op.name), Some("send"));
        assert!(read::<SendFrame>(text).is_ok());
    }

    #[test]
    fn before_the_hello_nothing_else_is_heard() {
        for text in [r#"{"op":"send","cid":"c","conversation":1,"body":"b"}"#, r#"{"op":"fly","cid":"c"}"#] {
            let ServerFrame::Nack(nack) = *read_hello(text).unwrap_err() else {
                panic!("refusals are nacks")
            };
            assert_eq!((nack.code, nack.cid.as_deref()), (ErrorCode::Unauthenticated, Some("c")));
        }
        assert!(read_hello(r#"{"op":"hello","resume":{"epoch":"e","cursors":{"1":7,"4":120}}}"#).is_ok());
    }
}
