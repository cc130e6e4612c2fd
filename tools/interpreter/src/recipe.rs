//! Recipes alone, over any pairs as if they were the form of a message: for examples, guides and tests.

use std::sync::Arc;

use payspec_codegen::ir;

use crate::Interpreter;
use crate::compose::{Beside, Composer, Known};
use crate::incoming::Refusal;
use crate::node::Node;
use crate::notes::Notes;
use crate::seal::{SealError, Unverified};
use crate::select::Picked;
use crate::sign::own_places;
use crate::signed_text::{RecipeError, SignedText};
use crate::view::View;

impl Interpreter {
    /// The text of a recipe over any pairs, as if they were the form of a message. `None`: the spec has no such recipe.
    ///
    /// # Errors
    /// [`RecipeError`] when the recipe refuses them.
    #[must_use]
    pub fn recipe_text(
        &self,
        recipe: &str,
        pairs: &[(String, String)],
    ) -> Option<Result<SignedText, RecipeError>> {
        let recipe = self.recipe_named(recipe)?;
        Some(self.with_recipe(recipe, &view_of_pairs(pairs), |composer| composer.text()))
    }

    /// Seals a text as a recipe says. `None`: the spec has no such recipe.
    ///
    /// # Errors
    /// [`SealError`] when the keys do not fit.
    #[must_use]
    pub fn recipe_signature(&self, recipe: &str, text: &SignedText) -> Option<Result<String, SealError>> {
        let sealed = self.with_recipe(self.recipe_named(recipe)?, &View::default(), |composer| {
            composer.signature(text.bytes())?.text(composer.charset)
        });
        Some(sealed.map_err(|error| match error {
            RecipeError::Seal(error) => error,
            _ => SealError::Operation,
        }))
    }

    /// Whether a signature is one of these pairs, by the recipe or one of its further readings: which of them.
    /// `None`: the spec has no such recipe.
    ///
    /// # Errors
    /// [`Refusal`] when it is none.
    #[must_use]
    pub fn recipe_accepts(
        &self,
        recipe: &str,
        pairs: &[(String, String)],
        signature: &str,
    ) -> Option<Result<usize, Refusal>> {
        let recipe = self.recipe_named(recipe)?;
        let view = view_of_pairs(pairs);
        let readings =
            std::iter::once(recipe).chain(recipe.also_accept.iter().map(|reading| &reading.recipe));
        for (index, reading) in readings.enumerate() {
            let verified = self.with_recipe(reading, &view, |composer| {
                let text = composer.text()?;
                Ok(composer.verified(text.bytes(), signature))
            });
            match verified {
                Ok(Ok(())) => return Some(Ok(index)),
                Ok(Err(Unverified::Mismatch)) => {}
                Ok(Err(Unverified::Malformed)) => return Some(Err(Refusal::MalformedSignature)),
                Ok(Err(Unverified::Recipe(error))) => return Some(Err(error.into())),
                Err(error) if recipe.also_accept.is_empty() => return Some(Err(error.into())),
                Err(_) => {}
            }
        }
        Some(Err(Refusal::SignatureMismatch))
    }

    /// Composes and seals with notes taken. `None`: the spec has no such recipe.
    pub(crate) fn tell_recipe(
        &self,
        recipe: &str,
        pairs: &[(String, String)],
        notes: &Arc<Notes>,
    ) -> Option<Result<(), RecipeError>> {
        let recipe = self.recipe_named(recipe)?;
        notes.enter(recipe, 0);
        let view = View { notes: Some(Arc::clone(notes)), ..view_of_pairs(pairs) };
        Some(self.with_recipe(recipe, &view, |composer| {
            let content = composer.signature(composer.text()?.bytes())?;
            composer.note(|notes| notes.sealed(composer, &content));
            Ok(())
        }))
    }

    fn recipe_named(&self, name: &str) -> Option<&ir::Recipe> {
        self.provider.recipes.iter().find(|recipe| recipe.name.wire == name)
    }

    /// A recipe over a message, with its parts but without given and fresh values.
    fn with_recipe<T>(
        &self,
        recipe: &ir::Recipe,
        view: &View,
        run: impl FnOnce(&Composer<'_>) -> Result<T, RecipeError>,
    ) -> Result<T, RecipeError> {
        let mut beside = Beside::default();
        for (index, part) in recipe.parts.iter().enumerate() {
            let own = own_places(recipe, index);
            let made = self.composed(recipe, part, view, &beside, &own, |composer| {
                composer.signature(composer.text()?.bytes())
            });
            // A part that cannot be made is missed only where it is used.
            beside.parts.extend(made.ok().map(|content| Known::part(part, content)));
        }
        let own = own_places(recipe, recipe.parts.len());
        self.composed(recipe, recipe, view, &beside, &own, run)
    }

    fn composed<T>(
        &self,
        around: &ir::Recipe,
        recipe: &ir::Recipe,
        view: &View,
        beside: &Beside,
        own: &[String],
        run: impl FnOnce(&Composer<'_>) -> Result<T, RecipeError>,
    ) -> Result<T, RecipeError> {
        run(&Composer {
            interpreter: self,
            recipe,
            view,
            beside,
            charset: self.recipe_charset(recipe.charset)?,
            own,
            fresh: &around.fresh,
            repeated: around.repeated,
        })
    }

    /// The names that the lists of a recipe leave out of a request, and which are therefore not sent.
    pub(crate) fn dropped(&self, recipe: &ir::Recipe, view: &View) -> Result<Vec<String>, RecipeError> {
        let own = own_places(recipe, 0);
        let mut dropped = Vec::new();
        for listing in recipe.parts.iter().chain([recipe]) {
            let Some(list) = &listing.list else { continue };
            let found = self.composed(recipe, listing, view, &Beside::default(), &own, |composer| {
                let mut names = Vec::new();
                for Picked { name, field, node, is_whole } in composer.picked(list)? {
                    let node = node.filter(|node| is_whole && node.nested().is_none());
                    if node.is_some()
                        && composer.judged(&list.empties, Some(list), &name, node.as_ref())?.is_none()
                    {
                        names.push(field);
                    }
                }
                Ok(names)
            });
            dropped.extend(found?);
        }
        Ok(dropped)
    }
}

fn view_of_pairs(pairs: &[(String, String)]) -> View {
    let body = pairs.iter().map(|(name, value)| (name.clone(), Node::Text(value.clone()))).collect();
    View { body, ..View::default() }
}
