//! `store::memberships`

use crate::{
    on_both_engines,
    people::{ALL, NOW, direct, join, new_account, person, post, room, run},
};
use protocol::{
    AccountId, AccountRole, Membership, MembershipRole, MembershipState, Timestamp,
    conversation::JoinRequest,
    ids::{GENERAL, NOBODY},
};
use store::testing::TestDatabase;
use store::{accounts, accounts::NewAccount, memberships, receipts};

use MembershipRole::{Member, Moderator, Owner};
use MembershipState::{Active, Banned, Left, Pending};

const LATER: Timestamp = Timestamp(NOW.0 + 1);

fn who(memberships: &[Membership]) -> Vec<AccountId> {
    memberships.iter().map(|membership| membership.account.id).collect()
}

on_both_engines! {
    a_membership_is_made_changed_and_read,
    what_was_said_before_somebody_came_is_not_unread,
    lists_go_by_state_and_page_by_account,
    everyone_who_is_not_shut_out_is_in_general,
    changes_come_in_their_order_and_show_nothing_of_the_door,
    one_knows_where_one_is_and_where_one_waits,
    a_direct_chat_is_with_somebody,
    of_many_accounts_it_is_known_where_they_are_members,
}

async fn a_membership_is_made_changed_and_read(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        assert_eq!(memberships::get(tx, den, bob)?, None);
        memberships::put(tx, den, bob, Member, Pending, 0, NOW)?;
        let waiting = memberships::get(tx, den, bob)?.unwrap();
        assert_eq!(
            waiting,
            Membership {
                conversation_id: den,
                account: accounts::get(tx, bob)?.unwrap().author(),
                role: Member,
                state: Pending,
                rev: 0,
                read_seq: 0,
                joined_at: NOW,
            }
        );
        memberships::put(tx, den, bob, Moderator, Active, 2, LATER)?;
        let inside = memberships::get(tx, den, bob)?.unwrap();
        assert_eq!((inside.role, inside.state, inside.rev, inside.joined_at), (Moderator, Active, 2, LATER));
        memberships::put(tx, den, bob, Member, Active, 3, Timestamp(9))?;
        let still = memberships::get(tx, den, bob)?.unwrap();
        assert_eq!((still.role, still.rev, still.joined_at), (Member, 3, LATER), "came in once");
        assert_eq!(memberships::get(tx, den, ada)?.unwrap().role, Owner, "the neighbour is left alone");
        Ok(())
    })
    .await;
    store.close();
}

async fn what_was_said_before_somebody_came_is_not_unread(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        join(tx, den, bob)?;
        memberships::read_from(tx, den, bob, 5)?;
        memberships::read_from(tx, den, bob, 3)?;
        assert_eq!(memberships::get(tx, den, bob)?.unwrap().read_seq, 5, "never back");
        assert_eq!(memberships::get(tx, den, ada)?.unwrap().read_seq, 0);
        Ok(())
    })
    .await;
    store.close();
}

async fn lists_go_by_state_and_page_by_account(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let den = room(tx, "Den", ada)?;
        let others: Vec<AccountId> = ["Bob", "Cyd", "Dan", "Eve", "Fay"]
            .iter()
            .map(|name| person(tx, name))
            .collect::<store::Result<_>>()?;
        let standings =
            [(Moderator, Active), (Member, Active), (Member, Pending), (Member, Banned), (Member, Pending)];
        for (account, (role, state)) in others.iter().zip(standings) {
            memberships::put(tx, den, *account, role, state, 2, NOW)?;
        }
        let all = AccountId(0);
        assert_eq!(who(&memberships::list(tx, den, Active, all, ALL)?), [ada, others[0], others[1]]);
        assert_eq!(who(&memberships::list(tx, den, Active, ada, 1)?), [others[0]]);
        assert_eq!(who(&memberships::list(tx, den, Pending, all, ALL)?), [others[2], others[4]]);
        assert_eq!(who(&memberships::list(tx, den, Banned, all, ALL)?), [others[3]]);
        assert_eq!(who(&memberships::list(tx, den, Left, all, ALL)?), []);
        let mut deciders = memberships::deciders(tx, den)?;
        deciders.sort_unstable();
        assert_eq!(deciders, [ada, others[0]]);
        assert_eq!((memberships::active_count(tx, den)?, memberships::pending_count(tx, den)?), (3, 2));
        memberships::put(tx, den, others[0], Moderator, Left, 3, NOW)?;
        assert_eq!(memberships::deciders(tx, den)?, [ada]);
        Ok(())
    })
    .await;
    store.close();
}

async fn everyone_who_is_not_shut_out_is_in_general(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada =
            accounts::insert(tx, &NewAccount { role: AccountRole::Administrator, ..new_account("Ada") })?;
        let (bob, cyd) = (person(tx, "Bob")?, person(tx, "Cyd")?);
        accounts::set_deactivated(tx, cyd, Some(NOW))?;
        receipts::grow_general(tx, bob, 4, NOW)?;
        let everyone = memberships::list_general(tx, AccountId(0), ALL)?;
        assert_eq!(who(&everyone), [ada, bob]);
        assert_eq!((everyone[0].role, everyone[0].state, everyone[0].read_seq), (Moderator, Active, 0));
        assert_eq!((everyone[1].role, everyone[1].state, everyone[1].read_seq), (Member, Active, 4));
        assert_eq!((everyone[1].conversation_id, everyone[1].rev, everyone[1].joined_at), (GENERAL, 0, NOW));
        assert_eq!(who(&memberships::list_general(tx, ada, 1)?), [bob]);
        Ok(())
    })
    .await;
    store.close();
}

