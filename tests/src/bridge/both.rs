//! Generated code and interpreter side by side: one message through both, and every difference named.
//!
//! A [`Both`] makes and reads requests, replies and callbacks with the interpreter and with generated code, at one moment
//! and with the same settings. `requests` compares what is sent; `masked` says what of a signed text may be shown.

mod masked;
mod requests;

use std::sync::Arc;

use payspec::{CallbackError, Response};
use payspec_codegen::ir::{self, Field, Kind, Opened, Provider};
use payspec_interpreter::{
    Incoming, Interpreter, Map, Message, PrepareError, Refusal, Settings, Value, Verified,
};

use super::{
    Decoded, Ended, Generated, Mismatch, Moment, PRESENT, Refused, Sent, labels, open, seal::recipes,
};

/// Both executions of one spec, with the same settings.
pub struct Both {
    /// The interpreter.
    pub interpreter: Interpreter,
    /// The generated code.
    pub generated: Box<dyn Generated>,
    settings: Settings,
    seeded: Option<fn(&mut Message)>,
}

/// The commonest way of refusing.
const MISMATCH: &str = "signature mismatch";

/// A difference between the two, in words.
pub type Difference = String;

/// An answer as it comes in.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Delivered<'a> {
    /// A body with status 200, and no headers.
    #[must_use]
    pub const fn ok(body: &'a [u8]) -> Self {
        Self { status: 200, headers: &[], body }
    }
}

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// Both made it, and made the same.
    Made {
        /// By the interpreter.
        message: Box<Message>,
        /// By generated code.
        sent: Box<Sent>,
    },
    /// Both refused it.
    Refused,
}

/// What became of a callback.
#[derive(Clone, Debug)]
pub enum Received {
    /// Both verified it, and read the same.
    Verified {
        /// By the interpreter.
        verified: Box<Verified>,
        /// By generated code.
        decoded: Box<Decoded>,
    },
    /// Both refused it, in this way.
    Refused(String),
}

impl Both {
    /// Sets both up.
    ///
    /// # Errors
    /// The settings do not fit the spec.
    ///
    /// # Panics
    /// No generated code has this name.
    pub fn open(provider: &Arc<Provider>, settings: &Settings) -> Result<Self, Mismatch> {
        Self::with_names(provider, &provider.name, settings)
    }

    /// The interpreter executes this spec, generated code the one of this name.
    ///
    /// # Errors
    /// The settings do not fit the spec.
    ///
    /// # Panics
    /// No generated code has this name.
    pub fn with_names(
        provider: &Arc<Provider>,
        generated: &str,
        settings: &Settings,
    ) -> Result<Self, Mismatch> {
        let interpreter = Interpreter::new(Arc::clone(provider), settings.clone())
            .map_err(|error| Mismatch::new("settings", error.to_string()))?;
        let generated =
            open(generated, settings).unwrap_or_else(|| panic!("no generated code is called {generated}"))?;
        Ok(Self { interpreter, generated, settings: settings.clone(), seeded: None })
    }

    /// Seeds a fault in what the interpreter sends, for faults that no spec can say.
    pub fn seed(&mut self, fault: fn(&mut Message)) {
        self.seeded = Some(fault);
    }

    /// Builds and signs a request with both, and compares method, address, query, body, signed text and signature.
    ///
    /// A randomised signature is verified over the interpreter's text instead; `verify: false` leaves that out, and of
    /// other signatures the comparison of the masked texts.
    ///
    /// # Errors
    /// What differs.
    pub fn prepare(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        with: &Moment,
        verify: bool,
    ) -> Result<Prepared, Difference> {
        let interpreted = self.interpreter.prepare_with(operation, inputs, with.now, &with.supplied());
        super::shown::result(&interpreted);
        let known = self.interpreter.operation(operation);
        let signed_by = known.map(|known| self.recipes(&known.signature)).unwrap_or_default();
        let generated = self.generated.prepare(operation, inputs, &with.drawing(&signed_by));
        match (interpreted, generated) {
            (Ok(mut message), Ok(sent)) => {
                if let Some(fault) = self.seeded {
                    fault(&mut message);
                }
                self.compare_requests(operation, &message, &sent, verify)?;
                Ok(Prepared::Made { message: Box::new(message), sent: Box::new(sent) })
            }
            (Err(PrepareError::Invalid(_)), Err(_)) => Ok(Prepared::Refused),
            (Err(_), Err(Refused::Prepare(_))) => Ok(Prepared::Refused),
            (Err(error), Err(Refused::Untyped(mismatch))) => {
                Err(format!("interpreted: {error}; generated: no typed form of {mismatch:?}"))
            }
            (Ok(_), Err(refused)) => Err(format!("only generated code refuses: {refused:?}")),
            (Err(error), Ok(_)) => Err(format!("only the interpreter refuses: {error}")),
        }
    }

