//! The provider's side, for the fake provider: requests that come in. What goes out is in `answer`.
//!
//! The same recipes run in the other direction: what the client signs is verified here. The settings are the mirror image: see [`Settings`](crate::Settings) for the halves of keys.

use payspec_codegen::ir::{self, Algorithm, Body, Carrier, Kind, Operation, Origin, Piece, SentField};

use crate::callback::header_raw;
use crate::credentials::CredentialValue;
use crate::incoming::{self, Incoming, Parameters, Refusal};
use crate::json::{self, Json, JsonKind, Members};
use crate::place::place_name;
use crate::read::Raw;
use crate::request::{is_callers, method_name};
use crate::sign::own_places;
use crate::signed_text::SignedText;
use crate::stored::Stored;
use crate::supplied::Supplied;
use crate::time::Instant;
use crate::value::{Map, Value};
use crate::verify::Checked;
use crate::view::View;
use crate::{Interpreter, text};

/// A request whose signature fitted and that the provider would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The outer fields as they came, decoded, in order.
    pub fields: Vec<(String, String)>,
    /// What the caller gave: could be given to [`Interpreter::prepare`].
    pub inputs: Map<Value>,
    /// The text that was signed, of several recipes that of the last; empty if nothing is.
    pub text: SignedText,
    /// Every text by name, in the order of signing, those of parts (`recipe.part`) before their recipe.
    pub texts: Vec<(String, SignedText)>,
}

impl Interpreter {
    /// Verifies and checks a request as the provider would.
    ///
    /// `operation` is a name of the spec, `now` the provider's clock.
    ///
    /// # Errors
    /// [`Refusal`]: wrong shape, wrong signature, a secret on the wire, a field that is missing, unknown, not of its
    /// kind or out of its limits.
    pub fn check_request(
        &self,
        operation: &str,
        method: &str,
        query: &[u8],
        body: &[u8],
        now: Instant,
    ) -> Result<ReceivedRequest, Refusal> {
        self.check_incoming(operation, &Incoming::new(method, query, None, body), now, &Supplied::default())
    }

    /// The same for a message with headers, a URL, and given values. Without a URL it is what the settings say.
    ///
    /// # Errors
    /// As [`Interpreter::check_request`].
    pub fn check_incoming(
        &self,
        operation: &str,
        incoming: &Incoming<'_>,
        now: Instant,
        supplied: &Supplied,
    ) -> Result<ReceivedRequest, Refusal> {
        let (operation, query, body) = self.read_request(operation, incoming)?;
        let parameters = self.request_parameters(operation, &query, &body)?;
        self.refuse_secrets(operation, &parameters)?;
        let supplied = Supplied { now: Some(supplied.now.unwrap_or(now)), ..supplied.clone() };
        let view = self.view_of_request(operation, &parameters, incoming);
        let checked = self.check_view(&operation.signature, view, &supplied, true)?;
        self.refuse_unknown(operation, &parameters)?;
        let inputs = self.read_inputs(operation, &parameters, incoming, &checked)?;
        let violations = self.check_inputs(operation, &inputs, now).violations;
        if !violations.is_empty() {
            return Err(Refusal::Invalid(violations));
        }
        let fields = parameters
            .all()
            .map(|(name, value)| (name.clone(), plain_text(&value.raw()).to_owned()))
            .collect();
        Ok(ReceivedRequest { fields, inputs, text: checked.text, texts: checked.texts })
    }

    /// The texts that the recipes of a request compose for this message, whether or not the signature fits. See
    /// [`Interpreter::received_texts`].
    ///
    /// # Errors
    /// [`Refusal`]: the message cannot be read, or a recipe cannot be applied to it.
    pub fn request_texts(
        &self,
        operation: &str,
        incoming: &Incoming<'_>,
        supplied: &Supplied,
    ) -> Result<Vec<(String, SignedText)>, Refusal> {
        let (operation, query, body) = self.read_request(operation, incoming)?;
        let parameters = self.request_parameters(operation, &query, &body)?;
        let view = self.view_of_request(operation, &parameters, incoming);
        Ok(self.check_view(&operation.signature, view, supplied, false)?.texts)
    }

