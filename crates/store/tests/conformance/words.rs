//! `store::words`, and that no function of the store goes without a story.

use protocol::{
    AccountKind, AccountRole, ConversationKind, Dialect, MembershipRole, MembershipState, Notify, Provider,
};
use std::{fs, path::Path};
use store::{Error, words::Word};

fn every_word_is_read_back<T: Word + PartialEq + std::fmt::Debug>() {
    for (value, word) in T::WORDS {
        assert_eq!(value.word(), *word);
        assert_eq!(T::from_word(word).as_ref(), Ok(value));
    }
    assert!(matches!(T::from_word("nonsense"), Err(Error::Database(_))));
}

#[test]
fn words_in_the_database_mean_what_they_meant_when_they_were_written() {
    every_word_is_read_back::<AccountKind>();
    every_word_is_read_back::<AccountRole>();
    every_word_is_read_back::<ConversationKind>();
    every_word_is_read_back::<Dialect>();
    every_word_is_read_back::<MembershipRole>();
    every_word_is_read_back::<MembershipState>();
    every_word_is_read_back::<Notify>();
    every_word_is_read_back::<Provider>();
}

#[test]
fn every_function_of_every_noun_is_told_of_on_both_engines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let nouns: Vec<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .filter(|name| !["testing", "words"].contains(name))
        .collect();
    assert!(nouns.len() >= 10, "{nouns:?}");
    for noun in nouns {
        let source = fs::read_to_string(root.join(format!("src/{noun}.rs"))).unwrap();
        let stories = fs::read_to_string(root.join(format!("tests/conformance/{noun}.rs")))
            .unwrap_or_else(|_| panic!("{noun} has no stories"));
        for function in
            source.lines().filter_map(|line| line.strip_prefix("pub fn ")?.split(['(', '<']).next())
        {
            assert!(stories.contains(&format!("{noun}::{function}(")), "no story calls {noun}::{function}");
        }
    }
}
