//! `store::accounts`

use crate::{
    notes::silent,
    on_both_engines,
    people::{ALL, FIRST, NOW, SECOND, join, new_account, person, post, room, run},
};
use protocol::{
    AccountId, AccountKind, AccountRole, MembershipRole, MembershipState, Timestamp, ids::GENERAL,
};
use store::testing::TestDatabase;
use store::{
    Constraint, Error, Lane, Store, accounts,
    accounts::{NewAccount, Particulars},
    memberships,
};

async fn refused(store: &Store, new: NewAccount) -> Error {
    store.write(Lane::Any, move |tx| accounts::insert(tx, &new), silent).await.unwrap_err()
}

on_both_engines! {
    an_account_is_found_by_everything_that_names_it,
    names_and_addresses_are_taken_once,
    people_are_found_by_how_their_names_begin,
    only_members_are_mentioned_and_everyone_is_one_in_general,
    administrators_are_those_who_can_sign_in,
    of_two_administrators_who_demote_each_other_at_once_one_remains,
    an_account_changes_and_what_was_signed_before_ends_when_it_must,
    what_somebody_wrote_carries_the_name_that_they_have_now,
    what_was_asked_at_sign_up_is_kept_and_a_number_is_taken_once,
    guests_are_counted_and_are_not_found_among_people,
    everybody_who_signed_up_is_listed_with_what_was_asked,
}

async fn an_account_is_found_by_everything_that_names_it(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        person(tx, "Bob")?;
        let me = accounts::me_of(tx, ada)?.unwrap();
        assert_eq!(me.email.as_deref(), Some("ada@example.org"));
        assert_eq!((me.account.username.as_str(), me.account.display_name.as_str()), ("Ada", "The Ada"));
        assert_eq!((me.account.created_at, me.account.deactivated_at), (NOW, None));
        assert_eq!(accounts::get(tx, ada)?, Some(me.account.clone()));
        for found in [
            accounts::credentials_of(tx, ada)?,
            accounts::lock_credentials(tx, ada)?,
            accounts::credentials_by_username(tx, "ada")?,
            accounts::credentials_by_email(tx, "ada@example.org")?,
        ] {
            let found = found.unwrap();
            assert_eq!(found.me, me);
            assert_eq!((found.password_hash.as_deref(), found.auth_epoch), (Some("hash of Ada"), 0));
        }
        let nobody = AccountId(99);
        assert!(accounts::get(tx, nobody)?.is_none() && accounts::me_of(tx, nobody)?.is_none());
        assert!(accounts::credentials_of(tx, nobody)?.is_none());
        assert!(accounts::credentials_by_username(tx, "Ada")?.is_none(), "asked for in lower case");
        assert!(accounts::credentials_by_email(tx, "")?.is_none());
        Ok(())
    })
    .await;
    store.close();
}

async fn names_and_addresses_are_taken_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| person(tx, "Ada")).await;
    let same_name = NewAccount { email: None, username_skeleton: "x".into(), ..new_account("Ada") };
    assert_eq!(refused(&store, same_name).await, Error::Conflict(Constraint::Username));
    let look_alike = NewAccount { email: None, username_key: "x".into(), ..new_account("Ada") };
    assert_eq!(refused(&store, look_alike).await, Error::Conflict(Constraint::Username));
    let same_address = NewAccount { email: new_account("Ada").email, ..new_account("Bob") };
    assert_eq!(refused(&store, same_address).await, Error::Conflict(Constraint::Email));
    let bob = run(&store, |tx| {
        // Nobody's address is not an address: many may have none.
        accounts::insert(tx, &NewAccount { email: None, ..new_account("Cyd") })?;
        accounts::insert(tx, &NewAccount { email: None, ..new_account("Bob") })
    })
    .await;
    let take = move |tx: &mut store::Tx<'_>| accounts::set_email(tx, bob, Some("ada@example.org"));
    let taken = store.write(Lane::Any, take, silent);
    assert_eq!(taken.await, Err(Error::Conflict(Constraint::Email)));
    store.close();
}

async fn people_are_found_by_how_their_names_begin(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, adam, bob) = (person(tx, "Ada")?, person(tx, "Adam")?, person(tx, "Bob")?);
        let zed = accounts::insert(
            tx,
            &NewAccount { display_name_key: "adele".into(), email: None, ..new_account("Zed") },
        )?;
        let ids = |found: Vec<protocol::Account>| found.iter().map(|account| account.id).collect::<Vec<_>>();
        assert_eq!(ids(accounts::find(tx, "ad", "ae", AccountId(0), ALL)?), [ada, adam, zed]);
        assert_eq!(ids(accounts::find(tx, "ad", "ae", ada, 1)?), [adam]);
        assert_eq!(ids(accounts::find(tx, "the b", "the c", AccountId(0), ALL)?), [bob]);
        assert_eq!(ids(accounts::find(tx, "%", "%z", AccountId(0), ALL)?), [] as [AccountId; 0]);
        accounts::set_deactivated(tx, adam, Some(NOW))?;
        assert_eq!(ids(accounts::find(tx, "ad", "ae", AccountId(0), ALL)?), [ada, zed]);
        assert_eq!(ids(accounts::list(tx, AccountId(0), ALL)?), [ada, bob, zed]);
        assert_eq!(ids(accounts::list(tx, ada, 1)?), [bob]);
        let all: Vec<_> = accounts::list_all(tx, ada, 2)?.iter().map(|me| me.account.id).collect();
        assert_eq!(all, [adam, bob], "those who are shut out too");
        Ok(())
    })
    .await;
    store.close();
}

