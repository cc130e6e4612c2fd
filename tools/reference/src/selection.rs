//! The list of a recipe in words: which values, what becomes of nothing, in which order, how an item is written.

use payspec_codegen::ir::{
    Empties, EmptyAction, Entry, List, Names, Nested, Order, Recipe, Repeated, Selection,
};

use crate::document::{Block, Item, Text};
use crate::notation;
use crate::recipe::{filter_notes, operand_notes};

/// The steps from the message to the joined list. `around` is the recipe that a part belongs to.
pub(crate) fn steps(list: &List, recipe: &Recipe, around: &Recipe) -> Vec<Item> {
    let mut steps = vec![Item::from(select(list))];
    steps.extend(left_out(list, recipe, around).map(Item::from));
    if list.trim {
        steps.push("Trim white space at both ends of names and values; a request sends them trimmed.".into());
    }
    steps.extend(case_of_names(list.names).map(Item::from));
    steps.extend(numbers(list).map(Item::from));
    steps.extend(nested(list.nested).map(Item::from));
    steps.push(also_empty(list).and_text(empties(&list.empties, is_named(&list.fields))).and(".").into());
    steps.extend(repeated(around.repeated).map(Item::from));
    steps.extend(added(list));
    steps.push(Text::plain("Order: ").and(order(list.order)).and(".").into());
    steps.push(written(list));
    steps
}

impl From<&str> for Item {
    fn from(words: &str) -> Self {
        Text::plain(words).into()
    }
}

fn select(list: &List) -> Text {
    match &list.fields {
        Selection::All => {
            "Take every parameter of query and form, or every member of the JSON object or XML root.".into()
        }
        Selection::Query => "Take every parameter of the query.".into(),
        Selection::Body => {
            "Take every parameter of the form, or every member of the JSON object; nothing of the query."
                .into()
        }
        Selection::Named(entries) => {
            Text::plain("Take ").and_text(Text::joined(entries.iter().map(entry), ", ", ", ")).and(".")
        }
        Selection::NamedIn { field, split, at_least, within } => {
            let text = Text::plain("Take the fields that ").and_code(field.dotted()).and(" names");
            let text = match split {
                Some(split) => text.and(", with ").and_code(split).and(" between two names"),
                None => text.and(", a JSON array of names"),
            };
            let text = match within {
                Some(within) => text.and("; they are paths below ").and_code(within.dotted()),
                None => text,
            };
            let text = text.and(".");
            if at_least.is_empty() {
                text
            } else {
                text.and(" These must be among them: ").and_text(Text::codes(at_least)).and(".")
            }
        }
        Selection::Headers(names) => Text::plain("Take the headers ").and_text(Text::codes(names)).and("."),
        Selection::MembersOf(path) => Text::plain("Take the members of ").and_code(path.dotted()).and("."),
    }
}

fn entry(entry: &Entry) -> Text {
    match entry {
        Entry::Name(name) => Text::code(name),
        Entry::Path(path) => Text::code(path.dotted()),
        Entry::Prefix(prefix) => Text::plain("every field whose name begins with ").and_code(prefix),
        Entry::Elements(name) => Text::plain("each element of ").and_code(name),
        Entry::Rows { rows, from, fields } => Text::plain("of each row of ")
            .and_code(rows.dotted())
            .and(format!(" (counted from {from}) "))
            .and_text(Text::codes(fields)),
    }
}

fn is_named(selection: &Selection) -> bool {
    matches!(selection, Selection::Named(_) | Selection::NamedIn { .. } | Selection::Headers(_))
}

/// What takes no part: the signature's own field, and what is excepted.
fn left_out(list: &List, recipe: &Recipe, around: &Recipe) -> Option<Text> {
    let own = [recipe, around].into_iter().filter_map(Recipe::place_field);
    let can_occur = |name: &&str| match list.fields.plain_names() {
        Some(names) => names.contains(name),
        None => !matches!(list.fields, Selection::Headers(_)),
    };
    let mut own: Vec<&str> = own.filter(can_occur).collect();
    own.dedup();
    let text = match (own.as_slice(), list.except.as_slice()) {
        ([], []) => return None,
        (own, []) => Text::plain("Leave out ").and_text(Text::codes(own)).and(": the signature itself"),
        ([], except) => Text::plain("Leave out ").and_text(Text::codes(except)),
        (own, except) => Text::plain("Leave out ")
            .and_text(Text::codes(except))
            .and(", and ")
            .and_text(Text::codes(own))
            .and(", the signature itself"),
    };
    Some(text.and("."))
}

fn case_of_names(names: Names) -> Option<Text> {
    match names {
        Names::AsIs => None,
        Names::Upper => Some("Write names in upper case.".into()),
        Names::Lower => Some("Write names in lower case.".into()),
    }
}

