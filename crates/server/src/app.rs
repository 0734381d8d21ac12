//! The wiring: the one place that knows all the parts. It opens the store, gives it to the rules together with the hub,
//! gives the rules to the doors, and takes everything apart again in the opposite order.

use crate::{
    cli::Failure,
    cluster::{self, Carrying, RedisBus},
    config::{DatabaseUrl, Settings},
    dialects::chat_app::Farewells,
    http::{
        self,
        around::RequestIds,
        auth::Site,
        limits::{Places, RequestRate},
        oauth::{self, OAuth},
    },
    witness::{Witness, Witnessing},
};
use chat::{Chat, Clock, epoch::Seen};
use faults::Point;
use realtime::Hub;
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{Database, Store, StoreOptions};
use tokio::{
    net::{TcpListener, TcpSocket, lookup_host},
    sync::Notify,
    task::JoinHandle,
    time::timeout,
};
use tracing::warn;

/// Moving an installation to another database, for the command line.
pub(crate) use store::transfer;

/// Milliseconds by which every connection lengthens the window in which clients come back: five hundred a second.
const WINDOW_PER_CONNECTION_MS: u64 = 2;

/// Connections that may wait to be accepted, as far as the system allows it. With the usual 128 a storm of clients that come
/// back overflows it, and whom it drops waits a second before it tries again: 600 connections a second instead of 4,000.
const BACKLOG: u32 = 4096;
/// What the system holds of what was written to a connection until it arrives, in bytes; Linux counts twice as many, for its own
/// bookkeeping. Left alone it grows to 4 MiB for each client that does not read, and a thousand of them use up what the system has for
/// all connections: then it resets those of everybody. One that is far away still gets 64 KiB each round trip.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;

/// What every door works with.
pub struct Parts {
    pub chat: Chat,
    pub settings: Settings,
    pub clock: Clock,
    pub site: Site,
    pub places: Arc<Places>,
    pub request_rate: RequestRate,
    pub oauth: OAuth,
    pub(crate) farewells: Farewells,
    pub request_ids: RequestIds,
    pub stopping: Stopping,
}

/// The doors' state. Cheap to clone.
pub type App = Arc<Parts>;

/// Whether Parlor has begun to stop.
#[derive(Debug, Default)]
pub struct Stopping {
    has_begun: AtomicBool,
    begun: Notify,
}

impl Stopping {
    fn begin(&self) {
        self.has_begun.store(true, Ordering::Release);
        self.begun.notify_waiters();
    }

    /// Whether it has.
    pub fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Acquire)
    }

    /// Waits until it has.
    pub async fn begun(&self) {
        // Hears of it from here on, so that it cannot begin unheard after the look.
        let begun = self.begun.notified();
        if !self.has_begun() {
            begun.await;
        }
    }
}

/// A server that runs.
pub struct Running {
    app: App,
    store: Store,
    carrying: Option<Carrying>,
    witnessing: Option<Witnessing>,
    address: SocketAddr,
    public_url: String,
    accepting: JoinHandle<()>,
    /// Wakes connections for what is told.
    ringing: JoinHandle<()>,
}

/// Starts Parlor. It serves when this returns.
pub async fn start(settings: Settings) -> Result<Running, Failure> {
    start_with(settings, Clock::System).await
}

/// Starts Parlor with a clock that may be a test's.
pub async fn start_with(settings: Settings, clock: Clock) -> Result<Running, Failure> {
    // Before the database is touched: a second start by mistake should change nothing.
    let listener = bind(&settings).await?;
    let oauth = OAuth::new(&settings)
        .map_err(|error| Failure::new(format!("cannot ask other services by TLS: {error}")))?;
    let address = listener.local_addr()?;
    let bus = bus(&settings)?;
    let witness = Witness::of(&settings);
    let store = open_store(&settings).await?;
    let running = run(settings, clock, store, witness, bus, oauth, address).await?;
    let accepting = http::listener::accept(listener, running.app.clone(), http::router(running.app.clone()));
    Ok(Running { accepting: tokio::spawn(accepting), ..running })
}

/// Starts Parlor without a socket, on a database and a line of the simulation's.
#[cfg(feature = "simulation")]
pub async fn start_simulated(
    settings: Settings,
    clock: Clock,
    store: Store,
    carrier: Arc<dyn cluster::Carrier>,
    connections: tokio::sync::mpsc::Receiver<tokio::io::DuplexStream>,
) -> Result<Running, Failure> {
    let oauth = OAuth::new(&settings)?;
    let bus = RedisBus::simulated(carrier, options_of_bus(&settings)).map_err(Failure::new)?;
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let running = run(settings, clock, store, None, Some(Arc::new(bus)), oauth, nowhere).await?;
    let router = http::router(running.app.clone());
    let accepting = http::listener::accept_simulated(connections, running.app.clone(), router);
    Ok(Running { accepting: tokio::spawn(accepting), ..running })
}

