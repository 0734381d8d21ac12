//! Frames of the WebSocket protocol (RFC 6455): those that come in are taken apart here, those that go out are put together.
//!
//! Of our own, because this is where a message meets each of its listeners: a frame is made once and the same bytes are written
//! to everybody, everything that waits leaves in one system call, and a connection that says nothing holds no buffer. The
//! usual library copies each frame into a buffer of each connection: with a thousand listeners that is most of the work.

use bytes::Bytes;
use std::mem;

/// A control frame carries no more (5.5).
const CONTROL_LEN_MAX: usize = 125;
/// The length does not fit into seven bits: two bytes follow, or eight.
const LEN_IN_2: u8 = 126;
const LEN_IN_8: u8 = 127;
const MASK_LEN: usize = 4;
/// The longest head that a client sends: two bytes, a length of eight, a mask of four.
const HEAD_LEN_MAX: usize = 14;

/// A length of eight bytes has this bit clear (5.2).
const LEN_HIGHEST_BIT: u64 = 1 << 63;

const FIN: u8 = 0x80;
const RESERVED: u8 = 0x70;
const MASKED: u8 = 0x80;

/// What a frame is (5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Opcode {
    fn parse(byte: u8) -> Option<Self> {
        use Opcode as O;
        [O::Continuation, O::Text, O::Binary, O::Close, O::Ping, O::Pong]
            .into_iter()
            .find(|opcode| *opcode as u8 == byte & 0x0f)
    }

    fn is_control(self) -> bool {
        self as u8 & 0x08 != 0
    }
}

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    Text(String),
    Binary,
    /// A part of a message; more follows.
    Part,
    Ping(Vec<u8>),
    Pong,
    /// The other end says goodbye, with the code that it gives as a reason.
    Close(Option<u16>),
}

/// Why what came in is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Not as the protocol says.
    Protocol,
    /// A text that is no UTF-8.
    NotText,
    /// A message longer than one may be.
    TooLarge,
}

/// Takes frames out of the bytes of a connection. Holds what belongs to a frame or a message that is not whole yet, at most
/// one message and one head.
pub(super) struct Reader {
    message_len_max: usize,
    bytes: Vec<u8>,
    /// How many of them are done with.
    taken: usize,
    /// A message of which parts came. Boxed, for hardly any client ever sends one.
    parts: Option<Box<Parts>>,
}

struct Parts {
    bytes: Vec<u8>,
    is_text: bool,
}

/// What the first bytes of a frame say.
struct Head {
    fin: bool,
    opcode: Opcode,
    mask: [u8; MASK_LEN],
    head_len: usize,
    payload_len: usize,
}

impl Reader {
    pub(super) fn new(message_len_max: usize) -> Self {
        Self { message_len_max, bytes: Vec::new(), taken: 0, parts: None }
    }

    /// Adds bytes that came.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame, once all of it has come.
    pub(super) fn next(&mut self) -> Result<Option<Incoming>, Wrong> {
        let waiting = self.bytes.get_mut(self.taken..).unwrap_or_default();
        let Some(head) = parse_head(waiting)? else {
            self.tidy();
            return Ok(None);
        };
        let before = self.parts.as_ref().map_or(0, |parts| parts.bytes.len());
        if !head.opcode.is_control() && before.saturating_add(head.payload_len) > self.message_len_max {
            return Err(Wrong::TooLarge);
        }
        let Some(payload) = waiting.get_mut(head.head_len..head.head_len + head.payload_len) else {
            self.tidy();
            return Ok(None);
        };
        unmask(payload, head.mask);
        let payload = payload.to_vec();
        self.taken += head.head_len + head.payload_len;
        self.understand(&head, payload).map(Some)
    }

    fn understand(&mut self, head: &Head, payload: Vec<u8>) -> Result<Incoming, Wrong> {
        let (mut message, is_text) = match (head.opcode, self.parts.take()) {
            (Opcode::Close, _) => return goodbye(&payload),
            (Opcode::Ping | Opcode::Pong, parts) => {
                self.parts = parts;
                let is_ping = head.opcode == Opcode::Ping;
                return Ok(if is_ping { Incoming::Ping(payload) } else { Incoming::Pong });
            }
            (Opcode::Continuation, Some(parts)) => (parts.bytes, parts.is_text),
            (Opcode::Text | Opcode::Binary, None) => (Vec::new(), head.opcode == Opcode::Text),
            (Opcode::Continuation, None) | (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(Wrong::Protocol);
            }
        };
        if message.is_empty() {
            message = payload;
        } else {
            message.extend_from_slice(&payload);
        }
        if !head.fin {
            self.parts = Some(Box::new(Parts { bytes: message, is_text }));
            return Ok(Incoming::Part);
        }
        if !is_text {
            return Ok(Incoming::Binary);
        }
        String::from_utf8(message).map(Incoming::Text).map_err(|_| Wrong::NotText)
    }

