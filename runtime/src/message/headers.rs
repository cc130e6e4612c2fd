//! Headers, by their names in any case. One that stands there twice has no value: two readers could take different
//! ones.

use std::borrow::Cow;

use crate::{RecipeError, excerpt::excerpt};

/// The headers of a message.
#[derive(Clone, Default)]
pub(crate) struct Headers<'a>(Vec<(Cow<'a, str>, Cow<'a, [u8]>)>);

impl<'a> Headers<'a> {
    pub(crate) fn of_bytes(headers: &[(&'a str, &'a [u8])]) -> Self {
        Self(headers.iter().map(|(name, value)| (Cow::Borrowed(*name), Cow::Borrowed(*value))).collect())
    }

    pub(crate) fn of_texts(headers: &'a [(String, String)]) -> Self {
        let header = |(name, value): &'a (String, String)| {
            (Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_bytes()))
        };
        Self(headers.iter().map(header).collect())
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<&str>, RecipeError> {
        let shown = || excerpt(name, 64).into_owned();
        let mut values = self.0.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let Some((_, value)) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(RecipeError::RepeatedHeader { name: shown() });
        }
        let text = str::from_utf8(value).map_err(|_| RecipeError::UnreadableHeader { name: shown() })?;
        // White space around a value is no part of it (RFC 9110, 5.5).
        Ok(Some(text.trim_matches([' ', '\t'])))
    }
}
