//! Addresses with and without a slash at their end.

use crate::app::App;
use axum::{Router, routing::MethodRouter};

/// Routes that are answered at both spellings of their address, with and without a slash at its end. The apps redirect from
/// the one to the other; here nothing is redirected, because a redirected POST arrives empty or not at all, and a
/// redirected handshake ends.
pub(crate) trait BothSpellings {
    /// The address is given without the slash.
    fn both_spellings(self, address: &str, answers: MethodRouter<App>) -> Self;
}

impl BothSpellings for Router<App> {
    fn both_spellings(self, address: &str, answers: MethodRouter<App>) -> Self {
        self.route(address, answers.clone()).route(&format!("{address}/"), answers)
    }
}
