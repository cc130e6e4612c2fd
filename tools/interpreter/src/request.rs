//! What we send: inputs to a signed message.
//!
//! The road: check and write every field, leave out what the recipe drops, compose and seal the text, and write
//! the query or the body in the order of the spec, the payload behind the outer fields and the signature last.

use payspec_codegen::ir::{self, Body, Carrier, Kind, Method, Operation, Origin, SentField};
use thiserror::Error;

use crate::draft::{self, Draft, Fields, Layout};
use crate::seal::SealError;
use crate::signed_text::{RecipeError, SignedText};
use crate::supplied::Supplied;
use crate::time::Instant;
use crate::validate::{Check, Problem, Violation};
use crate::value::{Map, Value};
use crate::view::View;
use crate::write::{Entry, Written};
use crate::{Interpreter, json, text};

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
    pub content_type: Option<String>,
    /// The other headers, in the order in which they were written.
    pub headers: Vec<(String, String)>,
    /// The text that was signed, of several recipes that of the last; empty if nothing is.
    pub text: SignedText,
    /// Every text by name, in the order of signing, those of parts (`recipe.part`) before their recipe.
    pub texts: Vec<(String, SignedText)>,
    /// The signature, of several recipes that of the last; `None` if nothing is signed.
    pub signature: Option<String>,
    /// The fresh values that the message was made with; bytes in hex.
    pub fresh: Map<String>,
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
    Recipe(RecipeError),
    /// The keys do not fit.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The charset of the provider, or XML, cannot write it.
    #[error("the charset of the provider cannot write the message")]
    Charset,
    /// The clock is outside of the years that can be written.
    #[error("the clock shows a time that cannot be written")]
    Clock,
}

impl From<RecipeError> for PrepareError {
    fn from(error: RecipeError) -> Self {
        match error {
            RecipeError::Seal(error) => Self::Seal(error),
            error => Self::Recipe(error),
        }
    }
}

/// Values for the fields of an operation.
pub(crate) struct Filled {
    /// For each field of the request, in order, its value if it has one.
    entries: Vec<Option<Entry>>,
    pub(crate) violations: Vec<Violation>,
    advice: Vec<Violation>,
}

impl Filled {
    /// For each field of the request, in order, its value if it has one.
    pub(crate) fn entries(&self) -> &[Option<Entry>] {
        &self.entries
    }
}

impl Interpreter {
    /// Checks, signs and writes a message.
    ///
    /// `operation` is a name of the spec, `inputs` are by wire name, `now` is the time of the message.
    ///
    /// # Errors
    /// [`PrepareError::Invalid`] has every violation; the others say what the settings lack.
    pub fn prepare(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        now: Instant,
    ) -> Result<Message, PrepareError> {
        self.prepare_with(operation, inputs, now, &Supplied::default())
    }

