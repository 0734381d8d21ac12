//! Usernames: what they may look like, and what makes two of them the same to the eye.

use crate::{Error, Result, text};
use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

/// A username in its three forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Username {
    /// As it is shown.
    pub(crate) shown: String,
    /// In lower case: what people type to sign in and to mention; unique.
    pub(crate) key: String,
    /// What names that look alike have in common (Unicode TS 39), a capital I and a small l among them: unique too.
    pub(crate) skeleton: String,
}

const CHARS_MIN: usize = 2;
/// One letter may carry two marks, as Vietnamese and Hebrew do.
const MARKS_MAX: usize = 2;
/// Words that mean something to a message, so that nobody can be called that.
const RESERVED: &[&str] = &["all", "channel", "everyone", "here", "room"];

/// What a server calls itself, and its people in charge: guests, who only give a name, are not called that. Clients of other
/// systems say "You" to whoever reads.
const OF_THE_HOUSE: &[&str] = &["admin", "administrator", "parlor", "server", "system", "you"];

/// Checks a username and brings it to its three forms.
pub(crate) fn username(text: &str, chars_max: usize) -> Result<Username> {
    let refused = |why: &str| Err(Error::invalid("username", why));
    let shown: String = text.nfkc().collect();
    let chars = shown.chars().count();
    if !(CHARS_MIN..=chars_max).contains(&chars) {
        return Err(Error::invalid(
            "username",
            format!("A username has {CHARS_MIN} to {chars_max} characters."),
        ));
    }
    if !shown.chars().all(is_allowed) {
        return refused("A username is made of letters, digits and . - _.");
    }
    if !shown.chars().next().is_some_and(char::is_alphanumeric) || shown.ends_with(['.', '-']) {
        return refused("A username begins with a letter or digit and does not end with . or -.");
    }
    if mixes_scripts(&shown) {
        return refused("A username cannot mix scripts: some letters look like others.");
    }
    if text::longest_run_of_marks(&shown) > MARKS_MAX {
        return refused("Too many marks sit on one letter.");
    }
    let key = text::key(&shown);
    if RESERVED.contains(&key.as_str()) {
        return refused("This word cannot be a username.");
    }
    let skeleton = skeleton(&shown).flat_map(char::to_lowercase).collect();
    Ok(Username { shown, key, skeleton })
}

/// Whether letters of several scripts stand side by side, as in a name that is made to look like another.
pub(crate) fn mixes_scripts(name: &str) -> bool {
    !name.is_single_script()
}

/// The first character of a guest's username, which no other username can have.
const GUEST_SIGN: char = '~';

/// What a username made of any name would be like, for comparing and for guests: nothing is checked. What it looks like is
/// what can be seen of the name, letters among it that no username can have.
pub(crate) fn likeness(name: &str) -> Username {
    let seen: String = text::seen(name).nfkc().map(|c| if c.is_whitespace() { '_' } else { c }).collect();
    let shown: String = seen.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect();
    let skeleton = skeleton(&seen).flat_map(char::to_lowercase).collect();
    Username { key: text::key(&shown), skeleton, shown }
}

impl Username {
    /// The same name as a guest's.
    pub(crate) fn of_guest(&self) -> Self {
        let marked = |text: &str| format!("{GUEST_SIGN}{text}");
        Self { shown: marked(&self.shown), key: marked(&self.key), skeleton: marked(&self.skeleton) }
    }
}

/// Whether a name looks like one of the server's own.
pub(crate) fn is_of_the_house(name: &Username, server_name: &str) -> bool {
    let mut own = OF_THE_HOUSE.iter().copied().chain([server_name]).map(likeness);
    own.any(|own| own.key == name.key || own.skeleton == name.skeleton)
}

/// What a guest is called who gives a number as a name.
pub(crate) fn guest_of_number(number: i64) -> Username {
    likeness(&number.to_string()).of_guest()
}

/// The number that the guest of this username gave as a name: from 1 on, and written as numbers are.
pub(crate) fn number_of_guest(username: &str) -> Option<i64> {
    let text = username.strip_prefix(GUEST_SIGN)?;
    text.parse().ok().filter(|number: &i64| *number > 0 && number.to_string() == text)
}

/// Usernames to try for somebody who gave another kind of name, the plainest first: the name with what a username cannot
/// hold left out, then the same with numbers. The random one at the end is free in practice.
pub(crate) fn suggestions(name: &str, random: u32, chars_max: usize) -> Vec<Username> {
    let room = chars_max.saturating_sub(NUMBER_CHARS).max(CHARS_MIN);
    let plain: String = name.trim().nfkc().map(|c| if c.is_whitespace() { '_' } else { c }).collect();
    let plain: String = plain.chars().filter(|c| is_allowed(*c)).take(room).collect();
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    let base = username(plain, chars_max).map_or_else(|_| FALLBACK.to_owned(), |good| good.shown);
    let numbered = [2_u32, 3, 4].into_iter().chain([random]).map(|number| format!("{base}{number}"));
    let plain = (base != FALLBACK).then(|| base.clone());
    plain.into_iter().chain(numbered).filter_map(|name| username(&name, chars_max).ok()).collect()
}

