//! What is asked: a message, the spec and the keys that should fit it, and what is expected.

use std::fmt;
use std::sync::Arc;

use payspec_codegen::ir;
use payspec_interpreter::{Incoming, Map, Settings, Supplied, Value};

/// Why does this signature differ?
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The spec.
    pub provider: &'a Arc<ir::Provider>,
    /// Credentials, options, hosts.
    pub settings: &'a Settings,
    /// Clock, given and fresh values.
    pub supplied: &'a Supplied,
    /// The message.
    pub subject: Subject<'a>,
    /// What it should give.
    pub expected: Expected<'a>,
}

/// Shows what is asked about; neither the expected text, which may hold the secret, nor anything of the message.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question")
            .field("provider", &self.provider.name)
            .field("subject", &self.subject.name())
            .finish_non_exhaustive()
    }
}

/// The message that a question is about.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Subject<'a> {
    /// A request that we make.
    Request {
        /// The operation, as the spec spells it.
        operation: &'a str,
        /// What the caller gives.
        inputs: &'a Map<Value>,
    },
    /// A callback that came in.
    Callback {
        /// The callback, as the spec spells it.
        name: &'a str,
        /// The raw message.
        incoming: Incoming<'a>,
    },
    /// The answer to an operation.
    Reply {
        /// The operation, as the spec spells it.
        operation: &'a str,
        /// The headers of the answer.
        headers: &'a [(String, String)],
        /// The raw body of the answer.
        body: &'a [u8],
    },
    /// A recipe alone, over pairs as if they were the form of a message.
    Recipe {
        /// The recipe, as the spec spells it.
        name: &'a str,
        /// Names and values.
        pairs: &'a [(String, String)],
    },
}

impl Subject<'_> {
    /// The name of the operation, callback or recipe.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Request { operation, .. } | Self::Reply { operation, .. } => operation,
            Self::Callback { name, .. } | Self::Recipe { name, .. } => name,
        }
    }
}

/// What the message should give.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Expected<'a> {
    /// The signature that it carries.
    InMessage,
    /// This signature.
    Signature(&'a str),
    /// This signed text, of the recipe or of one of its parts.
    Text(&'a [u8]),
}
