//! Doubt: what to do when nobody knows whether a transaction was stored. The connection to the database can break while it
//! commits; then the caller hears `unavailable`, and nobody is told of a change that may well be there: a member who was
//! removed would go on listening. So what was concerned is noted, and when the database answers again, who listens is
//! compared with what is stored.

use crate::{Chat, Error, Result};
use faults::Bug;
use protocol::{AccountId, ConversationId, ErrorCode, Rev, ids::GENERAL};
use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};
use store::Lane;

/// More doubts than this are one doubt about everything. An outage in a busy house leaves some hundreds.
const DOUBTS_MAX: usize = 10_000;
/// So many are looked at in one go: the first moments after an outage belong to people.
const AT_ONCE: usize = 50;

/// What is in doubt.
#[derive(Default)]
pub(crate) struct Doubts(Mutex<HashSet<Lane>>);

impl Doubts {
    pub(crate) fn note(&self, lane: Lane) {
        if faults::has(Bug::DoubtsForgotten) {
            return;
        }
        let mut doubts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if doubts.len() < DOUBTS_MAX {
            doubts.insert(lane);
        } else {
            doubts.clear();
            doubts.insert(Lane::Any);
        }
    }

    fn some(&self) -> Vec<Lane> {
        let doubts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        doubts.iter().copied().take(AT_ONCE).collect()
    }

    fn forget(&self, lane: Lane) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&lane);
    }
}

/// Settles what is in doubt, as far as the database answers. Every connection that may have been told too little asks for
/// what it missed, or comes back.
pub(crate) async fn settle(chat: &Chat) {
    for lane in chat.doubts().some() {
        // Forgotten first: a doubt that comes up meanwhile is a new one.
        chat.doubts().forget(lane);
        let settled = match lane {
            Lane::Conversation(id) => settle_conversation(chat, id).await,
            // Signing out, starting chats, making rooms: rare enough to let the account's connections come back.
            Lane::Account(account) => settle_account(chat, account).await,
            Lane::Any => settle_everything(chat).await,
        };
        if let Err(error) = settled {
            tracing::debug!(code = error.code.as_str(), "a doubt stays");
            chat.doubts().note(lane);
            return;
        }
    }
}

/// Goes the way of the conversation's other changes, so that it is neither before nor after a change that it did not see.
pub(crate) async fn settle_conversation(chat: &Chat, id: ConversationId) -> Result<()> {
    let hub = chat.hub().clone();
    let look = move |tx: &mut store::Tx<'_>| -> Result<Option<Standing>> {
        let Some(raised) = store::conversations::lock_head(tx, id)? else { return Ok(None) };
        let members = if id == GENERAL { None } else { Some(store::memberships::active_ids(tx, id)?) };
        Ok(Some(Standing { head: raised, members }))
    };
    let here = chat.clone();
    let tell = move |standing: &Option<Standing>| {
        if let Some(Standing { head, members }) = standing
            && !hub.reconcile(id, *head, members.as_deref())
        {
            // Another node's later change overtook this look.
            here.doubts().note(Lane::Conversation(id));
        }
    };
    chat.store().write(Lane::Conversation(id), look, tell).await.map(drop)
}

struct Standing {
    head: Rev,
    members: Option<Vec<AccountId>>,
}

async fn settle_account(chat: &Chat, account: AccountId) -> Result<()> {
    let hub = chat.hub().clone();
    chat.store().write(Lane::Account(account), answers, move |()| hub.send_back(Some(account))).await
}

async fn settle_everything(chat: &Chat) -> Result<()> {
    let hub = chat.hub().clone();
    chat.store().write(Lane::Any, answers, move |()| hub.send_back(None)).await
}

/// Nobody is sent back to a database that does not answer.
fn answers(tx: &mut store::Tx<'_>) -> Result<()> {
    store::meta::get(tx, "epoch")?;
    Ok(())
}

