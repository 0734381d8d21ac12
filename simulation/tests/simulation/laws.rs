//! What must be true when everything that was wrong is over, and of all that happened before.

use crate::{
    deeds,
    device::State,
    ledger::{Answer, Ledger},
    world::{Shared, lock},
};
use protocol::{AccountId, ConversationDetails, ConversationId, Membership, Message, Rev, Seq};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use store::Tx;

/// A device as the laws see it.
#[derive(Clone)]
pub struct Witness {
    pub name: String,
    pub account: AccountId,
    pub state: Arc<Mutex<State>>,
}

/// A conversation as it is stored.
struct Stored {
    details: ConversationDetails,
    last_seq: Seq,
    last_rev: Rev,
    messages: Vec<Message>,
    members: Vec<Membership>,
}

/// Everything that there may be of each kind.
const ALL: i64 = 1_000_000;

/// Why not everybody has what they may see and an answer to all they sent; `None` when they do.
pub fn unsettled(world: &Shared, witnesses: &[Witness]) -> Option<String> {
    witnesses.iter().find_map(|witness| {
        let heads = heads(world, witness.account);
        let state = lock(&witness.state);
        let name = &witness.name;
        if !state.is_connected {
            return Some(format!("{name} is not connected"));
        }
        if let Some(message) = state.unanswered.first() {
            return Some(format!("{name} has no answer to {}", message.cid));
        }
        let cursors = state.copy.cursors();
        (cursors != heads).then(|| format!("{name} is at {cursors:?}, and the database at {heads:?}"))
    })
}

fn heads(world: &Shared, account: AccountId) -> BTreeMap<ConversationId, Rev> {
    let heads = world.database.look(|tx| store::memberships::heads_of(tx, account)).unwrap();
    heads.into_iter().map(|(id, _, rev)| (id, rev)).collect()
}

/// The laws that were broken.
pub fn judge(world: &Shared, witnesses: &[Witness]) -> Vec<String> {
    let stored = world.database.look(read_all).unwrap();
    let ledger = world.ledger();
    let mut broken = ledger.broken.clone();
    for (id, stored) in &stored {
        broken.extend(numbers(*id, stored));
        broken.extend(once_each(*id, stored, &ledger));
        broken.extend(in_order(*id, &ledger));
    }
    for witness in witnesses {
        broken.extend(equal(witness, &stored));
    }
    broken.extend(world.database.look(text_of_deleted).unwrap());
    for (id, author, rev, cid) in world.database.look(posted).unwrap() {
        if !ledger.is_in(id, author, rev) {
            broken.push(format!("{cid} was posted by {author} in {id} as change {rev}, where they were not"));
        }
    }
    broken
}

fn read_all(tx: &mut Tx<'_>) -> store::Result<BTreeMap<ConversationId, Stored>> {
    let ids =
        tx.query("SELECT id FROM conversations ORDER BY id", &[], |row| Ok(ConversationId(row.get(0)?)))?;
    let mut all = BTreeMap::new();
    for id in ids {
        let (last_seq, last_rev) = store::conversations::counters(tx, id)?.ok_or(store::Error::Missing)?;
        let details = store::conversations::get(tx, id)?.ok_or(store::Error::Missing)?;
        let messages = store::messages::after(tx, id, 0, 0, ALL)?;
        let active = protocol::MembershipState::Active;
        let members = store::memberships::list(tx, id, active, AccountId(0), ALL)?;
        all.insert(id, Stored { details, last_seq, last_rev, messages, members });
    }
    Ok(all)
}

/// Who posted what where, and as which change.
fn posted(tx: &mut Tx<'_>) -> store::Result<Vec<(ConversationId, AccountId, Rev, String)>> {
    tx.query("SELECT conversation_id, author_id, posted_rev, cid FROM messages", &[], |row| {
        Ok((ConversationId(row.get(0)?), AccountId(row.get(1)?), row.get(2)?, row.get(3)?))
    })
}

/// Messages are numbered 1, 2, 3, and no change lies above the last.
fn numbers(id: ConversationId, stored: &Stored) -> Vec<String> {
    let mut broken = Vec::new();
    let seqs: Vec<Seq> = stored.messages.iter().map(|message| message.seq).collect();
    if !seqs.iter().copied().eq(1..=stored.last_seq) {
        broken
            .push(format!("the messages of {id} are numbered {seqs:?}, and the last is {}", stored.last_seq));
    }
    let mut revs: Vec<Rev> = stored.messages.iter().map(|message| message.rev).collect();
    revs.sort_unstable();
    if revs.windows(2).any(|two| two[0] == two[1]) || revs.last().is_some_and(|rev| *rev > stored.last_rev) {
        broken
            .push(format!("the changes of {id} are numbered {revs:?}, and the last is {}", stored.last_rev));
    }
    broken
}

