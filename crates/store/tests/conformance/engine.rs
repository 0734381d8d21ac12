//! The engine itself: transactions, order, limits.

use crate::{
    notes::{self, LANE, add, silent},
    on_both_engines,
};
use std::sync::{Arc, Mutex, mpsc};
use store::testing::TestDatabase;
use store::{Error, Lane, Store, StoreOptions, params};

/// Keeps the writer of `LANE` busy until the sender that it returns is used or dropped.
pub(crate) async fn hold_the_writer(store: &Store) -> mpsc::SyncSender<()> {
    let (release, released) = mpsc::sync_channel(1);
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let mut begun = Some(begun);
    let store = store.clone();
    tokio::spawn(async move {
        let held = move |_: &mut store::Tx<'_>| {
            begun.take().unwrap().send(()).unwrap();
            let _ = released.recv();
            Ok::<_, Error>(())
        };
        store.write(LANE, held, silent).await
    });
    has_begun.await.unwrap();
    release
}

on_both_engines! {
    what_was_written_is_there_after_close_and_open,
    a_failed_transaction_leaves_nothing_and_its_neighbours_alone,
    one_lane_keeps_its_order_and_is_told_in_it,
    a_full_queue_refuses_at_once,
    a_panic_in_a_transaction_is_an_error_and_undoes_it,
    a_panic_while_telling_does_not_take_back_what_is_stored,
    a_read_sees_one_moment,
    a_read_cannot_write,
    a_write_that_nobody_waits_for_is_stored_and_told,
    closing_finishes_what_is_queued,
    after_a_failed_statement_the_transaction_is_lost_whatever_the_function_says,
    the_error_of_the_caller_comes_through,
}

async fn what_was_written_is_there_after_close_and_open(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    notes::write(&store, "a").await.unwrap();
    store.close();
    assert_eq!(notes::write(&store, "b").await, Err(Error::Closed));
    let store = db.open().unwrap();
    assert_eq!(notes::all(&store).await, ["a"]);
    store.close();
}

async fn a_failed_transaction_leaves_nothing_and_its_neighbours_alone(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let release = hold_the_writer(&store).await; // So that the three are committed together where that is done.
    let wrong = store.write(
        LANE,
        |tx| {
            add(tx, "wrong")?;
            Err::<(), _>(Error::Missing)
        },
        |_| panic!("what was not stored is not told"),
    );
    let release = async { drop(release) };
    let (a, wrong, b, ()) =
        tokio::join!(notes::write(&store, "a"), wrong, notes::write(&store, "b"), release);
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(wrong, Err(Error::Missing));
    assert_eq!(notes::all(&store).await, ["a", "b"]);
    store.close();
}

async fn one_lane_keeps_its_order_and_is_told_in_it(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let mut waiting = Vec::new();
    let release = hold_the_writer(&store).await;
    for number in 0..200 {
        let told = Arc::clone(&told);
        let write = store.write(
            LANE,
            move |tx| {
                add(tx, &format!("{number:03}"))?;
                Ok::<_, Error>(number)
            },
            move |number| told.lock().unwrap().push(*number),
        );
        // Asked for in this order: the first poll puts it into the queue.
        let mut write = Box::pin(write);
        assert!(poll_once(&mut write).await.is_none());
        waiting.push(write);
    }
    drop(release);
    for (number, write) in waiting.into_iter().enumerate() {
        assert_eq!(write.await.unwrap(), number);
        assert!(told.lock().unwrap().contains(&number), "told before the answer");
    }
    let expected: Vec<usize> = (0..200).collect();
    assert_eq!(*told.lock().unwrap(), expected);
    let stored: Vec<usize> = notes::all(&store).await.iter().map(|text| text.parse().unwrap()).collect();
    assert_eq!(stored, expected);
    store.close();
}

async fn a_full_queue_refuses_at_once(db: &TestDatabase) {
    let store = Store::open(StoreOptions { queue_len_max: 2, ..db.options() }).unwrap();
    notes::make_table(&store).await;
    let release = hold_the_writer(&store).await;
    let mut first = Box::pin(notes::write(&store, "first"));
    let mut second = Box::pin(notes::write(&store, "second"));
    assert!(poll_once(&mut first).await.is_none());
    assert!(poll_once(&mut second).await.is_none());
    assert_eq!(notes::write(&store, "third").await, Err(Error::Busy));
    drop(release);
    assert!(first.await.is_ok() && second.await.is_ok());
    assert!(notes::write(&store, "fourth").await.is_ok());
    store.close();
}

