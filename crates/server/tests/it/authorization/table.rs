//! Reads `table.txt`, the expectations.

use super::cast::{ACTORS, Actor};
use std::collections::BTreeSet;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/authorization/table.txt");

/// A line of the table: one thing to try, and how it ends for each actor.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it stands, for whoever has to look at it.
    pub line: usize,
    /// A method of HTTP; `WS` for a handshake; `OP` for a frame of the socket.
    pub method: String,
    /// The path with its placeholders; for `OP` the name of the op.
    pub path: String,
    /// The body, the frame, or what the first frame of a `WS` is; with placeholders.
    pub body: String,
    /// A letter an actor, in their order.
    pub letters: Vec<char>,
    /// The kind of canary that whoever is let in must be shown.
    pub shows: Option<String>,
    /// Whoever is let in does it with an account of their own: it would end the actor's session.
    pub by_a_newcomer: bool,
    /// It begins a conversation, which the list of conversations shows.
    pub begins: bool,
}

impl Row {
    pub fn expects(&self, actor: Actor) -> char {
        self.letters[actor as usize]
    }

    pub fn name(&self) -> String {
        format!("table.txt:{}: {} {} {}", self.line, self.method, self.path, self.body)
    }

    /// The route of those that are served that this row is about: the one with the fewest placeholders that fits.
    pub fn route<'a>(&self, served: &'a BTreeSet<(String, String)>) -> Option<&'a (String, String)> {
        let path = self.path.split('?').next().unwrap();
        let fitting =
            served.iter().filter(|(method, route)| method == self.method_of_route() && fits(route, path));
        fitting.min_by_key(|(_, route)| (route.contains("{*}"), route.matches("{}").count()))
    }

    /// Whether this actor is let in.
    pub fn allows(&self, actor: Actor) -> bool {
        matches!(self.expects(actor), '+' | '=' | 'o')
    }

    /// Whether whoever tries it may come into the room by it.
    pub fn lets_in(&self) -> bool {
        let path = &self.path;
        path.contains("/join") || path.contains("/approve") || self.body.contains("approve")
    }

    /// The method that the router knows it by.
    pub fn method_of_route(&self) -> &str {
        if self.method == "WS" { "GET" } else { &self.method }
    }
}

fn fits(route: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    for wanted in route.split('/') {
        match (wanted, parts.next()) {
            ("{*}", Some(_)) => return true,
            ("{}", Some(part)) if !part.is_empty() => {}
            (wanted, Some(part)) if wanted == part => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

/// A path whose placeholders are empty: they are called otherwise by the router.
pub fn without_names(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            part if part.starts_with("{*") => "{*}",
            part if part.starts_with('{') => "{}",
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// All lines. Blank ones and those that begin with `#` say nothing.
pub fn rows() -> Vec<Row> {
    let table = std::fs::read_to_string(TABLE).unwrap();
    let lines = table.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(at, line)| row(at, line))
        .collect()
}

fn row(line: usize, text: &str) -> Row {
    let mut columns = text.split('|').map(str::trim);
    let what = columns.next().unwrap();
    let (method, path) =
        what.split_once(' ').unwrap_or_else(|| panic!("line {line} names no method and path"));
    let letters: Vec<char> = columns.next().unwrap_or_default().chars().filter(|c| *c != ' ').collect();
    assert_eq!(letters.len(), ACTORS.len(), "line {line} needs a letter for each actor");
    let body = columns.next().unwrap_or_default().to_owned();
    let mut row = Row {
        line,
        method: method.to_owned(),
        path: path.trim().to_owned(),
        body,
        letters,
        shows: None,
        by_a_newcomer: false,
        begins: false,
    };
    for note in columns.next().unwrap_or_default().split(' ').filter(|note| !note.is_empty()) {
        match note.strip_prefix("shows:") {
            Some(kind) => row.shows = Some(kind.to_owned()),
            None if note == "begins" => row.begins = true,
            None => row.by_a_newcomer = note == "newcomer",
        }
    }
    row
}

/// What a letter stands for: a status, and the code of the refusal where there is one.
pub fn meaning(letter: char) -> (u16, &'static str) {
    match letter {
        '+' | '=' => (200, ""),
        '>' | 'o' => (303, ""),
        'u' => (401, "unauthenticated"),
        'x' => (401, "token_expired"),
        'c' => (401, "invalid_credentials"),
        'f' => (403, "forbidden"),
        'b' => (403, "banned"),
        'D' => (403, "account_deactivated"),
        's' => (403, "setup_closed"),
        'n' => (404, "not_a_member"),
        'm' => (404, "unknown_message"),
        'i' => (404, "invite_invalid"),
        '0' => (404, "not_found"),
        'k' => (409, "wrong_kind"),
        'a' => (409, "conversation_archived"),
        'd' => (409, "message_deleted"),
        'l' => (409, "last_owner"),
        'j' => (409, "already_decided"),
        '4' => (400, ""),
        'v' => (422, "invalid_request"),
        other => panic!("no answer is written {other}"),
    }
}
