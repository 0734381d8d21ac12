//! Messages: sending, editing, deleting, and reading them back.

mod send;

pub use send::send;

use crate::{
    Caller, Chat, Error, Result,
    auth::{self, Asked},
    change::Stop,
    mentions, page,
    pages::Place,
    permissions::Action,
    standing,
    standing::Standing,
    text,
};
use bytes::Bytes;
use protocol::{
    ConversationId, ErrorCode, Event, Message, MessageId, Page, Seq,
    api::{EditList, EditMessage},
};
use store::{Lane, Tx};

/// Which part of the history is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The end.
    Newest,
    /// The newest below a number.
    Before(Seq),
    /// The oldest above a number.
    After(Seq),
}

/// A page of history, oldest first. Errors: `not_a_member`.
pub async fn history(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    window: Window,
    limit: Option<i64>,
) -> Result<Page> {
    let (caller, limit) = (caller.clone(), page_len(chat, limit));
    chat.read(move |tx| {
        let standing = standing::require(tx, &caller, id)?;
        read_page(tx, &standing, id, window, limit)
    })
    .await
}

/// The same for whoever stands behind a token, who is looked up on the way, as `say` writes it. It is written where it was
/// read: freeing its texts on another thread costs more than making them. What is said of a newest page is kept for those
/// who ask next, so every caller writes pages the same way.
///
/// Errors: as `authenticate`; in the answer: `not_a_member`, and those of `say`.
pub async fn history_by(
    chat: &Chat,
    token: &str,
    id: ConversationId,
    (window, limit): (Window, Option<i64>),
    say: impl FnOnce(&Page) -> Result<Bytes> + Send + 'static,
) -> Result<Asked<Bytes>> {
    let (limit, pages) = (page_len(chat, limit), chat.pages().clone());
    auth::read_as(chat, token, move |tx, caller| {
        let standing = standing::require(tx, caller, id)?;
        if window != Window::Newest {
            return say(&read_page(tx, &standing, id, window, limit)?);
        }
        let place = Place { id, from: standing.history_from_seq, limit };
        if let Some(said) = pages.say(tx, place, &standing)? {
            return Ok(said);
        }
        let page = read_page(tx, &standing, id, window, limit)?;
        let said = say(&page)?;
        pages.keep(place, &page, &said);
        Ok(said)
    })
    .await
}

fn page_len(chat: &Chat, limit: Option<i64>) -> i64 {
    limit.unwrap_or(chat.limits().page_len).clamp(1, chat.limits().page_len_max)
}

fn read_page(
    tx: &mut Tx<'_>,
    standing: &Standing,
    id: ConversationId,
    window: Window,
    limit: i64,
) -> Result<Page> {
    let from = standing.history_from_seq;
    let (messages, has_more) = match window {
        Window::After(seq) => {
            let mut messages = store::messages::after(tx, id, from, seq, limit + 1)?;
            let has_more = page::cut(&mut messages, limit);
            (messages, has_more)
        }
        Window::Newest | Window::Before(_) => {
            let below = if let Window::Before(seq) = window { seq } else { Seq::MAX };
            let mut messages = store::messages::before(tx, id, from, below, limit + 1)?;
            // The one too many is the oldest, which comes first.
            let has_more = i64::try_from(messages.len()).is_ok_and(|count| count > limit);
            if has_more {
                messages.remove(0);
            }
            (messages, has_more)
        }
    };
    Ok(Page { messages, has_more, head: standing.last_rev })
}

/// A message and the caller's standing in its conversation, for one who may see it.
pub(crate) fn visible(tx: &mut Tx<'_>, caller: &Caller, id: MessageId) -> Result<(Message, Standing)> {
    let message = store::messages::get(tx, id)?.ok_or(ErrorCode::UnknownMessage)?;
    let standing =
        standing::require(tx, caller, message.conversation_id).map_err(|error| match error.code {
            // That it exists elsewhere is nobody's business.
            ErrorCode::NotAMember => ErrorCode::UnknownMessage.into(),
            _ => error,
        })?;
    if message.seq < standing.history_from_seq {
        return Err(ErrorCode::UnknownMessage.into());
    }
    Ok((message, standing))
}

/// One message. Errors: `unknown_message`.
pub async fn get(chat: &Chat, caller: &Caller, id: MessageId) -> Result<Message> {
    let caller = caller.clone();
    chat.read(move |tx| Ok(visible(tx, &caller, id)?.0)).await
}

