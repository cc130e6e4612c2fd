//! What a message means for money, in words that are the same for all providers.

/// What is known about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PaymentOutcome {
    /// Paid.
    Paid,
    /// Open: it may still be paid.
    Pending,
    /// Surely not paid, and it will not be.
    Failed,
    /// Closed without payment.
    Closed,
    /// Paid, then refunded in part.
    PartRefunded,
    /// Paid, then refunded.
    Refunded,
    /// The message does not say.
    Unknown,
}

/// What is known about a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefundOutcome {
    /// Refunded.
    Refunded,
    /// Under way.
    Pending,
    /// Surely not refunded.
    Failed,
    /// The message does not say.
    Unknown,
}
