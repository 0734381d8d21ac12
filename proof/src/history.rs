//! What people asked for and what they were shown, and the rules that it must keep beside what is stored at the end.
//!
//! The log of a conversation is known in the end, so whether its order is one that everybody could have seen takes no search:
//! each rule is one or two passes over it.

mod rules;

pub use rules::{RULES, check};

use std::collections::{BTreeMap, BTreeSet};

/// Nanoseconds since the beginning of a run, by one clock that never goes back.
pub type Moment = u64;
/// The number of an account.
pub type Account = i64;
/// The number of a conversation.
pub type Conversation = i64;

/// Where a change stands in its conversation's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the message.
    pub seq: i64,
    /// The number of the change.
    pub rev: i64,
}

/// What became of something that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was acknowledged.
    Done {
        /// When the answer came.
        at: Moment,
        /// Where it is stored.
        place: Place,
    },
    /// It was refused for good.
    Refused,
    /// Nobody knows: no answer came.
    Unknown,
}

impl Outcome {
    /// When and where it was acknowledged.
    #[must_use]
    pub fn done(&self) -> Option<(Moment, Place)> {
        match *self {
            Self::Done { at, place } => Some((at, place)),
            _ => None,
        }
    }
}

/// A message that somebody sent, however often they had to.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Who sent it.
    pub by: Account,
    /// Where to.
    pub to: Conversation,
    /// What the sender calls it.
    pub cid: String,
    /// A text that nothing else in the run contains.
    pub text: String,
    /// When it was sent first.
    pub asked: Moment,
    /// The server asked for patience, so what was sent after it may stand above it.
    pub was_put_off: bool,
    /// What became of it.
    pub outcome: Outcome,
}

/// What was done to a message later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It says this now, which nothing else in the run contains.
    Edit(String),
    /// It is gone.
    Delete,
}

/// A change of a message.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The conversation of the message.
    pub to: Conversation,
    /// The number of the message.
    pub seq: i64,
    /// What was done.
    pub deed: Deed,
    /// When it was asked for.
    pub asked: Moment,
    /// What became of it.
    pub outcome: Outcome,
}

/// A message as somebody was shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its number.
    pub seq: i64,
    /// Its last change.
    pub rev: i64,
    /// None when it was deleted.
    pub text: Option<String>,
}

/// Messages that somebody asked for at once.
#[derive(Clone, Debug)]
pub struct Page {
    /// Who asked.
    pub by: Account,
    /// Of which conversation.
    pub of: Conversation,
    /// When it was asked for.
    pub asked: Moment,
    /// When it came.
    pub got: Moment,
    /// The messages above this one were asked for.
    pub after: i64,
    /// Nothing lies above the last of them.
    pub is_last: bool,
    /// The messages, in the order in which they came.
    pub messages: Vec<Shown>,
}

/// Somebody asked for something of a conversation and got it.
#[derive(Clone, Copy, Debug)]
pub struct Peek {
    /// Who asked.
    pub by: Account,
    /// Of which conversation.
    pub of: Conversation,
    /// When it was asked for.
    pub asked: Moment,
    /// When it came.
    pub got: Moment,
}

/// An event that came by itself.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Whose connection heard it.
    pub by: Account,
    /// Which one of all connections of the run.
    pub connection: u32,
    /// Of which conversation.
    pub of: Conversation,
    /// The number of the change.
    pub rev: i64,
    /// What the message says, where it is about one.
    pub text: Option<String>,
}

/// Somebody was let into a conversation or put out of it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Who.
    pub account: Account,
    /// Of which conversation.
    pub of: Conversation,
    /// In or out.
    pub is_in: bool,
    /// The number of the change.
    pub rev: i64,
    /// When it was asked for.
    pub asked: Moment,
    /// When it was acknowledged.
    pub at: Moment,
}

/// What somebody's own copy of a conversation holds in the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copy {
    /// The last change that it knows.
    pub rev: i64,
    /// Its messages by their number.
    pub messages: BTreeMap<i64, Shown>,
}

/// Everything that the people of a run did and saw.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The messages they sent, each person's in the order in which they sent them.
    pub sent: Vec<Sent>,
    /// What they did to messages.
    pub changed: Vec<Changed>,
    /// What they asked for.
    pub pages: Vec<Page>,
    /// What else of a conversation they were let see.
    pub peeks: Vec<Peek>,
    /// What they heard.
    pub heard: Vec<Heard>,
    /// Who came and went.
    pub standings: Vec<Standing>,
    /// What somebody was refused who kept to what was acknowledged before.
    pub refused: Vec<String>,
    /// What they have in the end.
    pub copies: BTreeMap<(Account, Conversation), Copy>,
    /// What they were told in the end of how much they have not read.
    pub unread: BTreeMap<(Account, Conversation), i64>,
}

/// A message as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub seq: i64,
    /// Its last change.
    pub rev: i64,
    /// Who wrote it.
    pub author: Account,
    /// What its author calls it.
    pub cid: String,
    /// None when it was deleted.
    pub text: Option<String>,
}

/// A conversation as the database holds it.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The counter of its messages.
    pub last_seq: i64,
    /// The counter of its changes.
    pub last_rev: i64,
    /// Its messages in the order of their numbers.
    pub messages: Vec<Stored>,
    /// The last changes of everything in it that is no message.
    pub other_revs: Vec<i64>,
    /// How far its members have read.
    pub read: BTreeMap<Account, i64>,
}

impl Log {
    /// The message of this number.
    #[must_use]
    pub fn at(&self, seq: i64) -> Option<&Stored> {
        let index = self.messages.binary_search_by_key(&seq, |stored| stored.seq).ok()?;
        self.messages.get(index)
    }
}

/// What is stored at the end.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// The conversations.
    pub logs: BTreeMap<Conversation, Log>,
    /// What the database says is wrong with it.
    pub damage: Option<String>,
    /// Texts of edits that are kept.
    pub edits: BTreeSet<String>,
}

/// A rule that was broken, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The name of the rule.
    pub rule: &'static str,
    /// What broke it, for a person.
    pub what: String,
}
