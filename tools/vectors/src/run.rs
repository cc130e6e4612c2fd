//! One vector through the interpreter, and everything that it says held against what comes out.
//!
//! A request is made from its inputs and compared: text, signature, place, headers, query, body. What comes in is
//! verified and read: text, outcome, values, or the expected error. A recipe alone is run over free pairs. The first
//! thing that does not hold is handed out, with the secrets in it masked.

mod compare;
mod received;
mod sent;

use std::sync::Arc;

use payspec_codegen::codes::Code;
use payspec_codegen::diagnostic::Span;
use payspec_codegen::ir::Provider;
use payspec_interpreter::{Interpreter, Refusal, SignedText, Value};
use payspec_runtime::Charset;

pub use self::compare::Difference;
use crate::concealed::Concealed;
use crate::packet::Packet;
use crate::text;
use crate::vector::{Subject, Vector};

/// Runs one vector.
pub struct Runner<'v> {
    pub(crate) vector: &'v Vector,
    pub(crate) interpreter: Interpreter,
    pub(crate) provider: Arc<Provider>,
    pub(crate) charset: Charset,
    concealed: Concealed,
}

/// What was made or verified.
#[derive(Clone, Debug)]
pub struct Held {
    /// Every composed text by name, those of parts (`recipe.part`) before their recipe.
    pub texts: Vec<(String, SignedText)>,
    /// What a request looks like on the wire, and what came in otherwise; of a recipe alone nothing.
    pub packet: Option<Packet>,
}

/// What does not hold. Nothing in it shows a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The entry of the catalogue, where there is one.
    pub code: Option<Code>,
    /// What, in one line.
    pub message: String,
    /// What was expected and what came.
    pub difference: Option<Box<Difference>>,
    /// Where in the vectors file.
    pub span: Span,
    /// The signature or its text is not the stated one: what an `unreproduced` vector is expected to end in.
    pub is_mismatch: bool,
}

impl<'v> Runner<'v> {
    /// Sets a vector up.
    ///
    /// # Errors
    /// Its settings do not fit the spec; [`read`](crate::read) has said so already.
    pub fn new(provider: &Arc<Provider>, vector: &'v Vector) -> Result<Self, Failed> {
        let made = Interpreter::new(Arc::clone(provider), vector.settings.clone());
        let interpreter = made.map_err(|error| Failed::of(vector, error.to_string()))?;
        Ok(Self {
            charset: text::charset(provider, &vector.settings),
            concealed: Concealed::of(&vector.settings, &vector.supplied),
            provider: Arc::clone(provider),
            interpreter,
            vector,
        })
    }

    /// Runs it.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn run(&self) -> Result<Held, Failed> {
        match &self.vector.subject {
            Subject::Request(name) => self.request(name),
            Subject::Response(name) => self.response(name),
            Subject::Callback(name) => self.callback(name),
            Subject::Recipe(name) => self.recipe(name),
        }
    }

    /// Hides the secrets of this vector.
    #[must_use]
    pub fn concealed(&self) -> &Concealed {
        &self.concealed
    }

    fn recipe(&self, name: &str) -> Result<Held, Failed> {
        let pairs = self.recipe_pairs()?;
        let unknown = || self.failed(format!("the spec has no recipe `{name}`"));
        let made = self.interpreter.recipe_text(name, &pairs).ok_or_else(unknown)?;
        let text = made.map_err(|error| self.failed(format!("the recipe refuses the pairs: {error}")))?;
        let texts = vec![(name.to_owned(), text)];
        self.compare_base(&texts)?;
        let signature = self.vector.signature.as_deref();
        let signature = signature.ok_or_else(|| self.failed("a vector on a recipe needs a `signature`"))?;
        let accepted = self.interpreter.recipe_accepts(name, &pairs, signature).ok_or_else(unknown)?;
        if let Err(refusal) = accepted {
            let texts = texts.iter().map(|(_, text)| text);
            let made =
                texts.filter_map(|text| self.interpreter.recipe_signature(name, text)).find_map(Result::ok);
            let mut failed = self.refused(&refusal);
            failed.difference = made.map(|made| Box::new(self.difference("signature", signature, &made)));
            return Err(failed);
        }
        Ok(Held { texts, packet: None })
    }

    /// The pairs of a vector on a recipe.
    pub(crate) fn recipe_pairs(&self) -> Result<Vec<(String, String)>, Failed> {
        let pair = |(name, value): (&str, &Value)| match value.as_text() {
            Some(text) => Ok((name.to_owned(), text.to_owned())),
            None => Err(self.failed(format!("`{name}` is no text: a recipe alone runs over pairs of texts"))),
        };
        self.vector.inputs.iter().map(pair).collect()
    }

    pub(crate) fn failed(&self, message: impl AsRef<str>) -> Failed {
        Failed { message: self.concealed.text(message.as_ref()), ..Failed::of(self.vector, String::new()) }
    }

    pub(crate) fn mismatch(&self, message: impl AsRef<str>) -> Failed {
        Failed { is_mismatch: true, ..self.failed(message) }
    }

    fn refused(&self, refusal: &Refusal) -> Failed {
        let is_mismatch = *refusal == Refusal::SignatureMismatch;
        Failed { is_mismatch, ..self.failed(format!("it is refused: {refusal}")) }
    }
}

impl Failed {
    fn of(vector: &Vector, message: String) -> Self {
        Self { code: None, message, difference: None, span: vector.span, is_mismatch: false }
    }

    fn with(self, difference: Difference) -> Self {
        Self { difference: Some(Box::new(difference)), ..self }
    }
}
