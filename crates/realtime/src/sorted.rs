//! A small set as a sorted list: one short piece of memory, where a set of the standard library takes a node or a table of
//! room for eleven and more. Most connections hear a few conversations, and most accounts have one connection.

use std::slice;

/// Each value once, in order. Finding is a binary search, adding moves what is larger.
#[derive(Debug)]
pub(crate) struct SortedSet<T>(Vec<T>);

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + Ord> SortedSet<T> {
    /// Whether it was not there before.
    pub(crate) fn insert(&mut self, value: T) -> bool {
        match self.0.binary_search(&value) {
            Ok(_) => false,
            Err(place) => {
                if self.0.is_empty() {
                    // The first often stays the only one; a list that grows by itself begins with room for four.
                    self.0.reserve_exact(1);
                }
                self.0.insert(place, value);
                true
            }
        }
    }

    /// Whether it was there.
    pub(crate) fn remove(&mut self, value: T) -> bool {
        let found = self.0.binary_search(&value);
        if let Ok(place) = found {
            self.0.remove(place);
        }
        found.is_ok()
    }

    pub(crate) fn contains(&self, value: T) -> bool {
        self.0.binary_search(&value).is_ok()
    }

    /// Gives back room that nothing is in.
    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    pub(crate) fn iter(&self) -> slice::Iter<'_, T> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a, T> IntoIterator for &'a SortedSet<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_set_holds_each_value_once_and_in_order() {
        let mut set = SortedSet::default();
        let new: Vec<bool> = [5, 1, 3, 1, 9].into_iter().map(|value| set.insert(value)).collect();
        assert_eq!(new, [true, true, true, false, true]);
        assert_eq!((set.remove(3), set.remove(4)), (true, false));
        set.shrink();
        assert_eq!(set.iter().copied().collect::<Vec<_>>(), [1, 5, 9]);
        assert_eq!((set.len(), set.is_empty(), set.contains(9), set.contains(3)), (3, false, true, false));
    }
}
