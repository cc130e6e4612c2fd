//! The fields of a query or body, decoded, in the form in which they are kept while they are read.
//!
//! What was received is kept as it came, so that exact texts can be handed out; what an encryption hid is put in its
//! place before the fields are read.

use payspec_codegen::ir::FieldPath;

use crate::incoming::{Parameter, Refusal, read_members, trimmed_members};
use crate::{json, node, text, xml};

/// The fields of a query or body.
#[derive(Clone, Debug)]
pub(crate) enum Stored {
    /// Of a form, a query, a form of parts.
    Pairs(Vec<(String, String)>),
    /// The text of a JSON object.
    Json(String),
    /// The children of an XML root.
    Xml(Vec<(String, xml::Value)>),
}

impl Stored {
    /// Names and values, in order.
    pub(crate) fn parameters(&self) -> Result<Vec<(String, Parameter<'_>)>, Refusal> {
        let of_pair = |(name, text): &(String, String)| (name.clone(), Parameter::Text(text.clone()));
        match self {
            Self::Pairs(pairs) => Ok(pairs.iter().map(of_pair).collect()),
            Self::Json(text) => read_members(text),
            Self::Xml(children) => {
                let mut parameters = Vec::new();
                for (name, value) in children {
                    let parameter = match value {
                        xml::Value::Text(text) => Parameter::Text(text.clone()),
                        xml::Value::Nested(json) => Parameter::Json(json::parse(json)?),
                    };
                    parameters.push((name.clone(), parameter));
                }
                Ok(parameters)
            }
        }
    }

    /// The same as if names and texts had come without outer white space.
    pub(crate) fn trimmed(self) -> Result<Self, Refusal> {
        let trim = |text: &String| text::trim(text).to_owned();
        Ok(match self {
            Self::Pairs(pairs) => {
                Self::Pairs(pairs.iter().map(|(name, value)| (trim(name), trim(value))).collect())
            }
            Self::Json(text) => Self::Json(trimmed_members(&text)?),
            Self::Xml(children) => {
                let child = |(name, value): &(String, xml::Value)| {
                    let value = match value {
                        xml::Value::Text(text) => xml::Value::Text(trim(text)),
                        nested @ xml::Value::Nested(_) => nested.clone(),
                    };
                    (trim(name), value)
                };
                Self::Xml(children.iter().map(child).collect())
            }
        })
    }

    /// Whether there is a field of this name, of a query or form.
    pub(crate) fn has_pair(&self, wanted: &str) -> bool {
        matches!(self, Self::Pairs(pairs) if pairs.iter().any(|(name, _)| name == wanted))
    }

    /// The same with the plain text in place of what was encrypted.
    pub(crate) fn opened(self, path: &FieldPath, plain: &str) -> Self {
        let Some((first, inner)) = path.0.split_first() else { return self };
        let inside = |text: &str| {
            if inner.is_empty() { Some(plain.to_owned()) } else { node::replace_in_json(text, inner, plain) }
        };
        match self {
            Self::Json(text) => {
                let opened = node::replace_in_json(&text, &path.0, plain);
                Self::Json(opened.unwrap_or(text))
            }
            Self::Pairs(mut pairs) => {
                if let Some((_, value)) = pairs.iter_mut().find(|(name, _)| name == first) {
                    *value = inside(value).unwrap_or_default();
                }
                Self::Pairs(pairs)
            }
            Self::Xml(mut children) => {
                if let Some((_, value)) = children.iter_mut().find(|(name, _)| name == first) {
                    match value {
                        xml::Value::Text(text) => *text = inside(text).unwrap_or_default(),
                        xml::Value::Nested(json) => *json = inside(json).unwrap_or_default(),
                    }
                }
                Self::Xml(children)
            }
        }
    }
}
