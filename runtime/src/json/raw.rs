//! JSON that is handed on as it is.

use std::{borrow::Cow, fmt, str::FromStr};

use super::{JsonError, parse};
use crate::SharedStr;

/// A JSON value of unknown shape, with its exact text.
///
/// ```
/// use payspec_runtime::json::RawJson;
///
/// let value: RawJson = r#"{"n": 1.0}"#.parse()?;
/// assert_eq!(value.text(), r#"{"n": 1.0}"#);
/// # Ok::<(), payspec_runtime::json::JsonError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawJson(SharedStr);

impl RawJson {
    /// The exact text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The content, if the value is a string.
    #[must_use]
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        parse::string(&self.0)
    }

    /// A JSON string with this content.
    #[must_use]
    pub fn of_text(content: &str) -> Self {
        let mut text = String::new();
        super::write_string(&mut text, content);
        Self(text.into())
    }

    /// The same of text that is a piece of a message.
    pub(crate) const fn shared(text: SharedStr) -> Self {
        Self(text)
    }

    /// Text that a parser has already found to be one JSON value.
    pub(crate) fn trusted(text: &str) -> Self {
        Self(text.into())
    }
}

impl FromStr for RawJson {
    type Err = JsonError;

    fn from_str(text: &str) -> Result<Self, JsonError> {
        super::value(text).map(Self::trusted)
    }
}

/// Shows the length only: JSON of unknown shape may hold personal data.
impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.0.len())
    }
}
