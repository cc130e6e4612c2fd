//! Weaknesses of a recipe that are the provider's choice: an integrator should know them, a spec can accept them.

use super::Context;
use super::messages::{Direction, Message};
use super::protection::{Held, part_model};
use crate::diagnostic::{Code, Span};
use crate::ir::{
    Algorithm, Cipher, Digest, EmptyAction, Entry, FreshFormat, Iv, List, Operand, Order, Output, PairPiece,
    Piece, Recipe, Selection,
};
use crate::model;

impl Context<'_> {
    /// Weaknesses that are the provider's choice and an integrator should know.
    pub(super) fn weaknesses(&self, held: Held<'_>, message: &Message<'_>) {
        let parts = held.recipe.parts.iter().map(|part| {
            let model = part_model(held.model, &part.name.wire).unwrap_or(held.model);
            (part, model)
        });
        for (unit, model) in std::iter::once((held.recipe, held.model)).chain(parts) {
            let held = Held { recipe: unit, model, ..held };
            if message.direction == Direction::Callback {
                self.weak_algorithm(held);
                self.drops_empties(held);
            }
            if side_by_side(held.whole, unit) {
                let span = model.text.as_ref().map(|text| text.span);
                let span = span.or(model.join.as_ref().map(|join| join.span));
                let text = "values stand side by side: moved characters leave the signature as it is";
                let mend = "compare every value with the order, and accept this";
                self.weakness(Code::NothingBetween, span.unwrap_or(algorithm_span(held)), text, mend, held);
            }
            if unit.list.as_ref().is_some_and(is_without_names) {
                let text = "values are signed without their names: two of them can change places";
                let mend = "compare every value with the order, and accept this";
                self.weakness(Code::NamesNotSigned, held.span(&model.pair), text, mend, held);
            }
        }
        if self.secret_first(held.recipe) {
            let span = held.model.text.as_ref().map_or(algorithm_span(held), |text| text.span);
            let text =
                "the secret stands only at the start of a plain digest, which is open to length extension";
            let mend = "give no meaning to what is behind the last value, and accept this";
            self.weakness(Code::SecretOnlyAtTheStart, span, text, mend, held);
        }
    }

    /// A weakness of a recipe, which the recipe's own `accepts` covers also where the key is inherited by `like`.
    fn weakness(&self, code: Code, span: Span, text: &str, mend: &str, held: Held<'_>) {
        if !self.accepts_at_recipe(&held.whole.name.wire, code, span) {
            self.mistake(code, span, text, mend);
        }
    }

    fn weak_algorithm(&self, held: Held<'_>) {
        if !is_weak(&held.recipe.seal.algorithm) {
            return;
        }
        let said = held.model.algorithm.as_ref().map(|text| text.value.as_str()).unwrap_or_default();
        let text = format!("`{said}` is weak, and messages that come in rest on it");
        let text = match &held.recipe.seal.algorithm {
            Algorithm::Cipher { iv: Some(Iv::Zeros), .. } => {
                format!("`{said}` with an `iv` of zeros is weak, and messages that come in rest on it")
            }
            _ => text,
        };
        let mend = "if the provider offers nothing else, accept it with that reason";
        self.weakness(Code::WeakAlgorithm, algorithm_span(held), &text, mend, held);
    }

    fn drops_empties(&self, held: Held<'_>) {
        let drops = held.recipe.list.as_ref().is_some_and(|list| list.empties.empty == EmptyAction::Drop);
        if let (Some(said), true) = (&held.model.empties, drops) {
            let text = "empty values of received messages are not signed: an attacker can add or remove empty fields";
            let mend = "give no meaning to the difference, and accept this";
            self.weakness(Code::EmptiesDroppedOnReceipt, said.span, text, mend, held);
        }
    }

    fn secret_first(&self, recipe: &Recipe) -> bool {
        let is_secret = |piece: &Piece| match piece {
            Piece::Value { from: Operand::Credential(path), .. } => self.is_secret(path),
            _ => false,
        };
        let list = recipe.list.as_ref();
        let added = list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
        let in_pairs = list.iter().flat_map(|list| &list.pair).any(
            |piece| matches!(piece, PairPiece::Operand { from: Operand::Credential(path), .. } if self.is_secret(path)),
        );
        matches!(recipe.seal.algorithm, Algorithm::Digest(_))
            && !in_pairs
            && !added.into_iter().any(is_secret)
            && recipe.text.first().is_some_and(is_secret)
            && !recipe.text.iter().skip(1).any(is_secret)
    }
}

fn algorithm_span(held: Held<'_>) -> Span {
    let model: &model::Recipe = held.model;
    model.algorithm.as_ref().map_or(held.at, |text| text.span)
}

