//! What we send: inputs to a signed message.
//!
//! The road: check and write every field, leave out what the recipe drops, compose and seal the text, and write
//! the query or the body in the order of the spec, the payload behind the outer fields and the signature last.

use payspec_codegen::ir::{self, Body, Carrier, Kind, Method, Operation, Origin, SentField};
use thiserror::Error;

use crate::recipe::{Item, RecipeError, SignedText, Source};
use crate::seal::SealError;
use crate::time::Instant;
use crate::validate::{Check, Problem, Violation};
use crate::value::{Map, Value};
use crate::write::{Entry, Written};
use crate::{Interpreter, form, json, text};

/// A signed message, ready to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The whole URL, query included.
    pub url: String,
    /// The query, without `?`; empty if there is none.
    pub query: String,
    /// The body; empty if there is none.
    pub body: Vec<u8>,
    /// The type of the body; `None` if there is none.
    pub content_type: Option<&'static str>,
    /// The text that was signed; empty if nothing is.
    pub text: SignedText,
    /// The signature; `None` if nothing is signed.
    pub signature: Option<String>,
    /// The fields as they are sent, in order, the signature among them.
    pub fields: Vec<(String, String)>,
}

impl Message {
    /// The very bytes that were signed, secrets included. Not for logs.
    #[must_use]
    pub fn base_text(&self) -> &[u8] {
        self.text.bytes()
    }

    /// The signed text with `******` in place of every secret.
    #[must_use]
    pub fn masked_text(&self) -> &str {
        self.text.masked()
    }
}

/// Why there is no message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrepareError {
    /// The spec has no such operation.
    #[error("the spec has no operation `{name}`")]
    UnknownOperation {
        /// The name.
        name: String,
    },
    /// The provider would not take the inputs. All violations.
    #[error("{} violations, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid(Vec<Violation>),
    /// The operation needs an access token, and there is none in the settings.
    #[error("there is no access token")]
    NoToken,
    /// The address of the host is not known.
    #[error("the address of the host `{host}` is not known")]
    NoAddress {
        /// The host.
        host: String,
    },
    /// The recipe refuses the values.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The keys do not fit.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The charset of the provider cannot write it.
    #[error("the charset of the provider cannot write the message")]
    Charset,
    /// The clock is outside of the years that can be written.
    #[error("the clock shows a time that cannot be written")]
    Clock,
}

/// Fields with their values, in order.
pub(crate) struct Filled {
    /// Everything that is there, by wire name.
    pub(crate) entries: Map<Entry>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) advice: Vec<Violation>,
}

impl Interpreter {
    /// Checks, signs and writes a message.
    ///
    /// `operation` is a name of the spec, `inputs` are by wire name, `now` is the time of the message.
    ///
    /// # Errors
    /// [`PrepareError::Invalid`] has every violation; the others say what the settings lack.
    pub fn prepare(&self, operation: &str, inputs: &Map<Value>, now: Instant) -> Result<Message, PrepareError> {
        let operation = self.known_operation(operation)?;
        let filled = self.fill(operation, inputs, now)?;
        if !filled.violations.is_empty() {
            return Err(PrepareError::Invalid(filled.violations));
        }
        self.sign(operation, &filled.entries)
    }

    /// What the provider's document advises, and these inputs do otherwise.
    ///
    /// # Errors
    /// As [`Interpreter::prepare`].
    pub fn advice(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        now: Instant,
    ) -> Result<Vec<Violation>, PrepareError> {
        Ok(self.fill(self.known_operation(operation)?, inputs, now)?.advice)
    }

    fn known_operation(&self, name: &str) -> Result<&Operation, PrepareError> {
        self.operation(name).ok_or_else(|| PrepareError::UnknownOperation { name: name.to_owned() })
    }

