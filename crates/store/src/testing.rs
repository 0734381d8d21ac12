//! Throw-away databases for tests: a folder for SQLite, a database of its own for PostgreSQL, both gone when the test ends.
//!
//! The PostgreSQL server is the one that `PARLOR_TEST_POSTGRES` names (`scripts/with-postgres` starts one and sets it);
//! without it a private one is started for as long as this process has such databases.

use crate::{
    Database, OpenError, Store, StoreOptions,
    engine::{postgres, sqlite},
};
use std::{
    fmt::Write as _,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tempfile::TempDir;

/// The variable with the address of the server that tests may make databases on.
pub const SERVER_VARIABLE: &str = "PARLOR_TEST_POSTGRES";

/// A database for one test, empty at first; removed when it is dropped. Close the stores on it before.
pub struct TestDatabase {
    place: Place,
}

enum Place {
    Sqlite(TempDir),
    Postgres { url: String, admin_url: String, name: String, _server: Option<Arc<Server>> },
}

impl TestDatabase {
    /// A new folder for SQLite.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn sqlite() -> Self {
        let folder = tempfile::Builder::new().prefix("parlor-").tempdir();
        Self {
            place: Place::Sqlite(
                folder.unwrap_or_else(|error| fail(&format!("no temporary folder: {error}"))),
            ),
        }
    }

    /// A new database on the PostgreSQL server.
    ///
    /// # Panics
    /// When there is no PostgreSQL: a test that is skipped in silence proves nothing.
    pub fn postgres() -> Self {
        let (admin_url, server) = match std::env::var(SERVER_VARIABLE) {
            Ok(url) if !url.is_empty() => (url, None),
            _ => {
                let server = Server::shared();
                (server.url.clone(), Some(server))
            }
        };
        let name = format!("parlor_test_{}", random_hex());
        run(&admin_url, &format!("CREATE DATABASE {name}"));
        let url = with_database(&admin_url, &name);
        Self { place: Place::Postgres { url, admin_url, name, _server: server } }
    }

    /// Where it is.
    pub fn database(&self) -> Database {
        match &self.place {
            Place::Sqlite(folder) => Database::Sqlite { dir: folder.path().join("data") },
            Place::Postgres { url, .. } => Database::Postgres { url: url.clone() },
        }
    }

    /// Small limits that suit a test.
    pub fn options(&self) -> StoreOptions {
        StoreOptions { database: self.database(), readers: 2, queue_len_max: 1024, batch_len_max: 64 }
    }

    /// Opens a store on it.
    pub fn open(&self) -> Result<Store, OpenError> {
        Store::open(self.options())
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres { .. })
    }

    /// The data folder of SQLite, made by the first `open`.
    pub fn dir(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Sqlite(folder) => Some(folder.path().join("data")),
            Place::Postgres { .. } => None,
        }
    }

    /// Runs statements behind the store's back, on a connection of their own.
    ///
    /// # Panics
    /// When they fail; and with SQLite while a store is open, which nobody but its process may touch.
    pub fn run(&self, sql: &str) {
        match &self.place {
            Place::Sqlite(folder) => {
                let done = sqlite::run(&folder.path().join("data"), sql);
                done.unwrap_or_else(|error| fail(&format!("{sql}: {error}")));
            }
            Place::Postgres { url, .. } => run(url, sql),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Postgres { admin_url, name, .. } = &self.place
            && let Err(error) =
                postgres::run(admin_url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        {
            // A panic here would hide the one that may be under way. The server is thrown away in the end.
            tracing::warn!(%error, name, "a test's database was not dropped");
        }
    }
}

/// Whether a PostgreSQL takes connections and answers.
pub fn answers(url: &str) -> bool {
    postgres::run(url, "SELECT 1").is_ok()
}

fn run(url: &str, sql: &str) {
    postgres::run(url, sql).unwrap_or_else(|error| fail(&format!("{sql}: {error}")));
}

/// A PostgreSQL of this process. The script stops it when its standard input ends, which it does even if this process is killed.
struct Server {
    url: String,
    script: Child,
    input: Option<ChildStdin>,
}

impl Server {
    /// The one that other tests of this process use at the moment, or a new one.
    fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/with-postgres");
        let mut script = Command::new(&script)
            .args(["sh", "-c", "echo \"$PARLOR_TEST_POSTGRES\"; exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| fail(&format!("cannot run {}: {error}", script.display())));
        let input = script.stdin.take();
        let mut url = String::new();
        if let Some(output) = script.stdout.take() {
            // An error leaves the address empty, and the script has said why.
            let _ = BufReader::new(output).read_line(&mut url);
        }
        let url = url.trim().to_owned();
        if url.is_empty() {
            fail(
                "these tests need PostgreSQL (Debian: apt-get install postgresql), or PARLOR_TEST_POSTGRES with the address \
                 of a server on which they may make databases",
            );
        }
        Self { url, script, input }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.script.wait();
    }
}

/// The address of another database on the same server.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = match url.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (url, String::new()),
    };
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let server = match address.get(after_scheme..).and_then(|rest| rest.find('/')) {
        Some(slash) => address.get(..after_scheme + slash).unwrap_or(address),
        None => address,
    };
    format!("{server}/{name}{options}")
}

fn random_hex() -> String {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| fail(&format!("no randomness: {error}")));
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[allow(clippy::panic, reason = "a test that lacks its database must fail loudly")]
fn fail(why: &str) -> ! {
    panic!("{why}")
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn an_address_keeps_everything_but_the_database() {
        assert_eq!(
            with_database("postgres://u:p@h:5/a?host=/tmp/x", "b"),
            "postgres://u:p@h:5/b?host=/tmp/x"
        );
        assert_eq!(with_database("postgres://u@h", "b"), "postgres://u@h/b");
    }
}
