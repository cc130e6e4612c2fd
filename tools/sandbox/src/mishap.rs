//! What can go wrong on purpose: the cases that a shop must survive and that no provider lets it try.

/// Something that the fake provider does wrong, once, with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mishap {
    /// The call is booked and never answered: the shop runs into its time-out although the money may have moved.
    BookedButNotAnswered,
}
