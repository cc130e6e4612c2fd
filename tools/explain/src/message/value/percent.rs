//! Percent-encoding on the way: `+` and blank taken for each other, decoding left out, decoding done twice.
//!
//! What frameworks, proxies and templates do to queries and forms most often. That a value was decoded twice shows
//! only by encoding it again, and encoders differ in what they leave alone: each dialect in use has its turn. What
//! encodes and decodes here serves the queries, URLs and signatures of this room as well.

use super::Mishap;
use crate::rank;

const RAW: &str = "take the parameters from the raw query or body, and decode them once";

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::PLUS,
        title: "a `+` became a blank",
        mend: RAW,
        word: "blank instead of +",
        undo: |own| Some(own.replace(' ', "+")),
    },
    Mishap {
        rank: rank::PLUS + 1,
        title: "a blank became a `+`",
        mend: RAW,
        word: "+ instead of blank",
        undo: |own| Some(own.replace('+', " ")),
    },
    Mishap {
        rank: rank::PLUS + 2,
        title: "a blank became `%20`",
        mend: RAW,
        word: "%20 instead of blank",
        undo: |own| Some(own.replace("%20", " ")),
    },
    Mishap {
        rank: rank::DECODED,
        title: "it was not decoded",
        mend: RAW,
        word: "not decoded",
        undo: |own| decoded(own, true),
    },
    Mishap {
        rank: rank::DECODED,
        title: "it was not decoded",
        mend: RAW,
        word: "not decoded, but for +",
        undo: |own| decoded(own, false),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice",
        undo: |own| Some(encoded(own, "-_.~", "%20", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (form)",
        undo: |own| Some(encoded(own, "-_.*", "+", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (lower case)",
        undo: |own| Some(encoded(own, "-_.~", "%20", false)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (lower case, form)",
        undo: |own| Some(encoded(own, "-_.*!()", "+", false)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (script)",
        undo: |own| Some(encoded(own, "-_.!~*'()", "%20", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (URL)",
        undo: |own| Some(encoded(own, "-_.!~*'();/?:@&=+$,#", "%20", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (beyond ASCII)",
        undo: |own| Some(beyond_ascii(own, true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (beyond ASCII, lower case)",
        undo: |own| Some(beyond_ascii(own, false)),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%25` became `%`",
        mend: RAW,
        word: "decoded twice (%)",
        undo: |own| Some(own.replace('%', "%25")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%2B` became `+`",
        mend: RAW,
        word: "decoded twice (+)",
        undo: |own| Some(own.replace('+', "%2B")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%26` became `&`",
        mend: RAW,
        word: "decoded twice (&)",
        undo: |own| Some(own.replace('&', "%26")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%20` became a blank",
        mend: RAW,
        word: "decoded twice (blank)",
        undo: |own| Some(own.replace(' ', "%20")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%2F` became `/`",
        mend: RAW,
        word: "decoded twice (/)",
        undo: |own| Some(own.replace('/', "%2F")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%3A` became `:`",
        mend: RAW,
        word: "decoded twice (:)",
        undo: |own| Some(own.replace(':', "%3A")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%3D` became `=`",
        mend: RAW,
        word: "decoded twice (=)",
        undo: |own| Some(own.replace('=', "%3D")),
    },
];

/// Percent-decoded, if there is anything to decode.
pub(crate) fn decoded(own: &str, plus: bool) -> Option<String> {
    let is_encoded = own.contains('%') || (plus && own.contains('+'));
    if !is_encoded {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = own.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            b'+' if plus => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Percent-encoded.
pub(crate) fn encoded(own: &str, also_stay: &str, space: &str, upper: bool) -> String {
    let mut text = String::new();
    for byte in own.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || (character.is_ascii() && also_stay.contains(character)) {
            text.push(character);
        } else if character == ' ' {
            text.push_str(space);
        } else {
            text.push_str(&percent(byte, upper));
        }
    }
    text
}

fn percent(byte: u8, upper: bool) -> String {
    if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }
}

fn beyond_ascii(own: &str, upper: bool) -> String {
    let mut text = String::new();
    for byte in own.bytes() {
        if byte.is_ascii() { text.push(char::from(byte)) } else { text.push_str(&percent(byte, upper)) }
    }
    text
}
