//! How a call ends: the reply, surely nothing, or nobody knows; and why nobody knows.

use payspec_codegen::ir::{ErrorKind, Word};
use thiserror::Error;

use crate::incoming::Refusal;
use crate::json::JsonError;
use crate::read::ReadError;
use crate::value::Map;
use crate::xml::XmlError;

/// Replies beyond this many bytes are not read.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The reply.
    Reply {
        /// The operation's own values that are there, by wire name, as canonical text.
        values: Map<String>,
        /// What else the data has, as JSON text.
        extra: Map<String>,
        /// What it means for money; `None` where the spec does not say.
        outcome: Option<Word>,
        /// The reply was signed.
        signed: bool,
    },
    /// Surely nothing happened.
    Rejected {
        /// What the code means.
        kind: ErrorKind,
        /// The listed code that decided, as (field, value).
        decided_by: Option<(String, String)>,
        /// The code that the envelope shows.
        code: Option<String>,
        /// The provider's own message.
        message: Option<String>,
    },
    /// Nobody knows.
    Unknown(Because),
}

/// Why nobody knows how a call ended.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Because {
    /// The spec has no such operation, or it has no reply.
    #[error("the spec has no reply for `{operation}`")]
    NoReply {
        /// The operation.
        operation: String,
    },
    /// The status is none of success, and no listed code.
    #[error("HTTP status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// Too many bytes.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// No text in the charset of the provider.
    #[error("no text in the charset of the provider")]
    Charset,
    /// No JSON object, or one that is refused.
    #[error("no JSON: {0}")]
    NotJson(JsonError),
    /// No XML, or one that is refused.
    #[error("no XML: {0}")]
    NotXml(XmlError),
    /// There is no signature where there should be one.
    #[error("the reply is not signed")]
    Unsigned,
    /// The signature does not fit, or is none.
    #[error("the signature does not fit: {0}")]
    BadSignature(Refusal),
    /// A member is missing or cannot be read.
    #[error("the reply cannot be read: {0}")]
    Malformed(ReadError),
    /// The reply is about another order.
    #[error("`{name}` is not what was sent")]
    OtherOrder {
        /// The field that differs.
        name: String,
    },
    /// The reply is for another merchant.
    #[error("`{name}` is somebody else's")]
    ForSomebodyElse {
        /// The field that differs.
        name: String,
    },
    /// The provider sent a code that leaves it open.
    #[error("code {code:?}: {message:?}")]
    Code {
        /// What the code means.
        kind: ErrorKind,
        /// The listed code that decided, as (field, value); `None`: no code is listed.
        decided_by: Option<(String, String)>,
        /// The code that the envelope shows.
        code: Option<String>,
        /// The provider's own message.
        message: Option<String>,
    },
}

impl From<ReadError> for Because {
    fn from(error: ReadError) -> Self {
        Self::Malformed(error)
    }
}

impl From<Because> for Ending {
    fn from(because: Because) -> Self {
        Self::Unknown(because)
    }
}
