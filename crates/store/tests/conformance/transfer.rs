//! Moving an installation from SQLite to PostgreSQL: `store::transfer`.

use crate::{
    house::{self, everything, fill},
    people::{new_account, run},
};
use std::{
    fs,
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
};
use store::{
    Database, OpenError, accounts, meta,
    testing::TestDatabase,
    transfer::{self, Difference, Disparity, Moved, Phase, Progress, TransferError},
};

fn url(target: &TestDatabase) -> String {
    let Database::Postgres { url } = target.database() else { panic!("this is SQLite") };
    url
}

/// Moves as long as `goes_on` says so.
fn moves(
    source: &TestDatabase,
    target: &TestDatabase,
    mut goes_on: impl FnMut(Progress) -> bool + Send,
) -> Result<Moved, TransferError> {
    transfer::transfer(&source.dir().unwrap(), &url(target), |progress| match goes_on(progress) {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    })
}

fn move_all(source: &TestDatabase, target: &TestDatabase) -> Result<Moved, TransferError> {
    moves(source, target, |_| true)
}

/// A house with everything in it, and an empty database.
async fn house_and_target() -> (TestDatabase, TestDatabase) {
    let source = TestDatabase::sqlite();
    fill(&source);
    (source, TestDatabase::postgres())
}

/// Both open, and hold the same.
async fn assert_same(source: &TestDatabase, target: &TestDatabase) {
    let (here, there) = (source.open().unwrap(), target.open().unwrap());
    let (left, right) = (everything(&here).await, everything(&there).await);
    for ((table, left), (_, right)) in left.iter().zip(&right) {
        assert!(left == right, "{table} differs");
    }
    here.close();
    there.close();
}

