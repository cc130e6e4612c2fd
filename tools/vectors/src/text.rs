//! Texts on the wire: charsets and percent-encoding, in the plainest way.
//!
//! What reads and writes queries and forms beside interpreter and generated code: packets and vectors here, and the tests
//! of the workspace. Neither of the two executions uses it, so that nothing is compared with itself.

use std::borrow::Cow;
use std::fmt::Write as _;

use payspec_codegen::ir::{self, Encoding, Provider};
use payspec_interpreter::Settings;
use payspec_runtime::Charset;

/// The charset of the messages.
#[must_use]
pub fn charset(provider: &Provider, settings: &Settings) -> Charset {
    let charset = match provider.defaults.encoding {
        Encoding::Fixed(charset) => charset,
        Encoding::Chosen(id) => {
            let option = &provider[id];
            let chosen = settings.options.get(&option.field.name.wire).or(option.default.as_ref());
            chosen.and_then(|name| ir::Charset::from_name(name)).unwrap_or(ir::Charset::Utf8)
        }
    };
    match charset {
        ir::Charset::Utf8 => Charset::Utf8,
        ir::Charset::Gbk => Charset::Gbk,
        ir::Charset::Gb18030 => Charset::Gb18030,
        ir::Charset::Latin1 => Charset::Latin1,
    }
}

/// The text of bytes; what is no text in the charset is shown as it can be.
pub(crate) fn decoded(bytes: &[u8], charset: Charset) -> String {
    let text = charset.decode(bytes).ok().map(Cow::into_owned);
    text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The bytes of a text. What the charset cannot write stays UTF-8: the receiver refuses it then.
pub(crate) fn encoded(text: &str, charset: Charset) -> Vec<u8> {
    let bytes = charset.encode(text).ok().map(Cow::into_owned);
    bytes.unwrap_or_else(|| text.as_bytes().to_vec())
}

/// The pairs of a query or form as they are written, in their order.
pub fn raw_pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The pairs of a query or form, decoded, in their order.
pub(crate) fn pairs(text: &str, charset: Charset) -> Vec<(String, String)> {
    raw_pairs(text)
        .map(|(name, value)| (percent_decoded(name, charset), percent_decoded(value, charset)))
        .collect()
}

/// A name or value, decoded.
pub(crate) fn percent_decoded(part: &str, charset: Charset) -> String {
    decoded(&percent_decode(part), charset)
}

/// A name or value, encoded.
pub(crate) fn percent_encoded(text: &str, charset: Charset) -> String {
    percent_encode(&encoded(text, charset))
}

/// The bytes of a name or value. A `%` without two digits behind it stays what it is.
#[must_use]
pub fn percent_decode(part: &str) -> Vec<u8> {
    let bytes = part.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = part.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                plain.push(value);
                at += 3;
            }
            None => {
                plain.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    plain
}

/// A name or value of these bytes.
#[must_use]
pub fn percent_encode(bytes: &[u8]) -> String {
    let mut part = String::new();
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            part.push(char::from(*byte));
        } else {
            // Writing into a `String` cannot fail.
            let _ = write!(part, "%{byte:02X}");
        }
    }
    part
}
