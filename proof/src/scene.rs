//! What all runs have in common: a server, people who talk through a network, and the end, when what they saw is held against
//! what is stored.

use crate::{
    Result,
    history::{self, History, Violation},
    house::{Crowd, House},
    person::Mode,
    program::{Program, Recipe},
    proxy::{Proxy, Weather},
    report::Report,
    truth,
};
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

/// After the last fault everybody has so long to have everything.
pub(crate) const HEAL_PATIENCE: Duration = Duration::from_secs(30);
/// What those do who are not slowed down by answers, in milliseconds.
const PAUSE_MS: std::ops::Range<u64> = 2..120;
/// Rooms besides General.
const ROOMS: usize = 3;

/// People who talk with a server.
pub(crate) struct Scene {
    pub(crate) recipe: Recipe,
    pub(crate) house: House,
    pub(crate) proxy: Proxy,
    pub(crate) crowd: Crowd,
    begun: Instant,
    seed: u64,
    people: usize,
}

impl Scene {
    /// Lets people talk with a server that has just been started.
    ///
    /// # Errors
    /// When the server does not do as it is asked.
    pub(crate) async fn open(recipe: &Recipe, program: &Program, people: usize, seed: u64) -> Result<Self> {
        let begun = Instant::now();
        let house = House::furnish(program.address, people, ROOMS, seed).await?;
        let proxy = Proxy::open(program.address, seed).await?;
        let crowd = Crowd::gather(&house, |_| proxy.address(), proxy.address(), seed, PAUSE_MS)?;
        Ok(Self { recipe: recipe.clone(), house, proxy, crowd, begun, seed, people })
    }

    /// Waits until somebody was acknowledged something more, or the server has ended.
    ///
    /// # Errors
    /// When the system does not tell whether it has.
    pub(crate) async fn something_happens(&self, program: &mut Program) -> Result<()> {
        let before = self.crowd.acknowledged();
        while self.crowd.acknowledged() == before && program.has_ended()?.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Ends the faults, waits until everybody has everything, stops the server and checks all rules.
    ///
    /// # Errors
    /// When the run itself could not be done. What was wrong with Parlor is in the report.
    pub(crate) async fn close(
        mut self,
        name: &str,
        program: Program,
        own: Vec<(&'static str, String)>,
        mut found: Vec<Violation>,
    ) -> Result<Report> {
        self.proxy.lead_to(program.address);
        self.proxy.set(Weather::default());
        self.proxy.cut();
        let healing = Instant::now();
        self.crowd.mode.send_replace(Mode::Listen);
        self.crowd.settle_rooms().await?;
        if !self.crowd.quiet(HEAL_PATIENCE).await {
            found.push(violation(
                "everything is acknowledged in the end",
                "something is not after the faults",
            ));
        }
        let told = self.crowd.equal(&self.house, program.address, HEAL_PATIENCE).await?;
        if told.is_none() {
            found.push(violation("everybody has everything in the end", "somebody's copy did not catch up"));
        }
        let healed_ms = healing.elapsed().as_millis();
        let acknowledged = self.crowd.acknowledged();
        let connections = self.crowd.stage.connections.load(Ordering::Relaxed);
        let mut seen: History = self.crowd.disperse().await?;
        seen.unread = told.map(|told| told.unread).unwrap_or_default();
        program.stop().await?;
        let truth = truth::read(&self.recipe).await?;
        found.extend(history::check(&seen, &truth));
        let mut figures = own;
        figures.extend([
            ("people", self.people.to_string()),
            ("acknowledged", acknowledged.to_string()),
            ("answers lost", self.proxy.acks_lost().to_string()),
            ("connections", connections.to_string()),
            ("events", seen.heard.len().to_string()),
            ("pages", seen.pages.len().to_string()),
            ("equal after, ms", healed_ms.to_string()),
            ("seconds", self.begun.elapsed().as_secs().to_string()),
        ]);
        let engine = if self.recipe.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
        Ok(Report { name: format!("{name}, {engine}"), seed: self.seed, figures, violations: found })
    }
}

/// Something that was found by the run itself and not by a rule about its history.
pub(crate) fn violation(rule: &'static str, what: impl Into<String>) -> Violation {
    Violation { rule, what: what.into() }
}
