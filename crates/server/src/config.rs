//! Settings: read from flags, the environment, `.env` and `parlor.toml`, in that order, each from the one table.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod table;
mod values;

pub use table::{MAIN, Setting, Settings, TABLE};
pub use values::{DatabaseUrl, Dialects, Listen, LogFormat, ProviderUrl, Proxies, Secret};

use std::{
    collections::HashMap,
    env, fmt, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The file that is read when no other is named.
const FILE: &str = "parlor.toml";
const DOT_ENV: &str = ".env";

/// Names under which other programs' documents have people set a setting, where it can stand in the environment or `.env`.
/// Parlor's own name goes before them.
const ALSO_READ: &[(&str, &str)] = &[
    ("GITHUB_CLIENT_ID", "PARLOR_GITHUB_CLIENT_ID"),
    ("GITHUB_CLIENT_SECRET", "PARLOR_GITHUB_CLIENT_SECRET"),
];

/// What Argon2 can work with at least; and a gibibyte, above which a start would take a machine's memory for one hash.
const PASSWORD_MEMORY_KIB_MIN: u32 = 64;
const PASSWORD_MEMORY_KIB_MAX: u32 = 1_048_576;

/// The smallest read buffer that the HTTP library takes.
const HEADER_BYTES_MIN: usize = 8192;
/// A century: keeps moments far away from the end of their range.
const SESSION_DAYS_MAX: u32 = 36_500;
/// Whoever does not want to be told of a lost message within an hour does not want several nodes.
const POSITION_CHECK_MS_MAX: u64 = 3_600_000;
/// What the rules allow anybody to ask for.
const INVITE_DAYS_MAX: u32 = 366;

/// A setting that cannot be used, as a sentence.
#[derive(Debug)]
pub struct BadSetting(pub String);

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadSetting {}

impl Setting {
    /// The flag without its two dashes.
    pub fn flag(&self) -> String {
        flag(self.name)
    }

    /// The environment variable.
    pub fn variable(&self) -> String {
        variable(self.name)
    }
}

fn flag(name: &str) -> String {
    name.replace('_', "-")
}

fn variable(name: &str) -> String {
    format!("PARLOR_{}", name.to_ascii_uppercase())
}

/// What the command line said: the settings that were given by name, and another file to read.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub values: HashMap<String, String>,
    pub file: Option<PathBuf>,
}

impl Settings {
    /// Reads all sources. The working directory is where `.env` and `parlor.toml` are looked for.
    pub fn load(flags: &Flags) -> Result<Self, BadSetting> {
        let environment = environment()?;
        let dot_env = dot_env(Path::new(DOT_ENV))?;
        let named = flags.file.clone().or_else(|| {
            environment.get("PARLOR_CONFIG").or_else(|| dot_env.get("PARLOR_CONFIG")).map(PathBuf::from)
        });
        let file = file(named)?;
        Self::from_sources(&[
            Source { says: |name| format!("--{}", flag(name)), key: str::to_owned, values: &flags.values },
            Source { says: variable, key: variable, values: &environment },
            Source { says: |name| format!("{} in .env", variable(name)), key: variable, values: &dot_env },
            Source {
                says: |name| format!("{name} in the configuration file"),
                key: str::to_owned,
                values: &file,
            },
        ])
    }

    /// The defaults with these changes, for tests. Reads no other source.
    pub fn with(changes: &[(&str, &str)]) -> Result<Self, BadSetting> {
        let values = changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self::from_sources(&[Source { says: str::to_owned, key: str::to_owned, values: &values }])
    }

