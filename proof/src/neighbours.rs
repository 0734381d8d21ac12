//! PostgreSQL and Redis restarted, cut off, slow and silent, and nodes killed, while people talk at one, two or three nodes.

use crate::{
    Result,
    history::{self, Violation},
    house::{Crowd, House, Summaries},
    meter::{Measured, Meter, percentile},
    nodes::{Node, Nodes},
    person::Mode,
    program::Recipe,
    proxy::Weather,
    report::Report,
    scene::violation,
    truth,
};
use std::{
    io::Write,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// After a fault every client has so long to equal the database.
const EQUAL_WITHIN: Duration = Duration::from_secs(10);
/// After a fault a send has so long to be acknowledged.
const RECOVERY_MAX: Duration = Duration::from_secs(5);
/// A send that cannot be stored is refused within this time: three seconds, and one for a machine that does much else.
const REFUSED_WITHIN: Duration = Duration::from_secs(4);
/// What is stored is heard within this time at a node that has its database, with and without a bus.
const HEARD_WITHIN: Duration = Duration::from_secs(5);
/// How long something that is broken is waited for before the run goes on.
const PATIENCE: Duration = Duration::from_secs(40);
const MEASURE_EVERY: Duration = Duration::from_millis(40);
const PAUSE_MS: std::ops::Range<u64> = 5..200;
const SLOW_MS: u64 = 250;

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Neighbours {
    /// The server.
    pub(crate) recipe: Recipe,
    /// How many nodes.
    pub(crate) nodes: usize,
    /// How many people talk.
    pub(crate) people: usize,
    /// How often each of PostgreSQL and Redis is restarted.
    pub(crate) restarts: u32,
    /// How long something is cut off, slow or silent.
    pub(crate) fault: Duration,
    /// The faults whose names begin so, where not all are wanted.
    pub(crate) only: String,
    /// Whether PostgreSQL flushes.
    pub(crate) flushes: bool,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// PostgreSQL ends, in order or not, and begins again.
    PostgresRestarts { in_order: bool },
    /// Redis is killed and begins again.
    RedisRestarts,
    /// Every way to PostgreSQL is cut, and nobody can make a new one.
    PostgresCut,
    /// Nothing passes on the ways to PostgreSQL, and nobody is told.
    PostgresSilent,
    /// PostgreSQL answers half a second late.
    PostgresSlow,
    /// Every way to Redis is cut, and nobody can make a new one.
    RedisCut,
    /// Nothing passes on the ways to Redis, and nobody is told.
    RedisSilent,
    /// No node hears what others publish, and each hears itself.
    HintsLost,
    /// Nothing passes between people and one node, and nobody is told.
    PeopleSilent,
    /// A node is killed; its people go to another one where there is one.
    NodeKilled,
}

impl Fault {
    /// Whether no message can be stored meanwhile.
    fn is_without_database(self) -> bool {
        matches!(self, Self::PostgresRestarts { .. } | Self::PostgresCut | Self::PostgresSilent)
    }

    /// Whether all nodes have their database, and people their nodes.
    fn is_of_bus(self) -> bool {
        matches!(self, Self::RedisRestarts | Self::RedisCut | Self::RedisSilent | Self::HintsLost)
    }
}

/// What the faults have shown so far.
#[derive(Default)]
struct Shown {
    faults: u32,
    recovered: Vec<Duration>,
    equal: Vec<Duration>,
    heard_without_hints: Vec<Duration>,
    found: Vec<Violation>,
}

/// Runs it and holds what everybody saw against what is stored.
///
/// # Errors
/// When the run itself could not be done. What it found wrong with Parlor is in the report.
pub(crate) async fn run(asked: &Neighbours) -> Result<Report> {
    let begun = Instant::now();
    let mut nodes = Nodes::start(&asked.recipe, asked.nodes, asked.seed, asked.flushes).await?;
    let first = nodes.node(0)?.address();
    let house = House::furnish(first, asked.people, 3, asked.seed).await?;
    let addresses: Vec<_> = nodes.all().map(Node::address).collect();
    let at = |number: usize| addresses.get(number % addresses.len().max(1)).copied().unwrap_or(first);
    let mut crowd = Crowd::gather(&house, at, first, asked.seed, PAUSE_MS)?;
    // The ear is at the node of the voice only where there is no other.
    let meter = Meter::begin(first, at(1), MEASURE_EVERY, "meter", &crowd.stage).await?;
    let mut shown = Shown::default();
    for (number, fault) in schedule(asked).into_iter().enumerate() {
        let seed = asked.seed.wrapping_add(number as u64);
        shown.faults += 1;
        let lost = meter.lost();
        let from = crowd.stage.now();
        suffer(&mut nodes, fault, asked, number).await?;
        let healed = crowd.stage.now();
        shown.recover(&meter, fault, lost).await;
        let measured = meter.so_far();
        if fault == Fault::HintsLost {
            shown.heard_without_hints.extend(measured.until_heard(from, healed));
        }
        if fault.is_of_bus() {
            shown.look_for_late(&measured, fault, from, healed);
        }
        meter.rest(true);
        crowd.mode.send_replace(Mode::Listen);
        crowd.settle_rooms().await?;
        shown.become_equal(&mut crowd, &house, first, fault).await;
        shown.say(fault)?;
        crowd.talk_again(&house, first, seed)?;
        meter.rest(false);
    }
    crowd.mode.send_replace(Mode::Listen);
    crowd.settle_rooms().await?;
    let (measured, said) = meter.end().await?;
    if !crowd.quiet(PATIENCE).await {
        shown.found.push(violation("everything is acknowledged in the end", "something is not"));
    }
    let told = equal(&crowd, &house, first, PATIENCE).await;
    shown.look_at_refusals(&measured);
    let acknowledged = crowd.acknowledged();
    let mut seen = crowd.disperse().await?;
    seen.sent.extend(said.sent);
    seen.unread = told.map(|told| told.unread).unwrap_or_default();
    nodes.stop().await?;
    let stored = Recipe { postgres: Some(nodes.database()), ..asked.recipe.clone() };
    shown.found.extend(history::check(&seen, &truth::read(&stored).await?));
    tokio::task::spawn_blocking(move || drop(nodes)).await?;
    Ok(report(asked, shown, &measured, acknowledged, begun))
}

fn report(
    asked: &Neighbours,
    mut shown: Shown,
    measured: &Measured,
    acknowledged: usize,
    begun: Instant,
) -> Report {
    let ms = |took: Duration| took.as_millis().to_string();
    let mut refused: Vec<_> = measured.refused.iter().map(|(took, ..)| *took).collect();
    Report {
        name: format!("neighbours of {} nodes", asked.nodes),
        seed: asked.seed,
        figures: vec![
            ("faults", shown.faults.to_string()),
            ("people", asked.people.to_string()),
            ("acknowledged", acknowledged.to_string()),
            ("recovered after ms, p50", ms(percentile(&mut shown.recovered, 50))),
            ("recovered after ms, most", ms(percentile(&mut shown.recovered, 100))),
            ("all equal after ms, p50", ms(percentile(&mut shown.equal, 50))),
            ("all equal after ms, most", ms(percentile(&mut shown.equal, 100))),
            ("refused", refused.len().to_string()),
            ("slowest refusal ms", ms(percentile(&mut refused, 100))),
            ("heard without hints after ms, p50", ms(percentile(&mut shown.heard_without_hints, 50))),
            ("heard without hints after ms, most", ms(percentile(&mut shown.heard_without_hints, 100))),
            ("seconds", begun.elapsed().as_secs().to_string()),
        ],
        violations: shown.found,
    }
}

/// Everything once, and the restarts as often as they are wanted.
fn schedule(asked: &Neighbours) -> Vec<Fault> {
    let mut faults = vec![
        Fault::HintsLost,
        Fault::PostgresCut,
        Fault::PostgresSilent,
        Fault::PostgresSlow,
        Fault::RedisCut,
        Fault::RedisSilent,
        Fault::PeopleSilent,
        Fault::NodeKilled,
    ];
    for number in 0..asked.restarts {
        faults
            .extend([Fault::PostgresRestarts { in_order: !number.is_multiple_of(2) }, Fault::RedisRestarts]);
    }
    faults.retain(|fault| format!("{fault:?}").starts_with(&asked.only));
    fastrand::Rng::with_seed(asked.seed).shuffle(&mut faults);
    faults
}

/// Lets a fault happen and end.
async fn suffer(nodes: &mut Nodes, fault: Fault, asked: &Neighbours, number: usize) -> Result<()> {
    let weather = match fault {
        Fault::PostgresCut | Fault::RedisCut => Weather { is_closed: true, ..Weather::default() },
        Fault::PostgresSlow => Weather { delay_ms: SLOW_MS, ..Weather::default() },
        Fault::HintsLost => Weather { hints_lost: true, ..Weather::default() },
        _ => Weather { is_silent: true, ..Weather::default() },
    };
    match fault {
        Fault::PostgresRestarts { in_order } => {
            tokio::task::block_in_place(|| {
                nodes.postgres.end(in_order)?;
                nodes.postgres.begin()
            })?;
        }
        Fault::RedisRestarts => {
            tokio::task::block_in_place(|| {
                nodes.redis.kill()?;
                nodes.redis.begin()
            })?;
        }
        Fault::NodeKilled => {
            let victim = number % nodes.count();
            nodes.kill(victim)?;
            sleep(asked.fault).await;
            nodes.begin(victim).await?;
        }
        Fault::PeopleSilent => {
            nodes.node(number)?.people.set(weather);
            sleep(asked.fault).await;
            nodes.node(number)?.people.set(Weather::default());
        }
        _ => {
            let is_database =
                matches!(fault, Fault::PostgresCut | Fault::PostgresSilent | Fault::PostgresSlow);
            let way = |node: &Node| {
                if is_database { node.database.clone() } else { node.bus.clone() }
            };
            let ways: Vec<_> = nodes.all().map(way).collect();
            for way in &ways {
                way.set(weather);
                if weather.is_closed {
                    way.cut();
                }
            }
            sleep(asked.fault).await;
            ways.iter().for_each(|way| way.set(Weather::default()));
        }
    }
    Ok(())
}

impl Shown {
    /// A long run is watched by somebody.
    fn say(&self, fault: Fault) -> Result<()> {
        let (recovered, equal) = (self.recovered.last(), self.equal.last());
        writeln!(std::io::stderr(), "{fault:?}: sends after {recovered:?}, equal after {equal:?}")?;
        Ok(())
    }

    fn found(&mut self, rule: &'static str, fault: Fault, what: &str) {
        self.found.push(violation(rule, format!("{fault:?}: {what}")));
    }

    /// Waits until something that is said after the fault is stored.
    async fn recover(&mut self, meter: &Meter, fault: Fault, lost: u64) {
        match meter.next(PATIENCE).await {
            Some((acknowledged, _)) => {
                self.recovered.push(acknowledged);
                if acknowledged > RECOVERY_MAX {
                    self.found("sends go on soon after a fault", fault, &format!("after {acknowledged:?}"));
                }
            }
            None => self.found("sends go on soon after a fault", fault, "nothing was acknowledged and heard"),
        }
        if fault.is_without_database() && meter.lost() > lost {
            self.found("sockets stay open while the database is away", fault, "one ended");
        }
    }

    fn look_for_late(&mut self, measured: &Measured, fault: Fault, from: u64, to: u64) {
        let late = measured.late(from, to, HEARD_WITHIN);
        if let Some(first) = late.first() {
            let what = format!("{} were heard later or never, the first {first:?}", late.len());
            self.found("what is stored is heard without a bus", fault, &what);
        }
    }

    async fn become_equal(&mut self, crowd: &mut Crowd, house: &House, at: SocketAddr, fault: Fault) {
        let begun = Instant::now();
        let is_quiet = crowd.quiet(PATIENCE).await;
        let is_equal = equal(crowd, house, at, PATIENCE).await.is_some();
        let took = begun.elapsed();
        self.equal.push(took);
        if !is_quiet || !is_equal || took > EQUAL_WITHIN {
            let what = format!("quiet: {is_quiet}, equal: {is_equal}, after {took:?}");
            self.found("every client equals the database soon after a fault", fault, &what);
        }
    }

    fn look_at_refusals(&mut self, measured: &Measured) {
        for (took, code, is_final) in &measured.refused {
            if *is_final {
                let what = format!("{} was said to be final", code.as_str());
                self.found.push(violation("what fails for others' sake may be tried again", &what));
            }
            if *took > REFUSED_WITHIN {
                let what = format!("{} after {took:?}", code.as_str());
                self.found.push(violation("what cannot be stored is refused soon", &what));
            }
        }
    }
}

/// Waits until everybody has everything, however often nobody answers meanwhile.
async fn equal(crowd: &Crowd, house: &House, at: SocketAddr, patience: Duration) -> Option<Summaries> {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        let left = patience.saturating_sub(begun.elapsed());
        if let Ok(Some(told)) = crowd.equal(house, at, left).await {
            return Some(told);
        }
        sleep(Duration::from_millis(50)).await;
    }
    None
}
