//! The fields of a message, in memory that is used again.

use std::{cell::RefCell, mem, ops::Deref, slice};

use super::Field;
use crate::scratch::{self, Kept};

thread_local! {
    static KEPT: Kept<Field<'static>> = const { RefCell::new(Vec::new()) };
}

/// Fields in the order of the wire.
pub(crate) struct Fields<'a>(Vec<Field<'a>>);

impl<'a> Fields<'a> {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(scratch::vector(&KEPT))
    }

    pub(crate) fn extend(&mut self, fields: impl IntoIterator<Item = Field<'a>>) {
        self.0.extend(fields);
    }

    pub(crate) fn iter_mut(&mut self) -> slice::IterMut<'_, Field<'a>> {
        self.0.iter_mut()
    }

    /// The same, each changed.
    pub(crate) fn map(mut self, change: impl Fn(Field<'a>) -> Field<'a>) -> Self {
        mem::take(&mut self.0).into_iter().map(change).collect()
    }
}

impl<'a> FromIterator<Field<'a>> for Fields<'a> {
    fn from_iter<T: IntoIterator<Item = Field<'a>>>(fields: T) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl<'a> From<Vec<Field<'a>>> for Fields<'a> {
    fn from(fields: Vec<Field<'a>>) -> Self {
        Self(fields)
    }
}

impl<'a> Deref for Fields<'a> {
    type Target = [Field<'a>];

    fn deref(&self) -> &[Field<'a>] {
        &self.0
    }
}

impl Drop for Fields<'_> {
    fn drop(&mut self) {
        scratch::recycle_vector(&KEPT, mem::take(&mut self.0));
    }
}
