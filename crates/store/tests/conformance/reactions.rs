//! `store::reactions`

use crate::{
    on_both_engines,
    people::{NOW, person, post, run},
};
use protocol::{Reaction, ids::GENERAL};
use store::testing::TestDatabase;
use store::{messages, reactions};

on_both_engines! {
    an_emoji_is_put_and_taken_off_once,
    reactions_stand_in_the_order_in_which_they_came,
}

async fn an_emoji_is_put_and_taken_off_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let id = post(tx, GENERAL, ada, "hello")?;
        assert!(reactions::add(tx, id, ada, "👍", 2, NOW)?);
        assert!(!reactions::add(tx, id, ada, "👍", 3, NOW)?);
        assert!(!reactions::remove(tx, id, ada, "👍🏽")?, "another emoji");
        assert!(reactions::remove(tx, id, ada, "👍")?);
        assert!(!reactions::remove(tx, id, ada, "👍")?);
        assert_eq!(messages::get(tx, id)?.unwrap().reactions, []);
        Ok(())
    })
    .await;
    store.close();
}

async fn reactions_stand_in_the_order_in_which_they_came(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let (one, two) = (post(tx, GENERAL, ada, "one")?, post(tx, GENERAL, ada, "two")?);
        reactions::add(tx, one, bob, "🎉", 3, NOW)?;
        reactions::add(tx, one, ada, "👍", 4, NOW)?;
        reactions::add(tx, one, ada, "🎉", 5, NOW)?;
        reactions::add(tx, two, bob, "👍", 6, NOW)?;
        messages::touch(tx, one, 5)?;
        messages::touch(tx, two, 6)?;
        let reaction = |emoji: &str, accounts: &[protocol::AccountId]| Reaction {
            emoji: emoji.to_owned(),
            accounts: accounts.to_vec(),
        };
        let on_one = vec![reaction("🎉", &[bob, ada]), reaction("👍", &[ada])];
        assert_eq!(messages::get(tx, one)?.unwrap().reactions, on_one);
        let mut each = reactions::of_each(tx, &format!("[{one},{two},99]"))?;
        assert_eq!(each.remove(&one), Some(on_one));
        assert_eq!(each.remove(&two), Some(vec![reaction("👍", &[bob])]));
        assert!(each.is_empty() && reactions::of_each(tx, "[]")?.is_empty());
        Ok(())
    })
    .await;
    store.close();
}
