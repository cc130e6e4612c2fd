//! What was compiled under another name also runs.

use pay::{Incoming, Secret};
use payspec_renamed::providers::{demo_pay, form};

#[test]
fn a_request_is_signed() {
    let credentials = form::Credentials { appid: "gpu1".to_owned(), secret: Secret::new("s3cr3t") };
    let client = form::Client::builder(credentials)
        .environment(form::Environment::Sandbox)
        .explain(true)
        .build()
        .unwrap();
    let prepared = client.prepare_query(&form::Query { order_no: "A1".to_owned() }).unwrap();
    assert_eq!(prepared.signed_text(), Some("appid=gpu1&order_no=A1&secret=******"));
}

#[test]
fn a_forged_notice_is_refused() {
    let credentials = demo_pay::Credentials { merchant: "M1".to_owned(), key: Secret::new("s3cr3t") };
    let client = demo_pay::Client::builder(credentials)
        .environment(demo_pay::Environment::Production)
        .build()
        .unwrap();
    let body = format!("order=A1&state=DONE&sign={}", "0".repeat(64));
    assert!(!client.verify_paid(&Incoming::post_form(body.as_bytes())).unwrap_err().is_authentic());
}

#[test]
fn the_private_one_is_built_and_shows_no_secret() {
    let shown = payspec_renamed::the_private_client_shown().unwrap();
    assert!(shown.contains("1000"), "{shown}");
    assert!(!shown.contains("s3cr3t"), "{shown}");
}
