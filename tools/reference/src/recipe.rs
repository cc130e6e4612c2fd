//! A recipe as steps: fresh values, parts, select, order, text, seal, place; and what a verifier does with it.
//!
//! The words come from the IR alone, in the order in which signer and verifier work. The first three steps of a list
//! are in [`crate::selection`], the seal is in [`crate::seals`].

use payspec_codegen::ir::{
    Charset, EmptyAction, Encoding, Fresh, FreshFormat, Operand, Piece, PlaceCarrier, Recipe, Repeated,
    TimeFormat, WrittenTime,
};

use crate::book::Book;
use crate::document::{Block, Item, Text};
use crate::notation;
use crate::selection;

/// Which way messages with this recipe go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Direction {
    pub(crate) sent: bool,
    pub(crate) received: bool,
}

impl Book<'_> {
    /// All steps of a recipe.
    pub(crate) fn steps(&self, recipe: &Recipe, direction: Direction) -> Vec<Item> {
        let mut steps: Vec<Item> = Vec::new();
        steps.extend(recipe.each.as_ref().map(|each| {
            let text = Text::plain("Do what follows for each element of ").and_code(each.dotted());
            Item::from(text.and(" by itself: an element is the message, and nothing around it takes part."))
        }));
        steps.extend(given_step(recipe));
        steps.extend(recipe.fresh.iter().map(|fresh| self.fresh_step(fresh, direction).into()));
        steps.extend(recipe.parts.iter().map(|part| Item {
            text: Text::plain("Make the part ").and_code(&part.name.wire).and(" first:"),
            blocks: vec![Block::Steps(self.steps_of_text(part, recipe, direction))],
        }));
        steps.extend(self.steps_of_text(recipe, recipe, direction));
        steps.extend(self.checks(recipe, direction));
        steps
    }

    /// From the values to the place of the result.
    fn steps_of_text(&self, recipe: &Recipe, around: &Recipe, direction: Direction) -> Vec<Item> {
        let mut steps = Vec::new();
        if let Some(list) = &recipe.list {
            steps.extend(selection::steps(list, recipe, around));
        }
        steps.extend(self.text_step(recipe));
        steps.extend(transform_step(recipe));
        steps.push(self.charset_step(recipe));
        steps.push(self.seal_step(recipe, direction).into());
        steps.extend(place_step(recipe, direction).map(Item::from));
        steps
    }

    fn fresh_step(&self, fresh: &Fresh, direction: Direction) -> Text {
        let value = self.fresh_value(fresh);
        let name = Text::code(format!("{{fresh:{}}}", fresh.name.wire));
        let place = fresh.place.as_ref().map(|place| Text::plain(", in ").and_text(carrier(place)));
        let verb = if direction.sent { "Make " } else { "Read " };
        Text::plain(verb)
            .and_text(name)
            .and(": ")
            .and_text(value)
            .and_text(place.unwrap_or_default())
            .and(".")
    }

    fn fresh_value(&self, fresh: &Fresh) -> Text {
        let long = |unit: &str| fresh.length.map_or(String::new(), |length| format!("{length} {unit}"));
        match &fresh.format {
            FreshFormat::Time(time) => Text::plain("the present time as ").and_text(self.written_time(time)),
            FreshFormat::Alphanumeric => Text::plain(format!("{} at random", long("letters and digits"))),
            FreshFormat::Hex => Text::plain(format!("{} at random", long("lower-case hex digits"))),
            FreshFormat::Uuid => Text::plain("a random UUID with hyphens"),
            FreshFormat::Bytes => Text::plain(format!("{} at random", long("bytes"))),
        }
    }

    fn written_time(&self, time: &WrittenTime) -> Text {
        match time {
            WrittenTime::Field(TimeFormat::UnixSeconds) => "Unix seconds".into(),
            WrittenTime::Field(TimeFormat::UnixMillis) => "Unix milliseconds".into(),
            WrittenTime::Field(TimeFormat::Pattern(pattern)) => {
                Text::code(&pattern.text).and(format!(" at {}", self.zone()))
            }
            WrittenTime::HttpDate => {
                Text::plain("an HTTP date such as ").and_code("Sat, 03 Apr 2021 12:00:00 GMT")
            }
            WrittenTime::Iso8601 => Text::plain("ISO 8601 such as ").and_code("2021-04-03T12:00:00Z"),
        }
    }

    /// The text; what is nothing but the list needs no words.
    fn text_step(&self, recipe: &Recipe) -> Option<Item> {
        if recipe.text == [Piece::List] {
            return None;
        }
        let text = Text::plain("Write the text ").and_code(notation::template(&recipe.text)).and(".");
        let mut known: Vec<Item> = Vec::new();
        if recipe.list.is_some() && recipe.text.contains(&Piece::List) {
            known.push(Text::code("{fields}").and(" is the list of the steps before").into());
        }
        if recipe.text.contains(&Piece::ListNames) {
            known.push(Text::code("{names}").and(" is the names of the list, joined like it").into());
        }
        known.extend(operand_notes(&notation::operands(&recipe.text)));
        known.extend(filter_notes(&notation::filters_in(&recipe.text, &[])));
        known.extend(template_empties(recipe));
        Some(Item { text, blocks: notes(known) })
    }

    fn charset_step(&self, recipe: &Recipe) -> Item {
        match recipe.charset {
            Encoding::Fixed(charset) => {
                let refused = match charset {
                    Charset::Utf8 => "",
                    _ => " A character that it cannot write is an error, never a question mark.",
                };
                Text::plain(format!("Take the bytes of the text in {}.{refused}", charset_name(charset)))
                    .into()
            }
            Encoding::Chosen(id) => Text::plain("Take the bytes of the text in the charset that the option ")
                .and_code(&self.provider[id].field.name.wire)
                .and(" says.")
                .into(),
        }
    }

    /// What the receiver does beside composing the same text.
    fn checks(&self, recipe: &Recipe, direction: Direction) -> Vec<Item> {
        if !direction.received {
            return Vec::new();
        }
        let mut checks: Vec<Item> = Vec::new();
        checks.push(
            Text::plain(
                "To verify, do all this with the raw message that came in, decoded once, and compare in constant time. \
                 A signature that is missing, empty, malformed or different is refused",
            )
            .and(match recipe.repeated {
                Repeated::Refuse => ", and so is a name that comes twice.",
                Repeated::Each | Repeated::Distinct => ".",
            })
            .into(),
        );
        if !recipe.also_accept.is_empty() {
            let differs = recipe.also_accept.iter().map(|reading| Text::code(&reading.differs));
            checks.push(
                Text::plain(
                    "If it differs, it may also fit by a further reading, in which only this is different: ",
                )
                .and_text(Text::joined(differs, ", ", " or "))
                .and(".")
                .into(),
            );
        }
        if let Some(tolerance) = &recipe.tolerance {
            checks.push(
                Text::plain("Then look at ")
                    .and_code(notation::template(&tolerance.of))
                    .and(" (")
                    .and_text(self.written_time(&tolerance.format))
                    .and(format!(
                        "): refuse what is more than {} away from now.",
                        crate::values::seconds(tolerance.within)
                    ))
                    .into(),
            );
        }
        checks
    }
}

