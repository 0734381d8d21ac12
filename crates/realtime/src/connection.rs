//! One connection's queue: bounded in frames and bytes, in the order in which things were said. What does not fit
//! is dropped by class: first what is ephemeral, then the events of one conversation after the other, each with a
//! `lag` in their place; when only control frames are left and there are too many, the connection is closed.

use crate::{
    bundle::{Bundle, Frames},
    directory::ConnectionId,
    limits::{LAG_LEN, Limits, STALLED_MS},
    listener::{CloseReason, Delivery},
    told::{Class, Told},
};
use faults::Bug;
use protocol::{AccountId, ConversationId, Rev, SessionId};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

/// One connection: whose it is, what waits for it, and who is to be woken for it.
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
    /// Leaf of the lock order: whoever holds it takes no other lock.
    queue: Mutex<Queue>,
}

impl Connection {
    pub(crate) fn new(
        id: ConnectionId,
        account: AccountId,
        session: SessionId,
        limits: &Arc<Limits>,
    ) -> Self {
        Self { id, account, session, queue: Mutex::new(Queue::new(Arc::clone(limits))) }
    }

    /// Queues it, or drops by class what the bounds ask for.
    pub(crate) fn push(&self, bundle: &Arc<Bundle>) {
        self.push_quietly(bundle).into_iter().for_each(Waker::wake);
    }

    /// The same, and gives who is to be woken for it.
    #[must_use]
    pub(crate) fn push_quietly(&self, bundle: &Arc<Bundle>) -> Option<Waker> {
        self.change(|queue| queue.push(bundle))
    }

    /// Drops what waits of these conversations.
    pub(crate) fn purge(&self, gone: impl Fn(ConversationId) -> bool) {
        self.queue().purge(gone);
    }

    /// Queues last words, whatever the bounds, and closes.
    pub(crate) fn close(&self, reason: CloseReason, last_words: Option<Arc<Bundle>>) {
        self.change(|queue| queue.close(reason, last_words)).into_iter().for_each(Waker::wake);
    }

    /// Closes the connection when its queue has been full and untouched for too long.
    pub(crate) fn check_stalled(&self, now_ms: i64) {
        self.change(|queue| queue.check_stalled(now_ms)).into_iter().for_each(Waker::wake);
    }

    /// Everything that waits, or why there will be nothing more; `None` when there is nothing yet.
    pub(crate) fn take(&self) -> Option<Delivery> {
        self.queue().take()
    }

