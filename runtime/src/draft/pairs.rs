//! Names and values of a form or query that is being written, not encoded yet.

use std::fmt;

use crate::{
    json::JsonText,
    message::{Field, FieldValue},
};

/// The pairs of a form or query, in the order of the wire.
#[derive(Clone, Default)]
pub struct Pairs(Vec<Field<'static>>);

impl Pairs {
    /// No pairs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a pair.
    pub fn pair(&mut self, name: &str, value: &str) {
        self.0.push(Field::of_text(name.to_owned(), value.to_owned()));
    }

    /// Appends a pair, if there is a value.
    pub fn pair_if(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.pair(name, value);
        }
    }

    /// Appends a pair whose value is personal data or a token.
    pub fn sensitive(&mut self, name: &str, value: &str) {
        self.0.push(Field { hidden: true, ..Field::of_text(name.to_owned(), value.to_owned()) });
    }

    /// Appends a pair whose value is personal data or a token, if there is a value.
    pub fn sensitive_if(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.sensitive(name, value);
        }
    }

    /// Appends a pair whose value is JSON text.
    pub fn json(&mut self, name: &str, value: &JsonText) {
        if value.has_hidden() { self.sensitive(name, value) } else { self.pair(name, value) }
    }

    /// Appends rows under flat numbered names: first, under `name`, how many there are, then the members of each,
    /// which `write` names; a `#` in their names becomes the number of the row, `first` for the first.
    pub fn rows<T>(&mut self, name: &str, items: &[T], first: usize, write: impl Fn(&T, &mut Self)) {
        self.pair(name, &items.len().to_string());
        for (index, item) in items.iter().enumerate() {
            let number = first.saturating_add(index).to_string();
            let mut row = Self::new();
            write(item, &mut row);
            self.0.extend(row.0.into_iter().map(|field| {
                let name = field.name.replace('#', &number).into();
                Field { name, ..field }
            }));
        }
    }

    /// Appends rows, if there is a list.
    pub fn rows_if<T>(
        &mut self,
        name: &str,
        items: Option<&[T]>,
        first: usize,
        write: impl Fn(&T, &mut Self),
    ) {
        if let Some(items) = items {
            self.rows(name, items, first, write);
        }
    }

    /// The same without white space at both ends of values, for recipes that sign them so.
    #[must_use]
    pub fn trimmed(self) -> Self {
        Self(self.0.into_iter().map(Field::trimmed).collect())
    }

    pub(super) fn fields(&self, in_query: bool) -> impl Iterator<Item = Field<'_>> {
        self.0.iter().map(move |field| {
            let value = FieldValue::Text(field.value.text().unwrap_or_default().into());
            Field { name: field.name.as_ref().into(), value, in_query, hidden: field.hidden }
        })
    }
}

/// Shows names only: values may be personal.
impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|field| &field.name)).finish()
    }
}
