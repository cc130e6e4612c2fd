//! The table in the guide is the one that is tested.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, path::Path};

use payspec_recipes::{page, truth_folder};

#[test]
fn the_guide_shows_the_truth_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md");
    let guide = fs::read_to_string(&file).expect("the guide");
    let wanted = page::with_table(&guide, &truth_folder());
    if std::env::var_os("PAYSPEC_BLESS").is_some() {
        fs::write(&file, &wanted).expect("the guide is writable");
    }
    let same = guide == wanted || std::env::var_os("PAYSPEC_BLESS").is_some();
    assert!(same, "the table of docs/language.md is another one; PAYSPEC_BLESS=1 writes it");
}
