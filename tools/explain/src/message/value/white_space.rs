//! White space on the way: what was trimmed, what came to the ends, line ends.
//!
//! Which blank was lost cannot be told from the value: one at each end, and one line end, are what occurs.

use super::Mishap;
use crate::rank;

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::TRIM,
        title: "white space came to its ends",
        mend: "take the value as it came",
        word: "white space added",
        undo: |own| Some(own.trim().to_owned()),
    },
    Mishap {
        rank: rank::TRIM + 1,
        title: "the blank at its end was lost",
        mend: "take the value as it came: nothing may trim it",
        word: "trimmed at the end",
        undo: |own| Some(format!("{own} ")),
    },
    Mishap {
        rank: rank::TRIM + 1,
        title: "the blank at its start was lost",
        mend: "take the value as it came: nothing may trim it",
        word: "trimmed at the start",
        undo: |own| Some(format!(" {own}")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "the line end behind it was lost",
        mend: "take the value as it came: nothing may trim it",
        word: "line end lost",
        undo: |own| Some(format!("{own}\n")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "the blanks at its ends were lost",
        mend: "take the value as it came: nothing may trim it",
        word: "trimmed",
        undo: |own| Some(format!(" {own} ")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "its line ends were changed to `\\r\\n`",
        mend: "take the value as it came",
        word: "CR LF",
        undo: |own| Some(own.replace("\r\n", "\n")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "its line ends were changed to `\\n`",
        mend: "take the value as it came",
        word: "LF",
        undo: |own| Some(own.replace("\r\n", "\n").replace('\n', "\r\n")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "its line ends were lost",
        mend: "take the value as it came",
        word: "blanks doubled",
        undo: |own| Some(own.replace("  ", " ")),
    },
];
