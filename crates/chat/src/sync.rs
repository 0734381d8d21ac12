//! Catching up: what changed since a rev, and the whole dance of connecting a listener without missing anything.

use crate::{Caller, Chat, Error, Result, standing};
use faults::Bug;
use protocol::{
    AccountId, Changes, ConversationId, ErrorCode, Message, Rev, Seq, SessionId,
    frame::{ChangesFrame, Resume, Welcome},
    ids::NOBODY,
};
use realtime::{AttachError, Listener};
use store::Tx;

/// The server pings so often: below the minute after which many routers forget a quiet connection.
pub const PING_INTERVAL_MS: u64 = 25_000;

/// Everything in a conversation that changed after `since`, each thing once, as it is now.
///
/// Errors: `not_a_member`, `invalid_request`.
pub async fn changes(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    since: Rev,
    limit: Option<i64>,
) -> Result<Changes> {
    if since < 0 {
        return Err(Error::invalid("since", "Changes are numbered from 1."));
    }
    let caller = caller.clone();
    let limit = limit.unwrap_or(i64::MAX).clamp(1, chat.limits().changes_len_max);
    chat.read(move |tx| changes_in(tx, &caller, id, since, limit)).await
}

fn changes_in(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: ConversationId,
    since: Rev,
    limit: i64,
) -> Result<Changes> {
    let standing = if faults::has(Bug::ChangesForAll) {
        standing::of_anyone(tx, caller, id)?
    } else {
        standing::require(tx, caller, id)?
    };
    changes_of(tx, id, (standing.last_seq, standing.last_rev), standing.history_from_seq, since, limit)
}

/// The changes since `since`, for the caller or for one who listens to General without being anybody.
///
/// Errors: `not_a_member`.
pub(crate) async fn changes_for(
    chat: &Chat,
    caller: Option<&Caller>,
    id: ConversationId,
    since: Rev,
    limit: Option<i64>,
) -> Result<Changes> {
    if let Some(caller) = caller {
        return changes(chat, caller, id, since, limit).await;
    }
    let limit = limit.unwrap_or(i64::MAX).clamp(1, chat.limits().changes_len_max);
    chat.read(move |tx| {
        let heads = nobodys_heads(tx, id)?;
        changes_of(tx, id, heads, 0, since, limit)
    })
    .await
}

/// What was posted, as it is now, and how far the conversation has come.
pub(crate) struct Posted {
    pub(crate) messages: Vec<Message>,
    pub(crate) last_seq: Seq,
    pub(crate) last_rev: Rev,
}

/// The first messages after one, deleted ones too, for the caller or for one who listens to General without being anybody.
///
/// Errors: `not_a_member`.
pub(crate) async fn posted(
    chat: &Chat,
    caller: Option<&Caller>,
    id: ConversationId,
    after: Seq,
    limit: i64,
) -> Result<Posted> {
    let caller = caller.cloned();
    chat.read(move |tx| {
        let (from, (last_seq, last_rev)) = match &caller {
            Some(caller) => {
                let standing = standing::require(tx, caller, id)?;
                (standing.history_from_seq, (standing.last_seq, standing.last_rev))
            }
            None => (0, nobodys_heads(tx, id)?),
        };
        Ok(Posted { messages: store::messages::after(tx, id, from, after, limit)?, last_seq, last_rev })
    })
    .await
}

/// How far a conversation has come that is open to those who are nobody, which only General is.
fn nobodys_heads(tx: &mut Tx<'_>, id: ConversationId) -> Result<(Seq, Rev)> {
    let heads = store::memberships::heads_of(tx, NOBODY)?;
    let head = heads.into_iter().find(|(open, ..)| *open == id);
    head.map(|(_, seq, rev)| (seq, rev)).ok_or_else(|| ErrorCode::NotAMember.into())
}

pub(crate) fn changes_of(
    tx: &mut Tx<'_>,
    id: ConversationId,
    counters: (Seq, Rev),
    history_from_seq: Seq,
    since: Rev,
    limit: i64,
) -> Result<Changes> {
    let last_rev = counters.1;
    if since >= last_rev {
        let head = last_rev;
        return Ok(Changes {
            messages: vec![],
            memberships: vec![],
            conversation: None,
            head,
            has_more: false,
        });
    }
    let mut messages = store::messages::changed(tx, id, history_from_seq, since, counters, limit + 1)?;
    let mut memberships = store::memberships::changed(tx, id, since, limit + 1)?;
    let conversation = store::conversations::changed(tx, id, since)?;
    let mut head = last_rev;
    let mut revs: Vec<Rev> = messages.iter().map(|message| message.rev).collect();
    revs.extend(memberships.iter().map(|membership| membership.rev));
    revs.sort_unstable();
    let has_more = usize::try_from(limit).ok().and_then(|limit| revs.get(limit)).is_some();
    if has_more {
        // Complete up to here; what lies above comes with the next answer.
        let last = usize::try_from(limit - 1).ok().and_then(|last| revs.get(last));
        head = last.copied().unwrap_or(since);
        messages.retain(|message| message.rev <= head);
        memberships.retain(|membership| membership.rev <= head);
    }
    // The details go with the answer that reaches them.
    let conversation = conversation.filter(|details| details.rev <= head);
    Ok(Changes { messages, memberships, conversation, head, has_more })
}

