//! Why a JSON text could not be read, as a sentence for whoever wrote it.

/// Enough for every sentence of the library and the beginning of a value. It repeats the whole value, with escapes: of a
/// mebibyte of signs that nobody sees it makes seven.
const CHARS_MAX: usize = 200;

/// The library's sentence, without the place in the text at its end: that says less than the field.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let sentence = said.rsplit_once(" at line ").map_or(said.as_str(), |(sentence, _)| sentence);
    shortened(sentence)
}

/// The beginning of a sentence that repeats what somebody else wrote.
pub(crate) fn shortened(sentence: &str) -> String {
    match sentence.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", sentence.get(..end).unwrap_or_default()),
        None => sentence.to_owned(),
    }
}
