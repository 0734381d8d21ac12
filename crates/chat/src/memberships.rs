//! Memberships: who is in a room, who waits at its door, and what members may do to each other.

use crate::{
    Caller, Chat, Error, Limits, Result,
    change::Stop,
    permissions::Action,
    standing::{self, Standing},
};
use protocol::{
    AccountId, ConversationId, ConversationKind, ErrorCode, Event, Membership, MembershipRole,
    MembershipState, ServerFrame, Timestamp,
    api::{MembershipList, UpdateMembership},
    conversation::JoinRequest,
    frame::{MembershipNotice, RequestNotice},
    ids::GENERAL,
};
use realtime::{Hub, Step, Telling};
use store::{Lane, Tx};

use MembershipRole::{Member, Moderator, Owner};
use MembershipState::{Active, Banned, Left, Pending};

/// What changed about one account's membership, and everything that must be told of it after the commit.
pub(crate) struct News {
    before: MembershipState,
    /// As it is now.
    pub(crate) membership: Membership,
    /// The room's own event, where those inside can see the change.
    is_event: bool,
    /// To the account itself.
    notice: MembershipNotice,
    /// Those who decide on requests, where a request came or was decided.
    deciders: Vec<AccountId>,
    pending_count: i64,
}

impl News {
    fn gather(
        tx: &mut Tx<'_>,
        id: ConversationId,
        account: AccountId,
        before: MembershipState,
        is_event: bool,
    ) -> Result<Self> {
        let membership = store::memberships::get(tx, id, account)?.ok_or(store::Error::Missing)?;
        let (mut summary, mut request) = (None, None);
        if membership.state == Active {
            let card = store::accounts::get(tx, account)?.ok_or(store::Error::Missing)?;
            summary = crate::conversations::summary(tx, &card, id)?;
        }
        if membership.state == Pending
            && let Some(details) = store::conversations::get(tx, id)?
        {
            request = Some(JoinRequest {
                conversation_id: id,
                name: details.name.unwrap_or_default(),
                description: details.description,
                state: Pending,
            });
        }
        let concerns_deciders = before == Pending || membership.state == Pending;
        let deciders = if concerns_deciders { store::memberships::deciders(tx, id)? } else { Vec::new() };
        let pending_count = if concerns_deciders { store::memberships::pending_count(tx, id)? } else { 0 };
        let notice = MembershipNotice { conversation: id, state: membership.state, summary, request };
        Ok(Self { before, membership, is_event, notice, deciders, pending_count })
    }

    /// Somebody asks to join.
    pub(crate) fn asked(tx: &mut Tx<'_>, id: ConversationId, account: AccountId) -> Result<Self> {
        Self::gather(tx, id, account, Left, false)
    }

    /// Who comes in learns of the room first and then hears it; who goes hears the event that says so as the last.
    pub(crate) fn tell(&self, hub: &Hub) {
        if self.is_event {
            let (conversation, rev) = (self.membership.conversation_id, self.membership.rev);
            return hub.tell(Telling { conversation, rev, steps: self.steps() });
        }
        for step in self.steps() {
            if let Step::Tell { account, frame } = step {
                hub.tell_account(account, frame);
            }
        }
    }

    fn steps(&self) -> Vec<Step> {
        let account = self.membership.account.id;
        let notice = Step::Tell { account, frame: ServerFrame::Membership(self.notice.clone()) };
        let comes_in = self.membership.state == Active && self.before != Active;
        let goes = self.before == Active && self.membership.state != Active;
        let publish =
            Step::Publish { event: Event::MembershipChanged { membership: self.membership.clone() } };
        let mut steps = if comes_in {
            vec![notice, Step::Join { account }, publish]
        } else if goes {
            vec![publish, Step::Leave { account }, notice]
        } else if self.before == self.membership.state {
            vec![publish]
        } else {
            vec![publish, notice]
        };
        steps.extend(self.deciders.iter().map(|decider| {
            let notice = RequestNotice {
                conversation: self.membership.conversation_id,
                membership: self.membership.clone(),
                pending_count: self.pending_count,
            };
            Step::Tell { account: *decider, frame: ServerFrame::Request(notice) }
        }));
        steps
    }
}

