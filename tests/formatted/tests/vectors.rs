//! Messages from outside, through the formatted text: for each provider the signature of a request and a callback.
//!
//! The vectors are those of `tests/vectors/*.json`, made without this project's code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, path::Path};

use payspec::{
    CallbackError, FixedClock, Incoming, PaymentOutcome, Prepared, RsaPrivateKey, RsaPublicKey, Secret,
    Timestamp, fen, yuan,
};
use payspec_formatted::{aggregate_pay, guanaitong, ysepay};
use serde_json::Value;

/// A message of the collection.
struct Vector(Value);

impl Vector {
    fn find(file: &str, name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../vectors/{file}.json"));
        let vectors: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        Self(vectors.into_iter().find(|vector| vector["name"] == name).unwrap())
    }

    fn text(&self, member: &str) -> String {
        self.0[member].as_str().unwrap_or_else(|| panic!("the vector has no {member}")).to_owned()
    }

    fn field(&self, name: &str) -> String {
        self.0["fields"][name].as_str().unwrap_or_else(|| panic!("the vector has no field {name}")).to_owned()
    }

    fn secret(&self) -> Secret {
        Secret::new(self.text("secret"))
    }

    fn body(&self) -> Vec<u8> {
        self.text("raw_body").into_bytes()
    }
}

/// The request carries the signature of the vector.
fn assert_signed(prepared: &Prepared, vector: &Vector) {
    let body = std::str::from_utf8(prepared.body()).unwrap();
    let (_, sign) =
        body.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == "sign").unwrap();
    let sign = sign.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    assert_eq!(sign, vector.text("signature"));
}

