//! A house with people in it, written by the store itself: signing thousands up would be hours of hashing passwords.

use crate::Outcome;
use protocol::{
    AccountId, AccountKind, AccountRole, ConversationId, MembershipRole, MembershipState, Timestamp,
};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::{
    Database, Error, Lane, Store, StoreOptions, Tx,
    accounts::{NewAccount, Particulars},
    messages::NewMessage,
    sessions::NewSession,
};

/// Rows that are written in one transaction.
const BATCH_LEN: usize = 2000;
/// No measuring takes longer than the sessions last.
const SESSION: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Who there is, and which rooms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) accounts: usize,
    pub(crate) rooms: Vec<RoomPlan>,
}

/// A room.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomPlan {
    /// Accounts, counted from 0; the first owns the room.
    pub(crate) members: Vec<usize>,
    /// What was said there before.
    pub(crate) messages: usize,
}

/// What was made of a plan.
#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) database: Database,
    /// The session token of each account.
    pub(crate) tokens: Vec<String>,
    pub(crate) rooms: Vec<ConversationId>,
}

/// Writes a plan into a database. In one that has rows already, those stay.
pub(crate) fn build(database: Database, plan: &Plan) -> Outcome<House> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let limits = StoreOptions { database: database.clone(), readers: 1, queue_len_max: 64, batch_len_max: 1 };
    let store = Store::open(limits)?;
    let built = runtime.block_on(async {
        let (accounts, tokens) = people(&store, plan.accounts).await?;
        let mut rooms = Vec::new();
        for room in &plan.rooms {
            rooms.push(open_room(&store, room, &accounts).await?);
        }
        Ok(House { database, tokens, rooms })
    });
    store.close();
    built
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

async fn write<T: Send + 'static>(
    store: &Store,
    write: impl FnMut(&mut Tx<'_>) -> store::Result<T> + Send + 'static,
) -> Outcome<T> {
    Ok(store.write::<T, Error>(Lane::Any, write, |_| {}).await?)
}

/// Accounts with a session each.
async fn people(store: &Store, count: usize) -> Outcome<(Vec<AccountId>, Vec<String>)> {
    // In a database with rows already, the names of another run are taken.
    let run = now().0;
    let (mut accounts, mut tokens) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let numbers: Vec<usize> = (0..count).collect();
    for batch in numbers.chunks(BATCH_LEN) {
        let batch = batch.to_vec();
        let made = write(store, move |tx| {
            batch.iter().map(|number| person(tx, run, *number)).collect::<store::Result<Vec<_>>>()
        });
        for (account, token) in made.await? {
            accounts.push(account);
            tokens.push(token);
        }
    }
    Ok((accounts, tokens))
}

fn person(tx: &mut Tx<'_>, run: i64, number: usize) -> store::Result<(AccountId, String)> {
    let created_at = now();
    let name = format!("bench_{run}_{number}");
    let account = store::accounts::insert(
        tx,
        &NewAccount {
            username: name.clone(),
            username_skeleton: name.clone(),
            username_key: name.clone(),
            display_name: format!("bench_{number:06}"),
            display_name_key: name.clone(),
            email: None,
            password_hash: None,
            kind: AccountKind::Person,
            role: AccountRole::Member,
            particulars: Particulars::default(),
            created_at,
        },
    )?;
    let token = format!("parlor_{name}");
    store::sessions::insert(
        tx,
        &NewSession {
            account_id: account,
            token_hash: Some(Sha256::digest(token.as_bytes()).to_vec()),
            kind: "opaque",
            user_agent: None,
            ip: None,
            created_at,
            expires_at: Timestamp(created_at.0 + i64::try_from(SESSION.as_millis()).unwrap_or(i64::MAX)),
        },
    )?;
    Ok((account, token))
}

async fn open_room(store: &Store, plan: &RoomPlan, accounts: &[AccountId]) -> Outcome<ConversationId> {
    let members: Option<Vec<AccountId>> =
        plan.members.iter().map(|number| accounts.get(*number).copied()).collect();
    let members = members.ok_or("a room for somebody who is not there")?;
    let owner = *members.first().ok_or("a room without members")?;
    let room = write(store, move |tx| room_with(tx, owner, &members)).await?;
    for from in (0..plan.messages).step_by(BATCH_LEN) {
        let to = plan.messages.min(from + BATCH_LEN);
        write(store, move |tx| (from..to).try_for_each(|number| message(tx, room, owner, number))).await?;
    }
    Ok(room)
}

fn room_with(tx: &mut Tx<'_>, owner: AccountId, members: &[AccountId]) -> store::Result<ConversationId> {
    let now = now();
    let room = store::conversations::insert_room(tx, "Benchmark", "", owner, now)?;
    for (index, member) in members.iter().enumerate() {
        // The making of the room is its first change, and its owner is part of it.
        let (role, rev) = if index == 0 {
            (MembershipRole::Owner, 1)
        } else {
            let raised = store::conversations::raise(tx, room, 0)?.ok_or(Error::Missing)?;
            (MembershipRole::Member, raised.rev)
        };
        store::memberships::put(tx, room, *member, role, MembershipState::Active, rev, now)?;
    }
    Ok(room)
}

fn message(tx: &mut Tx<'_>, room: ConversationId, author: AccountId, number: usize) -> store::Result<()> {
    let raised = store::conversations::raise(tx, room, 1)?.ok_or(Error::Missing)?;
    let body = crate::generator::talk::text();
    let new = NewMessage {
        conversation_id: room,
        seq: raised.last_seq,
        rev: raised.rev,
        author_id: author,
        dialect: None,
        cid: &format!("before-{number}"),
        body_hash: &Sha256::digest(body.as_bytes()),
        body: &body,
        reply_to: None,
        created_at: now(),
    };
    store::messages::insert(tx, &new)?;
    store::receipts::grow(tx, room, author, raised.last_seq).map(drop)
}
