//! `store::audit`

use crate::{
    on_both_engines,
    people::{ALL, NOW, person, run},
};
use protocol::{Timestamp, administration::AuditEntry};
use store::testing::TestDatabase;
use store::{accounts, audit};

on_both_engines! {
    entries_are_read_newest_first_page_by_page,
    entries_of_one_kind_and_of_one_account_are_found,
    old_entries_are_forgotten_and_no_others,
}

async fn entries_are_read_newest_first_page_by_page(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        audit::record(tx, NOW, Some(ada), "session.created", "session 1", "")?;
        audit::record(tx, NOW, None, "account.locked", "account 1", "too many attempts")?;
        let newest = audit::list(tx, i64::MAX, None, None, 1)?;
        assert_eq!(newest.len(), 1);
        assert_eq!((&newest[0].actor, newest[0].details.as_str()), (&None, "too many attempts"));
        let rest = audit::list(tx, newest[0].id, None, None, ALL)?;
        assert_eq!(
            rest,
            [AuditEntry {
                id: rest[0].id,
                at: NOW,
                actor: accounts::get(tx, ada)?.map(|account| account.author()),
                action: "session.created".to_owned(),
                subject: "session 1".to_owned(),
                details: String::new(),
            }]
        );
        assert_eq!(audit::list(tx, rest[0].id, None, None, ALL)?, []);
        Ok(())
    })
    .await;
    store.close();
}

async fn entries_of_one_kind_and_of_one_account_are_found(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        for (actor, action) in [(Some(ada), "a.x"), (Some(bob), "a.x"), (None, "a.x"), (Some(ada), "a.y")] {
            audit::record(tx, NOW, actor, action, "1", "")?;
        }
        let mut count = |action, actor| -> store::Result<usize> {
            Ok(audit::list(tx, i64::MAX, action, actor, ALL)?.len())
        };
        assert_eq!((count(None, None)?, count(Some("a.x"), None)?, count(None, Some(ada))?), (4, 3, 2));
        assert_eq!((count(Some("a.x"), Some(ada))?, count(Some("a."), None)?), (1, 0));
        let first = audit::list(tx, i64::MAX, Some("a.x"), None, 1)?;
        let rest = audit::list(tx, first[0].id, Some("a.x"), None, ALL)?;
        assert_eq!((first[0].actor.is_none(), rest.len()), (true, 2));
        Ok(())
    })
    .await;
    store.close();
}

async fn old_entries_are_forgotten_and_no_others(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        for at in [1, 2, 3, 9, 4] {
            audit::record(tx, Timestamp(at), None, "a.x", "1", "")?;
        }
        assert_eq!(audit::forget(tx, Timestamp(4), 2)?, 2);
        assert_eq!(audit::forget(tx, Timestamp(4), 2)?, 1);
        assert_eq!(audit::forget(tx, Timestamp(4), 2)?, 0);
        let kept: Vec<_> =
            audit::list(tx, i64::MAX, None, None, ALL)?.iter().map(|entry| entry.at.0).collect();
        assert_eq!(kept, [4, 9]);
        Ok(())
    })
    .await;
    store.close();
}
