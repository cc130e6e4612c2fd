//! The JSON Schema: it is the one of the model, accepts every spec in the tree, and refuses what a schema can see.
//!
//! `PAYSPEC_BLESS=1` writes `specs/payspec.schema.json` anew; read the difference before it is committed.

#![cfg(feature = "schema")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use payspec_codegen::codes::Code;
use payspec_codegen::{compile, json_schema};
use serde_json::Value;

/// Mistakes of these kinds are mistakes of shape: a schema that misses one of them is of little use to an editor.
const SEEN: &[Code] = &[
    Code::UnknownKey,
    Code::NotAMap,
    Code::NotAList,
    Code::NotText,
    Code::UnknownSection,
    Code::MissingKey,
    Code::FieldWithTwoTypes,
    Code::FieldWithoutType,
    Code::UnknownValue,
];

/// Mistakes of those kinds that no schema can see, and why.
const UNSEEN: &[(&str, &str)] = &[
    ("a_flag_that_says_neither_word", "which words a flag knows, the spec itself says"),
    ("environment_without_hosts", "no environment has an address: a matter of the whole file"),
    ("nothing_between_the_items_of_a_list", "`join` may be empty in a recipe, and not in a field"),
    ("fresh_value_of_an_unknown_format", "a date pattern is free text"),
    ("list_of_no_field", "an empty list is a list"),
    ("names_with_nothing_between", "the empty text is text"),
    ("numbers_in_words", "`decimals(2)` is text with a grammar of its own"),
    ("padding_to_no_whole_block", "`pkcs7(20)` is text with a grammar of its own"),
    ("part_in_the_text_without_an_output", "a part needs an output only where it stands in a text"),
    ("place_in_a_parameter_without_a_name", "the empty text is text"),
    ("separator_of_a_list_is_empty", "the empty text is text"),
    ("star_alone", "a name is free text"),
    ("unknown_value_in_a_condition", "which values a field has, the spec itself says"),
];

fn tree() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

struct Schema {
    all: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn of_the_model() -> Self {
        let value: Value = serde_json::from_str(&json_schema().unwrap()).unwrap();
        let mut compiler = Compiler::new();
        compiler.add_resource("payspec.schema.json", value).unwrap();
        let mut all = Schemas::new();
        let index = compiler.compile("payspec.schema.json", &mut all).unwrap();
        Self { all, index }
    }

    fn refuses(&self, spec: &Value) -> Option<String> {
        self.all.validate(spec, self.index).err().map(|error| format!("{error:#}"))
    }
}

/// The YAML files below a folder, without vectors.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() && name != "target" {
            files.extend(yaml_files(&path));
        } else if name.ends_with(".yaml") && !name.ends_with(".vectors.yaml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// What an editor makes of a file; `None`: it is no YAML.
fn read(path: &Path) -> Option<Value> {
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).ok()
}

#[test]
fn the_file_is_the_schema_of_the_model() {
    let path = tree().join("specs/payspec.schema.json");
    let schema = json_schema().unwrap();
    if std::env::var_os("PAYSPEC_BLESS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == schema, "bless {}", path.display());
}

#[test]
fn every_spec_in_the_tree_is_accepted() {
    let schema = Schema::of_the_model();
    let mut specs = 0;
    for path in yaml_files(&tree()) {
        let text = fs::read_to_string(&path).unwrap();
        let is_a_spec = text.contains("\nprovider:") && text.contains("payspec: 1");
        if !is_a_spec || compile(&text, "spec.yaml").is_err() {
            continue;
        }
        specs += 1;
        let value = read(&path).expect("what the compiler accepts is YAML");
        if let Some(error) = schema.refuses(&value) {
            panic!("{}: {error}", path.display());
        }
    }
    println!("{specs} specs accepted");
    assert!(specs >= 20, "only {specs} specs were found");
}

#[test]
fn every_mistake_that_a_schema_can_see_is_refused() {
    let schema = Schema::of_the_model();
    let mut seen = BTreeMap::new();
    let mut missed = Vec::new();
    for path in yaml_files(&tree().join("codegen/tests/mistakes")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Err(report) = compile(&fs::read_to_string(&path).unwrap(), "spec.yaml") else { continue };
        let Some(code) =
            report.diagnostics().iter().map(|diagnostic| diagnostic.code).find(|code| SEEN.contains(code))
        else {
            continue;
        };
        let Some(value) = read(&path) else { continue };
        if UNSEEN.iter().any(|(unseen, _)| *unseen == name) {
            assert!(schema.refuses(&value).is_none(), "{name}: the schema sees it after all");
            continue;
        }
        if schema.refuses(&value).is_some() {
            *seen.entry(code.number()).or_insert(0) += 1;
        } else {
            missed.push(format!("{name} ({})", code.number()));
        }
    }
    assert!(missed.is_empty(), "the schema accepts {missed:?}");
    println!("refused, by code: {seen:?}");
    assert!(seen.values().sum::<i32>() >= 5, "only these were refused: {seen:?}");
}
