//! A message as it is on the wire, and every value in it that somebody on the way could change: the packets of
//! `payspec-vectors`, which `payspec test` changes in the same way, made of what generated code sends.

pub use payspec_vectors::{Packet, changed_text};

use payspec_runtime::Charset;

use crate::bridge::Sent;

/// What a client of generated code sends. All messages of the sample are UTF-8.
///
/// # Panics
/// The body is no UTF-8.
#[must_use]
#[allow(clippy::expect_used)]
pub fn of_sent(sent: &Sent) -> Packet {
    let (address, query) = sent.url.split_once('?').unwrap_or((&sent.url, ""));
    Packet {
        method: sent.method,
        address: Some(address.to_owned()),
        query: query.to_owned(),
        headers: sent.headers.clone(),
        content_type: sent.content_type.clone(),
        body: String::from_utf8(sent.body.clone()).expect("UTF-8"),
        charset: Charset::Utf8,
    }
}
