//! Conversations: the sidebar, starting direct chats, making and changing rooms.

use crate::{
    Caller, Chat, Error, Result, change::Stop, invites, invites::Draft, permissions::Action, standing, text,
};
use protocol::{
    Account, AccountId, AccountKind, ConversationDetails, ConversationId, ConversationKind,
    ConversationSummary, ErrorCode, Event, Invite, MembershipRole, MembershipState, ServerFrame, Timestamp,
    api::{ConversationList, CreateConversation, CreateInvite, CreatedConversation, UpdateConversation},
    frame::MembershipNotice,
};
use realtime::{Hub, Step, Telling};
use store::{Lane, Tx};

/// A conversation as an account sees it, its last message included; the account's standing was checked before.
pub(crate) fn summary(
    tx: &mut Tx<'_>,
    account: &Account,
    id: ConversationId,
) -> Result<Option<ConversationSummary>> {
    let Some(mut summary) = store::conversations::summary_of(tx, account.id, id)? else { return Ok(None) };
    let below = ConversationId(id.0 - 1);
    summary.last_message = store::messages::last_of_each(tx, account.id, below, id)?.remove(&id);
    Ok(Some(dress(account, summary)))
}

/// A page of the sidebar.
pub(crate) fn summaries(
    tx: &mut Tx<'_>,
    account: &Account,
    after: ConversationId,
    limit: i64,
) -> Result<Vec<ConversationSummary>> {
    let mut all = store::conversations::summaries(tx, account.id, after, limit)?;
    let Some(upto) = all.last().map(|summary| summary.details.id) else { return Ok(all) };
    let mut last = store::messages::last_of_each(tx, account.id, after, upto)?;
    for summary in &mut all {
        summary.last_message = last.remove(&summary.details.id);
    }
    Ok(all.into_iter().map(|summary| dress(account, summary)).collect())
}

/// Administrators are the moderators of General, where roles have no row.
fn dress(account: &Account, mut summary: ConversationSummary) -> ConversationSummary {
    if summary.details.kind == ConversationKind::General
        && account.role == protocol::AccountRole::Administrator
    {
        summary.role = MembershipRole::Moderator;
    }
    summary
}

/// The caller's conversations by id, and the requests that wait.
pub async fn list(
    chat: &Chat,
    caller: &Caller,
    after: Option<ConversationId>,
    limit: Option<i64>,
) -> Result<ConversationList> {
    let account = caller.account.clone();
    let most = chat.limits().memberships_per_account_max;
    let limit = limit.unwrap_or(most).clamp(1, most);
    let after = after.unwrap_or(ConversationId(0));
    chat.read(move |tx| {
        let mut conversations = summaries(tx, &account, after, limit + 1)?;
        let has_more = crate::page::cut(&mut conversations, limit);
        let requests = store::memberships::requests_of(tx, account.id, most)?;
        Ok(ConversationList { conversations, requests, has_more })
    })
    .await
}

/// One of the caller's conversations. Errors: `not_a_member`.
pub async fn get(chat: &Chat, caller: &Caller, id: ConversationId) -> Result<ConversationSummary> {
    let caller = caller.clone();
    chat.read(move |tx| {
        standing::require(tx, &caller, id)?;
        summary(tx, &caller.account, id)?.ok_or_else(|| ErrorCode::NotAMember.into())
    })
    .await
}

/// Starts a direct chat or makes a room; says whether it was made now. Two people who start the same chat at once get
/// the same one. A new room comes with its first invite.
///
/// Errors: `invalid_request`, `not_found`, `wrong_kind`, `limit_reached`, `rate_limited`.
pub async fn create(
    chat: &Chat,
    caller: &Caller,
    with: CreateConversation,
) -> Result<(CreatedConversation, bool)> {
    chat.throttles().rooms(caller.account.id)?;
    if with.kind == ConversationKind::Room {
        caller.must_not_be_guest()?;
    }
    match with.kind {
        ConversationKind::General => Err(Error::new(ErrorCode::WrongKind).because("There is one General.")),
        ConversationKind::Direct => create_direct(chat, caller, with.account_id).await,
        ConversationKind::Room => create_room(chat, caller, with).await,
    }
}

/// A conversation that was made, as each of its first members sees it.
struct Made {
    id: ConversationId,
    members: Vec<(AccountId, ConversationSummary)>,
    invite: Option<Invite>,
    is_new: bool,
}

