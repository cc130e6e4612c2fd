//! Verifying: the recipes of a message in the reverse order of signing.
//!
//! The road of each: read the place, find the fresh values that only the signer knew, compose the text, compare every
//! signature that stands there, try the further readings, and ask for the age only when the signature fits. What was
//! encrypted is opened and stands in the message from then on.

use payspec_codegen::ir::{
    self, Algorithm, FieldPath, FreshFormat, Operand, Piece, Place, PlaceCarrier, Recipe, Repeated,
};

use crate::compose::{Beside, Composer, Known};
use crate::elements;
use crate::filter::Content;
use crate::fresh;
use crate::incoming::Refusal;
use crate::node::Node;
use crate::opened::{open_first, open_in_view};
use crate::place::place_name;
use crate::seal::{SealError, Unverified};
use crate::sign::own_places;
use crate::signed_text::{RecipeError, SignedText};
use crate::supplied::Supplied;
use crate::view::View;
use crate::{Interpreter, text};

/// A message that is what its recipes say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checked {
    /// Which reading of the last recipe fitted.
    pub(crate) reading: usize,
    /// Every text by name, in the order of signing, parts before their recipe.
    pub(crate) texts: Vec<(String, SignedText)>,
    /// The text of the last recipe.
    pub(crate) text: SignedText,
    /// What was encrypted, and where it stands.
    pub(crate) opened: Vec<(FieldPath, String)>,
}

impl Interpreter {
    /// Verifies a message, or only composes its texts: then nothing is compared, and a signature may be missing.
    pub(crate) fn check_view(
        &self,
        signature: &ir::Signature,
        mut view: View,
        supplied: &Supplied,
        compares: bool,
    ) -> Result<Checked, Refusal> {
        let recipes = self.recipes(signature, &view).map_err(Refusal::Recipe)?;
        let repeated = self.repeated(signature);
        let mut checked = Checked::default();
        let mut later: Vec<String> = Vec::new();
        for (index, recipe) in recipes.iter().enumerate().rev() {
            let later_here: &[String] = if recipe.each.is_some() { &[] } else { &later };
            let verifier =
                Verifier { interpreter: self, recipe, repeated, later: later_here, supplied, compares };
            let fitted = match &recipe.each {
                None => verifier.readings(&view)?,
                Some(each) => verifier.elements(each, &view)?,
            };
            for (path, plain) in &fitted.opened {
                open_in_view(&mut view, path, plain);
            }
            if index + 1 == recipes.len() {
                checked.reading = fitted.reading;
                checked.text = fitted.texts.last().map(|(_, text)| text.clone()).unwrap_or_default();
            }
            checked.texts.splice(0..0, fitted.texts);
            checked.opened.extend(fitted.opened);
            // What stands in elements is no field of the message.
            if recipe.each.is_some() {
                continue;
            }
            later.extend(placed_by(recipe));
        }
        Ok(checked)
    }

    /// Verifies every recipe of a message, also where one before it did not fit, for whoever takes notes of the view.
    pub(crate) fn tell_view(
        &self,
        signature: &ir::Signature,
        mut view: View,
        supplied: &Supplied,
    ) -> Result<(), RecipeError> {
        let recipes = self.recipes(signature, &view)?;
        let repeated = self.repeated(signature);
        let mut later: Vec<String> = Vec::new();
        for recipe in recipes.into_iter().rev() {
            let verifier = |compares| Verifier {
                interpreter: self,
                recipe,
                repeated,
                later: &later,
                supplied,
                compares,
            };
            let told = view.notes.as_ref().map_or(0, |notes| notes.len());
            let told_by = |verifier: Verifier<'_>| match &recipe.each {
                None => verifier.readings(&view),
                Some(each) => verifier.elements(each, &view),
            };
            match told_by(verifier(true)) {
                Ok(fitted) => {
                    for (path, plain) in &fitted.opened {
                        open_in_view(&mut view, path, plain);
                    }
                }
                // Nothing stands at its place: the text can be composed all the same.
                Err(refusal) => {
                    if let Some(notes) = view.notes.as_ref().filter(|notes| notes.len() == told) {
                        // What cannot be composed has told so itself.
                        let _ = told_by(verifier(false));
                        notes.refused(recipe, told, &refusal);
                    }
                }
            }
            if recipe.each.is_none() {
                later.extend(placed_by(recipe));
            }
        }
        Ok(())
    }
}

