//! `parlor migrate-data`: moves an installation from the data folder (SQLite) to PostgreSQL.
//!
//! The work is the store's; here it is asked for, shown, and stopped on a signal.

use super::{Failure, print, progress::Display, settings, signals::Signals};
use crate::{
    app::transfer::{self, Moved, TransferError},
    config::{DatabaseUrl, Settings},
};
use clap::{Arg, ArgMatches, Command};
use std::{
    io::{self, Write},
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::task::JoinHandle;

/// What a shell reports of a program that Ctrl-C ended.
const EXIT_INTERRUPTED: u8 = 130;

pub(super) fn command() -> Command {
    Command::new("migrate-data")
        .about("Moves everything from the data folder (SQLite) to an empty PostgreSQL database")
        .long_about(
            "Moves everything from the data folder (SQLite) to an empty PostgreSQL database, then compares both row by row.\n\n\
             Stop the server first. The data folder is only read and stays as it is. The database must be empty: the tables are \
             made in it. Ctrl-C, a crash or a lost connection do no harm: the same command goes on where it was stopped, and \
             until it is done no server serves the database. People stay signed in, and their clients notice a pause, no more.",
        )
        .arg(Arg::new("to").long("to").value_name("URL").help(
            "The database, as postgres://user:password@host/name. Everybody on a machine can see flags: to keep a password \
             out of them, set PARLOR_DATABASE and leave this out [default: the setting database]",
        ))
}

pub(super) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let settings = settings(matches)?;
    let url = address(matches, &settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let moved = runtime.block_on(move_until_told(&settings, url));
    // After a second signal the move may be waiting for the database still.
    runtime.shutdown_background();
    print(&told(&moved?, &settings))
}

fn address(matches: &ArgMatches, settings: &Settings) -> Result<String, Failure> {
    let refused = |message: &str| Failure { message: message.to_owned(), code: 2 };
    match (matches.get_one::<String>("to"), &settings.database) {
        (Some(url), _) if DatabaseUrl::is_postgres(url) => Ok(url.clone()),
        (Some(_), _) => Err(refused("--to must be a URL that begins with postgres://")),
        (None, DatabaseUrl::Postgres(url)) => Ok(url.clone()),
        (None, DatabaseUrl::Sqlite) => {
            Err(refused("say where to with --to postgres://…, or with the setting database"))
        }
    }
}

async fn move_until_told(settings: &Settings, url: String) -> Result<Moved, Failure> {
    let mut signals = Signals::new()?;
    let is_stopping = Arc::new(AtomicBool::new(false));
    let mut moving = start(settings, url, Arc::clone(&is_stopping));
    loop {
        tokio::select! {
            done = &mut moving => return done.map_err(Failure::new)?.map_err(refused),
            () = signals.next() => {
                if is_stopping.swap(true, Ordering::Relaxed) {
                    let message = "stopped at once; run the same command again to go on".to_owned();
                    return Err(Failure { message, code: EXIT_INTERRUPTED });
                }
                drop(writeln!(io::stderr(), "Stopping after what is under way; a second time stops at once."));
            }
        }
    }
}

fn start(
    settings: &Settings,
    url: String,
    is_stopping: Arc<AtomicBool>,
) -> JoinHandle<Result<Moved, TransferError>> {
    let dir = settings.data.clone();
    tokio::task::spawn_blocking(move || {
        let mut display = Display::new();
        let moved = transfer::transfer(&dir, &url, |progress| {
            display.show(progress);
            match is_stopping.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        display.end();
        moved
    })
}

fn refused(error: TransferError) -> Failure {
    let code = if matches!(error, TransferError::Stopped) { EXIT_INTERRUPTED } else { 1 };
    Failure { message: error.to_string(), code }
}

fn told(moved: &Moved, settings: &Settings) -> String {
    let total: u64 = moved.tables.iter().map(|(_, rows)| rows).sum();
    let mut text = format!("All {total} rows are moved, and each was compared:\n");
    for (table, rows) in &moved.tables {
        text.push_str(&format!("{rows:>12} {table}\n"));
    }
    if moved.rows_before > 0 {
        text.push_str(&format!("An earlier run had moved {} of them.\n", moved.rows_before));
    }
    text.push_str(&format!(
        "Start Parlor with this address as its setting database from now on. {} is as it was: keep it as a copy, and start no \
         server on it any more.\n",
        settings.data.display()
    ));
    text
}
