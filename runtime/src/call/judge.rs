//! Is the answer, or the notice, the one for us?

use crate::{Because, Ending};

/// A received value must be the one that was sent; a missing one says nothing.
///
/// # Errors
/// [`Because::OtherOrder`]: an answer about another order must not be believed.
pub fn echo<T: PartialEq + ?Sized>(
    field: &'static str,
    received: Option<&T>,
    sent: &T,
) -> Result<(), Ending> {
    match received {
        Some(received) if received != sent => Err(Because::OtherOrder { field }.into()),
        _ => Ok(()),
    }
}

/// A message is for another merchant, or for another algorithm of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message is for somebody else: `{field}` is not ours")]
pub struct ForSomebodyElse {
    /// The field that differs.
    pub field: &'static str,
}

/// A received value must be our own: a merchant number, for example.
///
/// # Errors
/// [`ForSomebodyElse`], which becomes a [`CallbackError`](crate::CallbackError) or an [`Ending`].
pub fn for_us(field: &'static str, received: &str, ours: &str) -> Result<(), ForSomebodyElse> {
    if received == ours { Ok(()) } else { Err(ForSomebodyElse { field }) }
}
