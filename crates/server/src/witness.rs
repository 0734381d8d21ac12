//! What was served from the data folder, kept in a file beside the database: how many changes its history had. A database that
//! has fewer at the next start was brought back from a copy, or has lost what was stored in it.
//!
//! For SQLite alone. Nodes that share a PostgreSQL start in any order and beside each other, and each knows only what it saw
//! itself; there whoever brings a copy back says so (`parlor new-epoch`).

use crate::config::{DatabaseUrl, Settings};
use chat::{Chat, epoch::Seen};
use std::{fs, io, path::PathBuf, time::Duration};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tracing::{debug, warn};

const FILE: &str = "witness";
/// How much of the history a process that is killed may leave unwitnessed. Clients notice what is younger by themselves, unless
/// its numbers were given again before they came back.
const EVERY: Duration = Duration::from_secs(5);

/// The file.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    file: PathBuf,
}

/// A witness that looks on; not any more when this is dropped.
pub(crate) struct Witnessing {
    end: oneshot::Sender<()>,
    looking: JoinHandle<()>,
}

impl Witness {
    /// The witness of what these settings serve, where it has one.
    pub(crate) fn of(settings: &Settings) -> Option<Self> {
        match settings.database {
            DatabaseUrl::Sqlite => Some(Self { file: settings.data.join(FILE) }),
            DatabaseUrl::Postgres(_) => None,
        }
    }

    /// What it saw last; nothing at the first start, or where the file tells nothing.
    pub(crate) fn seen(&self) -> Option<Seen> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                warn!("{} cannot be read: {error}", self.file.display());
                return None;
            }
        };
        let (epoch, changes) = text.trim().split_once(' ')?;
        Some(Seen { epoch: epoch.to_owned(), changes: changes.parse().ok()? })
    }

    /// Begins to look on.
    pub(crate) fn begin(self, chat: &Chat) -> Witnessing {
        let (end, ended) = oneshot::channel();
        Witnessing { end, looking: tokio::spawn(self.look_on(chat.clone(), ended)) }
    }

    /// Until it is told to end, which is worth a last look, or nobody is there any more who could tell it.
    async fn look_on(self, chat: Chat, mut ended: oneshot::Receiver<()>) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = None;
        loop {
            tokio::select! {
                _ = ticks.tick() => self.look(&chat, &mut last).await,
                told = &mut ended => {
                    if told.is_ok() {
                        self.look(&chat, &mut last).await;
                    }
                    return;
                }
            }
        }
    }

    async fn look(&self, chat: &Chat, last: &mut Option<Seen>) {
        // Without its database a server has other troubles, and says so.
        let Ok(seen) = chat::epoch::look(chat).await else { return };
        if last.as_ref() == Some(&seen) {
            return;
        }
        match self.write(&seen).await {
            Ok(()) => *last = Some(seen),
            Err(error) => debug!("{} cannot be written: {error}", self.file.display()),
        }
    }

    /// Written beside and renamed, so that it is whole. Not flushed: what a power cut takes of it is not missed.
    async fn write(&self, seen: &Seen) -> io::Result<()> {
        let part = self.file.with_extension("part");
        let text = format!("{} {}\n", seen.epoch, seen.changes);
        let file = self.file.clone();
        let written = tokio::task::spawn_blocking(move || {
            fs::write(&part, text)?;
            fs::rename(&part, &file)
        });
        written.await.map_err(io::Error::other)?
    }
}

impl Witnessing {
    /// Lets it look a last time.
    pub(crate) async fn end(self) {
        // It ends before it is told to where it panicked.
        if self.end.send(()).is_ok() {
            drop(self.looking.await);
        }
    }
}
