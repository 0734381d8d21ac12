//! Everything that reads what others send, by name, as a function that takes any bytes and holds it to what must be true. A
//! fuzzer calls these (`fuzz/` and `scripts/fuzz`), and a test replays what it has found so far.

use crate::{
    config::fuzzing as config, dialects::fuzzing as dialects, http::fuzzing as http,
    socket::fuzzing as socket, wire::fuzzing as wire,
};
use chat::fuzzing as chat;
use realtime::bus::{self, Envelope};

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What `scripts/fuzz` and the folder of its saved inputs call it.
    pub name: &'static str,
    /// Panics when something that must be true is not.
    pub run: fn(&[u8]),
}

macro_rules! targets {
    ($($name:literal => $run:expr,)*) => { &[$(Target { name: $name, run: $run },)*] };
}

/// All of them.
pub const TARGETS: &[Target] = targets! {
    "websocket-frames" => wire::frames,
    "socket-commands" => socket::commands,
    "chats-frames" => dialects::chats::frames,
    "chats-links" => dialects::chats::links,
    "chatter-box-frames" => dialects::chatter_box::frames,
    "chat-app-frames" => dialects::chat_app::frames,
    "chatroom-frames" => dialects::chatroom::frames,
    "flask-chat-words" => dialects::flask_chat::words,
    "flask-chat-forms" => dialects::flask_chat::forms,
    "dialect-fields" => dialects::fields,
    "socket-io-packets" => dialects::socket_io::packets,
    "socket-io-payloads" => dialects::socket_io::payloads,
    "socket-io-requests" => dialects::socket_io::requests,
    "request-heads" => http::heads,
    "api-bodies" => http::bodies,
    "page-forms" => http::pages::forms,
    "page-texts" => http::pages::texts,
    "settings-files" => config::files,
    "settings-values" => config::values,
    "names" => chat::names,
    "texts" => chat::texts,
    "mentions" => chat::mentions,
    "cursors" => chat::cursors,
    "tokens" => chat::tokens,
    "bus-hints" => bus_hints,
};

/// What another node says is read or passed over; what is understood is said again as it was, and what is said instead of
/// something too long is understood too.
fn bus_hints(bytes: &[u8]) {
    let Some(Envelope { node, number, hint: Some(hint) }) = Envelope::read(bytes) else { return };
    let written = bus::write(node, number, &hint);
    let again = Envelope::read(&written).and_then(|envelope| envelope.hint);
    let rewritten = again.map(|hint| bus::write(node, number, &hint));
    assert_eq!(rewritten.as_ref(), Some(&written), "{}", String::from_utf8_lossy(&written));
    for short in hint.shortened() {
        assert!(Envelope::read(&bus::write(node, number, &short)).is_some_and(|read| read.hint.is_some()));
    }
    let _ = hint.missed_by();
}

#[cfg(test)]
mod tests;
