//! Swallows acknowledgements: those of a WebSocket one by one, those of a plain request with their connection.

/// What a server answers to a request for a WebSocket.
const UPGRADED: &[u8] = b"HTTP/1.1 101 ";
const HEAD_END: &[u8] = b"\r\n\r\n";
/// How an acknowledgement of the socket begins.
const ACK: &[u8] = br#"{"op":"ack""#;

/// What one connection has answered so far.
#[derive(Default)]
pub(super) struct Acks {
    is_upgraded: bool,
    is_plain: bool,
    /// The beginning of something whose end has not come.
    held: Vec<u8>,
}

/// What is to be passed on.
pub(super) enum Passed {
    /// All of the piece.
    All,
    /// This instead.
    Only(Vec<u8>),
    /// Nothing, and the connection is to end.
    Nothing,
}

impl Acks {
    /// Looks at a piece that a server sends. `loses` is asked for each acknowledgement.
    pub(super) fn pass(&mut self, piece: &[u8], mut loses: impl FnMut() -> bool) -> Passed {
        if self.is_plain {
            return Passed::All;
        }
        self.held.extend_from_slice(piece);
        let mut passed = Vec::with_capacity(self.held.len());
        if !self.is_upgraded {
            if !UPGRADED.starts_with(self.held.get(..UPGRADED.len().min(self.held.len())).unwrap_or_default())
            {
                self.is_plain = true;
                return if loses() { Passed::Nothing } else { Passed::Only(std::mem::take(&mut self.held)) };
            }
            let end = self.held.windows(HEAD_END.len()).position(|window| window == HEAD_END);
            let Some(end) = end else { return Passed::Only(Vec::new()) };
            self.is_upgraded = true;
            passed.extend(self.held.drain(..end + HEAD_END.len()));
        }
        let mut at = 0;
        while let Some((frame, payload)) = frame_in(self.held.get(at..).unwrap_or_default()) {
            at += frame.len();
            if !(payload.starts_with(ACK) && loses()) {
                passed.extend_from_slice(frame);
            }
        }
        self.held.drain(..at);
        Passed::Only(passed)
    }
}

/// The frame at the beginning, whole, and what it says; none while its end has not come. A server's frames have no mask.
fn frame_in(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let short = bytes.get(1)? & 0x7f;
    let (head, len): (usize, usize) = match short {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        len => (2, usize::from(len)),
    };
    let frame = bytes.get(..head.checked_add(len)?)?;
    Some((frame, frame.get(head..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    fn frame(text: &str) -> Vec<u8> {
        let mut frame = vec![0x81];
        match u8::try_from(text.len()) {
            Ok(len @ ..126) => frame.push(len),
            _ => {
                frame.push(126);
                frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
            }
        }
        frame.extend(text.as_bytes());
        frame
    }

    /// What passes of these bytes when they come in pieces of a length.
    fn passed(bytes: &[u8], len: usize, lost: bool) -> Option<Vec<u8>> {
        let mut acks = Acks::default();
        let mut all = Vec::new();
        for piece in bytes.chunks(len) {
            match acks.pass(piece, || lost) {
                Passed::All => all.extend(piece),
                Passed::Only(rest) => all.extend(rest),
                Passed::Nothing => return None,
            }
        }
        Some(all)
    }

    #[test]
    fn acknowledgements_are_swallowed_and_nothing_else_however_they_come() {
        let long = format!(r#"{{"op":"event","text":"{}"}}"#, "x".repeat(300));
        let ack = frame(r#"{"op":"ack","cid":"1"}"#);
        let all = [HEAD, &frame(&long), &ack, &frame(r#"{"op":"pong"}"#), &ack].concat();
        let rest = [HEAD, &frame(&long), &frame(r#"{"op":"pong"}"#)].concat();
        for len in [1, 2, 3, 7, 50, 10_000] {
            assert_eq!(passed(&all, len, true).as_deref(), Some(&rest[..]), "in pieces of {len}");
            assert_eq!(passed(&all, len, false).as_deref(), Some(&all[..]), "in pieces of {len}");
        }
    }

    #[test]
    fn a_plain_answer_passes_whole_or_not_at_all() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
        for len in [1, 9, 12, 1_000] {
            assert_eq!(passed(answer, len, true), None, "in pieces of {len}");
            assert_eq!(passed(answer, len, false).as_deref(), Some(&answer[..]), "in pieces of {len}");
        }
    }
}