impl Made {
    /// Each learns of the conversation before hearing anything in it.
    fn tell(&self, hub: &Hub) {
        let mut steps = Vec::new();
        for (account, summary) in &self.members {
            let notice = MembershipNotice {
                conversation: self.id,
                state: MembershipState::Active,
                summary: Some(summary.clone()),
                request: None,
            };
            steps.push(Step::Tell { account: *account, frame: ServerFrame::Membership(notice) });
            steps.push(Step::Join { account: *account });
        }
        // Making a conversation is its change number 1.
        hub.tell(Telling { conversation: self.id, rev: 1, steps });
    }

    fn answer(self, to: AccountId) -> Result<(CreatedConversation, bool)> {
        let own = self.members.into_iter().find(|(account, _)| *account == to);
        let (_, conversation) = own.ok_or(ErrorCode::Internal)?;
        Ok((CreatedConversation { conversation, invite: self.invite }, self.is_new))
    }
}

/// What the direct chat of two is found by.
pub(crate) fn direct_key(one: AccountId, other: AccountId) -> String {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    format!("{low}:{high}")
}

/// The caller's direct chat with somebody, for clients that name the person with each message: it is begun with the first
/// and found for the others, which do not count as beginning one.
///
/// Errors: as `create`.
pub async fn direct_with(chat: &Chat, caller: &Caller, other: AccountId) -> Result<ConversationId> {
    if let Some(id) = find_direct(chat, caller, other).await? {
        return Ok(id);
    }
    chat.throttles().rooms(caller.account.id)?;
    let (made, _) = create_direct(chat, caller, Some(other)).await?;
    Ok(made.conversation.details.id)
}

/// The caller's direct chat with somebody, if they ever began one.
pub async fn find_direct(chat: &Chat, caller: &Caller, other: AccountId) -> Result<Option<ConversationId>> {
    let me = caller.account.id;
    let key = direct_key(me, other);
    let found = chat.read(move |tx| Ok(store::conversations::by_direct_key(tx, &key)?)).await?;
    if let Some(id) = found {
        join_both(chat, id, [me, other]);
    }
    Ok(found)
}

/// A direct chat may have been made by a commit of which nobody heard. Nobody leaves one, so joining is never wrong.
fn join_both(chat: &Chat, id: ConversationId, both: [AccountId; 2]) {
    for account in both {
        chat.hub().join(account, id);
    }
}

async fn create_direct(
    chat: &Chat,
    caller: &Caller,
    with: Option<AccountId>,
) -> Result<(CreatedConversation, bool)> {
    let other =
        with.ok_or_else(|| Error::invalid("account_id", "A direct chat needs somebody to talk to."))?;
    let me = caller.account.id;
    if other == me {
        return Err(Error::invalid("account_id", "A direct chat is with somebody else."));
    }
    let (low, key) = (me.min(other), direct_key(me, other));
    let (caller, now, hub) = (caller.clone(), chat.now(), chat.hub().clone());
    let most = chat.limits().memberships_per_account_max;
    let made = chat
        .change(
            // Both sides' starts go through one lane.
            Lane::Account(low),
            move |tx| {
                let other = store::accounts::get(tx, other)?.ok_or(ErrorCode::NotFound)?;
                if (other.kind == AccountKind::Guest) != (caller.account.kind == AccountKind::Guest) {
                    // Whoever gives a guest's name tomorrow would read what was written to the guest today.
                    let why = "Guests have private chats with guests only: nobody knows who they are.";
                    return Err(Error::new(ErrorCode::Forbidden).because(why).into());
                }
                let Some(id) = store::conversations::insert_direct(tx, &key, me, now)? else {
                    let id = store::conversations::by_direct_key(tx, &key)?.ok_or(store::Error::Missing)?;
                    return Err(Stop::unchanged(seen_by(tx, id, &[&caller.account], false)?));
                };
                if other.deactivated_at.is_some() {
                    return Err(ErrorCode::NotFound.into());
                }
                if store::memberships::count_of(tx, me)? >= most {
                    return Err(too_many().into());
                }
                for account in [me, other.id] {
                    let (role, state) = (MembershipRole::Member, MembershipState::Active);
                    store::memberships::put(tx, id, account, role, state, 1, now)?;
                }
                Ok(seen_by(tx, id, &[&caller.account, &other], true)?)
            },
            move |made: &Made| made.tell(&hub),
        )
        .await?;
    if !made.is_new {
        join_both(chat, made.id, [me, other]);
    }
    made.answer(me)
}

