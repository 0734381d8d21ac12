//! Chatroom on a socket. Everything that is said in General is told, whatever door it came by; the app has no words for
//! other places, nor for edits and deletions: its page only adds lines.

use super::words;
use crate::dialects::{detail::Answer, entrance::Speaker, outbox::Outbox, shown_name, talk::Tongue};
use chat::{
    Error,
    ears::{Ears, Heard},
};
use protocol::{Event, ids::GENERAL};
use std::borrow::Cow;

/// Begins to listen. Who speaks is known with the first message, unless somebody is signed in.
pub(super) async fn begin(speaker: Speaker) -> Answer<(Chatroom, Ears)> {
    let ears = speaker.ears().await?;
    Ok((Chatroom { speaker, outbox: Outbox::default() }, ears))
}

/// One connection.
pub(super) struct Chatroom {
    speaker: Speaker,
    outbox: Outbox,
}

impl Tongue for Chatroom {
    async fn greet(&mut self) -> Vec<String> {
        vec![words::greeting()]
    }

    async fn hear(&mut self, text: &str) -> Vec<String> {
        match self.say(text).await {
            Ok(()) => Vec::new(),
            Err(error) => self.refuse(&error),
        }
    }

    async fn tell(&mut self, heard: Heard) -> Vec<String> {
        let Heard::Event { conversation: GENERAL, event: Event::MessageCreated { message } } = heard else {
            return Vec::new();
        };
        let is_me = self.outbox.is_own(message.id);
        let Some(body) = &message.body else { return Vec::new() };
        let name = if is_me { Cow::from(&message.author.display_name) } else { shown_name(&message.author) };
        vec![words::message(is_me, body, &name)]
    }

    fn refuse(&mut self, error: &Error) -> Vec<String> {
        vec![words::refused(error)]
    }
}

impl Chatroom {
    async fn say(&mut self, text: &str) -> chat::Result<()> {
        let said = words::read(text)?;
        let caller = self.speaker.named(&said.username).await?;
        self.outbox.send(self.speaker.app(), &caller, GENERAL, said.message).await
    }
}
