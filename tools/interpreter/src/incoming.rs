//! What came in, before anything about it is believed: shape, decoding, repeated names, and how it is refused.

use std::fmt;

use payspec_codegen::ir;
use thiserror::Error;

use crate::form::{self, FormError};
use crate::json::{self, Json, JsonError, JsonKind};
use crate::node::Node;
use crate::read::{Raw, ReadError};
use crate::seal::SealError;
use crate::signed_text::RecipeError;
use crate::stored::Stored;
use crate::validate::Violation;
use crate::xml::{self, XmlError};
use crate::{Interpreter, multipart, text};

/// Callbacks beyond this many bytes are refused unread.
const MAX_BYTES: usize = 64 * 1024;

/// A message as it came in: the raw bytes.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The raw query, without `?`.
    pub query: &'a [u8],
    /// The raw body.
    pub body: &'a [u8],
    /// The content type, if there is one.
    pub content_type: Option<&'a str>,
    /// The headers, each as often as it came.
    pub headers: &'a [(String, String)],
    /// The public URL, as its sender saw it; needed where a recipe signs it or a part of it.
    pub url: Option<&'a str>,
}

impl<'a> Incoming<'a> {
    /// A message without headers and URL.
    #[must_use]
    pub const fn new(
        method: &'a str,
        query: &'a [u8],
        content_type: Option<&'a str>,
        body: &'a [u8],
    ) -> Self {
        Self { method, query, body, content_type, headers: &[], url: None }
    }

    /// With these headers.
    #[must_use]
    pub const fn headers(self, headers: &'a [(String, String)]) -> Self {
        Self { headers, ..self }
    }

    /// Sent to this URL.
    #[must_use]
    pub const fn url(self, url: &'a str) -> Self {
        Self { url: Some(url), ..self }
    }
}

/// An empty `GET`.
impl Default for Incoming<'_> {
    fn default() -> Self {
        Self::new("GET", b"", None, b"")
    }
}

/// Shows neither query, headers nor body: all may hold personal data.
impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, query, body, content_type, headers, url: _ } = self;
        let (query, body, headers) = (query.len(), body.len(), headers.len());
        write!(f, "Incoming({method} {content_type:?}, {query} and {body} bytes, {headers} headers)")
    }
}

/// Why a message is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The spec has no callback or operation of this name.
    #[error("the spec does not know `{name}`")]
    UnknownName {
        /// The name.
        name: String,
    },
    /// Another method or content type than the spec says.
    #[error("the message does not come as the spec says")]
    OtherShape,
    /// Too many bytes.
    #[error("the message has more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// A `%` without two hexadecimal digits.
    #[error("a `%` is not followed by two hexadecimal digits")]
    BadPercent,
    /// Bytes that are no text in the charset of the provider.
    #[error("the bytes are no text in the charset of the provider")]
    BadCharset,
    /// A value without a name, or more pairs than any provider sends.
    #[error("a value has no name, or there are too many")]
    BadForm,
    /// The body is no JSON object.
    #[error("the body is no JSON object: {0}")]
    BadJson(JsonError),
    /// The body is no XML that is accepted.
    #[error("the body is no XML: {0}")]
    BadXml(XmlError),
    /// The body is no form of parts that is accepted.
    #[error("the body is no form of parts")]
    BadMultipart,
    /// A name occurs twice.
    #[error("`{name}` occurs twice")]
    RepeatedField {
        /// The name.
        name: String,
    },
    /// There is no signature.
    #[error("there is no signature in `{name}`")]
    MissingSignature {
        /// The field.
        name: String,
    },
    /// The signature is empty.
    #[error("the signature in `{name}` is empty")]
    EmptySignature {
        /// The field.
        name: String,
    },
    /// The signature is not written as hexadecimal digits or base64.
    #[error("the signature is not written as it should be")]
    MalformedSignature,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    SignatureMismatch,
    /// The recipe cannot be applied.
    #[error(transparent)]
    Recipe(RecipeError),
    /// The keys of the settings do not fit.
    #[error(transparent)]
    Seal(SealError),
    /// The message says that it is signed with another algorithm than the configured one.
    #[error("`{name}` names another algorithm than the configured one")]
    OtherAlgorithm {
        /// The field.
        name: String,
    },
    /// A field is not the configured credential.
    #[error("`{name}` is somebody else's")]
    ForSomebodyElse {
        /// The field.
        name: String,
    },
    /// Another notice that shares the address.
    #[error("this is another notice")]
    OtherNotice,
    /// A required field is absent.
    #[error("`{name}` is missing")]
    MissingField {
        /// Where.
        name: String,
    },
    /// A field is not of its kind.
    #[error("`{name}` is not {wanted}")]
    BadField {
        /// Where.
        name: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// Sent too long ago, or in the future.
    #[error("`{name}` is {seconds} seconds away from now")]
    Stale {
        /// The field that says when it was sent.
        name: String,
        /// How far, in either direction.
        seconds: u64,
    },
    /// A request carries a secret.
    #[error("the message carries the secret `{credential}`")]
    CarriesSecret {
        /// The credential.
        credential: String,
    },
    /// A request has a field that its operation does not have.
    #[error("`{name}` is no field of this operation")]
    UnknownField {
        /// The field.
        name: String,
    },
    /// A request that a provider would not take. All violations.
    #[error("{} violations, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid(Vec<Violation>),
}

