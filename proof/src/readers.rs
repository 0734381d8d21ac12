//! Clients that stop reading in a busy room: they cost the server little, they are let go in time, nobody else notices, and when
//! they come back they have everything.

use crate::{
    Result,
    history::Violation,
    house::House,
    http::Asker,
    listener::{Heard, Listener},
    meter::{Measured, Meter, percentile},
    person::{Line, Stage},
    program::{Program, Recipe},
    report::Report,
    scene::violation,
};
use protocol::{frame::ServerFrame, ids::GENERAL};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

/// What the system keeps unread for a client that reads slowly, in bytes: as little as it allows.
const BUFFER: u32 = 4 * 1024;
/// For so long it is measured what others wait for while everybody reads.
const CALM: Duration = Duration::from_secs(5);
const MEASURE_EVERY: Duration = Duration::from_millis(50);
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Those who talk.
const TALKERS: usize = 4;
/// People whose sessions the clients use.
const PEOPLE: usize = 10;
/// What is said, in characters.
const TEXT_LEN: usize = 2_000;
/// What a stalled connection may cost, in KiB.
const STALLED_KIB_MAX: u64 = 512;
/// A stalled connection is closed within half a minute, and a moment for who looks only now and then.
const CLOSED_WITHIN: Duration = Duration::from_secs(34);
/// What a queue and the system's buffers hold for somebody who does not read, at most. Whoever missed more must be told so.
const HELD_BYTES_MAX: u64 = 1024 * 1024;
/// So many of those who stalled come back and fetch all that they missed.
const COME_BACK: usize = 50;
/// Of so many one reads again before it is let go.
const RESUME_EACH: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Readers {
    /// The server.
    pub(crate) recipe: Recipe,
    /// How many clients stop reading.
    pub(crate) readers: usize,
    /// How many messages are said in a second.
    pub(crate) messages_per_second: usize,
    /// For how long they do not read.
    pub(crate) stall: Duration,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
}

/// Runs it.
///
/// # Errors
/// When the run itself could not be done. What it found wrong with Parlor is in the report.
pub(crate) async fn run(asked: &Readers) -> Result<Report> {
    crate::allow_many_files()?;
    let begun = Instant::now();
    let recipe = asked.recipe.with("PARLOR_CONNECTIONS_PER_ACCOUNT_MAX", "100000");
    let program = Program::start(&recipe).await?;
    let house = House::furnish(program.address, PEOPLE, 1, asked.seed).await?;
    let stage = Stage::begin();
    let (talk, talking) = watch::channel(true);
    let mut talkers = JoinSet::new();
    let pause =
        Duration::from_secs(1) * u32::try_from(TALKERS)? / u32::try_from(asked.messages_per_second.max(1))?;
    for number in 0..TALKERS {
        talkers.spawn(talk_on(house.asker(number, program.address)?, pause, number, talking.clone()));
    }
    let meter = Meter::begin(program.address, program.address, MEASURE_EVERY, "meter", &stage).await?;
    let calm_from = stage.now();
    sleep(CALM).await;
    let base_kib = program.memory_kib()?;
    let base_files = program.open_files()?;
    let mut readers = Vec::new();
    for number in 0..asked.readers {
        let asker = house.asker(number % PEOPLE, program.address)?;
        let reader = Listener::open(&asker, None, Some(BUFFER)).await;
        readers.push(reader.map_err(|error| format!("somebody who comes: {error}"))?);
    }
    let stalled = Instant::now();
    let stall_from = stage.now();
    let head_then = head(&house, &program).await?;
    let mut shown = Shown::default();
    shown.watch(&program, stalled, asked.stall, base_files).await?;
    let stall_to = stage.now();
    let said = head(&house, &program).await?.saturating_sub(head_then);
    let (resuming, staying): (Vec<_>, Vec<_>) =
        readers.into_iter().enumerate().partition(|(number, _)| number.is_multiple_of(RESUME_EACH));
    let resuming: Vec<Listener> = resuming.into_iter().map(|(_, reader)| reader).collect();
    let staying: Vec<Listener> = staying.into_iter().map(|(_, reader)| reader).collect();
    talk.send_replace(false);
    let mut sent = 0;
    while let Some(count) = talkers.join_next().await {
        sent += count?.map_err(|error| format!("somebody who talks: {error}"))?;
    }
    let (measured, _) = meter.end().await?;
    let is_long = asked.stall > CLOSED_WITHIN;
    if is_long {
        shown.look_at_ends(resuming.into_iter().chain(staying).collect(), &house, &program).await?;
    } else {
        shown.read_again(resuming, said).await?;
        shown.come_back(staying, &house, &program).await?;
    }
    shown.hold(asked, base_kib);
    program.stop().await?;
    Ok(report(asked, shown, &measured, [calm_from, stall_from, stall_to], base_kib, sent, begun))
}