    /// Query and body, decoded.
    pub(crate) fn read_request(
        &self,
        operation: &str,
        incoming: &Incoming<'_>,
    ) -> Result<(&Operation, Stored, Stored), Refusal> {
        let unknown = || Refusal::UnknownName { name: operation.to_owned() };
        let operation = self.operation(operation).ok_or_else(unknown)?;
        incoming::refuse_too_large(incoming.query, incoming.body)?;
        let has_wrong_body = operation.body == Body::Query && !incoming.body.is_empty();
        if incoming.method != method_name(operation.method) || has_wrong_body {
            return Err(Refusal::OtherShape);
        }
        let body = match operation.body {
            Body::Query | Body::Raw => Stored::Pairs(Vec::new()),
            Body::Form => self.read_form(incoming.body)?,
            Body::Json => Stored::Json(self.body_text(incoming.body)?),
            Body::Xml => self.read_xml(incoming.body)?,
        };
        Ok((operation, self.read_form(incoming.query)?, body))
    }

    /// Beside a JSON or XML body the query is a message of its own, and may have members of the same name.
    pub(crate) fn request_parameters<'s>(
        &self,
        operation: &Operation,
        query: &'s Stored,
        body: &'s Stored,
    ) -> Result<Parameters<'s>, Refusal> {
        let apart = matches!(operation.body, Body::Json | Body::Xml);
        let parameters = Parameters { query: query.parameters()?, body: body.parameters()? };
        match self.repeated(&operation.signature) {
            ir::Repeated::Refuse => parameters.refuse_repeated(apart),
            ir::Repeated::Each | ir::Repeated::Distinct => Ok(parameters),
        }
    }

    pub(crate) fn view_of_request(
        &self,
        operation: &Operation,
        parameters: &Parameters<'_>,
        incoming: &Incoming<'_>,
    ) -> View {
        let payload = operation.payload.as_ref().and_then(|payload| parameters.get(&payload.name.wire));
        let payload = payload.map(|payload| plain_text(&payload.raw()).to_owned());
        let shown = self.body_text(incoming.body).ok();
        let raw_query = String::from_utf8_lossy(incoming.query).into_owned();
        let url = incoming.url.map(str::to_owned).or_else(|| {
            let mark = if raw_query.is_empty() { "" } else { "?" };
            Some(format!("{}{mark}{raw_query}", self.url(operation).ok()?))
        });
        View {
            method: Some(incoming.method.to_owned()),
            url,
            raw_query: Some(raw_query),
            headers: incoming.headers.to_vec(),
            query: incoming::nodes(&parameters.query),
            body: incoming::nodes(&parameters.body),
            raw_body: incoming.body.to_vec(),
            hidden: self.hidden(operation, payload.as_deref()),
            shown_body: shown.and_then(|body| self.hidden_body(operation, &body)),
            ..View::default()
        }
    }

    /// A secret may be signed, never sent: neither its value nor the name under which it is signed may occur.
    /// (A constant as the only proof is the one exception: that is the secret itself, in its own place.)
    fn refuse_secrets(&self, operation: &Operation, parameters: &Parameters<'_>) -> Result<(), Refusal> {
        let recipes: Vec<&ir::Recipe> =
            operation.signature.recipes().into_iter().map(|id| &self.provider[id]).collect();
        let constants = recipes.iter().filter(|recipe| recipe.seal.algorithm == Algorithm::None);
        let constants: Vec<String> = constants.flat_map(|recipe| own_places(recipe, 0)).collect();
        for (credential, secret) in secrets(&self.settings.credentials) {
            let is_public = |name: &str, value: &str| {
                let mut own = operation.request.iter().filter(|sent| sent.field.name.wire == name);
                own.any(|sent| match &sent.origin {
                    Origin::Credential(path) => self.public_text(path) == Some(value),
                    _ => false,
                })
            };
            let mut sent = parameters.all().filter(|(name, value)| {
                !constants.contains(name) && !is_public(name, plain_text(&value.raw()))
            });
            if sent.any(|(_, value)| plain_text(&value.raw()).contains(secret)) {
                return Err(Refusal::CarriesSecret { credential });
            }
        }
        let added = recipes.iter().filter_map(|recipe| recipe.list.as_ref()).flat_map(|list| &list.add);
        for (name, pieces) in added {
            let is_field = operation.request.iter().any(|sent| sent.field.name.wire == *name);
            if !is_field && parameters.get(name).is_some() && self.holds_secret(pieces) {
                return Err(Refusal::CarriesSecret { credential: name.clone() });
            }
        }
        Ok(())
    }

    fn holds_secret(&self, pieces: &[Piece]) -> bool {
        pieces.iter().any(|piece| match piece {
            Piece::Value { from: ir::Operand::Credential(path), .. } => {
                matches!(self.settings.credential(path), Some(CredentialValue::Secret(_)))
            }
            _ => false,
        })
    }

    fn refuse_unknown(&self, operation: &Operation, parameters: &Parameters<'_>) -> Result<(), Refusal> {
        let payload = operation.payload.as_ref().filter(|_| !self.encrypts(operation));
        let payload = payload.map(|payload| payload.name.wire.as_str());
        let placed = self.placed(operation);
        let is_known = |name: &str, in_query: bool| {
            let mut here =
                operation.request.iter().filter(|sent| is_in_query(operation, sent.carrier) == in_query);
            let is_payload = Some(name) == payload && is_in_query(operation, Carrier::Outer) == in_query;
            let is_sent = |sent: &SentField| match (&sent.field.kind, sent.carrier) {
                (_, Carrier::Payload | Carrier::Header | Carrier::Body) => false,
                (Kind::Rows { of, .. }, _) if self.is_in_rows(*of, name) => true,
                _ => sent.field.name.wire == name,
            };
            is_payload || placed.iter().any(|own| own == name) || here.any(is_sent)
        };
        let mut of_query = parameters.query.iter().filter(|(name, _)| !is_known(name, true));
        let mut of_body = parameters.body.iter().filter(|(name, _)| !is_known(name, false));
        match of_query.next().or_else(|| of_body.next()) {
            Some((name, _)) => Err(Refusal::UnknownField { name: name.clone() }),
            None => Ok(()),
        }
    }

    /// The names that recipes write into query and body: results, and fresh values with a place of their own.
    fn placed(&self, operation: &Operation) -> Vec<String> {
        let mut placed = Vec::new();
        for id in operation.signature.recipes() {
            let recipe = &self.provider[id];
            placed.extend(own_places(recipe, 0));
            placed.extend(recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref()).map(place_name));
        }
        placed
    }

    /// What the caller gave; what the client fills in is compared with what it should be.
    fn read_inputs(
        &self,
        operation: &Operation,
        parameters: &Parameters<'_>,
        incoming: &Incoming<'_>,
        checked: &Checked,
    ) -> Result<Map<Value>, Refusal> {
        let body = text::decode(self.charset, incoming.body);
        let payload_text = self.payload_text(operation, parameters, checked)?;
        let parsed = json::parse(&payload_text)?;
        let payload = known_payload(operation, &parsed)?;
        let mut inputs = Map::new();
        for sent in &operation.request {
            let name = &sent.field.name.wire;
            let part =
                if is_in_query(operation, sent.carrier) { &parameters.query } else { &parameters.body };
            if let Kind::Rows { of, from } = sent.field.kind {
                let rows = self.read_rows(&sent.field, of, from, part)?;
                inputs.extend(rows.map(|rows| (name.clone(), rows)));
                continue;
            }
            let raw = match sent.carrier {
                Carrier::Outer | Carrier::Query => {
                    part.iter().find(|(own, _)| own == name).map(|(_, value)| value.raw())
                }
                Carrier::Payload => payload.get(name).map(Raw::Json),
                Carrier::Header => header_raw(incoming.headers, name)?,
                Carrier::Body => Some(Raw::Text(body.as_deref().ok_or(Refusal::BadCharset)?)),
            };
            if is_callers(sent) {
                let reading = self.read_field(name, &sent.field, raw)?;
                inputs.extend(reading.map(|reading| (name.clone(), reading.value)));
            } else {
                self.compare_own(sent, raw)?;
            }
        }
        Ok(inputs)
    }

    /// The JSON text of the payload, opened where it came encrypted.
    fn payload_text(
        &self,
        operation: &Operation,
        parameters: &Parameters<'_>,
        checked: &Checked,
    ) -> Result<String, Refusal> {
        let Some(payload) = &operation.payload else { return Ok(String::from("{}")) };
        let text = if self.encrypts(operation) {
            checked.opened.first().map(|(_, plain)| plain.clone())
        } else {
            parameters.get(&payload.name.wire).map(|value| plain_text(&value.raw()).to_owned())
        };
        text.ok_or_else(|| Refusal::MissingField { name: payload.name.wire.clone() })
    }

    /// Constants and public credentials are known; a time must be one. Options and tokens are the client's.
    fn compare_own(&self, sent: &SentField, raw: Option<Raw<'_>>) -> Result<(), Refusal> {
        let name = || sent.field.name.wire.clone();
        let told = match (&sent.field.kind, raw) {
            (Kind::Fixed(_), raw) => raw.map(|raw| plain_text(&raw).to_owned()),
            (_, raw) => {
                self.read_field(&sent.field.name.wire, &sent.field, raw)?.map(|reading| reading.canonical)
            }
        };
        let Some(told) = told else {
            return match sent.field.kind {
                Kind::Fixed(_) if sent.field.required => Err(Refusal::MissingField { name: name() }),
                _ => Ok(()),
            };
        };
        match (&sent.field.kind, &sent.origin) {
            (Kind::Fixed(text), _) | (_, Origin::Constant(text)) if told != *text => {
                Err(Refusal::BadField { name: name(), wanted: "the constant of this operation" })
            }
            (_, Origin::Credential(path)) if Some(told.as_str()) != self.public_text(path) => {
                Err(Refusal::ForSomebodyElse { name: name() })
            }
            _ => Ok(()),
        }
    }
}