fn given_step(recipe: &Recipe) -> Option<Item> {
    if recipe.given.is_empty() {
        return None;
    }
    let names = recipe.given.iter().map(|given| {
        let name = Text::code(format!("{{given:{}}}", given.name.wire));
        if given.secret { name.and(" (a secret)") } else { name }
    });
    let names = Text::joined(names, ", ", " and ");
    Some(Text::plain("Have at hand what belongs to this message alone: ").and_text(names).and(".").into())
}

fn transform_step(recipe: &Recipe) -> Vec<Item> {
    let step = |filter| {
        Text::plain("Write the whole text ").and_text(notation::filter_words(filter)).and(".").into()
    };
    recipe.transform.iter().map(step).collect()
}

/// What a template makes of a field that is nothing.
fn template_empties(recipe: &Recipe) -> Option<Item> {
    let has_field =
        notation::operands(&recipe.text).iter().any(|operand| matches!(operand, Operand::Field(_)));
    let is_silent =
        recipe.empties.absent == EmptyAction::Refuse && recipe.empties.empty == EmptyAction::Refuse;
    if !has_field {
        return None;
    }
    Some(if is_silent {
        "a field that is absent or empty is an error here".into()
    } else {
        selection::empties(&recipe.empties, true).into()
    })
}

/// Notes below a step.
fn notes(known: Vec<Item>) -> Vec<Block> {
    if known.is_empty() { Vec::new() } else { vec![Block::List(known)] }
}

/// What the placeholders of a template stand for.
pub(crate) fn operand_notes(operands: &[&Operand]) -> Vec<Item> {
    let note = |operand: &&Operand| {
        let words = notation::operand_words(operand)?;
        let name = format!("{{{}}}", notation::operand(operand));
        Some(Text::code(name).and(" is ").and_text(words).into())
    };
    operands.iter().filter_map(note).collect()
}

/// What the filters of a template do.
pub(crate) fn filter_notes(filters: &[&payspec_codegen::ir::Filter]) -> Vec<Item> {
    let note = |filter: &&payspec_codegen::ir::Filter| {
        Text::code(format!("|{}", notation::filter(filter)))
            .and(": ")
            .and_text(notation::filter_words(filter))
            .into()
    };
    filters.iter().map(note).collect()
}

fn place_step(recipe: &Recipe, direction: Direction) -> Option<Text> {
    let place = recipe.place.as_ref()?;
    let verb = if direction.sent { "Put it into " } else { "It stands in " };
    let text = Text::plain(verb).and_text(carrier(&place.carrier));
    if place.template == [Piece::Signature] {
        return Some(text.and("."));
    }
    let text = text.and(", written as ").and_code(notation::template(&place.template)).and(".");
    Some(match &place.items {
        None => text,
        Some(separator) => text
            .and(" It is a list with ")
            .and_code(separator)
            .and(" between its pieces, which may come in any order; several with a signature are several candidates."),
    })
}

/// Where something travels.
pub(crate) fn carrier(carrier: &PlaceCarrier) -> Text {
    match carrier {
        PlaceCarrier::Field(path) => Text::plain("the field ").and_code(path.dotted()),
        PlaceCarrier::Header(name) => Text::plain("the header ").and_code(name),
        PlaceCarrier::Query(name) => {
            Text::plain("the parameter ").and_code(name).and(" at the end of the query")
        }
    }
}

pub(crate) fn charset_name(charset: Charset) -> &'static str {
    match charset {
        Charset::Utf8 => "UTF-8",
        Charset::Gbk => "GBK",
        Charset::Gb18030 => "GB 18030",
        Charset::Latin1 => "ISO 8859-1",
    }
}
