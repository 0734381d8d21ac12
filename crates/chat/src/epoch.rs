//! The epoch: which history the database holds. One that was brought back from a copy lacks changes that clients have seen,
//! and will give their numbers to other things. So it begins a new epoch, for which every client throws its copies away.

use crate::{Chat, Result, auth::tokens, internal};
use faults::Bug;
use protocol::Timestamp;
use store::{Lane, Tx, meta};

const KEY: &str = "epoch";

/// How far a history was seen to have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which history.
    pub epoch: String,
    /// How many changes it had, in all conversations together.
    pub changes: i64,
}

/// How far the history has come.
///
/// # Errors
/// When the database does not answer.
pub async fn look(chat: &Chat) -> Result<Seen> {
    chat.read(|tx| {
        let epoch = meta::get(tx, KEY)?.ok_or_else(|| internal("the database has lost its epoch"))?;
        Ok(Seen { epoch, changes: store::conversations::changes_ever(tx)? })
    })
    .await
}

/// Begins a new epoch, for somebody who knows that the database was brought back from a copy. Gives it. What runs on the
/// database goes by the old one until it is started again.
///
/// # Errors
/// When the database does not answer.
pub async fn renew(chat: &Chat) -> Result<String> {
    let (fresh, now) = (tokens::random_hex(16)?, chat.now());
    let write = move |tx: &mut Tx<'_>| -> Result<String> {
        let old = meta::get_or_set(tx, KEY, &fresh)?;
        replace(tx, &old, &fresh, "by hand", now)
    };
    chat.store().write(Lane::Any, write, |_| {}).await
}

/// The epoch of the database: a fresh one where there is none yet, and where it has fewer changes than were seen of it.
pub(crate) fn settle(tx: &mut Tx<'_>, fresh: &str, seen: Option<&Seen>, now: Timestamp) -> Result<String> {
    let epoch = meta::get_or_set(tx, KEY, fresh)?;
    let Some(seen) = seen.filter(|seen| seen.epoch == epoch) else { return Ok(epoch) };
    let changes = store::conversations::changes_ever(tx)?;
    if changes >= seen.changes || faults::has(Bug::EpochStays) {
        return Ok(epoch);
    }
    tracing::warn!(
        changes,
        seen = seen.changes,
        "the database is older than what was served here: every client loads afresh"
    );
    replace(tx, &epoch, fresh, &format!("{changes} of {} changes", seen.changes), now)
}

/// Of several who try at once one succeeds, and the others get what that one has set.
fn replace(tx: &mut Tx<'_>, old: &str, fresh: &str, why: &str, now: Timestamp) -> Result<String> {
    if meta::replace(tx, KEY, old, fresh)? {
        store::audit::record(tx, now, None, "server.new_epoch", "server", why)?;
    }
    Ok(meta::get_or_set(tx, KEY, fresh)?)
}
