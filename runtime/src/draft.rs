//! A request in the making, for recipes that need the whole message before they can sign it.
//!
//! Emitted code writes the request first: method and address, query, headers, body, all but what recipes place. The
//! draft can then be viewed as a [`Message`], so that the text to be signed is composed of what will be sent by the
//! function that also verifies; the result is placed; the draft becomes a [`Prepared`](crate::Prepared) or a
//! [`RedirectUrl`](crate::RedirectUrl). What is known to be personal stays marked, so that a shown text masks it.

mod pairs;

use std::{borrow::Cow, fmt};

pub use self::pairs::Pairs;
use crate::{
    AbsentWhen, Charset, Check, Form, Message, Method, NotSent, PrepareError, SignedText, Space,
    json::{self, DEPTH_LIMIT, JsonText, Object},
    message::{Address, Field, Headers},
    xml::{self, XmlUnwritable, XmlValue},
};

/// A request in the making.
pub struct Draft {
    method: Method,
    url: String,
    charset: Charset,
    space: Space,
    absent: AbsentWhen,
    query: Pairs,
    headers: Vec<(String, String)>,
    body: Body,
    payload: Option<Vec<u8>>,
    placed_in_query: &'static [&'static str],
    texts: Vec<String>,
    explains: bool,
    #[cfg(feature = "trace")]
    composed: Vec<u8>,
}

/// The body as it can still be added to.
enum Body {
    None,
    Form(Pairs),
    Json(Object),
    Xml { root: &'static str, object: Object },
    Raw { content_type: &'static str, text: String, hidden: bool },
}

/// What a draft became: the parts of a message that is sent.
pub(crate) struct Written {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) signed_text: Option<String>,
    #[cfg(feature = "trace")]
    pub(crate) composed: Vec<u8>,
}

impl Draft {
    pub(crate) fn new(method: Method, url: String, charset: Charset, space: Space) -> Self {
        Self {
            method,
            url,
            charset,
            space,
            absent: AbsentWhen::Empty,
            query: Pairs::new(),
            headers: Vec::new(),
            body: Body::None,
            payload: None,
            placed_in_query: &[],
            texts: Vec::new(),
            explains: false,
            #[cfg(feature = "trace")]
            composed: Vec::new(),
        }
    }

    pub(crate) fn with_settings(self, absent: AbsentWhen, explains: bool) -> Self {
        Self { absent, explains, ..self }
    }

    /// The query.
    pub fn query(&mut self, pairs: Pairs) {
        self.query = pairs;
    }

    /// The body is a form.
    pub fn form(&mut self, pairs: Pairs) {
        self.body = Body::Form(pairs);
    }

    /// The body is a JSON object.
    pub fn json(&mut self, object: Object) {
        self.body = Body::Json(object);
    }

    /// The body is XML: the members of the object are the children of the root.
    pub fn xml(&mut self, root: &'static str, object: Object) {
        self.body = Body::Xml { root, object };
    }

    /// The body is this text, of this content type.
    pub fn raw(&mut self, content_type: &'static str, text: &str) {
        self.body = Body::Raw { content_type, text: text.to_owned(), hidden: false };
    }

    /// The same, and it is personal data.
    pub fn sensitive_raw(&mut self, content_type: &'static str, text: &str) {
        self.body = Body::Raw { content_type, text: text.to_owned(), hidden: true };
    }

    /// A header.
    ///
    /// # Errors
    /// [`NotSent::Header`]: the value has a character that a header cannot hold.
    pub fn header(&mut self, name: &'static str, value: &str) -> Result<(), PrepareError> {
        self.place_header(name, value)
    }

    /// A header, if there is a value.
    ///
    /// # Errors
    /// As [`Draft::header`].
    pub fn header_if(&mut self, name: &'static str, value: Option<&str>) -> Result<(), PrepareError> {
        value.map_or(Ok(()), |value| self.header(name, value))
    }