async fn only_members_are_mentioned_and_everyone_is_one_in_general(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob, cyd) = (person(tx, "Ada")?, person(tx, "Bob")?, person(tx, "Cyd")?);
        let den = room(tx, "Den", ada)?;
        join(tx, den, bob)?;
        memberships::put(tx, den, cyd, MembershipRole::Member, MembershipState::Pending, 0, NOW)?;
        assert_eq!(accounts::mentioned(tx, den, false, "bob")?, Some(bob));
        assert_eq!(accounts::mentioned(tx, den, false, "cyd")?, None);
        assert_eq!(accounts::mentioned(tx, GENERAL, true, "cyd")?, Some(cyd));
        assert_eq!(accounts::mentioned(tx, GENERAL, true, "nobody")?, None);
        accounts::set_deactivated(tx, bob, Some(NOW))?;
        assert_eq!(accounts::mentioned(tx, den, false, "bob")?, None);
        Ok(())
    })
    .await;
    store.close();
}

async fn administrators_are_those_who_can_sign_in(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        assert!(!accounts::has_administrator(tx)?);
        accounts::set_role(tx, ada, AccountRole::Administrator)?;
        accounts::set_role(tx, bob, AccountRole::Administrator)?;
        assert!(accounts::has_administrator(tx)?);
        assert_eq!(accounts::lock_administrators(tx)?, [ada, bob]);
        accounts::set_deactivated(tx, ada, Some(NOW))?;
        accounts::set_role(tx, bob, AccountRole::Member)?;
        assert!(!accounts::has_administrator(tx)?);
        Ok(())
    })
    .await;
    store.close();
}

async fn of_two_administrators_who_demote_each_other_at_once_one_remains(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        for name in ["Ada", "Bob"] {
            accounts::insert(tx, &NewAccount { role: AccountRole::Administrator, ..new_account(name) })?;
        }
        Ok(())
    })
    .await;
    let demote = |id: AccountId| {
        run(&store, move |tx| {
            let administrators = accounts::lock_administrators(tx)?;
            if administrators.len() > 1 {
                accounts::set_role(tx, id, AccountRole::Member)?;
            }
            Ok(administrators.len())
        })
    };
    let (one, two) = tokio::join!(demote(FIRST), demote(SECOND));
    assert_eq!(one + two, 3, "the second saw what the first did");
    store.close();
}

async fn an_account_changes_and_what_was_signed_before_ends_when_it_must(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        accounts::set_display_name(tx, ada, "Countess", "countess")?;
        accounts::set_email(tx, ada, None)?;
        let me = accounts::me_of(tx, ada)?.unwrap();
        assert_eq!((me.account.display_name.as_str(), me.email), ("Countess", None));
        assert_eq!(accounts::find(tx, "count", "counu", AccountId(0), ALL)?.len(), 1);

        let state = |tx: &mut store::Tx<'_>| {
            let found = accounts::credentials_of(tx, ada)?.unwrap();
            Ok::<_, Error>((found.password_hash.unwrap(), found.auth_epoch, found.me.account.deactivated_at))
        };
        accounts::rehash(tx, ada, "not the hash", "stronger")?;
        assert_eq!(state(tx)?, ("hash of Ada".to_owned(), 0, None), "somebody else was quicker");
        accounts::rehash(tx, ada, "hash of Ada", "stronger")?;
        assert_eq!(state(tx)?, ("stronger".to_owned(), 0, None));
        accounts::set_password(tx, ada, "new")?;
        assert_eq!(state(tx)?, ("new".to_owned(), 0, None));
        accounts::set_deactivated(tx, ada, Some(Timestamp(7)))?;
        assert_eq!(state(tx)?, ("new".to_owned(), 1, Some(Timestamp(7))));
        accounts::set_deactivated(tx, ada, None)?;
        assert_eq!(state(tx)?, ("new".to_owned(), 2, None));
        assert_eq!(accounts::credentials_of(tx, bob)?.unwrap().auth_epoch, 0, "the neighbour is left alone");
        Ok(())
    })
    .await;
    store.close();
}

async fn what_somebody_wrote_carries_the_name_that_they_have_now(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let message = post(tx, GENERAL, ada, "hello")?;
        accounts::set_display_name(tx, ada, "Countess", "countess")?;
        let author = store::messages::get(tx, message)?.unwrap().author;
        assert_eq!(author, accounts::get(tx, ada)?.unwrap().author());
        let bob = person(tx, "Bob")?;
        let bob = accounts::get(tx, bob)?.unwrap().author();
        let named = accounts::authors(tx, [bob.id, AccountId(99), ada].into_iter())?;
        assert_eq!(named, [author, bob], "by id, without those who are not there");
        assert_eq!(accounts::authors(tx, [].into_iter())?, []);
        Ok(())
    })
    .await;
    store.close();
}

