//! Values that must not be trusted: their types make one say so.

/// What a browser says about a payment. It decides nothing: the notice or a query does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint<T>(T);

impl<T> Hint<T> {
    /// For emitted code.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, to choose which page is shown. Never ship on it.
    pub const fn for_display(&self) -> &T {
        &self.0
    }
}

/// A value in a verified message that the signature does not cover: anybody could have changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsigned<T>(T);

impl<T> Unsigned<T> {
    /// For emitted code.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value. Whatever is decided by it, anybody can decide.
    pub const fn unverified(&self) -> &T {
        &self.0
    }
}
