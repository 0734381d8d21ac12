//! One connection to PostgreSQL: made when it is needed and again when it was lost, with a limit on how long anything may
//! take; cached statements, binding, rows.
//!
//! It is tokio-postgres on a runtime of the thread's own, because only there can the waiting for an answer have a limit: a
//! server that was paused or cut off answers nothing at all.

use super::params::{Bound, Given, bound, types_of, types_of_all};
use crate::{
    Param, Result, Value,
    dialect::{Dialect, postgres_failure},
    error::{Error, Failure},
    tx,
};
use std::{
    collections::HashMap,
    error::Error as _,
    pin::pin,
    time::{Duration, Instant},
};
use tokio::{runtime::Runtime, task::JoinHandle, time::timeout_at};
use tokio_postgres::{
    Client, Config, NoTls, Statement,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};

/// How long making a connection may take.
pub(super) const CONNECT_MS_MAX: u64 = 1_000;
/// After a failed attempt nothing is tried for this long, so that waiting jobs fail at once instead of in turn; doubled
/// with each further failure.
const PAUSE_MS_MIN: u64 = 50;
/// The longest such pause: how late a database that came back may be noticed.
const PAUSE_MS_MAX: u64 = 1_000;
/// How long saying goodbye may take.
const GOODBYE_MS_MAX: u64 = 200;

/// A connection that runs statements for `Tx`.
pub(crate) struct Connection {
    runtime: Runtime,
    config: Config,
    // What each new session is told first.
    greeting: String,
    session: Option<Session>,
    // Everything must be over by then.
    deadline: Instant,
    pause: Duration,
    paused_until: Option<Instant>,
}

struct Session {
    client: Client,
    driver: JoinHandle<()>,
    // One entry a statement in the program's text: the key is where that text lies.
    statements: HashMap<(usize, usize), Statement>,
}

/// A row of an answer.
pub(crate) struct Row<'a>(&'a tokio_postgres::Row);

