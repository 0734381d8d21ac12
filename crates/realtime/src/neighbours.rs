//! The other nodes, as a hub sees them: what goes to them, what comes from them, and in which order it is told here.

use crate::{
    bus::{Bus, Envelope, Hint, NodeId, Step, Telling},
    elsewhere,
    hub::Hub,
    order::{Order, Voice},
};
use protocol::{AccountId, ConversationId, Event, Rev};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// For so many ticks the order of a conversation is kept in which nobody listens: a hint that overtook another one is
/// recognised by it. A second each.
const KEPT_TICKS: u64 = 120;
/// A node that said nothing for so many ticks is gone; it says something every second.
const SILENT_TICKS_MAX: u64 = 10;
/// So many nodes are kept in mind.
const NODES_MAX: usize = 256;

/// What a hub with neighbours knows besides.
pub(crate) struct Neighbours {
    pub(crate) bus: Arc<dyn Bus>,
    orders: Mutex<HashMap<ConversationId, Arc<Mutex<Order>>>>,
    /// Where something is missing.
    gaps: Mutex<HashSet<ConversationId>>,
    gap_noticed: Notify,
    in_doubt: AtomicBool,
    settings_changed: AtomicBool,
    nodes: Mutex<HashMap<NodeId, Heard>>,
    ticks: AtomicU64,
    /// A node came that does not know who is connected here.
    has_newcomer: AtomicBool,
}

/// What was heard of a node last.
struct Heard {
    number: u64,
    tick: u64,
}

impl Neighbours {
    pub(crate) fn new(bus: Arc<dyn Bus>) -> Self {
        Self {
            bus,
            orders: Mutex::default(),
            gaps: Mutex::default(),
            gap_noticed: Notify::new(),
            // Whatever was said before this node listened is in the database.
            in_doubt: AtomicBool::new(false),
            settings_changed: AtomicBool::new(false),
            nodes: Mutex::default(),
            ticks: AtomicU64::new(0),
            has_newcomer: AtomicBool::new(false),
        }
    }

    /// Does something with a conversation's order while nobody else does, and notes what is missing afterwards.
    fn order<T>(&self, conversation: ConversationId, work: impl FnOnce(&mut Order) -> T) -> T {
        let order = Arc::clone(lock(&self.orders).entry(conversation).or_default());
        let mut order = lock(&order);
        order.touched = self.ticks.load(Ordering::Relaxed);
        let done = work(&mut order);
        if order.has_gap() {
            lock(&self.gaps).insert(conversation);
            self.gap_noticed.notify_one();
        } else {
            lock(&self.gaps).remove(&conversation);
        }
        done
    }

    fn doubt(&self) {
        self.in_doubt.store(true, Ordering::Relaxed);
        self.gap_noticed.notify_one();
    }

    /// Notes who spoke. Whatever is missing between two numbers was lost.
    fn note(&self, node: NodeId, number: u64) {
        let tick = self.ticks.load(Ordering::Relaxed);
        let mut nodes = lock(&self.nodes);
        let has_room = nodes.len() < NODES_MAX;
        let mut is_whole = true;
        if let Some(heard) = nodes.get_mut(&node) {
            is_whole = number <= heard.number.saturating_add(1);
            *heard = Heard { number: number.max(heard.number), tick };
        } else if has_room {
            nodes.insert(node, Heard { number, tick });
            self.has_newcomer.store(true, Ordering::Relaxed);
        }
        drop(nodes);
        if !is_whole {
            self.doubt();
        }
    }

    /// Forgets nodes that have gone and orders that nobody needs; `heard` are the conversations that somebody listens to.
    /// Gives the number of the tick.
    pub(crate) fn tick(&self, heard: impl FnOnce() -> HashSet<ConversationId>) -> u64 {
        let tick = self.ticks.fetch_add(1, Ordering::Relaxed) + 1;
        let mut nodes = lock(&self.nodes);
        let before = nodes.len();
        nodes.retain(|_, heard| tick.saturating_sub(heard.tick) <= SILENT_TICKS_MAX);
        let has_gone = nodes.len() < before;
        drop(nodes);
        if has_gone {
            // What it stored last it may not have said.
            self.doubt();
        }
        if !tick.is_multiple_of(KEPT_TICKS) {
            return tick;
        }
        let heard = heard();
        lock(&self.orders).retain(|conversation, order| {
            // Somebody who holds it is about to tell something.
            if Arc::strong_count(order) > 1 || heard.contains(conversation) {
                return true;
            }
            let order = lock(order);
            order.has_gap() || tick.saturating_sub(order.touched) <= KEPT_TICKS
        });
        tick
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing here is left half changed by a panic, so a poisoned lock is as good as any.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells what a conversation's order says to tell, here.
struct Here<'a> {
    hub: &'a Hub,
    conversation: ConversationId,
}

impl Voice for Here<'_> {
    fn tell(&mut self, telling: Telling) {
        self.hub.perform(telling);
    }

    fn lag(&mut self, head: Rev) {
        self.hub.lag(self.conversation, head);
    }
}

