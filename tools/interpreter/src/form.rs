//! Queries and form bodies: pairs of names and values, percent-encoded, in one charset.

use payspec_codegen::ir;
use thiserror::Error;

use crate::text;

/// No provider sends more pairs than this.
const MAX_PAIRS: usize = 1000;

/// Why bytes are no form that we accept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum FormError {
    #[error("a `%` is not followed by two hexadecimal digits")]
    Percent,
    #[error("the bytes are no text in the charset of the provider")]
    Charset,
    #[error("a value has no name, or there are more than {MAX_PAIRS} pairs")]
    Pairs,
}

/// Reads pairs in order; names may repeat, which is for the caller to judge. Nothing between two `&` is nothing; a
/// piece without `=` is a name with an empty value.
pub(crate) fn parse(bytes: &[u8], charset: ir::Charset) -> Result<Vec<(String, String)>, FormError> {
    let decode = |piece: &[u8]| {
        let bytes = text::percent_decode(piece).ok_or(FormError::Percent)?;
        text::decode(charset, &bytes).ok_or(FormError::Charset)
    };
    let mut pairs = Vec::new();
    for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        let value = decode(halves.next().unwrap_or_default())?;
        if name.is_empty() || pairs.len() == MAX_PAIRS {
            return Err(FormError::Pairs);
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// Writes pairs in order; `None` if the charset lacks a character.
pub(crate) fn write(pairs: &[(String, String)], charset: ir::Charset, space: ir::Space) -> Option<String> {
    let encode = |piece: &str| Some(text::percent_encode(&text::encode(charset, piece)?, space));
    let pairs: Option<Vec<String>> =
        pairs.iter().map(|(name, value)| Some(format!("{}={}", encode(name)?, encode(value)?))).collect();
    Some(pairs?.join("&"))
}

/// The first name that occurs twice.
pub(crate) fn repeated<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = Vec::new();
    names.into_iter().find(|name| {
        let again = seen.contains(name);
        seen.push(*name);
        again
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text.as_bytes(), ir::Charset::Utf8).unwrap()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn only_the_first_equals_sign_divides() {
        assert_eq!(pairs("sign=ab==&b&&c=+%2B"), [pair("sign", "ab=="), pair("b", ""), pair("c", " +")]);
        assert_eq!(pairs(""), []);
        assert_eq!(parse(b"=x", ir::Charset::Utf8), Err(FormError::Pairs));
        assert_eq!(parse("a&".repeat(1001).as_bytes(), ir::Charset::Utf8), Err(FormError::Pairs));
    }

    #[test]
    fn bad_percent_signs_and_foreign_bytes_are_refused() {
        assert_eq!(parse(b"a=%zz", ir::Charset::Utf8), Err(FormError::Percent));
        assert_eq!(parse(b"%=1", ir::Charset::Utf8), Err(FormError::Percent));
        assert_eq!(parse(b"a=%ff", ir::Charset::Utf8), Err(FormError::Charset));
        assert_eq!(parse(b"a=%D6%D0", ir::Charset::Gbk).unwrap(), [pair("a", "中")]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = [pair("a b", "&=%+ 中"), pair("b", "")];
        for (charset, space) in
            [(ir::Charset::Utf8, ir::Space::Plus), (ir::Charset::Gbk, ir::Space::Percent20)]
        {
            let text = write(&all, charset, space).unwrap();
            assert_eq!(parse(text.as_bytes(), charset).unwrap(), all);
        }
        assert_eq!(write(&[pair("a", "😀")], ir::Charset::Gbk, ir::Space::Plus), None);
    }

    #[test]
    fn the_first_repetition_is_found() {
        assert_eq!(repeated(["a", "b", "c", "b", "a"]), Some("b"));
        assert_eq!(repeated(["a", "A", ""]), None);
    }
}
