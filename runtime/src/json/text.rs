//! JSON that travels as text inside a string.

use super::{JsonText, Object, RawJson};
use crate::SharedStr;

/// A value that travels as JSON text inside a string. Received, both the value and the exact text are kept; sent, it
/// is either a value, which is written when the request is built, or an exact text that the caller has already.
///
/// `Json<RawJson>` is JSON of unknown shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Json<T> {
    value: Option<T>,
    text: Option<RawJson>,
}

impl<T> Json<T> {
    /// To be sent: this value, written when the request is built.
    #[must_use]
    pub const fn of(value: T) -> Self {
        Self { value: Some(value), text: None }
    }

    /// To be sent: exactly this text, whatever its members are called. It is not looked into.
    #[must_use]
    pub fn text(exact: impl AsRef<str>) -> Self {
        Self { value: None, text: Some(RawJson::trusted(exact.as_ref())) }
    }

    /// The value. There is none in one that was made by [`Json::text`]; one that was received always has it.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The exact text. There is none in one that was made by [`Json::of`] (see [`Json::to_text`]); one that was
    /// received always has it.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        self.text.as_ref().map(RawJson::text)
    }

    /// The text that is sent: the exact one, or the value as `write` writes it.
    #[must_use]
    pub fn to_text(&self, write: impl FnOnce(&T, &mut Object)) -> JsonText {
        match (&self.text, &self.value) {
            (Some(text), _) => JsonText::exact(text.text()),
            (None, Some(value)) => {
                let mut object = Object::new();
                write(value, &mut object);
                object.finish()
            }
            (None, None) => JsonText::exact(""),
        }
    }

    /// Received: the value and the text that it was read from.
    pub(crate) const fn received(value: T, text: SharedStr) -> Self {
        Self { value: Some(value), text: Some(RawJson::shared(text)) }
    }
}

impl Json<RawJson> {
    /// The text of JSON of unknown shape.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.exact().or_else(|| self.value().map(RawJson::text)).unwrap_or_default()
    }
}
