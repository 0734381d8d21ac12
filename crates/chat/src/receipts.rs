//! Receipts and typing: what is told at once and never numbered.

use crate::{Caller, Chat, Error, Result, change::Stop, standing};
use protocol::{
    ConversationId, ConversationKind, Seq, ServerFrame,
    api::ReadState,
    frame::{Receipt, TypingNotice},
};
use store::Lane;

/// Moves the caller's receipt forward; it never goes back, and never beyond the newest message.
///
/// Errors: `not_a_member`, `invalid_request`.
pub async fn mark_read(chat: &Chat, caller: &Caller, id: ConversationId, seq: Seq) -> Result<ReadState> {
    if seq < 0 {
        return Err(Error::invalid("seq", "Messages are numbered from 1."));
    }
    let (account, now) = (caller.account.id, chat.now());
    let (caller, hub) = (caller.clone(), chat.hub().clone());
    chat.change(
        Lane::Conversation(id),
        move |tx| {
            let standing = standing::require(tx, &caller, id)?;
            let seq = seq.min(standing.last_seq);
            let state = |read_seq| ReadState { read_seq, unread: standing.last_seq - read_seq };
            let moved = if standing.kind == ConversationKind::General {
                seq > 0 && store::receipts::grow_general(tx, account, seq, now)?
            } else {
                store::receipts::grow(tx, id, account, seq)?
            };
            if moved { Ok(state(seq)) } else { Err(Stop::unchanged(state(standing.read_seq))) }
        },
        move |read: &ReadState| {
            let receipt = Receipt { conversation: id, account, seq: read.read_seq };
            hub.ephemeral(id, None, ServerFrame::Receipt(receipt));
        },
    )
    .await
}

/// Tells the others that the caller is typing. Nothing is stored. Errors: `not_a_member`.
pub async fn typing(chat: &Chat, caller: &Caller, id: ConversationId) -> Result<()> {
    let account = caller.account.id;
    let caller = caller.clone();
    chat.read(move |tx| standing::require(tx, &caller, id)?.must_be_open()).await?;
    let notice = TypingNotice { conversation: id, account };
    chat.hub().ephemeral(id, Some(account), ServerFrame::Typing(notice));
    Ok(())
}
