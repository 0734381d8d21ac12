//! Hostile bytes for the parsers of this crate: what must hold whatever comes. Each function returns when it did, and panics
//! when it did not.

#![allow(clippy::expect_used, clippy::panic, reason = "a property that does not hold must be seen")]

use crate::{auth::tokens, inbox, mentions, names, reactions, text};
use protocol::{AccountId, SessionId, Timestamp};

/// As in a server that changed none of its settings.
const USERNAME_CHARS_MAX: usize = 32;
const BODY_CHARS_MAX: usize = 10_000;
const LINE_CHARS_MAX: usize = 80;
const MENTIONS_MAX: usize = 20;

/// What signs the tokens that are tried: the saved ones were made with it.
const KEY: &str = "a key for hostile bytes";
const EPOCH: &str = "an epoch";
const RUN: u32 = 7;
const NOW: tokens::Moment = tokens::Moment { now: Timestamp(1_795_255_200_000), passed_ms: 0 };

/// A name that is taken keeps its three forms when it is given again, and every name can be made into one that is taken.
pub fn names(bytes: &[u8]) {
    let given = String::from_utf8_lossy(bytes);
    if let Ok(name) = names::username(&given, USERNAME_CHARS_MAX) {
        let again = names::username(&name.shown, USERNAME_CHARS_MAX).expect("a shown name is a name");
        assert_eq!(name, again);
        assert!(name.shown.chars().count() <= USERNAME_CHARS_MAX);
        assert!(!name.shown.chars().any(|c| c.is_whitespace() || text::is_hidden(c)));
        assert_eq!(names::number_of_guest(&name.shown), None);
        let by_key = names::username(&name.key, USERNAME_CHARS_MAX * 4);
        assert!(by_key.is_err() || by_key.is_ok_and(|by_key| by_key.key == name.key), "{name:?}");
        let likeness = names::likeness(&name.shown);
        assert_eq!(likeness.key, name.key);
        assert_eq!(likeness.skeleton, name.skeleton);
        // Whoever mentions somebody by the name as it is shown means this one.
        if !name.shown.ends_with(['.', '-']) {
            let found = mentions::names_in(&format!("@{}", name.shown), 1);
            assert_eq!(found.first(), Some(&name.key));
        }
    }
    let suggested = names::suggestions(&given, 4711, USERNAME_CHARS_MAX);
    assert!(!suggested.is_empty());
    assert!(suggested.iter().all(|name| names::username(&name.shown, USERNAME_CHARS_MAX).is_ok()));
    let guest = names::likeness(&given).of_guest();
    assert!(names::username(&guest.shown, usize::MAX / 8).is_err(), "a guest has nobody's name");
    let _ = names::is_of_the_house(&guest, "Parlor");
    let _ = names::number_of_guest(&guest.shown);
}

/// What is taken as a text stays as it is when it is given again, and holds nothing that cannot be seen or said.
pub fn texts(bytes: &[u8]) {
    let given = String::from_utf8_lossy(bytes);
    if let Ok(body) = text::body(&given, BODY_CHARS_MAX) {
        assert_eq!(text::body(&body, BODY_CHARS_MAX).ok().as_ref(), Some(&body));
        assert!(body.chars().count() <= BODY_CHARS_MAX && text::has_visible(&body));
    }
    for line in
        [text::line("name", &given, LINE_CHARS_MAX), text::line_or_empty("name", &given, LINE_CHARS_MAX)]
    {
        let Ok(line) = line else { continue };
        assert_eq!(text::line_or_empty("name", &line, LINE_CHARS_MAX).ok().as_ref(), Some(&line));
        assert!(line.chars().count() <= LINE_CHARS_MAX && !line.contains('\n') && line.trim() == line);
        let seen = text::seen(&line);
        assert_eq!(text::seen(&seen), seen);
    }
    if let Ok(address) = text::email(&given) {
        assert_eq!(text::email(&address).ok().as_ref(), Some(&address));
        assert!(address.len() <= text::ADDRESS_LEN_MAX && address.matches('@').count() == 1);
    }
    let key = text::key(&given);
    assert!(key <= text::after_all_that_begin(&key));
    if let Ok(emoji) = reactions::check(&given) {
        assert_eq!(emoji, given);
        assert!(!emoji.contains(['<', '>', '&', '"', '\'', '/']));
    }
}

/// Names that a text mentions: as many as there may be at most, each once, none out of code.
pub fn mentions(bytes: &[u8]) {
    let body = String::from_utf8_lossy(bytes);
    let names = mentions::names_in(&body, MENTIONS_MAX);
    assert!(names.len() <= MENTIONS_MAX && names.len() <= body.matches('@').count());
    for (at, name) in names.iter().enumerate() {
        assert!(!name.is_empty() && !names.iter().skip(at + 1).any(|other| other == name), "{names:?}");
        assert!(!name.contains(['@', '`', ' ']), "{names:?}");
    }
    assert_eq!(mentions::names_in(&format!("```{}```", body.replace('`', "")), MENTIONS_MAX), [""; 0]);
}

/// A cursor is taken only as a page gave it, and a moment is read back as it was written.
pub fn cursors(bytes: &[u8]) {
    let given = String::from_utf8_lossy(bytes);
    if let Some(place) = inbox::place(&given) {
        assert_eq!(inbox::cursor(place), given);
    }
    if let Ok(moment) = given.parse::<i64>() {
        let _ = Timestamp(moment).to_string();
        let _ = Timestamp(moment).plus_ms(i64::MAX).to_string();
    }
}

/// A token is taken only as it was signed here, letter by letter; whatever else is refused.
pub fn tokens(bytes: &[u8]) {
    let token = String::from_utf8_lossy(bytes);
    let keys = tokens::Keys::new(KEY, EPOCH, RUN);
    let _ = tokens::is_jwt(&token);
    assert_eq!(tokens::hash(&token).len(), 32);
    if let Ok(claims) = keys.verify(&token, NOW) {
        assert!(tokens::is_jwt(&token));
        let again = keys.sign(claims.account(), claims.sid, claims.ver, NOW, NOW.now.plus_ms(600_000));
        assert_eq!(again.expect("what was signed can be signed again"), token);
    }
}

/// A token that [`tokens`] takes.
pub fn token() -> String {
    let keys = tokens::Keys::new(KEY, EPOCH, RUN);
    keys.sign(AccountId(7), SessionId(9), 1, NOW, NOW.now.plus_ms(600_000)).unwrap_or_default()
}
