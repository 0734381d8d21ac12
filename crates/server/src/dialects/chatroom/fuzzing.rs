//! Hostile texts for the chatroom dialect.

use super::words;

/// Whatever is said, what is told of it is one JSON object.
pub(crate) fn frames(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let told = match words::read(&text) {
        Ok(said) => words::message(false, &said.message, &said.username),
        Err(error) => words::refused(&error),
    };
    let told: serde_json::Value = serde_json::from_str(&told).unwrap_or_default();
    assert!(told.is_object());
}
