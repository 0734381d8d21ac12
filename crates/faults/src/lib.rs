//! Faults on purpose. A test that cannot fail proves nothing, and the worst moment for a crash is never hit by chance: so a build
//! with the feature `seeded` can be told to contain one of a list of bugs, which the tests must notice, and to die at a named point.
//!
//! Without the feature all of it is nothing: [`has`] is `false` for the compiler and [`point`] is empty.
//!
//! | variable | means |
//! |---|---|
//! | `PARLOR_SEEDED_BUG` | the name of one of [`Bug`], in kebab case |
//! | `PARLOR_KILL_AT` | the name of one of [`Point`], in kebab case, and after a colon which time it dies there: `after-commit:17` |

use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(all(feature = "seeded", not(debug_assertions)))]
compile_error!("seeded faults are for tests: a release must not have them");

macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// What the environment calls it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

named! {
    /// Where the process can be made to die, as by `kill -9`.
    Point {
        /// A batch of writes was taken from the queue, and nothing of it was run.
        BeforeTransaction = "before-transaction",
        /// Everything of it was written, and nothing was committed.
        BeforeCommit = "before-commit",
        /// It is committed, and nobody was told.
        AfterCommit = "after-commit",
        /// Who listens was told, and whoever sent it waits for the answer still.
        AfterTelling = "after-telling",
        /// The answers are given.
        AfterAnswers = "after-answers",
        /// At some moment of copying the log into the database file. SQLite alone.
        InCheckpoint = "in-checkpoint",
        /// The statements of a migration have run, and it is not committed.
        InMigration = "in-migration",
        /// Everybody was told to go, and the database is not closed.
        InShutdown = "in-shutdown",
    }
}

named! {
    /// Mistakes that one could make, each of which some test must notice.
    Bug {
        /// Only every twentieth transaction is committed at once; the others are answered before they are. SQLite alone.
        AnswerBeforeCommit = "answer-before-commit",
        /// SQLite flushes at checkpoints and not at commits.
        NoFlush = "no-flush",
        /// A `cid` is known until the process ends.
        CidsInMemory = "cids-in-memory",
        /// Every twentieth batch of messages uses up a number for nothing, as a sequence of the database does when it is rolled back.
        NumbersWithHoles = "numbers-with-holes",
        /// Who was let in once may go on posting.
        StandingFromMemory = "standing-from-memory",
        /// Whoever asks for changes gets them.
        ChangesForAll = "changes-for-all",
        /// Who has gone is listed as a listener still.
        LeaversListen = "leavers-listen",
        /// What the bus lost is not asked for.
        HolesStay = "holes-stay",
        /// A change that another node tells of is told when it comes, whatever is missing before it.
        ToldOutOfTurn = "told-out-of-turn",
        /// A change that comes twice is told twice.
        ToldTwice = "told-twice",
        /// A commit of which nobody knows whether it happened is forgotten.
        DoubtsForgotten = "doubts-forgotten",
        /// A deletion marks the message and leaves its text.
        DeletedTextKept = "deleted-text-kept",
        /// The queue of a connection has no bound.
        EndlessQueue = "endless-queue",
        /// A database that was brought back from a copy goes on as if it were the one before.
        EpochStays = "epoch-stays",
        /// Every origin that ends like ours is ours.
        OriginBySuffix = "origin-by-suffix",
        /// Letters are taken for as long as bytes: a length that ends inside of one stops the reader.
        LettersAsBytes = "letters-as-bytes",
    }
}

#[cfg(not(feature = "seeded"))]
mod none {
    use super::{Bug, Point};

    /// Whether the process has this bug: never in this build.
    #[inline(always)]
    #[must_use]
    pub const fn has(_: Bug) -> bool {
        false
    }

    /// A place to die at: nothing happens in this build.
    #[inline(always)]
    pub const fn point(_: Point) {}

    /// The same for something that takes a while: nothing happens in this build.
    #[inline(always)]
    pub const fn point_during(_: Point) {}
}

#[cfg(feature = "seeded")]
mod seeded;

#[cfg(not(feature = "seeded"))]
pub use none::{has, point, point_during};
#[cfg(feature = "seeded")]
pub use seeded::{has, point, point_during};

/// Whether the process has this bug and it is the `period`-th time that this is asked, or its double, and so on.
#[inline(always)]
#[must_use]
pub fn has_each(bug: Bug, period: u32) -> bool {
    has(bug) && COUNT.fetch_add(1, Ordering::Relaxed).is_multiple_of(period)
}

/// How often a bug was asked for that shows only at times; a process has one.
static COUNT: AtomicU32 = AtomicU32::new(1);
