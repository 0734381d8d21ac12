//! The house stays in order: who may know whom, what may not be written, how long things may be.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

const README_LINES_MAX: usize = 80;
const ARCHITECTURE_LINES_MAX: usize = 200;
const MAIN_LINES_MAX: usize = 60;
/// A file longer than this holds two things.
const FILE_LINES_MAX: usize = 600;

/// Whom each crate may know of the others. Arrows only go down.
const ARROWS: &[(&str, &[&str])] = &[
    ("faults", &[]),
    ("protocol", &[]),
    ("store", &["faults", "protocol"]),
    ("realtime", &["faults", "protocol"]),
    ("chat", &["faults", "protocol", "realtime", "store"]),
    ("server", &["chat", "faults", "protocol", "realtime", "store", "web"]),
];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a folder with one of these endings, and its text. What was installed or built is left out.
pub fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !matches!(name.as_str(), "node_modules" | "target" | "dist") {
                walk(&path, endings, found);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), endings, &mut found);
    assert!(!found.is_empty(), "{folder} is empty");
    found.sort();
    let short = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    found.iter().map(|path| (short(path), fs::read_to_string(path).unwrap())).collect()
}

/// The text without its comments and without what only tests see.
pub fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether a crate or module of this name is used in the text.
pub fn names(text: &str, name: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + name.len()..];
        !before.is_some_and(is_word) && before != Some(':') && after.starts_with("::")
    })
}

#[test]
fn arrows_between_crates_only_go_down() {
    for (name, may_know) in ARROWS {
        let manifest = fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let known = manifest["dependencies"].as_table().unwrap();
        for (other, _) in ARROWS.iter().chain(&[("web", &[][..])]) {
            assert!(!known.contains_key(*other) || may_know.contains(other), "{name} knows {other}");
        }
    }
    let crates = fs::read_dir(root().join("crates")).unwrap().count();
    assert_eq!(crates, ARROWS.len(), "a new crate needs its line in ARROWS, and a reason");
}

#[test]
fn nothing_below_the_doors_knows_a_door() {
    for folder in ["crates/protocol/src", "crates/store/src", "crates/realtime/src", "crates/chat/src"] {
        for (path, text) in files(folder, &[".rs"]) {
            for name in ["axum", "hyper", "tower", "tower_http", "tungstenite", "tokio_tungstenite", "clap"] {
                assert!(!names(&code(&text), name), "{path} names {name}");
            }
        }
    }
}

#[test]
fn only_the_engine_knows_a_database_driver() {
    for (path, text) in files("crates", &[".rs"]) {
        // What makes throw-away databases for tests must reach behind the store.
        if path.starts_with("crates/store/src/engine") || path == "crates/store/src/testing.rs" {
            continue;
        }
        for name in ["rusqlite", "tokio_postgres"] {
            assert!(!names(&code(&text), name), "{path} names {name}");
        }
    }
}

#[test]
fn only_the_wiring_knows_the_store_and_the_doors_do_not_know_each_other() {
    for (path, text) in files("crates/server/src", &[".rs"]) {
        let code = code(&text);
        assert!(path.ends_with("/app.rs") || !names(&code, "store"), "{path} names the store");
        let mounts = path.ends_with("/http/routes.rs");
        assert!(mounts || !code.contains("crate::socket"), "{path} reaches into the socket door");
        // The socket begins as a request, so it may use what is around every request, and nothing else of that door.
        let is_socket = path.contains("/src/socket");
        assert!(!is_socket || !code.contains("http::v1"), "{path} reaches into the HTTP door");
    }
}

/// The addresses that a router is given by this method.
fn addresses<'a>(text: &'a str, method: &str) -> Vec<&'a str> {
    text.split(&format!(".{method}(\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_address_of_another_app_stands_in_the_pages_about_them() {
    let pages: Vec<_> =
        files("docs", &[".md"]).into_iter().filter(|(path, _)| path.contains("dialects")).collect();
    let mut count = 0;
    for (path, text) in files("crates/server/src/dialects", &[".rs"]) {
        let code = code(&text);
        let alone = addresses(&code, "route");
        assert!(
            alone.is_empty(),
            "{path} answers at {alone:?} without a slash at the end, or with one, alone"
        );
        for address in addresses(&code, "both_spellings") {
            assert!(!address.ends_with('/'), "{path} would answer at {address} with two slashes at the end");
            let is_told = pages.iter().any(|(_, page)| page.contains(address));
            assert!(is_told, "{path} answers at {address}, which no page in docs/dialects tells");
            count += 1;
        }
    }
    assert!(count > 30, "{count} addresses were found");
}

#[test]
fn nothing_is_left_for_later_and_every_file_says_what_it_is_for() {
    let mut all = files("crates", &[".rs"]);
    all.extend(files("web/src", &[".ts", ".tsx", ".css"]));
    for (path, text) in all {
        if path.ends_with("tidy.rs") {
            continue;
        }
        for word in ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!("] {
            assert!(!text.contains(word), "{path} says {word}");
        }
        assert!(text.starts_with("//!") || !path.ends_with(".rs"), "{path} does not say what it is for");
    }
}

#[test]
fn nothing_grows_too_long() {
    let mut all = files("crates", &[".rs"]);
    all.extend(files("web/src", &[".ts", ".tsx", ".css"]));
    let long: BTreeMap<_, _> = all
        .iter()
        .filter(|(path, _)| !path.contains(".gen."))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .collect();
    assert!(long.is_empty(), "{long:?}");
    for (path, most) in [
        ("README.md", README_LINES_MAX),
        ("ARCHITECTURE.md", ARCHITECTURE_LINES_MAX),
        ("crates/server/src/main.rs", MAIN_LINES_MAX),
    ] {
        let lines = fs::read_to_string(root().join(path)).unwrap().lines().count();
        assert!(lines <= most, "{path} has {lines} lines");
    }
}

#[test]
fn these_rules_would_notice() {
    assert!(names("use axum::Router;", "axum") && names("fn f() -> axum::Body", "axum"));
    assert!(!names("my_axum::x", "axum") && !names("crate::axum::x", "axum") && !names("axumx::y", "axum"));
    assert!(!names(&code("// axum::Router\nlet a = 1; #[cfg(test)] use axum::x;"), "axum"));
}
