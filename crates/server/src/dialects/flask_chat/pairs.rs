//! The rooms of two that one connection is in. Such a room is the direct chat of the two, under the name that the app gives
//! it: their names, joined. Two pairs can have the same name (`ab` with `c`, `a` with `bc`), so a name means something only
//! on the connection of somebody who is one of the two.

use super::words;
use chat::{Caller, Chat, Error, accounts, conversations};
use protocol::{Account, ConversationId, ErrorCode};
use std::collections::HashMap;

/// Rooms that one connection may be in: more than anybody has open.
const ROOMS_MAX: usize = 200;

/// See above.
#[derive(Default)]
pub(super) struct Pairs {
    rooms: HashMap<String, ConversationId>,
    names: HashMap<ConversationId, String>,
}

impl Pairs {
    /// Lets the connection into a room. Refuses a name that stands for another pair here, and more rooms than there may be.
    pub(super) fn join(&mut self, room: String, conversation: ConversationId) -> Result<(), Error> {
        match self.rooms.get(&room) {
            Some(known) if *known == conversation => return Ok(()),
            Some(_) => {
                let why = "This room's name stands for a chat with somebody else here.";
                return Err(Error::new(ErrorCode::LimitReached).because(why));
            }
            None if self.rooms.len() >= ROOMS_MAX => {
                return Err(Error::too_many("This connection is in as many rooms as one can be."));
            }
            None => {}
        }
        self.names.insert(conversation, room.clone());
        self.rooms.insert(room, conversation);
        Ok(())
    }

    /// The direct chat behind a room's name.
    pub(super) fn conversation(&self, room: &str) -> Option<ConversationId> {
        self.rooms.get(room).copied()
    }

    /// What a direct chat is called here, if the connection is in it.
    pub(super) fn room(&self, conversation: ConversationId) -> Option<&str> {
        self.names.get(&conversation).map(String::as_str)
    }
}

/// The other one of two, of whom the caller must be one.
pub(super) async fn other_of(chat: &Chat, caller: &Caller, one: &str, other: &str) -> Result<Account, Error> {
    let name = match (accounts::is_own_name(caller, one), accounts::is_own_name(caller, other)) {
        (true, _) => other,
        (false, true) => one,
        (false, false) => {
            let why = "A room of two is opened by one of the two.";
            return Err(Error::new(ErrorCode::Forbidden).because(why));
        }
    };
    accounts::named(chat, caller, name).await
}

/// The direct chat that a room's name stands for by itself: after a connection was lost, the app's page goes on writing to
/// its rooms without joining them again. `None` where it could be several.
pub(super) async fn by_name(
    chat: &Chat,
    caller: &Caller,
    room: &str,
) -> Result<Option<ConversationId>, Error> {
    let mut found = None;
    let author = caller.account.author();
    let mut others = words::others_in(room, accounts::name_of(&author));
    if author.display_name != accounts::name_of(&author) {
        others.extend(words::others_in(room, &author.display_name));
    }
    for other in others {
        let account = match accounts::named(chat, caller, &other).await {
            Ok(account) => account,
            Err(error) if error.code == ErrorCode::NotFound => continue,
            Err(error) => return Err(error),
        };
        let Some(direct) = conversations::find_direct(chat, caller, account.id).await? else { continue };
        if found.is_some_and(|found| found != direct) {
            return Ok(None);
        }
        found = Some(direct);
    }
    Ok(found)
}
