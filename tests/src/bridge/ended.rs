//! How a call ended, in words that generated code and interpreter have in common.

use payspec::{Because, CallError, ErrorKind, Protection, Reply};
use payspec_interpreter as interpreted;

use super::{Decoded, labels};

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A reply.
    Reply {
        /// What it says.
        decoded: Decoded,
        /// A signature protects it.
        signed: bool,
    },
    /// Surely nothing happened.
    Rejected {
        /// `Rejected`, `Configuration`, ...
        kind: String,
        /// The code that is shown.
        code: Option<String>,
    },
    /// Nobody knows.
    Unknown {
        /// Why, in one word; for a code, its kind.
        because: String,
        /// The code that is shown.
        code: Option<String>,
    },
    /// Generated code refused the request itself, which reading never does.
    NotRead,
}

impl Ended {
    /// Of a call of generated code.
    pub(super) fn of<T, R>(
        result: Result<Reply<T>, CallError<R>>,
        decode: impl FnOnce(&T) -> Decoded,
    ) -> Self {
        match result {
            Ok(reply) => {
                let signed = reply.protected_by() == Protection::Signature;
                Self::Reply { decoded: decode(&reply), signed }
            }
            Err(CallError::Rejected(no)) => Self::Rejected { kind: format!("{:?}", no.kind), code: no.code },
            Err(CallError::Unknown(unknown)) => {
                let (because, code) = of_because(&unknown.because);
                Self::Unknown { because, code }
            }
            Err(CallError::Invalid(_) | CallError::NotSent(_)) => Self::NotRead,
        }
    }

    /// Of a call of the interpreter.
    #[must_use]
    pub fn interpreted(ending: interpreted::Ending) -> Self {
        match ending {
            interpreted::Ending::Reply { values, extra, outcome, signed } => {
                let outcome = outcome.map(|word| format!("{word:?}"));
                Self::Reply { decoded: Decoded { values, extra, outcome, ..Decoded::default() }, signed }
            }
            interpreted::Ending::Rejected { kind, code, .. } => {
                Self::Rejected { kind: format!("{kind:?}"), code }
            }
            interpreted::Ending::Unknown(because) => {
                let (because, code) = labels::of_interpreted(&because);
                Self::Unknown { because, code }
            }
        }
    }

    /// The code that is shown, if there is one.
    pub(super) fn code_mut(&mut self) -> Option<&mut Option<String>> {
        match self {
            Self::Rejected { code, .. } | Self::Unknown { code, .. } => Some(code),
            Self::Reply { .. } | Self::NotRead => None,
        }
    }

    /// The same without what only one side has: values inside JSON texts.
    #[must_use]
    pub fn without_inner(mut self) -> Self {
        if let Self::Reply { decoded, .. } = &mut self {
            decoded.inner = interpreted::Map::new();
        }
        self
    }
}

fn of_because(because: &Because) -> (String, Option<String>) {
    let label = match because {
        Because::TooLarge { .. } => "too large".to_owned(),
        Because::HttpStatus { status } => format!("status {status}"),
        Because::Charset(_) => "charset".to_owned(),
        Because::NotJson(_) | Because::TooDeep { .. } => "no JSON".to_owned(),
        Because::DuplicateMember { name } => format!("repeated {name}"),
        Because::Unsigned { .. } => "unsigned".to_owned(),
        Because::NotXml(_) => "no XML".to_owned(),
        Because::MalformedSignature(_)
        | Because::BadSignature
        | Because::SignedText(_)
        | Because::Recipe(_)
        | Because::OtherForm { .. }
        | Because::UnreadableTime
        | Because::OutOfTime { .. } => "bad signature".to_owned(),
        Because::OtherOrder { field } => format!("other order {field}"),
        Because::ForSomebodyElse { field } => format!("somebody else {field}"),
        // Where: the two name the places differently, by member and by field.
        Because::Malformed(_) => "malformed".to_owned(),
        Because::Provider { kind, said } => return (format!("{kind:?}"), said.code.clone()),
        Because::UnlistedCode { said } => return (format!("{:?}", ErrorKind::Unknown), said.code.clone()),
        other => format!("{other:?}"),
    };
    (label, None)
}
