//! SM2: a request and a notice of a provider that signs with the Chinese national algorithms.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use payspec::{
    Date, FixedClock, Incoming, Sm2PrivateKey, Sm2PublicKey, Timestamp,
    runtime::Sm2Form,
    ysepay::{Client, Credentials, Environment, Signing, TradeOrderQuery, TradeOrderQueryOptional},
};
use sm2::dsa::{
    SigningKey,
    signature::{Signer as _, Verifier as _},
};

use super::{Nowhere, w1::joined};
use crate::{
    measure::{By, Rival, Workload},
    wire::escaped,
};

const USER_ID: &str = "1234567812345678";
const MERCHANT: &str = include_str!("../../../vectors/keys/test-merchant-sm2.pkcs8.pem");
const MERCHANT_SCALAR: &str = include_str!("../../../vectors/keys/test-merchant-sm2.d.hex");
const PLATFORM: &str = include_str!("../../../vectors/keys/test-platform-sm2.pkcs8.pem");
const PLATFORM_SCALAR: &str = include_str!("../../../vectors/keys/test-platform-sm2.d.hex");
const PLATFORM_PUBLIC: &str = include_str!("../../../vectors/keys/test-platform-sm2.spki.pem");
const NOW: i64 = 1_703_112_877;

fn client() -> Client {
    let signing = Signing::Sm {
        merchant_key: Sm2PrivateKey::read(MERCHANT).unwrap(),
        platform_key: Sm2PublicKey::read(PLATFORM_PUBLIC).unwrap(),
    };
    Client::builder(Credentials { partner_id: "test_partner".to_owned(), signing })
        .environment(Environment::Production)
        .clock(FixedClock::new(Timestamp::from_unix_seconds(NOW).unwrap()))
        .transport(Nowhere)
        .build()
        .unwrap()
}

/// The key in the crate below.
fn bare(scalar: &str) -> SigningKey {
    let digits = scalar.trim().as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect();
    SigningKey::from_slice(USER_ID, &bytes).unwrap()
}

pub(super) fn signing() -> Workload {
    let client = client();
    let request = TradeOrderQuery {
        shopdate: Date::new(2023, 12, 21).unwrap(),
        optional: TradeOrderQueryOptional {
            out_trade_no: Some("20231221065437000001".to_owned()),
            ..Default::default()
        },
    };
    let text = "biz_content={\"out_trade_no\":\"20231221065437000001\",\"shopdate\":\"20231221\"}&charset=UTF-8&method=ysepay.online.trade.order.query&partner_id=test_partner&sign_type=SM&timestamp=2023-12-21 06:54:37&version=3.0";
    let key = bare(MERCHANT_SCALAR);
    Workload {
        name: "SM2",
        what: "query of 7 parameters, SM2 with SM3, form",
        rivals: vec![
            Rival::new(By::Bare, move || key.sign(text.as_bytes()), |_| String::new()),
            Rival::new(
                By::Payspec,
                move || client.prepare_trade_order_query(&request).unwrap(),
                |prepared| String::from_utf8(prepared.body().to_vec()).unwrap(),
            ),
        ],
    }
}

pub(super) fn verifying() -> Workload {
    let pairs = [
        ("sign_type", "SM"),
        ("notify_type", "directpay.status.sync"),
        ("notify_time", "2023-12-21 06:54:51"),
        ("combine_out_trade_no", "20231221065437000001"),
        ("combine_total_amount", "88.88"),
        ("trade_no", "01O220525000000001"),
        ("trade_status", "TRADE_SUCCESS"),
        ("account_date", "20231221"),
        ("extra_common_param", "午餐"),
    ];
    let text = joined(&pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect());
    let text: &'static str = text.leak();
    let platform = Sm2PrivateKey::read(PLATFORM).unwrap();
    let sign = platform.sign(USER_ID, Sm2Form::Der, text.as_bytes()).unwrap();
    let body = pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
    let body =
        body.chain([format!("sign={}", escaped(&STANDARD.encode(sign)))]).collect::<Vec<_>>().join("&");
    let (client, signing) = (client(), bare(PLATFORM_SCALAR));
    let signature = signing.sign(text.as_bytes());
    let key = signing.verifying_key().clone();
    Workload {
        name: "SM2v",
        what: "callback of 10 parameters, SM2 with SM3, typed value",
        rivals: vec![
            Rival::new(
                By::Bare,
                move || key.verify(text.as_bytes(), &signature).unwrap(),
                |()| String::new(),
            ),
            Rival::new(
                By::Payspec,
                move || client.verify_combine_notify(&Incoming::post_form(body.as_bytes())).unwrap(),
                |notice| notice.combine_out_trade_no.into(),
            ),
        ],
    }
}
