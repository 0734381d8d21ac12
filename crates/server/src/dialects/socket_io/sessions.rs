//! The sessions that there are, by their ids. An id is a secret: whoever knows it speaks for the session.

use super::session::Session;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// See above. How many there may be is decided by the places and connections that they hold.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Arc<Session>>>);

/// A session in the list; dropping it takes it out.
pub(crate) struct Listed {
    pub(crate) session: Arc<Session>,
    id: String,
    sessions: Arc<Sessions>,
}

impl Sessions {
    pub(super) fn get(&self, id: &str) -> Option<Arc<Session>> {
        self.lock().get(id).cloned()
    }

    pub(super) fn list(self: &Arc<Self>, id: String, session: Session) -> Listed {
        let session = Arc::new(session);
        self.lock().insert(id.clone(), Arc::clone(&session));
        Listed { session, id, sessions: Arc::clone(self) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        // Nothing panics half way through a change of the list.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.sessions.lock().remove(&self.id);
    }
}
