//! Hostile texts for the chat_app dialect.

use super::words::{self, Said};

/// Every connection has one of these; colons and none.
const CLIENT_IDS: [&str; 3] = ["7", "a:b", ""];

/// Names cannot make fields, what is told as it is cannot look like a message, and a list stays one line.
pub(crate) fn frames(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for client_id in CLIENT_IDS {
        match words::read(&text, client_id) {
            Said::Create { text: said, user_name } => {
                assert!(words::is_command(&text) && !user_name.contains(':'));
                let told = words::said("Client", said, user_name);
                assert!(told.rsplit_once(':').is_some_and(|(_, name)| name == user_name));
            }
            Said::Update { index, text: said, user_name } => {
                assert!(words::updated(index, said, user_name).ends_with(user_name));
            }
            Said::Delete { index } => assert!(words::deleted(index).ends_with(&index.to_string())),
            Said::Raw(raw) => assert!(raw == text && !words::is_command(raw)),
            Said::Read | Said::Broken => assert!(words::is_command(&text)),
        }
    }
    let _ = words::is_awaited(&text);
    let told = words::said("Client", "text", &text);
    assert_eq!(told.matches(':').count(), 2, "{told}");
    if words::is_plain(&text) {
        assert!(!text.contains(':'));
    }
    let list = words::list([text.as_ref(), "b"]);
    assert!(list.starts_with('[') && list.ends_with("'b']") && !list.contains(['\n', '\r']), "{list}");
}
