//! WebSocket frames: their heads, and the little that is looked at inside.

/// The longest frame that is believed; Parlor's longest stays below.
const FRAME_LEN_MAX: usize = 64 * 1024 * 1024;
/// What stands before a message's number.
const SEQ: &[u8] = b"\"seq\":";

/// Kinds of frames, by the numbers that the protocol gives them.
pub(crate) mod opcode {
    pub(crate) const TEXT: u8 = 1;
    pub(crate) const CLOSE: u8 = 8;
    pub(crate) const PING: u8 = 9;
    pub(crate) const PONG: u8 = 10;
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) opcode: u8,
    pub(crate) mask: Option<[u8; 4]>,
    /// Bytes of the head itself.
    pub(crate) len: usize,
    /// Bytes of what follows it.
    pub(crate) payload_len: usize,
}

/// A whole frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) head: Head,
    /// As it came: masked where the head says so.
    pub(crate) payload: &'a [u8],
    /// What follows the frame.
    pub(crate) rest: &'a [u8],
}

/// What is not a frame that anybody here writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// Reads the head at the beginning; `None` while it is not all there.
pub(crate) fn read_head(bytes: &[u8]) -> Result<Option<Head>, Broken> {
    let Some((&[first, second], rest)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
    if first & 0xF0 != 0x80 {
        // Continued, or with bits that were not agreed on.
        return Err(Broken);
    }
    let (payload_len, len) = match second & 0x7F {
        126 => match rest.first_chunk::<2>() {
            Some(long) => (usize::from(u16::from_be_bytes(*long)), 4),
            None => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(long) => (usize::try_from(u64::from_be_bytes(*long)).map_err(|_| Broken)?, 10),
            None => return Ok(None),
        },
        short => (usize::from(short), 2),
    };
    if payload_len > FRAME_LEN_MAX {
        return Err(Broken);
    }
    if second & 0x80 == 0 {
        return Ok(Some(Head { opcode: first & 0x0F, mask: None, len, payload_len }));
    }
    let mask = bytes.get(len..).and_then(|rest| rest.first_chunk::<4>());
    Ok(mask.map(|mask| Head { opcode: first & 0x0F, mask: Some(*mask), len: len + 4, payload_len }))
}

/// Reads the frame at the beginning; `None` while it is not all there.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<Frame<'_>>, Broken> {
    let Some(head) = read_head(bytes)? else { return Ok(None) };
    let Some((frame, rest)) = bytes.split_at_checked(head.len + head.payload_len) else { return Ok(None) };
    Ok(Some(Frame { head, payload: frame.get(head.len..).unwrap_or_default(), rest }))
}

/// Adds a frame as a server writes it.
pub(crate) fn write_plain(to: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    write_head(to, opcode, payload.len(), 0);
    to.extend_from_slice(payload);
}

/// Adds a frame as a client writes it. The mask is 0, which the protocol allows and which leaves the payload as it is.
pub(crate) fn write_masked(to: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    write_head(to, opcode, payload.len(), 0x80);
    to.extend_from_slice(&[0; 4]);
    to.extend_from_slice(payload);
}

fn write_head(to: &mut Vec<u8>, opcode: u8, payload_len: usize, masked: u8) {
    to.push(0x80 | opcode);
    if let Some(short) = u8::try_from(payload_len).ok().filter(|len| *len < 126) {
        to.push(masked | short);
    } else if let Ok(long) = u16::try_from(payload_len) {
        to.push(masked | 126);
        to.extend_from_slice(&long.to_be_bytes());
    } else {
        to.push(masked | 127);
        to.extend_from_slice(&u64::try_from(payload_len).unwrap_or(u64::MAX).to_be_bytes());
    }
}

/// What a frame is about, told by its first field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Event,
    Ack,
    Nack,
    Lag,
    Welcome,
    Changes,
    Other,
}

/// Which op a payload begins with.
pub(crate) fn op_of(payload: &[u8]) -> Op {
    // All of them begin with `{"op":`.
    let word = payload.get(6..).unwrap_or_default();
    match word.get(1) {
        Some(b'e') if word.starts_with(b"\"event\"") => Op::Event,
        Some(b'a') if word.starts_with(b"\"ack\"") => Op::Ack,
        Some(b'n') if word.starts_with(b"\"nack\"") => Op::Nack,
        Some(b'l') if word.starts_with(b"\"lag\"") => Op::Lag,
        Some(b'w') if word.starts_with(b"\"welcome\"") => Op::Welcome,
        Some(b'c') if word.starts_with(b"\"changes\"") => Op::Changes,
        _ => Op::Other,
    }
}

