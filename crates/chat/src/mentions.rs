//! Mentions: who a text names with `@username`.

use crate::{Result, names, text};
use protocol::{ConversationKind, Message, Timestamp};
use store::Tx;

/// The longest name that is looked for after an `@`, in characters.
const NAME_CHARS_MAX: usize = 64;

/// The different names in a text, in lower case and in their order, at most so many. Code is not looked into: `@` means something else
/// there. Takes time in proportion to the text.
pub(crate) fn names_in(body: &str, max: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for prose in outside_code(body) {
        let mut before = ' ';
        let mut rest = prose;
        while let Some(at) = rest.find('@') {
            let (left, right) = rest.split_at(at);
            before = left.chars().next_back().unwrap_or(before);
            rest = right.get(1..).unwrap_or_default();
            if names::is_allowed(before) {
                // Part of a word, like an e-mail address.
                before = '@';
                continue;
            }
            let name: String =
                rest.chars().take(NAME_CHARS_MAX).take_while(|c| names::is_allowed(*c)).collect();
            before = '@';
            let found = text::key(name.trim_end_matches(['.', '-']));
            if !found.is_empty() && !names.contains(&found) {
                names.push(found);
            }
            if names.len() >= max {
                return names;
            }
        }
    }
    names
}

/// The parts of a text that are not between backticks. A backtick that no other closes is just a character.
fn outside_code(body: &str) -> impl Iterator<Item = &str> {
    let fenced = body.split("```").step_by(2);
    fenced.flat_map(|prose| {
        let last = prose.matches('`').count();
        let parts = prose.split('`').enumerate();
        parts.filter(move |(index, _)| index % 2 == 0 || *index == last).map(|(_, part)| part)
    })
}

/// Stores whom a message names from now on, of those who are in the conversation, and puts them into the message. Who is
/// stored already stays.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    message: &mut Message,
    kind: ConversationKind,
    names: &[String],
    now: Timestamp,
) -> Result<()> {
    let everyone = kind == ConversationKind::General;
    message.mentions.clear();
    for name in names {
        let found = store::accounts::mentioned(tx, message.conversation_id, everyone, name)?;
        if let Some(account) = found {
            store::messages::add_mention(tx, message, account, now)?;
            message.mentions.push(account);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Vec<String> {
        names_in(body, 20)
    }

    #[test]
    fn a_mention_is_a_name_after_an_at_sign() {
        assert_eq!(found("@Sita and (@ramesh), @sita again. Bye @j.o."), ["sita", "ramesh", "j.o"]);
        assert_eq!(found("@सीता!"), ["सीता"]);
        assert_eq!(found("@@sita"), ["sita"]);
    }

    #[test]
    fn addresses_and_code_name_nobody() {
        for body in ["sita@example.org", "@", "@ sita", "`@sita`", "```\n@sita\n```", "a `b @c` d"] {
            assert_eq!(found(body), Vec::<String>::new(), "{body}");
        }
        assert_eq!(found("`x` @sita ```y``` @ramesh"), ["sita", "ramesh"]);
        assert_eq!(found("it`s done @sita"), ["sita"]);
    }

    #[test]
    fn a_message_names_a_bounded_number_of_people() {
        let body: String = (0..100).map(|n| format!("@user{n} ")).collect();
        assert_eq!(names_in(&body, 20).len(), 20);
        assert_eq!(found(&format!("@{}", "x".repeat(1000))).first().map(String::len), Some(NAME_CHARS_MAX));
    }
}
