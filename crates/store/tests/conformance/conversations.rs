//! `store::conversations`

use crate::{
    on_both_engines,
    people::{ALL, FIRST, NOW, SECOND, direct, join, person, post, room, run},
};
use protocol::{
    AccountId, ConversationId, ConversationKind, ConversationSummary, MembershipRole, MembershipState,
    Timestamp, ids::GENERAL,
};
use store::testing::TestDatabase;
use store::{accounts, conversations, memberships, messages, receipts};

const NOWHERE: ConversationId = ConversationId(99);

fn ids(summaries: &[ConversationSummary]) -> Vec<ConversationId> {
    summaries.iter().map(|summary| summary.details.id).collect()
}

on_both_engines! {
    a_room_begins_with_its_first_change,
    two_who_start_a_direct_chat_at_once_get_the_same_one,
    general_is_dated_once,
    numbers_are_given_out_one_by_one_without_gaps,
    several_are_raised_and_looked_up_at_once,
    standing_in_a_conversation_is_what_the_row_says_if_there_is_one,
    a_room_that_is_renamed_or_archived_says_since_when,
    the_sidebar_shows_what_one_is_in_with_what_is_unread,
    of_many_conversations_it_is_known_how_far_they_have_come,
}

async fn a_room_begins_with_its_first_change(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let id = conversations::insert_room(tx, "Den", "quiet", ada, NOW)?;
        let den = conversations::get(tx, id)?.unwrap();
        assert_eq!(
            (den.kind, den.name.as_deref(), den.description.as_str()),
            (ConversationKind::Room, Some("Den"), "quiet")
        );
        assert_eq!((den.creator_id, den.rev, den.created_at, den.archived_at), (Some(ada), 1, NOW, None));
        assert!(conversations::get(tx, NOWHERE)?.is_none());
        let access = conversations::access(tx, id, ada)?.unwrap();
        assert_eq!((access.last_seq, access.last_rev), (0, 1));
        Ok(())
    })
    .await;
    store.close();
}

async fn two_who_start_a_direct_chat_at_once_get_the_same_one(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        person(tx, "Ada")?;
        person(tx, "Bob")
    })
    .await;
    let begin = |who| {
        run(&store, move |tx| {
            let made = conversations::insert_direct(tx, "1:2", who, NOW)?;
            Ok((made.is_some(), conversations::by_direct_key(tx, "1:2")?.unwrap()))
        })
    };
    let (one, two) = tokio::join!(begin(FIRST), begin(SECOND));
    assert_eq!(one.1, two.1);
    assert_ne!(one.0, two.0, "one of them made it");
    run(&store, move |tx| {
        let chat = conversations::get(tx, one.1)?.unwrap();
        assert_eq!((chat.kind, chat.name), (ConversationKind::Direct, None));
        assert_eq!(conversations::by_direct_key(tx, "1:3")?, None);
        Ok(())
    })
    .await;
    store.close();
}

async fn general_is_dated_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        conversations::date_general(tx, NOW)?;
        conversations::date_general(tx, Timestamp(5))?;
        assert_eq!(conversations::get(tx, GENERAL)?.unwrap().created_at, NOW);
        Ok(())
    })
    .await;
    store.close();
}

async fn numbers_are_given_out_one_by_one_without_gaps(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        assert!(conversations::raise(tx, NOWHERE, 1)?.is_none());
        let raised = conversations::raise(tx, GENERAL, 0)?.unwrap();
        assert_eq!((raised.last_seq, raised.rev), (0, 1));
        Ok(())
    })
    .await;
    let mut posts = Vec::new();
    for number in 0..40 {
        let store = store.clone();
        posts.push(tokio::spawn(async move {
            store
                .write(
                    store::Lane::Any,
                    move |tx| {
                        let raised = conversations::raise(tx, GENERAL, 1)?.unwrap();
                        // Every fourth changes its mind.
                        if number % 4 == 0 {
                            Err(store::Error::Missing)
                        } else {
                            Ok((raised.last_seq, raised.rev))
                        }
                    },
                    |_| {},
                )
                .await
        }));
    }
    let mut given = Vec::new();
    for post in posts {
        given.extend(post.await.unwrap().ok());
    }
    given.sort_unstable();
    assert_eq!(given, (1..=30).map(|number| (number, number + 1)).collect::<Vec<_>>());
    store.close();
}

async fn several_are_raised_and_looked_up_at_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        conversations::raise_each(tx, &[(GENERAL, 2), (den, 3), (NOWHERE, 1)])?;
        conversations::raise_each(tx, &[])?;
        let wanted = [(den, ada), (NOWHERE, ada), (GENERAL, bob), (den, bob), (den, AccountId(99))];
        let found = conversations::access_each(tx, &wanted)?;
        let stands: Vec<_> = found
            .iter()
            .map(|access| access.as_ref().map(|it| (it.account.id, it.last_seq, it.last_rev, it.role)))
            .collect();
        let (owner, expected_den) =
            (Some(MembershipRole::Owner), conversations::access(tx, den, ada)?.unwrap());
        assert_eq!((expected_den.last_seq, expected_den.last_rev), (3, 4), "its making was its first change");
        assert_eq!(
            stands,
            [Some((ada, 3, 4, owner)), None, Some((bob, 2, 2, None)), Some((bob, 3, 4, None)), None]
        );
        Ok(())
    })
    .await;
    store.close();
}

