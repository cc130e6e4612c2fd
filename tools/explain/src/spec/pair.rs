//! How an item is written and what stands between two: `pair` and `join`.

use payspec_codegen::ir::{Filter, List, Operand, PairPiece, UrlDialect};

use super::filters::all_filters;
use super::tables::SEPARATORS;
use crate::change::{KeyChanges, Written};
use crate::context::Context;
use crate::{rank, yaml};

pub(crate) fn changes(list: &List, context: &Context, changes: &mut KeyChanges<'static>) {
    for (index, join) in SEPARATORS.into_iter().enumerate() {
        let rank = if index < 6 { rank::USUAL_JOIN } else { rank::JOIN };
        let title = match join {
            "" => String::from("nothing stands between two items"),
            join => format!("{} stands between two items", yaml::quoted(join)),
        };
        changes.write(rank, "join", yaml::quoted(join), title, move |recipe| {
            if let Some(list) = &mut recipe.list {
                list.join = join.to_owned();
            }
        });
    }
    forms(list, changes);
    literals(list, changes);
    filters(list, changes);
    for path in context.texts() {
        let mut pieces = list.pair.clone();
        pieces.push(PairPiece::Operand { from: Operand::Credential(path.clone()), filters: Vec::new() });
        let title = format!("`{}` stands behind every item", yaml::credential(path));
        write(rank::SECRET_TEXT + 5, pieces, title, changes);
    }
    for (index, piece) in list.pair.iter().enumerate() {
        if let PairPiece::Operand { from, .. } = piece {
            let mut pieces = list.pair.clone();
            pieces.remove(index);
            let title = format!("`{{{}}}` does not stand in every item", yaml::operand(from));
            write(rank::SECRET_TEXT + 5, pieces, title, changes);
        }
    }
}

fn write(rank: u32, pieces: Vec<PairPiece>, title: String, changes: &mut KeyChanges<'static>) {
    if pieces.is_empty() {
        return;
    }
    let value = Written::Pair(pieces.clone());
    changes.write(rank, "pair", value, title, move |recipe| {
        if let Some(list) = &mut recipe.list {
            list.pair = pieces.clone();
        }
    });
}

fn literal(text: &str) -> PairPiece {
    PairPiece::Literal(text.to_owned())
}

/// The filters that stand on the value and on the name now.
fn own_filters(list: &List) -> (Vec<Filter>, Vec<Filter>) {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for piece in &list.pair {
        match piece {
            PairPiece::Name(filters) => names.clone_from(filters),
            PairPiece::Value(filters) => values.clone_from(filters),
            _ => {}
        }
    }
    (names, values)
}

/// The usual forms, with separators around them.
fn forms(list: &List, changes: &mut KeyChanges<'static>) {
    let (names, values) = own_filters(list);
    let name = || PairPiece::Name(names.clone());
    let value = || PairPiece::Value(values.clone());
    let mut forms: Vec<Vec<PairPiece>> =
        vec![vec![name(), literal("="), value()], vec![value()], vec![name(), value()]];
    for between in
        [":", "|", "-", "_", ",", " ", "=>", ": ", "\n", "#", "^", "~", "/", ".", "+", "*", "&", ";", "\t"]
    {
        forms.push(vec![name(), literal(between), value()]);
    }
    forms.push(vec![name(), literal("=\""), value(), literal("\"")]);
    forms.push(vec![literal("\""), name(), literal("\":\""), value(), literal("\"")]);
    forms.push(vec![name()]);
    forms.push(vec![value(), name()]);
    forms.push(vec![value(), literal("="), name()]);
    for (index, form) in forms.into_iter().enumerate() {
        let title = format!("items are written {}", yaml::pair(&form));
        let rank = if index < 4 { rank::USUAL_PAIR } else { rank::PAIR };
        write(rank, form, title, changes);
    }
    plain_forms(list, changes);
    for around in SEPARATORS.into_iter().filter(|around| !around.is_empty()) {
        let mut before = list.pair.clone();
        before.insert(0, literal(around));
        write(rank::PAIR + 2, before, format!("{} stands before every item", yaml::quoted(around)), changes);
        let mut behind = list.pair.clone();
        behind.push(literal(around));
        write(rank::PAIR + 2, behind, format!("{} stands behind every item", yaml::quoted(around)), changes);
    }
}

