//! Why a command was refused: one type for all rules. Each door turns it into its own words once.

use protocol::ErrorCode;
use std::fmt;
use store::Constraint;

/// A refusal with its stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What clients decide by.
    pub code: ErrorCode,
    /// What people read. Never holds secrets or other people's text.
    pub detail: Option<String>,
    /// The field that was refused, where it is one.
    pub field: Option<&'static str>,
    /// When it makes sense to try again.
    pub retry_after_ms: Option<u64>,
}

impl Error {
    /// A refusal whose code says it all.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, detail: None, field: None, retry_after_ms: None }
    }

    /// A field that cannot be taken as it is.
    pub fn invalid(field: &'static str, detail: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(ErrorCode::InvalidRequest).because(detail) }
    }

    /// One more than there may be.
    pub fn too_many(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::LimitReached).because(detail)
    }

    /// Adds what was wrong this time.
    pub fn because(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// Adds when to try again.
    pub fn retry_after_ms(self, ms: u64) -> Self {
        Self { retry_after_ms: Some(ms), ..self }
    }
}

/// What people may read. What went wrong inside is for the log: it may name things that the one who asked may not see.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let detail = self.detail.as_deref().filter(|_| self.code != ErrorCode::Internal);
        f.write_str(detail.unwrap_or_else(|| self.code.meaning()))
    }
}

impl std::error::Error for Error {}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

/// For so long a client should wait when the database cannot take its write.
const STORE_RETRY_MS: u64 = 1000;

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Busy => Self::new(ErrorCode::Busy).retry_after_ms(STORE_RETRY_MS),
            store::Error::Closed => Self::new(ErrorCode::Stopping).retry_after_ms(STORE_RETRY_MS),
            store::Error::Unavailable(why) => {
                tracing::warn!("the database is unavailable: {why}");
                Self::new(ErrorCode::Unavailable).retry_after_ms(STORE_RETRY_MS)
            }
            store::Error::Conflict(Constraint::Username) => Self::new(ErrorCode::UsernameTaken),
            store::Error::Conflict(Constraint::Email) => Self::new(ErrorCode::EmailTaken),
            store::Error::Conflict(Constraint::Phone) => Self::new(ErrorCode::PhoneTaken),
            store::Error::Conflict(Constraint::Identity) => Self::new(ErrorCode::IdentityTaken),
            other => crate::internal(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_inside_is_told_to_nobody() {
        let inside = Error::new(ErrorCode::Internal).because("the table of secrets is broken");
        assert_eq!(inside.to_string(), ErrorCode::Internal.meaning());
        assert_eq!(Error::new(ErrorCode::Forbidden).because("Not yours.").to_string(), "Not yours.");
        assert_eq!(Error::new(ErrorCode::Forbidden).to_string(), ErrorCode::Forbidden.meaning());
    }
}
