//! A vector: a message, and everything that must come of it.

use payspec_codegen::diagnostic::Span;
use payspec_interpreter::{Map, Settings, Supplied, Value};

/// What a vector exercises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A request that we send.
    Request(String),
    /// The answer to this operation.
    Response(String),
    /// A callback.
    Callback(String),
    /// A recipe, over free pairs.
    Recipe(String),
}

impl Subject {
    /// The name of the operation, callback or recipe.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Request(name) | Self::Response(name) | Self::Callback(name) | Self::Recipe(name) => name,
        }
    }

    /// What it is, in a word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Response(_) => "answer",
            Self::Callback(_) => "callback",
            Self::Recipe(_) => "recipe",
        }
    }
}

/// A message, and everything that must come of it.
#[derive(Clone, Debug)]
pub struct Vector {
    /// Its name in its file.
    pub name: String,
    /// `official`, `recorded`, `self_made`, or in other words who vouches for it; `unreproduced`: it is known to fail.
    pub provenance: String,
    /// What of the spec.
    pub subject: Subject,
    /// Credentials, options, tokens, and an address for every host.
    pub settings: Settings,
    /// The clock, given values, and those that the signer drew.
    pub supplied: Supplied,
    /// What the caller gives; for a recipe, the pairs.
    pub inputs: Map<Value>,
    /// What comes in, or what a request must send: the query.
    pub query: Option<String>,
    /// What comes in, or what a request must send: the body.
    pub body: Option<String>,
    /// Headers that come in, or that a request must send among others.
    pub headers: Vec<(String, String)>,
    /// The public address under which the message comes in, with its query.
    pub url: Option<String>,
    /// The signed text.
    pub base: Option<String>,
    /// The part whose text that is, where it is not the signed text itself: an inner digest.
    pub base_of: Option<String>,
    /// The signature.
    pub signature: Option<String>,
    /// What stands in the place of the signature, where that is more than the signature.
    pub place: Option<String>,
    /// What an encryption opens to.
    pub plain: Option<String>,
    /// The signature is randomised: it is verified, not made again.
    pub verify_only: bool,
    /// The outcome.
    pub outcome: Option<String>,
    /// How it fails.
    pub error: Option<ExpectedError>,
    /// Values, by wire name or `field.member`, as canonical text.
    pub values: Map<String>,
    /// Where its name stands in its file.
    pub span: Span,
    /// Where its inputs stand, by their name.
    pub input_spans: Vec<(String, Span)>,
    /// Where its provenance stands.
    pub provenance_span: Span,
}

impl Vector {
    /// The document prints it, and no reading of the rule reproduces it.
    #[must_use]
    pub fn is_unreproduced(&self) -> bool {
        self.provenance == UNREPRODUCED
    }
}

/// The provenance of a vector that is known to fail.
const UNREPRODUCED: &str = "unreproduced";

/// How a call must fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedError {
    /// The kind of the code; `unknown` also for what is verified and cannot be read.
    pub kind: String,
    /// The code that is shown.
    pub code: Option<String>,
}
