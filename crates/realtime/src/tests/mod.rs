//! What the hub promises, as stories, and the few words in which they are told.

mod elsewhere;
mod handshake;
mod neighbours;
mod presence;
mod property;
mod queue;
mod repair;
mod sessions;
mod threads;

use crate::{CloseReason, Delivery, Hub, Limits, Listener};
use protocol::{
    AccountId, AccountKind, Author, ConversationDetails, ConversationId, ConversationKind, Event, Membership,
    MembershipRole, MembershipState, Rev, ServerFrame, SessionId, Timestamp,
    frame::{MembershipNotice, PresenceState, Receipt, TypingNotice},
};

pub(crate) const SITA: AccountId = AccountId(2);
pub(crate) const RAM: AccountId = AccountId(3);
pub(crate) const HARI: AccountId = AccountId(4);
pub(crate) const GARDEN: ConversationId = ConversationId(7);
pub(crate) const KITCHEN: ConversationId = ConversationId(8);

pub(crate) fn hub() -> Hub {
    Hub::new(Limits::default())
}

pub(crate) fn hub_with(change: impl FnOnce(&mut Limits)) -> Hub {
    let mut limits = Limits::default();
    change(&mut limits);
    Hub::new(limits)
}

/// A connection that went through the whole handshake; its account has one session with the same number.
pub(crate) fn connect(hub: &Hub, account: AccountId, conversations: &[ConversationId]) -> Listener {
    let listener = hub.attach(account, SessionId(account.0)).unwrap();
    listener.listen_to(conversations);
    listener.settle(conversations);
    listener
}

pub(crate) fn event(conversation: ConversationId, text: &str) -> Event {
    Event::ConversationChanged {
        details: ConversationDetails {
            id: conversation,
            kind: ConversationKind::Room,
            name: None,
            description: text.to_owned(),
            creator_id: None,
            rev: 1,
            created_at: Timestamp(0),
            archived_at: None,
        },
    }
}

pub(crate) fn publish(hub: &Hub, conversation: ConversationId, rev: Rev) {
    hub.publish(conversation, rev, event(conversation, "words"));
}

pub(crate) fn typing(conversation: ConversationId, account: AccountId) -> ServerFrame {
    ServerFrame::Typing(TypingNotice { conversation, account })
}

pub(crate) fn receipt(conversation: ConversationId, account: AccountId, seq: i64) -> ServerFrame {
    ServerFrame::Receipt(Receipt { conversation, account, seq })
}

/// A control frame.
pub(crate) fn notice(conversation: ConversationId, state: MembershipState) -> ServerFrame {
    ServerFrame::Membership(MembershipNotice { conversation, state, summary: None, request: None })
}

/// An event that says that somebody's membership changed.
pub(crate) fn membership(conversation: ConversationId, account: AccountId, state: MembershipState) -> Event {
    let username = format!("person{account}");
    let account = Author { id: account, display_name: username.clone(), username, kind: AccountKind::Person };
    let role = MembershipRole::Member;
    let joined_at = Timestamp(0);
    Event::MembershipChanged {
        membership: Membership {
            conversation_id: conversation,
            account,
            role,
            state,
            rev: 1,
            read_seq: 0,
            joined_at,
        },
    }
}

/// Everything that waits, in few words: `7:3` is event 3 of conversation 7, `lag 7:9`, `typing 7/2`, `on 2`, …
pub(crate) fn heard(listener: &Listener) -> Vec<String> {
    match listener.take_now() {
        Some(Delivery::Frames(frames)) => frames.iter().map(|told| words(&told.frame)).collect(),
        Some(Delivery::Closed(reason)) => vec![format!("closed {reason:?}")],
        None => Vec::new(),
    }
}

pub(crate) fn closed(listener: &Listener) -> Option<CloseReason> {
    loop {
        match listener.take_now() {
            Some(Delivery::Frames(_)) => {}
            Some(Delivery::Closed(reason)) => return Some(reason),
            None => return None,
        }
    }
}

fn words(frame: &ServerFrame) -> String {
    match frame {
        ServerFrame::Event(event) => format!("{}:{}", event.conversation, event.rev),
        ServerFrame::Lag(lag) => format!("lag {}:{}", lag.conversation, lag.head),
        ServerFrame::Typing(typing) => format!("typing {}/{}", typing.conversation, typing.account),
        ServerFrame::Receipt(receipt) => {
            format!("read {}/{} {}", receipt.conversation, receipt.account, receipt.seq)
        }
        ServerFrame::Presence(presence) => match presence.state {
            PresenceState::Online => format!("on {}", presence.account),
            PresenceState::Offline => format!("off {}", presence.account),
        },
        ServerFrame::Membership(notice) => format!("notice {} {:?}", notice.conversation, notice.state),
        ServerFrame::Goaway(goaway) => format!("goaway {}", goaway.retry_ms),
        other => format!("{other:?}"),
    }
}
