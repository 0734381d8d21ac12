//! `store::messages`

use crate::{
    on_both_engines,
    people::{ALL, FIRST, NOW, direct, join, person, post, room, run, texts},
};
use protocol::{
    ConversationId, Dialect, Message, MessageEdit, MessageId, Rev, Timestamp,
    ids::{GENERAL, NOBODY},
};
use store::testing::TestDatabase;
use store::{Result, Tx, conversations, messages, messages::NewMessage, params, reactions};

fn bump(tx: &mut Tx<'_>, conversation: ConversationId) -> Result<Rev> {
    Ok(conversations::raise(tx, conversation, 0)?.unwrap().rev)
}

/// All changes after a rev, as a member who may see everything gets them.
fn changed(tx: &mut Tx<'_>, conversation: ConversationId, since: Rev, limit: i64) -> Result<Vec<Message>> {
    let access = conversations::access(tx, conversation, FIRST)?.unwrap();
    messages::changed(tx, conversation, 0, since, (access.last_seq, access.last_rev), limit)
}

on_both_engines! {
    a_message_comes_back_as_it_was_posted,
    a_cid_is_used_once_by_each_author_in_each_conversation,
    several_are_posted_at_once_each_with_its_own_id,
    history_is_paged_by_number_in_both_directions,
    an_edit_keeps_what_was_said_before,
    of_a_deleted_message_nothing_is_left_but_its_place,
    changes_since_are_what_was_posted_or_changed_each_once_in_their_order,
    changes_since_are_found_among_many_messages,
    a_mention_is_noted_once_and_can_be_forgotten,
    the_sidebar_shows_the_last_message_of_each_conversation_that_one_may_see,
    what_was_said_outside_of_rooms_is_read_newest_first_whatever_the_place,
    which_message_was_the_last_at_a_change_is_known_afterwards,
    a_message_whose_row_is_damaged_is_shown_as_such_in_its_place_and_harms_no_other,
}

async fn a_message_whose_row_is_damaged_is_shown_as_such_in_its_place_and_harms_no_other(db: &TestDatabase) {
    let store = db.open().unwrap();
    let is_postgres = db.is_postgres();
    run(&store, move |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "den", ada)?;
        let first = post(tx, den, ada, "first")?;
        let hurt = post(tx, den, ada, "hurt")?;
        let gone = post(tx, den, ada, "gone")?;
        post(tx, den, bob, "of somebody damaged")?;
        post(tx, den, ada, "last")?;
        let rev = bump(tx, den)?;
        messages::delete(tx, gone, rev, NOW)?;
        tx.execute("UPDATE messages SET dialect = 'nonsense' WHERE id IN ($1, $2)", params![hurt, gone])?;
        tx.execute("UPDATE accounts SET kind = 'nonsense' WHERE id = $1", params![bob])?;
        if !is_postgres {
            // Its columns hold whatever the file says.
            tx.execute("UPDATE messages SET created_at = 'never' WHERE id = $1", params![hurt])?;
            tx.execute("UPDATE messages SET body = CAST(x'ff41' AS TEXT) WHERE id = $1", params![hurt])?;
        }
        let page = messages::before(tx, den, 0, i64::MAX, ALL)?;
        let seqs: Vec<_> = page.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, [1, 2, 3, 4, 5]);
        assert_eq!(page[0], messages::get(tx, first)?.unwrap());
        let bodies: Vec<_> = page.iter().map(|message| message.body.as_deref()).collect();
        assert_eq!((bodies[0], bodies[2], bodies[4]), (Some("first"), None, Some("last")));
        for (damaged, author) in [(&page[1], ada), (&page[3], bob)] {
            assert!(damaged.body.as_ref().is_some_and(|body| body.contains("is damaged")), "{damaged:?}");
            assert_eq!(damaged.author.id, author);
        }
        assert_eq!(messages::get(tx, hurt)?.as_ref(), Some(&page[1]));
        assert_eq!(changed(tx, den, 0, ALL)?.len(), 5);
        Ok(())
    })
    .await;
}

