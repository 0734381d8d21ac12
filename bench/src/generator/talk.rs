//! Talking in rooms: who sends when, and whether everybody hears it.

use super::{
    Fleet,
    frames::{self, Op, opcode},
    http::Asker,
    room::{Counts, Room, Start},
    verify::Ledger,
};
use crate::{
    Outcome,
    measure::{cpu::Used, percentiles::Histogram},
};
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// How long what is on the way may take at the end, before it counts as lost.
const DRAIN_PATIENCE: Duration = Duration::from_secs(30);
/// How long nothing may happen at all while messages are on the way.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// After this a message that was refused because the server was busy is posted again, as the server asks for.
const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// The text of every message: 100 bytes.
pub(crate) fn text() -> String {
    "All work and no play makes a dull benchmark. ".repeat(3).chars().take(100).collect()
}

/// Who sends when.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// The senders keep so many on the way to everybody, together.
    Window(u64),
    /// The first sender posts one each time this has passed, whatever became of the others.
    Every(Duration),
    /// Each sender posts one more for each that is acknowledged; whoever is named several times has so many on the way.
    Acknowledged,
}

/// One member of a room, by a connection.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its room, counted from 0.
    pub(crate) room: usize,
    /// By which it fetches what was dropped.
    pub(crate) token: Option<String>,
}

/// What came of a stretch of talking.
#[derive(Clone, Debug)]
pub(crate) struct Talked {
    pub(crate) took: Duration,
    pub(crate) server_cpu: Duration,
    /// How long the generator was at work.
    pub(crate) generator_worked: Duration,
    /// Messages that came to everybody, within the stretch.
    pub(crate) messages: u64,
    pub(crate) deliveries: u64,
    /// Of all frames that carried them.
    pub(crate) bytes: u64,
    /// From the moment at which a message was to be sent until a listener had it.
    pub(crate) delivery_times: Histogram,
    /// From then until it was acknowledged.
    pub(crate) ack_times: Histogram,
    /// How often the server dropped events and said so.
    pub(crate) lags: u64,
    /// Messages that the server refused because it had too much to do.
    pub(crate) busy: u64,
}

/// Connections that talk.
pub(crate) struct Talk {
    fleet: Fleet,
    /// Connections are spread over them in turn.
    addresses: Vec<SocketAddr>,
    members: Vec<Member>,
    ledgers: Vec<Ledger>,
    /// When the sends of each connection that are not acknowledged were to be sent.
    unacknowledged: Vec<VecDeque<Instant>>,
    rooms: Vec<Room>,
    senders: Vec<usize>,
    next_sender: usize,
    counts: Counts,
    delivery_times: Histogram,
    ack_times: Histogram,
    /// Connections that have to fetch what was dropped.
    behind: Vec<usize>,
    /// Senders that may post again.
    free: Vec<usize>,
    /// Senders that may post again later.
    resting: VecDeque<(Instant, usize)>,
    hint: usize,
    ack_hint: usize,
    refused: Option<String>,
}

impl Talk {
    /// Takes over connections: `members` in the order of the fleet's connections.
    pub(crate) fn new(
        fleet: Fleet,
        addresses: Vec<SocketAddr>,
        members: Vec<Member>,
        starts: &[Start],
        senders: Vec<usize>,
    ) -> Self {
        let ledger = |member: &Member| Ledger::new(starts.get(member.room).map_or(0, |start| start.last_seq));
        let room = |(number, start): (usize, &Start)| {
            Room::new(*start, members.iter().filter(|member| member.room == number).count())
        };
        Self {
            fleet,
            addresses,
            ledgers: members.iter().map(ledger).collect(),
            unacknowledged: vec![VecDeque::new(); members.len()],
            rooms: starts.iter().enumerate().map(room).collect(),
            members,
            free: senders.clone(),
            resting: VecDeque::new(),
            senders,
            next_sender: 0,
            counts: Counts::default(),
            delivery_times: Histogram::default(),
            ack_times: Histogram::default(),
            behind: Vec::new(),
            hint: 0,
            ack_hint: 0,
            refused: None,
        }
    }

