//! The template of the text: literals and values dropped, moved, exchanged, one more.

use payspec_codegen::ir::{FieldPath, MessagePart, Operand, Piece, Recipe};

use super::tables::LITERALS;
use crate::change::{KeyChanges, Written};
use crate::context::Context;
use crate::{rank, yaml};

/// Beyond this many pieces not every piece is tried in every place.
const MAX_PIECES: usize = 16;

pub(crate) fn changes(
    recipe: &Recipe,
    around: &Recipe,
    context: &Context,
    changes: &mut KeyChanges<'static>,
) {
    let text = &recipe.text;
    let mut write = |rank: u32, pieces: Vec<Piece>, title: String| {
        let value = Written::Template(pieces.clone());
        changes.write(rank, "text", value, title, move |recipe| recipe.text.clone_from(&pieces));
    };
    literals(text, &mut write);
    line_ends(text, &mut write);
    let values = values(recipe, around, context);
    removed(text, &mut write);
    replaced(text, &values, &mut write);
    inserted(recipe, &values, &mut write);
    moved(text, &mut write);
}

fn literal(text: &str) -> Piece {
    Piece::Literal(text.to_owned())
}

/// A literal for a title.
fn shown(text: &str) -> String {
    yaml::quoted(text)
}

fn value_name(piece: &Piece) -> String {
    match piece {
        Piece::Literal(text) => shown(text),
        piece => format!("`{}`", yaml::template(std::slice::from_ref(piece)).trim_matches('"')),
    }
}

/// Each literal without, shorter, in other case, as another one; and one more at each place.
fn literals(text: &[Piece], write: &mut impl FnMut(u32, Vec<Piece>, String)) {
    let with = |index: usize, other: &str| {
        let mut pieces = text.to_vec();
        if let Some(piece) = pieces.get_mut(index) {
            *piece = literal(other);
        }
        pieces.retain(|piece| *piece != literal(""));
        pieces
    };
    for (index, piece) in text.iter().enumerate() {
        let Piece::Literal(own) = piece else { continue };
        write(rank::USUAL_LITERAL, with(index, ""), format!("{} does not stand in the text", shown(own)));
        let mut others: Vec<String> = vec![own.to_lowercase(), own.to_uppercase(), own.trim().to_owned()];
        let mut characters = own.chars();
        characters.next();
        others.push(characters.as_str().to_owned());
        let mut characters = own.chars();
        characters.next_back();
        others.push(characters.as_str().to_owned());
        others.extend([format!("{own}{own}"), own.replace("\\n", "\n"), own.replace('\n', "\\n")]);
        for (rank, other) in others
            .into_iter()
            .map(|own| (rank::LITERAL + 1, own))
            .chain(LITERALS.into_iter().map(|other| (rank::LITERAL + 2, other.to_owned())))
        {
            if other != *own && !other.is_empty() {
                write(
                    rank,
                    with(index, &other),
                    format!("{} stands in the text, not {}", shown(&other), shown(own)),
                );
            }
        }
    }
    for place in 0..=text.len() {
        let where_to = place_name(text, place);
        for (index, other) in LITERALS.into_iter().enumerate() {
            let mut pieces = text.to_vec();
            pieces.insert(place, literal(other));
            let is_line_end = other.contains('\n') && place == text.len();
            let rank = match index {
                _ if is_line_end => rank::BODY + 1,
                0..=6 if text.len() <= MAX_PIECES => rank::USUAL_LITERAL,
                _ => rank::LITERAL,
            };
            write(rank, pieces, format!("{} stands {where_to}", shown(other)));
        }
    }
    // One and the same separator between all values.
    for between in LITERALS {
        let values = text.iter().filter(|piece| !matches!(piece, Piece::Literal(_)));
        let mut pieces: Vec<Piece> = values.flat_map(|piece| [piece.clone(), literal(between)]).collect();
        write(rank::LITERAL + 4, pieces.clone(), format!("{} stands behind every value", shown(between)));
        pieces.pop();
        write(rank::LITERAL + 3, pieces, format!("{} stands between all values", shown(between)));
    }
    let values = text.iter().filter(|piece| !matches!(piece, Piece::Literal(_))).cloned().collect();
    write(rank::LITERAL + 3, values, "nothing stands between the values".to_owned());
}

