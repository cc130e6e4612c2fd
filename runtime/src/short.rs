//! Short texts that are made for a moment: an amount in digits, a time, a digest in hexadecimal digits.

use std::{fmt, ops::Deref};

use arrayvec::ArrayString;

/// Most of what is made for a moment is not longer.
const INLINE: usize = 64;

/// A text that is made for a moment, on the stack as long as it is short. It reads like a `str`.
#[derive(Clone)]
pub struct ShortText(Content);

#[derive(Clone)]
enum Content {
    Stack(ArrayString<INLINE>),
    Heap(String),
}

impl ShortText {
    /// The empty text.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self(Content::Stack(ArrayString::new_const()))
    }

    /// The text.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Content::Stack(text) => text,
            Content::Heap(text) => text,
        }
    }

    /// Appends text.
    #[inline]
    pub(crate) fn push_str(&mut self, more: &str) {
        match &mut self.0 {
            Content::Stack(text) => {
                if text.try_push_str(more).is_err() {
                    self.0 = Content::Heap([text.as_str(), more].concat());
                }
            }
            Content::Heap(text) => text.push_str(more),
        }
    }

    /// Appends a character. Most are digits, which cost next to nothing where the compiler knows that they are.
    #[inline(always)]
    pub(crate) fn push(&mut self, more: char) {
        let is_written = match &mut self.0 {
            Content::Stack(text) => text.try_push(more).is_ok(),
            Content::Heap(_) => false,
        };
        if !is_written {
            self.push_beyond(more);
        }
    }

    #[cold]
    fn push_beyond(&mut self, more: char) {
        self.push_str(more.encode_utf8(&mut [0; 4]));
    }

    /// Appends ASCII characters; others are passed over.
    #[inline]
    pub(crate) fn push_ascii(&mut self, more: &[u8]) {
        self.push_str(str::from_utf8(more).unwrap_or_default());
    }

    /// Cuts the text off behind so many bytes, which end with a character.
    pub(crate) fn truncate(&mut self, length: usize) {
        match &mut self.0 {
            Content::Stack(text) => text.truncate(length),
            Content::Heap(text) => text.truncate(length),
        }
    }
}

impl Default for ShortText {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for ShortText {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for ShortText {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<String> for ShortText {
    fn from(text: String) -> Self {
        Self(Content::Heap(text))
    }
}

impl From<&str> for ShortText {
    fn from(text: &str) -> Self {
        let mut short = Self::new();
        short.push_str(text);
        short
    }
}

impl From<ShortText> for String {
    fn from(text: ShortText) -> Self {
        match text.0 {
            Content::Stack(text) => text.as_str().to_owned(),
            Content::Heap(text) => text,
        }
    }
}

impl fmt::Write for ShortText {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        self.push_str(more);
        Ok(())
    }
}

impl PartialEq<&str> for ShortText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_outgrows_the_stack_keeps_what_it_has() {
        let mut text = ShortText::new();
        let mut expected = String::new();
        for piece in ["", "0123456789", "中", "x", &"y".repeat(100), "z"] {
            text.push_str(piece);
            expected.push_str(piece);
            assert_eq!(text, expected.as_str());
            text.push('é');
            expected.push('é');
        }
        text.truncate(17);
        assert_eq!(String::from(text), "é0123456789é中");
    }
}
