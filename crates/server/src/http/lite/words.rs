//! How things are written on a page: texts with their links, names, moments, counts.

use protocol::{
    AccountKind, Author, ConversationKind, ConversationSummary, Dialect, MembershipRole, Timestamp,
};
use time::OffsetDateTime;

/// Links in one message at most: what comes after is plain text, so that no message makes a page of nothing else.
const LINKS_MAX: usize = 500;

/// A part of a message's text, in the order in which it is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// An address that begins with `http://` or `https://`, as it was typed.
    Link(String),
    Break,
}

/// Cuts a text into its lines and links. Put together again the pieces are the text.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut links = 0;
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            pieces.push(Piece::Break);
        }
        let mut rest = line;
        while links < LINKS_MAX
            && let Some((before, link, after)) = split_at_link(rest)
        {
            push_text(&mut pieces, before);
            pieces.push(Piece::Link(link.to_owned()));
            links += 1;
            rest = after;
        }
        push_text(&mut pieces, rest);
    }
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

/// What stands before the first link of a line, the link, and the rest.
fn split_at_link(line: &str) -> Option<(&str, &str, &str)> {
    line.match_indices("://").find_map(|(colon, _)| {
        let (before, after) = line.split_at_checked(colon)?;
        let scheme = ["https", "http"].into_iter().find(|scheme| ends_with_word(before, scheme))?;
        let address = address_at(after.get("://".len()..)?)?;
        let (text, rest) = line.split_at_checked(colon - scheme.len())?;
        let (link, rest) = rest.split_at_checked(scheme.len() + "://".len() + address.len())?;
        Some((text, link, rest))
    })
}

/// Whether a text ends with this word in whatever case, and not in the middle of another one.
fn ends_with_word(text: &str, word: &str) -> bool {
    let Some((head, tail)) = text.len().checked_sub(word.len()).and_then(|at| text.split_at_checked(at))
    else {
        return false;
    };
    tail.eq_ignore_ascii_case(word) && !head.ends_with(char::is_alphanumeric)
}

/// The address that a text begins with, without what closes the sentence around it.
fn address_at(text: &str) -> Option<&str> {
    let end = text.find(ends_address).unwrap_or(text.len());
    let address = text.get(..end)?;
    // A bracket belongs to the address where another was opened in it.
    let is_opened = address.contains('(');
    let address = address.trim_end_matches(|last| {
        matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | ']' | '}' | '*' | '_' | '~')
            || (last == ')' && !is_opened)
    });
    address.starts_with(|first: char| first.is_alphanumeric() || first == '[').then_some(address)
}

/// What is drawn in another place than where it stands could show another address than the one that is followed.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '\'' | '`')
        || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The beginning of a text in one line.
pub(super) fn one_line(text: &str, chars_max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

/// What must be known of somebody beside the name.
pub(super) fn mark(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Person => "",
        AccountKind::Bot => "bot",
        AccountKind::Guest => "unverified guest",
    }
}

/// The name with the mark, where a single text has to say both.
pub(super) fn full_name(author: &Author) -> String {
    match mark(author.kind) {
        "" => author.display_name.clone(),
        mark => format!("{} ({mark})", author.display_name),
    }
}

/// What a conversation is called.
pub(super) fn name_of(summary: &ConversationSummary) -> String {
    match (&summary.with, &summary.details.name) {
        (Some(other), _) => full_name(other),
        (None, Some(name)) => name.clone(),
        (None, None) => kind_name(summary.details.kind).to_owned(),
    }
}

fn kind_name(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::General => "General",
        ConversationKind::Direct => "Direct chat",
        ConversationKind::Room => "Room",
    }
}

/// The app by whose client something was said.
pub(super) fn app(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Chats => "Chats",
        Dialect::ChatterBox => "Chatter-Box",
        Dialect::ChatApp => "ChatApp",
        Dialect::Chatroom => "Chatroom",
        Dialect::FlaskChat => "Flask chat",
    }
}

