//! What we send: inputs to a signed message.
//!
//! The road: check and write every field, leave out what the recipe drops, compose and seal the text, and write
//! the query or the body in the order of the spec, the payload behind the outer fields and the signature last.

use payspec_codegen::ir::{self, Body, Carrier, Kind, Method, Operation, Origin, SentField};
use thiserror::Error;

use crate::recipe::{Item, Source};
use crate::seal::SealError;
use crate::signed_text::{RecipeError, SignedText};
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
    pub content_type: Option<String>,
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

/// The parameters of a message that is to be sent.
struct Outgoing {
    query: Vec<(String, Written)>,
    /// Of a form or JSON object.
    body: Vec<(String, Written)>,
}

impl Outgoing {
    /// Where fields with this carrier go.
    fn part(&mut self, operation: &Operation, carrier: Carrier) -> &mut Vec<(String, Written)> {
        if operation.body == Body::Query || carrier == Carrier::Query {
            &mut self.query
        } else {
            &mut self.body
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
    fn fill(&self, operation: &Operation, inputs: &Map<Value>, now: Instant) -> Result<Filled, PrepareError> {
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
        let list = self.recipe(&operation.signature).and_then(|recipe| recipe.list.as_ref());
        sent.carrier != Carrier::Payload && list.is_some_and(|list| list.trim)
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

    /// Query and body, each in order on the wire, the payload behind the outer fields, without the signature.
    fn outgoing(&self, operation: &Operation, entries: &[Option<Entry>]) -> Outgoing {
        let of = |carrier: Carrier| {
            let here = operation.request.iter().zip(entries).filter(move |(sent, _)| sent.carrier == carrier);
            here.filter_map(|(sent, entry)| {
                Some((sent.field.name.wire.clone(), entry.as_ref()?.written.clone()))
            })
        };
        let mut outgoing = Outgoing { query: of(Carrier::Query).collect(), body: Vec::new() };
        outgoing.part(operation, Carrier::Outer).extend(of(Carrier::Outer));
        if let Some(payload) = &operation.payload {
            let members: Vec<(String, Written)> = of(Carrier::Payload).collect();
            let text = json::object(members.iter().map(|(name, written)| (name.as_str(), written.json())));
            outgoing.part(operation, Carrier::Outer).push((payload.name.wire.clone(), Written::Text(text)));
        }
        outgoing
    }

    fn sign(&self, operation: &Operation, entries: &[Option<Entry>]) -> Result<Message, PrepareError> {
        let mut outgoing = self.outgoing(operation, entries);
        let (mut signed_text, mut signature) = (SignedText::default(), None);
        if let Some(recipe) = self.recipe(&operation.signature) {
            let dropped = self.with_source(operation, &outgoing, |source| self.dropped(recipe, source))??;
            outgoing.query.retain(|(name, _)| !dropped.contains(name));
            outgoing.body.retain(|(name, _)| !dropped.contains(name));
            signed_text =
                self.with_source(operation, &outgoing, |source| self.signed_text(recipe, source))??;
            let sealed = self.seal(&recipe.seal, signed_text.bytes())?;
            let is_place =
                |sent: &&SentField| sent.origin == Origin::Signature && sent.field.name.wire == recipe.place;
            let place = operation.request.iter().find(is_place);
            let carrier = place.map_or(Carrier::Outer, |sent| sent.carrier);
            outgoing.part(operation, carrier).push((recipe.place.clone(), Written::Text(sealed.clone())));
            signature = Some(sealed);
        }
        let query = self.pairs(&outgoing.query)?;
        let (body, media_type) = match operation.body {
            Body::Query => (Vec::new(), None),
            Body::Form => {
                (self.pairs(&outgoing.body)?.into_bytes(), Some("application/x-www-form-urlencoded"))
            }
            Body::Json => (self.json_body(&outgoing.body)?, Some("application/json")),
        };
        let charset = text::charset_name(self.charset);
        let fields = outgoing.query.into_iter().chain(outgoing.body);
        Ok(Message {
            method: method_name(operation.method),
            url: self.url(operation, &query)?,
            query,
            body,
            content_type: media_type.map(|media_type| format!("{media_type}; charset={charset}")),
            text: signed_text,
            signature,
            fields: fields.map(|(name, written)| (name, written.plain().to_owned())).collect(),
        })
    }

    /// Shows the message to a recipe. A body that will carry the signature is shown without it.
    fn with_source<T>(
        &self,
        operation: &Operation,
        outgoing: &Outgoing,
        apply: impl FnOnce(&Source<'_>) -> T,
    ) -> Result<T, PrepareError> {
        let items = |fields: &[(String, Written)]| -> Vec<(String, Item)> {
            fields.iter().map(|(name, written)| (name.clone(), item(operation.body, written))).collect()
        };
        let raw_body = match operation.body {
            Body::Query => Vec::new(),
            Body::Form => self.pairs(&outgoing.body)?.into_bytes(),
            Body::Json => self.json_body(&outgoing.body)?,
        };
        let payload = operation.payload.as_ref().and_then(|payload| {
            let mut all = outgoing.query.iter().chain(&outgoing.body);
            all.find(|(name, _)| *name == payload.name.wire).map(|(_, written)| written.plain().to_owned())
        });
        let shown_body =
            text::decode(self.charset, &raw_body).and_then(|body| self.hidden_body(operation, &body));
        Ok(apply(&Source {
            query: &items(&outgoing.query),
            body: &items(&outgoing.body),
            method: method_name(operation.method),
            path: &operation.path,
            raw_body: &raw_body,
            result: None,
            hidden: &self.hidden(operation, payload.as_deref()),
            shown_body: shown_body.as_deref(),
        }))
    }

    /// A query or form.
    fn pairs(&self, fields: &[(String, Written)]) -> Result<String, PrepareError> {
        let pairs: Vec<(String, String)> =
            fields.iter().map(|(name, written)| (name.clone(), written.plain().to_owned())).collect();
        form::write(&pairs, self.charset, self.provider.defaults.space).ok_or(PrepareError::Charset)
    }

    fn json_body(&self, fields: &[(String, Written)]) -> Result<Vec<u8>, PrepareError> {
        let members = fields.iter().map(|(name, written)| (name.as_str(), written.json()));
        text::encode(self.charset, &json::object(members)).ok_or(PrepareError::Charset)
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
