//! What the source of the compiler says about its own words: keys of the model, words of its enumerations.
//!
//! The model has no list of its keys to ask for, so its source is read. The house writes one member on a line.

use std::fs;

use super::root;

/// A struct or enumeration.
pub struct Item {
    /// Its name in Rust.
    pub name: String,
    /// Its members or variants as the YAML spells them, each with its doc comment.
    pub words: Vec<(String, String)>,
}

/// The structs and enumerations of some files of the repository.
pub fn items(files: &[&str]) -> Vec<Item> {
    files.iter().flat_map(|file| read(&fs::read_to_string(root().join(file)).expect(file))).collect()
}

/// The words of an item.
pub fn words_of(items: &[Item], name: &str) -> Vec<String> {
    let item =
        items.iter().find(|item| item.name == name).unwrap_or_else(|| panic!("no `{name}` in the source"));
    item.words.iter().map(|(word, _)| word.clone()).collect()
}

fn read(source: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let (mut renamed, mut doc) = (None, String::new());
    let mut is_inside = false;
    for line in source.lines() {
        let trimmed = line.trim();
        if let Some(name) = item_name(line) {
            items.push(Item { name, words: Vec::new() });
            (renamed, doc, is_inside) = (None, String::new(), true);
        } else if line == "}" {
            is_inside = false;
        } else if let Some(text) = trimmed.strip_prefix("/// ") {
            doc = text.to_owned();
        } else if let Some(rest) = trimmed.strip_prefix("#[serde(rename = \"") {
            renamed = rest.split('"').next().map(str::to_owned);
        } else if let (true, Some(word)) = (is_inside && line.starts_with("    "), member(trimmed)) {
            let word = renamed.take().unwrap_or(word);
            items.last_mut().expect("an item").words.push((word, std::mem::take(&mut doc)));
        }
    }
    items
}

fn item_name(line: &str) -> Option<String> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let rest = line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum "))?;
    rest.ends_with('{').then(|| rest.split([' ', '<', '{']).next().unwrap_or_default().to_owned())
}

/// `pub name: Type,` and `name: Type,` are members, `Name,` is a variant.
fn member(line: &str) -> Option<String> {
    let line = line.strip_suffix(',')?;
    match line.strip_prefix("pub ").unwrap_or(line).split_once(':') {
        Some((name, _)) => name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            .then(|| name.to_owned()),
        None => line.bytes().all(|b| b.is_ascii_alphanumeric()).then(|| snake(line)),
    }
}

/// `RsaPrivate` as `rsa_private`, `Sm2Private` as `sm2_private`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
