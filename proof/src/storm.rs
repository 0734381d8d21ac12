//! Thousands of clients lose their connections at once and come back at once, while others go on talking.

use crate::{
    Result,
    history::{self, Violation},
    house::{Crowd, House},
    http::Asker,
    listener::{Heard, Listener},
    meter::{Measured, Meter, percentile},
    person::Mode,
    program::{Program, Recipe},
    report::Report,
    scene::violation,
    truth,
};
use protocol::ids::GENERAL;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

/// Those who open at the beginning do so as many at a time.
const OPENING_AT_ONCE: usize = 64;
/// A client waits so long at most before it tries the first time, and twice as long each further time, up to the second.
const AGAIN_MS: std::ops::Range<u64> = 0..500;
const AGAIN_MS_MAX: u64 = 8_000;
/// A storm that is not over then never will be.
const PATIENCE: Duration = Duration::from_secs(120);
const MEASURE_EVERY: Duration = Duration::from_millis(100);
/// For so long it is measured what sends take when nothing happens.
const CALM: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const PAUSE_MS: std::ops::Range<u64> = 200..2_000;
/// People who talk, and whose sessions the clients use.
const PEOPLE: usize = 10;

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Storm {
    /// The server.
    pub(crate) recipe: Recipe,
    /// How many clients.
    pub(crate) clients: usize,
    /// How often all of them are cut.
    pub(crate) storms: u64,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
}

/// What all clients share.
struct Shared {
    /// Raised to cut everybody.
    cuts: watch::Receiver<u64>,
    /// The change that everybody is to know before they may go; none yet.
    end: watch::Receiver<Option<i64>>,
    /// How many have come back from this storm.
    back: AtomicUsize,
    /// How often one of them was not let in.
    refused: AtomicUsize,
    opening: Semaphore,
}

/// All clients.
struct Clients {
    count: usize,
    cut: watch::Sender<u64>,
    end: watch::Sender<Option<i64>>,
    shared: Arc<Shared>,
    living: JoinSet<Result<()>>,
}

impl Clients {
    /// Lets all of them connect, and waits until they have.
    async fn come(asked: &Storm, house: &House, at: SocketAddr) -> Result<Self> {
        let (cut, cuts) = watch::channel(0);
        let (end, ended) = watch::channel(None);
        let shared = Arc::new(Shared {
            cuts,
            end: ended,
            back: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            opening: Semaphore::new(OPENING_AT_ONCE),
        });
        let mut living = JoinSet::new();
        for number in 0..asked.clients {
            let asker = house.asker(number % PEOPLE, at)?;
            let random = fastrand::Rng::with_seed(asked.seed.wrapping_add(number as u64));
            living.spawn(live(asker, random, Arc::clone(&shared)));
        }
        let clients = Self { count: asked.clients, cut, end, shared, living };
        clients.be_back(|| Ok(())).await?;
        Ok(clients)
    }