fn place_name(text: &[Piece], place: usize) -> String {
    match place.checked_sub(1).and_then(|before| text.get(before)) {
        None => String::from("at the start of the text"),
        Some(_) if place == text.len() => String::from("at the end of the text"),
        Some(before) => format!("behind {}", value_name(before)),
    }
}

/// Line ends of the other kind, everywhere.
fn line_ends(text: &[Piece], write: &mut impl FnMut(u32, Vec<Piece>, String)) {
    let with = |from: &str, to: &str| -> Vec<Piece> {
        let each = text.iter().map(|piece| match piece {
            Piece::Literal(own) => literal(&own.replace(from, to)),
            piece => piece.clone(),
        });
        each.collect()
    };
    write(rank::LITERAL, with("\r\n", "\n"), "lines end with `\\n`".to_owned());
    write(rank::LITERAL, with("\n", "\r\n"), "lines end with `\\r\\n`".to_owned());
    write(rank::LITERAL + 1, with("\n", ""), "there are no line ends".to_owned());
    write(rank::LITERAL + 1, with("\n", "\\n"), "lines end with a backslash and an `n`".to_owned());
    write(rank::LITERAL + 1, with(": ", ":"), "no blank stands behind `:`".to_owned());
    write(rank::LITERAL + 1, with(":", ": "), "a blank stands behind `:`".to_owned());
    write(rank::LITERAL + 1, with(" ", ""), "there are no blanks".to_owned());
}

/// Everything that can stand in the text.
fn values(recipe: &Recipe, around: &Recipe, context: &Context) -> Vec<Operand> {
    let mut values: Vec<Operand> = context.texts().map(|path| Operand::Credential(path.clone())).collect();
    values.extend(
        around
            .parts
            .iter()
            .filter(|part| part.name != recipe.name)
            .map(|part| Operand::Part(part.name.wire.clone())),
    );
    values.extend(around.fresh.iter().map(|fresh| Operand::Fresh(fresh.name.wire.clone())));
    values.extend(around.given.iter().map(|given| Operand::Given(given.name.wire.clone())));
    if context.has_address {
        use MessagePart::{Host, Method, Path, Query, Target, Url};
        values.extend([Method, Path, Target, Query, Url, Host].map(Operand::Message));
    }
    if context.has_body {
        values.push(Operand::Message(MessagePart::Body));
    }
    if context.has_result {
        values.push(Operand::Message(MessagePart::Result));
    }
    values.extend(context.headers.iter().map(|name| Operand::Header(name.clone())));
    let own = recipe.place_field().unwrap_or_default();
    let names = context.names().into_iter().filter(|name| *name != own);
    values.extend(names.map(|name| Operand::Field(FieldPath::field(name))));
    values.extend(context.paths.iter().cloned().map(Operand::Field));
    values
}

/// Each value without, alone and with a literal beside it.
fn removed(text: &[Piece], write: &mut impl FnMut(u32, Vec<Piece>, String)) {
    for (index, piece) in text.iter().enumerate().filter(|(_, piece)| !matches!(piece, Piece::Literal(_))) {
        let title = format!("{} is not in the text", value_name(piece));
        let without = |range: std::ops::RangeInclusive<usize>| {
            let mut pieces = text.to_vec();
            pieces.drain(range);
            pieces
        };
        write(rank::VALUE, without(index..=index), title.clone());
        if index > 0 {
            write(rank::VALUE, without(index - 1..=index), title.clone());
        }
        if index + 1 < text.len() {
            write(rank::VALUE, without(index..=index + 1), title.clone());
        }
    }
}

