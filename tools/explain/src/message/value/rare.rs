//! What seldom happens to a value: base64 opened too early, addresses tidied up, quotes put or lost.
//!
//! These are the last to be believed, because they fit few values and explain few threads.

use super::Mishap;
use crate::message::encoding::base64;
use crate::rank;

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "its base64 was decoded",
        mend: "take the value as it came",
        word: "base64 decoded",
        undo: |own| (!own.is_empty()).then(|| base64(own.as_bytes())),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "the slash at its end was lost",
        mend: "take the value as it came",
        word: "slash",
        undo: |own| own.starts_with("http").then(|| format!("{own}/")),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "a slash came to its end",
        mend: "take the value as it came",
        word: "slash added",
        undo: |own| own.strip_suffix('/').map(str::to_owned),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "the port or scheme of the address was changed",
        mend: "take the public address",
        word: "https",
        undo: |own| own.strip_prefix("http://").map(|rest| format!("https://{rest}")),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "the port or scheme of the address was changed",
        mend: "take the public address",
        word: "http",
        undo: |own| own.strip_prefix("https://").map(|rest| format!("http://{rest}")),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "it was put into quotes",
        mend: "take the value as it came",
        word: "quotes added",
        undo: |own| own.strip_prefix('"')?.strip_suffix('"').map(str::to_owned),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "its quotes were lost",
        mend: "take the value as it came",
        word: "quotes lost",
        undo: |own| Some(format!("\"{own}\"")),
    },
];
