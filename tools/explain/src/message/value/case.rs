//! Upper and lower case on the way: the whole value, or its first letter.
//!
//! Databases and mappers to classes do this to codes, currencies and digests.

use super::Mishap;
use crate::rank;

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::CASE + 1,
        title: "it was put into lower case",
        mend: "take the value as it came",
        word: "lower case",
        undo: |own| Some(own.to_uppercase()),
    },
    Mishap {
        rank: rank::CASE + 1,
        title: "it was put into upper case",
        mend: "take the value as it came",
        word: "upper case",
        undo: |own| Some(own.to_lowercase()),
    },
    Mishap {
        rank: rank::CASE + 2,
        title: "its first letter was put into lower case",
        mend: "take the value as it came",
        word: "first letter",
        undo: |own| Some(first_upper(own)),
    },
];

fn first_upper(own: &str) -> String {
    let mut characters = own.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
