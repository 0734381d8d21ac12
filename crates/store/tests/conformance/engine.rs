//! The engine itself: transactions, order, limits.

use crate::on_both_engines;
use protocol::ConversationId;
use std::sync::{Arc, Mutex};
use store::{Error, Lane, Store, Tx, params};

const NOTE: Lane = Lane::Conversation(ConversationId(1));

fn silent<T>(_: &T) {}

async fn make_notes(store: &Store) {
    store
        .write(
            Lane::Any,
            |tx| {
                tx.execute("CREATE TABLE notes (id ID_KEY, text TEXT NOT NULL UNIQUE, data BLOB)", params![])
            },
            silent,
        )
        .await
        .unwrap();
}

fn add(tx: &mut Tx<'_>, text: &str) -> store::Result<i64> {
    tx.query_one("INSERT INTO notes (text) VALUES ($1) RETURNING id", params![text], |row| row.get(0))
}

async fn note(store: &Store, text: &str) -> store::Result<i64> {
    let text = text.to_owned();
    store.write(NOTE, move |tx| add(tx, &text), silent).await
}

async fn notes(store: &Store) -> Vec<String> {
    store
        .read(|tx| tx.query("SELECT text FROM notes ORDER BY id", params![], |row| row.get::<String>(0)))
        .await
        .unwrap()
}

on_both_engines! {
    async fn what_was_written_is_there_after_close_and_open(db) {
        let store = db.open().unwrap();
        make_notes(&store).await;
        note(&store, "a").await.unwrap();
        store.close();
        assert_eq!(note(&store, "b").await, Err(Error::Closed));
        let store = db.open().unwrap();
        assert_eq!(notes(&store).await, ["a"]);
        store.close();
    }

    async fn a_failed_transaction_leaves_nothing_and_its_neighbours_alone(db) {
        let store = db.open().unwrap();
        make_notes(&store).await;
        let wrong = store.write(NOTE, |tx| {
            add(tx, "wrong")?;
            Err::<(), _>(Error::Missing)
        }, silent);
        let (a, wrong, b) = tokio::join!(note(&store, "a"), wrong, note(&store, "b"));
        assert!(a.is_ok() && b.is_ok());
        assert_eq!(wrong, Err(Error::Missing));
        assert_eq!(notes(&store).await, ["a", "b"]);
        store.close();
    }

    async fn one_lane_is_told_in_the_order_of_its_commits(db) {
        let store = db.open().unwrap();
        make_notes(&store).await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for number in 0..200 {
            let (store, told) = (store.clone(), Arc::clone(&told));
            let write = async move {
                store.write(NOTE, move |tx| add(tx, &number.to_string()), move |id| told.lock().unwrap().push(*id)).await
            };
            waiting.push(tokio::spawn(write));
        }
        for write in waiting {
            write.await.unwrap().unwrap();
        }
        let told = told.lock().unwrap().clone();
        assert_eq!(told.len(), 200);
        assert!(told.is_sorted(), "{told:?}");
        store.close();
    }
}
