//! A message in the making, whichever way it goes: what recipes look at while it is signed, and place things into.
//!
//! It is written as bytes again and again, and read from these bytes as its receiver will read it, so that signer and
//! verifier cannot see two messages. That is slow, and obviously right.

use payspec_codegen::ir::{Charset, PlaceCarrier, Receive, Space};

use crate::incoming;
use crate::node::{self, Node};
use crate::signed_text::RecipeError;
use crate::stored::Stored;
use crate::view::View;
use crate::write::Written;
use crate::{form, json, multipart, text, xml, xml_writer};

/// How the body is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// There is none.
    None,
    Form,
    Json,
    /// The root's name.
    Xml(String),
    Multipart,
    /// The body is this text.
    Raw(String),
}

/// Named values in the order in which they are written.
pub(crate) type Fields = Vec<(String, Written)>;

/// A message in the making.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// `None` for a reply.
    pub(crate) method: Option<&'static str>,
    /// The URL without the query; `None` where nobody knows.
    pub(crate) url: Option<String>,
    pub(crate) charset: Charset,
    pub(crate) space: Space,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Fields,
    pub(crate) layout: Layout,
    pub(crate) body: Fields,
    /// Of these fields, those that are placed go into the query although there is a body.
    pub(crate) placed_in_query: Vec<String>,
    /// See [`View::body_alone`].
    pub(crate) body_alone: bool,
    /// The JSON text of a reply's data.
    pub(crate) result: Option<String>,
    /// What a request encrypts.
    pub(crate) payload: Option<String>,
    /// What is shown in place of fields, by name.
    pub(crate) hidden: Vec<(String, String)>,
}

impl Draft {
    pub(crate) fn new(charset: Charset, space: Space, layout: Layout) -> Self {
        Self {
            method: None,
            url: None,
            charset,
            space,
            headers: Vec::new(),
            query: Vec::new(),
            layout,
            body: Vec::new(),
            placed_in_query: Vec::new(),
            body_alone: false,
            result: None,
            payload: None,
            hidden: Vec::new(),
        }
    }

    fn pairs(&self, fields: &Fields) -> Option<String> {
        form::write(&texts(fields), self.charset, self.space)
    }

    /// The query as it is written; `None` if the charset lacks a character.
    pub(crate) fn query_text(&self) -> Option<String> {
        self.pairs(&self.query)
    }

    /// The whole URL.
    pub(crate) fn whole_url(&self) -> Option<String> {
        let query = self.query_text()?;
        let url = self.url.as_ref()?;
        Some(if query.is_empty() { url.clone() } else { format!("{url}?{query}") })
    }

    /// The body as it is written; `None` if the charset, or XML, lacks a character.
    pub(crate) fn body_bytes(&self) -> Option<Vec<u8>> {
        let members = || self.body.iter().map(|(name, written)| (name.as_str(), written.json()));
        match &self.layout {
            Layout::None => Some(Vec::new()),
            Layout::Form => self.pairs(&self.body).map(String::into_bytes),
            Layout::Json => text::encode(self.charset, &json::object(members())),
            Layout::Xml(root) => text::encode(self.charset, &xml_writer::write(root, members())?),
            Layout::Multipart => multipart::write(&texts(&self.body), self.charset),
            Layout::Raw(text) => text::encode(self.charset, text),
        }
    }

    /// The type of the body, charset aside.
    pub(crate) fn media_type(&self) -> Option<String> {
        Some(match &self.layout {
            Layout::None | Layout::Raw(_) => return None,
            Layout::Form => String::from("application/x-www-form-urlencoded"),
            Layout::Json => String::from("application/json"),
            Layout::Xml(_) => String::from("text/xml"),
            Layout::Multipart => format!("multipart/form-data; boundary={}", multipart::BOUNDARY),
        })
    }

