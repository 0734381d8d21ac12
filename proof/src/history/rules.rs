//! The rules.

use super::{
    Account, Conversation, Copy, Deed, History, Log, Outcome, Peek, Place, Sent, Shown, Truth, Violation,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

type Found = Vec<String>;
type Rule = fn(&History, &Truth) -> Found;

/// All rules, by name.
pub const RULES: &[(&str, Rule)] = &[
    ("the database is sound", database_is_sound),
    ("what is acknowledged is stored", acknowledged_is_stored),
    ("what is stored was sent", stored_was_sent),
    ("what is stored is stored once", stored_once),
    ("numbers have no gaps", numbered_without_gaps),
    ("nothing stands before what was acknowledged before it was sent", real_time),
    ("a sender's messages keep their order", senders_order),
    ("a page shows all that was acknowledged and nothing that was not sent", pages_are_true),
    ("what is refused is not stored", refused_is_not_stored),
    ("what is deleted is gone", deleted_is_gone),
    ("who is out sees and says nothing", out_is_out),
    ("events come in order and once", events_in_order),
    ("everybody's copy is what is stored", copies_are_equal),
    ("unread is what was not read", unread_adds_up),
    ("what was acknowledged holds when one goes on from it", acknowledged_holds),
];

/// Breaches of one rule that are told; more of them say nothing new.
const TOLD_MAX: usize = 20;

/// Holds what happened against what is stored.
#[must_use]
pub fn check(history: &History, truth: &Truth) -> Vec<Violation> {
    let broken = |(rule, find): &(&'static str, Rule)| {
        let found = find(history, truth);
        found.into_iter().take(TOLD_MAX).map(|what| Violation { rule, what }).collect::<Vec<_>>()
    };
    RULES.iter().flat_map(broken).collect()
}

fn database_is_sound(_: &History, truth: &Truth) -> Found {
    truth.damage.iter().cloned().collect()
}

fn acknowledged_holds(history: &History, _: &Truth) -> Found {
    history.refused.clone()
}

fn acknowledged_is_stored(history: &History, truth: &Truth) -> Found {
    let mut found = Found::new();
    let later = deeds(history);
    for sent in &history.sent {
        let Some((_, place)) = sent.outcome.done() else { continue };
        let Some(stored) = truth.logs.get(&sent.to).and_then(|log| log.at(place.seq)) else {
            found.push(format!("{} was acknowledged as {place:?} and is not there", sent.cid));
            continue;
        };
        if (stored.author, &stored.cid) != (sent.by, &sent.cid) {
            found.push(format!("{} was acknowledged as {place:?}, where {} stands", sent.cid, stored.cid));
            continue;
        }
        let deeds = later.get(&(sent.to, place.seq)).map_or(&[][..], Vec::as_slice);
        let could_say = |text: &str| text == sent.text || deeds.iter().any(|deed| says(deed, text));
        let is_known = match &stored.text {
            Some(text) => could_say(text),
            None => deeds.contains(&&Deed::Delete),
        };
        if !is_known {
            found.push(format!("{} says {:?} instead of what it was told", sent.cid, stored.text));
        }
    }
    for changed in &history.changed {
        let Some((_, place)) = changed.outcome.done() else { continue };
        let stored = truth.logs.get(&changed.to).and_then(|log| log.at(changed.seq));
        let is_kept = stored.is_some_and(|stored| match &changed.deed {
            _ if stored.rev < place.rev => false,
            Deed::Delete => stored.text.is_none(),
            Deed::Edit(text) => stored.rev > place.rev || stored.text.as_ref() == Some(text),
        });
        if !is_kept {
            found
                .push(format!("{:?} of {} was acknowledged, there is {stored:?}", changed.deed, changed.seq));
        }
    }
    found
}

/// What was asked for to be done to each message.
fn deeds(history: &History) -> HashMap<(Conversation, i64), Vec<&Deed>> {
    let mut deeds: HashMap<_, Vec<_>> = HashMap::new();
    for changed in history.changed.iter().filter(|changed| changed.outcome != Outcome::Refused) {
        deeds.entry((changed.to, changed.seq)).or_default().push(&changed.deed);
    }
    deeds
}

fn says(deed: &Deed, text: &str) -> bool {
    matches!(deed, Deed::Edit(new) if new == text)
}

fn by_name(history: &History) -> HashMap<(Conversation, Account, &str), &Sent> {
    history.sent.iter().map(|sent| ((sent.to, sent.by, sent.cid.as_str()), sent)).collect()
}

fn stored_was_sent(history: &History, truth: &Truth) -> Found {
    let sent = by_name(history);
    let mut found = Found::new();
    for (id, log) in &truth.logs {
        for stored in &log.messages {
            if !sent.contains_key(&(*id, stored.author, stored.cid.as_str())) {
                found.push(format!("nobody sent {} of {id}", stored.cid));
            }
        }
    }
    found
}

fn stored_once(_: &History, truth: &Truth) -> Found {
    let mut found = Found::new();
    for (id, log) in &truth.logs {
        let (mut names, mut texts) = (HashSet::new(), HashSet::new());
        for stored in &log.messages {
            if !names.insert((stored.author, &stored.cid)) {
                found.push(format!("{} is in {id} twice", stored.cid));
            }
            if let Some(text) = &stored.text
                && !texts.insert(text)
            {
                found.push(format!("{text:?} is in {id} twice, as {} too", stored.cid));
            }
        }
    }
    found
}

fn numbered_without_gaps(_: &History, truth: &Truth) -> Found {
    let mut found = Found::new();
    for (id, log) in &truth.logs {
        let seqs: Vec<i64> = log.messages.iter().map(|stored| stored.seq).collect();
        let wanted: Vec<i64> = (1..=log.last_seq).collect();
        if seqs != wanted {
            let missing: Vec<_> = wanted.iter().filter(|seq| !seqs.contains(seq)).take(5).collect();
            found.push(format!(
                "{id} has {} messages up to {}; missing: {missing:?}",
                seqs.len(),
                log.last_seq
            ));
        }
        let mut revs: Vec<i64> = log.messages.iter().map(|stored| stored.rev).collect();
        revs.extend(&log.other_revs);
        revs.sort_unstable();
        if revs.windows(2).any(|pair| pair.first() == pair.last()) {
            found.push(format!("two changes of {id} have one number"));
        }
        if revs.last().is_some_and(|last| *last != log.last_rev) {
            found.push(format!("{id} counts {} changes, its last one is {:?}", log.last_rev, revs.last()));
        }
    }
    found
}

fn real_time(history: &History, truth: &Truth) -> Found {
    let sent = by_name(history);
    let mut found = Found::new();
    for (id, log) in &truth.logs {
        // Backwards: the earliest answer to anything that stands further down.
        let mut earliest: Option<(u64, &str)> = None;
        for stored in log.messages.iter().rev() {
            let Some(sent) = sent.get(&(*id, stored.author, stored.cid.as_str())) else { continue };
            if let Some((at, below)) = earliest
                && at < sent.asked
            {
                found.push(format!(
                    "{} stands above {below}, which was acknowledged before it was sent",
                    sent.cid
                ));
            }
            if let Some((at, _)) = sent.outcome.done()
                && earliest.is_none_or(|(before, _)| at < before)
            {
                earliest = Some((at, &sent.cid));
            }
        }
    }
    found
}

fn senders_order(history: &History, truth: &Truth) -> Found {
    let mut seqs: HashMap<(Conversation, Account, &str), i64> = HashMap::new();
    for (id, log) in &truth.logs {
        seqs.extend(
            log.messages.iter().map(|stored| ((*id, stored.author, stored.cid.as_str()), stored.seq)),
        );
    }
    let mut last: HashMap<(Conversation, Account), (i64, &str)> = HashMap::new();
    let mut found = Found::new();
    for sent in history.sent.iter().filter(|sent| !sent.was_put_off) {
        let Some(seq) = seqs.get(&(sent.to, sent.by, sent.cid.as_str())) else { continue };
        if let Some((before, earlier)) = last.insert((sent.to, sent.by), (*seq, &sent.cid))
            && before > *seq
        {
            found.push(format!("{} was sent after {earlier} and stands above it", sent.cid));
        }
    }
    found
}

fn pages_are_true(history: &History, truth: &Truth) -> Found {
    let sent = by_name(history);
    let asked = |id: Conversation, log: &Log, seq: i64| {
        let stored = log.at(seq)?;
        sent.get(&(id, stored.author, stored.cid.as_str())).map(|sent| sent.asked)
    };
    // The highest number that was acknowledged up to each moment, for each conversation.
    let mut acknowledged: HashMap<Conversation, Vec<(u64, i64)>> = HashMap::new();
    for sent in &history.sent {
        if let Some((at, place)) = sent.outcome.done() {
            acknowledged.entry(sent.to).or_default().push((at, place.seq));
        }
    }
    for heads in acknowledged.values_mut() {
        heads.sort_unstable();
        let mut highest = 0;
        for (_, seq) in heads.iter_mut() {
            highest = highest.max(*seq);
            *seq = highest;
        }
    }
    let mut found = Found::new();
    for page in &history.pages {
        let Some(log) = truth.logs.get(&page.of) else { continue };
        if !is_run(page) {
            found.push(format!("a page after {} of {} has gaps", page.after, page.of));
        }
        let last = page.messages.last().map_or(page.after, |shown| shown.seq);
        let known = acknowledged.get(&page.of).map_or(0, |heads| {
            let before = heads.partition_point(|(at, _)| *at < page.asked);
            before.checked_sub(1).and_then(|index| heads.get(index)).map_or(0, |(_, seq)| *seq)
        });
        if page.is_last && last < known {
            found.push(format!("a page of {} ends at {last}, {known} was acknowledged before", page.of));
        }
        for shown in &page.messages {
            if asked(page.of, log, shown.seq).is_some_and(|asked| asked > page.got) {
                found.push(format!("a page of {} shows {} before it was sent", page.of, shown.seq));
            }
        }
    }
    found
}

/// Whether a page's messages are numbered one after the other from the one that was asked for.
fn is_run(page: &super::Page) -> bool {
    page.messages.iter().zip(page.after + 1..).all(|(shown, seq)| shown.seq == seq)
}

fn refused_is_not_stored(history: &History, truth: &Truth) -> Found {
    let refused: HashSet<(Conversation, Account, &str)> = history
        .sent
        .iter()
        .filter(|sent| sent.outcome == Outcome::Refused)
        .map(|sent| (sent.to, sent.by, sent.cid.as_str()))
        .collect();
    let mut found = Found::new();
    for (id, log) in &truth.logs {
        let bad =
            log.messages.iter().filter(|stored| refused.contains(&(*id, stored.author, stored.cid.as_str())));
        found.extend(bad.map(|stored| format!("{} was refused", stored.cid)));
    }
    found
}

fn deleted_is_gone(history: &History, truth: &Truth) -> Found {
    let mut texts: HashMap<(Conversation, i64), Vec<&str>> = HashMap::new();
    for sent in &history.sent {
        if let Some((_, place)) = sent.outcome.done() {
            texts.entry((sent.to, place.seq)).or_default().push(&sent.text);
        }
    }
    for changed in &history.changed {
        if let Deed::Edit(text) = &changed.deed {
            texts.entry((changed.to, changed.seq)).or_default().push(text);
        }
    }
    // Text that was deleted: when, and by which change of which conversation.
    let mut gone: HashMap<&str, (u64, Conversation, Place)> = HashMap::new();
    for changed in history.changed.iter().filter(|changed| changed.deed == Deed::Delete) {
        let Some((at, place)) = changed.outcome.done() else { continue };
        for text in texts.get(&(changed.to, changed.seq)).into_iter().flatten() {
            gone.insert(text, (at, changed.to, place));
        }
    }
    let mut found = Found::new();
    for page in &history.pages {
        for text in page.messages.iter().filter_map(|shown| shown.text.as_deref()) {
            if gone.get(text).is_some_and(|(at, ..)| *at < page.asked) {
                found.push(format!("a page of {} shows {text:?} after it was deleted", page.of));
            }
        }
    }
    for heard in &history.heard {
        let gone = heard.text.as_deref().and_then(|text| gone.get(text));
        if gone.is_some_and(|(_, of, place)| *of == heard.of && heard.rev >= place.rev) {
            found.push(format!(
                "change {} of {} says {:?}, which was deleted",
                heard.rev, heard.of, heard.text
            ));
        }
    }
    let kept = truth.logs.values().flat_map(|log| &log.messages).filter_map(|stored| stored.text.as_ref());
    for text in kept.chain(&truth.edits) {
        if gone.contains_key(text.as_str()) {
            found.push(format!("{text:?} is stored, and was deleted"));
        }
    }
    found
}

fn out_is_out(history: &History, _: &Truth) -> Found {
    let mut standings: HashMap<(Account, Conversation), Vec<&super::Standing>> = HashMap::new();
    for standing in &history.standings {
        standings.entry((standing.account, standing.of)).or_default().push(standing);
    }
    standings.values_mut().for_each(|all| all.sort_by_key(|standing| standing.rev));
    let mut found = Found::new();
    for heard in &history.heard {
        let before = standings.get(&(heard.by, heard.of)).into_iter().flatten();
        let last = before.take_while(|standing| standing.rev < heard.rev).last();
        if last.is_some_and(|standing| !standing.is_in) && !is_own_return(&standings, heard) {
            found.push(format!("{} heard change {} of {} and is out", heard.by, heard.rev, heard.of));
        }
    }
    for sent in &history.sent {
        let Some((_, place)) = sent.outcome.done() else { continue };
        let before = standings.get(&(sent.by, sent.to)).into_iter().flatten();
        let last = before.take_while(|standing| standing.rev < place.rev).last();
        if last.is_some_and(|standing| !standing.is_in) {
            found.push(format!("{} was stored as {place:?} and its sender is out", sent.cid));
        }
    }
    let pages = history.pages.iter().filter(|page| !page.messages.is_empty());
    let pages = pages.map(|page| Peek { by: page.by, of: page.of, asked: page.asked, got: page.got });
    for peek in pages.chain(history.peeks.iter().copied()) {
        let all = standings.get(&(peek.by, peek.of)).map_or(&[][..], Vec::as_slice);
        let put_out = all.iter().rposition(|standing| standing.at < peek.asked && !standing.is_in);
        let is_out = put_out.is_some_and(|index| {
            let next = all.get(index + 1);
            next.is_none_or(|standing| standing.asked > peek.got)
        });
        if is_out {
            found.push(format!("{} was shown something of {} and is out", peek.by, peek.of));
        }
    }
    found
}

/// The event that lets somebody in again is the first that they hear.
fn is_own_return(
    standings: &HashMap<(Account, Conversation), Vec<&super::Standing>>,
    heard: &super::Heard,
) -> bool {
    let all = standings.get(&(heard.by, heard.of)).into_iter().flatten();
    all.into_iter().any(|standing| standing.is_in && standing.rev == heard.rev)
}

fn events_in_order(history: &History, _: &Truth) -> Found {
    let mut last: BTreeMap<(u32, Conversation), i64> = BTreeMap::new();
    let mut found = Found::new();
    for heard in &history.heard {
        if let Some(before) = last.insert((heard.connection, heard.of), heard.rev)
            && before >= heard.rev
        {
            found.push(format!(
                "connection {} of {} heard change {} of {} after {before}",
                heard.connection, heard.by, heard.rev, heard.of
            ));
        }
    }
    found
}

fn copies_are_equal(history: &History, truth: &Truth) -> Found {
    let mut wanted: BTreeMap<Conversation, Copy> = BTreeMap::new();
    for (id, log) in &truth.logs {
        let shown =
            |stored: &super::Stored| Shown { seq: stored.seq, rev: stored.rev, text: stored.text.clone() };
        let messages = log.messages.iter().map(|stored| (stored.seq, shown(stored))).collect();
        wanted.insert(*id, Copy { rev: log.last_rev, messages });
    }
    let has_none = |key: &&(Account, Conversation)| !history.copies.contains_key(key);
    let mut found: Found = history
        .unread
        .keys()
        .filter(has_none)
        .map(|(account, id)| format!("{account} has no copy of {id}"))
        .collect();
    for ((account, id), copy) in &history.copies {
        match wanted.get(id) {
            Some(wanted) if wanted == copy => {}
            Some(wanted) => found.push(format!("{account}'s copy of {id}: {}", difference(wanted, copy))),
            None => found.push(format!("{account} has a copy of {id}, which is not there")),
        }
    }
    found
}

fn difference(wanted: &Copy, copy: &Copy) -> String {
    let seqs: BTreeSet<_> = wanted.messages.keys().chain(copy.messages.keys()).collect();
    let first = seqs.into_iter().find(|seq| wanted.messages.get(seq) != copy.messages.get(seq));
    match first {
        Some(seq) => {
            format!("{:?} instead of {:?}", copy.messages.get(seq), wanted.messages.get(seq))
        }
        None => format!("it stands at {} instead of {}", copy.rev, wanted.rev),
    }
}

fn unread_adds_up(history: &History, truth: &Truth) -> Found {
    let mut found = Found::new();
    for ((account, id), told) in &history.unread {
        let Some(log) = truth.logs.get(id) else { continue };
        let read = log.read.get(account).copied().unwrap_or(0);
        let counted = log.messages.iter().filter(|stored| stored.seq > read).count();
        if i64::try_from(counted) != Ok(*told) {
            found.push(format!("{account} was told {told} unread in {id}, there are {counted} above {read}"));
        }
    }
    found
}

#[cfg(test)]
mod tests;
