//! The log: written to standard error, as text or as JSON, one line an event.
//!
//! What people write, their names, tokens and invite codes never reach it: requests are logged by the template of
//! their route and the id of their account.

use crate::config::{BadSetting, LogFormat, Settings};
use std::{
    fmt,
    io::{self, IsTerminal},
};
use tracing_subscriber::{EnvFilter, filter::ParseError};

/// Libraries that write frames, headers or statements into the log when they are asked for everything. They are held back
/// whatever the filter says: what people wrote and their tokens stand in those.
const TALKATIVE: &[&str] = &["hyper", "hyper_util", "tokio_postgres"];

/// Starts the log. Called once, before anything is logged.
pub fn start(settings: &Settings) -> Result<(), BadSetting> {
    let wrong =
        |error: &dyn fmt::Display| BadSetting(format!("log {:?} is not a filter: {error}", settings.log));
    let mut filter = EnvFilter::try_new(&settings.log).map_err(|error| wrong(&error))?;
    for library in TALKATIVE {
        let quiet = format!("{library}=info").parse().map_err(|error: ParseError| wrong(&error))?;
        filter = filter.add_directive(quiet);
    }
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match settings.log_format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).try_init(),
    };
    // It can only fail because there is a log already: tests start several servers in one process.
    drop(started);
    Ok(())
}
