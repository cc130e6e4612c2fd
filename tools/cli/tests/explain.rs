//! `payspec explain`, run as a user runs it: the road of a signature, and why it does not fit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub
)]

mod run;

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use self::run::{Ran, folder, of_vector, payspec, with};

const SPEC: &str = "specs/aggregate_pay.yaml";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// A request whose signature the vectors have.
const ORDER: &[&str] = &[
    "order_no=20190818001341000001",
    "bank_code=901",
    "amount=10000",
    "openid=",
    "attach=",
    "return_url=https://www.return.com/return",
    "notify_url=http://www.notify.com/notify",
    "product_name=onlinepay",
];
const SIGNED: &str = "213295f0d4e54ade3f9adb6fd57206ba";

fn notice() -> String {
    of_vector("specs/aggregate_pay.vectors.yaml", "notify_empty_attach_kept", "body")
}

fn of_notice(body: &str, more: &[&str]) -> Ran {
    let arguments =
        ["explain", SPEC, "notify", "--body", "-", "--header", FORM, "--test-credentials", "made"];
    with(&[&arguments, more].concat(), &[], body)
}

fn of_order(more: &[&str]) -> Ran {
    let mut arguments = vec!["explain", SPEC, "unified_order", "--test-credentials", "made"];
    for value in ORDER {
        arguments.extend(["--set", value]);
    }
    payspec(&[&arguments, more].concat())
}

/// A file with this content, by its path.
fn file(test: &str, content: &str) -> String {
    let path = folder(&format!("explain_{test}")).join("input.txt");
    fs::write(&path, content).unwrap();
    path.to_string_lossy().into_owned()
}

/// The form of a request as it was sent, signed.
fn sent(sign: &str) -> String {
    format!(
        "amount=10000&appid=gpu10000000&bank_code=901&notify_url=http%3A%2F%2Fwww.notify.com%2Fnotify\
         &order_no=20190818001341000001&product_name=onlinepay&return_url=https%3A%2F%2Fwww.return.com%2Freturn{sign}"
    )
}

/// Lines move when a spec is edited; that they are the right ones has a test of its own.
fn without_lines(page: &str) -> String {
    let mut shown = String::new();
    let mut rest = page;
    let next = |rest: &str| {
        let marks = ["(line ", ".yaml:", "\"line\": "];
        marks.iter().filter_map(|mark| Some(rest.find(mark)? + mark.len())).min()
    };
    while let Some(at) = next(rest) {
        let (before, behind) = rest.split_at(at);
        let behind_digits = behind.trim_start_matches(|own: char| own.is_ascii_digit());
        shown.push_str(before);
        shown.push_str(if behind_digits.len() < behind.len() { "N" } else { "" });
        rest = behind_digits;
    }
    shown + rest
}

const SHOP: &str = r#"payspec: 1
provider: { name: shop, title: Shop, doc: "A shop." }
credentials:
  key: { secret: any, doc: "Key." }
signatures:
  base:
    parts:
      inner: { text: "{order_no}", algorithm: md5, output: hex lower }
    fields: all
    except: [note]
    empties: { absent: keep, json_null: refuse, empty: keep, blank: keep }
    order: by name
    pair: "{name}={value}"
    join: "&"
    text: "{fields}&{part:inner}"
    algorithm: hmac-sha256
    key: key
    output: hex lower
    place: { field: sign }
  notify:
    like: base
    order: as on the wire
    also_accept: [ { empties: { absent: keep, json_null: refuse, empty: drop, blank: keep } } ]
callbacks:
  paid:
    doc: "Paid."
    deliver: notify
    receive: POST form
    signature: notify
    fields:
      order_no: { text: any, doc: "Order." }
      attach?: { text: any, doc: "Attached." }
      note?: { text: any, doc: "Note." }
      sign: { signature: any, doc: "Signature." }
    outcome: unknown
    once_per: [order_no]
    acknowledge: unknown
    retries: unknown
"#;

