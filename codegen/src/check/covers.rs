//! What a recipe vouches for: would a change of this one value change the text, and could only the signer make that?
//!
//! A value takes part through a list, a placeholder, a raw stretch of the message, or a part of the recipe whose result
//! takes part in the text or the key. What a filter throws away does not take part. This module knows one recipe and
//! one value; which recipes a message has, and what follows from it, is the matter of `coverage`.

use super::messages::is_nested;
use crate::ir::{
    Algorithm, Cipher, Entry, FieldPath, Filter, Iv, Key, Kind, List, MessagePart, Names, Nested, Operand,
    PairPiece, Piece, PlaceCarrier, Receive, Recipe, Selection,
};

/// Stands in the path of a value for every item of a list.
pub(super) const EVERY: &str = "*";

/// Where a received value stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stand<'m> {
    /// In this header.
    Header(&'m str),
    /// Beside the signature, in a reply.
    Member,
    /// Inside the data member of a reply.
    Data,
    /// In a callback that comes in these shapes.
    Callback(&'m [Receive]),
}

impl Stand<'_> {
    fn in_body(self) -> bool {
        match self {
            Self::Header(_) => false,
            Self::Member | Self::Data => true,
            Self::Callback(shapes) => !shapes.contains(&Receive::GetQuery),
        }
    }

    fn only_in_query(self) -> bool {
        matches!(self, Self::Callback(shapes) if shapes.iter().all(|shape| *shape == Receive::GetQuery))
    }
}

/// A value that is handed out whole.
#[derive(Clone, Debug)]
pub(super) struct Value<'m> {
    /// From the field down to it; [`EVERY`] for the items of a list. Of a value in the data member of a reply, the
    /// first step is the name of that member, or empty where it differs from reply to reply.
    pub(super) path: Vec<String>,
    /// It is an object or a list, as far as the spec knows.
    pub(super) nested: bool,
    /// Where its field stands.
    pub(super) stand: Stand<'m>,
}

impl<'m> Value<'m> {
    /// A field that is one value.
    pub(super) fn field(wire: &str, kind: &Kind, stand: Stand<'m>) -> Self {
        Self { path: vec![wire.to_owned()], nested: is_nested(kind), stand }
    }

    /// The same as a value of one element of an array; `None` if it is none.
    fn in_element(&self, each: &FieldPath) -> Option<Value<'static>> {
        match (self.path.strip_prefix(each.0.as_slice())?, self.stand) {
            (_, Stand::Header(_)) => None,
            ([every, path @ ..], _) if every == EVERY && !path.is_empty() => {
                Some(Value { path: path.to_vec(), nested: self.nested, stand: Stand::Member })
            }
            _ => None,
        }
    }

    fn is_at_or_below(&self, path: &FieldPath) -> bool {
        !matches!(self.stand, Stand::Header(_)) && self.path.starts_with(&path.0)
    }

    fn is_in(&self, carrier: &PlaceCarrier) -> bool {
        match (carrier, self.stand) {
            (PlaceCarrier::Field(path), _) => self.is_at_or_below(path),
            (PlaceCarrier::Header(name), Stand::Header(header)) => name.eq_ignore_ascii_case(header),
            (PlaceCarrier::Query(name), stand) => stand.only_in_query() && self.path.first() == Some(name),
            (PlaceCarrier::Header(_), _) => false,
        }
    }
}

/// Whether a recipe, in this one reading, vouches for a value. `is_secret` knows what only the signer has.
pub(super) fn vouches(recipe: &Recipe, value: &Value<'_>, is_secret: &dyn Fn(&Operand) -> bool) -> bool {
    if let Some(each) = &recipe.each {
        let inner = value.in_element(each);
        return inner.is_some_and(|value| unit_vouches(recipe, recipe, &value, is_secret));
    }
    if recipe.is_encryption() {
        return opens(recipe, value);
    }
    unit_vouches(recipe, recipe, value, is_secret)
}