    /// Talks for a while, then waits until everything has come to everybody. What counts is the stretch after the warm-up.
    pub(crate) fn run(
        &mut self,
        pace: Pace,
        servers: &[u32],
        warm_up: Duration,
        measured: Duration,
    ) -> Outcome<Talked> {
        let begun = Instant::now();
        let mut due = begun;
        self.talk_until(pace, begun + warm_up, &mut due)?;
        self.delivery_times = Histogram::default();
        self.ack_times = Histogram::default();
        let before = self.counts;
        let (server_before, worked_before, from) =
            (Used::by_all(servers)?, self.fleet.worked(), Instant::now());
        self.talk_until(pace, from + measured, &mut due)?;
        let took = from.elapsed();
        let server_cpu = Used::by_all(servers)?.since(&server_before);
        let generator_worked = self.fleet.worked().saturating_sub(worked_before);
        let after = self.counts;
        self.drain()?;
        Ok(Talked {
            took,
            server_cpu,
            generator_worked,
            messages: after.complete - before.complete,
            deliveries: after.deliveries - before.deliveries,
            bytes: after.bytes - before.bytes,
            delivery_times: std::mem::take(&mut self.delivery_times),
            ack_times: std::mem::take(&mut self.ack_times),
            lags: after.lags - before.lags,
            busy: after.busy - before.busy,
        })
    }

    fn talk_until(&mut self, pace: Pace, end: Instant, due: &mut Instant) -> Outcome<()> {
        loop {
            let now = Instant::now();
            if now >= end {
                return Ok(());
            }
            let mut wait = LONGEST_WAIT.min(end - now);
            match pace {
                Pace::Window(most) => self.fill_window(most, now)?,
                Pace::Every(apart) => {
                    let sender = self.senders.first().copied().ok_or("nobody sends")?;
                    while *due <= now {
                        self.post(sender, 1, *due)?;
                        *due += apart;
                    }
                    wait = wait.min(due.saturating_duration_since(now));
                }
                Pace::Acknowledged => {
                    while let Some((_, sender)) = self.resting.pop_front_if(|(rested, _)| *rested <= now) {
                        self.free.push(sender);
                    }
                    // Several that were acknowledged together are followed by several in one write.
                    let free = std::mem::take(&mut self.free);
                    for same in free.chunk_by(|one, next| one == next) {
                        let sender = same.first().copied().ok_or("nobody sends")?;
                        self.post(sender, u64::try_from(same.len())?, now)?;
                    }
                }
            }
            self.listen(wait)?;
        }
    }

    /// Shares what is missing from the window out among the senders.
    fn fill_window(&mut self, most: u64, now: Instant) -> Outcome<()> {
        let mut missing = most.saturating_sub(self.counts.sent - self.counts.complete);
        let share = missing.div_ceil(u64::try_from(self.senders.len())?.max(1));
        while missing > 0 {
            let sender = self.senders.get(self.next_sender).copied().ok_or("nobody sends")?;
            self.next_sender = (self.next_sender + 1) % self.senders.len();
            let part = share.min(missing);
            self.post(sender, part, now)?;
            missing -= part;
        }
        Ok(())
    }

    /// Posts so many messages in one write.
    fn post(&mut self, sender: usize, count: u64, due: Instant) -> Outcome<()> {
        let number = self.members.get(sender).map(|member| member.room).ok_or("there is no such sender")?;
        let one_sender = self.senders.len() == 1;
        let room = self.rooms.get_mut(number).ok_or("there is no such room")?;
        let waiting = self.unacknowledged.get_mut(sender).ok_or("there is no such sender")?;
        let mut bytes = Vec::new();
        for _ in 0..count {
            let send = format!(
                r#"{{"op":"send","cid":"{}","conversation":{},"body":"{}"}}"#,
                next_cid(),
                room.start.conversation,
                text()
            );
            frames::write_masked(&mut bytes, opcode::TEXT, send.as_bytes());
            waiting.push_back(due);
            if one_sender {
                room.scheduled.push_back(due);
            }
        }
        self.counts.sent += count;
        self.fleet.send(sender, &bytes)
    }

