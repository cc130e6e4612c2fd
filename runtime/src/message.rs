//! One read-only view of a message: of a callback, of a reply, of a request that is being written.
//!
//! Recipes see messages through it: fields in the order of the wire, headers, the parts of the address, the raw body.
//! One view serves all three, so that one emitted function composes a text for signing and for verifying. Nothing in
//! a received message is believed yet; typed values are read from it once its signature has been verified, with
//! [`Message::members`].

mod address;
mod by_name;
mod elements;
mod field;
mod fields;
mod headers;
mod path;

use std::{borrow::Cow, collections::HashSet, fmt};

use self::by_name::ByName;
pub(crate) use self::{
    address::Address,
    by_name::Next,
    field::{Field, FieldValue},
    fields::Fields,
    headers::Headers,
    path::{decode_base64, replace_in_json},
};
use crate::{
    AbsentWhen, CallbackError, Charset, Members, Method, Operand, RecipeError, Texts,
    distinct::first_repeated,
    excerpt::excerpt,
    found::{Found, ListField},
    json::DEPTH_LIMIT,
};

/// What becomes of a name that a message has twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Repeated {
    /// The message is refused.
    #[default]
    Refuse,
    /// Each is an item of a list; by its name, the first is meant.
    Each,
    /// As [`Repeated::Each`], but equal ones are one item.
    Distinct,
}

/// A message as recipes see it. No value in it is believed before its signature has been verified.
pub struct Message<'a> {
    fields: Fields<'a>,
    /// `None` where names may repeat, or nobody has looked.
    by_name: Option<ByName>,
    texts: Option<&'a Texts>,
    headers: Headers<'a>,
    address: Address<'a>,
    body: Cow<'a, [u8]>,
    body_hidden: bool,
    result: Option<&'a [u8]>,
    payload: Option<Cow<'a, [u8]>>,
    absent: AbsentWhen,
    charset: Charset,
    repeated: Repeated,
    depth: usize,
    body_alone: bool,
}

impl<'a> Message<'a> {
    /// A message of these fields, which have been decoded from this body and from the query of this address.
    pub(crate) fn new(
        fields: impl Into<Fields<'a>>,
        address: Address<'a>,
        body: impl Into<Cow<'a, [u8]>>,
        charset: Charset,
        absent: AbsentWhen,
    ) -> Self {
        Self {
            fields: fields.into(),
            by_name: None,
            texts: None,
            headers: Headers::default(),
            address,
            body: body.into(),
            body_hidden: false,
            result: None,
            payload: None,
            absent,
            charset,
            repeated: Repeated::Refuse,
            depth: DEPTH_LIMIT,
            body_alone: false,
        }
    }

    #[inline(always)]
    pub(crate) fn with_headers(self, headers: Headers<'a>) -> Self {
        Self { headers, ..self }
    }

    /// Where the fields have been decoded, so that what is kept of them can be shared.
    #[inline(always)]
    pub(crate) fn with_texts(self, texts: &'a Texts) -> Self {
        Self { texts: Some(texts), ..self }
    }

    /// The raw text of a reply's data.
    pub(crate) fn with_result(self, result: Option<&'a [u8]>) -> Self {
        Self { result, ..self }
    }

    /// The plain text that an encryption is about to hide.
    pub(crate) fn with_payload(self, payload: Option<Cow<'a, [u8]>>) -> Self {
        Self { payload, ..self }
    }

    #[inline(always)]
    pub(crate) fn with_depth(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    /// The raw body holds personal data.
    pub(crate) fn with_hidden_body(self, body_hidden: bool) -> Self {
        Self { body_hidden, ..self }
    }

    /// Says what becomes of repeated names. Query and body are looked at together: a name in both could be read in
    /// two ways.
    pub(crate) fn set_repeated(&mut self, repeated: Repeated) -> Result<(), RecipeError> {
        let by_name = match repeated {
            Repeated::Refuse => Some(ByName::of(&self.fields).ok_or_else(|| self.first_repeated())?),
            Repeated::Each | Repeated::Distinct => None,
        };
        (self.repeated, self.by_name) = (repeated, by_name);
        Ok(())
    }

    /// The fields, in the order of the wire: those of the query, then those of the body.
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        &self.fields
    }