async fn standing_in_a_conversation_is_what_the_row_says_if_there_is_one(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        post(tx, den, ada, "one")?;
        let owner = conversations::access(tx, den, ada)?.unwrap();
        assert_eq!(
            (owner.kind, owner.role, owner.state),
            (ConversationKind::Room, Some(MembershipRole::Owner), Some(MembershipState::Active))
        );
        assert_eq!((owner.last_seq, owner.last_rev, owner.history_from_seq, owner.read_seq), (1, 2, 0, 0));
        assert_eq!(owner.archived_at, None);
        let stranger = conversations::access(tx, den, bob)?.unwrap();
        assert_eq!((stranger.role, stranger.state, stranger.read_seq), (None, None, 0));
        memberships::put(tx, den, bob, MembershipRole::Member, MembershipState::Banned, 3, NOW)?;
        assert_eq!(conversations::access(tx, den, bob)?.unwrap().state, Some(MembershipState::Banned));
        let general = conversations::access(tx, GENERAL, bob)?.unwrap();
        assert_eq!((general.kind, general.role), (ConversationKind::General, None));
        assert!(conversations::access(tx, NOWHERE, ada)?.is_none());
        Ok(())
    })
    .await;
    store.close();
}

async fn a_room_that_is_renamed_or_archived_says_since_when(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let den = room(tx, "Den", ada)?;
        let rev = conversations::raise(tx, den, 0)?.unwrap().rev;
        conversations::set_details(tx, den, Some("Attic"), "dusty", Some(Timestamp(7)), rev)?;
        let attic = conversations::get(tx, den)?.unwrap();
        assert_eq!(
            (attic.name.as_deref(), attic.description.as_str(), attic.rev),
            (Some("Attic"), "dusty", 2)
        );
        assert_eq!(attic.archived_at, Some(Timestamp(7)));
        assert_eq!(conversations::lock(tx, den)?, Some(attic.clone()));
        assert_eq!(conversations::lock(tx, NOWHERE)?, None);
        assert_eq!(conversations::lock_head(tx, den)?, Some(2));
        assert_eq!(conversations::changed(tx, den, 1)?, Some(attic));
        assert_eq!(conversations::changed(tx, den, 2)?, None);
        assert_eq!(conversations::get(tx, GENERAL)?.unwrap().name.as_deref(), Some("General"));
        Ok(())
    })
    .await;
    store.close();
}

async fn the_sidebar_shows_what_one_is_in_with_what_is_unread(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob, cyd) = (person(tx, "Ada")?, person(tx, "Bob")?, person(tx, "Cyd")?);
        let den = room(tx, "Den", ada)?;
        let chat = direct(tx, ada, bob)?;
        let other = room(tx, "Other", cyd)?;
        join(tx, den, bob)?;
        memberships::put(tx, den, cyd, MembershipRole::Member, MembershipState::Pending, 0, NOW)?;
        memberships::put(tx, other, ada, MembershipRole::Member, MembershipState::Left, 2, NOW)?;
        for text in ["one", "two", "three"] {
            let id = post(tx, den, bob, text)?;
            let message = messages::get(tx, id)?.unwrap();
            messages::add_mention(tx, &message, ada, NOW)?;
        }
        receipts::grow(tx, den, ada, 1)?;

        let sidebar = conversations::summaries(tx, ada, ConversationId(0), ALL)?;
        assert_eq!(ids(&sidebar), [GENERAL, den, chat]);
        let [general, of_den, of_chat] = &sidebar[..] else { panic!("three") };
        assert_eq!((general.role, general.with.clone(), general.unread), (MembershipRole::Member, None, 0));
        assert_eq!((of_den.last_seq, of_den.last_rev, of_den.read_seq), (3, 5, 1));
        assert_eq!((of_den.unread, of_den.unread_mentions), (2, 2));
        assert_eq!((of_den.role, of_den.pending_count), (MembershipRole::Owner, 1));
        assert_eq!((of_den.with.clone(), of_den.last_message.clone()), (None, None));
        assert_eq!(of_chat.with, Some(accounts::get(tx, bob)?.unwrap().author()));
        assert_eq!(Some(of_den.details.clone()), conversations::get(tx, den)?);

        let his = conversations::summaries(tx, bob, ConversationId(0), ALL)?;
        assert_eq!(ids(&his), [GENERAL, den, chat]);
        assert_eq!((his[1].unread, his[1].unread_mentions), (3, 0), "mentions of somebody else are not his");
        assert_eq!((his[1].role, his[1].pending_count), (MembershipRole::Member, 0), "he does not decide");
        assert_eq!(his[2].with, Some(accounts::get(tx, ada)?.unwrap().author()));

        assert_eq!(ids(&conversations::summaries(tx, ada, GENERAL, 1)?), [den]);
        assert_eq!(conversations::summary_of(tx, ada, den)?.as_ref(), Some(of_den));
        assert_eq!(conversations::summary_of(tx, cyd, chat)?.unwrap().unread, 0);
        assert_eq!(conversations::summary_of(tx, ada, NOWHERE)?, None);
        Ok(())
    })
    .await;
    store.close();
}

async fn of_many_conversations_it_is_known_how_far_they_have_come(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        assert_eq!(conversations::changes_ever(tx)?, 0);
        let ada = person(tx, "Ada")?;
        let (den, attic) = (room(tx, "Den", ada)?, room(tx, "Attic", ada)?);
        post(tx, den, ada, "one")?;
        post(tx, den, ada, "two")?;
        assert_eq!(conversations::changes_ever(tx)?, 4, "three in the one and one in the other");
        assert_eq!(conversations::counters(tx, den)?, Some((2, 3)));
        assert_eq!(conversations::counters(tx, NOWHERE)?, None);
        let mut heads = conversations::heads(tx, &[den, attic, NOWHERE])?;
        heads.sort_unstable();
        assert_eq!(heads, [(den, 3), (attic, 1)]);
        assert!(conversations::heads(tx, &[])?.is_empty());
        Ok(())
    })
    .await;
    store.close();
}