    /// The value of every field, and what is wrong with them.
    pub(crate) fn fill(
        &self,
        operation: &Operation,
        inputs: &Map<Value>,
        now: Instant,
    ) -> Result<Filled, PrepareError> {
        let trims = self.recipe(&operation.signature).and_then(|recipe| recipe.list.as_ref()).is_some_and(|list| list.trim);
        let mut check = Check::new(self, now);
        let mut entries = Map::new();
        for sent in &operation.request {
            let name = &sent.field.name.wire;
            let trim = trims && sent.carrier == Carrier::Outer;
            let entry = match (&sent.origin, &sent.field.kind) {
                (_, Kind::Fixed(text)) => Some(Entry::text(text)),
                (Origin::Caller, _) => check.field(name, &sent.field, inputs.get(name), trim),
                (origin, _) => self.own_value(sent, origin, now)?.map(|entry| if trim { trimmed(entry) } else { entry }),
            };
            if let Some(entry) = entry.filter(|entry| !self.is_absent(entry.written.plain())) {
                entries.insert(name.clone(), entry);
            }
        }
        if check.violations.is_empty() {
            check.rules("", &operation.rules, &entries);
        }
        for (name, _) in inputs.iter() {
            check.not_ours(name, &operation.request);
        }
        Ok(Filled { entries, violations: check.violations, advice: check.advice })
    }

    /// A value that the client fills in; `None` for the signature, and for an option that is not chosen.
    fn own_value(&self, sent: &SentField, origin: &Origin, now: Instant) -> Result<Option<Entry>, PrepareError> {
        let of_kind = |text: &str| match sent.field.kind {
            Kind::Integer { json: ir::JsonForm::Number } => Entry::new(Written::Number(text.to_owned()), text.to_owned()),
            _ => Entry::text(text),
        };
        match origin {
            Origin::Caller | Origin::Signature => Ok(None),
            Origin::Credential(path) => Ok(self.public_text(path).map(of_kind)),
            Origin::Option(id) => Ok(self.option(*id).map(of_kind)),
            Origin::Constant(text) => Ok(Some(of_kind(text))),
            Origin::Token => {
                let name = self.provider.token.as_ref().map(|token| token.name.wire.as_str());
                let token = name.and_then(|name| self.settings.tokens.get(name));
                token.map(|token| Some(of_kind(token))).ok_or(PrepareError::NoToken)
            }
            Origin::Now => {
                let format = match &sent.field.kind {
                    Kind::Timestamp(format) => format.clone(),
                    Kind::Date(pattern) => ir::TimeFormat::Pattern(pattern.clone()),
                    _ => ir::TimeFormat::UnixSeconds,
                };
                self.write_instant(&format, now).map(Some).ok_or(PrepareError::Clock)
            }
        }
    }

    /// Outer fields and payload, in order on the wire, without the signature.
    pub(crate) fn outer(&self, operation: &Operation, entries: &Map<Entry>) -> Vec<(String, Written)> {
        let of = |carrier: Carrier| {
            operation
                .request
                .iter()
                .filter(move |sent| sent.carrier == carrier)
                .filter_map(|sent| Some((sent.field.name.wire.as_str(), entries.get(&sent.field.name.wire)?)))
        };
        let mut outer: Vec<(String, Written)> =
            of(Carrier::Outer).map(|(name, entry)| (name.to_owned(), entry.written.clone())).collect();
        if let Some(payload) = &operation.payload {
            let text = json::object(of(Carrier::Payload).map(|(name, entry)| (name, entry.written.json())));
            outer.push((payload.name.wire.clone(), Written::Text(text)));
        }
        outer
    }

