//! Stops in order under load, again and again: nothing is refused for good that could be sent again, nothing is lost, the process
//! ends in time, and those who are told to come back are told so at different times.

use crate::{
    Result,
    history::Violation,
    lock,
    program::{Program, Recipe},
    report::Report,
    scene::{Scene, violation},
};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// A process that was told to stop has so long.
const EXIT_MAX: Duration = Duration::from_secs(10);
/// How long a server works before it is told to stop, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 100..1_200;
/// The window in which clients are told to come back, as it is set and as few people are told.
const WINDOW_MS: u64 = 2_000;
/// The window in so many parts; none may have more than its share times two, once there are enough farewells to tell.
const PARTS: usize = 4;
const FAREWELLS_MIN: usize = 80;
/// What may be refused for good while a server stops, because it would be at any time: somebody tries where they were put out.
const ORDINARY: &[&str] = &["not_a_member", "banned"];

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Stops {
    /// The server.
    pub(crate) recipe: Recipe,
    /// How often it is told to stop.
    pub(crate) stops: u32,
    /// How many people talk.
    pub(crate) people: usize,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
}

/// Runs it and holds what everybody saw against what is stored.
///
/// # Errors
/// When the run itself could not be done. What it found wrong with Parlor is in the report.
pub(crate) async fn run(asked: &Stops) -> Result<Report> {
    let mut random = fastrand::Rng::with_seed(asked.seed);
    let mut program = Program::start(&asked.recipe).await?;
    let scene = Scene::open(&asked.recipe, &program, asked.people, asked.seed).await?;
    let mut found = Vec::new();
    let (mut slowest, mut away_max) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..asked.stops {
        scene.something_happens(&mut program).await?;
        sleep(Duration::from_millis(random.u64(LIFE_MS))).await;
        let told = Instant::now();
        let (status, took) = program.stop().await?;
        slowest = slowest.max(took);
        if !status.success() || took > EXIT_MAX {
            found.push(violation("it stops when it is told to", format!("{status} after {took:?}")));
        }
        program = Program::start(&asked.recipe).await?;
        scene.proxy.lead_to(program.address);
        away_max = away_max.max(told.elapsed());
    }
    let farewells = lock(&scene.crowd.stage.farewells).clone();
    found.extend(bunched(&farewells));
    let refused = lock(&scene.crowd.stage.refused).clone();
    for (code, count) in refused.iter().filter(|(code, _)| !ORDINARY.contains(&code.as_str())) {
        found.push(violation("a stop refuses nothing for good", format!("{code}, {count} times")));
    }
    let own = vec![
        ("stops", asked.stops.to_string()),
        ("slowest exit ms", slowest.as_millis().to_string()),
        ("away at most ms", away_max.as_millis().to_string()),
        ("farewells", farewells.len().to_string()),
        ("largest share of a quarter of the window, percent", largest_share(&farewells).to_string()),
    ];
    scene.close("stops", program, own, found).await
}

/// How many come back in each part of the window.
fn parts(farewells: &[u64]) -> [usize; PARTS] {
    let mut counts = [0; PARTS];
    for retry_ms in farewells {
        let part = usize::try_from(retry_ms.saturating_mul(PARTS as u64) / WINDOW_MS).unwrap_or(PARTS);
        if let Some(count) = counts.get_mut(part.min(PARTS - 1)) {
            *count += 1;
        }
    }
    counts
}

fn largest_share(farewells: &[u64]) -> usize {
    parts(farewells).into_iter().max().unwrap_or(0) * 100 / farewells.len().max(1)
}

fn bunched(farewells: &[u64]) -> Option<Violation> {
    let counts = parts(farewells);
    let share = 2 * farewells.len() / PARTS;
    let beyond = farewells.iter().any(|retry_ms| *retry_ms > WINDOW_MS);
    let is_bunched = farewells.len() >= FAREWELLS_MIN && counts.iter().any(|count| *count > share);
    (is_bunched || beyond)
        .then(|| violation("those who are told to go come back one after the other", format!("{counts:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn farewells_at_one_time_are_found_and_those_all_over_the_window_are_not() {
        let spread: Vec<u64> = (0..200).map(|number| number * 10).collect();
        assert_eq!(bunched(&spread), None);
        let same = vec![1_000; 200];
        assert!(bunched(&same).is_some());
        assert!(bunched(&[WINDOW_MS + 1]).is_some(), "later than was announced");
    }
}
