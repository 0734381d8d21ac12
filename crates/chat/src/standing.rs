//! Authorization by lookup: what an account is to a conversation, read from the database when it matters.

use crate::{Caller, Error, Result, auth::guests, permissions::Action};
use faults::Bug;
use protocol::{
    AccountId, AccountKind, AccountRole, Author, ConversationId, ConversationKind, ErrorCode, MembershipRole,
    MembershipState, Rev, Seq,
};
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};
use store::{Tx, conversations::Access};

/// An active member's standing. Having one is the proof of being a member.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) kind: ConversationKind,
    pub(crate) role: MembershipRole,
    pub(crate) history_from_seq: Seq,
    pub(crate) read_seq: Seq,
    pub(crate) last_seq: Seq,
    pub(crate) last_rev: Rev,
    /// The account as it is now: what a connection knows of it may be hours old.
    pub(crate) author: Author,
    archived: bool,
}

/// Looks up the caller's standing. A conversation that does not exist and one that the caller is not in give the
/// same answer. Where the answer must hold for what is written next, the conversation has been locked before.
pub(crate) fn require(tx: &mut Tx<'_>, caller: &Caller, id: ConversationId) -> Result<Standing> {
    let access = store::conversations::access(tx, id, caller.account.id)?;
    of_current(tx, access)
}

/// The same for several, in their order.
pub(crate) fn require_each(
    tx: &mut Tx<'_>,
    wanted: &[(&Caller, ConversationId)],
) -> Result<Vec<Result<Standing>>> {
    let wanted: Vec<_> = wanted.iter().map(|(caller, id)| (*id, caller.account.id)).collect();
    let found = store::conversations::access_each(tx, &wanted)?;
    if faults::has(Bug::StandingFromMemory) {
        let remembered = |((id, account), access)| remembered(tx, id, account, access);
        return Ok(wanted.into_iter().zip(found).map(remembered).collect());
    }
    Ok(found.into_iter().map(|access| of_current(tx, access)).collect())
}

/// What [`Bug::StandingFromMemory`] goes by.
fn remembered(
    tx: &mut Tx<'_>,
    id: ConversationId,
    account: AccountId,
    access: Option<Access>,
) -> Result<Standing> {
    static LET_IN: Mutex<BTreeSet<(ConversationId, AccountId)>> = Mutex::new(BTreeSet::new());
    let mut let_in = LET_IN.lock().unwrap_or_else(PoisonError::into_inner);
    if let_in.contains(&(id, account)) {
        return of(as_member(access.ok_or(ErrorCode::NotAMember)?))
            .ok_or_else(|| ErrorCode::NotAMember.into());
    }
    let standing = of_current(tx, access)?;
    let_in.insert((id, account));
    Ok(standing)
}

/// What [`Bug::ChangesForAll`] goes by.
pub(crate) fn of_anyone(tx: &mut Tx<'_>, caller: &Caller, id: ConversationId) -> Result<Standing> {
    let access = store::conversations::access(tx, id, caller.account.id)?.map(as_member);
    of_current(tx, access)
}

fn as_member(access: Access) -> Access {
    Access { role: Some(MembershipRole::Member), state: Some(MembershipState::Active), ..access }
}

fn of_current(tx: &mut Tx<'_>, access: Option<Access>) -> Result<Standing> {
    let access = access.ok_or(ErrorCode::NotAMember)?;
    if access.account.deactivated_at.is_some() {
        return Err(ErrorCode::AccountDeactivated.into());
    }
    if access.account.kind == AccountKind::Guest {
        guests::require_free(tx, &access.account.display_name)?;
    }
    of(access).ok_or_else(|| ErrorCode::NotAMember.into())
}

fn of(access: Access) -> Option<Standing> {
    let role = match access.kind {
        ConversationKind::General if access.account.role == AccountRole::Administrator => {
            MembershipRole::Moderator
        }
        ConversationKind::General => MembershipRole::Member,
        _ if access.state == Some(MembershipState::Active) => access.role?,
        _ => return None,
    };
    Some(Standing {
        kind: access.kind,
        role,
        history_from_seq: access.history_from_seq,
        read_seq: access.read_seq,
        last_seq: access.last_seq,
        last_rev: access.last_rev,
        author: access.account.author(),
        archived: access.archived_at.is_some(),
    })
}

impl Standing {
    /// Refuses what the role does not allow.
    pub(crate) fn must(&self, action: Action) -> Result<()> {
        if self.role >= action.least_role() {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Forbidden).because("Your role in this conversation does not allow that."))
    }

    /// Refuses changes to an archived room.
    pub(crate) fn must_be_open(&self) -> Result<()> {
        if self.archived { Err(ErrorCode::ConversationArchived.into()) } else { Ok(()) }
    }

    /// Refuses what only rooms have: roles, invites, requests.
    pub(crate) fn must_be_room(&self) -> Result<()> {
        if self.kind == ConversationKind::Room { Ok(()) } else { Err(ErrorCode::WrongKind.into()) }
    }
}
