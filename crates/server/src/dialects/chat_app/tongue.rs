//! ChatApp on a socket: each client is told its own positions, and changes its own messages.

use super::{
    farewells::Listening,
    slots::{Slot, Slots},
    words::{self, Said},
};
use crate::{
    app::App,
    dialects::{
        detail::{Answer, Detail},
        entrance::Speaker,
        shown_name,
        talk::Tongue,
    },
    wire::bucket::{self, Bucket},
};
use chat::{
    Caller, Error, Rate, Window,
    ears::{Ears, Heard},
    history::{self, Part},
    messages,
};
use protocol::{
    AccountId, Dialect, ErrorCode, Event, Message, MessageId,
    api::{EditMessage, SendMessage},
    ids::GENERAL,
};
use std::borrow::Cow;
use tokio::time::Instant;

/// How often one connection may read: the page does when it opens, and each time costs a page of the history.
const READS: Rate = Rate::new(1, 1, 10);

/// What a guest is called who gives no name; the page sends `undefined` where it knows none.
const NAMELESS: &str = "guest";
/// How the sender's ids of raw texts begin, by which other connections know what to tell as it is.
const RAW: &str = "chat_app:raw:";
const CREATED: &str = "chat_app:";

/// Begins to speak. `client_id` is what the address ends with: this client knows its own messages by it, and nobody else
/// gets to see it, because it may be a code of GitHub's.
pub(in crate::dialects) async fn begin(speaker: Speaker, client_id: String) -> Answer<(ChatApp, Ears)> {
    let ears = speaker.ears().await?;
    let random = getrandom::u64()
        .map_err(|error| Detail::from(Error::new(ErrorCode::Internal).because(error.to_string())))?;
    let app = speaker.app().clone();
    let tongue = ChatApp {
        client_id,
        me: speaker.account().map(|caller| caller.account.id),
        farewells: app.farewells.listen(),
        app,
        speaker,
        user_name: None,
        cids: Cids { random, count: 0 },
        slots: Slots::default(),
        reads: Bucket::new(READS, Instant::now()),
        has_come: false,
    };
    Ok((tongue, ears))
}

/// One connection.
pub(in crate::dialects) struct ChatApp {
    app: App,
    speaker: Speaker,
    client_id: String,
    /// The account that signed in; none for guests, whose own messages are those of this connection.
    me: Option<AccountId>,
    /// The name that this client gave itself last.
    user_name: Option<String>,
    cids: Cids,
    slots: Slots,
    reads: Bucket,
    farewells: Listening,
    has_come: bool,
}

impl ChatApp {
    /// So many lines stand in the client's page already: it was told in another dialect until now.
    pub(in crate::dialects) fn comes_after(&mut self, lines: usize) {
        self.has_come = true;
        for _ in 0..lines {
            self.slots.add(Slot::Other);
        }
    }

    /// The client turned out to be another app's: nobody leaves.
    pub(in crate::dialects) fn was_never_here(mut self) {
        self.has_come = false;
    }
}

/// Whether a frame can only be one of this app.
pub(in crate::dialects) fn is_command(frame: &str) -> bool {
    words::is_command(frame)
}

/// The sender's ids of one connection.
struct Cids {
    random: u64,
    count: u64,
}

impl Cids {
    fn next(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}{:016x}:{}", self.random, self.count)
    }

    /// Whether this connection made the id of a message. Everybody can read the ids, and by other doors choose the same.
    fn made(&self, message: &Message) -> bool {
        let cid = &message.cid;
        let rest = cid.strip_prefix(RAW).or_else(|| cid.strip_prefix(CREATED));
        let rest = rest.filter(|_| message.dialect == Some(Dialect::ChatApp));
        rest.and_then(|rest| rest.split_once(':'))
            .is_some_and(|(random, _)| random == format!("{:016x}", self.random))
    }
}

impl Tongue for ChatApp {
    async fn greet(&mut self) -> Vec<String> {
        self.has_come = true;
        Vec::new()
    }

    async fn hear(&mut self, text: &str) -> Vec<String> {
        match self.obey(text).await {
            Ok(answer) => answer.into_iter().collect(),
            // The app has no words for a refusal. What gets no answer or is lost is worth a line; a message that says nothing
            // is not, and a change that did not happen shows by itself.
            Err(error) if words::is_awaited(text) && error.code != ErrorCode::InvalidRequest => {
                vec![self.line_of_refusal(&error)]
            }
            Err(_) => Vec::new(),
        }
    }

    async fn tell(&mut self, heard: Heard) -> Vec<String> {
        let Heard::Event { conversation: GENERAL, event } = heard else { return Vec::new() };
        let frame = match event {
            Event::MessageCreated { message } => self.tell_created(&message),
            Event::MessageEdited { message } => self.tell_edited(&message),
            Event::MessageDeleted { message } => self.slots.remove(message.id).map(words::deleted),
            _ => None,
        };
        frame.into_iter().collect()
    }

    /// A frame that is not even looked at: its sender would take it for said.
    fn refuse(&mut self, error: &Error) -> Vec<String> {
        vec![self.line_of_refusal(error)]
    }

