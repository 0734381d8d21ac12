//! `store::inbox`

use crate::{
    on_both_engines,
    people::{ALL, join, person, post, room, run},
};
use protocol::{AccountId, MembershipRole, MembershipState, MessageId, Timestamp, ids::GENERAL};
use store::testing::TestDatabase;
use store::{
    Result, Tx,
    inbox::{self, Entry, Place},
    memberships, messages, params, reactions,
};

on_both_engines! {
    mentions_are_read_newest_first_page_by_page,
    reactions_to_what_one_wrote_are_read_newest_first_page_by_page,
    what_one_may_not_see_and_what_one_did_oneself_is_marked,
    of_deleted_messages_nothing_is_left,
}

fn mention(tx: &mut Tx<'_>, id: MessageId, account: AccountId, at: i64) -> Result<()> {
    let message = messages::get(tx, id)?.unwrap();
    messages::add_mention(tx, &message, account, Timestamp(at))
}

fn places(entries: &[Entry]) -> Vec<(i64, i64, i64)> {
    entries.iter().map(|entry| (entry.place.at.0, entry.place.message.0, entry.place.rev)).collect()
}

async fn mentions_are_read_newest_first_page_by_page(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        for (text, at) in [("1", 10), ("2", 30), ("3", 20), ("4", 20), ("5", 20)] {
            let id = post(tx, GENERAL, bob, text)?;
            mention(tx, id, ada, at)?;
            mention(tx, id, bob, at)?;
        }
        let again = messages::get(tx, MessageId(1))?.unwrap();
        messages::add_mention(tx, &again, ada, Timestamp(99))?;
        let sorted = [(30, 2, 0), (20, 5, 0), (20, 4, 0), (20, 3, 0), (10, 1, 0)];
        let all = inbox::mentions(tx, ada, Place::TOP, ALL)?;
        assert_eq!(places(&all), sorted, "named once, since the first time");
        assert!(all.iter().all(|entry| entry.is_visible && entry.reaction.is_none()));
        let mut paged = Vec::new();
        let mut below = Place::TOP;
        while let Some(entry) = inbox::mentions(tx, ada, below, 1)?.pop() {
            below = entry.place;
            paged.push(entry);
        }
        assert_eq!(paged, all);
        let of_a_reaction = Place { at: Timestamp(20), message: MessageId(4), rev: 7 };
        assert_eq!(places(&inbox::mentions(tx, ada, of_a_reaction, 1)?), [(20, 4, 0)]);
        Ok(())
    })
    .await;
    store.close();
}

async fn reactions_to_what_one_wrote_are_read_newest_first_page_by_page(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob, cyd) = (person(tx, "Ada")?, person(tx, "Bob")?, person(tx, "Cyd")?);
        let (one, two) = (post(tx, GENERAL, ada, "one")?, post(tx, GENERAL, ada, "two")?);
        let foreign = post(tx, GENERAL, cyd, "three")?;
        for (id, account, emoji, rev, at) in [
            (one, bob, "👍", 4, 20),
            (one, cyd, "👍", 5, 20),
            (two, bob, "🎉", 6, 20),
            (one, bob, "🎉", 7, 10),
            (foreign, bob, "👍", 8, 30),
        ] {
            assert!(reactions::add(tx, id, account, emoji, rev, Timestamp(at))?);
        }
        let all = inbox::reactions(tx, ada, Place::TOP, ALL)?;
        assert_eq!(places(&all), [(20, two.0, 6), (20, one.0, 5), (20, one.0, 4), (10, one.0, 7)]);
        let (emoji, account) = all[1].reaction.clone().unwrap();
        assert_eq!((emoji.as_str(), account), ("👍", store::accounts::get(tx, cyd)?.unwrap().author()));
        let mut paged = Vec::new();
        let mut below = Place::TOP;
        while let Some(entry) = inbox::reactions(tx, ada, below, 1)?.pop() {
            below = entry.place;
            paged.push(entry);
        }
        assert_eq!(paged, all);
        Ok(())
    })
    .await;
    store.close();
}

async fn what_one_may_not_see_and_what_one_did_oneself_is_marked(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        join(tx, den, bob)?;
        for place in [GENERAL, den] {
            for author in [ada, bob] {
                let id = post(tx, place, author, &format!("{author} in {place}"))?;
                mention(tx, id, ada, id.0)?;
                reactions::add(tx, id, ada, "👍", 100, Timestamp(id.0))?;
                reactions::add(tx, id, bob, "👍", 101, Timestamp(id.0))?;
            }
        }
        let seen = |tx: &mut Tx<'_>| -> Result<[Vec<bool>; 2]> {
            let lists =
                [inbox::mentions(tx, ada, Place::TOP, ALL)?, inbox::reactions(tx, ada, Place::TOP, ALL)?];
            Ok(lists.map(|list| list.iter().rev().map(|entry| entry.is_visible).collect()))
        };
        // One's own mention and somebody's, in General and in the room; one's own reaction and somebody's to what one wrote.
        assert_eq!(seen(tx)?, [vec![false, true, false, true], vec![false, true, false, true]]);
        tx.execute(
            "UPDATE memberships SET history_from_seq = 3 WHERE conversation_id = $1 AND account_id = $2",
            params![den, ada],
        )?;
        let only_general = [vec![false, true, false, false], vec![false, true, false, false]];
        assert_eq!(seen(tx)?, only_general, "before one's history begins");
        tx.execute("UPDATE memberships SET history_from_seq = 0", params![])?;
        memberships::put(tx, den, ada, MembershipRole::Member, MembershipState::Left, 9, Timestamp(1))?;
        assert_eq!(seen(tx)?, only_general, "not a member any more");
        Ok(())
    })
    .await;
    store.close();
}

async fn of_deleted_messages_nothing_is_left(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let id = post(tx, GENERAL, ada, "@bob")?;
        mention(tx, id, bob, 1)?;
        reactions::add(tx, id, bob, "👍", 2, Timestamp(2))?;
        assert_eq!(inbox::mentions(tx, bob, Place::TOP, ALL)?.len(), 1);
        assert_eq!(inbox::reactions(tx, ada, Place::TOP, ALL)?.len(), 1);
        messages::delete(tx, id, 3, Timestamp(3))?;
        assert!(inbox::mentions(tx, bob, Place::TOP, ALL)?.is_empty());
        assert!(inbox::reactions(tx, ada, Place::TOP, ALL)?.is_empty());
        Ok(())
    })
    .await;
    store.close();
}