    fn from_sources(sources: &[Source<'_>]) -> Result<Self, BadSetting> {
        let find =
            |name| sources.iter().find_map(|source| Some((source, source.values.get(&(source.key)(name))?)));
        let settings =
            Self::read(|name| find(name).map(|(_, value)| value.clone())).map_err(|(name, wrong)| {
                let says = find(name).map_or_else(|| name.to_owned(), |(source, _)| (source.says)(name));
                BadSetting(format!("{says} {wrong}"))
            })?;
        settings.check()?;
        Ok(settings)
    }

    /// What a value alone does not show.
    fn check(&self) -> Result<(), BadSetting> {
        for (right, wrong) in [
            (
                self.github_client_id.is_empty() == self.github_client_secret.is_empty(),
                "github_client_id and github_client_secret belong together: one of them is not set",
            ),
            (
                self.bus.reveal().is_none() || self.database != DatabaseUrl::Sqlite,
                "bus needs a PostgreSQL database (--database postgres://…): a SQLite file belongs to one node alone",
            ),
            (
                self.position_check_ms <= POSITION_CHECK_MS_MAX,
                "position_check_ms must be at most 3600000, which is an hour",
            ),
            (self.header_bytes_max >= HEADER_BYTES_MIN, "header_bytes_max must be at least 8192"),
            (self.session_days <= SESSION_DAYS_MAX, "session_days must be at most 36500"),
            (self.session_days_max <= SESSION_DAYS_MAX, "session_days_max must be at most 36500"),
            (self.audit_days <= SESSION_DAYS_MAX, "audit_days must be at most 36500"),
            (self.invite_days <= INVITE_DAYS_MAX, "invite_days must be at most 366"),
            (
                (PASSWORD_MEMORY_KIB_MIN..=PASSWORD_MEMORY_KIB_MAX).contains(&self.password_memory_kib),
                "password_memory_kib must be between 64 and 1048576",
            ),
        ] {
            if !right {
                return Err(BadSetting(wrong.to_owned()));
            }
        }
        Ok(())
    }

    /// The origin under which people reach Parlor when it listens on this port.
    pub fn public_origin(&self, port: u16) -> String {
        self.public_url.0.clone().unwrap_or_else(|| {
            // Nobody can type the address that stands for all addresses.
            let host = if is_unspecified(&self.listen.host) { "localhost" } else { &self.listen.host };
            let listen = Listen { host: host.to_ascii_lowercase(), port };
            if port == 80 {
                format!("http://{listen}").trim_end_matches(":80").to_owned()
            } else {
                format!("http://{listen}")
            }
        })
    }
}

fn is_unspecified(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_unspecified())
}

/// One of the places where settings stand: how it calls a setting, and what it holds.
struct Source<'a> {
    says: fn(&str) -> String,
    key: fn(&str) -> String,
    values: &'a HashMap<String, String>,
}

fn environment() -> Result<HashMap<String, String>, BadSetting> {
    let ours = env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value)));
    let ours = ours.filter(|(key, _)| is_read(key)).map(|(key, value)| match value.into_string() {
        Ok(value) => Ok((key, value)),
        Err(_) => Err(BadSetting(format!("{key} in the environment is not valid UTF-8"))),
    });
    ours.collect::<Result<_, _>>().map(by_our_names)
}

fn is_read(key: &str) -> bool {
    key.starts_with("PARLOR_") || ALSO_READ.iter().any(|(other, _)| *other == key)
}

fn by_our_names(mut values: HashMap<String, String>) -> HashMap<String, String> {
    for (other, ours) in ALSO_READ {
        if let Some(value) = values.remove(*other) {
            values.entry((*ours).to_owned()).or_insert(value);
        }
    }
    values
}

fn dot_env(path: &Path) -> Result<HashMap<String, String>, BadSetting> {
    match fs::read(path) {
        Ok(bytes) => dot_env_of(&bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(HashMap::new()),
        Err(error) => Err(BadSetting(format!(".env cannot be read: {error}"))),
    }
}

/// The settings in the text of a `.env`.
fn dot_env_of(bytes: &[u8]) -> Result<HashMap<String, String>, BadSetting> {
    let lines = dotenvy::from_read_iter(bytes);
    // The reader's own words would repeat the line, and a line of this file may be a password.
    lines
        .map(|line| line.map_err(|_| BadSetting(".env has a line that is not NAME=value".to_owned())))
        .filter(|line| line.as_ref().map_or(true, |(key, _)| is_read(key)))
        .collect::<Result<_, _>>()
        .map(by_our_names)
}

fn file(named: Option<PathBuf>) -> Result<HashMap<String, String>, BadSetting> {
    let path = named.clone().unwrap_or_else(|| FILE.into());
    let shown = path.display();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => return Ok(HashMap::new()),
        Err(error) => return Err(BadSetting(format!("{shown} cannot be read: {error}"))),
    };
    table_of(&text, &shown)
}

/// The settings in the text of a file.
fn table_of(text: &str, shown: &impl fmt::Display) -> Result<HashMap<String, String>, BadSetting> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line =
            error.span().map_or(1, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
        BadSetting(format!("{shown}, line {line}: {}", error.message()))
    })?;
    table
        .into_iter()
        .map(|(key, value)| {
            if !TABLE.iter().any(|setting| setting.name == key) {
                return Err(BadSetting(format!(
                    "{shown}: there is no setting {key:?}; `parlor config` prints all that there are"
                )));
            }
            let value = as_text(value).ok_or_else(|| {
                BadSetting(format!("{shown}: {key} must be a text, a number or a list of texts"))
            })?;
            Ok((key, value))
        })
        .collect()
}

fn as_text(value: toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(values) => {
            Some(values.into_iter().map(as_text).collect::<Option<Vec<_>>>()?.join(","))
        }
        _ => None,
    }
}

