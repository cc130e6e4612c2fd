//! Objects and arrays inside a list: their leaves, and the parts of one that is written by the same rule.

use std::borrow::Cow;

use super::{Chosen, shown};
use crate::{RecipeError, found::Found, json};

/// Each scalar inside, in document order, with its dotted path. Nothing where there is none.
pub(super) fn leaves(name: &str, text: &str) -> Result<Vec<(String, Found<'static>)>, RecipeError> {
    let mut leaves = Vec::new();
    collect(name.to_owned(), text, &mut leaves)?;
    Ok(leaves)
}

fn collect(path: String, text: &str, leaves: &mut Vec<(String, Found<'static>)>) -> Result<(), RecipeError> {
    match json::kind(text) {
        "an object" => {
            for (name, value) in members(&path, text)? {
                collect(format!("{path}.{name}"), value, leaves)?;
            }
        }
        "an array" => {
            for (index, value) in items(&path, text)?.into_iter().enumerate() {
                collect(format!("{path}.{index}"), value, leaves)?;
            }
        }
        _ => leaves.push((path, Found::of_json(text.trim_ascii().to_owned()))),
    }
    Ok(())
}

/// The members of an object as a list chooses them all.
pub(super) fn chosen_members(
    path: &str,
    text: &str,
    is_hidden: bool,
) -> Result<Vec<Chosen<'static>>, RecipeError> {
    let chosen = |(name, value): (Cow<'_, str>, &str)| Chosen {
        name: Cow::Owned(name.into_owned()),
        found: Found::of_json(value.to_owned()),
        is_hidden,
        is_added: false,
    };
    Ok(members(path, text)?.into_iter().map(chosen).collect())
}

/// Names and values of an object.
pub(super) fn members<'t>(path: &str, text: &'t str) -> Result<Vec<(Cow<'t, str>, &'t str)>, RecipeError> {
    let members = json::members(text).map_err(|_| RecipeError::NotJson { name: shown(path) })?;
    Ok(members.into_iter().map(|(name, value)| (name, value.get())).collect())
}

/// The items of an array.
pub(super) fn items<'t>(path: &str, text: &'t str) -> Result<Vec<&'t str>, RecipeError> {
    let items = json::items(text).ok_or_else(|| RecipeError::NotJson { name: shown(path) })?;
    Ok(items.into_iter().map(|value| value.get()).collect())
}
