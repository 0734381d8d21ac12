//! Hostile texts for the chatter_box dialect.

use super::words::{self, Told};

/// What is understood can be told again and is understood the same.
pub(crate) fn frames(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match words::read(&text) {
        Ok(said) => {
            assert_ne!(said.to, Some(0));
            let told = Told { content: &said.content, sender_id: 1, receiver_id: said.to, is_guest: false };
            assert_eq!(words::read(&told.frame()).ok(), Some(said));
        }
        Err(error) => assert!(words::refused(&error).starts_with('{')),
    }
}
