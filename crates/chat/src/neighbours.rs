//! Several nodes on one database: what other nodes stored is told here even when their hints get lost.
//!
//! The hub tells the changes of a conversation in the order of their revs, so a lost hint shows as a gap. Gaps are closed
//! from the database; what nobody hinted at is found by asking every few seconds how far the conversations have come that
//! somebody listens to here. Where hints were lost, or cannot arrive at all, sessions and memberships are compared too:
//! nobody hears what they may not hear because a word between two machines got lost.

use crate::{Chat, Inner, Result, doubt, server};
use faults::Bug;
use protocol::{AccountId, Changes, ConversationId, Event, MembershipState, Rev, Seq, SessionId};
use realtime::Gap;
use std::{
    collections::HashSet,
    sync::{Arc, Weak},
    time::Duration,
};
use store::Tx;
use tokio::time::{Instant, sleep, timeout_at};

/// What is missing has so long to come by itself: a hint takes a millisecond, and two of them may overtake each other.
const GRACE: Duration = Duration::from_millis(50);
/// While no hints arrive, the database is asked at least so often.
const CHECK_ALONE_MS_MAX: u64 = 1_000;
/// Memberships are compared every so often even when nothing seems to be lost, in milliseconds: a net below the net.
const MEMBERSHIPS_MS: u64 = 60_000;
/// The same while no hints arrive.
const MEMBERSHIPS_ALONE_MS: u64 = 3_000;
/// So many ids are asked about in one query.
const IDS_MAX: usize = 1_000;
/// So many changes are read at once to close a gap.
const PART_LEN: i64 = 100;
/// In a gap of more changes everyone who listens asks for themselves.
const BEHIND_MAX: Rev = 500;

/// Runs until the chat is dropped. `check_ms`: how often positions are checked, in milliseconds.
pub(crate) async fn keep(inner: Weak<Inner>, check_ms: u64) {
    let mut checks = Checks::new(check_ms);
    loop {
        let Some(hub) = inner.upgrade().map(|inner| inner.hub.clone()) else { return };
        if timeout_at(checks.next(hub.is_bus_up()), hub.gap_noticed()).await.is_ok() {
            sleep(GRACE).await;
        }
        drop(hub);
        let Some(inner) = inner.upgrade() else { return };
        let chat = Chat { inner };
        if let Err(error) = checks.run(&chat).await {
            tracing::debug!(code = error.code.as_str(), "what other nodes stored is asked for again");
            chat.hub().doubt_everything();
            sleep(Duration::from_millis(CHECK_ALONE_MS_MAX)).await;
        }
    }
}

/// When what is asked for.
struct Checks {
    every: Duration,
    positions: Instant,
    memberships: Instant,
}

impl Checks {
    fn new(check_ms: u64) -> Self {
        let now = Instant::now();
        Self { every: Duration::from_millis(check_ms), positions: now, memberships: now }
    }

    fn every(&self, is_bus_up: bool) -> Duration {
        if is_bus_up { self.every } else { self.every.min(Duration::from_millis(CHECK_ALONE_MS_MAX)) }
    }

    fn next(&self, is_bus_up: bool) -> Instant {
        self.positions + self.every(is_bus_up)
    }

    async fn run(&mut self, chat: &Chat) -> Result<()> {
        let (hub, now) = (chat.hub(), Instant::now());
        let (is_up, is_in_doubt) = (hub.is_bus_up(), hub.take_doubt());
        if is_in_doubt || now >= self.next(is_up) {
            self.positions = now;
            check_positions(chat).await?;
            if is_in_doubt || !is_up {
                check_sessions(chat).await?;
            }
            look_at_settings(chat).await?;
        } else if hub.take_settings_changed() {
            look_at_settings(chat).await?;
        }
        let memberships_ms = if is_up { MEMBERSHIPS_MS } else { MEMBERSHIPS_ALONE_MS };
        if is_in_doubt || now >= self.memberships + Duration::from_millis(memberships_ms) {
            self.memberships = now;
            check_memberships(chat).await?;
        }
        if faults::has(Bug::HolesStay) {
            return Ok(());
        }
        for gap in hub.gaps() {
            close(chat, gap).await?;
        }
        Ok(())
    }
}

/// Finds out which conversations have gone on without this node.
async fn check_positions(chat: &Chat) -> Result<()> {
    let conversations = chat.hub().listened_to();
    for part in conversations.chunks(IDS_MAX) {
        let part = part.to_vec();
        let heads = chat.read(move |tx| Ok(store::conversations::heads(tx, &part)?)).await?;
        chat.hub().compare(&heads);
    }
    Ok(())
}

/// Ends the sockets of sessions that were ended elsewhere.
async fn check_sessions(chat: &Chat) -> Result<()> {
    let sessions = chat.hub().sessions();
    for part in sessions.chunks(IDS_MAX) {
        let part: Vec<SessionId> = part.to_vec();
        let ended = chat.read(move |tx| Ok(store::sessions::ended_of(tx, &part)?)).await?;
        ended.into_iter().for_each(|session| chat.hub().end_session_here(session));
    }
    Ok(())
}

