//! Messages: sending, editing, deleting, and reading them back.

use crate::{
    Caller, Chat, Error, Result, change::Stop, mentions, page, permissions::Action, standing,
    standing::Standing, text,
};
use protocol::{
    ConversationId, ConversationKind, ErrorCode, Event, Message, MessageId, Page, Seq,
    api::{EditList, EditMessage, SendMessage, SentMessage},
};
use sha2::{Digest, Sha256};
use store::{Lane, Tx, messages::NewMessage};

/// The longest `cid`: a UUID has 36 characters.
const CID_LEN_MAX: usize = 64;

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
    let caller = caller.clone();
    let limit = limit.unwrap_or(chat.limits().page_len).clamp(1, chat.limits().page_len_max);
    chat.read(move |tx| {
        let standing = standing::require(tx, &caller, id)?;
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
    })
    .await
}

fn check_cid(cid: &str) -> Result<()> {
    if (1..=CID_LEN_MAX).contains(&cid.len()) && cid.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::invalid("cid", format!("1 to {CID_LEN_MAX} printable ASCII characters without spaces.")))
}

/// What makes two sends with the same cid the same.
fn body_hash(body: &str, reply_to: Option<MessageId>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(reply_to.map_or(0, |id| id.0).to_be_bytes());
    hash.update(body.as_bytes());
    hash.finalize().to_vec()
}

/// Posts a message. In one transaction: raise the counters, which locks the conversation; check the membership under
/// that lock; insert; commit. Then it is acknowledged and shown. Sending the same again gives the first result with
/// `dup`. The author counts as having read up to it.
///
/// Errors: `invalid_request`, `not_a_member`, `conversation_archived`, `cid_reused`, `rate_limited`.
pub async fn send(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    with: SendMessage,
) -> Result<SentMessage> {
    check_cid(&with.cid)?;
    let body = text::body(&with.body, chat.limits().message_chars_max)?;
    chat.throttles().send(&caller.account)?;
    let draft = Draft {
        hash: body_hash(&body, with.reply_to),
        names: mentions::names_in(&body, chat.limits().mentions_per_message_max),
        body,
        cid: with.cid,
        reply_to: with.reply_to,
        now: chat.now(),
    };
    let (caller, hub) = (caller.clone(), chat.hub().clone());
    let hub_at_last = hub.clone();
    chat.change_together(
        Lane::Conversation(id),
        move |tx| post(tx, &caller, id, &draft),
        move |sent: &SentMessage| {
            hub.gather(id, sent.message.rev, Event::MessageCreated { message: sent.message.clone() });
        },
        move || hub_at_last.tell_gathered(),
    )
    .await
}

struct Draft {
    cid: String,
    body: String,
    hash: Vec<u8>,
    names: Vec<String>,
    reply_to: Option<MessageId>,
    now: protocol::Timestamp,
}

fn post(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: ConversationId,
    draft: &Draft,
) -> Result<SentMessage, Stop<SentMessage>> {
    let raised = store::conversations::raise(tx, id, 1)?.ok_or(ErrorCode::NotAMember)?;
    let standing = standing::require(tx, caller, id)?;
    if standing.must_be_open().is_err() {
        return Err(repeated(tx, caller, id, draft, ErrorCode::ConversationArchived));
    }
    if let Some(answered) = draft.reply_to {
        check_reply(tx, id, &standing, answered)?;
    }
    let new = NewMessage {
        conversation_id: id,
        seq: raised.last_seq,
        rev: raised.rev,
        author_id: caller.account.id,
        dialect: caller.dialect,
        cid: &draft.cid,
        body_hash: &draft.hash,
        body: &draft.body,
        reply_to: draft.reply_to,
        created_at: draft.now,
    };
    let Some(message_id) = store::messages::insert(tx, &new)? else {
        return Err(repeated(tx, caller, id, draft, ErrorCode::CidReused));
    };
    let mut message = Message {
        id: message_id,
        conversation_id: id,
        seq: raised.last_seq,
        rev: raised.rev,
        author: standing.author.clone(),
        dialect: caller.dialect,
        cid: draft.cid.clone(),
        body: Some(draft.body.clone()),
        created_at: draft.now,
        edited_at: None,
        deleted_at: None,
        reply_to: draft.reply_to,
        reactions: Vec::new(),
        mentions: Vec::new(),
    };
    mentions::store(tx, &mut message, standing.kind, &draft.names, draft.now)?;
    if standing.kind == ConversationKind::General {
        store::receipts::grow_general(tx, caller.account.id, raised.last_seq, draft.now)?;
    } else {
        store::receipts::grow(tx, id, caller.account.id, raised.last_seq)?;
    }
    Ok(SentMessage { message, dup: false })
}

/// The first result of a cid that was sent before, or the refusal where there is none or the body was another. Nothing
/// of this transaction stays.
fn repeated(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: ConversationId,
    draft: &Draft,
    otherwise: ErrorCode,
) -> Stop<SentMessage> {
    match store::messages::by_cid(tx, id, caller.account.id, &draft.cid) {
        Err(error) => error.into(),
        Ok(None) => otherwise.into(),
        // Of a deleted message nobody knows what it said.
        Ok(Some((message, hash))) if hash.is_none() || hash.as_ref() == Some(&draft.hash) => {
            Stop::unchanged(SentMessage { message, dup: true })
        }
        Ok(Some(_)) => ErrorCode::CidReused.into(),
    }
}

fn check_reply(tx: &mut Tx<'_>, id: ConversationId, standing: &Standing, answered: MessageId) -> Result<()> {
    match store::messages::locate(tx, answered)? {
        Some((conversation, seq)) if conversation == id && seq >= standing.history_from_seq => Ok(()),
        _ => Err(Error::invalid("reply_to", "There is no such message in this conversation.")),
    }
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