    /// The plain text that a recipe will encrypt. It is not sent.
    ///
    /// # Errors
    /// The charset cannot write it.
    pub fn payload(&mut self, payload: &str) -> Result<(), PrepareError> {
        self.payload = Some(encoded(payload, self.charset)?);
        Ok(())
    }

    /// Fields of these names are placed in the query, although the request has a body.
    pub fn place_in_query(&mut self, names: &'static [&'static str]) {
        self.placed_in_query = names;
    }

    /// The request as it is written so far.
    ///
    /// # Errors
    /// A value that the charset, or XML, cannot write.
    pub fn message(&self) -> Result<Message<'_>, PrepareError> {
        let mut fields: Vec<Field<'_>> = self.query.fields(true).collect();
        let mut hidden = false;
        match &self.body {
            Body::None => {}
            Body::Form(pairs) => {
                hidden = pairs.fields(false).any(|field| field.hidden);
                fields.extend(pairs.fields(false));
            }
            Body::Json(object) => {
                let text = object.clone().finish();
                hidden = text.has_hidden();
                fields.extend(members(&text));
            }
            Body::Xml { root, object } => {
                let text = object.clone().finish();
                hidden = text.has_hidden();
                fields.extend(children(root, &text)?);
            }
            Body::Raw { hidden: is_hidden, .. } => hidden = *is_hidden,
        }
        let address = Address::of_request(self.method.as_str(), self.whole_url()?);
        let headers = Headers::of_texts(&self.headers);
        let message = Message::new(fields, address, self.body_bytes()?, self.charset, self.absent);
        let payload = self.payload.as_deref().map(Cow::Borrowed);
        Ok(message.with_headers(headers).with_hidden_body(hidden).with_payload(payload))
    }

    /// Writes the result of a recipe into a field: of the body, or of the query where there is no body.
    ///
    /// # Errors
    /// [`NotSent::Place`]: the field is there already, or the body has no fields.
    pub fn place_field(&mut self, name: &str, value: &str) -> Result<(), PrepareError> {
        if self.placed_in_query.contains(&name) {
            return self.place_query(name, value);
        }
        if self.message()?.fields().iter().any(|field| field.name == name && !field.in_query) {
            return Err(taken(name));
        }
        match &mut self.body {
            Body::None => return self.place_query(name, value),
            Body::Form(pairs) => pairs.pair(name, value),
            Body::Json(object) | Body::Xml { object, .. } => object.text_of(name, value),
            Body::Raw { .. } => return Err(taken(name)),
        }
        Ok(())
    }

    /// Writes the result of a recipe into a header.
    ///
    /// # Errors
    /// [`NotSent::Header`]: the value has a character that a header cannot hold. [`NotSent::Place`]: the header is
    /// there already.
    pub fn place_header(&mut self, name: &str, value: &str) -> Result<(), PrepareError> {
        if self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Err(taken(name));
        }
        let is_written = |byte: u8| matches!(byte, b' '..=b'~');
        if !is_header_name(name) || !value.bytes().all(is_written) {
            return Err(NotSent::Header { name: name.to_owned() }.into());
        }
        self.headers.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// Appends the result of a recipe to the query.
    ///
    /// # Errors
    /// [`NotSent::Place`]: the parameter is there already.
    pub fn place_query(&mut self, name: &str, value: &str) -> Result<(), PrepareError> {
        if self.query.fields(true).any(|field| field.name == name) {
            return Err(taken(name));
        }
        self.query.pair(name, value);
        Ok(())
    }

    /// Remembers what a recipe has signed, to be shown masked if the client was built with `explain(true)`.
    pub fn signed(&mut self, text: &SignedText) {
        if self.explains {
            self.texts.push(text.masked());
        }
        #[cfg(feature = "trace")]
        {
            self.composed = text.as_bytes().to_vec();
        }
    }

    /// The request, ready to be sent.
    pub(crate) fn finish(self) -> Result<Written, PrepareError> {
        let content_type = match &self.body {
            Body::None => None,
            // Named, because servers that are told nothing still decode forms as ISO 8859-1.
            Body::Form(_) => Some("application/x-www-form-urlencoded"),
            Body::Json(_) => Some("application/json"),
            Body::Xml { .. } => Some("text/xml"),
            Body::Raw { content_type, .. } => Some(*content_type),
        };
        let content_type = content_type.map(|content_type| match &self.body {
            Body::Raw { .. } => content_type.to_owned(),
            _ => format!("{content_type}; charset={}", self.charset.name()),
        });
        Ok(Written {
            method: self.method,
            url: self.whole_url()?,
            content_type,
            body: self.body_bytes()?,
            headers: self.headers,
            signed_text: (!self.texts.is_empty()).then(|| self.texts.join("\n")),
            #[cfg(feature = "trace")]
            composed: self.composed,
        })
    }

    fn whole_url(&self) -> Result<String, PrepareError> {
        let query = self.written(&self.query)?;
        Ok(if query.is_empty() { self.url.clone() } else { format!("{}?{query}", self.url) })
    }

    fn written(&self, pairs: &Pairs) -> Result<String, PrepareError> {
        let mut form = Form::new(self.charset, self.space);
        for field in pairs.fields(false) {
            form.pair_of_if(&field.name, field.value.text());
        }
        Ok(form.finish()?)
    }

    fn body_bytes(&self) -> Result<Vec<u8>, PrepareError> {
        match &self.body {
            Body::None => Ok(Vec::new()),
            Body::Form(pairs) => Ok(self.written(pairs)?.into_bytes()),
            Body::Json(object) => encoded(&object.clone().finish(), self.charset),
            Body::Xml { root, object } => {
                let text = xml::write(root, &object.clone().finish()).map_err(NotSent::Xml)?;
                encoded(&text, self.charset)
            }
            Body::Raw { text, .. } => encoded(text, self.charset),
        }
    }
}

