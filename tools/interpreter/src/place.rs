//! What is written at the place of a signature, and what can be read from there.
//!
//! A place template holds the signature once, and beside it literals, values that the verifier computes itself, and
//! fresh values that only the signer knew. Reading takes two rounds: the first finds the fresh values, by the literals
//! around them; in the second everything but the signature is known and must be equal.

use payspec_codegen::ir::{Filter, Operand, Piece, Place, PlaceCarrier};

use crate::bytes::{self, Base64};
use crate::compose::Composer;
use crate::filter::Content;
use crate::signed_text::RecipeError;
use crate::text;

/// More signatures in one place than any provider sends.
const MAX_CANDIDATES: usize = 16;

/// A piece of a place template, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Literal(String),
    Signature,
    /// A fresh value that is not known yet.
    Fresh {
        name: String,
        length: Option<usize>,
        filters: Vec<Filter>,
    },
    /// Something that cannot be computed before the fresh values are known.
    Later,
}

/// What was found in one match.
#[derive(Default)]
struct Found {
    signature: Option<String>,
    fresh: Vec<(String, Content)>,
}

/// The name of a place, for messages.
pub(crate) fn place_name(carrier: &PlaceCarrier) -> String {
    match carrier {
        PlaceCarrier::Field(path) => path.dotted(),
        PlaceCarrier::Header(name) | PlaceCarrier::Query(name) => name.clone(),
    }
}

