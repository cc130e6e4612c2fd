//! The templates of a recipe, held against a message: the fields that they name exist, can be written there, and the
//! parts of the message that they name are known when the text is composed.

use super::Context;
use super::messages::{Direction, Found, Message, is_nested};
use super::protection::Held;
use crate::diagnostic::{Code, Span};
use crate::ir::{
    Algorithm, EmptyAction, FieldPath, Filter, Iv, Key, Kind, MessagePart, Operand, PairPiece, Piece,
    PlaceCarrier, TimeFormat,
};

impl Context<'_> {
    /// Holds the templates of a recipe or part against a message.
    pub(super) fn templates_fit(&self, held: Held<'_>, message: &Message<'_>) {
        for (from, filters, span) in templates(held) {
            match from {
                Operand::Field(path) => self.field_fits(path, filters, span, held, message),
                Operand::Message(part) => self.part_fits(*part, span, held, message),
                Operand::Header(name) if message.redirect => {
                    let text =
                        format!("`{{header:{name}}}`: a browser that is redirected sends no header of ours");
                    self.mistake(Code::BadTemplate, span, text, "sign fields of the query");
                }
                Operand::Header(name) => self.header_fits(name, span, held, message),
                Operand::Credential(_) | Operand::Given(_) | Operand::Fresh(_) | Operand::Part(_) => {}
            }
        }
    }

    fn field_fits(
        &self,
        path: &FieldPath,
        filters: &[Filter],
        span: Span,
        held: Held<'_>,
        message: &Message<'_>,
    ) {
        let dotted = path.dotted();
        let places = std::iter::once(held.whole).chain(&held.whole.parts);
        let mut places = places.filter_map(|unit| unit.place.as_ref());
        if places.any(|place| matches!(&place.carrier, PlaceCarrier::Field(placed) if placed == path))
            && !held.whole.is_encryption()
        {
            let text = format!("`{dotted}` holds the signature: it never takes part in what is signed");
            self.mistake(Code::PlaceTaken, span, text, "take it out of the template");
            return;
        }
        let (field, certain) = match self.resolve(message, path) {
            Found::Field { field, certain } => (field, certain),
            Found::Open => return,
            Found::Missing(_) => {
                let as_header = path
                    .simple()
                    .filter(|name| message.headers.iter().any(|(field, _)| field.name.wire == *name));
                let recipe = &held.whole.name.wire;
                let text = format!("recipe `{recipe}` names `{dotted}`, which is no field of {}", message.of);
                match as_header {
                    Some(name) => {
                        let header = message.headers.iter().find(|(field, _)| field.name.wire == name);
                        let header = header.map_or(name, |(_, header)| header);
                        let mend = format!("it is in a header: `{{header:{header}}}`");
                        self.mistake(Code::UnknownField, span, text, mend);
                    }
                    None => {
                        self.path_fits(path, span, held, message);
                    }
                }
                return;
            }
        };
        if is_nested(&field.kind) {
            let text = format!(
                "`{{{dotted}}}` of {} is an object or a list, which a template cannot write",
                message.of
            );
            let mend = "name a value inside it, or sign it in a list with `nested`";
            self.mistake(Code::NestedUnsaid, span, text, mend);
        } else if !certain && held.recipe.empties.absent == EmptyAction::Refuse {
            let text =
                format!("`{{{dotted}}}` is optional in {}, and a template cannot leave it out", message.of);
            let mend = "use a list, make the field required, or say `empties: keep` for an empty slot";
            self.mistake(Code::OptionalInATemplate, span, text, mend);
        }
        if let Some(filter) = filters.iter().find(|filter| !applies(filter, &field.kind)) {
            let word = match filter {
                Filter::Decimals(_) => "decimals",
                _ => "json",
            };
            let text = format!("`{word}` cannot apply to `{dotted}` of {}", message.of);
            let mend = "`decimals` is for numbers, `json` for JSON text";
            self.mistake(Code::FilterDoesNotApply, span, text, mend);
        }
    }

    fn header_fits(&self, name: &str, span: Span, held: Held<'_>, message: &Message<'_>) {
        let mut declared = message.headers.iter();
        let declared = declared.find(|(_, header)| header.eq_ignore_ascii_case(name));
        let refuses = held.recipe.empties.absent == EmptyAction::Refuse;
        if declared.is_some_and(|(field, _)| !field.required) && refuses {
            let text = format!(
                "`{{header:{name}}}` is optional in {}, and a template cannot leave it out",
                message.of
            );
            let mend = "make the field required, or say `empties: keep` for an empty slot";
            self.mistake(Code::OptionalInATemplate, span, text, mend);
        }
    }

    fn part_fits(&self, part: MessagePart, span: Span, held: Held<'_>, message: &Message<'_>) {
        use MessagePart::{Body, Host, Method, Path, Payload, Query, Result, Target, Url};
        match part {
            Result if message.direction != Direction::Reply || message.data.is_none() => {
                let text =
                    format!("`{{message:result}}` means nothing in {}: it has no data member", message.of);
                self.mistake(Code::BadTemplate, span, text, "it belongs to replies with `response.data`");
            }
            Method | Host | Path | Query | Target | Url if message.direction == Direction::Reply => {
                self.not_yet(span, "method or address of the request in the text of its reply");
            }
            Body if self.is_placed_in_the_body(held, message) => {
                let text =
                    format!("the raw body of {} is signed, and the signature is placed in it", message.of);
                let mend = "place it in a header or in the query, or sign the fields: `fields: all`";
                self.mistake(Code::SignedInsideItself, span, text, mend);
            }
            Query | Target | Url if self.is_placed_in_the_query(held, message) => {
                let text = format!("the URL of {} is signed, and the signature is placed in it", message.of);
                let mend = "place it in a header or in the body, or sign the fields: `fields: query`";
                self.mistake(Code::SignedInsideItself, span, text, mend);
            }
            Method | Host | Path | Query | Target | Url | Body | Result | Payload => {}
        }
    }

    /// Whether the result of the recipe, or of the part that is looked at, goes into the body.
    fn is_placed_in_the_body(&self, held: Held<'_>, message: &Message<'_>) -> bool {
        carriers(held).any(|carrier| match carrier {
            PlaceCarrier::Field(path) => !is_in_query(path.first(), message),
            PlaceCarrier::Header(_) | PlaceCarrier::Query(_) => false,
        })
    }

    fn is_placed_in_the_query(&self, held: Held<'_>, message: &Message<'_>) -> bool {
        carriers(held).any(|carrier| match carrier {
            PlaceCarrier::Field(path) => is_in_query(path.first(), message),
            PlaceCarrier::Header(_) => false,
            PlaceCarrier::Query(_) => true,
        })
    }
}

