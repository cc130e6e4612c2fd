//! Which received values count as absent. The same rule for requests is in the emitted code and in [`crate::Check`].

use crate::values::is_blank;

/// Which values of an optional field count as absent when they are received. A JSON `null` always does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AbsentWhen {
    /// The empty text.
    #[default]
    Empty,
    /// Text of nothing but white space (U+0009 to U+000D, U+0020).
    Blank,
    /// None.
    Never,
}

impl AbsentWhen {
    /// Whether this text counts as absent.
    #[must_use]
    #[inline]
    pub fn holds(self, text: &str) -> bool {
        match self {
            Self::Empty => text.is_empty(),
            Self::Blank => is_blank(text),
            Self::Never => false,
        }
    }
}