    /// The same for a task that is woken when there is something; the last task that asked.
    pub(crate) fn poll_take(&self, context: &mut Context<'_>) -> Poll<Delivery> {
        let mut queue = self.queue();
        if let Some(delivery) = queue.take() {
            return Poll::Ready(delivery);
        }
        match &mut queue.waiting {
            Some(waker) => waker.clone_from(context.waker()),
            waiting => *waiting = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    /// Gives who is to be woken, once: whoever was woken takes everything there is.
    fn change(&self, change: impl FnOnce(&mut Queue)) -> Option<Waker> {
        let mut queue = self.queue();
        change(&mut queue);
        if queue.has_something() { queue.waiting.take() } else { None }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // No step of a queue can panic half way, so a poisoned one is as good as any.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What waits for one connection. A connection that hears nothing holds 128 bytes with it, where it held 192 when what only
/// a full queue needs had its room in it.
struct Queue {
    limits: Arc<Limits>,
    items: Vec<Arc<Bundle>>,
    /// Frames in the items.
    frames: usize,
    bytes: usize,
    /// How many of the items are ephemeral, so that a queue without any need not be searched for them.
    ephemerals: u32,
    /// The bounds were met since the queue was last emptied.
    full: Option<Box<Full>>,
    closed: Option<CloseReason>,
    /// Who waits for something to take.
    waiting: Option<Waker>,
}

/// What is kept of a queue from when it meets its bounds until it is emptied.
#[derive(Default)]
struct Full {
    /// Conversations with an undelivered `lag` among the items, and the head it will name.
    lagging: BTreeMap<ConversationId, Rev>,
    /// The first tick that saw it.
    since_ms: Option<i64>,
}

impl Queue {
    fn new(limits: Arc<Limits>) -> Self {
        Self {
            limits,
            items: Vec::new(),
            frames: 0,
            bytes: 0,
            ephemerals: 0,
            full: None,
            closed: None,
            waiting: None,
        }
    }

    fn has_something(&self) -> bool {
        !self.items.is_empty() || self.closed.is_some()
    }

    fn push(&mut self, bundle: &Arc<Bundle>) {
        if self.closed.is_some() || bundle.len() == 0 {
            return;
        }
        match (bundle.class(), bundle.event()) {
            (Class::Ephemeral, _) => self.push_ephemeral(bundle),
            (_, Some((conversation, rev))) => self.push_event(bundle, conversation, rev),
            (_, None) => self.push_and_trim(bundle),
        }
    }

    fn push_event(&mut self, bundle: &Arc<Bundle>, conversation: ConversationId, rev: Rev) {
        match self.full.as_mut().and_then(|full| full.lagging.get_mut(&conversation)) {
            Some(head) => *head = rev.max(*head),
            None => self.push_and_trim(bundle),
        }
    }

    /// The newer of two that say the same comes at the end: its place among the events is when it was said.
    fn push_ephemeral(&mut self, bundle: &Arc<Bundle>) {
        if self.ephemerals > 0
            && let Some(key) = bundle.key()
            && let Some(at) = self.items.iter().position(|item| item.key() == Some(key))
        {
            let older = self.items.remove(at);
            self.frames -= older.count();
            self.bytes -= older.len();
            self.ephemerals -= 1;
        }
        if self.frames < self.limits.frames_max && self.bytes + bundle.len() <= self.limits.bytes_max {
            self.append(bundle);
            self.ephemerals += 1;
        } else {
            self.mark_full();
        }
    }

    fn push_and_trim(&mut self, bundle: &Arc<Bundle>) {
        self.append(bundle);
        if self.fits() {
            return;
        }
        self.mark_full();
        self.drop_ephemerals();
        while !self.fits() {
            match self.loudest() {
                Some(conversation) => self.give_up(conversation),
                None => {
                    self.closed = Some(CloseReason::TooSlow);
                    return;
                }
            }
        }
    }

    fn append(&mut self, bundle: &Arc<Bundle>) {
        self.frames += bundle.count();
        self.bytes += bundle.len();
        self.items.push(Arc::clone(bundle));
    }

    fn fits(&self) -> bool {
        faults::has(Bug::EndlessQueue)
            || (self.frames <= self.limits.frames_max && self.bytes <= self.limits.bytes_max)
    }

    fn mark_full(&mut self) {
        self.full.get_or_insert_default();
    }

    fn drop_ephemerals(&mut self) {
        if self.ephemerals > 0 {
            self.keep(|bundle| bundle.class() != Class::Ephemeral);
        }
    }

    /// The conversation whose events hold most of what there is too much of.
    fn loudest(&self) -> Option<ConversationId> {
        let too_many_bytes = self.bytes > self.limits.bytes_max;
        let mut held: BTreeMap<ConversationId, usize> = BTreeMap::new();
        for bundle in &self.items {
            if let Some((conversation, _)) = bundle.event() {
                let share = if too_many_bytes { bundle.len() } else { bundle.count() };
                *held.entry(conversation).or_default() += share;
            }
        }
        held.into_iter().max_by_key(|(_, share)| *share).map(|(conversation, _)| conversation)
    }

    /// Puts one `lag` in the place of all events of the conversation: at the first of them, so that it comes after
    /// the notice that let this account in and before the one that let it go.
    fn give_up(&mut self, conversation: ConversationId) {
        let mut head = None;
        for bundle in &mut self.items {
            let Some((_, rev)) = bundle.event().filter(|(of, _)| *of == conversation) else { continue };
            if head.is_none() {
                *bundle = Arc::new(Bundle::one(Told::lag(conversation, rev)));
            }
            head = Some(head.unwrap_or(rev).max(rev));
        }
        self.keep(|bundle| bundle.event().is_none_or(|(of, _)| of != conversation));
        if let Some(head) = head {
            self.full.get_or_insert_default().lagging.insert(conversation, head);
        }
    }

    fn purge(&mut self, gone: impl Fn(ConversationId) -> bool) {
        if !self.items.is_empty() {
            self.keep(|bundle| !bundle.conversation().is_some_and(&gone));
            if let Some(full) = &mut self.full {
                full.lagging.retain(|conversation, _| !gone(*conversation));
            }
        }
    }

    /// Drops the items that are not to be kept, and their share of the sums.
    fn keep(&mut self, keep: impl Fn(&Bundle) -> bool) {
        let (mut frames, mut bytes, mut ephemerals) = (0, 0, 0);
        self.items.retain(|bundle| {
            let kept = keep(bundle);
            if kept {
                frames += bundle.count();
                bytes += if bundle.lag().is_some() { LAG_LEN } else { bundle.len() };
                ephemerals += u32::from(bundle.class() == Class::Ephemeral);
            }
            kept
        });
        (self.frames, self.bytes, self.ephemerals) = (frames, bytes, ephemerals);
    }

    fn close(&mut self, reason: CloseReason, last_words: Option<Arc<Bundle>>) {
        if self.closed.is_none() {
            self.items.extend(last_words);
            self.closed = Some(reason);
        }
    }

    fn check_stalled(&mut self, now_ms: i64) {
        let Some(full) = &mut self.full else { return };
        match full.since_ms.filter(|since_ms| *since_ms <= now_ms) {
            None => full.since_ms = Some(now_ms),
            Some(since_ms) if now_ms.saturating_sub(since_ms) > STALLED_MS => {
                self.close(CloseReason::TooSlow, None);
            }
            Some(_) => {}
        }
    }

    fn take(&mut self) -> Option<Delivery> {
        if self.items.is_empty() {
            return self.closed.map(Delivery::Closed);
        }
        let mut bundles = std::mem::take(&mut self.items);
        if let Some(full) = self.full.take() {
            name_heads(&mut bundles, full.lagging);
        }
        (self.frames, self.bytes, self.ephemerals) = (0, 0, 0);
        Some(Delivery::Frames(Frames::new(bundles)))
    }
}

/// Lets each `lag` name the head that its conversation has by now.
fn name_heads(bundles: &mut [Arc<Bundle>], mut lagging: BTreeMap<ConversationId, Rev>) {
    for bundle in bundles {
        if let Some(conversation) = bundle.lag()
            && let Some(head) = lagging.remove(&conversation)
        {
            *bundle = Arc::new(Bundle::one(Told::lag(conversation, head)));
        }
    }
}
