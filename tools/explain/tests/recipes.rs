//! Specs that say something else than the provider does: every recipe of every vector, broken key by key.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::{Sample, Table, cases, timed};
use payspec_codegen::ir::{
    Algorithm, Charset, Digest, Empties, EmptyAction, Encoding, Entry, Filter, Key, List, Names, Nested,
    Operand, Order, Output, PairPiece, Piece, Recipe, Selection, Sm2Form, UrlDialect,
};

type Edit = Box<dyn Fn(&mut Recipe)>;

/// A break, the key that it is in, and what it does.
struct Break {
    kind: &'static str,
    key: &'static str,
    edit: Edit,
}

fn one(kind: &'static str, key: &'static str, edit: impl Fn(&mut Recipe) + 'static) -> Break {
    Break { kind, key, edit: Box::new(edit) }
}

fn list(kind: &'static str, key: &'static str, edit: impl Fn(&mut List) + 'static) -> Break {
    one(kind, key, move |recipe| {
        if let Some(list) = &mut recipe.list {
            edit(list);
        }
    })
}

#[allow(clippy::too_many_lines)]
fn breaks() -> Vec<Break> {
    use EmptyAction::{As, Drop, Keep};
    let all = |action: EmptyAction, blank: EmptyAction| Empties {
        absent: action.clone(),
        json_null: action.clone(),
        empty: action,
        blank,
    };
    let (keep, drop, drop_blank) = (all(Keep, Keep), all(Drop, Keep), all(Drop, Drop));
    let mut breaks = vec![
        list("empties: keep", "empties", move |own| own.empties = keep.clone()),
        list("empties: drop", "empties", move |own| own.empties = drop.clone()),
        list("empties: drop blank", "empties", move |own| own.empties = drop_blank.clone()),
        list("empties: as null", "empties", |own| own.empties.empty = As("null".into())),
        list("trim", "trim", |own| own.trim = !own.trim),
        list("names: upper", "names", |own| own.names = Names::Upper),
        list("names: as is", "names", |own| own.names = Names::AsIs),
        list("nested", "nested", |own| own.nested = Nested::Drop),
        list("nested", "nested", |own| own.nested = Nested::Raw),
        list("except one more", "except", |own| own.except.push("amount".into())),
        list("except dropped", "except", |own| own.except.clear()),
        list("add dropped", "add", |own| own.add.clear()),
        list("add renamed", "add", |own| {
            own.add.iter_mut().for_each(|(name, _)| *name = format!("zz{name}"))
        }),
        list("numbers", "numbers", |own| own.numbers = None),
        list("also_empty", "also_empty", |own| own.also_empty.clear()),
        list("also_empty", "also_empty", |own| own.also_empty.push("0".into())),
        list("join dropped", "join", |own| own.join.clear()),
        list("join ,", "join", |own| own.join = ",".into()),
        list("join |", "join", |own| own.join = "|".into()),
        list("pair without name", "pair", |own| {
            own.pair.retain(|piece| matches!(piece, PairPiece::Value(_)))
        }),
        list("pair without literals", "pair", |own| {
            own.pair.retain(|piece| !matches!(piece, PairPiece::Literal(_)))
        }),
        list("pair with :", "pair", |own| {
            for piece in &mut own.pair {
                if let PairPiece::Literal(text) = piece {
                    *text = ":".into();
                }
            }
        }),
        list("pair without filters", "pair", |own| {
            for piece in &mut own.pair {
                if let PairPiece::Value(filters) | PairPiece::Name(filters) = piece {
                    filters.clear();
                }
            }
        }),
        list("pair with url", "pair", |own| {
            for piece in &mut own.pair {
                if let PairPiece::Value(filters) = piece {
                    filters.push(Filter::Url(UrlDialect::Rfc3986));
                }
            }
        }),
        list("pair with lower", "pair", |own| {
            for piece in &mut own.pair {
                if let PairPiece::Value(filters) = piece {
                    filters.push(Filter::Lower);
                }
            }
        }),
        list("pair without operand", "pair", |own| {
            own.pair.retain(|piece| !matches!(piece, PairPiece::Operand { .. }))
        }),
        list("fields: first dropped", "fields", |own| {
            if let Selection::Named(entries) = &mut own.fields {
                entries.remove(0);
            }
        }),
        list("fields: last dropped", "fields", |own| {
            if let Selection::Named(entries) = &mut own.fields {
                entries.pop();
            }
        }),
        list("fields: middle dropped", "fields", |own| {
            if let Selection::Named(entries) = &mut own.fields {
                entries.remove(entries.len() / 2);
            }
        }),
        list("fields: two swapped", "fields", |own| {
            if let Selection::Named(entries) = &mut own.fields
                && entries.len() > 3
            {
                entries.swap(1, 2);
            }
        }),
        list("fields: one more", "fields", |own| {
            if let Selection::Named(entries) = &mut own.fields
                && let Some(first @ Entry::Name(_)) = entries.first().cloned()
            {
                entries.push(first);
            }
        }),
        list("fields: query", "fields", |own| own.fields = Selection::Query),
        list("fields: body", "fields", |own| own.fields = Selection::Body),
        list("fields: all", "fields", |own| own.fields = Selection::All),
        one("text: literals dropped", "text", |own| {
            if own.text.iter().filter(|piece| matches!(piece, Piece::Literal(_))).count() == 1 {
                own.text.retain(|piece| !matches!(piece, Piece::Literal(_)));
            }
        }),
        one("text: first literal dropped", "text", |own| {
            if let Some(at) = own.text.iter().position(|piece| matches!(piece, Piece::Literal(_))) {
                own.text.remove(at);
            }
        }),
        one("text: last literal dropped", "text", |own| {
            if let Some(at) = own.text.iter().rposition(|piece| matches!(piece, Piece::Literal(_))) {
                own.text.remove(at);
            }
        }),
        one("text: literal changed", "text", |own| {
            if let Some(Piece::Literal(text)) =
                own.text.iter_mut().find(|piece| matches!(piece, Piece::Literal(_)))
            {
                *text = text.replace(['&', '|', '\n', '.', ':', ','], ";");
            }
        }),
        one("text: secret dropped", "text", |own| {
            own.text.retain(|piece| !matches!(piece, Piece::Value { from: Operand::Credential(_), .. }));
        }),
        one("text: secret first", "text", |own| {
            if let Some(at) = own
                .text
                .iter()
                .position(|piece| matches!(piece, Piece::Value { from: Operand::Credential(_), .. }))
            {
                let piece = own.text.remove(at);
                own.text.insert(0, piece);
            }
        }),
        one("text: secret last", "text", |own| {
            if let Some(at) = own
                .text
                .iter()
                .position(|piece| matches!(piece, Piece::Value { from: Operand::Credential(_), .. }))
            {
                let piece = own.text.remove(at);
                own.text.push(piece);
            }
        }),
        one("text: trailing newline", "text", |own| own.text.push(Piece::Literal("\n".into()))),
        one("text: a value dropped", "text", |own| {
            if own.text.len() > 2
                && let Some(at) = own.text.iter().rposition(|piece| {
                    matches!(
                        piece,
                        Piece::Value { from: Operand::Field(_) | Operand::Header(_) | Operand::Fresh(_), .. }
                    )
                })
            {
                own.text.remove(at);
            }
        }),
        one("text: two values swapped", "text", |own| {
            let values: Vec<usize> =
                (0..own.text.len()).filter(|at| matches!(own.text[*at], Piece::Value { .. })).collect();
            if let [first, second, ..] = values.as_slice() {
                own.text.swap(*first, *second);
            }
        }),
        one("text: filters dropped", "text", |own| {
            for piece in &mut own.text {
                if let Piece::Value { filters, .. } = piece {
                    filters.clear();
                }
            }
        }),
        one("text: a filter more", "text", |own| {
            if let Some(Piece::Value { filters, .. }) =
                own.text.iter_mut().find(|piece| matches!(piece, Piece::Value { .. }))
            {
                filters.push(Filter::Upper);
            }
        }),
        one("transform: upper", "transform", |own| own.transform.push(Filter::Upper)),
        one("transform: lower", "transform", |own| own.transform.push(Filter::Lower)),
        one("transform: url", "transform", |own| own.transform.push(Filter::Url(UrlDialect::Form))),
        one("transform: one less", "transform", |own| {
            own.transform.pop();
        }),
        one("transform: other dialect", "transform", |own| {
            for filter in &mut own.transform {
                if let Filter::Url(dialect) = filter {
                    *dialect = UrlDialect::Js;
                }
            }
        }),
        one("charset: gbk", "charset", |own| own.charset = Encoding::Fixed(Charset::Gbk)),
        one("charset: latin1", "charset", |own| own.charset = Encoding::Fixed(Charset::Latin1)),
        one("output: base64", "output", |own| own.seal.output = Output::Base64),
        one("output: hex", "output", |own| own.seal.output = Output::HexLower),
        one("output: base64url", "output", |own| own.seal.output = Output::Base64Url),
        one("digest for hmac", "algorithm", |own| {
            if let Algorithm::Hmac(digest) = own.seal.algorithm {
                own.seal.algorithm = Algorithm::Digest(digest);
                own.seal.key = None;
            }
        }),
        one("sm2 id", "user_id", |own| {
            if let Algorithm::Sm2 { user_id, .. } = &mut own.seal.algorithm {
                user_id.clear();
            }
        }),
        one("sm2 form", "form", |own| {
            if let Algorithm::Sm2 { form, .. } = &mut own.seal.algorithm {
                *form = Sm2Form::Raw;
            }
        }),
        one("part: output", "parts", |own| {
            own.parts.iter_mut().for_each(|part| part.seal.output = Output::HexUpper)
        }),
        one("part: text", "parts", |own| {
            own.parts.iter_mut().for_each(|part| {
                part.text.pop();
            });
        }),
        one("part: algorithm", "parts", |own| {
            own.parts.iter_mut().for_each(|part| {
                if let Algorithm::Digest(digest) = &mut part.seal.algorithm {
                    *digest = Digest::Sha1;
                }
            })
        }),
        one("key computed dropped", "key", |own| {
            if let (Some(Key::Computed(pieces)), Some(path)) =
                (&own.seal.key, own.parts.iter().find_map(|part| part.seal.credential()))
            {
                assert!(!pieces.is_empty());
                own.seal.key = Some(Key::Credential { path: path.clone(), id: None });
            }
        }),
    ];
    for order in [
        Order::ByName,
        Order::ByNameIgnoringCase,
        Order::AsListed,
        Order::AsOnTheWire,
        Order::ByValue,
        Order::ByItem,
    ] {
        breaks.push(list("order", "order", move |own| own.order = order));
    }
    for digest in [Digest::Md5, Digest::Sha1, Digest::Sha256, Digest::Sha512] {
        breaks.push(one("algorithm", "algorithm", move |own| {
            if let Algorithm::Digest(own) | Algorithm::Hmac(own) | Algorithm::Rsa(own) =
                &mut own.seal.algorithm
            {
                *own = digest;
            }
        }));
    }
    breaks
}

#[test]
fn a_broken_key_of_a_recipe_is_found() {
    let mut table = Table::default();
    let mut sample = Sample::new();
    for case in cases() {
        for id in case.recipes() {
            let name = case.provider[id].name.wire.clone();
            for Break { kind, key, edit } in breaks() {
                let Some(provider) = case.broken(id, &edit) else { continue };
                if !sample.takes() {
                    continue;
                }
                let (answer, took) = timed(|| case.ask(&provider, &case.vector.settings, &case.message));
                if answer.as_it_is {
                    continue;
                }
                let wanted = format!("signatures.{name}.{key}");
                table.add(kind, &case.name(), &answer, took, |at| {
                    at == wanted || at.starts_with(&format!("{wanted}."))
                });
            }
        }
    }
    table.print("specs broken");
    assert!(table.total() > 50 && table.share() > 85.0);
}