/// What was acknowledged is there, once, where the answer said; what was refused is not; nothing else is.
fn once_each(id: ConversationId, stored: &Stored, ledger: &Ledger) -> Vec<String> {
    let mut broken = Vec::new();
    let mut by_cid: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for message in &stored.messages {
        by_cid.entry(&message.cid).or_default().push(message);
    }
    for (cid, messages) in &by_cid {
        match ledger.sent.get(*cid) {
            _ if messages.len() > 1 => broken.push(format!("{cid} is in {id} {} times", messages.len())),
            None => broken.push(format!("nobody sent {cid}, and it is in {id}")),
            Some(sent) if sent.answer == Some(Answer::Refused { is_sure: true }) => {
                broken.push(format!("{cid} was refused and is in {id}"));
            }
            Some(sent) if sent.conversation != id || sent.account != messages[0].author.id => {
                broken.push(format!("{cid} is not where it was sent, or not by whom"));
            }
            Some(_) => {}
        }
    }
    for (cid, sent) in ledger.sent.iter().filter(|(_, sent)| sent.conversation == id) {
        let Some(Answer::Stored { id: message, seq, .. }) = sent.answer else { continue };
        let is_there =
            by_cid.get(cid.as_str()).is_some_and(|found| (found[0].id, found[0].seq) == (message, seq));
        if !is_there {
            broken.push(format!("{cid} was acknowledged as number {seq} of {id} and is not there"));
        }
        let is_right = |found: &&Message| {
            found.deleted_at.is_some() || found.edited_at.is_some() || found.body.as_ref() == Some(&sent.body)
        };
        if !by_cid.get(cid.as_str()).is_some_and(|found| found.iter().all(is_right)) {
            broken.push(format!("{cid} says something else than was sent"));
        }
    }
    broken
}

/// What was acknowledged before another was sent stands before it.
fn in_order(id: ConversationId, ledger: &Ledger) -> Vec<String> {
    let mut stored: Vec<(Seq, u64, u64, &String)> = Vec::new();
    for (cid, sent) in ledger.sent.iter().filter(|(_, sent)| sent.conversation == id) {
        if let Some(Answer::Stored { seq, at, .. }) = sent.answer {
            stored.push((seq, sent.invoked, at, cid));
        }
    }
    stored.sort_unstable();
    let mut broken = Vec::new();
    // The earliest answer among those with a higher number.
    let mut earliest: Option<(u64, &String)> = None;
    for (seq, invoked, at, cid) in stored.into_iter().rev() {
        if let Some((_, later)) = earliest.filter(|(answered, _)| *answered < invoked) {
            broken.push(format!(
                "{later} was acknowledged before {cid} was sent, and {cid} is number {seq} of {id}, before it"
            ));
        }
        if earliest.is_none_or(|(answered, _)| at < answered) {
            earliest = Some((at, cid));
        }
    }
    broken
}

/// A copy equals what is stored.
fn equal(witness: &Witness, stored: &BTreeMap<ConversationId, Stored>) -> Vec<String> {
    let mut broken = Vec::new();
    let state = lock(&witness.state);
    for (id, room) in &state.copy.rooms {
        let Some(stored) = stored.get(id) else { continue };
        let name = &witness.name;
        if room.details.as_ref() != Some(&stored.details) {
            broken.push(format!("{name} has {:?} of {id}, and stored is {:?}", room.details, stored.details));
        }
        let mine: Vec<&Message> = room.messages.values().collect();
        if !mine.iter().copied().eq(&stored.messages) {
            let differs =
                stored.messages.iter().find(|message| room.messages.get(&message.seq) != Some(message));
            let has = differs.and_then(|message| room.messages.get(&message.seq));
            broken.push(format!("{name} has other messages of {id}: {has:?}, and stored is {differs:?}"));
        }
        let short = |member: &Membership| (member.account.id, member.role, member.rev);
        let mine: Vec<_> = room.active().map(short).collect();
        let theirs: Vec<_> = stored.members.iter().map(short).collect();
        if deeds::has_members(stored.details.kind) && mine != theirs {
            broken.push(format!("{name} has the members {mine:?} of {id}, and stored are {theirs:?}"));
        }
    }
    broken
}

/// Of what was deleted no text is kept.
fn text_of_deleted(tx: &mut Tx<'_>) -> store::Result<Vec<String>> {
    tx.query(
        "SELECT m.id FROM messages m WHERE m.deleted_at IS NOT NULL AND (m.body IS NOT NULL OR m.body_hash IS NOT NULL
            OR EXISTS (SELECT 1 FROM message_edits e WHERE e.message_id = m.id)
            OR EXISTS (SELECT 1 FROM reactions r WHERE r.message_id = m.id))",
        &[],
        |row| Ok(format!("message {} is deleted, and something of it is left", row.get::<i64>(0)?)),
    )
}
