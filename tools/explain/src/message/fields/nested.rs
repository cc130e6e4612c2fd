//! JSON inside the values of fields: written again in another style, or one of its values changed.
//!
//! A field whose value is a document of its own is parsed by applications more often than others, and what they write
//! back has other blanks, another order or other numbers. Leaves are changed one at a time, up to a bound.

use payspec_interpreter::{TrialField, TrialMessage, TrialValue};

use crate::change::Change;
use crate::message::change;
use crate::message::json::{self, Json, Members, Space, Style};
use crate::message::value::{Mishap, mishaps};
use crate::rank;

/// More leaves than this are not looked at one by one.
const MAX_LEAVES: usize = 60;

/// How JSON is written of which one leaf was changed.
const PLAIN: Style = Style {
    space: Space::None,
    beyond: json::Beyond::AsIs,
    members: Members::AsTheyCame,
    slashes: false,
    html: false,
};

pub(super) fn changes(fields: &[TrialField], all: &mut Vec<Change<'_>>) {
    for (index, field) in fields.iter().enumerate() {
        if let Some(json) = json::parse(field.value.text()) {
            let nested = Nested { index, field, json };
            nested.written_again(all);
            nested.with_other_leaves(all);
        }
    }
}

/// A field with JSON in its value.
struct Nested<'f> {
    index: usize,
    field: &'f TrialField,
    json: Json,
}

impl Nested<'_> {
    /// Puts another text of the JSON in its place.
    fn put(&self, written: String) -> impl Fn(&mut TrialMessage) + use<> {
        let index = self.index;
        let value = match self.field.value {
            TrialValue::Text(_) => TrialValue::Text(written),
            _ => TrialValue::Json(written),
        };
        move |message| message.set_value(index, value.clone())
    }

    fn written_again(&self, all: &mut Vec<Change<'_>>) {
        let name = &self.field.name;
        for style in Style::all() {
            let written = json::write(&self.json, style);
            if written == self.field.value.text() {
                continue;
            }
            all.push(change(
                rank::RESERIALISED,
                format!("message.field.{name}"),
                style.described(),
                format!("the JSON of `{name}` was written again; it was signed {}", style.described()),
                "take its text as it came, and never write it again from a parsed value",
                self.put(written),
            ));
        }
    }

    fn with_other_leaves(&self, all: &mut Vec<Change<'_>>) {
        let name = &self.field.name;
        let changed = mishaps()
            .flat_map(|mishap| leaves_changed(&self.json, mishap).into_iter().map(move |own| (mishap, own)));
        for (mishap, (json, path)) in changed.take(MAX_LEAVES * 20) {
            all.push(change(
                mishap.rank + 5,
                format!("message.field.{name}.{path}"),
                mishap.word,
                format!("`{name}.{path}` was changed on its way: {}", mishap.title),
                mishap.mend,
                self.put(json::write(&json, PLAIN)),
            ));
        }
    }
}

/// The value with one of its leaves changed, and the path of that.
fn leaves_changed(json: &Json, mishap: &Mishap) -> Vec<(Json, String)> {
    match json {
        Json::Word(own) => {
            let is_number = own.starts_with(|first: char| first == '-' || first.is_ascii_digit());
            let changed = if is_number { (mishap.undo)(own) } else { None };
            let is_word = |text: &String| text != own && text.parse::<f64>().is_ok();
            changed.filter(is_word).map(|text| (Json::Word(text), String::new())).into_iter().collect()
        }
        Json::Text(own) => {
            let changed = (mishap.undo)(own).filter(|text| text != own);
            changed.map(|text| (Json::Text(text), String::new())).into_iter().collect()
        }
        Json::List(items) => {
            let mut all = Vec::new();
            for (index, item) in items.iter().enumerate().take(MAX_LEAVES) {
                for (changed, path) in leaves_changed(item, mishap) {
                    let mut items = items.clone();
                    if let Some(slot) = items.get_mut(index) {
                        *slot = changed;
                    }
                    all.push((Json::List(items), joined(&index.to_string(), &path)));
                }
            }
            all
        }
        Json::Object(members) => {
            let mut all = Vec::new();
            for (index, (name, member)) in members.iter().enumerate().take(MAX_LEAVES) {
                for (changed, path) in leaves_changed(member, mishap) {
                    let mut members = members.clone();
                    if let Some((_, slot)) = members.get_mut(index) {
                        *slot = changed;
                    }
                    all.push((Json::Object(members), joined(name, &path)));
                }
            }
            all
        }
    }
}

fn joined(first: &str, rest: &str) -> String {
    if rest.is_empty() { first.to_owned() } else { format!("{first}.{rest}") }
}