/// Variables that look like settings and are none: a misspelt one should not be ignored in silence. They are not
/// refused, because container systems set such variables for a service that is called `parlor`.
pub fn unknown_variables() -> Vec<String> {
    let known: Vec<String> = TABLE
        .iter()
        .map(Setting::variable)
        .chain(["PARLOR_CONFIG".into(), "PARLOR_WEB_DIST".into()])
        .collect();
    let set = env::vars_os().filter_map(|(key, _)| key.into_string().ok());
    set.filter(|key| key.starts_with("PARLOR_") && !known.contains(key)).collect()
}

/// The reference: every setting with its default and the reason for it, in the form of a `parlor.toml` that changes nothing.
pub fn reference() -> String {
    let mut text = String::from(
        "# Parlor's settings. A flag comes before the environment, the environment before .env, .env before this file.\n\
         # Save this as parlor.toml and take the # away from the lines that you change.\n",
    );
    let mut heading = "";
    for setting in TABLE {
        if setting.heading != heading {
            heading = setting.heading;
            text.push_str(&format!("\n## {heading}\n"));
        }
        let default = match setting.default.parse::<i64>() {
            Ok(number) => number.to_string(),
            Err(_) => format!("{:?}", setting.default),
        };
        text.push_str(&format!(
            "\n# {}\n# Why {}: {}\n# --{} {}, {}\n#{} = {default}\n",
            setting.what,
            if setting.default.is_empty() { "empty" } else { setting.default },
            setting.why,
            setting.flag(),
            setting.value_name,
            setting.variable(),
            setting.name,
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_that_its_setting_takes() {
        Settings::with(&[]).unwrap();
    }

    #[test]
    fn the_reference_without_its_marks_is_a_configuration_file_that_changes_nothing() {
        let lines = reference();
        let uncommented: Vec<&str> = lines.lines().filter_map(|line| line.strip_prefix('#')).collect();
        let settings: Vec<&str> =
            uncommented.into_iter().filter(|line| !line.starts_with([' ', '#'])).collect();
        assert_eq!(settings.len(), TABLE.len());
        let table: toml::Table = settings.join("\n").parse().unwrap();
        for setting in TABLE {
            assert_eq!(as_text(table[setting.name].clone()).unwrap(), setting.default, "{}", setting.name);
        }
    }

    #[test]
    fn the_public_address_follows_from_where_parlor_listens() {
        for (listen, public_url, origin) in [
            ("127.0.0.1:8000", "", "http://127.0.0.1:8000"),
            ("0.0.0.0:8000", "", "http://localhost:8000"),
            ("[::]:8000", "", "http://localhost:8000"),
            ("[::1]:80", "", "http://[::1]"),
            ("127.0.0.1:8000", "https://chat.example.org", "https://chat.example.org"),
        ] {
            let settings = Settings::with(&[("listen", listen), ("public_url", public_url)]).unwrap();
            assert_eq!(settings.public_origin(settings.listen.port), origin);
        }
    }

    #[test]
    fn a_setting_that_would_stop_the_start_or_eat_the_machine_is_refused() {
        for (name, value) in [
            ("header_bytes_max", "100"),
            ("session_days", "40000"),
            ("session_days_max", "40000"),
            ("audit_days", "40000"),
            ("invite_days", "400"),
            ("password_memory_kib", "1"),
            ("password_memory_kib", "99999999"),
        ] {
            let refused = Settings::with(&[(name, value)]).unwrap_err();
            assert!(refused.to_string().contains(name), "{refused}");
        }
    }

    #[test]
    fn the_names_of_other_documents_are_read_too_and_ours_go_first() {
        let read = |pairs: &[(&str, &str)]| {
            by_our_names(pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect())
        };
        let only = read(&[("GITHUB_CLIENT_ID", "a")]);
        assert_eq!(only, HashMap::from([("PARLOR_GITHUB_CLIENT_ID".to_owned(), "a".to_owned())]));
        let both = read(&[("GITHUB_CLIENT_ID", "a"), ("PARLOR_GITHUB_CLIENT_ID", "b")]);
        assert_eq!(both, HashMap::from([("PARLOR_GITHUB_CLIENT_ID".to_owned(), "b".to_owned())]));
        assert!(is_read("GITHUB_CLIENT_SECRET") && !is_read("GITHUB_TOKEN"));
    }

    #[test]
    fn half_of_a_pair_is_refused() {
        assert!(Settings::with(&[("github_client_id", "a")]).is_err());
        assert!(Settings::with(&[("github_client_id", "a"), ("github_client_secret", "b")]).is_ok());
    }

    #[test]
    fn a_database_password_is_not_repeated_in_an_error_or_a_debug_line() {
        let wrong = Settings::with(&[("database", "mysql://u:hunter2@h/d")]).unwrap_err();
        assert!(!wrong.to_string().contains("hunter2"), "{wrong}");
        let right = Settings::with(&[("database", "postgres://u:hunter2@h/d")]).unwrap();
        assert!(!format!("{right:?}").contains("hunter2"));
    }
}
