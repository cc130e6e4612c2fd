//! README.md shows this crate: its texts are those that are built and tested here.

use std::fs;

/// The first block of README.md that begins like this, without its fences.
fn block(opening: &str) -> String {
    let readme = fs::read_to_string("../../README.md").unwrap();
    let (_, rest) = readme.split_once(opening).unwrap_or_else(|| panic!("README.md has no block {opening}"));
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_spec_is_the_one_that_the_readme_shows() {
    assert_eq!(fs::read_to_string("demo_pay.yaml").unwrap(), block("```yaml\n"));
}

#[test]
fn the_rust_is_the_one_that_the_readme_shows() {
    let shown = block("```rust,ignore\n// src/lib.rs\n");
    let (line, test) = shown.split_once("\n\n// tests/snapshot.rs").unwrap();
    let (_, test) = test.split_once('\n').unwrap();
    let (ours, tests) =
        (fs::read_to_string("src/lib.rs").unwrap(), fs::read_to_string("tests/snapshot.rs").unwrap());
    assert!(ours.ends_with(&format!("\n\n{line}\n")), "{line}");
    assert!(tests.ends_with(&format!("\n\n{test}")), "{test}");
}

#[test]
fn a_mistake_is_shown_as_the_readme_shows_it() {
    let spec = fs::read_to_string("demo_pay.yaml").unwrap();
    let right = "{ text: 1..32, doc:";
    assert_eq!(spec.matches(right).count(), 1);
    let wrong = spec.replace(right, "{ text: 1..32, lenght: 5, doc:");
    let report = payspec_codegen::compile(&wrong, "demo_pay.yaml").unwrap_err();
    assert_eq!(
        report.to_string().trim_end(),
        block("```text\nerror[").trim_end().replacen("PS", "error[PS", 1)
    );
}

#[test]
fn the_spec_compiles_without_a_warning() {
    let spec = fs::read_to_string("demo_pay.yaml").unwrap();
    let compiled = payspec_codegen::compile(&spec, "demo_pay.yaml").unwrap();
    assert_eq!(compiled.warnings.to_string(), "");
}
