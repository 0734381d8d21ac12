//! What members set for a conversation, each for themselves: it is no change of the conversation, takes no `rev` and is
//! told to the account's own connections alone.

use crate::{
    Caller, Chat, Error, Result,
    change::Stop,
    standing::{self, Standing},
};
use protocol::{
    ConversationId, ConversationPreferences, ErrorCode, Seq, ServerFrame, Timestamp, api::UpdatePreferences,
    frame::PreferencesNotice, ids::GENERAL,
};
use store::Lane;

/// A conversation is muted for at most so long, in milliseconds: 100 years of 365.25 days, which is as good as for ever
/// and far from where calendars end.
const MUTED_MS_MAX: i64 = 36_525 * 24 * 3600 * 1000;

/// Changes what is present and gives all of it. A moment that has passed mutes nothing and is stored as none.
///
/// Errors: `not_a_member`, `invalid_request`.
pub async fn update(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    with: UpdatePreferences,
) -> Result<ConversationPreferences> {
    let (account, now, hub) = (caller.account.id, chat.now(), chat.hub().clone());
    let with = UpdatePreferences { muted_until: muted_until(with.muted_until, now)?, ..with };
    let caller = caller.clone();
    chat.change(
        // The account's way: its devices agree in the end because they hear one order, and a commit of which nobody knows
        // whether it happened lets them come back and read afresh.
        Lane::Account(account),
        move |tx| {
            must_be_there(with.unread_from, &standing::require(tx, &caller, id)?)?;
            if id == GENERAL {
                store::preferences::make_row_in_general(tx, account, now)?;
            }
            let before = store::preferences::get(tx, id, account)?;
            let after = store::preferences::set(tx, id, account, with)?.ok_or(ErrorCode::NotAMember)?;
            if before == after { Err(Stop::unchanged(after)) } else { Ok(after) }
        },
        move |preferences: &ConversationPreferences| {
            let notice = PreferencesNotice { conversation: id, preferences: *preferences };
            hub.tell_account(account, ServerFrame::Preferences(notice));
        },
    )
    .await
}

fn must_be_there(unread_from: Option<Option<Seq>>, standing: &Standing) -> Result<()> {
    let Some(Some(seq)) = unread_from else { return Ok(()) };
    let first = standing.history_from_seq.max(1);
    if (first..=standing.last_seq).contains(&seq) {
        return Ok(());
    }
    Err(Error::invalid("unread_from", "There is no such message."))
}

fn muted_until(wanted: Option<Option<Timestamp>>, now: Timestamp) -> Result<Option<Option<Timestamp>>> {
    let Some(Some(until)) = wanted else { return Ok(wanted) };
    if until > now.plus_ms(MUTED_MS_MAX) {
        return Err(Error::invalid("muted_until", "This is more than 100 years ahead."));
    }
    Ok(Some((until > now).then_some(until)))
}