/// The members of the payload, all of which the operation must have.
fn known_payload<'j>(operation: &Operation, parsed: &'j Json<'j>) -> Result<&'j Members<'j>, Refusal> {
    let JsonKind::Object(payload) = &parsed.kind else {
        return Err(Refusal::BadField { name: String::from("payload"), wanted: "a JSON object" });
    };
    let is_known = |name: &str| {
        let mut inner = operation.request.iter().filter(|sent| sent.carrier == Carrier::Payload);
        inner.any(|sent| sent.field.name.wire == name)
    };
    match payload.0.iter().find(|(name, _)| !is_known(name)) {
        Some((name, _)) => Err(Refusal::UnknownField { name: name.clone() }),
        None => Ok(payload),
    }
}

/// Whether fields with this carrier travel in the query.
fn is_in_query(operation: &Operation, carrier: Carrier) -> bool {
    operation.body == Body::Query || carrier == Carrier::Query
}

/// Every secret with the name of its credential.
fn secrets(credentials: &Map<CredentialValue>) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    for (name, value) in credentials.iter() {
        match value {
            CredentialValue::Secret(secret) => found.push((name.to_owned(), secret.expose())),
            CredentialValue::Choice { members, .. } => found.extend(secrets(members)),
            _ => {}
        }
    }
    found
}

/// The text of a value, or its JSON.
fn plain_text<'a>(raw: &Raw<'a>) -> &'a str {
    match raw {
        Raw::Text(text) => text,
        Raw::Json(Json { kind: JsonKind::Text(text), .. }) => text,
        Raw::Json(json) => json.raw,
    }
}
