//! The rules of Parlor: who may do what. Every door calls these functions and decides nothing itself.
//!
//! Each command is a function that takes the [`Chat`], the [`Caller`] and plain data. What it stores it stores in one
//! transaction; what it tells others it tells when that transaction is durable, in the order of the commits.

mod audit;
mod change;
mod clock;
mod doubt;
mod error;
mod limits;
mod names;
mod neighbours;
mod page;
mod pages;
mod permissions;
mod standing;
mod text;

pub mod auth;

pub mod accounts;
pub mod administration;
pub mod conversations;
pub mod ears;
pub mod enrolment;
pub mod epoch;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod history;
pub mod identities;
pub mod inbox;
pub mod invites;
pub mod memberships;
pub mod mentions;
pub mod messages;
pub mod numbers;
pub mod page_views;
pub mod preferences;
pub mod reactions;
pub mod receipts;
pub mod records;
pub mod server;
pub mod sessions;
pub mod sync;

pub use auth::{Caller, Client};
pub use clock::{Clock, Hand};
pub use error::Error;
pub use limits::{Limits, Rate};
pub use messages::Window;

use audit::Attempts;
use auth::{
    passwords::Passwords,
    tokens::{Keys, Moment},
};
use doubt::Doubts;
use limits::Throttles;
use page_views::PageViews;
use pages::Pages;
use protocol::{ErrorCode, Provider, api::Registration};
use realtime::Hub;
use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};
use store::{Lane, Store};

/// What every function here answers with.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How a chat is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Lengths, numbers and rates.
    pub limits: Limits,
    /// Who may sign up, until an administrator decides otherwise.
    pub registration: Registration,
    /// Where people reach this server, without a slash at the end: links are made from it, never from a request.
    pub public_url: String,
    /// What the installation is called.
    pub server_name: String,
    /// Services by whose accounts people sign in too.
    pub sign_in_with: Vec<Provider>,
    /// The program's version.
    pub version: String,
    /// Where the time comes from.
    pub clock: Clock,
    /// What was seen of the history when it was served last. A database that has less of it was brought back from a copy.
    pub seen: Option<epoch::Seen>,
}

/// Everything the rules work with. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    hub: Hub,
    options: Options,
    epoch: String,
    keys: Keys,
    passwords: Passwords,
    throttles: Throttles,
    attempts: Attempts,
    doubts: Doubts,
    page_views: PageViews,
    pages: Arc<Pages>,
    registration: Mutex<Registration>,
}

impl Chat {
    /// Loads the installation's identity and keys, making them on the first run, and begins the housekeeping.
    /// Must be called inside a tokio runtime. Errors when the store cannot be read or written.
    pub async fn start(store: Store, hub: Hub, options: Options) -> Result<Self> {
        let fresh_epoch = auth::tokens::random_hex(16)?;
        let fresh_key = auth::tokens::random_hex(32)?;
        let (now, seen) = (options.clock.now(), options.seen.clone());
        let (epoch, key, registration, page_views) = store
            .write(
                Lane::Any,
                move |tx| -> Result<_> {
                    store::conversations::date_general(tx, now)?;
                    Ok((
                        epoch::settle(tx, &fresh_epoch, seen.as_ref(), now)?,
                        store::meta::get_or_set(tx, "token_key", &fresh_key)?,
                        store::meta::get(tx, server::REGISTRATION_KEY)?,
                        store::meta::get(tx, page_views::KEY)?,
                    ))
                },
                |_| {},
            )
            .await?;
        let registration = match registration {
            Some(word) => server::registration_from_word(&word)?,
            None => options.registration,
        };
        let inner = Inner {
            keys: Keys::new(&key, &epoch, auth::tokens::random_number()?),
            passwords: Passwords::new(&options.limits)?,
            throttles: Throttles::new(&options.limits),
            attempts: Attempts::default(),
            doubts: Doubts::default(),
            page_views: PageViews::new(page_views)?,
            pages: Arc::default(),
            registration: Mutex::new(registration),
            store,
            hub,
            options,
            epoch,
        };
        let chat = Self { inner: Arc::new(inner) };
        tokio::spawn(keep_house(Arc::downgrade(&chat.inner)));
        tokio::spawn(page_views::keep(Arc::downgrade(&chat.inner)));
        neighbours::begin(&chat.inner);
        Ok(chat)
    }