/// Lets an account into a room inside a transaction: a change of the room. What was said before is history, not unread.
pub(crate) fn let_in(
    tx: &mut Tx<'_>,
    limits: &Limits,
    id: ConversationId,
    account: AccountId,
    now: Timestamp,
) -> Result<News> {
    let raised = store::conversations::raise(tx, id, 0)?.ok_or(ErrorCode::NotAMember)?;
    if store::memberships::active_count(tx, id)? >= limits.members_per_room_max {
        return Err(Error::too_many("This room is full."));
    }
    let before = store::memberships::get(tx, id, account)?.map_or(Left, |membership| membership.state);
    store::memberships::put(tx, id, account, Member, Active, raised.rev, now)?;
    store::memberships::read_from(tx, id, account, raised.last_seq)?;
    News::gather(tx, id, account, before, true)
}

/// The members of a state, sorted by account. Requests and bans are for those who decide.
///
/// Errors: `not_a_member`, `forbidden`.
pub async fn list(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    state: MembershipState,
    after: Option<AccountId>,
    limit: Option<i64>,
) -> Result<MembershipList> {
    if id == GENERAL {
        // Its members are everyone: the same directory as the search for people.
        chat.throttles().lookup(caller.account.id)?;
    }
    let caller = caller.clone();
    let page_max = chat.limits().page_len_max;
    let limit = limit.unwrap_or(page_max).clamp(1, page_max);
    let after = after.unwrap_or(AccountId(0));
    chat.read(move |tx| {
        let standing = standing::require(tx, &caller, id)?;
        if state != Active {
            standing.must_be_room()?;
            standing.must(Action::DecideRequests)?;
        }
        let mut memberships = match (standing.kind, state) {
            (ConversationKind::General, _) => store::memberships::list_general(tx, after, limit + 1)?,
            _ => store::memberships::list(tx, id, state, after, limit + 1)?,
        };
        let has_more = crate::page::cut(&mut memberships, limit);
        Ok(MembershipList { memberships, has_more })
    })
    .await
}

/// Runs one change of a membership: locks the room, looks up the caller's standing and the membership, lets `decide`
/// write, and tells whoever must know.
async fn change<F>(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    account: AccountId,
    action: &'static str,
    mut decide: F,
) -> Result<Membership>
where
    F: FnMut(&mut Tx<'_>, Scene) -> Result<News, Stop<News>> + Send + 'static,
{
    let (caller, hub, now, limits) = (caller.clone(), chat.hub().clone(), chat.now(), chat.limits().clone());
    let done = chat
        .change(
            Lane::Conversation(id),
            move |tx| {
                store::conversations::lock(tx, id)?.ok_or(ErrorCode::NotAMember)?;
                let membership = store::memberships::get(tx, id, account)?;
                let scene =
                    Scene { id, account, caller: caller.clone(), membership, now, limits: limits.clone() };
                let news = decide(tx, scene)?;
                let actor = Some(caller.account.id);
                store::audit::record(tx, now, actor, action, &format!("{id}:{account}"), "")?;
                Ok(news)
            },
            move |news: &News| news.tell(&hub),
        )
        .await?;
    Ok(done.membership)
}

/// What a decision about a membership looks at.
struct Scene {
    id: ConversationId,
    account: AccountId,
    caller: Caller,
    membership: Option<Membership>,
    now: Timestamp,
    limits: Limits,
}

impl Scene {
    fn state(&self) -> MembershipState {
        self.membership.as_ref().map_or(Left, |membership| membership.state)
    }

    fn role(&self) -> MembershipRole {
        match &self.membership {
            Some(membership) if membership.state == Active => membership.role,
            _ => Member,
        }
    }

    /// The caller's standing, where it allows the action.
    fn require(&self, tx: &mut Tx<'_>, action: Action) -> Result<Standing> {
        let standing = standing::require(tx, &self.caller, self.id)?;
        standing.must_be_room()?;
        standing.must(action)?;
        Ok(standing)
    }

    /// Refuses to act on somebody of the same or a higher role.
    fn must_outrank(&self, standing: &Standing) -> Result<()> {
        if standing.role > self.role() {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Forbidden).because("This member's role is not below yours."))
    }

    /// Closes a room in which nobody is left who could let anyone in.
    fn archive(&self, tx: &mut Tx<'_>) -> Result<()> {
        let details = store::conversations::get(tx, self.id)?.ok_or(store::Error::Missing)?;
        let rev = store::conversations::raise(tx, self.id, 0)?.ok_or(ErrorCode::NotAMember)?.rev;
        let (name, description) = (details.name.as_deref(), details.description.as_str());
        let archived_at = details.archived_at.or(Some(self.now));
        Ok(store::conversations::set_details(tx, self.id, name, description, archived_at, rev)?)
    }

    /// Writes another state. A change that those inside can see takes a new rev.
    fn put(&self, tx: &mut Tx<'_>, role: MembershipRole, state: MembershipState) -> Result<News> {
        let before = self.state();
        let is_event = before == Active || state == Active;
        let rev = if is_event {
            store::conversations::raise(tx, self.id, 0)?.ok_or(ErrorCode::NotAMember)?.rev
        } else {
            self.membership.as_ref().map_or(0, |membership| membership.rev)
        };
        store::memberships::put(tx, self.id, self.account, role, state, rev, self.now)?;
        News::gather(tx, self.id, self.account, before, is_event)
    }
}