/// Whether collisions, or blocks that stand for themselves, are within an attacker's reach.
fn is_weak(algorithm: &Algorithm) -> bool {
    use Cipher::{Aes128Ecb, Aes192Ecb, Aes256Ecb};
    match algorithm {
        Algorithm::Digest(digest) | Algorithm::Rsa(digest) => matches!(digest, Digest::Md5 | Digest::Sha1),
        Algorithm::Cipher { cipher, iv, .. } => {
            matches!(cipher, Aes128Ecb | Aes192Ecb | Aes256Ecb) || *iv == Some(Iv::Zeros)
        }
        Algorithm::Hmac(_) | Algorithm::Sm2 { .. } | Algorithm::None => false,
    }
}

/// Whether a list binds its values to their names neither by writing these nor by giving each value its place.
fn is_without_names(list: &List) -> bool {
    let is_fixed = match &list.fields {
        Selection::Named(entries) => {
            entries.iter().all(|entry| matches!(entry, Entry::Name(_) | Entry::Path(_)))
        }
        Selection::Headers(_) => true,
        _ => false,
    };
    let follows_values = matches!(list.order, Order::ByValue | Order::ByItem | Order::ByItemIgnoringCase);
    let leaves_gaps = list.empties.empty == EmptyAction::Drop || list.empties.absent == EmptyAction::Drop;
    let is_single = matches!(&list.fields, Selection::Named(entries)
        if matches!(entries.as_slice(), [Entry::Name(_) | Entry::Path(_) | Entry::Elements(_)]));
    let writes_names = list.pair.iter().any(|piece| matches!(piece, PairPiece::Name(_)));
    let may_move = !is_fixed || follows_values || leaves_gaps;
    !writes_names && may_move && !is_single
}

/// Whether two values that a sender chooses stand in the text with nothing between them.
fn side_by_side(recipe: &Recipe, unit: &Recipe) -> bool {
    let is_value = |piece: &Piece| match piece {
        Piece::Value { from, .. } => is_loose(recipe, from),
        Piece::ListNames => true,
        Piece::Literal(_) | Piece::List | Piece::Signature => false,
    };
    let pair = unit.list.as_ref().map(|list| list.pair.as_slice()).unwrap_or_default();
    // Names that the spec lists are as good as literal text.
    let is_listed = |entry: &Entry| matches!(entry, Entry::Name(_) | Entry::Path(_) | Entry::Elements(_));
    let has_loose_names = unit.list.as_ref().is_some_and(
        |list| !matches!(&list.fields, Selection::Named(entries) if entries.iter().all(is_listed)),
    );
    let is_part = |piece: Option<&PairPiece>| match piece {
        Some(PairPiece::Value(_)) => true,
        Some(PairPiece::Name(_)) => has_loose_names,
        Some(PairPiece::Operand { from, .. }) => is_loose(recipe, from),
        Some(PairPiece::Literal(_)) | None => false,
    };
    let (begins, ends) = (is_part(pair.first()), is_part(pair.last()));
    let in_pair = pair.windows(2).any(|two| is_part(two.first()) && is_part(two.last()));
    let in_list = unit.list.as_ref().is_some_and(|list| {
        let is_one = |entry: &Entry| matches!(entry, Entry::Name(_) | Entry::Path(_));
        let one = matches!(&list.fields, Selection::Named(entries) if entries.len() < 2 && entries.iter().all(is_one))
            && list.order == Order::AsListed
            && list.add.is_empty();
        list.join.is_empty() && begins && ends && !one
    });
    let touching = unit.text.windows(2).any(|two| match two {
        [a, b] => (is_value(a) || *a == Piece::List && ends) && (is_value(b) || *b == Piece::List && begins),
        _ => false,
    });
    in_list || in_pair || touching
}

/// Whether a value's end cannot be told from the text: it is neither ours nor of one length.
fn is_loose(recipe: &Recipe, operand: &Operand) -> bool {
    match operand {
        Operand::Credential(_) => false,
        Operand::Fresh(name) => {
            let fresh = recipe.fresh.iter().find(|fresh| fresh.name.wire == *name);
            fresh.is_none_or(|fresh| fresh.length.is_none() && fresh.format != FreshFormat::Uuid)
        }
        // Digests have one length; what is encrypted has that of its text.
        Operand::Part(name) => recipe.parts.iter().find(|part| part.name.wire == *name).is_none_or(|part| {
            matches!(part.seal.algorithm, Algorithm::Cipher { .. } | Algorithm::None)
                || part.seal.output == Output::Text
        }),
        Operand::Field(_) | Operand::Given(_) | Operand::Header(_) | Operand::Message(_) => true,
    }
}
