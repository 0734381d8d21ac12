//! A small table that the tests of the engine write to.

use protocol::ConversationId;
use store::{Lane, Result, Store, Tx, params};

/// The lane of everything that must keep its order.
pub(crate) const LANE: Lane = Lane::Conversation(ConversationId(1));

pub(crate) fn silent<T>(_: &T) {}

pub(crate) async fn make_table(store: &Store) {
    let made = store.write(
        Lane::Any,
        |tx| tx.execute("CREATE TABLE notes (id ID_KEY, text TEXT NOT NULL UNIQUE, data BLOB)", params![]),
        silent,
    );
    made.await.unwrap();
}

pub(crate) fn add(tx: &mut Tx<'_>, text: &str) -> Result<i64> {
    tx.query_one("INSERT INTO notes (text) VALUES ($1) RETURNING id", params![text], |row| row.get(0))
}

pub(crate) fn count(tx: &mut Tx<'_>) -> Result<i64> {
    tx.query_one("SELECT COUNT(*) FROM notes", params![], |row| row.get(0))
}

pub(crate) async fn write(store: &Store, text: &str) -> Result<i64> {
    let text = text.to_owned();
    store.write(LANE, move |tx| add(tx, &text), silent).await
}

pub(crate) async fn all(store: &Store) -> Vec<String> {
    let read = store
        .read(|tx| tx.query("SELECT text FROM notes ORDER BY id", params![], |row| row.get::<String>(0)));
    read.await.unwrap()
}
