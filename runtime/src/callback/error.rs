//! Why a callback is refused: each way has its own kind.

use crate::{
    ForSomebodyElse, Malformed, RecipeError, crypto::MalformedSignature, excerpt::excerpt, form::FormError,
    json::JsonError, text::TextError, xml::XmlError,
};

/// A callback was refused, and nothing in it may be believed. No variant shows a value of the message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// Query or body are longer than the client reads.
    #[error(
        "the callback is longer than {limit} bytes; `callback_limit` of the client builder raises the limit"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The provider uses another method for this callback.
    #[error("the callback came by another method than {wanted}")]
    WrongMethod {
        /// The methods that the spec allows.
        wanted: &'static str,
    },
    /// The body is of another type.
    #[error("the body of the callback is not of type {wanted}")]
    WrongContentType {
        /// The type that the spec allows.
        wanted: &'static str,
    },
    /// A `%` without two hexadecimal digits behind it.
    #[error("the callback has malformed percent-encoding in `{name}`; give the raw bytes, as they came")]
    BadPercentEncoding {
        /// The name.
        name: String,
    },
    /// The bytes are no text in the charset of the provider.
    #[error("`{name}` of the callback is no text in the provider's charset")]
    BadCharset {
        /// The name; `body` for a JSON body.
        name: String,
    },
    /// A name stands there twice; two readers could see different values.
    #[error("`{name}` stands in the callback more than once")]
    RepeatedField {
        /// The name.
        name: String,
    },
    /// More fields than any provider sends, or a value without a name.
    #[error("the callback is no form: {reason}")]
    BadForm {
        /// What is wrong.
        reason: &'static str,
    },
    /// The body is no JSON object, or nested too deeply.
    #[error("the body of the callback cannot be read: {0}")]
    BadJson(JsonError),
    /// The body is no XML, or XML that is dangerous to read.
    #[error("the body of the callback cannot be read: {0}")]
    BadXml(XmlError),
    /// The body is no form of parts.
    #[error(
        "the body of the callback is no `multipart/form-data`: {reason}; give the raw bytes, as they came"
    )]
    BadMultipart {
        /// What is wrong.
        reason: &'static str,
    },
    /// There is no signature.
    #[error("the callback has no signature (`{field}`)")]
    MissingSignature {
        /// Where it should be.
        field: String,
    },
    /// The signature is empty.
    #[error("the signature of the callback (`{field}`) is empty")]
    EmptySignature {
        /// Where it should be.
        field: String,
    },
    /// The signature is not even one.
    #[error("the signature of the callback is malformed: {0}")]
    MalformedSignature(MalformedSignature),
    /// The signature does not fit.
    #[error(
        "the signature of the callback does not fit: check the key, and that the raw bytes were given; if both are \
         right, it is forged"
    )]
    SignatureMismatch,
    /// The text that the signature covers cannot be composed.
    #[error("what the signature of the callback covers cannot be composed: {0}")]
    SignedText(TextError),
    /// What protects the callback cannot be checked, because the recipe does not fit what came.
    #[error("what protects the callback cannot be checked: {0}")]
    Recipe(RecipeError),
    /// A value that the signature needs is empty or missing.
    #[error("`{name}` of the callback is empty or missing, and cannot be signed so")]
    EmptyField {
        /// The name.
        name: String,
    },
    /// A value that takes part in the signature is an object or an array, and the spec does not say how it is signed.
    #[error("`{name}` of the callback is an object or a list, and cannot be signed")]
    NestedField {
        /// The name.
        name: String,
    },
    /// The message names another algorithm than the configured one.
    #[error("the callback is signed with another algorithm than the configured one (`{field}`)")]
    OtherAlgorithm {
        /// The field that names it.
        field: &'static str,
    },
    /// It is for another merchant.
    #[error("the callback is for somebody else: `{field}` is not ours")]
    ForSomebodyElse {
        /// The field that differs.
        field: &'static str,
    },
    /// It is authentic, but another kind of notice, which shares the address.
    #[error("the callback is another kind of notice: `{field}` is {found}")]
    OtherNotice {
        /// The field that tells.
        field: &'static str,
        /// What it says; at most 40 characters.
        found: String,
    },
    /// It is authentic, but a field is missing.
    #[error("the callback is authentic, but `{name}` is missing")]
    MissingField {
        /// The field.
        name: String,
    },
    /// It is authentic, but a field cannot be read.
    #[error("the callback is authentic, but cannot be read: {0}")]
    BadField(Malformed),
    /// What stands where the signature should be is not written as the provider writes it.
    #[error("`{place}` of the callback is not written as the provider writes its signature")]
    OtherForm {
        /// The place.
        place: String,
    },
    /// What should state a time does not.
    #[error("what should state the time of the callback is no time")]
    UnreadableTime,
    /// Its signature fits, and it states a time that is too far from our clock: older, or farther in the future, than
    /// the provider allows.
    #[error("the callback was signed {seconds} seconds away from our clock; the provider allows {within}")]
    OutOfTime {
        /// How far, in either direction.
        seconds: u64,
        /// How far it may be.
        within: u64,
    },
    /// It is older, or farther in the future, than `callback_max_age` of the client allows.
    #[error(
        "the callback is {seconds} seconds away from our clock (`{field}`), more than `callback_max_age` allows"
    )]
    Stale {
        /// The field that says when it was sent.
        field: &'static str,
        /// How far, in either direction.
        seconds: u64,
    },
}

