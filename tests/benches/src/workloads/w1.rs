//! W1: an order of eight parameters, MD5 over 234 bytes, one empty parameter dropped, a Chinese product name; a form.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use payspec::{
    Fen, HttpUrl, Secret,
    aggregate_pay::{BankCode, Client, Credentials, Environment, UnifiedOrder, UnifiedOrderOptional},
};

use super::Nowhere;
use crate::{
    measure::{By, Rival, Workload},
    wire::{escape_into, escaped, hex, hex_digits},
};

pub(super) const APPID: &str = "gpu10000000";
pub(super) const SECRET: &str = "0123456789abcdef0123456789abcdef";
const ORDER_NO: &str = "20190818001341000001";
const NOTIFY_URL: &str = "https://shop.example.com/pay/notify";
const RETURN_URL: &str = "https://shop.example.com/pay/return";
const PRODUCT_NAME: &str = "测试商品";
const SIGNED: &str = "amount=10000&appid=gpu10000000&bank_code=912&notify_url=https://shop.example.com/pay/notify&order_no=20190818001341000001&product_name=测试商品&return_url=https://shop.example.com/pay/return&secret=0123456789abcdef0123456789abcdef";

pub(super) fn client() -> Client {
    let credentials = Credentials { appid: APPID.to_owned(), secret: Secret::new(SECRET) };
    let gateway = "https://pay.example.com".parse().unwrap();
    let environment = Environment::Merchant { gateway };
    Client::builder(credentials).environment(environment).transport(Nowhere).build().unwrap()
}

pub(super) fn workload() -> Workload {
    assert_eq!(SIGNED.len(), 234);
    let (client, request) = (client(), request());
    let url = |text: &str| text.parse::<HttpUrl>().unwrap();
    let order = Order {
        order_no: ORDER_NO.to_owned(),
        amount: 10_000,
        product_name: PRODUCT_NAME.to_owned(),
        bank_code: "912",
        notify_url: url(NOTIFY_URL),
        return_url: url(RETURN_URL),
        attach: Some(String::new()),
    };
    let same = order.clone();
    Workload {
        name: "W1",
        what: "order of 8 parameters, MD5 over 234 bytes, form",
        rivals: vec![
            Rival::new(By::Bare, || Md5::digest(SIGNED), |_| String::new()),
            Rival::new(
                By::Payspec,
                move || client.prepare_unified_order(&request).unwrap(),
                |prepared| String::from_utf8(prepared.body().to_vec()).unwrap(),
            ),
            Rival::new(By::Tuned, move || order.tuned(), |body| String::from_utf8(body).unwrap()),
            Rival::new(By::Idiomatic, move || same.idiomatic(), |body| body),
        ],
    }
}

fn request() -> UnifiedOrder {
    UnifiedOrder {
        order_no: ORDER_NO.to_owned(),
        amount: Fen::new(10_000),
        product_name: PRODUCT_NAME.to_owned(),
        bank_code: BankCode::WechatQr,
        notify_url: NOTIFY_URL.parse().unwrap(),
        return_url: RETURN_URL.parse().unwrap(),
        optional: UnifiedOrderOptional { attach: Some(String::new()), ..Default::default() },
    }
}

#[derive(Clone)]
struct Order {
    order_no: String,
    amount: i64,
    product_name: String,
    bank_code: &'static str,
    notify_url: HttpUrl,
    return_url: HttpUrl,
    attach: Option<String>,
}

impl Order {
    /// One buffer for the text, on the stack; one for the body.
    fn tuned(&self) -> Vec<u8> {
        let attach = self.attach.as_deref().filter(|attach| !attach.is_empty());
        let mut number = [0; 20];
        let amount = decimal(self.amount, &mut number);
        let mut text = Stack::<512>::new();
        text.put("amount=");
        text.put(amount);
        text.put("&appid=");
        text.put(APPID);
        if let Some(attach) = attach {
            text.put("&attach=");
            text.put(attach);
        }
        text.put("&bank_code=");
        text.put(self.bank_code);
        text.put("&notify_url=");
        text.put(self.notify_url.as_str());
        text.put("&order_no=");
        text.put(&self.order_no);
        text.put("&product_name=");
        text.put(&self.product_name);
        text.put("&return_url=");
        text.put(self.return_url.as_str());
        text.put("&secret=");
        text.put(SECRET);
        let sign: [u8; 32] = hex::<16, 32>(Md5::digest(text.bytes()).into());
        let mut body = Vec::with_capacity(512);
        let mut pair = |name: &str, value: &str| {
            body.extend_from_slice(name.as_bytes());
            escape_into(&mut body, value);
        };
        pair("appid=", APPID);
        pair("&order_no=", &self.order_no);
        pair("&amount=", amount);
        pair("&product_name=", &self.product_name);
        pair("&bank_code=", self.bank_code);
        if let Some(attach) = attach {
            pair("&attach=", attach);
        }
        pair("&notify_url=", self.notify_url.as_str());
        pair("&return_url=", self.return_url.as_str());
        body.extend_from_slice(b"&sign=");
        body.extend_from_slice(&sign);
        body
    }

    fn idiomatic(&self) -> String {
        let mut pairs = BTreeMap::new();
        pairs.insert("appid", APPID.to_owned());
        pairs.insert("order_no", self.order_no.clone());
        pairs.insert("amount", self.amount.to_string());
        pairs.insert("product_name", self.product_name.clone());
        pairs.insert("bank_code", self.bank_code.to_owned());
        pairs.insert("notify_url", self.notify_url.to_string());
        pairs.insert("return_url", self.return_url.to_string());
        pairs.insert("attach", self.attach.clone().unwrap_or_default());
        pairs.insert("secret", SECRET.to_owned());
        pairs.retain(|_, value| !value.is_empty());
        let text = joined(&pairs);
        pairs.remove("secret");
        let sign = hex_digits(&Md5::digest(text));
        pairs.insert("sign", sign);
        let order = [
            "appid",
            "order_no",
            "amount",
            "product_name",
            "bank_code",
            "attach",
            "notify_url",
            "return_url",
            "sign",
        ];
        let body = order.iter().filter_map(|name| Some(format!("{name}={}", escaped(pairs.get(name)?))));
        body.collect::<Vec<_>>().join("&")
    }
}

/// `name=value`, joined by `&`.
pub(super) fn joined(pairs: &BTreeMap<&str, String>) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Digits at the end of a buffer.
pub(super) fn decimal(mut number: i64, buffer: &mut [u8; 20]) -> &str {
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return std::str::from_utf8(&buffer[at..]).unwrap();
        }
    }
}

/// A text on the stack.
pub(super) struct Stack<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: usize,
}

impl<const ROOM: usize> Stack<ROOM> {
    pub(super) fn new() -> Self {
        Self { bytes: [0; ROOM], length: 0 }
    }

    pub(super) fn put(&mut self, text: &str) {
        let end = self.length + text.len();
        self.bytes[self.length..end].copy_from_slice(text.as_bytes());
        self.length = end;
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}
