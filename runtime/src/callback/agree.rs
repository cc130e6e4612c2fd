//! Does a verified notice agree with the shop's own order?

/// A verified notice is about something else than the shop's order. Nothing may be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the notice does not agree with the order: `{field}` differs; book nothing, and look into it")]
pub struct Disagreement {
    field: &'static str,
}

impl Disagreement {
    /// The field that differs. Its values are not shown.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }
}

/// Compares a field of a notice with the shop's own value.
///
/// # Errors
/// [`Disagreement`] names the field.
pub fn agree<T, U>(field: &'static str, received: &T, expected: &U) -> Result<(), Disagreement>
where
    T: PartialEq<U> + ?Sized,
    U: ?Sized,
{
    if received == expected { Ok(()) } else { Err(Disagreement { field }) }
}
