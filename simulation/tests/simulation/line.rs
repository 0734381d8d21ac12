//! The bus between the nodes, which loses, doubles, delays and overtakes as the weather is, and may be away or stand still.

use crate::{
    note,
    world::{Shared, lock},
};
use server::cluster::Carrier;
use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Mutex, time::Duration};
use tokio::{sync::mpsc, time::sleep};

/// So many hints wait for a node that does not listen; more are lost.
const WAITING_MAX: usize = 4096;

/// Who listens.
#[derive(Default)]
pub struct Exchange {
    listeners: Mutex<BTreeMap<usize, mpsc::Sender<Vec<u8>>>>,
}

impl Exchange {
    /// A node hears nothing more.
    pub fn hang_up(&self, node: usize) {
        lock(&self.listeners).remove(&node);
    }

    fn listener(&self, node: usize) -> Option<mpsc::Sender<Vec<u8>>> {
        lock(&self.listeners).get(&node).cloned()
    }
}

/// A node's end of the line, for one life of that node.
pub struct End {
    pub world: Shared,
    pub node: usize,
    pub life: u64,
}

impl End {
    fn is_away(&self) -> bool {
        self.world.weather().bus_away[self.node] || lock(&self.world.nodes)[self.node].life != self.life
    }
}

impl Carrier for End {
    fn publish(&self, bytes: Vec<u8>) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> {
        if self.is_away() {
            return Box::pin(async { Err("the bus is away".to_owned()) });
        }
        if self.world.weather().bus_still[self.node] {
            return Box::pin(std::future::pending());
        }
        let listeners: Vec<usize> = lock(&self.world.exchange.listeners).keys().copied().collect();
        for to in listeners {
            send(&self.world, self.node, to, &bytes);
        }
        Box::pin(async { Ok(()) })
    }

    fn listen(&self) -> Result<mpsc::Receiver<Vec<u8>>, String> {
        if self.is_away() {
            return Err("the bus is away".to_owned());
        }
        let (say, hear) = mpsc::channel(WAITING_MAX);
        lock(&self.world.exchange.listeners).insert(self.node, say);
        Ok(hear)
    }
}

fn send(world: &Shared, from: usize, to: usize, bytes: &[u8]) {
    let weather = world.weather().clone();
    let copies = world.roll(|chance| match () {
        () if chance.happens(weather.hints_lost) => 0,
        () if chance.happens(weather.hints_doubled) => 2,
        () => 1,
    });
    if copies != 1 {
        note!(world, "bus n{from}>n{to} {copies} times: {}", String::from_utf8_lossy(bytes));
    }
    for _ in 0..copies {
        let us = world.roll(|chance| match chance.happens(weather.hints_late) {
            true => chance.between(0, weather.hint_late_ms_max * 1000),
            false => 500,
        });
        let (world, bytes) = (world.clone(), bytes.to_vec());
        tokio::spawn(async move {
            sleep(Duration::from_micros(us)).await;
            let is_still = world.weather().bus_still[to];
            if let Some(listener) = world.exchange.listener(to).filter(|_| !is_still) {
                note!(world, "bus n{from}>n{to} {}", String::from_utf8_lossy(&bytes));
                // A node that does not listen hears nothing.
                drop(listener.try_send(bytes));
            }
        });
    }
}