impl Composer<'_> {
    /// What is written at the place of this signature.
    pub(crate) fn place_text(&self, place: &Place, signature: &str) -> Result<String, RecipeError> {
        let mut written = String::new();
        for piece in &place.template {
            match piece {
                Piece::Signature => written.push_str(signature),
                piece => {
                    let text = self.pieces(std::slice::from_ref(piece))?;
                    let unwritable = || RecipeError::Unwritable { place: place_name(&place.carrier) };
                    written.push_str(&text::decode(self.charset, text.bytes()).ok_or_else(unwritable)?);
                }
            }
        }
        Ok(written)
    }

    /// The fresh values that stand there and are not known yet.
    pub(crate) fn fresh_in_place(
        &self,
        place: &Place,
        written: &str,
    ) -> Result<Vec<(String, Content)>, RecipeError> {
        let disagrees = || RecipeError::Place { place: place_name(&place.carrier) };
        let mut captured: Vec<(String, Content)> = Vec::new();
        let pieces = self.tokens(place, true)?;
        let has_fresh =
            |tokens: &&Vec<Token>| tokens.iter().any(|token| matches!(token, Token::Fresh { .. }));
        for tokens in pieces.iter().filter(has_fresh) {
            let mut matches =
                candidates(place, written).into_iter().filter_map(|text| matched(tokens, &text));
            let found = matches.next().ok_or_else(disagrees)?;
            // The piece that holds the signature as well may be there several times, with one and the same value.
            let others: Vec<Found> = matches.collect();
            let is_alone = found.signature.is_none() && !others.is_empty();
            for (name, value) in
                found.fresh.into_iter().chain(others.into_iter().flat_map(|found| found.fresh))
            {
                match captured.iter().find(|(own, _)| *own == name) {
                    Some((_, known)) if *known != value => return Err(disagrees()),
                    Some(_) => {}
                    None => captured.push((name, value)),
                }
            }
            if is_alone {
                return Err(disagrees());
            }
        }
        Ok(captured)
    }

    /// The signatures that stand there; everything beside them must be what it should be.
    pub(crate) fn signatures_in_place(
        &self,
        place: &Place,
        written: &str,
    ) -> Result<Vec<String>, RecipeError> {
        let disagrees = || RecipeError::Place { place: place_name(&place.carrier) };
        let texts = candidates(place, written);
        let mut signatures = Vec::new();
        for tokens in self.tokens(place, false)? {
            let found: Vec<Found> = texts.iter().filter_map(|text| matched(&tokens, text)).collect();
            if tokens.contains(&Token::Signature) {
                signatures.extend(found.into_iter().filter_map(|found| found.signature));
            } else if found.len() != 1 {
                return Err(disagrees());
            }
        }
        if signatures.is_empty() || signatures.len() > MAX_CANDIDATES {
            return Err(disagrees());
        }
        Ok(signatures)
    }

    /// The signatures that stand there, as far as that can be said before everything beside them is known.
    pub(crate) fn early_signatures(&self, place: &Place, written: &str) -> Result<Vec<String>, RecipeError> {
        let texts = candidates(place, written);
        let mut signatures = Vec::new();
        for tokens in self.tokens(place, true)?.iter().filter(|tokens| tokens.contains(&Token::Signature)) {
            let found = texts.iter().filter_map(|text| matched(tokens, text)?.signature);
            signatures.extend(found.take(MAX_CANDIDATES));
        }
        Ok(signatures)
    }

    /// The template, split into its items.
    fn tokens(&self, place: &Place, lenient: bool) -> Result<Vec<Vec<Token>>, RecipeError> {
        let mut items = vec![Vec::new()];
        for piece in &place.template {
            let token = self.token(place, piece, lenient)?;
            match (token, piece, &place.items) {
                (Token::Literal(text), Piece::Literal(_), Some(separator)) => {
                    for (index, text) in text.split(separator.as_str()).enumerate() {
                        if index > 0 {
                            items.push(Vec::new());
                        }
                        push(&mut items, Token::Literal(text.to_owned()));
                    }
                }
                (token, ..) => push(&mut items, token),
            }
        }
        if place.items.is_some() {
            items.iter_mut().for_each(trim);
            items.retain(|tokens| !tokens.is_empty());
        }
        Ok(items)
    }

    fn token(&self, place: &Place, piece: &Piece, lenient: bool) -> Result<Token, RecipeError> {
        if *piece == Piece::Signature {
            return Ok(Token::Signature);
        }
        if let Piece::Value { from: Operand::Fresh(name), filters } = piece
            && self.beside.fresh_value(name).is_none()
            && lenient
        {
            let declared = self.fresh.iter().find(|fresh| fresh.name.wire == *name);
            let length = declared.and_then(|fresh| fresh.length).filter(|_| filters.is_empty());
            let length = length.and_then(|length| usize::try_from(length).ok());
            return Ok(Token::Fresh { name: name.clone(), length, filters: filters.clone() });
        }
        let written = self.pieces(std::slice::from_ref(piece));
        match written {
            Ok(text) => {
                let unreadable = || RecipeError::Unwritable { place: place_name(&place.carrier) };
                Ok(Token::Literal(text::decode(self.charset, text.bytes()).ok_or_else(unreadable)?))
            }
            Err(_) if lenient => Ok(Token::Later),
            Err(error) => Err(error),
        }
    }
}

/// The texts that the items of the template are looked for in.
fn candidates(place: &Place, written: &str) -> Vec<String> {
    match &place.items {
        Some(separator) => {
            written.split(separator.as_str()).map(|piece| text::trim(piece).to_owned()).collect()
        }
        None => vec![written.to_owned()],
    }
}

/// Literals that stand side by side are one.
fn push(items: &mut [Vec<Token>], token: Token) {
    let Some(tokens) = items.last_mut() else { return };
    match (tokens.last_mut(), token) {
        (Some(Token::Literal(before)), Token::Literal(text)) => before.push_str(&text),
        (_, Token::Literal(text)) if text.is_empty() => {}
        (_, token) => tokens.push(token),
    }
}

/// White space around an item is not part of it.
fn trim(tokens: &mut Vec<Token>) {
    if let Some(Token::Literal(first)) = tokens.first_mut() {
        *first = first.trim_start_matches(text::is_white).to_owned();
    }
    if let Some(Token::Literal(last)) = tokens.last_mut() {
        *last = last.trim_end_matches(text::is_white).to_owned();
    }
    tokens.retain(|token| !matches!(token, Token::Literal(text) if text.is_empty()));
}