/// Changes a message in one transaction: raises the conversation's rev, looks message and standing up under that lock,
/// and lets `write` do its part.
pub(crate) async fn change<F, E>(
    chat: &Chat,
    caller: &Caller,
    id: MessageId,
    mut write: F,
    event: E,
) -> Result<Message>
where
    F: FnMut(&mut Tx<'_>, Scene) -> Result<(), Stop<Message>> + Send + 'static,
    E: FnOnce(Message) -> Event + Send + 'static,
{
    chat.throttles().send(&caller.account)?;
    let conversation = {
        let caller = caller.clone();
        chat.read(move |tx| Ok(visible(tx, &caller, id)?.0.conversation_id)).await?
    };
    let (caller, hub) = (caller.clone(), chat.hub().clone());
    let now = chat.now();
    chat.change(
        Lane::Conversation(conversation),
        move |tx| {
            let raised =
                store::conversations::raise(tx, conversation, 0)?.ok_or(ErrorCode::UnknownMessage)?;
            let (message, standing) = visible(tx, &caller, id)?;
            let scene = Scene { message, standing, caller: caller.clone(), rev: raised.rev, now };
            write(tx, scene)?;
            Ok(store::messages::get(tx, id)?.ok_or(store::Error::Missing)?)
        },
        move |message: &Message| hub.publish(conversation, message.rev, event(message.clone())),
    )
    .await
}

/// What a change of a message looks at.
pub(crate) struct Scene {
    pub(crate) message: Message,
    pub(crate) standing: Standing,
    pub(crate) caller: Caller,
    pub(crate) rev: protocol::Rev,
    pub(crate) now: protocol::Timestamp,
}

impl Scene {
    fn is_own(&self) -> bool {
        self.message.author.id == self.caller.account.id
    }
}

/// Changes the text of one's own message; what it said before stays in its history.
///
/// Errors: `unknown_message`, `forbidden`, `message_deleted`, `conversation_archived`, `limit_reached`.
pub async fn edit(chat: &Chat, caller: &Caller, id: MessageId, with: EditMessage) -> Result<Message> {
    let body = text::body(&with.body, chat.limits().message_chars_max)?;
    let names = mentions::names_in(&body, chat.limits().mentions_per_message_max);
    let edits_max = chat.limits().edits_per_message_max;
    let write = move |tx: &mut Tx<'_>, scene: Scene| {
        if !scene.is_own() {
            return Err(Error::new(ErrorCode::Forbidden)
                .because("Only the author can edit a message.")
                .into());
        }
        if scene.message.deleted_at.is_some() {
            return Err(ErrorCode::MessageDeleted.into());
        }
        scene.standing.must_be_open()?;
        if scene.message.body.as_deref() == Some(body.as_str()) {
            return Err(Stop::unchanged(scene.message));
        }
        if store::messages::edit_count(tx, id)? >= edits_max {
            let why = format!("A message can be edited {edits_max} times.");
            return Err(Error::new(ErrorCode::LimitReached).because(why).into());
        }
        store::messages::edit(tx, id, &body, scene.rev, scene.now)?;
        let mut message = scene.message;
        mentions::store(tx, &mut message, scene.standing.kind, &names, scene.now)?;
        store::messages::keep_mentions(tx, id, &message.mentions)?;
        Ok(())
    };
    change(chat, caller, id, write, |message| Event::MessageEdited { message }).await
}

/// Deletes one's own message, or anyone's for the owner and moderators of the room. What stays is a tombstone; deleting
/// it again changes nothing.
///
/// Errors: `unknown_message`, `forbidden`, `conversation_archived`.
pub async fn delete(chat: &Chat, caller: &Caller, id: MessageId) -> Result<Message> {
    let write = move |tx: &mut Tx<'_>, scene: Scene| {
        if !scene.is_own() {
            scene.standing.must(Action::DeleteOthers)?;
        }
        if scene.message.deleted_at.is_some() {
            return Err(Stop::unchanged(scene.message));
        }
        scene.standing.must_be_open()?;
        store::messages::delete(tx, id, scene.rev, scene.now)?;
        if !scene.is_own() {
            let actor = Some(scene.caller.account.id);
            store::audit::record(tx, scene.now, actor, "message.deleted", &id.to_string(), "")?;
        }
        Ok(())
    };
    change(chat, caller, id, write, |message| Event::MessageDeleted { message }).await
}

/// What a message said before its edits, oldest first. Errors: `unknown_message`.
pub async fn edits(chat: &Chat, caller: &Caller, id: MessageId) -> Result<EditList> {
    let (caller, limit) = (caller.clone(), chat.limits().edits_per_message_max);
    chat.read(move |tx| {
        visible(tx, &caller, id)?;
        Ok(EditList { edits: store::messages::edits(tx, id, limit)? })
    })
    .await
}
