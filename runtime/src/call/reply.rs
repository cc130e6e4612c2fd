//! A reply that was read, judged and found good.

use std::{borrow::Cow, fmt, ops::Deref};

use crate::Response;

/// How much of an answer is kept with an unknown ending.
const KEPT: usize = 8 * 1024;

/// What protects a reply against forgery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protection {
    /// The provider's signature, which was verified.
    Signature,
    /// Only the connection: the provider does not sign its replies.
    Tls,
    /// Nothing: unsigned, over plain http. Anybody on the way could have made it.
    Nothing,
}

/// A typed reply, and what it was read from.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply<T> {
    value: T,
    protection: Protection,
    raw: Vec<u8>,
}

impl<T> Reply<T> {
    /// For emitted code. A reply that only TLS protects, but that came over plain http, has no protection.
    #[must_use]
    pub fn new(value: T, protection: Protection, response: &Response) -> Self {
        let protection = match protection {
            Protection::Tls if response.plain => Protection::Nothing,
            other => other,
        };
        Self { value, protection, raw: response.body.clone() }
    }

    /// What protects it against forgery.
    #[must_use]
    pub const fn protected_by(&self) -> Protection {
        self.protection
    }

    /// The body, byte by byte as it came.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Shows the value, which hides what is sensitive in it, and not the body.
impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, protection, raw: _ } = self;
        f.debug_struct("Reply").field("value", value).field("protection", protection).finish_non_exhaustive()
    }
}

/// An answer that was not understood: at most 8 KiB of it.
#[derive(Clone, PartialEq, Eq)]
pub struct RawReply {
    kept: Box<[u8]>,
    length: usize,
}

impl RawReply {
    pub(crate) fn of(body: &[u8]) -> Self {
        Self { kept: body.get(..KEPT).unwrap_or(body).into(), length: body.len() }
    }

    /// The bytes that were kept. They may hold personal data: think before they are logged.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.kept
    }

    /// Their text, where they are no UTF-8 with U+FFFD.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.kept)
    }

    /// How many bytes the answer had.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }
}

/// Shows the length only: an answer may hold personal data.
impl fmt::Debug for RawReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawReply({} bytes)", self.length)
    }
}
