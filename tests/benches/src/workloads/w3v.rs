//! W3v: a callback of 23 parameters, verified with RSA-2048 and SHA-256, and read into a typed value; without the key
//! operation as in [`super::w3`].

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use payspec::{Incoming, RsaPrivateKey, runtime::RsaDigest};
use subtle::ConstantTimeEq as _;

use super::{
    bare_rsa,
    w1::joined,
    w1v::Text,
    w3::{APP_ID, PLATFORM, hmac, hmac_client, rsa_client},
};
use crate::{
    measure::{By, Rival, Workload},
    wallet::Notify,
    wire::{escaped, unescaped, unix_seconds},
};

const PAIRS: [(&str, &str); 22] = [
    ("gmt_create", "2023-12-21 06:54:40"),
    ("charset", "utf-8"),
    ("subject", "测试商品"),
    ("buyer_id", "2088102146225135"),
    ("invoice_amount", "88.88"),
    ("notify_id", "2023122100222065440045650501234567"),
    ("fund_bill_list", "[{\"amount\":\"88.88\",\"fundChannel\":\"ALIPAYACCOUNT\"}]"),
    ("notify_type", "trade_status_sync"),
    ("trade_status", "TRADE_SUCCESS"),
    ("receipt_amount", "88.88"),
    ("app_id", APP_ID),
    ("buyer_pay_amount", "88.88"),
    ("sign_type", ""),
    ("seller_id", "2088102146225136"),
    ("gmt_payment", "2023-12-21 06:54:50"),
    ("notify_time", "2023-12-21 06:54:51"),
    ("version", "1.0"),
    ("out_trade_no", "20231221065437000001"),
    ("total_amount", "88.88"),
    ("trade_no", "2023122122001465650501234567"),
    ("auth_app_id", APP_ID),
    ("point_amount", "0.00"),
];

/// What is signed.
fn signed() -> String {
    let pairs = PAIRS.iter().filter(|(name, _)| *name != "sign_type");
    joined(&pairs.map(|(name, value)| (*name, (*value).to_owned())).collect())
}

fn body(sign_type: &str, sign: &[u8]) -> &'static str {
    let value = |name: &str, value: &'static str| {
        if name == "sign_type" { escaped(sign_type) } else { escaped(value) }
    };
    let pairs = PAIRS.iter().map(|(name, text)| format!("{name}={}", value(name, text)));
    let sign = format!("sign={}", escaped(&STANDARD.encode(sign)));
    pairs.chain([sign]).collect::<Vec<_>>().join("&").leak()
}

pub(super) fn workload() -> Workload {
    let client = hmac_client();
    let text: &'static str = signed().leak();
    let body = body("HMAC", &hmac(text.as_bytes()));
    Workload {
        name: "W3v",
        what: "23 parameters, verified to a typed value; a keyed digest in place of RSA",
        rivals: vec![
            Rival::new(By::Bare, move || hmac(text.as_bytes()), |_| String::new()),
            Rival::new(
                By::Payspec,
                move || client.verify_notify(&Incoming::post_form(body.as_bytes())).unwrap(),
                shown,
            ),
            Rival::new(By::Tuned, move || tuned(body.as_bytes()).unwrap(), |notice| notice.shown()),
            Rival::new(By::Idiomatic, move || idiomatic(body).unwrap(), |notice| notice.shown()),
        ],
    }
}

pub(super) fn with_key() -> Workload {
    let client = rsa_client();
    let text: &'static str = signed().leak();
    let platform = RsaPrivateKey::read(PLATFORM).unwrap();
    let sign = platform.sign(RsaDigest::Sha256, text.as_bytes()).unwrap();
    let body = body("RSA2", &sign);
    let verify = bare_rsa::verifying(PLATFORM.as_bytes(), RsaDigest::Sha256);
    Workload {
        name: "W3v RSA",
        what: "the same, RSA-2048 with SHA-256",
        rivals: vec![
            Rival::new(By::Bare, move || verify(text.as_bytes(), &sign), |()| String::new()),
            Rival::new(
                By::Payspec,
                move || client.verify_notify(&Incoming::post_form(body.as_bytes())).unwrap(),
                shown,
            ),
        ],
    }
}

/// The typed value as services have it: numbers and times read, all else as text.
struct Notice<T> {
    amounts: [i64; 5],
    times: [i64; 3],
    texts: [T; 12],
}

const AMOUNTS: [&str; 5] =
    ["buyer_pay_amount", "invoice_amount", "point_amount", "receipt_amount", "total_amount"];
const TIMES: [&str; 3] = ["gmt_create", "gmt_payment", "notify_time"];
const TEXTS: [&str; 12] = [
    "app_id",
    "auth_app_id",
    "buyer_id",
    "charset",
    "fund_bill_list",
    "notify_id",
    "notify_type",
    "out_trade_no",
    "seller_id",
    "subject",
    "trade_no",
    "trade_status",
];

