//! The order in which the changes of one conversation are told on this node, whoever made them and however they came here:
//! by rev, each once, none before the one before it. What comes too early waits for what is missing, or for the database.

use crate::bus::{Step, Telling};
use faults::Bug;
use protocol::{AccountId, Event, Rev};
use std::collections::{BTreeMap, HashSet};

/// So many changes wait for one that is missing; of more only the number is kept, and the database has them.
const EARLY_MAX: usize = 64;

/// Where a conversation stands on this node.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// The last change that was told to everyone who listens here. `None`: nobody knows yet.
    told: Option<Rev>,
    /// The last change that is known to have happened.
    head: Rev,
    /// Changes that came before the one before them.
    early: BTreeMap<Rev, Telling>,
    /// When something was told or asked last, by the hub's ticks.
    pub(crate) touched: u64,
}

/// Does what a telling says.
pub(crate) trait Voice {
    fn tell(&mut self, telling: Telling);
    /// Sends all who listen to the database.
    fn lag(&mut self, head: Rev);
}

impl Order {
    /// Something is known to have happened that was not told.
    pub(crate) fn has_gap(&self) -> bool {
        !self.early.is_empty() || self.told.is_some_and(|told| told < self.head)
    }

    /// Up to where everything was told; `None` when nobody knows.
    pub(crate) fn told(&self) -> Option<Rev> {
        self.told
    }

    /// A change that was just made or that another node tells of. `is_sure`: whoever comes in with it may be let in without
    /// a look into the database, even where it is not known what was told before. False when it counts as told already.
    pub(crate) fn take(&mut self, telling: Telling, is_sure: bool, voice: &mut impl Voice) -> bool {
        let rev = telling.rev;
        self.head = self.head.max(rev);
        if faults::has(Bug::ToldOutOfTurn) {
            self.told = self.told.max(Some(rev));
            voice.tell(telling);
            return true;
        }
        match self.told {
            Some(told) if rev <= told => {
                if faults::has(Bug::ToldTwice) {
                    voice.tell(telling);
                }
                return false;
            }
            None if is_sure && self.early.is_empty() => self.told = Some(rev - 1),
            _ => {}
        }
        if self.early.len() < EARLY_MAX || self.told == Some(rev - 1) {
            self.early.insert(rev, telling);
        }
        self.flush(voice);
        true
    }

    /// The conversation is known to have come so far. Begins the order where there is none and everyone who listens has
    /// just been told that much.
    pub(crate) fn expect(&mut self, head: Rev) {
        self.head = self.head.max(head);
        if self.told.is_none() && self.early.is_empty() {
            self.told = Some(head);
        }
    }

    /// The conversation has come so far, as another node says.
    pub(crate) fn hint(&mut self, head: Rev) {
        self.head = self.head.max(head);
    }

    /// Begins the order at a head that was read together with who is a member: of those who would come in, the others are
    /// left out, because a later change has put them out again.
    pub(crate) fn open(&mut self, head: Rev, members: &HashSet<AccountId>, voice: &mut impl Voice) {
        if self.told.is_some() {
            return self.flush(voice);
        }
        let later = self.early.split_off(&(head + 1));
        let mut last = 0;
        for (rev, mut telling) in std::mem::replace(&mut self.early, later) {
            let out: HashSet<AccountId> =
                telling.joining().filter(|account| !members.contains(account)).collect();
            telling.steps.retain(|step| match step {
                Step::Join { account } | Step::Tell { account, .. } => !out.contains(account),
                _ => true,
            });
            last = rev;
            voice.tell(telling);
        }
        self.head = self.head.max(head);
        self.told = Some(head);
        if last < head {
            voice.lag(head);
        }
        self.flush(voice);
    }

    /// What the database says of everything after `since`, where the order stood when it was asked, up to `head`. Changes
    /// that it does not hold any more, because the same thing was changed again, send those who listen there themselves.
    pub(crate) fn catch_up(
        &mut self,
        since: Rev,
        found: Vec<(Rev, Event)>,
        head: Rev,
        voice: &mut impl Voice,
    ) {
        let Some(told) = self.told.filter(|told| *told >= since) else { return };
        let mut found: BTreeMap<Rev, Event> = found.into_iter().collect();
        let mut whole = true;
        for rev in told + 1..=head {
            let known = self.early.remove(&rev).or_else(|| {
                let event = found.remove(&rev)?;
                let conversation = conversation_of(&event);
                Some(Telling { conversation, rev, steps: vec![Step::Publish { event }] })
            });
            match known {
                Some(telling) if whole => voice.tell(telling),
                // Somebody may have been put out by what is not known: from here on everyone asks for themselves.
                Some(telling) => voice.tell(without_events(telling)),
                None => whole = false,
            }
        }
        self.head = self.head.max(head);
        self.told = Some(told.max(head));
        if !whole {
            voice.lag(head);
        }
        self.flush(voice);
    }

    /// The database knew of nothing beyond what was told when it was asked, at a moment when `asked` was the last change
    /// heard of: what was said of more was not true.
    pub(crate) fn believe(&mut self, asked: Rev) {
        if let Some(told) = self.told.filter(|told| *told < asked && self.head == asked) {
            self.early.clear();
            self.head = told;
        }
    }

    /// The last change that is known to have happened.
    pub(crate) fn head(&self) -> Rev {
        self.head
    }

    /// Everyone who listens was just brought into line with the database at `head`: false when more was told already, and
    /// nothing was done.
    pub(crate) fn reset(
        &mut self,
        head: Rev,
        voice: &mut impl Voice,
        bring_into_line: impl FnOnce(),
    ) -> bool {
        if self.told.is_some_and(|told| told > head) {
            return false;
        }
        bring_into_line();
        let later = self.early.split_off(&(head + 1));
        for (_, telling) in std::mem::replace(&mut self.early, later) {
            let notices =
                telling.steps.into_iter().filter(|step| matches!(step, Step::Tell { .. })).collect();
            voice.tell(Telling { steps: notices, ..telling });
        }
        self.head = self.head.max(head);
        self.told = Some(head);
        self.flush(voice);
        true
    }

    /// Whether the change with this number has come and waits for one before it.
    pub(crate) fn has(&self, rev: Rev) -> bool {
        self.early.contains_key(&rev)
    }

    fn flush(&mut self, voice: &mut impl Voice) {
        while let Some(told) = self.told
            && let Some(next) = self.early.remove(&(told + 1))
        {
            self.told = Some(told + 1);
            voice.tell(next);
        }
        if let Some(told) = self.told {
            self.early.retain(|rev, _| *rev > told);
        }
    }

    /// The accounts that wait to be let in.
    pub(crate) fn joining(&self) -> Vec<AccountId> {
        self.early.values().flat_map(Telling::joining).collect()
    }
}

fn conversation_of(event: &Event) -> protocol::ConversationId {
    match event {
        Event::MessageCreated { message }
        | Event::MessageEdited { message }
        | Event::MessageDeleted { message }
        | Event::MessageReactions { message } => message.conversation_id,
        Event::MembershipChanged { membership } => membership.conversation_id,
        Event::ConversationChanged { details } => details.id,
    }
}

fn without_events(telling: Telling) -> Telling {
    let steps = telling.steps.into_iter().filter(|step| !matches!(step, Step::Publish { .. })).collect();
    Telling { steps, ..telling }
}
