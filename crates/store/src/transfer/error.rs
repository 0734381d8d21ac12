//! Why an installation was not moved, in words for whoever moves it.

use crate::error::{Error, OpenError};
use std::{fmt, path::PathBuf};

/// Why the move did not come to its end. No message holds what anybody wrote, or a secret.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// There is no database in the data folder, or one that no server ever used.
    #[error("there is no installation in {}: say with --data where its data folder is", .0.display())]
    NothingThere(PathBuf),
    /// A server uses the data folder.
    #[error(
        "{} is in use by another Parlor process: stop it first, so that nothing is written while the data is on its way",
        .0.display()
    )]
    SourceInUse(PathBuf),
    /// The data folder cannot be used.
    #[error(transparent)]
    Source(OpenError),
    /// The data folder stopped answering in the middle.
    #[error("the data folder cannot be read ({table}: {error}); the move is not finished")]
    SourceFailed {
        /// The table that was being read.
        table: &'static str,
        /// What the database says.
        error: Error,
    },
    /// The database to move to cannot be used, for instance because it cannot be reached.
    #[error("the database to move to: {0}")]
    Target(OpenError),
    /// It does not store texts in UTF-8.
    #[error(
        "the database to move to stores texts as {0}, and they are in all languages: make it with ENCODING 'UTF8'; it was left as it is"
    )]
    Encoding(String),
    /// It holds something, and not what an earlier run of this move put there.
    #[error(
        "the database to move to is not empty: give one that was made for this (CREATE DATABASE …); it was left as it is"
    )]
    NotEmpty,
    /// The installation is there, by a move that was finished.
    #[error("the installation is in that database already: start Parlor on it; nothing was changed")]
    AlreadyThere,
    /// It holds what a move of another installation put there.
    #[error(
        "in the database to move to lies the unfinished move of another installation; go on with that one, or give an empty database"
    )]
    OtherInstallation,
    /// It holds what another version of the program put there.
    #[error(
        "another version of Parlor began to move to this database: go on with that version, or give an empty database"
    )]
    OtherVersion,
    /// Another process moves to it.
    #[error("another process is moving an installation to this database")]
    TargetInUse,
    /// A table or column that the move does not know, or does not find.
    #[error("the database {side} has not the tables that are to be moved: {what}; nothing was moved")]
    Schema {
        /// `to move from` or `to move to`.
        side: &'static str,
        /// What is too much or missing.
        what: String,
    },
    /// A row that PostgreSQL cannot hold.
    #[error("a row cannot be moved: {table}, {key}: {why}; the move is not finished")]
    Unmovable {
        /// The table that it is in.
        table: &'static str,
        /// Its key.
        key: String,
        /// The column and what is wrong with it.
        why: String,
    },
    /// The target refused or was lost in the middle.
    #[error(
        "the database to move to failed ({table}: {error}); what has arrived there stays: run the same command again to go on"
    )]
    TargetFailed {
        /// The table that was under way.
        table: &'static str,
        /// What the database says.
        error: Error,
    },
    /// The caller wanted it to stop.
    #[error("stopped; what has arrived stays: run the same command again to go on")]
    Stopped,
    /// Both sides do not hold the same.
    #[error(
        "the two databases are not the same: {}. The move is not finished. One of them was changed meanwhile; to begin \
         anew, give an empty database", listed(.0)
    )]
    Different(Vec<Difference>),
}

/// Something in which the two sides are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table that it is in.
    pub table: &'static str,
    /// The row; empty when it is about the whole table.
    pub key: String,
    /// What it is.
    pub what: Disparity,
}

/// A way in which two sides are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disparity {
    /// The row did not arrive.
    Missing,
    /// The row is in the target alone.
    Unexpected,
    /// These columns hold something else.
    Changed(Vec<&'static str>),
    /// New rows would get numbers that were given away before.
    Numbering,
    /// Rows in the source, in the target, and compared.
    Count(u64, u64, u64),
}

fn listed(differences: &[Difference]) -> String {
    let all: Vec<String> = differences.iter().map(ToString::to_string).collect();
    all.join("; ")
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table)?;
        if !self.key.is_empty() {
            write!(f, ", {}", self.key)?;
        }
        match &self.what {
            Disparity::Missing => f.write_str(": did not arrive"),
            Disparity::Unexpected => f.write_str(": is in the database to move to alone"),
            Disparity::Changed(columns) => write!(f, ": differs in {}", columns.join(", ")),
            Disparity::Numbering => f.write_str(": new rows would get numbers again that were given away"),
            Disparity::Count(source, target, compared) => {
                write!(f, ": {source} rows here, {target} there, {compared} compared")
            }
        }
    }
}
