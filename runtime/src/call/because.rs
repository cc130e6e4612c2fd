//! Why nobody knows how a call ended.

use crate::{
    ErrorKind, Malformed, RecipeError, TransportError, charset::Undecodable, crypto::MalformedSignature,
    excerpt::excerpt, json::JsonError, text::TextError, xml::XmlError,
};

/// Why nobody knows whether a call took effect. None of these is a refusal: an order must never be treated as failed
/// because of one, and must be looked up instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Because {
    /// The connection broke after something may have been sent.
    #[error("the connection broke: {0}")]
    Transport(TransportError),
    /// No answer came in time.
    #[error("no answer came in time")]
    Timeout,
    /// The answer is longer than the client reads.
    #[error("the answer is longer than {limit} bytes; `reply_limit` of the client builder raises the limit")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The status is none of success, and the spec does not say what it means.
    #[error("the answer has HTTP status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// The bytes are no text in the charset of the provider.
    #[error("the answer cannot be decoded: {0}")]
    Charset(Undecodable),
    /// The answer is no JSON object: cut off, a page of a proxy, something else.
    #[error("the answer is not what was expected: {0}")]
    NotJson(JsonError),
    /// The answer is no XML: cut off, a page of a proxy, something that is dangerous to read.
    #[error("the answer is not what was expected: {0}")]
    NotXml(XmlError),
    /// The answer is nested too deeply.
    #[error(
        "the answer is nested deeper than {limit} levels; `json_depth` of the client builder raises the limit"
    )]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A name occurs twice in one object of the answer.
    #[error("the member `{name}` occurs twice in one object of the answer")]
    DuplicateMember {
        /// The name.
        name: String,
    },
    /// The answer should be signed and is not.
    #[error("the answer has no signature (`{field}`)")]
    Unsigned {
        /// Where it should be.
        field: String,
    },
    /// The signature is not even one.
    #[error("the signature of the answer is malformed: {0}")]
    MalformedSignature(MalformedSignature),
    /// The text that the signature should cover cannot be composed.
    #[error("what the signature of the answer covers cannot be composed: {0}")]
    SignedText(TextError),
    /// What protects the answer cannot be checked, because the recipe does not fit what came.
    #[error("what protects the answer cannot be checked: {0}")]
    Recipe(RecipeError),
    /// What stands where the signature should be is not written as the provider writes it.
    #[error("`{place}` of the answer is not written as the provider writes its signature")]
    OtherForm {
        /// The place.
        place: String,
    },
    /// What should state a time does not.
    #[error("what should state the time of the answer is no time")]
    UnreadableTime,
    /// Its signature fits, and it states a time that is too far from our clock.
    #[error("the answer was signed {seconds} seconds away from our clock; the provider allows {within}")]
    OutOfTime {
        /// How far, in either direction.
        seconds: u64,
        /// How far it may be.
        within: u64,
    },
    /// The signature does not fit: a wrong key, or a forged answer.
    #[error(
        "the signature of the answer does not fit: check the provider's key; if it is right, the answer is forged"
    )]
    BadSignature,
    /// The answer is about something that was not asked for.
    #[error("the answer is about something else: `{field}` is not what was sent")]
    OtherOrder {
        /// The field that differs.
        field: &'static str,
    },
    /// The answer is for another merchant.
    #[error("the answer is for somebody else: `{field}` is not ours")]
    ForSomebodyElse {
        /// The field that differs.
        field: &'static str,
    },
    /// A member is missing or cannot be read.
    #[error("the answer cannot be read: {0}")]
    Malformed(Malformed),
    /// The provider sent a code that leaves it open.
    #[error("the provider says: {said}")]
    Provider {
        /// What the code means: [`ErrorKind::Unknown`], [`ErrorKind::NotFound`] or [`ErrorKind::Duplicate`].
        kind: ErrorKind,
        /// Code, message and meaning.
        said: Box<Said>,
    },
    /// The provider sent a code that the spec does not list.
    #[error("the provider sent a code that is not known: {said}")]
    UnlistedCode {
        /// Code and message.
        said: Box<Said>,
    },
}

/// What the provider said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The code, if there was one; at most 64 characters.
    pub code: Option<String>,
    /// The provider's own message; at most 200 characters.
    pub message: Option<String>,
    /// What the spec says about the code.
    pub meaning: Option<&'static str>,
    /// What the operator can do.
    pub mend: Option<&'static str>,
}

impl Said {
    pub(crate) fn new(code: Option<&str>, message: Option<&str>) -> Self {
        Self {
            code: code.map(|code| excerpt(code, 64).into_owned()),
            message: message.map(|message| excerpt(message, 200).into_owned()),
            meaning: None,
            mend: None,
        }
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.code {
            Some(code) => write!(f, "code {code}")?,
            None => f.write_str("no code")?,
        }
        if let Some(message) = &self.message {
            write!(f, ", \"{message}\"")?;
        }
        for text in [self.meaning, self.mend].into_iter().flatten() {
            write!(f, " ({text})")?;
        }
        Ok(())
    }
}

impl From<JsonError> for Because {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::TooDeep { limit } => Self::TooDeep { limit },
            JsonError::Duplicate { name } => Self::DuplicateMember { name },
            other => Self::NotJson(other),
        }
    }
}

impl From<XmlError> for Because {
    fn from(error: XmlError) -> Self {
        match error {
            XmlError::TooDeep { limit } => Self::TooDeep { limit },
            XmlError::Repeated { name } => Self::DuplicateMember { name },
            other => Self::NotXml(other),
        }
    }
}

impl From<TransportError> for Because {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::TimedOut => Self::Timeout,
            TransportError::TooLarge { limit } => Self::TooLarge { limit },
            other => Self::Transport(other),
        }
    }
}