/// Whether a value takes part in what a recipe signs or encrypts, whoever could make that.
pub(super) fn takes_part(recipe: &Recipe, value: &Value<'_>) -> bool {
    if recipe.is_encryption() { opens(recipe, value) } else { touches(recipe, recipe, value) }
}

/// A cipher that authenticates vouches for what it opens, and for what it authenticates beside it.
fn opens(recipe: &Recipe, value: &Value<'_>) -> bool {
    let Algorithm::Cipher { cipher, .. } = &recipe.seal.algorithm else { return false };
    let is_opened = recipe.place.as_ref().is_some_and(|place| value.is_in(&place.carrier));
    let beside = beside_the_text(recipe);
    is_authenticated(*cipher)
        && (is_opened || operands(beside).any(|(from, filters)| takes(recipe, from, filters, value)))
}

/// The result of `unit` vouches for a value: of a keyed seal, what is in its text; of `none`, what parts in it vouch for.
fn unit_vouches(
    recipe: &Recipe,
    unit: &Recipe,
    value: &Value<'_>,
    is_secret: &dyn Fn(&Operand) -> bool,
) -> bool {
    if unit.seal.algorithm == Algorithm::None {
        return used_parts(recipe, unit).any(|part| unit_vouches(recipe, part, value, is_secret));
    }
    proves(recipe, unit, is_secret) && touches(recipe, unit, value)
}

/// Whether nobody but the signer can make the result.
fn proves(recipe: &Recipe, unit: &Recipe, is_secret: &dyn Fn(&Operand) -> bool) -> bool {
    unit.seal.credential().is_some()
        || inputs(unit).any(|(from, _)| is_secret(from))
        || used_parts(recipe, unit).any(|part| proves(recipe, part, is_secret))
}

/// Whether a value takes part in the result, itself or through a part.
fn touches(recipe: &Recipe, unit: &Recipe, value: &Value<'_>) -> bool {
    composes(recipe, unit, value) || signed_places(recipe, unit).any(|part| composes(recipe, part, value))
}

/// Whether a value takes part in the text or the key, itself or through a part.
fn composes(recipe: &Recipe, unit: &Recipe, value: &Value<'_>) -> bool {
    if unit.transform.iter().any(loses) {
        return false;
    }
    unit.list.as_ref().is_some_and(|list| lists(list, value))
        || inputs(unit).any(|(from, filters)| takes(recipe, from, filters, value))
        || used_parts(recipe, unit).any(|part| composes(recipe, part, value))
}

/// The parts whose places take part: what was put there is compared with what the part gives.
fn signed_places<'r>(recipe: &'r Recipe, unit: &'r Recipe) -> impl Iterator<Item = &'r Recipe> {
    let others = recipe.parts.iter().filter(move |part| !std::ptr::eq(*part, unit));
    others.filter(move |part| part.place.as_ref().is_some_and(|place| takes_place(unit, &place.carrier)))
}

fn takes_place(unit: &Recipe, carrier: &PlaceCarrier) -> bool {
    let is_listed = |name: &String| match unit.list.as_ref().map(|list| &list.fields) {
        Some(Selection::Headers(names)) => names.iter().any(|listed| listed.eq_ignore_ascii_case(name)),
        _ => false,
    };
    let mut whole = inputs(unit).filter(|(_, filters)| !filters.iter().any(loses)).map(|(from, _)| from);
    match carrier {
        PlaceCarrier::Field(path) => whole.any(|from| *from == Operand::Field(path.clone())),
        PlaceCarrier::Header(name) => {
            is_listed(name)
                || whole
                    .any(|from| matches!(from, Operand::Header(header) if header.eq_ignore_ascii_case(name)))
        }
        PlaceCarrier::Query(_) => whole.any(|from| {
            use MessagePart::{Query, Target, Url};
            matches!(from, Operand::Message(Query | Target | Url))
        }),
    }
}

/// Whether a fresh value takes part in the result.
pub(super) fn touches_fresh(recipe: &Recipe, unit: &Recipe, name: &str) -> bool {
    inputs(unit).any(|(from, _)| matches!(from, Operand::Fresh(fresh) if fresh == name))
        || used_parts(recipe, unit).any(|part| touches_fresh(recipe, part, name))
}

