//! Every function of the store, on both engines: each test here runs once on SQLite and once on PostgreSQL. `sqlite.rs` and
//! `postgres.rs` hold what only one of them can show.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod engine;
mod migrations;
mod notes;
mod postgres;
mod sqlite;
mod values;

/// Runs each function as two tests, `NAME::on_sqlite` and `NAME::on_postgres`. It gets an empty database.
#[macro_export]
macro_rules! on_both_engines {
    ($(async fn $name:ident($db:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "small stories do not need all that their file shares")]
            use super::*;
            use store::testing::TestDatabase;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story(&TestDatabase::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                story(&TestDatabase::postgres()).await;
            }

            async fn story($db: &TestDatabase) $body
        }
    )+};
}
