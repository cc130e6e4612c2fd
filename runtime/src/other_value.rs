//! Enumerations that survive: a value that the specification does not list is kept, never an error.
//!
//! Every emitted enumeration has a variant `Other` that holds an [`OtherValue`], and implements [`Enumeration`], by
//! which the readers and writers of the wire formats get from text to variant and back.

use std::fmt;

/// The text of a value that the specification does not list.
///
/// Users get one by `SomeEnum::from("text")`, which first looks among the listed values; so a listed value is never
/// hidden in `Other`, and comparing with `==` is safe.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OtherValue(Box<str>);

impl OtherValue {
    /// For emitted code only, which has compared the text with every listed value.
    #[doc(hidden)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OtherValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl fmt::Display for OtherValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An enumeration of a specification: open in both directions.
pub trait Enumeration {
    /// The listed value of this text, or `Other`.
    fn from_wire(text: &str) -> Self;

    /// The text on the wire.
    fn as_wire(&self) -> &str;
}
