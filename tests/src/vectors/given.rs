//! Values that a vector leaves out because they do not matter for it.
//!
//! A vector of an answer says only what the answer repeats; a typed request wants all its members. What is missing
//! gets a value of its kind that nothing compares.

use std::collections::BTreeMap;

use payspec_codegen::ir::{AmountUnit, Field, Item, JsonOf, Kind, Operation, Provider, Shape, TypeId};
use payspec_interpreter::{Map, Settings, Value};

use super::is_callers;

/// The inputs, and any value for each required one that is missing.
///
/// # Panics
/// The spec has no such operation.
#[must_use]
pub fn complete(provider: &Provider, operation: &Operation, inputs: &Map<Value>) -> Map<Value> {
    let mut all = inputs.clone();
    for sent in operation.request.iter().filter(|sent| is_callers(sent) && sent.field.required) {
        let name = &sent.field.name.wire;
        if !all.contains(name) {
            all.insert(name, any(provider, &sent.field));
        }
    }
    all
}

/// The same settings with an address for each host: this one, or a made-up one.
#[must_use]
pub fn with_hosts(
    provider: &Provider,
    mut settings: Settings,
    mut hosts: BTreeMap<String, String>,
) -> Settings {
    for host in &provider.hosts {
        let made_up = || format!("https://{}.example.com", host.wire.replace('_', "-"));
        settings.hosts.insert(&host.wire, hosts.remove(&host.wire).unwrap_or_else(made_up));
    }
    assert!(hosts.is_empty(), "the spec does not have the hosts {hosts:?}");
    settings
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
        Kind::Duration { units } => return Value::from(format!("1{}", units.first().expect("a unit"))),
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
    let required = fields.iter().filter(|field| field.required && super::is_member(field));
    Value::Object(required.map(|field| (field.name.wire.clone(), any(provider, field))).collect())
}
