//! Escapes on the way: HTML entities, backslashes, blanks between the tokens of JSON.
//!
//! Filters against injected scripts, quoting of old databases and writers of JSON put characters before others, or
//! take them away. They are undone for the text as a whole; JSON that is taken apart and written again is tried by
//! the fields and bodies themselves.

use super::Mishap;
use crate::rank;

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::ESCAPED,
        title: "it was escaped for HTML",
        mend: "switch the filter off that escapes parameters for HTML, here at least",
        word: "escaped for HTML",
        undo: |own| Some(unescaped(own)),
    },
    Mishap {
        rank: rank::ESCAPED + 1,
        title: "its HTML entities were undone",
        mend: "take the value as it came",
        word: "entities undone",
        undo: |own| Some(escaped(own, "&#39;")),
    },
    Mishap {
        rank: rank::ESCAPED + 1,
        title: "its HTML entities were undone",
        mend: "take the value as it came",
        word: "entities undone (quotes)",
        undo: |own| Some(own.replace('"', "&quot;")),
    },
    Mishap {
        rank: rank::ESCAPED + 1,
        title: "its HTML entities were undone",
        mend: "take the value as it came",
        word: "entities undone (&)",
        undo: |own| Some(own.replace('&', "&amp;")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "backslashes were put before its slashes",
        mend: "take the text as it came",
        word: "slashes escaped",
        undo: |own| Some(own.replace("\\/", "/")),
    },
    Mishap {
        rank: rank::RESERIALISED,
        title: "blanks came between the tokens of its JSON",
        mend: "take the text as it came",
        word: "blanks between tokens",
        undo: |own| Some(own.replace("\": ", "\":").replace(", \"", ",\"")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "backslashes were put before its quotes",
        mend: "switch automatic quoting off",
        word: "backslashes",
        undo: |own| Some(own.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "the backslashes before its quotes were taken away",
        mend: "take the value as it came",
        word: "backslashes taken away",
        undo: |own| Some(own.replace('"', "\\\"")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "the backslashes before its slashes were taken away",
        mend: "take the value as it came",
        word: "slashes",
        undo: |own| Some(own.replace('/', "\\/")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "tags or angle brackets were taken out of it",
        mend: "switch the filter off that cleans parameters",
        word: "brackets",
        undo: |own| Some(own.replace("&lt;", "<").replace("&gt;", ">")),
    },
];

pub(crate) fn unescaped(own: &str) -> String {
    let plain = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#034;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&#43;", "+"),
    ];
    let undone =
        plain.into_iter().fold(own.to_owned(), |text, (entity, character)| text.replace(entity, character));
    undone.replace("&amp;", "&")
}

fn escaped(own: &str, apostrophe: &str) -> String {
    own.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', apostrophe)
}
