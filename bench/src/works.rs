//! What is measured, a file a figure.

mod catch_up;
mod fanout;
mod history;
mod idle;
mod rooms;
mod send;
mod start;

use crate::{
    Outcome,
    cores::{Cores, Given},
    fixture::{self, House, Plan},
    options::{Figure, Options},
    parlor,
    process::Server,
    table::{Table, note},
};
use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use store::Database;

/// What every figure needs.
pub(crate) struct Bench {
    pub(crate) given: Given,
    pub(crate) quick: bool,
    pub(crate) repeats: usize,
    pub(crate) postgres: Option<String>,
    pub(crate) bus: Option<String>,
    parlor: PathBuf,
    /// Of this run alone; removed at the end.
    folder: PathBuf,
}

impl Bench {
    pub(crate) fn prepare(options: &Options) -> Outcome<Self> {
        let given = Given::find()?;
        // The program is built on all cores, then the generator keeps to its own.
        let parlor = fs::canonicalize(parlor::find(options)?)?;
        given.pin_generator()?;
        if given.count() < 2 {
            note("one core alone: server and generator share it, and only the CPU figures mean anything");
        }
        let place = match &options.folder {
            Some(folder) => folder.clone(),
            None => std::env::current_exe()?.parent().ok_or("a program in no folder")?.to_path_buf(),
        };
        let folder = place.join(format!("bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self {
            given,
            quick: options.quick,
            repeats: options.repeats,
            postgres: options.postgres.clone(),
            bus: options.bus.clone(),
            parlor,
            folder,
        })
    }

    /// A house of its own with SQLite.
    pub(crate) fn build(&self, plan: &Plan) -> Outcome<House> {
        fixture::build(Database::Sqlite { dir: self.new_folder() }, plan)
    }

    /// A house in the PostgreSQL that was given, if one was.
    pub(crate) fn build_on_postgres(&self, plan: &Plan) -> Outcome<Option<House>> {
        let database = self.postgres.as_ref().map(|url| Database::Postgres { url: url.clone() });
        database.map(|database| fixture::build(database, plan)).transpose()
    }

    /// A folder that is not there yet.
    pub(crate) fn new_folder(&self) -> PathBuf {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        self.folder.join(format!("house-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    pub(crate) fn program(&self) -> &PathBuf {
        &self.parlor
    }

    pub(crate) fn start_parlor(&self, house: &House, cores: Cores) -> Outcome<Server> {
        self.start(house, cores, 1, None)
    }

    /// One of several nodes, numbered from 1.
    pub(crate) fn start_node(&self, house: &House, cores: Cores, number: usize) -> Outcome<Server> {
        self.start(house, cores, number, self.bus.as_deref())
    }

    fn start(&self, house: &House, cores: Cores, number: usize, bus: Option<&str>) -> Outcome<Server> {
        let node = parlor::Node { folder: self.folder.join(format!("node-{number}")), bus };
        parlor::start(&self.parlor, &node, &house.database, &self.given, cores)
    }

    /// How long to talk before it counts, and then.
    pub(crate) fn stretch(&self) -> (Duration, Duration) {
        let seconds = if self.quick { 2 } else { 3 };
        (Duration::from_millis(500), Duration::from_secs(seconds))
    }

    /// Gives the disk back what a house took.
    pub(crate) fn tear_down(&self, house: &House) -> Outcome<()> {
        match &house.database {
            Database::Sqlite { dir } => Ok(fs::remove_dir_all(dir)?),
            Database::Postgres { .. } => Ok(()),
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // A folder that stays is a nuisance and no error.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What is done with a table as soon as it is full: a run that fails later keeps it.
pub(crate) type Report<'a> = &'a mut dyn FnMut(Table) -> Outcome<()>;

/// Measures one figure.
pub(crate) fn measure(bench: &Bench, figure: Figure, report: Report<'_>) -> Outcome<()> {
    match figure {
        Figure::Fanout => fanout::measure(bench, report),
        Figure::Rooms => rooms::measure(bench, report),
        Figure::Send => send::measure(bench, report),
        Figure::Idle => idle::measure(bench, report),
        Figure::History => history::measure(bench, report),
        Figure::CatchUp => catch_up::measure(bench, report),
        Figure::Start => start::measure(bench, report),
    }
}
