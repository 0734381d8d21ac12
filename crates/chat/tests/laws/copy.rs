//! A client's copy of a conversation, as the protocol says it is kept: by events in order, or by changes since a rev.

use chat::{Caller, Chat, Window, memberships, messages};
use protocol::{
    AccountId, Changes, ConversationDetails, ConversationId, ConversationKind, Event, Membership,
    MembershipRole, MembershipState, Message, Rev, Seq,
};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Copy {
    pub(crate) cursor: Rev,
    pub(crate) messages: BTreeMap<Seq, Message>,
    pub(crate) members: BTreeMap<AccountId, Membership>,
    pub(crate) details: Option<ConversationDetails>,
}

impl Copy {
    /// Applies an event by the rules of the protocol. Nothing is lost in these tests, so a gap is a fault.
    pub(crate) fn apply(&mut self, rev: Rev, event: &Event) {
        if rev <= self.cursor {
            return;
        }
        assert_eq!(rev, self.cursor + 1, "events come without gaps: {event:?}");
        self.cursor = rev;
        match event {
            Event::MessageCreated { message } => {
                assert_eq!(message.rev, rev);
                self.read(message.author.id, message.seq);
                self.messages.insert(message.seq, message.clone());
            }
            Event::MessageEdited { message }
            | Event::MessageDeleted { message }
            | Event::MessageReactions { message } => {
                assert_eq!(message.rev, rev);
                assert!(self.messages.insert(message.seq, message.clone()).is_some());
            }
            Event::MembershipChanged { membership } => {
                assert_eq!(membership.rev, rev);
                self.put(membership.clone());
            }
            Event::ConversationChanged { details } => {
                assert_eq!(details.rev, rev);
                self.details = Some(details.clone());
            }
        }
    }

    pub(crate) fn read(&mut self, account: AccountId, seq: Seq) {
        if let Some(member) = self.members.get_mut(&account) {
            member.read_seq = member.read_seq.max(seq);
        }
    }

    pub(crate) fn catch_up(&mut self, changes: Changes) {
        for message in changes.messages {
            self.messages.insert(message.seq, message);
        }
        for membership in changes.memberships {
            self.put(membership);
        }
        if let Some(details) = changes.conversation {
            self.details = Some(details);
        }
        self.cursor = changes.head;
    }

    fn put(&mut self, membership: Membership) {
        if membership.state == MembershipState::Active {
            self.members.insert(membership.account.id, membership);
        } else {
            self.members.remove(&membership.account.id);
        }
    }

    /// Who is in and as what; receipts are not changes.
    pub(crate) fn states(&self) -> Vec<(AccountId, MembershipRole, Rev)> {
        self.members.values().map(|member| (member.account.id, member.role, member.rev)).collect()
    }
}

/// A copy made from nothing.
pub(crate) async fn load(chat: &Chat, caller: &Caller, id: ConversationId) -> Copy {
    let summary = chat::conversations::get(chat, caller, id).await.unwrap();
    let mut copy = Copy { cursor: summary.last_rev, ..Copy::default() };
    let mut below = Seq::MAX;
    loop {
        let page = messages::history(chat, caller, id, Window::Before(below), Some(7)).await.unwrap();
        below = page.messages.first().map_or(0, |message| message.seq);
        copy.messages.extend(page.messages.into_iter().map(|message| (message.seq, message)));
        if !page.has_more {
            break;
        }
    }
    // General's members and their receipts are no part of its log.
    if summary.details.kind != ConversationKind::General {
        let members = memberships::list(chat, caller, id, MembershipState::Active, None, None).await.unwrap();
        copy.members = members.memberships.into_iter().map(|member| (member.account.id, member)).collect();
    }
    copy.details = Some(summary.details);
    copy
}