/// The base of a username where a name has nothing to make one of.
const FALLBACK: &str = "person";
/// Room that is left for the number of a suggestion.
const NUMBER_CHARS: usize = 10;

pub(crate) fn is_allowed(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    }
    c.identifier_allowed() && !text::is_hidden(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn good(text: &str) -> Username {
        username(text, 32).unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    #[test]
    fn names_of_many_scripts_are_good_names() {
        for name in
            ["sita", "Ramesh_2", "j.o-hn", "Jürgen", "सीता", "Ольга", "さくら", "محمد", "李雷", "Nguyễn"]
        {
            good(name);
        }
    }

    #[test]
    fn a_username_is_found_for_any_name() {
        let made = |name: &str| -> Vec<String> {
            suggestions(name, 4711, 32).into_iter().map(|found| found.shown).collect()
        };
        assert_eq!(made("Sita Rai"), ["Sita_Rai", "Sita_Rai2", "Sita_Rai3", "Sita_Rai4", "Sita_Rai4711"]);
        assert_eq!(made("सीता")[0], "सीता");
        for nothing in ["", "🦊🦊", "!", "x", "s\u{456}ta"] {
            assert_eq!(made(nothing), ["person2", "person3", "person4", "person4711"], "{nothing:?}");
        }
        assert!(made(&"long ".repeat(30)).iter().all(|name| name.chars().count() <= 32));
    }

    #[test]
    fn a_guest_is_called_what_nobody_else_can_be_called() {
        let guest = likeness("Sita Rai").of_guest();
        assert_eq!((guest.shown.as_str(), guest.key.as_str()), ("~Sita_Rai", "~sita_rai"));
        assert!(username(&guest.shown, 32).is_err());
        assert_eq!(likeness("sita").skeleton, good("sita").skeleton);
        for alike in ["si\u{200D}ta", "sita\u{FE0F}", "\u{2800}sita", "sit\u{251}"] {
            assert_eq!(likeness(alike).skeleton, good("sita").skeleton, "{alike:?}");
        }
    }

    #[test]
    fn no_guest_is_called_like_the_server() {
        for name in ["Parlor", "PARLOR", "parIor", "you", "Admin", "Our House"] {
            assert!(is_of_the_house(&likeness(name), "our house"), "{name}");
        }
        assert!(!is_of_the_house(&likeness("Ramesh"), "our house"));
    }

    #[test]
    fn a_guest_may_be_called_a_number() {
        assert_eq!(guest_of_number(7).key, "~7");
        assert_eq!(number_of_guest(&guest_of_number(7).shown), Some(7));
        assert_eq!(number_of_guest(&likeness("７").of_guest().shown), Some(7));
        for other in ["7", "~0", "~-7", "~+7", "~07", "~7a", "~", "~99999999999999999999"] {
            assert_eq!(number_of_guest(other), None, "{other:?}");
        }
    }

    #[test]
    fn tricks_are_refused() {
        for name in [
            "",
            "a",
            " sita",
            "sita ",
            "si ta",
            "si\u{200B}ta",
            "si\u{202E}ta",
            "s\u{456}ta",
            "pаypal",
            "<b>x</b>",
            "sita\0",
            "-sita",
            "sita.",
            "everyone",
            "Here",
            "a\u{300}\u{301}\u{302}\u{303}b",
            "\u{E0061}\u{E0062}",
            "x@y",
            "😀😀",
            "sita/..",
        ] {
            assert!(username(name, 32).is_err(), "{name:?} ({})", name.escape_unicode());
        }
        assert!(username(&"a".repeat(33), 32).is_err());
    }

    #[test]
    fn names_that_look_alike_have_the_same_skeleton() {
        for (one, other) in [
            ("Sita", "sita"),
            ("paul", "pau1"),
            ("modern", "modem"),
            ("ﬁona", "fiona"),
            ("PauI", "Paul"),
            ("u10", "ul0"),
            ("b0b", "bob"),
        ] {
            assert_eq!(good(one).skeleton, good(other).skeleton, "{one} {other}");
        }
        for (one, other) in [("sita", "rita"), ("user1", "user2"), ("u10", "u11")] {
            assert_ne!(good(one).skeleton, good(other).skeleton, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn a_good_name_stays_good_and_keeps_its_forms(text in "\\PC{2,12}") {
            if let Ok(name) = username(&text, 32) {
                prop_assert_eq!(username(&name.shown, 32).unwrap(), name);
            }
        }
    }
}
