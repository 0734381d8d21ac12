//! The newest page of each conversation as it was last said, for the many who open the same one.
//!
//! A page is kept with the `rev` that its conversation had in the transaction that read it, and said again only where another
//! transaction finds the same `rev` and the same names. Every change of what a page shows raises the `rev`, but for what
//! accounts are called, which is compared; so what is said is what this transaction would have read. Nobody has to be told
//! of changes for that, whichever node stored them. On SQLite a page of fifty costs 32 µs so instead of 82, all of the request
//! included.

use crate::{Result, standing::Standing};
use bytes::Bytes;
use protocol::{Author, ConversationId, Page, Rev, Seq};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use store::Tx;

/// What all kept pages take together: some hundred usual ones.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// A page that would push out a good part of the others is not kept.
const PAGE_BYTES_MAX: usize = BYTES_MAX / 16;
/// What an entry takes besides its texts, about.
const ENTRY_BYTES: usize = 512;
/// A page is read afresh after so long, so that whatever a database that lost its last commits gives back with numbers that
/// were used before is set right.
const KEPT_MAX: Duration = Duration::from_secs(60);

/// Which newest page: of which conversation, from which message on, how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) id: ConversationId,
    pub(crate) from: Seq,
    pub(crate) limit: i64,
}

struct Kept {
    rev: Rev,
    since: Instant,
    /// Everyone who wrote something on it, by id.
    authors: Vec<Author>,
    said: Bytes,
}

impl Kept {
    fn bytes(&self) -> usize {
        self.said.len() + self.authors.len() * size_of::<Author>() + ENTRY_BYTES
    }

    /// Whether its authors are called today what it says.
    fn names_hold(&self, tx: &mut Tx<'_>, reader: &Author) -> Result<bool> {
        // The reader's own name has just been read.
        let (own, others): (Vec<&Author>, Vec<&Author>) =
            self.authors.iter().partition(|author| author.id == reader.id);
        if own.iter().any(|own| *own != reader) {
            return Ok(false);
        }
        let today = store::accounts::authors(tx, others.iter().map(|author| author.id))?;
        Ok(today.iter().eq(others))
    }
}

/// The pages that are kept. When half of the room is full, what nobody asked for meanwhile goes.
#[derive(Default)]
pub(crate) struct Pages(Mutex<Shelves>);

#[derive(Default)]
struct Shelves {
    asked_for: HashMap<Place, Arc<Kept>>,
    asked_for_bytes: usize,
    before: HashMap<Place, Arc<Kept>>,
}

impl Pages {
    /// What the page says, as far as it is known in this transaction.
    pub(crate) fn say(&self, tx: &mut Tx<'_>, place: Place, standing: &Standing) -> Result<Option<Bytes>> {
        let kept = self.lock().get(place);
        let fits = |kept: &Arc<Kept>| kept.rev == standing.last_rev && kept.since.elapsed() < KEPT_MAX;
        let Some(kept) = kept.filter(fits) else { return Ok(None) };
        Ok(kept.names_hold(tx, &standing.author)?.then(|| kept.said.clone()))
    }

    /// Keeps what was said for a page.
    pub(crate) fn keep(&self, place: Place, page: &Page, said: &Bytes) {
        if said.len() > PAGE_BYTES_MAX {
            return;
        }
        let authors: BTreeMap<_, _> =
            page.messages.iter().map(|message| (message.author.id, &message.author)).collect();
        let kept = Kept {
            rev: page.head,
            since: Instant::now(),
            authors: authors.into_values().cloned().collect(),
            // Without the room to grow that it was written into.
            said: Bytes::copy_from_slice(said),
        };
        self.lock().put(place, Arc::new(kept));
    }

    /// Forgets what is too old to be said: of a message that was deleted nothing stays here because nobody asks.
    pub(crate) fn sweep(&self, now: Instant) {
        self.lock().keep_if(|kept| now.saturating_duration_since(kept.since) < KEPT_MAX);
    }

    // Nothing that runs under the lock can leave the shelves half changed, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, Shelves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelves {
    fn get(&mut self, place: Place) -> Option<Arc<Kept>> {
        if let Some(kept) = self.asked_for.get(&place) {
            return Some(kept.clone());
        }
        let kept = self.before.get(&place)?.clone();
        self.put(place, kept.clone());
        Some(kept)
    }

    fn put(&mut self, place: Place, kept: Arc<Kept>) {
        self.before.remove(&place);
        self.asked_for_bytes += kept.bytes();
        if let Some(former) = self.asked_for.insert(place, kept) {
            self.asked_for_bytes -= former.bytes();
        }
        if self.asked_for_bytes > BYTES_MAX / 2 {
            self.before = std::mem::take(&mut self.asked_for);
            self.asked_for_bytes = 0;
        }
    }

    fn keep_if(&mut self, is_kept: impl Fn(&Kept) -> bool) {
        self.asked_for.retain(|_, kept| is_kept(kept));
        self.before.retain(|_, kept| is_kept(kept));
        self.asked_for_bytes = self.asked_for.values().map(|kept| kept.bytes()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(number: i64) -> Place {
        Place { id: ConversationId(number), from: 0, limit: 50 }
    }

    fn held(pages: &Pages) -> usize {
        let shelves = pages.lock();
        shelves.asked_for.values().chain(shelves.before.values()).map(|kept| kept.bytes()).sum()
    }

    #[test]
    fn pages_take_bounded_room_and_those_asked_for_stay() {
        let pages = Pages::default();
        let page = Page { messages: Vec::new(), has_more: false, head: 1 };
        let said = Bytes::from(vec![b' '; 20_000]);
        for number in 0..2000 {
            pages.keep(place(number), &page, &said);
            assert!(pages.lock().get(place(0)).is_some(), "after {number}");
            assert!(held(&pages) <= BYTES_MAX);
        }
        assert!(pages.lock().get(place(1)).is_none());
        assert!(held(&pages) > BYTES_MAX / 4);
    }

    #[test]
    fn a_page_that_is_kept_anew_takes_the_place_of_the_former() {
        let pages = Pages::default();
        for head in 1..2000 {
            let page = Page { messages: Vec::new(), has_more: false, head };
            pages.keep(place(1), &page, &Bytes::from(vec![b' '; 20_000]));
        }
        assert_eq!(pages.lock().get(place(1)).map(|kept| kept.rev), Some(1999));
        assert!(held(&pages) < 30_000);
    }

    #[test]
    fn what_is_too_old_to_be_said_is_forgotten() {
        let pages = Pages::default();
        let page = Page { messages: Vec::new(), has_more: false, head: 1 };
        pages.keep(place(1), &page, &Bytes::from(vec![b' '; 20_000]));
        pages.sweep(Instant::now());
        assert!(held(&pages) > 20_000);
        pages.sweep(Instant::now() + KEPT_MAX);
        assert_eq!((held(&pages), pages.lock().asked_for_bytes), (0, 0));
    }

    #[test]
    fn a_page_too_long_for_the_room_is_not_kept() {
        let pages = Pages::default();
        let page = Page { messages: Vec::new(), has_more: false, head: 1 };
        pages.keep(place(1), &page, &Bytes::from(vec![b' '; PAGE_BYTES_MAX + 1]));
        assert_eq!(held(&pages), 0);
    }
}
