//! The table of a campaign, made of the results of its parts.

use crate::Result;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Between these lines of the page stands the table, under its head.
const BEGIN: &str = "<!-- campaign: written by scripts/campaign table -->";
const END: &str = "<!-- end of campaign -->";
const HEAD: &str = "\
| what | parts | last run | figures (added up; times are the highest) | violations |
|---|---|---|---|---|
";

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
    /// Writes the table in its place on the page. A run that has no result here keeps the row it has there: a campaign takes
    /// more than one machine, and more than one day.
    ///
    /// # Errors
    /// When a result cannot be read, or the page has no place for it.
    pub(crate) fn write(&self) -> Result<()> {
        let page = fs::read_to_string(&self.into)?;
        let (before, rest) = page.split_once(BEGIN).ok_or("the page has no place for the table")?;
        let (old, after) = rest.split_once(END).ok_or("the page has no end of the table")?;
        let mut rows = rows_of(old);
        rows.extend(sums(&self.results)?.into_iter().map(|(name, sum)| {
            let row = sum.row(&name);
            (name, row)
        }));
        let rows: String = rows.into_values().collect();
        fs::write(&self.into, format!("{before}{BEGIN}\n\n{HEAD}{rows}\n{END}{after}"))?;
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

    fn row(&self, name: &str) -> String {
        let figures = self.figures.iter().map(|(name, value)| format!("{name} {value}"));
        let figures: Vec<_> = figures.chain(self.said.iter().cloned()).collect();
        let last = self.dates.iter().max().map_or("", String::as_str);
        format!("| {name} | {} | {last} | {} | {} |\n", self.parts, figures.join(", "), self.violations)
    }
}

/// The rows that a page has, by their names.
fn rows_of(table: &str) -> BTreeMap<String, String> {
    let rows = table.lines().filter(|line| !HEAD.lines().any(|head| head == *line));
    rows.filter_map(|row| {
        let (name, _) = row.strip_prefix("| ")?.split_once(" | ")?;
        Some((name.to_owned(), format!("{row}\n")))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_one_name_are_added_up_and_what_has_no_result_here_stays() {
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
        let elsewhere = "| a storm | 1 | 2026-01-02 | clients 9 | 0 |\n";
        let page = folder.path().join("page.md");
        fs::write(&page, format!("above\n{BEGIN}\nold\n\n{HEAD}{elsewhere}| kills | 1 | 2026-01-01 | kills 9 | 1 |\n{END}\nbelow\n")).unwrap();
        Table { results: folder.path().to_owned(), into: page.clone() }.write().unwrap();
        let page = fs::read_to_string(page).unwrap();
        assert!(
            page.starts_with("above\n") && page.ends_with("\nbelow\n") && !page.contains("old"),
            "{page}"
        );
        let kills = "| kills | 2 | 2026-01-03 | kills 5, slowest ms 70 | 0 |\n";
        let worlds = "| worlds | 1 | 2026-01-04 | 200 of them | 0 |\n";
        assert!(page.contains(&format!("\n\n{HEAD}{elsewhere}{kills}{worlds}\n")), "{page}");
    }
}