    /// Forgets what is done with, and gives the memory back: most connections are silent most of the time.
    fn tidy(&mut self) {
        if self.taken == self.bytes.len() {
            self.bytes = Vec::new();
        } else {
            self.bytes.drain(..self.taken);
        }
        self.taken = 0;
    }
}

fn parse_head(bytes: &[u8]) -> Result<Option<Head>, Wrong> {
    let &[first, second, ..] = bytes else { return Ok(None) };
    let opcode = Opcode::parse(first).ok_or(Wrong::Protocol)?;
    let fin = first & FIN != 0;
    // No extension was agreed on, and a client masks everything.
    if first & RESERVED != 0 || second & MASKED == 0 {
        return Err(Wrong::Protocol);
    }
    let short_len = second & !MASKED;
    if opcode.is_control() && (!fin || usize::from(short_len) > CONTROL_LEN_MAX) {
        return Err(Wrong::Protocol);
    }
    let len_len = match short_len {
        LEN_IN_2 => 2,
        LEN_IN_8 => 8,
        _ => 0,
    };
    let head_len = 2 + len_len + MASK_LEN;
    let Some(rest) = bytes.get(2..head_len) else { return Ok(None) };
    let (len, mask) = rest.split_at(len_len);
    let long_len = len.iter().fold(0_u64, |len, byte| len << 8 | u64::from(*byte));
    // What fits into fewer bytes is written in fewer (5.2).
    let is_wrong = match len_len {
        2 => long_len < u64::from(LEN_IN_2),
        8 => long_len <= u64::from(u16::MAX) || long_len & LEN_HIGHEST_BIT != 0,
        _ => false,
    };
    if is_wrong {
        return Err(Wrong::Protocol);
    }
    let payload_len = if len.is_empty() { u64::from(short_len) } else { long_len };
    // What does not fit is longer than any message may be, and so is what could not be added to.
    let payload_len = usize::try_from(payload_len).unwrap_or(usize::MAX).min(usize::MAX - HEAD_LEN_MAX);
    Ok(Some(Head { fin, opcode, mask: mask.try_into().unwrap_or_default(), head_len, payload_len }))
}

fn unmask(payload: &mut [u8], mask: [u8; MASK_LEN]) {
    for four in payload.chunks_mut(MASK_LEN) {
        for (byte, mask) in four.iter_mut().zip(mask) {
            *byte ^= mask;
        }
    }
}

/// What a close frame says (5.5.1, 7.4).
fn goodbye(payload: &[u8]) -> Result<Incoming, Wrong> {
    let (code, reason) = match payload {
        [] => return Ok(Incoming::Close(None)),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        [_] => return Err(Wrong::Protocol),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Wrong::Protocol);
    }
    std::str::from_utf8(reason).map_err(|_| Wrong::NotText)?;
    Ok(Incoming::Close(Some(code)))
}

/// A whole frame on its way to a client, which are never masked.
pub(super) fn frame(opcode: Opcode, payload: &[u8]) -> Bytes {
    many(opcode, [payload])
}

/// Whole frames, one behind the other.
pub(super) fn many(opcode: Opcode, payloads: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Bytes {
    let mut frames = Vec::new();
    for payload in payloads {
        append(&mut frames, opcode, payload.as_ref());
    }
    frames.into()
}

fn append(frame: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    frame.reserve(HEAD_LEN_MAX - MASK_LEN + payload.len());
    frame.push(FIN | opcode as u8);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(len), _) if len < LEN_IN_2 => frame.push(len),
        (_, Ok(len)) => {
            frame.push(LEN_IN_2);
            frame.extend_from_slice(&len.to_be_bytes());
        }
        _ => {
            frame.push(LEN_IN_8);
            frame.extend_from_slice(&u64::try_from(payload.len()).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
}

/// A close frame. A reason too long for it is left out.
pub(super) fn close(code: Option<u16>, reason: &str) -> Bytes {
    let mut payload = Vec::new();
    if let Some(code) = code {
        payload.extend_from_slice(&code.to_be_bytes());
        if mem::size_of_val(&code) + reason.len() <= CONTROL_LEN_MAX {
            payload.extend_from_slice(reason.as_bytes());
        }
    }
    frame(Opcode::Close, &payload)
}

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;

#[cfg(test)]
mod tests;
