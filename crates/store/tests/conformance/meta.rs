//! `store::meta`

use crate::{on_both_engines, people::run};
use store::meta;
use store::testing::TestDatabase;

on_both_engines! {
    a_fact_is_set_changed_and_read,
    the_first_value_stays_and_everyone_gets_it,
    a_secret_can_be_taken_once_and_only_by_who_knows_it,
    of_several_who_replace_the_same_value_one_does,
    a_number_grows_by_all_that_is_added_at_once,
}

async fn a_fact_is_set_changed_and_read(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        assert_eq!(meta::get(tx, "motd")?, None);
        meta::set(tx, "motd", "hello")?;
        meta::set(tx, "motd", "good bye")?;
        assert_eq!(meta::get(tx, "motd")?.as_deref(), Some("good bye"));
        assert_eq!(meta::get(tx, "MOTD")?, None);
        Ok(())
    })
    .await;
    store.close();
}

async fn the_first_value_stays_and_everyone_gets_it(db: &TestDatabase) {
    let store = db.open().unwrap();
    let both = tokio::join!(
        run(&store, |tx| meta::get_or_set(tx, "epoch", "one")),
        run(&store, |tx| meta::get_or_set(tx, "epoch", "two")),
    );
    assert_eq!(both.0, both.1);
    assert!(["one", "two"].contains(&both.0.as_str()));
    store.close();
}

async fn of_several_who_replace_the_same_value_one_does(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| meta::set(tx, "epoch", "old")).await;
    let both = tokio::join!(
        run(&store, |tx| meta::replace(tx, "epoch", "old", "one")),
        run(&store, |tx| meta::replace(tx, "epoch", "old", "two")),
    );
    assert_ne!(both.0, both.1, "one of the two");
    let kept = if both.0 { "one" } else { "two" };
    assert_eq!(run(&store, |tx| meta::get(tx, "epoch")).await.as_deref(), Some(kept));
    store.close();
}

async fn a_secret_can_be_taken_once_and_only_by_who_knows_it(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| meta::set(tx, "setup", "secret")).await;
    assert!(!run(&store, |tx| meta::take(tx, "setup", "guess")).await);
    let both = tokio::join!(
        run(&store, |tx| meta::take(tx, "setup", "secret")),
        run(&store, |tx| meta::take(tx, "setup", "secret")),
    );
    assert_ne!(both.0, both.1, "one of the two");
    assert_eq!(run(&store, |tx| meta::get(tx, "setup")).await, None);
    run(&store, |tx| {
        meta::set(tx, "setup", "another")?;
        meta::forget(tx, "setup")?;
        meta::forget(tx, "setup")?;
        assert_eq!(meta::get(tx, "setup")?, None);
        Ok(())
    })
    .await;
    store.close();
}

async fn a_number_grows_by_all_that_is_added_at_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    assert_eq!(run(&store, |tx| meta::add(tx, "views", 5)).await, 5);
    let (one, other) = tokio::join!(
        run(&store, |tx| meta::add(tx, "views", 2)),
        run(&store, |tx| meta::add(tx, "views", 3))
    );
    assert_eq!(one.max(other), 10);
    assert_eq!(run(&store, |tx| meta::add(tx, "views", -20)).await, -10);
    assert_eq!(run(&store, |tx| meta::get(tx, "views")).await.as_deref(), Some("-10"));
    store.close();
}
