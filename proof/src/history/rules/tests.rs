//! Each rule, by a history that keeps all of them and one that breaks this one.

use crate::history::{
    Changed, Copy, Deed, Heard, History, Log, Outcome, Page, Peek, Place, Sent, Shown, Standing, Stored,
    Truth, check,
};

const ROOM: i64 = 7;
const ANN: i64 = 1;
const BEN: i64 = 2;

/// Ann sends two messages, Ben one between them in time; Ann edits her first and deletes her second; Ben is put out and let in
/// again; both have copies of it all.
fn good() -> (History, Truth) {
    let sent = |by, cid: &str, asked, at, seq, rev| Sent {
        by,
        to: ROOM,
        cid: cid.to_owned(),
        text: format!("text {cid}"),
        asked,
        was_put_off: false,
        outcome: Outcome::Done { at, place: Place { seq, rev } },
    };
    let stored = |author, cid: &str, seq, rev, text: Option<&str>| Stored {
        seq,
        rev,
        author,
        cid: cid.to_owned(),
        text: text.map(str::to_owned),
    };
    let changed = |seq, deed, asked, rev| Changed {
        to: ROOM,
        seq,
        deed,
        asked,
        outcome: Outcome::Done { at: asked + 5, place: Place { seq, rev } },
    };
    let heard = |by, connection, rev, text: Option<&str>| Heard {
        by,
        connection,
        of: ROOM,
        rev,
        text: text.map(str::to_owned),
    };
    let standing = |is_in, rev, asked| Standing { account: BEN, of: ROOM, is_in, rev, asked, at: asked + 5 };
    let messages = vec![
        stored(ANN, "a1", 1, 5, Some("changed a1")),
        stored(BEN, "b1", 2, 3, Some("text b1")),
        stored(ANN, "a2", 3, 6, None),
    ];
    let shown =
        |stored: &Stored| (stored.seq, Shown { seq: stored.seq, rev: stored.rev, text: stored.text.clone() });
    let copy = Copy { rev: 8, messages: messages.iter().map(shown).collect() };
    let log =
        Log { last_seq: 3, last_rev: 8, messages, other_revs: vec![1, 8], read: [(ANN, 3), (BEN, 2)].into() };
    let history = History {
        sent: vec![
            sent(ANN, "a1", 10, 20, 1, 2),
            sent(BEN, "b1", 15, 30, 2, 3),
            sent(ANN, "a2", 40, 50, 3, 4),
        ],
        changed: vec![
            changed(1, Deed::Edit("changed a1".to_owned()), 60, 5),
            changed(3, Deed::Delete, 70, 6),
        ],
        peeks: vec![Peek { by: BEN, of: ROOM, asked: 60, got: 65 }],
        pages: vec![Page {
            by: BEN,
            of: ROOM,
            asked: 55,
            got: 58,
            after: 1,
            is_last: true,
            messages: vec![
                Shown { seq: 2, rev: 3, text: Some("text b1".to_owned()) },
                Shown { seq: 3, rev: 4, text: Some("text a2".to_owned()) },
            ],
        }],
        heard: vec![
            heard(BEN, 1, 2, Some("text a1")),
            heard(ANN, 2, 3, Some("text b1")),
            heard(BEN, 1, 4, Some("text a2")),
            heard(BEN, 1, 7, None),
            heard(BEN, 1, 8, None),
        ],
        standings: vec![standing(false, 7, 80), standing(true, 8, 90)],
        refused: Vec::new(),
        copies: [((ANN, ROOM), copy.clone()), ((BEN, ROOM), copy)].into(),
        unread: [((ANN, ROOM), 0), ((BEN, ROOM), 1)].into(),
    };
    (history, Truth { logs: [(ROOM, log)].into(), damage: None, edits: [].into() })
}