    async fn wait(&mut self) -> Vec<String> {
        let name = self.farewells.next().await;
        self.slots.add(Slot::Other);
        vec![words::left(&name)]
    }
}

impl ChatApp {
    async fn obey(&mut self, text: &str) -> chat::Result<Option<String>> {
        let client_id = self.client_id.clone();
        match words::read(text, &client_id) {
            Said::Create { text, user_name } => {
                self.user_name = Some(user_name.to_owned());
                self.send(text, CREATED).await?;
            }
            Said::Raw(text) => self.send(text, RAW).await?,
            Said::Update { index, text, user_name } => {
                self.user_name = Some(user_name.to_owned());
                if let Some((id, caller)) = self.own(index).await? {
                    messages::edit(&self.app.chat, &caller, id, EditMessage { body: text.to_owned() })
                        .await?;
                }
            }
            Said::Delete { index } => {
                if let Some((id, caller)) = self.own(index).await? {
                    messages::delete(&self.app.chat, &caller, id).await?;
                }
            }
            Said::Read => {
                self.reads.take(Instant::now()).map_err(bucket::over_rate)?;
                return self.read().await.map(Some);
            }
            Said::Broken => {}
        }
        Ok(None)
    }

    fn line_of_refusal(&mut self, error: &Error) -> String {
        self.slots.add(Slot::Other);
        words::refused(&error.to_string())
    }

    /// The name that this client gave itself last, if it gave one.
    fn given_name(&self) -> Option<&str> {
        self.user_name.as_deref().map(str::trim).filter(|name| !["", "undefined", "null"].contains(name))
    }

    fn guest_name(&self) -> String {
        self.given_name().unwrap_or(NAMELESS).to_owned()
    }

    async fn send(&mut self, text: &str, kind: &str) -> chat::Result<()> {
        let name = self.guest_name();
        let caller = self.speaker.named(&name).await?;
        let with = SendMessage { cid: self.cids.next(kind), body: text.to_owned(), reply_to: None };
        messages::send(&self.app.chat, &caller, GENERAL, with).await?;
        Ok(())
    }

    /// The message at a position, and by whom it may be changed, as far as that is this client. What is not one's own the
    /// rules refuse; guests share their names, so theirs are only those of this connection.
    async fn own(&mut self, index: usize) -> chat::Result<Option<(MessageId, Caller)>> {
        let Some(Slot::Message { id, sent_as }) = self.slots.at(index).cloned() else { return Ok(None) };
        match (self.me, sent_as) {
            (Some(_), _) => Ok(Some((id, self.speaker.named("").await?))),
            (None, Some(name)) => Ok(Some((id, self.speaker.named(&name).await?))),
            (None, None) => Ok(None),
        }
    }

    /// The newest page of General as one frame, which is one line.
    async fn read(&mut self) -> chat::Result<String> {
        let chat = &self.app.chat;
        let messages = match self.speaker.account() {
            Some(caller) => messages::history(chat, caller, GENERAL, Window::Newest, None).await?.messages,
            None => history::of_general(chat, Part::default()).await?,
        };
        let texts: Vec<String> = messages
            .iter()
            .filter_map(|message| Some(self.in_words(message, message.body.as_ref()?)))
            .collect();
        self.slots.add(Slot::Other);
        Ok(words::list(texts.iter().map(String::as_str)))
    }

    fn is_own(&self, message: &Message) -> bool {
        match self.me {
            Some(me) => message.author.id == me,
            None => self.cids.made(message),
        }
    }

    /// Who wrote a message: for the writer, what they call themselves; for everybody else the username.
    fn in_words(&self, message: &Message, body: &str) -> String {
        let who = if self.is_own(message) { &self.client_id } else { &message.author.username };
        words::said(who, body, &self.name_of(message))
    }

    fn name_of<'a>(&'a self, message: &'a Message) -> Cow<'a, str> {
        if !self.is_own(message) {
            return shown_name(&message.author);
        }
        Cow::from(self.given_name().unwrap_or(&message.author.display_name))
    }

    fn tell_created(&mut self, message: &Message) -> Option<String> {
        let body = message.body.as_ref()?;
        let is_raw = message.dialect == Some(Dialect::ChatApp) && message.cid.starts_with(RAW);
        let frame = if is_raw && words::is_plain(body) { body.clone() } else { self.in_words(message, body) };
        let sent_as = self.cids.made(message).then(|| message.author.display_name.clone().into());
        self.slots.add(Slot::Message { id: message.id, sent_as });
        Some(frame)
    }

    fn tell_edited(&self, message: &Message) -> Option<String> {
        let index = self.slots.of(message.id)?;
        Some(words::updated(index, message.body.as_ref()?, &self.name_of(message)))
    }

    /// What others are told of who leaves: never the client's id.
    fn name(&self) -> String {
        match self.speaker.last() {
            Some(caller) => caller.account.username.clone(),
            None => NAMELESS.to_owned(),
        }
    }
}

impl Drop for ChatApp {
    fn drop(&mut self) {
        // When everybody leaves because the server stops, nobody needs to be told.
        if self.has_come && !self.app.stopping.has_begun() {
            self.app.farewells.tell(&self.name());
        }
    }
}
