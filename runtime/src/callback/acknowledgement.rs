//! The answer to a notice.

/// The exact body that a provider wants as the answer to a notice. The status is 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    body: &'static str,
    content_type: &'static str,
}

impl Acknowledgement {
    /// For emitted code.
    #[must_use]
    pub const fn new(body: &'static str, content_type: &'static str) -> Self {
        Self { body, content_type }
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &'static str {
        self.body
    }

    /// The `Content-Type`.
    #[must_use]
    pub const fn content_type(&self) -> &'static str {
        self.content_type
    }
}
