//! Texts on the wire: charsets and percent-encoding, in the plainest way.

use std::borrow::Cow;
use std::fmt::Write as _;

use payspec_codegen::ir::{self, Encoding, Provider};
use payspec_interpreter::Settings;
use payspec_runtime::Charset;

/// The charset of the messages.
pub(crate) fn charset(provider: &Provider, settings: &Settings) -> Charset {
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

/// The pairs of a query or form, decoded, in their order.
pub(crate) fn pairs(text: &str, charset: Charset) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decoded(name, charset), percent_decoded(value, charset))
        })
        .collect()
}

/// A name or value, decoded.
pub(crate) fn percent_decoded(part: &str, charset: Charset) -> String {
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
    decoded(&plain, charset)
}

/// A name or value, encoded.
pub(crate) fn percent_encoded(text: &str, charset: Charset) -> String {
    let mut part = String::new();
    for byte in encoded(text, charset) {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            // Writing into a `String` cannot fail.
            let _ = write!(part, "%{byte:02X}");
        }
    }
    part
}
