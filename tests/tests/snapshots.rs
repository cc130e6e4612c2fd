//! The generated code of the shipped specs, one snapshot for each item, named `<provider>__<item>`.
//!
//! A snapshot changes when the emitter or a spec does; whoever changes one reads the difference as a colleague's code
//! and accepts it with `cargo insta review`. `tests/formatted` compiles these very texts. The rules that hold for
//! whatever is emitted (lengths, no panics, unique names) are in `codegen/tests/emit.rs`, for small specs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What nobody reads to its end.
const LONGEST: usize = 150;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every item of every shipped spec, as `<provider>__<item>` and text.
fn items() -> Vec<(String, String)> {
    let folder = root().join("specs");
    let is_spec = |name: &String| name.ends_with(".yaml") && !name.ends_with(".vectors.yaml");
    let specs: Vec<String> = names_in(&folder).into_iter().filter(is_spec).collect();
    assert!(specs.len() >= 3, "{specs:?}");
    specs
        .iter()
        .flat_map(|spec| {
            let provider = spec.strip_suffix(".yaml").unwrap();
            let items = payspec_codegen::snapshot(folder.join(spec)).unwrap();
            items.into_iter().map(move |(item, text)| (format!("{provider}__{item}"), text))
        })
        .collect()
}

#[test]
fn the_generated_code_is_reviewed() {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        for (name, text) in items() {
            insta::assert_snapshot!(name, text);
        }
    });
}

#[test]
fn no_snapshot_outlives_its_item() {
    let snapshots = names_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots"));
    let expected: BTreeSet<String> = items().into_iter().map(|(name, _)| format!("{name}.snap")).collect();
    // Other tests of this crate keep theirs in the same folder, named after the test.
    let tests = names_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let is_of_a_test = |file: &str| {
        let test = file.split("__").next().unwrap_or_default();
        tests.iter().any(|name| name.strip_suffix(".rs").unwrap_or(name) == test)
    };
    // A pending one (`.snap.new`) is an orphan too: nobody has reviewed it.
    let orphans: Vec<&String> =
        snapshots.iter().filter(|file| !expected.contains(*file) && !is_of_a_test(file)).collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn items_are_short_enough_to_be_reviewed() {
    // A table of codes is as long as the provider's, a row for each.
    let is_table = |name: &str| name.ends_with("__codes");
    let long: Vec<(String, usize)> = items()
        .into_iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(name, lines)| *lines > LONGEST && !is_table(name))
        .collect();
    assert_eq!(long, []);
}

#[test]
fn no_item_names_a_place_on_this_machine() {
    let here = root().canonicalize().unwrap();
    let home = std::env::var("HOME").unwrap_or_default();
    let places =
        [here.to_str().unwrap(), env!("CARGO_MANIFEST_DIR"), home.as_str(), "include_bytes", ".yaml"];
    let found: Vec<(String, &str)> = items()
        .into_iter()
        .flat_map(|(name, text)| {
            let places = places.iter().filter(|place| place.len() > 1 && text.contains(**place));
            places.map(|place| (name.clone(), *place)).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(found, []);
}
