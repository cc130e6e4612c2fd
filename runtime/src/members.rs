//! The members of what was received: of a JSON object or of a decoded form, read by one set of readers.
//!
//! Emitted code takes the members that the spec lists, each with a reader from [`crate::read`]; what is left is
//! [`Extra`]. Names are unique: both sources refuse repeated ones before anything is read.

use std::{borrow::Cow, cell::RefCell, collections::HashSet, mem};

use serde_json::value::RawValue;

use crate::{
    AbsentWhen, Extra, Malformed, Message, SharedStr, Texts,
    form::MAX_PAIRS,
    json::{self, JsonError, RawJson},
    message::{Field, FieldValue, Next},
    scratch::{self, Kept},
};

/// The members of one JSON object or form.
#[derive(Debug)]
pub struct Members<'a>(Source<'a>);

#[derive(Debug)]
enum Source<'a> {
    Own(Own<'a>),
    Message(OfMessage<'a>),
}

/// Members of a JSON object.
#[derive(Debug)]
struct Own<'a> {
    members: Vec<Member<'a>>,
    /// Behind the one that was found last: members are often asked for in the order in which they came.
    next: usize,
}

/// Fields of a message, which finds them by their names.
#[derive(Debug)]
struct OfMessage<'a> {
    message: &'a Message<'a>,
    taken: Taken,
    next: Next,
}

thread_local! {
    static KEPT: Kept<Member<'static>> = const { RefCell::new(Vec::new()) };
}

struct Member<'a> {
    name: Cow<'a, str>,
    value: Value<'a>,
    read: bool,
}

/// Names only: values may be personal data.
impl std::fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// A received value, with its exact text. Readers turn it into something.
#[derive(Clone)]
pub struct Value<'a> {
    content: Content<'a>,
    absent: AbsentWhen,
    /// Where the content was decoded, if what is kept of it can be shared.
    texts: Option<&'a Texts>,
}

#[derive(Clone, Copy)]
enum Content<'a> {
    /// A JSON value.
    Json(&'a RawValue),
    /// A value of a form.
    Text(&'a str),
}

impl<'a> Content<'a> {
    #[inline]
    fn of_field(value: &'a FieldValue<'a>) -> Self {
        match value {
            FieldValue::Text(text) => Self::Text(text),
            FieldValue::Json(raw, _) => Self::of_raw(raw),
        }
    }

    fn of_raw(raw: &'a RawJson) -> Self {
        match serde_json::from_str(raw.text()) {
            Ok(value) => Self::Json(value),
            // Never: the text has come out of a parser.
            Err(_) => Self::Text(raw.text()),
        }
    }
}

impl<'a> Members<'a> {
    /// Of a JSON object.
    pub(crate) fn of_json(text: &'a str, absent: AbsentWhen) -> Result<Self, JsonError> {
        Self::of_shared_json(text, absent, None)
    }

    /// Of a JSON object that stands among texts that can be shared.
    pub(crate) fn of_shared_json(
        text: &'a str,
        absent: AbsentWhen,
        texts: Option<&'a Texts>,
    ) -> Result<Self, JsonError> {
        let members = json::members(text)?.into_iter().map(|(name, value)| (name, Content::Json(value)));
        Ok(Self::own(members, absent, texts))
    }

    /// Of the fields of a callback, whose names are known to differ.
    pub(crate) fn of_fields(
        fields: impl Iterator<Item = (&'a str, &'a FieldValue<'a>)>,
        absent: AbsentWhen,
    ) -> Self {
        let member = |(name, value)| (Cow::Borrowed(name), Content::of_field(value));
        Self::own(fields.map(member), absent, None)
    }

    /// Of a message that finds its fields by their names.
    pub(crate) fn of_message(message: &'a Message<'a>) -> Self {
        Self(Source::Message(OfMessage {
            message,
            taken: Taken::none_of(message.fields().len()),
            next: Next::default(),
        }))
    }

    fn own(
        members: impl Iterator<Item = (Cow<'a, str>, Content<'a>)>,
        absent: AbsentWhen,
        texts: Option<&'a Texts>,
    ) -> Self {
        let member = |(name, content)| Member { name, value: Value { content, absent, texts }, read: false };
        let mut all: Vec<Member<'a>> = scratch::vector(&KEPT);
        all.extend(members.map(member));
        Self(Source::Own(Own { members: all, next: 0 }))
    }

    /// A member that must be there and must not count as absent.
    ///
    /// # Errors
    /// [`Malformed`] when it is missing or cannot be read.
    pub fn required<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(Value<'a>) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        self.optional(name, read)?.ok_or_else(|| Malformed::missing("a value").at(name))
    }

    /// A member that may be missing. `null` and, by the rule of the spec, empty or blank text count as missing.
    ///
    /// # Errors
    /// [`Malformed`] when it is there and cannot be read.
    pub fn optional<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(Value<'a>) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        match self.take(name) {
            Some(value) if !value.is_absent() => read(value).map(Some).map_err(|error| error.at(name)),
            _ => Ok(None),
        }
    }

    /// The members of a member that must be an object.
    ///
    /// # Errors
    /// [`Malformed`] when it is missing, no object, or holds a name twice.
    pub fn object(&mut self, name: &str) -> Result<Members<'a>, Malformed> {
        self.required(name, Value::object)
    }

    /// Passes over a member that nobody needs, so that it is not kept as an extra one.
    pub fn skip(&mut self, name: &str) {
        let _ = self.take(name);
    }

    /// What has not been read, in its order.
    pub fn rest(&mut self) -> Extra {
        match &mut self.0 {
            Source::Own(own) => own.rest(),
            Source::Message(fields) => fields.rest(),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value<'a>> {
        match &mut self.0 {
            Source::Own(own) => own.take(name),
            Source::Message(fields) => fields.take(name),
        }
    }
}

impl<'a> Own<'a> {
    fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let (before, behind) = self.members.split_at_checked(self.next).unwrap_or((&[], &self.members));
        let found = |members: &[Member<'a>]| members.iter().position(|member| member.name == name);
        let at = found(behind).map(|at| before.len() + at).or_else(|| found(before))?;
        self.next = at + 1;
        let member = self.members.get_mut(at)?;
        member.read = true;
        Some(member.value.clone())
    }

    fn rest(&mut self) -> Extra {
        let rest = self.members.drain(..).filter(|member| !member.read);
        Extra::from_distinct(rest.map(|member| (member.name.into_owned(), member.value.to_raw())).collect())
    }
}

impl Drop for Own<'_> {
    fn drop(&mut self) {
        scratch::recycle_vector(&KEPT, mem::take(&mut self.members));
    }
}

