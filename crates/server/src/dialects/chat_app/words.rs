//! The words of the app: its text frames, and the list that `read` answers, which is written as Python writes one.

use crate::dialects::SERVER;

/// What a text frame asks for. Texts keep their colons: the first field and the last one are the frame's, what stands
/// between them is the message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    Create {
        text: &'a str,
        user_name: &'a str,
    },
    Read,
    Update {
        index: usize,
        text: &'a str,
        user_name: &'a str,
    },
    Delete {
        index: usize,
    },
    /// Something else, which the app tells everybody as it is.
    Raw(&'a str),
    /// A frame of ours that lacks something.
    Broken,
}

/// Reads a frame. `client_id` is the connection's own, which may hold colons where it begins a frame.
pub(super) fn read<'a>(frame: &'a str, client_id: &str) -> Said<'a> {
    if let Some(rest) = frame.strip_prefix("create:") {
        return message(rest, client_id)
            .map_or(Said::Broken, |(text, user_name)| Said::Create { text, user_name });
    }
    if let Some(rest) = frame.strip_prefix("update:") {
        let parts = rest.split_once(':').and_then(|(index, rest)| {
            let (text, user_name) = message(rest, client_id)?;
            Some(Said::Update { index: index.trim().parse().ok()?, text, user_name })
        });
        return parts.unwrap_or(Said::Broken);
    }
    if let Some(index) = frame.strip_prefix("delete:") {
        return index.trim().parse().map_or(Said::Broken, |index| Said::Delete { index });
    }
    if frame.starts_with("read") { Said::Read } else { Said::Raw(frame) }
}

/// Whether a frame can only be one of this app.
pub(super) fn is_command(frame: &str) -> bool {
    ["create:", "update:", "delete:", "read"].iter().any(|command| frame.starts_with(command))
}

/// Whether a frame's sender waits for a line: for a message, or for the list.
pub(super) fn is_awaited(frame: &str) -> bool {
    !["update:", "delete:"].iter().any(|command| frame.starts_with(command))
}

/// Text and name of `client_id:text:user_name`. The page puts a space before the text, its document does not.
fn message<'a>(fields: &'a str, client_id: &str) -> Option<(&'a str, &'a str)> {
    let own = fields.strip_prefix(client_id).and_then(|rest| rest.strip_prefix(':'));
    let rest = own.or_else(|| fields.split_once(':').map(|(_, rest)| rest))?;
    let (text, user_name) = rest.rsplit_once(':').unwrap_or((rest, ""));
    Some((text.strip_prefix(' ').unwrap_or(text), user_name))
}

/// A message: who, what, and the name that is shown.
pub(super) fn said(who: &str, text: &str, name: &str) -> String {
    format!("{who}: {text}:{}", without_colons(name))
}

pub(super) fn updated(index: usize, text: &str, name: &str) -> String {
    format!("Updated message:{index}:{text}:{}", without_colons(name))
}

pub(super) fn deleted(index: usize) -> String {
    format!("Message deleted:{index}")
}

pub(super) fn left(name: &str) -> String {
    format!("Client #{name} has left the chat")
}

/// A line of the server itself, for one client: what it sent was not taken.
pub(super) fn refused(why: &str) -> String {
    said(SERVER, why, SERVER)
}

/// The page would take what follows a colon for another field.
fn without_colons(name: &str) -> String {
    name.replace(':', " ")
}

/// Whether a text can be told as it is: it has no fields, so that it cannot seem to be somebody else's message, and does not
/// begin like what the server says by itself.
pub(super) fn is_plain(text: &str) -> bool {
    !text.contains(':')
        && !["Updated message", "Message deleted", "Client #"].iter().any(|ours| text.starts_with(ours))
}

/// A list of texts as Python's `str` writes it.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as Python's `repr` writes it.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if character == quote => out.extend(['\\', quote]),
            character if is_printable(character) => out.push(character),
            character => out.push_str(&match u32::from(character) {
                number @ 0..=0xff => format!("\\x{number:02x}"),
                number @ 0x100..=0xffff => format!("\\u{number:04x}"),
                number => format!("\\U{number:08x}"),
            }),
        }
    }
    out.push(quote);
    out
}

