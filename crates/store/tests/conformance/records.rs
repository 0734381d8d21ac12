//! `store::records`

use crate::{
    on_both_engines,
    people::{ALL, NOW, new_account, person, run},
};
use protocol::{AccountId, AccountKind, Timestamp, administration::AccountRecord, ids::NOBODY};
use store::testing::TestDatabase;
use store::{accounts, accounts::NewAccount, records, sessions, sessions::NewSession};

fn ids(records: &[AccountRecord]) -> Vec<AccountId> {
    records.iter().map(|record| record.account.id).collect()
}

on_both_engines! {
    administrators_see_everybody_with_address_and_last_use,
    people_are_found_by_how_a_name_or_an_address_begins,
}

async fn administrators_see_everybody_with_address_and_last_use(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let guest = NewAccount { kind: AccountKind::Guest, email: None, ..new_account("Guest") };
        let guest = accounts::insert(tx, &guest)?;
        accounts::set_deactivated(tx, bob, Some(NOW))?;
        for (account, seen) in [(ada, 5), (ada, 9), (ada, 7)] {
            let session = NewSession {
                account_id: account,
                token_hash: None,
                kind: "jwt",
                user_agent: None,
                ip: None,
                created_at: Timestamp(seen),
                expires_at: NOW,
            };
            sessions::insert(tx, &session)?;
        }
        let all = records::list(tx, None, NOBODY, ALL)?;
        assert_eq!(ids(&all), [ada, bob]);
        assert_eq!(all[0].account, accounts::get(tx, ada)?.unwrap());
        assert_eq!(all[0].email.as_deref(), Some("ada@example.org"));
        assert_eq!(all[0].last_seen_at, Some(Timestamp(9)));
        assert_eq!((all[1].account.deactivated_at, all[1].last_seen_at), (Some(NOW), None));
        assert_eq!(ids(&records::list(tx, None, NOBODY, 1)?), [ada]);
        assert_eq!(ids(&records::list(tx, None, ada, ALL)?), [bob]);
        assert_eq!(ids(&records::list(tx, Some(AccountKind::Guest), NOBODY, ALL)?), [guest]);
        assert_eq!(ids(&records::list(tx, Some(AccountKind::Person), NOBODY, ALL)?), [ada, bob]);
        assert_eq!(ids(&records::list(tx, Some(AccountKind::Bot), NOBODY, ALL)?), []);
        Ok(())
    })
    .await;
    store.close();
}

async fn people_are_found_by_how_a_name_or_an_address_begins(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        accounts::set_email(tx, ada, Some("m-x@example.org"))?;
        accounts::set_email(tx, bob, Some("mx@example.org"))?;
        let guest = NewAccount { kind: AccountKind::Guest, email: None, ..new_account("Adrian") };
        let guest = accounts::insert(tx, &guest)?;
        let mut found = |kind, from: &str, after| {
            let to = format!("{from}\u{10FFFF}");
            records::find(tx, kind, (from, &to), after, ALL).map(|records| ids(&records))
        };
        assert_eq!(found(None, "ad", NOBODY)?, [ada]);
        assert_eq!(found(None, "the ", NOBODY)?, [ada, bob]);
        assert_eq!(found(None, "the ", ada)?, [bob]);
        assert_eq!(found(None, "m-", NOBODY)?, [ada], "signs count, whatever the language of the server");
        assert_eq!(found(None, "mx@example.org", NOBODY)?, [bob]);
        assert_eq!(found(None, "example", NOBODY)?, [], "not in the middle");
        assert_eq!(found(Some(AccountKind::Guest), "ad", NOBODY)?, [guest]);
        Ok(())
    })
    .await;
    store.close();
}
