//! Why what protects a received message does not hold.

use crate::{Because, CallbackError, Ending, RecipeError, crypto::MalformedSignature};

/// Why what protects a received message does not hold, and nothing in it may be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unverified {
    /// The recipe cannot be applied to the message: there is no signature, a value that has to take part is missing.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The signature is not even one.
    #[error("the signature is malformed: {0}")]
    Malformed(#[from] MalformedSignature),
    /// What stands where the signature should be is not written as the provider writes it.
    #[error("`{place}` is not written as the provider writes its signature")]
    OtherForm {
        /// The place.
        place: String,
    },
    /// The signature does not fit: another key, or a forged message.
    #[error("the signature does not fit: check the key; if it is right, the message is forged")]
    Mismatch,
    /// What should state a time does not.
    #[error("what should state the time of the message is no time")]
    UnreadableTime,
    /// The signature fits, and the stated time is too far from now.
    #[error("the message was signed {seconds} seconds away from our clock; {within} are allowed")]
    OutOfTime {
        /// How far, in either direction.
        seconds: u64,
        /// How far it may be.
        within: u64,
    },
}

impl Unverified {
    /// What cannot be opened does not fit; nobody learns more.
    #[must_use]
    pub const fn mismatch() -> Self {
        Self::Mismatch
    }

    /// The same of one element of an array: names become paths of the message.
    pub(crate) fn within(self, element: &str) -> Self {
        match self {
            Self::Recipe(error) => Self::Recipe(error.within(element)),
            Self::OtherForm { place } => Self::OtherForm { place: format!("{element}.{place}") },
            other => other,
        }
    }
}

impl From<Unverified> for CallbackError {
    fn from(error: Unverified) -> Self {
        match error {
            Unverified::Recipe(error) => error.into(),
            Unverified::Malformed(error) => Self::MalformedSignature(error),
            Unverified::OtherForm { place } => Self::OtherForm { place },
            Unverified::Mismatch => Self::SignatureMismatch,
            Unverified::UnreadableTime => Self::UnreadableTime,
            Unverified::OutOfTime { seconds, within } => Self::OutOfTime { seconds, within },
        }
    }
}

impl From<Unverified> for Because {
    fn from(error: Unverified) -> Self {
        match error {
            Unverified::Recipe(error) => error.into(),
            Unverified::Malformed(error) => Self::MalformedSignature(error),
            Unverified::OtherForm { place } => Self::OtherForm { place },
            Unverified::Mismatch => Self::BadSignature,
            Unverified::UnreadableTime => Self::UnreadableTime,
            Unverified::OutOfTime { seconds, within } => Self::OutOfTime { seconds, within },
        }
    }
}

impl From<Unverified> for Ending {
    fn from(error: Unverified) -> Self {
        Because::from(error).into()
    }
}