fn assert_not_served(target: &TestDatabase) {
    let refused = target.open().map(drop);
    assert!(matches!(refused, Err(OpenError::Unfinished)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_and_new_rows_get_new_numbers() {
    let (source, target) = house_and_target().await;
    let mut seen = Vec::new();
    let moved = moves(&source, &target, |progress| {
        seen.push(progress);
        true
    })
    .unwrap();
    assert_eq!(moved.rows_before, 0);
    for (table, rows) in &moved.tables {
        assert!(*rows > 0, "{table} is empty: give it a row, or nothing is known of how it is moved");
    }
    let total: u64 = moved.tables.iter().map(|(_, rows)| rows).sum();
    for phase in [Phase::Copying, Phase::Comparing] {
        let rows: Vec<u64> = seen.iter().filter(|one| one.phase == phase).map(|one| one.rows).collect();
        assert!(rows.is_sorted() && rows.last() == Some(&total), "{phase:?}: {rows:?}");
        assert!(rows.len() > moved.tables.len(), "it is told of in the middle of long tables too");
    }
    assert!(seen.iter().all(|one| one.rows_total == total));
    assert_same(&source, &target).await;

    // The ids of rows that are gone are not given away again.
    let (here, there) = (source.open().unwrap(), target.open().unwrap());
    let newcomer = |tx: &mut store::Tx<'_>| accounts::insert(tx, &new_account("Newcomer"));
    let (left, right) = (run(&here, newcomer).await, run(&there, newcomer).await);
    assert_eq!((left, right.0), (right, house::HIGHEST_ACCOUNT + 1));
    assert_eq!(run(&there, |tx| meta::get(tx, "epoch")).await.as_deref(), Some(house::EPOCH));
    here.close();
    there.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_was_just_built_is_moved_too() {
    let source = TestDatabase::sqlite();
    source.open().unwrap().close();
    source.run("INSERT INTO meta (key, value) VALUES ('epoch', 'new')");
    let target = TestDatabase::postgres();
    let moved = move_all(&source, &target).unwrap();
    assert_eq!(moved.tables.iter().map(|(_, rows)| rows).sum::<u64>(), 2, "General and the epoch");
    assert_same(&source, &target).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_is_stopped_anywhere_goes_on_there() {
    let (source, target) = house_and_target().await;
    let mut most_before = 0;
    for reports in (1..).step_by(4) {
        let mut left = reports;
        let done = moves(&source, &target, |_| {
            left -= 1;
            left > 0
        });
        match done {
            Err(TransferError::Stopped) => assert_not_served(&target),
            Ok(moved) => {
                most_before = moved.rows_before;
                break;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(most_before > 1_000);
    assert_same(&source, &target).await;
    assert!(matches!(move_all(&source, &target), Err(TransferError::AlreadyThere)));
    assert_same(&source, &target).await;
}

/// The variables that tell the process below what to move.
const DOOMED_DIR: &str = "PARLOR_TEST_DOOMED_DIR";
const DOOMED_URL: &str = "PARLOR_TEST_DOOMED_URL";

#[tokio::test(flavor = "multi_thread")]
async fn a_move_whose_process_is_killed_goes_on() {
    let (source, target) = house_and_target().await;
    let doomed = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", "transfer::the_process_that_is_killed"])
        .env(DOOMED_DIR, source.dir().unwrap())
        .env(DOOMED_URL, url(&target))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!doomed.success() && doomed.code().is_none(), "it was killed: {doomed}");
    assert_not_served(&target);
    let moved = move_all(&source, &target).unwrap();
    assert!(moved.rows_before > 500, "{}", moved.rows_before);
    assert_same(&source, &target).await;
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn the_process_that_is_killed() {
    let (Ok(dir), Ok(url)) = (std::env::var(DOOMED_DIR), std::env::var(DOOMED_URL)) else { return };
    let _ = transfer::transfer(Path::new(&dir), &url, |progress| {
        if progress.table == "messages" && progress.rows > 600 {
            std::process::abort();
        }
        ControlFlow::Continue(())
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_lost_in_the_middle_is_told_and_gone_on_with() {
    let (source, target) = house_and_target().await;
    let server = TestDatabase::postgres(); // Another database, from which the first can be shut.
    let url = url(&target);
    let name = url[url.find("parlor_test_").unwrap()..].split('?').next().unwrap();
    let lost = moves(&source, &target, |progress| {
        if progress.table == "messages" && progress.rows > 600 {
            server.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
            server.run(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ));
        }
        true
    });
    let lost = lost.unwrap_err();
    assert!(matches!(&lost, TransferError::TargetFailed { table: "messages", .. }), "{lost:?}");
    assert!(lost.to_string().contains("run the same command again"), "{lost}");
    server.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    assert!(move_all(&source, &target).unwrap().rows_before > 500);
    assert_same(&source, &target).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_not_the_same_is_found_and_the_target_not_served() {
    let (source, target) = house_and_target().await;
    let stopped = moves(&source, &target, |progress| progress.phase == Phase::Copying);
    assert!(matches!(stopped, Err(TransferError::Stopped)));
    target.run(
        "UPDATE messages SET body = 'secretly', edited_at = 7 WHERE id = 900;
         DELETE FROM mentions WHERE seq = 3;
         INSERT INTO reactions (message_id, account_id, emoji, rev) VALUES (5, 1001, 'x', 1);
         UPDATE accounts SET username = username || ' ' WHERE id = 1002;
         SELECT setval(pg_get_serial_sequence('sessions', 'id'), 1);",
    );
    // The counter is put right when the move goes on; what was copied is not touched again.
    let found = move_all(&source, &target).unwrap_err();
    let TransferError::Different(found_all) = &found else { panic!("{found:?}") };
    let whole = |table, here, there, compared| Difference {
        table,
        key: String::new(),
        what: Disparity::Count(here, there, compared),
    };
    let row = |table, key: &str, what| Difference { table, key: key.to_owned(), what };
    let expected = [
        row("accounts", "id 1002", Disparity::Changed(vec!["username"])),
        row("messages", "id 900", Disparity::Changed(vec!["body", "edited_at"])),
        row("reactions", "message_id 5, account_id 1001, emoji x", Disparity::Unexpected),
        whole("reactions", house::REACTIONS, house::REACTIONS + 1, house::REACTIONS),
        row("mentions", "account_id 1001, conversation_id 1, seq 3", Disparity::Missing),
        whole("mentions", house::MENTIONS, house::MENTIONS - 1, house::MENTIONS),
    ];
    assert_eq!(*found_all, expected);
    let sentence = found.to_string();
    assert!(sentence.contains("messages, id 900: differs in body, edited_at"), "{sentence}");
    assert!(!sentence.contains("secretly") && !sentence.contains("Asha"), "{sentence}");
    assert_not_served(&target);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_changed_in_the_source_since_the_first_run_is_found() {
    let (source, target) = house_and_target().await;
    moves(&source, &target, |progress| progress.phase == Phase::Copying).unwrap_err();
    source.run("UPDATE accounts SET email = 'new@example.org' WHERE id = 1001; DELETE FROM audit");
    let found = move_all(&source, &target).unwrap_err();
    assert!(found.to_string().contains("accounts, id 1001: differs in email"), "{found}");
    assert!(found.to_string().contains("audit, id 1: is in the database to move to alone"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_holds_anything_else_is_left_as_it_is() {
    let (source, target) = house_and_target().await;
    let holds = |names: &str| {
        target.run(&format!(
            "DO $$ BEGIN
                 IF (SELECT coalesce(string_agg(relname, ',' ORDER BY relname), '') FROM pg_class
                      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')) <> '{names}'
                 THEN RAISE EXCEPTION 'something else'; END IF;
             END $$"
        ))
    };
    target.run("CREATE TABLE meta (other TEXT)");
    assert!(matches!(move_all(&source, &target), Err(TransferError::NotEmpty)), "ours by name alone");
    holds("meta");
    target.run("DROP TABLE meta; CREATE TABLE notes (text TEXT)");
    assert!(matches!(move_all(&source, &target), Err(TransferError::NotEmpty)));
    holds("notes");
    target.run("DROP TABLE notes; CREATE VIEW users AS SELECT 1 AS id");
    assert!(matches!(move_all(&source, &target), Err(TransferError::NotEmpty)));
    holds("users");
    target.run("DROP VIEW users");
    let store = target.open().unwrap();
    run(&store, |tx| meta::set(tx, "epoch", "theirs")).await;
    store.close();
    assert!(matches!(move_all(&source, &target), Err(TransferError::NotEmpty)));
    let store = target.open().unwrap();
    assert_eq!(run(&store, |tx| meta::get(tx, "epoch")).await.as_deref(), Some("theirs"));
    store.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_move_belongs_to_the_installation_and_the_version_that_began_it() {
    let (source, target) = house_and_target().await;
    let begun = |source| moves(source, &target, |progress| progress.table != "messages");
    assert!(matches!(begun(&source), Err(TransferError::Stopped)));
    let other = TestDatabase::sqlite();
    other.open().unwrap().close();
    other.run("INSERT INTO meta (key, value) VALUES ('epoch', 'other')");
    assert!(matches!(move_all(&other, &target), Err(TransferError::OtherInstallation)));
    target.run(
        "CREATE TABLE newest AS SELECT * FROM schema_migrations ORDER BY version DESC LIMIT 1;
         DELETE FROM schema_migrations WHERE version = (SELECT version FROM newest)",
    );
    assert!(matches!(move_all(&source, &target), Err(TransferError::OtherVersion)));
    target.run("INSERT INTO schema_migrations SELECT * FROM newest; DROP TABLE newest");
    move_all(&source, &target).unwrap();
    assert_same(&source, &target).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_move_to_one_database_are_kept_apart() {
    let (source, target) = house_and_target().await;
    let copy = TestDatabase::sqlite();
    fill(&copy);
    let mut second = None;
    moves(&source, &target, |progress| {
        if progress.table == "messages" && second.is_none() {
            second = Some(move_all(&copy, &target));
        }
        true
    })
    .unwrap();
    assert!(matches!(second, Some(Err(TransferError::TargetInUse))), "{second:?}");
    assert_same(&source, &target).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_cannot_be_moved_is_told_and_nothing_made() {
    let target = TestDatabase::postgres();
    let source = TestDatabase::sqlite();
    let refused = move_all(&source, &target);
    assert!(matches!(refused, Err(TransferError::NothingThere(_))), "{refused:?}");
    assert!(!source.dir().unwrap().exists());
    let store = source.open().unwrap();
    let refused = move_all(&source, &target);
    assert!(matches!(refused, Err(TransferError::SourceInUse(_))), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("stop it first"));
    store.close();
    let refused = move_all(&source, &target);
    assert!(matches!(refused, Err(TransferError::NothingThere(_))), "no server ever ran on it: {refused:?}");
    fs::write(source.dir().unwrap().join("parlor.db"), "Dear diary, ".repeat(1000)).unwrap();
    let refused = move_all(&source, &target);
    assert!(matches!(refused, Err(TransferError::Source(OpenError::Database(_)))), "{refused:?}");
    target.run("CREATE TABLE accounts (id BIGINT)"); // Which fails if it is there.
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_or_column_that_nobody_thought_of_stops_the_move_before_it_begins() {
    let (source, target) = house_and_target().await;
    source.run("CREATE TABLE notes (text TEXT); ALTER TABLE audit ADD COLUMN weight REAL");
    let refused = move_all(&source, &target).unwrap_err();
    let TransferError::Schema { side: "to move from", what } = &refused else { panic!("{refused:?}") };
    assert_eq!(what, "audit.weight (REAL) is not known, notes.text (text) is not known");
    source
        .run("DROP TABLE notes; ALTER TABLE audit DROP COLUMN weight; ALTER TABLE audit DROP COLUMN details");
    let refused = move_all(&source, &target).unwrap_err();
    assert!(refused.to_string().contains("audit.details (text) is missing"), "{refused}");
    source.run("ALTER TABLE audit ADD COLUMN details TEXT NOT NULL DEFAULT ''");
    move_all(&source, &target).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_postgresql_cannot_hold_is_told_by_its_key() {
    let (source, target) = house_and_target().await;
    source.run("UPDATE messages SET body = 'private' || char(0) WHERE id = 700");
    let refused = move_all(&source, &target).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a row cannot be moved: messages, id 700: body holds the character U+0000; the move is not finished"
    );
    source.run("UPDATE messages SET body = 'public' WHERE id = 700");
    assert!(move_all(&source, &target).unwrap().rows_before > 500, "it goes on from there");
    assert_same(&source, &target).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_hold_all_languages_is_refused() {
    let (source, server) = house_and_target().await;
    let url = url(&server);
    let name = url[url.find("parlor_test_").unwrap()..].split('?').next().unwrap();
    server.run(&format!(
        "CREATE DATABASE {name}_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
    ));
    let other = url.replace(name, &format!("{name}_ascii"));
    let refused = transfer::transfer(&source.dir().unwrap(), &other, |_| ControlFlow::Continue(()));
    server.run(&format!("DROP DATABASE {name}_ascii WITH (FORCE)"));
    assert!(matches!(refused, Err(TransferError::Encoding(_))), "{refused:?}");
}
