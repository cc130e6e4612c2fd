//! Where a signature is placed: the template of what is written there, filled in by the signer and taken apart by the
//! verifier.
//!
//! The verifier knows every piece but the signature and the fresh values: those are captured, up to the next piece that
//! is known, and everything else must be equal. A header that is a list of items may have them in any order, with
//! others between, and with several signatures: those are candidates, of which one must fit. What is read comes from
//! anybody, so the work is bounded, and an error says no more than the place.

use std::fmt;

use crate::{FreshValues, Operand, RecipeError, SignedText, Unverified, values};

/// More signatures than any provider sends at a time.
const MAX_CANDIDATES: usize = 16;

/// What is written where a signature is placed.
pub struct PlaceTemplate {
    place: &'static str,
    pieces: Vec<Piece>,
    items: Option<&'static str>,
}

#[derive(Clone)]
enum Piece {
    /// The same for signer and verifier.
    Known(String),
    Fresh(&'static str),
    /// The result of a part, which the verifier compares once it has computed it.
    Part(&'static str),
    Signature,
}

/// What was taken apart: signatures, and the fresh values and results of parts that stand beside them.
#[derive(Default)]
pub struct Placed {
    candidates: Vec<String>,
    fresh: Vec<(&'static str, String)>,
    parts: Vec<(&'static str, String)>,
}

impl PlaceTemplate {
    /// An empty template of this place. `items` is the separator where the place is a list.
    #[must_use]
    pub const fn new(place: &'static str, items: Option<&'static str>) -> Self {
        Self { place, pieces: Vec::new(), items }
    }

    /// Text as it stands.
    pub fn literal(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Known(known)) => known.push_str(text),
            _ => self.pieces.push(Piece::Known(text.to_owned())),
        }
    }

    /// A value that signer and verifier know.
    ///
    /// # Errors
    /// It is no text.
    pub fn value(&mut self, value: &SignedText) -> Result<(), RecipeError> {
        let text = value.charset().decode(value.as_bytes()).map_err(|_| RecipeError::NotText)?;
        self.literal(&text);
        Ok(())
    }

    /// A fresh value.
    pub fn fresh(&mut self, name: &'static str) {
        self.pieces.push(Piece::Fresh(name));
    }

    /// The result of a part.
    pub fn part(&mut self, name: &'static str) {
        self.pieces.push(Piece::Part(name));
    }

    /// The signature.
    pub fn signature(&mut self) {
        self.pieces.push(Piece::Signature);
    }

    /// What is placed: the template with this signature, these fresh values, these results of parts.
    ///
    /// # Errors
    /// A value is missing, or no text.
    pub fn fill(&self, signature: &str, fresh: &FreshValues, parts: &Parts) -> Result<String, RecipeError> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Known(text) => filled.push_str(text),
                Piece::Fresh(name) => filled.push_str(fresh.text(name)?),
                Piece::Part(name) => filled.push_str(parts.text(name)?),
                Piece::Signature => filled.push_str(signature),
            }
        }
        Ok(filled)
    }

    /// Takes apart what was received.
    ///
    /// # Errors
    /// [`Unverified::OtherForm`]: it is not written as the template says.
    pub fn read(&self, received: &str) -> Result<Placed, Unverified> {
        let placed = match self.items {
            None => {
                let mut placed = Placed::default();
                let fits = placed.take(&self.pieces, received);
                fits.then_some(placed)
            }
            Some(separator) => self.read_items(separator, received),
        };
        let good = placed.filter(|placed| (1..=MAX_CANDIDATES).contains(&placed.candidates.len()));
        good.ok_or(Unverified::OtherForm { place: self.place.to_owned() })
    }

    /// Every item without a signature must be there exactly once; items that the template does not have are passed over.
    fn read_items(&self, separator: &str, received: &str) -> Option<Placed> {
        let templates = split(&self.pieces, separator);
        let mut seen = vec![false; templates.len()];
        let mut all = Placed::default();
        for item in received.split(separator).map(values::trim) {
            let fitting = templates.iter().zip(&mut seen).find_map(|(template, seen)| {
                let mut placed = Placed::default();
                placed.take(template, item).then_some((template, seen, placed))
            });
            let Some((template, seen, placed)) = fitting else { continue };
            let has_signature = template.iter().any(|piece| matches!(piece, Piece::Signature));
            if std::mem::replace(seen, true) && !has_signature {
                return None;
            }
            if !all.merge(placed) || all.candidates.len() > MAX_CANDIDATES {
                return None;
            }
        }
        seen.into_iter().all(|seen| seen).then_some(all)
    }
}

/// The template's own items, trimmed like those that are received.
fn split(pieces: &[Piece], separator: &str) -> Vec<Vec<Piece>> {
    let mut items: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in pieces {
        let Piece::Known(text) = piece else {
            items.last_mut().into_iter().for_each(|item| item.push(piece.clone()));
            continue;
        };
        for (index, text) in text.split(separator).enumerate() {
            if index > 0 {
                items.push(Vec::new());
            }
            if let (Some(item), false) = (items.last_mut(), text.is_empty()) {
                item.push(Piece::Known(text.to_owned()));
            }
        }
    }
    for item in &mut items {
        if let Some(Piece::Known(text)) = item.first_mut() {
            *text = text.trim_start_matches(values::is_white_space).to_owned();
        }
        if let Some(Piece::Known(text)) = item.last_mut() {
            *text = text.trim_end_matches(values::is_white_space).to_owned();
        }
        item.retain(|piece| !matches!(piece, Piece::Known(text) if text.is_empty()));
    }
    items.retain(|item| !item.is_empty());
    items
}