impl<'a> OfMessage<'a> {
    fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let (index, field) = self.message.find(name, &mut self.next)?;
        self.taken.insert(index);
        Some(self.value(&field.value))
    }

    fn rest(&mut self) -> Extra {
        let fields = self.message.fields();
        if self.taken.count == fields.len() {
            return Extra::new();
        }
        let taken = mem::replace(&mut self.taken, Taken::none_of(0));
        let is_left =
            |(index, field): &(usize, &Field<'_>)| !taken.contains(*index) && self.message.is_read(field);
        let rest = fields.iter().enumerate().filter(is_left);
        let member = |(_, field): (_, &'a Field<'a>)| {
            (field.name.as_ref().to_owned(), self.value(&field.value).to_raw())
        };
        Extra::from_distinct(rest.map(member).collect())
    }

    fn value(&self, value: &'a FieldValue<'a>) -> Value<'a> {
        let content = Content::of_field(value);
        Value { content, absent: self.message.absent_when(), texts: self.message.texts() }
    }
}

/// Which fields have been read.
#[derive(Debug)]
struct Taken {
    count: usize,
    marks: Marks,
}

/// One bit each, or an index each.
#[derive(Debug)]
enum Marks {
    Few([u64; FEW / 64]),
    Many(HashSet<usize>),
}

/// As many fields as a form may have; a JSON object may have more.
const FEW: usize = MAX_PAIRS.next_multiple_of(64);

impl Taken {
    fn none_of(count: usize) -> Self {
        let marks = if count <= FEW { Marks::Few([0; FEW / 64]) } else { Marks::Many(HashSet::new()) };
        Self { count: 0, marks }
    }

    #[inline]
    fn insert(&mut self, index: usize) {
        let is_new = match &mut self.marks {
            Marks::Few(bits) => bits.get_mut(index / 64).is_some_and(|bits| {
                let before = *bits;
                *bits |= 1 << (index % 64);
                *bits != before
            }),
            Marks::Many(indices) => indices.insert(index),
        };
        self.count += usize::from(is_new);
    }