fn report(
    asked: &Readers,
    shown: Shown,
    measured: &Measured,
    [calm, from, to]: [u64; 3],
    base_kib: u64,
    sent: u64,
    begun: Instant,
) -> Report {
    let p99 = |from, to| percentile(&mut measured.until_heard(from, to), 99).as_millis().to_string();
    Report {
        name: "readers, SQLite".to_owned(),
        seed: asked.seed,
        figures: vec![
            ("clients that stop reading", asked.readers.to_string()),
            ("messages", sent.to_string()),
            ("memory MiB before", (base_kib / 1024).to_string()),
            ("memory MiB at its peak", (shown.peak_kib / 1024).to_string()),
            ("memory MiB of the system for connections", (shown.system_kib / 1024).to_string()),
            ("KiB a stalled connection", shown.kib_each(asked, base_kib).to_string()),
            ("said to one before it was told of more, KiB at most", (shown.bytes_max / 1024).to_string()),
            (
                "last one let go after s",
                shown.closed_after.map_or("-".into(), |took| took.as_secs().to_string()),
            ),
            ("told that they were too slow", shown.told_too_slow.to_string()),
            ("came back and had everything", shown.came_back.to_string()),
            ("heard p99 ms before", p99(calm, from)),
            ("heard p99 ms meanwhile", p99(from, to)),
            ("seconds", begun.elapsed().as_secs().to_string()),
        ],
        violations: shown.found,
    }
}

#[derive(Default)]
struct Shown {
    peak_kib: u64,
    /// When the server had let all of them go.
    closed_after: Option<Duration>,
    told_too_slow: usize,
    bytes_max: usize,
    came_back: usize,
    /// What the system holds for all connections, in KiB.
    system_kib: u64,
    found: Vec<Violation>,
}

