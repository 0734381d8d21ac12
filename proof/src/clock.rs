//! A clock that jumps, while people talk: nothing is ordered by it, nobody is signed out by it.

use crate::{
    Result,
    program::{Program, Recipe},
    report::Report,
    scene::{Scene, violation},
};
use std::{path::Path, sync::atomic::Ordering, time::Duration};
use tokio::time::sleep;

/// Where Debian keeps the library that tells programs another time.
const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
/// Between two jumps, in milliseconds.
const EVERY_MS: std::ops::Range<u64> = 50..600;
/// A day, in seconds: the farthest it jumps.
const DAY_S: i64 = 86_400;

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// The server.
    pub(crate) recipe: Recipe,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
    /// How often the clock jumps.
    pub(crate) jumps: u32,
    /// How many people talk.
    pub(crate) people: usize,
}

/// Lets the clock jump up to a day either way, or tremble by a second.
///
/// # Errors
/// When the run itself could not be done: it needs libfaketime.
pub(crate) async fn run(clock: &Clock) -> Result<Report> {
    if !Path::new(LIBRARY).exists() {
        return Err(format!("{LIBRARY} is missing (Debian: apt-get install faketime)").into());
    }
    let file = clock.recipe.folder.join("clock");
    std::fs::write(&file, "+0")?;
    let recipe = clock
        .recipe
        .with("LD_PRELOAD", LIBRARY)
        .with("FAKETIME_TIMESTAMP_FILE", &file.to_string_lossy())
        .with("FAKETIME_NO_CACHE", "1")
        // Waiting goes by a clock that never jumps, on every system.
        .with("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let mut random = fastrand::Rng::with_seed(clock.seed);
    let mut program = Program::start(&recipe).await?;
    let scene = Scene::open(&recipe, &program, clock.people, clock.seed).await?;
    for _ in 0..clock.jumps {
        scene.something_happens(&mut program).await?;
        let by_s = match random.u8(0..3) {
            0 => random.i64(-1..2),
            1 => random.i64(-3_600..3_600),
            _ => random.i64(-DAY_S..DAY_S),
        };
        // In one step, so that nobody reads half of it.
        let next = file.with_extension("next");
        std::fs::write(&next, format!("{by_s:+}"))?;
        std::fs::rename(&next, &file)?;
        sleep(Duration::from_millis(random.u64(EVERY_MS))).await;
    }
    let mut found = Vec::new();
    if program.has_ended()?.is_some() {
        found.push(violation("a clock that jumps stops nothing", "the server ended"));
    }
    let connections = scene.crowd.stage.connections.load(Ordering::Relaxed);
    if usize::try_from(connections) != Ok(clock.people) {
        let what = format!("{} people connected {connections} times", clock.people);
        found.push(violation("a clock that jumps ends no connection", what));
    }
    scene.close("clock jumps", program, vec![("jumps", clock.jumps.to_string())], found).await
}
