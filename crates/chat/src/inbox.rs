//! The inbox: what others did that concerns the caller, from all conversations, the newest first.
//!
//! It is put together from two lists with an order of their own, whose only common order is time. A clock that goes back
//! puts something a little lower; it loses nothing.

use crate::{Caller, Chat, Error, Result};
use protocol::{Inbox, InboxItem, Message, MessageId, Timestamp};
use std::collections::HashMap;
use store::inbox::{Entry, Place};

/// So many mentions and so many reactions are looked at for a page, seen or not: a page costs the same for who left a busy
/// room. More than the items of an ordinary page, so that few pages come back short.
const LOOKED_AT_MAX: i64 = 500;

/// A page of the inbox below a cursor that an earlier page gave. Errors: `invalid_request`.
pub async fn list(chat: &Chat, caller: &Caller, before: Option<&str>, limit: Option<i64>) -> Result<Inbox> {
    let below = match before {
        None => Place::TOP,
        Some(cursor) => {
            place(cursor).ok_or_else(|| Error::invalid("before", "No page of the inbox ended there."))?
        }
    };
    let limits = chat.limits();
    let limit = limit.unwrap_or(limits.page_len).clamp(1, limits.page_len_max);
    let account = caller.account.id;
    chat.read(move |tx| {
        let mentions = store::inbox::mentions(tx, account, below, LOOKED_AT_MAX)?;
        let reactions = store::inbox::reactions(tx, account, below, LOOKED_AT_MAX)?;
        let (entries, next) = page(mentions, reactions, limit);
        let messages = store::messages::among(tx, entries.iter().map(|entry| entry.place.message))?;
        let items = entries.into_iter().filter_map(|entry| item(entry, &messages)).collect();
        Ok(Inbox { items, next: next.map(cursor) })
    })
    .await
}

/// What of two lists is on the page, and where the next one goes on. A list that was not read to its end says nothing of
/// what lies below its last entry, so the page ends there at the latest.
fn page(mentions: Vec<Entry>, reactions: Vec<Entry>, limit: i64) -> (Vec<Entry>, Option<Place>) {
    let floor = [&mentions, &reactions]
        .into_iter()
        .filter(|list| i64::try_from(list.len()).is_ok_and(|len| len >= LOOKED_AT_MAX))
        .filter_map(|list| list.last())
        .map(|entry| entry.place)
        .max();
    let mut all: Vec<Entry> = mentions.into_iter().chain(reactions).collect();
    all.retain(|entry| floor.is_none_or(|floor| entry.place >= floor));
    all.sort_by_key(|entry| std::cmp::Reverse(entry.place));
    let mut seen: Vec<Entry> = all.into_iter().filter(|entry| entry.is_visible).collect();
    let has_more = crate::page::cut(&mut seen, limit);
    let next = if has_more { seen.last().map(|entry| entry.place) } else { floor };
    (seen, next)
}

fn item(entry: Entry, messages: &HashMap<MessageId, Message>) -> Option<InboxItem> {
    let (at, message) = (entry.place.at, messages.get(&entry.place.message)?.clone());
    Some(match entry.reaction {
        None => InboxItem::Mention { at, message },
        Some((emoji, account)) => InboxItem::Reaction { at, message, emoji, account },
    })
}

pub(crate) fn cursor(place: Place) -> String {
    format!("{}-{}-{}", place.at.0, place.message, place.rev)
}

pub(crate) fn place(text: &str) -> Option<Place> {
    let mut numbers = text.split('-').map(|part| part.parse().ok());
    let place = Place {
        at: Timestamp(numbers.next()??),
        message: MessageId(numbers.next()??),
        rev: numbers.next()??,
    };
    // Whatever else could be read as these numbers was not given by a page.
    (cursor(place) == text).then_some(place)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;

    fn entry(at: i64, is_visible: bool) -> Entry {
        let place = Place { at: Timestamp(at), message: MessageId(1), rev: 0 };
        Entry { place, is_visible, reaction: None }
    }

    fn moments(entries: &[Entry]) -> Vec<i64> {
        entries.iter().map(|entry| entry.place.at.0).collect()
    }

    #[test]
    fn two_lists_become_one_and_the_page_ends_where_it_is_full() {
        let lists =
            || (vec![entry(9, true), entry(4, true)], vec![entry(7, true), entry(6, false), entry(2, true)]);
        let (mentions, reactions) = lists();
        let (seen, next) = page(mentions, reactions, 3);
        assert_eq!((moments(&seen), next.unwrap().at.0), (vec![9, 7, 4], 4));
        let (mentions, reactions) = lists();
        let (seen, next) = page(mentions, reactions, 4);
        assert_eq!((moments(&seen), next), (vec![9, 7, 4, 2], None));
        assert_eq!(page(Vec::new(), Vec::new(), 1), (Vec::new(), None));
    }

    #[test]
    fn a_list_that_was_not_read_to_its_end_ends_the_page() {
        let unseen: Vec<Entry> = (0..LOOKED_AT_MAX).map(|number| entry(2000 - number, false)).collect();
        let last = unseen.last().unwrap().place;
        let (seen, next) = page(unseen, vec![entry(3000, true), entry(1900, true), entry(5, true)], 50);
        assert_eq!(moments(&seen), [3000, 1900]);
        assert_eq!(next, Some(last), "what lies below comes with the next page");
    }

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_one() {
        for at in [Place { at: Timestamp(5), message: MessageId(7), rev: 0 }, Place::TOP] {
            assert_eq!(place(&cursor(at)), Some(at));
        }
        let long = "9".repeat(40);
        for wrong in ["", "5", "5-7", "5-7-0-1", "a-b-c", "+5-7-0", "05-7-0", "5-7-0 ", "--5-7-0", &long] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