/// Which rules are broken after this was done to the good history.
fn broken_by(spoil: impl FnOnce(&mut History, &mut Truth)) -> Vec<&'static str> {
    let (mut history, mut truth) = good();
    spoil(&mut history, &mut truth);
    let mut rules: Vec<_> = check(&history, &truth).into_iter().map(|violation| violation.rule).collect();
    rules.dedup();
    rules
}

fn log(truth: &mut Truth) -> &mut Log {
    truth.logs.get_mut(&ROOM).unwrap()
}

#[test]
fn a_history_that_keeps_all_rules_breaks_none() {
    let (history, truth) = good();
    assert_eq!(check(&history, &truth), []);
}

#[test]
fn a_damaged_database_is_noticed() {
    let rules = broken_by(|_, truth| truth.damage = Some("page 3 is never used".to_owned()));
    assert_eq!(rules, ["the database is sound"]);
}

#[test]
fn a_message_that_was_acknowledged_and_is_not_there_is_noticed() {
    let rules = broken_by(|history, truth| {
        log(truth).messages.pop();
        log(truth).last_seq = 2;
        history.copies.clear();
        history.unread.clear();
    });
    assert!(rules.contains(&"what is acknowledged is stored"), "{rules:?}");
}

#[test]
fn an_edit_that_was_acknowledged_and_lost_is_noticed() {
    let rules = broken_by(|history, truth| {
        log(truth).messages[0].text = Some("text a1".to_owned());
        history.copies.clear();
        history.unread.clear();
    });
    assert_eq!(rules, ["what is acknowledged is stored"]);
}

#[test]
fn a_message_that_nobody_sent_is_noticed() {
    let rules = broken_by(|history, _| {
        history.sent.remove(1);
    });
    assert_eq!(rules, ["what is stored was sent"]);
}

#[test]
fn a_message_that_is_there_twice_is_noticed() {
    let rules = broken_by(|history, truth| {
        let twin = Stored { seq: 4, rev: 9, ..log(truth).messages[1].clone() };
        log(truth).messages.push(twin);
        log(truth).last_seq = 4;
        log(truth).last_rev = 9;
        history.copies.clear();
        history.unread.clear();
    });
    assert!(rules.contains(&"what is stored is stored once"), "{rules:?}");
}

#[test]
fn the_same_text_under_two_names_is_noticed() {
    let rules = broken_by(|history, truth| {
        log(truth).messages[1].text = Some("changed a1".to_owned());
        history.sent[1].text = "changed a1".to_owned();
        history.copies.clear();
        history.unread.clear();
    });
    assert!(rules.contains(&"what is stored is stored once"), "{rules:?}");
}

#[test]
fn a_gap_in_the_numbers_is_noticed() {
    let rules = broken_by(|history, truth| {
        log(truth).last_seq = 4;
        history.unread.clear();
    });
    assert_eq!(rules, ["numbers have no gaps"]);
    let rules = broken_by(|_, truth| log(truth).other_revs.push(5));
    assert_eq!(rules, ["numbers have no gaps"]);
    let rules = broken_by(|history, truth| {
        log(truth).last_rev = 9;
        history.copies.clear();
        history.unread.clear();
    });
    assert_eq!(rules, ["numbers have no gaps"]);
}

#[test]
fn a_message_above_one_that_was_acknowledged_before_it_was_sent_is_noticed() {
    let rules = broken_by(|history, _| history.sent[0].asked = 35);
    assert_eq!(rules, ["nothing stands before what was acknowledged before it was sent"]);
}

#[test]
fn a_sender_whose_messages_changed_places_is_noticed() {
    let rules = broken_by(|history, _| {
        history.sent.swap(0, 2);
        history.sent[0].asked = 9;
    });
    assert_eq!(rules, ["a sender's messages keep their order"]);
    let rules = broken_by(|history, _| {
        history.sent.swap(0, 2);
        history.sent[0].asked = 9;
        history.sent[2].was_put_off = true;
    });
    assert!(rules.is_empty(), "{rules:?}");
}

