//! Which fields a callback has to declare for a recipe: the ones that the recipe names.
//!
//! The truth table says what comes in and not what is declared. Most recipes take everything that comes, and declare
//! nothing; the others name fields in a list, in templates and in places.

use serde_yaml::{Mapping, Value};

use crate::{
    spec::{self, Case},
    truth::{DeclareAs, File, Row},
};

/// The case of a row.
#[must_use]
pub fn case(file: &File, row: &Row) -> Case {
    let recipe = row.recipe(&file.base);
    let mut fields: Vec<(String, String)> = Vec::new();
    for (name, declaration) in &row.declare {
        let name = name.as_str().expect("names are text").to_owned();
        let number = fields.len();
        let mut declaration = spec::flow(declaration);
        declaration = declaration.trim_start_matches('{').trim_end_matches('}').trim().to_owned();
        fields.push(spec::field(&name, number, &declaration));
    }
    let each = recipe.get("each").and_then(Value::as_str);
    let is_declared = |path: &str| {
        let first = path.split('.').next();
        fields.iter().any(|(own, _)| Some(own.trim_end_matches('?')) == first)
    };
    let each = each.filter(|path| !is_declared(path));
    let around = each.map(|_| std::mem::take(&mut fields));
    let is_json = row.message.json.is_some();
    for (name, kind) in named(&recipe) {
        if fields.iter().any(|(own, _)| own.trim_end_matches('?') == name) {
            continue;
        }
        let optional = if file.declare_as == DeclareAs::Optional { "?" } else { "" };
        let declaration = match kind {
            Named::Value => "text: any",
            Named::Object if is_json => "raw: json",
            Named::Object => "json: any",
            Named::Signature => "signature: any",
        };
        let optional = if kind == Named::Signature { "" } else { optional };
        fields.push(spec::field(&format!("{name}{optional}"), fields.len(), declaration));
    }
    if fields.is_empty() {
        fields.push(spec::field("never?", 0, "text: any"));
    }
    let mut types = Vec::new();
    if let (Some(each), Some(around)) = (each, around) {
        let (array, own) =
            spec::elements(each, &fields, (around.len(), if is_json { "type" } else { "json" }));
        fields = around.into_iter().chain(array).collect();
        types = own;
    }
    Case {
        types,
        encoding: row.encoding.clone(),
        recipe: spec::flow_map(&recipe),
        fields,
        receive: vec![receive(row)],
        others: Vec::new(),
        signature: "§".to_owned(),
    }
}

fn receive(row: &Row) -> &'static str {
    let message = &row.message;
    match () {
        () if message.json.is_some() => "POST json",
        () if message.xml.is_some() => "POST xml",
        () if message.multipart.is_some() => "POST multipart",
        () if message.method.as_deref() == Some("GET") => "GET query",
        () => "POST form",
    }
}

/// What a recipe takes a field for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Value,
    Object,
    Signature,
}

fn named(recipe: &Mapping) -> Vec<(String, Named)> {
    let mut named = Vec::new();
    for (key, value) in recipe {
        match (key.as_str().unwrap_or_default(), value) {
            ("fields", value) => in_list(value, &mut named),
            ("text" | "pair" | "key", Value::String(template)) => in_template(template, &mut named),
            ("add", Value::Mapping(added)) => {
                for template in added.values().filter_map(Value::as_str) {
                    in_template(template, &mut named);
                }
            }
            ("parts", Value::Mapping(parts)) => {
                for part in parts.values().filter_map(Value::as_mapping) {
                    for (name, kind) in self::named(part) {
                        add(&mut named, &name, kind);
                    }
                }
            }
            ("place", Value::Mapping(place)) => {
                if let Some(name) = place.get("field").and_then(Value::as_str) {
                    add(&mut named, name, Named::Signature);
                }
            }
            _ => {}
        }
    }
    named
}

fn in_list(fields: &Value, named: &mut Vec<(String, Named)>) {
    match fields {
        Value::Sequence(entries) => {
            for entry in entries {
                match entry {
                    Value::String(name) if name.ends_with('*') => {}
                    Value::String(name) if name.ends_with("[]") => {
                        add(named, name.trim_end_matches("[]"), Named::Object);
                    }
                    Value::String(path) => add_path(named, path),
                    Value::Mapping(rows) => {
                        let rows = rows.get("each").and_then(Value::as_str).expect("rows of a field");
                        add(named, rows, Named::Object);
                    }
                    _ => panic!("an entry of a list is a name or rows"),
                }
            }
        }
        Value::Mapping(choice) => {
            if let Some(path) = choice.get("members_of").and_then(Value::as_str) {
                add(named, path.split('.').next().unwrap_or_default(), Named::Object);
            }
            if let Some(Value::Sequence(names)) = choice.get("at_least") {
                names.iter().filter_map(Value::as_str).for_each(|name| add(named, name, Named::Value));
            }
        }
        _ => {}
    }
}

/// Names of fields in a template: placeholders without a kind.
fn in_template(template: &str, named: &mut Vec<(String, Named)>) {
    let template = template.replace("{{", "").replace("}}", "");
    for placeholder in template.split('{').skip(1) {
        let inner = placeholder.split(['}', '|']).next().unwrap_or_default();
        match inner.split_once(':') {
            Some(("field", name)) => add_path(named, name),
            Some(_) => {}
            None if ["fields", "names", "name", "value", "signature"].contains(&inner) => {}
            None => add_path(named, inner),
        }
    }
}

fn add_path(named: &mut Vec<(String, Named)>, path: &str) {
    match path.split_once('.') {
        Some((first, _)) => add(named, first, Named::Object),
        None => add(named, path, Named::Value),
    }
}

fn add(named: &mut Vec<(String, Named)>, name: &str, kind: Named) {
    match named.iter_mut().find(|(own, _)| own == name) {
        Some((_, own)) if kind == Named::Object => *own = kind,
        Some(_) => {}
        None => named.push((name.to_owned(), kind)),
    }
}
