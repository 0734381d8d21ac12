//! `parlor serve`: starts Parlor, says where it is, and stops it when it is told to.

use super::{Failure, print, signals::Signals};
use crate::{app, config, config::Settings, telemetry};
use std::time::Duration;
use tracing::{info, warn};

/// How long threads that still work after the orderly stop are waited for.
const LEFTOVERS_MS: u64 = 500;

pub(super) fn serve(settings: &Settings) -> Result<(), Failure> {
    telemetry::start(settings)?;
    for variable in config::unknown_variables() {
        warn!("{variable} is set and is no setting of Parlor");
    }
    allow_many_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve_until_told(settings));
    runtime.shutdown_timeout(Duration::from_millis(LEFTOVERS_MS));
    served
}

async fn serve_until_told(settings: &Settings) -> Result<(), Failure> {
    // Asked for first: a signal that comes while the database is being opened must not be lost.
    let mut signals = Signals::new()?;
    let running = app::start(settings.clone()).await?;
    let url = running.public_url();
    let mut greeting = format!("Parlor listens on {url}\n");
    if let Some(code) = running.setup_code().await? {
        greeting.push_str(&format!("Make the administrator's account: {url}/setup#{code}\n"));
    }
    print(&greeting)?;
    signals.next().await;
    info!("stopping; a second signal stops at once");
    tokio::select! {
        () = running.stop() => info!("stopped"),
        // Everything that was acknowledged is on disk: nothing is lost by going now.
        () = signals.next() => warn!("stopped at once"),
    }
    Ok(())
}

/// Each connection is an open file, and systems allow a process few of them until it asks for what it may have.
#[cfg(unix)]
fn allow_many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        warn!("the limit of open files stays as it is: {error}");
    }
}

#[cfg(not(unix))]
fn allow_many_files() {}