/// A listener that is ready: first the welcome goes out, then the changes, then what the listener hears.
pub struct Connected {
    /// Hears everything after the welcome.
    pub listener: Listener,
    /// Where everything stands.
    pub welcome: Welcome,
    /// For each cursor behind its head.
    pub changes: Vec<ChangesFrame>,
}

/// Connects a listener so that between the welcome and the first event nothing is missed and nothing is heard that the
/// caller may not hear: attach, so that being let in or removed from now on reaches the listener; listen to the
/// conversations of now; read everything afresh; settle on what that found, because a removal may have come between.
///
/// Errors: `limit_reached` for too many connections, `busy`, `stopping`, `unauthenticated`.
pub async fn connect(chat: &Chat, caller: &Caller, resume: Option<Resume>) -> Result<Connected> {
    let cursors_max = chat.limits().resume_cursors_max;
    let cursors = match resume {
        // Who has more conversations than that loads the others afresh.
        Some(resume) if resume.epoch == chat.epoch() => {
            resume.cursors.into_iter().take(cursors_max).collect()
        }
        _ => Default::default(),
    };
    let listener = attach(chat, caller.account.id, caller.session)?;
    let account = caller.account.id;
    let before = chat.read(move |tx| Ok(store::memberships::conversations_of(tx, account)?)).await?;
    listener.listen_to(&before);
    let snapshot = snapshot(chat, caller, cursors).await?;
    let conversations: Vec<ConversationId> = snapshot.heads.iter().map(|(id, _)| *id).collect();
    chat.hub().stand_at(&snapshot.heads);
    listener.settle(&conversations);
    let online = chat.hub().online(&conversations);
    Ok(Connected { listener, welcome: Welcome { online, ..snapshot.welcome }, changes: snapshot.changes })
}

/// Attaches to the hub. Errors: `limit_reached` for too many connections, `busy`, `stopping`.
pub(crate) fn attach(chat: &Chat, account: AccountId, session: SessionId) -> Result<Listener> {
    chat.hub().attach(account, session).map_err(|error| match error {
        AttachError::TooManyForAccount => {
            Error::new(ErrorCode::LimitReached).because("Too many connections.")
        }
        AttachError::TooMany => Error::new(ErrorCode::Busy),
        AttachError::Stopping => Error::new(ErrorCode::Stopping),
    })
}

/// Looks at a session once more: it may have ended while a connection was being made, before there was a listener to be
/// told. Errors: `unauthenticated`.
pub(crate) fn require_session(tx: &mut Tx<'_>, session: SessionId) -> Result<()> {
    match store::sessions::get(tx, session)? {
        Some(signed) if signed.revoked_at.is_none() => Ok(()),
        _ => Err(ErrorCode::Unauthenticated.into()),
    }
}

struct Snapshot {
    /// All that the account is in, and how far each has come; the welcome may hold fewer.
    heads: Vec<(ConversationId, Rev)>,
    welcome: Welcome,
    changes: Vec<ChangesFrame>,
}

/// Everything a welcome holds, from one snapshot of the database.
async fn snapshot(
    chat: &Chat,
    caller: &Caller,
    cursors: std::collections::BTreeMap<ConversationId, Rev>,
) -> Result<Snapshot> {
    let (caller, epoch) = (caller.clone(), chat.epoch().to_owned());
    let version = chat.options().version.clone();
    let most = chat.limits().memberships_per_account_max;
    let changes_max = chat.limits().changes_len_max;
    chat.read(move |tx| {
        require_session(tx, caller.session)?;
        let me = store::accounts::me_of(tx, caller.account.id)?.ok_or(ErrorCode::Unauthenticated)?;
        let heads = store::memberships::heads_of(tx, caller.account.id)?;
        let mut conversations =
            crate::conversations::summaries(tx, &me.account, ConversationId(0), most + 1)?;
        let has_more = crate::page::cut(&mut conversations, most);
        let mut changes = Vec::new();
        // All catching up shares one bound: who is further behind fetches the rest conversation by conversation.
        let mut left = changes_max;
        for summary in &conversations {
            let id = summary.details.id;
            let Some(&since) = cursors.get(&id) else { continue };
            if since >= summary.last_rev || since < 0 {
                continue;
            }
            let found = if left > 0 {
                changes_in(tx, &caller, id, since, left)?
            } else {
                Changes {
                    messages: vec![],
                    memberships: vec![],
                    conversation: None,
                    head: since,
                    has_more: true,
                }
            };
            left -= i64::try_from(found.messages.len() + found.memberships.len()).unwrap_or(left);
            changes.push(frame(id, since, found));
        }
        let requests = store::memberships::requests_of(tx, caller.account.id, most)?;
        let welcome = Welcome {
            account: me,
            session: caller.session,
            epoch,
            conversations,
            has_more,
            requests,
            online: Vec::new(),
            ping_interval_ms: PING_INTERVAL_MS,
            version,
        };
        let heads = heads.into_iter().map(|(id, _, rev)| (id, rev)).collect();
        Ok(Snapshot { heads, welcome, changes })
    })
    .await
}

fn frame(conversation: ConversationId, since: Rev, changes: Changes) -> ChangesFrame {
    ChangesFrame {
        conversation,
        since,
        head: changes.head,
        messages: changes.messages,
        memberships: changes.memberships,
        details: changes.conversation,
        has_more: changes.has_more,
    }
}