async fn a_message_comes_back_as_it_was_posted(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let first = post(tx, GENERAL, ada, "first")?;
        let raised = conversations::raise(tx, GENERAL, 1)?.unwrap();
        let body = "tab\t, quote ', 🏳️‍🌈 and \"$1\"";
        let id = messages::insert(
            tx,
            &NewMessage {
                conversation_id: GENERAL,
                seq: raised.last_seq,
                rev: raised.rev,
                author_id: ada,
                dialect: Some(Dialect::ChatApp),
                cid: "c-2",
                body_hash: b"hash",
                body,
                reply_to: Some(first),
                created_at: NOW,
            },
        )?
        .unwrap();
        let expected = Message {
            id,
            conversation_id: GENERAL,
            seq: 2,
            rev: 2,
            author: store::accounts::get(tx, ada)?.unwrap().author(),
            dialect: Some(Dialect::ChatApp),
            cid: "c-2".to_owned(),
            body: Some(body.to_owned()),
            created_at: NOW,
            edited_at: None,
            deleted_at: None,
            reply_to: Some(first),
            reactions: Vec::new(),
            mentions: Vec::new(),
        };
        assert_eq!(messages::get(tx, id)?, Some(expected.clone()));
        assert_eq!(messages::by_cid(tx, GENERAL, ada, "c-2")?, Some((expected, Some(b"hash".to_vec()))));
        assert_eq!(messages::locate(tx, id)?, Some((GENERAL, 2)));
        let among = messages::among(tx, [id, first, MessageId(99)].into_iter())?;
        assert_eq!((among.len(), among.get(&id)), (2, messages::get(tx, id)?.as_ref()));
        assert!(
            messages::get(tx, MessageId(99))?.is_none() && messages::locate(tx, MessageId(99))?.is_none()
        );
        Ok(())
    })
    .await;
    store.close();
}

async fn a_cid_is_used_once_by_each_author_in_each_conversation(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        let first = post(tx, GENERAL, ada, "c")?;
        let again = NewMessage {
            conversation_id: GENERAL,
            seq: 2,
            rev: 2,
            author_id: ada,
            dialect: None,
            cid: "c",
            body_hash: b"x",
            body: "x",
            reply_to: None,
            created_at: NOW,
        };
        assert_eq!(messages::insert(tx, &again)?, None, "and the transaction goes on");
        assert_eq!(messages::by_cid(tx, GENERAL, ada, "c")?.unwrap().0.id, first);
        post(tx, GENERAL, bob, "c")?;
        post(tx, den, ada, "c")?;
        assert!(
            messages::by_cid(tx, GENERAL, ada, "C")?.is_none()
                && messages::by_cid(tx, den, bob, "c")?.is_none()
        );
        Ok(())
    })
    .await;
    store.close();
}

async fn several_are_posted_at_once_each_with_its_own_id(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let first = post(tx, GENERAL, ada, "c")?;
        let new = |seq, author_id, cid| NewMessage {
            conversation_id: GENERAL,
            seq,
            rev: seq,
            author_id,
            dialect: (seq == 3).then_some(Dialect::Chats),
            cid,
            body_hash: b"x",
            body: "x",
            reply_to: (seq == 2).then_some(first),
            created_at: NOW,
        };
        let posted = messages::insert_each(tx, &[new(2, bob, "c"), new(5, ada, "c"), new(3, ada, "d")])?;
        let [Some(by_bob), None, Some(by_ada)] = posted[..] else { panic!("{posted:?}") };
        let (by_bob, by_ada) = (messages::get(tx, by_bob)?.unwrap(), messages::get(tx, by_ada)?.unwrap());
        assert_eq!(
            (by_bob.seq, by_bob.author.id, by_bob.reply_to, by_bob.dialect),
            (2, bob, Some(first), None)
        );
        assert_eq!((by_ada.seq, by_ada.author.id, by_ada.dialect), (3, ada, Some(Dialect::Chats)));
        assert_eq!(messages::insert_each(tx, &[])?, []);
        Ok(())
    })
    .await;
    store.close();
}

async fn history_is_paged_by_number_in_both_directions(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let den = room(tx, "Den", ada)?;
        for text in ["1", "2", "3", "4", "5"] {
            post(tx, den, ada, text)?;
            post(tx, GENERAL, ada, text)?; // Two conversations that grow together don't mix.
        }
        assert_eq!(texts(&messages::before(tx, den, 0, i64::MAX, 2)?), ["4", "5"]);
        assert_eq!(texts(&messages::before(tx, den, 0, 4, 2)?), ["2", "3"]);
        assert_eq!(texts(&messages::before(tx, den, 2, 4, ALL)?), ["2", "3"], "not below what one may see");
        assert_eq!(texts(&messages::before(tx, den, 0, 1, ALL)?), [""; 0]);
        assert_eq!(texts(&messages::after(tx, den, 0, 2, 2)?), ["3", "4"]);
        assert_eq!(texts(&messages::after(tx, den, 4, 0, ALL)?), ["4", "5"]);
        assert_eq!(texts(&messages::after(tx, den, 0, 5, ALL)?), [""; 0]);
        Ok(())
    })
    .await;
    store.close();
}

