//! Where the result of a recipe goes, and whether a verifier can read back what was put there.

use super::Context;
use super::fresh::natural_length;
use super::recipes::Written;
use super::secrets::{operands, sealing_operands};
use super::templates::{Scope, Stand};
use crate::diagnostic::Code;
use crate::ir::{self, Fresh, FreshFormat, Operand, Piece, Place, PlaceCarrier};
use crate::read::Spanned;

/// A piece of a list, or the whole template where there is no list.
type Part = Vec<Piece>;

/// The template, split where the separator stands in its literal text.
fn split(template: &[Piece], separator: Option<&str>) -> Vec<Part> {
    let mut parts: Vec<Part> = vec![Vec::new()];
    for piece in template {
        let (Piece::Literal(literal), Some(separator)) = (piece, separator) else {
            parts.last_mut().into_iter().for_each(|part| part.push(piece.clone()));
            continue;
        };
        for (place, text) in literal.split(separator).enumerate() {
            if place > 0 {
                parts.push(Vec::new());
            }
            if !text.is_empty() {
                parts.last_mut().into_iter().for_each(|part| part.push(Piece::Literal(text.to_owned())));
            }
        }
    }
    parts
}

/// Whether a verifier learns the piece from what stands there.
fn is_read(piece: &Piece) -> bool {
    matches!(piece, Piece::Signature | Piece::Value { from: Operand::Fresh(_), .. })
}

impl Context<'_> {
    /// The place that `place` names; `None` where there is none or it cannot be understood.
    pub(super) fn place(&self, written: &Written<'_>, scope: &Scope) -> Option<Place> {
        let Some(place) = &written.recipe.place else {
            if !written.is_part {
                self.missing(written, "place", "such as `place: { field: sign }`");
            }
            return None;
        };
        let said = [&place.field, &place.header, &place.query];
        match said.into_iter().flatten().nth(1) {
            Some(second) => {
                let message = "a signature has one place";
                self.mistake(Code::PlaceTaken, second.span, message, "one of `field`, `header` and `query`");
            }
            None if said.iter().all(|place| place.is_none()) && !self.has_failed(place.span) => {
                let message = "`place` does not say where: a field, a header or the query";
                self.mistake(Code::MissingKey, place.span, message, "such as `place: { field: sign }`");
            }
            None => {}
        }
        let items = place.items.as_ref().filter(|items| {
            if items.is_empty() {
                let message = "`items` is the separator of a list, and is empty";
                self.mistake(Code::UnknownValue, items.span, message, "such as `items: \",\"`");
            }
            !items.is_empty()
        });
        let template = match &place.template {
            None => vec![Piece::Signature],
            Some(text) => {
                let template = self.template(text, Stand::Place, scope);
                self.can_be_read(text, &template, items.map(|items| items.as_str()), scope);
                template
            }
        };
        let carrier = self.carrier(place.field.as_ref(), place.header.as_ref(), place.query.as_ref());
        Some(Place { carrier: carrier?, template, items: items.map(|items| items.value.clone()) })
    }

    /// A field, a header or a parameter of the query.
    pub(super) fn carrier(
        &self,
        field: Option<&Spanned<String>>,
        header: Option<&Spanned<String>>,
        query: Option<&Spanned<String>>,
    ) -> Option<PlaceCarrier> {
        if let Some(field) = field {
            return self.path(field, field.span).map(PlaceCarrier::Field);
        }
        if let Some(header) = header {
            self.header_name(header, header.span)?;
            return Some(PlaceCarrier::Header(header.value.clone()));
        }
        let query = query?;
        if query.trim().is_empty() {
            let message = "a parameter of the query has a name";
            self.mistake(Code::UnknownValue, query.span, message, "such as `query: sign`");
        }
        Some(PlaceCarrier::Query(query.value.clone()))
    }

    /// Whether a verifier can take the template apart again.
    fn can_be_read(&self, text: &Spanned<String>, template: &[Piece], items: Option<&str>, scope: &Scope) {
        if self.is_wrong(text.span) {
            return;
        }
        let signatures = template.iter().filter(|piece| **piece == Piece::Signature).count();
        if signatures != 1 {
            let count = if signatures == 0 { "no" } else { "more than one" };
            let message = format!("`{text}` has {count} `{{signature}}`");
            let mend = "the result stands in the template once: `\"t={fresh:t},v1={signature}\"`";
            self.mistake(Code::UnreadablePlace, text.span, message, mend);
            return;
        }
        let parts = split(template, items);
        let touching = |part: &Part| {
            part.windows(2).any(|two| match two {
                [first, second] => is_read(first) && !matches!(second, Piece::Literal(_)),
                _ => false,
            })
        };
        if parts.iter().any(touching) {
            let message =
                "a value stands behind another one with nothing between: a verifier cannot tell them apart";
            self.mistake(Code::UnreadablePlace, text.span, message, "put literal text between them");
        }
        let has_text = |part: &Part| part.iter().any(|piece| matches!(piece, Piece::Literal(_)));
        if parts.len() > 1 && !parts.iter().all(has_text) {
            let message =
                "a piece of the list has no text of its own: a verifier cannot tell which one it is";
            self.mistake(Code::UnreadablePlace, text.span, message, "such as `v1={signature}`");
        }
        for (name, filters) in template.iter().filter_map(|piece| match piece {
            Piece::Value { from: Operand::Fresh(name), filters } => Some((name, filters)),
            _ => None,
        }) {
            let fresh = scope.fresh.iter().find(|fresh| fresh.name.wire == *name);
            let is_bytes = |fresh: &Fresh| fresh.format == FreshFormat::Bytes;
            if !filters.is_empty() || fresh.is_some_and(is_bytes) {
                let message = format!("a verifier cannot read `{name}` back from here");
                let mend = "let it stand as it is, without filters; bytes are written with `is: hex`";
                self.mistake(Code::UnreadablePlace, text.span, message, mend);
            }
        }
    }

    /// A verifier must be able to learn every fresh value.
    pub(super) fn fresh_is_known(&self, written: &Written<'_>, recipe: &ir::Recipe) {
        let placed = std::iter::once(recipe).chain(&recipe.parts).filter_map(|recipe| recipe.place.as_ref());
        let placed: Vec<&Piece> = placed.flat_map(|place| &place.template).collect();
        let named = |pieces: &[&Piece], name: &str| {
            pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Value { from: Operand::Fresh(own), .. } if own == name))
        };
        let at_the_end = opened_end(recipe);
        for fresh in recipe.fresh.iter().filter(|fresh| fresh.place.is_none()) {
            let name = fresh.name.wire.as_str();
            if named(&placed, name) {
                continue;
            }
            let mut entries = written.recipe.fresh.iter().flat_map(|all| all.iter());
            let entry = entries.find(|entry| entry.key.value == name);
            let span = entry.map_or(written.within, |entry| entry.key.span);
            if entry.is_some_and(|entry| self.has_failed(entry.value.span)) {
                continue;
            }
            if unseals(recipe, name) {
                let message = format!("`{name}` is needed to decrypt, and it is nowhere but inside");
                let mend = format!("give it a place of its own, such as `{name}: {{ ..., header: X-Name }}`");
                self.mistake(Code::FreshNotPlaced, span, message, mend);
            } else if !named(&at_the_end, name) {
                let message = format!("a verifier cannot know `{name}`: it is placed nowhere");
                let mend = format!(
                    "give it a place of its own, `{name}: {{ ..., header: X-Name }}`, or write `{{fresh:{name}}}` in \
                     `place.template`"
                );
                self.mistake(Code::FreshNotPlaced, span, message, mend);
            } else if fresh.length.is_none() && !self.is_wrong(span) {
                let message =
                    format!("`{name}` needs a `length`: it is read from the end of the decrypted text");
                let mend = format!("add `length: {}`", natural_length(&fresh.format).unwrap_or(4));
                self.mistake(Code::FreshWithoutLength, span, message, mend);
            }
        }
    }
}

