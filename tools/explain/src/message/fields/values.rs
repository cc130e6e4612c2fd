//! Values of fields that were changed on the way: each mishap undone in each field alone, and in all of them.
//!
//! What happens to the signature is left to `signature`, and what happens inside the JSON of a value to `nested`.

use payspec_codegen::ir::Recipe;
use payspec_interpreter::{TrialField, TrialValue};

use super::{is_place, keep};
use crate::change::Change;
use crate::message::change;
use crate::message::value::{Mishap, mishaps};

pub(super) fn changes(fields: &[TrialField], recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    for mishap in mishaps() {
        undo(fields, recipes, mishap, all);
    }
}

/// One mishap.
fn undo(fields: &[TrialField], recipes: &[&Recipe], mishap: &Mishap, all: &mut Vec<Change<'_>>) {
    let mut whole = fields.to_vec();
    let mut count = 0;
    for (index, field) in fields.iter().enumerate() {
        let undone = undone(&field.value, mishap).filter(|_| !is_place(recipes, &field.name));
        let Some(undone) = undone else { continue };
        if let Some(slot) = whole.get_mut(index) {
            slot.value = undone.clone();
            count += 1;
        }
        let name = &field.name;
        all.push(change(
            mishap.rank,
            format!("message.field.{name}"),
            mishap.word,
            format!("`{name}` was changed on its way: {}", mishap.title),
            mishap.mend,
            move |message| message.set_value(index, undone.clone()),
        ));
    }
    if count > 1 {
        let title =
            format!("values were changed on their way: {}", mishap.title.replacen("its ", "their ", 1));
        all.push(change(
            mishap.rank + 1,
            "message.fields".to_owned(),
            mishap.word,
            title,
            mishap.mend,
            keep(whole),
        ));
    }
}

/// The value before, if it was another one.
fn undone(value: &TrialValue, mishap: &Mishap) -> Option<TrialValue> {
    let undone = match value {
        TrialValue::Null => return None,
        TrialValue::Text(text) => TrialValue::Text((mishap.undo)(text)?),
        TrialValue::Number(text) => TrialValue::Number((mishap.undo)(text)?),
        TrialValue::Flag(text) => TrialValue::Text((mishap.undo)(text)?),
        TrialValue::Json(_) => return None,
    };
    (undone != *value).then_some(undone)
}
