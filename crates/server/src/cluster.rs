//! The bus between nodes by publish and subscribe of Redis (or Valkey): one channel for each database. It carries hints
//! and is trusted to carry none: it may be away, stand still, lose and repeat, and nobody waits for it.

mod line;
mod outbox;

#[cfg(feature = "simulation")]
pub use line::Carrier;

use crate::random;
use line::{Hearing, Line, Speaking};
use outbox::{Letter, Outbox};
use realtime::{
    Bus, Hub, NodeId,
    bus::{Envelope, Hint},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tracing::{debug, info, warn};

/// How often a node says that it lives. Its own words come back to it, which is how it knows that the bus carries.
const BEAT: Duration = Duration::from_secs(1);
/// When nothing came back for so long, the bus is away.
const SILENCE_MAX: Duration = Duration::from_secs(3);
/// How long connecting or publishing may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// The pause after a failed attempt; doubled with each further one.
const PAUSE_MS_MIN: u64 = 100;
/// The longest such pause: how late a bus that came back may be noticed.
const PAUSE_MS_MAX: u64 = 2_000;
/// So many hints are published in one round trip.
const BATCH_LEN_MAX: usize = 256;
/// A longer word is none of ours.
const HEARD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long a node that stops tries to say what it has left to say.
const GOODBYE: Duration = Duration::from_millis(500);

/// How the bus is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// A longer hint says only where to look.
    pub(crate) hint_bytes_max: usize,
    /// Hints that wait while the bus is away or slow; more are dropped.
    pub(crate) queue_len_max: usize,
}

/// A node's end of the bus.
pub(crate) struct RedisBus {
    line: Line,
    node: NodeId,
    outbox: Outbox,
    is_up: AtomicBool,
}

impl Bus for RedisBus {
    fn node(&self) -> NodeId {
        self.node
    }

    fn send(&self, hint: &Hint) {
        self.outbox.push(self.node, hint);
    }

    fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }
}

impl RedisBus {
    /// A bus that is not connected yet. Errors when the address cannot be used; the message does not repeat it.
    pub(crate) fn new(url: &str, options: Options) -> Result<Self, &'static str> {
        let client = redis::Client::open(url).map_err(|_| "the address of the bus is not usable")?;
        Self::on(Line::Redis(client), options)
    }

    /// A bus on a line of the simulation.
    #[cfg(feature = "simulation")]
    pub(crate) fn simulated(carrier: Arc<dyn Carrier>, options: Options) -> Result<Self, &'static str> {
        Self::on(Line::Simulated(carrier), options)
    }

    fn on(line: Line, options: Options) -> Result<Self, &'static str> {
        // Two nodes with one number would not hear each other.
        let node = NodeId(getrandom::u64().map_err(|_| "the system has no randomness to give")?);
        let outbox = Outbox::new(options.hint_bytes_max, options.queue_len_max);
        Ok(Self { line, node, outbox, is_up: AtomicBool::new(false) })
    }

    /// Begins to carry. Nodes with another `epoch` have another database and are not heard.
    pub(crate) fn begin(self: &Arc<Self>, hub: &Hub, epoch: &str) -> Carrying {
        let channel: Arc<str> = format!("parlor:{epoch}").into();
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(self).publish(Arc::clone(&channel)));
        tasks.spawn(Arc::clone(self).subscribe(channel, hub.clone()));
        tasks.spawn(Arc::clone(self).beat());
        info!(node = %self.node, "this node shares its database with others");
        Carrying { bus: Arc::clone(self), _tasks: tasks }
    }

    async fn beat(self: Arc<Self>) {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beats.tick().await;
            self.send(&Hint::Beat);
        }
    }

    async fn publish(self: Arc<Self>, channel: Arc<str>) {
        let mut pause = Pause::default();
        loop {
            match self.line.speak().await {
                Ok(mut speaking) => {
                    // Connecting to a server that is overloaded succeeds too: only what was published counts.
                    if self.publish_on(&mut speaking, &channel).await {
                        pause = Pause::default();
                    }
                }
                Err(reason) => debug!(%reason, "cannot connect to the bus"),
            }
            pause.take().await;
        }
    }

    /// Publishes until the connection fails. Whether anything was published.
    async fn publish_on(&self, speaking: &mut Speaking, channel: &str) -> bool {
        let mut has_published = false;
        loop {
            let batch = self.outbox.take(BATCH_LEN_MAX).await;
            if let Err(reason) = speaking.publish(channel, &batch).await {
                debug!(%reason, "could not publish");
                // Perhaps they were said and perhaps not; saying them again later would be saying old things.
                self.outbox.lose(batch);
                return has_published;
            }
            has_published = true;
        }
    }

    async fn subscribe(self: Arc<Self>, channel: Arc<str>, hub: Hub) {
        let mut pause = Pause::default();
        let mut is_first = true;
        loop {
            match self.line.hear(&channel).await {
                Ok(hearing) => {
                    if self.listen(hearing, &hub).await {
                        pause = Pause::default();
                    }
                }
                Err(reason) => {
                    debug!(%reason, "cannot listen to the bus");
                    if is_first {
                        warn!(%reason, "the bus cannot be reached; what other nodes store is read from the database meanwhile");
                    }
                }
            }
            is_first = false;
            self.note(false, &hub);
            pause.take().await;
        }
    }

    /// Listens until the connection fails or stands still. Whether it carried.
    async fn listen(&self, mut hearing: Hearing, hub: &Hub) -> bool {
        let mut own_at = Instant::now();
        let mut has_carried = false;
        while let Ok(Some(bytes)) = timeout(SILENCE_MAX, hearing.next()).await {
            let envelope = if bytes.len() <= HEARD_BYTES_MAX { Envelope::read(&bytes) } else { None };
            match envelope {
                Some(envelope) if envelope.node == self.node => {
                    own_at = Instant::now();
                    has_carried = true;
                    self.note(true, hub);
                }
                Some(envelope) => hub.hear(envelope),
                None => debug!("something on the bus is not from a node"),
            }
            if own_at.elapsed() > SILENCE_MAX {
                self.note(false, hub);
            }
        }
        has_carried
    }

    /// Notes whether the bus carries. When it begins to, whatever was said before was not heard.
    fn note(&self, is_up: bool, hub: &Hub) {
        if self.is_up.swap(is_up, Ordering::Relaxed) == is_up {
            return;
        }
        if is_up {
            let lost = self.outbox.make_up(self.node);
            info!(lost, "the bus carries");
        } else {
            warn!("the bus is away; what other nodes store is read from the database meanwhile");
        }
        hub.doubt_everything();
    }
}

/// A bus that carries; not any more when this is dropped.
pub(crate) struct Carrying {
    bus: Arc<RedisBus>,
    _tasks: JoinSet<()>,
}

impl Carrying {
    /// Says goodbye and what is left to say, if the bus takes it.
    pub(crate) async fn end(self) {
        self.bus.send(&Hint::Leaving);
        if self.bus.is_up() && timeout(GOODBYE, self.bus.outbox.emptied()).await.is_err() {
            debug!("the last hints were not taken");
        }
    }
}

/// Pauses between attempts, longer each time, and different for each node.
struct Pause(u64);

impl Default for Pause {
    fn default() -> Self {
        Self(PAUSE_MS_MIN)
    }
}

impl Pause {
    async fn take(&mut self) {
        let jitter = random::number() % self.0.max(1);
        sleep(Duration::from_millis(self.0 / 2 + jitter / 2)).await;
        self.0 = (self.0 * 2).min(PAUSE_MS_MAX);
    }
}
