//! What is written down for administrators outside of any change: attempts that failed, and that the log itself was read.
//!
//! Whoever tries a thousand passwords must not fill the database with it, so attempts are counted: the first of a kind in a
//! window is written down at once, the others as one line at its end. Nobody waits for these lines: how long an answer takes must
//! not tell whether there is such an account. What was counted and not yet written is lost with the process.

use crate::{Caller, Chat, Client, Options, Result, limits::Address};
use protocol::{AccountId, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use store::Lane;

/// How long attempts are counted together, in milliseconds.
const WINDOW_MS: i64 = 3_600_000;
/// So many kinds of attempts are told apart in a window; the rest is one kind. An attack from everywhere costs two lines for
/// each of these an hour: half a megabyte a day.
const TOLD_APART_MAX: usize = 100;
const DAY_MS: i64 = 24 * WINDOW_MS;

/// Attempts that are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Attempt {
    action: &'static str,
    /// Who is signed in, where somebody is.
    actor: Option<AccountId>,
    /// The account in question, where there is one.
    subject: Option<AccountId>,
    /// From where; `None` for those that are not told apart any more.
    address: Option<Address>,
}

/// A line that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    attempt: Attempt,
    /// How many attempts it stands for besides the first.
    more: u64,
}

impl Line {
    fn details(&self) -> String {
        let from = match &self.attempt.address {
            Some(address) => address.to_string(),
            None if self.attempt.actor.is_some() => String::new(),
            None => "many addresses".to_owned(),
        };
        match (self.more, from.as_str()) {
            (0, _) => from,
            (more, "") => format!("{more} more within an hour"),
            (more, from) => format!("{from}, {more} more within an hour"),
        }
    }
}

/// The attempts of a window, counted.
#[derive(Default)]
pub(crate) struct Attempts(Mutex<Window>);

#[derive(Default)]
struct Window {
    ends_at_ms: i64,
    /// How many there were after the first.
    more: HashMap<Attempt, u64>,
}

impl Window {
    /// Begins anew when the window is over; gives the lines about what was counted in it.
    fn turn(&mut self, now: Timestamp) -> Vec<Line> {
        // A clock that was set back ends it too.
        let is_open =
            (now.0..=now.plus_ms(WINDOW_MS).0).contains(&self.ends_at_ms) && self.ends_at_ms != now.0;
        if is_open {
            return Vec::new();
        }
        self.ends_at_ms = now.plus_ms(WINDOW_MS).0;
        let counted = std::mem::take(&mut self.more).into_iter();
        counted.filter(|(_, more)| *more > 0).map(|(attempt, more)| Line { attempt, more }).collect()
    }

    /// Counts an attempt; gives its line if it is the first of its kind.
    fn count(&mut self, attempt: Attempt) -> Option<Line> {
        let is_told_apart =
            attempt.actor.is_some() || self.more.len() < TOLD_APART_MAX || self.more.contains_key(&attempt);
        let attempt =
            if is_told_apart { attempt } else { Attempt { subject: None, address: None, ..attempt } };
        match self.more.get_mut(&attempt) {
            Some(more) => {
                *more = more.saturating_add(1);
                None
            }
            None => {
                self.more.insert(attempt.clone(), 0);
                Some(Line { attempt, more: 0 })
            }
        }
    }
}

