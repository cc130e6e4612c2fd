//! `payspec new`: every starter passes `check` as it stands, and nothing is overwritten.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SIGNATURES: [&str; 8] = ["md5", "sha1", "sha256", "sm3", "hmac-sha256", "rsa", "rsa-sha1", "sm2"];
const BODIES: [&str; 4] = ["form", "json", "xml", "query"];

/// An empty folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn payspec(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_payspec"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_combination_of_flags_passes_check_without_a_warning() {
    let folder = folder("combinations");
    let mut specs = Vec::new();
    for signature in SIGNATURES {
        for body in BODIES {
            for callback in [false, true] {
                let name = format!(
                    "{}_{body}_{}",
                    signature.replace('-', "_"),
                    if callback { "told" } else { "asked" }
                );
                let mut arguments = vec!["new", &name, "--signature", signature, "--body", body];
                arguments.extend(callback.then_some("--callback"));
                let output = payspec(&folder, &arguments);
                assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
                let spec = fs::read_to_string(folder.join(format!("{name}.yaml"))).unwrap();
                let compiled =
                    payspec_codegen::compile(&spec, &name).unwrap_or_else(|report| panic!("{report}"));
                assert_eq!(compiled.warnings.to_string(), "", "{name}");
                assert_eq!(compiled.provider.callbacks.len(), usize::from(callback), "{name}");
                specs.push(format!("{name}.yaml"));
            }
        }
    }
    let mut arguments = vec!["check", "--deny-warnings"];
    arguments.extend(specs.iter().map(String::as_str));
    let output = payspec(&folder, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "64 specs checked: no errors, no warnings\n");
}

#[test]
fn a_starter_teaches_each_section() {
    let folder = folder("teaches");
    let arguments = ["new", "lantern_pay", "--signature", "md5", "--body", "form", "--callback"];
    assert_eq!(payspec(&folder, &arguments).status.code(), Some(0));
    let spec = fs::read_to_string(folder.join("lantern_pay.yaml")).unwrap();
    for section in [
        "provider",
        "defaults",
        "environments",
        "credentials",
        "signatures",
        "envelopes",
        "errors",
        "types",
        "operations",
        "callbacks",
    ] {
        let at = spec.find(&format!("\n{section}:\n")).unwrap_or_else(|| panic!("{section} is missing"));
        let before = spec[..at].rsplit("\n\n").next().unwrap();
        assert!(
            before.lines().all(|line| line.starts_with("# ")) && !before.is_empty(),
            "{section}: {before}"
        );
        assert!(before.lines().count() <= 2, "one or two lines: {before}");
    }
    assert!(spec.lines().all(|line| line.chars().count() <= 140), "{spec}");
    insta::assert_snapshot!("starter_md5_form_callback", spec);
    let vectors = fs::read_to_string(folder.join("lantern_pay.vectors.yaml")).unwrap();
    insta::assert_snapshot!("starter_md5_vectors", vectors);
}

#[test]
fn a_starter_with_key_pairs_names_both_keys() {
    let folder = folder("key_pairs");
    let arguments = ["new", "lantern_pay", "--signature", "sm2", "--body", "xml", "--callback"];
    assert_eq!(payspec(&folder, &arguments).status.code(), Some(0));
    insta::assert_snapshot!(
        "starter_sm2_xml_callback",
        fs::read_to_string(folder.join("lantern_pay.yaml")).unwrap()
    );
    insta::assert_snapshot!(
        "starter_sm2_vectors",
        fs::read_to_string(folder.join("lantern_pay.vectors.yaml")).unwrap()
    );
}

#[test]
fn vectors_lie_beside_the_spec_and_are_passed_over_by_check() {
    let folder = folder("beside");
    fs::create_dir(folder.join("specs")).unwrap();
    let output = payspec(&folder, &["new", "demo", "--out", "specs/other.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(files(&folder.join("specs")), ["other.vectors.yaml", "other.yaml"]);
    assert!(text(&output.stderr).starts_with("written: specs/other.yaml, specs/other.vectors.yaml\n"));
    assert!(output.stdout.is_empty());
    let output = payspec(&folder, &["check", "specs/other.vectors.yaml", "specs/other.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn nothing_is_overwritten() {
    for taken in ["demo.yaml", "demo.vectors.yaml"] {
        let folder = folder(&format!("taken_{taken}"));
        fs::write(folder.join(taken), "mine").unwrap();
        let output = payspec(&folder, &["new", "demo"]);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains(&format!("{taken} exists already, and nothing is overwritten")), "{said}");
        assert_eq!(files(&folder), [taken], "no second file either");
        assert_eq!(fs::read_to_string(folder.join(taken)).unwrap(), "mine");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_followed() {
    let folder = folder("link");
    std::os::unix::fs::symlink(folder.join("elsewhere.yaml"), folder.join("demo.yaml")).unwrap();
    assert_eq!(payspec(&folder, &["new", "demo"]).status.code(), Some(2));
    assert_eq!(files(&folder), ["demo.yaml"]);
}

#[test]
fn a_folder_that_does_not_exist_is_named_and_leaves_nothing() {
    let folder = folder("absent");
    let output = payspec(&folder, &["new", "demo", "--out", "no/such/demo.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no/such/demo.yaml cannot be written"));
    assert!(files(&folder).is_empty());
}

#[test]
fn what_cannot_be_a_name_is_refused_with_the_reason() {
    let folder = folder("names");
    for (name, said) in [
        ("LanternPay", "snake_case"),
        ("lantern-pay", "snake_case"),
        ("2pay", "snake_case"),
        ("支付", "snake_case"),
        ("", "snake_case"),
        ("../escape", "snake_case"),
        ("self", "cannot be the name"),
    ] {
        let output = payspec(&folder, &["new", name, "--signature", "md5"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text(&output.stderr).contains(said), "{name}: {}", text(&output.stderr));
    }
    let output = payspec(&folder, &["new", "demo", "--out", "demo.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("a spec ends in `.yaml`"));
    assert!(files(&folder).is_empty());
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let folder = folder("silent");
    let output = payspec(&folder, &["new", "demo"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let spec = fs::read_to_string(folder.join("demo.yaml")).unwrap();
    assert!(spec.contains("algorithm: hmac-sha256") && spec.contains("body: form"));
}

#[test]
fn an_unknown_algorithm_is_answered_with_the_known_ones() {
    let output = payspec(&folder("unknown"), &["new", "demo", "--signature", "hmac-sha265"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("'hmac-sha256'"), "{}", text(&output.stderr));
}
