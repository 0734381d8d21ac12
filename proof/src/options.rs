//! The command line.

use crate::{
    clock::Clock, crash::Crash, disk::Disk, migrations::Migrations, neighbours::Neighbours, power::Power,
    program::Recipe, readers::Readers, report::Table, restore::Restore, stops::Stops, storm::Storm,
};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::{
    path::{PathBuf, absolute},
    time::Duration,
};

const ON_POSTGRES: &str = "on-postgres";

/// What all runs have in common.
pub(crate) struct Common {
    pub(crate) recipe: Recipe,
    /// The program with faults on purpose.
    pub(crate) seeded: Option<PathBuf>,
    pub(crate) seed: u64,
    /// Where to append what came of it.
    pub(crate) json: Option<PathBuf>,
}

/// What the program is asked to do.
pub(crate) enum Task {
    /// To run something.
    Run(Box<(Common, Run)>),
    /// To write down what came of all runs.
    Table(Table),
}

/// What to run.
pub(crate) enum Run {
    Crash(Crash),
    Power(Power),
    Fill(Disk),
    Fail(Disk),
    Clock(Clock),
    Migrations(Migrations),
    Neighbours(Neighbours),
    Readers(Readers),
    Storm(Storm),
    Stops(Stops),
    Restore(Restore),
}

/// Reads the arguments; ends the program with a word where they are wrong.
pub(crate) fn read() -> Task {
    let matches = command().get_matches();
    // One of them is required.
    let (name, matches) = matches.subcommand().unwrap_or(("", &matches));
    if name == "table" {
        let path = |name: &str| matches.get_one::<PathBuf>(name).cloned().unwrap_or_default();
        return Task::Table(Table { results: path("results"), into: path("into") });
    }
    let common = common(matches);
    let run = match name {
        "power" => Run::Power(power(&common, matches)),
        "full-disk" => Run::Fill(disk(&common, matches)),
        "bad-disk" => Run::Fail(disk(&common, matches)),
        "clock" => Run::Clock(clock(&common, matches)),
        "crash" => Run::Crash(crash(&common, matches)),
        "migrations" => Run::Migrations(migrations(&common, matches)),
        "neighbours" => Run::Neighbours(neighbours(&common, matches)),
        "readers" => Run::Readers(readers(&common, matches)),
        "storm" => Run::Storm(storm(&common, matches)),
        "stops" => Run::Stops(stops(&common, matches)),
        "restore" => Run::Restore(restore(&common, matches)),
        other => unreachable!("{other} is not among the runs"),
    };
    Task::Run(Box::new((common, run)))
}

fn command() -> Command {
    let crash = run("crash", "kills it again and again under load")
        .arg(number("kills", "50", "how often it is killed"))
        .arg(number("calm", "0", "seconds of talk before the first time"))
        .arg(number("acks-lost", "30", "how many of a hundred acknowledgements the network swallows"))
        .arg(on_postgres());
    let power = run("power", "cuts the power again and again, on a disk that is a file; as root")
        .arg(number("cuts", "10", "how often"))
        .arg(Arg::new("control").long("control").action(ArgAction::SetTrue).help(
            "the program does not flush: nearly every cut must lose something, or the cuts show nothing",
        ));
    let migrations = run("migrations", "kills it in each migration").arg(on_postgres());
    let neighbours = run("neighbours", "lets PostgreSQL, Redis and the network between fail, and nodes")
        .arg(number("nodes", "2", "how many nodes"))
        .arg(number("restarts", "2", "how often PostgreSQL and Redis are restarted, each"))
        .arg(number("fault-ms", "4000", "how long something is cut off, slow or silent"))
        .arg(
            Arg::new("only")
                .long("only")
                .default_value("")
                .help("the faults whose names begin so, as in the log"),
        )
        .arg(flag("flushes", "lets PostgreSQL flush, as one that people use does"));
    let readers = run("readers", "lets clients stop reading in a busy room")
        .arg(number("readers", "100", "how many clients stop reading"))
        .arg(number("rate", "200", "how many messages are said in a second"))
        .arg(number(
            "stall-ms",
            "8000",
            "for how long they do not read; they are let go after half a minute",
        ));
    let storm = run("storm", "cuts all clients at once, which come back at once")
        .arg(number("clients", "2000", "how many"))
        .arg(number("storms", "1", "how often"));
    let stops = run("stops", "stops it in order under load, again and again").arg(number(
        "stops",
        "10",
        "how often it is told to stop",
    ));
    let restore = run("restore", "brings old copies of the database back")
        .arg(number("trials", "6", "how many copies are brought back"))
        .arg(on_postgres());
    Command::new("proof")
        .about("Shows on the real program that Parlor keeps its promises")
        .subcommand_required(true)
        .subcommand(crash)
        .subcommand(power)
        .subcommand(run("full-disk", "fills the disk and makes room again; as root").arg(number(
            "times",
            "5",
            "how often",
        )))
        .subcommand(run("bad-disk", "lets flushes fail and writes find no room; with strace").arg(number(
            "times",
            "20",
            "how often",
        )))
        .subcommand(
            Command::new("table")
                .about("writes a table of results into a page")
                .arg(path("results", "the folder of the results").required(true))
                .arg(path("into", "the page").required(true)),
        )
        .subcommand(run("clock", "lets the clock jump").arg(number("jumps", "20", "how often")))
        .subcommand(migrations)
        .subcommand(neighbours)
        .subcommand(readers)
        .subcommand(storm)
        .subcommand(stops)
        .subcommand(restore)
}

