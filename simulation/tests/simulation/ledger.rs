//! What is known of the truth while a world runs: who was in which conversation from which change to which, what was asked for
//! and answered when, and which laws were broken on the way.

use protocol::{AccountId, ConversationId, MessageId, Rev, Seq, ids::GENERAL};
use std::collections::BTreeMap;
use store::{MemoryDatabase, Tx, params};

/// A message that somebody wanted to send.
#[derive(Clone, Debug)]
pub struct Sent {
    pub account: AccountId,
    pub conversation: ConversationId,
    pub body: String,
    /// When it was sent first, by the ledger's count.
    pub invoked: u64,
    /// How often it was sent.
    pub attempts: u64,
    pub answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Stored {
        id: MessageId,
        seq: Seq,
        at: u64,
    },
    /// Refused for good when it was sent for the first time, or later, when an earlier attempt may have been stored.
    Refused {
        is_sure: bool,
    },
}

#[derive(Default)]
pub struct Ledger {
    count: u64,
    /// The last change of who is where that was read.
    read: i64,
    /// From which change on somebody is in a conversation or out of it.
    standing: BTreeMap<(ConversationId, AccountId), Vec<(Rev, bool)>>,
    pub sent: BTreeMap<String, Sent>,
    /// So many changes came to clients.
    pub heard: usize,
    /// Messages that were sent again and had been stored the first time.
    pub repeated: usize,
    /// Messages whose deletion was acknowledged, and when.
    pub deleted: BTreeMap<MessageId, u64>,
    pub broken: Vec<String>,
}

impl Ledger {
    /// One that reads from now on who comes and goes in this database.
    pub fn of(database: &MemoryDatabase) -> Self {
        keep_moves(database);
        Self::default()
    }

    /// A moment after all before it.
    pub fn now(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// Notes that a law was broken.
    pub fn accuse(&mut self, what: String) {
        self.broken.push(what);
    }

    /// Reads who came and went, after a commit.
    pub fn look(&mut self, database: &MemoryDatabase) {
        let read = self.read;
        for (number, conversation, account, is_in, rev) in database.look(|tx| moves(tx, read)).unwrap() {
            self.read = number;
            let standing = self.standing.entry((conversation, account)).or_default();
            if standing.last().is_none_or(|(last, _)| *last < rev) {
                standing.push((rev, is_in));
            }
        }
    }

    /// Notes that something of a conversation came to a client.
    pub fn heard(&mut self, who: &str, account: AccountId, conversation: ConversationId, rev: Rev) {
        self.heard += 1;
        if !self.may_hear(conversation, account, rev) {
            self.accuse(format!("{who} was told change {rev} of {conversation}, where they were not"));
        }
    }

    /// Whether somebody may hear a change now: who was in when it happened, who went or came with it, and who came in later, for
    /// whom it is history.
    fn may_hear(&self, conversation: ConversationId, account: AccountId, rev: Rev) -> bool {
        if conversation == GENERAL {
            return true;
        }
        let standing = self.standing.get(&(conversation, account));
        standing.is_some_and(|standing| {
            standing.iter().any(|(since, is_in)| *since == rev || (*is_in && *since > rev))
        }) || self.is_in(conversation, account, rev)
    }

    /// Whether somebody was in a conversation when a change was made that is not of who is in.
    pub fn is_in(&self, conversation: ConversationId, account: AccountId, rev: Rev) -> bool {
        let standing = self.standing.get(&(conversation, account)).map(Vec::as_slice).unwrap_or_default();
        let before = standing.iter().rev().find(|(since, _)| *since < rev);
        conversation == GENERAL || before.is_some_and(|(_, is_in)| *is_in)
    }

    pub fn sent_again(&mut self, cid: &str) {
        self.sent.get_mut(cid).unwrap().attempts += 1;
    }

    /// Notes an acknowledgement.
    pub fn stored(&mut self, cid: &str, id: MessageId, seq: Seq) {
        let at = self.now();
        let sent = self.sent.get_mut(cid).unwrap();
        match sent.answer {
            Some(Answer::Stored { id: first, seq: number, .. }) if (first, number) != (id, seq) => {
                let what =
                    format!("{cid} was acknowledged as {first} number {number} and as {id} number {seq}");
                self.accuse(what);
            }
            Some(Answer::Refused { is_sure: true }) => {
                self.accuse(format!("{cid} was refused for good and then acknowledged"));
            }
            Some(_) => {}
            None => sent.answer = Some(Answer::Stored { id, seq, at }),
        }
    }

    /// Notes a refusal for good.
    pub fn refused(&mut self, cid: &str) {
        let sent = self.sent.get_mut(cid).unwrap();
        let is_sure = sent.attempts == 1;
        sent.answer.get_or_insert(Answer::Refused { is_sure });
    }
}

/// Lets a database write down every change of who is in, also one that the same commit takes back: it is told, too.
fn keep_moves(database: &MemoryDatabase) {
    let statements = [
        "CREATE TABLE moves (number INTEGER PRIMARY KEY, conversation_id, account_id, state, rev)",
        "CREATE TRIGGER moves_in AFTER INSERT ON memberships WHEN NEW.rev > 0 BEGIN
           INSERT INTO moves (conversation_id, account_id, state, rev)
           VALUES (NEW.conversation_id, NEW.account_id, NEW.state, NEW.rev); END",
        "CREATE TRIGGER moves_on AFTER UPDATE ON memberships WHEN NEW.rev > OLD.rev BEGIN
           INSERT INTO moves (conversation_id, account_id, state, rev)
           VALUES (NEW.conversation_id, NEW.account_id, NEW.state, NEW.rev); END",
    ];
    for statement in statements {
        database.look(|tx| tx.execute(statement, params![])).unwrap();
    }
}

type Row = (i64, ConversationId, AccountId, bool, Rev);

fn moves(tx: &mut Tx<'_>, after: i64) -> store::Result<Vec<Row>> {
    tx.query(
        "SELECT number, conversation_id, account_id, state, rev FROM moves WHERE number > $1 ORDER BY number",
        params![after],
        |row| {
            let state: String = row.get(3)?;
            Ok((
                row.get(0)?,
                ConversationId(row.get(1)?),
                AccountId(row.get(2)?),
                state == "active",
                row.get(4)?,
            ))
        },
    )
}
