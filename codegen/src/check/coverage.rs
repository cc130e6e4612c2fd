//! Coverage: which received values a signature vouches for.
//!
//! A value is covered if every recipe and every reading that can lead here covers it: a type cannot depend on the
//! message. What is not covered is marked, and may not be what an order is compared by.

use super::Context;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Kind, Part, Piece, Receive, ReceivedField, Recipe, Selection, Signature};

/// Where a received value stands.
#[derive(Clone, Copy)]
pub(super) enum Stand<'m> {
    /// In a header.
    Header,
    /// Beside the signature, in a reply.
    Member,
    /// Inside the data member of a reply.
    Data,
    /// In a callback that comes in these shapes.
    Callback(&'m [Receive]),
}

fn covers(recipe: &Recipe, wire: &str, stand: Stand<'_>) -> bool {
    let in_query = matches!(stand, Stand::Callback(shapes) if shapes.contains(&Receive::GetQuery));
    let in_body = match stand {
        Stand::Header => false,
        Stand::Member | Stand::Data => true,
        Stand::Callback(shapes) => !shapes.contains(&Receive::GetQuery),
    };
    let only_query =
        matches!(stand, Stand::Callback(shapes) if shapes.iter().all(|shape| *shape == Receive::GetQuery));
    let listed = recipe.list.as_ref().is_some_and(|list| {
        let chosen = match &list.fields {
            Selection::All => in_body || in_query,
            Selection::Body => in_body,
            Selection::Query => only_query,
            Selection::Named(names) => names.iter().any(|name| name == wire),
        };
        chosen
            && !matches!(stand, Stand::Data | Stand::Header)
            && !list.except.iter().any(|name| name == wire)
    });
    let in_text = recipe.text.iter().any(|piece| match piece {
        Piece::Value { from: Part::Field(name), .. } => name == wire && !matches!(stand, Stand::Data),
        Piece::Value { from: Part::Body, .. } => in_body,
        Piece::Value { from: Part::Result, .. } => matches!(stand, Stand::Data),
        _ => false,
    });
    let added = recipe.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
    let in_added =
        added.into_iter().any(|piece| matches!(piece, Piece::Value { from: Part::Body, .. }) && in_body);
    listed || in_text || in_added
}

impl Context<'_> {
    /// Whether a signature covers a received field; also where there is nothing to cover.
    pub(super) fn is_covered(&self, signature: &Signature, field: &ir::Field, stand: Stand<'_>) -> bool {
        if field.kind == Kind::Signature {
            return true;
        }
        let recipes = signature.recipes();
        recipes.iter().filter_map(|id| self.recipes.lowered.get(id.0)).all(|recipe| {
            let readings = recipe.also_accept.iter().map(|reading| &reading.recipe);
            std::iter::once(recipe).chain(readings).all(|recipe| covers(recipe, &field.name.wire, stand))
        })
    }

    /// Notes that a field is typed as unsigned.
    pub(super) fn note_uncovered(&self, field: &ReceivedField, of: &str, at: Span) {
        if field.unsigned {
            let text = format!("`{}` is `Unsigned` in {of}", field.field.name.wire);
            self.mistake(Code::UncoveredField, at, text, "no recipe covers it");
        }
    }

    /// Reports a name by which an order is recognised or judged, and which the signature does not cover.
    pub(super) fn must_be_covered(
        &self,
        (signature, stand): (&Signature, Stand<'_>),
        field: &ReceivedField,
        span: Span,
        of: &str,
    ) {
        if !field.unsigned {
            return;
        }
        let wire = &field.field.name.wire;
        let first = signature
            .recipes()
            .iter()
            .filter_map(|id| self.recipes.lowered.get(id.0))
            .all(|r| covers(r, wire, stand));
        if first {
            let text = format!("a further reading of the recipe of {of} does not cover `{wire}`");
            self.mistake(Code::LooserReading, span, text, "let it take part in every reading");
        } else {
            let text = format!("{of} is judged by `{wire}`, and its signature does not cover it");
            self.mistake(Code::IdentityNotCovered, span, text, "let it take part in the signature");
        }
    }
}
