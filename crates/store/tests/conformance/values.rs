//! Statements: parameters, columns, the words that differ, and what unique violations are called.

use crate::{notes::silent, on_both_engines};
use protocol::{AccountId, Timestamp};
use store::testing::TestDatabase;
use store::{Constraint, Error, Lane, Store, Tx, params};

async fn in_transaction<T: Send + 'static>(
    store: &Store,
    run: impl FnMut(&mut Tx<'_>) -> store::Result<T> + Send + 'static,
) -> store::Result<T> {
    store.write(Lane::Any, run, silent).await
}

on_both_engines! {
    values_come_back_as_they_went_in,
    parameters_go_by_their_number_however_often_and_wherever_they_stand,
    no_row_one_row_and_many_rows,
    words_that_differ_mean_the_same,
    a_unique_violation_says_what_is_taken,
    a_mistake_in_a_statement_is_an_error_of_the_program,
}

async fn values_come_back_as_they_went_in(db: &TestDatabase) {
    let store = db.open().unwrap();
    in_transaction(&store, |tx| {
        tx.execute("CREATE TABLE things (i BIGINT, t TEXT, b BLOB, n BIGINT)", params![])?;
        let (text, bytes) = ("ü\u{1F600}'\"$1".to_owned(), vec![0_u8, 255, 39]);
        let changed = tx.execute(
            "INSERT INTO things (i, t, b, n) VALUES ($1, $2, $3, $4)",
            params![i64::MIN, &text, &bytes, None::<i64>],
        )?;
        assert_eq!(changed, 1);
        tx.query_one("SELECT i, t, b, n FROM things", params![], |row| {
            assert_eq!(row.get::<i64>(0)?, i64::MIN);
            assert_eq!(row.get::<String>(1)?, text);
            assert_eq!(row.get::<Vec<u8>>(2)?, bytes);
            assert_eq!(row.get::<Option<i64>>(3)?, None);
            assert_eq!(row.get::<Option<Vec<u8>>>(2)?, Some(bytes.clone()));
            assert!(matches!(row.get::<i64>(1), Err(Error::Database(_))), "a text is no integer");
            assert!(matches!(row.get::<i64>(3), Err(Error::Database(_))), "nothing is no integer");
            assert!(matches!(row.get::<i64>(4), Err(Error::Database(_))), "there is no fifth column");
            Ok(())
        })?;
        tx.execute(
            "UPDATE things SET i = $1, n = $2, t = $3, b = $4",
            params![true, Some(Timestamp(5)), None::<&str>, None::<&[u8]>],
        )?;
        tx.query_one(
            "SELECT i, n, i = 1, t, b, COUNT(*) OVER () FROM things WHERE n = $1",
            params![AccountId(5)],
            |row| {
                assert!(row.get::<bool>(0)?);
                assert_eq!(row.get::<Option<Timestamp>>(1)?, Some(Timestamp(5)));
                assert!(row.get::<bool>(2)?, "a comparison can be read as yes or no");
                assert_eq!(row.get::<Option<String>>(3)?, None);
                assert_eq!(row.get::<Option<Vec<u8>>>(4)?, None);
                assert_eq!(row.get::<i64>(5)?, 1);
                Ok(())
            },
        )
    })
    .await
    .unwrap();
    store.close();
}

async fn parameters_go_by_their_number_however_often_and_wherever_they_stand(db: &TestDatabase) {
    let store = db.open().unwrap();
    let rows = in_transaction(&store, |tx| {
        tx.execute("CREATE TABLE pairs (a BIGINT, b BIGINT)", params![])?;
        for _ in 0..2 {
            tx.execute("INSERT INTO pairs (b, a) VALUES ($2, $1)", params![1, 2])?;
        }
        tx.query("SELECT a, b FROM pairs WHERE b = $2 AND a = $1 AND b > $1", params![1, 2], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
        })
    })
    .await
    .unwrap();
    assert_eq!(rows, [(1, 2), (1, 2)]);
    let wrong =
        store.read(|tx| tx.query("SELECT a FROM pairs WHERE a = $1", params![], |row| row.get::<i64>(0)));
    assert!(matches!(wrong.await, Err(Error::Database(_))), "a parameter is missing");
    store.close();
}

async fn no_row_one_row_and_many_rows(db: &TestDatabase) {
    let store = db.open().unwrap();
    in_transaction(&store, |tx| {
        tx.execute("CREATE TABLE numbers (n BIGINT)", params![])?;
        let select = "SELECT n FROM numbers ORDER BY n";
        assert_eq!(tx.query_opt(select, params![], |row| row.get::<i64>(0))?, None);
        assert_eq!(tx.query_one(select, params![], |row| row.get::<i64>(0)), Err(Error::Missing));
        tx.execute("INSERT INTO numbers (n) VALUES (1), (2)", params![])?;
        assert_eq!(tx.query_opt(select, params![], |row| row.get::<i64>(0))?, Some(1));
        assert_eq!(tx.query(select, params![], |row| row.get::<i64>(0))?, [1, 2]);
        let refused = tx.query(select, params![], |_| Err::<(), _>(Error::Busy));
        assert_eq!(refused, Err(Error::Busy), "the error of the function that reads a row");
        assert_eq!(tx.execute("UPDATE numbers SET n = n + 1", params![])?, 2);
        Ok(())
    })
    .await
    .unwrap();
    store.close();
}

