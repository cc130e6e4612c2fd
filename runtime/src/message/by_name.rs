//! The fields of a message by their names: found without looking at each, and in the order in which lists are sorted.
//!
//! Made once for each message whose names have to differ; that they do is seen on the way.

use std::{cell::RefCell, mem};

use super::Field;
use crate::scratch::{self, Kept};

thread_local! {
    static KEPT: Kept<Place> = const { RefCell::new(Vec::new()) };
}

/// Where fields stand, in the order of the bytes of their names.
pub(crate) struct ByName(Vec<Place>);

/// Where the next name that is asked for may stand: specs list their fields in the order of the wire or in that of names.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Next {
    /// Behind the field that was found last.
    index: usize,
    /// Behind it in the order of names.
    place: usize,
}

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
        by_name.0.sort_unstable_by_key(|place| place.beginning);
        let is_in_order = by_name.0.is_sorted_by(|one, other| one.beginning < other.beginning);
        (is_in_order || by_name.put_alike_in_order(fields)).then_some(by_name)
    }

    /// Puts names that begin alike in order; `false` if two of them are the same.
    fn put_alike_in_order(&mut self, fields: &[Field<'_>]) -> bool {
        let mut alike = self.0.chunk_by_mut(|one, other| one.beginning == other.beginning);
        alike.all(|alike| {
            alike.sort_unstable_by_key(|place| name_at(fields, *place));
            alike.is_sorted_by(|one, other| name_at(fields, *one) < name_at(fields, *other))
        })
    }

    /// The field of this name, and its index. What is `next` is looked at first.
    #[inline(always)]
    pub(super) fn find<'f, 'a>(
        &self,
        fields: &'f [Field<'a>],
        name: &str,
        next: &mut Next,
    ) -> Option<(usize, &'f Field<'a>)> {
        if let Some(field) = fields.get(next.index).filter(|field| field.name == name) {
            next.index += 1;
            return Some((next.index - 1, field));
        }
        let wanted = beginning(name);
        let is_alike = |place: &Place| place.beginning == wanted;
        let alike_at = |place: usize| {
            let Place { index, .. } = *self.0.get(place).filter(|place| is_alike(place))?;
            Some((place, index, fields.get(index)?))
        };
        let is_it = |(_, _, field): &(usize, usize, &Field<'_>)| is_named(field, name);
        let searched = || {
            let first = self.0.iter().position(is_alike)?;
            (first..).map_while(alike_at).find(is_it)
        };
        let (place, index, field) = alike_at(next.place).filter(is_it).or_else(searched)?;
        *next = Next { index: index + 1, place: place + 1 };
        Some((index, field))
    }

    /// The place behind all names up to this one, which may be among them.
    pub(super) fn place_behind(&self, fields: &[Field<'_>], name: &str) -> usize {
        let wanted = beginning(name);
        let first = self.0.partition_point(|place| place.beginning < wanted);
        let alike = self.0.iter().skip(first).take_while(|place| place.beginning == wanted);
        first + alike.filter(|place| name_at(fields, **place) <= name).count()
    }

    /// The index of the field that stands there in the order of names.
    #[inline]
    pub(super) fn index_at(&self, place: usize) -> Option<usize> {
        self.0.get(place).map(|place| place.index)
    }
}

impl Drop for ByName {
    fn drop(&mut self) {
        scratch::recycle_plain(&KEPT, mem::take(&mut self.0));
    }
}

/// Whether a name that begins as this one does is this one.
#[inline]
fn is_named(field: &Field<'_>, name: &str) -> bool {
    field.name.len() == name.len() && (name.len() <= BEGINNING || field.name == name)
}

fn name_at<'f>(fields: &'f [Field<'_>], place: Place) -> &'f str {
    fields.get(place.index).map_or("", |field| &field.name)
}

/// So many bytes of a name are its beginning.
const BEGINNING: usize = 8;

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
        let indices = (0..).map_while(|place| by_name.index_at(place));
        let sorted: Vec<&str> = indices.map(|index| fields[index].name.as_ref()).collect();
        assert_eq!(sorted, expected);
        for (at, name) in names.iter().enumerate() {
            for index in 0..=names.len() {
                for place in 0..=names.len() {
                    let mut next = Next { index, place };
                    let (found, field) = by_name.find(&fields, name, &mut next).unwrap();
                    assert_eq!((found, &*field.name, next.index), (at, *name, at + 1));
                }
            }
        }
        for name in ["", "!", "amount_p", "amount_pa", "zz", "a\0", "a\0\0", "中"] {
            let up_to = names.iter().filter(|known| **known <= name).count();
            assert_eq!(by_name.place_behind(&fields, name), up_to, "{name:?}");
        }
        for name in ["amount_", "amount_pair", "c", "\0", "amount_paid_22"] {
            assert!(by_name.find(&fields, name, &mut Next::default()).is_none(), "{name:?}");
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
