//! What a signature needs of the message around it: headers, the address, the data of a reply. Where emitted code has
//! to do something for it, or a user has to be told, it is asked here.

use crate::ir::{
    Algorithm, Iv, Key, MessagePart, Operand, PairPiece, Piece, PlaceCarrier, Provider, Reading, Recipe,
    Selection, Signature,
};

/// Whether a header takes part.
pub(super) fn needs_headers(provider: &Provider, signature: &Signature) -> bool {
    any(provider, signature, &|recipe| {
        let is_header = |carrier: &PlaceCarrier| matches!(carrier, PlaceCarrier::Header(_));
        let lists_headers =
            recipe.list.as_ref().is_some_and(|list| matches!(list.fields, Selection::Headers(_)));
        lists_headers
            || recipe.place.as_ref().is_some_and(|place| is_header(&place.carrier))
            || recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref()).any(is_header)
            || operands(recipe).iter().any(|operand| matches!(operand, Operand::Header(_)))
    })
}

/// Whether the address takes part that the signer saw, and a server may not know.
pub(super) fn needs_url(provider: &Provider, signature: &Signature) -> bool {
    use MessagePart::{Host, Path, Target, Url};
    any(provider, signature, &|recipe| {
        operands(recipe).iter().any(|operand| matches!(operand, Operand::Message(Host | Path | Target | Url)))
    })
}

/// Whether the raw text of a reply's data takes part.
pub(super) fn needs_result(provider: &Provider, signature: &Signature) -> bool {
    let result = Operand::Message(MessagePart::Result);
    any(provider, signature, &|recipe| operands(recipe).contains(&&result))
}

/// Whether one of the recipes encrypts.
pub(super) fn encrypts(provider: &Provider, signature: &Signature) -> bool {
    signature.recipes().iter().any(|id| provider[*id].is_encryption())
}

/// Whether one of the recipes proves who sends.
pub(super) fn authenticates(provider: &Provider, signature: &Signature) -> bool {
    signature.recipes().iter().any(|id| !provider[*id].is_encryption())
}

fn any(provider: &Provider, signature: &Signature, holds: &dyn Fn(&Recipe) -> bool) -> bool {
    signature.recipes().iter().any(|id| in_recipe(&provider[*id], holds))
}

fn in_recipe(recipe: &Recipe, holds: &dyn Fn(&Recipe) -> bool) -> bool {
    let readings = recipe.also_accept.iter().map(|Reading { differs: _, recipe }| recipe);
    holds(recipe) || recipe.parts.iter().chain(readings).any(|inner| in_recipe(inner, holds))
}

/// Everything that templates of a recipe name, those of its parts aside.
fn operands(recipe: &Recipe) -> Vec<&Operand> {
    let mut pieces: Vec<&Piece> = recipe.text.iter().collect();
    let mut operands = Vec::new();
    if let Some(list) = &recipe.list {
        pieces.extend(list.add.iter().flat_map(|(_, pieces)| pieces));
        operands.extend(list.pair.iter().filter_map(|piece| match piece {
            PairPiece::Operand { from, filters: _ } => Some(from),
            PairPiece::Literal(_) | PairPiece::Name(_) | PairPiece::Value(_) => None,
        }));
    }
    pieces.extend(match &recipe.seal.key {
        Some(Key::Computed(pieces) | Key::Credential { path: _, id: Some(pieces) }) => pieces.as_slice(),
        Some(Key::Credential { path: _, id: None }) | None => &[],
    });
    if let Algorithm::Cipher { cipher: _, iv, aad, padding: _ } = &recipe.seal.algorithm {
        pieces.extend(aad);
        if let Some(Iv::Template(iv)) = iv {
            pieces.extend(iv);
        }
    }
    pieces.extend(recipe.place.iter().flat_map(|place| &place.template));
    pieces.extend(recipe.tolerance.iter().flat_map(|tolerance| &tolerance.of));
    operands.extend(pieces.into_iter().filter_map(|piece| match piece {
        Piece::Value { from, filters: _ } => Some(from),
        Piece::Literal(_) | Piece::List | Piece::ListNames | Piece::Signature => None,
    }));
    operands
}