async fn words_that_differ_mean_the_same(db: &TestDatabase) {
    let store = db.open().unwrap();
    let (all, none) = in_transaction(&store, |tx| {
        tx.execute("CREATE TABLE words (id ID_KEY, word SORTED_TEXT NOT NULL, data BLOB)", params![])?;
        for word in ["b", "B", "ä", "a"] {
            tx.execute("INSERT INTO words (word) VALUES ($1)", params![word])?;
        }
        let select = "SELECT id FROM words WHERE id IN ANY_OF($1) ORDER BY id FOR_UPDATE";
        let all = tx.query(select, params!["[2,4,99]"], |row| row.get::<i64>(0))?;
        Ok((all, tx.query(select, params!["[]"], |row| row.get::<i64>(0))?))
    })
    .await
    .unwrap();
    assert_eq!(all, [2, 4]);
    assert_eq!(none, [0; 0]);
    let sorted = store.read(|tx| {
        tx.query("SELECT word FROM words WHERE word >= $1 ORDER BY word", params!["B"], |row| {
            row.get::<String>(0)
        })
    });
    assert_eq!(sorted.await.unwrap(), ["B", "a", "b", "ä"], "sorted by code point");
    store.close();
}

async fn a_unique_violation_says_what_is_taken(db: &TestDatabase) {
    let store = db.open().unwrap();
    let account = "INSERT INTO accounts (username, username_skeleton, username_key, display_name, display_name_key,
            email, phone, kind, role, created_at) VALUES ('a', $1, $2, 'a', 'a', $3, $4, 'person', 'member', 0)";
    let conversation = "INSERT INTO conversations (kind, direct_key, created_at) VALUES ('direct', $1, 0)";
    let session = "INSERT INTO sessions (account_id, token_hash, kind, created_at, last_seen_at, expires_at)
            VALUES (1001, $1, 'opaque', 0, 0, 0)";
    let refresh = "INSERT INTO refresh_tokens (session_id, token_hash, created_at) VALUES (1, $1, 0)";
    let invite = "INSERT INTO invites (conversation_id, code_hash, created_by, needs_approval, created_at)
            VALUES (1, $1, 1001, 0, 0)";
    let message =
        "INSERT INTO messages (conversation_id, seq, rev, posted_rev, author_id, cid, kind, created_at)
            VALUES (1, $1, $1, $1, 1001, $2, 'text', 0)";
    let member = "INSERT INTO memberships (conversation_id, account_id, role, state, joined_at)
            VALUES (1, 1001, 'member', 'active', 0)";
    in_transaction(&store, move |tx| {
        tx.execute(account, params!["s", "k", "e", "p"])?;
        tx.execute(conversation, params!["1:2"])?;
        tx.execute(session, params![b"t"])?;
        tx.execute(refresh, params![b"r"])?;
        tx.execute(invite, params![b"i"])?;
        tx.execute(message, params![1, "c"])?;
        tx.execute(member, params![])
    })
    .await
    .unwrap();

    // Each alone: the first conflict ends a transaction.
    macro_rules! conflict {
        ($sql:expr, $($value:expr),*) => {
            in_transaction(&store, move |tx| tx.execute($sql, params![$($value),*])).await
        };
    }
    let taken = |constraint| Err(Error::Conflict(constraint));
    assert_eq!(conflict!(account, "s", "k2", "e2", "p2"), taken(Constraint::Username));
    assert_eq!(conflict!(account, "s2", "k", "e2", "p2"), taken(Constraint::Username));
    assert_eq!(conflict!(account, "s2", "k2", "e", "p2"), taken(Constraint::Email));
    assert_eq!(conflict!(account, "s2", "k2", "e2", "p"), taken(Constraint::Phone));
    assert_eq!(conflict!(conversation, "1:2"), taken(Constraint::DirectKey));
    assert_eq!(conflict!(session, b"t"), taken(Constraint::Token));
    assert_eq!(conflict!(refresh, b"r"), taken(Constraint::Token));
    assert_eq!(conflict!(invite, b"i"), taken(Constraint::InviteCode));
    assert_eq!(conflict!(message, 2, "c"), taken(Constraint::Cid));
    assert_eq!(conflict!(message, 1, "d"), taken(Constraint::Other), "a number is given out once");
    assert_eq!(conflict!(member,), taken(Constraint::Other), "a primary key");
    let dangling = conflict!(
        "INSERT INTO invites (conversation_id, code_hash, created_by, needs_approval, created_at)
            VALUES (77, $1, 1, 0, 0)",
        b"x"
    );
    assert!(matches!(dangling, Err(Error::Database(_))), "foreign keys are checked: {dangling:?}");
    store.close();
}

async fn a_mistake_in_a_statement_is_an_error_of_the_program(db: &TestDatabase) {
    let store = db.open().unwrap();
    let wrong =
        store.read(|tx| tx.query("SELECT nothing FROM nowhere", params![], |row| row.get::<i64>(0))).await;
    assert!(matches!(wrong, Err(Error::Database(_))), "{wrong:?}");
    assert_eq!(
        store
            .read(|tx| tx.query_one("SELECT COUNT(*) FROM accounts", params![], |row| row.get::<i64>(0)))
            .await,
        Ok(0)
    );
    store.close();
}
