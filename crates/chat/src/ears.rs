//! Ears: what a client of another system listens with. Such clients know no `rev` and cannot ask for what they missed, so
//! what was lost on the way to them is put right here, before they notice.

use crate::{Caller, Chat, Result, sync};
use protocol::{
    Changes, ConversationId, ErrorCode, Event, Message, Rev, Seq, ServerFrame, SessionId, frame::EventFrame,
    ids::NOBODY,
};
use realtime::{CloseReason, Delivery, Frames, Listener, Told};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// What was lost is fetched and told in parts of so many messages or changes, so that it waits in the database and not in
/// memory while a slow client takes what was told before.
const PART_LEN: i64 = 50;

/// Who is more changes than this behind connects again and reads the history.
const BEHIND_MAX: Rev = 10_000;

/// Something that a listener learns.
#[expect(
    clippy::large_enum_variant,
    reason = "most of what is heard are events, and each is taken apart at once"
)]
#[derive(Debug)]
pub enum Heard {
    /// A change of a conversation, each once and in its order.
    Event {
        /// Where.
        conversation: ConversationId,
        /// What.
        event: Event,
    },
    /// Everything else: typing, receipts, presence, what only concerns the listener's own account.
    Other(Arc<Told>),
}

/// Up to where a conversation was heard.
#[derive(Clone, Copy, Debug)]
struct Mark {
    seq: Seq,
    rev: Rev,
}

/// A listener that misses nothing.
pub struct Ears {
    chat: Chat,
    caller: Option<Caller>,
    listener: Listener,
    marks: HashMap<ConversationId, Mark>,
    /// What was delivered and comes after the gap.
    waiting: VecDeque<Arc<Told>>,
    gap: Option<Gap>,
}

/// What was lost of a conversation and is told part by part: first what was posted, by number, then every other change, by
/// rev. A change of something that was posted in the gap is told with it.
#[derive(Clone, Copy, Debug)]
struct Gap {
    id: ConversationId,
    from: Mark,
    /// Up to where the conversation had come when the gap was first looked at.
    upto: Option<Mark>,
    told: Mark,
    /// Up to where it has to be told.
    head: Rev,
}

/// Listens to everything that the caller is in. What was said before is history.
///
/// Errors: `limit_reached` for too many connections, `busy`, `stopping`, `unauthenticated`.
pub async fn listen(chat: &Chat, caller: &Caller) -> Result<Ears> {
    listen_as(chat, Some(caller.clone())).await
}

/// Listens to General without saying who it is. Errors: `busy`, `stopping`.
pub async fn listen_as_nobody(chat: &Chat) -> Result<Ears> {
    listen_as(chat, None).await
}

async fn listen_as(chat: &Chat, caller: Option<Caller>) -> Result<Ears> {
    let (account, session) =
        caller.as_ref().map_or((NOBODY, SessionId(0)), |caller| (caller.account.id, caller.session));
    let listener = sync::attach(chat, account, session)?;
    let before = chat.read(move |tx| Ok(store::memberships::conversations_of(tx, account)?)).await?;
    listener.listen_to(&before);
    let is_somebody = caller.is_some();
    let heads = chat
        .read(move |tx| {
            if is_somebody {
                sync::require_session(tx, session)?;
            }
            Ok(store::memberships::heads_of(tx, account)?)
        })
        .await?;
    let conversations: Vec<ConversationId> = heads.iter().map(|(id, ..)| *id).collect();
    let revs: Vec<(ConversationId, Rev)> = heads.iter().map(|(id, _, rev)| (*id, *rev)).collect();
    chat.hub().stand_at(&revs);
    listener.settle(&conversations);
    let marks = heads.into_iter().map(|(id, seq, rev)| (id, Mark { seq, rev })).collect();
    Ok(Ears { chat: chat.clone(), caller, listener, marks, waiting: VecDeque::new(), gap: None })
}

