//! The wires between clients and nodes: bytes in pieces of any length, slow, standing still, or cut in the middle of a frame.

use crate::{
    note,
    world::{Shared, lock},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadHalf, WriteHalf, duplex, split},
    sync::Notify,
    task::JoinHandle,
};

/// What a wire holds in each direction before whoever writes has to wait.
const HELD: usize = 16 * 1024;
/// The longest piece.
const PIECE: u64 = 4096;

#[derive(Default)]
pub struct Wires(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    last: u64,
    open: BTreeMap<u64, Wire>,
}

struct Wire {
    node: usize,
    stillness: Arc<Stillness>,
    carriers: [JoinHandle<()>; 2],
}

/// Whether nothing moves on a wire. (A `watch` of tokio wakes in an order that follows from no seed.)
#[derive(Default)]
struct Stillness {
    is_still: AtomicBool,
    moves: Notify,
}

impl Stillness {
    fn set(&self, is_still: bool) {
        self.is_still.store(is_still, Ordering::Relaxed);
        if !is_still {
            self.moves.notify_waiters();
        }
    }

    async fn over(&self) {
        loop {
            let moves = self.moves.notified();
            if !self.is_still.load(Ordering::Relaxed) {
                return;
            }
            moves.await;
        }
    }
}

impl Wires {
    /// Lays a wire to a node. The first end is the client's, the second the node's.
    pub fn lay(&self, world: &Shared, node: usize) -> (DuplexStream, DuplexStream) {
        let (client, client_side) = duplex(HELD);
        let (server, server_side) = duplex(HELD);
        let stillness: Arc<Stillness> = Arc::default();
        let ((from_client, to_client), (from_server, to_server)) = (split(client_side), split(server_side));
        let carriers = [
            tokio::spawn(carry(world.clone(), from_client, to_server, stillness.clone())),
            tokio::spawn(carry(world.clone(), from_server, to_client, stillness.clone())),
        ];
        let mut inner = lock(&self.0);
        inner.open.retain(|_, wire| !wire.carriers.iter().all(JoinHandle::is_finished));
        inner.last += 1;
        let number = inner.last;
        inner.open.insert(number, Wire { node, stillness, carriers });
        (client, server)
    }

    /// Cuts all wires to a node.
    pub fn cut_node(&self, node: usize) {
        self.cut(|of| of == node);
    }

    /// Cuts a share of the wires.
    pub fn cut_some(&self, world: &Shared, per_mille: u64) {
        self.cut(|_| world.roll(|chance| chance.happens(per_mille)));
    }

    fn cut(&self, mut is_cut: impl FnMut(usize) -> bool) {
        let mut inner = lock(&self.0);
        inner.open.retain(|_, wire| {
            let cut = is_cut(wire.node);
            if cut {
                wire.carriers.iter().for_each(JoinHandle::abort);
            }
            !cut
        });
    }

    /// Lets a share of the wires stand still, or all go on.
    pub fn still_some(&self, world: &Shared, per_mille: u64) {
        for wire in lock(&self.0).open.values() {
            let is_still = per_mille > 0 && world.roll(|chance| chance.happens(per_mille));
            wire.stillness.set(is_still);
        }
        note!(world, "{} wires", lock(&self.0).open.len());
    }
}

/// Carries one direction until an end is gone; then the other end hears that nothing more comes.
async fn carry(
    world: Shared,
    mut from: ReadHalf<DuplexStream>,
    mut to: WriteHalf<DuplexStream>,
    stillness: Arc<Stillness>,
) {
    loop {
        let len = world.roll(|chance| if chance.happens(100) { chance.between(1, 40) } else { PIECE });
        let mut piece = vec![0; usize::try_from(len).unwrap()];
        let Ok(read @ 1..) = from.read(&mut piece).await else { break };
        let slow_ms = world.weather().wire_ms_max;
        world.dawdle(slow_ms).await;
        stillness.over().await;
        if to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
    // Who hears this may say a last word still.
    drop(to.shutdown().await);
}
