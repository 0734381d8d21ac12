//! Many packets in one body, which is how they travel by polling. Each revision has its own form; revision 3 has two, one
//! of letters and one of bytes.

use super::engine::{Incoming, Malformed, Revision};
use faults::Bug;
use std::{borrow::Cow, fmt::Write};

/// Packets in one body. A client that sends more at once than the burst of its rate allows many times over sends no talk.
const PACKETS_MAX: usize = 1000;

/// Between two packets of revision 4.
const SEPARATOR: char = '\u{1e}';
/// After the length of a packet in revision 3's form of bytes.
const LENGTH_END: u8 = 255;
/// Digits of a length. No body is as long as that.
const LENGTH_DIGITS_MAX: usize = 9;

/// How packets are written into a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Letters,
    /// Letters of a client that cannot send bytes.
    OnlyLetters,
    /// Came as `application/octet-stream`.
    Bytes,
}

/// Reads a body.
pub(super) fn decode(revision: Revision, form: Form, body: &[u8]) -> Result<Vec<Incoming>, Malformed> {
    let packets = match (revision, form) {
        (Revision::Four, _) => text(body)?
            .split(SEPARATOR)
            .take(PACKETS_MAX + 1)
            .map(Incoming::parse)
            .collect::<Result<_, _>>()?,
        (Revision::Three, Form::Bytes) => decode_bytes(body)?,
        (Revision::Three, Form::Letters) => decode_letters(text(body)?, |packet| Cow::Borrowed(packet))?,
        (Revision::Three, Form::OnlyLetters) => decode_letters(text(body)?, undo)?,
    };
    if packets.len() > PACKETS_MAX { Err(Malformed) } else { Ok(packets) }
}

fn text(body: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(body).map_err(|_| Malformed)
}

/// `6:4hello1:2`: a length, which counts as JavaScript does, and so many letters.
fn decode_letters(mut rest: &str, read: fn(&str) -> Cow<'_, str>) -> Result<Vec<Incoming>, Malformed> {
    let mut packets = Vec::new();
    while !rest.is_empty() && packets.len() <= PACKETS_MAX {
        let (length, after) = rest.split_once(':').ok_or(Malformed)?;
        if length.len() > LENGTH_DIGITS_MAX {
            return Err(Malformed);
        }
        let length = length.parse().map_err(|_| Malformed)?;
        let (packet, after) = if faults::has(Bug::LettersAsBytes) {
            after.split_at(length)
        } else {
            after.split_at_checked(end_of(after, length)?).ok_or(Malformed)?
        };
        packets.push(Incoming::parse(&read(packet))?);
        rest = after;
    }
    Ok(packets)
}

/// Clients of Socket.IO 1 that cannot send bytes encode a packet as UTF-8 before it is encoded as UTF-8 with the body; those
/// of 2 do not, and nothing tells the two apart. What reads as UTF-8 twice is taken for the former.
fn undo(packet: &str) -> Cow<'_, str> {
    if packet.is_ascii() {
        return Cow::Borrowed(packet);
    }
    let bytes: Option<Vec<u8>> = packet.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map_or(Cow::Borrowed(packet), Cow::Owned)
}

/// Where so many of JavaScript's letters end: it counts those beyond the first 65 536 twice.
fn end_of(text: &str, length: usize) -> Result<usize, Malformed> {
    let mut left = length;
    for (at, letter) in text.char_indices() {
        if left == 0 {
            return Ok(at);
        }
        left = left.checked_sub(letter.len_utf16()).ok_or(Malformed)?;
    }
    if left == 0 { Ok(text.len()) } else { Err(Malformed) }
}

/// A zero for text or a one for bytes, the digits of the length as numbers, 255, and so many bytes. Browsers with clients
/// of Socket.IO 1 always send this.
fn decode_bytes(mut rest: &[u8]) -> Result<Vec<Incoming>, Malformed> {
    let mut packets = Vec::new();
    while let Some((is_bytes, after)) = rest.split_first()
        && packets.len() <= PACKETS_MAX
    {
        let digits =
            after.iter().take(LENGTH_DIGITS_MAX + 1).position(|byte| *byte == LENGTH_END).ok_or(Malformed)?;
        let (digits, after) = after.split_at_checked(digits).ok_or(Malformed)?;
        let length = digits.iter().try_fold(0_usize, |length, digit| match digit {
            0..=9 => Ok(length * 10 + usize::from(*digit)),
            _ => Err(Malformed),
        })?;
        let (_, after) = after.split_first().ok_or(Malformed)?;
        let (packet, after) = after.split_at_checked(length).ok_or(Malformed)?;
        packets.push(match is_bytes {
            0 => Incoming::parse(text(packet)?)?,
            1 => Incoming::Binary,
            _ => return Err(Malformed),
        });
        rest = after;
    }
    Ok(packets)
}

/// Writes packets, of which there is at least one.
pub(super) fn encode<'a>(revision: Revision, packets: impl IntoIterator<Item = &'a str>) -> String {
    let mut body = String::new();
    for packet in packets {
        match revision {
            Revision::Four => {
                if !body.is_empty() {
                    body.push(SEPARATOR);
                }
                body.push_str(packet);
            }
            Revision::Three => {
                let packet = plain(packet);
                // Writing to a string cannot fail.
                let _ = write!(body, "{}:{packet}", packet.len());
            }
        }
    }
    body
}

