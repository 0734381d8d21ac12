//! The table of settings: the only place where a setting is named, explained and given its default.
//!
//! From a line here come the flag (`--body-bytes-max`), the environment variable (`PARLOR_BODY_BYTES_MAX`), the key
//! of `parlor.toml` (`body_bytes_max`), the field of [`Settings`] and the reference that `parlor config` prints.

use super::values::{
    BusUrl, DatabaseUrl, Dialects, Listen, LogFormat, Origins, ProviderUrl, Proxies, PublicUrl, Secret, Value,
};
use chat::Rate;
use protocol::api::Registration;
use std::path::PathBuf;

/// One line of the table.
#[derive(Debug)]
pub struct Setting {
    /// The heading under which it stands in the reference.
    pub heading: &'static str,
    /// The key of `parlor.toml`; flag and variable are made from it.
    pub name: &'static str,
    /// What stands behind the flag in the help.
    pub value_name: &'static str,
    pub default: &'static str,
    /// What it does.
    pub what: &'static str,
    /// Why the default is what it is.
    pub why: &'static str,
}

macro_rules! settings {
    ($($heading:literal { $($name:ident: $kind:ty = $default:literal, $value_name:literal, $what:literal, $why:literal;)+ })+) => {
        /// What Parlor was told to do, after all sources were read.
        #[derive(Clone, Debug)]
        pub struct Settings {
            $($(#[doc = $what] pub $name: $kind,)+)+
        }

        /// All settings in the order of the reference.
        pub const TABLE: &[Setting] = &[$($(Setting {
            heading: $heading,
            name: stringify!($name),
            value_name: $value_name,
            default: $default,
            what: $what,
            why: $why,
        },)+)+];

        impl Settings {
            /// Reads every setting from the text that `text` finds for its name, or from its default.
            /// The error names the setting and ends the sentence that its name begins.
            pub(super) fn read(text: impl Fn(&'static str) -> Option<String>) -> Result<Self, (&'static str, String)> {
                Ok(Self {
                    $($($name: {
                        let name = stringify!($name);
                        <$kind>::read(text(name).as_deref().unwrap_or($default)).map_err(|wrong| (name, wrong))?
                    },)+)+
                })
            }
        }
    };
}

settings! {
    "Where Parlor listens and what it keeps" {
        listen: Listen = "127.0.0.1:8000", "HOST:PORT",
            "Address and port to listen on.",
            "Only this machine reaches a Parlor that somebody is trying out; 0.0.0.0:8000 opens it to the network.";
        data: PathBuf = "./parlor-data", "DIR",
            "Directory of everything that Parlor keeps.",
            "Beside where it was started, so that the first run needs no rights and leaves nothing elsewhere.";
        database: DatabaseUrl = "sqlite", "URL",
            "`sqlite`, which is a file in the data directory, or a postgres:// URL.",
            "SQLite needs no other program and carries a large team on one machine.";
        public_url: PublicUrl = "", "URL",
            "The address that people type, such as https://chat.example.org. Cookies, links and the check of where a request comes from follow from it.",
            "Then it is http:// and the address listened on, which is right until a proxy stands in front.";
        trusted_proxies: Proxies = "", "ADDRESSES",
            "Proxies whose X-Forwarded-For is believed: addresses or networks with commas between.",
            "Whoever is believed can pretend to come from any address and so escape every limit by address.";
    }
    "Who may come in" {
        registration: Registration = "open", "open|invite|closed",
            "Who may make an account, until an administrator decides otherwise in the client.",
            "People should be able to try it with a friend at once; it listens on this machine only unless told otherwise.";
        server_name: String = "Parlor", "NAME",
            "The name of this installation, shown where people sign in.",
            "Something must stand there.";
        dialects: Dialects = "strict", "strict|open|off",
            "Doors for clients of other chat systems: for people who signed in, for unverified guests too, or closed.",
            "Those clients should just work; that anybody may speak under any name is for an installation to decide.";
    }
    "Several nodes" {
        bus: BusUrl = "", "URL",
            "A redis:// URL of a Redis or Valkey by which nodes that share a PostgreSQL database tell each other at once what happened.",
            "One node needs none. With several, each must be given the same.";
        position_check_ms: u64 = "2000", "MS",
            "How often it is checked in the database whether other nodes stored something of which no hint came; at least once a second while the bus is away.",
            "One small query; nobody waits much longer for a message whose hint was lost.";
        hint_bytes_max: usize = "65536", "BYTES",
            "The longest hint; one that would be longer says only where to look in the database.",
            "The longest message, written in any script, travels with its hint.";
        hint_queue_len_max: usize = "10000", "NUMBER",
            "Hints that may wait for the bus; more are dropped, and read from the database by the others.",
            "A second of a very busy house; nothing that is stored waits for the bus.";
    }
    "Clients of other systems" {
        cors_origins: Origins = "http://localhost:3000", "ORIGINS",
            "Pages that may call these doors from a browser, with commas between. The session cookie is not taken from them.",
            "Where the development server of the chatter_box app serves its page.";
        dialect_token_hours: u32 = "168", "HOURS",
            "How long a token that such a client signs in for is good.",
            "These clients do not renew tokens; ending the session ends the token too.";
        guests_max: u32 = "1000", "NUMBER",
            "New guests in a day, from all addresses together.",
            "A demonstration has fewer; a program that makes up names is stopped, and shuts others out no longer than a day.";
        guests_per_address: Rate = "30/min+30", "RATE",
            "Guests who come in from one address.",
            "A class that looks at it together; each message under another name is another guest.";
        sends_per_guest: Rate = "1/s+10", "RATE",
            "Messages, edits and deletions of one guest.",
            "As fast as people write; nobody knows who it is.";
    }
    "Signing in by GitHub" {
        github_client_id: String = "", "ID",
            "The client id of this installation's OAuth app at GitHub, also read from GITHUB_CLIENT_ID. Its authorization callback URL there is the public URL with /chatpage.",
            "Without an OAuth app of one's own there is no signing in by GitHub.";
        github_client_secret: Secret = "", "SECRET",
            "The client secret of that app, also read from GITHUB_CLIENT_SECRET. Give it in the environment or a file: everybody on a machine can see flags.",
            "It comes with the client id.";
        github_authorize_url: ProviderUrl = "https://github.com/login/oauth/authorize", "URL",
            "Where people are sent to sign in.",
            "GitHub's; a GitHub Enterprise of one's own has others. Only https, except on this machine.";
        github_token_url: ProviderUrl = "https://github.com/login/oauth/access_token", "URL",
            "Where the code that they come back with is exchanged.",
            "GitHub's.";
        github_user_url: ProviderUrl = "https://api.github.com/user", "URL",
            "Where it is asked who they are.",
            "GitHub's.";
        github_emails_url: ProviderUrl = "https://api.github.com/user/emails", "URL",
            "Where their e-mail addresses are asked for, of which only a verified one counts.",
            "GitHub's.";
        provider_timeout_ms: u64 = "10000", "MS",
            "How long all questions to the service together may take while somebody signs in.",
            "It answers in a second or is down; people wait this long and no longer.";
    }
    "Log" {
        log: String = "info", "FILTER",
            "What is logged, such as `info` or `warn,server=debug`.",
            "One line a request is enough to find out what happened and little enough to keep.";
        log_format: LogFormat = "text", "text|json",
            "How the log is written.",
            "People read the first logs; programs ask for json.";
    }
    "Requests" {
        requests_per_address: Rate = "50/s+300", "RATE",
            "Requests from one address. A rate is COUNT/PERIOD+BURST: 50 a second over time, 300 at once.",
            "An office behind one address stays far below; opening the client asks for some tens of things; a loop that guesses is stopped.";
        body_bytes_max: usize = "1048576", "BYTES",
            "The longest body of a request.",
            "The longest message, escaped in the most wasteful way, takes a tenth of it.";
        header_bytes_max: usize = "16384", "BYTES",
            "The longest head of a request; at least 8192.",
            "Browsers send one or two KiB; more is a mistake or an attack.";
        headers_max: usize = "100", "NUMBER",
            "How many header lines a request may have.",
            "Browsers send twenty, a proxy adds ten.";
        header_timeout_ms: u64 = "10000", "MS",
            "How long a connection may take to send the head of a request, and how long it may wait between two requests.",
            "A slow phone needs two seconds; a connection that holds a place for nothing is let go.";
        request_timeout_ms: u64 = "30000", "MS",
            "How long a request may take altogether, reading its body included.",
            "People have given up by then, and what holds a place that long is stuck.";
        write_timeout_ms: u64 = "30000", "MS",
            "How long a connection may take nothing of what it is sent.",
            "A train in a tunnel comes back within it; what takes longer connects again and catches up.";
        connections_max: usize = "15000", "NUMBER",
            "Connections altogether.",
            "Ten thousand people and some room; each costs memory and a file descriptor.";
        connections_per_address_max: usize = "200", "NUMBER",
            "Connections of one address. A trusted proxy is not counted, who comes through it is.",
            "An office behind one address with a tab and a phone each.";
        stop_timeout_ms: u64 = "9000", "MS",
            "How long stopping may take: requests under way are finished until then.",
            "Service managers lose patience after ten seconds.";
    }
    "Sockets" {
        connections_per_account_max: usize = "50", "NUMBER",
            "Open sockets of one account.",
            "Some tabs on three devices, and an app of another system that opens a socket for each chat; more is a program that forgets to close.";
        frame_bytes_max: usize = "65536", "BYTES",
            "The longest frame that a client may send.",
            "The longest message fits in, written in any script.";
        frames_per_connection: Rate = "50/s+200", "RATE",
            "Frames that one client may send. A rate is COUNT/PERIOD+BURST.",
            "Messages are counted by account besides; this leaves room for typing and receipts, and stops a client that went wild.";
        queue_frames_max: usize = "256", "NUMBER",
            "Frames that may wait for one connection; over it they are dropped and the client is told to fetch.",
            "A few seconds of a busy room: whoever is further behind catches up faster from the database.";
        queue_bytes_max: usize = "262144", "BYTES",
            "Bytes that may wait for one connection.",
            "A thousand readers that stopped reading may cost 256 MiB and no more.";
        presence_audience_max: usize = "200", "NUMBER",
            "Listeners of a conversation up to which they are told who comes and goes.",
            "In a larger crowd it is news to nobody and costs the square of its size.";
        presence_grace_ms: u64 = "10000", "MS",
            "How long somebody whose last connection ended still counts as there.",
            "A reload or a change of network should not flicker.";
        reconnect_window_ms: u64 = "2000", "MS",
            "Over how long clients are told to spread when they come back after a stop; 2 ms for each connection where that is more.",
            "Five hundred a second come back without anyone noticing a load.";
        resume_cursors_max: usize = "1000", "NUMBER",
            "Conversations that a client may name when it comes back.",
            "As many as an account can be in.";
    }
    "People and sessions" {
        session_days: u32 = "30", "DAYS",
            "Days after which a session that nobody used ends.",
            "Who chats every week stays signed in; a lost phone does not for ever.";
        session_days_max: u32 = "180", "DAYS",
            "Days after which every session ends, however much it is used.",
            "Twice a year somebody signs in anew; a token that was copied unnoticed is good for no longer.";
        audit_days: u32 = "366", "DAYS",
            "Days for which what matters for security stays in the list that administrators read.",
            "Whoever finds out late can look back over a year.";
        sessions_per_account_max: u32 = "50", "NUMBER",
            "Sessions of one account; the oldest ends when one more begins.",
            "Every device and browser of a person, and some that were forgotten.";
        jwt_minutes: u32 = "10", "MINUTES",
            "How long a JWT is good, for clients that ask for one.",
            "Short, because programs keep such tokens in unsafe places; the refresh token beside it gives the next one.";
        username_chars_max: usize = "32", "NUMBER",
            "The longest username, in characters.",
            "It must fit beside a message on a phone.";
        display_name_chars_max: usize = "64", "NUMBER",
            "The longest display name, in characters.",
            "First and last names of most people, written out.";
        password_chars_min: usize = "8", "NUMBER",
            "The shortest password, in characters.",
            "What OWASP's verification standard asks for; common ones are refused besides.";
        password_bytes_max: usize = "256", "BYTES",
            "The longest password.",
            "Sixty-four letters of any script, more than any phrase that somebody types; more would only be work to hash.";
        password_memory_kib: u32 = "19456", "KIB",
            "Memory that hashing one password takes.",
            "What OWASP advises for Argon2id with two passes.";
        password_passes: u32 = "2", "NUMBER",
            "Passes of hashing one password.",
            "What OWASP advises for 19 MiB.";
        password_hashing_at_once: usize = "2", "NUMBER",
            "Passwords that are hashed at the same time; others wait.",
            "A flood of sign-ins should cost neither the memory nor the processor that everyone else needs.";
        password_hashing_queue_max: usize = "64", "NUMBER",
            "Sign-ins that may wait for that; more are told to come back.",
            "Two seconds of waiting, which people accept.";
        sign_ins_per_account: Rate = "5/min+10", "RATE",
            "Attempts to sign in to one account from one address.",
            "Nobody mistypes ten times, and guessing a password this way takes centuries. From another address the owner still gets in.";
        sign_ins_per_address: Rate = "30/min+60", "RATE",
            "Attempts to sign in from one address.",
            "An office in the morning stays below it.";
        sign_ups_per_address: Rate = "20/h+20", "RATE",
            "Accounts made from one address.",
            "A class that signs up together; a spammer is slowed down.";
        lookups_per_account: Rate = "1000/h+60", "RATE",
            "Searches for people by one account.",
            "Typing a name asks a few times; copying the list of everybody needs thousands.";
    }
    "Messages" {
        sends_per_account: Rate = "10/s+30", "RATE",
            "Messages, edits, deletions and reactions of one account.",
            "Nobody types as fast; what was written while offline arrives together.";
        message_chars_max: usize = "10000", "NUMBER",
            "The longest message, in characters.",
            "Several pages; more belongs in a file.";
        page_len: u32 = "50", "NUMBER",
            "Messages on a page of history when the client does not say.",
            "Two screens.";
        page_len_max: u32 = "200", "NUMBER",
            "Messages on a page of history at most.",
            "More makes others wait and shows nothing that a second page would not.";
        changes_len_max: u32 = "500", "NUMBER",
            "Changes in one answer to a client that catches up; who is further behind asks again or loads afresh.",
            "A night of a busy room in one answer.";
        emoji_per_message_max: usize = "20", "NUMBER",
            "Different emoji on one message.",
            "More is no longer read.";
        reactions_per_message_max: usize = "500", "NUMBER",
            "Reactions on one message.",
            "They travel with the message every time.";
        edits_per_message_max: u32 = "100", "NUMBER",
            "Edits of one message.",
            "Each is kept for those who want to see what was said before.";
        mentions_per_message_max: usize = "20", "NUMBER",
            "People whom one message may name.",
            "A message to more people is one for a room.";
    }
    "Rooms" {
        rooms_per_account: Rate = "60/h+20", "RATE",
            "Rooms, direct chats, invites and requests to join of one account.",
            "Setting up a team's rooms at once is fine, filling the server with them is not.";
        room_name_chars_max: usize = "80", "NUMBER",
            "The longest name of a room, in characters.",
            "It must fit into a list.";
        description_chars_max: usize = "500", "NUMBER",
            "The longest description of a room, in characters.",
            "A paragraph.";
        memberships_per_account_max: u32 = "1000", "NUMBER",
            "Conversations that one account may be in or wait for.",
            "They all come with the first answer to a client.";
        members_per_room_max: u32 = "10000", "NUMBER",
            "Members of a room.",
            "As many as one machine serves well at once.";
        pending_per_room_max: u32 = "200", "NUMBER",
            "Requests to join that may wait at a room.",
            "More is an attack, and a list that nobody reads to its end.";
        invites_per_room_max: u32 = "100", "NUMBER",
            "Invites of a room that are good at the same time.",
            "One for every occasion; more can no longer be overseen.";
        invite_days: u32 = "30", "DAYS",
            "How long an invite is good when whoever makes it says nothing.",
            "Long enough for somebody who is away, short enough that forgotten links die.";
        invite_codes_per_address: Rate = "30/min+30", "RATE",
            "Invite codes tried from one address.",
            "A code has 128 random bits: this only keeps the noise down.";
    }
    "Database" {
        readers: usize = "4", "NUMBER",
            "Connections that only read.",
            "A read takes tens of microseconds: four serve more than the rest of the machine can ask.";
        write_queue_len_max: usize = "4096", "NUMBER",
            "Writes that may wait; over it they are refused as `busy`.",
            "Under a second of work: what would wait longer is better tried again.";
        batch_len_max: usize = "256", "NUMBER",
            "Writes that share one commit.",
            "Larger batches gain little more and make the first one wait.";
    }
}

/// The settings that `parlor --help` shows; `parlor config` shows all.
pub const MAIN: &[&str] =
    &["listen", "data", "database", "public_url", "registration", "dialects", "bus", "log", "log_format"];
