//! The real program: what it prints, what it reads, and how it refuses.

use crate::{
    client::Client,
    program::{Program, parlor, with_input},
    socket_client::Connection,
    world::eventually,
};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::{fs, process::Output};
use store::testing::TestDatabase;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[track_caller]
fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The sentence on standard error with which the program ended, when it did with this code. The log may stand before it.
#[track_caller]
fn refusal(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(!text.contains("panicked") && !text.contains("backtrace"), "{text}");
    let last = text.trim_end().lines().last().unwrap().to_owned();
    assert!(last.starts_with("parlor: ") && text.matches("parlor: ").count() == 1, "{text}");
    last
}

#[tokio::test]
async fn without_arguments_it_serves_and_says_where_and_how_to_become_administrator() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--listen", "127.0.0.1:0"]).await;
    let link = program.setup_link.clone().unwrap();
    assert!(link.starts_with(&format!("http://{}/setup#", program.address)), "{link}");
    let stranger = Client::new(program.address);
    stranger.get("/healthz").await.expect_text(200);
    let code = link.split('#').nth(1).unwrap();
    let asha = json!({ "code": code, "username": "asha", "password": "correct horse battery" });
    stranger.post("/api/v1/setup", asha).await.expect_status(201);
    program.stop().await;

    let again = Program::start(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!(again.setup_link, None, "there is an administrator");
    again.stop().await;
}

