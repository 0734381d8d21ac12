//! What a connection tells: everything of its own conversation, and of the others what a client shows as a notification.

use super::{Elsewhere, Voice, words, words::Place};
use chat::{conversations, ears::Heard};
use protocol::{
    ConversationId, Event, Membership, MembershipState, Message, ServerFrame,
    frame::{MembershipNotice, Receipt, RequestNotice, TypingNotice},
    ids::GENERAL,
};
use serde_json::{Value, json};

impl Voice {
    /// The frame, if there is one, by which this client is told of something that happened.
    pub(super) async fn news(&mut self, heard: Heard) -> Option<Value> {
        if self.is_out {
            return None;
        }
        match heard {
            Heard::Event { conversation, event } if conversation == self.id => self.event_here(&event),
            Heard::Event { conversation, event } => self.event_elsewhere(conversation, &event).await,
            Heard::Other(told) => match &told.frame {
                ServerFrame::Typing(typing) => self.typing(*typing),
                ServerFrame::Receipt(receipt) => self.receipt(*receipt),
                ServerFrame::Membership(notice) => self.standing(notice),
                ServerFrame::Request(notice) => Some(request(notice)),
                _ => None,
            },
        }
    }

    fn event_here(&mut self, event: &Event) -> Option<Value> {
        match event {
            Event::MessageCreated { message } => Some(self.told("message", message)),
            Event::MessageEdited { message } => Some(self.told("edited", message)),
            Event::MessageDeleted { message } => Some(self.told("deleted", message)),
            Event::MembershipChanged { membership } if self.lets_me_go(membership) => self.removed(self.id),
            // This dialect has no reactions, and its clients ask for names and members by HTTP.
            _ => None,
        }
    }

    async fn event_elsewhere(&mut self, id: ConversationId, event: &Event) -> Option<Value> {
        match event {
            Event::MessageCreated { message } if message.author.id != self.caller.account.id => {
                self.notification(id, message).await
            }
            Event::MembershipChanged { membership } if self.lets_me_go(membership) => self.removed(id),
            Event::ConversationChanged { .. } => {
                // It may have another name now.
                self.known.remove(&id);
                None
            }
            _ => None,
        }
    }

    fn lets_me_go(&self, membership: &Membership) -> bool {
        membership.account.id == self.caller.account.id && membership.state != MembershipState::Active
    }

    fn removed(&mut self, room: ConversationId) -> Option<Value> {
        self.is_out = room == self.id;
        self.known.remove(&room);
        Some(Place::Room { room }.frame("removed", json!({})))
    }

    /// Private chats and rooms notify; General is for those who look.
    async fn notification(&mut self, id: ConversationId, message: &Message) -> Option<Value> {
        if id == GENERAL {
            return None;
        }
        if !self.known.contains_key(&id) {
            // Who was removed meanwhile is told so, and not of this.
            let summary = conversations::get(&self.chat, &self.caller, id).await.ok()?;
            let place = Place::of(&summary, self.caller.account.id)?;
            self.known.insert(id, Elsewhere { place, name: summary.details.name });
        }
        let Elsewhere { place, name } = self.known.get(&id)?;
        let more = json!({ "name": name, "message": place.message(message) });
        Some(place.frame("notification", more))
    }

    fn typing(&self, typing: TypingNotice) -> Option<Value> {
        (typing.conversation == self.id)
            .then(|| self.place.frame("typing", json!({ "user_id": typing.account })))
    }

    fn receipt(&self, receipt: Receipt) -> Option<Value> {
        let is_news = receipt.conversation == self.id && receipt.account != self.caller.account.id;
        let read = json!({ "user_id": receipt.account, "seq": receipt.seq });
        is_news.then(|| self.place.frame("read", read))
    }

    /// What became of the account's own standing with a room.
    fn standing(&mut self, notice: &MembershipNotice) -> Option<Value> {
        let room = notice.conversation;
        let is_active = notice.state == MembershipState::Active;
        if room == self.id && !is_active {
            return self.removed(room);
        }
        if notice.state == MembershipState::Pending {
            self.waiting.insert(room);
            return None;
        }
        // Other changes are the account's own doing, or have been told as an event of the room.
        if !self.waiting.remove(&room) {
            return None;
        }
        let (kind, status) =
            if is_active { ("join_approved", "approved") } else { ("join_denied", "denied") };
        let name = notice.summary.as_ref().and_then(|summary| summary.details.name.as_deref());
        Some(Place::Room { room }.frame(kind, json!({ "status": status, "name": name })))
    }
}

/// To those who decide: somebody waits, or waits no longer.
fn request(notice: &RequestNotice) -> Value {
    let account = &notice.membership.account;
    let (kind, status) = match notice.membership.state {
        MembershipState::Pending => ("join_request", "pending_approval"),
        MembershipState::Active => ("join_decided", "approved"),
        MembershipState::Left | MembershipState::Banned => ("join_decided", "denied"),
    };
    let more = json!({
        "user_id": account.id,
        "user": words::author(account),
        "status": status,
        "pending_count": notice.pending_count,
    });
    Place::Room { room: notice.conversation }.frame(kind, more)
}
