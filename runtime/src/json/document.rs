//! A reply in JSON: its decoded text, the bytes it came in, and how the one maps onto the other.
//!
//! A signature may cover the raw bytes of one member. In GBK they cannot be found among the bytes, because the second
//! byte of a character may be a quote or a brace; so the member is found in the decoded text and its ends are mapped
//! back. What is handed out as a value is read from that very slice.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{JsonError, check_depth, kind, members};
use crate::{AbsentWhen, Because, Charset, Ending, Malformed, Members};

/// A reply that is one JSON object.
#[derive(Debug)]
pub struct Document<'a> {
    raw: &'a [u8],
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
        check_depth(&text, depth)?;
        members(&text)?;
        Ok(Self { raw, text, charset, absent })
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
        let raw = self.raw_of(value).ok_or(Malformed::missing("an object").at(member))?;
        Ok(Data { name: member.to_owned(), raw, text: value.get(), is_fault, absent: self.absent })
    }

    /// The bytes on the wire of a value of the text.
    fn raw_of(&self, value: &RawValue) -> Option<&'a [u8]> {
        let start = (value.get().as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let range = self.charset.raw_range(self.raw, &self.text, start..start + value.get().len())?;
        self.raw.get(range)
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
    /// The exact bytes on the wire, from the first to the last of the value: what a signature covers.
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
