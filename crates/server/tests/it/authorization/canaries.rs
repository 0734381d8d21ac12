//! The words that stand in everything private, and who may ever receive them.

use super::cast::{
    ACTORS,
    Actor::{self, Administrator, Banned, Member, Neighbour, Owner, Pending, Removed},
    Cast, Heard,
};
use std::collections::{BTreeSet, HashSet};

/// How every one of them begins.
const MARK: &str = "zq-";

/// Whether somebody may have received a word of this kind.
fn may_receive(actor: Actor, kind: &str, heard: &Heard) -> bool {
    let own = kind.strip_suffix(&actor.name()).is_some_and(|rest| rest.ends_with('-'));
    match kind.split('-').next().unwrap() {
        "roomabout" | "roomname" if actor == Pending => true,
        "roomtext" | "roomabout" | "roomname" => actor.is_inside(),
        // From the time when they were members.
        "earlytext" | "oldname" => actor.is_inside() || matches!(actor, Removed | Banned),
        // Whoever was there when it was said heard it; nothing else ever holds it.
        "gone" => actor.is_inside() && heard.is_frame && heard.text.contains(r#""type":"message.created""#),
        "directtext" => matches!(actor, Member | Owner),
        "gardentext" => actor == Neighbour,
        "generaltext" | "said" | "name" => true,
        "mail" => own || actor == Administrator,
        "agent" => own,
        "password" => false,
        other => panic!("nobody said who may receive {other}"),
    }
}

/// What the search came to.
#[derive(Debug, Default)]
pub struct Sweep {
    pub bytes: usize,
    pub words: usize,
    pub kinds: BTreeSet<String>,
    /// Who received what, and where it stood.
    pub leaks: Vec<String>,
}

/// Looks through all that anyone received.
pub fn sweep(cast: &Cast) -> Sweep {
    let mut sweep = Sweep::default();
    let secrets = cast.secrets.lock().unwrap().clone();
    for (actor, record) in cast.records() {
        let mut seen: HashSet<&str> = HashSet::new();
        for heard in &record {
            sweep.bytes += heard.text.len();
            for word in words(&heard.text) {
                sweep.words += 1;
                let kind = kind_of(word);
                sweep.kinds.insert(kind.split('-').next().unwrap().to_owned());
                if !may_receive(actor, &kind, heard) {
                    sweep.leaks.push(format!("{actor:?} received {word}: {}", around(&heard.text, word)));
                }
            }
            seen.extend(heard.text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)));
        }
        for (secret, owners) in &secrets {
            if !owners.contains(&actor) && seen.contains(secret.as_str()) {
                sweep.leaks.push(format!("{actor:?} received a secret of {owners:?}"));
            }
        }
    }
    sweep
}

/// The same for the log, in which none of it may stand.
pub fn sweep_log(cast: &Cast, log: &str) -> Vec<String> {
    let mut leaks: Vec<String> = words(log).map(|word| around(log, word)).collect();
    let seen: HashSet<&str> = log.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).collect();
    let secrets = cast.secrets.lock().unwrap();
    leaks.extend(
        secrets
            .iter()
            .filter(|(secret, _)| seen.contains(secret.as_str()))
            .map(|(secret, _)| around(log, secret)),
    );
    leaks
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(MARK).map(|(at, _)| {
        let rest = &text[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Without the mark and the number.
fn kind_of(word: &str) -> String {
    let parts = word[MARK.len()..].split('-').filter(|part| part.parse::<u64>().is_err());
    parts.collect::<Vec<_>>().join("-")
}

fn around(text: &str, word: &str) -> String {
    let at = text.find(word).unwrap_or_default();
    let from = text[..at].char_indices().rev().nth(300).map_or(0, |(at, _)| at);
    text[from..].chars().take(600).collect()
}

#[test]
fn the_sweep_would_notice() {
    let frame = |text: &str| Heard { text: text.to_owned(), is_frame: true };
    let created = frame(r#"{"op":"event","type":"message.created","message":{"body":"zq-gone-7"}}"#);
    let deleted = frame(r#"{"op":"event","type":"message.deleted","message":{"body":"zq-gone-7"}}"#);
    assert_eq!(words(&created.text).map(kind_of).collect::<Vec<_>>(), ["gone"]);
    assert!(may_receive(Member, "gone", &created) && !may_receive(Member, "gone", &deleted));
    assert!(!may_receive(Removed, "gone", &created));
    assert!(may_receive(Owner, "mail-owner", &created) && !may_receive(Member, "mail-owner", &created));
    for actor in ACTORS {
        assert_eq!(may_receive(actor, "roomtext", &created), actor.is_inside());
        assert_eq!(may_receive(actor, "roomtext-new", &created), actor.is_inside());
        assert!(!may_receive(actor, "password-owner", &created));
    }
}
