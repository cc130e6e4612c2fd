//! What a recipe finds at a name or path of a message, with the cases told apart that it treats apart.

use std::borrow::Cow;

use crate::json;

/// A value of a message, or that there is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Found<'m> {
    /// The message does not have it.
    Absent,
    /// JSON `null`.
    Null,
    /// Text: of a form, or the content of a JSON string.
    Text(Cow<'m, str>),
    /// A JSON number, `true` or `false`, as written.
    Scalar(Cow<'m, str>),
    /// The exact text of a JSON object or array.
    Nested(Cow<'m, str>),
}

impl<'m> Found<'m> {
    /// A JSON value, by its exact text, which a parser has accepted.
    pub(crate) fn of_json(text: impl Into<Cow<'m, str>>) -> Self {
        let text = text.into();
        match json::kind(&text) {
            "an object" | "an array" => Self::Nested(text),
            "null" => Self::Null,
            "a text" => match text {
                Cow::Borrowed(text) => json::string(text).map_or(Self::Absent, Self::Text),
                Cow::Owned(text) => json::string(&text)
                    .map_or(Self::Absent, |content| Self::Text(content.into_owned().into())),
            },
            "nothing" => Self::Absent,
            _ => Self::Scalar(text),
        }
    }
}

/// A field, as a list sees it.
#[derive(Clone, Debug)]
pub(crate) struct ListField<'m> {
    /// The name on the wire.
    pub(crate) name: &'m str,
    /// The value. A field is never absent.
    pub(crate) value: Found<'m>,
    /// It came in the query.
    pub(crate) in_query: bool,
    /// Personal data.
    pub(crate) is_hidden: bool,
}