    fn sign(&self, operation: &Operation, entries: &Map<Entry>) -> Result<Message, PrepareError> {
        let mut outer = self.outer(operation, entries);
        let (mut signed_text, mut signature) = (SignedText::default(), None);
        if let Some(recipe) = self.recipe(&operation.signature) {
            let dropped = self.with_source(operation, &outer, |source| self.dropped(recipe, source))??;
            outer.retain(|(name, _)| !dropped.contains(name));
            signed_text = self.with_source(operation, &outer, |source| self.signed_text(recipe, source))??;
            let sealed = self.seal(&recipe.seal, signed_text.bytes())?;
            outer.push((recipe.place.clone(), Written::Text(sealed.clone())));
            signature = Some(sealed);
        }
        let wire = self.wire(operation.body, &outer)?;
        let (query, body, content_type) = match operation.body {
            Body::Query => (String::from_utf8_lossy(&wire).into_owned(), Vec::new(), None),
            Body::Form => (String::new(), wire, Some("application/x-www-form-urlencoded")),
            Body::Json => (String::new(), wire, Some("application/json")),
        };
        Ok(Message {
            method: method_name(operation.method),
            url: self.url(operation, &query)?,
            query,
            body,
            content_type,
            text: signed_text,
            signature,
            fields: outer.into_iter().map(|(name, written)| (name, written.plain().to_owned())).collect(),
        })
    }

    /// Shows the message to a recipe. The raw body is the one without the signature, which is not known yet.
    fn with_source<T>(
        &self,
        operation: &Operation,
        outer: &[(String, Written)],
        apply: impl FnOnce(&Source<'_>) -> T,
    ) -> Result<T, PrepareError> {
        let items: Vec<(String, Item)> = outer.iter().map(|(name, written)| (name.clone(), item(operation.body, written))).collect();
        let wire = self.wire(operation.body, outer)?;
        let mut source = Source {
            method: method_name(operation.method),
            path: &operation.path,
            ..Source::default()
        };
        match operation.body {
            Body::Query => source.query = &items,
            Body::Form | Body::Json => (source.body, source.raw_body) = (&items, &wire),
        }
        Ok(apply(&source))
    }

    /// The bytes of a query, form or JSON body.
    fn wire(&self, body: Body, fields: &[(String, Written)]) -> Result<Vec<u8>, PrepareError> {
        let bytes = match body {
            Body::Query | Body::Form => {
                let pairs: Vec<(String, String)> =
                    fields.iter().map(|(name, written)| (name.clone(), written.plain().to_owned())).collect();
                form::write(&pairs, self.charset, self.provider.defaults.space).map(String::into_bytes)
            }
            Body::Json => {
                let members = fields.iter().map(|(name, written)| (name.as_str(), written.json()));
                text::encode(self.charset, &json::object(members))
            }
        };
        bytes.ok_or(PrepareError::Charset)
    }

    fn url(&self, operation: &Operation, query: &str) -> Result<String, PrepareError> {
        let host = &self.provider[operation.host].wire;
        let address = self.settings.hosts.get(host).cloned().or_else(|| {
            self.provider.environments.iter().find_map(|environment| {
                match environment.hosts.get(operation.host.0) {
                    Some(ir::HostAddress::Fixed(address)) => Some(address.clone()),
                    _ => None,
                }
            })
        });
        let address = address.ok_or_else(|| PrepareError::NoAddress { host: host.clone() })?;
        let mark = if query.is_empty() { "" } else { "?" };
        Ok(format!("{}{}{mark}{query}", address.trim_end_matches('/'), operation.path))
    }
}

impl Check<'_> {
    /// An input must be a field that the caller fills.
    fn not_ours(&mut self, name: &str, request: &[SentField]) {
        match request.iter().find(|sent| sent.field.name.wire == name) {
            None => self.report(false, name, Problem::Unknown),
            Some(sent) if sent.origin != Origin::Caller || matches!(sent.field.kind, Kind::Fixed(_)) => {
                self.report(false, name, Problem::NotYours);
            }
            Some(_) => {}
        }
    }
}

fn trimmed(entry: Entry) -> Entry {
    Entry { canonical: text::trim(&entry.canonical).to_owned(), written: entry.written.trimmed(), rows: entry.rows }
}

/// A recipe sees structures of a JSON body as such; in a form everything is text.
fn item(body: Body, written: &Written) -> Item {
    match (body, written) {
        (Body::Json, Written::Structure(_)) => Item::Nested,
        (_, written) => Item::Text(written.plain().to_owned()),
    }
}

pub(crate) fn method_name(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
    }
}
