//! Why a recipe cannot be applied to a message.
//!
//! Composing fails in the same ways where we sign and where we verify: a value is missing, a filter finds something
//! else than it needs, a key has the wrong length. What that means differs: a request is not sent, a reply is not
//! believed, a callback is refused. The conversions are here.

use crate::{Because, CallbackError, Ending, NotSent, PrepareError, filter::FilterError, text::TextError};

/// Why a recipe cannot be applied to a message. No variant shows a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// The charset cannot write the text.
    #[error(transparent)]
    Text(TextError),
    /// A filter cannot be applied.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// There is no signature.
    #[error("there is no signature (`{place}`)")]
    MissingSignature {
        /// Where it should be.
        place: String,
    },
    /// The signature is empty.
    #[error("the signature (`{place}`) is empty")]
    EmptySignature {
        /// Where it should be.
        place: String,
    },
    /// A value that has to take part is absent, `null` or empty.
    #[error("`{name}` is empty or missing, and has to take part in the signature")]
    EmptyField {
        /// Its name or path; of a header, its name.
        name: String,
    },
    /// A value is an object or an array, and the recipe does not say how one is signed.
    #[error("`{name}` is an object or a list, and cannot be signed")]
    NestedField {
        /// Its name or path.
        name: String,
    },
    /// A name stands there twice, maybe only in the case or without the white space that the recipe asks for.
    #[error("`{name}` stands in the message more than once")]
    RepeatedField {
        /// The name.
        name: String,
    },
    /// A value should be JSON, of the shape that the recipe needs, and is not.
    #[error("`{name}` is no JSON of the shape that the recipe needs")]
    NotJson {
        /// Its name or path.
        name: String,
    },
    /// There is no array where the elements are that the recipe is about.
    #[error("`{name}` is no list, and its elements have to be signed")]
    NoList {
        /// Its name or path.
        name: String,
    },
    /// The array is empty, so that nothing in it would be signed.
    #[error("`{name}` is an empty list: nothing in it is signed")]
    NoElements {
        /// Its name or path.
        name: String,
    },
    /// The array has more elements than are read.
    #[error("`{name}` has more than {limit} elements")]
    TooManyElements {
        /// Its name or path.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// An element that should be signed is no object.
    #[error("`{name}` is no object, and has to be a signed one")]
    NoObject {
        /// Its path.
        name: String,
    },
    /// A header stands there twice.
    #[error("the header `{name}` stands there more than once")]
    RepeatedHeader {
        /// The name.
        name: String,
    },
    /// A header is no text.
    #[error("the header `{name}` is no text")]
    UnreadableHeader {
        /// The name.
        name: String,
    },
    /// The field by which the message says what it signs names nothing, a name twice, or an empty one.
    #[error("`{field}` does not say what is signed: it is absent, or has an empty name, or one twice")]
    BadNames {
        /// The field.
        field: String,
    },
    /// The message says what it signs, and does not name a field that it has to.
    #[error("the message does not sign `{name}`, which it has to")]
    NotNamed {
        /// The field.
        name: String,
    },
    /// The field that chooses the recipe has a value for which the provider has none.
    #[error("no recipe protects a message whose `{field}` is what it is, or missing")]
    NoRecipe {
        /// The field.
        field: &'static str,
    },
    /// A part of the message that the recipe needs is not known: the public URL of a callback, for example.
    #[error("the recipe needs the {what} of the message, which is not known here; give it with the message")]
    Unknown {
        /// What is not known.
        what: &'static str,
    },
    /// The URL that was given with a callback is not the one that it came to.
    #[error("the URL that was given with the callback has another query than came")]
    OtherUrl,
    /// There is no key of the id that the message names.
    #[error("there is no key of the id `{id}`")]
    UnknownKey {
        /// The id, shortened.
        id: String,
    },
    /// A computed key is empty.
    #[error("the computed key is empty")]
    EmptyKey,
    /// The result has to be text, and is none.
    #[error("the result of the recipe is no text, and cannot be placed")]
    NotText,
    /// The operating system gave no randomness.
    #[error("the operating system's random number generator failed")]
    Randomness,
    /// The cipher cannot be used.
    #[cfg(feature = "cipher")]
    #[error(transparent)]
    Cipher(#[from] crate::cipher::CipherError),
    /// The key did not sign.
    #[cfg(any(feature = "rsa", feature = "sm"))]
    #[error("the key did not sign: {0}")]
    Signing(#[from] crate::crypto::SignError),
}

impl RecipeError {
    /// The same of one element of an array: names become paths of the message.
    pub(crate) fn within(self, element: &str) -> Self {
        let at = |name: String| format!("{element}.{name}");
        match self {
            Self::MissingSignature { place } => Self::MissingSignature { place: at(place) },
            Self::EmptySignature { place } => Self::EmptySignature { place: at(place) },
            Self::EmptyField { name } => Self::EmptyField { name: at(name) },
            Self::NestedField { name } => Self::NestedField { name: at(name) },
            Self::RepeatedField { name } => Self::RepeatedField { name: at(name) },
            Self::NotJson { name } => Self::NotJson { name: at(name) },
            Self::BadNames { field } => Self::BadNames { field: at(field) },
            Self::NotNamed { name } => Self::NotNamed { name: at(name) },
            other => other,
        }
    }
}

impl From<TextError> for RecipeError {
    fn from(error: TextError) -> Self {
        Self::Text(error)
    }
}

impl From<RecipeError> for CallbackError {
    fn from(error: RecipeError) -> Self {
        match error {
            RecipeError::Text(error) => Self::SignedText(error),
            RecipeError::MissingSignature { place } => Self::MissingSignature { field: place },
            RecipeError::EmptySignature { place } => Self::EmptySignature { field: place },
            RecipeError::EmptyField { name } => Self::EmptyField { name },
            RecipeError::NestedField { name } => Self::NestedField { name },
            RecipeError::RepeatedField { name } => Self::RepeatedField { name },
            other => Self::Recipe(other),
        }
    }
}

impl From<RecipeError> for Because {
    fn from(error: RecipeError) -> Self {
        match error {
            RecipeError::Text(error) => Self::SignedText(error),
            RecipeError::MissingSignature { place } | RecipeError::EmptySignature { place } => {
                Self::Unsigned { field: place }
            }
            other => Self::Recipe(other),
        }
    }
}

impl From<RecipeError> for Ending {
    fn from(error: RecipeError) -> Self {
        Because::from(error).into()
    }
}

impl From<RecipeError> for PrepareError {
    fn from(error: RecipeError) -> Self {
        match error {
            RecipeError::Text(error) => NotSent::Text(error),
            #[cfg(any(feature = "rsa", feature = "sm"))]
            RecipeError::Signing(error) => NotSent::Signing(error),
            other => NotSent::Recipe(other),
        }
        .into()
    }
}
