//! The provider's side, going out: callbacks, written in one of their shapes and signed.
//!
//! Recipes run as they do for requests, with the halves of keys that the provider has. The fields are as they shall be
//! on the wire; only what recipes place is added.

use payspec_codegen::ir::{self, Callback, Receive};

use crate::Interpreter;
use crate::answer::GatewayError;
use crate::draft::{self, Draft, Layout};
use crate::signed_text::{RecipeError, SignedText};
use crate::supplied::Supplied;
use crate::value::Value;
use crate::write::{Written, is_json_flag};
use crate::{form, json};

/// A callback that is to be signed: what stands where, before recipes place anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Parameters of the query, behind those of the URL that is supplied.
    pub query: Vec<(String, String)>,
    /// Fields of the body, of a `GET` of the query; names may repeat. [`Value::Json`] is written as it is inside JSON
    /// and XML.
    pub body: Vec<(String, Value)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
}

/// A signed callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackMessage {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The query, without `?`; with that of the URL that was given, if it has one.
    pub query: String,
    /// The body.
    pub body: Vec<u8>,
    /// The type of the body.
    pub content_type: Option<String>,
    /// The other headers.
    pub headers: Vec<(String, String)>,
    /// The whole URL, if one was given.
    pub url: Option<String>,
    /// The text that was signed, of several recipes that of the last; empty if nothing is.
    pub text: SignedText,
    /// Every text by name, in the order of signing, those of parts (`recipe.part`) before their recipe.
    pub texts: Vec<(String, SignedText)>,
}

impl Interpreter {
    /// Signs and writes a callback in one of its shapes. The fields are as they shall be on the wire, without what
    /// recipes place; a field that the spec reads from a header becomes one.
    ///
    /// # Errors
    /// [`GatewayError`]: no such callback or shape, a key without its private half.
    pub fn sign_callback(
        &self,
        callback: &str,
        fields: &[(String, String)],
        shape: Receive,
    ) -> Result<CallbackMessage, GatewayError> {
        self.sign_callback_with(callback, fields, shape, &Supplied::default())
    }

    /// The same with given and fresh values, and with the URL to which it will be sent.
    ///
    /// # Errors
    /// As [`Interpreter::sign_callback`].
    pub fn sign_callback_with(
        &self,
        callback: &str,
        fields: &[(String, String)],
        shape: Receive,
        supplied: &Supplied,
    ) -> Result<CallbackMessage, GatewayError> {
        let mut notice = Notice::default();
        let known = self.callback(callback).map(|callback| callback.fields.as_slice()).unwrap_or_default();
        for (name, value) in fields {
            let known = known.iter().find(|received| received.field.name.wire == *name);
            match known.and_then(|received| received.header.as_ref()) {
                Some(header) => notice.headers.push((header.clone(), value.clone())),
                None => notice.body.push((name.clone(), as_sent(known, value))),
            }
        }
        self.sign_notice(callback, &notice, shape, supplied)
    }

    /// Signs and writes a callback whose parts are given one by one: for messages that differ from what the spec
    /// expects.
    ///
    /// # Errors
    /// As [`Interpreter::sign_callback`].
    pub fn sign_notice(
        &self,
        callback: &str,
        notice: &Notice,
        shape: Receive,
        supplied: &Supplied,
    ) -> Result<CallbackMessage, GatewayError> {
        let unknown = || GatewayError::UnknownName { name: callback.to_owned() };
        let callback =
            self.callback(callback).filter(|known| known.receive.contains(&shape)).ok_or_else(unknown)?;
        let mut draft = self.draft_of_notice(callback, notice, shape, supplied)?;
        let made = self.sign_draft(&callback.signature, &mut draft, &Draft::view, supplied)?;
        Ok(CallbackMessage {
            method: if shape == Receive::GetQuery { "GET" } else { "POST" },
            query: draft.query_text().ok_or(GatewayError::Charset)?,
            body: draft.body_bytes().ok_or(GatewayError::Charset)?,
            content_type: draft.media_type(),
            url: draft.whole_url(),
            headers: draft.headers,
            text: made.text,
            texts: made.texts,
        })
    }

    fn draft_of_notice(
        &self,
        callback: &Callback,
        notice: &Notice,
        shape: Receive,
        supplied: &Supplied,
    ) -> Result<Draft, GatewayError> {
        let is_post = shape != Receive::GetQuery;
        let mut draft = Draft::new(self.charset, self.provider.defaults.space, draft::layout_of(shape));
        draft.method = Some(if is_post { "POST" } else { "GET" });
        draft.body_alone = is_post && self.provider.reads_body_alone(&callback.signature);
        draft.hidden = self.hidden_received(&callback.fields);
        if let Some(url) = &supplied.url {
            let (url, query) = url.split_once('?').unwrap_or((url, ""));
            draft.url = Some(url.to_owned());
            let pairs = form::parse(query.as_bytes(), self.charset).map_err(|_| GatewayError::Charset)?;
            draft.query = pairs.into_iter().map(|(name, value)| (name, Written::Text(value))).collect();
        }
        let query = notice.query.iter().map(|(name, value)| (name.clone(), Written::Text(value.clone())));
        draft.query.extend(query);
        for (name, value) in &notice.headers {
            if !draft::is_header_value(value) {
                return Err(RecipeError::Unwritable { place: name.clone() }.into());
            }
            draft.headers.push((name.clone(), value.clone()));
        }
        for (name, value) in &notice.body {
            let written = match value {
                Value::Text(text) => Written::Text(text.clone()),
                value => Written::Structure(self.write_any(value)?),
            };
            let part = if draft.layout == Layout::None { &mut draft.query } else { &mut draft.body };
            part.push((name.clone(), written));
        }
        Ok(draft)
    }
}

/// A value inside JSON or XML: text, but for fields that the spec does not write as text.
fn as_sent(known: Option<&ir::ReceivedField>, value: &str) -> Value {
    use ir::{JsonForm::Number, Kind};
    let is_json = match known.map(|received| &received.field.kind) {
        Some(
            Kind::Object(_)
            | Kind::List { join: None, .. }
            | Kind::RawJson
            | Kind::Integer { json: Number }
            | Kind::Decimal { json: Number, .. }
            | Kind::Amount { json: Number, .. },
        ) => true,
        Some(Kind::Flag { yes, no }) => is_json_flag(yes, no),
        _ => false,
    };
    if is_json && json::parse(value).is_ok() {
        Value::Json(value.to_owned())
    } else {
        Value::Text(value.to_owned())
    }
}
