//! What finds out the truth where no ready query can be made.

/// Repeat the call: it only reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat;

/// No query can be filled in from the request: somebody, or the notice, has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// The operation that may tell, if there is one, and the notice, in words.
    pub advice: &'static str,
}

impl ByHand {
    /// `advice` names the operation or the notice that tells.
    #[must_use]
    pub const fn new(advice: &'static str) -> Self {
        Self { advice }
    }
}