impl CallbackError {
    /// The message names another algorithm than the configured one.
    #[must_use]
    pub const fn other_algorithm(field: &'static str) -> Self {
        Self::OtherAlgorithm { field }
    }

    /// The message is for another merchant.
    #[must_use]
    pub const fn for_somebody_else(field: &'static str) -> Self {
        Self::ForSomebodyElse { field }
    }

    /// Another kind of notice. `found` is what the field says, if it is there.
    #[must_use]
    pub fn other_notice(field: &'static str, found: Option<&str>) -> Self {
        let found = found.map_or_else(|| "missing".to_owned(), |found| format!("{:?}", excerpt(found, 40)));
        Self::OtherNotice { field, found }
    }

    /// The signature fitted; what is wrong came behind it.
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        matches!(
            self,
            Self::ForSomebodyElse { .. }
                | Self::OtherNotice { .. }
                | Self::MissingField { .. }
                | Self::BadField(_)
                | Self::Stale { .. }
                | Self::OutOfTime { .. }
        )
    }
}

impl From<FormError> for CallbackError {
    fn from(error: FormError) -> Self {
        match error {
            FormError::Percent { name } => Self::BadPercentEncoding { name },
            FormError::Undecodable { name, .. } => Self::BadCharset { name },
            FormError::TooManyPairs => Self::BadForm { reason: "too many pairs" },
            FormError::NoName => Self::BadForm { reason: "a value without a name" },
        }
    }
}

impl From<JsonError> for CallbackError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Duplicate { name } => Self::RepeatedField { name },
            other => Self::BadJson(other),
        }
    }
}

impl From<MalformedSignature> for CallbackError {
    fn from(error: MalformedSignature) -> Self {
        Self::MalformedSignature(error)
    }
}

impl From<TextError> for CallbackError {
    fn from(error: TextError) -> Self {
        Self::SignedText(error)
    }
}

impl From<ForSomebodyElse> for CallbackError {
    fn from(error: ForSomebodyElse) -> Self {
        Self::ForSomebodyElse { field: error.field }
    }
}

impl From<Malformed> for CallbackError {
    fn from(error: Malformed) -> Self {
        if error.is_missing() {
            Self::MissingField { name: error.path().to_owned() }
        } else {
            Self::BadField(error)
        }
    }
}
