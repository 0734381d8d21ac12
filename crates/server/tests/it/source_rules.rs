//! What the source may not do, so that whole kinds of holes cannot be there: rules that a compiler does not know.

use crate::tidy::{code, files, root};
use std::fs;

/// The program's own Rust, without comments and tests.
fn program() -> Vec<(String, String)> {
    let all = files("crates", &[".rs"]).into_iter().chain(files("web", &[".rs"]));
    let ours = all.filter(|(path, _)| !path.contains("/tests/") && !path.ends_with("/tests.rs"));
    ours.map(|(path, text)| (path, code(&text))).collect()
}

/// The client's own TypeScript, without its tests.
fn client() -> Vec<(String, String)> {
    let all = files("web/src", &[".ts", ".tsx"]);
    all.into_iter()
        .filter(|(path, _)| !path.contains(".test."))
        .map(|(path, text)| (path, code(&text)))
        .collect()
}

/// The first of these words in a text.
fn first_of<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    words.iter().copied().find(|word| text.contains(word))
}

fn manifest(path: &str) -> toml::Table {
    fs::read_to_string(root().join(path)).unwrap().parse().unwrap()
}

#[test]
fn no_crate_lifts_the_rules_of_the_house() {
    let house = manifest("Cargo.toml");
    let lints = &house["workspace"]["lints"];
    assert_eq!(lints["rust"]["unsafe_code"].as_str(), Some("forbid"));
    for lint in ["unwrap_used", "expect_used", "panic", "indexing_slicing", "disallowed_methods"] {
        assert_eq!(lints["clippy"][lint].as_str(), Some("warn"), "{lint}");
    }
    // `simulation`, which is tests alone, has lints of its own: it puts a function of C in the place of the system's.
    let mut manifests: Vec<_> = files("crates", &["Cargo.toml"]).into_iter().map(|(path, _)| path).collect();
    manifests.extend(["bench", "proof", "web"].map(|folder| format!("{folder}/Cargo.toml")));
    for path in manifests {
        let follows = manifest(&path).get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
        assert_eq!(follows, Some(true), "{path} does not follow the lints of the house");
    }
    // What tests, their databases and fuzzing may do is not for the program.
    let lifted = [
        "unsafe_code",
        "unwrap_used",
        "expect_used",
        "clippy::panic",
        "indexing_slicing",
        "disallowed_methods",
    ];
    for (path, text) in program() {
        let is_for_tests = path == "crates/store/src/testing.rs" || path.ends_with("/fuzzing.rs");
        for attribute in text.split("#[allow(").chain(text.split("#![allow(")).skip(1) {
            let named = first_of(attribute.split(']').next().unwrap_or(""), &lifted);
            assert!(named.is_none() || is_for_tests, "{path} lifts {named:?}");
        }
        assert_eq!(first_of(&text, &["unsafe {", "unsafe fn", "unsafe impl"]), None, "{path}");
    }
}

#[test]
fn no_fault_on_purpose_gets_into_a_release() {
    for (path, _) in files("crates", &["Cargo.toml"]) {
        let manifest = manifest(&path);
        let default = manifest.get("features").and_then(|features| features.get("default"));
        let default = default.map_or(String::new(), ToString::to_string);
        assert_eq!(first_of(&default, &["seeded", "fuzzing", "testing"]), None, "{path} has it by default");
    }
    let faults = fs::read_to_string(root().join("crates/faults/src/lib.rs")).unwrap();
    assert!(faults.contains("#[cfg(all(feature = \"seeded\", not(debug_assertions)))]\ncompile_error!("));
}

#[test]
fn what_is_published_checks_its_arithmetic() {
    let profiles = &manifest("Cargo.toml")["profile"];
    assert_eq!(profiles["release"]["overflow-checks"].as_bool(), Some(true));
    assert_eq!(profiles["dist"]["inherits"].as_str(), Some("release"));
    assert!(profiles["dist"].get("overflow-checks").is_none());
}

