//! What the fake provider has seen and done, for accounts and assertions. Secrets are masked.

use crate::book::Order;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry {
    /// A request was taken: its signature fits and it keeps the limits.
    Taken {
        /// The operation.
        operation: String,
        /// The text that its signature covers, the secret masked.
        signed: String,
    },
    /// A request was refused.
    Refused {
        /// Its path.
        path: String,
        /// Why.
        reason: String,
    },
    /// An order was entered in the books.
    Booked(Order),
    /// A callback was sent.
    Sent {
        /// The callback.
        callback: String,
        /// The text that its signature covers, the secret masked.
        signed: String,
        /// What the shop answered, `None` if nothing.
        answer: Option<String>,
    },
}