/// The parts whose results take part in a recipe or part.
fn used_parts<'r>(recipe: &'r Recipe, unit: &'r Recipe) -> impl Iterator<Item = &'r Recipe> {
    let names = inputs(unit).filter_map(|(from, filters)| match from {
        Operand::Part(name) if filters.iter().all(keeps_a_digest) => Some(name),
        _ => None,
    });
    names.filter_map(|name| recipe.parts.iter().find(|part| part.name.wire == *name))
}

/// Everything beside the list that goes into the text or the key, with its filters.
fn inputs(unit: &Recipe) -> impl Iterator<Item = (&Operand, &[Filter])> {
    let added = unit.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
    let key = match &unit.seal.key {
        Some(Key::Computed(pieces)) => pieces.as_slice(),
        _ => &[],
    };
    let pairs = unit.list.iter().flat_map(|list| &list.pair).filter_map(|piece| match piece {
        PairPiece::Operand { from, filters } => Some((from, filters.as_slice())),
        _ => None,
    });
    operands(unit.text.iter().chain(added).chain(key).chain(beside_the_text(unit))).chain(pairs)
}

/// What an authenticating cipher vouches for beside its text.
fn beside_the_text(unit: &Recipe) -> impl Iterator<Item = &Piece> {
    let (aad, iv) = match &unit.seal.algorithm {
        Algorithm::Cipher { cipher, iv, aad, .. } if is_authenticated(*cipher) => {
            (aad.as_slice(), iv.as_ref())
        }
        _ => (&[][..], None),
    };
    let iv = match iv {
        Some(Iv::Template(pieces)) => pieces.as_slice(),
        Some(Iv::Zeros) | None => &[],
    };
    aad.iter().chain(iv)
}

/// The values of a template.
pub(super) fn operands<'p>(
    pieces: impl IntoIterator<Item = &'p Piece>,
) -> impl Iterator<Item = (&'p Operand, &'p [Filter])> {
    pieces.into_iter().filter_map(|piece| match piece {
        Piece::Value { from, filters } => Some((from, filters.as_slice())),
        Piece::Literal(_) | Piece::List | Piece::ListNames | Piece::Signature => None,
    })
}

fn takes(recipe: &Recipe, from: &Operand, filters: &[Filter], value: &Value<'_>) -> bool {
    if filters.iter().any(loses) {
        return false;
    }
    match (from, value.stand) {
        (Operand::Field(path), _) => value.is_at_or_below(path),
        (Operand::Header(name), Stand::Header(header)) => name.eq_ignore_ascii_case(header),
        (Operand::Message(MessagePart::Body), stand) => stand.in_body(),
        (Operand::Message(MessagePart::Result), stand) => matches!(stand, Stand::Data),
        (Operand::Message(MessagePart::Query | MessagePart::Target | MessagePart::Url), stand) => {
            stand.only_in_query()
        }
        (Operand::Fresh(name), _) => recipe
            .fresh
            .iter()
            .filter(|fresh| fresh.name.wire == *name)
            .filter_map(|fresh| fresh.place.as_ref())
            .any(|place| value.is_in(place)),
        _ => false,
    }
}

