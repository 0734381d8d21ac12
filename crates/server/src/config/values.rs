//! The kinds of values that settings have, and how each is read from text.
//!
//! Every source gives text: a flag, a variable, a line of a file. So there is one way to read a value and one
//! sentence for what is wrong with it.

use chat::Rate;
use protocol::api::Registration;
use std::{fmt, net::IpAddr, path::PathBuf};

/// Something that a setting can be. The error is the end of a sentence that begins with the setting's name.
pub(super) trait Value: Sized {
    /// Reads the value; says what is wrong when it cannot.
    fn read(text: &str) -> Result<Self, String>;
}

impl Value for String {
    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl Value for PathBuf {
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("is empty".into()) } else { Ok(Self::from(text)) }
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Value for $number {
            /// Zero is refused everywhere: people take it for "without limit", and there is no such thing here.
            fn read(text: &str) -> Result<Self, String> {
                match text.replace('_', "").parse() {
                    Ok(0) => Err("must be at least 1; 0 does not mean \"without limit\": give a large number".into()),
                    Ok(number) => Ok(number),
                    Err(_) => Err(format!("must be a whole number from 1 to {}, not {text:?}", <$number>::MAX)),
                }
            }
        }
    )+};
}

numbers!(u32, u64, usize);

impl Value for Rate {
    fn read(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("must be COUNT/PERIOD+BURST, such as 10/s+30, 5/min+10 or 20/h+20, not {text:?}");
        let (count, rest) = text.split_once('/').ok_or_else(wrong)?;
        let (period, burst) = rest.split_once('+').ok_or_else(wrong)?;
        let per_s = match period {
            "s" => 1,
            "min" => 60,
            "h" => 3600,
            _ => return Err(wrong()),
        };
        Ok(Self::new(u32::read(count).map_err(|_| wrong())?, per_s, u32::read(burst).map_err(|_| wrong())?))
    }
}

impl Value for Registration {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "open" => Ok(Self::Open),
            "invite" => Ok(Self::Invite),
            "closed" => Ok(Self::Closed),
            _ => Err(format!("must be open, invite or closed, not {text:?}")),
        }
    }
}

/// Where to listen: a host name or address, and a port. Port 0 lets the system choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Without brackets.
    pub host: String,
    pub port: u16,
}

impl Value for Listen {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("must be HOST:PORT, such as 127.0.0.1:8000, [::1]:8000 or localhost:8000, not {text:?}")
        };
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| wrong())?;
        let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let host = bracketed.unwrap_or(host);
        let right = match bracketed {
            Some(inside) => inside.parse::<std::net::Ipv6Addr>().is_ok(),
            None => !host.is_empty() && !host.contains(|c: char| c == ':' || c == '/' || c.is_whitespace()),
        };
        if right { Ok(Self { host: host.to_owned(), port }) } else { Err(wrong()) }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Where the data lives.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file in the data directory.
    Sqlite,
    /// A `postgres://` URL. It may hold a password: it is never shown.
    Postgres(String),
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "Sqlite",
            Self::Postgres(_) => "Postgres(…)",
        })
    }
}

impl DatabaseUrl {
    /// Whether this is the address of a PostgreSQL database.
    pub(crate) fn is_postgres(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }
}

impl Value for DatabaseUrl {
    fn read(text: &str) -> Result<Self, String> {
        if text == "sqlite" {
            Ok(Self::Sqlite)
        } else if Self::is_postgres(text) {
            Ok(Self::Postgres(text.to_owned()))
        } else {
            Err("must be `sqlite` or a URL that begins with postgres://".into())
        }
    }
}

/// The address that people type, or nothing when it follows from where Parlor listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(pub Option<String>);

impl Value for PublicUrl {
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(Self(None)) } else { origin(text).map(|origin| Self(Some(origin))) }
    }
}

