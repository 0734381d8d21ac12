//! Invites: making links to a room, and following them.

use crate::{
    Caller, Chat, Client, Error, Limits, Result, auth::tokens, change::Stop, memberships,
    permissions::Action, standing,
};
use protocol::{
    AccountId, ConversationId, ConversationKind, ErrorCode, Invite, InviteCard, InviteId, MembershipRole,
    MembershipState, Timestamp,
    api::{CreateInvite, InviteList, Joined},
    ids::GENERAL,
};
use realtime::Hub;
use store::{Lane, Tx, invites::NewInvite};

/// Random bytes of a code: 128 bits.
const CODE_BYTES: usize = 16;
/// A code is this long; anything else is refused without a look into the database.
const CODE_LEN: usize = CODE_BYTES * 2;
const YEAR_S: i64 = 366 * 24 * 3600;

/// Makes an invite. Errors: `not_a_member`, `forbidden`, `wrong_kind`, `limit_reached`.
pub async fn create(chat: &Chat, caller: &Caller, id: ConversationId, with: CreateInvite) -> Result<Invite> {
    chat.throttles().rooms(caller.account.id)?;
    let draft = Draft::new(chat, caller, &with)?;
    let (caller, now) = (caller.clone(), chat.now());
    let invites_max = chat.limits().invites_per_room_max;
    let stored = draft.clone();
    let invite = chat
        .change(
            Lane::Conversation(id),
            move |tx| {
                store::conversations::lock(tx, id)?;
                require_inviter(tx, &caller, id)?.must_be_open()?;
                let good = store::invites::list(tx, id, now, invites_max)?;
                if i64::try_from(good.len()).is_ok_and(|count| count >= invites_max) {
                    return Err(Error::too_many(
                        "This room has as many invites as it may: revoke some first.",
                    )
                    .into());
                }
                let invite = stored.insert(tx, id)?;
                written_down(tx, now, &caller, "invite.created", invite.id, id)?;
                Ok(invite)
            },
            |_| {},
        )
        .await?;
    Ok(draft.show(invite))
}

/// Writes down what somebody did with an invite: its room and its id, and nothing of the code.
pub(crate) fn written_down(
    tx: &mut Tx<'_>,
    now: Timestamp,
    caller: &Caller,
    action: &str,
    invite: InviteId,
    room: ConversationId,
) -> Result<()> {
    Ok(store::audit::record(tx, now, Some(caller.account.id), action, &format!("{room}:{invite}"), "")?)
}

/// Invites belong to rooms; those to General let people sign up and are made by administrators.
fn require_inviter(tx: &mut Tx<'_>, caller: &Caller, id: ConversationId) -> Result<standing::Standing> {
    let standing = standing::require(tx, caller, id)?;
    if standing.kind == ConversationKind::Direct {
        return Err(ErrorCode::WrongKind.into());
    }
    standing.must(Action::Invite)?;
    Ok(standing)
}