fn numbers(list: &List) -> Option<Text> {
    let decimals = notation::decimals_range(list.numbers?);
    Some(Text::plain(format!(
        "Write JSON numbers (not numeric text) with {decimals} decimals, half away from zero."
    )))
}

fn nested(nested: Nested) -> Option<Text> {
    Some(match nested {
        Nested::Refuse => return None,
        Nested::Raw => "Of objects and arrays take the JSON text as it stands on the wire.".into(),
        Nested::Leaves => {
            Text::plain("Of objects and arrays take each scalar inside, under its path such as ")
                .and_code("a.b.0")
                .and(".")
        }
        Nested::Drop => "Leave out objects and arrays.".into(),
        Nested::SameRule => {
            "Write an object by the same rule as the whole, and join the items of an array.".into()
        }
    })
}

fn repeated(repeated: Repeated) -> Option<Text> {
    match repeated {
        Repeated::Refuse => None,
        Repeated::Each => Some("A name that comes twice is two items.".into()),
        Repeated::Distinct => Some("A name that comes twice is two items, equal ones once.".into()),
    }
}

fn also_empty(list: &List) -> Text {
    if list.also_empty.is_empty() {
        return Text::default();
    }
    Text::plain("The texts ").and_text(Text::codes(&list.also_empty)).and(" count as empty as well. ")
}

/// What becomes of nothing, the cases of one fate together. The end of the sentence is left to the caller.
pub(crate) fn empties(empties: &Empties, can_be_absent: bool) -> Text {
    let mut cases =
        vec![("JSON null", &empties.json_null), ("empty", &empties.empty), ("blank", &empties.blank)];
    if can_be_absent {
        cases.insert(0, ("absent", &empties.absent));
    }
    let mut groups: Vec<(&EmptyAction, Vec<&str>)> = Vec::new();
    for (case, action) in cases {
        match groups.iter_mut().find(|(known, _)| *known == action) {
            Some((_, names)) => names.push(case),
            None => groups.push((action, vec![case])),
        }
    }
    let said = groups.into_iter().map(|(action, names)| {
        let names = Text::joined(names.into_iter().map(Text::plain), ", ", " or ");
        Text::plain("what is ").and_text(names).and(" is ").and_text(fate(action))
    });
    let mut said = Text::joined(said, "; ", "; ");
    if let Some(crate::document::Inline::Plain(words)) = said.0.first_mut() {
        *words = words.replacen("what", "What", 1);
    }
    said
}

fn fate(action: &EmptyAction) -> Text {
    match action {
        EmptyAction::Drop => Text::default().and_strong("left out"),
        EmptyAction::Keep => Text::default().and_strong("kept").and(" as it is"),
        EmptyAction::Refuse => Text::default().and_strong("an error"),
        EmptyAction::As(text) => Text::plain("written as ").and_code(text),
    }
}

fn added(list: &List) -> Option<Item> {
    let operands: Vec<_> = list.add.iter().flat_map(|(_, pieces)| notation::operands(pieces)).collect();
    if list.add.is_empty() {
        return None;
    }
    let items = list
        .add
        .iter()
        .map(|(name, pieces)| Text::code(name).and(" with the value ").and_code(notation::template(pieces)));
    let text = Text::plain("Add what is signed and never sent: ")
        .and_text(Text::joined(items, ", ", " and "))
        .and(".");
    let notes = operand_notes(&operands);
    Some(Item { text, blocks: if notes.is_empty() { Vec::new() } else { vec![Block::List(notes)] } })
}

fn order(order: Order) -> &'static str {
    match order {
        Order::ByName => "by name, byte by byte (ASCII order: digits, capitals, underscore, small letters)",
        Order::ByNameIgnoringCase => "by the names in lower case, equal ones by their bytes",
        Order::AsListed => "as listed above, what is added at the end",
        Order::AsOnTheWire => "as in the message, what is added at the end",
        Order::ByValue => "by value, byte by byte; equal ones keep their order",
        Order::ByNameThenValue => "by name, equal names by value",
        Order::ByItem => "by what the next step writes, byte by byte",
        Order::ByItemIgnoringCase => "by what the next step writes, in lower case, equal ones by their bytes",
    }
}

fn written(list: &List) -> Item {
    let text = Text::plain("Write each as ").and_code(notation::pair(&list.pair));
    let text = if list.join.is_empty() {
        text.and(
            ", one directly behind the other. Values are taken decoded, as they are before percent-encoding.",
        )
    } else {
        text.and(" and join them with ")
            .and_code(&list.join)
            .and(". Values are taken decoded, as they are before percent-encoding.")
    };
    let mut known = operand_notes(&notation::pair_operands(&list.pair));
    known.extend(filter_notes(&notation::filters_in(&[], &list.pair)));
    Item { text, blocks: if known.is_empty() { Vec::new() } else { vec![Block::List(known)] } }
}
