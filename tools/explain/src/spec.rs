//! Changes of a recipe, key by key: every other value that the language has.
//!
//! What a key can hold without end (literals, names of values) is taken from tables of what providers use, and from
//! the message, the spec and the credentials. Parts are changed in the same way as the recipe around them.

mod empties;
mod filters;
mod list;
mod pair;
mod place;
mod seal;
mod secret;
mod select;
mod tables;
mod text;

use payspec_codegen::ir::{self, Recipe, Signature};

use crate::answer::Blame;
use crate::change::{Change, Edit, KeyChange, KeyChanges};
use crate::context::Context;
use crate::{rank, yaml};

/// Every change of the recipe of a stage, and of its parts.
pub(crate) fn changes(stage: usize, recipe: &Recipe, context: &Context, all: &mut Vec<Change<'_>>) {
    let name = recipe.name.wire.as_str();
    for own in of_recipe(recipe, recipe, context) {
        all.push(as_change(stage, format!("signatures.{name}.{}", own.key), own));
    }
    for (index, part) in recipe.parts.iter().enumerate() {
        for own in of_recipe(part, recipe, context) {
            let at = format!("signatures.{name}.parts.{}.{}", part.name.wire, own.key);
            let KeyChange { rank, key, value, title, edit } = own;
            let title = format!("in the part `{}`: {title}", part.name.wire);
            let edit = Box::new(move |recipe: &mut Recipe| {
                if let Some(part) = recipe.parts.get_mut(index) {
                    edit(part);
                }
            });
            all.push(as_change(stage, at, KeyChange { rank: rank + 1, key, value, title, edit }));
        }
    }
}

fn as_change(stage: usize, at: String, own: KeyChange<'static>) -> Change<'static> {
    let KeyChange { rank, key: _, value, title, edit } = own;
    let edit = Edit::Recipe { stage, edit };
    Change { rank, blame: Blame::Spec, at, value, title, mend: String::new(), edit }
}

fn of_recipe(recipe: &Recipe, around: &Recipe, context: &Context) -> Vec<KeyChange<'static>> {
    let mut changes = KeyChanges::default();
    if let Some(list) = &recipe.list {
        empties::of_list(list, &mut changes);
        select::changes(list, context, &mut changes);
        list::changes(list, context, &mut changes);
        pair::changes(list, context, &mut changes);
    }
    empties::of_template(recipe, &mut changes);
    secret::changes(recipe, context, &mut changes);
    text::changes(recipe, around, context, &mut changes);
    filters::changes(recipe, &mut changes);
    seal::changes(recipe, context, &mut changes);
    place::changes(recipe, context, &mut changes);
    changes.0
}

/// The other cases of the same choice.
pub(crate) fn other_recipes(
    stage: usize,
    recipe: &Recipe,
    provider: &ir::Provider,
    signature: &Signature,
    used: &[ir::RecipeId],
    all: &mut Vec<Change<'_>>,
) {
    for case in signature.recipes().into_iter().filter(|case| !used.contains(case)) {
        let other = &provider[case];
        let (own, other_name) = (&recipe.name.wire, &other.name.wire);
        all.push(Change {
            rank: rank::OTHER_CREDENTIAL,
            blame: Blame::Spec,
            at: format!("signatures.{own}.choose"),
            value: other_name.as_str().into(),
            title: format!("it is signed by the recipe `{other_name}`, not by `{own}`"),
            mend: format!(
                "let the choice lead to `{other_name}` here: the value that it goes by is another one"
            ),
            edit: Edit::OtherRecipe { stage, recipe: Box::new(other.clone()) },
        });
    }
}

/// A name in the mark of a title.
fn named(name: &str) -> String {
    format!("`{}`", yaml::plain_name(name))
}