#[test]
fn each_key_is_found_where_it_is_written() {
    let folder = folder("explain_lines");
    let spec = folder.join("shop.yaml").to_string_lossy().into_owned();
    fs::write(&spec, SHOP).unwrap();
    let credentials = folder.join("credentials.yaml").to_string_lossy().into_owned();
    fs::write(&credentials, "key: 0123456789abcdef\n").unwrap();
    let arguments = [
        "explain",
        &spec,
        "paid",
        "--body",
        "-",
        "--header",
        FORM,
        "--credentials",
        &credentials,
        "--format",
        "json",
    ];
    let ran = with(&arguments, &[], "order_no=1&attach=&note=x&sign=00");
    let document: Value = serde_json::from_str(&ran.out).expect(&ran.err);
    let line = |says: &str| SHOP.lines().position(|line| line.starts_with(says)).unwrap() + 1;
    let recipes = document["recipes"].as_array().unwrap();
    let of = |part: Option<&str>, reading: u64| {
        recipes.iter().find(|own| own["part"].as_str() == part && own["reading"] == reading).unwrap()
    };
    let of_value = |recipe: &Value, name: &str| {
        let values = recipe["values"].as_array().unwrap();
        values.iter().find(|value| value["name"] == name).unwrap()["line"].clone()
    };
    let part = of(Some("inner"), 0);
    assert_eq!(part["line"], line("      inner:"));
    assert_eq!(of_value(part, "order_no"), line("      inner:"));
    assert_eq!(of_value(part, "sign"), line("    place:"));
    let own = of(None, 0);
    assert_eq!(own["line"], line("  notify:"));
    assert_eq!(own["list"]["line"], line("    order: as on the wire"));
    assert_eq!(own["text"]["line"], line("    text:"));
    assert_eq!(own["seal"]["line"], line("    algorithm: hmac"));
    assert_eq!(of_value(own, "order_no"), line("    fields: all"));
    assert_eq!(of_value(own, "attach"), line("    empties:"));
    assert_eq!(of_value(own, "note"), line("    except:"));
    let further = of(None, 1);
    assert_eq!(of_value(further, "attach"), line("    also_accept:"));
    assert_eq!(of_value(further, "note"), line("    except:"));
}

fn assert_failure(ran: &Ran, said: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(ran.err.starts_with("error: ") && ran.err.contains(said), "{}", ran.err);
    assert!(ran.err.contains("help: "), "{}", ran.err);
}

#[test]
fn a_request_shows_what_became_of_each_field() {
    let ran = of_order(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains(SIGNED));
    assert_snapshot!("request", without_lines(&ran.out));
}

#[test]
fn bytes_are_shown_without_those_of_the_secret() {
    let ran = of_order(&["--bytes"]);
    let hex: String = SECRET.bytes().take(4).map(|byte| format!("{byte:02x} ")).collect();
    assert!(
        ran.out.contains("72 6e 26 73 65 63 72 65  74 3d ** ** ** ** ** **  |rn&secret=******|"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains(&hex) && !ran.out.contains(SECRET));
}

#[test]
fn what_is_expected_and_comes_is_said() {
    let ran = of_order(&["--expect", SIGNED]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.ends_with("this is what is expected\n"), "{}", ran.out);
}

#[test]
fn a_text_that_is_expected_and_does_not_come_is_compared_with_ours() {
    let text = "amount=10000&appid=gpu10000000&attach=&bank_code=901&notify_url=http://www.notify.com/notify\
                &openid=&order_no=20190818001341000001&product_name=onlinepay\
                &return_url=https://www.return.com/return&secret=0123456789abcdef0123456789abcdef";
    let ran = of_order(&["--expect", text]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("the texts part"), "{}", ran.out);
    assert!(!ran.out.contains(SECRET));
}

#[test]
fn a_callback_that_fits_is_verified() {
    let ran = of_notice(&notice(), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_snapshot!("callback", without_lines(&ran.out));
}

#[test]
fn a_field_that_somebody_added_is_named() {
    let ran = of_notice(&format!("r=site%2Fnotify&{}", notice()), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("signed, not in the spec"), "{}", ran.out);
    assert!(ran.out.contains("`r` was not signed"), "{}", ran.out);
    // What the neighbours say, and in which words, is proven where they are.
    let (road, answers) = ran.out.split_once("would make it fit").unwrap();
    assert!(answers.contains("  1. `r` was not signed"), "{answers}");
    let (road, _) = road.rsplit_once('\n').unwrap();
    assert_snapshot!("added_field", without_lines(road));
}

#[test]
fn a_signature_that_is_missing_or_malformed_says_so() {
    let (fields, _) = notice().split_once("&sign=").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let ran = of_notice(&fields, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("does not fit: there is no signature in `sign`"), "{}", ran.out);
    assert!(ran.out.contains("computed  61126839eb66ac4707fc6eae100cd618"), "{}", ran.out);
    for (sign, why) in [("", "is empty"), ("%40%40", "not written as it should be")] {
        let ran = of_notice(&format!("{fields}&sign={sign}"), &[]);
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains(why), "{}", ran.out);
    }
}

#[test]
fn a_signature_that_fits_a_message_for_somebody_else_is_not_enough() {
    let credentials = file("somebody_else", &format!("appid: gpu2\nsecret: {SECRET}\n"));
    let ran = with(
        &["explain", SPEC, "notify", "--body", "-", "--header", FORM, "--credentials", &credentials],
        &[],
        &notice(),
    );
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("the signature fits, and yet: `appid` is somebody else's"), "{}", ran.out);
}

