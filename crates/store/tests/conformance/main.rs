//! Every function of the store, on both engines: each story here runs once on SQLite and once on PostgreSQL. `sqlite.rs` and
//! `postgres.rs` hold what only one of them can show.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod engine;
mod house;
mod migrations;
mod notes;
mod parts;
mod people;
mod postgres;
mod sqlite;
mod transfer;
mod values;
mod views;

// The nouns.
mod accounts;
mod audit;
mod conversations;
mod identities;
mod inbox;
mod invites;
mod memberships;
mod messages;
mod meta;
mod preferences;
mod reactions;
mod receipts;
mod records;
mod sessions;
mod words;

/// Runs each story as two tests, `on_sqlite::NAME` and `on_postgres::NAME`. It gets an empty database.
#[macro_export]
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(&store::testing::TestDatabase::sqlite()).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(&store::testing::TestDatabase::postgres()).await;
            })+
        }
    };
}
