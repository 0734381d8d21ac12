//! What a client may say in frames, what it may not, and that it does not matter how the bytes arrive.

use super::*;
use proptest::prelude::*;

const LEN_MAX: usize = 70_000;

/// A frame as a client sends it: first byte, mask, payload.
fn sent(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        len @ 0..=125 => frame.push(MASKED | u8::try_from(len).unwrap()),
        len @ 126..=0xffff => {
            frame.push(MASKED | LEN_IN_2);
            frame.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        len => {
            frame.push(MASKED | LEN_IN_8);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

fn text(payload: &str) -> Vec<u8> {
    sent(0x81, [1, 2, 3, 4], payload.as_bytes())
}

/// Everything that is in these bytes, and the error that ends it.
fn read(bytes: &[u8]) -> (Vec<Incoming>, Option<Wrong>) {
    read_in(&[bytes])
}

fn read_in(parts: &[&[u8]]) -> (Vec<Incoming>, Option<Wrong>) {
    let (mut reader, mut all) = (Reader::new(LEN_MAX), Vec::new());
    for part in parts {
        reader.feed(part);
        loop {
            match reader.next() {
                Ok(Some(incoming)) => all.push(incoming),
                Ok(None) => break,
                Err(wrong) => return (all, Some(wrong)),
            }
        }
    }
    (all, None)
}

fn wrong(bytes: &[u8]) -> Wrong {
    read(bytes).1.unwrap()
}

#[test]
fn the_examples_of_the_specification_are_understood() {
    let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(read(&hello), (vec![Incoming::Text("Hello".to_owned())], None));
    let pong = [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(read(&pong), (vec![Incoming::Pong], None));
    assert_eq!(*frame(Opcode::Text, b"Hello"), [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
    assert_eq!(*frame(Opcode::Binary, &[0; 256]).first_chunk::<4>().unwrap(), [0x82, 0x7e, 0x01, 0x00]);
    let long = frame(Opcode::Binary, &[0; 65_536]);
    assert_eq!(*long.first_chunk::<10>().unwrap(), [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0]);
}

#[test]
fn lengths_around_the_borders_are_read_and_written() {
    for len in [0, 1, 125, 126, 127, 65_535, 65_536, LEN_MAX] {
        let payload = "x".repeat(len);
        assert_eq!(read(&text(&payload)), (vec![Incoming::Text(payload.clone())], None), "{len}");
        let head_len = frame(Opcode::Text, payload.as_bytes()).len() - len;
        assert_eq!(
            head_len,
            if len < 126 {
                2
            } else if len < 65_536 {
                4
            } else {
                10
            },
            "{len}"
        );
    }
}

#[test]
fn a_message_in_parts_is_put_together_and_signs_may_come_between() {
    let mut bytes = sent(0x01, [9; 4], b"one ");
    bytes.extend(sent(0x89, [7; 4], b"there?"));
    bytes.extend(sent(0x00, [8; 4], "zwei\u{0308} ".as_bytes().split_at(5).0));
    bytes.extend(sent(0x00, [8; 4], "zwei\u{0308} ".as_bytes().split_at(5).1));
    bytes.extend(sent(0x8a, [0; 4], b""));
    bytes.extend(sent(0x80, [6; 4], b"three"));
    let heard = vec![
        Incoming::Part,
        Incoming::Ping(b"there?".to_vec()),
        Incoming::Part,
        Incoming::Part,
        Incoming::Pong,
        Incoming::Text("one zwei\u{0308} three".to_owned()),
    ];
    assert_eq!(read(&bytes), (heard, None));
}

#[test]
fn what_is_not_as_the_protocol_says_is_refused() {
    for (what, bytes) in [
        ("not masked", vec![0x81, 0x01, b'a']),
        ("a reserved bit", sent(0xc1, [1; 4], b"a")),
        ("another reserved bit", sent(0x91, [1; 4], b"a")),
        ("an unknown kind", sent(0x83, [1; 4], b"a")),
        ("an unknown sign", sent(0x8b, [1; 4], b"a")),
        ("a sign in parts", sent(0x09, [1; 4], b"a")),
        ("a sign that is too long", sent(0x89, [1; 4], &[0; 126])),
        ("a goodbye that is too long", sent(0x88, [1; 4], &[0; 126])),
        ("a part of nothing", sent(0x80, [1; 4], b"a")),
        ("a message within a message", [sent(0x01, [1; 4], b"a"), sent(0x81, [1; 4], b"b")].concat()),
        ("half a code", sent(0x88, [1; 4], &[3])),
        ("a code that nobody may send", sent(0x88, [1; 4], &1005_u16.to_be_bytes())),
        ("a code below all", sent(0x88, [1; 4], &999_u16.to_be_bytes())),
        ("a code that means nothing", sent(0x88, [1; 4], &2000_u16.to_be_bytes())),
        ("a code beyond all", sent(0x88, [1; 4], &5000_u16.to_be_bytes())),
    ] {
        assert_eq!(wrong(&bytes), Wrong::Protocol, "{what}");
    }
}

#[test]
fn a_text_is_utf_8_as_a_whole() {
    assert_eq!(wrong(&sent(0x81, [1; 4], &[0xff])), Wrong::NotText);
    assert_eq!(wrong(&[sent(0x01, [1; 4], &[0xc3]), sent(0x80, [1; 4], b"a")].concat()), Wrong::NotText);
    assert_eq!(wrong(&sent(0x88, [1; 4], &[0x03, 0xe8, 0xff])), Wrong::NotText);
    assert_eq!(read(&sent(0x82, [1; 4], &[0xff])), (vec![Incoming::Binary], None));
}

/// The head of a text whose length is written in eight bytes.
fn head_in_8(len: u64) -> Vec<u8> {
    [&[0x81, MASKED | LEN_IN_8][..], &len.to_be_bytes(), &[0; 4]].concat()
}

#[test]
fn a_length_is_written_in_as_few_bytes_as_it_takes() {
    for head in [
        vec![0x81, MASKED | LEN_IN_2, 0, 125, 0, 0, 0, 0],
        head_in_8(125),
        head_in_8(65_535),
        head_in_8(1 << 63),
        head_in_8(u64::MAX),
    ] {
        assert_eq!(wrong(&head), Wrong::Protocol, "{head:?}");
    }
    assert_eq!(read(&head_in_8(65_536)), (vec![], None));
}

#[test]
fn what_is_too_long_is_refused_before_it_comes() {
    assert_eq!(wrong(&head_in_8(u64::MAX >> 1)), Wrong::TooLarge);
    let parts = [sent(0x01, [1; 4], &vec![b'a'; LEN_MAX]), sent(0x00, [1; 4], b"a")].concat();
    assert_eq!(read(&parts), (vec![Incoming::Part], Some(Wrong::TooLarge)));
}

#[test]
fn a_goodbye_says_why_or_nothing() {
    for (payload, code) in
        [(vec![], None), (vec![0x03, 0xe8], Some(1000)), (b"\x0f\xa1bye".to_vec(), Some(4001))]
    {
        assert_eq!(read(&sent(0x88, [5; 4], &payload)), (vec![Incoming::Close(code)], None));
    }
    assert_eq!(*close(None, "not said"), [0x88, 0]);
    assert_eq!(*close(Some(1000), "bye"), [0x88, 5, 0x03, 0xe8, b'b', b'y', b'e']);
    assert_eq!(*close(Some(1000), &"long".repeat(40)), [0x88, 2, 0x03, 0xe8]);
}

#[test]
fn a_silent_connection_holds_nothing() {
    let mut reader = Reader::new(LEN_MAX);
    reader.feed(&text(&"x".repeat(5000)));
    assert!(matches!(reader.next(), Ok(Some(Incoming::Text(_)))));
    assert_eq!(reader.next(), Ok(None));
    assert_eq!(reader.bytes.capacity(), 0);
}

proptest! {
    #[test]
    fn it_does_not_matter_how_the_bytes_are_cut(
        said in prop::collection::vec((prop::sample::select(vec![0x01_u8, 0x81, 0x80, 0x00, 0x82, 0x89, 0x8a]), any::<[u8; 4]>(), "[a-zé]{0,200}"), 1..8),
        cuts in prop::collection::vec(1_usize..90, 1..40),
    ) {
        let bytes: Vec<u8> = said.iter().flat_map(|(first, mask, text)| {
            let len = if first & 0x08 == 0 { text.len() } else { 0 };
            sent(*first, *mask, &text.as_bytes()[..len])
        }).collect();
        let (mut parts, mut rest) = (Vec::new(), bytes.as_slice());
        for cut in cuts {
            let (part, left) = rest.split_at(cut.min(rest.len()));
            parts.push(part);
            rest = left;
        }
        parts.push(rest);
        prop_assert_eq!(read_in(&parts), read(&bytes));
    }

    #[test]
    fn whatever_comes_is_an_answer_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut reader = Reader::new(LEN_MAX);
        reader.feed(&bytes);
        for _ in 0..bytes.len() {
            if !matches!(reader.next(), Ok(Some(_))) {
                break;
            }
        }
    }
}
