//! Hostile texts for what a client may say on Parlor's own socket.

use super::{TABLE, binary_refused, name_of, op_of, rate_refused, read, read_hello};
use protocol::{
    ServerFrame,
    frame::{Delete, Edit, React, Read, Send, Typing},
};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// What is understood is understood the same when it is said again; a refusal is hardly longer than what is
/// refused.
pub(crate) fn commands(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(refusal) = read_hello(&text) {
        is_short(&refusal, text.len());
    }
    is_short(&rate_refused(&text, Duration::from_secs(1)), text.len());
    is_short(&binary_refused(), 0);
    if let (Ok(op), Ok(name)) = (op_of(&text), name_of(&text)) {
        assert!(TABLE.iter().any(|known| known.name == op.name) && op.name == name);
    }
    is_said_again::<Send>(&text);
    is_said_again::<Edit>(&text);
    is_said_again::<Delete>(&text);
    is_said_again::<React>(&text);
    is_said_again::<Read>(&text);
    is_said_again::<Typing>(&text);
}

fn is_short(refusal: &ServerFrame, said_len: usize) {
    let written = serde_json::to_string(refusal).unwrap_or_default();
    // Two ids are repeated, of which an escape makes six letters of one, and a sentence that has a bound.
    assert!(!written.is_empty() && written.len() <= 3000 + 6 * said_len, "{written}");
}

fn is_said_again<T: DeserializeOwned + Serialize>(text: &str) {
    let Ok(frame) = read::<T>(text) else { return };
    let said = serde_json::to_string(&frame).unwrap_or_default();
    let again = read::<T>(&said).ok().and_then(|frame| serde_json::to_string(&frame).ok());
    assert_eq!(again, Some(said));
}