impl Attempts {
    fn with<T>(&self, f: impl FnOnce(&mut Window) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Somebody gave a wrong password, or the right one of an account that was shut out.
pub(crate) fn sign_in_failed(chat: &Chat, client: &Client, account: Option<AccountId>) {
    let address = Some(client.into());
    count(chat, Attempt { action: "session.failed", actor: None, subject: account, address });
}

/// Somebody tried so often that their password was not even looked at.
pub(crate) fn held_back(chat: &Chat, client: &Client) {
    let address = Some(client.into());
    count(chat, Attempt { action: "session.held_back", actor: None, subject: None, address });
}

/// An administrator reads the log.
pub(crate) fn log_read(chat: &Chat, caller: &Caller) {
    let account = Some(caller.account.id);
    count(chat, Attempt { action: "audit.read", actor: account, subject: account, address: None });
}

fn count(chat: &Chat, attempt: Attempt) {
    let now = chat.now();
    let lines = chat.attempts().with(|window| {
        let mut lines = window.turn(now);
        lines.extend(window.count(attempt));
        lines
    });
    write_down(chat, now, lines);
}

/// Writes down what was counted when a window is over. Called every second.
pub(crate) fn tell_what_was_counted(chat: &Chat) {
    let now = chat.now();
    let lines = chat.attempts().with(|window| window.turn(now));
    write_down(chat, now, lines);
}

fn write_down(chat: &Chat, now: Timestamp, lines: Vec<Line>) {
    if lines.is_empty() {
        return;
    }
    let store = chat.store().clone();
    tokio::spawn(async move {
        let written: Result<()> = store
            .write(
                Lane::Any,
                move |tx| {
                    for line in &lines {
                        let Attempt { action, actor, subject, .. } = &line.attempt;
                        let subject = subject.map_or("unknown".to_owned(), |account| account.to_string());
                        store::audit::record(tx, now, *actor, action, &subject, &line.details())?;
                    }
                    Ok(())
                },
                |()| {},
            )
            .await;
        if let Err(error) = written {
            tracing::warn!(code = error.code.as_str(), "attempts could not be written down");
        }
    });
}

/// Older lines are forgotten.
pub(crate) fn kept_since(options: &Options, now: Timestamp) -> Timestamp {
    now.plus_ms(-options.limits.audit_days.saturating_mul(DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn failed(account: i64, address: u32) -> Attempt {
        let client = Client { ip: IpAddr::V4(Ipv4Addr::from_bits(address)), user_agent: None };
        let (subject, address) = (Some(AccountId(account)), Some((&client).into()));
        Attempt { action: "session.failed", actor: None, subject, address }
    }

    #[test]
    fn the_first_of_a_kind_is_told_at_once_and_the_others_together() {
        let mut window = Window::default();
        assert_eq!(window.turn(NOW), []);
        assert_eq!(window.count(failed(7, 1)).map(|line| line.more), Some(0));
        for _ in 0..57 {
            assert_eq!(window.count(failed(7, 1)), None);
        }
        assert!(window.count(failed(7, 2)).is_some() && window.count(failed(8, 1)).is_some());
        assert_eq!(window.turn(NOW.plus_ms(WINDOW_MS - 1)), []);
        let lines = window.turn(NOW.plus_ms(WINDOW_MS));
        assert_eq!(lines, [Line { attempt: failed(7, 1), more: 57 }]);
        assert_eq!(lines[0].details(), "0.0.0.1, 57 more within an hour");
        assert!(window.count(failed(7, 1)).is_some(), "a new window");
    }

    #[test]
    fn an_attack_from_everywhere_takes_bounded_room() {
        let mut window = Window::default();
        window.turn(NOW);
        let lines: Vec<_> = (0..100_000).filter_map(|number| window.count(failed(7, number))).collect();
        assert_eq!((lines.len(), window.more.len()), (TOLD_APART_MAX + 1, TOLD_APART_MAX + 1));
        let lines = window.turn(NOW.plus_ms(WINDOW_MS));
        assert_eq!(lines.len(), 1);
        assert_eq!(
            lines[0].details(),
            format!("many addresses, {} more within an hour", 100_000 - TOLD_APART_MAX - 1)
        );
    }

    #[test]
    fn a_clock_that_goes_back_keeps_nothing_waiting() {
        let mut window = Window::default();
        window.turn(NOW);
        window.count(failed(7, 1));
        window.count(failed(7, 1));
        assert_eq!(window.turn(NOW.plus_ms(-10 * WINDOW_MS)).len(), 1);
    }
}