/// Brings an address into the form in which browsers send it as `Origin`: lower case, no default port, no path.
fn origin(text: &str) -> Result<String, String> {
    let wrong = |why: &str| format!("{why}; it must look like https://chat.example.org, not {text:?}");
    let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("has no http:// or https://"))?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return Err(wrong("has no http:// or https://")),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
    if authority.contains(['/', '?', '#', '@']) {
        return Err(wrong("may hold only a host and a port: Parlor lives at the root of its address"));
    }
    let uri: hyper::http::uri::Authority = authority.parse().map_err(|_| wrong("has no valid host"))?;
    if uri.host().is_empty() {
        return Err(wrong("has no valid host"));
    }
    match uri.port() {
        Some(port) if port.as_u16() == default_port => Ok(format!("{scheme}://{}", uri.host())),
        Some(port) => Ok(format!("{scheme}://{}:{}", uri.host(), port.as_u16())),
        None if authority.ends_with(':') => Err(wrong("has no valid port")),
        None => Ok(format!("{scheme}://{}", uri.host())),
    }
}

/// Addresses whose word on where a request comes from is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<(IpAddr, u8)>);

impl Proxies {
    /// Whether this address is in the list.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|(network, bits)| in_network(address, *network, *bits))
    }
}

fn in_network(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            a.to_bits() & mask == n.to_bits() & mask
        }
        (IpAddr::V6(a), IpAddr::V6(n)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            a.to_bits() & mask == n.to_bits() & mask
        }
        _ => false,
    }
}

impl Value for Proxies {
    fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(read_network).collect::<Result<_, _>>().map(Self)
    }
}

fn read_network(text: &str) -> Result<(IpAddr, u8), String> {
    let wrong = || {
        format!("must list addresses such as 127.0.0.1 or 10.0.0.0/8, with commas between; {text:?} is none")
    };
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => most,
        Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(wrong)?,
    };
    Ok((address, bits))
}

/// A secret: never shown, and empty when there is none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Secret(none)" } else { "Secret(…)" })
    }
}

impl Value for Secret {
    fn read(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

/// An address of a service that tells us who somebody is. Secrets travel to it, so only by TLS, unless it is this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderUrl(String);

impl ProviderUrl {
    /// The address, without query and fragment.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for ProviderUrl {
    fn read(text: &str) -> Result<Self, String> {
        // The address itself is not repeated: it may hold a password.
        let wrong = |why: &str| format!("{why}; it must look like https://github.com/login");
        let uri: hyper::Uri = text.parse().map_err(|_| wrong("is no URL"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong("is no whole URL"));
        };
        if authority.as_str().contains('@') || uri.query().is_some() || text.contains('#') {
            return Err(wrong("may hold only a host and a path"));
        }
        match scheme {
            "https" => Ok(Self(text.to_owned())),
            "http" if is_loopback(authority.host()) => Ok(Self(text.to_owned())),
            _ => Err(wrong("must begin with https://, because a secret is sent there")),
        }
    }
}

/// Whether a host, as it stands in a URL, is this machine.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The doors for clients that were written for other chat systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialects {
    /// For people who signed in.
    Strict,
    /// For guests too, where the other system knows no signing in.
    Open,
    /// Closed.
    Off,
}

impl Value for Dialects {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "strict" => Ok(Self::Strict),
            "open" => Ok(Self::Open),
            "off" => Ok(Self::Off),
            _ => Err(format!("must be strict, open or off, not {text:?}")),
        }
    }
}

/// Origins whose pages may call the doors for other systems from a browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<String>);

impl Value for Origins {
    fn read(text: &str) -> Result<Self, String> {
        let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        origins.map(origin).collect::<Result<_, _>>().map(Self)
    }
}

/// What carries hints between nodes, or nothing. It may hold a password: it is never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BusUrl(Option<String>);

impl BusUrl {
    /// The address, for whoever connects to it.
    pub fn reveal(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Debug for BusUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "BusUrl(…)" } else { "BusUrl(none)" })
    }
}

