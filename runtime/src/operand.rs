//! A value on its way into a text, a key or a place: text or bytes, and whether it may be shown.

use std::{borrow::Cow, fmt};

use zeroize::Zeroize as _;

use crate::{
    charset::Charset,
    filter::{Filter, FilterError},
    secret::Secret,
    text::SignedText,
};

/// A value on its way into a text. It remembers whether it is hidden: a secret, or personal data. What is made of a
/// hidden value is hidden too, and wiped from memory when it is dropped. `Debug` shows no value.
pub struct Operand<'a> {
    content: Content<'a>,
    is_hidden: bool,
}

/// Text is encoded where it is put into a text; bytes go in as they are.
#[derive(Clone)]
pub(crate) enum Content<'a> {
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

impl<'a> Operand<'a> {
    /// Text.
    #[must_use]
    #[inline]
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self { content: Content::Text(text.into()), is_hidden: false }
    }

    /// Personal data.
    #[must_use]
    pub fn sensitive(text: impl Into<Cow<'a, str>>) -> Self {
        Self { content: Content::Text(text.into()), is_hidden: true }
    }

    /// A secret: its bytes where it is bytes that were written as hex or base64, else its text.
    #[must_use]
    pub fn secret(secret: &'a Secret) -> Self {
        if secret.is_decoded() {
            Self::hidden_bytes(secret.as_bytes())
        } else {
            Self::sensitive(secret.expose())
        }
    }

    /// Bytes as they are, whatever the charset: a body, a piece of a received message.
    #[must_use]
    pub fn bytes(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { content: Content::Bytes(bytes.into()), is_hidden: false }
    }

    /// Bytes that may not be shown.
    #[must_use]
    pub fn hidden_bytes(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { content: Content::Bytes(bytes.into()), is_hidden: true }
    }

    /// A composed text: what several pieces of a template are together.
    #[must_use]
    pub fn composed(text: &'a SignedText) -> Self {
        Self { content: Content::Bytes(text.as_bytes().into()), is_hidden: text.has_hidden() }
    }

    /// The same, hidden if `is_hidden` says so.
    #[must_use]
    #[inline]
    pub(crate) fn hidden_if(mut self, is_hidden: bool) -> Self {
        self.is_hidden |= is_hidden;
        self
    }

    /// What the filters make of it, from left to right. The charset says what the bytes of a text are.
    ///
    /// # Errors
    /// [`FilterError`] of the first that cannot be applied.
    pub fn filtered(self, filters: &[Filter], charset: Charset) -> Result<Self, FilterError> {
        let is_hidden = self.is_hidden;
        filters.iter().try_fold(self, |operand, filter| {
            Ok(Self { content: filter.apply(&operand.content, charset)?, is_hidden })
        })
    }

    /// The same value, borrowed.
    #[must_use]
    pub fn borrowed(&self) -> Operand<'_> {
        let content = match &self.content {
            Content::Text(text) => Content::Text(Cow::Borrowed(text)),
            Content::Bytes(bytes) => Content::Bytes(Cow::Borrowed(bytes)),
        };
        Operand { content, is_hidden: self.is_hidden }
    }

    #[inline]
    pub(crate) const fn content(&self) -> &Content<'a> {
        &self.content
    }

    /// Whether it may not be shown.
    #[must_use]
    #[inline]
    pub const fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// Its bytes: of a text the UTF-8 ones, by which values are compared and sorted.
    pub(crate) fn plain_bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }
}

impl Drop for Operand<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.is_hidden {
            return;
        }
        match &mut self.content {
            Content::Text(Cow::Owned(text)) => text.zeroize(),
            Content::Bytes(Cow::Owned(bytes)) => bytes.zeroize(),
            Content::Text(Cow::Borrowed(_)) | Content::Bytes(Cow::Borrowed(_)) => {}
        }
    }
}

impl fmt::Debug for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.content, self.is_hidden) {
            (_, true) => f.write_str("Operand(***)"),
            (Content::Text(text), false) => write!(f, "Operand({} bytes of text)", text.len()),
            (Content::Bytes(bytes), false) => write!(f, "Operand({} bytes)", bytes.len()),
        }
    }
}