/// Each value as another one of the same kind.
fn replaced(text: &[Piece], values: &[Operand], write: &mut impl FnMut(u32, Vec<Piece>, String)) {
    for (index, piece) in text.iter().enumerate() {
        let Piece::Value { from: own, filters } = piece else { continue };
        for other in values.iter().filter(|other| *other != own) {
            let is_same_kind = std::mem::discriminant(own) == std::mem::discriminant(other);
            let rank = match (own, other) {
                (Operand::Credential(_), Operand::Credential(_)) => rank::OTHER_CREDENTIAL,
                _ if is_same_kind => rank::VALUE + 1,
                _ => rank::VALUE + 6,
            };
            let mut pieces = text.to_vec();
            if let Some(slot) = pieces.get_mut(index) {
                *slot = Piece::Value { from: other.clone(), filters: filters.clone() };
            }
            let title = format!(
                "`{{{}}}` stands in the text, not `{{{}}}`",
                yaml::operand(other),
                yaml::operand(own)
            );
            write(rank, pieces, title);
        }
    }
}

/// One more value at each place, with the separator of the text before or behind it.
fn inserted(recipe: &Recipe, values: &[Operand], write: &mut impl FnMut(u32, Vec<Piece>, String)) {
    let text = &recipe.text;
    let mut separators: Vec<&str> = Vec::new();
    for piece in text {
        if let Piece::Literal(own) = piece
            && !separators.contains(&own.as_str())
            && separators.len() < 2
        {
            separators.push(own);
        }
    }
    if let Some(list) = &recipe.list
        && !list.join.is_empty()
        && !separators.contains(&list.join.as_str())
    {
        separators.push(&list.join);
    }
    let places: Vec<usize> =
        if text.len() <= 2 * MAX_PIECES { (0..=text.len()).rev().collect() } else { vec![text.len(), 0] };
    for place in places {
        let where_to = place_name(text, place);
        for other in values {
            let piece = Piece::Value { from: other.clone(), filters: Vec::new() };
            let title = format!("`{{{}}}` stands {where_to}", yaml::operand(other));
            let mut with = |rank: u32, more: Vec<Piece>| {
                let mut pieces = text.clone();
                pieces.splice(place..place, more);
                write(rank, pieces, title.clone());
            };
            with(rank::VALUE + 2, vec![piece.clone()]);
            for separator in &separators {
                with(rank::VALUE + 3, vec![literal(separator), piece.clone()]);
                with(rank::VALUE + 3, vec![piece.clone(), literal(separator)]);
            }
        }
    }
}

/// Values in each other's place, and pieces in other places.
fn moved(text: &[Piece], write: &mut impl FnMut(u32, Vec<Piece>, String)) {
    let values: Vec<usize> = text
        .iter()
        .enumerate()
        .filter(|(_, piece)| !matches!(piece, Piece::Literal(_)))
        .map(|(at, _)| at)
        .collect();
    for (index, first) in values.iter().enumerate() {
        let reach = if values.len() > MAX_PIECES { 2 } else { values.len() };
        for second in values.iter().skip(index + 1).take(reach) {
            let mut pieces = text.to_vec();
            pieces.swap(*first, *second);
            let rank = rank::VALUE + u32::from(values.get(index + 1) != Some(second));
            let (Some(a), Some(b)) = (text.get(*first), text.get(*second)) else { continue };
            write(
                rank,
                pieces,
                format!("{} and {} stand in each other's place", value_name(a), value_name(b)),
            );
        }
    }
    let is_secret =
        |at: usize| matches!(text.get(at), Some(Piece::Value { from: Operand::Credential(_), .. }));
    let count = if text.len() > 2 * MAX_PIECES { 0 } else { text.len() };
    for from in 0..count {
        for to in (0..count)
            .filter(|to| *to != from && (is_secret(from) || count <= MAX_PIECES || to.abs_diff(from) < 3))
        {
            let mut pieces = text.to_vec();
            let piece = pieces.remove(from);
            let title = format!("{} stands in another place of the text", value_name(&piece));
            pieces.insert(to, piece);
            write(rank::VALUE + 2, pieces, title);
        }
    }
}
