//! The decoded fields of a callback. Nothing in them is believed yet.

use std::{borrow::Cow, collections::HashSet, fmt};

use super::{CallbackError, Incoming, Items, Receive, Select};
use crate::{
    AbsentWhen, Charset, Members, Method, decode_pairs,
    excerpt::excerpt,
    json::{self, RawJson},
    values::trim,
};

/// How much of a callback is read, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of query and body together.
    pub(crate) bytes: usize,
    /// Depth of a JSON body.
    pub(crate) depth: usize,
    /// Which values count as absent.
    pub(crate) absent: AbsentWhen,
}

/// The fields of a callback, decoded once, each name once.
pub struct Received<'a> {
    fields: Vec<Field<'a>>,
    body: &'a [u8],
    absent: AbsentWhen,
}

/// A field of a callback.
pub(super) struct Field<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: FieldValue<'a>,
    pub(super) in_query: bool,
}

/// The value of a field.
pub(crate) enum FieldValue<'a> {
    /// Of a form.
    Text(Cow<'a, str>),
    /// Of a JSON object: its exact text, and the content if it is a string.
    Json(RawJson, Option<String>),
}

impl FieldValue<'_> {
    /// The text that is signed: of a JSON string its content, of anything else the exact text; `None` for `null`.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(_, Some(content)) => Some(content),
            Self::Json(raw, None) => Some(raw.text()).filter(|text| *text != "null"),
        }
    }

    /// An object or an array.
    pub(super) fn is_nested(&self) -> bool {
        matches!(self, Self::Json(raw, None) if raw.text().starts_with(['{', '[']))
    }
}

impl<'a> Received<'a> {
    /// Reads a callback that comes in one of these shapes.
    pub(crate) fn read(
        incoming: &Incoming<'a>,
        shapes: &[Receive],
        charset: Charset,
        limits: Limits,
    ) -> Result<Self, CallbackError> {
        if incoming.query.len().saturating_add(incoming.body.len()) > limits.bytes {
            return Err(CallbackError::TooLarge { limit: limits.bytes });
        }
        let shape = shape_of(incoming, shapes)?;
        let mut fields = pairs(incoming.query, charset, true)?;
        match shape {
            Receive::GetQuery => {}
            Receive::PostForm => fields.extend(pairs(incoming.body, charset, false)?),
            Receive::PostJson => fields.extend(json_fields(incoming.body, charset, limits.depth)?),
        }
        refuse_repeated(&fields)?;
        Ok(Self { fields, body: incoming.body, absent: limits.absent })
    }

    /// The signature.
    ///
    /// # Errors
    /// It is missing, empty or no text.
    pub fn signature(&self, field: &'static str) -> Result<&str, CallbackError> {
        match self.text(field) {
            None => Err(CallbackError::MissingSignature { field }),
            Some("") => Err(CallbackError::EmptySignature { field }),
            Some(signature) => Ok(signature),
        }
    }

    /// A field must be there and be ours; `refuse` makes the error when it is not.
    ///
    /// # Errors
    /// It is missing or counts as absent, or what `refuse` says.
    pub fn agrees(
        &self,
        field: &'static str,
        ours: &str,
        refuse: impl FnOnce(&'static str) -> CallbackError,
    ) -> Result<(), CallbackError> {
        match self.text(field).filter(|theirs| !self.absent.holds(theirs)) {
            None => Err(CallbackError::EmptyField { name: field.to_owned() }),
            Some(theirs) if theirs == ours => Ok(()),
            Some(_) => Err(refuse(field)),
        }
    }

    /// The same without white space at both ends of names and texts. Where a recipe signs trimmed texts, nothing else
    /// may be handed out: a padded copy of a notice has the same signature, and must have the same `once_key`.
    ///
    /// # Errors
    /// Two names are the same without it.
    pub fn trimmed(self) -> Result<Self, CallbackError> {
        let fields: Vec<Field<'a>> = self.fields.into_iter().map(Field::trimmed).collect();
        refuse_repeated(&fields)?;
        Ok(Self { fields, ..self })
    }

    /// The list that a recipe signs: these fields, without `except`, which names the signature's own field first.
    ///
    /// # Errors
    /// [`CallbackError::NestedField`]: how an object or an array would be signed, no recipe says.
    pub fn items<'m>(
        &'m self,
        select: Select<'m>,
        except: &'m [&'m str],
    ) -> Result<Items<'m>, CallbackError> {
        Items::of(&self.fields, select, except)
    }

    /// The raw body.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The text of a field, to put into a template, which can leave nothing out.
    ///
    /// # Errors
    /// [`CallbackError::EmptyField`] when it is missing, `null` or empty, [`CallbackError::NestedField`] when it is an
    /// object or an array.
    pub fn required(&self, name: &str) -> Result<&str, CallbackError> {
        let value = self.value(name);
        if value.is_some_and(FieldValue::is_nested) {
            return Err(CallbackError::NestedField { name: name.to_owned() });
        }
        let text = value.and_then(FieldValue::text).filter(|text| !text.is_empty());
        text.ok_or_else(|| CallbackError::EmptyField { name: name.to_owned() })
    }

    /// The fields, to be read into a typed value. Call it when the signature has been verified.
    #[must_use]
    pub fn members(&self) -> Members<'_> {
        Members::of_fields(self.fields.iter().map(|field| (field.name.as_ref(), &field.value)), self.absent)
    }

    /// The text of a field, to tell notices apart that share an address; `None` if it is missing or `null`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.text()
    }

    fn value(&self, name: &str) -> Option<&FieldValue<'a>> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.value)
    }
}

