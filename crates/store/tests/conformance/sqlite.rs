//! What only SQLite can show: the data folder, the copy before a migration, group commit, the log, the disk.

use crate::notes::{self, LANE, silent};
use std::{
    fs,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};
use store::{
    Database, Error, Lane, Migration, OpenError, Store, StoreOptions, Tx, params, testing::TestDatabase,
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn options(dir: &Path) -> StoreOptions {
    let database = Database::Sqlite { dir: dir.to_owned() };
    StoreOptions { database, readers: 1, queue_len_max: 1024, batch_len_max: 64 }
}

#[test]
fn the_data_folder_is_private() {
    let db = TestDatabase::sqlite();
    let store = db.open().unwrap();
    let dir = db.dir().unwrap();
    assert_eq!(mode(&dir), 0o700);
    for file in ["parlor.db", "parlor.db-wal", "parlor.db-shm", "parlor.lock"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
    store.close();
    fs::set_permissions(dir.join("parlor.db"), fs::Permissions::from_mode(0o644)).unwrap();
    db.open().unwrap().close();
    assert_eq!(mode(&dir.join("parlor.db")), 0o600, "a database that others can read is closed to them");
}

#[test]
fn a_folder_that_others_may_write_into_is_refused() {
    let db = TestDatabase::sqlite();
    db.open().unwrap().close();
    let dir = db.dir().unwrap();
    for mode in [0o770, 0o707, 0o777] {
        fs::set_permissions(&dir, fs::Permissions::from_mode(mode)).unwrap();
        let refused = db.open().map(drop).unwrap_err().to_string();
        assert!(refused.contains("others may write into it"), "{mode:o}: {refused}");
    }
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    db.open().unwrap().close();
}

#[test]
fn a_second_process_is_refused_and_may_come_when_the_first_has_gone() {
    let db = TestDatabase::sqlite();
    let store = db.open().unwrap();
    let refused = db.open().map(drop).unwrap_err();
    assert!(matches!(&refused, OpenError::InUse(dir) if *dir == db.dir().unwrap()), "{refused:?}");
    assert!(refused.to_string().contains("in use by another Parlor process"), "{refused}");
    drop(store); // Without close: the last one to go closes it.
    db.open().unwrap().close();
}

#[test]
fn a_folder_that_cannot_be_used_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = Store::open(options(&file.join("data"))).map(drop).unwrap_err().to_string();
    assert!(refused.contains("file/data") && refused.contains("directory"), "{refused}");
    let refused = Store::open(options(Path::new("/proc/parlor"))).map(drop).unwrap_err().to_string();
    assert!(refused.contains("/proc/parlor"), "{refused}");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parlor.db");
    fs::write(&file, "Dear diary, ".repeat(1000)).unwrap();
    assert!(matches!(Store::open(options(folder.path())).map(drop), Err(OpenError::Database(_))));
    assert_eq!(fs::read_to_string(&file).unwrap(), "Dear diary, ".repeat(1000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_kept_before_a_migration_of_what_is_there() {
    const ONE: Migration =
        Migration { version: 1, name: "notes", sql: "CREATE TABLE notes (id ID_KEY, text TEXT UNIQUE);" };
    const TWO: Migration = Migration { version: 2, name: "empty", sql: "DELETE FROM notes;" };
    let db = TestDatabase::sqlite();
    let dir = db.dir().unwrap();
    let store = Store::open_with_migrations(db.options(), &[ONE]).unwrap();
    assert!(!dir.join("parlor.db.before-1").exists(), "a new database has nothing to keep");
    notes::write(&store, "a").await.unwrap();
    store.close();
    let store = Store::open_with_migrations(db.options(), &[ONE, TWO]).unwrap();
    assert_eq!(notes::all(&store).await, Vec::<String>::new());
    store.close();

    let copy = dir.join("parlor.db.before-2");
    assert_eq!(mode(&copy), 0o600);
    let restored = TestDatabase::sqlite();
    fs::create_dir(restored.dir().unwrap()).unwrap();
    fs::copy(&copy, restored.dir().unwrap().join("parlor.db")).unwrap();
    let store = Store::open_with_migrations(restored.options(), &[ONE]).unwrap();
    assert_eq!(notes::all(&store).await, ["a"]);
    store.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_that_durability_rests_on_are_in_force() {
    let db = TestDatabase::sqlite();
    let store = db.open().unwrap();
    let settings = |tx: &mut Tx<'_>| {
        Ok::<_, Error>((
            tx.query_one("PRAGMA journal_mode", params![], |row| row.get::<String>(0))?,
            tx.query_one("PRAGMA synchronous", params![], |row| row.get::<i64>(0))?,
            tx.query_one("PRAGMA foreign_keys", params![], |row| row.get::<i64>(0))?,
            tx.query_one("PRAGMA wal_autocheckpoint", params![], |row| row.get::<i64>(0))?,
        ))
    };
    assert_eq!(store.write(Lane::Any, settings, silent).await.unwrap(), ("wal".to_owned(), 2, 1, 0));
    store.close();
}

/// Writes notes of 100 KiB each, several at a time.
async fn write_much(store: &Store, count: usize) -> Result<(), Error> {
    let writes: Vec<_> = (0..count)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let write = |tx: &mut Tx<'_>| {
                    tx.execute(
                        "INSERT INTO notes (text, data) VALUES (hex(randomblob(16)), randomblob(102400))",
                        params![],
                    )
                };
                store.write(LANE, write, silent).await
            })
        })
        .collect();
    for write in writes {
        write.await.unwrap()?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_does_not_grow_without_end_and_is_empty_after_close() {
    let db = TestDatabase::sqlite();
    let store = Store::open(StoreOptions { batch_len_max: 4, ..db.options() }).unwrap();
    notes::make_table(&store).await;
    write_much(&store, 800).await.unwrap(); // 80 MiB
    let log = db.dir().unwrap().join("parlor.db-wal");
    let len = fs::metadata(&log).unwrap().len();
    assert!(len < 40 << 20, "the log has {len} bytes");
    store.close();
    assert!(fs::metadata(&log).map_or(0, |log| log.len()) == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_serves_reads_and_recovers() {
    let db = TestDatabase::sqlite();
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    notes::write(&store, "before").await.unwrap();
    let limit =
        |tx: &mut Tx<'_>| tx.query_one("PRAGMA max_page_count = 100", params![], |row| row.get::<i64>(0));
    store.write(Lane::Any, limit, silent).await.unwrap();
    assert!(matches!(write_much(&store, 8).await, Err(Error::Unavailable(_))));
    assert_eq!(notes::all(&store).await[0], "before");
    let limit =
        |tx: &mut Tx<'_>| tx.query_one("PRAGMA max_page_count = 1000000", params![], |row| row.get::<i64>(0));
    store.write(Lane::Any, limit, silent).await.unwrap();
    write_much(&store, 8).await.unwrap();
    store.close();
}

/// The variable that tells the process below where to write.
const DOOMED_DIR: &str = "PARLOR_TEST_DOOMED_DIR";

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_ends_the_process_and_nothing_acknowledged_is_lost() {
    // A limit on the size of files makes writes fail the way a broken disk does: with an error that is not "full".
    let db = TestDatabase::sqlite();
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" --exact --ignored --nocapture sqlite::the_process_whose_disk_fails";
    let mut doomed = Command::new("bash")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(DOOMED_DIR, db.dir().unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    doomed.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(doomed.wait().unwrap().code(), Some(74), "{said}");
    let acknowledged = said.lines().filter(|line| line.contains("stored")).count();
    assert!(acknowledged > 0, "{said}");

    let store = db.open().unwrap();
    let stored = usize::try_from(store.read(notes::count).await.unwrap()).unwrap();
    assert!(stored >= acknowledged, "{stored} of {acknowledged}");
    store.close();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in a process of its own"]
async fn the_process_whose_disk_fails() {
    let Ok(dir) = std::env::var(DOOMED_DIR) else { return };
    let store = Store::open(options(Path::new(&dir))).unwrap();
    notes::make_table(&store).await;
    loop {
        write_much(&store, 1).await.unwrap();
        println!("stored");
    }
}
