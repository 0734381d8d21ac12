//! Each node's way to the one database: transactions run, are told and are answered when the weather lets them.

use crate::{note, world::Shared};
use store::{Batch, Reading, Waiting, Writes};
use tokio::task::JoinSet;

/// So many writes are committed together.
const BATCH_LEN_MAX: usize = 64;

/// Lets what waits at a node's store run for as long as the tasks are kept. Dropped, what was under way is lost: a transaction
/// may be committed by then and never be told.
pub fn drive(world: &Shared, node: usize, waiting: Waiting) -> JoinSet<()> {
    let Waiting { mut reads, writes } = waiting;
    let mut tasks = JoinSet::new();
    for queue in writes {
        tasks.spawn(write_all(world.clone(), node, queue));
    }
    let world = world.clone();
    tasks.spawn(async move {
        let mut under_way = JoinSet::new();
        while let Some(reading) = reads.next().await {
            while under_way.try_join_next().is_some() {}
            under_way.spawn(read(world.clone(), node, reading));
        }
    });
    tasks
}

async fn read(world: Shared, node: usize, mut reading: Reading) {
    let weather = world.weather().database[node].clone();
    world.dawdle(weather.slow_ms_max).await;
    if world.roll(|chance| chance.happens(weather.refused)) {
        note!(world, "n{node} read refused");
        return reading.refuse("the simulation says no");
    }
    reading.run().unwrap();
    // What was read is old by the time it arrives.
    world.dawdle(weather.slow_ms_max).await;
    reading.answer();
}

async fn write_all(world: Shared, node: usize, mut queue: Writes) {
    while let Some(batch) = queue.next(BATCH_LEN_MAX).await {
        write(&world, node, batch).await;
    }
}

async fn write(world: &Shared, node: usize, mut batch: Batch) {
    let weather = world.weather().database[node].clone();
    world.dawdle(weather.slow_ms_max).await;
    if world.roll(|chance| chance.happens(weather.refused)) {
        note!(world, "n{node} write refused");
        return batch.refuse("the simulation says no");
    }
    let is_unknown = world.roll(|chance| chance.happens(weather.unknown));
    if is_unknown && world.roll(|chance| chance.happens(500)) {
        note!(world, "n{node} write lost, nobody knows");
        return batch.refuse("nobody knows");
    }
    if let Err(error) = batch.commit() {
        note!(world, "n{node} write failed: {error}");
        return batch.refuse("the transaction failed");
    }
    note!(world, "n{node} committed");
    world.ledger().look(&world.database);
    if is_unknown {
        note!(world, "n{node} committed, and nobody knows");
        return batch.refuse("nobody knows");
    }
    world.dawdle(weather.telling_ms_max).await;
    batch.finish();
}
