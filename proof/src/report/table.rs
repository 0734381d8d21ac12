//! The table of a campaign, made of the results of its parts.

use crate::Result;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Between these lines of the page stands the table.
const BEGIN: &str = "<!-- campaign: written by scripts/campaign table -->";
const END: &str = "<!-- end of campaign -->";

/// What has one of these words in its name cannot be added up.
const HIGHEST: &[&str] = &["ms", "s", "people", "MiB", "KiB", "percent", "highest"];

/// Where the results are, and where the table goes.
pub(crate) struct Table {
    pub(crate) results: PathBuf,
    pub(crate) into: PathBuf,
}

#[derive(Deserialize)]
struct Part {
    date: String,
    name: String,
    #[serde(default)]
    figures: BTreeMap<String, String>,
    /// The closing line of a run that tells no figures one by one.
    said: Option<String>,
    violations: Vec<serde_json::Value>,
}

/// All parts of one name.
#[derive(Default)]
struct Sum {
    parts: usize,
    dates: Vec<String>,
    /// Added up, or the highest of what cannot be.
    figures: BTreeMap<String, u64>,
    said: Vec<String>,
    violations: usize,
}

impl Table {
    /// Writes the table in its place on the page.
    ///
    /// # Errors
    /// When a result cannot be read, or the page has no place for it.
    pub(crate) fn write(&self) -> Result<()> {
        let page = fs::read_to_string(&self.into)?;
        let (before, rest) = page.split_once(BEGIN).ok_or("the page has no place for the table")?;
        let (_, after) = rest.split_once(END).ok_or("the page has no end of the table")?;
        let table = rows(&sums(&self.results)?);
        fs::write(&self.into, format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))?;
        Ok(())
    }
}

fn sums(folder: &Path) -> Result<BTreeMap<String, Sum>> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        for line in fs::read_to_string(&path)?.lines() {
            let part: Part = serde_json::from_str(line)?;
            sums.entry(part.name.clone()).or_default().add(part);
        }
    }
    Ok(sums)
}

impl Sum {
    fn add(&mut self, part: Part) {
        self.parts += 1;
        self.dates.push(part.date);
        self.violations += part.violations.len();
        self.said.extend(part.said);
        for (name, value) in part.figures {
            let Ok(value) = value.parse::<u64>() else { continue };
            let figure = self.figures.entry(name.clone()).or_default();
            let is_highest = HIGHEST.iter().any(|word| name.split([' ', ',']).any(|part| part == *word));
            *figure = if is_highest { value.max(*figure) } else { *figure + value };
        }
    }
}

fn rows(sums: &BTreeMap<String, Sum>) -> String {
    let mut table = String::from(
        "| what | parts | last run | figures (added up; times are the highest) | violations |\n",
    );
    table.push_str("|---|---|---|---|---|\n");
    for (name, sum) in sums {
        let figures = sum.figures.iter().map(|(name, value)| format!("{name} {value}"));
        let figures: Vec<_> = figures.chain(sum.said.iter().cloned()).collect();
        let last = sum.dates.iter().max().map_or("", String::as_str);
        let (parts, figures, violations) = (sum.parts, figures.join(", "), sum.violations);
        // A text takes everything.
        let _ = writeln!(table, "| {name} | {parts} | {last} | {figures} | {violations} |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_one_name_are_added_up_and_the_page_around_the_table_stays() {
        let folder = tempfile::tempdir().unwrap();
        let part = |kills: u32, ms: u32| {
            format!(
                r#"{{"date":"2026-01-0{kills}","name":"kills","seed":1,"figures":{{"kills":"{kills}","slowest ms":"{ms}"}},"violations":[]}}"#
            )
        };
        fs::write(folder.path().join("a.json"), part(2, 70)).unwrap();
        fs::write(folder.path().join("b.json"), part(3, 50)).unwrap();
        fs::write(folder.path().join("c.part"), "not done").unwrap();
        let said = r#"{"date":"2026-01-04","name":"worlds","said":"200 of them","violations":[]}"#;
        fs::write(folder.path().join("d.json"), said).unwrap();
        let page = folder.path().join("page.md");
        fs::write(&page, format!("above\n{BEGIN}\nold\n{END}\nbelow\n")).unwrap();
        Table { results: folder.path().to_owned(), into: page.clone() }.write().unwrap();
        let page = fs::read_to_string(page).unwrap();
        assert!(
            page.starts_with("above\n") && page.ends_with("\nbelow\n") && !page.contains("old"),
            "{page}"
        );
        assert!(page.contains("| kills | 2 | 2026-01-03 | kills 5, slowest ms 70 | 0 |"), "{page}");
        assert!(page.contains("| worlds | 1 | 2026-01-04 | 200 of them | 0 |"), "{page}");
    }
}
