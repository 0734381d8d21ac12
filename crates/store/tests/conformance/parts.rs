//! Transactions that are run together with others of their kind, and are stored or refused by themselves all the same.

use crate::{
    engine::{hold_the_writer, poll_once},
    notes::{self, LANE, add},
    on_both_engines,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};
use store::testing::TestDatabase;
use store::{Error, Outcome, Part, Result, Store, Tx};

/// Adds a note.
struct Note {
    text: &'static str,
    // How many notes each run was of.
    runs: Arc<Mutex<Vec<usize>>>,
}

impl Part for Note {
    type Done = i64;
    type Error = Error;

    fn run(tx: &mut Tx<'_>, notes: &[&Self]) -> Result<Outcome<Self>> {
        let texts: Vec<&str> = notes.iter().map(|note| note.text).collect();
        if let [first, ..] = notes {
            first.runs.lock().unwrap().push(texts.len());
        }
        assert!(!texts.contains(&"panics"));
        let refused: Vec<_> = (0..)
            .zip(&texts)
            .filter(|(_, text)| text.starts_with("no"))
            .map(|(at, _)| (at, Error::Missing))
            .collect();
        let ids = texts.iter().map(|text| add(tx, text)).collect::<Result<Vec<_>>>()?;
        Ok(if refused.is_empty() { Outcome::Done(ids) } else { Outcome::Refused(refused) })
    }
}

/// What came of notes that waited for the writer together.
struct Came {
    results: Vec<Result<i64>>,
    told: Vec<i64>,
    /// How many were told when the first was called that tells together.
    told_at_last: Vec<usize>,
    runs: Vec<usize>,
}

async fn add_together(store: &Store, texts: &[&'static str]) -> Came {
    let release = hold_the_writer(store).await;
    let (runs, told, told_at_last) =
        (Arc::default(), Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let mut waiting = Vec::new();
    for text in texts {
        let note = Note { text, runs: Arc::clone(&runs) };
        let (told, seen, at_last) = (Arc::clone(&told), Arc::clone(&told), Arc::clone(&told_at_last));
        let mut one = Box::pin({
            let store = store.clone();
            async move {
                let tell = move |id: &i64| told.lock().unwrap().push(*id);
                let tell_last = move || at_last.lock().unwrap().push(seen.lock().unwrap().len());
                store.write_part(LANE, note, tell, tell_last).await
            }
        });
        // Polled once, it stands in the queue.
        assert!(poll_once(&mut one).await.is_none());
        waiting.push(one);
    }
    drop(release);
    let mut results = Vec::new();
    for one in waiting {
        results.push(one.await);
    }
    let all = |of: &Arc<Mutex<Vec<usize>>>| of.lock().unwrap().clone();
    Came { results, told: told.lock().unwrap().clone(), told_at_last: all(&told_at_last), runs: all(&runs) }
}

on_both_engines! {
    those_that_wait_are_run_once_and_told_in_their_order,
    one_that_is_refused_is_left_out_and_the_others_are_stored,
    what_fails_together_is_tried_one_by_one,
    one_that_panics_takes_nobody_with_it,
}

async fn those_that_wait_are_run_once_and_told_in_their_order(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let came = add_together(&store, &["a", "b", "c"]).await;
    let ids: Vec<i64> = came.results.into_iter().map(Result::unwrap).collect();
    assert_eq!((came.told, came.runs), (ids, vec![3]));
    assert_eq!(came.told_at_last, [3, 3, 3], "only when all were told");
    assert_eq!(notes::all(&store).await, ["a", "b", "c"]);
    store.close();
}

async fn one_that_is_refused_is_left_out_and_the_others_are_stored(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let came = add_together(&store, &["a", "no", "b", "nor", "c"]).await;
    let refused: Vec<usize> = (0..5).filter(|at| came.results[*at] == Err(Error::Missing)).collect();
    assert_eq!((refused, came.runs), (vec![1, 3], vec![5, 3]));
    assert_eq!(came.told.len(), 3);
    assert_eq!(notes::all(&store).await, ["a", "b", "c"]);
    let came = add_together(&store, &["no", "not"]).await;
    assert_eq!((came.results, came.runs), (vec![Err(Error::Missing), Err(Error::Missing)], vec![2]));
    assert_eq!(notes::all(&store).await, ["a", "b", "c"]);
    store.close();
}

async fn what_fails_together_is_tried_one_by_one(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    // No two notes may have the same text.
    let came = add_together(&store, &["a", "b", "a", "c"]).await;
    assert_eq!(came.runs, [4, 1, 1, 1, 1]);
    assert!(matches!(came.results[..], [Ok(_), Ok(_), Err(Error::Conflict(_)), Ok(_)]), "{:?}", came.results);
    assert_eq!(notes::all(&store).await, ["a", "b", "c"]);
    let different: HashSet<i64> = came.told.iter().copied().collect();
    assert_eq!((came.told.len(), different.len()), (3, 3));
    store.close();
}

async fn one_that_panics_takes_nobody_with_it(db: &TestDatabase) {
    let store = db.open().unwrap();
    notes::make_table(&store).await;
    let came = add_together(&store, &["a", "panics", "b"]).await;
    assert!(matches!(came.results[..], [Ok(_), Err(Error::Database(_)), Ok(_)]), "{:?}", came.results);
    assert_eq!(notes::all(&store).await, ["a", "b"]);
    store.close();
}
