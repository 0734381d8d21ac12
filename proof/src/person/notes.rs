//! What somebody remembers: their copies, what they asked for, what they heard.

use crate::history::{
    Changed, Copy, Deed, Heard, History, Moment, Outcome, Page as SeenPage, Peek, Place, Sent, Shown,
};
use protocol::{
    ConversationId, Message, Page,
    frame::{Event, EventFrame},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) cid: String,
    pub(super) to: ConversationId,
    pub(super) text: String,
}

struct Waiting {
    /// Where it stands among all that was sent.
    index: usize,
    task: Task,
    said_at: Instant,
    said: u32,
}

pub(super) struct Notes {
    account: i64,
    name: String,
    epoch: Option<String>,
    connection: u32,
    copies: BTreeMap<ConversationId, Copy>,
    /// Where this person was put out.
    former: BTreeSet<ConversationId>,
    waiting: Vec<Waiting>,
    /// Acknowledged messages: conversation, id, number.
    own: Vec<(ConversationId, i64, i64)>,
    count: u64,
    history: History,
}

impl Notes {
    pub(super) fn new(account: i64, name: &str) -> Self {
        Self {
            account,
            name: name.to_owned(),
            epoch: None,
            connection: 0,
            copies: BTreeMap::new(),
            former: BTreeSet::new(),
            waiting: Vec::new(),
            own: Vec::new(),
            count: 0,
            history: History::default(),
        }
    }

    pub(super) fn into_history(mut self) -> History {
        let account = self.account;
        let copies = self.copies.into_iter().map(|(id, copy)| ((account, id.0), copy));
        self.history.copies = copies.collect();
        self.history
    }

    /// Where the copies stand, once there is any.
    pub(super) fn cursors(&self) -> Option<(String, BTreeMap<ConversationId, i64>)> {
        let cursors = self.copies.iter().map(|(id, copy)| (*id, copy.rev)).collect();
        self.epoch.clone().map(|epoch| (epoch, cursors))
    }

    pub(super) fn connected(&mut self, number: u32) {
        self.connection = number;
    }

    pub(super) fn hung_up(&mut self) {
        self.waiting.iter_mut().for_each(|waiting| waiting.said_at = Instant::now());
    }

    pub(super) fn welcomed(&mut self, epoch: &str, listed: impl Iterator<Item = (ConversationId, i64)>) {
        if self.epoch.as_deref() != Some(epoch) {
            self.epoch = Some(epoch.to_owned());
            self.copies.clear();
        }
        let mut mine = BTreeMap::new();
        for (id, head) in listed {
            // A copy from the future is of a history that is gone.
            let copy = self.copies.remove(&id).filter(|copy| copy.rev <= head);
            mine.insert(id, copy.unwrap_or_default());
        }
        self.former.extend(self.copies.keys());
        self.former.retain(|id| !mine.contains_key(id));
        self.copies = mine;
    }

    /// Conversations of which there is no copy yet.
    pub(super) fn not_begun(&self) -> Vec<ConversationId> {
        self.copies.iter().filter(|(_, copy)| copy.rev == 0).map(|(id, _)| *id).collect()
    }

    pub(super) fn conversations(&self) -> Vec<ConversationId> {
        self.copies.keys().copied().collect()
    }

    pub(super) fn cursor(&self, id: ConversationId) -> Option<i64> {
        self.copies.get(&id).map(|copy| copy.rev)
    }

    pub(super) fn positions(&self) -> impl Iterator<Item = (ConversationId, i64)> {
        self.copies.iter().map(|(id, copy)| (*id, copy.rev))
    }

    pub(super) fn last_seq(&self, id: ConversationId) -> i64 {
        self.copies.get(&id).and_then(|copy| copy.messages.keys().next_back()).copied().unwrap_or(0)
    }

    pub(super) fn let_in(&mut self, id: ConversationId) {
        self.former.remove(&id);
        self.copies.entry(id).or_default();
    }

    pub(super) fn put_out(&mut self, id: ConversationId) {
        if self.copies.remove(&id).is_some() {
            self.former.insert(id);
        }
    }

    /// Where this person was once, and is not now as far as they know.
    pub(super) fn former(&self) -> Vec<ConversationId> {
        self.former.iter().copied().collect()
    }

    pub(super) fn peeked(&mut self, of: ConversationId, asked: Moment, got: Moment) {
        self.history.peeks.push(Peek { by: self.account, of: of.0, asked, got });
    }

    /// Applies changes, if the copy stands where they begin or beyond.
    pub(super) fn apply(&mut self, id: ConversationId, since: i64, head: i64, messages: Vec<Message>) {
        let Some(copy) = self.copies.get_mut(&id).filter(|copy| copy.rev >= since) else { return };
        if head < since {
            // A database that was brought back from a copy: what this was made from is gone.
            *copy = Copy::default();
            return;
        }
        messages.into_iter().for_each(|message| keep(copy, message));
        copy.rev = copy.rev.max(head);
    }

    /// Takes an event. False: something is missing before it.
    pub(super) fn heard(&mut self, frame: &EventFrame) -> bool {
        let message = message_of(&frame.event);
        self.history.heard.push(Heard {
            by: self.account,
            connection: self.connection,
            of: frame.conversation.0,
            rev: frame.rev,
            text: message.and_then(|message| message.body.clone()),
        });
        let Some(copy) = self.copies.get_mut(&frame.conversation) else { return true };
        if frame.rev == copy.rev + 1 {
            message.cloned().into_iter().for_each(|message| keep(copy, message));
            copy.rev = frame.rev;
        }
        frame.rev <= copy.rev
    }

