//! Headers: which names a header can have, and that no two things are written into one.
//!
//! A header comes from three sides: a field with `header:`, the place of a recipe's result, the place of a fresh
//! value. Names of headers are compared ignoring case. Headers that belong to the transport are nobody's.

use super::Context;
use crate::diagnostic::{Code, Span};
use crate::model;
use crate::read::Spanned;

/// Headers that say how the bytes of a message travel: whoever writes one of them breaks the message.
const OF_THE_TRANSPORT: [&str; 6] =
    ["host", "content-length", "transfer-encoding", "connection", "te", "upgrade"];

impl Context<'_> {
    /// Reports what cannot be the name of a header (RFC 9110: a token), and what no spec may write or read.
    pub(super) fn header_name(&self, name: &str, span: Span) -> Option<()> {
        if !is_token(name) {
            let message = format!("`{name}` cannot be the name of a header");
            let mend = "letters, digits and `-`, such as `X-Signature`";
            self.mistake(Code::BadHeader, span, message, mend);
            return None;
        }
        if OF_THE_TRANSPORT.iter().any(|taken| name.eq_ignore_ascii_case(taken)) {
            let message = format!("header `{name}` belongs to the transport");
            let mend = "it is made anew on every stretch of the way; the host is `{message:host}`";
            self.mistake(Code::BadHeader, span, message, mend);
            return None;
        }
        Some(())
    }

    /// Reports two fields in one header.
    pub(super) fn distinct_headers<'m>(&self, fields: impl Iterator<Item = &'m model::Field>, of: &str) {
        let mut before: Vec<&Spanned<String>> = Vec::new();
        for name in fields.filter_map(|field| field.header.as_ref()) {
            if before.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                let message = format!("two fields are in header `{name}` of {of}");
                self.mistake(Code::PlaceTaken, name.span, message, "keep one of them");
            }
            before.push(name);
        }
    }
}

/// Whether a text is a token of RFC 9110.
fn is_token(name: &str) -> bool {
    let is_mark = |b: u8| b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || is_mark(b))
}

#[cfg(test)]
mod tests {
    use super::is_token;

    #[test]
    fn names_of_headers_are_tokens() {
        for name in ["X-Sign", "pay-serial", "x_y.z~1"] {
            assert!(is_token(name), "{name}");
        }
        for name in ["", "X Sign", "X-Sign:", "签名", "a\r\nb", "X(1)"] {
            assert!(!is_token(name), "{name}");
        }
    }
}
