//! Generated code behind dynamic values.
//!
//! A test that compares all specs cannot name a typed struct. [`open`] makes a client of a provider's generated code
//! from the interpreter's [`Settings`]; what it prepares, reads and verifies goes in and comes out as named texts, in
//! the interpreter's canonical form. The part that knows types is written by `build.rs` from the IR of each spec; this
//! folder holds what it calls.
//!
//! What generated code signs or compares is handed out with its secrets by the feature `trace` of the runtime, which
//! exists for these tests alone. It is compared with the interpreter's text byte by byte; beside it the masked text of
//! `explain`, and the signature, which is either equal (digests, RSA) or verified over the interpreter's text (SM2).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod both;
mod ended;
mod input;
mod labels;
mod moment;
pub mod random;
pub mod seal;
mod setup;
pub mod shown;
pub mod wire;

use payspec::{CallbackError, Incoming, PrepareError, Prepared, RedirectUrl, Response};
use payspec_interpreter::{Map, Settings, Value};
use payspec_runtime::Enumeration;

pub use self::{
    both::{Both, Delivered, Difference, Prepared as Made, Received},
    ended::Ended,
    labels::{label_of_error, label_of_refusal},
    moment::Moment,
};

/// In place of a value whose received text its typed form does not keep: an object or array.
pub const PRESENT: &str = "(present)";

/// A client of generated code.
pub trait Generated: Send {
    /// Builds and signs a request.
    ///
    /// # Errors
    /// The inputs have no typed form, or the client refuses them.
    fn prepare(&self, operation: &str, inputs: &Map<Value>, with: &Moment) -> Result<Sent, Refused>;

    /// Reads the answer to a request.
    ///
    /// # Errors
    /// The inputs have no typed form.
    fn read(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        response: &Response,
        with: &Moment,
    ) -> Result<Ended, Mismatch>;

    /// Verifies a callback.
    ///
    /// # Errors
    /// The client's own.
    fn verify(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        with: &Moment,
    ) -> Result<Decoded, CallbackError>;
}

/// A request that generated code has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// `None` if there is no body.
    pub content_type: Option<String>,
    /// Further headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The signed text, masked.
    pub masked_text: Option<String>,
    /// The bytes that were signed.
    pub composed: Vec<u8>,
}

impl Sent {
    /// The query, without `?`.
    #[must_use]
    pub fn query(&self) -> &str {
        self.url.split_once('?').map_or("", |(_, query)| query)
    }
}

impl From<Prepared> for Sent {
    fn from(prepared: Prepared) -> Self {
        shown::text(prepared.signed_text().unwrap_or_default());
        Self {
            method: prepared.method().as_str(),
            url: prepared.url().to_owned(),
            content_type: prepared.content_type().map(str::to_owned),
            headers: prepared.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: prepared.body().to_vec(),
            masked_text: prepared.signed_text().map(str::to_owned),
            composed: prepared.composed_text().to_vec(),
        }
    }
}

impl From<RedirectUrl> for Sent {
    fn from(redirect: RedirectUrl) -> Self {
        shown::text(redirect.signed_text().unwrap_or_default());
        Self {
            method: "GET",
            url: redirect.as_str().to_owned(),
            content_type: None,
            headers: Vec::new(),
            body: Vec::new(),
            masked_text: redirect.signed_text().map(str::to_owned),
            composed: redirect.composed_text().to_vec(),
        }
    }
}

/// Why generated code made no request.
#[derive(Debug)]
pub enum Refused {
    /// The inputs have no typed form.
    Untyped(Mismatch),
    /// The client refuses them.
    Prepare(PrepareError),
}

impl Refused {
    fn no_such(name: &str) -> Self {
        Self::Untyped(Mismatch::no_such(name))
    }
}

impl From<PrepareError> for Refused {
    fn from(error: PrepareError) -> Self {
        Self::Prepare(error)
    }
}

/// A dynamic value that has no typed form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where.
    pub name: String,
    /// What is wrong.
    pub reason: String,
}

impl Mismatch {
    fn new(name: &str, reason: impl Into<String>) -> Self {
        Self { name: name.to_owned(), reason: reason.into() }
    }

    fn no_such(name: &str) -> Self {
        Self::new(name, "generated code has nothing of this name")
    }

    fn inside(self, outer: &str) -> Self {
        let name = if self.name.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.name) };
        Self { name, ..self }
    }
}

/// What a reply or callback says, as the interpreter writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The fields of the spec that are there, by wire name.
    pub values: Map<String>,
    /// What is inside JSON texts of a known type, as `field.member`.
    pub inner: Map<String>,
    /// What else came, as JSON text.
    pub extra: Map<String>,
    /// `Paid`, `Pending`, ...; `None` where the spec does not say.
    pub outcome: Option<String>,
}

impl Decoded {
    fn put(&mut self, name: &str, text: String) {
        self.values.insert(name, text);
    }

    fn put_inner(&mut self, path: &str, text: String) {
        self.inner.insert(path, text);
    }

    fn extra(&mut self, extra: &payspec::Extra) {
        self.extra = extra.iter().map(|(name, value)| (name, value.text().to_owned())).collect();
    }

    fn outcome(&mut self, outcome: impl std::fmt::Debug) {
        self.outcome = Some(format!("{outcome:?}"));
    }
}

/// The emitted code of the specs under `tests/`.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

include!(concat!(env!("OUT_DIR"), "/bridge.rs"));