/// Lets somebody in who asked. Of two who decide at once, one does. Errors: `not_a_member`, `forbidden`,
/// `already_decided`, `limit_reached`.
pub async fn approve(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    account: AccountId,
) -> Result<Membership> {
    change(chat, caller, id, account, "membership.approved", |tx, scene| {
        scene.require(tx, Action::DecideRequests)?.must_be_open()?;
        if scene.state() != Pending {
            return Err(ErrorCode::AlreadyDecided.into());
        }
        Ok(let_in(tx, &scene.limits, scene.id, scene.account, scene.now)?)
    })
    .await
}

/// Turns somebody away who asked; they may ask again. Errors: as `approve`.
pub async fn deny(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    account: AccountId,
) -> Result<Membership> {
    change(chat, caller, id, account, "membership.denied", |tx, scene| {
        scene.require(tx, Action::DecideRequests)?;
        if scene.state() != Pending {
            return Err(ErrorCode::AlreadyDecided.into());
        }
        Ok(scene.put(tx, Member, Left)?)
    })
    .await
}

/// Removes a member of a lower role. Errors: `not_a_member`, `forbidden`, `not_found`.
pub async fn remove(chat: &Chat, caller: &Caller, id: ConversationId, account: AccountId) -> Result<()> {
    change(chat, caller, id, account, "membership.removed", |tx, scene| {
        let standing = scene.require(tx, Action::Remove)?;
        if scene.state() != Active {
            return Err(ErrorCode::NotFound.into());
        }
        scene.must_outrank(&standing)?;
        Ok(scene.put(tx, Member, Left)?)
    })
    .await
    .map(drop)
}

/// Leaves a room, or takes a request back. The owner hands over first; who leaves as the last one archives the room.
///
/// Errors: `not_a_member`, `wrong_kind`, `last_owner`.
pub async fn leave(chat: &Chat, caller: &Caller, id: ConversationId) -> Result<()> {
    change(chat, caller, id, caller.account.id, "membership.left", |tx, scene| {
        if scene.state() == Pending {
            return Ok(scene.put(tx, Member, Left)?);
        }
        let standing = standing::require(tx, &scene.caller, scene.id)?;
        standing.must_be_room()?;
        let is_last = store::memberships::active_count(tx, scene.id)? == 1;
        if standing.role == Owner && !is_last {
            return Err(ErrorCode::LastOwner.into());
        }
        let news = scene.put(tx, Member, Left)?;
        if is_last {
            scene.archive(tx)?;
        }
        Ok(news)
    })
    .await
    .map(drop)
}

