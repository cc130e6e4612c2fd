//! `payspec check`, run as a user runs it.

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

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the command in a folder, so that what it shows is the same on every machine.
fn payspec_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_payspec"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_remove("CLICOLOR_FORCE")
        .env_remove("NO_COLOR")
        .output()
        .expect("the command runs")
}

/// Runs the command where the files of mistakes are.
fn payspec(arguments: &[&str]) -> Output {
    payspec_in(&root().join("codegen/tests/mistakes"), arguments)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[test]
fn all_mistakes_of_all_files_are_shown_on_standard_error() {
    let output = payspec(&["check", "duplicate_key.yaml", "nothing_is_wrong.yaml", "weak_algorithm.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "diagnostics do not disturb a pipe");
    insta::assert_snapshot!("check_text", text(&output.stderr));
}

#[test]
fn the_text_is_that_of_a_compile_error() {
    for name in ["duplicate_key", "several_mistakes_at_once", "an_alias", "two_names_are_one_in_rust"] {
        let expected = fs::read_to_string(root().join(format!("codegen/tests/mistakes/{name}.txt"))).unwrap();
        let said = text(&payspec(&["check", &format!("{name}.yaml")]).stderr);
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[test]
fn colours_are_put_around_the_text_only_where_they_are_wanted() {
    let run = |variable: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_payspec"))
            .args(["check", "duplicate_key.yaml"])
            .current_dir(root().join("codegen/tests/mistakes"))
            .env_remove("NO_COLOR")
            .env(variable, "1")
            .output()
            .unwrap();
        text(&output.stderr)
    };
    assert!(run("CLICOLOR_FORCE").starts_with("\u{1b}[1;31merror[PS003]\u{1b}[0m"));
    assert!(!run("NO_COLOR").contains('\u{1b}'));
}

#[test]
fn a_good_spec_is_clean() {
    let output = payspec(&["check", "nothing_is_wrong.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "1 spec checked: no errors, no warnings\n");
}

#[test]
fn warnings_can_be_denied_and_notes_cannot() {
    let exit = |arguments: &[&str]| payspec(arguments).status.code();
    assert_eq!(exit(&["check", "weak_algorithm.yaml"]), Some(0));
    assert_eq!(exit(&["check", "--deny-warnings", "weak_algorithm.yaml"]), Some(1));
    assert_eq!(exit(&["check", "--deny-warnings", "recipe_is_used_by_nothing.yaml"]), Some(0));
}

#[test]
fn the_same_file_is_checked_once_however_it_is_named() {
    let output =
        payspec(&["check", "duplicate_key.yaml", "./duplicate_key.yaml", "../mistakes/duplicate_key.yaml"]);
    let said = text(&output.stderr);
    assert_eq!(said.matches("error[PS003]").count(), 1);
    assert!(said.ends_with("1 spec checked: 1 error, no warnings\n"), "{said}");
}

#[test]
fn vectors_files_are_passed_over() {
    let folder = folder("vectors");
    for name in ["guanaitong.yaml", "guanaitong.vectors.yaml"] {
        fs::copy(root().join("specs").join(name), folder.join(name)).unwrap();
    }
    let output = payspec_in(&folder, &["check", "guanaitong.vectors.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        text(&output.stderr),
        "guanaitong.vectors.yaml: skipped: vectors, see `payspec test`\n\
         no specs checked: no errors, no warnings; 1 vectors file skipped\n"
    );
    let said = text(&payspec_in(&folder, &["check", "guanaitong.vectors.yaml", "guanaitong.yaml"]).stderr);
    assert!(said.contains("1 spec checked: no errors, "), "{said}");
    let nested = "payspec: 1\nprovider: { name: demo }\ndefaults:\n  vectors_of: x\n";
    fs::write(folder.join("spec.yaml"), nested).unwrap();
    assert_eq!(
        payspec_in(&folder, &["check", "spec.yaml"]).status.code(),
        Some(1),
        "no vectors: a key inside"
    );
}

#[test]
fn a_json_document_says_everything_that_the_text_says() {
    let output =
        payspec(&["check", "--format", "json", "duplicate_key.yaml", "weak_algorithm.yaml", "absent.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    let document = json(&output);
    insta::assert_snapshot!("check_json", serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn a_json_document_is_one_also_when_there_is_nothing_to_say() {
    let output = payspec(&["check", "--format", "json", "nothing_is_wrong.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    let document = json(&output);
    assert_eq!(document["diagnostics"], Value::Array(Vec::new()));
    assert_eq!(document["files"][0]["result"], "checked");
    assert_eq!(document["summary"]["errors"], 0);
}

#[test]
fn github_gets_annotations() {
    let arguments = [
        "check",
        "--format",
        "github",
        "duplicate_key.yaml",
        "weak_algorithm.yaml",
        "recipe_is_used_by_nothing.yaml",
    ];
    let output = payspec(&arguments);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!("check_github", text(&output.stdout));
    assert_eq!(text(&output.stderr), "3 specs checked: 1 error, 1 warning, 1 note\n");
}

#[test]
fn sources_are_listed_with_what_rests_on_inference() {
    let output = payspec_in(&root().join("specs"), &["check", "--sources", "guanaitong.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!("check_sources", text(&output.stdout));
}

#[test]
fn what_nobody_knows_is_listed_and_a_field_called_source_is_not() {
    let folder = folder("sources");
    let spec = fs::read_to_string(root().join("codegen/tests/mistakes/nothing_is_wrong.yaml")).unwrap();
    let spec = spec
        .replace("retries: { every: 1m, times: 5 }", "retries: unknown\n    source: unknown")
        .replace("success: { code: 0 }", "success: { source: inferred }")
        .replace("code: { integer: any, doc: \"Code.\" }", "source: { text: any, doc: \"Code.\" }");
    fs::write(folder.join("demo.yaml"), spec).unwrap();
    let output = payspec_in(&folder, &["check", "--sources", "demo.yaml"]);
    let said = text(&output.stdout);
    assert!(said.contains("Inferred, said by no document: no places\n"), "{said}");
    assert!(said.contains("Unknown: 2 places\n"), "{said}");
    assert!(said.contains("callbacks.paid.retries\n") && said.contains("  callbacks.paid\n"), "{said}");
}

#[test]
fn a_code_is_explained_however_it_is_written() {
    let full = payspec(&["check", "--explain", "PS006"]);
    assert_eq!(full.status.code(), Some(0));
    insta::assert_snapshot!("check_explain", text(&full.stdout));
    for written in ["ps006", "6", "PS6"] {
        assert_eq!(payspec(&["check", "--explain", written]).stdout, full.stdout, "{written}");
    }
    let accepted = text(&payspec(&["check", "--explain", "109"]).stdout);
    assert!(
        accepted.ends_with("It can be accepted: accepts: { PS109: \"why it is right here\" }\n"),
        "{accepted}"
    );
}

#[test]
fn an_unknown_code_is_answered_with_one_that_is_near() {
    let said = |code: &str| {
        let output = payspec(&["check", "--explain", code]);
        assert_eq!(output.status.code(), Some(2), "{code}");
        text(&output.stderr)
    };
    assert!(
        said("PX006").contains("did you mean `PS006` (a range that starts above its end)?"),
        "{}",
        said("PX006")
    );
    assert!(said("nonsense").contains("codes go from PS001 to PS"), "{}", said("nonsense"));
}

#[test]
fn nothing_to_check_is_a_wrong_call() {
    assert_eq!(payspec(&["check"]).status.code(), Some(2));
    assert_eq!(payspec(&["check", "--format", "yaml", "duplicate_key.yaml"]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let script = "\"$0\" check --format json *.yaml | head -n 1; exit ${PIPESTATUS[0]}";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_payspec")])
        .current_dir(root().join("codegen/tests/mistakes"))
        .output()
        .expect("bash");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("cannot be written"));
}
