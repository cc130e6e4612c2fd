//! Queries and forms, taken apart and put together, for the tests alone.
//!
//! The encoding is that of `payspec-vectors`, which neither execution uses. Here bytes that are no text in the charset,
//! and texts that it cannot write, end the test.

use payspec_runtime::Charset;
use payspec_vectors::text::{percent_decode, percent_encode, raw_pairs};

pub use payspec_vectors::text::charset;

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
    let pairs = raw_pairs(query);
    pairs.map(|(name, value)| (decoded(name, charset), decoded(value, charset))).collect()
}

/// A name or value, decoded.
///
/// # Panics
/// The bytes are no text in the charset.
#[must_use]
pub fn decoded(part: &str, charset: Charset) -> String {
    charset.decode(&percent_decode(part)).expect("bytes of the charset").into_owned()
}

/// Names and values as a query or form in a charset.
///
/// # Panics
/// The charset cannot write a value.
#[must_use]
pub fn encoded(pairs: &[(String, String)], charset: Charset) -> String {
    let encode = |text: &str| percent_encode(&charset.encode(text).expect("the charset has every character"));
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}