impl From<FormError> for Refusal {
    fn from(error: FormError) -> Self {
        match error {
            FormError::Percent => Self::BadPercent,
            FormError::Charset => Self::BadCharset,
            FormError::Pairs => Self::BadForm,
        }
    }
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Repeated { name } => Self::RepeatedField { name },
            error => Self::BadJson(error),
        }
    }
}

impl From<XmlError> for Refusal {
    fn from(error: XmlError) -> Self {
        Self::BadXml(error)
    }
}

impl From<RecipeError> for Refusal {
    fn from(error: RecipeError) -> Self {
        match error {
            RecipeError::Seal(error) => Self::Seal(error),
            error => Self::Recipe(error),
        }
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Missing { path } => Self::MissingField { name: path },
            ReadError::Bad { path, wanted } => Self::BadField { name: path, wanted },
        }
    }
}

/// A parameter that was received.
pub(crate) enum Parameter<'a> {
    Text(String),
    Json(Json<'a>),
}

impl Parameter<'_> {
    pub(crate) fn raw(&self) -> Raw<'_> {
        match self {
            Self::Text(text) => Raw::Text(text),
            Self::Json(json) => Raw::Json(json),
        }
    }

    fn node(&self) -> Node {
        match self {
            Self::Text(text) => Node::Text(text.clone()),
            Self::Json(json) => Node::of(json),
        }
    }
}

