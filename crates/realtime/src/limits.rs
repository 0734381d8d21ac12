//! Every limit of the hub, in one place, with its reason.

/// How long a connection may leave its full queue alone before it is closed. As long as a door waits for a socket
/// that takes nothing, and longer than any stutter of a mobile network that is worth waiting for.
pub(crate) const STALLED_MS: i64 = 30_000;

/// What a `lag` frame counts for in a queue's bytes: its longest form, with two ids of nineteen digits.
pub(crate) const LAG_LEN: usize = 80;

/// What an installation may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Frames that wait for one connection. 256 are some seconds of a busy room, more than a healthy client ever lets wait.
    pub frames_max: usize,
    /// Bytes that wait for one connection. With 256 KiB a thousand stalled clients hold 256 MiB at most; frames that
    /// several connections wait for are shared, so in practice far less.
    pub bytes_max: usize,
    /// Connections of one account at a time: all its devices and tabs, and not a way to fill the server from one account.
    pub connections_per_account_max: usize,
    /// Connections of this process, below what the system lets it open.
    pub connections_max: usize,
    /// Presence is told only in conversations with at most so many listeners: telling costs listeners × listeners
    /// when everyone comes at once.
    pub presence_audience_max: usize,
    /// How long after its last connection an account still counts as online, in milliseconds: a reload or a change of
    /// network should not flicker on everyone's screen.
    pub presence_grace_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frames_max: 256,
            bytes_max: 256 * 1024,
            connections_per_account_max: 10,
            connections_max: 16_384,
            presence_audience_max: 200,
            presence_grace_ms: 10_000,
        }
    }
}
