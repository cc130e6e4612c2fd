//! `also_accept`: further readings of a recipe, which a verifier tries in order.
//!
//! A reading may differ in what is left out and how it is written. It may not differ in what makes the recipe secure:
//! a sender could otherwise pick the weaker of the two.

use super::{Context, likes};
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Reading};
use crate::model::Recipe;
use crate::read::{Node, Spanned};

/// How many further readings a recipe may have.
const MOST_READINGS: usize = 4;

impl Context<'_> {
    /// A recipe and its readings.
    pub(super) fn recipe_with_readings(
        &self,
        name: &Spanned<String>,
        within: Span,
        recipe: &Recipe,
    ) -> Option<ir::Recipe> {
        let mut lowered = self.recipe(name, within, recipe, false);
        let readings = recipe.also_accept.as_ref();
        if let Some(all) = readings.filter(|all| all.len() > MOST_READINGS) {
            let message = format!("recipe `{name}` has {} further readings", all.len());
            self.mistake(Code::LooserReading, all.span, message, format!("at most {MOST_READINGS}"));
        }
        for node in readings.into_iter().flat_map(|all| all.iter()) {
            if let Some(reading) = self.reading(name, within, recipe, node)
                && let Some(lowered) = &mut lowered
            {
                self.reading_is_as_strict(name, lowered, &reading, node.span);
                lowered.also_accept.push(reading);
            }
        }
        lowered
    }

    fn reading(&self, name: &Spanned<String>, within: Span, recipe: &Recipe, node: &Node) -> Option<Reading> {
        let own: Recipe = self.decode(node, "the reading")?;
        for (word, said) in [
            ("each", own.each.is_some()),
            ("place", own.place.is_some()),
            ("key", own.key.is_some()),
            ("key_id", own.key_id.is_some()),
            ("algorithm", own.algorithm.is_some()),
            ("fresh", own.fresh.is_some()),
            ("given", own.given.is_some()),
            ("tolerance", own.tolerance.is_some()),
            ("repeated", own.repeated.is_some()),
        ] {
            if said {
                let message = format!("a further reading of `{name}` changes `{word}`");
                let mend = "it may differ in what is left out and how it is written";
                self.mistake(Code::LooserReading, node.span, message, mend);
            }
        }
        for (word, said) in [
            ("like", own.like.is_some()),
            ("choose", own.choose.is_some()),
            ("also_accept", own.also_accept.is_some()),
        ] {
            if said {
                let message = format!("`{word}` does not apply to a further reading");
                self.mistake(Code::KeyDoesNotApply, node.span, message, "write only the keys that differ");
            }
        }
        let changed = Recipe { also_accept: None, ..likes::over(recipe, &own) };
        Some(Reading { differs: likes::shown(node), recipe: self.recipe(name, within, &changed, true)? })
    }

    /// Parts may be written in another way too, but not sealed with another algorithm or key.
    fn reading_is_as_strict(
        &self,
        name: &Spanned<String>,
        recipe: &ir::Recipe,
        reading: &Reading,
        span: Span,
    ) {
        for part in &reading.recipe.parts {
            let same = recipe.parts.iter().find(|own| own.name == part.name);
            let is_same =
                |own: &ir::Recipe| own.seal.key == part.seal.key && own.seal.algorithm == part.seal.algorithm;
            if same.is_some_and(|own| !is_same(own)) {
                let message =
                    format!("a further reading of `{name}` seals part `{}` in another way", part.name.wire);
                let mend = "it may differ in what is left out and how it is written";
                self.mistake(Code::LooserReading, span, message, mend);
            }
        }
    }
}
