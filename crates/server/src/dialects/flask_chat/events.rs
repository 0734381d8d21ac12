//! What a client says happened, and what it is told: the two tables of this dialect.

use super::{
    pairs,
    talk::Talk,
    words::{self, Deleted, Invitation, RoomMessage, Said},
};
use crate::{
    dialects::socket_io::{self, Event},
    random,
    wire::bucket,
};
use chat::{
    Caller, Error, accounts, conversations,
    ears::Heard,
    history::{self, Part},
    messages,
};
use protocol::{ConversationId, ErrorCode, Event as Change, Message, api::SendMessage, ids::GENERAL};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// The app's page says every three seconds that somebody is there; more often is news to nobody.
const PRESENCE_APART: Duration = Duration::from_secs(1);

impl Talk {
    /// Does what an event asks for. What it changed is heard by everyone through [`Talk::tell`], this client included.
    pub(super) async fn happen(&mut self, event: Event) -> Result<(), Error> {
        if event.is_binary {
            return Err(Error::new(ErrorCode::InvalidRequest).because("Events carry no bytes here."));
        }
        let given = event.args.first().unwrap_or(&Value::Null);
        match event.name.as_str() {
            "is_online" => self.is_online(given).await,
            "build_private_room" => self.build_private_room(given).await,
            "join_private_room" => self.join_private_room(given).await,
            "private_message" => self.private_message(given).await,
            "message" => self.message(given).await,
            _ => Err(Error::new(ErrorCode::UnknownOp).because("There is no such event.")),
        }
    }

    /// Tells everybody that the speaker is there. Another name than their own is not told; the page sends it again and again,
    /// so it is refused only once.
    async fn is_online(&mut self, given: &Value) -> Result<(), Error> {
        let name = given.as_str().ok_or_else(|| Error::invalid("name", "`is_online` takes a name."))?.trim();
        let caller = self.become_known(name).await?;
        if !accounts::is_own_name(&caller, name) {
            let was_refused = std::mem::replace(&mut self.name_refused, true);
            return if was_refused { Ok(()) } else { Err(not_yours(&caller)) };
        }
        if self.online_told_at.is_some_and(|told_at| told_at.elapsed() < PRESENCE_APART) {
            return Ok(());
        }
        self.online_told_at = Some(Instant::now());
        let audience_max = self.app.settings.presence_audience_max;
        self.desk.tell_all(socket_io::event("online_name", &name), audience_max);
        Ok(())
    }

    /// Starts the direct chat of two and tells both of them. The app's own server told everybody, and every page threw away
    /// what was for others: who talks with whom is nobody else's business.
    async fn build_private_room(&mut self, given: &Value) -> Result<(), Error> {
        let (inviter, guest) = (words::text(given, "inviter")?.trim(), words::text(given, "guest")?.trim());
        let caller = self.become_known(inviter).await?;
        if !accounts::is_own_name(&caller, inviter) {
            return Err(not_yours(&caller));
        }
        self.invitations.take(Instant::now()).map_err(bucket::over_rate)?;
        let other = accounts::named(&self.app.chat, &caller, guest).await?;
        conversations::direct_with(&self.app.chat, &caller, other.id).await?;
        let invitation = Invitation::new(inviter, guest);
        let packet = socket_io::event("invite_match_user", &invitation);
        self.desk.tell(&[caller.account.id, other.id], packet);
        Ok(())
    }

    async fn join_private_room(&mut self, given: &Value) -> Result<(), Error> {
        let (inviter, guest) = (words::text(given, "inviter")?.trim(), words::text(given, "guest")?.trim());
        let caller = self.require_known()?;
        let other = pairs::other_of(&self.app.chat, &caller, inviter, guest).await?;
        let direct = conversations::direct_with(&self.app.chat, &caller, other.id).await?;
        self.pairs.join(words::room_of(inviter, guest), direct)
    }