impl Value for BusUrl {
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        if text.starts_with("rediss://") {
            return Err(
                "cannot be rediss://: connect over a private network or a tunnel, with redis://".into()
            );
        }
        // The address itself is not repeated: it may hold a password.
        let is_good = text.starts_with("redis://") && redis::parse_redis_url(text).is_some();
        if is_good {
            Ok(Self(Some(text.to_owned())))
        } else {
            Err("must be a URL such as redis://:password@host:6379/0".into())
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Value for LogFormat {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("must be text or json, not {text:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_listen_on_is_a_host_and_a_port() {
        for right in ["127.0.0.1:8000", "localhost:0", "[::1]:8000", "0.0.0.0:80"] {
            assert_eq!(Listen::read(right).unwrap().to_string(), right);
        }
        for wrong in ["", "8000", ":8000", "localhost", "::1:8000", "[::1]", "a b:1", "h:99999", "http://h:1"]
        {
            assert!(Listen::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_public_url_is_brought_into_the_form_of_an_origin() {
        for (given, origin) in [
            ("https://Chat.Example.org/", "https://chat.example.org"),
            ("https://chat.example.org:443", "https://chat.example.org"),
            ("http://chat.example.org:443", "http://chat.example.org:443"),
            ("HTTP://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(PublicUrl::read(given).unwrap().0.as_deref(), Some(origin));
        }
        for wrong in [
            "chat.example.org",
            "ftp://a",
            "https://",
            "https://a/b",
            "https://u@a",
            "https://a?b",
            "https://a:",
        ] {
            assert!(PublicUrl::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_goes_to_other_machines_only_by_tls() {
        for right in
            ["https://github.com/login", "http://127.0.0.1:9/a", "http://[::1]:9/a", "http://localhost:9"]
        {
            assert_eq!(ProviderUrl::read(right).unwrap().as_str(), right);
        }
        for wrong in [
            "",
            "github.com",
            "/login",
            "http://github.com/login",
            "http://127.0.0.1.evil.example/a",
            "http://127.0.0.1@evil.example/a",
            "ftp://127.0.0.1/a",
            "https://u:p@github.com/a",
            "https://github.com/a?b=c",
            "https://github.com/a#b",
        ] {
            assert!(ProviderUrl::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bus_is_a_redis_whose_password_is_not_shown() {
        let bus = BusUrl::read("redis://:hunter2@127.0.0.1:6379/0").unwrap();
        assert!(!format!("{bus:?}").contains("hunter2"));
        assert!(bus.reveal().is_some());
        assert_eq!(BusUrl::read("").unwrap().reveal(), None);
        for wrong in ["redis", "http://:hunter2@h", "rediss://:hunter2@h", "redis://:hunter2@"] {
            assert!(!BusUrl::read(wrong).unwrap_err().contains("hunter2"), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::read("hunter2").unwrap();
        assert!(!format!("{secret:?}").contains("hunter2"));
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[test]
    fn a_proxy_is_trusted_by_address_or_network() {
        let proxies = Proxies::read("127.0.0.1, 10.0.0.0/8,fd00::/8").unwrap();
        for inside in ["127.0.0.1", "10.200.3.4", "fd12::1"] {
            assert!(proxies.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["127.0.0.2", "11.0.0.1", "fe80::1", "::1"] {
            assert!(!proxies.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!(Proxies::read("0.0.0.0/0").unwrap().contains("8.8.8.8".parse().unwrap()));
        for wrong in ["localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8"] {
            assert!(Proxies::read(wrong).is_err(), "{wrong}");
        }
        assert!(!Proxies::read("").unwrap().contains("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn a_rate_is_so_many_in_a_period_and_so_many_at_once() {
        assert_eq!(Rate::read("10/s+30").unwrap(), Rate::new(10, 1, 30));
        assert_eq!(Rate::read("20/h+1_000").unwrap(), Rate::new(20, 3600, 1000));
        for wrong in ["", "10", "10/s", "10/s+0", "0/s+1", "10/d+1", "10/s+1+1", "-1/s+1"] {
            assert!(Rate::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn zero_is_not_unlimited() {
        assert!(u32::read("0").is_err());
        assert_eq!(u64::read("1_000_000").unwrap(), 1_000_000);
        assert!(u32::read("5000000000").is_err());
        assert!(usize::read("-1").is_err());
    }
}
