//! What comes out: tables for people, and a JSON object for each row.

use crate::{Outcome, measure::percentiles::Spread};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

/// Writes to standard output.
pub(crate) fn say(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// Says on standard error what is being done.
pub(crate) fn note(text: &str) {
    // Nothing depends on whether anybody sees it.
    let _ = writeln!(io::stderr(), "  {text}");
}

/// One figure, measured for everyone who was measured.
pub(crate) struct Table {
    /// As on the command line.
    pub(crate) figure: &'static str,
    /// Under what circumstances.
    pub(crate) case: String,
    /// What each column holds, with its unit.
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: Vec<Row>,
}

/// Who was measured, and each column's values over the repeats.
pub(crate) struct Row {
    pub(crate) who: String,
    pub(crate) values: Vec<Vec<f64>>,
}

impl Row {
    pub(crate) fn new(who: impl Into<String>) -> Self {
        Self { who: who.into(), values: Vec::new() }
    }

    /// Adds what one repeat gave, a value for each column.
    pub(crate) fn add(&mut self, repeat: impl IntoIterator<Item = f64>) {
        for (column, value) in repeat.into_iter().enumerate() {
            match self.values.get_mut(column) {
                Some(values) => values.push(value),
                None => self.values.push(vec![value]),
            }
        }
    }

    fn spreads(&self) -> Vec<Spread> {
        self.values.iter().map(|values| Spread::of(values.clone())).collect()
    }
}

impl Table {
    /// For people: the median, and from the least to the most where there was more than one repeat. The first column is
    /// also given as a multiple of the first row's.
    pub(crate) fn print(&self) -> Outcome<()> {
        if self.rows.iter().any(|row| row.values.len() != self.columns.len()) {
            return Err(format!("{}: the values do not fit the columns", self.figure).into());
        }
        let mut lines = vec![vec![String::new()]];
        if let Some(head) = lines.first_mut() {
            head.extend(self.columns.iter().map(|column| (*column).to_owned()));
            if self.rows.len() > 1 {
                head.push("× the first row".to_owned());
            }
        }
        for row in &self.rows {
            let mut line = vec![row.who.clone()];
            line.extend(row.spreads().iter().map(|spread| cell(*spread, &row.values)));
            if self.rows.len() > 1 {
                line.push(self.ratio(row).map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")));
            }
            lines.push(line);
        }
        say(&format!("\n{}: {}\n{}", self.figure.to_uppercase(), self.case, aligned(&lines)))?;
        Ok(())
    }

    /// The first column's median as a multiple of the first row's.
    fn ratio(&self, row: &Row) -> Option<f64> {
        let first = self.rows.first()?.spreads().first()?.median;
        let own = row.spreads().first()?.median;
        (first > 0.0).then(|| own / first)
    }

    /// For programs.
    pub(crate) fn append_json(&self, file: &Path) -> Outcome<()> {
        let mut file = File::options().create(true).append(true).open(file)?;
        for row in &self.rows {
            let mut object = json!({ "figure": self.figure, "case": self.case, "who": row.who });
            for (column, spread) in self.columns.iter().zip(row.spreads()) {
                let Spread { median, least, most } = spread;
                set(&mut object, column, json!({ "median": median, "least": least, "most": most }));
            }
            set(&mut object, "ratio", json!(self.ratio(row)));
            writeln!(file, "{object}")?;
        }
        Ok(())
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn cell(spread: Spread, values: &[Vec<f64>]) -> String {
    if values.iter().any(|values| values.len() > 1) && spread.least < spread.most {
        return format!("{} ({}-{})", short(spread.median), short(spread.least), short(spread.most));
    }
    short(spread.median)
}

/// Three digits that count.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{:.2} M", value / 1e6),
        size if size >= 1e4 => format!("{:.1} k", value / 1e3),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        0.0 => "0".to_owned(),
        _ => format!("{value:.2}"),
    }
}

fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    let mut text = String::new();
    for line in lines {
        for (number, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let padding = " ".repeat(width - cell.chars().count());
            // Who it is stands at the left, numbers at the right.
            let parts = if number == 0 { [cell, &padding] } else { [&padding, cell] };
            text.push_str(&format!("  {}{}", parts[0], parts[1]));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_keep_three_digits() {
        for (value, text) in [
            (0.0, "0"),
            (0.054, "0.05"),
            (3.217, "3.22"),
            (41.26, "41.3"),
            (123.4, "123"),
            (5_230_000.0, "5.23 M"),
            (31_250.0, "31.2 k"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn rows_are_compared_with_the_first() {
        let row = |who: &str, value| Row { who: who.to_owned(), values: vec![vec![value]] };
        let rows = vec![row("floor", 2.0), row("other", 3.0)];
        let table = Table { figure: "fanout", case: String::new(), columns: &["µs"], rows };
        assert_eq!(table.ratio(&table.rows[1]), Some(1.5));
    }
}
