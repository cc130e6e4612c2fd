//! Values of a message that stand in a template by themselves. A template can leave nothing out: what is nothing is
//! refused, or written as the recipe says.

use std::borrow::Cow;

use crate::{
    Empties, Empty, Message, Operand, RecipeError, excerpt::excerpt, found::Found, values::is_blank,
};

impl Message<'_> {
    /// The value at a path: a field, then members of objects and indices of arrays.
    ///
    /// # Errors
    /// It is nothing, and the recipe does not say how that is written; it is an object or an array.
    pub fn field_operand(&self, path: &[&str], empties: &Empties) -> Result<Operand<'_>, RecipeError> {
        let (found, is_hidden) = self.value_at(path)?;
        let name = || excerpt(&path.join("."), 64).into_owned();
        let action = match &found {
            Found::Nested(_) => return Err(RecipeError::NestedField { name: name() }),
            Found::Absent => empties.absent,
            Found::Null => empties.json_null,
            Found::Text(text) if text.is_empty() => empties.empty,
            Found::Text(text) if is_blank(text) => empties.blank,
            Found::Text(_) | Found::Scalar(_) => Empty::Keep,
        };
        let text = match (action, found) {
            (Empty::Keep, Found::Text(text) | Found::Scalar(text)) => text,
            (Empty::Keep, _) => "".into(),
            (Empty::As(text), _) => text.into(),
            (Empty::Drop | Empty::Refuse, _) => return Err(RecipeError::EmptyField { name: name() }),
        };
        Ok(Operand::text(text).hidden_if(is_hidden))
    }

    /// The value of a header, as it stands.
    ///
    /// # Errors
    /// It is missing or empty, and the recipe does not say how that is written.
    pub fn header_operand(&self, name: &str, empties: &Empties) -> Result<Operand<'_>, RecipeError> {
        let header = self.header(name)?;
        let action = match header {
            None => empties.absent,
            Some("") => empties.empty,
            Some(_) => Empty::Keep,
        };
        match action {
            Empty::Keep => Ok(Operand::text(header.unwrap_or_default())),
            Empty::As(text) => Ok(Operand::text(text)),
            Empty::Drop | Empty::Refuse => Err(RecipeError::EmptyField { name: name.to_owned() }),
        }
    }

    /// The text of the field that chooses the recipe; `None` where it is absent, `null` or empty.
    ///
    /// # Errors
    /// It is an object or an array.
    pub fn chooser(&self, path: &[&str]) -> Result<Option<String>, RecipeError> {
        match self.value_at(path)?.0 {
            Found::Absent | Found::Null => Ok(None),
            Found::Text(text) | Found::Scalar(text) => {
                Ok(Some(text.into_owned()).filter(|text| !text.is_empty()))
            }
            Found::Nested(_) => Err(RecipeError::NestedField { name: path.join(".") }),
        }
    }

    /// What stands in the field that holds a signature.
    ///
    /// # Errors
    /// It is missing, empty or no text.
    pub fn placed_field(&self, path: &[&str]) -> Result<Cow<'_, str>, RecipeError> {
        let place = || path.join(".");
        match self.value_at(path)?.0 {
            Found::Text(text) | Found::Scalar(text) => filled(text, place),
            Found::Absent | Found::Null | Found::Nested(_) => {
                Err(RecipeError::MissingSignature { place: place() })
            }
        }
    }

    /// What stands in the header that holds a signature.
    ///
    /// # Errors
    /// It is missing or empty, or stands there twice.
    pub fn placed_header(&self, name: &str) -> Result<Cow<'_, str>, RecipeError> {
        let place = || name.to_owned();
        let value = self.header(name)?.ok_or_else(|| RecipeError::MissingSignature { place: place() })?;
        filled(Cow::Borrowed(value), place)
    }

    /// What stands in the parameter of the query that holds a signature.
    ///
    /// # Errors
    /// It is missing, empty, or stands there twice.
    pub fn placed_query(&self, name: &str) -> Result<Cow<'_, str>, RecipeError> {
        let place = || name.to_owned();
        let mut values = self.list_fields().filter(|field| field.in_query && field.name == name);
        match (values.next().map(|field| field.value), values.next()) {
            (Some(Found::Text(text)), None) => filled(text, place),
            (Some(_), Some(_)) => Err(RecipeError::RepeatedField { name: place() }),
            _ => Err(RecipeError::MissingSignature { place: place() }),
        }
    }
}

fn filled(text: Cow<'_, str>, place: impl FnOnce() -> String) -> Result<Cow<'_, str>, RecipeError> {
    if text.is_empty() { Err(RecipeError::EmptySignature { place: place() }) } else { Ok(text) }
}
