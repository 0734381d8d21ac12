//! `parlor new-epoch`: after a database was brought back from a copy, so that no client mixes two histories.

use super::{Failure, print, settings};
use crate::app;
use clap::{ArgMatches, Command};

pub(super) fn command() -> Command {
    Command::new("new-epoch")
        .about("Lets every client load afresh, after the database was brought back from a copy")
        .long_about(
            "Lets every client load afresh, after the database was brought back from a copy.\n\n\
             Clients keep what they have seen and ask for what changed since. After a copy was brought back they have seen what \
             the database does not hold any more. Stop the server first, all nodes of it; nobody has to sign in again.",
        )
}

pub(super) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let settings = settings(matches)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (chat, store) = runtime.block_on(app::open(&settings))?;
    let renewed = runtime.block_on(chat::epoch::renew(&chat));
    store.close();
    let epoch = renewed.map_err(Failure::new)?;
    print(&format!("The epoch is {epoch}. Every client loads afresh when the server is started.\n"))
}
