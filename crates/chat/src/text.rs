//! What text may hold: message bodies, names for people to read, e-mail addresses.

use crate::{Error, Result};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// So many marks may sit on one letter: more than any language needs, fewer than it takes to smear over a page.
const MARKS_ON_A_LETTER_MAX: usize = 4;

/// A message body: not empty, not too long, no control characters but tab and line breaks. Line ends become `\n`.
pub(crate) fn body(text: &str, chars_max: usize) -> Result<String> {
    length("body", text, chars_max)?;
    let text = text.replace("\r\n", "\n");
    if !has_visible(&text) {
        return Err(Error::invalid("body", "A message needs some text."));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid("body", "The text holds control characters."));
    }
    Ok(text)
}

/// One line for people to read, like a display name: normalised, spaces collapsed, nothing invisible that could
/// dress it up as another.
pub(crate) fn line(field: &'static str, text: &str, chars_max: usize) -> Result<String> {
    let line = line_or_empty(field, text, chars_max)?;
    if !has_visible(&line) {
        return Err(Error::invalid(field, "This cannot be empty."));
    }
    Ok(line)
}

/// The same, where nothing is a good answer too.
pub(crate) fn line_or_empty(field: &'static str, text: &str, chars_max: usize) -> Result<String> {
    length(field, text, chars_max)?;
    let text: String = text.nfc().collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    length(field, &line, chars_max)?;
    if line.chars().any(is_hidden) {
        return Err(Error::invalid(field, "This holds invisible or direction-changing characters."));
    }
    if longest_run_of_marks(&line) > MARKS_ON_A_LETTER_MAX {
        return Err(Error::invalid(field, "Too many marks sit on one letter."));
    }
    Ok(line)
}

fn length(field: &'static str, text: &str, chars_max: usize) -> Result<()> {
    // Counting every character of a text that is far too long would be work for whoever sent it.
    if text.len() > chars_max.saturating_mul(4) || text.chars().count() > chars_max {
        return Err(Error::invalid(field, format!("At most {chars_max} characters.")));
    }
    Ok(())
}

/// Controls, direction controls, zero-width and tag characters, private use and specials. Zero-width joiners stay: some
/// scripts and most family emoji are written with them.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}'
            | '\u{E0000}'..='\u{10FFFF}')
}

/// Lower case in one normal form.
pub(crate) fn key(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// What sorts by code point right after every text that begins so: the last character there is begins none of them.
pub(crate) fn after_all_that_begin(text: &str) -> String {
    format!("{text}{}", char::MAX)
}

/// Whether there is anything to see: joiners, variation selectors, marks and blanks alone are nothing.
pub(crate) fn has_visible(text: &str) -> bool {
    text.chars().any(|c| {
        let blank = c.is_whitespace() || c == BLANK || is_unseen(c);
        !blank && !is_hidden(c) && !is_combining_mark(c)
    })
}

/// A sign of Braille without a dot: it looks like a space and is none.
const BLANK: char = '\u{2800}';

/// What changes at most how its neighbours look: joiners and variation selectors.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// What can be seen of a line.
pub(crate) fn seen(line: &str) -> String {
    let line: String =
        line.chars().filter(|c| !is_unseen(*c)).map(|c| if c == BLANK { ' ' } else { c }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn longest_run_of_marks(text: &str) -> usize {
    let mut run = 0;
    let mut longest = 0;
    for c in text.chars() {
        run = if is_combining_mark(c) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// RFC 5321 §4.5.3.1, with 64 octets before the @.
pub(crate) const ADDRESS_LEN_MAX: usize = 254;

/// An e-mail address in lower case. Only its shape is checked: whether somebody reads it shows when something is sent.
pub(crate) fn email(text: &str) -> Result<String> {
    let refused = || Error::invalid("email", "This is not an e-mail address.");
    if text.len() > ADDRESS_LEN_MAX * 4 {
        return Err(refused());
    }
    let address = key(text.trim());
    let (local, domain) = address.rsplit_once('@').ok_or_else(refused)?;
    let good = !local.is_empty()
        && local.len() <= 64
        && address.len() <= ADDRESS_LEN_MAX
        && !local.contains('@')
        && !address
            .chars()
            .any(|c| c.is_whitespace() || is_hidden(c) || matches!(c, '<' | '>' | '"' | ',' | ';'))
        && domain.split('.').all(|label| !label.is_empty())
        && !domain.starts_with('-');
    if good { Ok(address) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_needs_text_and_keeps_its_lines() {
        assert_eq!(body("one\r\ntwo\tthree", 100).unwrap(), "one\ntwo\tthree");
        for bad in ["", " \n ", "\u{200B}", "\u{200D}\u{FE0F}", "nul\0", "bell\u{7}", &"x".repeat(101)] {
            assert!(body(bad, 100).is_err(), "{bad:?}");
        }
        assert!(body(&"é".repeat(100), 100).is_ok(), "characters are counted, not bytes");
    }

    #[test]
    fn a_line_is_tidied_and_holds_nothing_invisible() {
        assert_eq!(line("name", "  Kitchen \n garden ", 80).unwrap(), "Kitchen garden");
        for bad in [
            "",
            "  ",
            "\u{200D}",
            "\u{2800}",
            "a\u{202E}b",
            "a\u{200B}b",
            "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
        ] {
            assert!(line("name", bad, 80).is_err(), "{bad:?}");
        }
        assert!(line("name", "👩‍👩‍👧", 80).is_ok());
    }

    #[test]
    fn an_address_has_one_at_sign_and_no_spaces() {
        assert_eq!(email(" Sita@Example.ORG ").unwrap(), "sita@example.org");
        assert_eq!(email("ﬁona@example.org").unwrap(), "fiona@example.org");
        assert!(email("sita@localhost").is_ok());
        for bad in ["", "sita", "@x.org", "a@", "a b@x.org", "a@b@c.org", "a@x..org", "<a@x.org>"] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
    }
}
