//! Queries and forms, taken apart and put together in the plainest way, for the tests alone.

use std::fmt::Write as _;

use payspec_codegen::ir::{self, Encoding, Provider};
use payspec_interpreter::Settings;
use payspec_runtime::Charset;

/// Names and values as they were encoded, without the pair of this name.
pub(super) fn without<'q>(query: &'q str, name: &str) -> Vec<&'q str> {
    query.split('&').filter(|pair| pair.split('=').next() != Some(name)).collect()
}

/// Names and values in a charset, decoded, in their order.
///
/// # Panics
/// The bytes are no text in the charset.
#[must_use]
pub fn pairs_in(query: &str, charset: Charset) -> Vec<(String, String)> {
    let text = |part: &str| decoded(part, charset);
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (text(name), text(value))
        })
        .collect()
}

/// A name or value, decoded.
///
/// # Panics
/// The bytes are no text in the charset.
#[must_use]
pub fn decoded(part: &str, charset: Charset) -> String {
    charset.decode(&decode(part)).expect("bytes of the charset").into_owned()
}

fn decode(part: &str) -> Vec<u8> {
    let bytes = part.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let hex = hex.and_then(|digits| std::str::from_utf8(digits).ok());
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    decoded
}

/// Names and values as a query or form in a charset.
///
/// # Panics
/// The charset cannot write a value.
#[must_use]
pub fn encoded(pairs: &[(String, String)], charset: Charset) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        encode(&mut query, name, charset);
        query.push('=');
        encode(&mut query, value, charset);
    }
    query
}

fn encode(query: &mut String, text: &str, charset: Charset) {
    for byte in charset.encode(text).expect("the charset has every character").iter() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            query.push(char::from(*byte));
        } else {
            write!(query, "%{byte:02X}").expect("a string takes everything");
        }
    }
}

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
