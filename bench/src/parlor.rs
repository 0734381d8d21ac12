//! Parlor's own program: built, and started on a prepared house.

use crate::{
    Outcome,
    cores::{Cores, Given},
    fixture::House,
    options::Options,
    process::Server,
    table,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};
use store::Database;

/// What keeps people from flooding a house would keep the generator from measuring it. Everything else is as it is served.
const SETTINGS: &[(&str, &str)] = &[
    ("PARLOR_LISTEN", "127.0.0.1:0"),
    ("PARLOR_LOG", "warn"),
    ("PARLOR_CONNECTIONS_MAX", "1000000"),
    ("PARLOR_CONNECTIONS_PER_ADDRESS_MAX", "1000000"),
    ("PARLOR_REQUESTS_PER_ADDRESS", "1000000/s+1000000"),
    ("PARLOR_SENDS_PER_ACCOUNT", "1000000/s+1000000"),
    ("PARLOR_FRAMES_PER_CONNECTION", "1000000/s+1000000"),
];

/// The program that was named, or builds it beside this one.
pub(crate) fn find(options: &Options) -> Outcome<PathBuf> {
    if let Some(program) = &options.parlor {
        return Ok(program.clone());
    }
    table::note("building Parlor");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--locked", "--quiet", "-p", "server"])
        .current_dir(root)
        .status()?;
    if !status.success() {
        return Err("Parlor does not build".into());
    }
    let own = std::env::current_exe()?;
    Ok(own.parent().ok_or("a program in no folder")?.join("parlor"))
}

/// What a node has for itself.
pub(crate) struct Node<'a> {
    /// What it has to say on standard error goes to `parlor.log` in it.
    pub(crate) folder: PathBuf,
    /// By which it hears the others.
    pub(crate) bus: Option<&'a str>,
}

/// Starts it on a house.
pub(crate) fn start(
    program: &Path,
    Node { folder, bus }: &Node<'_>,
    house: &Database,
    given: &Given,
    cores: Cores,
) -> Outcome<Server> {
    std::fs::create_dir_all(folder)?;
    let mut command = Command::new(program);
    command.env_clear().envs(SETTINGS.iter().copied()).current_dir(folder);
    match house {
        Database::Sqlite { dir } => command.env("PARLOR_DATA", dir),
        Database::Postgres { url } => {
            command.env("PARLOR_DATA", folder.join("data")).env("PARLOR_DATABASE", url)
        }
    };
    command.envs(bus.map(|bus| ("PARLOR_BUS", bus)));
    let log = File::options().create(true).append(true).open(folder.join("parlor.log"))?;
    command.stderr(log);
    Server::start(command, given, cores)
}

impl House {
    /// The token of an account, counted from 0.
    pub(crate) fn token(&self, account: usize) -> Outcome<&str> {
        Ok(self.tokens.get(account).ok_or("there is no such account")?)
    }
}
