//! The truth table as a chapter of the guide: one line for each row.

use std::{fmt::Write, path::Path};

use serde_yaml::{Mapping, Value};

use crate::truth::{self, DeclareAs, File, Message, Raw, Row};

const BEGIN: &str = "<!-- truth table -->\n";
const END: &str = "<!-- end of the truth table -->";

/// The page with the table of this folder between its marks.
///
/// # Panics
/// The page has no marks.
#[must_use]
pub fn with_table(page: &str, folder: &Path) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("the guide has the mark where the table begins");
    let (_, behind) = rest.split_once(END).expect("the guide has the mark where the table ends");
    format!("{before}{BEGIN}{}{END}{behind}", table(folder))
}

fn table(folder: &Path) -> String {
    let files = truth::files(folder);
    let mut table = String::new();
    for file in &files {
        let subject = file.truth.replace('_', " ");
        let base = recipe(&file.base);
        let required = match file.declare_as {
            DeclareAs::Optional => "",
            DeclareAs::Required => " All fields are required.",
        };
        writeln!(table, "\n#### Truth about {subject}\n\nThe recipe of every row, unless it says otherwise: {base}.{required}\n")
            .expect("a String can be written");
        table.push_str(
            "| row | keys of the recipe | message | text, or how it is refused |\n|---|---|---|---|\n",
        );
        for row in &file.rows {
            writeln!(table, "{}", line(file, row)).expect("a String can be written");
        }
    }
    table.push('\n');
    table
}

fn line(_: &File, row: &Row) -> String {
    let why = row.why.as_ref().map(|why| format!(" ({})", prose(why))).unwrap_or_default();
    let expected = match (&row.text, &row.text_hex, &row.refused) {
        _ if row.refused.is_none() && !row.texts.is_empty() => {
            row.texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", then ")
        }
        (Some(text), ..) if text.is_empty() => "nothing".to_owned(),
        (Some(text), ..) => code(text),
        (_, Some(hex), _) => format!("bytes {}", code(&hex.to_uppercase())),
        (.., Some(refused)) => format!("refused: {}", prose(refused)),
        _ => String::new(),
    };
    let name = &row.name;
    format!("| {}{why} | {} | {} | {expected} |", prose(name), keys(row), message(&row.message))
}

/// What the row says beyond the base: keys of the recipe, encoding, declarations, given values.
fn keys(row: &Row) -> String {
    let mut keys = Vec::new();
    if row.encoding != "UTF-8" {
        keys.push(format!("message in {}", row.encoding));
    }
    if !row.recipe.is_empty() {
        keys.push(recipe(&row.recipe));
    }
    if !row.declare.is_empty() {
        keys.push(format!("field {}", recipe(&row.declare)));
    }
    if !row.given.is_empty() {
        keys.push(format!("given {}", recipe(&row.given)));
    }
    keys.join("; ")
}

fn recipe(map: &Mapping) -> String {
    let mut taken_away = Vec::new();
    let mut written = Vec::new();
    for (key, value) in map {
        let key = key.as_str().unwrap_or_default();
        match value {
            Value::Null => taken_away.push(key),
            value => written.push(code(&format!("{key}: {}", flow(value)))),
        }
    }
    if !taken_away.is_empty() {
        written.push(format!("without {}", taken_away.join(", ")));
    }
    written.join(", ")
}

fn flow(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => word(text),
        Value::Sequence(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Mapping(map) => {
            let entries = map.iter().map(|(key, value)| format!("{}: {}", flow(key), flow(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Tagged(_) => String::new(),
    }
}

/// Words as they are, everything else in quotes.
fn word(text: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "_-.() ".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) && text.trim() == text {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn message(message: &Message) -> String {
    let mut parts = Vec::new();
    if let Some(method) = &message.method {
        parts.push(method.clone());
    }
    if let Some(url) = &message.url {
        parts.push(format!("to {}", code(url)));
    }
    let bodies =
        [("query", &message.query), ("form", &message.form), ("JSON", &message.json), ("XML", &message.xml)];
    for (what, raw) in bodies {
        match raw {
            None => {}
            Some(Raw::Text(text)) if text.is_empty() => parts.push(format!("{what} empty")),
            Some(Raw::Text(text)) => parts.push(format!("{what} {}", code(text))),
            Some(Raw::Bytes { hex }) => parts.push(format!("{what} in bytes {}", code(&hex.to_uppercase()))),
        }
    }
    if let Some(multipart) = &message.multipart {
        let pairs = multipart.iter().map(|(name, value)| code(&format!("{name}: {value}")));
        parts.push(format!("parts {}", pairs.collect::<Vec<_>>().join(", ")));
    }
    for (name, value) in &message.headers {
        let (name, value) = (name.as_str().unwrap_or_default(), value.as_str().unwrap_or_default());
        parts.push(format!("header {}", code(&format!("{name}: {value}"))));
    }
    parts.join(", ")
}

fn prose(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// A code span for a cell of a table: what cannot be seen is escaped, a bar does not end the cell.
fn code(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '|' => shown.push_str("\\|"),
            '`' => shown.push_str("\\u{60}"),
            unseen if is_unseen(unseen) => {
                write!(shown, "\\u{{{:x}}}", u32::from(unseen)).expect("a String can be written");
            }
            seen => shown.push(seen),
        }
    }
    format!("`{shown}`")
}

fn is_unseen(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(character, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
}
