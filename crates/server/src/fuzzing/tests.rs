//! What fuzzing has found so far, replayed.

use super::{TARGETS, chat};
use std::{fs, path::Path, time::Instant};

/// What the repository keeps of each target at most.
const FILES_MAX: usize = 200;
const FILE_LEN_MAX: u64 = 1024;
/// Hostile bytes cost no more than others. Plenty: a kilobyte takes microseconds.
const PATIENCE_S: u64 = 1;

#[test]
fn everything_that_fuzzing_has_found_is_taken_or_refused_as_it_should_be() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for target in TARGETS {
        let files: Vec<_> = fs::read_dir(corpus.join(target.name))
            .unwrap_or_else(|error| panic!("{} has no saved inputs: {error}", target.name))
            .map(|entry| entry.unwrap().path())
            .collect();
        assert!(!files.is_empty() && files.len() <= FILES_MAX, "{}: {} files", target.name, files.len());
        for file in files {
            assert!(file.metadata().unwrap().len() <= FILE_LEN_MAX, "{}", file.display());
            let bytes = fs::read(&file).unwrap();
            let began = Instant::now();
            let ran = std::panic::catch_unwind(|| (target.run)(&bytes));
            assert!(ran.is_ok(), "{} breaks what must be true of {}", file.display(), target.name);
            assert!(began.elapsed().as_secs() < PATIENCE_S, "{} takes too long", file.display());
        }
    }
    let kept = fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for name in kept {
        assert!(TARGETS.iter().any(|target| target.name == name), "{name} is no target");
    }
}

#[test]
fn a_token_that_is_good_is_among_what_is_replayed() {
    let tokens = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/tokens");
    let good = chat::token();
    let mut files = fs::read_dir(tokens).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    assert!(files.any(|saved| saved == good.as_bytes()), "save {good}");
}
