//! The pages about security say what is so: every requirement stands there once, and every test and page that they name
//! is there.

use crate::tidy::{files, root};
use std::{collections::BTreeSet, fs};

const STATUSES: &[&str] = &["met", "not met", "not applicable"];
const OWN: &str = "docs/security.md";
const ASVS: &str = "docs/security/asvs.md";

/// The sections of ASVS 5.0 that have requirements at levels 1 and 2, with the level of each requirement in turn.
const SECTIONS: &[(&str, &str)] = &[
    ("1.1", "22"),
    ("1.2", "111112222"),
    ("1.3", "11222222222"),
    ("1.4", "222"),
    ("1.5", "12"),
    ("2.1", "122"),
    ("2.2", "112"),
    ("2.3", "1222"),
    ("2.4", "2"),
    ("3.2", "11"),
    ("3.3", "1222"),
    ("3.4", "112222"),
    ("3.5", "11122"),
    ("3.7", "22"),
    ("4.1", "122"),
    ("4.2", "2"),
    ("4.3", "22"),
    ("4.4", "1222"),
    ("5.1", "2"),
    ("5.2", "112"),
    ("5.3", "11"),
    ("5.4", "222"),
    ("6.1", "122"),
    ("6.2", "111111112222"),
    ("6.3", "1122"),
    ("6.4", "1122"),
    ("6.5", "22222"),
    ("6.6", "222"),
    ("6.8", "2222"),
    ("7.1", "222"),
    ("7.2", "1111"),
    ("7.3", "22"),
    ("7.4", "11222"),
    ("7.5", "22"),
    ("7.6", "22"),
    ("8.1", "12"),
    ("8.2", "112"),
    ("8.3", "1"),
    ("8.4", "2"),
    ("9.1", "111"),
    ("9.2", "1222"),
    ("10.1", "22"),
    ("10.2", "22"),
    ("10.3", "2222"),
    ("10.4", "11111222222"),
    ("10.5", "22222"),
    ("10.6", "22"),
    ("10.7", "222"),
    ("11.1", "22"),
    ("11.2", "222"),
    ("11.3", "112"),
    ("11.4", "1222"),
    ("11.5", "2"),
    ("11.6", "2"),
    ("12.1", "122"),
    ("12.2", "11"),
    ("12.3", "2222"),
    ("13.1", "2"),
    ("13.2", "22222"),
    ("13.3", "22"),
    ("13.4", "12222"),
    ("14.1", "22"),
    ("14.2", "1222"),
    ("14.3", "122"),
    ("15.1", "122"),
    ("15.2", "122"),
    ("15.3", "1222222"),
    ("16.1", "2"),
    ("16.2", "22222"),
    ("16.3", "2222"),
    ("16.4", "222"),
    ("16.5", "222"),
    ("17.1", "2"),
    ("17.2", "2222"),
    ("17.3", "22"),
];

/// A line of a table: what it is about, how it stands, and what shows it or why not.
struct Row {
    id: String,
    level: Option<String>,
    status: String,
    shown: String,
}