async fn what_was_asked_at_sign_up_is_kept_and_a_number_is_taken_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    let particulars = Particulars {
        phone: Some("9800000001".into()),
        first_name: Some("Ada".into()),
        last_name: Some("Lovelace".into()),
    };
    let ada = NewAccount { particulars: particulars.clone(), ..new_account("Ada") };
    run(&store, move |tx| {
        let ada = accounts::insert(tx, &ada)?;
        assert_eq!(accounts::particulars_of(tx, ada)?, particulars);
        let bob = person(tx, "Bob")?;
        assert_eq!(accounts::particulars_of(tx, bob)?, Particulars::default());
        assert_eq!(accounts::particulars_of(tx, AccountId(99)), Err(Error::Missing));
        Ok(())
    })
    .await;
    let phone = Some("9800000001".to_owned());
    let same_number =
        NewAccount { particulars: Particulars { phone, ..Particulars::default() }, ..new_account("Cyd") };
    assert_eq!(refused(&store, same_number).await, Error::Conflict(Constraint::Phone));
    store.close();
}

async fn guests_are_counted_and_are_not_found_among_people(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        person(tx, "Ada")?;
        assert_eq!(accounts::count_guests(tx, Timestamp(0))?, 0);
        let guest =
            NewAccount { kind: AccountKind::Guest, username_key: "~eve".into(), ..new_account("Eve") };
        let eve = accounts::insert(tx, &guest)?;
        assert_eq!(accounts::count_guests(tx, Timestamp(0))?, 1);
        assert_eq!(accounts::count_guests(tx, NOW)?, 0, "made before");
        assert_eq!(accounts::by_username(tx, "~eve")?.unwrap().id, eve);
        assert!(accounts::by_username(tx, "eve")?.is_none());
        for (key, skeleton, shown) in
            [("ada", "x", "x"), ("x", "skeleton of ada", "x"), ("x", "x", "the ada")]
        {
            assert!(accounts::is_called(tx, key, skeleton, shown)?, "{key} {skeleton} {shown}");
        }
        assert!(!accounts::is_called(tx, "~eve", "skeleton of eve", "the eve")?, "a guest owns no name");
        assert_eq!(accounts::list(tx, AccountId(0), ALL)?.len(), 1);
        assert_eq!(accounts::find(tx, "~", "\u{7f}", AccountId(0), ALL)?.len(), 0);
        assert_eq!(accounts::only_one_shown_as(tx, "the ada")?.map(|account| account.id), Some(FIRST));
        assert!(accounts::only_one_shown_as(tx, "the eve")?.is_none());
        let namesake = NewAccount { display_name_key: "the ada".into(), ..new_account("Other") };
        let namesake = accounts::insert(tx, &namesake)?;
        assert!(accounts::only_one_shown_as(tx, "the ada")?.is_none(), "there are two");
        accounts::set_deactivated(tx, namesake, Some(NOW))?;
        assert_eq!(accounts::only_one_shown_as(tx, "the ada")?.map(|account| account.id), Some(FIRST));
        Ok(())
    })
    .await;
    store.close();
}

async fn everybody_who_signed_up_is_listed_with_what_was_asked(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let particulars = Particulars {
            phone: Some("9800000001".into()),
            first_name: Some("Ada".into()),
            last_name: Some("Rai".into()),
        };
        let ada =
            accounts::insert(tx, &NewAccount { particulars: particulars.clone(), ..new_account("Ada") })?;
        let guest = NewAccount { kind: AccountKind::Guest, email: None, ..new_account("Eve") };
        let eve = accounts::insert(tx, &guest)?;
        let bob = person(tx, "Bob")?;
        accounts::set_deactivated(tx, bob, Some(NOW))?;
        let all = accounts::list_with_particulars(tx, AccountId(0), ALL)?;
        assert_eq!(all.iter().map(|(me, _)| me.account.id).collect::<Vec<_>>(), [ada, bob]);
        assert_eq!(all[0], (accounts::me_of(tx, ada)?.unwrap(), particulars));
        assert_eq!(all[1].1, Particulars::default());
        let page = accounts::list_with_particulars(tx, ada, 1)?;
        assert_eq!(page.iter().map(|(me, _)| me.account.id).collect::<Vec<_>>(), [bob]);
        assert_eq!(accounts::list_with_particulars(tx, AccountId(0), 1)?.len(), 1);
        let among = accounts::registered_among(tx, [bob, eve, ada, AccountId(99)].into_iter())?;
        assert_eq!(among, [ada, bob], "neither guests nor nobody");
        assert_eq!(accounts::registered_among(tx, [].into_iter())?, []);
        Ok(())
    })
    .await;
    store.close();
}
