//! Swallows what other nodes say on a bus, and leaves a node its own words: a bus that seems to carry and carries nothing.

use crate::lock;
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard},
};

/// What a node says, it says so many times at most before it hears it itself.
const OWN_MAX: usize = 100_000;
/// A longer word is passed on as it is.
const WORD_MAX: usize = 8 * 1024 * 1024;

/// What one node has said, whichever connection it said it on.
#[derive(Default)]
pub(super) struct Own(Mutex<HashSet<Vec<u8>>>);

impl Own {
    fn said(&self) -> MutexGuard<'_, HashSet<Vec<u8>>> {
        lock(&self.0)
    }
}

/// What has come of one direction of a connection to Redis so far.
#[derive(Default)]
pub(super) struct Words {
    held: Vec<u8>,
}

impl Words {
    /// Looks at what a node says, and remembers what it publishes.
    pub(super) fn note(&mut self, piece: &[u8], own: &Own) {
        self.each(piece, |parts, _| {
            if let [command, _, payload] = parts
                && command.eq_ignore_ascii_case(b"publish")
            {
                let mut said = own.said();
                if said.len() >= OWN_MAX {
                    said.clear();
                }
                said.insert(payload.to_vec());
            }
        });
    }

    /// Gives what passes of what Redis says to a node.
    pub(super) fn pass(&mut self, piece: &[u8], own: &Own, loses: bool) -> Vec<u8> {
        let mut passed = Vec::with_capacity(piece.len());
        self.each(piece, |parts, word| {
            let is_of_others = match parts {
                [kind, _, payload] => *kind == b"message" && !own.said().remove(*payload) && loses,
                _ => false,
            };
            if !is_of_others {
                passed.extend_from_slice(word);
            }
        });
        passed
    }

    /// Calls for each whole word: its parts, where it is a list of texts, and its bytes.
    fn each(&mut self, piece: &[u8], mut take: impl FnMut(&[&[u8]], &[u8])) {
        self.held.extend_from_slice(piece);
        let mut at = 0;
        while let Some((parts, len)) = word_in(self.held.get(at..).unwrap_or_default()) {
            let word = self.held.get(at..at + len).unwrap_or_default();
            take(&parts, word);
            at += len;
        }
        self.held.drain(..at);
        if self.held.len() > WORD_MAX {
            take(&[], &std::mem::take(&mut self.held));
        }
    }
}

/// The word at the beginning and its length; none while its end has not come.
fn word_in(bytes: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let (head, mut at) = line_in(bytes, 0)?;
    let Some(count) = head.strip_prefix(b"*") else {
        let end = match head.strip_prefix(b"$") {
            Some(len) => at + usize::try_from(number(len)?).map_or(0, |len| len + 2),
            None => at,
        };
        return (bytes.len() >= end).then_some((Vec::new(), end));
    };
    let mut parts = Vec::new();
    for _ in 0..number(count)? {
        let (head, begin) = line_in(bytes, at)?;
        at = begin;
        if let Some(len) = head.strip_prefix(b"$") {
            let len = usize::try_from(number(len)?).unwrap_or(0);
            parts.push(bytes.get(at..at + len)?);
            at += len + 2;
        }
    }
    (bytes.len() >= at).then_some((parts, at))
}

/// The line from there on and where the next one begins.
fn line_in(bytes: &[u8], from: usize) -> Option<(&[u8], usize)> {
    let rest = bytes.get(from..)?;
    let len = rest.windows(2).position(|pair| pair == b"\r\n")?;
    Some((rest.get(..len)?, from + len + 2))
}

fn number(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(parts: &[&str]) -> Vec<u8> {
        let texts = parts.iter().map(|part| format!("${}\r\n{part}\r\n", part.len()));
        format!("*{}\r\n{}", parts.len(), texts.collect::<String>()).into_bytes()
    }

    #[test]
    fn a_node_hears_itself_and_nobody_else_however_it_comes() {
        let own = Own::default();
        let subscribed = b"*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n".to_vec();
        let (mine, theirs) = (word(&["message", "c", "mine"]), word(&["message", "c", "theirs\r\n"]));
        let all =
            [&b"+OK\r\n"[..], &subscribed, &theirs, &mine, b"$2\r\nok\r\n", &theirs, b":1\r\n"].concat();
        let rest = [&b"+OK\r\n"[..], &subscribed, &mine, b"$2\r\nok\r\n", b":1\r\n"].concat();
        for len in [1, 3, 10, 1_000] {
            let mut said = Words::default();
            word(&["PUBLISH", "c", "mine"]).chunks(len).for_each(|piece| said.note(piece, &own));
            let mut heard = Words::default();
            let passed: Vec<u8> = all.chunks(len).flat_map(|piece| heard.pass(piece, &own, true)).collect();
            assert_eq!(passed, rest, "in pieces of {len}");
        }
    }
}
