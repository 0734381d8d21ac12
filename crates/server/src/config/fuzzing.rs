//! Hostile bytes for configuration files.

use super::{Settings, Source, TABLE, dot_env_of, table_of};

/// A file is read or refused with a sentence; what is read is whole, and what follows from it can be said.
pub(crate) fn files(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for values in [table_of(&text, &"the file"), dot_env_of(bytes)] {
        let values = match values {
            Ok(values) => values,
            Err(refused) => {
                assert!(!refused.to_string().is_empty());
                continue;
            }
        };
        let key = |name: &str| name.to_owned();
        match Settings::from_sources(&[Source { says: str::to_owned, key, values: &values }]) {
            Ok(settings) => {
                assert!(settings.public_origin(settings.listen.port).starts_with("http"));
                let _ = settings.trusted_proxies.contains([127, 0, 0, 1].into());
                let _ = format!("{settings:?}");
            }
            Err(refused) => assert!(!refused.to_string().is_empty()),
        }
    }
}

/// A value for one of the settings; the first byte says which. What refuses it names the setting.
pub(crate) fn values(bytes: &[u8]) {
    let Some((which, bytes)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    let Some(setting) = TABLE.iter().cycle().nth(usize::from(*which) % TABLE.len()) else { return };
    let refused = Settings::with(&[(setting.name, &text)]).err();
    assert!(refused.is_none_or(|refused| refused.to_string().contains(setting.name)));
}