    /// The message as its receiver will see it.
    pub(crate) fn view(&self) -> Result<View, RecipeError> {
        let raw_body = self.body_bytes().ok_or(RecipeError::Charset)?;
        let raw_query = self.query_text().ok_or(RecipeError::Charset)?;
        let stored = match &self.layout {
            Layout::None | Layout::Raw(_) => Stored::Pairs(Vec::new()),
            Layout::Form | Layout::Multipart => Stored::Pairs(texts(&self.body)),
            Layout::Json => Stored::Json(text::decode(self.charset, &raw_body).ok_or(RecipeError::Charset)?),
            Layout::Xml(_) => {
                let text = text::decode(self.charset, &raw_body).ok_or(RecipeError::Charset)?;
                Stored::Xml(xml::children(&text).map_err(|_| RecipeError::Charset)?)
            }
        };
        let parameters = stored.parameters().map_err(|_| RecipeError::Charset)?;
        let is_sent = self.method.is_some();
        Ok(View {
            method: self.method.map(str::to_owned),
            url: self.whole_url(),
            raw_query: is_sent.then_some(raw_query),
            headers: self.headers.clone(),
            query: texts(&self.query).into_iter().map(|(name, text)| (name, Node::Text(text))).collect(),
            body: incoming::nodes(&parameters),
            raw_body,
            body_alone: self.body_alone,
            result: match &self.result {
                Some(result) => Some(text::encode(self.charset, result).ok_or(RecipeError::Charset)?),
                None => None,
            },
            result_name: None,
            shown_result: None,
            payload: self.payload.clone(),
            hidden: self.hidden.clone(),
            shown_body: None,
            notes: None,
        })
    }

    /// Writes the result of a recipe where it belongs. What is there already is an error, unless it is what has been
    /// encrypted: `replaces`.
    pub(crate) fn place(
        &mut self,
        carrier: &PlaceCarrier,
        value: &str,
        replaces: bool,
    ) -> Result<(), RecipeError> {
        let unwritable = || RecipeError::Unwritable { place: crate::place::place_name(carrier) };
        let written = Written::Text(value.to_owned());
        match carrier {
            PlaceCarrier::Header(name) => {
                let is_there = self.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
                if is_there || !is_header_value(value) {
                    return Err(unwritable());
                }
                self.headers.push((name.clone(), value.to_owned()));
            }
            PlaceCarrier::Query(name) => put(&mut self.query, name, written, false).ok_or_else(unwritable)?,
            PlaceCarrier::Field(path) => {
                let in_query =
                    self.layout == Layout::None || self.placed_in_query.iter().any(|own| own == path.first());
                if !in_query && matches!(self.layout, Layout::Raw(_)) {
                    return Err(unwritable());
                }
                if replaces {
                    // The ciphertext hides what was to be hidden; the plain text must not be shown in its place.
                    self.hidden.retain(|(name, _)| name != path.first());
                }
                let fields = if in_query { &mut self.query } else { &mut self.body };
                match path.0.split_first() {
                    Some((name, [])) => put(fields, name, written, replaces).ok_or_else(unwritable)?,
                    Some((name, inner)) => put_inside(fields, name, inner, value).ok_or_else(unwritable)?,
                    None => return Err(unwritable()),
                }
            }
        }
        Ok(())
    }
}

fn put(fields: &mut Fields, name: &str, written: Written, replaces: bool) -> Option<()> {
    match fields.iter_mut().find(|(own, _)| own == name) {
        Some((_, old)) if replaces => *old = written,
        Some(_) => return None,
        None => fields.push((name.to_owned(), written)),
    }
    Some(())
}

fn put_inside(fields: &mut Fields, name: &str, inner: &[String], value: &str) -> Option<()> {
    match fields.iter_mut().find(|(own, _)| own == name) {
        Some((_, Written::Structure(json))) => *json = node::place_in_json(json, inner, value)?,
        Some((_, Written::Text(json))) => *json = node::place_in_json(json, inner, value)?,
        Some((_, Written::Number(_) | Written::Rows { .. })) => return None,
        None => fields.push((name.to_owned(), Written::Structure(node::place_in_json("{}", inner, value)?))),
    }
    Some(())
}

/// Visible ASCII and spaces: anything else could end the header, or is read in several ways.
pub(crate) fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

pub(crate) fn texts(fields: &Fields) -> Vec<(String, String)> {
    fields.iter().map(|(name, written)| (name.clone(), written.plain().to_owned())).collect()
}

/// How the body of a callback of this shape is written.
pub(crate) fn layout_of(shape: Receive) -> Layout {
    match shape {
        Receive::PostForm => Layout::Form,
        Receive::PostJson => Layout::Json,
        Receive::PostXml => Layout::Xml(String::from("xml")),
        Receive::PostMultipart => Layout::Multipart,
        Receive::GetQuery => Layout::None,
    }
}
