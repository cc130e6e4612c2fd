//! The provider's side, going out: answers, written and signed. Callbacks are in `notice`.
//!
//! Recipes run as they do for requests, with the halves of keys that the provider has. What an answer holds is the
//! caller's choice; here its values are written by the kinds of their fields.

use payspec_codegen::ir::{self, ReplyBody, ReplyShape};
use thiserror::Error;

use crate::Interpreter;
use crate::draft::{Draft, Layout};
use crate::json::{self, JsonKind};
use crate::seal::SealError;
use crate::signed_text::{RecipeError, SignedText};
use crate::supplied::Supplied;
use crate::time::Instant;
use crate::validate::{Check, Violation};
use crate::value::{Map, Value};
use crate::write::Written;

/// An answer that is to be written and signed.
///
/// Values are those of a request (see [`Value`]); [`Value::Json`] is written as it is, whatever the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Members of the outer object, without the signature.
    pub members: Map<Value>,
    /// The data: an object with the common data fields and the operation's own, or the single value.
    pub data: Option<Value>,
    /// The data is a fault: it stands in the fault member.
    pub fault: bool,
}

/// A signed answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyMessage {
    /// The body.
    pub body: Vec<u8>,
    /// Its type.
    pub content_type: String,
    /// The other headers.
    pub headers: Vec<(String, String)>,
    /// The text that was signed, of several recipes that of the last; empty if nothing is.
    pub text: SignedText,
    /// Every text by name, in the order of signing, those of parts (`recipe.part`) before their recipe.
    pub texts: Vec<(String, SignedText)>,
}

/// Why nothing can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// The spec has no such operation with a reply, no such callback, or no such shape of it.
    #[error("the spec has no reply or callback `{name}` of this shape")]
    UnknownName {
        /// The name.
        name: String,
    },
    /// A value does not fit its field. The first.
    #[error(transparent)]
    Value(#[from] Violation),
    /// The recipe refuses the values.
    #[error(transparent)]
    Recipe(RecipeError),
    /// The keys do not fit.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The charset of the provider cannot write it.
    #[error("the charset of the provider cannot write the message")]
    Charset,
}

impl From<RecipeError> for GatewayError {
    fn from(error: RecipeError) -> Self {
        match error {
            RecipeError::Seal(error) => Self::Seal(error),
            error => Self::Recipe(error),
        }
    }
}

impl Interpreter {
    /// Writes and signs an answer; what comes out is the body.
    ///
    /// # Errors
    /// [`GatewayError`]: a value that does not fit its field, a key without its private half.
    pub fn sign_reply(&self, operation: &str, answer: &Answer) -> Result<Vec<u8>, GatewayError> {
        Ok(self.sign_reply_with(operation, answer, &Supplied::default())?.body)
    }