    /// Whoever writes to a room of two is one of the two, and in it from then on.
    async fn private_message(&mut self, given: &Value) -> Result<(), Error> {
        let (text, room) = (words::text(given, "msg")?, words::text(given, "room")?);
        let caller = self.require_known()?;
        let direct = match self.pairs.conversation(room) {
            Some(direct) => direct,
            None => {
                let found = pairs::by_name(&self.app.chat, &caller, room).await?;
                let direct = found.ok_or(ErrorCode::NotAMember)?;
                self.pairs.join(room.to_owned(), direct)?;
                direct
            }
        };
        self.send(&caller, direct, words::without_name(&caller, text)).await
    }

    /// The live chat: General.
    async fn message(&mut self, given: &Value) -> Result<(), Error> {
        let text = match given.as_str() {
            Some(text) => text,
            None => words::text(given, "msg")?,
        };
        let caller = match (self.speaker.account(), words::split_name(text)) {
            (Some(caller), _) => caller.clone(),
            (None, Some((name, _))) => self.become_known(name).await?,
            (None, None) => return Err(unknown()),
        };
        self.send(&caller, GENERAL, words::without_name(&caller, text)).await
    }

    async fn send(&self, caller: &Caller, to: ConversationId, text: &str) -> Result<(), Error> {
        // These clients do not know whether a message arrived and never send it again: the id only has to be new.
        let cid = random::id()?;
        let with = SendMessage { cid, body: text.to_owned(), reply_to: None };
        messages::send(&self.app.chat, caller, to, with).await.map(drop)
    }

    fn require_known(&self) -> Result<Caller, Error> {
        self.speaker.account().cloned().ok_or_else(unknown)
    }

    /// The `history` event: the newest page of General. What it holds is not told again.
    pub(super) async fn history(&mut self) -> Result<String, Error> {
        let page = Part { before: None, limit: Some(self.app.chat.limits().page_len) };
        let messages = history::of_general(&self.app.chat, page).await?;
        self.told_seq = messages.last().map_or(self.told_seq, |message| message.seq);
        let said: Vec<Said> = messages.iter().filter_map(Said::new).collect();
        Ok(socket_io::event("history", &said))
    }

    /// Tells this client what happened, where the dialect has words for it.
    pub(super) fn tell(&mut self, heard: &Heard) {
        let Heard::Event { conversation, event } = heard else { return };
        let packet = if *conversation == GENERAL {
            self.in_general(event)
        } else {
            self.pairs.room(*conversation).and_then(|room| in_pair(event, room))
        };
        if let Some(packet) = packet {
            self.session.say(packet);
        }
    }

    fn in_general(&mut self, event: &Change) -> Option<String> {
        match event {
            Change::MessageCreated { message } if message.seq <= self.told_seq => None,
            Change::MessageCreated { message } => {
                self.told_seq = message.seq;
                said("message", message)
            }
            Change::MessageEdited { message } => said("message_edited", message),
            Change::MessageDeleted { message } => {
                Some(socket_io::event("message_deleted", &Deleted { id: message.id }))
            }
            _ => None,
        }
    }
}

fn said(event: &str, message: &Message) -> Option<String> {
    Said::new(message).map(|said| socket_io::event(event, &said))
}

/// The app's page keeps the messages of two under no id, so it could not do anything with a change of one.
fn in_pair(event: &Change, room: &str) -> Option<String> {
    match event {
        Change::MessageCreated { message } => {
            RoomMessage::new(message, room).map(|told| socket_io::event("room_message", &told))
        }
        _ => None,
    }
}

fn not_yours(caller: &Caller) -> Error {
    let name = accounts::name_of(&caller.account.author()).to_owned();
    Error::new(ErrorCode::Forbidden).because(format!("This is not your name: you are called {name} here."))
}

fn unknown() -> Error {
    Error::new(ErrorCode::Unauthenticated).because("Say who you are first: `is_online` with a name.")
}
