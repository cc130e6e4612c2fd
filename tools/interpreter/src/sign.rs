//! Signing: the recipes of a message, one after the other, over a draft that grows with what they place.

use std::sync::Arc;

use payspec_codegen::ir::{self, Encoding, FieldPath, PlaceCarrier, Recipe, Repeated, Signature};

use crate::Interpreter;
use crate::bytes;
use crate::compose::{Beside, Composer, Known};
use crate::draft::Draft;
use crate::elements;
use crate::filter::Content;
use crate::notes::Notes;
use crate::place::place_name;
use crate::signed_text::{RecipeError, SignedText};
use crate::supplied::{Supplied, machine_now};
use crate::time::Instant;
use crate::value::Map;
use crate::view::View;

/// What signing made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    /// Every text by name, parts before their recipe.
    pub(crate) texts: Vec<(String, SignedText)>,
    /// The text of the last recipe.
    pub(crate) text: SignedText,
    /// The signature of the last recipe.
    pub(crate) signature: Option<String>,
    /// Fresh values.
    pub(crate) fresh: Map<String>,
}

impl Interpreter {
    /// The recipes that protect a message, in the order of signing.
    pub(crate) fn recipes(&self, signature: &Signature, view: &View) -> Result<Vec<&Recipe>, RecipeError> {
        match signature {
            Signature::None { .. } => Ok(Vec::new()),
            Signature::Recipe(id) => Ok(vec![&self.provider[*id]]),
            Signature::Chosen { .. } => Ok(self.configured_recipe(signature).into_iter().collect()),
            Signature::ByField { by, cases, absent, otherwise } => {
                let no_case = || RecipeError::NoCase { name: by.dotted() };
                let node = view.at(&by.0)?;
                if node.as_ref().is_some_and(|node| node.nested().is_some()) {
                    return Err(no_case());
                }
                let told = node.as_ref().and_then(|node| node.scalar()).filter(|told| !told.is_empty());
                let id = match told {
                    None => *absent,
                    Some(told) => {
                        let case = cases.iter().find(|case| case.value == told).map(|case| case.recipe);
                        case.or(*otherwise)
                    }
                };
                Ok(vec![&self.provider[id.ok_or_else(no_case)?]])
            }
            Signature::Several(all) => {
                let mut recipes = Vec::new();
                for signature in all {
                    recipes.extend(self.recipes(signature, view)?);
                }
                Ok(recipes)
            }
        }
    }

    /// What the first recipe of a message says about names that it has twice.
    pub(crate) fn repeated(&self, signature: &Signature) -> Repeated {
        signature.recipes().first().map_or(Repeated::Refuse, |id| self.provider[*id].repeated)
    }

    /// Whether names and values of a message lose outer white space.
    pub(crate) fn is_trimmed(&self, signature: &Signature) -> bool {
        let trims = |recipe: &Recipe| recipe.list.as_ref().is_some_and(|list| list.trim);
        match self.configured_recipe(signature) {
            Some(recipe) => trims(recipe),
            None => signature.recipes().iter().any(|id| trims(&self.provider[*id])),
        }
    }

    /// The instant that fresh times and tolerances go by.
    pub(crate) fn now(&self, supplied: &Supplied) -> Instant {
        supplied.now.or(self.settings.fresh.map(|fresh| fresh.now)).unwrap_or_else(machine_now)
    }

    /// The given values of a recipe.
    pub(crate) fn given(&self, recipe: &Recipe, supplied: &Supplied) -> Result<Vec<Known>, RecipeError> {
        let given = |given: &ir::Given| {
            let name = given.name.wire.clone();
            let not_given = || RecipeError::NotGiven { name: name.clone() };
            let value = supplied.given.get(&name).ok_or_else(not_given)?;
            Ok(Known { name, content: Content::Text(value.clone()), hidden: given.secret })
        };
        recipe.given.iter().map(given).collect()
    }

    pub(crate) fn recipe_charset(&self, encoding: Encoding) -> Result<ir::Charset, RecipeError> {
        self.charset_of(encoding).map_err(|_| RecipeError::Charset)
    }

    /// Signs a draft with every recipe of its message. `view_of` shows the draft as it is.
    pub(crate) fn sign_draft(
        &self,
        signature: &Signature,
        draft: &mut Draft,
        view_of: &dyn Fn(&Draft) -> Result<View, RecipeError>,
        supplied: &Supplied,
    ) -> Result<Made, RecipeError> {
        let mut made = Made::default();
        let view = view_of(draft)?;
        let repeated = self.repeated(signature);
        for recipe in self.recipes(signature, &view)? {
            let notes = &view.notes;
            let signer = |element| {
                let notes = notes.clone();
                Signer { interpreter: self, recipe, repeated, view_of, supplied, element, notes }
            };
            let Some(each) = &recipe.each else {
                signer(None).sign(draft, &mut made)?;
                continue;
            };
            for index in 0..view_of(draft)?.elements(each)? {
                // Nothing is written into what is no object.
                view_of(draft)?.element(each, index)?;
                let mut of_one = Made::default();
                let signed = signer(Some((each, index))).sign(draft, &mut of_one);
                signed.map_err(|error| error.within(&elements::place(each, index)))?;
                made.texts.extend(elements::numbered(of_one.texts, index));
                made.fresh.extend(of_one.fresh);
                made.text = of_one.text;
                made.signature = of_one.signature;
            }
        }
        Ok(made)
    }
}