/// The usual forms of plain names and values, also with a separator at one end; and both as queries encode them.
fn plain_forms(list: &List, changes: &mut KeyChanges<'static>) {
    let name = || PairPiece::Name(Vec::new());
    let value = || PairPiece::Value(Vec::new());
    let forms = [
        vec![name(), literal("="), value()],
        vec![value()],
        vec![name(), value()],
        vec![name(), literal(":"), value()],
    ];
    let mut all: Vec<(u32, Vec<PairPiece>)> = Vec::new();
    for form in forms {
        for around in SEPARATORS.into_iter().chain(["::", "||"]).filter(|around| !around.is_empty()) {
            all.push((rank::PAIR + 4, [vec![literal(around)], form.clone()].concat()));
            all.push((rank::PAIR + 4, [form.clone(), vec![literal(around)]].concat()));
        }
        all.push((rank::USUAL_PAIR, form));
    }
    for dialect in [UrlDialect::Form, UrlDialect::Rfc3986, UrlDialect::Php] {
        let url = || vec![Filter::Url(dialect)];
        let encoded = vec![PairPiece::Name(url()), literal("="), PairPiece::Value(url())];
        all.push((rank::URL_FILTER, encoded));
        all.push((rank::URL_FILTER, vec![name(), literal("="), PairPiece::Value(url())]));
    }
    for (rank, form) in all.into_iter().filter(|(_, form)| *form != list.pair) {
        let title = format!("items are written {}", yaml::pair(&form));
        write(rank, form, title, changes);
    }
}

/// Each literal without, and as another one.
fn literals(list: &List, changes: &mut KeyChanges<'static>) {
    for (index, piece) in list.pair.iter().enumerate() {
        let PairPiece::Literal(text) = piece else { continue };
        let mut less = list.pair.clone();
        less.remove(index);
        write(
            rank::USUAL_PAIR,
            less,
            format!("{} does not stand in every item", yaml::quoted(text)),
            changes,
        );
        for other in SEPARATORS.into_iter().filter(|other| !other.is_empty() && other != text) {
            let mut changed = list.pair.clone();
            if let Some(own) = changed.get_mut(index) {
                *own = literal(other);
            }
            let title = format!("{} stands in every item, not {}", yaml::quoted(other), yaml::quoted(text));
            write(rank::PAIR + 3, changed, title, changes);
        }
    }
}

/// Each filter of names and values added, taken away, replaced.
fn filters(list: &List, changes: &mut KeyChanges<'static>) {
    for (index, piece) in list.pair.iter().enumerate() {
        let (own, what) = match piece {
            PairPiece::Name(filters) => (filters, "names"),
            PairPiece::Value(filters) => (filters, "values"),
            _ => continue,
        };
        for changed in all_filters(own) {
            let mut pieces = list.pair.clone();
            if let Some(PairPiece::Name(filters) | PairPiece::Value(filters)) = pieces.get_mut(index) {
                filters.clone_from(&changed.filters);
            }
            write(changed.rank, pieces, format!("{what} {}", changed.title), changes);
        }
    }
    // The same on both: programs encode whole queries.
    for changed in all_filters(&own_filters(list).1) {
        let mut pieces = list.pair.clone();
        for piece in &mut pieces {
            if let PairPiece::Name(filters) | PairPiece::Value(filters) = piece {
                filters.clone_from(&changed.filters);
            }
        }
        write(changed.rank + 1, pieces, format!("names and values {}", changed.title), changes);
    }
}
