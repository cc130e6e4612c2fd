//! Notices of a small spec: read as they are signed, refused when they are old, verified by any of their readings.
#![cfg(all(feature = "rsa", feature = "sm"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::time::Duration;

use payspec::runtime::{Charset, Text, seal};
use payspec::{BuildError, CallbackError, FixedClock, Incoming, Secret, Timestamp};

payspec::provider!("../codegen/tests/specs/form.yaml");
payspec::provider!("../codegen/tests/specs/notice.yaml");

const SECRET: &str = "s3cr3t";
const NOW: i64 = 1_700_000_000;

fn builder() -> notice::ClientBuilder {
    known_by("gpu1", SECRET, shop("1", "p"))
        .clock(FixedClock::new(Timestamp::from_unix_seconds(NOW).unwrap()))
        .environment(notice::Environment::Custom {})
}

fn known_by(appid: &str, secret: &str, access: notice::Access) -> notice::ClientBuilder {
    let credentials =
        notice::Credentials { appid: appid.to_owned(), secret: Secret::new(secret.to_owned()), access };
    notice::Client::builder(credentials)
}

fn shop(number: &str, password: &str) -> notice::Access {
    notice::Access::Shop { number: number.to_owned(), password: Secret::new(password.to_owned()) }
}

fn client() -> notice::Client {
    builder().build().unwrap()
}

fn sign(signed: &str) -> String {
    let mut text = Text::new(Charset::Utf8);
    text.put(signed);
    text.put(SECRET);
    seal::sha256(&text.finish().unwrap()).hex_lower().into()
}

fn sent(seconds: i64) -> String {
    let signed = format!("appid=gpu1&order_no=A1&sent={seconds}");
    format!("{signed}&sign={}", sign(&signed))
}

#[test]
fn a_padded_copy_of_a_notice_is_the_same_notice() {
    let body = sent(NOW);
    let plain = client().verify_paid(&Incoming::post_form(body.as_bytes())).unwrap();
    let padded = body.replace("order_no=A1", "+order_no%09=%0A+A1++");
    let copy = client().verify_paid(&Incoming::post_form(padded.as_bytes())).unwrap();
    assert_eq!(copy, plain);
    assert_eq!(copy.once_key(), plain.once_key());
    let json = format!(
        r#"{{"appid":" gpu1","order_no\n":"A1\t","sent":{NOW},"sign":"{}"}}"#,
        body.rsplit_once('=').unwrap().1
    );
    let copy = client().verify_paid(&Incoming::post_json(json.as_bytes())).unwrap();
    assert_eq!(copy.once_key(), plain.once_key());
}

#[test]
fn what_the_spec_does_not_list_is_handed_out_trimmed_too() {
    let signed = format!("appid=gpu1&more=x&order_no=A1&sent={NOW}");
    let body = format!("{}&sign={}", signed.replace("more=x", "+more=x+"), sign(&signed));
    let notice = client().verify_paid(&Incoming::post_form(body.as_bytes())).unwrap();
    assert_eq!(notice.extra.get("more").unwrap().text(), "\"x\"");
}

#[test]
fn names_that_are_one_when_trimmed_are_refused() {
    for twice in ["+sign=0", "order_no+=A1"] {
        let body = format!("{}&{twice}", sent(NOW));
        let refused = client().verify_paid(&Incoming::post_form(body.as_bytes())).unwrap_err();
        assert!(matches!(refused, CallbackError::RepeatedField { .. }), "{twice}: {refused}");
    }
}

#[test]
fn an_object_in_a_signed_list_is_refused() {
    let json = format!(r#"{{"appid":"gpu1","order_no":"A1","sent":{NOW},"more":{{}},"sign":"00"}}"#);
    let refused = client().verify_paid(&Incoming::post_json(json.as_bytes())).unwrap_err();
    assert_eq!(refused, CallbackError::NestedField { name: "more".to_owned() });
}

#[test]
fn a_notice_of_any_age_is_read_unless_the_client_says_how_old() {
    let limited = builder().callback_max_age(Duration::from_secs(60)).build().unwrap();
    for (seconds, is_read) in
        [(NOW, true), (NOW - 60, true), (NOW + 60, true), (NOW - 61, false), (NOW + 61, false)]
    {
        let body = sent(seconds);
        let incoming = Incoming::post_form(body.as_bytes());
        assert!(client().verify_paid(&incoming).is_ok(), "{seconds}");
        let stale = CallbackError::Stale { field: "sent", seconds: 61 };
        assert_eq!(limited.verify_paid(&incoming).err(), (!is_read).then_some(stale), "{seconds}");
    }
}

#[test]
fn an_age_that_cannot_be_checked_is_no_client() {
    let credentials = form::Credentials { appid: "gpu1".to_owned(), secret: Secret::new(SECRET) };
    let built = form::Client::builder(credentials)
        .environment(form::Environment::Sandbox)
        .callback_max_age(Duration::from_secs(60))
        .build();
    assert!(matches!(built, Err(BuildError::CallbackAgeUnknown)));
}

#[test]
fn a_reading_that_cannot_be_applied_gives_way_to_the_next() {
    let signed = format!("appid=gpu1&attach=&order_no=A1&sent={NOW}");
    let genuine = format!("{signed}&sign={}", sign(&signed));
    let forged = format!("{signed}&sign={}", "0".repeat(64));
    let incoming = |body: &'static str| Incoming::post_form(body.as_bytes());
    let (genuine, forged) = (incoming(genuine.leak()), incoming(forged.leak()));
    assert!(client().verify_leniently_paid(&genuine).is_ok());
    assert_eq!(client().verify_leniently_paid(&forged), Err(CallbackError::SignatureMismatch));
    let empty = CallbackError::EmptyField { name: "attach".to_owned() };
    assert_eq!(client().verify_strictly_paid(&genuine), Err(empty.clone()));
    assert_eq!(client().verify_strictly_paid(&forged), Err(empty));
}

/// What is wrong with credentials and options, one line each.
fn refused(builder: notice::ClientBuilder) -> String {
    match builder.environment(notice::Environment::Custom {}).build() {
        Err(BuildError::Invalid(violations)) => violations.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn credentials_that_cannot_be_right_make_no_client() {
    let wrong = known_by("gpu1gpu1g", " ", shop("12345", ""));
    let lines = "appid: 9 characters, at most 8 are allowed\n\
                 access.number: 5 characters, at most 4 are allowed\n\
                 access.password: missing, a value is required";
    assert_eq!(refused(wrong), lines);
    assert_eq!(refused(known_by("gpu1", "", shop("1", "p"))), "secret: missing, a value is required");
}

#[test]
fn an_option_keeps_its_limits() {
    let with = |label: &str| builder().options(notice::Options { label: Some(label.to_owned()) });
    assert!(with("abc").build().is_ok());
    assert_eq!(refused(with("abcdef")), "label: 6 characters, at most 5 are allowed");
    assert_eq!(refused(with("aB")), "label: character 2 ('B') is not one of a-z");
    assert_eq!(refused(with("")), "label: missing, a value is required");
}
