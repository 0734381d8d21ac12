//! A database on a PostgreSQL server that this process fills on one connection: for moving an installation to it.

use super::{BEGIN_READ, BEGIN_WRITE, Connection, OPEN_MS_MAX, greeting, parse};
use crate::{Error, Result, Tx, engine::Alone, error::OpenError, params, tx::Link};
use std::time::{Duration, Instant};

/// The advisory lock that is held as long as this is connected: "move" in ASCII.
const MOVE_LOCK: i64 = 0x6d6f_7665;
/// How long somebody else's end is waited for: of a process that was killed the server hears at its next word.
const LOCK_MS_MAX: u64 = 3_000;
/// How often it is asked for meanwhile.
const LOCK_PAUSE_MS: u64 = 100;

/// A connection that may take its time.
pub(crate) struct PostgresAlone {
    connection: Connection,
}

impl PostgresAlone {
    /// Connects. Must not be called on a thread that runs futures.
    pub(crate) fn open(url: &str) -> Result<Self, OpenError> {
        let mut config = parse(url)?;
        config.application_name("parlor migrate-data");
        let mut connection = Connection::new(config, greeting(OPEN_MS_MAX))?;
        connection.set_deadline(deadline());
        connection.connect()?;
        Ok(Self { connection })
    }

    /// Keeps others who fill the same database away for as long as this is connected. False when somebody else does that.
    pub(crate) fn lock(&mut self) -> Result<bool> {
        let until = Instant::now() + Duration::from_millis(LOCK_MS_MAX);
        let lock = "SELECT pg_try_advisory_lock($1)";
        loop {
            let locked = self.read(|tx| tx.query_one(lock, params![MOVE_LOCK], |row| row.get::<bool>(0)))?;
            if locked || Instant::now() > until {
                return Ok(locked);
            }
            std::thread::sleep(Duration::from_millis(LOCK_PAUSE_MS));
        }
    }

    /// Runs a function in a transaction, and stores what it did when it returns `Ok`.
    pub(crate) fn write<T, E: From<Error>>(
        &mut self,
        run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(BEGIN_WRITE, run)
    }

    fn transact<T, E: From<Error>>(
        &mut self,
        begin: &'static str,
        run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = &mut self.connection;
        connection.set_deadline(deadline());
        connection.begin(begin).map_err(|failure| E::from(failure.error))?;
        let mut tx = Tx::new(Link::Postgres(connection));
        let done = run(&mut tx);
        // The server keeps nothing of a transaction in which a statement failed, whatever became of its error.
        let done = match tx.into_failure() {
            Some(failure) if done.is_ok() => Err(E::from(failure.error)),
            _ => done,
        };
        match done {
            Ok(value) => {
                connection.batch("COMMIT").map_err(|failure| E::from(failure.error))?;
                Ok(value)
            }
            Err(error) => {
                connection.roll_back();
                Err(error)
            }
        }
    }
}

impl Alone for PostgresAlone {
    fn read<T, E: From<Error>>(&mut self, run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transact(BEGIN_READ, run)
    }
}

/// A server that says nothing for so long is given up.
fn deadline() -> Instant {
    Instant::now() + Duration::from_millis(OPEN_MS_MAX)
}

/// Whether there is nothing in the database but what extensions brought.
pub(crate) fn is_empty(tx: &mut Tx<'_>) -> Result<bool> {
    tx.query_one(
        "SELECT NOT EXISTS (
            SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
               AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))",
        params![],
        |row| row.get(0),
    )
}

/// How the database writes texts: `UTF8`, if it was made with care.
pub(crate) fn encoding(tx: &mut Tx<'_>) -> Result<String> {
    tx.query_one("SELECT current_setting('server_encoding')", params![], |row| row.get(0))
}
