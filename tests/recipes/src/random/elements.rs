//! A recipe over each element of an array: what was drawn as a message becomes one of its elements.

use super::{drawing::Drawing, message::Drawn};
use crate::spec;

/// What only a message has, and an element has not.
const OF_A_MESSAGE: &[&str] = &["header", "query", "body", "message:", "trim"];

/// Puts the message into an array, beside another element of the same shape, if its recipe is about fields alone. Types
/// that the array needs; none if nothing was done.
pub(super) fn each(drawing: &mut Drawing) -> Vec<String> {
    let recipe = drawing.recipe();
    let is_about_fields = drawing.is_json()
        && drawing.message.query.is_empty()
        && drawing.message.headers.is_empty()
        && !OF_A_MESSAGE.iter().any(|word| recipe.contains(word));
    if !is_about_fields || drawing.dice.percent(40) {
        return Vec::new();
    }
    let path = drawing.word("each", &["items", "data.items"]);
    drawing.set("each", path);
    let own = Drawn::Object(std::mem::take(&mut drawing.message.body));
    // The marks stand in one of them alone.
    let other =
        drawing.spots.iter().fold(own.clone(), |other, spot| without(other, &spot.mark, &spot.changed));
    let both = if drawing.dice.percent(50) { vec![own, other] } else { vec![other, own] };
    let (fields, types) = spec::elements(path, &std::mem::take(&mut drawing.fields), (0, "type"));
    drawing.fields = fields;
    let items = Drawn::Array(both);
    let (name, value) = match path {
        "items" => ("items", items),
        _ => ("data", Drawn::Object(vec![("items".to_owned(), items)])),
    };
    drawing.message.body.push((name.to_owned(), value));
    types
}

fn without(value: Drawn, mark: &str, changed: &str) -> Drawn {
    match value {
        Drawn::Text(text) => Drawn::Text(text.replace(mark, changed)),
        Drawn::Number(number) => Drawn::Number(number.replace(mark, changed)),
        Drawn::Object(members) => Drawn::Object(
            members.into_iter().map(|(name, value)| (name, without(value, mark, changed))).collect(),
        ),
        Drawn::Array(items) => {
            Drawn::Array(items.into_iter().map(|item| without(item, mark, changed)).collect())
        }
        other @ (Drawn::Null | Drawn::Flag(_)) => other,
    }
}