/// The places of a recipe and of its parts from this one on: their own fields take no part in lists.
pub(crate) fn own_places(recipe: &Recipe, from_part: usize) -> Vec<String> {
    let own = recipe.parts.iter().skip(from_part).chain([recipe]);
    let carriers = own.filter_map(|recipe| Some(&recipe.place.as_ref()?.carrier));
    carriers.filter(|carrier| !matches!(carrier, PlaceCarrier::Header(_))).map(place_name).collect()
}

/// One recipe over a draft.
struct Signer<'a> {
    interpreter: &'a Interpreter,
    recipe: &'a Recipe,
    repeated: Repeated,
    view_of: &'a dyn Fn(&Draft) -> Result<View, RecipeError>,
    supplied: &'a Supplied,
    /// The element of an array that it is about; `None`: the message.
    element: Option<(&'a FieldPath, usize)>,
    notes: Option<Arc<Notes>>,
}

impl Signer<'_> {
    /// What the recipe sees of the draft.
    fn view(&self, draft: &Draft) -> Result<View, RecipeError> {
        let view = (self.view_of)(draft)?;
        match self.element {
            None => Ok(view),
            Some((each, index)) => view.element(each, index),
        }
    }

    fn place(
        &self,
        draft: &mut Draft,
        carrier: &PlaceCarrier,
        value: &str,
        replaces: bool,
    ) -> Result<(), RecipeError> {
        match self.element {
            None => draft.place(carrier, value, replaces),
            Some((each, index)) => draft.place(&elements::carrier(each, index, carrier), value, replaces),
        }
    }

    fn sign(&self, draft: &mut Draft, made: &mut Made) -> Result<(), RecipeError> {
        if let Some(notes) = &self.notes {
            notes.enter(self.recipe, 0);
        }
        let mut beside =
            Beside { given: self.interpreter.given(self.recipe, self.supplied)?, ..Beside::default() };
        self.make_fresh(draft, &mut beside, made)?;
        for (index, part) in self.recipe.parts.iter().enumerate() {
            let own = own_places(self.recipe, index);
            let (text, result) = self.run(part, draft, &beside, &own)?;
            if let (Some(place), Some(written)) = (&part.place, &result.placed) {
                self.place(draft, &place.carrier, written, part.is_encryption())?;
            }
            beside.parts.push(Known::part(part, result.content));
            made.texts.push((format!("{}.{}", self.recipe.name.wire, part.name.wire), text));
        }
        let own = own_places(self.recipe, self.recipe.parts.len());
        let (text, result) = self.run(self.recipe, draft, &beside, &own)?;
        if let (Some(place), Some(written)) = (&self.recipe.place, &result.placed) {
            self.place(draft, &place.carrier, written, self.recipe.is_encryption())?;
        }
        made.texts.push((self.recipe.name.wire.clone(), text.clone()));
        made.text = text;
        made.signature = result.content.text(result.charset).ok();
        Ok(())
    }

    /// Fresh values come first: those with a place of their own are part of the message that is signed.
    fn make_fresh(&self, draft: &mut Draft, beside: &mut Beside, made: &mut Made) -> Result<(), RecipeError> {
        let now = self.interpreter.now(self.supplied);
        for fresh in &self.recipe.fresh {
            let known = self.interpreter.make_fresh(fresh, self.supplied, now)?;
            let shown = match &known.content {
                Content::Text(text) => text.clone(),
                Content::Bytes(bytes) => bytes::hex(bytes),
            };
            if let Some(carrier) = &fresh.place {
                let charset = self.interpreter.recipe_charset(self.recipe.charset)?;
                let unwritable = |_| RecipeError::Unwritable { place: place_name(carrier) };
                let text = known.content.clone().text(charset).map_err(unwritable)?;
                self.place(draft, carrier, &text, false)?;
            }
            made.fresh.insert(known.name.clone(), shown);
            beside.fresh.push(known);
        }
        Ok(())
    }

    /// Text, result, and what is placed.
    fn run(
        &self,
        recipe: &Recipe,
        draft: &Draft,
        beside: &Beside,
        own: &[String],
    ) -> Result<(SignedText, Sealed), RecipeError> {
        let mut view = self.view(draft)?;
        if view.payload.is_none()
            && recipe.is_encryption()
            && let Some(ir::Place { carrier: PlaceCarrier::Field(path), .. }) = &recipe.place
        {
            view.payload = view.at(&path.0)?.and_then(|node| node.scalar().map(str::to_owned));
        }
        let composer = Composer {
            interpreter: self.interpreter,
            recipe,
            view: &view,
            beside,
            charset: self.interpreter.recipe_charset(recipe.charset)?,
            own,
            fresh: &self.recipe.fresh,
            repeated: self.repeated,
        };
        let text = composer.text()?;
        let content = composer.signature(text.bytes())?;
        let placed = match &recipe.place {
            Some(place) => {
                let unwritable = |_| RecipeError::Unwritable { place: place_name(&place.carrier) };
                let signature = content.clone().text(composer.charset).map_err(unwritable)?;
                Some(composer.place_text(place, &signature)?)
            }
            None => None,
        };
        composer.note(|notes| notes.sealed(&composer, &content));
        Ok((text, Sealed { content, placed, charset: composer.charset }))
    }
}

/// The result of a recipe.
struct Sealed {
    content: Content,
    /// What is written at its place.
    placed: Option<String>,
    charset: ir::Charset,
}
