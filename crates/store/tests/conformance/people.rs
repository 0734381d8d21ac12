//! People, rooms and messages for the stories about the nouns, made in a line each.

use crate::notes::silent;
use protocol::{
    AccountId, AccountKind, AccountRole, ConversationId, MembershipRole, MembershipState, Message, MessageId,
    Timestamp,
};
use store::{
    Lane, Result, Store, Tx, accounts, accounts::NewAccount, conversations, memberships, messages,
    messages::NewMessage,
};

/// The moment at which everything happens unless a story says otherwise.
pub(crate) const NOW: Timestamp = Timestamp(1_000_000);

/// The first two accounts of a database: smaller numbers are kept for guests of clients that know people by such.
pub(crate) const FIRST: AccountId = AccountId(1001);
pub(crate) const SECOND: AccountId = AccountId(1002);

/// A limit that no story reaches.
pub(crate) const ALL: i64 = 1_000;

/// Runs a story in a transaction. A panic in it (an assertion that does not hold) comes out here.
pub(crate) async fn run<T: Send + 'static>(
    store: &Store,
    story: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
) -> T {
    store.write(Lane::Any, story, silent).await.unwrap()
}

/// What an account with this name is made from.
pub(crate) fn new_account(name: &str) -> NewAccount {
    NewAccount {
        username: name.to_owned(),
        username_skeleton: format!("skeleton of {}", name.to_lowercase()),
        username_key: name.to_lowercase(),
        display_name: format!("The {name}"),
        display_name_key: format!("the {}", name.to_lowercase()),
        email: Some(format!("{}@example.org", name.to_lowercase())),
        password_hash: Some(format!("hash of {name}")),
        kind: AccountKind::Person,
        role: AccountRole::Member,
        particulars: accounts::Particulars::default(),
        created_at: NOW,
    }
}

pub(crate) fn person(tx: &mut Tx<'_>, name: &str) -> Result<AccountId> {
    accounts::insert(tx, &new_account(name))
}

/// A room with its owner.
pub(crate) fn room(tx: &mut Tx<'_>, name: &str, owner: AccountId) -> Result<ConversationId> {
    let id = conversations::insert_room(tx, name, "", owner, NOW)?;
    memberships::put(tx, id, owner, MembershipRole::Owner, MembershipState::Active, 1, NOW)?;
    Ok(id)
}

/// A direct chat of two.
pub(crate) fn direct(tx: &mut Tx<'_>, one: AccountId, two: AccountId) -> Result<ConversationId> {
    let id = conversations::insert_direct(tx, &format!("{one}:{two}"), one, NOW)?.unwrap();
    for account in [one, two] {
        memberships::put(tx, id, account, MembershipRole::Member, MembershipState::Active, 1, NOW)?;
    }
    Ok(id)
}

/// Makes somebody a member, which is a change of the room.
pub(crate) fn join(tx: &mut Tx<'_>, room: ConversationId, account: AccountId) -> Result<i64> {
    let rev = conversations::raise(tx, room, 0)?.unwrap().rev;
    memberships::put(tx, room, account, MembershipRole::Member, MembershipState::Active, rev, NOW)?;
    Ok(rev)
}

/// Posts a message; its cid is its text.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    room: ConversationId,
    author: AccountId,
    text: &str,
) -> Result<MessageId> {
    let raised = conversations::raise(tx, room, 1)?.unwrap();
    let new = NewMessage {
        conversation_id: room,
        seq: raised.last_seq,
        rev: raised.rev,
        author_id: author,
        dialect: None,
        cid: text,
        body_hash: text.as_bytes(),
        body: text,
        reply_to: None,
        created_at: NOW,
    };
    messages::insert(tx, &new).map(Option::unwrap)
}

pub(crate) fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_deref().unwrap_or("(deleted)")).collect()
}