/// A gap, as it is when somebody begins to close it.
#[derive(Clone, Debug)]
pub struct Gap {
    pub conversation: ConversationId,
    /// The last change that was told here; `None` when that is not known.
    pub told: Option<Rev>,
    /// The last change that was heard of.
    pub head: Rev,
    /// Who waits to be let in.
    pub joining: Vec<AccountId>,
}

impl Hub {
    /// Whether there may be other nodes.
    pub fn is_shared(&self) -> bool {
        self.neighbours().is_some()
    }

    /// Whether hints arrive at the moment; true for a node that is alone.
    pub fn is_bus_up(&self) -> bool {
        self.neighbours().is_none_or(|neighbours| neighbours.bus.is_up())
    }

    /// Tells a change, here and on the other nodes. To be called after the commit. On every node it is told when all
    /// changes of the conversation before it were.
    pub fn tell(&self, telling: Telling) {
        let Some(neighbours) = self.neighbours() else { return self.perform(telling) };
        let hint = Hint::Telling(telling);
        neighbours.bus.send(&hint);
        if let Hint::Telling(telling) = hint {
            self.take(neighbours, telling, true);
        }
    }

    /// Puts a change into its conversation's order.
    fn take(&self, neighbours: &Neighbours, telling: Telling, is_own: bool) {
        let conversation = telling.conversation;
        let mut joining: Vec<_> = telling.joining().collect();
        joining.retain(|account| self.is_connected(*account));
        let is_sure = is_own || joining.is_empty();
        let mut here = Here { hub: self, conversation };
        let is_news = neighbours.order(conversation, |order| order.take(telling, is_sure, &mut here));
        // A handshake told others as much before this came; whoever comes in by it is outside still.
        if !is_news && joining.into_iter().any(|account| self.is_outside(account, conversation)) {
            neighbours.doubt();
        }
    }

    /// Does what another node says.
    pub fn hear(&self, envelope: Envelope) {
        let Some(neighbours) = self.neighbours() else { return };
        if envelope.node == neighbours.bus.node() {
            return;
        }
        neighbours.note(envelope.node, envelope.number);
        match envelope.hint {
            Some(hint) => self.obey(neighbours, envelope.node, hint),
            None => neighbours.doubt(),
        }
    }

    fn obey(&self, neighbours: &Neighbours, node: NodeId, hint: Hint) {
        match hint {
            Hint::Telling(telling) => self.take(neighbours, telling, false),
            Hint::Position { conversation, rev } => {
                neighbours.order(conversation, |order| order.hint(rev));
            }
            Hint::Account { account, frame } => self.tell_account_apart(account, frame),
            Hint::Everyone { frame } => self.tell_everyone_here(frame),
            Hint::Ephemeral { conversation, except, frame } => {
                // Where something is missing, it may be that somebody who still listens was put out.
                if !lock(&neighbours.gaps).contains(&conversation) {
                    self.ephemeral_here(conversation, except, frame);
                }
            }
            Hint::EndSession { session } => self.end_session_here(session),
            Hint::EndAccount { account, except } => self.end_account_here(account, except),
            Hint::Missed { accounts: Some(accounts) } => {
                accounts.into_iter().for_each(|account| self.send_back(Some(account)));
            }
            Hint::Missed { accounts: None } => self.send_back(None),
            Hint::Settings => {
                neighbours.settings_changed.store(true, Ordering::Relaxed);
                neighbours.gap_noticed.notify_one();
            }
            Hint::Online { present } => {
                let tick = neighbours.ticks.load(Ordering::Relaxed);
                let audience_max = self.limits().presence_audience_max;
                elsewhere::online(&mut self.write(), node, present, tick, audience_max);
            }
            Hint::Offline { accounts } => {
                let audience_max = self.limits().presence_audience_max;
                elsewhere::offline(&mut self.write(), node, &accounts, audience_max);
            }
            Hint::Leaving => {
                let tick = neighbours.ticks.load(Ordering::Relaxed);
                let grace_ticks = self.limits().presence_grace_ms / 1_000;
                elsewhere::leaving(&mut self.write(), node, tick, grace_ticks);
                lock(&neighbours.nodes).remove(&node);
            }
            Hint::Beat => {}
        }
    }

    /// Whether the account is connected and does not listen to the conversation.
    fn is_outside(&self, account: AccountId, conversation: ConversationId) -> bool {
        self.doubtful(&[account], &HashSet::from([(account, conversation)])).contains(&conversation)
    }

    /// Forgets who was not named again, and names who is here.
    pub(crate) fn tick_elsewhere(&self, neighbours: &Neighbours, tick: u64) {
        if !self.read().elsewhere.is_empty() {
            elsewhere::expire(&mut self.write(), tick, self.limits().presence_audience_max);
        }
        let has_newcomer = neighbours.has_newcomer.swap(false, Ordering::Relaxed);
        let has_others = !lock(&neighbours.nodes).is_empty();
        if has_others && (has_newcomer || tick.is_multiple_of(elsewhere::REPEATED_TICKS)) {
            let present = self.read().present();
            for part in present.chunks(elsewhere::PART_LEN) {
                neighbours.bus.send(&Hint::Online { present: part.to_vec() });
            }
        }
    }

