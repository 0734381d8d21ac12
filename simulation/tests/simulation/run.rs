//! One world from its beginning to its end.

use crate::{
    chance::{Chance, govern_this_thread},
    device::{Device, State},
    faults::{self, Fault},
    laws::{self, Witness},
    ledger::Answer,
    nodes, note,
    people::{self, Town},
    trace::Trace,
    world::{Shared, World, lock},
};
use futures_util::stream::FuturesUnordered;
use std::{
    cell::Cell,
    collections::BTreeMap,
    panic,
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::{
    runtime::Builder,
    task::JoinSet,
    time::{sleep, timeout},
};

/// When everything that was wrong is over, everybody has what they may see within this time.
const SETTLED_WITHIN: Duration = Duration::from_secs(30);
/// A message that is sent then arrives everywhere within this time.
const HEARD_WITHIN: Duration = Duration::from_secs(5);

/// What came of a world.
pub struct Outcome {
    pub broken: Vec<String>,
    /// The same for the same seed.
    pub hash: u64,
    pub lines: u64,
    pub last: Vec<String>,
    pub faults: Vec<Fault>,
    pub acknowledged: usize,
    pub repeated: usize,
    pub heard: usize,
}

/// How a world is run.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub seed: u64,
    /// Only so many of its faults.
    pub faults_max: usize,
    pub is_shown: bool,
}

impl How {
    pub fn seed(seed: u64) -> Self {
        Self { seed, faults_max: usize::MAX, is_shown: false }
    }
}

thread_local! {
    static PANICS: Cell<u64> = const { Cell::new(0) };
}

/// Runs a world on a thread of its own, whose chance is its own too.
pub fn run(how: How) -> Outcome {
    static COUNTED: Once = Once::new();
    COUNTED.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            usual(panic);
        }));
    });
    let world = thread::Builder::new().name(format!("seed {}", how.seed)).spawn(move || {
        govern_this_thread(how.seed);
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let mut outcome = runtime.block_on(live(how));
        drop(runtime);
        if PANICS.get() > 0 {
            outcome.broken.push(format!("something panicked {} times", PANICS.get()));
        }
        outcome
    });
    world.unwrap().join().unwrap_or_else(|_| panic!("the world of seed {} ended early", how.seed))
}

async fn live(how: How) -> Outcome {
    let mut chance = Chance::new(how.seed);
    let nodes = usize::try_from(*chance.pick(&[1, 2, 2, 3, 3]).unwrap()).unwrap_or(1);
    let length_ms = chance.between(2_000, 10_000);
    let mut faults = faults::plan(&mut chance.fork("faults"), nodes, length_ms);
    faults.truncate(how.faults_max);

    let world = World::new(Trace::new(how.is_shown), nodes, chance.fork("world"));
    let mut others = JoinSet::new();
    others.spawn(nodes::turn_clocks(world.clone()));
    for node in lock(&world.nodes).iter_mut() {
        node.clock_off_ms = i64::try_from(chance.below(3_600_000)).unwrap() - 1_800_000;
    }
    nodes::start(&world, 0).await;
    let (people, devices) = (chance.between(3, 4), chance.between(4, 6));
    let town = Arc::new(people::settle(&world, people, devices).await);
    for number in 1..nodes {
        nodes::start(&world, number).await;
    }

    let (is_over, wanted): (_, Wanted) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let (all, witnesses) = devices_of(&world, &town, &mut chance, &is_over, &wanted);
    let mut lives = JoinSet::new();
    for device in all {
        lives.spawn(device.live());
    }
    faults::rage(&world, &faults).await;
    is_over.store(true, Ordering::Relaxed);
    faults::heal(&world).await;
    settle(&world, &witnesses, &wanted, SETTLED_WITHIN).await;
    if let Some(first) = witnesses.first() {
        let rooms = lock(&first.state).copy.rooms.keys().copied().collect();
        note!(world, "{} is to speak", first.name);
        *lock(&wanted) = rooms;
        settle(&world, &witnesses, &wanted, HEARD_WITHIN).await;
    }
    let broken = laws::judge(&world, &witnesses);
    let ledger = world.ledger();
    let acknowledged =
        ledger.sent.values().filter(|sent| matches!(sent.answer, Some(Answer::Stored { .. }))).count();
    let (heard, repeated) = (ledger.heard, ledger.repeated);
    drop(ledger);
    let trace = &world.trace;
    let outcome = Outcome {
        broken,
        hash: trace.hash(),
        lines: trace.count(),
        last: trace.last(),
        faults,
        acknowledged,
        repeated,
        heard,
    };
    // They hold the world that holds them.
    lock(&world.nodes).clear();
    outcome
}

type Wanted = Arc<Mutex<Vec<protocol::ConversationId>>>;

fn devices_of(
    world: &Shared,
    town: &Arc<Town>,
    chance: &mut Chance,
    is_over: &Arc<AtomicBool>,
    wanted: &Wanted,
) -> (Vec<Device>, Vec<Witness>) {
    let (mut devices, mut witnesses) = (Vec::new(), Vec::new());
    for (number, person) in town.people.iter().enumerate() {
        for (of_person, token) in person.tokens.iter().enumerate() {
            let name = format!("p{number}d{of_person}");
            let state: Arc<Mutex<State>> = Arc::default();
            witnesses.push(Witness { name: name.clone(), account: person.id, state: state.clone() });
            devices.push(Device {
                world: world.clone(),
                town: town.clone(),
                account: person.id,
                token: token.clone(),
                chance: chance.fork(&name),
                state,
                is_over: is_over.clone(),
                // The first one speaks for all.
                wanted: if devices.is_empty() { wanted.clone() } else { Arc::default() },
                sent_count: 0,
                errands: FuturesUnordered::new(),
                deleting: BTreeMap::new(),
                name,
            });
        }
    }
    (devices, witnesses)
}

/// Waits until what is wanted was said, and everybody has what they may see.
async fn settle(world: &Shared, witnesses: &[Witness], wanted: &Wanted, within: Duration) {
    let unsettled = || match lock(wanted).is_empty() {
        true => laws::unsettled(world, witnesses),
        false => Some("nobody has said what was wanted".to_owned()),
    };
    let settled = async {
        // What was asked for has begun by then.
        sleep(Duration::from_secs(1)).await;
        while unsettled().is_some() {
            sleep(Duration::from_millis(100)).await;
        }
    };
    if timeout(within, settled).await.is_err()
        && let Some(why) = unsettled()
    {
        world.ledger().accuse(format!("after {within:?} {why}"));
    }
}