/// Begins everything but to accept connections.
async fn run(
    settings: Settings,
    clock: Clock,
    store: Store,
    witness: Option<Witness>,
    bus: Option<Arc<RedisBus>>,
    oauth: OAuth,
    address: SocketAddr,
) -> Result<Running, Failure> {
    let seen = witness.as_ref().and_then(Witness::seen);
    let chat = start_chat(&settings, address.port(), clock.clone(), store.clone(), bus.clone(), seen).await?;
    let witnessing = witness.map(|witness| witness.begin(&chat));
    let carrying = bus.map(|bus| bus.begin(chat.hub(), chat.epoch()));
    let app = Arc::new(Parts {
        site: Site::new(&settings, address.port()),
        places: Places::new(&settings),
        request_rate: RequestRate::new(&settings),
        oauth,
        farewells: Farewells::new(settings.presence_audience_max),
        request_ids: RequestIds::new(),
        stopping: Stopping::default(),
        chat,
        clock,
        settings,
    });
    let hub = app.chat.hub().clone();
    let ringing = tokio::spawn(async move { hub.ring_on().await });
    let public_url = app.settings.public_origin(address.port());
    let accepting = tokio::spawn(async {});
    Ok(Running { app, store, carrying, witnessing, address, public_url, accepting, ringing })
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where people reach it, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The rules, for those who start a server in their own process.
    pub fn chat(&self) -> &Chat {
        &self.app.chat
    }

    /// All that is served, for those who look through it: which addresses there are, and which methods each knows.
    pub fn router(&self) -> axum::Router {
        http::router(self.app.clone())
    }

    /// The code of the link that makes the administrator's account, while there is none.
    pub async fn setup_code(&self) -> Result<Option<String>, Failure> {
        self.app.chat.setup_code().await.map_err(Failure::new)
    }

    /// Ends at once, as a process does that is killed: nothing is finished and nobody is told. The connections are the caller's
    /// to cut, and what waits at the store to drop.
    #[cfg(feature = "simulation")]
    pub fn kill(self) {
        self.accepting.abort();
        self.ringing.abort();
        self.store.close();
    }

    /// Stops: no new connections, clients told when to come back, requests under way finished, the database closed.
    pub async fn stop(self) {
        let hub = self.app.chat.hub().clone();
        let window = u64::try_from(hub.connection_count()).unwrap_or(u64::MAX);
        let window_ms =
            window.saturating_mul(WINDOW_PER_CONNECTION_MS).max(self.app.settings.reconnect_window_ms);
        self.app.stopping.begin();
        hub.stop(window_ms);
        let patience = Duration::from_millis(self.app.settings.stop_timeout_ms);
        if timeout(patience, self.app.places.all_left()).await.is_err() {
            warn!(connections = self.app.places.taken(), "some connections did not end in time");
        }
        drop(self.accepting.await);
        self.ringing.abort();
        chat::page_views::settle(&self.app.chat).await;
        if let Some(witnessing) = self.witnessing {
            witnessing.end().await;
        }
        if let Some(carrying) = self.carrying {
            carrying.end().await;
        }
        faults::point(Point::InShutdown);
        let store = self.store;
        if tokio::task::spawn_blocking(move || store.close()).await.is_err() {
            warn!("the database was not closed properly; the next start repairs what is left");
        }
    }
}

async fn bind(settings: &Settings) -> Result<TcpListener, Failure> {
    let listen = &settings.listen;
    listen_on(&listen.host, listen.port).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::new(format!(
            "{listen} is in use by another program, perhaps another Parlor; choose a free port with --listen"
        )),
        io::ErrorKind::PermissionDenied => {
            Failure::new(format!("{listen} may not be used by this user; ports from 1024 on need no rights"))
        }
        _ => Failure::new(format!("cannot listen on {listen}: {error}")),
    })
}