/// Looks whether everyone hears what they may hear and nothing else; where not, in the order of the conversation's commits.
async fn check_memberships(chat: &Chat) -> Result<()> {
    let accounts = chat.hub().settled_accounts();
    for part in accounts.chunks(IDS_MAX) {
        let ids: Vec<AccountId> = part.to_vec();
        let memberships = chat.read(move |tx| Ok(store::memberships::active_of(tx, &ids)?)).await?;
        for conversation in chat.hub().doubtful(part, &memberships.into_iter().collect()) {
            doubt::settle_conversation(chat, conversation).await?;
        }
    }
    Ok(())
}

/// Reads what every node keeps a copy of.
async fn look_at_settings(chat: &Chat) -> Result<()> {
    if let Some(word) = chat.read(|tx| Ok(store::meta::get(tx, server::REGISTRATION_KEY)?)).await? {
        chat.set_registration(server::registration_from_word(&word)?);
    }
    crate::page_views::look(chat).await
}

/// Tells what is missing, if it is still missing.
async fn close(chat: &Chat, gap: Gap) -> Result<()> {
    let id = gap.conversation;
    let Some(mut told) = gap.told else { return open(chat, gap).await };
    loop {
        let part = chat.read(move |tx| missing(tx, id, told)).await?;
        let Some(Missing { changes, last_posted }) = part else {
            return doubt::settle_conversation(chat, id).await;
        };
        if has_unknown_memberships(chat, &changes) {
            return doubt::settle_conversation(chat, id).await;
        }
        let upto = changes.head;
        let has_more = changes.has_more && upto > told;
        chat.hub().catch_up(id, told, events(last_posted, changes), upto);
        if !has_more {
            chat.hub().close(id, gap.head);
            return Ok(());
        }
        told = upto;
    }
}

/// What happened in a conversation after a rev.
struct Missing {
    changes: Changes,
    /// The number of the last message that was posted up to that rev.
    last_posted: Seq,
}

/// `None` when it is too much.
fn missing(tx: &mut Tx<'_>, id: ConversationId, since: Rev) -> Result<Option<Missing>> {
    let counters = store::conversations::counters(tx, id)?.ok_or(store::Error::Missing)?;
    if counters.1 - since > BEHIND_MAX {
        return Ok(None);
    }
    let last_posted = store::messages::last_seq_at(tx, id, since)?;
    let changes = crate::sync::changes_of(tx, id, counters, 0, since, PART_LEN)?;
    Ok(Some(Missing { changes, last_posted }))
}

/// Who came or went is not told from what the database holds now, unless the change itself has come by the bus: everyone
/// who listens is compared with who may.
fn has_unknown_memberships(chat: &Chat, changes: &Changes) -> bool {
    let mut memberships = changes.memberships.iter();
    memberships.any(|membership| !chat.hub().waits(membership.conversation_id, membership.rev))
}

/// What is there as the events that it was; of what was changed twice the last.
fn events(last_posted: Seq, changes: Changes) -> Vec<(Rev, Event)> {
    let messages = changes.messages.into_iter().map(|message| {
        let rev = message.rev;
        let event = if message.deleted_at.is_some() {
            Event::MessageDeleted { message }
        } else if message.seq > last_posted {
            Event::MessageCreated { message }
        } else {
            // Edited or reacted to, which looks the same from here; telling an edit again does no harm.
            Event::MessageEdited { message }
        };
        (rev, event)
    });
    let details =
        changes.conversation.into_iter().map(|details| (details.rev, Event::ConversationChanged { details }));
    messages.chain(details).collect()
}

/// Begins with a conversation that somebody here comes into, and of which this node heard nothing before: whether they are
/// in is looked up, because a hint may be late.
async fn open(chat: &Chat, gap: Gap) -> Result<()> {
    let (id, joining) = (gap.conversation, gap.joining);
    let found = chat
        .read(move |tx| -> Result<Option<(Rev, HashSet<AccountId>)>> {
            let Some((_, head)) = store::conversations::counters(tx, id)? else { return Ok(None) };
            let mut members = HashSet::new();
            for account in joining {
                let membership = store::memberships::get(tx, id, account)?;
                if membership.is_some_and(|it| it.state == MembershipState::Active) {
                    members.insert(account);
                }
            }
            Ok(Some((head, members)))
        })
        .await?;
    if let Some((head, members)) = found {
        chat.hub().open(id, head, &members);
    }
    Ok(())
}

/// Begins to look after what other nodes do, where there may be any.
pub(crate) fn begin(inner: &Arc<Inner>) {
    if inner.hub.is_shared() {
        tokio::spawn(keep(Arc::downgrade(inner), inner.options.limits.position_check_ms));
    }
}