/// The members of a JSON body; one with personal data in it is personal.
fn members(text: &JsonText) -> Vec<Field<'static>> {
    let start = text.as_ptr() as usize;
    // The object has been written by us: it is one.
    let members = json::members(text).unwrap_or_default();
    members
        .into_iter()
        .map(|(name, value)| {
            let at = (value.get().as_ptr() as usize).saturating_sub(start);
            let hidden = text.is_hidden(at..at + value.get().len());
            Field { hidden, ..Field::of_json(name.into_owned(), value.get()) }
        })
        .collect()
}

/// The children of an XML body, as its receiver sees them.
fn children(root: &str, text: &JsonText) -> Result<Vec<Field<'static>>, PrepareError> {
    let written = xml::write(root, text).map_err(NotSent::Xml)?;
    let unwritable = |_| NotSent::Xml(XmlUnwritable { name: root.to_owned() });
    let children = xml::children(&written, DEPTH_LIMIT).map_err(unwritable)?;
    let hidden: Vec<_> =
        members(text).into_iter().filter(|field| field.hidden).map(|field| field.name).collect();
    let field = |(name, value): (String, XmlValue)| {
        let hidden = hidden.iter().any(|known| *known == name);
        Field { hidden, ..Field::of_xml(name, value) }
    };
    Ok(children.into_iter().map(field).collect())
}

/// A character that the charset cannot write is a violation of the body.
pub(crate) fn encoded(text: &str, charset: Charset) -> Result<Vec<u8>, PrepareError> {
    let mut check = Check::new().charset(charset);
    check.text("body", text).sensitive();
    check.finish()?;
    Ok(charset.encode(text).map(Cow::into_owned).unwrap_or_default())
}

/// A token (RFC 9110, 5.6.2).
fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

fn taken(name: &str) -> PrepareError {
    NotSent::Place { name: name.to_owned() }.into()
}

/// Shows method and host only.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} {})", self.method, self.url)
    }
}
