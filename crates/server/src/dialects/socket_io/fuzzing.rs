//! Hostile bytes for Socket.IO and the Engine.IO under it.

#![allow(clippy::panic, reason = "a property that does not hold must be seen")]

use super::{
    engine::{self, Incoming, Revision},
    packet::{self, Packet},
    payload::{self, Form},
    request::Asked,
};

/// What the bound on packets in one body is.
const PACKETS_MAX: usize = 1000;

/// A packet is read or refused; an event that is told can be read.
pub(crate) fn packets(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(Incoming::Message(packet)) = Incoming::parse(&text) {
        assert_eq!(text, engine::message(&packet));
    }
    match Packet::parse(&text) {
        Ok(Packet::Event(event)) => {
            let [data] = event.args.as_slice() else { return };
            let told = packet::event(&event.name, data);
            let Some(Ok(Packet::Event(read))) = told.strip_prefix('4').map(Packet::parse) else {
                panic!("an event that was told cannot be read: {told}");
            };
            // The digits of a fraction may change, what it is does not.
            assert_eq!((read.name, read.args.len(), read.answer_to), (event.name, 1, None));
        }
        Ok(Packet::Elsewhere { namespace }) => {
            assert!(!namespace.is_empty() && !namespace.contains([',', '?']));
            for revision in [Revision::Three, Revision::Four] {
                assert!(packet::refused(revision, &namespace, "no", &()).starts_with("44/"));
            }
        }
        _ => {}
    }
}

/// A body is read or refused in every form, never more packets than there may be; what we write is read back.
pub(crate) fn payloads(bytes: &[u8]) {
    for (revision, form) in [
        (Revision::Four, Form::Letters),
        (Revision::Four, Form::OnlyLetters),
        (Revision::Four, Form::Bytes),
        (Revision::Three, Form::Letters),
        (Revision::Three, Form::OnlyLetters),
        (Revision::Three, Form::Bytes),
    ] {
        let Ok(packets) = payload::decode(revision, form, bytes) else { continue };
        assert!(packets.len() <= PACKETS_MAX && packets.len() <= bytes.len() + 1);
        let said: Vec<String> = packets.iter().filter_map(said).collect();
        if said.is_empty() {
            continue;
        }
        let body = payload::encode(revision, said.iter().map(String::as_str));
        let read = payload::decode(revision, Form::Letters, body.as_bytes());
        let count = read.map(|read| read.len());
        // A packet of revision 4 that holds the separator would be two; what came in cannot hold it.
        assert_eq!(count, Ok(said.len()), "{body:?}");
    }
}

fn said(packet: &Incoming) -> Option<String> {
    match packet {
        Incoming::Message(text) if !text.contains('\u{1e}') => Some(engine::message(text)),
        Incoming::Ping(_) => Some(engine::ping()),
        _ => None,
    }
}

/// What a request asks for is read from its query, or refused.
pub(crate) fn requests(bytes: &[u8]) {
    let query = String::from_utf8_lossy(bytes);
    if let Ok(asked) = Asked::parse(&query) {
        assert!(query.contains("transport") || query.contains('%'));
        assert!(asked.sid.is_none_or(|sid| sid.len() <= 3 * query.len()));
    }
}
