//! What only PostgreSQL can show: several nodes, deadlocks, connections that are lost, servers that do not answer.

use crate::notes::{self, LANE, add, silent};
use protocol::{AccountId, ConversationId};
use std::{
    net::TcpListener,
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use store::{Database, Error, Lane, OpenError, Store, StoreOptions, params, testing::TestDatabase};

const END_ALL_SESSIONS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn open_at(url: &str) -> Result<(), OpenError> {
    let database = Database::Postgres { url: url.to_owned() };
    Store::open(StoreOptions { database, readers: 1, queue_len_max: 16, batch_len_max: 16 }).map(drop)
}

/// What the server calls the database.
fn name_of(db: &TestDatabase) -> String {
    let Database::Postgres { url } = db.database() else { panic!("this is SQLite") };
    let from = url.find("parlor_test_").unwrap();
    url[from..].split('?').next().unwrap().to_owned()
}

/// Waits until something is so; the deadline only keeps a broken test from hanging.
async fn until<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so().await {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[test]
fn nodes_that_start_at_once_migrate_once() {
    let db = TestDatabase::postgres();
    thread::scope(|scope| {
        let nodes: Vec<_> = (0..4).map(|_| scope.spawn(|| db.open().unwrap().close())).collect();
        nodes.into_iter().for_each(|node| node.join().unwrap());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_see_each_others_writes() {
    let db = TestDatabase::postgres();
    let (one, two) = (db.open().unwrap(), db.open().unwrap());
    notes::make_table(&one).await;
    notes::write(&one, "a").await.unwrap();
    notes::write(&two, "b").await.unwrap();
    assert_eq!(notes::all(&one).await, ["a", "b"]);
    assert_eq!(notes::all(&two).await, ["a", "b"]);
    one.close();
    two.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_were_lost_while_idle_are_made_anew_unnoticed() {
    let db = TestDatabase::postgres();
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    for round in 0..3 {
        notes::write(&store, &round.to_string()).await.unwrap();
        notes::all(&store).await;
        db.run(END_ALL_SESSIONS);
    }
    assert_eq!(notes::all(&store).await, ["0", "1", "2"]);
    store.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_lost_in_a_write_is_replaced_and_the_write_happens_once() {
    let db = Arc::new(TestDatabase::postgres());
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let (begun, has_begun) = mpsc::sync_channel(1);
    let (cut, is_cut) = mpsc::sync_channel(1);
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let write = store.write(
        LANE,
        move |tx| {
            add(tx, "a")?;
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                begun.send(()).unwrap();
                is_cut.recv().unwrap();
            }
            add(tx, "b")
        },
        silent,
    );
    let behind = Arc::clone(&db);
    let cutter = tokio::task::spawn_blocking(move || {
        has_begun.recv().unwrap();
        behind.run(END_ALL_SESSIONS);
        cut.send(()).unwrap();
    });
    write.await.unwrap();
    cutter.await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(notes::all(&store).await, ["a", "b"]);
    store.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_jobs_fail_soon_and_when_it_is_back_they_succeed() {
    let db = TestDatabase::postgres();
    let server = TestDatabase::postgres(); // Another database, from which the first can be shut.
    server.open().unwrap().close();
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let name = name_of(&db);

    server.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    server.run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    for number in 0..20 {
        let refused = notes::write(&store, &number.to_string()).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        let refused = store.read(notes::count).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    }
    server.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    until("writes succeed again", || async { notes::write(&store, "back").await.is_ok() }).await;
    until("reads succeed again", || async { store.read(notes::count).await == Ok(1) }).await;
    store.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writes_that_deadlock_both_succeed() {
    let db = TestDatabase::postgres();
    // The usual second before PostgreSQL looks for deadlocks is, on a busy machine, near to where we give up.
    let sooner = "format($f$ALTER DATABASE %I SET deadlock_timeout = '50ms'$f$, current_database())";
    db.run(&format!("DO $$ BEGIN EXECUTE {sooner}; END $$"));
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    notes::write(&store, "a").await.unwrap();
    notes::write(&store, "b").await.unwrap();
    let both_hold_one = Arc::new(Barrier::new(2));
    let runs = Arc::new(AtomicU32::new(0));
    let swap = |lane: Lane, first: &'static str, second: &'static str| {
        let (store, barrier, runs) = (store.clone(), Arc::clone(&both_hold_one), Arc::clone(&runs));
        let mut is_first_run = true;
        async move {
            let update = "UPDATE notes SET data = $2 WHERE text = $1";
            let write = move |tx: &mut store::Tx<'_>| {
                runs.fetch_add(1, Ordering::SeqCst);
                tx.execute(update, params![first, b"1"])?;
                if std::mem::take(&mut is_first_run) {
                    barrier.wait();
                }
                tx.execute(update, params![second, b"2"])
            };
            store.write(lane, write, silent).await
        }
    };
    let one = swap(Lane::Conversation(ConversationId(1)), "a", "b");
    let two = swap(Lane::Conversation(ConversationId(2)), "b", "a");
    let (one, two) = tokio::join!(one, two);
    assert_eq!((one, two), (Ok(1), Ok(1)));
    assert_eq!(runs.load(Ordering::SeqCst), 3, "one of the two ran again");
    store.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_waits_too_long_for_a_lock_is_given_up() {
    let db = Arc::new(TestDatabase::postgres());
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let is_locked = "SELECT COUNT(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                      WHERE c.relname = 'notes' AND l.mode = 'AccessExclusiveLock' AND l.granted";
    let behind = Arc::clone(&db);
    let holder = tokio::task::spawn_blocking(move || {
        behind.run("BEGIN; LOCK TABLE notes; SELECT pg_sleep(4); COMMIT")
    });
    until("the table is locked", || async {
        let locks = store.read(move |tx| tx.query_one(is_locked, params![], |row| row.get::<i64>(0)));
        locks.await == Ok(1)
    })
    .await;
    let refused = notes::write(&store, "a").await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    let account = Lane::Account(AccountId(2)); // Another connection is not held up.
    assert_eq!(store.write(account, |_| Ok::<_, Error>(1), silent).await, Ok(1));
    holder.await.unwrap();
    notes::write(&store, "a").await.unwrap();
    store.close();
}

#[test]
fn a_server_that_cannot_be_reached_or_does_not_answer_is_named() {
    let refused = open_at("postgres://parlor@/parlor?host=/nonexistent").unwrap_err();
    assert!(matches!(refused, OpenError::Unreachable(_)), "{refused:?}");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = open_at(&format!("postgres://parlor@{}/parlor", silent.local_addr().unwrap())).unwrap_err();
    assert!(matches!(refused, OpenError::Unreachable(_)), "{refused:?}");
}

#[test]
fn encryption_that_is_asked_for_and_not_there_is_refused_and_no_password_is_shown() {
    for mode in ["require", "verify-full"] {
        let refused =
            open_at(&format!("postgres://parlor:secret@localhost/parlor?sslmode={mode}")).unwrap_err();
        assert!(matches!(&refused, OpenError::Address(why) if why.contains("sslmode")), "{refused}");
        assert!(!format!("{refused} {refused:?}").contains("secret"));
    }
    let database = Database::Postgres { url: "postgres://parlor:secret@localhost/parlor".to_owned() };
    assert!(!format!("{database:?}").contains("secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_wait_for_the_disk_whatever_the_database_s_default_is() {
    let db = TestDatabase::postgres();
    let name = name_of(&db);
    db.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off"));
    let store = db.open().unwrap();
    let setting = |tx: &mut store::Tx<'_>| {
        tx.query_one("SELECT current_setting('synchronous_commit')", params![], |row| row.get::<String>(0))
    };
    assert_eq!(store.write(LANE, setting, silent).await.unwrap(), "on");
    store.close();
}
