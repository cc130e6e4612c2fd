//! What came encrypted: payloads that are opened, and digests that travel encrypted with fresh values at their end.
//!
//! Whatever is wrong with what came, the key or the bytes, is one and the same mismatch.

use payspec_codegen::ir::{self, FieldPath, FreshFormat, Operand, Piece, Place, Recipe};

use crate::compose::{Beside, Composer};
use crate::filter::Content;
use crate::node::{self, Node};
use crate::seal::Unverified;
use crate::signed_text::RecipeError;
use crate::verify::{Checked, Unfit, Verifier};
use crate::view::View;
use crate::{bytes, text};

/// Puts the plain text in the place of the ciphertext.
pub(crate) fn open_in_view(view: &mut View, path: &FieldPath, plain: &str) {
    let Some((first, inner)) = path.0.split_first() else { return };
    let body_alone = view.body_alone;
    let mut fields = view.query.iter_mut().filter(|_| !body_alone).chain(&mut view.body);
    let Some((_, value)) = fields.find(|(own, _)| own == first) else { return };
    let replaced = match value.nested() {
        Some(raw) => node::replace_in_json(raw, inner, plain),
        None if inner.is_empty() => {
            *value = Node::Text(plain.to_owned());
            return;
        }
        None => value.scalar().and_then(|text| node::replace_in_json(text, inner, plain)),
    };
    let Some(replaced) = replaced else { return };
    *value = match value {
        Node::Text(_) => Node::Text(replaced),
        _ => crate::json::parse(&replaced).map_or(Node::Text(replaced.clone()), |json| Node::of(&json)),
    };
}

impl Verifier<'_> {
    /// A digest that travels encrypted: opened, fresh values read from its end, the rest computed and compared.
    pub(crate) fn opened_seal(
        &self,
        reading: &Recipe,
        view: &View,
        written: Option<&str>,
        beside: Beside,
    ) -> Result<Checked, Unfit> {
        let place = reading.place.as_ref().ok_or(RecipeError::NoPart { part: "place" })?;
        let own = self.own(reading, 0);
        let candidates = {
            let composer = self.composer(reading, reading, view, &beside, &own)?;
            composer.early_signatures(place, written.ok_or(Unfit::Mismatch)?)?
        };
        for candidate in candidates {
            match self.opened_candidate(reading, view, &candidate, beside.clone()) {
                Err(Unfit::Mismatch) => {}
                done => return done,
            }
        }
        Err(Unfit::Mismatch)
    }

    pub(crate) fn opened_candidate(
        &self,
        reading: &Recipe,
        view: &View,
        candidate: &str,
        mut beside: Beside,
    ) -> Result<Checked, Unfit> {
        let own = self.own(reading, reading.parts.len());
        let opened = self.composer(reading, reading, view, &beside, &own)?.opened(candidate)?;
        let charset = self.interpreter.recipe_charset(reading.charset)?;
        let mut rest = opened.as_slice();
        for piece in reading.text.iter().rev() {
            match fresh_at_end(reading, piece, &beside, rest, charset)? {
                Some((known, before)) => {
                    beside
                        .fresh
                        .push(self.interpreter.found_fresh(known.0, known.1).map_err(|_| Unfit::Mismatch)?);
                    rest = before;
                }
                None => match piece {
                    Piece::Literal(text) => {
                        let text = text::encode(charset, text).ok_or(RecipeError::Charset)?;
                        rest = rest.strip_suffix(text.as_slice()).ok_or(Unfit::Mismatch)?;
                    }
                    _ => break,
                },
            }
        }
        let mut checked = Checked::default();
        let mut view = view.clone();
        self.parts(reading, &mut view, &mut beside, &mut checked)?;
        let composer = self.composer(reading, reading, &view, &beside, &own)?;
        let text = composer.text()?;
        if let Some(place) = &reading.place {
            composer.note(|notes| notes.received(&composer, place, candidate, &text));
        }
        if self.compares {
            if !bytes::are_equal(&opened, text.bytes()) {
                return Err(Unfit::Mismatch);
            }
            self.refuse_stale(reading, &composer)?;
        }
        checked.texts.push((reading.name.wire.clone(), text));
        Ok(checked)
    }
}

/// The plain text of the first ciphertext that can be opened.
pub(crate) fn open_first(composer: &Composer<'_>, place: &Place, written: &str) -> Result<String, Unfit> {
    for candidate in composer.signatures_in_place(place, written)? {
        match composer.opened(&candidate) {
            Ok(plain) => return text::decode(composer.charset, &plain).ok_or(Unfit::Mismatch),
            Err(Unverified::Recipe(error)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    Err(Unfit::Mismatch)
}

/// A fresh value of declared length that is not known yet, at the end of what was opened, and what stands before it.
type AtEnd<'r, 'b> = Option<((&'r ir::Fresh, Content), &'b [u8])>;

fn fresh_at_end<'r, 'b>(
    reading: &'r Recipe,
    piece: &Piece,
    beside: &Beside,
    rest: &'b [u8],
    charset: ir::Charset,
) -> Result<AtEnd<'r, 'b>, Unfit> {
    let Piece::Value { from: Operand::Fresh(name), filters } = piece else { return Ok(None) };
    if beside.fresh_value(name).is_some() || !filters.is_empty() {
        return Ok(None);
    }
    let missing = || RecipeError::Fresh { name: name.clone() };
    let declared = reading.fresh.iter().find(|fresh| fresh.name.wire == *name).ok_or_else(missing)?;
    let length = declared.length.and_then(|length| usize::try_from(length).ok()).ok_or_else(missing)?;
    if declared.format == FreshFormat::Bytes {
        let at = rest.len().checked_sub(length).ok_or(Unfit::Mismatch)?;
        let (before, found) = rest.split_at_checked(at).ok_or(Unfit::Mismatch)?;
        return Ok(Some(((declared, Content::Bytes(found.to_vec())), before)));
    }
    let decoded = text::decode(charset, rest).ok_or(Unfit::Mismatch)?;
    let before = decoded.chars().count().checked_sub(length).ok_or(Unfit::Mismatch)?;
    let found: String = decoded.chars().skip(before).collect();
    let encoded = text::encode(charset, &found).ok_or(Unfit::Mismatch)?;
    let before = rest.strip_suffix(encoded.as_slice()).ok_or(Unfit::Mismatch)?;
    Ok(Some(((declared, Content::Text(found)), before)))
}