    /// Waits until all of them are there, and looks around meanwhile.
    async fn be_back(&self, mut look: impl FnMut() -> Result<()>) -> Result<()> {
        let begun = Instant::now();
        while self.shared.back.load(Ordering::SeqCst) < self.count {
            look()?;
            if begun.elapsed() > PATIENCE {
                return Err("not all clients are there".into());
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Cuts all of them. Gives how long it takes until the last one is there again.
    async fn weather(&self, storm: u64, look: impl FnMut() -> Result<()>) -> Result<Duration> {
        self.shared.back.store(0, Ordering::SeqCst);
        let begun = Instant::now();
        self.cut.send_replace(storm);
        self.be_back(look).await?;
        Ok(begun.elapsed())
    }

    /// Lets those go who know General up to a change. Gives how many never do.
    async fn go(mut self, head: i64) -> Result<usize> {
        self.end.send_replace(Some(head));
        let mut behind = 0;
        while let Some(client) = timeout(PATIENCE, self.living.join_next()).await.unwrap_or(None) {
            behind += usize::from(client?.is_err());
        }
        Ok(behind + self.living.len())
    }
}

/// What the storms have shown.
struct Shown {
    measured: Measured,
    /// Moments of the run: when it began to be measured, when the first storm began, when the last was over.
    calm_from: u64,
    from: u64,
    to: u64,
    resynchronised: Vec<Duration>,
    base_kib: u64,
    held_kib: u64,
    peak_kib: u64,
    refused: usize,
    behind: usize,
}

/// Runs it.
///
/// # Errors
/// When the run itself could not be done. What it found wrong with Parlor is in the report.
pub(crate) async fn run(asked: &Storm) -> Result<Report> {
    crate::allow_many_files()?;
    let begun = Instant::now();
    let recipe = asked.recipe.with("PARLOR_CONNECTIONS_PER_ACCOUNT_MAX", "100000");
    let program = Program::start(&recipe).await?;
    let house = House::furnish(program.address, PEOPLE, 2, asked.seed).await?;
    let mut crowd = Crowd::gather(&house, |_| program.address, program.address, asked.seed, PAUSE_MS)?;
    let base_kib = program.memory_kib()?;
    let clients = Clients::come(asked, &house, program.address).await?;
    let held_kib = program.memory_kib()?;
    let meter = Meter::begin(program.address, program.address, MEASURE_EVERY, "meter", &crowd.stage).await?;
    let calm_from = crowd.stage.now();
    sleep(CALM).await;
    let from = crowd.stage.now();
    let (mut peak_kib, mut resynchronised) = (held_kib, Vec::new());
    for storm in 1..=asked.storms {
        let look = || {
            peak_kib = peak_kib.max(program.memory_kib()?);
            Ok(())
        };
        resynchronised.push(clients.weather(storm, look).await?);
    }
    let to = crowd.stage.now();
    let refused = clients.shared.refused.load(Ordering::SeqCst);
    let (measured, said) = meter.end().await?;
    crowd.mode.send_replace(Mode::Listen);
    crowd.settle_rooms().await?;
    let is_quiet = crowd.quiet(PATIENCE).await;
    let told = crowd.equal(&house, program.address, PATIENCE).await?;
    let head = told.iter().flat_map(|told| &told.heads).find(|((_, of), _)| *of == GENERAL.0);
    let behind = clients.go(head.map_or(0, |(_, rev)| *rev)).await?;
    let mut seen = crowd.disperse().await?;
    seen.sent.extend(said.sent);
    seen.unread = told.as_ref().map(|told| told.unread.clone()).unwrap_or_default();
    program.stop().await?;
    let mut found = history::check(&seen, &truth::read(&recipe).await?);
    if behind > 0 || told.is_none() || !is_quiet {
        let what = format!("{behind} clients are behind; people equal: {}", told.is_some());
        found.push(violation("everybody has everything in the end", what));
    }
    let shown = Shown {
        measured,
        calm_from,
        from,
        to,
        resynchronised,
        base_kib,
        held_kib,
        peak_kib,
        refused,
        behind,
    };
    Ok(report(asked, shown, found, begun))
}

fn report(asked: &Storm, mut shown: Shown, violations: Vec<Violation>, begun: Instant) -> Report {
    let ms = |took: Duration| took.as_millis().to_string();
    let mut before = shown.measured.until_acknowledged(shown.calm_from, shown.from);
    let mut meanwhile = shown.measured.until_acknowledged(shown.from, shown.to);
    Report {
        name: "storm, SQLite".to_owned(),
        seed: asked.seed,
        figures: vec![
            ("clients", asked.clients.to_string()),
            ("storms", asked.storms.to_string()),
            ("all resynchronised after ms, most", ms(percentile(&mut shown.resynchronised, 100))),
            ("not let in at once", shown.refused.to_string()),
            ("send p99 ms before", ms(percentile(&mut before, 99))),
            ("send p99 ms meanwhile", ms(percentile(&mut meanwhile, 99))),
            ("memory MiB without clients", (shown.base_kib / 1024).to_string()),
            ("memory MiB with clients", (shown.held_kib / 1024).to_string()),
            ("memory MiB at its peak", (shown.peak_kib / 1024).to_string()),
            ("clients behind in the end", shown.behind.to_string()),
            ("seconds", begun.elapsed().as_secs().to_string()),
        ],
        violations,
    }
}

/// One client: comes, listens, is cut, comes back, until it knows everything and may go.
async fn live(asker: Asker, mut random: fastrand::Rng, shared: Arc<Shared>) -> Result<()> {
    let (mut cuts, mut end) = (shared.cuts.clone(), shared.end.clone());
    let mut known: Option<(String, i64)> = None;
    let mut patience = AGAIN_MS.end;
    loop {
        let is_first = known.is_none();
        if !is_first {
            sleep(Duration::from_millis(random.u64(0..patience))).await;
        }
        let permit = if is_first { Some(shared.opening.acquire().await?) } else { None };
        let resume = known.as_ref().map(|(epoch, cursor)| (epoch.as_str(), *cursor));
        let opened = Listener::open(&asker, resume, None).await;
        drop(permit);
        let Ok(mut listener) = opened else {
            shared.refused.fetch_add(1, Ordering::SeqCst);
            patience = (patience * 2).min(AGAIN_MS_MAX);
            if is_first {
                sleep(Duration::from_millis(random.u64(AGAIN_MS))).await;
            }
            continue;
        };
        patience = AGAIN_MS.end;
        shared.back.fetch_add(1, Ordering::SeqCst);
        loop {
            if end.borrow_and_update().is_some_and(|head| listener.cursor >= head) {
                return Ok(());
            }
            tokio::select! {
                heard = listener.hear() => match heard? {
                    Heard::Something => {}
                    Heard::Lag => listener.catch_up().await?,
                    Heard::End(code) => return Err(format!("ended with {code:?}").into()),
                },
                _ = cuts.changed() => break,
                _ = end.changed() => {}
            }
        }
        known = Some(listener.known());
        listener.cut();
    }
}
