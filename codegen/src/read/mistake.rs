//! How a type of the model says that a text is not what it should be.
//!
//! Model types that are written as text (ranges, counts, conditions) parse themselves while they are read. They know
//! the code and the mend but not the place; the deserializer knows the place. Serde hands over only a text between
//! the two, so the mistake travels in one, packed and unpacked here.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};

use crate::diagnostic::{Code, Diagnostic, Span};

/// Cannot occur in what people write: `read` refuses control characters.
const SEPARATOR: char = '\u{1F}';

/// What is wrong with a text, without its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Which entry of the catalogue it is.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: Option<String>,
}

impl Mistake {
    /// Says what is wrong.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Mistake { code, message: message.into(), mend: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// Adds the place.
    #[must_use]
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic::new(self.code, span, self.message).mend_if_any(self.mend)
    }

    /// The mistake as the error of a deserializer; [`super::from_node`] gets code and mend out again.
    #[must_use]
    pub fn raise<E: Error>(self) -> E {
        E::custom(Packed(&self))
    }

    /// What was packed by `raise`; any other text is a message without a mend.
    pub(super) fn unpack(text: &str) -> Mistake {
        let mut parts = text.splitn(3, SEPARATOR);
        let unpacked = (|| {
            let code = Code::from_number(parts.next()?)?;
            let (message, mend) = (parts.next()?, parts.next()?);
            let mend = (!mend.is_empty()).then(|| mend.to_owned());
            Some(Mistake { code, message: message.to_owned(), mend })
        })();
        unpacked.unwrap_or_else(|| Mistake::new(Code::UnknownValue, text))
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        self.mend.iter().try_for_each(|mend| write!(f, "; {mend}"))
    }
}

impl std::error::Error for Mistake {}

struct Packed<'a>(&'a Mistake);

impl fmt::Display for Packed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mistake { code, message, mend } = self.0;
        write!(f, "{code}{SEPARATOR}{message}{SEPARATOR}{}", mend.as_deref().unwrap_or_default())
    }
}

/// Reads a text and parses it: the body of `Deserialize` for types that are written as text.
///
/// ```
/// use payspec_codegen::diagnostic::Code;
/// use payspec_codegen::read::{Mistake, parsed};
///
/// struct Count(u32);
///
/// impl<'de> serde::Deserialize<'de> for Count {
///     fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         parsed(deserializer, |text| {
///             let wrong = || Mistake::new(Code::BadCount, format!("`{text}` is no count")).mend("write `32`");
///             text.parse().map(Count).map_err(|_| wrong())
///         })
///     }
/// }
/// ```
///
/// # Errors
/// If no text was found, or `parse` refused it.
pub fn parsed<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Result<T, Mistake>,
) -> Result<T, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    parse(&text).map_err(Mistake::raise)
}
