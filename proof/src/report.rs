//! What a run shows, for people and for tables.

mod table;

pub(crate) use table::Table;

use crate::{Result, history::Violation};
use serde_json::json;
use std::{io::Write, path::Path};

/// What came of a run.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// What was run.
    pub(crate) name: String,
    /// What happened by chance followed from it.
    pub(crate) seed: u64,
    /// What was done and measured.
    pub(crate) figures: Vec<(&'static str, String)>,
    /// What was wrong.
    pub(crate) violations: Vec<Violation>,
}

impl Report {
    /// Writes it for a person.
    ///
    /// # Errors
    /// When there is nowhere to write.
    pub(crate) fn print(&self) -> Result<()> {
        let mut out = std::io::stdout().lock();
        let figures: Vec<_> = self.figures.iter().map(|(name, value)| format!("{name} {value}")).collect();
        writeln!(out, "{} (seed {}): {}", self.name, self.seed, figures.join(", "))?;
        for Violation { rule, what } in &self.violations {
            writeln!(out, "  BROKEN: {rule}: {what}")?;
        }
        writeln!(out, "  {} violations", self.violations.len())?;
        Ok(())
    }

    /// Appends it to a file, an object of JSON a line.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn append(&self, file: &Path) -> Result<()> {
        let figures: serde_json::Map<_, _> =
            self.figures.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let broken: Vec<_> =
            self.violations.iter().map(|found| json!({ "rule": found.rule, "what": found.what })).collect();
        let date = time::OffsetDateTime::now_utc().date().to_string();
        let line = json!({ "date": date, "name": self.name, "seed": self.seed, "figures": figures, "violations": broken });
        let mut file = std::fs::File::options().create(true).append(true).open(file)?;
        writeln!(file, "{line}")?;
        Ok(())
    }
}
