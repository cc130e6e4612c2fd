//! Flags, nothing and times on the way: values that were typed for a moment, and written in other words.
//!
//! A reader of JSON or a mapper to a class makes a flag of `1`, no value of `null` and a clock's number of a time; what
//! it writes again is a spelling of its language, not the one that was signed.

use super::Mishap;
use super::number::is_digits;
use crate::rank;

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "a flag was written in other words",
        mend: "keep the text that came",
        word: "flag",
        undo: |own| word(own, &[("true", "1"), ("false", "0"), ("True", "true"), ("False", "false")]),
    },
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "a flag was written in other words",
        mend: "keep the text that came",
        word: "flag (words)",
        undo: |own| word(own, &[("1", "true"), ("0", "false"), ("true", "True"), ("false", "False")]),
    },
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "a flag was written in other words",
        mend: "keep the text that came",
        word: "flag (Y or N)",
        undo: |own| word(own, &[("true", "Y"), ("false", "N"), ("1", "Y"), ("0", "N")]),
    },
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "nothing was written as a word",
        mend: "keep the text that came",
        word: "null",
        undo: |own| word(own, &[("null", ""), ("undefined", ""), ("None", ""), ("NULL", "")]),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the word `null` was lost",
        mend: "keep the text that came",
        word: "null lost",
        undo: |own| word(own, &[("", "null")]),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was written in another way",
        mend: "keep the text that came",
        word: "T in the time",
        undo: |own| is_time(own, ' ').then(|| own.replacen(' ', "T", 1)),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was written in another way",
        mend: "keep the text that came",
        word: "blank in the time",
        undo: |own| is_time(own, 'T').then(|| own.replacen('T', " ", 1)),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was cut to seconds",
        mend: "keep the text that came",
        word: "milliseconds",
        undo: |own| (is_digits(own) && own.len() == 10).then(|| format!("{own}000")),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was given milliseconds",
        mend: "keep the text that came",
        word: "seconds",
        undo: |own| (is_digits(own) && own.len() == 13).then(|| own.chars().take(10).collect()),
    },
];

fn is_time(text: &str, between: char) -> bool {
    let pieces: Vec<&str> = text.splitn(2, between).collect();
    matches!(pieces.as_slice(), [date, time] if date.len() == 10 && time.len() >= 8 && date.as_bytes().get(4) == Some(&b'-'))
}

fn word(own: &str, words: &[(&str, &str)]) -> Option<String> {
    words.iter().find(|(from, _)| *from == own).map(|(_, to)| (*to).to_owned())
}