/// The pieces at the end of a text that is encrypted and opened by the verifier.
fn opened_end(recipe: &ir::Recipe) -> Vec<&Piece> {
    let is_cipher = matches!(recipe.seal.algorithm, ir::Algorithm::Cipher { .. });
    if !is_cipher || recipe.is_encryption() || !recipe.transform.is_empty() {
        return Vec::new();
    }
    let is_fresh = |piece: &&Piece| matches!(piece, Piece::Value { from: Operand::Fresh(_), filters } if filters.is_empty());
    recipe.text.iter().rev().take_while(is_fresh).collect()
}

/// Whether a cipher needs a fresh value, in its key or beside its text, directly or through parts.
fn unseals(recipe: &ir::Recipe, name: &str) -> bool {
    if opened_end(recipe).is_empty() {
        return false;
    }
    let mut needed: Vec<&Operand> = sealing_operands(recipe).collect();
    for part in recipe.parts.iter().rev() {
        let is_needed = |operand: &&Operand| matches!(operand, Operand::Part(own) if *own == part.name.wire);
        if needed.iter().any(is_needed) {
            needed.extend(operands(part));
        }
    }
    needed.iter().any(|operand| matches!(operand, Operand::Fresh(own) if own == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_split_where_the_separator_stands_in_its_text() {
        let literal = |text: &str| Piece::Literal(text.to_owned());
        let template = [literal("t=1,v="), Piece::Signature, literal(",x")];
        let parts = split(&template, Some(","));
        assert_eq!(parts, [vec![literal("t=1")], vec![literal("v="), Piece::Signature], vec![literal("x")]]);
        assert_eq!(split(&template, None), [template.to_vec()]);
    }
}
