//! The command line: `parlor [serve]`, `config`, `account …`, `migrate-data`, `new-epoch`, `openapi`, `version`.
//!
//! A failure is one sentence on standard error and exit code 1; a wrong flag or setting is exit code 2.

mod account;
mod migrate_data;
mod new_epoch;
mod progress;
mod serve;
mod signals;

use crate::config::{self, BadSetting, Flags, MAIN, Settings, TABLE};
use clap::{Arg, ArgMatches, Command, builder::ValueParser};
use std::{
    ffi::OsString,
    fmt,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

/// Why the program ends early.
#[derive(Debug)]
pub struct Failure {
    /// A sentence for whoever started it.
    pub message: String,
    pub code: u8,
}

impl Failure {
    /// Something on the machine is not as it must be.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), code: 1 }
    }
}

impl From<BadSetting> for Failure {
    fn from(wrong: BadSetting) -> Self {
        Self { message: wrong.0, code: 2 }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error)
    }
}

/// Runs the program. The first argument is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help that was asked for goes to standard output and is no failure. When even this cannot be written,
            // nobody is there to be told.
            drop(error.print());
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match dispatch(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            drop(writeln!(io::stderr(), "parlor: {}", failure.message));
            ExitCode::from(failure.code)
        }
    }
}

fn dispatch(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        None => serve::serve(&settings(matches)?),
        Some(("serve", matches)) => serve::serve(&settings(matches)?),
        Some(("account", matches)) => account::run(matches),
        Some(("migrate-data", matches)) => migrate_data::run(matches),
        Some(("new-epoch", matches)) => new_epoch::run(matches),
        Some(("config", _)) => print(&config::reference()),
        Some(("openapi", _)) => print(&crate::http::openapi::document_json()?),
        Some(("version", _)) => print(&format!("parlor {}\n", env!("CARGO_PKG_VERSION"))),
        Some((other, _)) => Err(Failure::new(format!("there is no command {other:?}"))),
    }
}

/// Writes to standard output. A reader that has seen enough (`parlor config | head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn settings(matches: &ArgMatches) -> Result<Settings, Failure> {
    let given = TABLE.iter().filter_map(|setting| {
        Some((setting.name.to_owned(), matches.get_one::<String>(setting.name)?.clone()))
    });
    let flags = Flags { values: given.collect(), file: matches.get_one::<PathBuf>("config").cloned() };
    Ok(Settings::load(&flags)?)
}

fn command() -> Command {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(ValueParser::path_buf())
        .help("Read settings from this file instead of parlor.toml")
        .global(true);
    let settings = TABLE.iter().map(|setting| {
        let default = if setting.default.is_empty() { "empty" } else { setting.default };
        Arg::new(setting.name)
            .long(setting.flag())
            .value_name(setting.value_name)
            .help(setting.what)
            .long_help(format!("{}\n[default: {default}; {}]", setting.what, setting.variable()))
            .help_heading(setting.heading)
            .hide_short_help(!MAIN.contains(&setting.name))
            .global(true)
    });
    Command::new("parlor")
        .about("A self-hosted chat system")
        .long_about(
            "A self-hosted chat system. Without a command it serves; `parlor config` explains every setting.",
        )
        .version(env!("CARGO_PKG_VERSION"))
        .args([config])
        .args(settings)
        .subcommand(Command::new("serve").about("Serves Parlor; the same as no command"))
        .subcommand(
            Command::new("config").about("Prints every setting with its default and the reason for it"),
        )
        .subcommand(account::command())
        .subcommand(migrate_data::command())
        .subcommand(new_epoch::command())
        .subcommand(Command::new("openapi").about("Prints the OpenAPI document of the HTTP API"))
        .subcommand(Command::new("version").about("Prints the version"))
}
