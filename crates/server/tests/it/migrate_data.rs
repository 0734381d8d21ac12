//! `parlor migrate-data`: a house moves from SQLite to PostgreSQL, and nobody in it notices more than a pause.

use crate::{
    client::DEADLINE,
    program::{Program, parlor},
    socket_client::Connection,
    world::{Person, World},
};
use protocol::ids::GENERAL;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
};
use store::{Database, testing::TestDatabase};
use tempfile::TempDir;

fn address(database: &TestDatabase) -> String {
    let Database::Postgres { url } = database.database() else { panic!("this is SQLite") };
    url
}

async fn empty_database() -> (TestDatabase, String) {
    let database = tokio::task::spawn_blocking(TestDatabase::postgres).await.unwrap();
    let url = address(&database);
    (database, url)
}

/// The command for a data folder, with these arguments besides.
fn migrate_data(data: &Path, arguments: &[&str]) -> Command {
    let data = data.display().to_string();
    parlor(
        data.rsplit_once('/').unwrap().0.as_ref(),
        &[&["migrate-data", "--data", &data], arguments].concat(),
    )
}

async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// The sentence with which the program ended with this code.
#[track_caller]
fn refusal(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(output.stdout.is_empty(), "{output:?}");
    text.lines().last().unwrap().strip_prefix("parlor: ").unwrap().to_owned()
}

