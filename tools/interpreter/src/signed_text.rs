//! The text that is sealed, twice: its very bytes, and a form that may be shown; and why there may be none.

use std::fmt;

use payspec_codegen::ir;
use thiserror::Error;

use crate::json::JsonError;
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
    /// Two names are one without outer white space, or in the case in which names are compared.
    #[error("`{name}` occurs twice")]
    Repeated {
        /// The field.
        name: String,
    },
    /// The charset of the recipe cannot write it, or bytes are no text in it.
    #[error("the charset of the recipe cannot write the text")]
    Charset,
    /// The message has no such part (no result member, no address), or a credential of the recipe is no text.
    #[error("`{part}` of the text is not there")]
    NoPart {
        /// What is not there.
        part: &'static str,
    },
    /// The address of the message is not known, or has another query than came.
    #[error("the URL of the message is not known, or is another one")]
    Url,
    /// A path leads through something that is no JSON, or through a plain value.
    #[error("`{name}` is no JSON that the path of the recipe leads through")]
    NotJson {
        /// The field.
        name: String,
    },
    /// There is no array where the elements are that the recipe is about.
    #[error("`{name}` is no list, and its elements have to be signed")]
    NoList {
        /// The field.
        name: String,
    },
    /// The array is empty: nothing in it would be signed.
    #[error("`{name}` has no element, and its elements have to be signed")]
    NoElements {
        /// The field.
        name: String,
    },
    /// The array is longer than any provider's.
    #[error("`{name}` has too many elements")]
    TooManyElements {
        /// The field.
        name: String,
    },
    /// An element is no object.
    #[error("`{name}` is no object, and has to be a signed one")]
    NoObject {
        /// The element.
        name: String,
    },
    /// A header is there twice, or holds something else than visible ASCII.
    #[error("the header `{name}` is there twice, or cannot be read")]
    Header {
        /// The header.
        name: String,
    },
    /// A filter cannot be applied to the value.
    #[error("the filter `{filter}` cannot be applied")]
    Filter {
        /// The filter, as the spec writes it.
        filter: &'static str,
    },
    /// The message does not say which fields are signed, or not as it must.
    #[error("`{name}` does not name the signed fields as it must")]
    Names {
        /// The field that names them.
        name: String,
    },
    /// A value that has to be handed in with the message is not there.
    #[error("the value `{name}` was not handed in")]
    NotGiven {
        /// Its name.
        name: String,
    },
    /// A value that the signer makes is not to be found in the message, or is none of its format.
    #[error("the fresh value `{name}` is missing, or is none of its format")]
    Fresh {
        /// Its name.
        name: String,
    },
    /// What stands beside the signature is not what should stand there.
    #[error("what stands beside the signature in `{place}` does not agree")]
    Place {
        /// The field, header or parameter.
        place: String,
    },
    /// The result cannot be written there: no text, or none that a header may hold.
    #[error("`{place}` cannot hold the result of the recipe")]
    Unwritable {
        /// The field, header or parameter.
        place: String,
    },
    /// A field chooses the recipe, and its value has none.
    #[error("the value of `{name}` chooses no recipe")]
    NoCase {
        /// The field.
        name: String,
    },
    /// A draft of our own that cannot be read again.
    #[error("what was written cannot be read: {0}")]
    Json(#[from] JsonError),
    /// The keys do not fit, in a part or place.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
}

/// A piece of a form that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    /// It stands for something that may not be shown.
    pub(crate) hidden: bool,
    /// How many bytes of the text it stands for.
    pub(crate) length: usize,
}

/// The text that is sealed. `Debug` shows it with the secrets masked.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SignedText {
    bytes: Vec<u8>,
    shown: Vec<Shown>,
    masked: String,
}

impl SignedText {
    /// Bytes and how they are shown.
    pub(crate) fn new(bytes: Vec<u8>, shown: Vec<Shown>) -> Self {
        let masked = shown.iter().map(|piece| piece.text.as_str()).collect();
        Self { bytes, shown, masked }
    }

    /// Bytes that are shown as one piece.
    pub(crate) fn whole(bytes: Vec<u8>, text: String, hidden: bool) -> Self {
        let length = bytes.len();
        Self::new(bytes, vec![Shown { text, hidden, length }])
    }

    /// Text that anybody may see.
    pub(crate) fn plain(text: &str, charset: ir::Charset) -> Result<Self, RecipeError> {
        let bytes = text::encode(charset, text).ok_or(RecipeError::Charset)?;
        Ok(Self::whole(bytes, text.to_owned(), false))
    }

    /// The same bytes, shown as something else.
    pub(crate) fn shown_as(self, shown: &str) -> Self {
        Self::whole(self.bytes, shown.to_owned(), true)
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

    /// The bytes, `None` in place of each that belongs to something hidden.
    pub fn masked_bytes(&self) -> impl Iterator<Item = Option<u8>> {
        let length = self.shown.iter().fold(0usize, |length, piece| length.saturating_add(piece.length));
        // Pieces that do not add up cannot say where a secret stands.
        let is_known = length == self.bytes.len() || !self.is_hidden();
        let pieces = self.shown.iter();
        let hidden = pieces.flat_map(|piece| std::iter::repeat_n(piece.hidden, piece.length));
        let hidden = hidden.chain(std::iter::repeat(self.is_hidden()));
        self.bytes.iter().zip(hidden).map(move |(byte, hidden)| (is_known && !hidden).then_some(*byte))
    }

    /// The pieces of the text, each with its bytes.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&Shown, &[u8])> {
        let mut rest = self.bytes.as_slice();
        self.shown.iter().map(move |piece| {
            let (own, behind) = rest.split_at_checked(piece.length).unwrap_or((rest, &[]));
            rest = behind;
            (piece, own)
        })
    }

    /// Something in it may not be shown.
    pub(crate) fn is_hidden(&self) -> bool {
        self.shown.iter().any(|piece| piece.hidden)
    }

    pub(crate) fn join(&mut self, other: &Self) {
        self.bytes.extend_from_slice(&other.bytes);
        self.shown.extend_from_slice(&other.shown);
        self.masked.push_str(&other.masked);
    }
}

impl fmt::Debug for SignedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedText({:?})", self.masked)
    }
}
