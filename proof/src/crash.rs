//! Kill -9, again and again, under load, at moments of chance and at named points, on a network that fails besides.

use crate::{
    Result,
    program::{Program, Recipe},
    proxy::Weather,
    report::Report,
    scene::Scene,
    servers::postgres::Postgres,
};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// A server that was told to die at a point has so long to come there.
const POINT_PATIENCE: Duration = Duration::from_secs(4);
/// How long a server works before it is killed, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 50..1_500;
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Crash {
    /// The server.
    pub(crate) recipe: Recipe,
    /// The same program, built to die at named points, when it is to.
    pub(crate) seeded: Option<PathBuf>,
    /// On a PostgreSQL, which lives on.
    pub(crate) on_postgres: bool,
    /// How often it is killed.
    pub(crate) kills: u32,
    /// How long people talk before the first time, in seconds.
    pub(crate) calm_s: u64,
    /// How many people talk.
    pub(crate) people: usize,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
    /// How many of a hundred acknowledgements the network swallows.
    pub(crate) acks_lost_percent: u8,
}

/// Where a server is told to die in turn.
const POINTS: &[&str] = &[
    "before-transaction",
    "before-commit",
    "after-commit",
    "after-telling",
    "after-answers",
    "in-checkpoint",
    "in-shutdown",
];

/// Runs it and holds what everybody saw against what is stored.
///
/// # Errors
/// When the run itself could not be done. What it found wrong with Parlor is in the report.
pub(crate) async fn run(crash: &Crash) -> Result<Report> {
    if !crash.on_postgres {
        return kill_again_and_again(crash).await;
    }
    let postgres = tokio::task::spawn_blocking(|| Postgres::start(true)).await??;
    let mut crash = crash.clone();
    crash.recipe.postgres = Some(postgres.new_database("parlor")?);
    let report = kill_again_and_again(&crash).await;
    tokio::task::spawn_blocking(move || drop(postgres)).await?;
    report
}

async fn kill_again_and_again(crash: &Crash) -> Result<Report> {
    let mut random = fastrand::Rng::with_seed(crash.seed);
    let mut program = Program::start(&crash.recipe.without_bug()).await?;
    let scene = Scene::open(&crash.recipe, &program, crash.people, crash.seed).await?;
    let (mut at_points, mut died_early) = (0, 0);
    if crash.recipe.has_bug() {
        // The house was furnished without it.
        program.kill()?;
        program = Program::start(&crash.recipe).await?;
        scene.proxy.lead_to(program.address);
    }
    sleep(Duration::from_secs(crash.calm_s)).await;
    for kill in 0..crash.kills {
        scene.proxy.set(weather(&mut random, crash.acks_lost_percent));
        // Nothing would be shown by killing a server that does nothing.
        scene.something_happens(&mut program).await?;
        at_points += u32::from(end(program, crash, kill, &mut random).await?);
        program = match Program::start(&next_life(crash, kill + 1, &mut random)).await {
            Err(_) if point_of(crash, kill + 1).is_some() => {
                // It came to its point before it listened.
                died_early += 1;
                Program::start(&crash.recipe).await?
            }
            started => started?,
        };
        scene.proxy.lead_to(program.address);
    }
    let own = vec![
        ("kills", crash.kills.to_string()),
        ("of them at points", at_points.to_string()),
        ("more while it started", died_early.to_string()),
    ];
    scene.close("kill -9", program, own, Vec::new()).await
}

/// Now and then the network is slow besides.
fn weather(random: &mut fastrand::Rng, acks_lost_percent: u8) -> Weather {
    let delay_ms = if random.u8(0..4) == 0 { random.u64(1..40) } else { 0 };
    Weather { delay_ms, acks_lost_percent, ..Weather::default() }
}

/// The server that follows: every second one dies at a point where there is a program for it.
fn next_life(crash: &Crash, kill: u32, random: &mut fastrand::Rng) -> Recipe {
    let (Some(seeded), Some(point)) = (&crash.seeded, point_of(crash, kill)) else {
        return crash.recipe.clone();
    };
    let times = match point {
        // They are rare, or come once.
        "in-checkpoint" | "in-shutdown" => 1,
        _ => random.u32(1..60),
    };
    let mut recipe = crash.recipe.with("PARLOR_KILL_AT", &format!("{point}:{times}"));
    recipe.program.clone_from(seeded);
    recipe
}

/// At which point the server of this turn dies, if at any.
fn point_of(crash: &Crash, kill: u32) -> Option<&'static str> {
    let turn = usize::try_from(kill).ok()?;
    if crash.seeded.is_none() || turn == 0 || turn.is_multiple_of(2) || kill >= crash.kills {
        return None;
    }
    POINTS.get(turn / 2 % POINTS.len()).copied()
}

/// Ends a server as its turn wants it, or by force where it does not come to its point. Whether it died at a point.
async fn end(mut program: Program, crash: &Crash, kill: u32, random: &mut fastrand::Rng) -> Result<bool> {
    let Some(point) = point_of(crash, kill) else {
        sleep(Duration::from_millis(random.u64(LIFE_MS))).await;
        program.kill()?;
        return Ok(false);
    };
    if point == "in-shutdown" {
        let (status, _) = program.stop().await?;
        return Ok(!status.success());
    }
    let begun = Instant::now();
    while begun.elapsed() < POINT_PATIENCE {
        if program.has_ended()?.is_some() {
            return Ok(true);
        }
        sleep(LOOK_EVERY).await;
    }
    program.kill()?;
    Ok(false)
}