    pub(super) fn begin(&mut self, to: ConversationId, filler: &str, now: Moment) -> Task {
        self.count += 1;
        let cid = format!("{}-{}", self.name, self.count);
        let task = Task { text: format!("<{cid}> {filler}").trim_end().to_owned(), cid, to };
        self.waiting.push(Waiting {
            index: self.history.sent.len(),
            task: task.clone(),
            said_at: Instant::now(),
            said: 1,
        });
        self.history.sent.push(Sent {
            by: self.account,
            to: to.0,
            cid: task.cid.clone(),
            text: task.text.clone(),
            asked: now,
            was_put_off: false,
            outcome: Outcome::Unknown,
        });
        task
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// What was not acknowledged, in the order in which it was begun; it counts as said now.
    pub(super) fn unanswered(&mut self) -> Vec<Task> {
        let say_again = |waiting: &mut Waiting| {
            waiting.said_at = Instant::now();
            waiting.said += 1;
            waiting.task.clone()
        };
        self.waiting.iter_mut().map(say_again).collect()
    }

    /// The same once any of it was said so long ago that it is time to say it again: all, so that the order stays.
    pub(super) fn overdue(&mut self, patience: Duration) -> Vec<Task> {
        let late = self.waiting.iter().any(|waiting| waiting.said_at.elapsed() > patience);
        if late { self.unanswered() } else { Vec::new() }
    }

    /// Where it was sent, if it was waited for.
    pub(super) fn acknowledged(
        &mut self,
        cid: &str,
        at: Moment,
        seq: i64,
        rev: i64,
        id: i64,
    ) -> Option<ConversationId> {
        let waiting = self.take_waiting(cid)?;
        let to = waiting.task.to;
        self.own.push((to, id, seq));
        if let Some(sent) = self.history.sent.get_mut(waiting.index) {
            sent.outcome = Outcome::Done { at, place: Place { seq, rev } };
        }
        Some(to)
    }

    pub(super) fn refused(&mut self, cid: &str, is_final: bool) {
        if !is_final {
            let waiting = self.waiting.iter().find(|waiting| waiting.task.cid == cid);
            if let Some(sent) = waiting.and_then(|waiting| self.history.sent.get_mut(waiting.index)) {
                sent.was_put_off = true;
            }
            return;
        }
        let Some(waiting) = self.take_waiting(cid) else { return };
        // What was said before may have been stored then.
        if waiting.said == 1
            && let Some(sent) = self.history.sent.get_mut(waiting.index)
        {
            sent.outcome = Outcome::Refused;
        }
    }

    fn take_waiting(&mut self, cid: &str) -> Option<Waiting> {
        let at = self.waiting.iter().position(|waiting| waiting.task.cid == cid)?;
        Some(self.waiting.remove(at))
    }

    /// One of one's own messages in a conversation, as id and number.
    pub(super) fn own_message(&self, id: ConversationId, random: &mut fastrand::Rng) -> Option<(i64, i64)> {
        let here = self.own.iter().filter(|(to, ..)| *to == id).map(|(_, message, seq)| (*message, *seq));
        random.choice(here.collect::<Vec<_>>())
    }

    pub(super) fn new_text(&mut self) -> String {
        self.count += 1;
        format!("<{}-{}> instead", self.name, self.count)
    }

    pub(super) fn change_begun(&mut self, to: ConversationId, seq: i64, deed: Deed, asked: Moment) -> usize {
        self.history.changed.push(Changed { to: to.0, seq, deed, asked, outcome: Outcome::Unknown });
        self.history.changed.len() - 1
    }

    pub(super) fn change_done(&mut self, index: usize, at: Moment, seq: i64, rev: i64) {
        if let Some(changed) = self.history.changed.get_mut(index) {
            changed.outcome = Outcome::Done { at, place: Place { seq, rev } };
        }
    }

    pub(super) fn change_refused(&mut self, index: usize) {
        if let Some(changed) = self.history.changed.get_mut(index) {
            changed.outcome = Outcome::Refused;
        }
    }

    pub(super) fn page(&mut self, of: ConversationId, asked: Moment, got: Moment, after: i64, page: Page) {
        self.history.pages.push(SeenPage {
            by: self.account,
            of: of.0,
            asked,
            got,
            after,
            is_last: !page.has_more,
            messages: page.messages.into_iter().map(shown).collect(),
        });
    }
}

fn keep(copy: &mut Copy, message: Message) {
    let newer = copy.messages.get(&message.seq).is_none_or(|kept| kept.rev <= message.rev);
    if newer {
        copy.messages.insert(message.seq, shown(message));
    }
}

/// A message as it is shown.
pub(super) fn shown(message: Message) -> Shown {
    Shown { seq: message.seq, rev: message.rev, text: message.body }
}

fn message_of(event: &Event) -> Option<&Message> {
    match event {
        Event::MessageCreated { message }
        | Event::MessageEdited { message }
        | Event::MessageDeleted { message }
        | Event::MessageReactions { message } => Some(message),
        Event::MembershipChanged { .. } | Event::ConversationChanged { .. } => None,
    }
}
