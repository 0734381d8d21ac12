//! `store::audit`

use crate::{
    on_both_engines,
    people::{NOW, person, run},
};
use store::testing::TestDatabase;
use store::{audit, audit::Entry};

on_both_engines! {
    entries_are_read_in_the_order_in_which_they_were_added_page_by_page,
}

async fn entries_are_read_in_the_order_in_which_they_were_added_page_by_page(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        audit::record(tx, NOW, Some(ada), "session.created", "session 1", "")?;
        audit::record(tx, NOW, None, "account.locked", "account 1", "too many attempts")?;
        let first = audit::list(tx, 0, 1)?;
        assert_eq!(
            first,
            [Entry {
                id: first[0].id,
                at: NOW,
                actor: Some(ada),
                action: "session.created".to_owned(),
                subject: "session 1".to_owned(),
                details: String::new(),
            }]
        );
        let rest = audit::list(tx, first[0].id, 10)?;
        assert_eq!(rest.len(), 1);
        assert_eq!((rest[0].actor, rest[0].details.as_str()), (None, "too many attempts"));
        Ok(())
    })
    .await;
    store.close();
}