impl Shown {
    /// Watches the server while nobody reads.
    async fn watch(
        &mut self,
        program: &Program,
        stalled: Instant,
        stall: Duration,
        files: usize,
    ) -> Result<()> {
        while stalled.elapsed() < stall {
            self.peak_kib = self.peak_kib.max(program.memory_kib()?);
            self.system_kib = self.system_kib.max(kib_for_connections()?);
            if self.closed_after.is_none() && program.open_files()? <= files {
                self.closed_after = Some(stalled.elapsed());
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    fn kib_each(&self, asked: &Readers, base_kib: u64) -> u64 {
        self.peak_kib.saturating_sub(base_kib) / u64::try_from(asked.readers).unwrap_or(u64::MAX).max(1)
    }

    fn hold(&mut self, asked: &Readers, base_kib: u64) {
        let each = self.kib_each(asked, base_kib);
        if each > STALLED_KIB_MAX {
            self.found.push(violation("a stalled connection costs little", format!("{each} KiB each")));
        }
        let bytes = u64::try_from(self.bytes_max).unwrap_or(u64::MAX);
        if bytes > HELD_BYTES_MAX {
            self.found.push(violation("little waits for a stalled connection", format!("{bytes} bytes")));
        }
        let closed = self.closed_after;
        if asked.stall > CLOSED_WITHIN && closed.is_none_or(|took| took > CLOSED_WITHIN) {
            self.found.push(violation("a stalled connection is let go in time", format!("{closed:?}")));
        }
    }

    /// Those who read again before they are let go hear that something was dropped, fetch it and go on.
    async fn read_again(&mut self, readers: Vec<Listener>, said: u64) -> Result<()> {
        let is_much = said * u64::try_from(TEXT_LEN)? > HELD_BYTES_MAX;
        for mut reader in readers {
            let before = reader.bytes;
            let reading = async {
                loop {
                    match reader.hear().await? {
                        Heard::Something => {}
                        other => return Result::Ok(other),
                    }
                }
            };
            // Who has heard everything waits for more, in vain.
            let heard = timeout(Duration::from_secs(2), reading).await.unwrap_or(Ok(Heard::Something))?;
            self.bytes_max = self.bytes_max.max(reader.bytes - before);
            if is_much && heard != Heard::Lag {
                let what = format!("{heard:?} after {} bytes", reader.bytes - before);
                self.found.push(violation("the queue of a connection has a bound", what));
            }
            if heard == Heard::Lag {
                reader.catch_up().await?;
                self.came_back += 1;
            }
        }
        Ok(())
    }

    /// Reads what was left for those who were let go, and how it ends.
    async fn look_at_ends(&mut self, readers: Vec<Listener>, house: &House, program: &Program) -> Result<()> {
        let mut ended = Vec::new();
        for mut reader in readers {
            let before = reader.bytes;
            let reading = async {
                loop {
                    if let Heard::End(code) = reader.hear().await? {
                        return Result::Ok(code);
                    }
                }
            };
            match timeout(PATIENCE, reading).await {
                Ok(code) => self.told_too_slow += usize::from(code? == Some(4008)),
                Err(_) => {
                    self.found.push(violation("a stalled connection is let go in time", "it is there still"))
                }
            }
            self.bytes_max = self.bytes_max.max(reader.bytes - before);
            ended.push(reader);
        }
        self.come_back(ended, house, program).await
    }

    /// Those who come back fetch all that they missed.
    async fn come_back(&mut self, readers: Vec<Listener>, house: &House, program: &Program) -> Result<()> {
        let head = head(house, program).await?;
        for (number, reader) in readers.into_iter().take(COME_BACK).enumerate() {
            let (epoch, cursor) = reader.known();
            reader.cut();
            let asker = house.asker(number % PEOPLE, program.address)?;
            let again = Listener::open(&asker, Some((&epoch, cursor)), None)
                .await
                .map_err(|error| format!("somebody who comes back: {error}"))?;
            if u64::try_from(again.cursor)? >= head {
                self.came_back += 1;
            } else {
                let what = format!("{} of {head}", again.cursor);
                self.found.push(violation("who was let go has everything after coming back", what));
            }
        }
        Ok(())
    }
}

/// What the system holds for connections of all programs, in KiB (`proc_pid_net(5)`: pages).
fn kib_for_connections() -> Result<u64> {
    let told = std::fs::read_to_string("/proc/net/sockstat")?;
    let line = told.lines().find(|line| line.starts_with("TCP:")).ok_or("no word of connections")?;
    let pages: u64 = line.rsplit(' ').next().unwrap_or_default().parse()?;
    Ok(pages * u64::try_from(rustix::param::page_size())? / 1024)
}

/// How far General has come.
async fn head(house: &House, program: &Program) -> Result<u64> {
    let told = house.summaries(program.address).await?;
    let head = told.heads.iter().find(|((_, of), _)| *of == GENERAL.0).map_or(0, |(_, rev)| *rev);
    Ok(u64::try_from(head)?)
}

/// Says something every so often until told not to. Gives how much was acknowledged.
async fn talk_on(
    asker: Asker,
    pause: Duration,
    number: usize,
    talking: watch::Receiver<bool>,
) -> Result<u64> {
    let mut line = Line::open(asker.address, asker.token.as_deref().unwrap_or_default()).await?;
    line.say(&json!({ "op": "hello" })).await?;
    let (mut said, mut acknowledged) = (0_u64, 0_u64);
    let mut next = Instant::now();
    while *talking.borrow() {
        let wait = next.saturating_duration_since(Instant::now());
        tokio::select! {
            () = sleep(wait) => {
                next += pause;
                said += 1;
                let body = format!("{number}-{said} {}", "x".repeat(TEXT_LEN));
                let cid = format!("talk-{number}-{said}");
                line.say(&json!({ "op": "send", "cid": cid, "conversation": GENERAL, "body": body })).await?;
            }
            frame = line.next() => {
                if let ServerFrame::Ack(_) = frame? {
                    acknowledged += 1;
                }
            }
        }
    }
    Ok(acknowledged)
}