/// What Python calls printable. Rust escapes the same characters, and marks where a text begins with one.
fn is_printable(character: char) -> bool {
    matches!(character, '\'' | '"') || ['a', character].iter().collect::<String>().escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_the_page_sends_them_and_as_the_document_writes_them() {
        for (frame, said) in [
            ("create:codeA: hello:alice", Said::Create { text: "hello", user_name: "alice" }),
            ("create:codeA:hello:alice", Said::Create { text: "hello", user_name: "alice" }),
            ("create:other: hello:alice", Said::Create { text: "hello", user_name: "alice" }),
            ("create:codeA:  hello:", Said::Create { text: " hello", user_name: "" }),
            ("create:codeA: at 10:30: a:b:alice", Said::Create { text: "at 10:30: a:b", user_name: "alice" }),
            ("create:codeA: ::alice", Said::Create { text: ":", user_name: "alice" }),
            ("create:codeA", Said::Broken),
            ("create:codeA: hello", Said::Create { text: "hello", user_name: "" }),
            ("create:", Said::Broken),
            ("read", Said::Read),
            ("reading", Said::Read),
            ("update:3:codeA:10:30:alice", Said::Update { index: 3, text: "10:30", user_name: "alice" }),
            ("update: 3 :codeA: x:alice", Said::Update { index: 3, text: "x", user_name: "alice" }),
            ("update:abc:codeA:x:alice", Said::Broken),
            ("update:-1:codeA:x:alice", Said::Broken),
            ("update:1:codeA", Said::Broken),
            ("delete:0", Said::Delete { index: 0 }),
            ("delete: 7\n", Said::Delete { index: 7 }),
            ("delete:", Said::Broken),
            ("delete:-1", Said::Broken),
            ("delete:abc", Said::Broken),
            ("delete:99999999999999999999999", Said::Broken),
            ("hello", Said::Raw("hello")),
            ("", Said::Raw("")),
            ("Create:x: y:z", Said::Raw("Create:x: y:z")),
        ] {
            assert_eq!(read(frame, "codeA"), said, "{frame:?}");
        }
        let own = "create:a:b: hello:alice";
        assert_eq!(read(own, "a:b"), Said::Create { text: "hello", user_name: "alice" });
    }

    #[test]
    fn a_name_makes_no_fields() {
        assert_eq!(said("ann", "10:30", "Ann: the 2nd"), "ann: 10:30:Ann  the 2nd");
        assert_eq!(updated(3, "x", "a:b"), "Updated message:3:x:a b");
        assert_eq!(
            (deleted(3), left("ann")),
            ("Message deleted:3".into(), "Client #ann has left the chat".into())
        );
    }

    #[test]
    fn what_could_be_taken_for_other_words_is_not_plain() {
        assert!(is_plain("hello") && is_plain("") && is_plain("a message deleted"));
        for trick in
            ["bob: I pay:Bob", "Message deleted:0", "Updated message", "Client #bob has left the chat"]
        {
            assert!(!is_plain(trick), "{trick}");
        }
    }

    #[test]
    fn a_list_is_written_as_python_writes_it() {
        assert_eq!(list([]), "[]");
        assert_eq!(list(["codeA: hello:alice", "b"]), "['codeA: hello:alice', 'b']");
        for (text, written) in [
            ("it's", "\"it's\""),
            ("\"it's\"", "'\"it\\'s\"'"),
            ("\"", "'\"'"),
            ("a\\b", "'a\\\\b'"),
            ("\n\r\t\0\u{1b}\u{7f}", "'\\n\\r\\t\\x00\\x1b\\x7f'"),
            ("\u{a0}\u{ad}é", "'\\xa0\\xadé'"),
            ("सीता 李雷 😀", "'सीता 李雷 😀'"),
            ("\u{200d}\u{202e}\u{2028}\u{3000}", "'\\u200d\\u202e\\u2028\\u3000'"),
            ("e\u{301}", "'e\u{301}'"),
            ("\u{e000}\u{e0001}\u{10ffff}", "'\\ue000\\U000e0001\\U0010ffff'"),
        ] {
            assert_eq!(quoted(text), written, "{text:?}");
        }
    }
}