    /// The code of the one-time administrator link while there is no administrator, a new one at each call: only its
    /// hash is stored, and an older code stops working. `None` once there is an administrator.
    pub async fn setup_code(&self) -> Result<Option<String>> {
        let code = auth::tokens::random_hex(16)?;
        let hash = auth::tokens::hash_hex(&code);
        let made = self
            .store()
            .write(
                Lane::Any,
                move |tx| -> Result<bool> {
                    if store::accounts::has_administrator(tx)? {
                        // A link that was printed before is good for nothing any more.
                        store::meta::forget(tx, accounts::SETUP_KEY)?;
                        return Ok(false);
                    }
                    store::meta::set(tx, accounts::SETUP_KEY, &hash)?;
                    Ok(true)
                },
                |_| {},
            )
            .await?;
        Ok(made.then_some(code))
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        self.store().read(|tx| store::meta::get(tx, "epoch").map_err(Error::from)).await.is_ok()
    }

    /// Lengths, numbers and rates.
    pub fn limits(&self) -> &Limits {
        &self.inner.options.limits
    }

    /// Who listens.
    pub fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// The identity of this database's history.
    pub fn epoch(&self) -> &str {
        &self.inner.epoch
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    pub(crate) fn throttles(&self) -> &Throttles {
        &self.inner.throttles
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.inner.attempts
    }

    pub(crate) fn doubts(&self) -> &Doubts {
        &self.inner.doubts
    }

    pub(crate) fn pages(&self) -> &Arc<Pages> {
        &self.inner.pages
    }

    pub(crate) fn now(&self) -> protocol::Timestamp {
        self.inner.options.clock.now()
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { now: self.now(), passed_ms: self.inner.options.clock.passed_ms() }
    }

    /// Who may sign up at the moment.
    pub fn registration(&self) -> Registration {
        *self.inner.registration.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_registration(&self, registration: Registration) {
        *self.inner.registration.lock().unwrap_or_else(PoisonError::into_inner) = registration;
    }
}

/// How often the hub looks after presence and stalled connections.
const TICK: Duration = Duration::from_secs(1);
/// Every so many ticks, what the rate limits remember of people long gone is forgotten, and pages that are too old to be said.
const TICKS_PER_SWEEP: u64 = 60;
/// Every so many ticks, sessions that ended long ago are deleted.
const TICKS_PER_CLEANING: u64 = 3600;
/// For so long an ended session stays in the table, so that a refresh token used twice is still recognised.
const ENDED_SESSIONS_KEPT_MS: i64 = 30 * 24 * 3600 * 1000;
/// So many sessions are deleted at once: a long transaction would keep messages waiting.
const CLEANING_BATCH: i64 = 500;
/// So many batches follow each other; the rest waits an hour.
const CLEANING_BATCHES_MAX: usize = 100;

/// Runs until the chat is dropped.
async fn keep_house(inner: Weak<Inner>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut count: u64 = 0;
    loop {
        ticks.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        let now = inner.options.clock.now();
        inner.hub.tick(now.0);
        let chat = Chat { inner };
        doubt::settle(&chat).await;
        audit::tell_what_was_counted(&chat);
        let Chat { inner } = chat;
        count += 1;
        if count.is_multiple_of(TICKS_PER_SWEEP) {
            inner.throttles.sweep();
            inner.pages.sweep(Instant::now());
        }
        if count.is_multiple_of(TICKS_PER_CLEANING) {
            clean(
                &inner.store,
                "sessions",
                now.plus_ms(-ENDED_SESSIONS_KEPT_MS),
                store::sessions::forget_ended,
            )
            .await;
            clean(
                &inner.store,
                "security events",
                audit::kept_since(&inner.options, now),
                store::audit::forget,
            )
            .await;
        }
    }
}

/// Deletes what is from before a moment, batch by batch, at most so many batches an hour.
async fn clean(
    store: &Store,
    what: &'static str,
    before: protocol::Timestamp,
    forget: fn(&mut store::Tx<'_>, protocol::Timestamp, i64) -> store::Result<u64>,
) {
    for _ in 0..CLEANING_BATCHES_MAX {
        let batch = move |tx: &mut store::Tx<'_>| -> Result<u64> { Ok(forget(tx, before, CLEANING_BATCH)?) };
        match store.write(Lane::Any, batch, |_| {}).await {
            Ok(count) if i64::try_from(count).is_ok_and(|count| count == CLEANING_BATCH) => {}
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(code = error.code.as_str(), "could not delete old {what}");
                return;
            }
        }
    }
}

/// The code for things that only a broken database or machine can cause; what it was goes to the log.
pub(crate) fn internal(what: impl std::fmt::Display) -> Error {
    tracing::error!("{what}");
    Error::new(ErrorCode::Internal)
}
