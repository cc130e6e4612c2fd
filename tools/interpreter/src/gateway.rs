//! The provider's side, for the fake provider: requests that come in. What goes out is in `answer`.
//!
//! The same recipes run in the other direction: what the client signs is verified here. The settings are the mirror image: see [`Settings`](crate::Settings) for the halves of keys.

use payspec_codegen::ir::{self, Body, Carrier, Kind, Operation, Origin, Piece, SentField};

use crate::Interpreter;
use crate::callback::received_signature;
use crate::credentials::CredentialValue;
use crate::incoming::{self, Parameters, Refusal};
use crate::json::{self, JsonKind};
use crate::read::Raw;
use crate::recipe::Source;
use crate::request::{is_callers, method_name};
use crate::signed_text::SignedText;
use crate::time::Instant;
use crate::value::{Map, Value};

/// A request whose signature fitted and that the provider would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The outer fields as they came, decoded, in order.
    pub fields: Vec<(String, String)>,
    /// What the caller gave: could be given to [`Interpreter::prepare`].
    pub inputs: Map<Value>,
    /// The text that was signed; empty if nothing is.
    pub text: SignedText,
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
        let operation =
            self.operation(operation).ok_or_else(|| Refusal::UnknownName { name: operation.to_owned() })?;
        incoming::refuse_too_large(query, body)?;
        if method != method_name(operation.method) || (operation.body == Body::Query && !body.is_empty()) {
            return Err(Refusal::OtherShape);
        }
        let json = if operation.body == Body::Json { self.body_text(body)? } else { String::new() };
        let members = match operation.body {
            Body::Query => Vec::new(),
            Body::Form => self.read_form(body)?,
            Body::Json => incoming::read_members(&json)?,
        };
        // Beside a JSON body the query is a message of its own, and may have members of the same name.
        let apart = operation.body == Body::Json;
        let parameters =
            Parameters { query: self.read_form(query)?, body: members }.refuse_repeated(apart)?;
        self.refuse_secrets(operation, &parameters)?;
        let text = self.verify_request(operation, &parameters, body)?;
        self.refuse_unknown(operation, &parameters)?;
        let inputs = self.read_inputs(operation, &parameters)?;
        let checked = self.check_inputs(operation, &inputs, now);
        if !checked.violations.is_empty() {
            return Err(Refusal::Invalid(checked.violations));
        }
        let fields = parameters
            .all()
            .map(|(name, value)| (name.clone(), plain_text(&value.raw()).to_owned()))
            .collect();
        Ok(ReceivedRequest { fields, inputs, text })
    }

    /// A secret may be signed, never sent: neither its value nor the name under which it is signed may occur.
    fn refuse_secrets(&self, operation: &Operation, parameters: &Parameters<'_>) -> Result<(), Refusal> {
        for (credential, secret) in secrets(&self.settings.credentials) {
            if parameters.all().any(|(_, value)| plain_text(&value.raw()).contains(secret)) {
                return Err(Refusal::CarriesSecret { credential });
            }
        }
        let list = self.recipe(&operation.signature).and_then(|recipe| recipe.list.as_ref());
        let added = list.map(|list| list.add.as_slice()).unwrap_or_default();
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
            Piece::Value { from: ir::Part::Credential(path), .. } => {
                matches!(self.settings.credential(path), Some(CredentialValue::Secret(_)))
            }
            _ => false,
        })
    }

    fn verify_request(
        &self,
        operation: &Operation,
        parameters: &Parameters<'_>,
        body: &[u8],
    ) -> Result<SignedText, Refusal> {
        let Some(recipe) = self.recipe(&operation.signature) else { return Ok(SignedText::default()) };
        let (query_items, body_items) = (parameters.query_items(), parameters.body_items());
        let payload = operation.payload.as_ref().and_then(|payload| parameters.get(&payload.name.wire));
        let payload = payload.map(|payload| plain_text(&payload.raw()).to_owned());
        let shown_body = self.body_text(body).ok().and_then(|body| self.hidden_body(operation, &body));
        let source = Source {
            query: &query_items,
            body: &body_items,
            method: method_name(operation.method),
            path: &operation.path,
            raw_body: body,
            result: None,
            hidden: &self.hidden(operation, payload.as_deref()),
            shown_body: shown_body.as_deref(),
        };
        let received = received_signature(parameters, &recipe.place)?;
        self.verify_readings(recipe, &source, received).map(|(_, text)| text)
    }

    fn refuse_unknown(&self, operation: &Operation, parameters: &Parameters<'_>) -> Result<(), Refusal> {
        let payload = operation.payload.as_ref().map(|payload| payload.name.wire.as_str());
        let is_known = |name: &str, in_query: bool| {
            let mut here =
                operation.request.iter().filter(|sent| is_in_query(operation, sent.carrier) == in_query);
            let is_payload = Some(name) == payload && is_in_query(operation, Carrier::Outer) == in_query;
            is_payload || here.any(|sent| sent.carrier != Carrier::Payload && sent.field.name.wire == name)
        };
        let mut of_query = parameters.query.iter().filter(|(name, _)| !is_known(name, true));
        let mut of_body = parameters.body.iter().filter(|(name, _)| !is_known(name, false));
        match of_query.next().or_else(|| of_body.next()) {
            Some((name, _)) => Err(Refusal::UnknownField { name: name.clone() }),
            None => Ok(()),
        }
    }

    /// What the caller gave; what the client fills in is compared with what it should be.
    fn read_inputs(&self, operation: &Operation, parameters: &Parameters<'_>) -> Result<Map<Value>, Refusal> {
        let payload_text = match &operation.payload {
            Some(payload) => match parameters.get(&payload.name.wire).map(|value| value.raw()) {
                Some(raw) => plain_text(&raw),
                None => return Err(Refusal::MissingField { name: payload.name.wire.clone() }),
            },
            None => "{}",
        };
        let parsed = json::parse(payload_text)?;
        let JsonKind::Object(payload) = &parsed.kind else {
            return Err(Refusal::BadField { name: String::from("payload"), wanted: "a JSON object" });
        };
        let unknown = payload.0.iter().find(|(name, _)| {
            let inner = |sent: &&SentField| sent.carrier == Carrier::Payload;
            !operation.request.iter().filter(inner).any(|sent| sent.field.name.wire == *name)
        });
        if let Some((name, _)) = unknown {
            return Err(Refusal::UnknownField { name: name.clone() });
        }
        let mut inputs = Map::new();
        for sent in &operation.request {
            let name = &sent.field.name.wire;
            let raw = match sent.carrier {
                carrier @ (Carrier::Outer | Carrier::Query) => {
                    let part =
                        if is_in_query(operation, carrier) { &parameters.query } else { &parameters.body };
                    part.iter().find(|(own, _)| own == name).map(|(_, value)| value.raw())
                }
                Carrier::Payload => payload.get(name).map(Raw::Json),
            };
            if is_callers(sent) {
                if let Some(reading) = self.read_field(name, &sent.field, raw)? {
                    inputs.insert(name.clone(), reading.value);
                }
            } else {
                self.compare_own(sent, raw)?;
            }
        }
        Ok(inputs)
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
        Raw::Json(json::Json { kind: JsonKind::Text(text), .. }) => text,
        Raw::Json(json) => json.raw,
    }
}
