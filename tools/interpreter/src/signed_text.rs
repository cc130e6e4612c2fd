//! The text that is sealed, twice: its very bytes, and a form that may be shown; and why there may be none.

use std::fmt;

use payspec_codegen::ir;
use thiserror::Error;

use crate::text;

/// Stands in place of every secret.
pub(crate) const MASK: &str = "******";

/// Why a message cannot be written down as its recipe says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// A value is absent or empty where that is refused.
    #[error("`{name}` is absent or empty, which the recipe refuses")]
    Empty {
        /// The field.
        name: String,
    },
    /// An object or array where only plain values can be signed.
    #[error("`{name}` is an object or array, which the recipe cannot sign")]
    Nested {
        /// The field.
        name: String,
    },
    /// Two names are one without outer white space.
    #[error("`{name}` occurs twice")]
    Repeated {
        /// The field.
        name: String,
    },
    /// The charset of the recipe cannot write it.
    #[error("the charset of the recipe cannot write the text")]
    Charset,
    /// The message has no result member, or a credential of the recipe is no text.
    #[error("`{part}` of the text is not there")]
    NoPart {
        /// What is not there.
        part: &'static str,
    },
}

/// The text that is sealed. `Debug` shows it with the secrets masked.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SignedText {
    bytes: Vec<u8>,
    masked: String,
}

impl SignedText {
    /// Text that anybody may see.
    pub(crate) fn plain(text: &str, charset: ir::Charset) -> Result<Self, RecipeError> {
        let bytes = text::encode(charset, text).ok_or(RecipeError::Charset)?;
        Ok(Self { bytes, masked: text.to_owned() })
    }

    /// Text that nobody may see.
    pub(crate) fn secret(text: &str, charset: ir::Charset) -> Result<Self, RecipeError> {
        Ok(Self { masked: MASK.to_owned(), ..Self::plain(text, charset)? })
    }

    /// Bytes that stay as they are.
    pub(crate) fn raw(bytes: &[u8], shown: String) -> Self {
        Self { bytes: bytes.to_vec(), masked: shown }
    }

    /// The same bytes, shown in another way.
    pub(crate) fn shown_as(self, shown: &str) -> Self {
        Self { masked: shown.to_owned(), ..self }
    }

    /// The very bytes, secrets included. Not for logs.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text with `******` in place of every secret.
    #[must_use]
    pub fn masked(&self) -> &str {
        &self.masked
    }

    pub(crate) fn join(&mut self, other: &Self) {
        self.bytes.extend_from_slice(&other.bytes);
        self.masked.push_str(&other.masked);
    }
}

impl fmt::Debug for SignedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedText({:?})", self.masked)
    }
}
