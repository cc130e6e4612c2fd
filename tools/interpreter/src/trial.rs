//! Trying: one recipe over one message, to learn whether a changed rule, message or key would make a signature fit.
//!
//! A search for the cause of a mismatch tries hundreds of changes. Each goes through the same composer and the same
//! comparison as verifying, but nothing is decoded into typed values, no age is judged, and what has been sealed once
//! is not sealed again. Nothing that comes out of here may be taken for a verified message.
//!
//! | module | what |
//! |---|---|
//! | `reading` | messages for trying |
//! | `message` | one of them, and how it is changed |
//! | `attempt` | one recipe over one message |
//! | `seen` | what was compared before |

mod attempt;
mod message;
mod reading;
mod seen;

use payspec_codegen::ir::{self, FieldPath, Recipe, RecipeId, Repeated, Signature};

use self::attempt::Trial;
use crate::Interpreter;
use crate::opened::open_in_view;
use crate::place::place_name;
use crate::sign::own_places;
use crate::signed_text::{RecipeError, SignedText};
use crate::supplied::Supplied;
use crate::verify::Verifier;

pub use self::message::{TrialField, TrialMessage, TrialValue};
pub use self::seen::Seen;

/// What a try aims at.
#[derive(Clone, Copy)]
pub enum Aim<'a> {
    /// The signature that stands in the message.
    InMessage,
    /// This signature, wherever it stands.
    Signature(&'a str),
    /// This text, of the recipe or of one of its parts.
    Text(&'a [u8]),
}

/// One of the recipes of a message, in the order of verifying: what was signed last comes first.
#[derive(Clone, Debug)]
pub struct TrialStage {
    /// Which recipe.
    pub id: RecipeId,
    /// Fields that were not there yet when it signed.
    pub later: Vec<String>,
    /// What becomes of names that the message has twice.
    pub repeated: Repeated,
}

/// What came of a try.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// The signature fits, or the text is equal.
    pub fits: bool,
    /// The text of the recipe, where it could be composed.
    pub text: Option<SignedText>,
    /// What was encrypted, opened.
    opened: Vec<(FieldPath, String)>,
}

impl Tried {
    /// The message with what this try has opened, for the recipe that signed before.
    #[must_use]
    pub fn open(&self, message: &TrialMessage) -> TrialMessage {
        let mut message = message.clone();
        for (path, plain) in &self.opened {
            open_in_view(&mut message.view, path, plain);
        }
        message
    }
}

impl Interpreter {
    /// The recipes that protect this message, what was signed last first.
    ///
    /// # Errors
    /// [`RecipeError`]: a field that should choose the recipe chooses none.
    pub fn trial_stages(
        &self,
        signature: &Signature,
        message: &TrialMessage,
    ) -> Result<Vec<TrialStage>, RecipeError> {
        let repeated = self.repeated(signature);
        let mut later = Vec::new();
        let mut stages = Vec::new();
        for recipe in self.recipes(signature, &message.view)?.into_iter().rev() {
            let id =
                self.provider.recipes.iter().position(|own| std::ptr::eq(own, recipe)).unwrap_or_default();
            stages.push(TrialStage { id: RecipeId(id), later: later.clone(), repeated });
            // What stands in elements is no field of the message.
            if recipe.each.is_some() {
                continue;
            }
            later.extend(own_places(recipe, 0));
            let fresh = recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref());
            let fresh = fresh.filter(|carrier| !matches!(carrier, ir::PlaceCarrier::Header(_)));
            later.extend(fresh.map(place_name));
        }
        Ok(stages)
    }

    /// The same interpreter for messages in another charset.
    #[must_use]
    pub fn in_charset(&self, charset: ir::Charset) -> Self {
        Self { charset, ..self.clone() }
    }

    /// Tries a recipe, without its further readings and without its tolerance, over a message.
    #[must_use]
    pub fn try_recipe(
        &self,
        recipe: &Recipe,
        stage: &TrialStage,
        message: &TrialMessage,
        supplied: &Supplied,
        aim: Aim<'_>,
        seen: &mut Seen,
    ) -> Tried {
        if let Some(each) = &recipe.each {
            return self.try_elements(each, recipe, stage, message, supplied, aim, seen);
        }
        let compares = !matches!(aim, Aim::Text(_));
        let verifier = Verifier {
            interpreter: self,
            recipe,
            repeated: stage.repeated,
            later: &stage.later,
            supplied,
            compares,
        };
        Trial { verifier, message, aim }.run(seen).unwrap_or_default()
    }

    /// Tries a recipe over each element of an array: all of them must fit what stands in them; of an expected
    /// signature or text one is enough. The text is that of the element that decides.
    #[allow(clippy::too_many_arguments)] // those of `try_recipe`
    fn try_elements(
        &self,
        each: &FieldPath,
        recipe: &Recipe,
        stage: &TrialStage,
        message: &TrialMessage,
        supplied: &Supplied,
        aim: Aim<'_>,
        seen: &mut Seen,
    ) -> Tried {
        let of_one = Recipe { each: None, ..recipe.clone() };
        let own = TrialStage { later: Vec::new(), ..stage.clone() };
        let mut last = Tried::default();
        for index in 0..message.view.elements(each).unwrap_or_default() {
            let Ok(view) = message.view.element(each, index) else { return Tried::default() };
            let element = TrialMessage { view, ..message.clone() };
            last = self.try_recipe(&of_one, &own, &element, supplied, aim, seen);
            if last.fits != matches!(aim, Aim::InMessage) {
                break;
            }
        }
        last
    }
}