/// Whether a `nack` says that the same may succeed later.
pub(crate) fn is_for_now(nack: &[u8]) -> bool {
    const LATER: &[u8] = b"\"final\":false";
    nack.windows(LATER.len()).any(|window| window == LATER)
}

/// The first message number in a payload. `hint` is where it stood the last time, and almost always stands again.
pub(crate) fn seq_in(payload: &[u8], hint: &mut usize) -> Option<i64> {
    if !payload.get(*hint..).is_some_and(|rest| rest.starts_with(SEQ)) {
        *hint = payload.windows(SEQ.len()).position(|window| window == SEQ)?;
    }
    number(payload.get(*hint + SEQ.len()..)?)
}

/// Every message number in a payload.
pub(crate) fn seqs_in(payload: &[u8]) -> impl Iterator<Item = i64> {
    let places = payload.windows(SEQ.len()).enumerate().filter(|(_, window)| *window == SEQ);
    places.filter_map(|(at, _)| number(payload.get(at + SEQ.len()..)?))
}

fn number(digits: &[u8]) -> Option<i64> {
    let mut digits = digits.iter().take_while(|byte| byte.is_ascii_digit()).peekable();
    digits.peek()?;
    digits.try_fold(0_i64, |number, digit| {
        number.checked_mul(10)?.checked_add(i64::from(digit.wrapping_sub(b'0')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_any_length_is_read_as_it_was_written_and_not_before_it_is_all_there() {
        for len in [0, 1, 125, 126, 300, 65_535, 65_536, 100_000] {
            let payload = vec![b'x'; len];
            for masked in [false, true] {
                let mut bytes = Vec::new();
                if masked {
                    write_masked(&mut bytes, opcode::TEXT, &payload);
                } else {
                    write_plain(&mut bytes, opcode::TEXT, &payload);
                }
                let whole = bytes.len();
                bytes.extend_from_slice(b"rest");
                let Frame { head, payload: found, rest } = read(&bytes).unwrap().unwrap();
                assert_eq!((head.opcode, head.mask.is_some()), (opcode::TEXT, masked));
                assert_eq!((found, rest), (payload.as_slice(), b"rest".as_slice()));
                for cut in [0, 1, 2, whole - 1] {
                    assert!(read(&bytes[..cut.min(whole - 1)]).unwrap().is_none(), "{cut} of {whole}");
                }
            }
        }
    }

    #[test]
    fn frames_in_parts_and_endless_ones_are_refused() {
        assert_eq!(read(&[0x01, 0]), Err(Broken));
        assert_eq!(read(&[0xC1, 0]), Err(Broken));
        assert_eq!(read(&[0x81, 127, 1, 0, 0, 0, 0, 0, 0, 0]), Err(Broken));
    }

    #[test]
    fn an_op_is_told_by_the_first_field() {
        assert_eq!(op_of(br#"{"op":"event","rev":1}"#), Op::Event);
        assert_eq!(op_of(br#"{"op":"ack","seq":1}"#), Op::Ack);
        assert_eq!(op_of(br#"{"op":"account"}"#), Op::Other);
        assert_eq!(op_of(br#"{"op":"lag"}"#), Op::Lag);
        assert_eq!(op_of(br#"{"op":"changes"}"#), Op::Changes);
        assert_eq!(op_of(b""), Op::Other);
        assert!(is_for_now(br#"{"op":"nack","code":"busy","final":false}"#));
        assert!(!is_for_now(br#"{"op":"nack","code":"not_a_member","final":true}"#));
    }

    #[test]
    fn numbers_are_found_whether_or_not_they_stand_where_they_stood() {
        let mut hint = 0;
        assert_eq!(seq_in(br#"{"id":9,"seq":17,"rev":3}"#, &mut hint), Some(17));
        assert_eq!(seq_in(br#"{"id":9,"seq":18,"rev":3}"#, &mut hint), Some(18));
        assert_eq!(seq_in(br#"{"id":10,"seq":19,"rev":3}"#, &mut hint), Some(19));
        assert_eq!(seq_in(br#"{"id":10}"#, &mut hint), None);
        assert_eq!(seq_in(br#"{"seq":null}"#, &mut hint), None);
        assert_eq!(seqs_in(br#"[{"seq":4},{"last_seq":9,"seq":5}]"#).collect::<Vec<_>>(), [4, 5]);
    }
}