#[test]
fn a_raw_message_and_a_curl_command_are_compared() {
    let raw = format!(
        "POST /api/order/unified HTTP/1.1\r\nHost: pay.example\r\n{FORM}\r\n\r\n{}",
        sent(&format!("&sign={SIGNED}"))
    );
    let raw = file("raw", &raw);
    let host = "gateway=https://pay.example";
    let arguments = ["explain", SPEC, "unified_order", "--test-credentials", "made", "--host", host];
    let ran = payspec(&[&arguments[..], &["--request", &raw]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_snapshot!("sent", without_lines(&ran.out));
    let wrong = SIGNED.replace("21", "12");
    let curl = format!(
        "curl 'https://pay.example/api/order/unified' \\\n  -H '{FORM}' \\\n  --data-raw '{}'\n",
        sent(&format!("&sign={wrong}"))
    );
    let curl = file("curl", &curl);
    let ran = payspec(&[&arguments[..], &["--curl", &curl]].concat());
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("    does not fit\n"), "{}", ran.out);
    assert!(ran.out.contains("no neighbour matches"), "{}", ran.out);
}

#[test]
fn a_message_that_is_not_signed_yet_shows_what_belongs_there() {
    let curl = file("unsigned", &format!("curl https://pay.example/api/order/unified -d '{}'", sent("")));
    let ran = payspec(&["explain", SPEC, "unified_order", "--test-credentials", "made", "--curl", &curl]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(&format!("computed  {SIGNED}")), "{}", ran.out);
    assert!(ran.out.contains("the message is not signed yet"), "{}", ran.out);
}

#[test]
fn values_come_from_files_as_well_and_are_never_rounded() {
    let values = file(
        "values",
        "{\"order_no\": \"20190818001341000001\", \"bank_code\": 901, \"amount\": 10000, \"attach\": null,\n \
         \"return_url\": \"https://www.return.com/return\", \"notify_url\": \"http://www.notify.com/notify\"}\n",
    );
    let ran = payspec(&[
        "explain",
        SPEC,
        "unified_order",
        "--test-credentials",
        "made",
        "--request",
        &values,
        "--set",
        "product_name=onlinepay",
        "--expect",
        SIGNED,
    ]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn an_unsigned_answer_says_why_nothing_is_signed() {
    let ran = with(
        &["explain", SPEC, "query_order", "--body", "-", "--test-credentials", "made"],
        &[],
        "{\"status\":\"0\",\"message\":\"x\"}",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("nothing is signed: answers carry no sign field"), "{}", ran.out);
}

#[test]
fn inputs_that_the_provider_would_not_take_are_named_and_the_rest_is_explained() {
    let ran =
        payspec(&["explain", SPEC, "unified_order", "--test-credentials", "made", "--set", "amount=1.5"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!("violations", without_lines(&ran.out));
}

#[test]
fn vectors_of_every_kind_of_recipe_are_explained() {
    for (name, spec, subject, vector) in [
        ("nested_digest", "paytm", "notify", "paytm_notify"),
        ("header_with_items", "stripe", "event", "stripe_several"),
        ("raw_parts", "wechat_pay_v3", "h5", "wechat_v3_request"),
        ("derived_key", "redsys", "pay", "redsys_published"),
        ("encrypted_and_signed", "sealed_orders", "pay", "request_is_encrypted_and_signed"),
        ("opened", "sealed_orders", "paid", "notice_is_verified_and_opened"),
        ("chosen_by_a_field", "sagepay", "notify", "sagepay_token"),
        ("placed_part", "cybersource", "payment", "cybersource_http_signature"),
    ] {
        let file = format!("tests/protocols/{spec}.yaml");
        let ran = payspec(&["explain", &file, subject, "--vector", vector]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}: {}", ran.out);
        assert_snapshot!(name, without_lines(&ran.out));
    }
}

#[test]
fn a_document_has_stable_names_and_the_same_masks() {
    let ran = of_notice(&format!("r=1&{}", notice()), &["--format", "json", "--bytes"]);
    assert_eq!(ran.code, 1);
    assert!(!ran.out.contains(SECRET));
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["kind"], "callback");
    assert_eq!(document["verdict"]["word"], "refused");
    let recipe = &document["recipes"][0];
    assert_eq!(recipe["fits"], false);
    assert_eq!(recipe["text"]["bytes"], 220);
    assert_eq!(recipe["values"][0]["name"], "r");
    assert_eq!(document["neighbours"]["matches"][0]["at"], "message.field.r");
    let ran = of_order(&["--format", "json"]);
    assert_snapshot!("json", without_lines(&ran.out));
}

#[test]
fn a_name_that_the_spec_does_not_have_is_corrected() {
    let ran = payspec(&["explain", SPEC, "notfy", "--body", "x", "--test-credentials", "made"]);
    assert_failure(&ran, "no operation, callback or recipe `notfy`");
    assert!(ran.err.contains("did you mean `notify`?"), "{}", ran.err);
    let ran = payspec(&["explain", SPEC, "notify", "--vector", "notify_empty_attach_kep"]);
    assert_failure(&ran, "has no vector");
    assert!(ran.err.contains("did you mean `notify_empty_attach_kept`?"), "{}", ran.err);
    let ran = payspec(&["explain", SPEC, "notify", "--vector", "check_order"]);
    assert_failure(&ran, "is about `query_order`");
}

#[test]
fn messages_that_cannot_be_read_say_why() {
    let account = ["--test-credentials", "made"];
    let explain = |arguments: &[&str], input: &str| {
        with(&[&["explain", SPEC], arguments, &account[..]].concat(), &[], input)
    };
    assert_failure(&payspec(&["explain", "nowhere.yaml", "notify"]), "nowhere.yaml");
    let ran = explain(&["notify", "--body", "nowhere.txt"], "");
    assert!(ran.code == 2 && ran.err.contains("nowhere.txt cannot be read"), "{}", ran.err);
    assert_failure(&explain(&["notify", "--body", "specs"], ""), "specs is a directory");
    assert_failure(&explain(&["notify"], ""), "no message is given");
    assert_failure(
        &explain(&["notify", "--body", "-", "--header", "sign abc"], "a=1"),
        "no name with a colon",
    );
    assert_failure(
        &explain(&["notify", "--body", "-", "--header", "Content-Type: text/x"], "a=1"),
        "as the spec says",
    );
    assert_failure(&explain(&["notify", "--set", "a=1"], ""), "it is not made of values");
    assert_failure(&explain(&["query_order", "--body", "-"], "<html>"), "the message cannot be explained");
    assert_failure(
        &explain(&["unified_order", "--set", "a=1", "--body", "-"], ""),
        "either made or received",
    );
    assert_failure(&explain(&["unified_order", "--set", "=1"], ""), "has no name");
    assert_failure(&explain(&["unified_order", "--set", "a=1", "--set", "a.b=1"], ""), "does not go with");
    assert_failure(&explain(&["unified_order", "--request", "-"], "[1, 2]"), "neither a map of values");
    assert_failure(&explain(&["unified_order", "--request", "-"], "a: [1\n"), "-:");
    assert_failure(
        &explain(&["unified_order", "--request", "-"], "POST /x HTTP/1.1\nbad\n\n"),
        "line 2 of the message",
    );
    assert_failure(&explain(&["unified_order", "--curl", "-"], "curl 'https://x"), "never closed");
    assert_failure(&explain(&["unified_order", "--curl", "-"], "wget x"), "no curl command");
    assert_failure(&explain(&["unified_order", "--curl", "-"], "curl https://x/?a=1"), "as the spec says");
    assert_failure(&explain(&["unified_order", "--expect", ""], ""), "says nothing");
}

#[test]
fn a_message_cannot_command_the_terminal() {
    let ran = of_notice(&format!("{}%1B%5B2J", notice().replace("attach=", "attach=%1B%5D0%3Bx%07")), &[]);
    assert!(!ran.out.contains(['\u{1b}', '\u{7}']), "{:?}", ran.out);
    assert!(ran.out.contains("\\u{1b}"), "{}", ran.out);
}

#[test]
fn a_recipe_is_tried_alone() {
    let ran =
        payspec(&["explain", SPEC, "request", "--set", "b=2", "--set", "a=", "--test-credentials", "made"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_snapshot!("recipe", without_lines(&ran.out));
}
