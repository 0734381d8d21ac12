//! What can go wrong in the store: one enum for transactions, one for opening.

use std::path::PathBuf;

/// What a transaction returns unless the caller has a richer error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a transaction did not happen. Nothing of a transaction that returns an error is stored, except that after
/// `Unavailable` it is unknown whether a write was: sending it again must be harmless.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The queue of the database is full. Trying again a little later may succeed.
    #[error("the database has too much to do")]
    Busy,
    /// The store was closed.
    #[error("the database is closed")]
    Closed,
    /// The database cannot be reached, has no room, or was too slow.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Something that must be unique exists.
    #[error("{0:?} is taken")]
    Conflict(Constraint),
    /// `query_one` found no row.
    #[error("a row is missing")]
    Missing,
    /// A mistake in a statement or a row that cannot be read: a fault of the program.
    #[error("the database refused: {0}")]
    Database(String),
}

impl Error {
    /// The reason alone where there is one, to be said again in other words.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Unavailable(reason) | Self::Database(reason) => reason.clone(),
            other => other.to_string(),
        }
    }
}

/// What must be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A username, look-alikes included.
    Username,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The pair of a direct chat.
    DirectKey,
    /// A sender's own message id.
    Cid,
    /// The hash of a session's or refresh token.
    Token,
    /// The hash of an invite's code.
    InviteCode,
    /// An account of another service, or an account's place for one of that service.
    Identity,
    /// Any other, such as a primary key.
    Other,
}

/// Why the store could not be opened, in words for whoever starts the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the data folder.
    #[error("{} is in use by another Parlor process; stop that one first, or give this one a folder of its own", .0.display())]
    InUse(PathBuf),
    /// The data folder or a file in it cannot be used.
    #[error("cannot use {}: {reason}", path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// The database server cannot be reached.
    #[error("cannot reach the database: {0}")]
    Unreachable(String),
    /// The database's address asks for something that is not supported.
    #[error("the database address is not usable: {0}")]
    Address(String),
    /// A newer Parlor has used this database.
    #[error(
        "the database is at version {found}, and this Parlor knows only {known}: run the newer Parlor that made it, or restore an older copy"
    )]
    Newer {
        /// The version that the database is at.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A migration that was applied once reads differently now.
    #[error("migration {version} ({name}) is not the one that this database was made with")]
    Changed {
        /// The number of the migration.
        version: i64,
        /// Its name.
        name: String,
    },
    /// An installation was being moved to this database, and not all of it is there.
    #[error(
        "an installation is being moved to this database and is not all there yet: run `parlor migrate-data` to its end, or use another database"
    )]
    Unfinished,
    /// Anything else that the database says.
    #[error("cannot open the database: {0}")]
    Database(String),
}

/// How a statement failed, as the engines see it: the error that the caller gets, and what follows for the connection.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) kind: FailureKind,
}

/// What an engine does after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// Rolls the transaction back, no more.
    Plain,
    /// Two transactions stood in each other's way: the same again may succeed.
    Retry,
    /// The connection is gone; nothing was committed unless the commit itself was under way.
    Lost,
    /// What the disk holds is unknown: nothing may be acknowledged on it.
    Fatal,
}

impl Failure {
    pub(crate) fn plain(error: Error) -> Self {
        Self { error, kind: FailureKind::Plain }
    }

    pub(crate) fn lost(reason: impl Into<String>) -> Self {
        Self { error: Error::Unavailable(reason.into()), kind: FailureKind::Lost }
    }
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        match (failure.kind, failure.error) {
            (FailureKind::Lost, Error::Unavailable(reason)) => Self::Unreachable(reason),
            (_, error) => Self::Database(error.to_string()),
        }
    }
}
