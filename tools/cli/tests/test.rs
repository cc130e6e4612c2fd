//! `payspec test`, run as a user runs it: what holds, what does not, and what is said about it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs, unreachable_pub)]

mod run;

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use self::run::{copy, folder, payspec, placeless};

const SPEC: &str = "specs/aggregate_pay.yaml";
const VECTORS: &str = "specs/aggregate_pay.vectors.yaml";

/// What is printed about changed vectors, with the exit code in front.
fn changed(name: &str, old: &str, new: &str) -> String {
    let folder = folder(name);
    let spec = copy(&folder, SPEC, |text| text.replacen(old, new, 1));
    let ran = payspec(&["test", &spec]);
    placeless(&format!("exit {}\n{}{}", ran.code, ran.out, ran.err), &folder)
}

#[test]
fn every_vector_that_holds_is_a_line_and_tells_what_is_not_signed() {
    let ran = payspec(&["test", SPEC]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_snapshot!("all_hold", ran.out);
}

#[test]
fn each_pair_is_run_once_however_it_is_named() {
    let once = payspec(&["test", SPEC]);
    for files in [
        vec![VECTORS],
        vec![SPEC, VECTORS],
        vec![VECTORS, SPEC, SPEC],
        vec!["./specs/../specs/aggregate_pay.yaml"],
    ] {
        let ran = payspec(&[&["test"], files.as_slice()].concat());
        assert_eq!(ran.code, 0, "{files:?}: {}", ran.err);
        assert_eq!(ran.out.lines().count(), once.out.lines().count(), "{files:?}");
    }
}

#[test]
fn one_vector_can_be_chosen_and_left_as_it_is() {
    let ran = payspec(&["test", SPEC, "--filter", "notify_printed", "--no-mutations"]);
    assert_eq!(ran.code, 0);
    assert_snapshot!("filtered", ran.out);
    let none = payspec(&["test", SPEC, "--filter", "nothing_of_this_name"]);
    assert_eq!(none.code, 2);
    assert_eq!(none.err, "error: no vector has `nothing_of_this_name` in its name\n");
}

#[test]
fn another_text_is_shown_beside_the_expected_one() {
    assert_snapshot!(
        "another_text",
        changed("another_text", "base: \"amount=10000&", "base: \"amount=10001&")
    );
}

#[test]
fn another_secret_is_not_shown_where_the_texts_differ_in_it() {
    let printed = changed(
        "another_secret",
        "secret=0123456789abcdef0123456789abcdef\"",
        "secret=hunter2hunter2hunter2\"",
    );
    assert!(!printed.contains("hunter2"), "{printed}");
    assert_snapshot!("another_secret", printed);
}

#[test]
fn another_signature_is_a_failure() {
    let printed =
        changed("another_signature", "213295f0d4e54ade3f9adb6fd57206ba", "213295f0d4e54ade3f9adb6fd57206bb");
    assert_snapshot!("another_signature", printed);
}

#[test]
fn a_received_message_that_does_not_fit_is_a_failure() {
    let folder = folder("another_notice");
    let spec = copy(&folder, SPEC, |text| text.replace("sign=", "sign=0"));
    let ran = payspec(&["test", &spec, "--filter", "notify_chinese_attach"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!("another_notice", placeless(&ran.out, &folder));
}

#[test]
fn inputs_that_the_operation_refuses_have_the_code_of_the_catalogue() {
    assert_snapshot!("broken_rule", changed("broken_rule", "amount: \"10000\"", "amount: \"ten\""));
}

#[test]
fn what_is_not_reproducible_is_told_apart_and_never_counted() {
    let ran = payspec(&["test", "specs/guanaitong.yaml", "--filter", "printed"]);
    assert_eq!(ran.code, 0);
    assert_snapshot!("unreproduced", ran.out);
}

#[test]
fn what_reproduces_all_of_a_sudden_is_a_failure_that_says_what_to_write() {
    let printed = changed("reproduces", "provenance: self_made", "provenance: unreproduced");
    assert!(printed.starts_with("exit 1\n"));
    assert_snapshot!("reproduces", printed);
}

#[test]
fn what_is_not_reproducible_must_fail_by_its_signature() {
    let folder = folder("fails_otherwise");
    let spec = copy(&folder, SPEC, |text| {
        text.replacen("provenance: self_made", "provenance: unreproduced", 1).replacen(
            "amount: \"10000\"",
            "amount: \"ten\"",
            1,
        )
    });
    let ran = payspec(&["test", &spec, "--filter", "unified_empties_dropped"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("PS042"), "{}", ran.out);
}

#[test]
fn every_mistake_of_a_vectors_file_is_shown_with_its_place_and_no_secret() {
    let folder = folder("mistakes");
    let spec = copy(&folder, SPEC, |text| {
        text.replacen("    operation: unified_order\n", "    operation: unified_oder\n", 1)
            .replacen("    credentials: made\n", "    credentials: mode\n", 1)
            .replacen("    base: \"", "    bse: \"", 1)
            .replacen("    operation: query_order\n    provenance: self_made\n", "    operation: query_order\n    callback: notify\n    provenance: self_made\n    now: tomorrow\n    options: { charset: UTF-8 }\n", 1)
            .replacen("printed_notify:  {", "printed_notify:  { extra: 1,", 1)
            .replacen("secret: c1277xxxxxxxxx", "secret: { file: missing.pem }", 1)
            .replacen("outcome: paid", "outcome: payed", 1)
    });
    let ran = payspec(&["test", &spec]);
    assert_eq!(ran.code, 1);
    assert!(!ran.err.contains("0123456789abcdef"), "{}", ran.err);
    assert_snapshot!("mistakes", placeless(&ran.err, &folder));
}

#[test]
fn a_file_that_is_no_yaml_shows_no_secret_either() {
    let folder = folder("torn");
    let spec = copy(&folder, SPEC, |text| {
        text.replacen(
            "made:            { appid: gpu10000000, secret: \"0123456789abcdef0123456789abcdef\" }",
            "made:            { appid: gpu10000000, secret:0123456789abcdef0123456789abcdef",
            1,
        )
    });
    let ran = payspec(&["test", &spec]);
    assert_eq!(ran.code, 1);
    assert!(!ran.err.contains("0123456789abcdef"), "{}", ran.err);
    assert_snapshot!("torn", placeless(&ran.err, &folder));
}

#[test]
fn a_spec_without_vectors_is_never_green() {
    let folder = folder("without_vectors");
    let spec = folder.join("alone.yaml");
    fs::copy(run::root().join(SPEC), &spec).unwrap();
    let spec = spec.to_string_lossy();
    let ran = payspec(&["test", &spec]);
    assert_eq!(ran.code, 1);
    assert_snapshot!("without_vectors", placeless(&format!("{}{}", ran.out, ran.err), &folder));
}

#[test]
fn files_that_are_none_of_a_pair_are_refused_and_the_others_run() {
    let folder = folder("no_pair");
    let lonely = folder.join("lonely.vectors.yaml");
    fs::copy(run::root().join(VECTORS), &lonely).unwrap();
    let renamed = folder.join("renamed.yaml");
    fs::copy(run::root().join(VECTORS), &renamed).unwrap();
    let missing = folder.join("missing.yaml");
    let broken = folder.join("broken.yaml");
    fs::write(&broken, "payspec: 1\nprovider: { name: demo, lenght: 3 }\n").unwrap();
    let files =
        [&lonely, &renamed, &missing, &broken, &folder].map(|path| path.to_string_lossy().into_owned());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let ran = payspec(&[&["test", SPEC], files.as_slice()].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("notify_printed"), "the good one is run");
    let err = placeless(&ran.err, &folder).replace(&folder.display().to_string(), "FOLDER");
    assert_snapshot!("no_pair", err);
}

#[test]
fn programs_get_one_document() {
    let ran = payspec(&["test", SPEC, "specs/guanaitong.yaml", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["summary"]["failed"], 0);
    assert_eq!(document["summary"]["unreproduced"], 4);
    assert!(document["summary"]["changes_refused"].as_u64().unwrap() > 300);
    let first = &document["pairs"][0];
    assert_eq!(first["spec"], SPEC);
    assert_eq!(first["vectors"], VECTORS);
    let result = &first["results"][0];
    assert_snapshot!("json_result", format!("{result:#}"));
    let apart = &document["pairs"][1]["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|result| result["result"] == "unreproduced");
    assert_snapshot!("json_unreproduced", format!("{:#}", apart.unwrap()));
}

#[test]
fn wrong_arguments_are_refused() {
    assert_eq!(payspec(&["test"]).code, 2);
    assert_eq!(payspec(&["test", SPEC, "--format", "xml"]).code, 2);
    let help = payspec(&["test", "--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("--no-mutations") && help.out.contains("Exit codes"));
}

#[test]
fn all_specs_and_protocols_of_the_repository_hold() {
    for folder in ["specs", "tests/specs", "tests/protocols"] {
        let entries = fs::read_dir(run::root().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<String> =
            names.filter(|name| name.ends_with(".yaml")).map(|name| format!("{folder}/{name}")).collect();
        files.sort();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let ran = payspec(&[&["test"], files.as_slice()].concat());
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
}
