//! The build that fails where it is told to.

use crate::{Bug, Point};
use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

static BUG: LazyLock<Option<Bug>> = LazyLock::new(|| {
    let name = std::env::var("PARLOR_SEEDED_BUG").ok()?;
    Some(known(Bug::ALL, |bug| bug.name() == name, &name))
});

static KILL: LazyLock<Option<Kill>> = LazyLock::new(|| {
    let text = std::env::var("PARLOR_KILL_AT").ok()?;
    let (name, times) = text.split_once(':').unwrap_or((&text, "1"));
    let at = known(Point::ALL, |point| point.name() == name, &text);
    let left = AtomicU32::new(times.parse().unwrap_or(1));
    Some(Kill { at, left })
});

struct Kill {
    at: Point,
    left: AtomicU32,
}

/// A name that nobody knows would be a test that shows nothing.
fn known<T: Copy>(all: &[T], is_meant: impl Fn(&T) -> bool, name: &str) -> T {
    all.iter().copied().find(is_meant).unwrap_or_else(|| {
        eprintln!("{name}: there is no such fault");
        std::process::exit(2)
    })
}

/// Whether the process has this bug.
#[must_use]
pub fn has(bug: Bug) -> bool {
    *BUG == Some(bug)
}

/// Dies here if it is time to.
pub fn point(point: Point) {
    if is_time(point) {
        die();
    }
}

/// Dies at some moment of the next few milliseconds if it is time to, meanwhile goes on.
pub fn point_during(point: Point) {
    if is_time(point) {
        let nanos = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.subsec_nanos());
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_micros(u64::from(nanos) % 4_000));
            die();
        });
    }
}

fn is_time(point: Point) -> bool {
    let Some(kill) = KILL.as_ref().filter(|kill| kill.at == point) else { return false };
    // It goes round after zero, which takes longer than any test.
    kill.left.fetch_sub(1, Ordering::SeqCst) == 1
}

/// Ends the process without a word to anybody, as `kill -9` does.
fn die() -> ! {
    std::process::abort()
}
