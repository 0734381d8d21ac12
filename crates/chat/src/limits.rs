//! Every number that bounds the rules, in one place; and the counters that hold people to the rates.

use crate::{Client, Error, Result};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _, clock::DefaultClock};
use protocol::{Account, AccountId, AccountKind, ErrorCode};
use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

/// So many in a period, and so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many in a period, at least 1.
    pub count: u32,
    /// The period in seconds, at least 1.
    pub per_s: u32,
    /// How many at once, at least 1.
    pub burst: u32,
}

impl Rate {
    /// A rate.
    pub const fn new(count: u32, per_s: u32, burst: u32) -> Self {
        Self { count, per_s, burst }
    }

    fn quota(self) -> Quota {
        let count = self.count.max(1);
        let period = Duration::from_secs(u64::from(self.per_s.max(1))) / count;
        // A period of zero would mean "no limit": a nanosecond is as good.
        Quota::with_period(period.max(Duration::from_nanos(1)))
            .unwrap_or(Quota::per_second(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::new(self.burst).unwrap_or(NonZeroU32::MIN))
    }
}

/// Lengths, numbers and rates. The server's settings fill it; the defaults are theirs.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest message, in characters: some pages of text, well inside a 64 KiB frame.
    pub message_chars_max: usize,
    /// The longest name of a room, in characters.
    pub room_name_chars_max: usize,
    /// The longest description of a room, in characters.
    pub description_chars_max: usize,
    /// The longest display name, in characters.
    pub display_name_chars_max: usize,
    /// The longest username, in characters.
    pub username_chars_max: usize,
    /// The shortest password, in characters (ASVS 5.0 §6.2.1).
    pub password_chars_min: usize,
    /// The longest password, in bytes: more would only make hashing a longer text costly.
    pub password_bytes_max: usize,
    /// Memory of one password hash in KiB (OWASP: 19 MiB with 2 passes).
    pub password_memory_kib: u32,
    /// Passes of one password hash.
    pub password_passes: u32,
    /// Passwords hashed at the same time: this times the memory is what a flood of sign-ins can cost.
    pub password_hashing_at_once: usize,
    /// Sign-ins that may wait for a hash; more are told to come back.
    pub password_hashing_queue_max: usize,
    /// How often it is checked what other nodes stored, in milliseconds.
    pub position_check_ms: u64,
    /// Messages on a page of history at most.
    pub page_len_max: i64,
    /// Messages on a page of history when the client does not say.
    pub page_len: i64,
    /// Changes in one answer; who is further behind asks again or loads afresh.
    pub changes_len_max: i64,
    /// Conversations that a resume may name.
    pub resume_cursors_max: usize,
    /// Conversations that one account may be in or wait for.
    pub memberships_per_account_max: i64,
    /// Members of a room.
    pub members_per_room_max: i64,
    /// Requests that may wait at a room.
    pub pending_per_room_max: i64,
    /// Invites of a room that are good at the same time.
    pub invites_per_room_max: i64,
    /// Different emoji on one message.
    pub emoji_per_message_max: usize,
    /// Reactions on one message: they travel with it.
    pub reactions_per_message_max: usize,
    /// Edits of one message: each is kept.
    pub edits_per_message_max: i64,
    /// People whom one message may name.
    pub mentions_per_message_max: usize,
    /// Sessions of one account that are good at the same time; the oldest ends when one more begins.
    pub sessions_per_account_max: i64,
    /// Days after which an unused session ends.
    pub session_days: i64,
    /// Days after which every session ends, however it is used.
    pub session_days_max: i64,
    /// Days for which what matters for security stays written down.
    pub audit_days: i64,
    /// Minutes that a JWT is good for.
    pub jwt_minutes: i64,
    /// Hours that the token of a client of another system is good for.
    pub dialect_token_hours: i64,
    /// Days that an invite is good for when its maker does not say.
    pub invite_days: i64,
    /// Messages, edits, deletions and reactions of one account.
    pub sends_per_account: Rate,
    /// Messages, edits, deletions and reactions of one guest.
    pub sends_per_guest: Rate,
    /// Guests who come in from one address.
    pub guests_per_address: Rate,
    /// New guests in a day, from all addresses together.
    pub guests_max: i64,
    /// Attempts to sign in to one account from one address. The address is part of it so that nobody can lock somebody
    /// else out.
    pub sign_ins_per_account: Rate,
    /// Attempts to sign in or to refresh a session from one address.
    pub sign_ins_per_address: Rate,
    /// Accounts made from one address.
    pub sign_ups_per_address: Rate,
    /// Look-ups of people by one account: a directory must not be copied in an afternoon.
    pub lookups_per_account: Rate,
    /// Codes of invites tried from one address.
    pub invite_codes_per_address: Rate,
    /// Rooms, chats, invites and joins of one account.
    pub rooms_per_account: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_chars_max: 10_000,
            room_name_chars_max: 80,
            description_chars_max: 500,
            display_name_chars_max: 64,
            username_chars_max: 32,
            password_chars_min: 8,
            password_bytes_max: 256,
            password_memory_kib: 19 * 1024,
            password_passes: 2,
            password_hashing_at_once: 2,
            password_hashing_queue_max: 64,
            position_check_ms: 2_000,
            page_len_max: 200,
            page_len: 50,
            changes_len_max: 500,
            resume_cursors_max: 1000,
            memberships_per_account_max: 1000,
            members_per_room_max: 10_000,
            pending_per_room_max: 200,
            invites_per_room_max: 100,
            emoji_per_message_max: 20,
            reactions_per_message_max: 500,
            edits_per_message_max: 100,
            mentions_per_message_max: 20,
            sessions_per_account_max: 50,
            session_days: 30,
            session_days_max: 180,
            audit_days: 366,
            jwt_minutes: 10,
            dialect_token_hours: 7 * 24,
            invite_days: 30,
            sends_per_account: Rate::new(10, 1, 30),
            sends_per_guest: Rate::new(1, 1, 10),
            guests_per_address: Rate::new(30, 60, 30),
            guests_max: 1000,
            sign_ins_per_account: Rate::new(5, 60, 10),
            sign_ins_per_address: Rate::new(30, 60, 60),
            sign_ups_per_address: Rate::new(20, 3600, 20),
            lookups_per_account: Rate::new(1000, 3600, 60),
            invite_codes_per_address: Rate::new(30, 60, 30),
            rooms_per_account: Rate::new(60, 3600, 20),
        }
    }
}