async fn an_edit_keeps_what_was_said_before(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let (id, other) = (post(tx, GENERAL, ada, "one")?, post(tx, GENERAL, ada, "other")?);
        for (text, at) in [("two", 5), ("three", 6)] {
            let rev = bump(tx, GENERAL)?;
            messages::edit(tx, id, text, rev, Timestamp(at))?;
        }
        let message = messages::get(tx, id)?.unwrap();
        assert_eq!(
            (message.body.as_deref(), message.rev, message.edited_at),
            (Some("three"), 4, Some(Timestamp(6)))
        );
        assert_eq!(
            messages::edits(tx, id, ALL)?,
            [
                MessageEdit { rev: 3, body: "one".to_owned(), edited_at: Timestamp(5) },
                MessageEdit { rev: 4, body: "two".to_owned(), edited_at: Timestamp(6) },
            ]
        );
        assert_eq!(messages::edits(tx, id, 1)?.len(), 1);
        assert_eq!((messages::edit_count(tx, id)?, messages::edit_count(tx, other)?), (2, 0));
        assert_eq!(messages::get(tx, other)?.unwrap().edited_at, None);
        Ok(())
    })
    .await;
    store.close();
}

async fn of_a_deleted_message_nothing_is_left_but_its_place(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let id = post(tx, GENERAL, ada, "secret")?;
        let rev = bump(tx, GENERAL)?;
        messages::edit(tx, id, "secret too", rev, NOW)?;
        let message = messages::get(tx, id)?.unwrap();
        messages::add_mention(tx, &message, ada, NOW)?;
        reactions::add(tx, id, ada, "👍", rev, NOW)?;
        let rev = bump(tx, GENERAL)?;
        messages::delete(tx, id, rev, Timestamp(9))?;

        let left = messages::get(tx, id)?.unwrap();
        assert_eq!(
            (left.body.clone(), left.deleted_at, left.rev, left.seq),
            (None, Some(Timestamp(9)), 3, 1)
        );
        assert!(left.reactions.is_empty() && left.mentions.is_empty());
        assert_eq!(messages::edits(tx, id, ALL)?, []);
        assert_eq!(messages::by_cid(tx, GENERAL, ada, "secret")?, Some((left, None)));
        for table in [
            "SELECT COUNT(*) FROM messages WHERE body IS NOT NULL OR body_hash IS NOT NULL",
            "SELECT COUNT(*) FROM message_edits",
            "SELECT COUNT(*) FROM mentions",
            "SELECT COUNT(*) FROM reactions",
        ] {
            assert_eq!(tx.query_one(table, params![], |row| row.get::<i64>(0))?, 0, "{table}");
        }
        Ok(())
    })
    .await;
    store.close();
}

async fn changes_since_are_what_was_posted_or_changed_each_once_in_their_order(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let mut ids = Vec::new();
        for text in ["1", "2", "3", "4"] {
            ids.push(post(tx, GENERAL, ada, text)?); // Changes 1 to 4.
        }
        let rev = bump(tx, GENERAL)?; // 5
        messages::edit(tx, ids[1], "two", rev, NOW)?;
        ids.push(post(tx, GENERAL, ada, "5")?); // 6
        let rev = bump(tx, GENERAL)?; // 7
        messages::delete(tx, ids[0], rev, NOW)?;
        let rev = bump(tx, GENERAL)?; // 8
        messages::touch(tx, ids[4], rev)?;

        let all = changed(tx, GENERAL, 0, ALL)?;
        assert_eq!(texts(&all), ["3", "4", "two", "(deleted)", "5"]);
        assert_eq!(all.iter().map(|message| message.rev).collect::<Vec<_>>(), [3, 4, 5, 7, 8]);
        for since in 0..=8 {
            let expected: Vec<_> = all.iter().filter(|message| message.rev > since).cloned().collect();
            assert_eq!(changed(tx, GENERAL, since, ALL)?, expected, "since {since}");
            for limit in 1..=3 {
                let first: Vec<_> = expected.iter().take(limit).cloned().collect();
                assert_eq!(
                    changed(tx, GENERAL, since, i64::try_from(limit).unwrap())?,
                    first,
                    "since {since}, {limit}"
                );
            }
        }
        let hidden = messages::changed(tx, GENERAL, 3, 0, (5, 8), ALL)?;
        assert_eq!(texts(&hidden), ["3", "4", "5"], "nothing below what one may see");
        Ok(())
    })
    .await;
    store.close();
}

async fn changes_since_are_found_among_many_messages(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let mut ids = Vec::new();
        for count in 0..300 {
            ids.push(post(tx, GENERAL, ada, &format!("message {count}"))?);
            if count % 3 == 0 {
                let rev = bump(tx, GENERAL)?;
                messages::edit(tx, ids[count / 2], "other words", rev, NOW)?;
            }
        }
        let all: Vec<Rev> = changed(tx, GENERAL, 0, ALL)?.iter().map(|message| message.rev).collect();
        assert_eq!((all.len(), all.last()), (300, Some(&400)));
        for since in (0..=400).step_by(7) {
            let found: Vec<Rev> =
                changed(tx, GENERAL, since, ALL)?.iter().map(|message| message.rev).collect();
            let later: Vec<Rev> = all.iter().copied().filter(|rev| *rev > since).collect();
            assert_eq!(found, later, "since {since}");
        }
        Ok(())
    })
    .await;
    store.close();
}

