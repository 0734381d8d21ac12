//! Hostile bytes for the frames of WebSockets.

#![allow(clippy::expect_used, reason = "a property that does not hold must be seen")]

use super::{HEAD_LEN_MAX, Incoming, MASK_LEN, MASKED, Opcode, Reader, Wrong, close, frame};

/// Small, so that made-up frames come up to it and over it.
const LEN_MAX: usize = 300;

/// What comes in pieces means the same as what comes at once, nothing holds more than a message and a head, and no message is
/// longer than it may be. The first byte says how long the pieces are.
pub(crate) fn frames(bytes: &[u8]) {
    let Some((piece, bytes)) = bytes.split_first() else { return };
    let piece = usize::from(*piece).max(1);
    let whole = read(&[bytes]);
    let pieces: Vec<&[u8]> = bytes.chunks(piece).collect();
    assert_eq!(read(&pieces), whole);
    for incoming in &whole.0 {
        match incoming {
            Incoming::Text(text) => assert!(text.len() <= LEN_MAX),
            Incoming::Ping(payload) => {
                assert!(payload.len() <= 125);
                assert!(frame(Opcode::Pong, payload).len() <= 127);
            }
            Incoming::Close(code) => assert!(close(*code, "a reason").len() <= 127),
            Incoming::Binary | Incoming::Part | Incoming::Pong => {}
        }
    }
    says_what_was_said(bytes);
}

fn read(pieces: &[&[u8]]) -> (Vec<Incoming>, Option<Wrong>) {
    let (mut reader, mut all) = (Reader::new(LEN_MAX), Vec::new());
    for piece in pieces {
        reader.feed(piece);
        loop {
            match reader.next() {
                // Whoever said goodbye is not listened to any more.
                Ok(Some(Incoming::Close(code))) => {
                    all.push(Incoming::Close(code));
                    return (all, None);
                }
                Ok(Some(incoming)) => all.push(incoming),
                Ok(None) => break,
                Err(wrong) => return (all, Some(wrong)),
            }
        }
        assert!(reader.bytes.len() <= LEN_MAX + HEAD_LEN_MAX);
        assert!(reader.parts.as_ref().is_none_or(|parts| parts.bytes.len() <= LEN_MAX));
    }
    (all, None)
}

/// What we write is read back, once it is masked as a client does.
fn says_what_was_said(bytes: &[u8]) {
    let payload = bytes.get(..bytes.len().min(LEN_MAX)).unwrap_or_default();
    let written = frame(Opcode::Binary, payload);
    let head_len = written.len() - payload.len();
    let mut sent = written.get(..head_len).unwrap_or_default().to_vec();
    if let Some(second) = sent.get_mut(1) {
        *second |= MASKED;
    }
    sent.extend([0; MASK_LEN]);
    sent.extend(payload);
    assert_eq!(read(&[&sent]), (vec![Incoming::Binary], None));
}