    /// The same with everything that belongs to it, and with given and fresh values.
    ///
    /// # Errors
    /// As [`Interpreter::sign_reply`].
    pub fn sign_reply_with(
        &self,
        operation: &str,
        answer: &Answer,
        supplied: &Supplied,
    ) -> Result<ReplyMessage, GatewayError> {
        let unknown = || GatewayError::UnknownName { name: operation.to_owned() };
        let reply =
            self.operation(operation).and_then(|operation| operation.reply.as_ref()).ok_or_else(unknown)?;
        let envelope = &self.provider[reply.envelope];
        let mut members = self.write_members(&envelope.members, &answer.members)?;
        let data = match &answer.data {
            Some(data) => Some(self.write_data(reply, data)?),
            None => None,
        };
        let fault = envelope.data.as_ref().and_then(|data| data.fault.as_ref());
        let place = if answer.fault { fault } else { reply.member.as_ref() };
        match (&data, place, &answer.data) {
            (Some(data), Some(place), _) => members.push((place.clone(), data.clone())),
            // No data member: the data stands beside the others.
            (Some(_), None, Some(Value::Object(own))) => {
                // What an outcome asks of the envelope is a member of both.
                for (name, json) in self.write_members(own_fields(&reply.shape), own)? {
                    match members.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, known)) => *known = json,
                        None => members.push((name, json)),
                    }
                }
            }
            _ => {}
        }
        let layout = match envelope.body {
            ReplyBody::Json => Layout::Json,
            ReplyBody::Xml => Layout::Xml(String::from("xml")),
        };
        let mut draft = Draft::new(self.charset, self.provider.defaults.space, layout);
        draft.result = data;
        draft.hidden = self.hidden_received(&envelope.members);
        for (name, json) in members {
            match envelope.members.iter().find(|own| own.field.name.wire == name).map(|own| &own.header) {
                Some(Some(header)) => draft.headers.push((header.clone(), text_of(&json))),
                _ => draft.body.push((name, Written::Structure(json))),
            }
        }
        let made = self.sign_draft(&envelope.signature, &mut draft, &Draft::view, supplied)?;
        Ok(ReplyMessage {
            body: draft.body_bytes().ok_or(GatewayError::Charset)?,
            content_type: draft.media_type().unwrap_or_default(),
            headers: draft.headers,
            text: made.text,
            texts: made.texts,
        })
    }

    /// The JSON of the data.
    fn write_data(&self, reply: &ir::Reply, data: &Value) -> Result<String, GatewayError> {
        match (&reply.shape, data) {
            (ReplyShape::Value(field), value) => self.write_json(field, value),
            (shape, Value::Object(own)) => {
                let common = &self.provider[reply.envelope].data_fields;
                let fields: Vec<ir::ReceivedField> =
                    common.iter().chain(own_fields(shape)).cloned().collect();
                Ok(object(&self.write_members(&fields, own)?))
            }
            (_, value) => self.write_any(value),
        }
    }

    fn write_members(
        &self,
        fields: &[ir::ReceivedField],
        values: &Map<Value>,
    ) -> Result<Vec<(String, String)>, GatewayError> {
        let write = |(name, value): (&str, &Value)| {
            let known = fields.iter().find(|received| received.field.name.wire == name);
            let json = match known {
                Some(received) => self.write_json(&received.field, value)?,
                None => self.write_any(value)?,
            };
            Ok((name.to_owned(), json))
        };
        values.iter().map(write).collect()
    }

    /// The text of a value in a form or query: what [`Interpreter::sign_callback`] wants.
    ///
    /// # Errors
    /// [`GatewayError::Value`]: the value does not fit the field.
    pub fn wire_text(&self, field: &ir::Field, value: &Value) -> Result<String, GatewayError> {
        Ok(self.written(field, value)?.plain().to_owned())
    }

    fn write_json(&self, field: &ir::Field, value: &Value) -> Result<String, GatewayError> {
        if let Value::Json(_) = value {
            return self.write_any(value);
        }
        Ok(self.written(field, value)?.json())
    }

    fn written(&self, field: &ir::Field, value: &Value) -> Result<Written, GatewayError> {
        let mut check = Check::new(self, Instant::from_unix_seconds(0));
        let name = &field.name.wire;
        let written = check.write(name, &field.kind, value);
        match (written, check.violations.into_iter().next()) {
            (Ok(entry), None) => Ok(entry.written),
            (Err(problem), _) => Err(Violation { path: name.clone(), problem }.into()),
            (Ok(_), Some(violation)) => Err(violation.into()),
        }
    }

    pub(crate) fn write_any(&self, value: &Value) -> Result<String, GatewayError> {
        let mut check = Check::new(self, Instant::from_unix_seconds(0));
        let json = check.any("", value);
        match check.violations.into_iter().next() {
            Some(violation) => Err(violation.into()),
            None => Ok(json),
        }
    }
}

/// The text of a JSON string, or the JSON itself.
fn text_of(json: &str) -> String {
    match json::parse(json).map(|json| json.kind) {
        Ok(JsonKind::Text(text)) => text,
        _ => json.to_owned(),
    }
}

fn own_fields(shape: &ReplyShape) -> &[ir::ReceivedField] {
    match shape {
        ReplyShape::Fields(fields) => fields,
        ReplyShape::Nothing | ReplyShape::Value(_) => &[],
    }
}

fn object(members: &[(String, String)]) -> String {
    json::object(members.iter().map(|(name, json)| (name.as_str(), json.clone())))
}
