//! Specs around recipes: one callback for each case, and nothing else.
//!
//! A case is a recipe, the fields that a callback has to declare for it, and the shapes in which its messages come.
//! Rows and draws that have the same case share it, so that the compiler has less to do.

use std::fmt::Write;

use serde_yaml::{Mapping, Value};

/// A recipe with what a spec needs around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// `defaults.encoding`.
    pub encoding: String,
    /// The recipe, as YAML in braces.
    pub recipe: String,
    /// Fields of the callback: `name?` and its declaration, as YAML in braces.
    pub fields: Vec<(String, String)>,
    /// Types that the fields name, each as an entry of YAML; `§` is the recipe.
    pub types: Vec<String>,
    /// `POST form` and so on, each once.
    pub receive: Vec<&'static str>,
    /// Other recipes that it needs. In all of them `§` is the recipe, and `§0` the first of these.
    pub others: Vec<String>,
    /// What the message names: `§`, or several.
    pub signature: String,
}

/// The credentials of every spec here: public text, shared secrets in each form, keys. Values are in `settings`.
const CREDENTIALS: &str = r#"credentials:
  appid:    { text: any, doc: "Public." }
  name_cn:  { text: any, doc: "Public, not ASCII." }
  secret:   { secret: any, doc: "Text." }
  hexkey:   { secret: any, decode: hex, doc: "Four bytes." }
  b64key:   { secret: any, decode: base64, doc: "Two bytes." }
  key16:    { secret: any, decode: hex, doc: "16 bytes." }
  key24:    { secret: any, decode: hex, doc: "24 bytes." }
  key32:    { secret: any, decode: hex, doc: "32 bytes." }
  rsa:      { key: rsa_public, doc: "The provider's." }
  rsa_many: { key: rsa_public, many: by_id, doc: "The provider's, by id." }
  sm2:      { key: sm2_public, doc: "The provider's." }
"#;

/// A whole spec. Cases are numbered; they must agree in their encoding.
#[must_use]
pub fn text(name: &str, cases: &[&Case]) -> String {
    let encoding = cases.first().map_or("UTF-8", |case| case.encoding.as_str());
    let mut spec = format!(
        "payspec: 1\nprovider:\n  name: {name}\n  title: {name}\n  doc: \"Recipes of a test.\"\n\
         defaults:\n  encoding: {encoding}\n  zone: \"+08:00\"\n{CREDENTIALS}signatures:\n"
    );
    for (number, case) in cases.iter().enumerate() {
        let named = |recipe: &str| named(recipe, number);
        writeln!(spec, "  r{number}: {}", named(&case.recipe)).expect("a String can be written");
        for (other, recipe) in case.others.iter().enumerate() {
            writeln!(spec, "  r{number}_{other}: {}", named(recipe)).expect("a String can be written");
        }
    }
    if cases.iter().any(|case| !case.types.is_empty()) {
        spec.push_str("types:\n");
    }
    for (number, case) in cases.iter().enumerate() {
        for declared in &case.types {
            writeln!(spec, "  {}", named(declared, number)).expect("a String can be written");
        }
    }
    spec.push_str("callbacks:\n");
    for (number, case) in cases.iter().enumerate() {
        spec.push_str(&callback(number, case));
    }
    spec
}

fn named(recipe: &str, number: usize) -> String {
    (0..10)
        .fold(recipe.to_owned(), |recipe, other| {
            recipe.replace(&format!("§{other}"), &format!("r{number}_{other}"))
        })
        .replace('§', &format!("r{number}"))
}

fn callback(number: usize, case: &Case) -> String {
    let receive = case.receive.join(", ");
    let signature = named(&case.signature, number);
    let mut callback = format!(
        "  c{number}:\n    doc: \"A case.\"\n    deliver: notify\n    receive: [{receive}]\n    signature: {signature}\n    \
         fields:\n"
    );
    for (name, field) in &case.fields {
        let field = field.replace('§', &format!("r{number}"));
        writeln!(callback, "      {}: {field}", quoted(name)).expect("a String can be written");
    }
    callback.push_str(
        "    outcome: unknown\n    once_per: unknown\n    acknowledge: unknown\n    retries: unknown\n",
    );
    callback
}

/// A field: its declaration with a name in Rust and a doc.
#[must_use]
pub fn field(name: &str, number: usize, declaration: &str) -> (String, String) {
    (name.to_owned(), format!("{{ {declaration}, name: f{number}, doc: \"A field.\" }}"))
}

/// A type: an entry of YAML.
#[must_use]
pub fn declared(name: &str, fields: &[(String, String)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, field)| format!("{}: {field}", quoted(name))).collect();
    format!("{name}: {{ doc: \"A type.\", fields: {{ {} }} }}", fields.join(", "))
}

/// The array at this path of a recipe with `each`, its elements having these fields: fields of the message, and types.
/// `around` is the kind of the object that has the array: `type`, or `json` where it travels as text.
#[must_use]
pub fn elements(
    path: &str,
    fields: &[(String, String)],
    (first, around): (usize, &str),
) -> (Vec<(String, String)>, Vec<String>) {
    let mut types = vec![declared("Element§", fields)];
    let field = match path.split_once('.') {
        None => field(path, first, "list: Element§"),
        Some((outer, inner)) => {
            types.push(declared("Around§", &[field(inner, 0, "list: Element§")]));
            field(outer, first, &format!("{around}: Around§"))
        }
    };
    (vec![field], types)
}

/// A value in braces and quotes, as the reader of specs takes it.
#[must_use]
pub fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Mapping(map) => flow_map(map),
        Value::Tagged(tagged) => flow(&tagged.value),
    }
}

/// A map in braces.
#[must_use]
pub fn flow_map(map: &Mapping) -> String {
    let entries = map.iter().map(|(key, value)| format!("{}: {}", flow(key), flow(value)));
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

/// A double-quoted scalar; plain words stay plain.
#[must_use]
pub fn quoted(text: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !text.is_empty() && text.bytes().all(is_word) && text.as_bytes()[0].is_ascii_alphabetic() {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                write!(quoted, "\\x{:02X}", u32::from(control)).expect("a String can be written");
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
