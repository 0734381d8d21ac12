//! The first passwords that anyone tries: some twelve thousand that were found most often where passwords had leaked. Shorter
//! ones than eight characters are refused for their length anyway.

/// In lower case, one a line, sorted. Where it comes from stands in `common_passwords.LICENSE`.
const COMMON: &str = include_str!("common_passwords.txt");
/// Words that say where the password is for; with digits and signs around them they are still guessed first.
const WORDS_OF_THIS_PLACE: &[&str] = &["parlor", "parlour", "administrator", "password"];

/// Whether a password is among those, in any case, or is the username or a word of this place with digits or signs around it.
/// It looks at every line, which takes less than a thousandth of the hashing that follows.
pub(super) fn is_common(password: &str, username_key: &str) -> bool {
    let lower = password.to_lowercase();
    let stem = lower.trim_matches(|letter: char| !letter.is_alphabetic());
    lower == username_key
        || (!stem.is_empty() && (stem == username_key || WORDS_OF_THIS_PLACE.contains(&stem)))
        || COMMON.lines().any(|line| line == lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_long_sorted_and_in_lower_case() {
        let lines: Vec<_> = COMMON.lines().collect();
        assert!(lines.len() > 3_000 && lines.is_sorted_by(|one, next| one < next), "{}", lines.len());
        assert!(lines.iter().all(|line| line.chars().count() >= 8 && *line == line.to_lowercase()));
    }

    #[test]
    fn what_leaked_most_is_refused_and_what_nobody_has_is_not() {
        for common in
            ["password1", "Iloveyou1", "baseball1", "1q2w3e4r5t", "trustno1", "football1", "sunshine"]
        {
            assert!(is_common(common, "sita"), "{common}");
        }
        for good in ["correct horse battery", "सीता सीता सीता", "kestrel-over-the-weir"]
        {
            assert!(!is_common(good, "sita"), "{good}");
        }
    }

    #[test]
    fn the_own_name_and_the_words_of_this_place_are_refused_whatever_stands_around_them() {
        for weak in [
            "sita-the-great",
            "sita-the-great2026!",
            "Parlor2026",
            "!!parlor!!",
            "Password!!1",
            "12administrator",
        ] {
            assert!(is_common(weak, "sita-the-great"), "{weak}");
        }
        assert!(!is_common("parlor of my aunt", "sita") && !is_common("74021946", "sita"));
    }
}
