//! Posting messages. Those that wait for the same commit are posted together, with one statement for all instead of one for
//! each: PostgreSQL takes a few round trips for a hundred messages that way, and SQLite no savepoint for each.

use crate::{Caller, Chat, Error, Result, change::Stop, mentions, standing, standing::Standing, text};
use faults::Bug;
use protocol::{
    AccountId, ConversationId, ConversationKind, ErrorCode, Event, Message, MessageId, Rev, Seq, Timestamp,
    api::{SendMessage, SentMessage},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Lane, Outcome, Part, Tx, messages::NewMessage};

/// The longest `cid`: a UUID has 36 characters.
const CID_LEN_MAX: usize = 64;

fn check_cid(cid: &str) -> Result<()> {
    if (1..=CID_LEN_MAX).contains(&cid.len()) && cid.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::invalid("cid", format!("1 to {CID_LEN_MAX} printable ASCII characters without spaces.")))
}

/// What makes two sends with the same cid the same.
fn body_hash(body: &str, reply_to: Option<MessageId>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(reply_to.map_or(0, |id| id.0).to_be_bytes());
    hash.update(body.as_bytes());
    hash.finalize().to_vec()
}

/// Posts a message. In one transaction: raise the counters, which locks the conversation; check the membership under
/// that lock; insert; commit. Then it is acknowledged and shown. Sending the same again gives the first result with
/// `dup`. The author counts as having read up to it.
///
/// Errors: `invalid_request`, `not_a_member`, `conversation_archived`, `cid_reused`, `rate_limited`.
pub async fn send(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    with: SendMessage,
) -> Result<SentMessage> {
    check_cid(&with.cid)?;
    let body = text::body(&with.body, chat.limits().message_chars_max)?;
    chat.throttles().send(&caller.account)?;
    let draft = Draft {
        caller: caller.clone(),
        conversation_id: id,
        hash: body_hash(&body, with.reply_to),
        names: mentions::names_in(&body, chat.limits().mentions_per_message_max),
        body,
        cid: if faults::has(Bug::CidsInMemory) {
            format!("{}~{}", with.cid, std::process::id())
        } else {
            with.cid
        },
        reply_to: with.reply_to,
        now: chat.now(),
    };
    let hub = chat.hub().clone();
    let hub_at_last = hub.clone();
    chat.change_part(
        Lane::Conversation(id),
        draft,
        move |sent: &SentMessage| {
            hub.gather(id, sent.message.rev, Event::MessageCreated { message: sent.message.clone() });
        },
        move || hub_at_last.tell_gathered(),
    )
    .await
}

/// A message that is to be posted.
struct Draft {
    caller: Caller,
    conversation_id: ConversationId,
    cid: String,
    body: String,
    hash: Vec<u8>,
    names: Vec<String>,
    reply_to: Option<MessageId>,
    now: Timestamp,
}

impl Part for Draft {
    type Done = SentMessage;
    type Error = Stop<SentMessage>;

    fn run(tx: &mut Tx<'_>, drafts: &[&Self]) -> Result<Outcome<Self>, Stop<SentMessage>> {
        if has_twins(drafts) {
            // Each by itself, so that the second finds the first.
            return Err(ErrorCode::CidReused.into());
        }
        let counts = counts(drafts);
        store::conversations::raise_each(tx, &counts)?;
        let (standings, refused) = admit(tx, drafts)?;
        if !refused.is_empty() {
            return Ok(Outcome::Refused(refused));
        }
        let places = number(drafts, &standings, counts);
        let new: Vec<NewMessage<'_>> = places.iter().map(Place::new_message).collect();
        let ids = store::messages::insert_each(tx, &new)?;
        let refused: Vec<_> = (0..)
            .zip(drafts)
            .zip(&ids)
            .filter(|(_, id)| id.is_none())
            .map(|((index, draft), _)| (index, draft.repeated(tx, ErrorCode::CidReused)))
            .collect();
        if !refused.is_empty() {
            return Ok(Outcome::Refused(refused));
        }
        let mut sent = Vec::with_capacity(places.len());
        for (place, id) in places.iter().zip(ids.into_iter().flatten()) {
            let mut message = place.message(id);
            mentions::store(tx, &mut message, place.standing.kind, &place.draft.names, place.draft.now)?;
            sent.push(SentMessage { message, dup: false });
        }
        grow_receipts(tx, &places)?;
        Ok(Outcome::Done(sent))
    }
}

/// A draft with its number, under the lock of its conversation, by somebody who may post it.
struct Place<'a> {
    draft: &'a Draft,
    seq: Seq,
    rev: Rev,
    standing: &'a Standing,
}

impl Place<'_> {
    fn new_message(&self) -> NewMessage<'_> {
        NewMessage {
            conversation_id: self.draft.conversation_id,
            seq: self.seq,
            rev: self.rev,
            author_id: self.draft.caller.account.id,
            dialect: self.draft.caller.dialect,
            cid: &self.draft.cid,
            body_hash: &self.draft.hash,
            body: &self.draft.body,
            reply_to: self.draft.reply_to,
            created_at: self.draft.now,
        }
    }

    fn message(&self, id: MessageId) -> Message {
        Message {
            id,
            conversation_id: self.draft.conversation_id,
            seq: self.seq,
            rev: self.rev,
            author: self.standing.author.clone(),
            dialect: self.draft.caller.dialect,
            cid: self.draft.cid.clone(),
            body: Some(self.draft.body.clone()),
            created_at: self.draft.now,
            edited_at: None,
            deleted_at: None,
            reply_to: self.draft.reply_to,
            reactions: Vec::new(),
            mentions: Vec::new(),
        }
    }
}

