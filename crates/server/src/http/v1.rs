//! `/api/v1`, a file a noun: each handler reads the request, calls the rules and answers.

pub(super) mod accounts;
pub(super) mod administration;
pub(super) mod conversations;
pub(super) mod identities;
pub(super) mod inbox;
pub(super) mod invites;
pub(super) mod me;
pub(super) mod members;
pub(super) mod messages;
pub(super) mod preferences;
pub(super) mod reactions;
pub(super) mod server;
pub(super) mod sessions;
pub(super) mod setup;
