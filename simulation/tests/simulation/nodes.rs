//! The nodes: started, stopped in an orderly way, killed and started again. Their memory goes with them, the database stays.

use crate::{
    database::drive,
    line::End,
    note,
    world::{Shared, lock},
};
use chat::{Clock, Hand};
use protocol::Timestamp;
use server::{
    app::{Running, start_simulated},
    config::Settings,
};
use std::{sync::Arc, time::Duration};
use store::{Database, StoreOptions};
use tokio::{io::DuplexStream, sync::mpsc, task::JoinSet, time::sleep};

/// Limits that nobody runs into by accident: they are kept by the machine's time, which is not the world's.
const SETTINGS: &[(&str, &str)] = &[
    ("requests_per_address", "1000000/s+1000000"),
    ("sign_ups_per_address", "1000000/s+1000000"),
    ("sends_per_account", "1000000/s+1000000"),
    ("rooms_per_account", "1000000/s+1000000"),
    ("invite_codes_per_address", "1000000/s+1000000"),
    ("lookups_per_account", "1000000/s+1000000"),
    ("connections_per_address_max", "10000"),
    ("password_memory_kib", "64"),
    ("password_passes", "1"),
    ("reconnect_window_ms", "200"),
];

/// Connections to the database that each node writes on.
const WRITERS: usize = 2;
/// Connections that wait to be accepted.
const BACKLOG: usize = 256;
/// How long a node waits that could not start.
const START_PAUSE: Duration = Duration::from_millis(300);
/// 2024-01-01: any moment will do.
const EPOCH_MS: i64 = 1_704_067_200_000;

pub struct Node {
    number: usize,
    /// Grows with each start and end.
    pub life: u64,
    clock: Arc<Hand>,
    /// How wrong its clock is.
    pub clock_off_ms: i64,
    running: Option<Running>,
    connections: Option<mpsc::Sender<DuplexStream>>,
    database: JoinSet<()>,
}

impl Node {
    pub fn new(number: usize) -> Self {
        let clock = Arc::new(Hand::at(Timestamp(EPOCH_MS)));
        let (life, clock_off_ms) = (0, 0);
        Self { number, life, clock, clock_off_ms, running: None, connections: None, database: JoinSet::new() }
    }

    pub fn is_up(&self) -> bool {
        self.running.is_some()
    }
}

/// Turns the clocks of all nodes for as long as it is polled.
pub async fn turn_clocks(world: Shared) {
    loop {
        let now_ms = EPOCH_MS + i64::try_from(world.trace.now_ms()).unwrap();
        for node in lock(&world.nodes).iter() {
            node.clock.set(Timestamp(now_ms + node.clock_off_ms));
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Starts a node; tries until the database lets it.
pub async fn start(world: &Shared, number: usize) {
    let (life, clock) = {
        let mut nodes = lock(&world.nodes);
        nodes[number].life += 1;
        (nodes[number].life, nodes[number].clock.clone())
    };
    loop {
        let options = StoreOptions {
            database: Database::Sqlite { dir: Default::default() },
            readers: 1,
            queue_len_max: 1024,
            batch_len_max: 64,
        };
        let (store, waiting) = world.database.open(&options, WRITERS);
        let database = drive(world, number, waiting);
        let carrier = Arc::new(End { world: world.clone(), node: number, life });
        let (connections, accepted) = mpsc::channel(BACKLOG);
        let settings = Settings::with(SETTINGS).unwrap();
        let started = start_simulated(settings, Clock::Manual(clock.clone()), store, carrier, accepted).await;
        match started {
            Ok(running) => return put_up(world, number, life, running, connections, database),
            Err(_) if lock(&world.nodes)[number].life != life => return,
            Err(_) => sleep(START_PAUSE).await,
        }
    }
}

fn put_up(
    world: &Shared,
    number: usize,
    life: u64,
    running: Running,
    connections: mpsc::Sender<DuplexStream>,
    database: JoinSet<()>,
) {
    let mut nodes = lock(&world.nodes);
    let node = &mut nodes[number];
    if node.life != life {
        // It was killed before it was up.
        return running.kill();
    }
    (node.running, node.connections, node.database) = (Some(running), Some(connections), database);
    note!(world, "n{number} is up");
}

/// Ends a node in the middle of whatever it does.
pub fn kill(world: &Shared, number: usize) {
    note!(world, "n{number} is killed");
    let mut nodes = lock(&world.nodes);
    let node = &mut nodes[number];
    node.life += 1;
    let (running, connections) = (node.running.take(), node.connections.take());
    let database = std::mem::take(&mut node.database);
    drop(nodes);
    drop((database, connections));
    world.wires.cut_node(number);
    world.exchange.hang_up(number);
    if let Some(running) = running {
        running.kill();
    }
}

/// Stops a node as a new version's start does: it says goodbye.
pub fn stop(world: &Shared, number: usize) {
    let Some(running) = lock(&world.nodes)[number].running.take() else { return };
    note!(world, "n{number} stops");
    tokio::spawn(running.stop());
}

/// A connection to a node. `None` when it does not listen.
pub fn connect(world: &Shared, number: usize) -> Option<DuplexStream> {
    let accepting = {
        let nodes = lock(&world.nodes);
        let node = &nodes[number];
        node.connections.clone().filter(|_| node.is_up())?
    };
    let (client, server) = world.wires.lay(world, number);
    accepting.try_send(server).is_ok().then_some(client)
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "n{}", self.number)
    }
}