/// Parameters as recipes see them.
pub(crate) fn nodes(parameters: &[(String, Parameter<'_>)]) -> Vec<(String, Node)> {
    parameters.iter().map(|(name, parameter)| (name.clone(), parameter.node())).collect()
}

/// The parameters of a message, decoded, in order.
pub(crate) struct Parameters<'a> {
    pub(crate) query: Vec<(String, Parameter<'a>)>,
    pub(crate) body: Vec<(String, Parameter<'a>)>,
}

impl Parameters<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&Parameter<'_>> {
        self.all().find(|(own, _)| own == name).map(|(_, parameter)| parameter)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &(String, Parameter<'_>)> {
        self.query.iter().chain(&self.body)
    }

    /// A name that stands in query and body counts as repeated, unless they are two messages: `apart`.
    pub(crate) fn refuse_repeated(self, apart: bool) -> Result<Self, Refusal> {
        let in_query = self.query.iter().map(|(name, _)| name.as_str());
        let in_body = self.body.iter().map(|(name, _)| name.as_str());
        let repeated = if apart {
            form::repeated(in_query).or_else(|| form::repeated(in_body))
        } else {
            form::repeated(in_query.chain(in_body))
        };
        match repeated.map(str::to_owned) {
            Some(name) => Err(Refusal::RepeatedField { name }),
            None => Ok(self),
        }
    }
}

/// Too much to be read at all.
pub(crate) fn refuse_too_large(query: &[u8], body: &[u8]) -> Result<(), Refusal> {
    if query.len().saturating_add(body.len()) > MAX_BYTES {
        return Err(Refusal::TooLarge { limit: MAX_BYTES });
    }
    Ok(())
}

impl Interpreter {
    /// The pairs of a query or form.
    pub(crate) fn read_form(&self, bytes: &[u8]) -> Result<Stored, Refusal> {
        Ok(Stored::Pairs(form::parse(bytes, self.charset)?))
    }

    /// The text of a JSON or XML body.
    pub(crate) fn body_text(&self, bytes: &[u8]) -> Result<String, Refusal> {
        text::decode(self.charset, bytes).ok_or(Refusal::BadCharset)
    }

    /// The children of the root of an XML body.
    pub(crate) fn read_xml(&self, bytes: &[u8]) -> Result<Stored, Refusal> {
        Ok(Stored::Xml(xml::children(&self.body_text(bytes)?)?))
    }

    /// The body of a callback.
    pub(crate) fn read_body(&self, shape: ir::Receive, incoming: &Incoming<'_>) -> Result<Stored, Refusal> {
        match shape {
            ir::Receive::GetQuery => Ok(Stored::Pairs(Vec::new())),
            ir::Receive::PostForm => self.read_form(incoming.body),
            ir::Receive::PostJson => Ok(Stored::Json(self.body_text(incoming.body)?)),
            ir::Receive::PostXml => self.read_xml(incoming.body),
            ir::Receive::PostMultipart => {
                let content_type = incoming.content_type.unwrap_or_default();
                let pairs = multipart::parse(content_type, incoming.body, self.charset);
                pairs.map(Stored::Pairs).ok_or(Refusal::BadMultipart)
            }
        }
    }
}

/// The members of a JSON body.
pub(crate) fn read_members(text: &str) -> Result<Vec<(String, Parameter<'_>)>, Refusal> {
    match json::parse(text)?.kind {
        JsonKind::Object(members) => {
            Ok(members.0.into_iter().map(|(name, json)| (name, Parameter::Json(json))).collect())
        }
        _ => Err(Refusal::BadJson(JsonError::Syntax { at: 0 })),
    }
}

/// The JSON body as it would be if names and texts had come without outer white space. Everything else keeps its
/// exact text.
pub(crate) fn trimmed_members(text: &str) -> Result<String, Refusal> {
    let members = read_members(text)?;
    let members = members.iter().map(|(name, parameter)| {
        let value = match parameter {
            Parameter::Json(Json { kind: JsonKind::Text(text), .. }) if text::trim(text) != text => {
                json::quote(text::trim(text))
            }
            Parameter::Json(json) => json.raw.to_owned(),
            Parameter::Text(text) => json::quote(text),
        };
        format!("{}:{value}", json::quote(text::trim(name)))
    });
    Ok(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
}

/// In which of its shapes a callback came. A body without a type is taken: the signature decides.
pub(crate) fn shape(incoming: &Incoming<'_>, receive: &[ir::Receive]) -> Result<ir::Receive, Refusal> {
    let media_type = incoming.content_type.map(|kind| text::trim(kind.split(';').next().unwrap_or_default()));
    let is_of = |wanted: &str| media_type.is_none_or(|kind| kind.eq_ignore_ascii_case(wanted));
    let fits = |shape: &ir::Receive| match shape {
        ir::Receive::GetQuery => incoming.method == "GET",
        ir::Receive::PostForm => incoming.method == "POST" && is_of("application/x-www-form-urlencoded"),
        ir::Receive::PostJson => incoming.method == "POST" && is_of("application/json"),
        ir::Receive::PostXml => incoming.method == "POST" && (is_of("text/xml") || is_of("application/xml")),
        ir::Receive::PostMultipart => {
            incoming.method == "POST" && media_type.is_some() && is_of("multipart/form-data")
        }
    };
    receive.iter().copied().find(fits).ok_or(Refusal::OtherShape)
}
