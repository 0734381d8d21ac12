//! Sign-ins that have begun: what must come back, and to which browser. Each is good once and for a few minutes.
//!
//! A browser gets a random cookie and its address a random `state`; here is kept, by the hash of the cookie, what belongs
//! to it. So neither a forged address nor one that was meant for another browser finds anything, and the verifier of
//! PKCE never leaves the server before it is used.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{AccountId, Provider, Timestamp};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// Sign-ins that may be under way; of more, the oldest are forgotten. The rate of sign-ins by address makes it hard to fill.
pub(super) const PENDING_MAX: usize = 10_000;
/// For so long one may be away, looking for a password or a second factor.
pub(super) const GOOD_FOR_MS: i64 = 10 * 60 * 1000;
/// Random bytes of each secret: 256 bits, and 43 characters, as PKCE asks for at least.
const SECRET_BYTES: usize = 32;

/// What a sign-in elsewhere is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A session here, and then this address; an account may be made with this invite.
    SignIn { next: String, invite: Option<String> },
    /// Another way to sign in to this account.
    Link(AccountId),
}

/// A sign-in that begins: the secrets on their way out.
pub(super) struct Started {
    /// Travels in the address to the service and back.
    pub(super) state: String,
    /// What proves that the code is used by whoever asked for it.
    pub(super) challenge: String,
    /// The cookie.
    pub(super) browser: String,
}

/// A sign-in that came back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) provider: Provider,
    pub(super) purpose: Purpose,
    pub(super) verifier: String,
}

type Hash = [u8; 32];

struct Entry {
    state: Hash,
    ends_at: Timestamp,
    finished: Finished,
}

#[derive(Default)]
struct Table {
    entries: HashMap<Hash, Entry>,
    /// In the order in which they began and therefore end. May name some that came back.
    order: VecDeque<Hash>,
}

#[derive(Default)]
pub(super) struct Pending(Mutex<Table>);

impl Pending {
    /// Begins a sign-in. Errors when the machine has no randomness.
    pub(super) fn begin(
        &self,
        provider: Provider,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Started, getrandom::Error> {
        let (state, verifier, browser) = (secret()?, secret()?, secret()?);
        let challenge = URL_SAFE_NO_PAD.encode(hash(&verifier));
        let finished = Finished { provider, purpose, verifier };
        let entry = Entry { state: hash(&state), ends_at: now.plus_ms(GOOD_FOR_MS), finished };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(hash(&browser), entry, now);
        Ok(Started { state, challenge, browser })
    }

    /// Takes the sign-in that this browser began with this state, if it is still good. It is found once.
    pub(super) fn take(&self, browser: &str, state: &str, now: Timestamp) -> Option<Finished> {
        let (browser, state) = (hash(browser), hash(state));
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !table.entries.get(&browser).is_some_and(|entry| is_same(&entry.state, &state)) {
            return None;
        }
        table.entries.remove(&browser).filter(|entry| entry.ends_at > now).map(|entry| entry.finished)
    }
}

impl Table {
    fn insert(&mut self, browser: Hash, entry: Entry, now: Timestamp) {
        while let Some(oldest) = self.order.front() {
            let is_good = self.entries.get(oldest).is_some_and(|entry| entry.ends_at > now);
            if is_good && self.order.len() < PENDING_MAX {
                break;
            }
            self.entries.remove(oldest);
            self.order.pop_front();
        }
        self.order.push_back(browser);
        self.entries.insert(browser, entry);
    }
}

fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// Compares in the same time wherever they differ.
fn is_same(one: &Hash, other: &Hash) -> bool {
    one.iter().zip(other).fold(0, |differences, (one, other)| differences | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000);

    fn begin(pending: &Pending, now: Timestamp) -> Started {
        let purpose = Purpose::SignIn { next: "/".to_owned(), invite: None };
        pending.begin(Provider::Github, purpose, now).unwrap()
    }

    #[test]
    fn a_sign_in_comes_back_once_to_the_browser_and_with_the_state_that_it_began_with() {
        let pending = Pending::default();
        let (mine, other) = (begin(&pending, NOW), begin(&pending, NOW));
        for (browser, state) in
            [("", ""), (&mine.browser, ""), (&mine.browser, &other.state), (&other.browser, &mine.state)]
        {
            assert_eq!(pending.take(browser, state, NOW), None);
        }
        let finished = pending.take(&mine.browser, &mine.state, NOW).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(hash(&finished.verifier)), mine.challenge);
        assert!(finished.verifier.len() >= 43 && finished.verifier != mine.state);
        assert_eq!(pending.take(&mine.browser, &mine.state, NOW), None);
        assert!(pending.take(&other.browser, &other.state, NOW).is_some());
    }

    #[test]
    fn a_sign_in_that_takes_too_long_is_forgotten() {
        let pending = Pending::default();
        let slow = begin(&pending, NOW);
        let end = NOW.plus_ms(GOOD_FOR_MS);
        assert_eq!(pending.take(&slow.browser, &slow.state, end), None);
        begin(&pending, NOW);
        begin(&pending, end);
        assert_eq!(pending.0.lock().unwrap().entries.len(), 1);
    }

    #[test]
    fn no_more_are_kept_than_there_may_be() {
        let pending = Pending::default();
        let first = begin(&pending, NOW);
        for _ in 0..PENDING_MAX {
            begin(&pending, NOW);
        }
        let table = pending.0.lock().unwrap();
        assert_eq!((table.entries.len(), table.order.len()), (PENDING_MAX, PENDING_MAX));
        drop(table);
        assert_eq!(pending.take(&first.browser, &first.state, NOW), None);
    }
}
