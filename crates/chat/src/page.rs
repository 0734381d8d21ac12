//! Pages of lists.

/// Cuts a list that was read with one more than asked for; says whether there was more.
pub(crate) fn cut<T>(list: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_more = list.len() > limit;
    list.truncate(limit);
    has_more
}