/// Names that a recipe writes beside the header lines.
fn placed_by(recipe: &Recipe) -> Vec<String> {
    let fresh = recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref());
    let fresh = fresh.filter(|carrier| !matches!(carrier, PlaceCarrier::Header(_))).map(place_name);
    own_places(recipe, 0).into_iter().chain(fresh).collect()
}

/// Why one reading does not fit.
pub(crate) enum Unfit {
    /// The signature does not.
    Mismatch,
    Malformed,
    Because(Refusal),
}

impl Unfit {
    fn refusal(&self) -> Refusal {
        match self {
            Self::Mismatch => Refusal::SignatureMismatch,
            Self::Malformed => Refusal::MalformedSignature,
            Self::Because(refusal) => refusal.clone(),
        }
    }
}

impl From<RecipeError> for Unfit {
    fn from(error: RecipeError) -> Self {
        match error {
            RecipeError::Seal(error) => Self::Because(Refusal::Seal(error)),
            error => Self::Because(Refusal::Recipe(error)),
        }
    }
}

impl From<SealError> for Unfit {
    fn from(error: SealError) -> Self {
        RecipeError::from(error).into()
    }
}

impl From<Unverified> for Unfit {
    fn from(error: Unverified) -> Self {
        match error {
            Unverified::Malformed => Self::Malformed,
            Unverified::Mismatch => Self::Mismatch,
            Unverified::Recipe(error) => error.into(),
        }
    }
}

/// One recipe of a message that came.
pub(crate) struct Verifier<'a> {
    pub(crate) interpreter: &'a Interpreter,
    pub(crate) recipe: &'a Recipe,
    pub(crate) repeated: Repeated,
    /// Names that were not there yet when this recipe signed.
    pub(crate) later: &'a [String],
    pub(crate) supplied: &'a Supplied,
    pub(crate) compares: bool,
}