/// An address as the limits count it: an IPv6 household is one /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Address(IpAddr);

impl From<&Client> for Address {
    fn from(client: &Client) -> Self {
        Self(match client.ip.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
            v4 => v4,
        })
    }
}

struct Throttle<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    fn new(rate: Rate) -> Self {
        Self { limiter: DefaultKeyedRateLimiter::keyed(rate.quota()), clock: DefaultClock::default() }
    }

    fn check(&self, key: &K) -> Result<()> {
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
            Error::new(ErrorCode::RateLimited).retry_after_ms(ms)
        })
    }

    fn sweep(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => write!(out, "{v4}"),
            IpAddr::V6(v6) => write!(out, "{v6}/64"),
        }
    }
}

/// The counters behind the rates. What they remember is bounded by the keys seen in one period.
pub(crate) struct Throttles {
    sends: Throttle<AccountId>,
    sends_of_guests: Throttle<AccountId>,
    guests: Throttle<Address>,
    sign_ins: Throttle<(String, Address)>,
    sign_ins_by_address: Throttle<Address>,
    sign_ups: Throttle<Address>,
    lookups: Throttle<AccountId>,
    invite_codes: Throttle<Address>,
    rooms: Throttle<AccountId>,
}

impl Throttles {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            sends: Throttle::new(limits.sends_per_account),
            sends_of_guests: Throttle::new(limits.sends_per_guest),
            guests: Throttle::new(limits.guests_per_address),
            sign_ins: Throttle::new(limits.sign_ins_per_account),
            sign_ins_by_address: Throttle::new(limits.sign_ins_per_address),
            sign_ups: Throttle::new(limits.sign_ups_per_address),
            lookups: Throttle::new(limits.lookups_per_account),
            invite_codes: Throttle::new(limits.invite_codes_per_address),
            rooms: Throttle::new(limits.rooms_per_account),
        }
    }

    pub(crate) fn send(&self, account: &Account) -> Result<()> {
        match account.kind {
            AccountKind::Guest => self.sends_of_guests.check(&account.id),
            _ => self.sends.check(&account.id),
        }
    }

    pub(crate) fn guest(&self, client: &Client) -> Result<()> {
        self.guests.check(&client.into())
    }

    /// `login` is what was typed, brought to one form; it need not belong to anybody.
    pub(crate) fn sign_in(&self, login: &str, client: &Client) -> Result<()> {
        self.address(client)?;
        self.sign_ins.check(&(login.to_owned(), client.into()))
    }

    /// Anything else that tries a secret which belongs to a session counts as an attempt to sign in from the address.
    pub(crate) fn address(&self, client: &Client) -> Result<()> {
        self.sign_ins_by_address.check(&client.into())
    }

    pub(crate) fn sign_up(&self, client: &Client) -> Result<()> {
        self.sign_ups.check(&client.into())
    }

    pub(crate) fn lookup(&self, account: AccountId) -> Result<()> {
        self.lookups.check(&account)
    }

    pub(crate) fn invite_code(&self, client: &Client) -> Result<()> {
        self.invite_codes.check(&client.into())
    }

    pub(crate) fn rooms(&self, account: AccountId) -> Result<()> {
        self.rooms.check(&account)
    }

    /// Forgets whoever is at rest.
    pub(crate) fn sweep(&self) {
        self.sends.sweep();
        self.sends_of_guests.sweep();
        self.guests.sweep();
        self.sign_ins.sweep();
        self.sign_ins_by_address.sweep();
        self.sign_ups.sweep();
        self.lookups.sweep();
        self.invite_codes.sweep();
        self.rooms.sweep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(ip: &str) -> Client {
        Client { ip: ip.parse().unwrap(), user_agent: None }
    }

    #[test]
    fn an_ipv6_household_is_one_address_and_a_mapped_ipv4_is_the_ipv4() {
        let address = |ip| Address::from(&client(ip));
        assert_eq!(address("2001:db8:1:2::3"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::3"), address("2001:db8:1:3::3"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }

    #[test]
    fn whoever_uses_up_the_burst_is_told_when_to_come_back() {
        let throttle = Throttle::new(Rate::new(1, 60, 2));
        assert!(throttle.check(&1).is_ok() && throttle.check(&1).is_ok());
        let refused = throttle.check(&1).unwrap_err();
        assert_eq!(refused.code, ErrorCode::RateLimited);
        assert!(refused.retry_after_ms.unwrap() <= 60_001);
        assert!(throttle.check(&2).is_ok(), "somebody else is not concerned");
    }
}
