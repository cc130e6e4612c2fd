//! Characters beyond ASCII on the way: bytes read in a wrong charset, and `\u` escapes.
//!
//! Mojibake can be undone as long as the wrong charset has a character for every byte. Some of this is done by the
//! signer, and has to be done again to fit. A whole message in another charset is read anew elsewhere.

use payspec_runtime::Charset;

use super::Mishap;
use crate::message::json::{self, Json};
use crate::rank;

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its UTF-8 was read as ISO 8859-1",
        mend: "read the message as UTF-8",
        word: "UTF-8 read as ISO 8859-1",
        undo: |own| misread(own, Charset::Latin1, Charset::Utf8),
    },
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its UTF-8 was read as Windows-1252",
        mend: "read the message as UTF-8",
        word: "UTF-8 read as Windows-1252",
        undo: |own| String::from_utf8(windows_1252(own)?).ok(),
    },
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its UTF-8 was read as GBK",
        mend: "read the message as UTF-8",
        word: "UTF-8 read as GBK",
        undo: |own| misread(own, Charset::Gb18030, Charset::Utf8),
    },
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its GBK was read as ISO 8859-1",
        mend: "read the message as GBK",
        word: "GBK read as ISO 8859-1",
        undo: |own| misread(own, Charset::Latin1, Charset::Gb18030),
    },
    Mishap {
        rank: rank::CHARSET + 2,
        title: "the signer read its UTF-8 as ISO 8859-1",
        mend: "sign what the provider signs, and tell it",
        word: "signed as ISO 8859-1",
        undo: |own| misread(own, Charset::Utf8, Charset::Latin1),
    },
    Mishap {
        rank: rank::CHARSET + 2,
        title: "the signer read its UTF-8 as GBK",
        mend: "sign what the provider signs, and tell it",
        word: "signed as GBK",
        undo: |own| misread(own, Charset::Utf8, Charset::Gb18030),
    },
    Mishap {
        rank: rank::CHARSET + 3,
        title: "the signer wrote `?` for what is not ASCII",
        mend: "send ASCII only",
        word: "question marks",
        undo: |own| Some(own.chars().map(|own| if own.is_ascii() { own } else { '?' }).collect()),
    },
    Mishap {
        rank: rank::CHARSET + 3,
        title: "its `\\u` escapes were undone",
        mend: "take the value as it came",
        word: "\\u escapes undone",
        undo: |own| Some(unicode_escapes(own)),
    },
    Mishap {
        rank: rank::CHARSET + 3,
        title: "its `\\u` escapes were not undone",
        mend: "read the JSON with a JSON reader",
        word: "\\u escapes not undone",
        undo: |own| {
            json::parse(&format!("[\"{own}\"]")).and_then(|json| match json {
                Json::List(items) => match items.into_iter().next() {
                    Some(Json::Text(text)) => Some(text),
                    _ => None,
                },
                _ => None,
            })
        },
    },
];

/// Text that was read in a wrong charset, read in the right one.
fn misread(own: &str, wrong: Charset, right: Charset) -> Option<String> {
    if own.is_ascii() {
        return None;
    }
    let bytes = wrong.encode(own).ok()?;
    right.decode(&bytes).ok().map(|text| text.into_owned())
}

/// The bytes of a text in Windows-1252.
fn windows_1252(own: &str) -> Option<Vec<u8>> {
    const UPPER: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    if own.is_ascii() {
        return None;
    }
    let byte = |character: char| match UPPER.chars().position(|own| own == character) {
        Some(index) => u8::try_from(0x80 + index).ok(),
        None => u8::try_from(u32::from(character)).ok(),
    };
    own.chars().map(byte).collect()
}

fn unicode_escapes(own: &str) -> String {
    let mut text = String::new();
    for character in own.chars() {
        if character.is_ascii() {
            text.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mojibake_is_undone() {
        assert_eq!(misread("ä¸\u{ad}", Charset::Latin1, Charset::Utf8).as_deref(), Some("中"));
        assert_eq!(misread("abc", Charset::Latin1, Charset::Utf8), None);
        assert_eq!(windows_1252("â‚¬").and_then(|bytes| String::from_utf8(bytes).ok()).as_deref(), Some("€"));
    }
}