impl Verifier<'_> {
    /// Every element of an array must fit, each in a reading of its own; the last reading that was needed is told.
    fn elements(&self, each: &FieldPath, view: &View) -> Result<Checked, Refusal> {
        let mut checked = Checked::default();
        for index in 0..view.elements(each).map_err(Refusal::Recipe)? {
            let at = elements::place(each, index);
            let element = view.element(each, index).map_err(Refusal::Recipe)?;
            let fitted = self.readings(&element).map_err(|refusal| refusal.within(&at))?;
            checked.reading = checked.reading.max(fitted.reading);
            checked.texts.extend(elements::numbered(fitted.texts, index));
        }
        Ok(checked)
    }

    /// Tries the recipe and its further readings in order. Where there are further ones, a reading that cannot be
    /// applied does not fit; a single one says what is wrong.
    fn readings(&self, view: &View) -> Result<Checked, Refusal> {
        let written = match self.written(self.recipe, view) {
            Ok(written) => Some(written),
            Err(refusal) if self.compares => return Err(refusal),
            Err(_) => None,
        };
        let further = self.recipe.also_accept.iter().map(|reading| &reading.recipe).filter(|_| self.compares);
        for (index, reading) in std::iter::once(self.recipe).chain(further).enumerate() {
            let told = view.notes.as_ref().map_or(0, |notes| notes.len());
            if let Some(notes) = &view.notes {
                notes.enter(self.recipe, index);
            }
            let fitted = self.reading(reading, view.clone(), written.as_deref());
            if let Some(notes) = view.notes.as_ref().filter(|_| self.compares) {
                match &fitted {
                    Ok(_) => notes.fitted(reading, told),
                    Err(unfit) => notes.refused(reading, told, &unfit.refusal()),
                }
            }
            match fitted {
                Ok(fitted) => return Ok(Checked { reading: index, ..fitted }),
                Err(Unfit::Malformed) => return Err(Refusal::MalformedSignature),
                Err(Unfit::Because(refusal)) => {
                    let goes_on = matches!(refusal, Refusal::Recipe(_));
                    if self.recipe.also_accept.is_empty() || !goes_on {
                        return Err(refusal);
                    }
                }
                Err(Unfit::Mismatch) => {}
            }
        }
        Err(Refusal::SignatureMismatch)
    }

    /// What stands at the place of a recipe.
    pub(crate) fn written(&self, recipe: &Recipe, view: &View) -> Result<String, Refusal> {
        let carrier = match &recipe.place {
            Some(place) => &place.carrier,
            None => return Err(Refusal::Recipe(RecipeError::NoPart { part: "place" })),
        };
        let name = || place_name(carrier);
        match read_carrier(view, carrier).map_err(Refusal::Recipe)? {
            None | Some(Node::Null | Node::List { .. } | Node::Object { .. }) => {
                Err(Refusal::MissingSignature { name: name() })
            }
            Some(Node::Text(text) | Node::Number(text) | Node::Flag(text)) if text.is_empty() => {
                Err(Refusal::EmptySignature { name: name() })
            }
            Some(Node::Text(text) | Node::Number(text) | Node::Flag(text)) => Ok(text),
        }
    }

    pub(crate) fn composer<'c>(
        &'c self,
        reading: &'c Recipe,
        recipe: &'c Recipe,
        view: &'c View,
        beside: &'c Beside,
        own: &'c [String],
    ) -> Result<Composer<'c>, RecipeError> {
        Ok(Composer {
            interpreter: self.interpreter,
            recipe,
            view,
            beside,
            charset: self.interpreter.recipe_charset(recipe.charset)?,
            own,
            fresh: &reading.fresh,
            repeated: self.repeated,
        })
    }

    pub(crate) fn own(&self, reading: &Recipe, from_part: usize) -> Vec<String> {
        own_places(reading, from_part).into_iter().chain(self.later.iter().cloned()).collect()
    }

    fn reading(&self, reading: &Recipe, mut view: View, written: Option<&str>) -> Result<Checked, Unfit> {
        let mut beside =
            Beside { given: self.interpreter.given(reading, self.supplied)?, ..Beside::default() };
        self.find_fresh(reading, &view, written, &mut beside)?;
        let is_opened = matches!(reading.seal.algorithm, Algorithm::Cipher { .. });
        if is_opened && !reading.is_encryption() {
            return self.opened_seal(reading, &view, written, beside);
        }
        let mut checked = Checked::default();
        self.parts(reading, &mut view, &mut beside, &mut checked)?;
        let own = self.own(reading, reading.parts.len());
        let place = reading.place.as_ref().ok_or(RecipeError::NoPart { part: "place" })?;
        if reading.is_encryption() {
            let (plain, text) = {
                let composer = self.composer(reading, reading, &view, &beside, &own)?;
                let written = written.ok_or(Unfit::Mismatch)?;
                composer.note(|notes| notes.opens(&composer, written));
                let plain = open_first(&composer, place, written)?;
                (plain.clone(), composer.plain(&plain)?.shown_as(crate::signed_text::MASK))
            };
            if let PlaceCarrier::Field(path) = &place.carrier {
                checked.opened.push((path.clone(), plain));
            }
            checked.texts.push((reading.name.wire.clone(), text));
            return Ok(checked);
        }
        let composer = self.composer(reading, reading, &view, &beside, &own)?;
        let text = composer.text()?;
        if self.compares {
            self.compare(&composer, place, written.unwrap_or_default(), &text)?;
            self.refuse_stale(reading, &composer)?;
        } else {
            composer.note(|notes| notes.computes(&composer, &text));
        }
        checked.texts.push((reading.name.wire.clone(), text));
        Ok(checked)
    }

    fn compare(
        &self,
        composer: &Composer<'_>,
        place: &Place,
        written: &str,
        text: &SignedText,
    ) -> Result<(), Unfit> {
        composer.note(|notes| notes.received(composer, place, written, text));
        let candidates = composer.signatures_in_place(place, written)?;
        let is_alone = candidates.len() == 1;
        for candidate in &candidates {
            if candidate.is_empty() {
                return Err(Unfit::Because(Refusal::EmptySignature { name: place_name(&place.carrier) }));
            }
            match composer.verified(text.bytes(), candidate) {
                Ok(()) => return Ok(()),
                Err(Unverified::Malformed) if is_alone => return Err(Unfit::Malformed),
                Err(Unverified::Malformed | Unverified::Mismatch) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Unfit::Mismatch)
    }

    /// Fresh values from their own places, and from beside the signature.
    pub(crate) fn find_fresh(
        &self,
        reading: &Recipe,
        view: &View,
        written: Option<&str>,
        beside: &mut Beside,
    ) -> Result<(), RecipeError> {
        for fresh in &reading.fresh {
            let Some(carrier) = &fresh.place else { continue };
            let missing = || RecipeError::Fresh { name: fresh.name.wire.clone() };
            let node = read_carrier(view, carrier)?.ok_or_else(missing)?;
            let text = node.scalar().ok_or_else(missing)?.to_owned();
            let charset = self.interpreter.recipe_charset(reading.charset)?;
            let content = match fresh.format {
                FreshFormat::Bytes => Content::Bytes(text::encode(charset, &text).ok_or_else(missing)?),
                _ => Content::Text(text),
            };
            beside.fresh.push(self.interpreter.found_fresh(fresh, content)?);
        }
        let (Some(place), Some(written)) = (&reading.place, written) else { return Ok(()) };
        let own = self.own(reading, 0);
        let found = self.composer(reading, reading, view, beside, &own)?.fresh_in_place(place, written)?;
        for (name, content) in found {
            let missing = || RecipeError::Fresh { name: name.clone() };
            let declared = reading.fresh.iter().find(|fresh| fresh.name.wire == name).ok_or_else(missing)?;
            beside.fresh.push(self.interpreter.found_fresh(declared, content)?);
        }
        Ok(())
    }

    /// Parts in their order; what is placed must be what we compute.
    pub(crate) fn parts(
        &self,
        reading: &Recipe,
        view: &mut View,
        beside: &mut Beside,
        checked: &mut Checked,
    ) -> Result<(), Unfit> {
        for (index, part) in reading.parts.iter().enumerate() {
            let own = self.own(reading, index);
            if part.is_encryption()
                && let Some(place) = &part.place
            {
                let written = self.written(part, view).map_err(Unfit::Because)?;
                let plain = {
                    let composer = self.composer(reading, part, view, beside, &own)?;
                    composer.note(|notes| notes.opens(&composer, &written));
                    open_first(&composer, place, &written)?
                };
                view.payload = Some(plain.clone());
                if let PlaceCarrier::Field(path) = &place.carrier {
                    checked.opened.push((path.clone(), plain));
                }
                beside.parts.push(Known::part(part, Content::Text(written)));
                continue;
            }
            let composer = self.composer(reading, part, view, beside, &own)?;
            let text = composer.text()?;
            if let Some(place) = part.place.as_ref().filter(|_| self.compares) {
                let written = self.written(part, view).map_err(Unfit::Because)?;
                self.compare(&composer, place, &written, &text)?;
            }
            let content = composer.signature(text.bytes())?;
            composer.note(|notes| notes.sealed(&composer, &content));
            beside.parts.push(Known::part(part, content));
            checked.texts.push((format!("{}.{}", reading.name.wire, part.name.wire), text));
        }
        Ok(())
    }

    /// Refuses what states a time that is too far away.
    pub(crate) fn refuse_stale(&self, reading: &Recipe, composer: &Composer<'_>) -> Result<(), Unfit> {
        let Some(tolerance) = &reading.tolerance else { return Ok(()) };
        let stated = composer.pieces(&tolerance.of)?;
        let stated = text::decode(composer.charset, stated.bytes());
        let name = tolerance_name(&tolerance.of);
        let instant =
            stated.and_then(|text| fresh::read_time(&tolerance.format, &text, self.interpreter.zone()));
        let instant = instant.ok_or_else(|| RecipeError::Fresh { name: name.clone() })?;
        let away = self.interpreter.now(self.supplied).unix_millis().abs_diff(instant.unix_millis());
        if away > tolerance.within.saturating_mul(1000) {
            return Err(Unfit::Because(Refusal::Stale { name, seconds: away / 1000 }));
        }
        Ok(())
    }
}

/// What names the stated time, for a message.
fn tolerance_name(of: &[Piece]) -> String {
    let name = of.iter().find_map(|piece| match piece {
        Piece::Value { from: Operand::Header(name) | Operand::Fresh(name), .. } => Some(name.clone()),
        Piece::Value { from: Operand::Field(path), .. } => Some(path.dotted()),
        _ => None,
    });
    name.unwrap_or_else(|| String::from("time"))
}

/// What stands at a place.
fn read_carrier(view: &View, carrier: &PlaceCarrier) -> Result<Option<Node>, RecipeError> {
    match carrier {
        PlaceCarrier::Field(path) => view.at(&path.0),
        PlaceCarrier::Header(name) => Ok(view.header(name)?.map(|value| Node::Text(value.to_owned()))),
        PlaceCarrier::Query(name) => {
            Ok(view.query.iter().find(|(own, _)| own == name).map(|(_, node)| node.clone()))
        }
    }
}