fn arrived_at(world: &World, person: &Person) -> Person {
    let mut there = person.clone();
    there.client.address = world.server().address();
    there
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_move_everybody_is_signed_in_and_the_conversation_goes_on() {
    let mut old = World::sqlite(&[]).await;
    let (sita, ram) = (old.administrator("sita").await, old.sign_up("ram").await);
    let room = sita.gathers("garden", &[&ram]).await;
    let first = sita.says(room, "नमस्ते 👋🏽").await.message;
    let cid = "before-the-move";
    let second =
        ram.post(&format!("/conversations/{room}/messages"), json!({ "cid": cid, "body": "hello" })).await;
    second.expect_status(201);
    let direct = sita.talks_to(&ram).await;
    sita.says(direct, "between us").await;
    let epoch = ram.connects().await.welcome["epoch"].clone();
    let history = sita.reads(room).await;
    old.stop().await;

    let (database, url) = empty_database().await;
    let moved = output(migrate_data(&old.data().unwrap(), &["--to", &url])).await;
    let said = String::from_utf8(moved.stdout.clone()).unwrap();
    assert!(moved.status.success(), "{moved:?}");
    assert!(said.contains("each was compared") && said.contains(" 3 messages\n"), "{said}");
    let on_the_way = String::from_utf8(moved.stderr).unwrap();
    assert!(on_the_way.contains("Copying: 0 of ") && on_the_way.contains("Comparing: "), "{on_the_way}");

    let new = World::on(database, &[]).await;
    let (sita, ram) = (arrived_at(&new, &sita), arrived_at(&new, &ram));
    assert_eq!(sita.reads(room).await, history);
    assert_eq!(ram.texts(direct).await, ["between us"]);
    let again =
        ram.post(&format!("/conversations/{room}/messages"), json!({ "cid": cid, "body": "hello" })).await;
    assert_eq!(again.expect::<Value>(200)["seq"], json!(first.seq + 1), "sent twice, stored once");
    let third = sita.says(room, "we moved").await.message;
    assert_eq!((third.seq, third.rev), (first.seq + 2, first.rev + 2));
    assert!(third.id > history.messages.iter().map(|message| message.id).max().unwrap());

    // A client that was away asks for the changes since, as after any other pause.
    let headers = [("authorization", format!("Bearer {}", ram.token))];
    let mut his = Connection::handshake(ram.client.address, &headers).await.unwrap();
    let cursors = json!({ room.to_string(): second.expect::<Value>(201)["rev"] });
    his.says(json!({ "op": "hello", "resume": { "epoch": epoch, "cursors": cursors } })).await;
    assert_eq!(his.hears("welcome").await["epoch"], epoch);
    let changes = his.hears("changes").await;
    assert_eq!(changes["messages"].as_array().unwrap().len(), 1);
    assert_eq!(changes["messages"][0]["body"], "we moved");

    new.sign_in("ram").await.says(GENERAL, "with the same password").await;
    let newcomer = new.sign_up("gita").await;
    assert!(newcomer.id() > ram.id());
    assert_eq!(new.server().setup_code().await.unwrap(), None, "the administrator came along");
    new.end().await;
    // Who must go back can.
    old.begin().await;
    old.end().await;
}

/// A data folder with so many messages that moving them takes a while.
fn full_house(count: u32) -> TestDatabase {
    let house = TestDatabase::sqlite();
    house.open().unwrap().close();
    house.run(&format!(
        "INSERT INTO meta (key, value) VALUES ('epoch', 'e'), ('token_key', '{}');
         INSERT INTO accounts (username, username_skeleton, username_key, display_name, display_name_key, kind, role, created_at)
             VALUES ('sita', 'sita', 'sita', 'Sita', 'sita', 'person', 'administrator', 1);
         INSERT INTO messages (conversation_id, seq, rev, posted_rev, author_id, cid, kind, body, created_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             SELECT 1, i, i, i, 1001, 'cid-' || i, 'text', 'canary ' || i, i FROM n;
         UPDATE conversations SET last_seq = {count}, last_rev = {count}",
        "0".repeat(64)
    ));
    house
}

/// Waits until the program says a line that begins like this; gives what it says afterwards.
fn wait_for_line(child: &mut Child, beginning: &str) -> BufReader<std::process::ChildStderr> {
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with(beginning) {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it never said {beginning}");
    }
    said
}

/// Starts the command, waits until it copies, sends a signal, and waits for the end.
async fn interrupted(mut command: Command, signal: Signal) -> (Option<i32>, String) {
    let ended = tokio::task::spawn_blocking(move || {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = wait_for_line(&mut child, "Copying: ");
        kill_process(Pid::from_child(&child), signal).unwrap();
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        (child.wait().unwrap().code(), rest)
    });
    tokio::time::timeout(DEADLINE, ended).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_was_interrupted_goes_on_and_nobody_is_served_before_its_end() {
    let house = tokio::task::spawn_blocking(|| full_house(60_000)).await.unwrap();
    let data = house.dir().unwrap();
    let (database, url) = empty_database().await;
    let command = || migrate_data(&data, &["--to", &url]);

    let (code, said) = interrupted(command(), Signal::INT).await;
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("Stopping after what is under way"), "{said}");
    assert!(said.ends_with("run the same command again to go on\n"), "{said}");
    let serve = parlor(data.parent().unwrap(), &["--listen", "127.0.0.1:0", "--database", &url]);
    let refused = refusal(&output(serve).await, 1);
    assert!(refused.contains("not all there yet: run `parlor migrate-data`"), "{refused}");
    let (code, said) = interrupted(command(), Signal::KILL).await;
    assert_eq!((code, said.as_str()), (None, ""));

    let done = output(command()).await;
    let (told, on_the_way) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{on_the_way}");
    assert!(told.contains(" 60000 messages\n"), "{told}");
    assert!(!told.contains("canary") && !on_the_way.contains("canary"), "texts are nobody's business");
    let refused = refusal(&output(command()).await, 1);
    assert!(refused.contains("already: start Parlor on it"), "{refused}");
    let program =
        Program::start(data.parent().unwrap(), &["--listen", "127.0.0.1:0", "--database", &url]).await;
    assert_eq!(program.setup_link, None);
    program.stop().await;
    tokio::task::spawn_blocking(move || drop((database, house))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_difference_is_told_by_its_row_and_the_command_fails() {
    let house = tokio::task::spawn_blocking(|| full_house(60_000)).await.unwrap();
    let data = house.dir().unwrap();
    let (database, url) = empty_database().await;
    let command = || migrate_data(&data, &["--to", &url]);
    interrupted(command(), Signal::INT).await;
    let (house, database) = tokio::task::spawn_blocking(move || {
        database.run("INSERT INTO audit (id, at, action, subject) VALUES (7, 1, 'nobody did this', '')");
        (house, database)
    })
    .await
    .unwrap();
    let refused = refusal(&output(command()).await, 1);
    assert!(refused.contains("audit, id 7: is in the database to move to alone"), "{refused}");
    assert!(!refused.contains("nobody did this"), "{refused}");
    tokio::task::spawn_blocking(move || drop((database, house))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_moved_is_said_in_a_sentence() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| output(migrate_data(&data, arguments));
    assert!(refusal(&run(&[]).await, 2).contains("--to postgres://"));
    let wrong = refusal(&run(&["--to", "mysql://u:hunter2@h/d"]).await, 2);
    assert!(wrong.contains("--to must be a URL that begins with postgres://") && !wrong.contains("hunter2"));
    let nothing = refusal(&run(&["--to", "postgres://u:hunter2@127.0.0.1:1/parlor"]).await, 1);
    assert!(nothing.contains("there is no installation in") && !nothing.contains("hunter2"), "{nothing}");
    assert!(!data.exists(), "looking makes nothing");

    let arguments = ["--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
    let program = Program::start(folder.path(), &arguments).await;
    let busy = refusal(&run(&["--to", "postgres://u:hunter2@127.0.0.1:1/parlor"]).await, 1);
    assert!(busy.contains("in use by another Parlor process: stop it first"), "{busy}");
    program.stop().await;
    let lost = refusal(&run(&["--to", "postgres://u:hunter2@127.0.0.1:1/parlor"]).await, 1);
    assert!(lost.contains("cannot reach the database") && !lost.contains("hunter2"), "{lost}");

    let (database, url) = empty_database().await;
    let database = tokio::task::spawn_blocking(move || {
        database.run("CREATE TABLE recipes (text TEXT)");
        database
    })
    .await
    .unwrap();
    let full = refusal(&run(&["--to", &url]).await, 1);
    assert!(full.contains("is not empty") && full.contains("left as it is"), "{full}");
    tokio::task::spawn_blocking(move || drop(database)).await.unwrap();

    // The address may stand where settings stand, so that nobody sees its password.
    let (database, url) = empty_database().await;
    let mut command = migrate_data(&data, &[]);
    command.env("PARLOR_DATABASE", &url);
    let moved = output(command).await;
    assert!(moved.status.success(), "{moved:?}");
    tokio::task::spawn_blocking(move || drop(database)).await.unwrap();
}
