//! Values that a vector leaves out because they do not matter for it.
//!
//! A vector of an answer says only what the answer repeats; a request wants all its required members. What is missing
//! gets a value of its kind that nothing compares.

use payspec_codegen::ir::{
    AmountUnit, Field, Item, JsonOf, Kind, Operation, Origin, Provider, Shape, TypeId,
};
use payspec_interpreter::{Map, Value};

/// The inputs, and any value for each required one that is missing.
#[must_use]
pub fn complete(provider: &Provider, operation: &Operation, inputs: &Map<Value>) -> Map<Value> {
    let mut all = inputs.clone();
    let callers = operation.request.iter().filter(|sent| sent.origin == Origin::Caller);
    for sent in callers.filter(|sent| is_given(&sent.field) && sent.field.required) {
        let name = &sent.field.name.wire;
        if !all.contains(name) {
            all.insert(name, any(provider, &sent.field));
        }
    }
    all
}

/// Whether somebody gives it a value.
fn is_given(field: &Field) -> bool {
    !matches!(field.kind, Kind::Fixed(_) | Kind::Signature)
}

fn any(provider: &Provider, field: &Field) -> Value {
    let text = match &field.kind {
        Kind::Url => "https://shop.example.com/any",
        Kind::Integer { .. } | Kind::Decimal { .. } => "1",
        Kind::Amount { unit: AmountUnit::Yuan, .. } => "1.00",
        Kind::Amount { unit: AmountUnit::Fen, .. } => "1",
        Kind::Flag { .. } => "true",
        Kind::Timestamp(_) => "0",
        Kind::Date(_) => "2022-05-25",
        Kind::Duration { units } => return Value::from(format!("1{}", units.first().unwrap_or(&'d'))),
        Kind::Object(id) => return object(provider, *id),
        Kind::List { of, .. } => {
            return Value::List(vec![match of {
                Item::Text => Value::from("any"),
                Item::Url => Value::from("https://shop.example.com/any"),
                Item::Object(id) => object(provider, *id),
            }]);
        }
        Kind::Json(JsonOf::Object(id)) | Kind::Base64Json(JsonOf::Object(id)) => {
            return object(provider, *id);
        }
        Kind::Rows { of, .. } => return Value::List(vec![object(provider, *of)]),
        Kind::Json(JsonOf::Any) | Kind::Base64Json(JsonOf::Any) => "{}",
        _ => "any",
    };
    Value::from(text)
}

fn object(provider: &Provider, id: TypeId) -> Value {
    let Shape::Object { fields, .. } = &provider[id].shape else { return Value::from("any") };
    let required = fields.iter().filter(|field| field.required && is_given(field));
    Value::Object(required.map(|field| (field.name.wire.clone(), any(provider, field))).collect())
}