impl Draft {
    /// The first result of a cid that was sent before, or the refusal where there is none or the body was another. Nothing
    /// of this transaction stays.
    fn repeated(&self, tx: &mut Tx<'_>, otherwise: ErrorCode) -> Stop<SentMessage> {
        match store::messages::by_cid(tx, self.conversation_id, self.caller.account.id, &self.cid) {
            Err(error) => error.into(),
            Ok(None) => otherwise.into(),
            // Of a deleted message nobody knows what it said.
            Ok(Some((message, hash))) if hash.is_none() || hash.as_ref() == Some(&self.hash) => {
                Stop::unchanged(SentMessage { message, dup: true })
            }
            Ok(Some(_)) => ErrorCode::CidReused.into(),
        }
    }

    /// Refuses what may not be posted by somebody of this standing.
    fn check(&self, tx: &mut Tx<'_>, standing: &Standing) -> Result<(), Stop<SentMessage>> {
        if standing.must_be_open().is_err() {
            return Err(self.repeated(tx, ErrorCode::ConversationArchived));
        }
        let Some(answered) = self.reply_to else { return Ok(()) };
        match store::messages::locate(tx, answered)? {
            Some((conversation, seq))
                if conversation == self.conversation_id && seq >= standing.history_from_seq =>
            {
                Ok(())
            }
            _ => Err(Error::invalid("reply_to", "There is no such message in this conversation.").into()),
        }
    }
}

fn has_twins(drafts: &[&Draft]) -> bool {
    let mut known = HashSet::with_capacity(drafts.len());
    drafts.iter().any(|draft| !known.insert((draft.conversation_id, draft.caller.account.id, &draft.cid)))
}

/// How many are to be posted in each conversation.
fn counts(drafts: &[&Draft]) -> Vec<(ConversationId, i64)> {
    let mut counts: BTreeMap<ConversationId, i64> = BTreeMap::new();
    for draft in drafts {
        *counts.entry(draft.conversation_id).or_default() += 1;
    }
    if faults::has_each(Bug::NumbersWithHoles, 20) {
        counts.values_mut().for_each(|count| *count += 1);
    }
    counts.into_iter().collect()
}

/// Gives each draft its number and change, from where the counters stand after they were raised.
fn number<'a>(
    drafts: &[&'a Draft],
    standings: &'a [Standing],
    counts: Vec<(ConversationId, i64)>,
) -> Vec<Place<'a>> {
    let mut left: HashMap<ConversationId, i64> = counts.into_iter().collect();
    let place = |(draft, standing): (&&'a Draft, &'a Standing)| {
        let left = left.entry(draft.conversation_id).or_default();
        *left -= 1;
        Place { draft, seq: standing.last_seq - *left, rev: standing.last_rev - *left, standing }
    };
    drafts.iter().zip(standings).map(place).collect()
}

/// Which drafts are refused, each with its place among them.
type Refused = Vec<(usize, Stop<SentMessage>)>;

/// The standing of each author, as far as they may post what they drafted.
fn admit(tx: &mut Tx<'_>, drafts: &[&Draft]) -> Result<(Vec<Standing>, Refused)> {
    let wanted: Vec<_> = drafts.iter().map(|draft| (&draft.caller, draft.conversation_id)).collect();
    let (mut standings, mut refused) = (Vec::with_capacity(drafts.len()), Vec::new());
    for ((index, draft), standing) in (0..).zip(drafts).zip(standing::require_each(tx, &wanted)?) {
        let checked = standing.map_err(Stop::from).and_then(|standing| {
            draft.check(tx, &standing)?;
            Ok(standing)
        });
        match checked {
            Ok(standing) => standings.push(standing),
            Err(stop) => refused.push((index, stop)),
        }
    }
    Ok((standings, refused))
}

/// Who says something has read up to it.
fn grow_receipts(tx: &mut Tx<'_>, places: &[Place<'_>]) -> Result<()> {
    // The last one of an author in a conversation is the highest.
    let (mut general, mut elsewhere) = (BTreeMap::new(), BTreeMap::new());
    for Place { draft, seq, standing, .. } in places {
        let author = draft.caller.account.id;
        if standing.kind == ConversationKind::General {
            general.insert(author, (*seq, draft.now));
        } else {
            elsewhere.insert((draft.conversation_id, author), *seq);
        }
    }
    let general = general.into_iter().map(|(author, (seq, now))| (author, seq, now));
    store::receipts::grow_general_each(tx, general)?;
    let elsewhere = elsewhere.into_iter().map(|((id, author), seq): ((_, AccountId), _)| (id, author, seq));
    store::receipts::grow_each(tx, elsewhere)?;
    Ok(())
}