    /// The same with given values, and with fresh values that a test fixes.
    ///
    /// # Errors
    /// As [`Interpreter::prepare`].
    pub fn prepare_with(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        now: Instant,
        supplied: &Supplied,
    ) -> Result<Message, PrepareError> {
        let operation = self.known_operation(operation)?;
        let filled = self.fill(operation, inputs, now)?;
        if !filled.violations.is_empty() {
            return Err(PrepareError::Invalid(filled.violations));
        }
        let supplied = Supplied { now: Some(supplied.now.unwrap_or(now)), ..supplied.clone() };
        self.sign(operation, &filled.entries, &supplied)
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

    pub(crate) fn known_operation(&self, name: &str) -> Result<&Operation, PrepareError> {
        self.operation(name).ok_or_else(|| PrepareError::UnknownOperation { name: name.to_owned() })
    }

    /// The value of every field, and what is wrong with them.
    pub(crate) fn fill(
        &self,
        operation: &Operation,
        inputs: &Map<Value>,
        now: Instant,
    ) -> Result<Filled, PrepareError> {
        let mut filled = self.check_inputs(operation, inputs, now);
        for (sent, slot) in operation.request.iter().zip(&mut filled.entries) {
            if let Some(entry) = self.own_value(sent, now)? {
                let entry = if self.trims(operation, sent) { trimmed(entry) } else { entry };
                *slot = Some(entry).filter(|entry| !self.is_absent(entry.written.plain()));
            }
        }
        Ok(filled)
    }

    /// What the caller gives, and what is wrong with it.
    pub(crate) fn check_inputs(&self, operation: &Operation, inputs: &Map<Value>, now: Instant) -> Filled {
        let mut check = Check::new(self, now);
        let mut entries = Vec::new();
        let mut given = Map::new();
        for sent in &operation.request {
            let name = &sent.field.name.wire;
            let trim = self.trims(operation, sent);
            let value = inputs.get(name);
            let entry = if is_callers(sent) { check.field(name, &sent.field, value, trim) } else { None };
            if let Some(entry) = &entry {
                given.insert(name.clone(), entry.clone());
            }
            entries.push(entry);
        }
        let callers: Vec<&SentField> = operation.request.iter().filter(|sent| is_callers(sent)).collect();
        if check.violations.is_empty() {
            let fields: Vec<&ir::Field> = callers.iter().map(|sent| &sent.field).collect();
            check.rules("", &operation.rules, &fields, &given);
        }
        let is_named = |name: &str, sent: &&SentField| sent.field.name.wire == name;
        for (name, _) in inputs.iter().filter(|(name, _)| !callers.iter().any(|sent| is_named(name, sent))) {
            let is_own = operation.request.iter().any(|sent| is_named(name, &sent));
            check.report(false, name, if is_own { Problem::NotYours } else { Problem::Unknown });
        }
        Filled { entries, violations: check.violations, advice: check.advice }
    }

    /// Whether a value loses outer white space: a matter of the recipe, which sees the outer fields only.
    fn trims(&self, operation: &Operation, sent: &SentField) -> bool {
        sent.carrier != Carrier::Payload && self.is_trimmed(&operation.signature)
    }

    /// The canonical text of everything that is sent, as far as it depends neither on the time nor on a token.
    pub(crate) fn sent_texts(&self, operation: &Operation, inputs: &Map<Value>) -> Map<String> {
        let then = Instant::from_unix_seconds(0);
        let given = self.check_inputs(operation, inputs, then).entries;
        let of = |(sent, given): (&SentField, Option<Entry>)| {
            let own =
                if sent.origin == Origin::Now { None } else { self.own_value(sent, then).ok().flatten() };
            Some((sent.field.name.wire.clone(), given.or(own)?.canonical))
        };
        operation.request.iter().zip(given).filter_map(of).collect()
    }

    /// A value that the client fills in; `None` for the signature, and for an option that is not chosen.
    pub(crate) fn own_value(&self, sent: &SentField, now: Instant) -> Result<Option<Entry>, PrepareError> {
        let of_kind = |text: &str| match sent.field.kind {
            Kind::Integer { json: ir::JsonForm::Number } => {
                Entry::new(Written::Number(text.to_owned()), text.to_owned())
            }
            _ => Entry::text(text),
        };
        if let Kind::Fixed(text) = &sent.field.kind {
            return Ok(Some(Entry::text(text)));
        }
        match &sent.origin {
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

    /// The message without what recipes place: each part in order on the wire, the payload behind the outer fields.
    /// `url` is where it is sent; `None`: nobody knows.
    pub(crate) fn draft(
        &self,
        operation: &Operation,
        entries: &[Option<Entry>],
        url: Option<String>,
    ) -> Result<Draft, PrepareError> {
        let of = |carrier: Carrier| {
            let here = operation.request.iter().zip(entries).filter(move |(sent, _)| sent.carrier == carrier);
            here.filter_map(|(sent, entry)| {
                Some((sent.field.name.wire.clone(), entry.as_ref()?.written.clone()))
            })
        };
        let layout = match operation.body {
            Body::Query => Layout::None,
            Body::Form => Layout::Form,
            Body::Json => Layout::Json,
            Body::Xml => Layout::Xml(operation.root.clone()),
            Body::Raw => {
                let body = of(Carrier::Body).next();
                Layout::Raw(body.map(|(_, written)| written.plain().to_owned()).unwrap_or_default())
            }
        };
        let mut draft = Draft::new(self.charset, self.provider.defaults.space, layout);
        draft.method = Some(method_name(operation.method));
        draft.url = url;
        draft.query = flat(of(Carrier::Query));
        let outer = if draft.layout == Layout::None { &mut draft.query } else { &mut draft.body };
        outer.extend(flat(of(Carrier::Outer)));
        let mut payload_text = None;
        if let Some(payload) = &operation.payload {
            let members: Vec<(String, Written)> = of(Carrier::Payload).collect();
            let text = json::object(members.iter().map(|(name, written)| (name.as_str(), written.json())));
            // What is encrypted is not sent as it is.
            if self.encrypts(operation) {
                draft.payload = Some(text.clone());
            } else {
                outer.push((payload.name.wire.clone(), Written::Text(text.clone())));
            }
            payload_text = Some(text);
        }
        for (name, written) in of(Carrier::Header) {
            let value = written.plain().to_owned();
            if !draft::is_header_value(&value) {
                return Err(PrepareError::Recipe(RecipeError::Unwritable { place: name }));
            }
            draft.headers.push((name, value));
        }
        let placed = operation.request.iter().filter(|sent| sent.origin == Origin::Signature);
        let placed = placed.filter(|sent| sent.carrier == Carrier::Query);
        draft.placed_in_query = placed.map(|sent| sent.field.name.wire.clone()).collect();
        draft.hidden = self.hidden(operation, payload_text.as_deref());
        Ok(draft)
    }

    /// Whether a recipe of the request encrypts.
    pub(crate) fn encrypts(&self, operation: &Operation) -> bool {
        operation.signature.recipes().iter().any(|id| {
            let recipe = &self.provider[*id];
            recipe.is_encryption() || recipe.parts.iter().any(ir::Recipe::is_encryption)
        })
    }

    fn sign(
        &self,
        operation: &Operation,
        entries: &[Option<Entry>],
        supplied: &Supplied,
    ) -> Result<Message, PrepareError> {
        let mut draft = self.draft(operation, entries, Some(self.url(operation)?))?;
        if draft.body_bytes().is_none() || draft.query_text().is_none() {
            return Err(PrepareError::Charset);
        }
        let view_of = |draft: &Draft| self.view_of_draft(operation, draft);
        let view = view_of(&draft)?;
        for recipe in self.recipes(&operation.signature, &view)? {
            let dropped = self.dropped(recipe, &view)?;
            draft.query.retain(|(name, _)| !dropped.contains(name));
            draft.body.retain(|(name, _)| !dropped.contains(name));
        }
        let made = self.sign_draft(&operation.signature, &mut draft, &view_of, supplied)?;
        let content_type = match (&operation.body, draft.media_type()) {
            (Body::Raw, _) => operation.content_type.clone(),
            (_, media_type) => media_type
                .map(|media_type| format!("{media_type}; charset={}", text::charset_name(self.charset))),
        };
        let fields = draft::texts(&draft.query).into_iter().chain(draft::texts(&draft.body));
        Ok(Message {
            method: method_name(operation.method),
            url: draft.whole_url().ok_or(PrepareError::Charset)?,
            query: draft.query_text().ok_or(PrepareError::Charset)?,
            body: draft.body_bytes().ok_or(PrepareError::Charset)?,
            content_type,
            headers: draft.headers.clone(),
            text: made.text,
            texts: made.texts,
            signature: made.signature,
            fresh: made.fresh,
            fields: fields.collect(),
        })
    }

    /// A request in the making as its recipes see it.
    pub(crate) fn view_of_draft(&self, operation: &Operation, draft: &Draft) -> Result<View, RecipeError> {
        let view = draft.view()?;
        let shown = text::decode(self.charset, &view.raw_body);
        let shown_body = shown.and_then(|body| self.hidden_body(operation, &body));
        Ok(View { shown_body, ..view })
    }

    /// The URL without a query.
    pub(crate) fn url(&self, operation: &Operation) -> Result<String, PrepareError> {
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
        Ok(format!("{}{}", address.trim_end_matches('/'), operation.path))
    }
}

/// Whether the caller gives the value.
pub(crate) fn is_callers(sent: &SentField) -> bool {
    sent.origin == Origin::Caller && !matches!(sent.field.kind, Kind::Fixed(_))
}

fn trimmed(entry: Entry) -> Entry {
    Entry {
        canonical: text::trim(&entry.canonical).to_owned(),
        written: entry.written.trimmed(),
        rows: entry.rows,
    }
}

/// Rows as the pairs that they are sent as: how many there are, then their members.
fn flat(fields: impl Iterator<Item = (String, Written)>) -> Fields {
    let mut flat = Vec::new();
    for (name, written) in fields {
        match written {
            Written::Rows { count, members } => {
                flat.push((name, Written::Text(count)));
                flat.extend(members.into_iter().map(|(name, value)| (name, Written::Text(value))));
            }
            written => flat.push((name, written)),
        }
    }
    flat
}

pub(crate) fn method_name(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
    }
}