    /// Says to the other nodes that something was set of which each keeps a copy.
    pub fn settings_changed(&self) {
        self.say(|| Hint::Settings);
    }

    /// Says something to the other nodes.
    pub(crate) fn say(&self, hint: impl FnOnce() -> Hint) {
        if let Some(neighbours) = self.neighbours() {
            neighbours.bus.send(&hint());
        }
    }

    /// Everything that was told here is in doubt: hints may have been lost.
    pub fn doubt_everything(&self) {
        if let Some(neighbours) = self.neighbours() {
            neighbours.doubt();
        }
    }

    /// Returns once something is missing or in doubt, perhaps already closed; never for a node that is alone.
    pub async fn gap_noticed(&self) {
        match self.neighbours() {
            Some(neighbours) => neighbours.gap_noticed.notified().await,
            None => std::future::pending().await,
        }
    }

    /// Whether everything is in doubt; not any more after this.
    pub fn take_doubt(&self) -> bool {
        self.neighbours().is_some_and(|neighbours| neighbours.in_doubt.swap(false, Ordering::Relaxed))
    }

    /// Whether a setting changed elsewhere; not any more after this.
    pub fn take_settings_changed(&self) -> bool {
        self.neighbours().is_some_and(|neighbours| neighbours.settings_changed.swap(false, Ordering::Relaxed))
    }

    /// The conversations in which something is missing.
    pub fn gaps(&self) -> Vec<Gap> {
        let Some(neighbours) = self.neighbours() else { return Vec::new() };
        let conversations: Vec<ConversationId> = lock(&neighbours.gaps).iter().copied().collect();
        let gap = |conversation| {
            neighbours.order(conversation, |order| {
                let (told, head, joining) = (order.told(), order.head(), order.joining());
                order.has_gap().then_some(Gap { conversation, told, head, joining })
            })
        };
        conversations.into_iter().filter_map(gap).collect()
    }

    /// How far these conversations have come, as the database says: what was not told is a gap.
    pub fn compare(&self, heads: &[(ConversationId, Rev)]) {
        let Some(neighbours) = self.neighbours() else { return };
        for (conversation, head) in heads {
            neighbours.order(*conversation, |order| order.hint(*head));
        }
    }

    /// A listener is about to be told that these conversations have come so far, and hears everything that was told after
    /// it was read.
    pub fn stand_at(&self, heads: &[(ConversationId, Rev)]) {
        let Some(neighbours) = self.neighbours() else { return };
        for (conversation, head) in heads {
            neighbours.order(*conversation, |order| order.expect(*head));
        }
    }

    /// Begins to tell a conversation of which nobody knew what was told, at `head`; `members` are those of
    /// [`Gap::joining`] who are members at that moment.
    pub fn open(&self, conversation: ConversationId, head: Rev, members: &HashSet<AccountId>) {
        let Some(neighbours) = self.neighbours() else { return };
        let mut here = Here { hub: self, conversation };
        neighbours.order(conversation, |order| order.open(head, members, &mut here));
    }

    /// Tells what the database holds of the changes after `since` up to `head`.
    pub fn catch_up(&self, conversation: ConversationId, since: Rev, found: Vec<(Rev, Event)>, head: Rev) {
        let Some(neighbours) = self.neighbours() else { return };
        let mut here = Here { hub: self, conversation };
        neighbours.order(conversation, |order| order.catch_up(since, found, head, &mut here));
    }

    /// The database held nothing more when it was asked about a gap that reached up to `asked`.
    pub fn close(&self, conversation: ConversationId, asked: Rev) {
        if let Some(neighbours) = self.neighbours() {
            neighbours.order(conversation, |order| order.believe(asked));
        }
    }

    /// Whether this change came and waits to be told.
    pub fn waits(&self, conversation: ConversationId, rev: Rev) -> bool {
        self.neighbours().is_some_and(|neighbours| neighbours.order(conversation, |order| order.has(rev)))
    }

    /// [`Hub::reconcile`] in the conversation's order.
    pub(crate) fn reset(&self, conversation: ConversationId, head: Rev, work: impl FnOnce()) -> bool {
        let Some(neighbours) = self.neighbours() else {
            work();
            return true;
        };
        let mut here = Here { hub: self, conversation };
        neighbours.order(conversation, |order| order.reset(head, &mut here, work))
    }

    /// Does what a telling says, now.
    pub(crate) fn perform(&self, telling: Telling) {
        let Telling { conversation, rev, steps } = telling;
        for step in steps {
            match step {
                Step::Tell { account, frame } => self.tell_account_here(account, frame),
                Step::Join { account } => self.join(account, conversation),
                Step::Publish { event } => self.publish_here(conversation, rev, event),
                Step::Leave { account } => self.leave(account, conversation),
            }
        }
    }
}
