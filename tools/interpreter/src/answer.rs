//! The provider's side, going out: answers and callbacks, written and signed.
//!
//! Recipes run as they do for requests, with the halves of keys that the provider has. What an answer holds is the
//! caller's choice; here its values are written by the kinds of their fields.

use payspec_codegen::ir::{self, Receive, ReplyShape};
use thiserror::Error;

use crate::json::{self, JsonKind};
use crate::recipe::{Item, Source};
use crate::seal::SealError;
use crate::signed_text::{RecipeError, SignedText};
use crate::time::Instant;
use crate::validate::{Check, Violation};
use crate::value::{Map, Value};
use crate::write::Written;
use crate::{Interpreter, form, text};

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

/// A signed callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackMessage {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The query, without `?`.
    pub query: String,
    /// The body.
    pub body: Vec<u8>,
    /// The type of the body.
    pub content_type: Option<&'static str>,
    /// The text that was signed; empty if nothing is.
    pub text: SignedText,
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
    Recipe(#[from] RecipeError),
    /// The keys do not fit.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The charset of the provider cannot write it.
    #[error("the charset of the provider cannot write the message")]
    Charset,
}

impl Interpreter {
    /// Writes and signs an answer.
    ///
    /// # Errors
    /// [`GatewayError`]: a value that does not fit its field, a key without its private half.
    pub fn sign_reply(&self, operation: &str, answer: &Answer) -> Result<Vec<u8>, GatewayError> {
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
                members.extend(self.write_members(own_fields(&reply.shape), own)?);
            }
            _ => {}
        }
        if let Some(recipe) = self.recipe(&envelope.signature) {
            let signature = self.sign_members(recipe, &members, data.as_deref())?;
            members.push((recipe.place.clone(), json::quote(&signature)));
        }
        text::encode(self.charset, &object(&members)).ok_or(GatewayError::Charset)
    }

    fn sign_members(
        &self,
        recipe: &ir::Recipe,
        members: &[(String, String)],
        data: Option<&str>,
    ) -> Result<String, GatewayError> {
        let whole = object(members);
        let encode = |text: &str| text::encode(self.charset, text).ok_or(GatewayError::Charset);
        let result = data.map(encode).transpose()?;
        let raw_body = encode(&whole)?;
        let parsed = json::parse(&whole).map_err(|_| GatewayError::Charset)?;
        let items: Vec<(String, Item)> = match &parsed.kind {
            JsonKind::Object(members) => {
                members.0.iter().map(|(name, json)| (name.clone(), Item::of(json))).collect()
            }
            _ => Vec::new(),
        };
        let source =
            Source { body: &items, raw_body: &raw_body, result: result.as_deref(), ..Source::default() };
        Ok(self.seal(&recipe.seal, self.signed_text(recipe, &source)?.bytes())?)
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

    fn write_any(&self, value: &Value) -> Result<String, GatewayError> {
        let mut check = Check::new(self, Instant::from_unix_seconds(0));
        let json = check.any("", value);
        match check.violations.into_iter().next() {
            Some(violation) => Err(violation.into()),
            None => Ok(json),
        }
    }

    /// Signs and writes a callback in one of its shapes. The fields are as they shall be on the wire, without the
    /// signature, which is put behind them.
    ///
    /// # Errors
    /// [`GatewayError`]: no such callback or shape, a key without its private half.
    pub fn sign_callback(
        &self,
        callback: &str,
        fields: &[(String, String)],
        shape: Receive,
    ) -> Result<CallbackMessage, GatewayError> {
        let unknown = || GatewayError::UnknownName { name: callback.to_owned() };
        let callback =
            self.callback(callback).filter(|known| known.receive.contains(&shape)).ok_or_else(unknown)?;
        let method = if shape == Receive::GetQuery { "GET" } else { "POST" };
        let mut fields = fields.to_vec();
        let mut text = SignedText::default();
        if let Some(recipe) = self.recipe(&callback.signature) {
            let items: Vec<(String, Item)> =
                fields.iter().map(|(name, value)| (name.clone(), Item::Text(value.clone()))).collect();
            let raw_body = self.write_fields(&fields, shape)?;
            let mut source = Source { method, ..Source::default() };
            match shape {
                Receive::GetQuery => source.query = &items,
                Receive::PostForm | Receive::PostJson => (source.body, source.raw_body) = (&items, &raw_body),
            }
            text = self.signed_text(recipe, &source)?;
            fields.push((recipe.place.clone(), self.seal(&recipe.seal, text.bytes())?));
        }
        let wire = self.write_fields(&fields, shape)?;
        let (query, body, content_type) = match shape {
            Receive::GetQuery => (String::from_utf8_lossy(&wire).into_owned(), Vec::new(), None),
            Receive::PostForm => (String::new(), wire, Some("application/x-www-form-urlencoded")),
            Receive::PostJson => (String::new(), wire, Some("application/json")),
        };
        Ok(CallbackMessage { method, query, body, content_type, text })
    }

    fn write_fields(&self, fields: &[(String, String)], shape: Receive) -> Result<Vec<u8>, GatewayError> {
        let bytes = match shape {
            Receive::GetQuery | Receive::PostForm => {
                form::write(fields, self.charset, self.provider.defaults.space).map(String::into_bytes)
            }
            Receive::PostJson => {
                let members = fields.iter().map(|(name, value)| (name.as_str(), json::quote(value)));
                text::encode(self.charset, &json::object(members))
            }
        };
        bytes.ok_or(GatewayError::Charset)
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
