//! Ears: what a client of another system listens with. Such clients know no `rev` and cannot ask for what they missed, so
//! what was lost on the way to them is put right here, before they notice.

use crate::{Caller, Chat, Result, sync};
use protocol::{
    AccountId, Changes, ConversationDetails, ConversationId, Event, Membership, Message, MessageId, Rev, Seq,
    ServerFrame, SessionId,
    frame::EventFrame,
    ids::{GENERAL, NOBODY},
};
use realtime::{CloseReason, Delivery, Listener, Told};
use std::{collections::HashMap, sync::Arc};

/// Pages of changes that are fetched for one gap. Who is further behind connects again and reads the history.
const PAGES_MAX: usize = 20;

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
    listener.settle(&conversations);
    let marks = heads.into_iter().map(|(id, seq, rev)| (id, Mark { seq, rev })).collect();
    Ok(Ears { chat: chat.clone(), caller, listener, marks })
}

impl Ears {
    /// Waits for what [`Ears::understand`] takes. Cancel safe.
    pub async fn wait(&self) -> Delivery {
        self.listener.next().await
    }

    /// Makes of what was delivered what happened, with nothing missing. To be polled to its end: what was taken from the
    /// listener and not told is gone.
    ///
    /// Errors with the reason when the session has ended, the server stops, or the listener was too slow.
    pub async fn understand(&mut self, delivery: Delivery) -> Result<Vec<Heard>, CloseReason> {
        let frames = match delivery {
            Delivery::Frames(frames) => frames,
            Delivery::Closed(reason) => return Err(reason),
        };
        let mut heard = Vec::with_capacity(frames.len());
        for told in frames {
            self.take(told, &mut heard).await?;
        }
        Ok(heard)
    }

    async fn take(&mut self, told: Arc<Told>, heard: &mut Vec<Heard>) -> Result<(), CloseReason> {
        match &told.frame {
            ServerFrame::Event(EventFrame { conversation, rev, event }) => {
                let (id, rev) = (*conversation, *rev);
                let mark = self.marks.get(&id).copied().unwrap_or(Mark { seq: 0, rev: rev - 1 });
                if rev <= mark.rev {
                    return Ok(());
                }
                if rev > mark.rev + 1 {
                    return self.catch_up(id, rev, heard).await;
                }
                let seq = message_of(event).map_or(mark.seq, |message| message.seq.max(mark.seq));
                self.marks.insert(id, Mark { seq, rev });
                heard.push(Heard::Event { conversation: id, event: event.clone() });
            }
            ServerFrame::Lag(lag) => return self.catch_up(lag.conversation, lag.head, heard).await,
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

    /// Fetches what was lost up to `head` and tells it as the events that it was.
    async fn catch_up(
        &mut self,
        id: ConversationId,
        head: Rev,
        heard: &mut Vec<Heard>,
    ) -> Result<(), CloseReason> {
        let Some(mark) = self.marks.get(&id).copied() else { return Ok(()) };
        let mut missed = Missed { head: mark.rev, ..Missed::default() };
        for _ in 0..PAGES_MAX {
            if missed.head >= head {
                self.marks.insert(id, retell(id, mark, missed, heard));
                return Ok(());
            }
            let changes = match (&self.caller, id) {
                (Some(caller), _) => sync::changes(&self.chat, caller, id, missed.head, None).await,
                (None, GENERAL) => sync::changes_of_general(&self.chat, missed.head).await,
                (None, _) => return Ok(()),
            };
            match changes {
                Ok(changes) => missed.add(changes),
                // Removed meanwhile: what was missed is not for these ears any more.
                Err(error) if error.code == protocol::ErrorCode::NotAMember => return Ok(()),
                Err(_) => return Err(CloseReason::TooSlow),
            }
        }
        Err(CloseReason::TooSlow)
    }
}

/// All that was lost in one gap. A page of changes holds what changed last, so a message that was posted in the gap and
/// edited since may come pages after those that were posted later: nothing is told before all of it is here.
#[derive(Default)]
struct Missed {
    head: Rev,
    messages: HashMap<MessageId, Message>,
    memberships: HashMap<AccountId, Membership>,
    conversation: Option<ConversationDetails>,
}

impl Missed {
    /// Adds the next page: what changed again meanwhile is as it is there.
    fn add(&mut self, changes: Changes) {
        self.head = changes.head;
        self.messages.extend(changes.messages.into_iter().map(|message| (message.id, message)));
        let memberships = changes.memberships.into_iter();
        self.memberships.extend(memberships.map(|membership| (membership.account.id, membership)));
        self.conversation = changes.conversation.or(self.conversation.take());
    }
}

fn message_of(event: &Event) -> Option<&Message> {
    match event {
        Event::MessageCreated { message } => Some(message),
        _ => None,
    }
}

/// Tells changes as events in the order of their revs.
fn retell(id: ConversationId, mark: Mark, missed: Missed, heard: &mut Vec<Heard>) -> Mark {
    let head = Mark { seq: mark.seq, rev: missed.head };
    let mut seq = mark.seq;
    let mut events: Vec<(Rev, Event)> = Vec::new();
    for message in missed.messages.into_values() {
        let (rev, is_new, is_deleted) = (message.rev, message.seq > mark.seq, message.deleted_at.is_some());
        seq = seq.max(message.seq);
        let event = match (is_new, is_deleted) {
            // Posted and deleted while nobody listened: nothing was said.
            (true, true) => continue,
            (true, false) => Event::MessageCreated { message },
            (false, true) => Event::MessageDeleted { message },
            // Edited or reacted to, which looks the same from here; telling an edit again does no harm.
            (false, false) => Event::MessageEdited { message },
        };
        events.push((rev, event));
    }
    events.extend(
        missed
            .memberships
            .into_values()
            .map(|membership| (membership.rev, Event::MembershipChanged { membership })),
    );
    events.extend(
        missed.conversation.into_iter().map(|details| (details.rev, Event::ConversationChanged { details })),
    );
    // What is new comes by seq: a message that was edited since has a later rev than those after it.
    events.sort_by_key(|(rev, event)| (message_of(event).map_or(i64::MAX, |message| message.seq), *rev));
    heard.extend(events.into_iter().map(|(_, event)| Heard::Event { conversation: id, event }));
    Mark { seq, ..head }
}