    /// Hears what comes within a time.
    fn listen(&mut self, wait: Duration) -> Outcome<()> {
        let Self { fleet, members, ledgers, unacknowledged, rooms, counts, .. } = self;
        let (delivery_times, ack_times) = (&mut self.delivery_times, &mut self.ack_times);
        let (hint, ack_hint, free) = (&mut self.hint, &mut self.ack_hint, &mut self.free);
        let (behind, refused, resting) = (&mut self.behind, &mut self.refused, &mut self.resting);
        let many_senders = self.senders.len() > 1;
        fleet.turn(wait, |index, at, payload| match frames::op_of(payload) {
            Op::Event => {
                let (Some(seq), Some(ledger)) = (frames::seq_in(payload, hint), ledgers.get_mut(index))
                else {
                    return;
                };
                let room = members.get(index).and_then(|member| rooms.get_mut(member.room));
                if let Some(room) = room.filter(|_| ledger.deliver(seq)) {
                    room.note(seq, at, counts, delivery_times);
                    counts.bytes += u64::try_from(payload.len()).unwrap_or(0);
                }
            }
            Op::Ack => {
                counts.acknowledged += 1;
                free.push(index);
                let posted = unacknowledged.get_mut(index).and_then(VecDeque::pop_front);
                match (posted, frames::seq_in(payload, ack_hint)) {
                    (Some(due), Some(_)) => ack_times.record(at.saturating_duration_since(due)),
                    _ => *refused = Some("an acknowledgement that nobody waits for".to_owned()),
                }
            }
            // What was refused for now takes no number; of many senders it does not matter whose message is missing.
            Op::Nack if many_senders && frames::is_for_now(payload) => {
                counts.sent -= 1;
                counts.busy += 1;
                resting.push_back((at + BUSY_PAUSE, index));
                if let Some(waiting) = unacknowledged.get_mut(index) {
                    waiting.pop_front();
                }
            }
            Op::Nack => *refused = Some(String::from_utf8_lossy(payload).into_owned()),
            Op::Lag => {
                counts.lags += 1;
                behind.push(index);
            }
            Op::Welcome | Op::Changes | Op::Other => {}
        })?;
        for index in std::mem::take(&mut self.behind) {
            self.catch_up(index)?;
        }
        match self.refused.take() {
            Some(refusal) => {
                Err(format!("VERIFICATION FAILED: the server refused a message: {refusal}").into())
            }
            None => Ok(()),
        }
    }

    /// Fetches what was dropped on the way to a connection, as a client has to.
    fn catch_up(&mut self, index: usize) -> Outcome<()> {
        let (Some(member), Some(ledger)) = (self.members.get(index), self.ledgers.get_mut(index)) else {
            return Err("there is no such connection".into());
        };
        let room = self.rooms.get_mut(member.room).ok_or("there is no such room")?;
        let start = room.start;
        let address = self.addresses.get(index % self.addresses.len().max(1)).ok_or("there is no server")?;
        let mut asker = Asker::connect(*address, member.token.as_deref())?;
        loop {
            // Since the beginning nothing changed in the room but that messages came.
            let since = ledger.last() - start.last_seq + start.last_rev;
            let path = format!("/api/v1/conversations/{}/changes?since={since}", start.conversation);
            let changes = asker.get(&path)?;
            let at = Instant::now();
            for seq in frames::seqs_in(&changes) {
                if ledger.fetch(seq) {
                    room.note(seq, at, &mut self.counts, &mut self.delivery_times);
                }
            }
            if !String::from_utf8_lossy(&changes).contains("\"has_more\":true") {
                return Ok(());
            }
        }
    }

    /// Waits until everything has come to everybody, and looks whether it came as it must.
    fn drain(&mut self) -> Outcome<()> {
        let begun = Instant::now();
        let done = |counts: &Counts| counts.complete == counts.sent && counts.acknowledged == counts.sent;
        while !done(&self.counts) && begun.elapsed() < DRAIN_PATIENCE {
            self.listen(LONGEST_WAIT)?;
        }
        let Counts { sent, acknowledged, complete, .. } = self.counts;
        if !done(&self.counts) {
            return Err(format!(
                "VERIFICATION FAILED: of {sent} messages {acknowledged} were acknowledged and {complete} came to \
                 everybody"
            )
            .into());
        }
        for (index, ledger) in self.ledgers.iter().enumerate() {
            if let Some(fault) = ledger.first_fault() {
                return Err(format!("VERIFICATION FAILED: on connection {index}, {fault}").into());
            }
        }
        Ok(())
    }
}

/// An id that no other message has: one process, one count.
fn next_cid() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("b{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}
