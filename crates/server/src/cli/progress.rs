//! How far a long command is: a bar on a terminal, a line now and then where standard error goes elsewhere.

use crate::app::transfer::{Phase, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// How often a line is written where there is no terminal: often enough to see that it goes on, seldom enough for a log.
const LINE_EVERY_S: u64 = 10;

const BAR: &str = "{prefix:>9} {wide_bar} {pos}/{len} {msg} {eta}";

/// What is shown.
pub(super) enum Display {
    Bar(ProgressBar),
    /// The phase and the time of the last line.
    Lines(Option<(Phase, Instant)>),
}

impl Display {
    pub(super) fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines(None);
        }
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    pub(super) fn show(&mut self, progress: Progress) {
        match self {
            Self::Bar(bar) => {
                if bar.prefix() != verb(progress.phase) {
                    // The time that the other phase took says nothing about this one.
                    bar.reset();
                    bar.set_prefix(verb(progress.phase));
                }
                bar.set_length(progress.rows_total);
                bar.set_position(progress.rows);
                bar.set_message(progress.table);
            }
            Self::Lines(last) => {
                let is_due = last.is_none_or(|(phase, at)| {
                    phase != progress.phase || at.elapsed() >= Duration::from_secs(LINE_EVERY_S)
                });
                if is_due {
                    *last = Some((progress.phase, Instant::now()));
                    write_line(progress);
                }
            }
        }
    }

    /// Takes the bar away: what follows is said in words.
    pub(super) fn end(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn verb(phase: Phase) -> &'static str {
    match phase {
        Phase::Copying => "Copying",
        Phase::Comparing => "Comparing",
    }
}

fn write_line(progress: Progress) {
    let Progress { phase, table, rows, rows_total } = progress;
    // Nobody may be reading; the work goes on all the same.
    drop(writeln!(io::stderr(), "{}: {rows} of {rows_total} rows, now {table}", verb(phase)));
}
