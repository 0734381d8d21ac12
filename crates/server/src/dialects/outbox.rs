//! Sending for clients that give their messages no id, and knowing on a connection which of the messages that are told were
//! sent on it.

use crate::{app::App, random};
use chat::{Caller, messages};
use protocol::{ConversationId, MessageId, api::SendMessage};
use std::collections::VecDeque;

/// So many sent messages may wait until they are told: as many as may wait for a connection.
const UNTOLD_MAX: usize = 256;

/// What one connection sent and has not been told yet.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    untold: VecDeque<MessageId>,
}

impl Outbox {
    /// Sends a message under an id that nobody used. A client that sends it again says it again.
    ///
    /// Errors: as `messages::send`.
    pub(super) async fn send(
        &mut self,
        app: &App,
        caller: &Caller,
        conversation: ConversationId,
        body: String,
    ) -> chat::Result<()> {
        let with = SendMessage { cid: random::id()?, body, reply_to: None };
        let sent = messages::send(&app.chat, caller, conversation, with).await?;
        if self.untold.len() >= UNTOLD_MAX {
            self.untold.pop_front();
        }
        self.untold.push_back(sent.message.id);
        Ok(())
    }

    /// Whether a message that is told now was sent here. Each is told once.
    pub(super) fn is_own(&mut self, id: MessageId) -> bool {
        let found = self.untold.iter().position(|untold| *untold == id);
        found.and_then(|at| self.untold.remove(at)).is_some()
    }
}
