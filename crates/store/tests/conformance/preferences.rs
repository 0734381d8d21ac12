//! `store::preferences`

use crate::{
    on_both_engines,
    people::{ALL, NOW, join, person, room, run},
};
use protocol::{
    ConversationId, ConversationPreferences, MembershipRole, MembershipState, Notify, Timestamp,
    api::UpdatePreferences, ids::GENERAL,
};
use store::testing::TestDatabase;
use store::{conversations, memberships, preferences};

const LATER: Timestamp = Timestamp(NOW.0 + 1);

on_both_engines! {
    what_is_absent_stays_and_nothing_can_be_set,
    preferences_are_a_members_own_and_stay_for_whoever_comes_back,
    in_general_the_first_preference_makes_the_row_and_reads_nothing,
}

async fn what_is_absent_stays_and_nothing_can_be_set(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let den = room(tx, "Den", ada)?;
        let mut expected = ConversationPreferences::default();
        assert_eq!(expected.notify, Notify::Usual);
        assert_eq!(preferences::get(tx, den, ada)?, expected);
        let nothing = UpdatePreferences::default();
        assert_eq!(preferences::set(tx, den, ada, nothing)?, Some(expected));
        for notify in [Notify::All, Notify::Mentions, Notify::Nothing] {
            expected.notify = notify;
            let with = UpdatePreferences { notify: Some(notify), ..nothing };
            assert_eq!(preferences::set(tx, den, ada, with)?, Some(expected));
        }
        for favourite in [true, false, true] {
            expected.favourite = favourite;
            let with = UpdatePreferences { favourite: Some(favourite), ..nothing };
            assert_eq!(preferences::set(tx, den, ada, with)?, Some(expected));
        }
        for until in [Some(LATER), None, Some(NOW)] {
            expected.muted_until = until;
            let with = UpdatePreferences { muted_until: Some(until), ..nothing };
            assert_eq!(preferences::set(tx, den, ada, with)?, Some(expected));
            assert_eq!(preferences::set(tx, den, ada, nothing)?, Some(expected));
        }
        for seq in [Some(7), None, Some(1)] {
            expected.unread_from = seq;
            let with = UpdatePreferences { unread_from: Some(seq), ..nothing };
            assert_eq!(preferences::set(tx, den, ada, with)?, Some(expected));
            assert_eq!(preferences::set(tx, den, ada, nothing)?, Some(expected));
        }
        assert_eq!(preferences::get(tx, den, ada)?, expected);
        assert_eq!(conversations::summary_of(tx, ada, den)?.unwrap().preferences, expected);
        let listed = conversations::summaries(tx, ada, GENERAL, ALL)?;
        assert_eq!(listed.iter().map(|summary| summary.preferences).collect::<Vec<_>>(), [expected]);
        Ok(())
    })
    .await;
    store.close();
}

async fn preferences_are_a_members_own_and_stay_for_whoever_comes_back(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        let favourite = UpdatePreferences { favourite: Some(true), ..Default::default() };
        assert_eq!(preferences::set(tx, den, bob, favourite)?, None, "not in");
        assert_eq!(preferences::set(tx, ConversationId(99), bob, favourite)?, None, "not there");
        join(tx, den, bob)?;
        let set = preferences::set(tx, den, bob, favourite)?.unwrap();
        assert!(set.favourite);
        assert_eq!(preferences::get(tx, den, ada)?, ConversationPreferences::default(), "hers are hers");
        memberships::put(tx, den, bob, MembershipRole::Member, MembershipState::Left, 3, NOW)?;
        let quiet = UpdatePreferences { notify: Some(Notify::Nothing), ..Default::default() };
        assert_eq!(preferences::set(tx, den, bob, quiet)?, None, "has left");
        join(tx, den, bob)?;
        assert_eq!(preferences::get(tx, den, bob)?, set);
        Ok(())
    })
    .await;
    store.close();
}

async fn in_general_the_first_preference_makes_the_row_and_reads_nothing(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let summary = conversations::summary_of(tx, ada, GENERAL)?.unwrap();
        assert_eq!(summary.preferences, ConversationPreferences::default(), "without a row");
        let favourite = UpdatePreferences { favourite: Some(true), ..Default::default() };
        assert_eq!(preferences::set(tx, GENERAL, ada, favourite)?, None);
        for _ in 0..2 {
            preferences::make_row_in_general(tx, ada, NOW)?;
            assert!(preferences::set(tx, GENERAL, ada, favourite)?.unwrap().favourite);
            store::receipts::grow_general(tx, ada, 5, NOW)?;
        }
        let membership = memberships::get(tx, GENERAL, ada)?.unwrap();
        assert_eq!((membership.read_seq, membership.rev), (5, 0));
        let bob = person(tx, "Bob")?;
        store::receipts::grow_general(tx, bob, 3, NOW)?;
        assert_eq!(preferences::get(tx, GENERAL, bob)?, ConversationPreferences::default());
        preferences::make_row_in_general(tx, bob, NOW)?;
        assert_eq!(memberships::get(tx, GENERAL, bob)?.unwrap().read_seq, 3, "what is read stays read");
        Ok(())
    })
    .await;
    store.close();
}
