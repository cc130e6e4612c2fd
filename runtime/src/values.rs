//! What may be done to a value's text before it is signed and sent: white space, emptiness, case.
//!
//! White space is exactly U+0009 to U+000D and U+0020, as the language of specifications defines it; other
//! characters that Unicode counts as white space are content. Emitted code calls these functions where a
//! specification says `trim`, `absent_when`, `lower` or `upper`.

use crate::secret::Sensitive;

/// Whether this is white space: U+0009 to U+000D, U+0020.
pub(crate) const fn is_white_space(character: char) -> bool {
    matches!(character, '\u{9}'..='\u{d}' | ' ')
}

/// The text without white space at its ends.
#[must_use]
#[inline]
pub fn trim(text: &str) -> &str {
    match text.as_bytes() {
        // Mostly there is none. No byte of a longer character is any.
        [first, .., last] if !is_white_byte(*first) && !is_white_byte(*last) => text,
        _ => without_ends(text),
    }
}

/// Whether the text is nothing but white space, if that.
#[must_use]
#[inline]
pub fn is_blank(text: &str) -> bool {
    match text.as_bytes() {
        [first, ..] => is_white_byte(*first) && without_ends(text).is_empty(),
        [] => true,
    }
}

const fn is_white_byte(byte: u8) -> bool {
    is_white_space(byte as char)
}

fn without_ends(text: &str) -> &str {
    text.trim_matches(is_white_space)
}

/// The text, unless it is empty.
#[must_use]
pub fn unless_empty(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// The text, unless it is nothing but white space.
#[must_use]
pub fn unless_blank(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !is_blank(text))
}

/// Personal data in the clear, to be signed and sent.
#[must_use]
pub fn exposed(text: &Option<Sensitive<String>>) -> Option<&str> {
    text.as_ref().map(|text| text.expose().as_str())
}

/// The text in lower case: simple case mapping, one character for one, independent of locale and neighbours.
#[must_use]
pub fn lower(text: &str) -> String {
    text.chars().map(small).collect()
}

fn small(character: char) -> char {
    match character {
        // The only letter whose full mapping is two characters and whose simple one is another letter.
        '\u{130}' => 'i',
        _ => only(character.to_lowercase()).unwrap_or(character),
    }
}

/// The text in upper case: simple case mapping, one character for one, independent of locale (`ß` stays).
#[must_use]
pub fn upper(text: &str) -> String {
    text.chars().map(|character| only(character.to_uppercase()).unwrap_or(character)).collect()
}

/// The only character of a mapping; `None` where the mapping is not one for one.
fn only(mut mapped: impl ExactSizeIterator<Item = char>) -> Option<char> {
    if mapped.len() == 1 { mapped.next() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_ascii_and_nothing_else() {
        assert_eq!(trim("\t\n\u{b}\u{c}\r a b \r\n"), "a b");
        for content in ["\u{3000}a\u{3000}", "\u{a0}a", "\u{85}a", "\u{feff}a", "\u{8}a", "\u{e}a", "\u{1c}a"]
        {
            assert_eq!(trim(content), content);
        }
        assert_eq!(trim(" \t"), "");
        assert_eq!(["", " ", "a", "中", " 中", "中\t"].map(trim), ["", "", "a", "中", "中", "中"]);
    }

    #[test]
    fn blank_is_empty_or_white_space() {
        assert!(is_blank(""));
        assert!(is_blank(" \t\r\n\u{b}\u{c}"));
        assert!(!is_blank("\u{3000}"));
        assert_eq!(unless_blank(Some(" ")), None);
        assert_eq!(unless_blank(Some(" x ")), Some(" x "));
        assert_eq!(unless_empty(Some("")), None);
        assert_eq!(unless_empty(Some(" ")), Some(" "));
        assert_eq!(unless_empty(None), None);
    }

    #[test]
    fn personal_data_is_exposed_to_the_writer() {
        assert_eq!(exposed(&Some("openid".into())), Some("openid"));
        assert_eq!(exposed(&None), None);
    }

    #[test]
    fn case_is_mapped_one_for_one() {
        assert_eq!(upper("straße é ﬁ 中"), "STRAßE É ﬁ 中");
        assert_eq!(lower("ÀΣ İ A"), "àσ i a");
    }
}
