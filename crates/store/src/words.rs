//! How the enums of the protocol stand in the database: as the words that they are on the wire.

use crate::{Column, Error, Result, Value};
use protocol::{
    AccountKind, AccountRole, ConversationKind, Dialect, MembershipRole, MembershipState, Notify, Provider,
};

/// An enum that a column holds as a word.
pub trait Word: Sized + Copy + 'static {
    /// Every value with its word.
    const WORDS: &'static [(Self, &'static str)];

    /// The value's word.
    fn word(self) -> &'static str;

    /// The value of a word that was read from a column.
    fn from_word(word: &str) -> Result<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(value, _)| *value)
            .ok_or_else(|| Error::Database(format!("a column holds the unknown word {word:?}")))
    }
}

macro_rules! words {
    ($($type:ident { $($value:ident = $word:literal),+ $(,)? })+) => {$(
        impl Word for $type {
            const WORDS: &'static [(Self, &'static str)] = &[$(($type::$value, $word)),+];

            fn word(self) -> &'static str {
                match self { $($type::$value => $word),+ }
            }
        }

        impl Column for $type {
            fn from_value(value: Value<'_>) -> Result<Self> {
                Self::from_word(value.text()?)
            }
        }
    )+};
}

words! {
    AccountKind { Person = "person", Bot = "bot", Guest = "guest" }
    AccountRole { Member = "member", Administrator = "administrator" }
    ConversationKind { General = "general", Direct = "direct", Room = "room" }
    Dialect {
        Chats = "chats",
        ChatterBox = "chatter_box",
        ChatApp = "chat_app",
        Chatroom = "chatroom",
        FlaskChat = "flask_chat",
    }
    MembershipRole { Member = "member", Moderator = "moderator", Owner = "owner" }
    Notify { Usual = "usual", All = "all", Mentions = "mentions", Nothing = "nothing" }
    Provider { Github = "github" }
    MembershipState { Pending = "pending", Active = "active", Left = "left", Banned = "banned" }
}
