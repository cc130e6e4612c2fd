//! One try: the text of a recipe composed, and compared with what it should give.
//!
//! The road is that of verifying: given and fresh values, parts, text, signature. What is encrypted is opened instead of
//! compared; a message of our own, whose signer is known, is sealed rather than opened.

use payspec_codegen::ir::{self, Algorithm};

use super::message::TrialMessage;
use super::seen::{Seen, fits};
use super::{Aim, Tried};
use crate::compose::{Beside, Composer};
use crate::opened::open_first;
use crate::seal::{read_output, write_output};
use crate::supplied::Supplied;
use crate::text;
use crate::verify::{Checked, Unfit, Verifier};

/// A recipe, a message, and what is expected.
pub(super) struct Trial<'t> {
    pub(super) verifier: Verifier<'t>,
    pub(super) message: &'t TrialMessage,
    pub(super) aim: Aim<'t>,
}

impl Trial<'_> {
    pub(super) fn run(&self, seen: &mut Seen) -> Result<Tried, Unfit> {
        let recipe = self.verifier.recipe;
        let given = self.verifier.interpreter.given(recipe, self.verifier.supplied)?;
        let mut beside = Beside { given, ..Beside::default() };
        let written = self.written()?;
        self.fresh(written.as_deref(), &mut beside)?;
        let is_opened = matches!(recipe.seal.algorithm, Algorithm::Cipher { .. }) && !recipe.is_encryption();
        if is_opened && !self.message.is_own() {
            return self.opened_seal(written.as_deref(), &beside);
        }
        self.composed(written.as_deref(), beside, seen)
    }

    /// A text that is composed, with its parts, and compared.
    fn composed(&self, written: Option<&str>, mut beside: Beside, seen: &mut Seen) -> Result<Tried, Unfit> {
        let recipe = self.verifier.recipe;
        let mut changed;
        let mut view = &self.message.view;
        let mut checked = Checked::default();
        if !recipe.parts.is_empty() {
            changed = self.message.view.clone();
            self.verifier.parts(recipe, &mut changed, &mut beside, &mut checked)?;
            view = &changed;
        }
        let own = self.verifier.own(recipe, recipe.parts.len());
        let composer = self.verifier.composer(recipe, recipe, view, &beside, &own)?;
        if recipe.is_encryption() && !self.message.is_own() {
            return opened_payload(&composer, written, self.aim)?.ok_or(Unfit::Mismatch);
        }
        let text = composer.text()?;
        let fits = match self.aim {
            Aim::Text(expected) => text.bytes() == expected || has_text(&checked, expected),
            Aim::Signature(expected) => {
                fits(seen, &composer, &text, &[expected.to_owned()])?
                    && (!self.message.is_own() || is_written_so(&composer, expected))
            }
            Aim::InMessage => {
                let place = recipe.place.as_ref().ok_or(Unfit::Mismatch)?;
                let candidates = composer.signatures_in_place(place, written.unwrap_or_default())?;
                fits(seen, &composer, &text, &candidates)?
            }
        };
        Ok(Tried { fits, text: Some(text), opened: checked.opened })
    }

    /// What stands at the place of the signature, or is taken for it.
    fn written(&self) -> Result<Option<String>, Unfit> {
        if let Some(written) = &self.message.signature {
            return Ok(Some(written.clone()));
        }
        match (self.verifier.written(self.verifier.recipe, &self.message.view), self.aim) {
            (Ok(written), _) => Ok(Some(written)),
            (Err(refusal), Aim::InMessage) => Err(Unfit::Because(refusal)),
            (Err(_), _) => Ok(None),
        }
    }

    /// Fresh values: those that the signer of our own message knows, else those that are found in the message.
    fn fresh(&self, written: Option<&str>, beside: &mut Beside) -> Result<(), Unfit> {
        let recipe = self.verifier.recipe;
        let interpreter = self.verifier.interpreter;
        let Some(known) = &self.message.fresh else {
            return Ok(self.verifier.find_fresh(recipe, &self.message.view, written, beside)?);
        };
        let supplied = Supplied { fresh: known.clone(), ..self.verifier.supplied.clone() };
        let now = interpreter.now(&supplied);
        for fresh in &recipe.fresh {
            beside.fresh.push(interpreter.make_fresh(fresh, &supplied, now)?);
        }
        Ok(())
    }

    /// A digest that travels encrypted.
    fn opened_seal(&self, written: Option<&str>, beside: &Beside) -> Result<Tried, Unfit> {
        let recipe = self.verifier.recipe;
        let view = &self.message.view;
        let place = recipe.place.as_ref().ok_or(Unfit::Mismatch)?;
        let candidates = match (self.aim, written) {
            (Aim::Signature(expected), _) => vec![expected.to_owned()],
            (_, Some(written)) => {
                let own = self.verifier.own(recipe, 0);
                let composer = self.verifier.composer(recipe, recipe, view, beside, &own)?;
                composer.early_signatures(place, written)?
            }
            (_, None) => return Err(Unfit::Mismatch),
        };
        for candidate in candidates {
            let Ok(checked) = self.verifier.opened_candidate(recipe, view, &candidate, beside.clone()) else {
                continue;
            };
            let fits = match self.aim {
                Aim::Text(expected) => has_text(&checked, expected),
                Aim::InMessage | Aim::Signature(_) => true,
            };
            let text = checked.texts.last().map(|(_, text)| text.clone());
            return Ok(Tried { fits, text, opened: Vec::new() });
        }
        Err(Unfit::Mismatch)
    }
}

/// Whether it is the text of a part.
fn has_text(checked: &Checked, expected: &[u8]) -> bool {
    checked.texts.iter().any(|(_, text)| text.bytes() == expected)
}

/// A payload that came encrypted. Without a tag anything that looks like text counts as opened.
fn opened_payload(
    composer: &Composer<'_>,
    written: Option<&str>,
    aim: Aim<'_>,
) -> Result<Option<Tried>, Unfit> {
    let Some(place) = &composer.recipe.place else { return Ok(None) };
    let plain = match (aim, written) {
        (Aim::Signature(expected), _) => {
            let opened = composer.opened(expected)?;
            text::decode(composer.charset, &opened).ok_or(Unfit::Mismatch)?
        }
        (_, Some(written)) => open_first(composer, place, written)?,
        (_, None) => return Ok(None),
    };
    let fits = match aim {
        Aim::Text(expected) => plain.as_bytes() == expected,
        Aim::InMessage | Aim::Signature(_) => is_plain(&plain),
    };
    let opened = match &place.carrier {
        ir::PlaceCarrier::Field(path) => vec![(path.clone(), plain)],
        ir::PlaceCarrier::Header(_) | ir::PlaceCarrier::Query(_) => Vec::new(),
    };
    Ok(Some(Tried { fits, text: None, opened }))
}

/// Whether the recipe writes these bytes in these very characters: what we send is compared by providers as text.
fn is_written_so(composer: &Composer<'_>, expected: &str) -> bool {
    let output = composer.recipe.seal.output;
    let bytes = read_output(expected, output, composer.charset);
    let written = bytes.and_then(|bytes| write_output(bytes, output, composer.charset).ok());
    written.and_then(|written| written.text(composer.charset).ok()).is_some_and(|written| written == expected)
}

/// Whether it looks like something that somebody has encrypted.
fn is_plain(text: &str) -> bool {
    text.len() > 3 && text.chars().all(|own| !own.is_control() || own.is_ascii_whitespace())
}