/// An invite that is about to be made, with its secret.
#[derive(Clone)]
pub(crate) struct Draft {
    code: String,
    url: String,
    created_by: AccountId,
    needs_approval: bool,
    max_uses: Option<i64>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl Draft {
    pub(crate) fn new(chat: &Chat, caller: &Caller, with: &CreateInvite) -> Result<Self> {
        if with.max_uses.is_some_and(|uses| uses < 1) {
            return Err(Error::invalid("max_uses", "An invite is good for one use at least."));
        }
        let usual_s = chat.limits().invite_days.saturating_mul(24 * 3600);
        let expires_in_s = with.expires_in_s.unwrap_or(usual_s);
        if !(1..=YEAR_S).contains(&expires_in_s) {
            return Err(Error::invalid(
                "expires_in_s",
                "An invite is good for a second at least and a year at most.",
            ));
        }
        let code = tokens::random_hex(CODE_BYTES)?;
        Ok(Self {
            url: format!("{}/join/{code}", chat.options().public_url),
            code,
            created_by: caller.account.id,
            needs_approval: with.needs_approval,
            max_uses: with.max_uses,
            created_at: chat.now(),
            expires_at: chat.now().plus_ms(expires_in_s.saturating_mul(1000)),
        })
    }

    pub(crate) fn insert(&self, tx: &mut Tx<'_>, id: ConversationId) -> Result<Invite> {
        let new = NewInvite {
            conversation_id: id,
            code_hash: tokens::hash(&self.code),
            created_by: self.created_by,
            needs_approval: self.needs_approval,
            max_uses: self.max_uses,
            created_at: self.created_at,
            expires_at: Some(self.expires_at),
        };
        Ok(store::invites::insert(tx, &new)?)
    }

    /// The invite with its secret, for the one who made it.
    pub(crate) fn show(self, invite: Invite) -> Invite {
        Invite { code: Some(self.code), url: Some(self.url), ..invite }
    }
}

/// The invites of a room that are good now, the newest first. Errors: `not_a_member`, `forbidden`, `wrong_kind`.
pub async fn list(chat: &Chat, caller: &Caller, id: ConversationId) -> Result<InviteList> {
    let (caller, now, limit) = (caller.clone(), chat.now(), chat.limits().invites_per_room_max);
    chat.read(move |tx| {
        require_inviter(tx, &caller, id)?;
        Ok(InviteList { invites: store::invites::list(tx, id, now, limit)? })
    })
    .await
}

/// Makes an invite useless. Errors: `not_a_member`, `forbidden`, `not_found`.
pub async fn revoke(chat: &Chat, caller: &Caller, id: ConversationId, invite: InviteId) -> Result<()> {
    let (caller, now) = (caller.clone(), chat.now());
    chat.change(
        Lane::Conversation(id),
        move |tx| {
            require_inviter(tx, &caller, id)?;
            if !store::invites::revoke(tx, id, invite, now)? {
                return Err(ErrorCode::NotFound.into());
            }
            written_down(tx, now, &caller, "invite.revoked", invite, id)?;
            Ok(())
        },
        |()| {},
    )
    .await
}

/// The public card of an invite: all that somebody outside learns. Errors: `invite_invalid`, `rate_limited`.
pub async fn card(chat: &Chat, caller: Option<&Caller>, client: &Client, code: &str) -> Result<InviteCard> {
    let invite = look_up(chat, client, code).await?;
    let account = caller.map(|caller| caller.account.id);
    let server_name = chat.options().server_name.clone();
    chat.read(move |tx| {
        let id = invite.conversation_id;
        let details = store::conversations::get(tx, id)?.ok_or(ErrorCode::InviteInvalid)?;
        let state = match account {
            Some(_) if id == GENERAL => Some(MembershipState::Active),
            Some(account) => store::memberships::get(tx, id, account)?.map(|membership| membership.state),
            None => None,
        };
        Ok(InviteCard {
            conversation_id: id,
            name: if id == GENERAL { server_name } else { details.name.unwrap_or_default() },
            description: details.description,
            needs_approval: invite.needs_approval && id != GENERAL,
            state,
        })
    })
    .await
}

/// The hash of something that can be a code. Counts against the address: codes must not be guessed.
fn code_hash(chat: &Chat, client: &Client, code: &str) -> Result<Vec<u8>> {
    chat.throttles().invite_code(client)?;
    let code = code.trim();
    if code.len() == CODE_LEN { Ok(tokens::hash(code)) } else { Err(ErrorCode::InviteInvalid.into()) }
}

/// The invite of a code that is good now.
pub(crate) async fn look_up(chat: &Chat, client: &Client, code: &str) -> Result<Invite> {
    let (hash, now) = (code_hash(chat, client, code)?, chat.now());
    chat.read(move |tx| store::invites::good(tx, &hash, now)?.ok_or_else(|| ErrorCode::InviteInvalid.into()))
        .await
}

/// Follows an invite: into the room, or to its door where approval is needed. Following it twice is the same as once.
///
/// Errors: `invite_invalid`, `banned`, `conversation_archived`, `limit_reached`, `rate_limited`.
pub async fn join(chat: &Chat, caller: &Caller, client: &Client, code: &str) -> Result<Joined> {
    let invite = find(chat, caller, client, code).await?;
    follow(chat, caller, invite).await
}

/// The same at the door of one room: an invite to anything else is none here.
///
/// Errors: as `join`.
pub async fn join_room(
    chat: &Chat,
    caller: &Caller,
    client: &Client,
    room: ConversationId,
    code: &str,
) -> Result<Joined> {
    let invite = find(chat, caller, client, code).await?;
    if invite.conversation_id != room || room == GENERAL {
        return Err(ErrorCode::InviteInvalid.into());
    }
    follow(chat, caller, invite).await
}

/// The invite that somebody who signed up wants to follow. Whoever is in, or waits, may follow it again after its last
/// use: the first answer may have been lost.
async fn find(chat: &Chat, caller: &Caller, client: &Client, code: &str) -> Result<Invite> {
    caller.must_not_be_guest()?;
    chat.throttles().rooms(caller.account.id)?;
    let hash = code_hash(chat, client, code)?;
    let found = chat.read(move |tx| Ok(store::invites::by_code(tx, &hash)?)).await?;
    Ok(found.ok_or(ErrorCode::InviteInvalid)?)
}

async fn follow(chat: &Chat, caller: &Caller, invite: Invite) -> Result<Joined> {
    if invite.conversation_id == GENERAL {
        // Those who have an account are in; the invite is kept for somebody who has none.
        let conversation = Some(crate::conversations::get(chat, caller, GENERAL).await?);
        return Ok(Joined { state: MembershipState::Active, conversation_id: GENERAL, conversation });
    }
    let (account, now) = (caller.account.id, chat.now());
    let (limits, hub) = (chat.limits().clone(), chat.hub().clone());
    let entered = chat
        .change(
            Lane::Conversation(invite.conversation_id),
            move |tx| enter(tx, &limits, account, &invite, now),
            move |entered| entered.tell(&hub),
        )
        .await?;
    let (id, state) = (entered.conversation_id, entered.state);
    let caller = caller.clone();
    chat.read(move |tx| {
        let conversation = match state {
            MembershipState::Active => crate::conversations::summary(tx, &caller.account, id)?,
            _ => None,
        };
        Ok(Joined { state, conversation_id: id, conversation })
    })
    .await
}

/// What following an invite came to, and whom to tell.
pub(crate) struct Entered {
    conversation_id: ConversationId,
    state: MembershipState,
    news: Option<memberships::News>,
}

impl Entered {
    fn unchanged(conversation_id: ConversationId, state: MembershipState) -> Self {
        Self { conversation_id, state, news: None }
    }

