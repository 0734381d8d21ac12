//! Watches that the session of a connection stays good. The hub hears of every session that is ended; this is for those
//! that end by time, and for a word of the hub that was lost.

use super::{Close, End};
use crate::app::App;
use chat::{Caller, Error, auth};
use protocol::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// How often a long connection looks whether its session is still good, for what the hub of this process did not hear of:
/// an account that was shut out from the command line. Ten thousand connections ask 170 times a second, a fraction of what
/// the readers can do. It also keeps a session alive whose owner does nothing but listen.
const SESSION_CHECK_MS: i64 = 60 * 1000;

/// When the database could not say whether a session is good, it is asked again after so long.
const SESSION_RETRY_MS: i64 = 30 * 1000;

/// Below this a clock that stands still would be looked at without end.
const LOOK_APART_MS_MIN: u64 = 10;

pub(crate) struct SessionWatch {
    /// When to ask the rules again.
    ask_at: Timestamp,
    /// When to look at the clock again.
    look_at: Instant,
}

impl SessionWatch {
    pub(crate) fn new(expires_at: Timestamp, now: Timestamp) -> Self {
        let mut watch = Self { ask_at: now, look_at: Instant::now() };
        watch.good_until(expires_at, now);
        watch
    }

    /// When [`SessionWatch::look`] is due.
    pub(crate) fn look_at(&self) -> Instant {
        self.look_at
    }

    /// Asks whether the session is still good, when it is time to ask. Asking counts as using it.
    pub(crate) async fn look(&mut self, app: &App, caller: &Caller) -> Result<(), End> {
        let now = app.clock.now();
        if now < self.ask_at {
            self.ask_again(self.ask_at, now);
            return Ok(());
        }
        let answer = auth::renew(&app.chat, caller).await;
        self.weigh(answer.map(|caller| caller.expires_at), now)
    }

    fn weigh(&mut self, answer: Result<Timestamp, Error>, now: Timestamp) -> Result<(), End> {
        match answer {
            Ok(expires_at) if expires_at > now => self.good_until(expires_at, now),
            // A database that cannot be asked is no reason to send anyone away: they would all come back at once.
            Err(error) if error.code.is_retriable() => self.ask_again(now.plus_ms(SESSION_RETRY_MS), now),
            Ok(_) | Err(_) => return Err(Close::SessionEnded.into()),
        }
        Ok(())
    }

    fn good_until(&mut self, expires_at: Timestamp, now: Timestamp) {
        self.ask_again(expires_at.min(now.plus_ms(SESSION_CHECK_MS)), now);
    }

    fn ask_again(&mut self, at: Timestamp, now: Timestamp) {
        self.ask_at = at;
        let wait_ms = u64::try_from(at.0.saturating_sub(now.0)).unwrap_or(0);
        let wait_ms = wait_ms.clamp(LOOK_APART_MS_MIN, SESSION_CHECK_MS.unsigned_abs());
        self.look_at = Instant::now() + Duration::from_millis(wait_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ErrorCode;

    const NOW: Timestamp = Timestamp(1_000_000);
    const ENDED: Result<(), End> = Err(End::Close(Close::SessionEnded));

    fn watch() -> SessionWatch {
        SessionWatch::new(NOW.plus_ms(60_000), NOW)
    }

    fn refused(code: ErrorCode) -> Result<Timestamp, Error> {
        Err(Error::new(code))
    }

    #[test]
    fn a_connection_ends_when_its_session_is_over_or_was_revoked() {
        let later = NOW.plus_ms(60_000);
        assert_eq!(watch().weigh(refused(ErrorCode::TokenExpired), later), ENDED);
        assert_eq!(watch().weigh(Ok(later), later), ENDED);
        assert_eq!(watch().weigh(refused(ErrorCode::Unauthenticated), NOW), ENDED);
        assert_eq!(watch().weigh(refused(ErrorCode::AccountDeactivated), NOW), ENDED);
    }

    #[test]
    fn a_session_that_was_used_elsewhere_meanwhile_goes_on() {
        let mut watch = watch();
        assert_eq!(watch.weigh(Ok(NOW.plus_ms(90_000)), NOW.plus_ms(60_000)), Ok(()));
        assert_eq!(watch.ask_at, NOW.plus_ms(90_000));
    }

    #[test]
    fn a_database_that_cannot_be_asked_sends_nobody_away() {
        let mut watch = watch();
        assert_eq!(watch.weigh(refused(ErrorCode::Unavailable), NOW.plus_ms(60_000)), Ok(()));
        assert_eq!(watch.ask_at, NOW.plus_ms(60_000 + SESSION_RETRY_MS));
    }

    #[test]
    fn a_long_session_is_asked_about_now_and_then() {
        let watch = SessionWatch::new(NOW.plus_ms(30 * 24 * 3600 * 1000), NOW);
        assert_eq!(watch.ask_at, NOW.plus_ms(SESSION_CHECK_MS));
    }
}