#[tokio::test]
async fn settings_come_from_flags_then_the_environment_then_dot_env_then_the_file() {
    let folder = folder();
    let name = async |arguments: &[&str], environment: &[(&str, &str)]| -> String {
        let arguments = [&["--listen", "127.0.0.1:0"], arguments].concat();
        let program = Program::start_with(folder.path(), &arguments, environment).await;
        let info: Value = Client::new(program.address).get("/api/v1/server").await.expect(200);
        program.stop().await;
        info["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(name(&[], &[]).await, "Parlor");
    fs::write(folder.path().join("parlor.toml"), "server_name = \"from the file\"\n").unwrap();
    assert_eq!(name(&[], &[]).await, "from the file");
    fs::write(folder.path().join(".env"), "PARLOR_SERVER_NAME='from .env'\nOTHER=1\n").unwrap();
    assert_eq!(name(&[], &[]).await, "from .env");
    let environment = [("PARLOR_SERVER_NAME", "from the environment")];
    assert_eq!(name(&[], &environment).await, "from the environment");
    assert_eq!(name(&["--server-name", "from a flag"], &environment).await, "from a flag");
    fs::write(folder.path().join("other.toml"), "server_name = \"from another file\"\n").unwrap();
    fs::remove_file(folder.path().join(".env")).unwrap();
    assert_eq!(name(&["--config", "other.toml"], &[]).await, "from another file");
}

#[test]
fn a_setting_that_cannot_be_used_is_named_with_its_source() {
    let folder = folder();
    let run = |arguments: &[&str]| parlor(folder.path(), arguments).output().unwrap();
    for (arguments, part) in [
        (&["--listen", "nowhere"][..], "--listen must be HOST:PORT"),
        (&["--queue-frames-max", "0"], "0 does not mean"),
        (&["--registration", "maybe"], "--registration must be open, invite or closed"),
        (&["--database", "mysql://u:hunter2@h/d"], "--database must be"),
        (&["--dialects", "loose"], "--dialects must be strict, open or off"),
        (&["--cors-origins", "localhost:3000"], "--cors-origins has no http://"),
        (&["--bus", "redis://localhost"], "bus needs a PostgreSQL database"),
        (&["--public-url", "chat.example.org"], "--public-url has no http://"),
        (&["--log", "=="], "is not a filter"),
        (&["--config", "missing.toml"], "missing.toml cannot be read"),
    ] {
        let refusal = refusal(&run(arguments), 2);
        assert!(refusal.contains(part), "{refusal}");
        assert!(!refusal.contains("hunter2"));
    }
    fs::write(folder.path().join("parlor.toml"), "listen = \"127.0.0.1:0\"\nlisten_on = 1\n").unwrap();
    assert!(refusal(&run(&[]), 2).contains("parlor.toml: there is no setting \"listen_on\""));
    fs::write(folder.path().join("parlor.toml"), "\n\nlisten = nonsense\n").unwrap();
    assert!(refusal(&run(&[]), 2).contains("parlor.toml, line 3"));
    fs::write(folder.path().join("parlor.toml"), "readers = \"many\"\n").unwrap();
    assert!(refusal(&run(&[]), 2).contains("readers in the configuration file must be a whole number"));
    assert_eq!(run(&["--no-such-flag"]).status.code(), Some(2));
    assert_eq!(run(&["dance"]).status.code(), Some(2));
}

#[tokio::test]
async fn a_second_parlor_is_told_why_it_cannot_start() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--listen", "127.0.0.1:0"]).await;
    let output = parlor(folder.path(), &["--listen", &program.address.to_string()]).output().unwrap();
    assert!(refusal(&output, 1).contains("is in use by another program"));
    let output = parlor(folder.path(), &["--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(refusal(&output, 1).contains("in use by another Parlor process"));
    let output = parlor(folder.path(), &["account", "list"]).output().unwrap();
    assert!(refusal(&output, 1).contains("stop"), "whoever keeps accounts is told to stop the server");
    program.stop().await;
}

#[test]
fn a_folder_that_cannot_be_used_and_a_database_that_cannot_be_reached_are_named() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let inside = file.join("data");
    let run = |arguments: &[&str]| {
        parlor(folder.path(), &[&["--listen", "127.0.0.1:0"], arguments].concat()).output().unwrap()
    };
    let output = run(&["--data", inside.to_str().unwrap()]);
    assert!(refusal(&output, 1).contains("cannot use"));
    let output = run(&["--database", "postgres://u:hunter2@127.0.0.1:1/parlor"]);
    let refusal = refusal(&output, 1);
    assert!(refusal.contains("cannot reach the database") && !refusal.contains("hunter2"), "{refusal}");
}

#[tokio::test]
async fn accounts_are_kept_from_the_command_line() {
    let folder = folder();
    let run = |arguments: &[&str], input: &str| {
        let mut command = parlor(folder.path(), &[&["account"], arguments].concat());
        with_input(&mut command, input)
    };
    let output =
        run(&["create", "asha", "--administrator", "--email", "asha@example.org"], "correct horse battery\n");
    assert!(said(&output).starts_with("asha is made"), "{output:?}");
    said(&run(&["create", "binod"], "correct horse battery"));
    assert!(refusal(&run(&["create", "ASHA"], "correct horse battery"), 1).contains("taken"));
    assert!(refusal(&run(&["create", "chandra"], "short"), 1).contains("password"));
    let list = said(&run(&["list"], ""));
    assert!(list.contains("asha\tadministrator\tactive\tasha@example.org"), "{list}");
    said(&run(&["disable", "binod"], ""));
    assert!(said(&run(&["list"], "")).contains("binod\tmember\tdisabled\t-"));
    assert!(refusal(&run(&["disable", "asha"], ""), 1).contains("administrator"));
    assert!(refusal(&run(&["enable", "nobody"], ""), 1).contains("No such account"));
    said(&run(&["enable", "binod"], ""));
    said(&run(&["reset-password", "binod"], "another long password\n"));

    let program = Program::start(folder.path(), &["--listen", "127.0.0.1:0"]).await;
    assert_eq!(program.setup_link, None);
    let sign_in = |password: &str| json!({ "login": "binod", "password": password });
    let stranger = Client::new(program.address);
    stranger.post("/api/v1/sessions", sign_in("another long password")).await.expect_status(201);
    stranger.post("/api/v1/sessions", sign_in("correct horse battery")).await.expect_status(401);
    program.stop().await;
}

#[test]
fn the_reference_lists_every_setting_and_can_be_read_back() {
    let folder = folder();
    let output = parlor(folder.path(), &["config"]).output().unwrap();
    let reference = said(&output);
    for word in ["listen", "--listen HOST:PORT", "PARLOR_LISTEN", "127.0.0.1:8000", "message_chars_max"] {
        assert!(reference.contains(word), "{word}");
    }
    let enabled: String = reference
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with([' ', '#']) => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    fs::write(folder.path().join("parlor.toml"), enabled).unwrap();
    assert!(parlor(folder.path(), &["account", "list"]).output().unwrap().status.success());
}

#[test]
fn it_prints_its_version_its_help_and_its_api() {
    let folder = folder();
    let run = |arguments: &[&str]| parlor(folder.path(), arguments).output().unwrap();
    assert_eq!(said(&run(&["version"])), format!("parlor {}\n", env!("CARGO_PKG_VERSION")));
    assert!(said(&run(&["--help"])).contains("--message-chars-max"));
    let document: Value = serde_json::from_str(&said(&run(&["openapi"]))).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "asking changes nothing");
}

#[tokio::test]
async fn when_it_is_told_to_stop_it_finishes_what_is_under_way() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--listen", "127.0.0.1:0"]).await;
    let address = program.address;
    let body = json!({ "username": "sita", "password": "correct horse battery" }).to_string();
    let head = format!(
        "POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         expect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut request = TcpStream::connect(address).await.unwrap();
    request.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    request.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n", "the request is under way");

    let stopping = tokio::spawn(program.stop());
    eventually("nobody new is let in", async || TcpStream::connect(address).await.is_err()).await;
    request.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let folder = folder();
    let program =
        Program::start(folder.path(), &["--listen", "127.0.0.1:0", "--stop-timeout-ms", "3600000"]).await;
    let address = program.address;
    let mut stuck = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\
                expect: 100-continue\r\n\r\n";
    stuck.write_all(head.as_bytes()).await.unwrap();
    stuck.read_exact(&mut [0; 25]).await.unwrap();
    program.signal(Signal::TERM);
    eventually("it is stopping", async || TcpStream::connect(address).await.is_err()).await;
    program.stop().await;
}

#[test]
fn a_database_of_a_newer_parlor_is_left_alone() {
    let database = TestDatabase::sqlite();
    let data = database.dir().unwrap().display().to_string();
    let folder = folder();
    let run = || parlor(folder.path(), &["--data", &data, "account", "list"]).output().unwrap();
    assert!(run().status.success());
    database.run(
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'later', 'x', 0)",
    );
    let refusal = refusal(&run(), 1);
    assert!(refusal.contains("is at version 9999") && refusal.contains("newer Parlor"), "{refusal}");
}