impl Field<'_> {
    fn trimmed(self) -> Self {
        let Self { name, value, in_query } = self;
        let value = match value {
            FieldValue::Text(text) => FieldValue::Text(trimmed(text)),
            FieldValue::Json(_, Some(content)) if trim(&content).len() < content.len() => {
                let content = trim(&content).to_owned();
                FieldValue::Json(RawJson::of_text(&content), Some(content))
            }
            other @ FieldValue::Json(..) => other,
        };
        Self { name: trimmed(name), value, in_query }
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(trim(text)),
        Cow::Owned(text) => Cow::Owned(trim(&text).to_owned()),
    }
}

/// Shows names only.
impl fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Received")?;
        f.debug_list().entries(self.fields.iter().map(|field| excerpt(&field.name, 40))).finish()
    }
}

/// In which of the allowed shapes the callback came.
fn shape_of(incoming: &Incoming<'_>, shapes: &[Receive]) -> Result<Receive, CallbackError> {
    let of_method = |shape: &&Receive| match shape {
        Receive::GetQuery => incoming.method == Method::Get.as_str(),
        Receive::PostForm | Receive::PostJson => incoming.method == Method::Post.as_str(),
    };
    let mut candidates = shapes.iter().filter(of_method).peekable();
    if candidates.peek().is_none() {
        return Err(CallbackError::WrongMethod { wanted: wanted_method(shapes) });
    }
    let fits = |shape: &&Receive| media_type(**shape).is_none_or(|wanted| incoming.is_of_type(wanted));
    let wanted = shapes.iter().find_map(|shape| media_type(*shape)).unwrap_or_default();
    candidates.find(fits).copied().ok_or(CallbackError::WrongContentType { wanted })
}

const fn media_type(shape: Receive) -> Option<&'static str> {
    match shape {
        Receive::PostForm => Some("application/x-www-form-urlencoded"),
        Receive::PostJson => Some("application/json"),
        Receive::GetQuery => None,
    }
}

fn wanted_method(shapes: &[Receive]) -> &'static str {
    if shapes.iter().all(|shape| *shape == Receive::GetQuery) { "GET" } else { "POST" }
}

fn pairs(bytes: &[u8], charset: Charset, in_query: bool) -> Result<Vec<Field<'_>>, CallbackError> {
    let field = |(name, text)| Field { name, value: FieldValue::Text(text), in_query };
    Ok(decode_pairs(bytes, charset)?.into_iter().map(field).collect())
}

fn json_fields(body: &[u8], charset: Charset, depth: usize) -> Result<Vec<Field<'static>>, CallbackError> {
    let text = charset.decode(body).map_err(|_| CallbackError::BadCharset { name: "body".to_owned() })?;
    json::check_depth(&text, depth)?;
    let members = json::members(&text)?.into_iter();
    Ok(members
        .map(|(name, value)| {
            let content = json::string(value.get()).map(Cow::into_owned);
            let value = FieldValue::Json(RawJson::trusted(value.get()), content);
            Field { name: Cow::Owned(name.into_owned()), value, in_query: false }
        })
        .collect())
}

/// Query and body are looked at together: a name in both could be read in two ways.
fn refuse_repeated(fields: &[Field<'_>]) -> Result<(), CallbackError> {
    let mut names = HashSet::with_capacity(fields.len());
    match fields.iter().find(|field| !names.insert(field.name.as_ref())) {
        Some(field) => Err(CallbackError::RepeatedField { name: excerpt(&field.name, 64).into_owned() }),
        None => Ok(()),
    }
}
