//! `store::identities`

use crate::{
    notes::silent,
    on_both_engines,
    people::{NOW, person, run},
};
use protocol::{AccountId, Identity, Provider, Timestamp};
use store::testing::TestDatabase;
use store::{Constraint, Error, Lane, Result, Tx, identities, identities::NewIdentity};

fn link(tx: &mut Tx<'_>, account_id: AccountId, subject: &str, login: &str) -> Result<()> {
    identities::insert(
        tx,
        &NewIdentity { provider: Provider::Github, subject, account_id, login, created_at: NOW },
    )
}

on_both_engines! {
    an_identity_leads_to_its_account_and_is_listed_there,
    an_identity_belongs_to_one_account_and_an_account_has_one_of_a_service,
    an_identity_that_was_let_go_is_free_again,
}

async fn an_identity_leads_to_its_account_and_is_listed_there(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        link(tx, ada, "7", "ada-l")?;
        link(tx, bob, "07", "bob")?;
        assert_eq!(identities::account_of(tx, Provider::Github, "7")?, Some(ada));
        assert_eq!(identities::account_of(tx, Provider::Github, "07")?, Some(bob), "letter by letter");
        assert_eq!(identities::account_of(tx, Provider::Github, "8")?, None);
        identities::set_login(tx, Provider::Github, "7", "countess")?;
        let identity = Identity { provider: Provider::Github, login: "countess".to_owned(), created_at: NOW };
        assert_eq!(identities::list(tx, ada)?, [identity]);
        assert_eq!(identities::list(tx, AccountId(0))?, []);
        Ok(())
    })
    .await;
    store.close();
}

async fn an_identity_belongs_to_one_account_and_an_account_has_one_of_a_service(db: &TestDatabase) {
    let store = db.open().unwrap();
    let (ada, bob) = run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        link(tx, ada, "7", "ada")?;
        Ok((ada, bob))
    })
    .await;
    for (account, subject) in [(bob, "7"), (ada, "7"), (ada, "8")] {
        let refused = store.write(Lane::Any, move |tx| link(tx, account, subject, "x"), silent).await;
        assert_eq!(refused, Err(Error::Conflict(Constraint::Identity)), "{account} {subject}");
    }
    store.close();
}

async fn an_identity_that_was_let_go_is_free_again(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        link(tx, ada, "7", "ada")?;
        assert!(!identities::delete(tx, bob, Provider::Github)?, "not somebody else's");
        assert!(identities::delete(tx, ada, Provider::Github)?);
        assert!(!identities::delete(tx, ada, Provider::Github)?, "not twice");
        assert_eq!(identities::account_of(tx, Provider::Github, "7")?, None);
        identities::insert(
            tx,
            &NewIdentity {
                provider: Provider::Github,
                subject: "7",
                account_id: bob,
                login: "bob",
                created_at: Timestamp(NOW.0 + 1),
            },
        )
    })
    .await;
    store.close();
}