#[tokio::test]
async fn the_log_tells_what_was_asked_and_nothing_that_anybody_wrote() {
    let folder = folder();
    let arguments = ["--listen", "127.0.0.1:0", "--log", "trace", "--log-format", "json"];
    let program = Program::start(folder.path(), &arguments).await;
    let stranger = Client::new(program.address);
    let body = json!({
        "username": "canaryname", "password": "canary password", "email": "canary@example.org", "display_name": "Canary D.",
    });
    let signed_in: Value = stranger.post("/api/v1/accounts", body).await.expect(201);
    let token = signed_in["token"].as_str().unwrap();
    let person = stranger.with("authorization", &format!("Bearer {token}"));
    let room = json!({ "kind": "room", "name": "canary room" });
    let room: Value = person.post("/api/v1/conversations", room).await.expect(201);
    let code = room["invite"]["code"].as_str().unwrap();
    stranger.get(&format!("/api/v1/invites/{code}")).await.expect_status(200);
    stranger.get(&format!("/join/{code}")).await.expect_status(200);
    let message = json!({ "cid": "canary-cid", "body": "canary text" });
    let send = format!("/api/v1/conversations/{}/messages", room["conversation"]["id"]);
    let sent = person.post(&send, message).await;
    sent.expect_status(201);
    person.get("/api/v1/accounts?query=canaryname").await.expect_status(200);
    let wrong = json!({ "login": "canaryname", "password": "canary guess" });
    stranger.post("/api/v1/sessions", wrong).await.expect_status(401);
    let mut socket = Connection::open(program.address, token).await;
    socket
        .says(json!({ "op": "send", "cid": "canary-2", "conversation": 1, "body": "canary by socket" }))
        .await;
    socket.hears("ack").await;
    drop(socket);
    let link = program.setup_link.clone().unwrap();
    program.stop().await;

    let log = fs::read_to_string(folder.path().join("parlor.log")).unwrap();
    for secret in ["canary", "Canary", token, code, link.split('#').nth(1).unwrap()] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let id = sent.header("x-request-id").unwrap();
    let line = lines.iter().find(|line| line["id"] == id).unwrap();
    assert_eq!(line["route"], "/api/v1/conversations/{id}/messages");
    assert_eq!((&line["method"], &line["status"]), (&json!("POST"), &json!(201)));
    assert_eq!(line["account"], signed_in["account"]["id"]);
    assert!(line["ms"].is_number());
    assert!(lines.iter().any(|line| line["route"] == "/api/v1/invites/{code}"));
}

