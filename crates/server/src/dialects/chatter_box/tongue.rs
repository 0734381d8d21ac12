//! Chatter-Box on a socket: what is said goes to all or to one, and what is told comes from every door.

use super::words::{self, Told};
use crate::{
    app::App,
    dialects::{
        detail::{Answer, Detail},
        entrance::Speaker,
        outbox::Outbox,
        talk::Tongue,
    },
};
use axum::http::StatusCode;
use chat::{
    Caller, Client, Error,
    auth::guests,
    conversations,
    ears::{Ears, Heard},
    numbers,
};
use protocol::{
    AccountId, AccountKind, Author, ConversationId, ConversationKind, ErrorCode, Event, Message, ServerFrame,
    ids::GENERAL,
};
use std::collections::HashMap;

/// Begins to speak as a number: the caller's own, or where nobody is signed in, that of a guest.
pub(in crate::dialects) async fn begin(mut speaker: Speaker, number: i64) -> Answer<(ChatterBox, Ears)> {
    let forbidden = |code, why| Detail::new(StatusCode::FORBIDDEN, code, why);
    if speaker.account().is_some_and(|caller| caller.account.id.0 != number) {
        return Err(forbidden(ErrorCode::Forbidden, "This is not your number"));
    }
    if number < 1 {
        return Err(forbidden(ErrorCode::Forbidden, "Numbers of people begin with 1"));
    }
    let caller = speaker.settle(&number.to_string()).await.map_err(|error| match error.code {
        ErrorCode::UsernameTaken => forbidden(error.code, "This number belongs to somebody who signed up"),
        _ => error.into(),
    })?;
    let ears = speaker.ears().await?;
    let tongue = ChatterBox {
        app: speaker.app().clone(),
        client: speaker.client().clone(),
        caller,
        number,
        outbox: Outbox::default(),
        places: HashMap::new(),
        guests: HashMap::new(),
    };
    Ok((tongue, ears))
}

/// One connection of somebody with a number.
pub(in crate::dialects) struct ChatterBox {
    app: App,
    client: Client,
    caller: Caller,
    number: i64,
    outbox: Outbox,
    /// What is known of the conversations that were heard of: at most those that one account may be in.
    places: HashMap<ConversationId, Place>,
    /// The numbers of guests who were heard: at most all guests.
    guests: HashMap<AccountId, i64>,
}

#[derive(Clone)]
enum Place {
    All,
    One(Author),
    /// Rooms have no words here.
    Room,
}

impl Tongue for ChatterBox {
    async fn greet(&mut self) -> Vec<String> {
        Vec::new()
    }

    async fn hear(&mut self, text: &str) -> Vec<String> {
        match self.say(text).await {
            Ok(()) => Vec::new(),
            Err(error) => self.refuse(&error),
        }
    }

    async fn tell(&mut self, heard: Heard) -> Vec<String> {
        let told = match heard {
            Heard::Event { conversation, event } => self.tell_event(conversation, event).await,
            Heard::Other(told) => {
                self.note(&told.frame);
                return Vec::new();
            }
        };
        match told {
            Ok(frame) => frame.into_iter().collect(),
            // Not in it any more.
            Err(error) if error.code == ErrorCode::NotAMember => Vec::new(),
            Err(error) => {
                tracing::warn!(
                    code = error.code.as_str(),
                    "a chatter_box client could not be told something"
                );
                Vec::new()
            }
        }
    }

    fn refuse(&mut self, error: &Error) -> Vec<String> {
        vec![words::refused(error)]
    }
}

impl ChatterBox {
    async fn say(&mut self, text: &str) -> chat::Result<()> {
        let said = words::read(text)?;
        let place = match said.to {
            None => GENERAL,
            Some(number) => self.chat_with(number).await?,
        };
        self.outbox.send(&self.app, &self.caller, place, said.content).await
    }

    async fn chat_with(&self, number: i64) -> chat::Result<ConversationId> {
        let chat = &self.app.chat;
        let other = match numbers::whose(chat, number).await? {
            Some(account) => account.id,
            None => guests::expect(chat, &self.caller, &self.client, number).await?,
        };
        let place = conversations::direct_with(chat, &self.caller, other).await;
        place.map_err(|error| match error.field {
            Some("account_id") => Error { field: Some("receiver_id"), ..error },
            _ => error,
        })
    }

    async fn tell_event(&mut self, place: ConversationId, event: Event) -> chat::Result<Option<String>> {
        let is_heard = matches!(
            event,
            Event::MessageCreated { .. } | Event::MessageEdited { .. } | Event::MessageDeleted { .. }
        );
        if !is_heard {
            return Ok(None);
        }
        let place = self.place(place).await?;
        match (event, place) {
            (_, Place::Room) => Ok(None),
            (Event::MessageCreated { message }, place) => self.tell_message(&message, place).await,
            (Event::MessageEdited { message }, _) => {
                Ok(message.body.map(|body| words::edited(message.id, &body)))
            }
            (Event::MessageDeleted { message }, _) => Ok(Some(words::deleted(message.id))),
            _ => Ok(None),
        }
    }

    /// A message to all is told to its sender too; one to somebody is not, where it was sent. The sender's other
    /// connections are told, so that no device misses it.
    async fn tell_message(&mut self, message: &Message, place: Place) -> chat::Result<Option<String>> {
        let is_own = self.outbox.is_own(message.id);
        let Some(content) = &message.body else { return Ok(None) };
        let is_mine = message.author.id == self.caller.account.id;
        let receiver_id = match &place {
            Place::One(_) if is_own => return Ok(None),
            Place::One(other) if is_mine => Some(self.number_of(other).await?),
            Place::One(_) => Some(self.number),
            Place::All | Place::Room => None,
        };
        let sender_id = self.number_of(&message.author).await?;
        let is_guest = message.author.kind == AccountKind::Guest;
        Ok(Some(Told { content, sender_id, receiver_id, is_guest }.frame()))
    }

    async fn place(&mut self, id: ConversationId) -> chat::Result<Place> {
        if id == GENERAL {
            return Ok(Place::All);
        }
        if let Some(place) = self.places.get(&id) {
            return Ok(place.clone());
        }
        let found = conversations::get(&self.app.chat, &self.caller, id).await?;
        let place = match (found.details.kind, found.with) {
            (ConversationKind::Direct, Some(other)) => Place::One(other),
            _ => Place::Room,
        };
        self.places.insert(id, place.clone());
        Ok(place)
    }

    async fn number_of(&mut self, author: &Author) -> chat::Result<i64> {
        if author.id == self.caller.account.id {
            return Ok(self.number);
        }
        if author.kind != AccountKind::Guest {
            return Ok(author.id.0);
        }
        if let Some(number) = self.guests.get(&author.id) {
            return Ok(*number);
        }
        let found = numbers::of(&self.app.chat, vec![author.clone()]).await?;
        let number = found.get(&author.id).copied().ok_or(ErrorCode::Internal)?;
        self.guests.insert(author.id, number);
        Ok(number)
    }

    /// Whoever signs up takes a number over from the guest who had it.
    fn note(&mut self, frame: &ServerFrame) {
        if let ServerFrame::Account(notice) = frame {
            self.guests.retain(|_, number| *number != notice.account.id.0);
        }
    }
}
