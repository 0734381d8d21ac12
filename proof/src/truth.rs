//! What the database holds when the server has ended, read with statements of our own.

use crate::{
    Result,
    history::{Log, Stored, Truth},
    program::Recipe,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{Database, Store, StoreOptions, Tx, params};

/// The text of messages, the numbers of everything, how far everybody has read.
///
/// # Errors
/// When the database cannot be opened or read.
pub(crate) async fn read(recipe: &Recipe) -> Result<Truth> {
    let store = open(recipe).await?;
    let mut truth = store.read(all).await?;
    if recipe.postgres.is_none() {
        truth.damage = store.read(damage).await?;
    }
    tokio::task::spawn_blocking(move || store.close()).await?;
    Ok(truth)
}

/// Which history it is.
///
/// # Errors
/// When the database cannot be opened or read.
pub(crate) async fn epoch(recipe: &Recipe) -> Result<String> {
    let store = open(recipe).await?;
    let epoch = store.read(|tx| store::meta::get(tx, "epoch")).await?;
    tokio::task::spawn_blocking(move || store.close()).await?;
    epoch.ok_or_else(|| "a database without an epoch".into())
}

/// The tables and indexes and what they are made of, in an order that depends on their names alone.
///
/// # Errors
/// When the database cannot be opened or read.
pub(crate) async fn schema(recipe: &Recipe) -> Result<Vec<String>> {
    let statement = match recipe.postgres {
        Some(_) => {
            "SELECT string_agg(attname || ' ' || atttypid || ' ' || attnotnull, ', ' ORDER BY attnum)
                || ' ' || relname || ' ' || coalesce(pg_get_indexdef(indexrelid), '')
             FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
             LEFT JOIN pg_index ON indexrelid = pg_class.oid
             WHERE relnamespace = 'public'::regnamespace GROUP BY relname, indexrelid ORDER BY relname"
        }
        None => {
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name"
        }
    };
    let store = open(recipe).await?;
    let schema = store.read(|tx| tx.query(statement, params![], |row| row.get::<String>(0))).await?;
    tokio::task::spawn_blocking(move || store.close()).await?;
    Ok(schema)
}

async fn open(recipe: &Recipe) -> Result<Store> {
    let database = match &recipe.postgres {
        Some(url) => Database::Postgres { url: url.clone() },
        None => Database::Sqlite { dir: recipe.data() },
    };
    let options = StoreOptions { database, readers: 1, queue_len_max: 10, batch_len_max: 1 };
    Ok(tokio::task::spawn_blocking(move || Store::open(options)).await??)
}

/// What SQLite finds wrong with its file.
fn damage(tx: &mut Tx<'_>) -> store::Result<Option<String>> {
    let found = tx.query("PRAGMA integrity_check", params![], |row| row.get::<String>(0))?;
    Ok((found != ["ok"]).then(|| found.join("; ")))
}

fn all(tx: &mut Tx<'_>) -> store::Result<Truth> {
    let mut logs = BTreeMap::new();
    let heads = tx.query("SELECT id, last_seq, last_rev, rev FROM conversations", params![], |row| {
        Ok((row.get::<i64>(0)?, row.get(1)?, row.get(2)?, row.get::<i64>(3)?))
    })?;
    for (id, last_seq, last_rev, rev) in heads {
        let messages = tx.query(
            "SELECT seq, rev, author_id, cid, body FROM messages WHERE conversation_id = $1 ORDER BY seq",
            params![id],
            |row| {
                Ok(Stored {
                    seq: row.get(0)?,
                    rev: row.get(1)?,
                    author: row.get(2)?,
                    cid: row.get(3)?,
                    text: row.get(4)?,
                })
            },
        )?;
        let members = tx.query(
            "SELECT account_id, read_seq, rev FROM memberships WHERE conversation_id = $1",
            params![id],
            |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)),
        )?;
        // Making a room is its first change, and lets its owner in.
        let revs: BTreeSet<i64> = members.iter().map(|(.., rev)| *rev).chain([rev]).collect();
        let other_revs = revs.into_iter().filter(|rev| *rev > 0).collect();
        let read = members.into_iter().map(|(account, read_seq, _)| (account, read_seq)).collect();
        logs.insert(id, Log { last_seq, last_rev, messages, other_revs, read });
    }
    let edits = tx.query("SELECT body FROM message_edits", params![], |row| row.get(0))?;
    Ok(Truth { logs, damage: None, edits: edits.into_iter().collect() })
}
