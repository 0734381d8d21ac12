//! An old copy of the database is brought back while clients know what came after it. None of them may mix the two histories.

use crate::{
    Result,
    history::{History, RULES, Truth},
    house::{Crowd, House, until_answered},
    person::Mode,
    program::{Program, Recipe},
    proxy::{Proxy, Weather},
    report::Report,
    scene::violation,
    servers::postgres::Postgres,
    truth,
};
use hyper::Method;
use serde_json::json;
use std::{
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE_MS: std::ops::Range<u64> = 2..40;
/// So many messages are in the copy, and so many come after it.
const TALK_MIN: usize = 60;
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// The rules that a history keeps of which a part was taken away: what was acknowledged after the copy is lost, of course.
const KEPT: &[&str] =
    &["numbers have no gaps", "what is stored is stored once", "everybody's copy is what is stored"];

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Restore {
    /// The server.
    pub(crate) recipe: Recipe,
    /// Whether the database is a PostgreSQL that the run starts.
    pub(crate) on_postgres: bool,
    /// How many copies are brought back.
    pub(crate) trials: u32,
    /// How many people talk.
    pub(crate) people: usize,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
}

/// How the copy comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The file of the database alone, and nobody says anything: the server notices. SQLite alone.
    Database,
    /// All there is, and the operator says so with `parlor new-epoch`. Clients come back late, when the old numbers are given anew.
    Told,
    /// All there is, and nobody says anything. Clients come back first, and each notices that its copy is from the future.
    Untold,
}

/// Runs it.
///
/// # Errors
/// When the run itself could not be done. What it found wrong with Parlor is in the report.
pub(crate) async fn run(asked: &Restore) -> Result<Report> {
    let begun = Instant::now();
    let mut postgres = None;
    if asked.on_postgres {
        postgres = Some(tokio::task::spawn_blocking(|| Postgres::start(false)).await??);
    }
    let ways = if asked.on_postgres {
        vec![Way::Told, Way::Untold]
    } else {
        vec![Way::Database, Way::Told, Way::Untold]
    };
    let mut report = Report {
        name: format!("restore, {}", if asked.on_postgres { "PostgreSQL" } else { "SQLite" }),
        seed: asked.seed,
        figures: Vec::new(),
        violations: Vec::new(),
    };
    let (mut lost, mut copies) = (0, 0);
    for (trial, way) in (0..asked.trials).zip(ways.into_iter().cycle()) {
        let mut recipe = asked.recipe.clone();
        recipe.folder = recipe.folder.join(format!("restore{trial}"));
        let kept = match &postgres {
            Some(postgres) => {
                let name = format!("parlor{trial}");
                recipe.postgres = Some(postgres.new_database(&name)?);
                Kept { postgres: Some((postgres, name)) }
            }
            None => Kept { postgres: None },
        };
        let ended = bring_back(&recipe, &kept, way, asked, u64::from(trial)).await?;
        lost += ended.lost;
        copies += ended.seen.copies.len();
        for (rule, find) in RULES.iter().filter(|(rule, _)| KEPT.contains(rule)) {
            let wrong = find(&ended.seen, &ended.truth);
            let first = wrong.first().cloned().unwrap_or_default();
            if !wrong.is_empty() {
                report.violations.push(violation(rule, format!("{way:?}: {} times, {first}", wrong.len())));
            }
        }
        if !ended.is_equal {
            report.violations.push(violation("everybody has everything in the end", format!("{way:?}")));
        }
        if (way != Way::Untold) != ended.is_new_epoch {
            let what = format!("{way:?}: a new epoch: {}", ended.is_new_epoch);
            report.violations.push(violation("a copy that is brought back begins a new epoch", what));
        }
    }
    report.figures = vec![
        ("copies brought back", asked.trials.to_string()),
        ("people", asked.people.to_string()),
        ("changes lost with them", lost.to_string()),
        ("clients' copies compared", copies.to_string()),
        ("seconds", begun.elapsed().as_secs().to_string()),
    ];
    tokio::task::spawn_blocking(move || drop(postgres)).await?;
    Ok(report)
}

/// Where the copy is kept.
struct Kept<'a> {
    postgres: Option<(&'a Postgres, String)>,
}

struct Ended {
    seen: History,
    truth: Truth,
    lost: i64,
    is_equal: bool,
    is_new_epoch: bool,
}

