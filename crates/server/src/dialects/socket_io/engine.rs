//! Engine.IO, the layer under Socket.IO: packets of one letter and a text. Revision 3 is what the clients of Socket.IO 1
//! and 2 speak, revision 4 those from 3 on.

use serde_json::json;
use std::time::Duration;

/// Which revision a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revision {
    /// Clients 1 and 2: they ping, and are connected as soon as they have come.
    Three,
    /// Clients from 3 on: the server pings, and they ask to be connected.
    Four,
}

impl Revision {
    /// The revision that `EIO` names.
    pub(super) fn of(number: &str) -> Option<Self> {
        match number {
            "3" => Some(Self::Three),
            "4" => Some(Self::Four),
            _ => None,
        }
    }
}

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// The client goes.
    Close,
    /// Asks for a pong with the same text.
    Ping(String),
    Pong,
    /// A packet of Socket.IO.
    Message(String),
    /// Bytes, which nothing here is made of.
    Binary,
    /// From now on everything goes by the WebSocket.
    Upgrade,
    Noop,
}

/// A text that is no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl Incoming {
    pub(super) fn parse(text: &str) -> Result<Self, Malformed> {
        let mut letters = text.chars();
        let kind = letters.next().ok_or(Malformed)?;
        let rest = || letters.as_str().to_owned();
        match kind {
            '1' => Ok(Self::Close),
            '2' => Ok(Self::Ping(rest())),
            '3' => Ok(Self::Pong),
            '4' => Ok(Self::Message(rest())),
            '5' => Ok(Self::Upgrade),
            '6' => Ok(Self::Noop),
            // Bytes in letters, where only letters can travel.
            'b' => Ok(Self::Binary),
            _ => Err(Malformed),
        }
    }
}

/// The server goes.
pub(super) const CLOSE: &str = "1";
/// Ends a request that waits, with nothing to say.
pub(super) const NOOP: &str = "6";
/// What a client says by a WebSocket to find out whether it carries.
pub(super) const PROBE: &str = "probe";

/// The first packet of a session.
pub(super) fn open(
    sid: &str,
    may_upgrade: bool,
    ping_every: Duration,
    ping_patience: Duration,
    payload_bytes_max: usize,
) -> String {
    let upgrades: &[&str] = if may_upgrade { &["websocket"] } else { &[] };
    let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let details = json!({
        "sid": sid,
        "upgrades": upgrades,
        "pingInterval": milliseconds(ping_every),
        "pingTimeout": milliseconds(ping_patience),
        "maxPayload": payload_bytes_max,
    });
    format!("0{details}")
}

/// Asks for a sign of life.
pub(crate) fn ping() -> String {
    "2".to_owned()
}

/// Answers a ping.
pub(crate) fn pong(text: &str) -> String {
    format!("3{text}")
}

/// Carries a packet of Socket.IO.
pub(crate) fn message(packet: &str) -> String {
    format!("4{packet}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_a_letter_and_a_text() {
        let message = Incoming::Message("2[\"message\",\"ü\"]".to_owned());
        assert_eq!(Incoming::parse("42[\"message\",\"ü\"]"), Ok(message));
        assert_eq!(Incoming::parse("2probe"), Ok(Incoming::Ping("probe".to_owned())));
        assert_eq!(Incoming::parse("bAQID"), Ok(Incoming::Binary));
        for text in ["", "0{}", "7", "x", "ü"] {
            assert_eq!(Incoming::parse(text), Err(Malformed), "{text:?}");
        }
    }

    #[test]
    fn the_first_packet_tells_what_to_expect() {
        let text = open("abc", true, Duration::from_secs(25), Duration::from_secs(20), 9);
        let details: serde_json::Value = serde_json::from_str(text.strip_prefix('0').unwrap()).unwrap();
        let expected = json!({
            "sid": "abc", "upgrades": ["websocket"], "pingInterval": 25000, "pingTimeout": 20000, "maxPayload": 9
        });
        assert_eq!(details, expected);
    }
}
