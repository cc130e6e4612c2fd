//! Why there is no access token.

use crate::{Because, CallError, NotSent, Rejected, Violations, token::TokenStoreError};

/// No access token could be had. The call that needed it was not sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The request for a token breaks a rule.
    #[error("the request for a token breaks the rules: {0}")]
    Invalid(Violations),
    /// The request for a token was not sent.
    #[error("{0}")]
    NotSent(#[source] NotSent),
    /// The provider gives no token.
    #[error("{0}")]
    Rejected(#[source] Box<Rejected>),
    /// The answer was none that could be read or believed.
    #[error("{0}")]
    Unknown(#[source] Box<Because>),
    /// The provider gave an empty token, or one whose lifetime is not positive.
    #[error("the provider gave a token that cannot be used: {reason}")]
    Unusable {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The store failed.
    #[error("the token store failed: {0}")]
    Store(#[source] TokenStoreError),
    /// Another call, for which this one waited, could not make a token just now.
    #[error("no token could be made just now: {reason}")]
    JustFailed {
        /// Why.
        reason: String,
    },
}

impl<R> From<CallError<R>> for TokenError {
    fn from(error: CallError<R>) -> Self {
        match error {
            CallError::Invalid(violations) => Self::Invalid(violations),
            CallError::NotSent(not_sent) => Self::NotSent(not_sent),
            CallError::Rejected(rejected) => Self::Rejected(rejected),
            CallError::Unknown(unknown) => Self::Unknown(Box::new(unknown.because)),
        }
    }
}

impl From<TokenStoreError> for TokenError {
    fn from(error: TokenStoreError) -> Self {
        Self::Store(error)
    }
}
