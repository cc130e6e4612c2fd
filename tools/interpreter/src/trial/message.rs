//! The message of a trial: one that can be changed, as far as recipes see it.
//!
//! Fields, headers, raw body, raw query and URL are changed each by itself, as mishaps change them: nothing is parsed or
//! written again in between. What stands in it is data that somebody sent, so that `Debug` shows names only.

use std::fmt;

use crate::json;
use crate::node::Node;
use crate::value::Map;
use crate::view::View;

/// A message as recipes see it, which can be changed. Nothing about it is believed.
#[derive(Clone)]
pub struct TrialMessage {
    pub(super) view: View,
    /// The fresh values of a request, which its signer knows.
    pub(super) fresh: Option<Map<String>>,
    /// What is taken for the text at the place of the signature instead of what stands there.
    pub(super) signature: Option<String>,
}

impl TrialMessage {
    pub(super) fn of(view: View) -> Self {
        Self { view, fresh: None, signature: None }
    }

    /// The fields in the order of the wire: those of the query, then those of the body.
    #[must_use]
    pub fn fields(&self) -> Vec<TrialField> {
        let of = |in_query: bool| {
            move |(name, node): &(String, Node)| TrialField {
                name: name.clone(),
                value: TrialValue::of(node),
                in_query,
            }
        };
        self.view.query.iter().map(of(true)).chain(self.view.body.iter().map(of(false))).collect()
    }

    /// Puts other fields in their place. The raw query and body stay as they are.
    pub fn set_fields(&mut self, fields: Vec<TrialField>) {
        let (query, body): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| field.in_query);
        let pairs = |fields: Vec<TrialField>| {
            fields.into_iter().map(|field| (field.name, field.value.node())).collect::<Vec<_>>()
        };
        (self.view.query, self.view.body) = (pairs(query), pairs(body));
    }

    /// Replaces the value of a field, by its place among [`TrialMessage::fields`].
    pub fn set_value(&mut self, index: usize, value: TrialValue) {
        if let Some((_, node)) = self.view.query.iter_mut().chain(&mut self.view.body).nth(index) {
            *node = value.node();
        }
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.view.headers
    }

    /// Puts other headers in their place.
    pub fn set_headers(&mut self, headers: Vec<(String, String)>) {
        self.view.headers = headers;
    }

    /// The raw body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.view.raw_body
    }

    /// Puts another raw body in its place. The fields stay as they are.
    pub fn set_body(&mut self, body: Vec<u8>) {
        self.view.raw_body = body;
    }

    /// The raw query; `None` for a reply.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.view.raw_query.as_deref()
    }

    /// Puts another raw query in its place, here and in the URL. The fields stay as they are.
    pub fn set_query(&mut self, query: &str) {
        if let Some(url) = &self.view.url {
            let before = url.split('?').next().unwrap_or_default();
            let mark = if query.is_empty() { "" } else { "?" };
            self.view.url = Some(format!("{before}{mark}{query}"));
        }
        self.view.raw_query = Some(query.to_owned());
    }

    /// The whole URL as the signer saw it, where it is known.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.view.url.as_deref()
    }

    /// Puts another URL in its place, whose query becomes that of the message.
    pub fn set_url(&mut self, url: &str) {
        self.view.raw_query = Some(url.split_once('?').map_or("", |(_, query)| query).to_owned());
        self.view.url = Some(url.to_owned());
    }

    /// The method; `None` for a reply.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.view.method.as_deref()
    }

    /// The raw text of the data of a reply.
    #[must_use]
    pub fn result(&self) -> Option<&[u8]> {
        self.view.result.as_deref()
    }

    /// Puts another raw text of the data in its place.
    pub fn set_result(&mut self, result: Vec<u8>) {
        self.view.result = Some(result);
    }

    /// Takes this for what stands at the place of the signature.
    pub fn set_signature(&mut self, written: &str) {
        self.signature = Some(written.to_owned());
    }

    /// It was made by the interpreter, which knows its fresh values.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.fresh.is_some()
    }
}

/// Shows names only: values may be personal data.
impl fmt::Debug for TrialMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.view.all().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("TrialMessage").field("fields", &names).finish_non_exhaustive()
    }
}

/// A field of a [`TrialMessage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialField {
    /// Its name on the wire.
    pub name: String,
    /// Its value.
    pub value: TrialValue,
    /// It stands in the query, not in the body.
    pub in_query: bool,
}

/// A value of a [`TrialMessage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrialValue {
    /// JSON `null`.
    Null,
    /// Text.
    Text(String),
    /// A JSON number, in its own characters.
    Number(String),
    /// `true` or `false` of JSON.
    Flag(String),
    /// An object or array, in its own characters.
    Json(String),
}

impl TrialValue {
    /// Its characters; of `null` none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Text(text) | Self::Number(text) | Self::Flag(text) | Self::Json(text) => text,
        }
    }

    fn of(node: &Node) -> Self {
        match node {
            Node::Null => Self::Null,
            Node::Text(text) => Self::Text(text.clone()),
            Node::Number(text) => Self::Number(text.clone()),
            Node::Flag(text) => Self::Flag(text.clone()),
            Node::List { raw, .. } | Node::Object { raw, .. } => Self::Json(raw.clone()),
        }
    }

    fn node(self) -> Node {
        match self {
            Self::Null => Node::Null,
            Self::Text(text) => Node::Text(text),
            Self::Number(text) => Node::Number(text),
            Self::Flag(text) => Node::Flag(text),
            Self::Json(text) => match json::parse(&text) {
                Ok(json) => Node::of(&json),
                Err(_) => Node::Text(text),
            },
        }
    }
}