/// Listens on the first address of the host that can be had.
async fn listen_on(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in lookup_host((host, port)).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
        let listening = socket.and_then(|socket| {
            #[cfg(unix)]
            socket.set_reuseaddr(true)?;
            // Each connection has what the listener has.
            socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
            socket.bind(address)?;
            socket.listen(BACKLOG)
        });
        match listening {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The rules and the store behind them, for the command line, which has no doors.
pub(crate) async fn open(settings: &Settings) -> Result<(Chat, Store), Failure> {
    let store = open_store(settings).await?;
    let chat = start_chat(settings, settings.listen.port, Clock::System, store.clone(), None, None).await?;
    Ok((chat, store))
}

/// What carries hints to other nodes, where there may be some. It is not connected yet.
fn bus(settings: &Settings) -> Result<Option<Arc<RedisBus>>, Failure> {
    let options = options_of_bus(settings);
    settings
        .bus
        .reveal()
        .map(|url| RedisBus::new(url, options).map(Arc::new))
        .transpose()
        .map_err(Failure::new)
}

fn options_of_bus(settings: &Settings) -> cluster::Options {
    cluster::Options { hint_bytes_max: settings.hint_bytes_max, queue_len_max: settings.hint_queue_len_max }
}

async fn open_store(settings: &Settings) -> Result<Store, Failure> {
    let options = StoreOptions {
        database: database(settings),
        readers: settings.readers,
        queue_len_max: settings.write_queue_len_max,
        batch_len_max: settings.batch_len_max,
    };
    let opened = tokio::task::spawn_blocking(move || Store::open(options)).await.map_err(Failure::new)?;
    opened.map_err(Failure::new)
}

async fn start_chat(
    settings: &Settings,
    port: u16,
    clock: Clock,
    store: Store,
    bus: Option<Arc<RedisBus>>,
    seen: Option<Seen>,
) -> Result<Chat, Failure> {
    let limits_of_hub = realtime::Limits {
        frames_max: settings.queue_frames_max,
        bytes_max: settings.queue_bytes_max,
        connections_per_account_max: settings.connections_per_account_max,
        connections_max: settings.connections_max,
        presence_audience_max: settings.presence_audience_max,
        presence_grace_ms: settings.presence_grace_ms,
    };
    let hub = match bus {
        Some(bus) => Hub::shared(limits_of_hub, bus),
        None => Hub::new(limits_of_hub),
    };
    let options = chat::Options {
        limits: limits(settings),
        registration: settings.registration,
        public_url: settings.public_origin(port),
        server_name: settings.server_name.clone(),
        sign_in_with: oauth::providers(settings),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        clock,
        seen,
    };
    Chat::start(store, hub, options).await.map_err(Failure::new)
}

fn database(settings: &Settings) -> Database {
    match &settings.database {
        DatabaseUrl::Postgres(url) => Database::Postgres { url: url.clone() },
        DatabaseUrl::Sqlite => Database::Sqlite { dir: settings.data.clone() },
    }
}

fn limits(settings: &Settings) -> chat::Limits {
    let s = settings;
    chat::Limits {
        message_chars_max: s.message_chars_max,
        room_name_chars_max: s.room_name_chars_max,
        description_chars_max: s.description_chars_max,
        display_name_chars_max: s.display_name_chars_max,
        username_chars_max: s.username_chars_max,
        password_chars_min: s.password_chars_min,
        password_bytes_max: s.password_bytes_max,
        password_memory_kib: s.password_memory_kib,
        password_passes: s.password_passes,
        password_hashing_at_once: s.password_hashing_at_once,
        password_hashing_queue_max: s.password_hashing_queue_max,
        position_check_ms: s.position_check_ms,
        page_len_max: s.page_len_max.into(),
        page_len: s.page_len.into(),
        changes_len_max: s.changes_len_max.into(),
        resume_cursors_max: s.resume_cursors_max,
        memberships_per_account_max: s.memberships_per_account_max.into(),
        members_per_room_max: s.members_per_room_max.into(),
        pending_per_room_max: s.pending_per_room_max.into(),
        invites_per_room_max: s.invites_per_room_max.into(),
        emoji_per_message_max: s.emoji_per_message_max,
        reactions_per_message_max: s.reactions_per_message_max,
        edits_per_message_max: s.edits_per_message_max.into(),
        mentions_per_message_max: s.mentions_per_message_max,
        sessions_per_account_max: s.sessions_per_account_max.into(),
        session_days: s.session_days.into(),
        session_days_max: s.session_days_max.into(),
        audit_days: s.audit_days.into(),
        jwt_minutes: s.jwt_minutes.into(),
        dialect_token_hours: s.dialect_token_hours.into(),
        invite_days: s.invite_days.into(),
        sends_per_account: s.sends_per_account,
        sends_per_guest: s.sends_per_guest,
        guests_per_address: s.guests_per_address,
        guests_max: s.guests_max.into(),
        sign_ins_per_account: s.sign_ins_per_account,
        sign_ins_per_address: s.sign_ins_per_address,
        sign_ups_per_address: s.sign_ups_per_address,
        lookups_per_account: s.lookups_per_account,
        invite_codes_per_address: s.invite_codes_per_address,
        rooms_per_account: s.rooms_per_account,
    }
}
