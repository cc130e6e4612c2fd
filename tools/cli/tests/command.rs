//! The command, run as a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn payspec(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_payspec")).args(arguments).output().expect("the command runs")
}

fn shipped(name: &str) -> String {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let mut files: Vec<PathBuf> = fs::read_dir(specs).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension().is_some_and(|end| end == "yaml") && !path.to_string_lossy().contains(name)
    });
    files.sort();
    files.first().expect("a shipped spec").to_string_lossy().into_owned()
}

fn spec_with_a_mistake() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistake.yaml");
    fs::write(&path, "payspec: 1\nprovider: { name: demo, lenght: 3 }\n").unwrap();
    path
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_good_spec_is_clean() {
    let output = payspec(&["check", &shipped(".vectors.")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).ends_with("warnings\n"));
}

#[test]
fn warnings_can_be_denied() {
    let output = payspec(&["check", "--deny-warnings", &shipped(".vectors.")]);
    let is_warned = !text(&output.stderr).contains(" 0 warnings");
    assert_eq!(output.status.code(), Some(i32::from(is_warned)));
}

#[test]
fn a_mistake_is_shown_with_its_place_and_exit_code() {
    let file = spec_with_a_mistake();
    let output = payspec(&["check", &file.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("mistake.yaml:2:25"), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty(), "diagnostics do not disturb a pipe");
}

#[test]
fn a_missing_file_is_no_mistake_of_the_spec() {
    let output = payspec(&["check", "/does/not/exist.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot be read"));
}

#[test]
fn a_code_is_explained() {
    let output = payspec(&["check", "--explain", "ps006"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("PS006 (error): "), "{}", text(&output.stdout));
    assert_eq!(payspec(&["check", "--explain", "PS999"]).status.code(), Some(2));
}

#[test]
fn expansion_goes_to_standard_output_item_by_item() {
    let file = shipped(".vectors.");
    let names = text(&payspec(&["expand", &file, "--list"]).stdout);
    assert!(names.lines().any(|name| name == "client"), "{names}");
    let client = text(&payspec(&["expand", &file, "client"]).stdout);
    assert!(client.contains("pub struct Client"), "{client}");
    assert_eq!(payspec(&["expand", &file, "no_such_item"]).status.code(), Some(2));
}

#[test]
fn the_schema_is_printed_as_it_stands_in_the_tree() {
    let output = payspec(&["schema"]);
    assert_eq!(output.status.code(), Some(0));
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/payspec.schema.json");
    assert!(text(&output.stdout) == fs::read_to_string(published).unwrap());
}
