//! Opening: schema versions, and what is refused.

use crate::{
    notes::{self, silent},
    on_both_engines,
    people::{ALL, NOW, direct, person, post, run},
};
use protocol::{ConversationPreferences, Notify, api::UpdatePreferences, ids::GENERAL};
use store::testing::TestDatabase;
use store::{
    Error, Lane, Migration, OpenError, Store, inbox, inbox::Place, memberships, params, preferences,
};

const ONE: Migration = Migration {
    version: 1,
    name: "notes",
    sql: "CREATE TABLE notes (id ID_KEY, text TEXT NOT NULL UNIQUE);",
};
const TWO: Migration = Migration {
    version: 2,
    name: "stars",
    sql: "ALTER TABLE notes ADD COLUMN stars BIGINT NOT NULL DEFAULT 0;
          UPDATE notes SET stars = 1;",
};

on_both_engines! {
    a_migration_is_applied_once_and_keeps_what_is_there,
    a_migration_that_fails_leaves_the_database_as_it_was,
    a_database_of_a_newer_parlor_is_refused,
    a_migration_whose_text_changed_is_refused,
    general_is_the_first_conversation,
    whoever_was_a_member_before_preferences_gets_the_usual,
    what_concerned_one_before_there_was_an_inbox_is_in_it,
}

async fn a_migration_is_applied_once_and_keeps_what_is_there(db: &TestDatabase) {
    let store = Store::open_with_migrations(db.options(), &[ONE]).unwrap();
    notes::write(&store, "a").await.unwrap();
    store.close();
    for _ in 0..2 {
        let store = Store::open_with_migrations(db.options(), &[ONE, TWO]).unwrap();
        let stars =
            store.read(|tx| tx.query("SELECT stars FROM notes", params![], |row| row.get::<i64>(0))).await;
        assert_eq!(stars, Ok(vec![1]));
        store.close();
    }
}

async fn a_migration_that_fails_leaves_the_database_as_it_was(db: &TestDatabase) {
    let store = Store::open_with_migrations(db.options(), &[ONE]).unwrap();
    store.close();
    let wrong =
        Migration { sql: "ALTER TABLE notes ADD COLUMN stars BIGINT; SELECT nothing FROM nowhere;", ..TWO };
    let refused = Store::open_with_migrations(db.options(), &[ONE, wrong]);
    assert!(matches!(refused, Err(OpenError::Database(_))));
    let store = Store::open_with_migrations(db.options(), &[ONE, TWO]).unwrap();
    store.close();
}

async fn a_database_of_a_newer_parlor_is_refused(db: &TestDatabase) {
    db.open().unwrap().close();
    db.run(
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'future', '', 0)",
    );
    let refused = db.open().map(drop);
    assert!(matches!(refused, Err(OpenError::Newer { found: 9999, .. })), "{refused:?}");
}

async fn a_migration_whose_text_changed_is_refused(db: &TestDatabase) {
    db.open().unwrap().close();
    db.run("UPDATE schema_migrations SET checksum = 'other' WHERE version = 1");
    let refused = db.open().map(drop);
    assert!(matches!(refused, Err(OpenError::Changed { version: 1, .. })), "{refused:?}");
}

async fn general_is_the_first_conversation(db: &TestDatabase) {
    let store = db.open().unwrap();
    let first = store
        .read(|tx| {
            tx.query("SELECT id, kind FROM conversations", params![], |row| {
                Ok((row.get::<i64>(0)?, row.get::<String>(1)?))
            })
        })
        .await;
    assert_eq!(first, Ok(vec![(1, "general".to_owned())]));
    let second = store
        .write(
            Lane::Any,
            |tx| {
                tx.query_one(
                    "INSERT INTO conversations (kind, created_at) VALUES ('room', 0) RETURNING id",
                    params![],
                    |row| row.get::<i64>(0),
                )
            },
            silent,
        )
        .await;
    assert_eq!(second, Ok::<_, Error>(2));
    store.close();
}

/// The schema of the first versions, before preferences.
const BEFORE_PREFERENCES: [Migration; 4] = [
    Migration { version: 1, name: "the_house", sql: include_str!("../../src/migrations/0001_the_house.sql") },
    Migration { version: 2, name: "dialects", sql: include_str!("../../src/migrations/0002_dialects.sql") },
    Migration {
        version: 3,
        name: "identities",
        sql: include_str!("../../src/migrations/0003_identities.sql"),
    },
    Migration {
        version: 4,
        name: "small_numbers",
        sql: include_str!("../../src/migrations/0004_small_numbers.sql"),
    },
];

async fn whoever_was_a_member_before_preferences_gets_the_usual(db: &TestDatabase) {
    let store = Store::open_with_migrations(db.options(), &BEFORE_PREFERENCES).unwrap();
    let (ada, chat) = run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let chat = direct(tx, ada, bob)?;
        tx.execute("UPDATE memberships SET notify = 'all', read_seq = 4", params![])?;
        Ok((ada, chat))
    })
    .await;
    store.close();
    let store = db.open().unwrap();
    run(&store, move |tx| {
        let all = UpdatePreferences { notify: Some(Notify::All), ..Default::default() };
        assert_eq!(preferences::get(tx, chat, ada)?, ConversationPreferences::default());
        assert_eq!(memberships::get(tx, chat, ada)?.unwrap().read_seq, 4);
        assert_eq!(preferences::set(tx, chat, ada, all)?.unwrap().notify, Notify::All);
        Ok(())
    })
    .await;
    store.close();
}

async fn what_concerned_one_before_there_was_an_inbox_is_in_it(db: &TestDatabase) {
    let store = Store::open_with_migrations(db.options(), &BEFORE_PREFERENCES).unwrap();
    let (ada, id) = run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let (mine, theirs) = (post(tx, GENERAL, ada, "mine")?, post(tx, GENERAL, bob, "@ada")?);
        tx.execute(
            "INSERT INTO reactions (message_id, account_id, emoji, rev) VALUES ($1, $2, '+', 3)",
            params![mine, bob],
        )?;
        tx.execute(
            "INSERT INTO mentions (account_id, conversation_id, seq, message_id) VALUES ($1, 1, 2, $2)",
            params![ada, theirs],
        )?;
        Ok((ada, mine))
    })
    .await;
    store.close();
    let store = db.open().unwrap();
    run(&store, move |tx| {
        let reactions = inbox::reactions(tx, ada, Place::TOP, ALL)?;
        assert_eq!(reactions[0].place, Place { at: NOW, message: id, rev: 3 });
        let mentions = inbox::mentions(tx, ada, Place::TOP, ALL)?;
        assert_eq!((mentions.len(), mentions[0].place.at), (1, NOW), "as old as its message");
        Ok(())
    })
    .await;
    store.close();
}
