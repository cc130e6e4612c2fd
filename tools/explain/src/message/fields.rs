//! Fields that came, went or changed on the way.
//!
//! A form, query or object is a list of named values, and each of its fields can have been added, lost, given another
//! name or another value, since its signer saw it. Every such change has a room of its own; what happens to one value is
//! said by `value`. The raw body and query are left to `body`, the place of the signature to `signature`.
//!
//! | module | what |
//! |---|---|
//! | `added` | fields that were not signed |
//! | `lost` | fields that were signed, and are not there |
//! | `names` | fields that are called something else |
//! | `values` | values that were changed |
//! | `nested` | JSON inside values |

mod added;
mod lost;
mod names;
mod nested;
mod values;

use payspec_codegen::ir::{Entry, Recipe, Selection};
use payspec_interpreter::{TrialField, TrialMessage};

use crate::change::Change;
use crate::context::Context;
use crate::question::Question;

const RAW: &str = "take the parameters from the raw query or body, before the framework touches them";

pub(crate) fn changes(
    message: &TrialMessage,
    context: &Context,
    recipes: &[&Recipe],
    question: &Question<'_>,
    all: &mut Vec<Change<'_>>,
) {
    let fields = message.fields();
    added::changes(&fields, context, recipes, all);
    lost::changes(&fields, question, recipes, all);
    names::changes(&fields, context, recipes, all);
    values::changes(&fields, recipes, all);
    nested::changes(&fields, all);
}

fn keep(fields: Vec<TrialField>) -> impl Fn(&mut TrialMessage) {
    move |message| message.set_fields(fields.clone())
}

/// Whether a recipe has its signature there.
fn is_place(recipes: &[&Recipe], name: &str) -> bool {
    recipes.iter().any(|recipe| recipe.place_field() == Some(name))
}

/// The names that recipes list.
fn listed(recipes: &[&Recipe]) -> Vec<String> {
    let lists = recipes
        .iter()
        .flat_map(|recipe| recipe.parts.iter().chain([*recipe]))
        .filter_map(|own| own.list.as_ref());
    let entries = lists.filter_map(|list| match &list.fields {
        Selection::Named(entries) => Some(entries),
        _ => None,
    });
    entries
        .flatten()
        .filter_map(|entry| match entry {
            Entry::Name(name) | Entry::Elements(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}
