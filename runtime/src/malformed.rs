//! What is said when a received value is not as the spec says.

use std::fmt;

use crate::excerpt::excerpt;

/// How much of a value is shown.
const SHOWN: usize = 40;

/// A received member that is missing or cannot be read. It names the member and what was found, but never shows the
/// value of a sensitive one, nor more than 40 characters of any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    path: String,
    found: Option<String>,
    wanted: &'static str,
}

impl Malformed {
    /// Something was found; `wanted` says what should have been there.
    pub(crate) fn new(found: impl Into<String>, wanted: &'static str) -> Self {
        Self { path: String::new(), found: Some(found.into()), wanted }
    }

    /// A text was found.
    pub(crate) fn text(found: &str, wanted: &'static str) -> Self {
        Self::new(format!("the text {:?}", excerpt(found, SHOWN)), wanted)
    }

    /// Nothing was found.
    pub(crate) const fn missing(wanted: &'static str) -> Self {
        Self { path: String::new(), found: None, wanted }
    }

    /// The same, inside the member of this name.
    #[must_use]
    pub(crate) fn at(mut self, name: &str) -> Self {
        let name = excerpt(name, SHOWN);
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{separator}{}", self.path);
        self
    }

    /// The same, inside the item of this index.
    #[must_use]
    pub(crate) fn at_item(mut self, index: usize) -> Self {
        let separator = if self.path.is_empty() { "" } else { "." };
        self.path = format!("[{index}]{separator}{}", self.path);
        self
    }

    /// The same without the value.
    #[must_use]
    pub(crate) fn hidden(mut self) -> Self {
        self.found = self.found.map(|_| "something else".to_owned());
        self
    }

    /// The member: `order.items[0].amount`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// There is no such member, or it counts as absent.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        self.found.is_none()
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            None => write!(f, "`{}` is missing; {} is wanted", self.path, self.wanted),
            Some(found) => write!(f, "`{}` is {found}; {} is wanted", self.path, self.wanted),
        }
    }
}

impl std::error::Error for Malformed {}