fn on_postgres() -> Arg {
    flag(ON_POSTGRES, "uses a PostgreSQL that the run starts, instead of SQLite")
}

fn run(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .arg(
            path("program", "the program parlor; of several the last")
                .required(true)
                .overrides_with("program"),
        )
        .arg(path("seeded", "the program parlor-seeded, where the run has a use for it"))
        .arg(path("folder", "an empty folder for data and logs").required(true))
        .arg(path("json", "a file to which the result is appended"))
        .arg(
            Arg::new("set")
                .long("set")
                .action(ArgAction::Append)
                .help("a variable for the server, as NAME=VALUE"),
        )
        .arg(number("people", "20", "how many people talk"))
        .arg(number("seed", "1", "what happens by chance follows from it"))
}

fn number(name: &'static str, usual: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_parser(value_parser!(u32)).default_value(usual).help(help)
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn path(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_parser(value_parser!(PathBuf)).help(help)
}

fn given(matches: &ArgMatches, name: &str) -> u32 {
    matches.get_one(name).copied().unwrap_or_default()
}

fn given_count(matches: &ArgMatches, name: &str) -> usize {
    usize::try_from(given(matches, name)).unwrap_or(usize::MAX)
}

fn given_ms(matches: &ArgMatches, name: &str) -> Duration {
    Duration::from_millis(given(matches, name).into())
}

fn common(matches: &ArgMatches) -> Common {
    // The program is started in a folder of its own, from where a name that begins here leads elsewhere.
    let path =
        |name: &str| matches.get_one::<PathBuf>(name).map(|path| absolute(path).unwrap_or(path.clone()));
    let pairs = matches.get_many::<String>("set").into_iter().flatten();
    let pairs = pairs.filter_map(|pair| pair.split_once('='));
    let recipe = Recipe {
        program: path("program").unwrap_or_default(),
        folder: path("folder").unwrap_or_default(),
        wrapper: Vec::new(),
        postgres: None,
        environment: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    };
    Common { recipe, seeded: path("seeded"), seed: u64::from(given(matches, "seed")), json: path("json") }
}

fn power(common: &Common, matches: &ArgMatches) -> Power {
    Power {
        recipe: common.recipe.clone(),
        seed: common.seed,
        cuts: given(matches, "cuts"),
        people: people(matches),
        is_control: matches.get_flag("control"),
    }
}

fn disk(common: &Common, matches: &ArgMatches) -> Disk {
    let (times, people) = (given(matches, "times"), people(matches));
    Disk { recipe: common.recipe.clone(), seed: common.seed, times, people }
}

fn clock(common: &Common, matches: &ArgMatches) -> Clock {
    let (jumps, people) = (given(matches, "jumps"), people(matches));
    Clock { recipe: common.recipe.clone(), seed: common.seed, jumps, people }
}

fn people(matches: &ArgMatches) -> usize {
    usize::try_from(given(matches, "people")).unwrap_or(usize::MAX)
}

fn crash(common: &Common, matches: &ArgMatches) -> Crash {
    Crash {
        recipe: common.recipe.clone(),
        seeded: common.seeded.clone(),
        kills: given(matches, "kills"),
        calm_s: u64::from(given(matches, "calm")),
        people: people(matches),
        seed: common.seed,
        on_postgres: matches.get_flag(ON_POSTGRES),
        acks_lost_percent: u8::try_from(given(matches, "acks-lost")).unwrap_or(100),
    }
}

fn migrations(common: &Common, matches: &ArgMatches) -> Migrations {
    Migrations {
        recipe: common.recipe.clone(),
        seeded: common.seeded.clone(),
        on_postgres: matches.get_flag(ON_POSTGRES),
        seed: common.seed,
    }
}

fn neighbours(common: &Common, matches: &ArgMatches) -> Neighbours {
    Neighbours {
        recipe: common.recipe.clone(),
        nodes: given_count(matches, "nodes").max(1),
        people: people(matches),
        restarts: given(matches, "restarts"),
        fault: given_ms(matches, "fault-ms"),
        only: matches.get_one::<String>("only").cloned().unwrap_or_default(),
        flushes: matches.get_flag("flushes"),
        seed: common.seed,
    }
}

fn stops(common: &Common, matches: &ArgMatches) -> Stops {
    Stops {
        recipe: common.recipe.clone(),
        stops: given(matches, "stops"),
        people: people(matches),
        seed: common.seed,
    }
}

fn restore(common: &Common, matches: &ArgMatches) -> Restore {
    Restore {
        recipe: common.recipe.clone(),
        on_postgres: matches.get_flag(ON_POSTGRES),
        trials: given(matches, "trials"),
        people: people(matches),
        seed: common.seed,
    }
}

fn readers(common: &Common, matches: &ArgMatches) -> Readers {
    Readers {
        recipe: common.recipe.clone(),
        readers: given_count(matches, "readers"),
        messages_per_second: given_count(matches, "rate"),
        stall: given_ms(matches, "stall-ms"),
        seed: common.seed,
    }
}

fn storm(common: &Common, matches: &ArgMatches) -> Storm {
    Storm {
        recipe: common.recipe.clone(),
        clients: given_count(matches, "clients"),
        storms: given(matches, "storms").into(),
        seed: common.seed,
    }
}
