//! `payspec sign`, run as a user runs it: the message that a vector states, part by part.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs, unreachable_pub)]

mod run;

use std::fs;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use self::run::{Ran, folder, payspec, with};

const SPEC: &str = "specs/aggregate_pay.yaml";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const ORDER: &str = "\
order_no: '20190818001341000001'
bank_code: '901'
amount: '10000'
return_url: https://www.return.com/return
notify_url: http://www.notify.com/notify
product_name: onlinepay
";
/// Of the vector `unified_empties_dropped`.
const SIGNATURE: &str = "213295f0d4e54ade3f9adb6fd57206ba";

fn order(part: &str) -> Ran {
    with(
        &[
            "sign",
            SPEC,
            "unified_order",
            "--request",
            "-",
            "--test-credentials",
            "made",
            "--host",
            "gateway=https://pay.example.com",
            "--part",
            part,
        ],
        &[],
        ORDER,
    )
}

#[test]
fn each_part_of_a_message_can_be_printed() {
    let mut printed = String::new();
    for part in ["message", "curl", "body", "url", "headers", "signature", "base"] {
        let ran = order(part);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{part}");
        assert!(!ran.out.contains(SECRET), "{part}");
        printed.push_str(&format!("--- {part}\n{}\n", ran.out.replace("\r\n", "\n")));
    }
    assert_eq!(order("signature").out, format!("{SIGNATURE}\n"));
    assert_snapshot!("parts", printed);
    assert_eq!(order("query").code, 2, "there is none");
    assert_eq!(order("query").err, "error: the message has no query\n");
}

#[test]
fn values_come_from_arguments_as_well() {
    let values: Vec<String> =
        ORDER.lines().map(|line| line.replacen(": ", "=", 1).replace('\'', "")).collect();
    let mut arguments = vec![
        "sign",
        SPEC,
        "unified_order",
        "--test-credentials",
        "made",
        "--part",
        "signature",
        "--host",
        "gateway=https://pay.example.com",
    ];
    for value in &values {
        arguments.extend(["--set", value]);
    }
    let ran = payspec(&arguments);
    assert_eq!((ran.code, ran.out.as_str()), (0, format!("{SIGNATURE}\n").as_str()), "{}", ran.err);
}

#[test]
fn what_is_signed_is_verified_again() {
    let folder = folder("sign_again");
    let file = folder.join("sent.http");
    fs::write(&file, order("message").bytes).unwrap();
    let ran = payspec(&[
        "verify",
        SPEC,
        "unified_order",
        "--request",
        &file.to_string_lossy(),
        "--test-credentials",
        "made",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("\"amount\": \"10000\""), "{}", ran.out);
}

#[test]
fn the_curl_command_is_one_that_a_shell_reads() {
    let command = order("curl").out.replace("curl ", "printf '%s\\n' ");
    let ran = Command::new("sh").args(["-c", &command]).stdin(Stdio::null()).output().unwrap();
    let words = String::from_utf8(ran.stdout).unwrap();
    assert!(
        words.lines().any(|word| word == "https://pay.example.com/papi/pay/unified_order"
            || word.starts_with("https://pay.example.com/")),
        "{words}"
    );
    assert!(words.contains(SIGNATURE), "{words}");
}

#[test]
fn a_callback_is_signed_in_the_provider_s_place_and_verified() {
    let values = [
        "appid=gpu10000000",
        "order_no=A1",
        "amount=10000",
        "status=2",
        "platform_order_no=P1",
        "attach=",
        "product_name=x",
    ];
    let mut arguments = vec!["sign", SPEC, "notify", "--test-credentials", "made", "--part", "body"];
    for value in &values {
        arguments.extend(["--set", value]);
    }
    let signed = payspec(&arguments);
    assert_eq!(signed.code, 0, "{}", signed.err);
    assert!(signed.out.contains("&sign=") && !signed.out.ends_with('\n'), "{}", signed.out);
    let verified = with(
        &[
            "verify",
            SPEC,
            "notify",
            "--body",
            "-",
            "--header",
            "Content-Type: application/x-www-form-urlencoded",
            "--test-credentials",
            "made",
        ],
        &[],
        &signed.out,
    );
    // Whatever the fields are worth: the signature fits.
    assert!(!verified.err.contains("signature"), "{}", verified.err);
}

#[test]
fn a_recipe_is_run_over_pairs() {
    let base = payspec(&[
        "sign",
        SPEC,
        "request",
        "--set",
        "b=2",
        "--set",
        "a=1",
        "--test-credentials",
        "made",
        "--part",
        "base",
    ]);
    assert_eq!((base.code, base.out.as_str()), (0, "a=1&b=2&secret=******\n"), "{}", base.err);
    let signature =
        payspec(&["sign", SPEC, "request", "--set", "b=2", "--set", "a=1", "--test-credentials", "made"]);
    assert_eq!(signature.out.trim().len(), 32, "{}", signature.out);
    let body =
        payspec(&["sign", SPEC, "request", "--set", "b=2", "--test-credentials", "made", "--part", "body"]);
    assert_eq!(body.code, 2);
    assert_snapshot!("recipe_without_body", body.err);
}

#[test]
fn refused_values_are_told_all_at_once() {
    let ran = with(
        &["sign", SPEC, "unified_order", "--request", "-", "--test-credentials", "made"],
        &[],
        "{\"amount\": \"ten\", \"nonsense\": 1}",
    );
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_snapshot!("refused_values", ran.err);
}

#[test]
fn wrong_arguments_have_their_messages() {
    let mut printed = String::new();
    for arguments in [
        &["sign", SPEC, "unified_oder"][..],
        &["sign", SPEC, "zzz"],
        &["sign", SPEC, "unified_order", "--form", "json"],
        &["sign", SPEC, "notify", "--form", "xml", "--test-credentials", "made"],
        &["sign", SPEC, "unified_order", "--set", "amount"],
        &["sign", SPEC, "unified_order", "--test-credentials", "nobody"],
        &["sign", SPEC, "unified_order", "--test-credentials", "made", "--option", "colour=red"],
        &["sign", SPEC, "unified_order", "--test-credentials", "made", "--host", "gateway=pay.example.com"],
        &["sign", SPEC, "unified_order", "--test-credentials", "made", "--now", "tomorrow"],
        &["sign", SPEC, "unified_order", "--test-credentials", "made", "--fresh", "nonce=1"],
        &["sign", SPEC, "unified_order", "--test-credentials", "made", "--option", "novalue"],
        &["sign", "specs/guanaitong.yaml", "token_info", "--test-credentials", "page"],
        &["sign", "missing.yaml", "pay"],
    ] {
        let ran = payspec(arguments);
        assert!(ran.out.is_empty(), "{arguments:?}");
        printed.push_str(&format!("$ payspec {}\n{}exit {}\n\n", arguments.join(" "), ran.err, ran.code));
    }
    assert_snapshot!("wrong_arguments", printed);
}