async fn a_panic_in_a_transaction_is_an_error_and_undoes_it(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let wrong: Result<(), Error> = store
        .write(
            LANE,
            |tx| {
                add(tx, "wrong")?;
                panic!("on purpose")
            },
            silent,
        )
        .await;
    assert!(matches!(wrong, Err(Error::Database(reason)) if reason.contains("on purpose")));
    let wrong: Result<(), Error> = store.read(|_| panic!("on purpose")).await;
    assert!(matches!(wrong, Err(Error::Database(_))));
    notes::write(&store, "right").await.unwrap();
    assert_eq!(notes::all(&store).await, ["right"]);
    store.close();
}

async fn a_panic_while_telling_does_not_take_back_what_is_stored(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let told = store.write(LANE, |tx| add(tx, "a"), |_| panic!("on purpose")).await;
    assert!(told.is_ok());
    notes::write(&store, "b").await.unwrap();
    assert_eq!(notes::all(&store).await, ["a", "b"]);
    store.close();
}

async fn a_read_sees_one_moment(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let (looked, has_looked) = tokio::sync::oneshot::channel();
    let (written, is_written) = mpsc::sync_channel(1);
    let reader = store.read(move |tx| {
        let before = notes::count(tx)?;
        looked.send(()).unwrap();
        is_written.recv().unwrap();
        Ok::<_, Error>((before, notes::count(tx)?))
    });
    let writer = async {
        has_looked.await.unwrap();
        notes::write(&store, "a").await.unwrap();
        written.send(()).unwrap();
    };
    let (seen, ()) = tokio::join!(reader, writer);
    assert_eq!(seen.unwrap(), (0, 0));
    assert_eq!(store.read(notes::count).await.unwrap(), 1);
    store.close();
}

async fn a_read_cannot_write(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let wrong = store.read(|tx| add(tx, "a")).await;
    assert!(matches!(wrong, Err(Error::Database(_) | Error::Unavailable(_))), "{wrong:?}");
    assert_eq!(notes::all(&store).await, Vec::<String>::new());
    store.close();
}

async fn a_write_that_nobody_waits_for_is_stored_and_told(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let release = hold_the_writer(&store).await;
    let (told, is_told) = mpsc::sync_channel(1);
    let mut write = Box::pin(store.write(LANE, |tx| add(tx, "a"), move |_| told.send(()).unwrap()));
    assert!(poll_once(&mut write).await.is_none());
    drop(write);
    drop(release);
    tokio::task::spawn_blocking(move || is_told.recv().unwrap()).await.unwrap();
    assert_eq!(notes::all(&store).await, ["a"]);
    store.close();
}

async fn closing_finishes_what_is_queued(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let release = hold_the_writer(&store).await;
    let mut waiting = Vec::new();
    for number in 0..20 {
        let store = store.clone();
        let mut write = Box::pin(async move { notes::write(&store, &number.to_string()).await });
        assert!(poll_once(&mut write).await.is_none());
        waiting.push(write);
    }
    let closing = store.clone();
    let closed = tokio::task::spawn_blocking(move || closing.close());
    drop(release);
    for write in waiting {
        write.await.unwrap();
    }
    closed.await.unwrap();
    store.close(); // Twice does no harm.
    assert_eq!(store.read(notes::count).await, Err(Error::Closed));
}

async fn after_a_failed_statement_the_transaction_is_lost_whatever_the_function_says(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    notes::write(&store, "a").await.unwrap();
    let wrong = store
        .write(
            LANE,
            |tx| {
                add(tx, "b")?;
                let _ = add(tx, "a");
                Ok::<_, Error>(())
            },
            silent,
        )
        .await;
    assert!(matches!(wrong, Err(Error::Conflict(_))), "{wrong:?}");
    assert_eq!(notes::all(&store).await, ["a"]);
    store.close();
}

async fn the_error_of_the_caller_comes_through(db: &TestDatabase) {
    #[derive(Debug, PartialEq)]
    enum Refused {
        NotAllowed,
        Store(Error),
    }
    impl From<Error> for Refused {
        fn from(error: Error) -> Self {
            Self::Store(error)
        }
    }
    let store = db.open().unwrap();
    let refused = store.write(Lane::Any, |_| Err::<(), _>(Refused::NotAllowed), silent).await;
    assert_eq!(refused, Err(Refused::NotAllowed));
    let refused: Result<i64, Refused> = store
        .read(|tx| Ok(tx.query_one("SELECT 1 FROM accounts WHERE id = 0", params![], |row| row.get(0))?))
        .await;
    assert_eq!(refused, Err(Refused::Store(Error::Missing)));
    store.close();
}

/// Polls once; the value if it is there.
pub(crate) async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        })
    })
    .await
}
