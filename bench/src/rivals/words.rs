//! What the rivals say: the same bytes as Parlor, so that they carry the same load.

use crate::Outcome;
use protocol::{
    AccountId, AccountKind, Author, ConversationId, Event, Message, MessageId, ServerFrame, Timestamp,
    frame::{Ack, EventFrame},
};

/// A finished frame but for the message's number.
pub(super) struct Words {
    event: (String, String),
    ack: (String, String),
}

impl Words {
    pub(super) fn new() -> Outcome<Self> {
        let cid = "b00000001".to_owned();
        let message = Message {
            id: MessageId(1_000_001),
            conversation_id: ConversationId(2),
            seq: 0,
            rev: 1_000_001,
            author: Author {
                id: AccountId(1001),
                username: "bench_000001".to_owned(),
                display_name: "bench_000001".to_owned(),
                kind: AccountKind::Person,
            },
            dialect: None,
            cid: cid.clone(),
            body: Some(crate::generator::talk::text()),
            created_at: Timestamp(1_795_255_200_000),
            edited_at: None,
            deleted_at: None,
            reply_to: None,
            reactions: Vec::new(),
            mentions: Vec::new(),
        };
        let ack = Ack {
            cid: Some(cid),
            conversation: Some(message.conversation_id),
            id: Some(message.id),
            rev: message.rev,
            created_at: Some(message.created_at),
            ..Ack::default()
        };
        let event = EventFrame {
            conversation: message.conversation_id,
            rev: message.rev,
            event: Event::MessageCreated { message },
        };
        Ok(Self { event: around_seq(&ServerFrame::Event(event))?, ack: around_seq(&ServerFrame::Ack(ack))? })
    }

    pub(super) fn event(&self, seq: i64) -> String {
        format!("{}{seq}{}", self.event.0, self.event.1)
    }

    pub(super) fn ack(&self, seq: i64) -> String {
        format!("{}{seq}{}", self.ack.0, self.ack.1)
    }
}

fn around_seq(frame: &ServerFrame) -> Outcome<(String, String)> {
    let text = serde_json::to_string(frame)?;
    let (before, after) = text.split_once("\"seq\":0").ok_or("a frame without a number")?;
    Ok((format!("{before}\"seq\":"), after.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rivals_say_is_what_parlor_says() {
        let words = Words::new().unwrap();
        let ServerFrame::Event(frame) = serde_json::from_str(&words.event(17)).unwrap() else { panic!() };
        let Event::MessageCreated { message } = frame.event else { panic!() };
        assert_eq!(message.seq, 17);
        assert_eq!(message.body.map(|body| body.len()), Some(100));
        let ServerFrame::Ack(ack) = serde_json::from_str(&words.ack(18)).unwrap() else { panic!() };
        assert_eq!(ack.seq, 18);
    }
}
