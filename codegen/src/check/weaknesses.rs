//! Weaknesses of a recipe that are the provider's choice: an integrator should know them, a spec can accept them.

use super::Context;
use super::protection::{Direction, Message};
use crate::diagnostic::Code;
use crate::ir::{self, Algorithm, Digest, EmptyAction, Order, PairPiece, Part, Piece, RecipeId, Selection};
use crate::model::Recipe;

impl Context<'_> {
    /// Weaknesses that are the provider's choice and an integrator should know.
    pub(super) fn weaknesses(
        &self,
        id: RecipeId,
        recipe: &ir::Recipe,
        model: &Recipe,
        message: &Message<'_>,
    ) {
        let weak = matches!(
            recipe.seal.algorithm,
            Algorithm::Digest(Digest::Md5 | Digest::Sha1) | Algorithm::Rsa(Digest::Md5 | Digest::Sha1)
        );
        let algorithm = self.algorithm_span(id);
        if weak && message.direction == Direction::Callback {
            let said = model.algorithm.as_ref().map(|text| text.value.as_str()).unwrap_or_default();
            let text = format!("`{said}` is weak, and messages that come in rest on it");
            self.mistake(
                Code::WeakAlgorithm,
                algorithm,
                text,
                "if the provider offers nothing else, accept it with that reason",
            );
        }
        let drops = recipe.list.as_ref().is_some_and(|list| list.empties.empty == EmptyAction::Drop);
        if let (Some(said), true, Direction::Callback) = (&model.empties, drops, message.direction) {
            let text = "empty values of received messages are not signed: an attacker can add or remove empty fields";
            self.mistake(
                Code::EmptiesDroppedOnReceipt,
                said.span,
                text,
                "give no meaning to the difference, and accept this",
            );
        }
        if side_by_side(recipe) {
            let span =
                model.text.as_ref().map(|text| text.span).or(model.join.as_ref().map(|join| join.span));
            let text = "values stand side by side: moved characters leave the signature as it is";
            self.mistake(
                Code::NothingBetween,
                span.unwrap_or(algorithm),
                text,
                "compare every value with the order, and accept this",
            );
        }
        if self.secret_first(recipe) {
            let span = model.text.as_ref().map_or(algorithm, |text| text.span);
            let text =
                "the secret stands only at the start of a plain digest, which is open to length extension";
            self.mistake(
                Code::SecretOnlyAtTheStart,
                span,
                text,
                "give no meaning to what is behind the last value, and accept this",
            );
        }
    }

    fn secret_first(&self, recipe: &ir::Recipe) -> bool {
        let is_secret = |piece: &Piece| match piece {
            Piece::Value { from: Part::Credential(path), .. } => self.is_secret(path),
            _ => false,
        };
        let added = recipe.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
        matches!(recipe.seal.algorithm, Algorithm::Digest(_))
            && !added.into_iter().any(is_secret)
            && recipe.text.first().is_some_and(is_secret)
            && !recipe.text.iter().skip(1).any(is_secret)
    }
}

/// Whether two values that a sender chooses stand in the text with nothing between them.
fn side_by_side(recipe: &ir::Recipe) -> bool {
    let is_value =
        |piece: &Piece| matches!(piece, Piece::Value { from, .. } if !matches!(from, Part::Credential(_)));
    let pair = recipe.list.as_ref().map(|list| list.pair.as_slice()).unwrap_or_default();
    let begins = matches!(pair.first(), Some(PairPiece::Value(_)));
    let ends = matches!(pair.last(), Some(PairPiece::Value(_)));
    let in_list = recipe.list.as_ref().is_some_and(|list| {
        let one = matches!(&list.fields, Selection::Named(names) if names.len() < 2)
            && list.order == Order::AsListed;
        list.join.is_empty() && begins && ends && !one
    });
    let touching = recipe.text.windows(2).any(|two| match two {
        [a, b] => (is_value(a) || *a == Piece::List && ends) && (is_value(b) || *b == Piece::List && begins),
        _ => false,
    });
    in_list || touching
}
