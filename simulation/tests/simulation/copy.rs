//! A client's copy of what it may see, kept as `docs/protocol.md` tells clients to keep theirs.

use protocol::{
    AccountId, Changes, ConversationDetails, ConversationId, Event, Membership, MembershipState, Message,
    Rev, Seq,
};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Copy {
    pub epoch: String,
    pub rooms: BTreeMap<ConversationId, Room>,
    /// Each room that is begun has another number: what was asked for one that was thrown away is of no use.
    last_edition: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Room {
    pub edition: u64,
    /// The last change that was applied.
    pub cursor: Rev,
    /// The last change that was heard of.
    pub head: Rev,
    pub is_fetching: bool,
    pub messages: BTreeMap<Seq, Message>,
    pub members: BTreeMap<AccountId, Membership>,
    pub details: Option<ConversationDetails>,
}

impl Copy {
    /// Where the copy stands, to go on from there.
    pub fn cursors(&self) -> BTreeMap<ConversationId, Rev> {
        self.rooms.iter().map(|(id, room)| (*id, room.cursor)).collect()
    }

    /// The room, begun if there is none.
    pub fn room(&mut self, id: ConversationId) -> &mut Room {
        if !self.rooms.contains_key(&id) {
            self.last_edition += 1;
        }
        let edition = self.last_edition;
        self.rooms.entry(id).or_insert_with(|| Room { edition, ..Room::default() })
    }
}

impl Room {
    pub fn is_behind(&self) -> bool {
        self.cursor < self.head
    }

    /// `rev` equal to the cursor or below: drop; the next one: apply; above: the changes have to be fetched.
    pub fn take(&mut self, rev: Rev, event: Event) {
        self.head = self.head.max(rev);
        if rev != self.cursor + 1 {
            return;
        }
        self.cursor = rev;
        match event {
            Event::MessageCreated { message }
            | Event::MessageEdited { message }
            | Event::MessageDeleted { message }
            | Event::MessageReactions { message } => self.put_message(message),
            Event::MembershipChanged { membership } => self.put_member(membership),
            Event::ConversationChanged { details } => self.put_details(details),
        }
    }

    pub fn catch_up(&mut self, since: Rev, changes: Changes) {
        if since > self.cursor {
            return;
        }
        changes.messages.into_iter().for_each(|message| self.put_message(message));
        changes.memberships.into_iter().for_each(|membership| self.put_member(membership));
        changes.conversation.into_iter().for_each(|details| self.put_details(details));
        self.cursor = self.cursor.max(changes.head);
        self.head = self.head.max(changes.head + Rev::from(changes.has_more));
    }

    fn put_message(&mut self, message: Message) {
        if self.messages.get(&message.seq).is_none_or(|known| known.rev < message.rev) {
            self.messages.insert(message.seq, message);
        }
    }

    fn put_member(&mut self, membership: Membership) {
        let id = membership.account.id;
        if self.members.get(&id).is_none_or(|known| known.rev < membership.rev) {
            self.members.insert(id, membership);
        }
    }

    /// Summaries bring them too.
    pub fn put_details(&mut self, details: ConversationDetails) {
        if self.details.as_ref().is_none_or(|known| known.rev < details.rev) {
            self.details = Some(details);
        }
    }

    /// Those who are in.
    pub fn active(&self) -> impl Iterator<Item = &Membership> {
        self.members.values().filter(|membership| membership.state == MembershipState::Active)
    }
}
