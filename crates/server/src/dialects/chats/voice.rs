//! One connection of this dialect: does what its frames ask for. What it tells of what happens stands in `news`.

mod news;

use super::{
    super::talk::Tongue,
    frames::{self, Asked, Frame, Upto},
    words::{self, Place},
};
use crate::{random, wire::Close};
use chat::{Caller, Chat, Error, conversations, ears::Heard, messages, receipts};
use protocol::{
    ConversationId, ErrorCode, Message, MessageId, Seq,
    api::{EditMessage, SendMessage},
};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// What speaks on a connection.
pub(super) struct Voice {
    chat: Chat,
    caller: Caller,
    id: ConversationId,
    place: Place,
    /// Rooms at which the account waits.
    waiting: HashSet<ConversationId>,
    /// Other conversations, as far as something was told of them; no more than the account is in.
    known: HashMap<ConversationId, Elsewhere>,
    /// The account was let go of the conversation.
    is_out: bool,
}

/// Another conversation of the account.
struct Elsewhere {
    place: Place,
    name: Option<String>,
}

impl Voice {
    /// The voice of somebody who is in this conversation. Errors: `busy`, `unavailable`.
    pub(super) async fn new(
        chat: &Chat,
        caller: Caller,
        id: ConversationId,
        place: Place,
    ) -> chat::Result<Self> {
        // No conversation has a higher number: only the requests come.
        let last = Some(ConversationId(i64::MAX));
        let requests = conversations::list(chat, &caller, last, Some(1)).await?.requests;
        Ok(Self {
            chat: chat.clone(),
            caller,
            id,
            place,
            waiting: requests.into_iter().map(|request| request.conversation_id).collect(),
            known: HashMap::new(),
            is_out: false,
        })
    }

    /// Does what was asked for. Gives what there is to answer beside what everyone is told.
    async fn act(&mut self, asked: Asked) -> chat::Result<Option<Value>> {
        match asked {
            Asked::Join => Ok(None),
            Asked::Say { content, cid } => self.say(content, cid).await,
            Asked::Edit { id, content } => {
                let before = self.message_here(id).await?;
                let with = EditMessage { body: content };
                let after = messages::edit(&self.chat, &self.caller, id, with).await?;
                Ok(self.unchanged(&before, &after, "edited"))
            }
            Asked::Delete { id } => {
                let before = self.message_here(id).await?;
                let after = messages::delete(&self.chat, &self.caller, id).await?;
                Ok(self.unchanged(&before, &after, "deleted"))
            }
            Asked::Typing => receipts::typing(&self.chat, &self.caller, self.id).await.map(|()| None),
            Asked::Read(upto) => {
                let seq = match upto {
                    Upto::Message(id) => self.message_here(id).await?.seq,
                    Upto::Seq(seq) => seq,
                    // The rule stops at the newest.
                    Upto::Newest => Seq::MAX,
                };
                receipts::mark_read(&self.chat, &self.caller, self.id, seq).await.map(|_| None)
            }
        }
    }

    async fn say(&mut self, content: String, cid: Option<String>) -> chat::Result<Option<Value>> {
        let cid = cid.map_or_else(random::id, Ok)?;
        let with = SendMessage { cid, body: content, reply_to: None };
        let sent = messages::send(&self.chat, &self.caller, self.id, with).await?;
        if !sent.dup {
            // Its sender hears it like everybody else.
            return Ok(None);
        }
        let kind = if sent.message.body.is_some() { "message" } else { "deleted" };
        let mut again = self.told(kind, &sent.message);
        if let Value::Object(fields) = &mut again {
            fields.insert("dup".to_owned(), json!(true));
        }
        Ok(Some(again))
    }

    /// A message of this conversation: others are changed where they are. Errors: `unknown_message`.
    async fn message_here(&self, id: MessageId) -> chat::Result<Message> {
        let message = messages::get(&self.chat, &self.caller, id).await?;
        if message.conversation_id == self.id { Ok(message) } else { Err(ErrorCode::UnknownMessage.into()) }
    }

    /// Where a change left everything as it was, nobody is told, so the one who asked gets an answer.
    fn unchanged(&self, before: &Message, after: &Message, kind: &str) -> Option<Value> {
        (before.rev == after.rev).then(|| self.told(kind, after))
    }

    /// A message as a frame. Its author gets the id back that the message was sent with.
    fn told(&self, kind: &str, message: &Message) -> Value {
        let mut frame = self.place.message(message);
        if let Value::Object(fields) = &mut frame {
            fields.insert("type".to_owned(), json!(kind));
            if message.author.id == self.caller.account.id {
                fields.insert("client_id".to_owned(), json!(message.cid));
            }
        }
        frame
    }
}

impl Tongue for Voice {
    async fn greet(&mut self) -> Vec<String> {
        Vec::new()
    }

    async fn hear(&mut self, text: &str) -> Vec<String> {
        let Frame { asked, about } = frames::read(self.place, text);
        let done = match asked {
            Ok(asked) => self.act(asked).await,
            Err(error) => Err(error),
        };
        let answer = done.unwrap_or_else(|error| Some(words::refusal(&error, &about)));
        answer.iter().map(Value::to_string).collect()
    }

    async fn tell(&mut self, heard: Heard) -> Vec<String> {
        self.news(heard).await.iter().map(Value::to_string).collect()
    }

    fn refuse(&mut self, error: &Error) -> Vec<String> {
        vec![words::refusal(error, &Map::new()).to_string()]
    }

    fn over(&self) -> Option<Close> {
        self.is_out.then_some(Close::NotAMember)
    }
}