impl Ears {
    /// Who listens; `None` for nobody in particular.
    pub fn listener(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// Waits for what [`Ears::understand`] takes. Cancel safe.
    pub async fn wait(&self) -> Delivery {
        if self.gap.is_some() || !self.waiting.is_empty() {
            return Delivery::Frames(Frames::default());
        }
        self.listener.next().await
    }

    /// Makes of what was delivered what happened, with nothing missing; of much that was lost the next part, and the rest
    /// when it is asked for again. To be polled to its end: what was taken from the listener and not told is gone.
    ///
    /// Errors with the reason when the session has ended, the server stops, or the listener was too slow.
    pub async fn understand(&mut self, delivery: Delivery) -> Result<Vec<Heard>, CloseReason> {
        match delivery {
            Delivery::Frames(frames) => self.waiting.extend(frames.iter().cloned()),
            Delivery::Closed(reason) => return Err(reason),
        }
        let mut heard = Vec::new();
        loop {
            if let Some(gap) = self.gap.take() {
                self.tell_part(gap, &mut heard).await?;
                return Ok(heard);
            }
            let Some(told) = self.waiting.pop_front() else { return Ok(heard) };
            self.take(told, &mut heard)?;
        }
    }

    fn take(&mut self, told: Arc<Told>, heard: &mut Vec<Heard>) -> Result<(), CloseReason> {
        match &told.frame {
            ServerFrame::Event(EventFrame { conversation, rev, event }) => {
                let (id, rev) = (*conversation, *rev);
                let mark = self.marks.get(&id).copied().unwrap_or(Mark { seq: 0, rev: rev - 1 });
                if rev > mark.rev + 1 {
                    return self.open_gap(id, rev);
                }
                if rev > mark.rev {
                    let seq = message_of(event).map_or(mark.seq, |message| message.seq.max(mark.seq));
                    self.marks.insert(id, Mark { seq, rev });
                    heard.push(Heard::Event { conversation: id, event: event.clone() });
                }
            }
            ServerFrame::Lag(lag) => return self.open_gap(lag.conversation, lag.head),
            ServerFrame::Membership(notice) => {
                if let Some(summary) = &notice.summary {
                    let mark = Mark { seq: summary.last_seq, rev: summary.last_rev };
                    self.marks.entry(notice.conversation).or_insert(mark);
                } else {
                    // Who comes back later has missed nothing: what was said meanwhile is history.
                    self.marks.remove(&notice.conversation);
                }
                heard.push(Heard::Other(told));
            }
            _ => heard.push(Heard::Other(told)),
        }
        Ok(())
    }

    /// What was lost up to `head` is told next.
    fn open_gap(&mut self, id: ConversationId, head: Rev) -> Result<(), CloseReason> {
        let Some(from) = self.marks.get(&id).copied() else { return Ok(()) };
        if head - from.rev > BEHIND_MAX {
            return Err(CloseReason::TooSlow);
        }
        self.gap = (head > from.rev).then_some(Gap { id, from, upto: None, told: from, head });
        Ok(())
    }

    /// Fetches the next part of what was lost and tells it as the events that it was.
    async fn tell_part(&mut self, mut gap: Gap, heard: &mut Vec<Heard>) -> Result<(), CloseReason> {
        let events = match self.part(&mut gap).await {
            Ok(events) => events,
            // Removed meanwhile: what was missed is not for these ears any more.
            Err(error) if error.code == ErrorCode::NotAMember => return Ok(()),
            Err(_) => return Err(CloseReason::TooSlow),
        };
        heard.extend(events.into_iter().map(|event| Heard::Event { conversation: gap.id, event }));
        match gap.upto.filter(|upto| gap.told.seq >= upto.seq && gap.told.rev >= upto.rev) {
            None => self.gap = Some(gap),
            // Nothing is lost that was not stored.
            Some(upto) if upto.rev <= gap.from.rev => return Err(CloseReason::TooSlow),
            Some(upto) => {
                self.marks.insert(gap.id, upto);
                return self.open_gap(gap.id, gap.head);
            }
        }
        Ok(())
    }

    async fn part(&self, gap: &mut Gap) -> Result<Vec<Event>> {
        let caller = self.caller.as_ref();
        match gap.upto {
            Some(upto) if gap.told.seq >= upto.seq => {
                let changes =
                    sync::changes_for(&self.chat, caller, gap.id, gap.told.rev, Some(PART_LEN)).await?;
                gap.told.rev = changes.head;
                Ok(changed(gap.from.seq, upto.rev, changes))
            }
            _ => {
                let posted = sync::posted(&self.chat, caller, gap.id, gap.told.seq, PART_LEN).await?;
                let upto = *gap.upto.get_or_insert(Mark { seq: posted.last_seq, rev: posted.last_rev });
                let is_whole = i64::try_from(posted.messages.len()).is_ok_and(|len| len >= PART_LEN);
                let last = posted.messages.last().filter(|_| is_whole).map(|message| message.seq);
                gap.told.seq = last.map_or(upto.seq, |last| last.min(upto.seq));
                if upto.rev - gap.from.rev == upto.seq - gap.from.seq {
                    // Nothing happened but that something was posted, which is one change each.
                    gap.told.rev = upto.rev;
                }
                // Posted and deleted while nobody listened: nothing was said.
                let said = posted.messages.into_iter().filter(|message| message.deleted_at.is_none());
                let said = said.take_while(|message| message.seq <= upto.seq);
                Ok(said.map(|message| Event::MessageCreated { message }).collect())
            }
        }
    }
}

fn message_of(event: &Event) -> Option<&Message> {
    match event {
        Event::MessageCreated { message } => Some(message),
        _ => None,
    }
}

/// Changes up to a rev as events in the order of their revs, without those of messages that were posted after `seq`.
fn changed(seq: Seq, upto: Rev, changes: Changes) -> Vec<Event> {
    let mut events: Vec<(Rev, Event)> = Vec::new();
    events.extend(changes.messages.into_iter().filter(|message| message.seq <= seq).map(|message| {
        // Edited or reacted to, which looks the same from here; telling an edit again does no harm.
        let rev = message.rev;
        let is_deleted = message.deleted_at.is_some();
        let event =
            if is_deleted { Event::MessageDeleted { message } } else { Event::MessageEdited { message } };
        (rev, event)
    }));
    events.extend(
        changes
            .memberships
            .into_iter()
            .map(|membership| (membership.rev, Event::MembershipChanged { membership })),
    );
    events.extend(
        changes.conversation.into_iter().map(|details| (details.rev, Event::ConversationChanged { details })),
    );
    // What changed again meanwhile is told when its turn comes.
    events.retain(|(rev, _)| *rev <= upto);
    events.sort_by_key(|(rev, _)| *rev);
    events.into_iter().map(|(_, event)| event).collect()
}