/// Whether a list has a value.
fn lists(list: &List, value: &Value<'_>) -> bool {
    let writes = |piece: &PairPiece| matches!(piece, PairPiece::Value(filters) if !filters.iter().any(loses));
    if !list.pair.iter().any(writes) {
        return false;
    }
    if let Stand::Header(header) = value.stand {
        return matches!(&list.fields, Selection::Headers(names)
            if names.iter().any(|name| name.eq_ignore_ascii_case(header)));
    }
    let first = value.path.first().map_or("", String::as_str);
    if is_excepted(list, value) {
        return false;
    }
    let named = |name: &str| cased(list.names, name) == cased(list.names, first);
    let inside = value.nested || value.path.len() > 1;
    match &list.fields {
        Selection::All => goes_inside(list, inside),
        Selection::Body => value.stand.in_body() && goes_inside(list, inside),
        Selection::Query => value.stand.only_in_query() && goes_inside(list, inside),
        Selection::Named(entries) => entries.iter().any(|entry| match entry {
            Entry::Name(name) => named(name) && goes_inside(list, inside),
            Entry::Path(path) => {
                let below = value.nested || value.path.len() > path.0.len();
                value.is_at_or_below(path) && goes_inside(list, below)
            }
            Entry::Prefix(prefix) => {
                cased(list.names, first).starts_with(&cased(list.names, prefix)) && goes_inside(list, inside)
            }
            Entry::Elements(name) => named(name) && (value.path.len() == 1 || goes_inside(list, true)),
            Entry::Rows { rows, fields, .. } => is_in_rows(list, rows, fields, value),
        }),
        // Only what must be named is sure to be signed. (That nothing must be is a mistake of its own.)
        Selection::NamedIn { at_least, .. } if at_least.is_empty() => true,
        Selection::NamedIn { at_least, within, .. } => at_least.iter().any(|name| {
            let mut path = within.as_ref().map(|within| within.0.clone()).unwrap_or_default();
            path.extend(name.split('.').map(str::to_owned));
            let below = value.nested || value.path.len() > path.len();
            value.is_at_or_below(&FieldPath(path)) && goes_inside(list, below)
        }),
        Selection::Headers(_) => false,
        Selection::MembersOf(path) => {
            let below = value.path.len() > path.0.len() + 1;
            value.is_at_or_below(path) && goes_inside(list, below)
        }
    }
}

/// Whether a list writes what lies inside its members. Where it refuses objects, none is ever handed out.
fn goes_inside(list: &List, is_inside: bool) -> bool {
    !is_inside || list.nested != Nested::Drop
}

fn is_excepted(list: &List, value: &Value<'_>) -> bool {
    list.except.iter().any(|name| match list.nested {
        Nested::SameRule => value.path.iter().any(|step| cased(list.names, step) == cased(list.names, name)),
        _ => {
            let steps: Vec<&str> = name.split('.').collect();
            let is_leaf = value.path.iter().zip(&steps).all(|(step, said)| step == said || step == EVERY);
            is_leaf
                || value.path.first().is_some_and(|first| cased(list.names, first) == cased(list.names, name))
        }
    })
}

/// Rows of a JSON array: the named members of every item. (Rows under flat names end at the first gap, so a value with
/// such a name may well be beyond the last row.)
fn is_in_rows(list: &List, rows: &FieldPath, fields: &[String], value: &Value<'_>) -> bool {
    let Some([every, member, behind @ ..]) = value.path.strip_prefix(rows.0.as_slice()) else { return false };
    every == EVERY && fields.contains(member) && goes_inside(list, value.nested || !behind.is_empty())
}

/// A name in the case of a list.
pub(super) fn cased(names: Names, name: &str) -> String {
    match names {
        Names::AsIs => name.to_owned(),
        Names::Upper => name.to_uppercase(),
        Names::Lower => name.to_lowercase(),
    }
}

/// Whether a filter throws away what may matter, so that the value could be changed.
fn loses(filter: &Filter) -> bool {
    matches!(
        filter,
        Filter::Length
            | Filter::First(_)
            | Filter::Last(_)
            | Filter::Without(_)
            | Filter::After(_)
            | Filter::AfterLast(_)
    )
}

/// A digest that is cut to at least 64 bits in hex still stands for its text.
fn keeps_a_digest(filter: &Filter) -> bool {
    matches!(filter, Filter::First(count) | Filter::Last(count) if *count >= 16) || !loses(filter)
}

/// Whether a cipher notices a change.
pub(super) fn is_authenticated(cipher: Cipher) -> bool {
    matches!(cipher, Cipher::Aes128Gcm | Cipher::Aes192Gcm | Cipher::Aes256Gcm)
}
