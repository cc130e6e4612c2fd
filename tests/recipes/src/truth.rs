//! The truth table: `tests/truth/*.yaml`, read.
//!
//! A file has a subject, a `base` recipe, and rows. A row replaces keys of the base recipe (`null` takes one away), as
//! `like` does; it has a message as raw text, and what must come of the two: the signed text, or a refusal of some kind.
//! The expectations were worked out by hand from the description of the language, never by running this project.

use std::{fs, path::Path};

use serde::Deserialize;
use serde_yaml::{Mapping, Value};

/// A file of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its subject.
    pub truth: String,
    /// The recipe that rows change.
    pub base: Mapping,
    /// How fields that a recipe names are declared.
    #[serde(default)]
    pub declare_as: DeclareAs,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Whether fields may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclareAs {
    /// They may.
    #[default]
    Optional,
    /// They may not: templates want them so.
    Required,
}

/// A row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// A short sentence.
    pub name: String,
    /// Keys that replace those of the base recipe.
    pub recipe: Mapping,
    /// What comes in.
    pub message: Message,
    /// Fields whose declaration differs from what the recipe asks for: `name?` and a field of a spec.
    #[serde(default)]
    pub declare: Mapping,
    /// `defaults.encoding` of the spec.
    #[serde(default = "utf8")]
    pub encoding: String,
    /// Given values.
    #[serde(default)]
    pub given: Mapping,
    /// The signed text.
    pub text: Option<String>,
    /// Of a recipe with `each`: the signed text of each element, whose signatures are `{signature:0}` and so on.
    #[serde(default)]
    pub texts: Vec<String>,
    /// The signed text in hex, where it is no UTF-8.
    pub text_hex: Option<String>,
    /// How the message is refused; `compile PS087`: how the recipe is.
    pub refused: Option<String>,
    /// Why, where it is not obvious.
    pub why: Option<String>,
}

fn utf8() -> String {
    "UTF-8".to_owned()
}

/// A message as it comes in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Message {
    /// `POST` unless said.
    pub method: Option<String>,
    /// The public URL, with its query.
    pub url: Option<String>,
    /// The raw query.
    pub query: Option<Raw>,
    /// The body, a form.
    pub form: Option<Raw>,
    /// The body, JSON.
    pub json: Option<Raw>,
    /// The body, XML.
    pub xml: Option<Raw>,
    /// The body, parts of multipart/form-data: name and value.
    pub multipart: Option<Vec<(String, String)>>,
    /// Headers.
    pub headers: Mapping,
}

/// Text or bytes.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Raw {
    /// As it is.
    Text(String),
    /// In hex.
    Bytes {
        /// The digits.
        hex: String,
    },
}

impl Raw {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Bytes { hex } => from_hex(hex),
        }
    }
}

/// The bytes of hex digits.
///
/// # Panics
/// There are others.
#[must_use]
pub fn from_hex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks_exact(2);
    assert!(digits.remainder().is_empty(), "half a byte in {hex}");
    digits
        .map(|pair| {
            let pair = std::str::from_utf8(pair).expect("hex is ASCII");
            u8::from_str_radix(pair, 16).expect("hex digits")
        })
        .collect()
}

/// What must come of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The signed text.
    Text(Vec<u8>),
    /// The message is refused in this way.
    Refused(String),
    /// The recipe is refused with this code.
    Uncompiled(String),
}

impl Row {
    /// What must come of it.
    ///
    /// # Panics
    /// The row says nothing or too much.
    #[must_use]
    pub fn expected(&self) -> Expected {
        match (&self.text, &self.text_hex, &self.refused) {
            // What is composed last.
            (None, None, None) if !self.texts.is_empty() => {
                Expected::Text(self.texts.last().expect("one").clone().into_bytes())
            }
            (Some(text), None, None) => Expected::Text(text.clone().into_bytes()),
            (None, Some(hex), None) => Expected::Text(from_hex(hex)),
            (None, None, Some(refused)) => match refused.strip_prefix("compile ") {
                Some(code) => Expected::Uncompiled(code.to_owned()),
                None => Expected::Refused(refused.clone()),
            },
            _ => panic!("`{}` must have exactly one of text, texts, text_hex and refused", self.name),
        }
    }

    /// The recipe of the row: the base with the row's keys in place of its own.
    #[must_use]
    pub fn recipe(&self, base: &Mapping) -> Mapping {
        let mut recipe = base.clone();
        for (key, value) in &self.recipe {
            if *value == Value::Null {
                recipe.shift_remove(key);
            } else {
                recipe.insert(key.clone(), value.clone());
            }
        }
        recipe
    }
}

/// The files of the table, in the order of their names.
///
/// # Panics
/// One cannot be read.
#[must_use]
pub fn files(folder: &Path) -> Vec<File> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect()
}
