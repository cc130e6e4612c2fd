//! The client of the README's provider signs and verifies.
//!
//! The digests were computed elsewhere: `printf '%s' 'merchant=M1&order=A1&key=s3cr3t' | sha256sum`.

use payspec::{Incoming, PaymentOutcome, Secret};
use payspec_third_party::demo_pay::{Client, Credentials, Environment, OrderQuery, Paid, State};

fn client() -> Client {
    let credentials = Credentials { merchant: "M1".to_owned(), key: Secret::new("s3cr3t") };
    Client::builder(credentials).environment(Environment::Production).explain(true).build().unwrap()
}

#[test]
fn a_request_is_signed_and_its_key_is_not_sent() {
    let prepared = client().prepare_order_query(&OrderQuery { order: "A1".to_owned() }).unwrap();
    let body = std::str::from_utf8(prepared.body()).unwrap();
    assert_eq!(prepared.signed_text(), Some("merchant=M1&order=A1&key=******"));
    assert_eq!(
        body,
        "merchant=M1&order=A1&sign=F239DB3CF32FBC0BBBC471E2F15B531C0E5EAEAE137DCD940D458A1555ACDC4F"
    );
}

#[test]
fn a_notice_is_verified_and_read() {
    let body = b"order=A1&state=DONE&sign=C7EBD1CDC338EC0FF1F2DEF29B8E93857D62C5A6A149F7793288E6DCD148DEA1";
    let paid = client().verify_paid(&Incoming::post_form(body)).unwrap();
    assert_eq!(
        (paid.order.as_str(), &paid.state, paid.outcome()),
        ("A1", &State::Done, PaymentOutcome::Paid)
    );
    assert_eq!(Paid::ACCEPTED.body(), "OK");
}

#[test]
fn a_notice_about_another_order_is_refused() {
    let body = b"order=A2&state=DONE&sign=C7EBD1CDC338EC0FF1F2DEF29B8E93857D62C5A6A149F7793288E6DCD148DEA1";
    assert!(!client().verify_paid(&Incoming::post_form(body)).unwrap_err().is_authentic());
}
