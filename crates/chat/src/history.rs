//! Reading back for clients that know neither conversations nor the numbers in them, only people and messages.

use crate::{Caller, Chat, Error, Result, conversations::direct_key, numbers, standing};
use protocol::{
    AccountId, AccountKind, Author, ConversationId, ErrorCode, Message, MessageId, Seq, ids::GENERAL,
};
use std::collections::HashMap;
use store::Tx;

/// A part of the history: the newest messages, or the newest of those before one of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
    /// A message of the same conversation; none for the end.
    pub before: Option<MessageId>,
    /// How many; at most a page, and a page where it is not said.
    pub limit: Option<i64>,
}

/// A message, and to whom it was said.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The message.
    pub message: Message,
    /// The other one of the direct chat; nobody in General.
    pub to: Option<Author>,
}

/// What was said in General, oldest first. Every door that lets somebody in shows it to them. Errors: `invalid_request`.
pub async fn of_general(chat: &Chat, part: Part) -> Result<Vec<Message>> {
    let limit = limit(chat, part);
    chat.read(move |tx| read(tx, GENERAL, part.before, 0, limit)).await
}

/// The caller's direct chat with somebody, oldest first; empty when they never began one. Errors: `invalid_request`.
pub async fn with(chat: &Chat, caller: &Caller, other: AccountId, part: Part) -> Result<Vec<Message>> {
    let (caller, limit) = (caller.clone(), limit(chat, part));
    chat.read(move |tx| {
        let key = direct_key(caller.account.id, other);
        let Some(id) = store::conversations::by_direct_key(tx, &key)? else { return Ok(Vec::new()) };
        let standing = standing::require(tx, &caller, id)?;
        read(tx, id, part.before, standing.history_from_seq, limit)
    })
    .await
}

/// What two guests said to each other, by the numbers that they gave: anybody may give the same, so it is anybody's to
/// read. Guests and people have no private chats, so where one of the two signed up there is nothing.
///
/// Errors: `unauthenticated` where both signed up; `invalid_request`.
pub async fn between_guests(chat: &Chat, numbers: (i64, i64), part: Part) -> Result<Vec<Message>> {
    let limit = limit(chat, part);
    chat.read(move |tx| {
        let (one, other) = (numbers::look_up(tx, numbers.0)?, numbers::look_up(tx, numbers.1)?);
        let (Some(one), Some(other)) = (one, other) else { return Ok(Vec::new()) };
        let guests = [&one, &other].into_iter().filter(|account| account.kind == AccountKind::Guest).count();
        match guests {
            0 => return Err(ErrorCode::Unauthenticated.into()),
            1 => return Ok(Vec::new()),
            // Nobody can be them any more.
            _ if one.deactivated_at.is_some() && other.deactivated_at.is_some() => return Ok(Vec::new()),
            _ => {}
        }
        let key = direct_key(one.id, other.id);
        let Some(id) = store::conversations::by_direct_key(tx, &key)? else { return Ok(Vec::new()) };
        read(tx, id, part.before, 0, limit)
    })
    .await
}

/// The newest messages of General and the caller's direct chats together, oldest first, without deleted ones.
pub async fn outside_rooms(chat: &Chat, caller: &Caller, limit: Option<i64>) -> Result<Vec<Posted>> {
    let limit = self::limit(chat, Part { before: None, limit });
    let caller = caller.clone();
    chat.read(move |tx| {
        let me = standing::require(tx, &caller, GENERAL)?.author;
        let messages = store::messages::newest_outside_rooms(tx, me.id, limit)?;
        let places = messages.iter().map(|message| message.conversation_id);
        let partners: HashMap<ConversationId, Author> =
            store::memberships::partners_in(tx, me.id, places)?.into_iter().collect();
        let to = |message: &Message| {
            let partner = partners.get(&message.conversation_id)?;
            Some(if message.author.id == me.id { partner.clone() } else { me.clone() })
        };
        Ok(messages.into_iter().map(|message| Posted { to: to(&message), message }).collect())
    })
    .await
}

fn limit(chat: &Chat, part: Part) -> i64 {
    let most = chat.limits().page_len_max;
    part.limit.unwrap_or(most).clamp(1, most)
}

fn read(
    tx: &mut Tx<'_>,
    id: ConversationId,
    before: Option<MessageId>,
    from: Seq,
    limit: i64,
) -> Result<Vec<Message>> {
    let below = match before {
        None => Seq::MAX,
        Some(message) => match store::messages::locate(tx, message)? {
            Some((place, seq)) if place == id => seq,
            _ => return Err(Error::invalid("before", "There is no such message in this conversation.")),
        },
    };
    Ok(store::messages::before(tx, id, from, below, limit)?)
}