/// Shuts somebody of a lower role out: a member, somebody who waits, or somebody who has not come yet.
///
/// Errors: `not_a_member`, `forbidden`, `not_found`.
pub async fn ban(chat: &Chat, caller: &Caller, id: ConversationId, account: AccountId) -> Result<Membership> {
    change(chat, caller, id, account, "membership.banned", |tx, scene| {
        let standing = scene.require(tx, Action::Ban)?;
        scene.must_outrank(&standing)?;
        if store::accounts::get(tx, scene.account)?.is_none() {
            return Err(ErrorCode::NotFound.into());
        }
        let news = scene.put(tx, Member, Banned)?;
        if scene.state() == Banned { Err(Stop::unchanged(news)) } else { Ok(news) }
    })
    .await
}

/// Lets somebody who was shut out ask again. Errors: `not_a_member`, `forbidden`, `not_found`.
pub async fn unban(chat: &Chat, caller: &Caller, id: ConversationId, account: AccountId) -> Result<()> {
    change(chat, caller, id, account, "membership.unbanned", |tx, scene| {
        scene.require(tx, Action::Ban)?;
        if scene.state() != Banned {
            return Err(ErrorCode::NotFound.into());
        }
        Ok(scene.put(tx, Member, Left)?)
    })
    .await
    .map(drop)
}

/// Gives a member another role; `owner` hands the room over, and the owner becomes a moderator.
///
/// Errors: `not_a_member`, `forbidden`, `not_found`, `last_owner`.
pub async fn set_role(
    chat: &Chat,
    caller: &Caller,
    id: ConversationId,
    account: AccountId,
    with: UpdateMembership,
) -> Result<Membership> {
    let role = with.role;
    if role == Owner && account != caller.account.id {
        return hand_over(chat, caller, id, account).await;
    }
    change(chat, caller, id, account, "membership.role_changed", move |tx, scene| {
        scene.require(tx, Action::Promote)?;
        if scene.state() != Active {
            return Err(ErrorCode::NotFound.into());
        }
        if scene.role() == Owner && role != Owner {
            return Err(ErrorCode::LastOwner.into());
        }
        if scene.role() == role {
            return Err(Stop::unchanged(News::gather(tx, scene.id, scene.account, Active, false)?));
        }
        Ok(scene.put(tx, role, Active)?)
    })
    .await
}

/// Two changes of the room, each with its own rev: the new owner, and the old one as a moderator.
async fn hand_over(chat: &Chat, caller: &Caller, id: ConversationId, heir: AccountId) -> Result<Membership> {
    let (caller, hub, now) = (caller.clone(), chat.hub().clone(), chat.now());
    let done = chat
        .change(
            Lane::Conversation(id),
            move |tx| {
                store::conversations::lock(tx, id)?.ok_or(ErrorCode::NotAMember)?;
                let standing = standing::require(tx, &caller, id)?;
                standing.must_be_room()?;
                standing.must(Action::Promote)?;
                let is_active =
                    store::memberships::get(tx, id, heir)?.is_some_and(|heir| heir.state == Active);
                let can_act =
                    store::accounts::get(tx, heir)?.is_some_and(|heir| heir.deactivated_at.is_none());
                if !is_active || !can_act {
                    return Err(ErrorCode::NotFound.into());
                }
                let mut news = Vec::new();
                for (account, role) in [(heir, Owner), (caller.account.id, Moderator)] {
                    let raised = store::conversations::raise(tx, id, 0)?.ok_or(ErrorCode::NotAMember)?;
                    store::memberships::put(tx, id, account, role, Active, raised.rev, now)?;
                    news.push(News::gather(tx, id, account, Active, true)?);
                }
                let actor = Some(caller.account.id);
                store::audit::record(tx, now, actor, "membership.handed_over", &format!("{id}:{heir}"), "")?;
                Ok(news)
            },
            move |news: &Vec<News>| news.iter().for_each(|news| news.tell(&hub)),
        )
        .await?;
    done.into_iter().next().map(|news| news.membership).ok_or_else(|| ErrorCode::Internal.into())
}