impl Placed {
    /// The signatures, at least one.
    #[must_use]
    pub fn candidates(&self) -> &[String] {
        &self.candidates
    }

    /// Hands over the fresh values.
    ///
    /// # Errors
    /// [`Unverified::OtherForm`]: another value of the same name stands elsewhere.
    pub fn fresh_into(&self, fresh: &mut FreshValues) -> Result<(), Unverified> {
        for (name, value) in &self.fresh {
            if !fresh.receive(name, value) {
                return Err(Unverified::OtherForm { place: (*name).to_owned() });
            }
        }
        Ok(())
    }

    /// Whether the results of parts that were received are the computed ones, in constant time.
    #[must_use]
    pub fn agrees_with(&self, parts: &Parts) -> bool {
        self.parts.iter().all(|(name, received)| parts.is(name, received))
    }

    /// Takes a text apart by these pieces; `false` if it is not written so.
    fn take(&mut self, pieces: &[Piece], text: &str) -> bool {
        let mut rest = text;
        let mut pieces = pieces.iter().peekable();
        while let Some(piece) = pieces.next() {
            if let Piece::Known(known) = piece {
                match rest.strip_prefix(known.as_str()) {
                    Some(behind) => rest = behind,
                    None => return false,
                }
                continue;
            }
            // What is captured ends where the next known piece begins, or with the text.
            let end = match pieces.peek() {
                None => rest.len(),
                Some(Piece::Known(known)) => match rest.find(known.as_str()) {
                    Some(end) => end,
                    None => return false,
                },
                // Two unknown pieces side by side have no border.
                Some(_) => return false,
            };
            let Some((captured, behind)) = rest.split_at_checked(end) else { return false };
            if captured.is_empty() || !self.capture(piece, captured) {
                return false;
            }
            rest = behind;
        }
        rest.is_empty()
    }

    /// A second value of the same name must be equal to the first.
    fn capture(&mut self, piece: &Piece, captured: &str) -> bool {
        let (known, name) = match piece {
            Piece::Signature => {
                self.candidates.push(captured.to_owned());
                return true;
            }
            Piece::Known(_) => return true,
            Piece::Fresh(name) => (&mut self.fresh, *name),
            Piece::Part(name) => (&mut self.parts, *name),
        };
        match known.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => value == captured,
            None => {
                known.push((name, captured.to_owned()));
                true
            }
        }
    }

    fn merge(&mut self, other: Self) -> bool {
        let Self { candidates, fresh, parts } = other;
        self.candidates.extend(candidates);
        fresh.into_iter().all(|(name, value)| self.capture(&Piece::Fresh(name), &value))
            && parts.into_iter().all(|(name, value)| self.capture(&Piece::Part(name), &value))
    }
}

/// Shows neither signatures nor values.
impl fmt::Debug for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Placed({} candidates)", self.candidates.len())
    }
}

/// Shows neither signatures nor values.
impl fmt::Debug for PlaceTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlaceTemplate({:?}, {} pieces)", self.place, self.pieces.len())
    }
}

/// The results of the parts of a recipe, by their names.
#[derive(Default)]
pub struct Parts(Vec<(&'static str, PartResult)>);

enum PartResult {
    Text(zeroize::Zeroizing<String>),
    Bytes(zeroize::Zeroizing<Vec<u8>>),
}

impl Parts {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a result that is text: hex, base64.
    pub fn add(&mut self, name: &'static str, result: impl Into<String>) {
        self.0.push((name, PartResult::Text(result.into().into())));
    }

    /// Adds a result that is bytes: a key.
    pub fn add_bytes(&mut self, name: &'static str, result: &[u8]) {
        self.0.push((name, PartResult::Bytes(result.to_vec().into())));
    }

    /// A result, to be put into a text. It is hidden: a nested digest may be a key.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn value(&self, name: &str) -> Result<Operand<'_>, RecipeError> {
        match self.find(name)? {
            PartResult::Text(text) => Ok(Operand::sensitive(text.as_str())),
            PartResult::Bytes(bytes) => Ok(Operand::hidden_bytes(bytes.as_slice())),
        }
    }

    /// A result, to be placed.
    ///
    /// # Errors
    /// There is none of this name, or it is bytes.
    pub fn text(&self, name: &str) -> Result<&str, RecipeError> {
        match self.find(name)? {
            PartResult::Text(text) => Ok(text),
            PartResult::Bytes(_) => Err(RecipeError::NotText),
        }
    }

    /// Whether what was received is the result, in constant time.
    #[must_use]
    pub fn is(&self, name: &str, received: &str) -> bool {
        use subtle::ConstantTimeEq as _;
        self.text(name).is_ok_and(|computed| computed.as_bytes().ct_eq(received.as_bytes()).into())
    }

    /// Whether one of those that were received is the result.
    #[must_use]
    pub fn is_one_of(&self, name: &str, received: &[String]) -> bool {
        received.iter().fold(false, |fits, received| fits | self.is(name, received))
    }

    fn find(&self, name: &str) -> Result<&PartResult, RecipeError> {
        let found = self.0.iter().find(|(known, _)| *known == name).map(|(_, result)| result);
        found.ok_or_else(|| RecipeError::EmptyField { name: name.to_owned() })
    }
}

/// Shows names only.
impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parts")?;
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