    fn contains(&self, index: usize) -> bool {
        match &self.marks {
            Marks::Few(bits) => bits.get(index / 64).is_some_and(|bits| bits & 1 << (index % 64) != 0),
            Marks::Many(indices) => indices.contains(&index),
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) fn of_json(value: &'a RawValue, absent: AbsentWhen) -> Self {
        Self { content: Content::Json(value), absent, texts: None }
    }

    pub(crate) fn of_text(text: &'a str, absent: AbsentWhen) -> Self {
        Self { content: Content::Text(text), absent, texts: None }
    }

    /// The same, of a text that stands among these, so that what is kept of it can be shared.
    pub(crate) fn among(self, texts: Option<&'a Texts>) -> Self {
        Self { texts, ..self }
    }

    /// `null`, or text that counts as absent.
    #[inline]
    fn is_absent(&self) -> bool {
        match &self.content {
            Content::Text(text) => self.absent.holds(text),
            Content::Json(value) => self.is_absent_json(value.get()),
        }
    }

    fn is_absent_json(&self, json: &str) -> bool {
        json == "null" || json::string(json).is_some_and(|text| self.absent.holds(&text))
    }

    /// The content of a text.
    #[inline]
    pub(crate) fn string(&self) -> Option<Cow<'a, str>> {
        match &self.content {
            Content::Json(value) => json::string(value.get()),
            Content::Text(text) => Some(Cow::Borrowed(text)),
        }
    }

    /// The content of a text, or a number as its own text, to be kept.
    #[inline]
    pub(crate) fn kept_scalar(&self, wanted: &'static str) -> Result<SharedStr, Malformed> {
        self.scalar(wanted).map(|text| self.kept(&text))
    }

    /// A piece of the content, to be kept.
    #[inline]
    pub(crate) fn kept(&self, text: &str) -> SharedStr {
        self.texts.map_or_else(|| SharedStr::from(text), |texts| texts.share(text))
    }

    /// The content of a text, or a number as its own text.
    #[inline]
    pub(crate) fn scalar(&self, wanted: &'static str) -> Result<Cow<'a, str>, Malformed> {
        match &self.content {
            Content::Text(text) => Ok(Cow::Borrowed(text)),
            Content::Json(value) if json::is_number(value.get()) => Ok(Cow::Borrowed(value.get())),
            Content::Json(_) => self.string().ok_or_else(|| self.unlike(wanted)),
        }
    }

    /// The members of an object that stands in the content.
    pub(crate) fn members_of<'j>(&self, json: &'j str) -> Result<Members<'j>, JsonError>
    where
        'a: 'j,
    {
        Members::of_shared_json(json, self.absent, self.texts)
    }

    /// The members of an object.
    pub(crate) fn object(self) -> Result<Members<'a>, Malformed> {
        match self.content {
            Content::Json(value) => self.members_of(value.get()).map_err(|error| match error {
                JsonError::Duplicate { .. } => Malformed::new("an object with a name twice", "an object"),
                _ => Malformed::new(json::kind(value.get()), "an object"),
            }),
            Content::Text(_) => Err(Malformed::new("a text", "an object")),
        }
    }

    /// The items of an array.
    pub(crate) fn items(&self) -> Result<Vec<Value<'a>>, Malformed> {
        let items = match &self.content {
            Content::Json(value) => json::items(value.get()),
            Content::Text(_) => None,
        };
        let items = items.ok_or_else(|| self.unlike("an array"))?;
        Ok(items.into_iter().map(|item| Value::of_json(item, self.absent).among(self.texts)).collect())
    }

    /// The exact text; of a form, as a JSON string.
    pub(crate) fn to_raw(&self) -> RawJson {
        match &self.content {
            Content::Json(value) => RawJson::shared(self.kept(value.get())),
            Content::Text(text) => RawJson::of_text(text),
        }
    }

    pub(crate) const fn absent_when(&self) -> AbsentWhen {
        self.absent
    }

    /// Where the content was decoded.
    pub(crate) const fn texts(&self) -> Option<&'a Texts> {
        self.texts
    }

    fn unlike(&self, wanted: &'static str) -> Malformed {
        match &self.content {
            Content::Json(value) => Malformed::new(json::kind(value.get()), wanted),
            Content::Text(_) => Malformed::new("a text", wanted),
        }
    }
}

/// The value itself may be personal data.
impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(***)")
    }
}
