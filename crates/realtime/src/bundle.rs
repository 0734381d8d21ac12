//! What is told at once: a frame, or the events of one conversation that one commit stored.
//!
//! A thousand connections that hear a busy room each queue, take and write one bundle for a whole commit, and the bytes of it
//! are put together once for all of them.

use crate::told::{Class, Key, Told};
use bytes::Bytes;
use protocol::{ConversationId, Rev, ServerFrame};
use std::{
    slice,
    sync::{Arc, OnceLock},
};

/// A bundle is a small part of what may wait for a connection: it waits as a whole, and is dropped as a whole.
const COUNT_MAX: usize = 64;
const BYTES_MAX: usize = 32 * 1024;

/// One frame or more, in the order in which they were said. Several are events of one conversation, each the next `rev`.
#[derive(Debug)]
pub struct Bundle {
    told: Vec<Arc<Told>>,
    len: usize,
    written: OnceLock<Bytes>,
}

impl Bundle {
    pub(crate) fn one(told: Told) -> Self {
        Self::of(vec![Arc::new(told)])
    }

    fn of(told: Vec<Arc<Told>>) -> Self {
        let len = told.iter().map(|told| told.len()).sum();
        Self { told, len, written: OnceLock::new() }
    }

    /// Events of one conversation, in their order, in as few bundles as their bounds allow.
    pub(crate) fn many(told: Vec<Arc<Told>>) -> Vec<Arc<Self>> {
        let (mut bundles, mut next, mut bytes) = (Vec::new(), Vec::new(), 0);
        for told in told {
            if next.len() >= COUNT_MAX || bytes + told.len() > BYTES_MAX && !next.is_empty() {
                bundles.push(Arc::new(Self::of(std::mem::take(&mut next))));
                bytes = 0;
            }
            bytes += told.len();
            next.push(told);
        }
        bundles.extend((!next.is_empty()).then(|| Arc::new(Self::of(next))));
        bundles
    }

    /// The frames.
    pub fn told(&self) -> &[Arc<Told>] {
        &self.told
    }

    /// What a door makes of all of it to write it: made by the first connection that asks, shared by all others.
    pub fn written(&self, write: impl FnOnce(&[Arc<Told>]) -> Bytes) -> &Bytes {
        self.written.get_or_init(|| write(&self.told))
    }

    /// How many frames.
    pub(crate) fn count(&self) -> usize {
        self.told.len()
    }

    /// Bytes of all frames together.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn class(&self) -> Class {
        self.told.first().map_or(Class::Ephemeral, |told| told.class())
    }

    pub(crate) fn key(&self) -> Option<Key> {
        self.told.first().and_then(|told| told.key())
    }

    /// The conversation and the last rev, when these are events that a `lag` can stand in for.
    pub(crate) fn event(&self) -> Option<(ConversationId, Rev)> {
        self.told.last().and_then(|told| told.event())
    }

    pub(crate) fn conversation(&self) -> Option<ConversationId> {
        self.told.first().and_then(|told| told.conversation())
    }

    /// The conversation that lags, when this says so.
    pub(crate) fn lag(&self) -> Option<ConversationId> {
        match self.told.first().map(|told| &told.frame) {
            Some(ServerFrame::Lag(lag)) => Some(lag.conversation),
            _ => None,
        }
    }
}

/// Everything that waited for a connection, in the order in which it was said.
#[derive(Debug, Default)]
pub struct Frames(Vec<Arc<Bundle>>);

impl Frames {
    pub(crate) fn new(bundles: Vec<Arc<Bundle>>) -> Self {
        Self(bundles)
    }

    /// As they were told together.
    pub fn bundles(&self) -> slice::Iter<'_, Arc<Bundle>> {
        self.0.iter()
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Told>> {
        self.0.iter().flat_map(|bundle| bundle.told())
    }
}