/// What a connection is welcomed with as the epoch.
async fn epoch_at(program: &Program, token: &str) -> Value {
    Connection::open(program.address, token).await.welcome["epoch"].clone()
}

#[tokio::test]
async fn a_database_that_was_brought_back_from_a_copy_begins_a_new_epoch_and_a_stop_does_not() {
    let folder = folder();
    let serve = ["--listen", "127.0.0.1:0"];
    let program = Program::start(folder.path(), &serve).await;
    let link = program.setup_link.clone().unwrap();
    let asha =
        json!({ "code": link.split('#').nth(1), "username": "asha", "password": "correct horse battery" });
    let client = Client::new(program.address);
    let token = client.post("/api/v1/setup", asha).await.expect::<Value>(201)["token"].clone();
    let token = token.as_str().unwrap();
    let first = epoch_at(&program, token).await;
    program.stop().await;
    let (database, copy) = (folder.path().join("parlor-data/parlor.db"), folder.path().join("copy.db"));
    fs::copy(&database, &copy).unwrap();

    let program = Program::start(folder.path(), &serve).await;
    assert_eq!(epoch_at(&program, token).await, first, "nothing was brought back");
    let said = json!({ "cid": "c", "body": "after the copy" });
    let client = Client::new(program.address).with("authorization", &format!("Bearer {token}"));
    client.post("/api/v1/conversations/1/messages", said).await.expect_status(201);
    program.stop().await;
    fs::copy(&copy, &database).unwrap();

    let program = Program::start(folder.path(), &serve).await;
    let second = epoch_at(&program, token).await;
    assert_ne!(second, first, "a part of the history is gone");
    let client = Client::new(program.address).with("authorization", &format!("Bearer {token}"));
    let audit = client.get("/api/v1/admin/audit").await.expect::<Value>(200);
    assert_eq!(audit["entries"][0]["action"], "server.new_epoch", "{audit}");
    program.stop().await;

    let told = said_by_new_epoch(&parlor(folder.path(), &["new-epoch"]).output().unwrap());
    let program = Program::start(folder.path(), &serve).await;
    assert_eq!(epoch_at(&program, token).await, told);
    assert_ne!(told, second);
    program.stop().await;
}

/// The epoch that the command names.
#[track_caller]
fn said_by_new_epoch(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    let text = said(output);
    text.trim_start_matches("The epoch is ").split('.').next().unwrap().to_owned()
}