    /// The same as lists see them.
    pub(crate) fn list_fields(&self) -> impl Iterator<Item = ListField<'_>> {
        self.fields.iter().map(|field| ListField {
            name: &field.name,
            value: field.value.found(),
            in_query: field.in_query,
            is_hidden: field.hidden,
        })
    }

    /// The value at a path, and whether it is personal data: a field, then members of objects and, in decimal, indices
    /// of arrays; also through fields that hold JSON as text or as base64.
    pub(crate) fn value_at(&self, path: &[&str]) -> Result<(Found<'_>, bool), RecipeError> {
        let absent = (Found::Absent, false);
        let Some((name, inner)) = path.split_first() else { return Ok(absent) };
        let Some(field) = self.field(name) else { return Ok(absent) };
        let found = if inner.is_empty() {
            field.value.found()
        } else {
            path::walk(&field.value, path, self.depth)?.map_or(Found::Absent, Found::of_json)
        };
        Ok((found, field.hidden))
    }

    /// What becomes of repeated names. With [`Repeated::Refuse`] there are none.
    #[must_use]
    pub const fn repeated(&self) -> Repeated {
        self.repeated
    }

    /// The charset of the message.
    #[must_use]
    pub const fn charset(&self) -> Charset {
        self.charset
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
    pub fn trimmed(self) -> Result<Self, RecipeError> {
        let fields = self.fields.map(Field::trimmed);
        let mut trimmed = Self { fields, ..self };
        trimmed.set_repeated(trimmed.repeated)?;
        Ok(trimmed)
    }

    /// The same, of a `POST` read from its body alone: where a recipe signs the body and not the query, anybody could
    /// add a parameter to the query. Lists over the query, and what is placed there, still see it.
    #[must_use]
    pub fn body_alone(self) -> Self {
        let body_alone = self.address.method().is_ok_and(|method| method == Method::Post.as_str());
        Self { body_alone, ..self }
    }

    /// The text of a field; `None` if it is missing or `null`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.text()
    }

    /// A header, by its name in any case; `None` if there is none.
    ///
    /// # Errors
    /// It stands there more than once, or is no text.
    pub fn header(&self, name: &str) -> Result<Option<&str>, RecipeError> {
        self.headers.get(name)
    }

    /// A header that stands there once, to be read into a typed value.
    #[must_use]
    pub fn read_header(&self, name: &str) -> Option<&str> {
        self.header(name).ok().flatten()
    }

    /// The method, in upper case.
    ///
    /// # Errors
    /// A reply has none.
    pub fn method(&self) -> Result<Operand<'_>, RecipeError> {
        self.address.method().map(Operand::text)
    }

    /// The host, with its port where the address has one.
    ///
    /// # Errors
    /// A reply has none, and of a callback nobody has said the address.
    pub fn host(&self) -> Result<Operand<'_>, RecipeError> {
        self.address.host().map(Operand::text)
    }

    /// The path.
    ///
    /// # Errors
    /// As [`Message::host`].
    pub fn path(&self) -> Result<Operand<'_>, RecipeError> {
        self.address.path().map(Operand::text)
    }

    /// The raw query, without `?`.
    ///
    /// # Errors
    /// A reply has none.
    pub fn query(&self) -> Result<Operand<'_>, RecipeError> {
        self.address.query().map(Operand::text)
    }

    /// The path, and `?` and the query where there is one.
    ///
    /// # Errors
    /// As [`Message::host`].
    pub fn target(&self) -> Result<Operand<'_>, RecipeError> {
        self.address.target().map(Operand::text)
    }

    /// The whole address.
    ///
    /// # Errors
    /// As [`Message::host`].
    pub fn url(&self) -> Result<Operand<'_>, RecipeError> {
        self.address.url().map(Operand::text)
    }

    /// The raw body.
    ///
    /// # Errors
    /// None: a message without one has an empty body.
    pub fn body(&self) -> Result<Operand<'_>, RecipeError> {
        let body = self.body.as_ref();
        Ok(if self.body_hidden { Operand::hidden_bytes(body) } else { Operand::bytes(body) })
    }

    /// The raw text of a reply's data, from the first to the last byte of the value.
    ///
    /// # Errors
    /// The message is no reply, or one without data.
    pub fn result(&self) -> Result<Operand<'_>, RecipeError> {
        self.result.map(Operand::bytes).ok_or(RecipeError::Unknown { what: "data" })
    }

    /// The plain text of an encryption.
    ///
    /// # Errors
    /// Nothing is encrypted here.
    pub fn payload(&self) -> Result<Operand<'_>, RecipeError> {
        let payload = self.payload.as_deref().map(Operand::hidden_bytes);
        payload.ok_or(RecipeError::Unknown { what: "plain text" })
    }

    /// The fields, to be read into a typed value. Call it when the signature has been verified.
    #[must_use]
    pub fn members(&self) -> Members<'_> {
        if self.by_name.is_some() {
            return Members::of_message(self);
        }
        let mut names = HashSet::with_capacity(self.fields.len());
        let first = self.read_fields().filter(|field| names.insert(field.name.as_ref()));
        Members::of_fields(first.map(|field| (field.name.as_ref(), &field.value)), self.absent)
    }

    /// Which values count as absent.
    pub(crate) const fn absent_when(&self) -> AbsentWhen {
        self.absent
    }

    /// Where the fields have been decoded.
    pub(crate) const fn texts(&self) -> Option<&'a Texts> {
        self.texts
    }

    /// The same with what was opened in place of the ciphertext at this path.
    ///
    /// # Errors
    /// There is nothing at the path.
    pub fn opened(mut self, path: &[&str], plain: &str) -> Result<Self, RecipeError> {
        let missing = || RecipeError::EmptyField { name: path.join(".") };
        let (name, inner) = path.split_first().ok_or_else(missing)?;
        let body_alone = self.body_alone;
        let mut fields = self.fields.iter_mut().filter(|field| !(body_alone && field.in_query));
        let field = fields.find(|field| field.name == *name).ok_or_else(missing)?;
        field.value = match (inner, &field.value) {
            ([], _) => FieldValue::Text(Cow::Owned(plain.to_owned())),
            (_, value) => path::replaced(value, path, plain, self.depth)?,
        };
        Ok(self)
    }

    fn value(&self, name: &str) -> Option<&FieldValue<'a>> {
        self.field(name).map(|field| &field.value)
    }

    /// The field of this name that is handed out and stands in templates.
    fn field(&self, name: &str) -> Option<&Field<'a>> {
        match &self.by_name {
            Some(_) => self.find(name, &mut Next::default()).map(|(_, field)| field),
            None => self.read_fields().find(|field| field.name == name),
        }
    }

    /// The same with its index, where names are known to differ. See [`ByName::find`].
    #[inline(always)]
    pub(crate) fn find(&self, name: &str, next: &mut Next) -> Option<(usize, &Field<'a>)> {
        let found = self.by_name.as_ref()?.find(&self.fields, name, next)?;
        Some(found).filter(|(_, field)| self.is_read(field))
    }

    /// The place behind all names up to this one in the order of names, where these are known to differ.
    pub(crate) fn place_behind(&self, name: &str) -> usize {
        self.by_name.as_ref().map_or(0, |by_name| by_name.place_behind(&self.fields, name))
    }

    /// Whether names are known to differ.
    pub(crate) const fn is_distinct(&self) -> bool {
        self.by_name.is_some()
    }

    /// The field that stands there in the order of names, where these are known to differ.
    #[inline]
    pub(crate) fn field_by_name(&self, place: usize) -> Option<&Field<'a>> {
        self.fields.get(self.by_name.as_ref()?.index_at(place)?)
    }

    pub(crate) fn is_read(&self, field: &Field<'_>) -> bool {
        !(self.body_alone && field.in_query)
    }

    fn first_repeated(&self) -> RecipeError {
        let name = first_repeated(self.fields.iter().map(|field| field.name.as_ref()));
        RecipeError::RepeatedField { name: excerpt(name.unwrap_or_default(), 64).into_owned() }
    }

    /// The fields that are handed out and stand in templates.
    fn read_fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| self.is_read(field))
    }
}

/// Shows names only.
impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Message")?;
        f.debug_list().entries(self.fields.iter().map(|field| excerpt(&field.name, 40))).finish()
    }
}
