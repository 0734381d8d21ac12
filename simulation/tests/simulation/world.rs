//! What everything in a simulated world shares: the weather, the trace, the nodes, the wires and what is known of the truth.

use crate::{chance::Chance, ledger::Ledger, line::Exchange, nodes::Node, trace::Trace, wires::Wires};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::MemoryDatabase;
use tokio::time::sleep;

/// How the world is at the moment. Shares are in a thousand.
#[derive(Clone, Debug, Default)]
pub struct Weather {
    /// Of each node's database connection.
    pub database: Vec<DatabaseWeather>,
    /// Of each node's end of the bus: it is away.
    pub bus_away: Vec<bool>,
    /// The same, and nothing says so: it stands still.
    pub bus_still: Vec<bool>,
    pub hints_lost: u64,
    pub hints_doubled: u64,
    pub hints_late: u64,
    /// No hint that is late comes later than this.
    pub hint_late_ms_max: u64,
    /// How long a piece takes on a wire, at most.
    pub wire_ms_max: u64,
}

/// How one node's database is at the moment.
#[derive(Clone, Debug)]
pub struct DatabaseWeather {
    pub slow_ms_max: u64,
    /// What is refused before it is run.
    pub refused: u64,
    /// Commits of which nobody hears whether they happened: half of them did.
    pub unknown: u64,
    /// Between a commit and its telling lies up to so much time.
    pub telling_ms_max: u64,
}

impl Default for DatabaseWeather {
    fn default() -> Self {
        Self { slow_ms_max: 2, refused: 0, unknown: 0, telling_ms_max: 1 }
    }
}

impl Weather {
    /// Good weather for so many nodes.
    pub fn fair(nodes: usize) -> Self {
        Self {
            database: vec![DatabaseWeather::default(); nodes],
            bus_away: vec![false; nodes],
            bus_still: vec![false; nodes],
            wire_ms_max: 3,
            hint_late_ms_max: 1,
            ..Self::default()
        }
    }
}

pub struct World {
    pub trace: Trace,
    pub database: MemoryDatabase,
    pub exchange: Exchange,
    pub wires: Wires,
    pub ledger: Mutex<Ledger>,
    pub nodes: Mutex<Vec<Node>>,
    weather: Mutex<Weather>,
    chance: Mutex<Chance>,
}

/// A world, shared by all its tasks.
pub type Shared = Arc<World>;

impl World {
    pub fn new(trace: Trace, nodes: usize, chance: Chance) -> Shared {
        let database = MemoryDatabase::new().unwrap();
        Arc::new(Self {
            trace,
            ledger: Mutex::new(Ledger::of(&database)),
            database,
            exchange: Exchange::default(),
            wires: Wires::default(),
            nodes: Mutex::new((0..nodes).map(Node::new).collect()),
            weather: Mutex::new(Weather::fair(nodes)),
            chance: Mutex::new(chance),
        })
    }

    /// What the world itself decides.
    pub fn roll<T>(&self, decide: impl FnOnce(&mut Chance) -> T) -> T {
        decide(&mut lock(&self.chance))
    }

    pub fn weather(&self) -> MutexGuard<'_, Weather> {
        lock(&self.weather)
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Lets up to so many milliseconds pass, by microseconds, so that seldom two things happen at one moment.
    pub async fn dawdle(&self, ms_max: u64) {
        let us = self.roll(|chance| chance.below(ms_max * 1000 + 1));
        sleep(Duration::from_micros(us)).await;
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A law that was broken panics; what is shown of the world then is what there is.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds a line to the world's trace.
#[macro_export]
macro_rules! note {
    ($world:expr, $($what:tt)*) => { $world.trace.note(format_args!($($what)*)) };
}
