//! Ids that nobody can guess and nobody used.

use chat::Error;
use protocol::ErrorCode;

/// 128 random bits in hexadecimal. Errors: `internal` if the system has no randomness to give.
pub(crate) fn id() -> chat::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "no randomness");
        Error::new(ErrorCode::Internal)
    })?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// A random number to spread things by; always the same when the system has no randomness to give.
pub(crate) fn number() -> u64 {
    getrandom::u64().unwrap_or_default()
}
