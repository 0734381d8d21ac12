//! What goes wrong, when, and for how long.

use crate::{
    chance::Chance,
    nodes, note,
    world::{DatabaseWeather, Shared, Weather, lock},
};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};

#[derive(Clone, Debug)]
pub struct Fault {
    at_ms: u64,
    lasts_ms: u64,
    kind: Kind,
}

/// Shares are in a thousand.
#[derive(Clone, Debug)]
enum Kind {
    CutWires { share: u64 },
    StillWires { share: u64 },
    SlowWires { ms_max: u64 },
    Kill { node: usize },
    Stop { node: usize },
    BusAway { node: Option<usize> },
    BusStill { node: Option<usize> },
    BusLossy { lost: u64, doubled: u64, late: u64, late_ms_max: u64 },
    Database { node: Option<usize>, weather: DatabaseWeather },
}

/// The faults of a world, the first first.
pub fn plan(chance: &mut Chance, nodes: usize, length_ms: u64) -> Vec<Fault> {
    let count = chance.between(2, 9);
    let mut faults: Vec<Fault> = (0..count)
        .map(|_| {
            let at_ms = chance.below(length_ms * 9 / 10);
            let lasts_ms = chance.between(50, 6_000).min(length_ms - at_ms);
            Fault { at_ms, lasts_ms, kind: kind(chance, nodes) }
        })
        .collect();
    faults.sort_by_key(|fault| fault.at_ms);
    faults
}

fn kind(chance: &mut Chance, nodes: usize) -> Kind {
    let node = usize::try_from(chance.below(nodes as u64)).unwrap();
    let some_node = chance.happens(600).then_some(node);
    match chance.below(20) {
        0 | 1 => Kind::CutWires { share: chance.between(100, 1000) },
        2 => Kind::StillWires { share: chance.between(100, 1000) },
        3 => Kind::SlowWires { ms_max: chance.between(10, 400) },
        4..7 => Kind::Kill { node },
        7 => Kind::Stop { node },
        8 | 9 => Kind::BusAway { node: some_node },
        10 => Kind::BusStill { node: some_node },
        11..16 => Kind::BusLossy {
            lost: *chance.pick(&[0, 50, 200, 500, 1000]).unwrap(),
            doubled: *chance.pick(&[0, 100, 400]).unwrap(),
            late: *chance.pick(&[0, 100, 400, 900]).unwrap(),
            late_ms_max: *chance.pick(&[5, 60, 400, 3000]).unwrap(),
        },
        _ => Kind::Database {
            node: some_node,
            weather: DatabaseWeather {
                slow_ms_max: *chance.pick(&[2, 20, 200, 1000]).unwrap(),
                refused: *chance.pick(&[0, 0, 100, 500, 1000]).unwrap(),
                unknown: *chance.pick(&[0, 0, 100, 400]).unwrap(),
                telling_ms_max: *chance.pick(&[1, 20, 300]).unwrap(),
            },
        },
    }
}

/// Lets all of it happen; returns when the last has passed.
pub async fn rage(world: &Shared, faults: &[Fault]) {
    let mut under_way = JoinSet::new();
    for fault in faults.iter().cloned() {
        under_way.spawn(happen(world.clone(), fault));
    }
    while under_way.join_next().await.is_some() {}
}

async fn happen(world: Shared, fault: Fault) {
    sleep(Duration::from_millis(fault.at_ms)).await;
    note!(world, "begins: {fault:?}");
    begin(&world, &fault.kind);
    sleep(Duration::from_millis(fault.lasts_ms)).await;
    note!(world, "passes: {fault:?}");
    pass(&world, &fault.kind).await;
}

fn begin(world: &Shared, kind: &Kind) {
    match kind {
        Kind::CutWires { share } => world.wires.cut_some(world, *share),
        Kind::StillWires { share } => world.wires.still_some(world, *share),
        Kind::SlowWires { ms_max } => world.weather().wire_ms_max = *ms_max,
        Kind::Kill { node } => nodes::kill(world, *node),
        Kind::Stop { node } => nodes::stop(world, *node),
        Kind::BusAway { node } => {
            let mut gone = Vec::new();
            for (number, away) in world.weather().bus_away.iter_mut().enumerate() {
                if node.is_none_or(|node| node == number) {
                    *away = true;
                    gone.push(number);
                }
            }
            gone.into_iter().for_each(|number| world.exchange.hang_up(number));
        }
        Kind::BusStill { node } => each(&mut world.weather().bus_still, *node, |still| *still = true),
        Kind::BusLossy { lost, doubled, late, late_ms_max } => {
            let mut weather = world.weather();
            (weather.hints_lost, weather.hints_doubled) = (*lost, *doubled);
            (weather.hints_late, weather.hint_late_ms_max) = (*late, *late_ms_max);
        }
        Kind::Database { node, weather } => {
            each(&mut world.weather().database, *node, |of_node| *of_node = weather.clone());
        }
    }
}

async fn pass(world: &Shared, kind: &Kind) {
    let fair = Weather::fair(1);
    match kind {
        Kind::CutWires { .. } => {}
        Kind::StillWires { .. } => world.wires.still_some(world, 0),
        Kind::SlowWires { .. } => world.weather().wire_ms_max = fair.wire_ms_max,
        Kind::Kill { node } | Kind::Stop { node } => bring_up(world, *node).await,
        Kind::BusAway { node } => each(&mut world.weather().bus_away, *node, |away| *away = false),
        Kind::BusStill { node } => each(&mut world.weather().bus_still, *node, |still| *still = false),
        Kind::BusLossy { .. } => {
            let mut weather = world.weather();
            (weather.hints_lost, weather.hints_doubled, weather.hints_late) = (0, 0, 0);
        }
        Kind::Database { node, .. } => {
            each(&mut world.weather().database, *node, |of_node| *of_node = DatabaseWeather::default());
        }
    }
}

async fn bring_up(world: &Shared, node: usize) {
    if !lock(&world.nodes)[node].is_up() {
        nodes::start(world, node).await;
    }
}

fn each<T>(all: &mut [T], only: Option<usize>, change: impl Fn(&mut T)) {
    for (number, one) in all.iter_mut().enumerate() {
        if only.is_none_or(|only| only == number) {
            change(one);
        }
    }
}

/// Ends everything that is wrong.
pub async fn heal(world: &Shared) {
    note!(world, "all is well from here on");
    let nodes = world.weather().database.len();
    *world.weather() = Weather::fair(nodes);
    world.wires.still_some(world, 0);
    for node in 0..nodes {
        bring_up(world, node).await;
    }
}
