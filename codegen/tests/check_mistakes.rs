//! Every mistake has a file in `mistakes/`, named after it, and beside it exactly what the compiler says about it.
//!
//! `PAYSPEC_BLESS=1` writes the expected texts anew; read each of them before it is committed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use payspec_codegen::codes::Code;
use payspec_codegen::{Report, compile};

/// Codes that no spec can provoke through `compile`, and why.
const WITHOUT_A_FILE: &[(&str, &str)] = &[
    // Found when a vectors file is run, by the tools.
    ("VectorBreaksARule", "vectors"),
    ("VectorReproduces", "vectors"),
    // Files that no person would write; tested with the reader.
    ("TooLarge", "reader"),
    ("TooDeep", "reader"),
    // About keys that are refused as not yet supported.
    ("BadPattern", "not yet: `pattern`"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

fn mistakes() -> Vec<(String, Report)> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    names.sort();
    let report = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = fs::read_to_string(&path).unwrap();
        let report = match compile(&source, &format!("{name}.yaml")) {
            Ok(compiled) => compiled.warnings,
            Err(report) => report,
        };
        (name, report)
    };
    names.into_iter().map(report).collect()
}

#[test]
fn every_mistake_is_told_in_exactly_these_words() {
    let bless = std::env::var_os("PAYSPEC_BLESS").is_some();
    let mut differing = Vec::new();
    for (name, report) in mistakes() {
        let path = folder().join(format!("{name}.txt"));
        let told = report.to_string();
        if bless {
            fs::write(&path, &told).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(told.as_str()) {
            differing.push(format!("{name}:\n{told}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn a_file_has_its_one_mistake_and_no_other() {
    let several = [
        "several_mistakes_at_once",
        "nothing_is_wrong",
        "accepted_at_the_thing",
        "accepted_where_it_is_inherited",
    ];
    for (name, report) in mistakes() {
        let codes: BTreeSet<&str> = report.diagnostics().iter().map(|found| found.code.number()).collect();
        // A note that comes with the mistake is no second mistake.
        let codes: Vec<&&str> = codes.iter().filter(|code| !matches!(**code, "PS113" | "PS114")).collect();
        let notes = !report.diagnostics().is_empty();
        assert!(
            several.contains(&name.as_str()) || codes.len() == 1 || (codes.is_empty() && notes),
            "{name}: {codes:?}\n{report}"
        );
    }
}

#[test]
fn a_spec_without_mistakes_is_told_nothing() {
    let right = ["nothing_is_wrong", "accepted_at_the_thing", "accepted_where_it_is_inherited"];
    let told: Vec<_> = mistakes().into_iter().filter(|(name, _)| right.contains(&name.as_str())).collect();
    assert_eq!(told.len(), right.len());
    for (name, report) in told {
        assert!(report.diagnostics().is_empty(), "{name}: {report}");
    }
}

#[test]
fn every_code_has_a_file_or_a_reason_to_have_none() {
    let found: BTreeSet<Code> = mistakes()
        .iter()
        .flat_map(|(_, report)| report.diagnostics().iter().map(|found| found.code))
        .collect();
    for code in Code::ALL {
        let name = format!("{code:?}");
        let excused = WITHOUT_A_FILE.iter().any(|(excused, _)| *excused == name);
        assert!(
            found.contains(code) != excused,
            "{code} {name}: found {}, excused {excused}",
            found.contains(code)
        );
    }
}

#[test]
fn no_expected_text_is_left_over() {
    let names: BTreeSet<String> = mistakes().into_iter().map(|(name, _)| name).collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(names.contains(&name), "{} belongs to no mistake", path.display());
    }
}
