//! W3: a request of ten parameters, one of them JSON text, SHA-256 with RSA-2048. What everything but the key operation
//! costs is measured with the keyed digest of the same spec, less that digest alone.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use payspec::{FixedClock, RsaPrivateKey, RsaPublicKey, Secret, Span, Timestamp, Yuan, runtime::RsaDigest};
use sha2::Sha256;

use super::{
    Nowhere, bare_rsa,
    w1::{Stack, joined},
};
use crate::{
    measure::{By, Rival, Workload},
    wallet::{Client, Credentials, Environment, Signing, TradePrecreate, TradePrecreateOptional},
    wire::{escape_into, escaped},
};

pub(super) const APP_ID: &str = "9021000122682882";
pub(super) const SECRET: &str = "0123456789abcdef0123456789abcdef";
const MERCHANT: &str = include_str!("../../../vectors/keys/test-merchant-rsa2048.pkcs8.pem");
pub(super) const PLATFORM: &str = include_str!("../../../vectors/keys/test-platform-rsa2048.pkcs8.pem");
const PLATFORM_PUBLIC: &str = include_str!("../../../vectors/keys/test-platform-rsa2048.spki.pem");
/// 2023-12-21 06:54:37 at +08:00.
const NOW: i64 = 1_703_112_877;
const METHOD: &str = "wallet.trade.precreate";
const NOTIFY_URL: &str = "https://shop.example.com/wallet/notify";
const RETURN_URL: &str = "https://shop.example.com/wallet/return";

pub(super) fn hmac_client() -> Client {
    client(Signing::Hmac { secret: Secret::new(SECRET) })
}

pub(super) fn rsa_client() -> Client {
    let merchant_key = RsaPrivateKey::read(MERCHANT).unwrap();
    client(Signing::Rsa2 { merchant_key, platform_key: RsaPublicKey::read(PLATFORM_PUBLIC).unwrap() })
}

fn client(signing: Signing) -> Client {
    Client::builder(Credentials { app_id: APP_ID.to_owned(), signing })
        .environment(Environment::Production)
        .clock(FixedClock::new(Timestamp::from_unix_seconds(NOW).unwrap()))
        .transport(Nowhere)
        .build()
        .unwrap()
}

fn request() -> TradePrecreate {
    TradePrecreate {
        out_trade_no: "20231221065437000001".to_owned(),
        total_amount: Yuan::from_fen(8888),
        subject: "测试商品".to_owned(),
        timeout_express: Span::minutes(90),
        optional: TradePrecreateOptional {
            body: Some("Two of them, \"gift\"".to_owned()),
            seller_id: Some("2088102146225135".to_owned()),
            notify_url: Some(NOTIFY_URL.parse().unwrap()),
            return_url: Some(RETURN_URL.parse().unwrap()),
        },
    }
}

pub(super) fn workload() -> Workload {
    let (client, request) = (hmac_client(), request());
    let text: &'static str = joined(&pairs("HMAC")).leak();
    Workload {
        name: "W3",
        what: "10 parameters, JSON text, form; a keyed digest in place of RSA",
        rivals: vec![
            Rival::new(By::Bare, move || hmac(text.as_bytes()), |_| String::new()),
            Rival::new(
                By::Payspec,
                move || client.prepare_trade_precreate(&request).unwrap(),
                |prepared| String::from_utf8(prepared.body().to_vec()).unwrap(),
            ),
            Rival::new(By::Tuned, tuned, |body| String::from_utf8(body).unwrap()),
            Rival::new(By::Idiomatic, || idiomatic("HMAC", |text| hmac(text).to_vec()), |body| body),
        ],
    }
}

pub(super) fn with_key() -> Workload {
    let (client, request) = (rsa_client(), request());
    let text: &'static str = joined(&pairs("RSA2")).leak();
    let key = RsaPrivateKey::read(MERCHANT).unwrap();
    let sign = bare_rsa::signing(MERCHANT.as_bytes(), RsaDigest::Sha256);
    Workload {
        name: "W3 RSA",
        what: "the same, RSA-2048 with SHA-256",
        rivals: vec![
            Rival::new(By::Bare, move || sign(text.as_bytes()), |_| String::new()),
            Rival::new(
                By::Payspec,
                move || client.prepare_trade_precreate(&request).unwrap(),
                |prepared| String::from_utf8(prepared.body().to_vec()).unwrap(),
            ),
            Rival::new(
                By::Idiomatic,
                move || idiomatic("RSA2", |text| key.sign(RsaDigest::Sha256, text).unwrap()),
                |body| body,
            ),
        ],
    }
}