async fn bring_back(
    recipe: &Recipe,
    kept: &Kept<'_>,
    way: Way,
    asked: &Restore,
    trial: u64,
) -> Result<Ended> {
    let seed = asked.seed.wrapping_mul(1_000).wrapping_add(trial);
    let program = Program::start(recipe).await?;
    let house = House::furnish(program.address, asked.people, 2, seed).await?;
    let proxy = Proxy::open(program.address, seed).await?;
    let mut crowd = Crowd::gather(&house, |_| proxy.address(), proxy.address(), seed, PAUSE_MS)?;
    talk(&crowd, TALK_MIN).await?;
    program.stop().await?;
    kept.keep(recipe)?;
    let old = changes_of(recipe).await?;
    let epoch = epoch_of(recipe).await?;

    let program = Program::start(recipe).await?;
    proxy.lead_to(program.address);
    talk(&crowd, TALK_MIN).await?;
    crowd.mode.send_replace(Mode::Listen);
    crowd.settle_rooms().await?;
    // What is not acknowledged yet would be said again, and be there twice: once in each history.
    let mut is_equal = crowd.quiet(PATIENCE).await;
    is_equal &= crowd.equal(&house, program.address, PATIENCE).await?.is_some();
    proxy.set(Weather { is_closed: true, ..Weather::default() });
    proxy.cut();
    program.stop().await?;
    let lost = changes_of(recipe).await? - old;

    kept.bring_back(recipe, way)?;
    if way == Way::Told {
        let done = recipe.command().arg("new-epoch").stdout(Stdio::null()).status()?;
        if !done.success() {
            return Err(format!("parlor new-epoch: {done}").into());
        }
    }
    let program = Program::start(recipe).await?;
    if way != Way::Untold {
        // The numbers that are gone are given to other messages before anybody comes back who knows them.
        let asker = house.asker(0, program.address)?;
        for number in 0..lost + 10 {
            let body = json!({ "cid": format!("anew-{number}"), "body": format!("<anew-{number}>") });
            until_answered(&asker, &Method::POST, "/api/v1/conversations/1/messages", Some(body)).await?;
        }
    }
    proxy.lead_to(program.address);
    proxy.set(Weather::default());
    is_equal &= crowd.equal(&house, program.address, PATIENCE).await?.is_some();
    let seen = crowd.disperse().await?;
    program.stop().await?;
    let is_new_epoch = epoch_of(recipe).await? != epoch;
    Ok(Ended { seen, truth: truth::read(recipe).await?, lost, is_equal, is_new_epoch })
}

async fn talk(crowd: &Crowd, messages: usize) -> Result<()> {
    let (begun, before) = (Instant::now(), crowd.acknowledged());
    while crowd.acknowledged() < before + messages {
        if begun.elapsed() > PATIENCE {
            return Err("nobody talks".into());
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}

async fn changes_of(recipe: &Recipe) -> Result<i64> {
    Ok(truth::read(recipe).await?.logs.values().map(|log| log.last_rev).sum())
}

async fn epoch_of(recipe: &Recipe) -> Result<String> {
    truth::epoch(recipe).await
}

impl Kept<'_> {
    /// Copies the database of a server that was stopped.
    fn keep(&self, recipe: &Recipe) -> Result<()> {
        match &self.postgres {
            Some((postgres, name)) => postgres.run(&format!("CREATE DATABASE {name}_copy TEMPLATE {name}")),
            None => copy(&recipe.data(), &recipe.folder.join("copy")),
        }
    }

    fn bring_back(&self, recipe: &Recipe, way: Way) -> Result<()> {
        if let Some((postgres, name)) = &self.postgres {
            postgres.run(&format!("DROP DATABASE {name}"))?;
            return postgres.run(&format!("ALTER DATABASE {name}_copy RENAME TO {name}"));
        }
        let kept = recipe.folder.join("copy");
        if way != Way::Database {
            fs::remove_dir_all(recipe.data())?;
            return copy(&kept, &recipe.data());
        }
        for name in ["parlor.db", "parlor.db-wal", "parlor.db-shm"] {
            let (from, to) = (kept.join(name), recipe.data().join(name));
            if to.exists() {
                fs::remove_file(&to)?;
            }
            if from.exists() {
                fs::copy(from, to)?;
            }
        }
        Ok(())
    }
}

/// Copies the files of a folder into another, which is as private.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