impl<T: AsRef<str>> Notice<T> {
    fn shown(&self) -> String {
        let texts: Vec<_> = self.texts.iter().map(AsRef::as_ref).collect();
        format!("{:?} {:?} {texts:?}", self.amounts, self.times)
    }
}

fn shown(notice: Notify) -> String {
    let amounts = [
        notice.buyer_pay_amount,
        notice.invoice_amount,
        notice.point_amount,
        notice.receipt_amount,
        notice.total_amount,
    ];
    let times = [notice.gmt_create, notice.gmt_payment, notice.notify_time];
    Notice {
        amounts: amounts.map(|amount| amount.fen()),
        times: times.map(|time| time.unix_seconds()),
        texts: [
            notice.app_id,
            notice.auth_app_id,
            notice.buyer_id,
            notice.charset,
            notice.fund_bill_list.as_str().into(),
            notice.notify_id,
            notice.notify_type,
            notice.out_trade_no,
            notice.seller_id,
            notice.subject,
            notice.trade_no,
            notice.trade_status.as_str().into(),
        ],
    }
    .shown()
}

/// `88.88`, in fen.
fn fen(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.')?;
    if rest.len() == 2 { Some(whole.parse::<i64>().ok()? * 100 + rest.parse::<i64>().ok()?) } else { None }
}

/// The text on the stack; twelve allocations for the texts that the value owns.
fn tuned(body: &[u8]) -> Option<Notice<String>> {
    let mut pairs = [(&b""[..], &b""[..]); 32];
    let mut count = 0;
    for pair in body.split(|byte| *byte == b'&') {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        *pairs.get_mut(count)? = (&pair[..at], &pair[at + 1..]);
        count += 1;
    }
    let pairs = &mut pairs[..count];
    pairs.sort_unstable();
    let mut text = Text { bytes: [0; 2048], length: 0 };
    let mut places = [(0, 0); 32];
    let mut sign = &b""[..];
    for ((name, value), place) in pairs.iter().zip(&mut places) {
        if *name == b"sign" {
            sign = value;
            continue;
        }
        if *name == b"sign_type" {
            continue;
        }
        if text.length > 0 {
            text.put(b"&");
        }
        text.put_unescaped(name)?;
        text.put(b"=");
        place.0 = text.length;
        text.put_unescaped(value)?;
        place.1 = text.length;
    }
    let mut received = Text { bytes: [0; 1024], length: 0 };
    received.put_unescaped(sign)?;
    let mut decoded = [0; 64];
    let length = STANDARD.decode_slice(&received.bytes[..received.length], &mut decoded).ok()?;
    if !bool::from(hmac(&text.bytes[..text.length]).as_slice().ct_eq(&decoded[..length])) {
        return None;
    }
    let found = |name: &str| {
        let (from, to) = places[pairs.binary_search_by(|(known, _)| known.cmp(&name.as_bytes())).ok()?];
        std::str::from_utf8(&text.bytes[from..to]).ok()
    };
    let mut amounts = [0; 5];
    for (amount, name) in amounts.iter_mut().zip(AMOUNTS) {
        *amount = fen(found(name)?)?;
    }
    let mut times = [0; 3];
    for (time, name) in times.iter_mut().zip(TIMES) {
        *time = unix_seconds(found(name)?.as_bytes());
    }
    let mut texts = [const { String::new() }; 12];
    for (text, name) in texts.iter_mut().zip(TEXTS) {
        *text = found(name)?.to_owned();
    }
    Some(Notice { amounts, times, texts })
}

fn idiomatic(body: &str) -> Option<Notice<String>> {
    let mut pairs = BTreeMap::new();
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=')?;
        pairs.insert(unescaped(name), unescaped(value));
    }
    let sign = STANDARD.decode(pairs.get("sign")?).ok()?;
    let signed = pairs
        .iter()
        .filter(|(name, value)| !matches!(name.as_str(), "sign" | "sign_type") && !value.is_empty());
    let signed: BTreeMap<&str, String> = signed.map(|(name, value)| (name.as_str(), value.clone())).collect();
    if !bool::from(hmac(joined(&signed).as_bytes()).as_slice().ct_eq(&sign)) {
        return None;
    }
    let text = |name: &str| pairs.get(name).cloned();
    Some(Notice {
        amounts: AMOUNTS.map(|name| fen(&text(name).unwrap_or_default()).unwrap_or_default()),
        times: TIMES.map(|name| unix_seconds(text(name).unwrap_or_default().as_bytes())),
        texts: TEXTS.map(|name| text(name).unwrap_or_default()),
    })
}