    /// Verifies a callback with both, and compares values, further fields and outcome, or the way of refusing.
    ///
    /// # Errors
    /// What differs.
    pub fn verify(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        with: &Moment,
    ) -> Result<Received, Difference> {
        let interpreted = self.interpreter.verify_callback_with(callback, incoming, &with.supplied());
        super::shown::result(&interpreted);
        match (interpreted, self.verify_generated(callback, incoming, with)) {
            (Ok(verified), Ok(decoded)) => {
                let fields = self.interpreter.callback(callback).expect("a callback of the spec");
                let fields = fields.fields.iter().map(|received| &received.field);
                same("values", &comparable(fields, &verified.values), &decoded.values)?;
                same("further fields", &verified.extra, &decoded.extra)?;
                same("outcome", &verified.outcome.map(|word| format!("{word:?}")), &decoded.outcome)?;
                Ok(Received::Verified { verified: Box::new(verified), decoded: Box::new(decoded) })
            }
            (Err(refusal), Err(error)) => {
                let (label, generated) = (labels::label_of_refusal(&refusal), labels::label_of_error(&error));
                if !(generated == MISMATCH && self.is_missing_part(callback, &label)) {
                    same("refusal", label.as_str(), generated.as_str())?;
                }
                Ok(Received::Refused(label))
            }
            (Ok(_), Err(error)) => Err(format!("only generated code refuses: {error}")),
            (Err(refusal), Ok(_)) => Err(format!("only the interpreter refuses: {refusal}")),
        }
    }

    /// Verifies a callback with generated code alone.
    ///
    /// # Errors
    /// The client's own.
    pub fn verify_generated(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        with: &Moment,
    ) -> Result<Decoded, CallbackError> {
        let Incoming { method, query, body, content_type, headers, url } = *incoming;
        let headers: Vec<(&str, &[u8])> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let mut incoming = payspec::Incoming::new(method, query, content_type, body).headers(&headers);
        if let Some(url) = url {
            incoming = incoming.url(url);
        }
        self.generated.verify(callback, &incoming, with)
    }

    /// Verifies a callback with the interpreter alone.
    ///
    /// # Errors
    /// The interpreter's own.
    pub fn verify_interpreted(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        with: &Moment,
    ) -> Result<Verified, Refusal> {
        self.interpreter.verify_callback_with(callback, incoming, &with.supplied())
    }

    /// A digest that should be placed beside the signature is missing. Where the signature covers its place, there are
    /// two reasons to refuse, and either may be told.
    fn is_missing_part(&self, callback: &str, label: &str) -> bool {
        let callback = self.interpreter.callback(callback).expect("a callback of the spec");
        let recipes = self.recipes(&callback.signature);
        let places = recipes.iter().flat_map(|recipe| &recipe.parts).filter_map(|part| part.place.as_ref());
        places.into_iter().any(|place| {
            let name = match &place.carrier {
                ir::PlaceCarrier::Field(path) => path.dotted(),
                ir::PlaceCarrier::Header(name) | ir::PlaceCarrier::Query(name) => name.clone(),
            };
            label == format!("missing signature {name}") || label == format!("empty signature {name}")
        })
    }

    /// What signs or verifies a message of these settings.
    #[must_use]
    pub fn recipes(&self, signature: &ir::Signature) -> Vec<&ir::Recipe> {
        recipes(self.interpreter.provider(), signature, &self.settings)
    }

    /// Reads an answer with both, and compares how the call ends.
    ///
    /// # Errors
    /// What differs.
    pub fn read(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        answer: &Delivered<'_>,
        with: &Moment,
    ) -> Result<Ended, Difference> {
        let Delivered { status, headers, body } = *answer;
        let response = Response::new(status, headers.to_vec(), body.to_vec());
        let generated = self.generated.read(operation, inputs, &response, with);
        let generated = generated.map_err(|mismatch| format!("no typed form of {mismatch:?}"))?;
        let supplied = with.supplied();
        let interpreted =
            self.interpreter.read_reply_with(operation, inputs, status, headers, body, &supplied);
        super::shown::value(&interpreted);
        let mut interpreted = Ended::interpreted(interpreted);
        if let Ended::Reply { decoded, .. } = &mut interpreted {
            let operation = self.interpreter.operation(operation).expect("an operation of the spec");
            let fields: Vec<&Field> = match operation.reply.as_ref().map(|reply| &reply.shape) {
                Some(ir::ReplyShape::Fields(fields)) => {
                    fields.iter().map(|received| &received.field).collect()
                }
                Some(ir::ReplyShape::Value(field)) => vec![field],
                _ => Vec::new(),
            };
            decoded.values = comparable(fields.into_iter(), &decoded.values);
        }
        let mut compared = generated.clone().without_inner();
        shorten_odd_codes(&mut interpreted, &mut compared);
        same("end of the call", &interpreted, &compared)?;
        Ok(generated)
    }
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: &str,
    interpreted: &T,
    generated: &T,
) -> Result<(), Difference> {
    if interpreted == generated {
        return Ok(());
    }
    Err(format!("{what}\n  interpreted: {interpreted:?}\n  generated:   {generated:?}"))
}

/// Generated code shows long codes shortened and control characters escaped: such a code is not compared.
fn shorten_odd_codes(interpreted: &mut Ended, generated: &mut Ended) {
    let is_odd = |code: &String| code.chars().count() > 64 || code.chars().any(char::is_control);
    if let Some(code) = interpreted.code_mut().filter(|code| code.as_ref().is_some_and(is_odd)) {
        *code = None;
        if let Some(code) = generated.code_mut() {
            *code = None;
        }
    }
}

/// Typed code keeps no text of objects and arrays: only that they are there.
fn comparable<'f>(fields: impl Iterator<Item = &'f Field>, values: &Map<String>) -> Map<String> {
    let mut values = values.clone();
    for field in fields {
        let typed = matches!(
            field.kind,
            Kind::Object(_) | Kind::List { join: None, .. } | Kind::Encrypted(Opened::Object(_))
        );
        if typed && values.contains(&field.name.wire) {
            values.insert(&field.name.wire, PRESENT.to_owned());
        }
    }
    values
}
