//! The fields of a message by their names: found without looking at each, and in the order in which lists are sorted.
//!
//! Made once for each message whose names have to differ; that they do is seen on the way.

use std::{cell::RefCell, cmp::Ordering, mem};

use super::Field;
use crate::scratch::{self, Kept};

thread_local! {
    static KEPT: Kept<Place> = const { RefCell::new(Vec::new()) };
}

/// Where fields stand, in the order of the bytes of their names.
pub(crate) struct ByName(Vec<Place>);

/// A field: the first bytes of its name, which mostly decide, and its index.
#[derive(Clone, Copy)]
struct Place {
    beginning: u64,
    index: usize,
}

impl ByName {
    /// `None` if two names are the same.
    pub(super) fn of(fields: &[Field<'_>]) -> Option<Self> {
        let mut places = scratch::vector(&KEPT);
        let place = |(index, field): (usize, &Field<'_>)| Place { beginning: beginning(&field.name), index };
        places.extend(fields.iter().enumerate().map(place));
        let mut by_name = Self(places);
        let compared = |one: &Place, other: &Place| {
            let names = || name_at(fields, *one).cmp(name_at(fields, *other));
            one.beginning.cmp(&other.beginning).then_with(names)
        };
        by_name.0.sort_unstable_by(compared);
        let mut neighbours = by_name.0.iter().zip(by_name.0.iter().skip(1));
        let is_distinct = neighbours.all(|(one, other)| compared(one, other) == Ordering::Less);
        is_distinct.then_some(by_name)
    }

    /// The field of this name, and its index.
    #[inline]
    pub(super) fn find<'f, 'a>(&self, fields: &'f [Field<'a>], name: &str) -> Option<(usize, &'f Field<'a>)> {
        let wanted = beginning(name);
        let candidates = self.0.iter().filter(|place| place.beginning == wanted);
        let mut candidates = candidates.filter_map(|place| Some((place.index, fields.get(place.index)?)));
        candidates.find(|(_, field)| field.name == name)
    }

    /// The indices of the fields, in the order of their names.
    pub(super) fn indices(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|place| place.index)
    }
}

impl Drop for ByName {
    fn drop(&mut self) {
        scratch::recycle_vector(&KEPT, mem::take(&mut self.0));
    }
}

fn name_at<'f>(fields: &'f [Field<'_>], place: Place) -> &'f str {
    fields.get(place.index).map_or("", |field| &field.name)
}

/// The first eight bytes, so that numbers compare as the bytes do; a shorter name ends with zeros.
#[inline]
fn beginning(name: &str) -> u64 {
    let bytes = name.as_bytes();
    if let Some(first) = bytes.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // The last four overlap the first ones; what they share is shifted out.
        (Some(first), Some(last)) => {
            let behind = u64::from(u32::from_be_bytes(*last)) << (8 * (8 - bytes.len()));
            u64::from(u32::from_be_bytes(*first)) << 32 | (behind & u64::from(u32::MAX))
        }
        _ => bytes.iter().rev().fold(0, |number, byte| number >> 8 | u64::from(*byte) << 56),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn fields<'n>(names: &[&'n str]) -> Vec<Field<'n>> {
        names.iter().map(|name| Field::of_text(*name, "")).collect()
    }

    #[test]
    fn names_are_in_the_order_of_their_bytes_and_found_by_all_of_them() {
        let names =
            ["b", "a\0", "amount_paid", "", "中文", "amount_of_it", "a", "amount_p", "Z", "amount_paid_2"];
        let fields = fields(&names);
        let by_name = ByName::of(&fields).unwrap();
        let mut expected = names.to_vec();
        expected.sort_unstable();
        let sorted: Vec<&str> = by_name.indices().map(|index| fields[index].name.as_ref()).collect();
        assert_eq!(sorted, expected);
        for (index, name) in names.iter().enumerate() {
            assert_eq!(by_name.find(&fields, name).map(|(index, _)| index), Some(index), "{name:?}");
        }
        for name in ["amount_", "amount_pair", "c", "\0", "amount_paid_22"] {
            assert!(by_name.find(&fields, name).is_none(), "{name:?}");
        }
    }

    #[test]
    fn two_of_one_name_are_none() {
        for names in [["a", "b", "a"], ["amount_paid", "x", "amount_paid"], ["", "", "b"]] {
            assert!(ByName::of(&fields(&names)).is_none(), "{names:?}");
        }
        assert!(ByName::of(&[]).is_some());
    }
}
