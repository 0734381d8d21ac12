//! The command line.

use clap::{Arg, ArgAction, builder::PossibleValuesParser, value_parser};
use std::path::PathBuf;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    Fanout,
    Rooms,
    Send,
    Idle,
    History,
    CatchUp,
    Start,
}

/// Every figure by its name, in the order in which `all` measures them.
const FIGURES: &[(&str, Figure)] = &[
    ("fanout", Figure::Fanout),
    ("rooms", Figure::Rooms),
    ("send", Figure::Send),
    ("idle", Figure::Idle),
    ("history", Figure::History),
    ("catch-up", Figure::CatchUp),
    ("start", Figure::Start),
];

/// Servers that this program is itself, as a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rival {
    /// The floor: one write for each message.
    FloorEach,
    /// The floor: one write for all that waits.
    FloorTogether,
    /// The axum example as `axum::serve` serves it.
    Usual,
    /// The axum example with `TCP_NODELAY`.
    UsualAtOnce,
}

/// The word that starts each of them.
pub(crate) const RIVALS: &[(&str, Rival)] = &[
    ("serve-floor-each", Rival::FloorEach),
    ("serve-floor-together", Rival::FloorTogether),
    ("serve-usual", Rival::Usual),
    ("serve-usual-at-once", Rival::UsualAtOnce),
];

/// Enough to see how far repeats lie apart.
const REPEATS: usize = 3;

/// What the program is asked to do.
pub(crate) enum Command {
    Serve(Rival),
    Measure(Options),
}

/// How to measure.
pub(crate) struct Options {
    pub(crate) figures: Vec<Figure>,
    /// Smaller rooms and houses: minutes instead of a quarter of an hour.
    pub(crate) quick: bool,
    pub(crate) repeats: usize,
    /// Where to append a JSON object for each row.
    pub(crate) json: Option<PathBuf>,
    /// A PostgreSQL to measure besides.
    pub(crate) postgres: Option<String>,
    /// A Redis by which two nodes on that PostgreSQL hear each other.
    pub(crate) bus: Option<String>,
    /// The program `parlor`; built when none is given.
    pub(crate) parlor: Option<PathBuf>,
    /// Where data folders are made.
    pub(crate) folder: Option<PathBuf>,
}

/// Reads the arguments; ends the program with a word where they are wrong.
pub(crate) fn read() -> Command {
    let matches = command().get_matches();
    let words: Vec<&String> = matches.get_many("what").into_iter().flatten().collect();
    if let Some(rival) = words.iter().find_map(|word| named(RIVALS, word)) {
        return Command::Serve(rival);
    }
    let quick = words.iter().any(|word| *word == "quick");
    let mut figures: Vec<Figure> = words.iter().filter_map(|word| named(FIGURES, word)).collect();
    if figures.is_empty() {
        figures = FIGURES.iter().map(|(_, figure)| *figure).collect();
    }
    Command::Measure(Options {
        figures,
        quick,
        repeats: matches.get_one("repeats").copied().unwrap_or(REPEATS).max(1),
        json: matches.get_one("json").cloned(),
        postgres: matches.get_one::<String>("database").filter(|url| !url.is_empty()).cloned(),
        bus: matches.get_one("bus").cloned(),
        parlor: matches.get_one("parlor").cloned(),
        folder: matches.get_one("folder").cloned(),
    })
}

fn named<T: Copy>(list: &[(&str, T)], word: &str) -> Option<T> {
    list.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn command() -> clap::Command {
    let words = ["all", "quick"].into_iter();
    let words =
        words.chain(FIGURES.iter().map(|(name, _)| *name)).chain(RIVALS.iter().map(|(name, _)| *name));
    clap::Command::new("bench")
        .about("Measures Parlor beside a bare loop of writes and the usual axum example: docs/performance.md")
        .arg(
            Arg::new("what")
                .action(ArgAction::Append)
                .required(true)
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(words))
                .help("all, quick, fanout, rooms, send, idle, history, catch-up, start"),
        )
        .arg(
            Arg::new("repeats")
                .long("repeats")
                .value_name("NUMBER")
                .value_parser(value_parser!(usize))
                .help("How often each is measured [default: 3]"),
        )
        .arg(path("json", "Append a JSON object for each row to this file"))
        .arg(Arg::new("database").long("database").value_name("URL").env("PARLOR_TEST_POSTGRES").help(
            "Measure the rooms on this PostgreSQL too; it is filled and left so: give a throw-away one",
        ))
        .arg(
            Arg::new("bus")
                .long("bus")
                .value_name("URL")
                .help("Measure the rooms on two nodes with this Redis too, where a PostgreSQL is given"),
        )
        .arg(path("parlor", "The program to measure instead of building it").env("PARLOR_BIN"))
        .arg(path(
            "folder",
            "Where to make data folders, on the disk that counts [default: beside the program]",
        ))
}

fn path(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("PATH").value_parser(value_parser!(PathBuf)).help(help)
}