/// Whether this refusal leaves it open what is stored.
pub(crate) fn is_open(error: &Error) -> bool {
    error.code == ErrorCode::Unavailable
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;
    use crate::{Caller, Client, Clock, Limits, Options, accounts, auth, conversations, invites, sync};
    use protocol::{
        ConversationKind, MembershipRole, MembershipState, ServerFrame,
        api::{CreateConversation, CreateInvite, Registration, SignUp},
    };
    use realtime::{CloseReason, Delivery, Hub, Listener};
    use store::testing::TestDatabase;

    fn client() -> Client {
        Client { ip: [127, 0, 0, 1].into(), user_agent: None }
    }

    async fn somebody(chat: &Chat, name: &str) -> Caller {
        let (username, password) = (name.to_owned(), format!("{name}'s long password"));
        let with = SignUp { username, password, email: None, display_name: None, invite: None };
        let token = accounts::sign_up(chat, &client(), with).await.unwrap().token;
        auth::authenticate(chat, &token).await.unwrap()
    }

    async fn listener(chat: &Chat, caller: &Caller) -> Listener {
        sync::connect(chat, caller, None).await.unwrap().listener
    }

    /// Waits for a lag of this conversation or the end.
    async fn lag_or_end(listener: &Listener, id: ConversationId) -> Result<Rev, CloseReason> {
        loop {
            match listener.next().await {
                Delivery::Closed(reason) => return Err(reason),
                Delivery::Frames(frames) => {
                    for told in frames.iter() {
                        if let ServerFrame::Lag(lag) = &told.frame
                            && lag.conversation == id
                        {
                            return Ok(lag.head);
                        }
                    }
                }
            }
        }
    }

    #[tokio::test]
    async fn when_a_commit_is_in_doubt_members_ask_again_and_who_was_removed_hears_no_more() {
        let database = TestDatabase::sqlite();
        let options = Options {
            limits: Limits { password_memory_kib: 64, password_passes: 1, ..Limits::default() },
            registration: Registration::Open,
            public_url: "http://parlor.test".into(),
            server_name: "Parlor".into(),
            sign_in_with: Vec::new(),
            version: "test".into(),
            clock: Clock::System,
            seen: None,
        };
        let hub = Hub::new(realtime::Limits::default());
        let chat = Chat::start(database.open().unwrap(), hub, options).await.unwrap();
        let (ann, bob, cem) =
            (somebody(&chat, "ann").await, somebody(&chat, "bob").await, somebody(&chat, "cem").await);
        let room = CreateConversation {
            kind: ConversationKind::Room,
            name: Some("Den".into()),
            description: None,
            account_id: None,
        };
        let id = conversations::create(&chat, &ann, room).await.unwrap().0.conversation.details.id;
        let straight = CreateInvite { needs_approval: false, ..CreateInvite::default() };
        let code = invites::create(&chat, &ann, id, straight).await.unwrap().code.unwrap();
        invites::join(&chat, &bob, &client(), &code).await.unwrap();
        let (of_ann, of_bob, of_cem) =
            (listener(&chat, &ann).await, listener(&chat, &bob).await, listener(&chat, &cem).await);

        // As if these had been committed and nobody had been told.
        let (bob_id, cem_id, now) = (bob.account.id, cem.account.id, chat.now());
        let behind_the_back = move |tx: &mut store::Tx<'_>| -> Result<Rev> {
            let rev = store::conversations::raise(tx, id, 0)?.unwrap().rev;
            let (role, left, active) =
                (MembershipRole::Member, MembershipState::Left, MembershipState::Active);
            store::memberships::put(tx, id, bob_id, role, left, rev, now)?;
            store::memberships::put(tx, id, cem_id, role, active, rev, now)?;
            Ok(rev)
        };
        let rev = chat.store().write(Lane::Conversation(id), behind_the_back, |_| {}).await.unwrap();
        chat.doubts().note(Lane::Conversation(id));
        assert_eq!(lag_or_end(&of_ann, id).await, Ok(rev));
        assert_eq!(lag_or_end(&of_bob, id).await, Err(CloseReason::Unsure));
        assert_eq!(lag_or_end(&of_cem, id).await, Err(CloseReason::Unsure), "to come back as a member");
        assert!(chat.doubts().some().is_empty());

        chat.doubts().note(Lane::Account(ann.account.id));
        assert_eq!(lag_or_end(&of_ann, id).await, Err(CloseReason::Unsure));
    }

    #[test]
    fn too_many_doubts_are_one_about_everything() {
        let doubts = Doubts::default();
        for number in 0..=DOUBTS_MAX {
            doubts.note(Lane::Account(AccountId(number.try_into().unwrap())));
        }
        assert_eq!(doubts.some(), [Lane::Any]);
    }
}
