//! Hostile texts for the chats dialect.

use super::{
    frames::{self, Asked},
    links,
    words::Place,
};
use protocol::{AccountId, ConversationId};

/// Longer than any text that is repeated in an answer, with its escapes and its name.
const REPEATED_LEN_MAX: usize = 3 * (64 * 6 + 32);

/// Only an object or the one word means something, whatever place it is said in; what is repeated is short.
pub(crate) fn frames(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (room, chat) = (ConversationId(7), ConversationId(8));
    for place in
        [Place::General, Place::Private { chat, me: AccountId(1), other: AccountId(2) }, Place::Room { room }]
    {
        let frame = frames::read(place, &text);
        let about = serde_json::to_string(&frame.about).unwrap_or_default();
        assert!(about.len() <= REPEATED_LEN_MAX, "{about}");
        if matches!(frame.asked, Ok(Asked::Say { .. } | Asked::Edit { .. } | Asked::Delete { .. })) {
            assert!(text.trim().starts_with('{'));
        }
    }
}

/// A link gives a code that can stand in a path, or none.
pub(crate) fn links(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let in_query = links::code_in_query(&text);
    for code in links::code(ConversationId(7), &text).ok().into_iter().chain(in_query) {
        assert!(!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{code}");
        assert_eq!(links::code(ConversationId(7), &code).ok(), Some(code));
    }
}