    pub(crate) fn tell(&self, hub: &Hub) {
        if let Some(news) = &self.news {
            news.tell(hub);
        }
    }
}

/// Follows an invite inside a transaction.
pub(crate) fn enter<T>(
    tx: &mut Tx<'_>,
    limits: &Limits,
    account: AccountId,
    invite: &Invite,
    now: Timestamp,
) -> Result<Entered, Stop<T>> {
    let id = invite.conversation_id;
    let details = store::conversations::lock(tx, id)?.ok_or(ErrorCode::InviteInvalid)?;
    let before = store::memberships::get(tx, id, account)?;
    match before.as_ref().map(|membership| membership.state) {
        Some(MembershipState::Banned) => return Err(ErrorCode::Banned.into()),
        // Everyone is active in General, and so is somebody who signs up with this invite.
        Some(MembershipState::Active) if id != GENERAL => {
            return Ok(Entered::unchanged(id, MembershipState::Active));
        }
        Some(MembershipState::Pending) if invite.needs_approval => {
            return Ok(Entered::unchanged(id, MembershipState::Pending));
        }
        _ => {}
    }
    if details.archived_at.is_some() {
        return Err(ErrorCode::ConversationArchived.into());
    }
    if !store::invites::count_use(tx, invite.id, now)? {
        return Err(ErrorCode::InviteInvalid.into());
    }
    if id == GENERAL {
        return Ok(Entered::unchanged(id, MembershipState::Active));
    }
    if store::memberships::count_of(tx, account)? >= limits.memberships_per_account_max {
        return Err(Error::too_many("You are in as many conversations as one can be.").into());
    }
    let news = if invite.needs_approval {
        if store::memberships::pending_count(tx, id)? >= limits.pending_per_room_max {
            return Err(Error::too_many("Too many requests wait at this room already.").into());
        }
        let rev = before.map_or(0, |membership| membership.rev);
        store::memberships::put(tx, id, account, MembershipRole::Member, MembershipState::Pending, rev, now)?;
        memberships::News::asked(tx, id, account)?
    } else {
        memberships::let_in(tx, limits, id, account, now)?
    };
    let state = if invite.needs_approval { MembershipState::Pending } else { MembershipState::Active };
    Ok(Entered { conversation_id: id, state, news: Some(news) })
}