async fn a_mention_is_noted_once_and_can_be_forgotten(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let (id, other) = (post(tx, GENERAL, ada, "@bob @ada")?, post(tx, GENERAL, ada, "@ada")?);
        for (id, account) in [(id, bob), (id, ada), (id, ada), (other, ada)] {
            let message = messages::get(tx, id)?.unwrap();
            messages::add_mention(tx, &message, account, NOW)?;
        }
        assert_eq!(messages::get(tx, id)?.unwrap().mentions, [ada, bob]);
        messages::keep_mentions(tx, id, &[bob])?;
        assert_eq!(messages::get(tx, id)?.unwrap().mentions, [bob]);
        messages::keep_mentions(tx, id, &[])?;
        assert_eq!(messages::get(tx, id)?.unwrap().mentions, []);
        assert_eq!(messages::get(tx, other)?.unwrap().mentions, [ada]);
        Ok(())
    })
    .await;
    store.close();
}

async fn the_sidebar_shows_the_last_message_of_each_conversation_that_one_may_see(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let (den, attic, empty) = (room(tx, "Den", ada)?, room(tx, "Attic", ada)?, room(tx, "Empty", ada)?);
        for text in ["old", "new"] {
            for place in [GENERAL, den, attic] {
                post(tx, place, ada, &format!("{text} in {place}"))?;
            }
        }
        let of = |tx: &mut Tx<'_>, account, after: ConversationId, upto: ConversationId| {
            let last = messages::last_of_each(tx, account, after, upto)?;
            let mut last: Vec<_> =
                last.into_iter().map(|(place, message)| (place, message.body.unwrap())).collect();
            last.sort_unstable();
            Ok::<_, store::Error>(last)
        };
        let all = ConversationId(0);
        let text = |place: ConversationId| (place, format!("new in {place}"));
        assert_eq!(of(tx, ada, all, empty)?, [text(GENERAL), text(den), text(attic)]);
        assert_eq!(of(tx, ada, GENERAL, den)?, [text(den)]);
        assert_eq!(of(tx, bob, all, empty)?, [text(GENERAL)], "he is in no room");
        join(tx, den, bob)?;
        assert_eq!(of(tx, bob, all, empty)?, [text(GENERAL), text(den)]);
        tx.execute("UPDATE memberships SET history_from_seq = 3 WHERE account_id = $1", params![bob])?;
        assert_eq!(of(tx, bob, all, empty)?, [text(GENERAL)], "it was said before he came");
        Ok(())
    })
    .await;
    store.close();
}

async fn what_was_said_outside_of_rooms_is_read_newest_first_whatever_the_place(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob, cyd) = (person(tx, "Ada")?, person(tx, "Bob")?, person(tx, "Cyd")?);
        let (den, two, others) = (room(tx, "Den", ada)?, direct(tx, ada, bob)?, direct(tx, bob, cyd)?);
        for (place, text) in [
            (GENERAL, "1 to all"),
            (two, "2 to one"),
            (den, "3 in a room"),
            (others, "4 between others"),
            (GENERAL, "5 deleted"),
            (two, "6 to one"),
            (GENERAL, "7 to all"),
        ] {
            let id = post(tx, place, bob, text)?;
            if text.ends_with("deleted") {
                let rev = bump(tx, place)?;
                messages::delete(tx, id, rev, NOW)?;
            }
        }
        let newest = messages::newest_outside_rooms(tx, ada, ALL)?;
        assert_eq!(texts(&newest), ["1 to all", "2 to one", "6 to one", "7 to all"]);
        assert_eq!(texts(&messages::newest_outside_rooms(tx, ada, 2)?), ["6 to one", "7 to all"]);
        assert_eq!(texts(&messages::newest_outside_rooms(tx, NOBODY, ALL)?), ["1 to all", "7 to all"]);
        Ok(())
    })
    .await;
    store.close();
}

async fn which_message_was_the_last_at_a_change_is_known_afterwards(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        let first = post(tx, den, ada, "one")?;
        join(tx, den, bob)?;
        post(tx, den, bob, "two")?;
        let rev = bump(tx, den)?;
        messages::edit(tx, first, "won", rev, NOW)?;
        for (rev, seq) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (9, 2)] {
            assert_eq!(messages::last_seq_at(tx, den, rev)?, seq, "at {rev}");
        }
        Ok(())
    })
    .await;
    store.close();
}