pub(super) fn hmac(text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn tuned() -> Vec<u8> {
    let request = GIVEN;
    let mut amount = [0; 20];
    let mut json = Stack::<1024>::new();
    json.put("{\"out_trade_no\":\"");
    put_json(&mut json, request.out_trade_no);
    json.put("\",\"total_amount\":\"");
    json.put(super::w2::yuan(request.total, &mut amount));
    json.put("\",\"subject\":\"");
    put_json(&mut json, request.subject);
    json.put("\",\"body\":\"");
    put_json(&mut json, request.body);
    json.put("\",\"seller_id\":\"");
    put_json(&mut json, request.seller_id);
    json.put("\",\"timeout_express\":\"90m\"}");
    let biz_content = std::str::from_utf8(json.bytes()).unwrap();
    let timestamp = "2023-12-21 06:54:37";
    let mut text = Stack::<1024>::new();
    for (name, value) in [
        ("app_id=", APP_ID),
        ("&biz_content=", biz_content),
        ("&charset=", "utf-8"),
        ("&format=", "JSON"),
        ("&method=", METHOD),
        ("&notify_url=", NOTIFY_URL),
        ("&return_url=", RETURN_URL),
        ("&sign_type=", "HMAC"),
        ("&timestamp=", timestamp),
        ("&version=", "1.0"),
    ] {
        text.put(name);
        text.put(value);
    }
    let mut sign = [0; 44];
    STANDARD.encode_slice(hmac(text.bytes()), &mut sign).unwrap();
    let sign = std::str::from_utf8(&sign).unwrap();
    let mut body = Vec::with_capacity(1024);
    for (name, value) in [
        ("app_id=", APP_ID),
        ("&method=", METHOD),
        ("&format=", "JSON"),
        ("&return_url=", RETURN_URL),
        ("&charset=", "utf-8"),
        ("&sign_type=", "HMAC"),
        ("&timestamp=", timestamp),
        ("&version=", "1.0"),
        ("&notify_url=", NOTIFY_URL),
        ("&biz_content=", biz_content),
        ("&sign=", sign),
    ] {
        body.extend_from_slice(name.as_bytes());
        escape_into(&mut body, value);
    }
    body
}

/// What the version by hand is given.
#[derive(Clone, Copy)]
struct Given {
    out_trade_no: &'static str,
    total: i64,
    subject: &'static str,
    body: &'static str,
    seller_id: &'static str,
}

const GIVEN: Given = Given {
    out_trade_no: "20231221065437000001",
    total: 8888,
    subject: "测试商品",
    body: "Two of them, \"gift\"",
    seller_id: "2088102146225135",
};

fn put_json(json: &mut Stack<1024>, text: &str) {
    let mut pieces = text.split('"');
    json.put(pieces.next().unwrap_or_default());
    for piece in pieces {
        json.put("\\\"");
        json.put(piece);
    }
}

fn pairs(sign_type: &str) -> BTreeMap<&'static str, String> {
    let Given { out_trade_no, total, subject, body, seller_id } = GIVEN;
    let total = format!("{}.{:02}", total / 100, total % 100);
    let body = body.replace('"', "\\\"");
    let biz_content = format!(
        "{{\"out_trade_no\":\"{out_trade_no}\",\"total_amount\":\"{total}\",\"subject\":\"{subject}\",\"body\":\"{body}\",\
         \"seller_id\":\"{seller_id}\",\"timeout_express\":\"90m\"}}"
    );
    BTreeMap::from([
        ("app_id", APP_ID.to_owned()),
        ("biz_content", biz_content),
        ("charset", "utf-8".to_owned()),
        ("format", "JSON".to_owned()),
        ("method", METHOD.to_owned()),
        ("notify_url", NOTIFY_URL.to_owned()),
        ("return_url", RETURN_URL.to_owned()),
        ("sign_type", sign_type.to_owned()),
        ("timestamp", "2023-12-21 06:54:37".to_owned()),
        ("version", "1.0".to_owned()),
    ])
}

fn idiomatic(sign_type: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let mut pairs = pairs(sign_type);
    let sign = STANDARD.encode(sign(joined(&pairs).as_bytes()));
    pairs.insert("sign", sign);
    let order = [
        "app_id",
        "method",
        "format",
        "return_url",
        "charset",
        "sign_type",
        "timestamp",
        "version",
        "notify_url",
        "biz_content",
        "sign",
    ];
    order.iter().map(|name| format!("{name}={}", escaped(&pairs[name]))).collect::<Vec<_>>().join("&")
}