/// A role, where it is worth a word.
pub(super) fn role(role: MembershipRole) -> &'static str {
    match role {
        MembershipRole::Member => "",
        MembershipRole::Moderator => "moderator",
        MembershipRole::Owner => "owner",
    }
}

/// "1 message", "2 messages".
pub(super) fn count(number: i64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A moment in the forms that a page needs. Nobody told us where the reader is, so it is UTC.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// For programs.
    pub(super) exact: String,
    /// "Saturday, 21 November 2026".
    pub(super) day: String,
    /// "21 November 2026".
    pub(super) date: String,
    /// "10:00".
    pub(super) clock: String,
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        // What no calendar can hold comes from a broken clock; the page must be readable all the same.
        let moment =
            OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let date = format!("{} {} {}", moment.day(), moment.month(), moment.year());
        Self {
            exact: at.to_string(),
            day: format!("{}, {date}", moment.weekday()),
            date,
            clock: format!("{:02}:{:02}", moment.hour(), moment.minute()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let links = pieces(text).into_iter().filter_map(|piece| match piece {
            Piece::Link(link) => Some(link),
            Piece::Text(_) | Piece::Break => None,
        });
        links.collect()
    }

    #[test]
    fn an_address_is_a_link_and_what_closes_the_sentence_is_not_part_of_it() {
        for (text, link) in [
            ("see https://example.org.", "https://example.org"),
            ("(https://example.org/a)", "https://example.org/a"),
            ("https://example.org/a_(b) there", "https://example.org/a_(b)"),
            ("HTTP://Example.org/?a=1&b=2#c, and", "HTTP://Example.org/?a=1&b=2#c"),
            ("http://[::1]:8000/x", "http://[::1]:8000/x"),
            ("http://münchen.example/ä", "http://münchen.example/ä"),
            ("<https://example.org>", "https://example.org"),
            ("a://b https://c.example", "https://c.example"),
        ] {
            assert_eq!(links(text), [link], "{text}");
        }
    }

    #[test]
    fn nothing_but_http_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "data:text/html,x",
            "xhttp://example.org",
            "http://",
            "https:// x",
            "https://\u{202E}gro.elpmaxe",
            "://example.org",
            "ftp://example.org",
            "http:/example.org",
        ] {
            assert_eq!(links(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_link_ends_where_its_letters_would_be_turned_around() {
        assert_eq!(links("https://example.org/\u{202E}gpj.exe"), ["https://example.org/"]);
    }

    #[test]
    fn pieces_are_the_whole_text() {
        for text in [
            "",
            "\n",
            "a\n\nb",
            "é://x https://a.b/ü!\nhttps://c",
            &"http://".repeat(2000),
            &"https://a.b ".repeat(600),
        ] {
            let whole: String = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Link(text) => text,
                    Piece::Break => "\n".to_owned(),
                })
                .collect();
            assert_eq!(whole, text);
        }
        assert_eq!(links(&"https://a.b ".repeat(600)).len(), LINKS_MAX);
    }

    #[test]
    fn a_preview_is_one_line_of_whole_characters() {
        assert_eq!(one_line(" a \n b\t", 10), "a b");
        assert_eq!(one_line("नमस्ते दुनिया", 100), "नमस्ते दुनिया");
        assert_eq!(one_line("ääääää", 3), "äää…");
    }

    #[test]
    fn a_moment_is_told_in_words() {
        let moment = Moment::from(Timestamp(1_795_255_200_123));
        assert_eq!(moment.day, "Saturday, 21 November 2026");
        assert_eq!((moment.clock.as_str(), moment.exact.as_str()), ("10:00", "2026-11-21T10:00:00.123Z"));
        assert_eq!(Moment::from(Timestamp(i64::MAX)).date, "1 January 1970");
        assert_eq!(Moment::from(Timestamp(-1)).clock, "23:59");
    }
}
