//! A network that fails on purpose: everything between people and a server goes through it.

mod acks;
mod hints;

use crate::lock;
use acks::{Acks, Passed};
use hints::{Own, Words};
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    time::sleep,
};

const READ_LEN: usize = 16 * 1024;

/// What the network does at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Weather {
    /// How long each piece waits on its way, in milliseconds, each way.
    pub(crate) delay_ms: u64,
    /// How many of a hundred answers to something that was asked for are swallowed, with the connection or without it.
    pub(crate) acks_lost_percent: u8,
    /// Nothing passes in either direction, and nobody is told.
    pub(crate) is_silent: bool,
    /// New connections are refused.
    pub(crate) is_closed: bool,
    /// On a way to Redis: what others publish is swallowed, what is published by this way is not.
    pub(crate) hints_lost: bool,
}

/// A way to a server.
#[derive(Clone)]
pub(crate) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    target: Mutex<SocketAddr>,
    weather: watch::Sender<Weather>,
    /// Raised to cut all connections of now.
    cuts: watch::Sender<u64>,
    random: Mutex<fastrand::Rng>,
    lost: AtomicU64,
    /// What a node has said, where the way leads to Redis.
    own: Option<Own>,
}

impl Proxy {
    /// Opens a way to a server. What it does by chance follows from the seed.
    ///
    /// # Errors
    /// When no port can be had.
    pub(crate) async fn open(target: SocketAddr, seed: u64) -> io::Result<Self> {
        Self::open_to(target, seed, None).await
    }

    /// Opens a node's way to Redis.
    ///
    /// # Errors
    /// When no port can be had.
    pub(crate) async fn open_to_bus(target: SocketAddr, seed: u64) -> io::Result<Self> {
        Self::open_to(target, seed, Some(Own::default())).await
    }

    async fn open_to(target: SocketAddr, seed: u64, own: Option<Own>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            target: Mutex::new(target),
            weather: watch::Sender::new(Weather::default()),
            cuts: watch::Sender::new(0),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            lost: AtomicU64::new(0),
            own,
        });
        tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { address, shared })
    }

    /// Where people connect.
    #[must_use]
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// New connections lead there from now on.
    pub(crate) fn lead_to(&self, target: SocketAddr) {
        *lock(&self.shared.target) = target;
    }

    /// Changes what the network does, for the connections of now too.
    pub(crate) fn set(&self, weather: Weather) {
        self.shared.weather.send_replace(weather);
    }

    /// Cuts all connections.
    pub(crate) fn cut(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// How many answers were swallowed.
    #[must_use]
    pub(crate) fn acks_lost(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn weather(&self) -> Weather {
        *self.weather.borrow()
    }

    fn loses_this(&self) -> bool {
        let percent = self.weather().acks_lost_percent;
        let loses = percent > 0 && lock(&self.random).u8(0..100) < percent;
        self.lost.fetch_add(u64::from(loses), Ordering::Relaxed);
        loses
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((inbound, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            if shared.weather().is_closed {
                return reset(&inbound);
            }
            let target = *lock(&shared.target);
            match TcpStream::connect(target).await {
                Ok(outbound) => carry(inbound, outbound, &shared).await,
                Err(_) => reset(&inbound),
            }
        });
    }
}

/// What is held back in one direction of a connection.
enum Sieve {
    /// Nothing.
    Open,
    /// Acknowledgements, as the weather wants it.
    Acks(Acks),
    /// Nothing; what is published is remembered.
    ToBus(Words),
    /// What others published, as the weather wants it.
    FromBus(Words),
}

impl Sieve {
    fn of(shared: &Shared, is_to_server: bool) -> Self {
        match (&shared.own, is_to_server) {
            (None, true) => Self::Open,
            (None, false) => Self::Acks(Acks::default()),
            (Some(_), true) => Self::ToBus(Words::default()),
            (Some(_), false) => Self::FromBus(Words::default()),
        }
    }

    fn pass(&mut self, piece: &[u8], shared: &Shared) -> Passed {
        match (self, &shared.own) {
            (Self::Acks(acks), _) => acks.pass(piece, || shared.loses_this()),
            (Self::ToBus(words), Some(own)) => {
                words.note(piece, own);
                Passed::All
            }
            (Self::FromBus(words), Some(own)) => {
                Passed::Only(words.pass(piece, own, shared.weather().hints_lost))
            }
            _ => Passed::All,
        }
    }
}

/// Lets a connection end as if its cable had been pulled and plugged in: by a reset.
fn reset(stream: &TcpStream) {
    // Where that is refused it ends politely.
    let _ = stream.set_zero_linger();
}

async fn carry(inbound: TcpStream, outbound: TcpStream, shared: &Shared) {
    let _ = (inbound.set_nodelay(true), outbound.set_nodelay(true));
    let mut cuts = shared.cuts.subscribe();
    reset(&inbound);
    let (from_client, to_client) = inbound.into_split();
    let (from_server, to_server) = outbound.into_split();
    let both = async {
        tokio::select! {
            () = pass(from_client, to_server, shared, Sieve::of(shared, true)) => {}
            () = pass(from_server, to_client, shared, Sieve::of(shared, false)) => {}
        }
    };
    tokio::select! {
        () = both => {}
        _ = cuts.changed() => {}
    }
}

/// Passes on what comes until either end is gone.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: &Shared, mut sieve: Sieve) {
    let mut weather = shared.weather.subscribe();
    let mut buffer = vec![0; READ_LEN];
    loop {
        let Ok(len @ 1..) = from.read(&mut buffer).await else { return };
        let piece = buffer.get(..len).unwrap_or_default();
        // Silence holds what comes, as a network does that finds its way again.
        let _ = weather.wait_for(|weather| !weather.is_silent).await;
        let delay_ms = shared.weather().delay_ms;
        if delay_ms > 0 {
            sleep(Duration::from_millis(delay_ms)).await;
        }
        let passed = sieve.pass(piece, shared);
        let written = match passed {
            Passed::All => to.write_all(piece).await,
            Passed::Only(rest) => to.write_all(&rest).await,
            Passed::Nothing => return,
        };
        if written.is_err() {
            return;
        }
    }
}