/// The places that the result of this recipe or part goes to: a part may go nowhere but into the recipe around it.
fn carriers(held: Held<'_>) -> impl Iterator<Item = &PlaceCarrier> {
    let own = [held.recipe, held.whole].into_iter().filter(|unit| !unit.is_encryption());
    own.filter_map(|unit| unit.place.as_ref()).map(|place| &place.carrier)
}

/// Whether a field travels in the query.
fn is_in_query(wire: &str, message: &Message<'_>) -> bool {
    let found = message.fields.iter().find(|(field, _)| field.name.wire == wire);
    found.map_or(message.query, |(_, carrier)| message.is_in_query(*carrier))
}

/// Every value in the templates of a recipe, its filters, and where it is written.
pub(super) fn templates(held: Held<'_>) -> Vec<(&Operand, &[Filter], Span)> {
    let (recipe, model) = (held.recipe, held.model);
    let mut all = Vec::new();
    collect(&recipe.text, held.span(&model.text), &mut all);
    if let Some(list) = &recipe.list {
        for (name, pieces) in &list.add {
            let said = model.add.iter().flat_map(|all| all.iter()).find(|entry| entry.key.value == *name);
            collect(pieces, said.map_or(held.at, |entry| entry.value.span), &mut all);
        }
        let pairs = list.pair.iter().filter_map(|piece| match piece {
            PairPiece::Operand { from, filters } => Some((from, filters.as_slice(), held.span(&model.pair))),
            PairPiece::Literal(_) | PairPiece::Name(_) | PairPiece::Value(_) => None,
        });
        all.extend(pairs);
    }
    match &recipe.seal.key {
        Some(Key::Computed(pieces)) => collect(pieces, held.span(&model.key), &mut all),
        Some(Key::Credential { id: Some(pieces), .. }) => {
            collect(pieces, held.span(&model.key_id), &mut all);
        }
        Some(Key::Credential { id: None, .. }) | None => {}
    }
    if let Algorithm::Cipher { iv, aad, .. } = &recipe.seal.algorithm {
        collect(aad, held.span(&model.aad), &mut all);
        if let Some(Iv::Template(pieces)) = iv {
            collect(pieces, held.span(&model.iv), &mut all);
        }
    }
    if let Some(place) = &recipe.place {
        let said = model.place.as_ref().and_then(|place| place.template.as_ref());
        collect(&place.template, said.map_or(held.at, |text| text.span), &mut all);
    }
    if let Some(tolerance) = &recipe.tolerance {
        let said = model.tolerance.as_ref().and_then(|tolerance| tolerance.of.as_ref());
        collect(&tolerance.of, said.map_or(held.at, |text| text.span), &mut all);
    }
    all
}

fn collect<'p>(pieces: &'p [Piece], span: Span, all: &mut Vec<(&'p Operand, &'p [Filter], Span)>) {
    all.extend(super::covers::operands(pieces).map(|(from, filters)| (from, filters, span)));
}

/// Whether a filter can apply to what a field holds.
fn applies(filter: &Filter, kind: &Kind) -> bool {
    match filter {
        Filter::Decimals(_) => !matches!(
            kind,
            Kind::Url
                | Kind::Flag { .. }
                | Kind::Timestamp(TimeFormat::Pattern(_))
                | Kind::Date(_)
                | Kind::Duration { .. }
                | Kind::Json(_)
                | Kind::Base64Json(_)
                | Kind::Encrypted(_)
                | Kind::List { .. }
        ),
        Filter::Json { .. } => {
            matches!(kind, Kind::Text | Kind::Json(_) | Kind::Encrypted(_) | Kind::Fixed(_))
        }
        _ => true,
    }
}
