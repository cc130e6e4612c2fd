//! A reply: its decoded text, the bytes it came in, and how the one maps onto the other.
//!
//! XML is read into the JSON object that it amounts to, and from then on both are one; only a slice of the raw bytes
//! can be had of JSON alone.
//!
//! A signature may cover the raw bytes of one member. In GBK they cannot be found among the bytes, because the second
//! byte of a character may be a quote or a brace; so the member is found in the decoded text and its ends are mapped
//! back. What is handed out as a value is read from that very slice.

use std::{borrow::Cow, fmt};

use serde_json::value::RawValue;

use super::{JsonError, check, kind, members};
use crate::{
    AbsentWhen, Because, Charset, Ending, Malformed, Members, Message, RecipeError, Response,
    message::{Address, Field, Headers, replace_in_json},
    xml,
};

/// A reply that is one JSON object, or was XML.
pub struct Document<'a> {
    /// `None`: the text is not what came.
    raw: Option<&'a [u8]>,
    text: Cow<'a, str>,
    charset: Charset,
    absent: AbsentWhen,
}

impl<'a> Document<'a> {
    /// Reads `raw`: decoded strictly, not deeper than `depth`, one object without duplicate members.
    ///
    /// # Errors
    /// [`Because`] says what is wrong with it; what it says about the call is then unknown.
    pub fn read(raw: &'a [u8], charset: Charset, depth: usize, absent: AbsentWhen) -> Result<Self, Because> {
        let text = charset.decode(raw).map_err(Because::Charset)?;
        check(&text, depth)?;
        members(&text)?;
        Ok(Self { raw: Some(raw), text, charset, absent })
    }

    /// Reads `raw` as XML: decoded strictly, not deeper than `depth`, no name twice.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub fn read_xml(
        raw: &'a [u8],
        charset: Charset,
        depth: usize,
        absent: AbsentWhen,
    ) -> Result<Self, Because> {
        let text = charset.decode(raw).map_err(Because::Charset)?;
        let text = Cow::Owned(xml::to_json(&xml::children(&text, depth)?));
        members(&text)?;
        Ok(Self { raw: None, text, charset, absent })
    }

    /// The reply as recipes see it: members, headers and raw body of the response, and the raw text of its data.
    ///
    /// # Errors
    /// None that [`Document::read`] has not reported before.
    pub fn message<'m>(
        &'m self,
        response: &'m Response,
        data: Option<&Data<'m>>,
    ) -> Result<Message<'m>, Ending> {
        let fields = members(&self.text).map_err(Because::from)?;
        let fields = fields.into_iter().map(|(name, value)| Field::of_json(name, value.get()));
        let fields: Vec<_> = fields.collect();
        let body = response.body.as_slice();
        let message = Message::new(fields, Address::default(), body, self.charset, self.absent);
        let result = data.filter(|_| self.raw.is_some()).map(Data::raw);
        Ok(message.with_headers(Headers::of_texts(&response.headers)).with_result(result))
    }

    /// The same reply with what was opened in place of the ciphertext at this path, to be read. What was signed can no
    /// longer be had of it.
    ///
    /// # Errors
    /// There is nothing at the path.
    pub fn opened(&self, path: &[&str], plain: &str) -> Result<Document<'static>, RecipeError> {
        let missing = || RecipeError::EmptyField { name: path.join(".") };
        let text = replace_in_json(self.text.trim_start(), path, plain).ok_or_else(missing)?;
        let Self { raw: _, text: _, charset, absent } = *self;
        Ok(Document { raw: None, text: Cow::Owned(text), charset, absent })
    }

    /// The members of the object.
    ///
    /// # Errors
    /// None that [`Document::read`] has not reported before.
    pub fn object(&self) -> Result<Members<'_>, Ending> {
        Ok(Members::of_json(&self.text, self.absent)?)
    }

    /// The member that holds the reply's own data: `member`, or `fault`, which comes instead when the request was not
    /// understood.
    ///
    /// # Errors
    /// Neither is there, or both are.
    pub fn data(&self, member: &str, fault: Option<&str>) -> Result<Data<'_>, Ending> {
        let all = members(&self.text).map_err(Because::from)?;
        let find = |wanted: &str| {
            all.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value).filter(|v| v.get() != "null")
        };
        let (value, is_fault) = match (find(member), fault.and_then(find)) {
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
            (Some(_), Some(_)) => {
                return Err(Malformed::new("data beside a fault", "one of the two").at(member).into());
            }
            (None, None) => return Err(Malformed::missing("an object").at(member).into()),
        };
        let raw = match self.raw {
            Some(_) => self.raw_of(value).ok_or(Malformed::missing("an object").at(member))?,
            None => value.get().as_bytes(),
        };
        Ok(Data { name: member.to_owned(), raw, text: value.get(), is_fault, absent: self.absent })
    }

    /// The bytes on the wire of a value of the text.
    fn raw_of(&self, value: &RawValue) -> Option<&'a [u8]> {
        let raw = self.raw?;
        let start = (value.get().as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let range = self.charset.raw_range(raw, &self.text, start..start + value.get().len())?;
        raw.get(range)
    }
}

/// Its length only: a reply may hold personal data.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes)", self.text.len())
    }
}

/// The member of a reply that holds its data.
#[derive(Debug)]
pub struct Data<'a> {
    name: String,
    raw: &'a [u8],
    text: &'a str,
    is_fault: bool,
    absent: AbsentWhen,
}

impl<'a> Data<'a> {
    /// The exact bytes on the wire, from the first to the last of the value: what a signature covers. Of XML, the JSON
    /// that it amounts to, which nobody has signed.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The request was not understood, and this came in place of the data.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        self.is_fault
    }

    /// The members of the data, read from the bytes that [`Data::raw`] gives.
    ///
    /// # Errors
    /// It is no object, or a name occurs twice in it.
    pub fn object(&self) -> Result<Members<'a>, Ending> {
        Members::of_json(self.text, self.absent).map_err(|error| match error {
            JsonError::Duplicate { name } => Because::DuplicateMember { name }.into(),
            _ => Malformed::new(kind(self.text), "an object").at(&self.name).into(),
        })
    }
}