/// Matches a text from left to right; `None` if it does not match to its end.
fn matched(tokens: &[Token], written: &str) -> Option<Found> {
    let mut rest = written;
    let mut found = Found::default();
    for (index, token) in tokens.iter().enumerate() {
        if let Token::Literal(text) = token {
            rest = rest.strip_prefix(text.as_str())?;
            continue;
        }
        let next = tokens.get(index + 1);
        let end = match (next, token) {
            (None, _) => rest.len(),
            (Some(Token::Literal(text)), _) => rest.find(text.as_str())?,
            (Some(_), Token::Fresh { length: Some(length), .. }) => {
                rest.char_indices().nth(*length).map(|(at, _)| at)?
            }
            (Some(_), _) => return None,
        };
        let (captured, behind) = rest.split_at_checked(end)?;
        rest = behind;
        match token {
            Token::Signature => found.signature = Some(captured.to_owned()),
            Token::Fresh { name, filters, .. } => {
                let content = unfiltered(captured, filters)?;
                match found.fresh.iter().find(|(own, _)| own == name) {
                    Some((_, known)) if *known != content => return None,
                    Some(_) => {}
                    None => found.fresh.push((name.clone(), content)),
                }
            }
            Token::Literal(_) | Token::Later => {}
        }
    }
    rest.is_empty().then_some(found)
}

/// What a fresh value was before it was written; only encodings can be undone.
fn unfiltered(written: &str, filters: &[Filter]) -> Option<Content> {
    match filters {
        [] => Some(Content::Text(written.to_owned())),
        [Filter::Hex] => bytes::from_hex(written).map(Content::Bytes),
        [Filter::Base64] => Base64::Standard.read(written).map(Content::Bytes),
        [Filter::Base64Url] => Base64::Url.read(written).map(Content::Bytes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Token {
        Token::Literal(text.to_owned())
    }

    fn fresh(name: &str, length: Option<usize>) -> Token {
        Token::Fresh { name: name.to_owned(), length, filters: Vec::new() }
    }

    fn signature(tokens: &[Token], written: &str) -> Option<String> {
        matched(tokens, written)?.signature
    }

    #[test]
    fn a_signature_ends_at_the_next_literal_or_at_the_end() {
        let quoted = [literal("sig=\""), Token::Signature, literal("\"")];
        assert_eq!(signature(&quoted, "sig=\"ab==\"").as_deref(), Some("ab=="));
        for wrong in ["sig=\"ab==", "sig=\"ab\"x", "Sig=\"ab\"", " sig=\"ab\"", ""] {
            assert_eq!(signature(&quoted, wrong), None, "{wrong}");
        }
        assert_eq!(signature(&[Token::Signature], "a=b").as_deref(), Some("a=b"));
    }

    #[test]
    fn fresh_values_are_captured_and_must_agree_with_themselves() {
        let names = |tokens: &[Token], written: &str| matched(tokens, written).map(|found| found.fresh);
        let text = |text: &str| Content::Text(text.to_owned());
        let twice = [fresh("t", None), literal("."), Token::Signature, literal("."), fresh("t", None)];
        assert_eq!(names(&twice, "1.s.1"), Some(vec![("t".to_owned(), text("1"))]));
        assert_eq!(names(&twice, "1.s.2"), None);
        let counted = [fresh("t", Some(2)), Token::Signature];
        assert_eq!(names(&counted, "中1s"), Some(vec![("t".to_owned(), text("中1"))]));
        assert_eq!(names(&counted, "1"), None);
        let encoded = Token::Fresh { name: "t".to_owned(), length: None, filters: vec![Filter::Hex] };
        assert_eq!(
            names(std::slice::from_ref(&encoded), "00ff"),
            Some(vec![("t".to_owned(), Content::Bytes(vec![0, 255]))])
        );
        assert_eq!(names(&[encoded], "0"), None);
    }
}
