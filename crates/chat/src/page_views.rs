//! How often the chat's pages were looked at: a number that everyone may know and that survives a restart.
//!
//! A view costs an addition in memory. What was added is stored once a second and told when it is stored, so a crowd at the
//! door writes no more than one visitor does.

use crate::{Chat, Inner, Result};
use std::{
    sync::{
        Weak,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use store::{Lane, Store};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

/// Where the number is kept.
pub(crate) const KEY: &str = "page_views";

/// How often new views are stored and told.
const STORED_EVERY: Duration = Duration::from_secs(1);

/// The number, and what is to be added to it.
pub(crate) struct PageViews {
    new: AtomicI64,
    stored: watch::Sender<i64>,
}

impl PageViews {
    pub(crate) fn new(stored: Option<String>) -> Result<Self> {
        let stored = match stored {
            Some(text) => {
                text.parse().map_err(|_| crate::internal(format!("{text:?} is no number of page views")))?
            }
            None => 0,
        };
        Ok(Self { new: AtomicI64::new(0), stored: watch::Sender::new(stored) })
    }

    /// Stores what is new. What could not be stored is new the next time.
    async fn store(&self, store: &Store) {
        let new = self.new.swap(0, Ordering::Relaxed);
        if new == 0 {
            return;
        }
        let stored = self.stored.clone();
        let sum: Result<i64> = store
            .write(
                Lane::Any,
                move |tx| Ok(store::meta::add(tx, KEY, new)?),
                move |sum| {
                    stored.send_replace(*sum);
                },
            )
            .await;
        if let Err(error) = sum {
            self.new.fetch_add(new, Ordering::Relaxed);
            tracing::warn!(code = error.code.as_str(), "page views could not be stored yet");
        }
    }
}

/// Somebody looks at a page.
pub fn viewed(chat: &Chat) {
    chat.inner.page_views.new.fetch_add(1, Ordering::Relaxed);
}

/// The number as it is stored, now and whenever it changes: at most once a second.
pub fn watch(chat: &Chat) -> watch::Receiver<i64> {
    chat.inner.page_views.stored.subscribe()
}

/// Stores what is new without waiting for its time: nothing is counted after this.
pub async fn settle(chat: &Chat) {
    chat.inner.page_views.store(chat.store()).await;
}

/// Looks what other nodes counted.
pub(crate) async fn look(chat: &Chat) -> Result<()> {
    let Some(text) = chat.read(|tx| Ok(store::meta::get(tx, KEY)?)).await? else { return Ok(()) };
    let sum: i64 = text.parse().map_err(|_| crate::internal("the number of page views is none"))?;
    chat.inner.page_views.stored.send_if_modified(|stored| {
        let is_more = sum > *stored;
        *stored = sum.max(*stored);
        is_more
    });
    Ok(())
}

/// Runs until the chat is dropped.
pub(crate) async fn keep(inner: Weak<Inner>) {
    let mut ticks = interval(STORED_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.page_views.store(&inner.store).await;
    }
}
