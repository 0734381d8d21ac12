//! `store::audit`

use crate::{
    on_both_engines,
    people::{ALL, NOW, person, run},
};
use protocol::administration::AuditEntry;
use store::testing::TestDatabase;
use store::{accounts, audit};

on_both_engines! {
    entries_are_read_newest_first_page_by_page,
}

async fn entries_are_read_newest_first_page_by_page(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        audit::record(tx, NOW, Some(ada), "session.created", "session 1", "")?;
        audit::record(tx, NOW, None, "account.locked", "account 1", "too many attempts")?;
        let newest = audit::list(tx, i64::MAX, 1)?;
        assert_eq!(newest.len(), 1);
        assert_eq!((&newest[0].actor, newest[0].details.as_str()), (&None, "too many attempts"));
        let rest = audit::list(tx, newest[0].id, ALL)?;
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
        assert_eq!(audit::list(tx, rest[0].id, ALL)?, []);
        Ok(())
    })
    .await;
    store.close();
}