fn seen_by(tx: &mut Tx<'_>, id: ConversationId, accounts: &[&Account], is_new: bool) -> Result<Made> {
    let mut members = Vec::new();
    for account in accounts {
        let summary = summary(tx, account, id)?.ok_or(ErrorCode::NotAMember)?;
        members.push((account.id, summary));
    }
    Ok(Made { id, members, invite: None, is_new })
}

fn too_many() -> Error {
    Error::too_many("You are in as many conversations as one can be.")
}

async fn create_room(
    chat: &Chat,
    caller: &Caller,
    with: CreateConversation,
) -> Result<(CreatedConversation, bool)> {
    let name = room_name(chat, with.name.as_deref().unwrap_or_default())?;
    let description = room_description(chat, with.description.as_deref().unwrap_or_default())?;
    let invite = Draft::new(chat, caller, &CreateInvite::default())?;
    let me = caller.account.id;
    let (caller, now, hub) = (caller.clone(), chat.now(), chat.hub().clone());
    let most = chat.limits().memberships_per_account_max;
    let stored = invite.clone();
    let mut made = chat
        .change(
            Lane::Account(me),
            move |tx| {
                if store::memberships::count_of(tx, me)? >= most {
                    return Err(too_many().into());
                }
                let id = store::conversations::insert_room(tx, &name, &description, me, now)?;
                store::memberships::put(tx, id, me, MembershipRole::Owner, MembershipState::Active, 1, now)?;
                let invite = stored.insert(tx, id)?;
                invites::written_down(tx, now, &caller, "invite.created", invite.id, id)?;
                Ok(Made { invite: Some(invite), ..seen_by(tx, id, &[&caller.account], true)? })
            },
            move |made: &Made| made.tell(&hub),
        )
        .await?;
    made.invite = made.invite.map(|stored| invite.show(stored));
    made.answer(me)
}

fn room_name(chat: &Chat, name: &str) -> Result<String> {
    text::line("name", name, chat.limits().room_name_chars_max)
}

fn room_description(chat: &Chat, description: &str) -> Result<String> {
    text::line_or_empty("description", description, chat.limits().description_chars_max)
}

/// Changes a room's name and description (owner and moderators) or closes and opens it for writing (owner). General can
/// be renamed by administrators.
///
/// Errors: `not_a_member`, `forbidden`, `wrong_kind`, `conversation_archived`, `invalid_request`.
pub async fn update(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    with: UpdateConversation,
) -> Result<ConversationDetails> {
    let name = with.name.as_deref().map(|name| room_name(chat, name)).transpose()?;
    let description = with.description.as_deref().map(|text| room_description(chat, text)).transpose()?;
    let (caller, now, hub) = (caller.clone(), chat.now(), chat.hub().clone());
    chat.change(
        Lane::Conversation(id),
        move |tx| {
            let raised = store::conversations::raise(tx, id, 0)?.ok_or(ErrorCode::NotAMember)?;
            let standing = standing::require(tx, &caller, id)?;
            if standing.kind == ConversationKind::Direct {
                return Err(ErrorCode::WrongKind.into());
            }
            let before = store::conversations::get(tx, id)?.ok_or(store::Error::Missing)?;
            if name.is_some() || description.is_some() {
                standing.must(Action::Describe)?;
            }
            if with.archived.is_some() {
                standing.must_be_room()?;
                standing.must(Action::Archive)?;
            }
            let only_archives = name.is_none() && description.is_none();
            if with.archived != Some(false) && !only_archives {
                standing.must_be_open()?;
            }
            let archived_at = archived(&before, with.archived, now);
            let new_name = name.clone().or(before.name.clone());
            let new_description = description.as_ref().unwrap_or(&before.description);
            if new_name == before.name
                && *new_description == before.description
                && archived_at == before.archived_at
            {
                return Err(Stop::unchanged(before));
            }
            store::conversations::set_details(
                tx,
                id,
                new_name.as_deref(),
                new_description,
                archived_at,
                raised.rev,
            )?;
            Ok(store::conversations::get(tx, id)?.ok_or(store::Error::Missing)?)
        },
        move |details: &ConversationDetails| {
            hub.publish(id, details.rev, Event::ConversationChanged { details: details.clone() });
        },
    )
    .await
}

fn archived(before: &ConversationDetails, wanted: Option<bool>, now: Timestamp) -> Option<Timestamp> {
    match wanted {
        Some(true) => before.archived_at.or(Some(now)),
        Some(false) => None,
        None => before.archived_at,
    }
}