impl Connection {
    /// Prepares a connection without making it. `greeting` is what each session is told first.
    pub(super) fn new(config: Config, greeting: String) -> Result<Self, Failure> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
                Failure::plain(Error::Unavailable(format!("cannot start the driver: {error}")))
            })?;
        Ok(Self {
            runtime,
            config,
            greeting,
            session: None,
            deadline: Instant::now(),
            pause: Duration::from_millis(PAUSE_MS_MIN),
            paused_until: None,
        })
    }

    /// Sets the moment at which everything that is under way is given up.
    pub(super) fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Begins a transaction, making the connection if there is none. A connection that turns out to be dead, as all are
    /// after a restart of the server, is replaced once.
    pub(super) fn begin(&mut self, sql: &str) -> Result<(), Failure> {
        let fresh = self.connect()?;
        match self.batch(sql) {
            Err(failure) if !fresh && self.session.is_none() => {
                tracing::info!(reason = %failure.error, "the connection to the database was lost; making a new one");
                self.connect()?;
                self.batch(sql)
            }
            done => done,
        }
    }

    /// Ends a transaction without keeping anything. Where that fails the connection is dropped, which does the same.
    pub(super) fn roll_back(&mut self) {
        if self.session.is_some() && self.batch("ROLLBACK").is_err() {
            self.drop_session();
        }
    }

    /// Makes the connection if there is none. True when it was made now.
    pub(super) fn connect(&mut self) -> Result<bool, Failure> {
        if self.session.as_ref().is_some_and(|session| session.client.is_closed()) {
            self.drop_session();
        }
        if self.session.is_some() {
            return Ok(false);
        }
        if self.paused_until.is_some_and(|until| Instant::now() < until) {
            return Err(Failure::lost("the database could not be reached a moment ago"));
        }
        match self.make_session() {
            Ok(session) => {
                self.session = Some(session);
                self.pause = Duration::from_millis(PAUSE_MS_MIN);
                self.paused_until = None;
                Ok(true)
            }
            Err(failure) => {
                tracing::warn!(reason = %failure.error, "the database cannot be reached");
                self.paused_until = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(Duration::from_millis(PAUSE_MS_MAX));
                // Whatever the server says to one who comes in, nothing can be done on it now.
                Err(Failure::lost(failure.error.reason()))
            }
        }
    }

    fn make_session(&self) -> Result<Session, Failure> {
        let deadline = self.deadline.min(Instant::now() + Duration::from_millis(CONNECT_MS_MAX));
        let (client, connection) =
            within(&self.runtime, deadline, async { self.config.connect(NoTls).await.map_err(refused) })?;
        let driver = self.runtime.spawn(async move {
            // What ends it is reported by the statement that was under way.
            let _ = connection.await;
        });
        within(&self.runtime, deadline, async {
            client.batch_execute(&self.greeting).await.map_err(refused)
        })?;
        Ok(Session { client, driver, statements: HashMap::new() })
    }

    fn drop_session(&mut self) {
        if let Some(Session { client, driver, .. }) = self.session.take() {
            drop(client);
            // The driver runs only while somebody waits on this runtime: give it a moment to say goodbye.
            let goodbye = Instant::now() + Duration::from_millis(GOODBYE_MS_MAX);
            let _ = self.runtime.block_on(async { timeout_at(goodbye.into(), driver).await });
        }
    }

    /// Runs something on the session; where the failure says so, or leaves open what the server does, the session is dropped.
    fn on_session<T>(
        &mut self,
        run: impl AsyncFnOnce(&mut Session) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Some(session) = self.session.as_mut() else {
            return Err(Failure::lost("there is no connection to the database"));
        };
        let done = within(&self.runtime, self.deadline, run(session));
        if done.as_ref().is_err_and(|failure| failure.kind == crate::error::FailureKind::Lost) {
            self.drop_session();
        }
        done
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.on_session(async |session| session.client.batch_execute(sql).await.map_err(refused))
    }

    pub(crate) fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Failure> {
        self.on_session(async |session| {
            let statement = session.prepare(sql, &types_of(params)).await?;
            session.client.execute_raw(&statement, bound(params)).await.map_err(refused)
        })
    }

    /// Runs a statement that takes rows (`FROM_GIVEN`) and returns none.
    pub(crate) fn execute_given<const LEN: usize>(
        &mut self,
        sql: &'static str,
        rows: &[[Param<'_>; LEN]],
    ) -> Result<u64, Failure> {
        let Some(given) = Given::new(sql, rows)? else { return Ok(0) };
        self.on_session(async |session| {
            let statement = session.prepare(sql, &given.types).await?;
            session.client.execute_raw(&statement, &given.columns).await.map_err(refused)
        })
    }

    /// Runs a statement that takes rows (`FROM_GIVEN`) and returns some.
    pub(crate) fn each_given<const LEN: usize>(
        &mut self,
        sql: &'static str,
        rows: &[[Param<'_>; LEN]],
        take: &mut dyn FnMut(&tx::Row<'_>) -> bool,
    ) -> Result<(), Failure> {
        let Some(given) = Given::new(sql, rows)? else { return Ok(()) };
        self.each_with(sql, &given.types, &given.columns, take)
    }

    /// Sends rows to a `COPY … FROM STDIN (FORMAT binary)`.
    pub(crate) fn load(&mut self, sql: &'static str, rows: &[Vec<Param<'_>>]) -> Result<(), Failure> {
        let Some(types) = types_of_all(sql, rows)? else { return Ok(()) };
        self.on_session(async |session| {
            let sink = session.client.copy_in(sql).await.map_err(refused)?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
            for row in rows {
                writer.as_mut().write_raw(bound(row)).await.map_err(refused)?;
            }
            writer.finish().await.map(drop).map_err(refused)
        })
    }

    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        take: &mut dyn FnMut(&tx::Row<'_>) -> bool,
    ) -> Result<(), Failure> {
        let bound: Vec<Bound<'_>> = bound(params).collect();
        self.each_with(sql, &types_of(params), &bound, take)
    }

    fn each_with(
        &mut self,
        sql: &'static str,
        types: &[Type],
        params: &[impl ToSql + Sync],
        take: &mut dyn FnMut(&tx::Row<'_>) -> bool,
    ) -> Result<(), Failure> {
        let rows = self.on_session(async |session| {
            let statement = session.prepare(sql, types).await?;
            let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
            session.client.query(&statement, &params).await.map_err(refused)
        })?;
        for row in &rows {
            if !take(&tx::Row::new(tx::Source::Postgres(Row(row)))) {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.drop_session();
    }
}

impl Session {
    /// The types of the parameters are ours to say: integers are BIGINT wherever they stand, so that the same statement means
    /// the same in both engines.
    async fn prepare(&mut self, sql: &'static str, types: &[Type]) -> Result<Statement, Failure> {
        let key = (sql.as_ptr().addr(), sql.len());
        let statement = match self.statements.get(&key) {
            Some(known) => known.clone(),
            None => {
                let translated = Dialect::Postgres.translate(sql);
                let statement = self.client.prepare_typed(&translated, types).await.map_err(refused)?;
                self.statements.insert(key, statement.clone());
                statement
            }
        };
        if statement.params() != types {
            return Err(Failure::plain(Error::Database(format!(
                "a statement takes {:?} and was given {types:?}: {sql}",
                statement.params(),
            ))));
        }
        Ok(statement)
    }
}

/// Waits for an answer until the deadline.
fn within<T>(
    runtime: &Runtime,
    deadline: Instant,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    runtime
        .block_on(async { timeout_at(deadline.into(), work).await })
        .unwrap_or_else(|_| Err(Failure::lost("the database did not answer in time")))
}

fn refused(error: tokio_postgres::Error) -> Failure {
    if let Some(refusal) = error.as_db_error() {
        return postgres_failure(refusal.code().code(), refusal.constraint(), refusal.message());
    }
    // The driver's own text says "error communicating with the server"; its source says why.
    let text = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
    Failure::lost(text)
}

impl Row<'_> {
    pub(crate) fn value(&self, index: usize) -> Result<Value<'_>> {
        let Some(column) = self.0.columns().get(index) else {
            return Err(Error::Database(format!("there is no column {index}")));
        };
        let read = match *column.type_() {
            Type::INT8 => self.0.try_get::<_, Option<i64>>(index).map(|value| value.map(Value::Int)),
            Type::INT4 => self.0.try_get(index).map(|value: Option<i32>| value.map(|n| Value::Int(n.into()))),
            Type::BOOL => {
                self.0.try_get(index).map(|value: Option<bool>| value.map(|b| Value::Int(b.into())))
            }
            Type::TEXT | Type::VARCHAR => {
                self.0.try_get::<_, Option<&str>>(index).map(|value| value.map(Value::Text))
            }
            Type::BYTEA => self.0.try_get::<_, Option<&[u8]>>(index).map(|value| value.map(Value::Bytes)),
            ref other => {
                return Err(Error::Database(format!(
                    "column {index} is of the type {other}, which is not used"
                )));
            }
        };
        read.map(|value| value.unwrap_or(Value::Null)).map_err(|error| Error::Database(error.to_string()))
    }
}
