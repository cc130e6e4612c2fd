//! Text and bytes on the wire: white space, charsets, percent-encoding.
//!
//! White space is ASCII throughout (U+0009..U+000D, U+0020), as the language of signatures says. The charset
//! tables are those of the runtime; everything else is written here.

use payspec_codegen::ir;
use payspec_runtime as rt;

/// Whether it is white space in the sense of the language.
pub(crate) fn is_white(character: char) -> bool {
    matches!(character, '\u{9}'..='\u{d}' | ' ')
}

/// Without white space on both sides.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_white)
}

/// Whether there is nothing but white space; true for the empty text.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(is_white)
}

/// In lower case: one character for one, whatever stands beside it and wherever the program runs.
pub(crate) fn lower(text: &str) -> String {
    let small = |character: char| match character {
        // Its simple mapping; the full one has a second character.
        'İ' => 'i',
        _ => one_for_one(character, character.to_lowercase()),
    };
    text.chars().map(small).collect()
}

/// In upper case, in the same way.
pub(crate) fn upper(text: &str) -> String {
    text.chars().map(|character| one_for_one(character, character.to_uppercase())).collect()
}

fn one_for_one(character: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(other), None) => other,
        _ => character,
    }
}

/// Whether an optional value counts as absent.
pub(crate) fn is_absent(text: &str, when: ir::AbsentWhen) -> bool {
    match when {
        ir::AbsentWhen::Empty => text.is_empty(),
        ir::AbsentWhen::Blank => is_blank(text),
        ir::AbsentWhen::Never => false,
    }
}

/// The table of the runtime; `None` for ISO 8859-1, whose bytes are the first characters of Unicode.
fn table(charset: ir::Charset) -> Option<rt::Charset> {
    match charset {
        ir::Charset::Utf8 => Some(rt::Charset::Utf8),
        ir::Charset::Gbk => Some(rt::Charset::Gbk),
        ir::Charset::Gb18030 => Some(rt::Charset::Gb18030),
        ir::Charset::Latin1 => None,
    }
}

/// The name of the charset, as it is announced.
pub(crate) fn charset_name(charset: ir::Charset) -> &'static str {
    match charset {
        ir::Charset::Utf8 => "UTF-8",
        ir::Charset::Gbk => "GBK",
        ir::Charset::Gb18030 => "GB18030",
        ir::Charset::Latin1 => "ISO-8859-1",
    }
}

/// The bytes of the text; `None` if the charset lacks a character.
pub(crate) fn encode(charset: ir::Charset, text: &str) -> Option<Vec<u8>> {
    match table(charset) {
        Some(table) => table.encode(text).ok().map(|bytes| bytes.into_owned()),
        None => text.chars().map(|character| u8::try_from(character).ok()).collect(),
    }
}

/// The text of the bytes; `None` if they are none in this charset.
pub(crate) fn decode(charset: ir::Charset, bytes: &[u8]) -> Option<String> {
    match table(charset) {
        Some(table) => table.decode(bytes).ok().map(|text| text.into_owned()),
        None => Some(bytes.iter().copied().map(char::from).collect()),
    }
}

/// A decoded text that remembers where each character came from.
pub(crate) struct Decoded<'a> {
    bytes: &'a [u8],
    /// The text.
    pub(crate) text: String,
    /// (offset in the text, offset in the bytes) where a character begins, ascending; empty: they are the same.
    starts: Vec<(usize, usize)>,
}

impl<'a> Decoded<'a> {
    /// Decodes character by character, so that a piece of the text leads back to the very bytes that came.
    pub(crate) fn new(charset: ir::Charset, bytes: &'a [u8]) -> Option<Self> {
        if charset == ir::Charset::Utf8 {
            return Some(Self { bytes, text: decode(charset, bytes)?, starts: Vec::new() });
        }
        let mut decoded = Self { bytes, text: String::new(), starts: Vec::new() };
        let mut rest = bytes;
        while !rest.is_empty() {
            let (character, behind) = rest.split_at_checked(character_length(charset, rest))?;
            decoded.starts.push((decoded.text.len(), bytes.len() - rest.len()));
            decoded.text.push_str(&decode(charset, character)?);
            rest = behind;
        }
        Some(decoded)
    }