#[test]
fn a_page_that_lacks_what_was_acknowledged_is_noticed() {
    let name = "a page shows all that was acknowledged and nothing that was not sent";
    let rules = broken_by(|history, _| drop(history.pages[0].messages.pop()));
    assert_eq!(rules, [name]);
    let rules = broken_by(|history, _| drop(history.pages[0].messages.remove(0)));
    assert_eq!(rules, [name]);
    let rules = broken_by(|history, _| {
        history.pages[0].asked = 30;
        history.pages[0].got = 35;
    });
    assert_eq!(rules, [name]);
}

#[test]
fn a_message_that_was_refused_and_is_there_is_noticed() {
    let rules = broken_by(|history, _| history.sent[1].outcome = Outcome::Refused);
    assert_eq!(rules, ["what is refused is not stored"]);
}

#[test]
fn deleted_text_is_noticed_wherever_it_shows() {
    let rules = broken_by(|history, _| {
        history.pages[0].asked = 76;
        history.pages[0].got = 79;
    });
    assert_eq!(rules, ["what is deleted is gone"]);
    let rules = broken_by(|history, _| history.heard[3].text = Some("text a2".to_owned()));
    assert_eq!(rules, ["what is deleted is gone"]);
    let rules = broken_by(|_, truth| truth.edits.extend(["text a2".to_owned()]));
    assert_eq!(rules, ["what is deleted is gone"]);
}

#[test]
fn who_sees_or_says_anything_while_they_are_out_is_noticed() {
    let rules = broken_by(|history, truth| {
        history.standings[1].rev = 9;
        history.heard[4].text = Some("anything".to_owned());
        log(truth).last_rev = 9;
        log(truth).other_revs.push(9);
        history.copies.clear();
        history.unread.clear();
    });
    assert_eq!(rules, ["who is out sees and says nothing"]);
    let rules = broken_by(|history, _| {
        history.pages[0].asked = 86;
        history.pages[0].got = 88;
        history.pages[0].messages[1].text = None;
    });
    assert_eq!(rules, ["who is out sees and says nothing"]);
}

#[test]
fn a_message_or_a_look_between_going_and_coming_is_noticed() {
    let name = "who is out sees and says nothing";
    let rules = broken_by(|history, _| history.peeks.push(Peek { by: BEN, of: ROOM, asked: 86, got: 89 }));
    assert_eq!(rules, [name]);
    let rules = broken_by(|history, _| {
        history.standings[0].rev = 2;
        history.heard.clear();
    });
    assert_eq!(rules, [name]);
}

#[test]
fn an_event_that_comes_twice_or_late_is_noticed() {
    let rules = broken_by(|history, _| history.heard.swap(0, 2));
    assert_eq!(rules, ["events come in order and once"]);
    let rules = broken_by(|history, _| history.heard[4].rev = 7);
    assert_eq!(rules, ["events come in order and once"]);
}

#[test]
fn a_copy_that_differs_or_is_missing_is_noticed() {
    let rules = broken_by(|history, _| drop(history.copies.remove(&(ANN, ROOM))));
    assert_eq!(rules, ["everybody's copy is what is stored"]);
    let rules = broken_by(|history, _| history.copies.get_mut(&(BEN, ROOM)).unwrap().rev = 7);
    assert_eq!(rules, ["everybody's copy is what is stored"]);
    let rules = broken_by(|history, _| {
        history.copies.get_mut(&(BEN, ROOM)).unwrap().messages.remove(&2);
    });
    assert_eq!(rules, ["everybody's copy is what is stored"]);
}

#[test]
fn unread_that_was_counted_wrong_is_noticed() {
    let rules = broken_by(|history, _| history.unread.extend([((ANN, ROOM), 1)]));
    assert_eq!(rules, ["unread is what was not read"]);
}

#[test]
fn who_is_refused_what_was_granted_is_noticed() {
    let rules = broken_by(|history, _| history.refused.push("ben may not come in again".to_owned()));
    assert_eq!(rules, ["what was acknowledged holds when one goes on from it"]);
}
