//! Who is connected by this dialect: to tell them what is not stored, and so may be lost.

use crate::dialects::socket_io::{Session, Sessions};
use protocol::AccountId;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// See above; and the sessions of Socket.IO, which begin before anybody is known.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) sessions: Arc<Sessions>,
    people: Mutex<HashMap<u64, Person>>,
    next: AtomicU64,
}

struct Person {
    /// Nobody, until a name is given.
    account: Option<AccountId>,
    session: Arc<Session>,
}

/// Somebody's place at the desk; dropping it takes them off.
pub(super) struct Seat {
    number: u64,
    desk: Arc<Desk>,
}

impl Desk {
    /// Adds a session, and whose it is.
    pub(super) fn seat(self: &Arc<Self>, account: Option<AccountId>, session: &Arc<Session>) -> Seat {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(number, Person { account, session: Arc::clone(session) });
        Seat { number, desk: Arc::clone(self) }
    }

    /// Tells everybody, unless there are more than so many.
    pub(super) fn tell_all(&self, packet: String, audience_max: usize) {
        let people = self.lock();
        if people.len() > audience_max {
            return;
        }
        let packet = Arc::<str>::from(packet);
        people.values().for_each(|person| person.session.mention(packet.clone()));
    }

    /// Tells these accounts wherever they are connected.
    pub(super) fn tell(&self, accounts: &[AccountId], packet: String) {
        let packet = Arc::<str>::from(packet);
        let people = self.lock();
        let meant = people.values().filter(|person| person.account.is_some_and(|id| accounts.contains(&id)));
        meant.for_each(|person| person.session.mention(packet.clone()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Person>> {
        // Nothing panics half way through a change of the list.
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.desk.lock().remove(&self.number);
    }
}