/// The rows of all tables with a column for the status.
fn rows(page: &str) -> Vec<Row> {
    let mut found = Vec::new();
    let mut has_status = false;
    for line in page.lines() {
        let Some(inner) = line.strip_prefix('|').and_then(|line| line.trim_end().strip_suffix('|')) else {
            has_status = false;
            continue;
        };
        let cells: Vec<_> = inner.split('|').map(str::trim).collect();
        if cells.contains(&"status") {
            has_status = true;
        } else if has_status && !cells[0].starts_with('-') {
            let level = (cells.len() == 5).then(|| cells[1].to_owned());
            assert!(matches!(cells.len(), 4 | 5), "{line}");
            let [.., status, shown] = cells[..] else { panic!("{line}") };
            found.push(Row {
                id: cells[0].to_owned(),
                level,
                status: status.to_owned(),
                shown: shown.to_owned(),
            });
        }
    }
    found
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Every text in which a test can stand: its path, and what follows where the code of the program ends.
struct Tests(Vec<(String, String)>);

impl Tests {
    fn gather() -> Self {
        let mut all = files("crates", &[".rs"]);
        all.extend(files("web/src", &[".rs", ".test.ts", ".test.tsx"]));
        all.extend(files("e2e", &[".test.mjs", ".py"]));
        let tests = all.into_iter().filter_map(|(path, text)| {
            let is_test = path.contains("/tests/") || path.ends_with("/tests.rs") || !path.ends_with(".rs");
            let tests = if is_test { text } else { text.split_once("#[cfg(test)]")?.1.to_owned() };
            Some((path, tests))
        });
        Self(tests.collect())
    }

    /// Whether `end/of/path::name` is a test.
    fn has(&self, reference: &str) -> bool {
        let Some((end, name)) = reference.split_once("::") else { return false };
        let shapes =
            [format!("fn {name}("), format!("def {name}("), format!("(\"{name}\","), format!("\"{name}\",")];
        let shapes = if end.ends_with(".rs") { &shapes[..1] } else { &shapes[1..] };
        self.0.iter().any(|(path, text)| {
            (path == end || path.ends_with(&format!("/{end}")))
                && shapes.iter().any(|shape| text.contains(shape))
        })
    }
}

/// Whether `path` or `path#heading` leads somewhere.
fn leads_somewhere(link: &str) -> bool {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let Ok(text) = fs::read_to_string(root().join(path)) else { return false };
    let as_link = |line: &str| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    heading.is_empty()
        || text.lines().filter(|line| line.starts_with("##")).any(|line| as_link(line) == heading)
}

/// Everything that is wrong with the rows of a page.
fn mistakes(rows: &[Row], tests: &Tests) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        let mut shown = 0;
        for reference in quoted(&row.shown) {
            let folders = ["docs/", "scripts/", "deploy/", "crates/", "e2e/"];
            let is_page =
                folders.iter().any(|folder| reference.starts_with(folder)) || reference.contains(".md");
            let is_test = reference.contains("::");
            shown += usize::from(is_test || is_page);
            if is_test && !tests.has(reference) || !is_test && is_page && !leads_somewhere(reference) {
                found.push(format!("{} names {reference}, which is not there", row.id));
            }
        }
        match row.status.as_str() {
            "met" if shown == 0 => found.push(format!("{} is met, and nothing shows it", row.id)),
            "not met" if !row.shown.contains("Wanted: ") && !row.shown.starts_with("As V") => {
                found.push(format!("{} is not met, and nothing is wanted", row.id));
            }
            "not applicable" if row.shown.is_empty() => found.push(format!("{} has no reason", row.id)),
            status if !STATUSES.contains(&status) => found.push(format!("{} is {status:?}", row.id)),
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    found.extend(
        rows.iter().filter(|row| !seen.insert(&row.id)).map(|row| format!("{} stands there twice", row.id)),
    );
    found
}

fn page(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn every_requirement_is_shown_by_a_test_that_is_there_or_says_why_not() {
    let tests = Tests::gather();
    for (path, count) in [(OWN, 60), (ASVS, 253)] {
        let rows = rows(&page(path));
        assert!(rows.len() >= count, "{path} has {} rows", rows.len());
        let mistakes = mistakes(&rows, &tests);
        assert!(mistakes.is_empty(), "{path}: {mistakes:#?}");
    }
}

#[test]
fn every_number_of_the_standard_stands_there_once_with_its_level() {
    let wanted = SECTIONS.iter().flat_map(|(section, levels)| {
        levels
            .chars()
            .zip(1..)
            .map(move |(level, number)| (format!("V{section}.{number}"), level.to_string()))
    });
    let wanted: BTreeSet<_> = wanted.collect();
    assert_eq!(wanted.len(), 253);
    assert_eq!(wanted.iter().filter(|(_, level)| level == "1").count(), 70);
    let rows = rows(&page(ASVS));
    assert_eq!(rows.len(), wanted.len());
    let found: BTreeSet<_> = rows.into_iter().map(|row| (row.id, row.level.unwrap())).collect();
    assert_eq!(found, wanted);
}

#[test]
fn what_is_not_met_stands_in_the_list_of_what_is_wanted() {
    let page = page(ASVS);
    let (_, list) = page.split_once("## What is not met").unwrap();
    let words = list.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    let is_number =
        |word: &&str| word.starts_with('V') && word[1..].starts_with(|letter: char| letter.is_ascii_digit());
    let wanted: Vec<_> =
        words.map(|word| word.trim_end_matches('.')).filter(is_number).map(str::to_owned).collect();
    let rows = rows(&page);
    let open = rows.iter().filter(|row| row.status == "not met").map(|row| row.id.clone());
    assert_eq!(wanted.iter().cloned().collect::<BTreeSet<_>>(), open.collect());
    assert_eq!(wanted.len(), wanted.iter().collect::<BTreeSet<_>>().len(), "one stands there twice");
}

#[test]
fn these_pages_would_be_found_out() {
    let tests = Tests::gather();
    let wrong = "| id | in short | status | shown |\n|---|---|---|---|\n\
        | A1 | a | met | `headers.rs::nothing_of_the_kind` |\n\
        | A2 | b | met | it is so |\n\
        | A2 | c | done | `headers.rs::every_answer_is_guarded_errors_included` |\n\
        | A4 | d | not met | later |\n\
        | A5 | e | not applicable | |\n\
        | A6 | f | met | `docs/security.md#nothing-of-the-kind` |\n\
        | A7 | g | met | `headers.rs::every_answer_is_guarded_errors_included` |\n";
    let mistakes = mistakes(&rows(wrong), &tests);
    let about: Vec<_> = mistakes.iter().map(|mistake| &mistake[..2]).collect();
    assert_eq!(about, ["A1", "A2", "A2", "A4", "A5", "A6", "A2"], "{mistakes:#?}");
}