async fn changes_come_in_their_order_and_show_nothing_of_the_door(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob, cyd) = (person(tx, "Ada")?, person(tx, "Bob")?, person(tx, "Cyd")?);
        let den = room(tx, "Den", ada)?;
        let (second, third) = (join(tx, den, cyd)?, join(tx, den, bob)?);
        assert_eq!((second, third), (2, 3));
        assert_eq!(who(&memberships::changed(tx, den, 0, ALL)?), [ada, cyd, bob]);
        assert_eq!(who(&memberships::changed(tx, den, 1, 1)?), [cyd]);
        assert_eq!(who(&memberships::changed(tx, den, 3, ALL)?), []);
        // Bob left with the fourth change and asks again: inside he has left.
        memberships::put(tx, den, bob, Member, Left, 4, NOW)?;
        memberships::put(tx, den, bob, Member, Pending, 4, NOW)?;
        let seen = memberships::changed(tx, den, 3, ALL)?;
        assert_eq!((who(&seen), seen[0].state), (vec![bob], Left));
        assert_eq!(memberships::get(tx, den, bob)?.unwrap().state, Pending);
        // Who only ever asked has changed nothing.
        let dan = person(tx, "Dan")?;
        memberships::put(tx, den, dan, Member, Pending, 0, NOW)?;
        assert_eq!(who(&memberships::changed(tx, den, 0, ALL)?), [ada, cyd, bob]);
        Ok(())
    })
    .await;
    store.close();
}

async fn one_knows_where_one_is_and_where_one_waits(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let (den, attic, cellar) = (room(tx, "Den", ada)?, room(tx, "Attic", ada)?, room(tx, "Cellar", ada)?);
        join(tx, den, bob)?;
        memberships::put(tx, attic, bob, Member, Pending, 0, NOW)?;
        memberships::put(tx, cellar, bob, Member, Left, 2, NOW)?;
        assert_eq!(memberships::conversations_of(tx, bob)?, [GENERAL, den]);
        assert_eq!(memberships::conversations_of(tx, ada)?, [GENERAL, den, attic, cellar]);
        assert_eq!(memberships::active_ids(tx, den)?, [ada, bob]);
        let heads = memberships::heads_of(tx, ada)?;
        assert_eq!(heads.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [GENERAL, den, attic, cellar]);
        for (id, seq, rev) in heads {
            let access = store::conversations::access(tx, id, ada)?.unwrap();
            assert_eq!((seq, rev), (access.last_seq, access.last_rev));
            assert_eq!(store::conversations::lock_head(tx, id)?, Some(rev));
        }
        assert_eq!(memberships::heads_of(tx, NOBODY)?.len(), 1, "General alone");
        assert_eq!(memberships::count_of(tx, bob)?, 2);
        assert_eq!(
            memberships::requests_of(tx, bob, ALL)?,
            [JoinRequest {
                conversation_id: attic,
                name: "Attic".to_owned(),
                description: String::new(),
                state: Pending,
            }]
        );
        assert_eq!(memberships::requests_of(tx, bob, 0)?, []);
        // A receipt in General is no second membership of it.
        post(tx, GENERAL, ada, "hello")?;
        receipts::grow_general(tx, bob, 1, NOW)?;
        assert_eq!(memberships::conversations_of(tx, bob)?, [GENERAL, den]);
        Ok(())
    })
    .await;
    store.close();
}

async fn a_direct_chat_is_with_somebody(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob, cyd) = (person(tx, "Ada")?, person(tx, "Bob")?, person(tx, "Cyd")?);
        let (with_bob, with_cyd, den) = (direct(tx, ada, bob)?, direct(tx, ada, cyd)?, room(tx, "Den", ada)?);
        join(tx, den, bob)?;
        let found = memberships::partners_in(tx, ada, [den, GENERAL, with_cyd, with_bob].into_iter())?;
        let ids: Vec<_> = found.iter().map(|(place, author)| (*place, author.id)).collect();
        assert_eq!(ids, [(with_bob, bob), (with_cyd, cyd)], "rooms are with nobody in particular");
        assert_eq!(found[0].1, accounts::get(tx, bob)?.unwrap().author());
        assert_eq!(memberships::partners_in(tx, bob, [with_bob].into_iter())?[0].1.id, ada);
        assert_eq!(memberships::partners_in(tx, bob, [].into_iter())?, []);
        Ok(())
    })
    .await;
    store.close();
}

async fn of_many_accounts_it_is_known_where_they_are_members(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let (den, attic) = (room(tx, "Den", ada)?, room(tx, "Attic", ada)?);
        join(tx, den, bob)?;
        memberships::put(tx, attic, bob, Member, Pending, 0, NOW)?;
        memberships::put(tx, GENERAL, bob, Member, Active, 0, NOW)?;
        let mut found = memberships::active_of(tx, &[ada, bob, AccountId(99_999)])?;
        found.sort_unstable();
        assert_eq!(found, [(ada, den), (ada, attic), (bob, den)]);
        assert!(memberships::active_of(tx, &[])?.is_empty());
        Ok(())
    })
    .await;
    store.close();
}