    /// The bytes of a piece of the text.
    pub(crate) fn bytes_of(&self, start: usize, end: usize) -> Option<&'a [u8]> {
        self.bytes.get(self.byte_offset(start)?..self.byte_offset(end)?)
    }

    fn byte_offset(&self, offset: usize) -> Option<usize> {
        if offset == self.text.len() {
            return Some(self.bytes.len());
        }
        if self.starts.is_empty() {
            return Some(offset);
        }
        let at = self.starts.binary_search_by_key(&offset, |(text, _)| *text).ok()?;
        self.starts.get(at).map(|(_, byte)| *byte)
    }
}

/// How many bytes the first character has in GBK, GB 18030 or ISO 8859-1.
fn character_length(charset: ir::Charset, bytes: &[u8]) -> usize {
    match bytes {
        _ if charset == ir::Charset::Latin1 => 1,
        [0x81..=0xfe, 0x30..=0x39, ..] => 4,
        [0x81..=0xfe, ..] => 2,
        _ => 1,
    }
}

/// Percent-encodes what RFC 3986 does not call unreserved; a space as the spec says.
pub(crate) fn percent_encode(bytes: &[u8], space: ir::Space) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte))
            }
            b' ' if space == ir::Space::Plus => text.push('+'),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

/// Undoes percent-encoding once; a `+` is a space. `None` for a `%` without two hexadecimal digits.
pub(crate) fn percent_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [] => return Some(bytes),
            [b'%', high, low, behind @ ..] => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
                rest = behind;
            }
            [b'%', ..] => return None,
            [b'+', behind @ ..] => {
                bytes.push(b' ');
                rest = behind;
            }
            [byte, behind @ ..] => {
                bytes.push(*byte);
                rest = behind;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn white_space_is_ascii_and_includes_the_vertical_tab() {
        assert_eq!(trim("\u{b} \t\n\u{c}\ra b \u{3000}"), "a b \u{3000}");
        assert!(is_blank(" \u{b}"));
        assert!(!is_blank("\u{3000}"));
        assert!(!is_blank("\u{85}"));
    }

    #[test]
    fn case_is_mapped_one_character_for_one() {
        assert_eq!(upper("straße ŉ é中"), "STRAßE ŉ É中");
        assert_eq!(lower("ΣΑΣ İ"), "σασ i");
    }

    #[test]
    fn only_unreserved_characters_stay() {
        let all: Vec<u8> = (0x20..0x7f).collect();
        let kept: String = percent_encode(&all, ir::Space::Percent20)
            .split('%')
            .map(|piece| piece.get(2..).unwrap_or(""))
            .collect();
        assert_eq!(kept, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
        assert_eq!(percent_encode("a +中".as_bytes(), ir::Space::Plus), "a+%2B%E4%B8%AD");
        assert_eq!(percent_encode(b" ", ir::Space::Percent20), "%20");
    }

    #[test]
    fn a_percent_sign_needs_two_digits() {
        assert_eq!(percent_decode(b"a%2b+%E4").as_deref(), Some(&b"a+ \xe4"[..]));
        for wrong in ["%", "%4", "%g0", "%0g", "%+1", "a%%41"] {
            assert_eq!(percent_decode(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_piece_of_gbk_text_leads_back_to_its_bytes() {
        // The second byte of 乗 in GBK is a backslash, that of 亄 a closing bracket.
        let bytes = b"{\"a\":\"\x81\x5c\x81\x5d\"}";
        let decoded = Decoded::new(ir::Charset::Gbk, bytes).unwrap();
        let start = decoded.text.find('\"').unwrap() + 4;
        let end = decoded.text.len() - 1;
        assert_eq!(decoded.bytes_of(start, end).unwrap(), b"\"\x81\x5c\x81\x5d\"");
        assert_eq!(decoded.bytes_of(0, decoded.text.len()).unwrap(), bytes);
        assert!(Decoded::new(ir::Charset::Gbk, b"\x81").is_none());
        assert!(Decoded::new(ir::Charset::Gbk, b"\xff").is_none());
        assert!(Decoded::new(ir::Charset::Utf8, b"\xff").is_none());
    }
}