/// The same packet in plain ASCII, its JSON with escapes. Clients of Socket.IO 1 and of 2 disagree on how other letters are
/// counted and written; these they all read.
fn plain(packet: &str) -> String {
    let mut plain = String::with_capacity(packet.len());
    let mut units = [0; 2];
    for letter in packet.chars() {
        if letter.is_ascii() {
            plain.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(plain, "\\u{unit:04x}");
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Incoming {
        Incoming::Message(text.to_owned())
    }

    fn bytes(kind: u8, packet: &[u8]) -> Vec<u8> {
        let mut body = vec![kind];
        body.extend(packet.len().to_string().bytes().map(|digit| digit - b'0'));
        body.push(LENGTH_END);
        body.extend(packet);
        body
    }

    #[test]
    fn every_form_of_a_body_is_read() {
        let both = Ok(vec![message("grüß 👋"), Incoming::Ping(String::new())]);
        assert_eq!(decode(Revision::Four, Form::Letters, "4grüß 👋\u{1e}2".as_bytes()), both);
        assert_eq!(decode(Revision::Three, Form::Letters, "8:4grüß 👋1:2".as_bytes()), both);
        let body = [bytes(0, "4grüß 👋".as_bytes()), bytes(0, b"2")].concat();
        assert_eq!(decode(Revision::Three, Form::Bytes, &body), both);
        assert_eq!(decode(Revision::Three, Form::Bytes, &bytes(1, &[4, 255, 0])), Ok(vec![Incoming::Binary]));
        assert_eq!(decode(Revision::Three, Form::Letters, b"6:b4AQID"), Ok(vec![Incoming::Binary]));
    }

    #[test]
    fn what_an_old_client_encodes_twice_is_read_as_it_was_meant() {
        let twice: String = "4grüß 👋".bytes().map(char::from).collect();
        let body = format!("{}:{twice}", twice.chars().count());
        let read = |body: &str| decode(Revision::Three, Form::OnlyLetters, body.as_bytes());
        assert_eq!(read(&body), Ok(vec![message("grüß 👋")]));
        assert_eq!(read("8:4grüß 👋"), Ok(vec![message("grüß 👋")]));
        assert_eq!(read("2:4a"), Ok(vec![message("a")]));
    }

    #[test]
    fn a_body_that_is_none_is_refused() {
        for body in ["", "\u{1e}", "4a\u{1e}"] {
            assert_eq!(decode(Revision::Four, Form::Letters, body.as_bytes()), Err(Malformed), "{body:?}");
        }
        for body in
            ["4a", ":4a", "3:4a", "1:4a", "x:4a", "0:", "-1:4a", "2:4👋", "4:4👋", "99999999999999999999:4a"]
        {
            assert_eq!(decode(Revision::Three, Form::Letters, body.as_bytes()), Err(Malformed), "{body:?}");
        }
        for body in
            [&[0][..], &[0, 255], &[0, 1, 255], &[2, 1, 255, b'2'], &[0, 11, 255, b'2'], &[0, 1, 255, 0xFF]]
        {
            assert_eq!(decode(Revision::Three, Form::Bytes, body), Err(Malformed), "{body:?}");
        }
        assert_eq!(decode(Revision::Three, Form::Bytes, &[0; 100]), Err(Malformed));
        assert_eq!(decode(Revision::Four, Form::Letters, &[0xFF]), Err(Malformed));
    }

    #[test]
    fn a_body_of_endless_packets_is_refused() {
        let most = vec!["2"; PACKETS_MAX];
        for revision in [Revision::Three, Revision::Four] {
            assert!(
                decode(revision, Form::Letters, encode(revision, most.iter().copied()).as_bytes()).is_ok()
            );
            let more = [most.clone(), vec!["2"]].concat();
            assert_eq!(decode(revision, Form::Letters, encode(revision, more).as_bytes()), Err(Malformed));
        }
        assert_eq!(
            decode(Revision::Three, Form::Bytes, &bytes(0, b"2").repeat(PACKETS_MAX + 1)),
            Err(Malformed)
        );
    }

    #[test]
    fn what_is_written_to_old_clients_is_ascii_and_means_the_same() {
        let packet = "42[\"message\",{\"msg\":\"grüß 👋\"}]";
        assert_eq!(encode(Revision::Four, ["2", packet]), format!("2\u{1e}{packet}"));
        let body = encode(Revision::Three, [packet, "2"]);
        assert!(body.is_ascii());
        let packets = decode(Revision::Three, Form::Letters, body.as_bytes()).unwrap();
        let [Incoming::Message(read), Incoming::Ping(_)] = &packets[..] else { panic!("{body}") };
        let value: serde_json::Value = serde_json::from_str(read.strip_prefix('2').unwrap()).unwrap();
        assert_eq!(value, serde_json::json!(["message", { "msg": "grüß 👋" }]));
    }
}