#[test]
fn every_queue_has_a_bound() {
    let clippy = manifest("clippy.toml");
    let paths: Vec<_> = clippy["disallowed-methods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|method| method["path"].as_str().unwrap())
        .collect();
    for path in ["tokio::sync::mpsc::unbounded_channel", "std::sync::mpsc::channel"] {
        assert!(paths.contains(&path), "{path} is allowed");
    }
    for (path, text) in program() {
        assert_eq!(first_of(&text, &["unbounded", "mpsc::channel()", "mpsc::channel::<"]), None, "{path}");
    }
}

#[test]
fn every_statement_is_a_literal() {
    // The compiler takes nothing else: what is put together while the program runs does not live for ever.
    let tx = fs::read_to_string(root().join("crates/store/src/tx.rs")).unwrap();
    let taken: Vec<_> = code(&tx).lines().filter(|line| line.contains("sql: &")).map(str::to_owned).collect();
    let others: Vec<_> = taken.iter().filter(|line| !line.contains("sql: &'static str")).collect();
    assert!(taken.len() >= 5, "{taken:?}");
    assert!(others.len() == 1 && others[0].contains("pub(crate) fn batch("), "{others:?}");
    // Statements without parameters, which come from the migrations and from lists of our own.
    let may_run_batches = ["engine", "migrations.rs", "transfer", "tx.rs"];
    let verbs = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];
    let mut count = 0;
    for (path, text) in program() {
        assert_eq!(
            first_of(&text, &[".leak()", "::leak(", "transmute"]),
            None,
            "{path} makes something live for ever"
        );
        let below = path.strip_prefix("crates/store/src/");
        let may = below.is_some_and(|path| {
            may_run_batches.iter().any(|may| path.starts_with(may)) || path == "testing.rs"
        });
        assert!(may || !text.contains(".batch("), "{path} runs a batch");
        let has_statement =
            text.lines().any(|line| verbs.iter().any(|verb| line.contains(&format!("\"{verb}"))));
        assert!(below.is_some() || !has_statement, "{path} has SQL");
        count += usize::from(has_statement);
    }
    assert!(count >= 10, "{count} files with SQL were found");
}

#[test]
fn no_program_is_started_and_nothing_is_evaluated() {
    for (path, text) in program() {
        // The build of the web client calls npm, and what tests use starts a database.
        if path == "web/build.rs" || path == "crates/store/src/testing.rs" {
            continue;
        }
        assert_eq!(first_of(&text, &["process::Command", "Regex", "libloading", "dlopen"]), None, "{path}");
    }
    for (path, text) in client() {
        let words = [
            "eval(",
            "new Function",
            "nnerHTML",
            "outerHTML",
            "document.write",
            "insertAdjacentHTML",
            "srcdoc",
        ];
        assert_eq!(first_of(&text, &words), None, "{path}");
        // One expression is put together, of constants.
        let is_constant = path == "web/src/lib/markup/emoji.ts";
        assert!(is_constant || !text.contains("new RegExp("), "{path} makes an expression from a text");
        let is_worker = path == "web/src/worker/sw.ts" || path == "web/src/app/worker.ts";
        let listens = text.contains("addEventListener(\"message\"") || text.contains("onmessage");
        assert!(is_worker || !listens, "{path} listens to other windows");
    }
}

#[test]
fn only_these_files_open_a_connection() {
    // The provider by which people sign in, Redis, PostgreSQL: each at an address that was set.
    let may =
        ["crates/server/src/outgoing.rs", "crates/server/src/cluster", "crates/store/src/engine/postgres"];
    let words = [
        "TcpStream::connect",
        "UdpSocket",
        "UnixStream",
        "hyper_util::client",
        "redis::Client",
        concat!("tokio_postgres", "::"),
        "hyper_rustls",
    ];
    for (path, text) in program() {
        // A setting is read with the parsers of both drivers, and what tests use makes databases.
        if path == "crates/server/src/config/values.rs" || path == "crates/store/src/testing.rs" {
            continue;
        }
        let is_allowed = may.iter().any(|allowed| path.starts_with(allowed));
        assert!(is_allowed || first_of(&text, &words).is_none(), "{path} opens a connection");
    }
    for (path, text) in client() {
        let word = first_of(
            &text,
            &["XMLHttpRequest", "sendBeacon", "EventSource(", "WebTransport", "RTCPeerConnection"],
        );
        assert_eq!(word, None, "{path}");
    }
}

#[test]
fn fields_for_passwords_hide_what_is_typed_and_let_programs_fill_them() {
    let mut count = 0;
    for (path, text) in client().into_iter().chain(files("crates/server/templates", &[".html"])) {
        assert!(!text.contains("onPaste") || !text.contains("assword"), "{path} stops pasting");
        for (at, _) in text.match_indices("password\"") {
            let before = &text[..at];
            let is_attribute =
                before.rsplit_once(char::is_whitespace).is_some_and(|(_, word)| word.starts_with("name=\""));
            let is_field = before.lines().next_back().is_some_and(|line| line.contains("::field(frame, \""))
                && {
                    let line = before.lines().next_back().unwrap();
                    line.matches('"').count() == 1
                };
            if is_attribute {
                let element: String = text[at..].chars().take(200).collect();
                assert!(
                    element.contains("type=\"password\"") || element.contains("\"text\" : \"password\""),
                    "{path}"
                );
                assert!(
                    element.contains("autoComplete=\"current-password\"")
                        || element.contains("autoComplete=\"new-password\""),
                    "{path}"
                );
                count += 1;
            } else if is_field {
                let line = text[at..].lines().next().unwrap();
                let is_filled = line.contains("\"current-password\"") || line.contains("\"new-password\"");
                assert!(line.contains(", \"password\", \"\", ") && is_filled, "{path}: {line}");
                count += 1;
            }
        }
    }
    assert!(count >= 10, "{count} fields were found");
}
