//! Emitted code compiles in the strictest of crates: every warning an error, everything documented, no prelude, deep in
//! modules. That it compiles is the test; one call of each sort shows that it also runs.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications)]
#![no_implicit_prelude]
#![cfg(all(feature = "rsa", feature = "sm"))]

/// Modules around the emitted ones.
pub mod outer {
    /// Another.
    pub mod inner {
        ::payspec::provider!("../codegen/tests/specs/form.yaml");
        ::payspec::provider!("../codegen/tests/specs/token.yaml", crate = payspec);
    }
    ::payspec::provider!("../codegen/tests/specs/choice.yaml", crate = ::payspec);
    ::payspec::provider!("../codegen/tests/specs/limits.yaml");
    ::payspec::provider!("../codegen/tests/specs/common.yaml");
}

#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]
mod running {
    use ::std::prelude::rust_2024::*;
    use ::std::{assert, assert_eq, format};

    use super::outer::inner::{form, token};
    use super::outer::{common, limits};
    use ::payspec::{Fen, FixedClock, Incoming, PaymentOutcome, Secret, Timestamp, yuan};

    fn client() -> form::Client {
        let credentials = form::Credentials { appid: "gpu1".to_owned(), secret: Secret::new("s3cr3t") };
        let environment = form::Environment::Sandbox;
        let clock = FixedClock::new(Timestamp::from_unix_seconds(1_700_000_000).unwrap());
        form::Client::builder(credentials)
            .environment(environment)
            .clock(clock)
            .explain(true)
            .build()
            .unwrap()
    }

    fn order() -> form::Pay {
        form::Pay {
            order_no: "A1".to_owned(),
            amount: Fen::new(100),
            notify_url: "https://shop.example.com/n".parse().unwrap(),
            optional: form::PayOptional::default(),
        }
    }

    #[test]
    fn a_request_is_signed_with_its_fields_in_order_and_the_secret_masked() {
        let prepared = client().prepare_pay(&order()).unwrap();
        let text = "amount=100&appid=gpu1&notify_url=https://shop.example.com/n&order_no=A1&secret=******";
        assert_eq!(prepared.signed_text(), Some(text));
        assert_eq!(prepared.url(), "https://sandbox.example.com/pay");
        let body = ::std::str::from_utf8(prepared.body()).unwrap();
        assert!(body.starts_with("appid=gpu1&order_no=A1&amount=100&"), "{body}");
        assert!(body.rsplit_once("&sign=").is_some_and(|(_, sign)| sign.len() == 32), "{body}");
        assert!(!body.contains("s3cr3t"), "{body}");
    }

    #[test]
    fn every_violation_is_reported_before_anything_is_signed() {
        let order = form::Pay { order_no: String::new(), amount: Fen::new(0), ..order() };
        let violations = order.validate().unwrap_err();
        assert_eq!(violations.iter().count(), 2, "{violations}");
        assert!(client().prepare_pay(&order).is_err());
    }

    #[test]
    fn a_forged_notice_is_refused() {
        let body = format!("appid=gpu1&order_no=A1&amount=100&state=1&sign={}", "0".repeat(32));
        let refused = client().verify_notify(&Incoming::post_form(body.as_bytes())).unwrap_err();
        assert!(!refused.is_authentic(), "{refused}");
    }

    #[test]
    fn an_order_that_nobody_paid_is_open_and_not_failed() {
        let query = form::Query { order_no: "A1".to_owned() };
        let body = br#"{"status":"1","data":{"state":0}}"#;
        let response = ::payspec::Response::new(200, Vec::new(), body.to_vec());
        let reply = client().read_query(&query, &response).unwrap();
        assert_eq!(reply.outcome(), PaymentOutcome::Pending);
    }

    #[test]
    fn a_json_body_has_numbers_texts_and_booleans_in_the_order_of_the_spec() {
        let credentials = limits::Credentials { key: Secret::new("s3cr3t") };
        let client = limits::Client::builder(credentials)
            .environment(limits::Environment::Production)
            .build()
            .unwrap();
        let optional = limits::PayOptional { count: Some(2), live: Some(true), ..Default::default() };
        let request = limits::Pay { order_no: "A1".to_owned(), total: yuan!("1.50"), optional };
        let prepared = client.prepare_pay(&request).unwrap();
        let body = ::std::str::from_utf8(prepared.body()).unwrap();
        let expected = r#"{"order_no":"A1","count":2,"total":1.5,"live":true,"sign":""#;
        assert!(body.starts_with(expected), "{body}");
    }

    #[test]
    fn an_item_with_the_separator_in_it_is_refused() {
        let words = |items: [&str; 2]| ::std::vec::Vec::from(items.map(str::to_owned));
        let request = |items| limits::Pay {
            order_no: "A1".to_owned(),
            total: yuan!("1.50"),
            optional: limits::PayOptional { count: Some(2), words: Some(words(items)), ..Default::default() },
        };
        assert!(request(["a", "b c"]).validate().is_ok());
        let violations = request(["a", "b|c"]).validate().unwrap_err();
        assert_eq!(violations.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(), ["words[1]"]);
    }

    #[test]
    fn a_query_beside_a_body_carries_the_signature_last() {
        let credentials = common::Credentials { app: "a".to_owned(), key: Secret::new("s3cr3t") };
        let client = common::Client::builder(credentials)
            .environment(common::Environment::Production)
            .build()
            .unwrap();
        let request = common::Look { order_no: "A1".to_owned(), optional: common::LookOptional::default() };
        let prepared = client.prepare_look(&request).unwrap();
        assert_eq!(prepared.body(), br#"{"order_no":"A1"}"#);
        assert!(prepared.url().starts_with("https://api.example.com/look?app=a&sign="), "{}", prepared.url());
    }

    #[test]
    fn a_json_body_goes_out_in_its_charset_and_is_shown_without_personal_data() {
        let credentials = common::Credentials { app: "a".to_owned(), key: Secret::new("s3cr3t") };
        let client = common::Client::builder(credentials)
            .environment(common::Environment::Production)
            .explain(true)
            .build()
            .unwrap();
        let optional = common::LookOptional { phone: Some("139".into()) };
        let prepared = client.prepare_look(&common::Look { order_no: "中".to_owned(), optional }).unwrap();
        assert_eq!(prepared.content_type(), Some("application/json; charset=GBK"));
        assert_eq!(prepared.body(), b"{\"order_no\":\"\xd6\xd0\",\"phone\":\"139\"}");
        let shown = r#"a{"order_no":"中","phone":"******"}******"#;
        assert_eq!(prepared.signed_text(), Some(shown));
    }

    #[test]
    fn calls_can_be_spawned_onto_any_executor() {
        fn is_send<T: Send>(_: &T) {}
        let credentials = token::Credentials { appid: "1000".to_owned(), appsecret: Secret::new("s3cr3t") };
        let client =
            token::Client::builder(credentials).environment(token::Environment::Production).build().unwrap();
        let request = token::Record { trade_no: "1".to_owned(), optional: token::RecordOptional::default() };
        is_send(&client.record(&request));
    }
}
