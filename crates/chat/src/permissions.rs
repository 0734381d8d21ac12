//! The table of what each role may do in a room.

use protocol::MembershipRole;

/// Something that not every member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// See requests to join and decide on them.
    DecideRequests,
    /// Make, list and revoke invites.
    Invite,
    /// Remove a member of a lower role.
    Remove,
    /// Shut somebody of a lower role out, and let them back.
    Ban,
    /// Change name and description.
    Describe,
    /// Delete what somebody else wrote.
    DeleteOthers,
    /// Change roles and hand the room over.
    Promote,
    /// Close the room for writing, and open it again.
    Archive,
}

impl Action {
    /// The least role that may do it.
    pub(crate) fn least_role(self) -> MembershipRole {
        match self {
            Self::DecideRequests
            | Self::Invite
            | Self::Remove
            | Self::Ban
            | Self::Describe
            | Self::DeleteOthers => MembershipRole::Moderator,
            Self::Promote | Self::Archive => MembershipRole::Owner,
        }
    }
}
