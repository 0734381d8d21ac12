//! The bus: how nodes that share a database tell each other what happened. It carries hints and nothing else: whatever is
//! lost, doubled or late on it does no harm, because the database has it and every node looks there.

use protocol::{AccountId, ConversationId, Event, Rev, ServerFrame, SessionId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of what is said on the bus. A node passes over what it does not understand, and looks into the database.
pub const VERSION: u32 = 1;

/// One running process, for as long as it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u64);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What carries hints to the other nodes.
pub trait Bus: Send + Sync {
    /// Who speaks.
    fn node(&self) -> NodeId;

    /// Says something to all other nodes, soon or never. Waits for nothing; called on the database's threads.
    fn send(&self, hint: &Hint);

    /// Whether hints seem to arrive at the moment. While they do not, the database is asked more often.
    fn is_up(&self) -> bool;
}

/// What one change of a conversation tells, and in which order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Telling {
    pub conversation: ConversationId,
    /// The change's number; every number is told once.
    pub rev: Rev,
    pub steps: Vec<Step>,
}

/// One thing that is done when a change is told.
#[expect(
    clippy::large_enum_variant,
    reason = "most steps publish an event, and there are one to four of them"
)]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Tells all connections of an account.
    Tell { account: AccountId, frame: ServerFrame },
    /// All connections of the account hear the conversation from now on.
    Join { account: AccountId },
    /// Tells those who hear the conversation.
    Publish { event: Event },
    /// No connection of the account hears the conversation any more.
    Leave { account: AccountId },
}

impl Telling {
    /// The accounts that come in.
    pub fn joining(&self) -> impl Iterator<Item = AccountId> {
        self.steps.iter().filter_map(|step| match step {
            Step::Join { account } => Some(*account),
            _ => None,
        })
    }
}

/// Somebody who is connected, and where others may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub account: AccountId,
    pub conversations: Vec<ConversationId>,
}

/// What nodes say to each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// A conversation changed, and this is all that it means.
    Telling(Telling),
    /// A conversation has come so far; what happened stands in the database.
    Position { conversation: ConversationId, rev: Rev },
    /// Something for all connections of an account.
    Account { account: AccountId, frame: ServerFrame },
    /// Something that may be lost, for every connection.
    Everyone { frame: ServerFrame },
    /// Something that may be lost, for those who hear the conversation.
    Ephemeral { conversation: ConversationId, except: Option<AccountId>, frame: ServerFrame },
    /// A session was ended.
    EndSession { session: SessionId },
    /// An account's sessions were ended, except one.
    EndAccount { account: AccountId, except: Option<SessionId> },
    /// These are connected to the node that says so; repeated every so often.
    Online { present: Vec<Present> },
    /// These are not connected to it any more.
    Offline { accounts: Vec<AccountId> },
    /// Something for these accounts could not be said: their connections should ask afresh. All of them without a list.
    Missed { accounts: Option<Vec<AccountId>> },
    /// Something that every node keeps a copy of was set.
    Settings,
    /// The node lives.
    Beat,
    /// The node stops in an orderly way.
    Leaving,
}

impl Hint {
    /// What to say instead of a hint that is too long to be carried. Nothing: it may be lost.
    pub fn shortened(&self) -> Vec<Hint> {
        let missed = |accounts: Vec<AccountId>| Hint::Missed { accounts: Some(accounts) };
        match self {
            Hint::Telling(telling) => {
                let mut hints = vec![Hint::Position { conversation: telling.conversation, rev: telling.rev }];
                let concerned: Vec<AccountId> = telling
                    .steps
                    .iter()
                    .filter_map(|step| match step {
                        Step::Tell { account, .. } | Step::Join { account } => Some(*account),
                        Step::Publish { .. } | Step::Leave { .. } => None,
                    })
                    .collect();
                if !concerned.is_empty() {
                    hints.push(missed(concerned));
                }
                hints
            }
            Hint::Account { account, .. } => vec![missed(vec![*account])],
            _ => Vec::new(),
        }
    }

    /// The accounts that miss something for good when this is not carried: what belongs to a conversation is found in the
    /// database by its number, this is not.
    pub fn missed_by(&self) -> Vec<AccountId> {
        match self {
            Hint::Account { account, .. } => vec![*account],
            Hint::Telling(telling) => telling
                .steps
                .iter()
                .filter_map(|step| match step {
                    Step::Tell { account, .. } => Some(*account),
                    _ => None,
                })
                .collect(),
            Hint::Missed { accounts } => accounts.clone().unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

/// A hint that came.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who says it.
    pub node: NodeId,
    /// Every node numbers what it says, so that others notice what was lost.
    pub number: u64,
    /// `None` when it says something that this version does not know.
    pub hint: Option<Hint>,
}

/// The parts of an envelope that every version can read.
#[derive(Deserialize)]
struct Outside {
    v: u32,
    node: NodeId,
    n: u64,
}

#[derive(Deserialize)]
struct Inside {
    hint: Hint,
}

/// A hint that goes, as it travels: numbered by its node. Empty in the impossible case that it cannot be written, and then
/// it is as good as lost.
pub fn write(node: NodeId, number: u64, hint: &Hint) -> Vec<u8> {
    #[derive(Serialize)]
    struct Outgoing<'a> {
        v: u32,
        node: NodeId,
        n: u64,
        hint: &'a Hint,
    }
    serde_json::to_vec(&Outgoing { v: VERSION, node, n: number, hint }).unwrap_or_default()
}

impl Envelope {
    /// Reads an envelope; `None` when it is none. What is inside may be of a version that says other things.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let outside: Outside = serde_json::from_slice(bytes).ok()?;
        let inside = serde_json::from_slice(bytes).ok().filter(|_| outside.v == VERSION);
        let hint = inside.map(|Inside { hint }| hint);
        Some(Self { node: outside.node, number: outside.n, hint })
    }
}
