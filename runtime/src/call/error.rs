//! The endings of a call that are no reply.

use std::fmt;

use crate::{
    Because, ErrorKind, ForSomebodyElse, Malformed, NotSent, PrepareError, RawReply, Response, Said,
    Violations, crypto::MalformedSignature, text::TextError,
};

/// How a call ended that has no reply. `R` is what finds out the truth when nobody knows: a ready query,
/// [`Repeat`](crate::Repeat) or [`ByHand`](crate::ByHand).
#[derive(Debug, thiserror::Error)]
pub enum CallError<R> {
    /// Your input; nothing was sent. All violations together.
    #[error("nothing was sent, the request breaks the rules: {0}")]
    Invalid(Violations),
    /// Nothing was sent; the same call may be made again.
    #[error("nothing was sent: {0}")]
    NotSent(#[source] NotSent),
    /// The provider said no; surely nothing happened.
    #[error("{0}")]
    Rejected(Box<Rejected>),
    /// Nobody knows whether it happened. Never treat this as a failure.
    #[error("{0}")]
    Unknown(Box<Unknown<R>>),
}

impl<R> CallError<R> {
    /// The provider said that the access token is no longer good.
    #[must_use]
    pub fn is_token_expired(&self) -> bool {
        matches!(self, Self::Rejected(no) if no.kind == ErrorKind::TokenExpired)
    }

    /// Surely nothing happened: everything but [`CallError::Unknown`].
    #[must_use]
    pub const fn nothing_happened(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl<R> From<PrepareError> for CallError<R> {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Invalid(violations) => Self::Invalid(violations),
            PrepareError::NotSent(not_sent) => Self::NotSent(not_sent),
        }
    }
}

impl<R> From<Violations> for CallError<R> {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

/// The provider said no, and surely nothing happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// What kind of no.
    pub kind: ErrorKind,
    /// The provider's code; at most 64 characters.
    pub code: Option<String>,
    /// The provider's own message; at most 200 characters.
    pub message: Option<String>,
    /// What the spec says about the code.
    pub meaning: Option<&'static str>,
    /// What an operator can do.
    pub mend: Option<&'static str>,
    /// The HTTP status.
    pub status: u16,
}

impl Rejected {
    pub(crate) fn new(kind: ErrorKind, status: u16, said: Said) -> Self {
        let Said { code, message, meaning, mend } = said;
        Self { kind, code, message, meaning, mend, status }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ErrorKind::Configuration => "the provider refused the call, and somebody has to mend the set-up",
            ErrorKind::RateLimited => "the provider refused the call: too many calls, try again later",
            ErrorKind::TokenExpired => {
                "the provider refused the call: the access token is not good, even a new one"
            }
            ErrorKind::NotFound => "the provider knows no such order",
            ErrorKind::Rejected | ErrorKind::Duplicate | ErrorKind::Unknown => {
                "the provider refused the call"
            }
        };
        let said = Said {
            code: self.code.clone(),
            message: self.message.clone(),
            meaning: self.meaning,
            mend: self.mend,
        };
        write!(f, "{what}: {said}")
    }
}

impl std::error::Error for Rejected {}

/// Nobody knows whether the call took effect.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unknown<R> {
    /// Why.
    pub because: Because,
    /// What finds out the truth.
    pub resolve: R,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The answer, if there was one: at most 8 KiB of it.
    pub raw: Option<RawReply>,
}

impl<R> Unknown<R> {
    /// What to do, in a sentence.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        "it may have taken effect: do not treat it as failed; find out with `resolve`, or wait for the notice"
    }
}

impl<R> fmt::Display for Unknown<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nobody knows how the call ended: {}; {}", self.because, self.advice())
    }
}

impl<R: fmt::Debug> std::error::Error for Unknown<R> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.because)
    }
}

/// How a call ended whose answer was no success, before the emitted code says what finds out the truth.
#[derive(Debug)]
pub enum Ending {
    /// See [`CallError::Rejected`].
    Rejected(Box<Rejected>),
    /// See [`CallError::Unknown`].
    Unknown(Box<Because>),
}

impl Ending {
    /// The signature of the answer does not fit.
    #[must_use]
    pub fn bad_signature() -> Self {
        Because::BadSignature.into()
    }

    /// Adds the answer and what finds out the truth.
    pub fn resolved_by<R>(self, response: &Response, resolve: impl FnOnce() -> R) -> CallError<R> {
        match self {
            Self::Rejected(rejected) => CallError::Rejected(rejected),
            Self::Unknown(because) => CallError::Unknown(Box::new(Unknown {
                because: *because,
                resolve: resolve(),
                status: Some(response.status),
                raw: Some(RawReply::of(&response.body)),
            })),
        }
    }
}

impl From<Because> for Ending {
    fn from(because: Because) -> Self {
        Self::Unknown(Box::new(because))
    }
}

impl From<Malformed> for Ending {
    fn from(malformed: Malformed) -> Self {
        Because::Malformed(malformed).into()
    }
}

impl From<crate::json::JsonError> for Ending {
    fn from(error: crate::json::JsonError) -> Self {
        Because::from(error).into()
    }
}

impl From<MalformedSignature> for Ending {
    fn from(error: MalformedSignature) -> Self {
        Because::MalformedSignature(error).into()
    }
}

impl From<TextError> for Ending {
    fn from(error: TextError) -> Self {
        Because::SignedText(error).into()
    }
}

impl From<ForSomebodyElse> for Ending {
    fn from(error: ForSomebodyElse) -> Self {
        Because::ForSomebodyElse { field: error.field }.into()
    }
}

/// How sending failed, before the emitted code says what finds out the truth.
#[derive(Debug)]
pub enum SendError {
    /// See [`CallError::NotSent`].
    NotSent(NotSent),
    /// See [`CallError::Unknown`].
    Unknown(Box<Because>),
}

impl SendError {
    /// Adds what finds out the truth.
    pub fn resolved_by<R>(self, resolve: impl FnOnce() -> R) -> CallError<R> {
        match self {
            Self::NotSent(not_sent) => CallError::NotSent(not_sent),
            Self::Unknown(because) => CallError::Unknown(Box::new(Unknown {
                because: *because,
                resolve: resolve(),
                status: None,
                raw: None,
            })),
        }
    }
}