/// The same notice with one letter of its signature changed is refused.
fn assert_refused_when_altered<T: std::fmt::Debug>(
    vector: &Vector,
    verify: impl Fn(&Incoming<'_>) -> Result<T, CallbackError>,
) {
    let body = vector.text("raw_body");
    let (before, sign) = body.split_once("sign=").filter(|(before, _)| before.ends_with('&')).unwrap();
    let other = if sign.starts_with('a') { "b" } else { "a" };
    let forged = format!("{before}sign={other}{}", sign.get(1..).unwrap());
    let refused = verify(&Incoming::post_form(forged.as_bytes())).unwrap_err();
    assert!(!refused.is_authentic(), "{refused}");
}

fn clock(seconds: i64) -> FixedClock {
    FixedClock::new(Timestamp::from_unix_seconds(seconds).unwrap())
}

fn aggregate_pay(vector: &Vector) -> aggregate_pay::Client {
    let credentials = aggregate_pay::Credentials { appid: vector.field("appid"), secret: vector.secret() };
    let environment =
        aggregate_pay::Environment::Merchant { gateway: "https://pay.example.com".parse().unwrap() };
    aggregate_pay::Client::builder(credentials).environment(environment).build().unwrap()
}

#[test]
fn an_md5_request_has_the_signature_of_its_vector() {
    let vector = Vector::find("aggregate-pay", "unified_chinese");
    let order = aggregate_pay::UnifiedOrder {
        order_no: vector.field("order_no"),
        amount: fen!(10000),
        product_name: vector.field("product_name"),
        bank_code: aggregate_pay::BankCode::from(vector.field("bank_code").as_str()),
        notify_url: vector.field("notify_url").parse().unwrap(),
        return_url: vector.field("return_url").parse().unwrap(),
        optional: aggregate_pay::UnifiedOrderOptional {
            attach: Some(vector.field("attach")),
            ..Default::default()
        },
    };
    assert_signed(&aggregate_pay(&vector).prepare_unified_order(&order).unwrap(), &vector);
}

#[test]
fn an_md5_notice_of_the_vectors_is_accepted() {
    let vector = Vector::find("aggregate-pay", "notify_chinese_attach");
    let client = aggregate_pay(&vector);
    let notice = client.verify_notify(&Incoming::post_form(&vector.body())).unwrap();
    assert_eq!(notice.outcome(), PaymentOutcome::Paid);
    assert_eq!(notice.attach.as_deref(), Some("订单 A&1"));
    assert_refused_when_altered(&vector, |incoming| client.verify_notify(incoming));
}

fn guanaitong(vector: &Vector) -> guanaitong::Client {
    let credentials = guanaitong::Credentials { appid: vector.field("appid"), appsecret: vector.secret() };
    guanaitong::Client::builder(credentials)
        .environment(guanaitong::Environment::Sandbox)
        .clock(clock(vector.field("timestamp").parse().unwrap()))
        .build()
        .unwrap()
}

#[test]
fn a_sha1_request_has_the_signature_that_the_provider_printed() {
    let vector = Vector::find("guanaitong", "token_create_official");
    let prepared = guanaitong(&vector).prepare_token_create(&guanaitong::TokenCreate {}).unwrap();
    assert_signed(&prepared, &vector);
}

#[test]
fn a_sha1_notice_of_the_vectors_is_accepted() {
    let vector = Vector::find("guanaitong", "notify_with_attach");
    let client = guanaitong(&vector);
    let notice = client.verify_cashier_notify(&Incoming::post_form(&vector.body())).unwrap();
    assert_eq!(notice.outcome(), PaymentOutcome::Paid);
    assert_eq!(notice.total_amount, yuan!("100.00"));
    assert_refused_when_altered(&vector, |incoming| client.verify_cashier_notify(incoming));
}

/// Requests are signed with our key, notices verified with theirs: each vector has one of the two.
fn ysepay(merchant_key: &str, platform_key: &str) -> ysepay::Client {
    let signing = ysepay::Signing::Rsa {
        merchant_key: RsaPrivateKey::read(merchant_key).unwrap(),
        platform_key: RsaPublicKey::read(platform_key).unwrap(),
    };
    let credentials = ysepay::Credentials { partner_id: "test_partner".to_owned(), signing };
    ysepay::Client::builder(credentials)
        .environment(ysepay::Environment::Production)
        .clock(clock(1_653_451_200)) // 2022-05-25 12:00:00 in China
        .build()
        .unwrap()
}

#[test]
fn an_rsa_request_has_the_signature_of_its_vector() {
    let vector = Vector::find("ysepay", "trade_refund_rsa");
    let fields: Value = serde_json::from_str(&vector.field("biz_content")).unwrap();
    let text = |name: &str| fields[name].as_str().unwrap().to_owned();
    let refund = ysepay::TradeRefund {
        out_trade_no: text("out_trade_no"),
        shopdate: payspec::Date::new(2022, 5, 25).unwrap(),
        refund_amount: text("refund_amount").parse().unwrap(),
        refund_reason: text("refund_reason"),
        out_request_no: text("out_request_no"),
        optional: ysepay::TradeRefundOptional {
            notify_url: Some(vec![vector.field("notify_url").parse().unwrap()]),
            ..Default::default()
        },
    };
    let client = ysepay(&vector.text("signing_key_pem"), &vector.text("verify_key_pem"));
    assert_signed(&client.prepare_trade_refund(&refund).unwrap(), &vector);
}

#[test]
fn an_rsa_notice_of_the_vectors_is_accepted() {
    let vector = Vector::find("ysepay", "combine_notify_rsa1024");
    let client = ysepay(
        &Vector::find("ysepay", "trade_refund_rsa").text("signing_key_pem"),
        &vector.text("verify_key_pem"),
    );
    let notice = client.verify_combine_notify(&Incoming::post_form(&vector.body())).unwrap();
    assert_eq!(notice.outcome(), PaymentOutcome::Paid);
    assert_eq!(notice.combine_total_amount, Some(yuan!("0.03")));
    assert_refused_when_altered(&vector, |incoming| client.verify_combine_notify(incoming));
}
