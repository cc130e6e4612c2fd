//! `payspec verify`, run as a user runs it: values as JSON, or nothing but the reason on standard error.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs, unreachable_pub)]

mod run;

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use self::run::{Ran, folder, of_vector, payspec, with};

const SPEC: &str = "specs/aggregate_pay.yaml";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

fn notice() -> String {
    of_vector("specs/aggregate_pay.vectors.yaml", "notify_chinese_attach", "body")
}

fn verify(body: &str) -> Ran {
    with(
        &["verify", SPEC, "notify", "--body", "-", "--header", FORM, "--test-credentials", "made"],
        &[],
        body,
    )
}

#[test]
fn a_callback_becomes_its_values() {
    let ran = verify(&notice());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["kind"], "callback");
    assert_snapshot!("callback", ran.out);
}

#[test]
fn the_body_may_lie_in_a_file_and_the_query_in_an_argument() {
    let file = folder("verify_file").join("notify.txt");
    fs::write(&file, notice()).unwrap();
    let from_file = payspec(&[
        "verify",
        SPEC,
        "notify",
        "--body",
        &file.to_string_lossy(),
        "--header",
        FORM,
        "--test-credentials",
        "made",
    ]);
    assert_eq!(from_file.out, verify(&notice()).out, "{}", from_file.err);
    let query = of_vector("specs/aggregate_pay.vectors.yaml", "sync_return_by_get", "query");
    let ran = payspec(&["verify", SPEC, "returned", "--query", &query, "--test-credentials", "made"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn a_refusal_leaves_standard_output_empty() {
    let body = notice();
    let mut printed = String::new();
    let changed = [
        body.replacen("amount=1", "amount=2", 1),
        body.split("sign=").next().unwrap().trim_end_matches('&').to_owned(),
        body.replacen("sign=", "sign=!", 1),
        format!("{body}&amount=1"),
        format!("{body}%"),
        String::new(),
    ];
    for body in changed {
        let ran = verify(&body);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{body}");
        printed.push_str(&ran.err);
    }
    assert_snapshot!("refusals", printed);
}

#[test]
fn only_the_keys_that_the_message_needs_are_asked_for() {
    let vectors = "specs/ysepay.vectors.yaml";
    let body = of_vector(vectors, "combine_notify_rsa1024", "body");
    let key = "tests/vectors/keys/test-platform-rsa1024.cert.pem";
    let variables =
        [("PAYSPEC_PARTNER_ID", "test_partner"), ("PAYSPEC_SIGNING__RSA__PLATFORM_KEY_FILE", key)];
    let ran = with(
        &["verify", "specs/ysepay.yaml", "combine_notify", "--body", "-", "--header", FORM],
        &variables,
        &body,
    );
    // The merchant's private key is nowhere, and nobody asks for it.
    assert!(!ran.err.contains("merchant_key") && !ran.err.contains("missing"), "{}", ran.err);
    let other = with(
        &["verify", "specs/ysepay.yaml", "combine_notify", "--body", "-", "--header", FORM],
        &variables[..1],
        &body,
    );
    assert_eq!(other.code, 2);
    assert_snapshot!("missing_key", other.err);
}

#[test]
fn the_answer_to_an_operation_is_compared_with_what_was_sent() {
    let vectors = "specs/aggregate_pay.vectors.yaml";
    let body = of_vector(vectors, "query_sample", "body");
    let arguments = [
        "verify",
        SPEC,
        "query_order",
        "--body",
        "-",
        "--header",
        "Content-Type: application/json",
        "--test-credentials",
        "made",
    ];
    let ran = with(&arguments, &[], &body);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_snapshot!("answer", ran.out);
    let failed = with(&[&arguments[..], &["--status", "502"]].concat(), &[], &body);
    assert_eq!((failed.code, failed.out.as_str()), (1, ""));
    assert!(failed.err.starts_with("refused[http_status]: "), "{}", failed.err);
}

#[test]
fn wrong_arguments_have_their_messages() {
    let mut printed = String::new();
    for arguments in [
        &["verify", SPEC, "notify", "--test-credentials", "made"][..],
        &["verify", SPEC, "notfy", "--body", "-"],
        &["verify", SPEC, "notify", "--set", "a=1", "--test-credentials", "made"],
        &["verify", SPEC, "notify", "--body", "missing.txt", "--test-credentials", "made"],
        &["verify", SPEC, "notify", "--body", "specs", "--test-credentials", "made"],
        &["verify", SPEC, "notify", "--body", "-", "--header", "no colon", "--test-credentials", "made"],
        &["verify", SPEC, "request", "--body", "-"],
    ] {
        let ran = payspec(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        printed.push_str(&format!("$ payspec {}\n{}\n", arguments.join(" "), ran.err));
    }
    assert_snapshot!("wrong_arguments_of_verify", printed);
}
