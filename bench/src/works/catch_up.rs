//! CATCH-UP: everybody comes back at once and says where their copy stands.

use super::{Bench, Report};
use crate::{
    Outcome, contestant,
    cores::Cores,
    fixture::{House, Plan, RoomPlan},
    generator::{
        Fleet,
        frames::{self, Op},
    },
    measure::{cpu::Used, float, memory::Memory, micros, per},
    table::{Row, Table, note},
};
use protocol::{ServerFrame, frame::Welcome};
use std::time::{Duration, Instant};

/// Everybody is in two rooms of so many, each time with others.
const ROOM_LEN: usize = 100;
/// What was said before they went, and while they were away, in each room.
const KNOWN: i64 = 20;
const MISSED: i64 = 20;
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn measure(bench: &Bench, report: Report<'_>) -> Outcome<()> {
    let count = if bench.quick { 1000 } else { 10_000 };
    note(&format!("catch-up: a house of {count}"));
    let house = bench.build(&plan(count)?)?;
    let mut row = Row::new("Parlor");
    for repeat in 1..=bench.repeats {
        note(&format!("catch-up, {repeat} of {}", bench.repeats));
        row.add(measure_once(bench, &house, count)?);
    }
    bench.tear_down(&house)?;
    report(Table {
        figure: "catch-up",
        case: format!("{count} clients come back, each {MISSED} messages behind in two rooms of {ROOM_LEN}"),
        columns: &[
            "seconds until all have all",
            "CPU µs/client",
            "RSS before MiB",
            "peak MiB",
            "peak - before MiB",
            "server busy %",
        ],
        rows: vec![row],
    })
}

/// The rooms of somebody: one with their neighbours, one with those who have the same place in other neighbourhoods.
fn rooms_of(account: usize, count: usize) -> [usize; 2] {
    let neighbourhoods = count / ROOM_LEN;
    [account / ROOM_LEN, neighbourhoods + account % neighbourhoods]
}

fn plan(count: usize) -> Outcome<Plan> {
    let messages = usize::try_from(KNOWN + MISSED)?;
    let mut rooms = vec![RoomPlan { members: Vec::new(), messages }; 2 * (count / ROOM_LEN)];
    for account in 0..count {
        for room in rooms_of(account, count) {
            rooms.get_mut(room).ok_or("a room too few")?.members.push(account);
        }
    }
    Ok(Plan { accounts: count, rooms })
}

fn measure_once(bench: &Bench, house: &House, count: usize) -> Outcome<[f64; 6]> {
    let server = bench.start_parlor(house, Cores::One)?;
    let welcome = welcome_of_one(server.address, house)?;
    let mut hellos = Vec::with_capacity(count);
    for account in 0..count {
        hellos.push(contestant::dial(house.token(account)?, &hello(&welcome.epoch, house, account, count)?));
    }
    let (before, used_before, begun) = (Memory::of(server.id())?, Used::by(server.id())?, Instant::now());
    let mut caught_up = CaughtUp { rooms_left: vec![2_u32; count], clients_left: count, wrong: None };
    let mut fleet =
        Fleet::open(&[server.address], &hellos, |index, _, payload| caught_up.hear(index, payload))?;
    while caught_up.clients_left > 0 && caught_up.wrong.is_none() && begun.elapsed() < PATIENCE {
        fleet.turn(Duration::from_millis(100), |index, _, payload| caught_up.hear(index, payload))?;
    }
    let took = begun.elapsed();
    caught_up.verify()?;
    let used = Used::by(server.id())?.since(&used_before);
    let peak = Memory::of(server.id())?.peak_kib;
    drop(fleet);
    server.stop()?;
    let mib = |kib: u64| float(kib) / 1024.0;
    Ok([
        took.as_secs_f64(),
        per(micros(used), u64::try_from(count)?),
        mib(before.resident_kib),
        mib(peak),
        mib(peak.saturating_sub(before.resident_kib)),
        100.0 * used.as_secs_f64() / took.as_secs_f64(),
    ])
}

/// The identity of the database, and how far behind its numbers the changes are, as the first one learns them.
fn welcome_of_one(address: std::net::SocketAddr, house: &House) -> Outcome<Welcome> {
    let mut welcome = None;
    let dials = [contestant::dial(house.token(0)?, r#"{"op":"hello"}"#)];
    Fleet::open(&[address], &dials, |_, _, payload| {
        if let Ok(ServerFrame::Welcome(found)) = serde_json::from_slice(payload) {
            welcome = Some(found);
        }
    })?;
    welcome.ok_or_else(|| "a welcome that cannot be read".into())
}

fn hello(epoch: &str, house: &House, account: usize, count: usize) -> Outcome<String> {
    let mut cursors = serde_json::Map::new();
    for room in rooms_of(account, count) {
        let id = house.rooms.get(room).ok_or("a room too few")?;
        // Its making is the first change and each member but the owner one more; each message after them is one.
        let joined = i64::try_from(ROOM_LEN)?;
        cursors.insert(id.to_string(), (joined + KNOWN).into());
    }
    let hello = serde_json::json!({ "op": "hello", "resume": { "epoch": epoch, "cursors": cursors } });
    Ok(hello.to_string())
}

struct CaughtUp {
    rooms_left: Vec<u32>,
    clients_left: usize,
    wrong: Option<String>,
}

impl CaughtUp {
    fn hear(&mut self, index: usize, payload: &[u8]) {
        if frames::op_of(payload) != Op::Changes {
            return;
        }
        let right = frames::seqs_in(payload).eq(KNOWN + 1..=KNOWN + MISSED);
        match self.rooms_left.get_mut(index) {
            Some(left) if right && *left > 0 => {
                *left -= 1;
                self.clients_left -= usize::from(*left == 0);
            }
            _ => {
                let start = String::from_utf8_lossy(payload.get(..200).unwrap_or(payload)).into_owned();
                self.wrong.get_or_insert(start);
            }
        }
    }

    fn verify(self) -> Outcome<()> {
        if let Some(wrong) = self.wrong {
            return Err(
                format!("VERIFICATION FAILED: these are not the changes that were missed: {wrong}").into()
            );
        }
        if self.clients_left > 0 {
            return Err(format!("VERIFICATION FAILED: {} clients did not catch up", self.clients_left).into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_in_two_rooms_and_every_room_has_its_hundred() {
        let plan = plan(1000).unwrap();
        assert_eq!(plan.rooms.len(), 20);
        assert!(plan.rooms.iter().all(|room| room.members.len() == ROOM_LEN));
    }

    #[test]
    fn whoever_gets_other_changes_than_were_missed_has_not_caught_up() {
        let changes = |seqs: std::ops::RangeInclusive<i64>| {
            let messages: Vec<_> = seqs.map(|seq| serde_json::json!({ "seq": seq })).collect();
            format!(r#"{{"op":"changes","messages":{}}}"#, serde_json::Value::from(messages))
        };
        let after = |heard: &[String]| {
            let mut caught_up = CaughtUp { rooms_left: vec![2], clients_left: 1, wrong: None };
            heard.iter().for_each(|payload| caught_up.hear(0, payload.as_bytes()));
            caught_up.verify().is_ok()
        };
        let (right, gap) = (changes(21..=40), changes(21..=39));
        assert!(after(&[right.clone(), right.clone()]));
        assert!(!after(std::slice::from_ref(&right)), "one room is missing");
        assert!(!after(&[right.clone(), gap]));
        assert!(!after(&[right.clone(), right.clone(), right]), "a room came twice");
    }
}
