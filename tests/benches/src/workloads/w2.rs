//! W2: the cashier URL with nested goods, SHA-1 over 650 bytes; the token is kept, as it is between two renewals.

use std::collections::BTreeMap;

use payspec::{
    FixedClock, Secret, Timestamp, Yuan,
    guanaitong::{
        Cashier, Client, Credentials, Environment, GoodsDetail, GoodsDetailOptional, Options, TradeInfo,
        TradeInfoOptional,
    },
    token::{AccessToken, StoredToken, Storing, TokenStore},
};
use sha1::{Digest as _, Sha1};

use super::{
    Nowhere, at_once,
    w1::{Stack, decimal, joined},
};
use crate::{
    measure::{By, Rival, Workload},
    wire::{escape_into, escaped, hex, hex_digits},
};

const NOW: i64 = 1_531_120_153;
const TOKEN: &str = "cde2c369fab499c0bf0643bb1844e70c";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const VERSION: &str = "1.0.0";
const TRADE_NO: &str = "10000001T20180709150";
const BUYER: &str = "d87797eea12a2f80ad72ed93214a0908";
const REASON: &str = "下单 A+B";
const RETURN_URL: &str = "https://shop.example.com/gat/return?o=1";
const NOTIFY_URL: &str = "https://shop.example.com/gat/notify";
const GOODS: [(&str, &str, i64, i64); 3] =
    [("86001", "鲜榨橙汁", 1, 501), ("86002", "全麦面包", 2, 250), ("86003", "手冲咖啡", 1, 1500)];
const TOTAL: i64 = 2501;

pub(super) fn workload() -> Workload {
    let (client, request) = (client(), request());
    let prefix = "https://openapi.guanaitong.com/seller/pay/excashier?";
    let order = Order {
        goods: GOODS
            .map(|(sku, name, count, price)| (sku.to_owned(), name.to_owned(), count, price))
            .to_vec(),
    };
    let same = order.clone();
    let text: &'static str = signed().leak();
    assert_eq!(text.len(), 650);
    Workload {
        name: "W2",
        what: "redirect with nested goods, SHA-1 over 650 bytes, URL",
        rivals: vec![
            Rival::new(By::Bare, move || Sha1::digest(text), |_| String::new()),
            Rival::new(
                By::Payspec,
                move || at_once(client.cashier(&request)).unwrap(),
                |url| url.as_str().to_owned(),
            ),
            Rival::new(By::Tuned, move || order.tuned(prefix), |url| String::from_utf8(url).unwrap()),
            Rival::new(By::Idiomatic, move || same.idiomatic(prefix), |url| url),
        ],
    }
}

fn client() -> Client {
    let credentials = Credentials { appid: "10000001".to_owned(), appsecret: Secret::new(SECRET) };
    let client = Client::builder(credentials)
        .environment(Environment::Production)
        .options(Options { version: Some(VERSION.to_owned()) })
        .clock(FixedClock::new(Timestamp::from_unix_seconds(NOW).unwrap()))
        .transport(Nowhere);
    client.token_store(OneToken::new()).build().unwrap()
}

fn request() -> Cashier {
    let goods = |(sku, name, quantity, price): (&str, &str, i64, i64)| GoodsDetail {
        optional: GoodsDetailOptional {
            sku_id: Some(sku.to_owned()),
            name: Some(name.to_owned()),
            quantity: Some(quantity),
            price: Some(Yuan::from_fen(price)),
            ..Default::default()
        },
    };
    let total = Yuan::from_fen(TOTAL);
    let trade_info = TradeInfo {
        third_trade_no: "100001".to_owned(),
        optional: TradeInfoOptional {
            total_amount: Some(total),
            pay_amount: Some(total),
            cost_amount: Some(total),
            goods_detail: Some(GOODS.map(goods).to_vec()),
            ..Default::default()
        },
    };
    Cashier {
        outer_trade_no: TRADE_NO.to_owned(),
        buyer_open_id: BUYER.to_owned(),
        reason: REASON.to_owned(),
        total_amount: total,
        trade_info: payspec::Json::of(trade_info),
        return_url: RETURN_URL.parse().unwrap(),
        notify_url: NOTIFY_URL.parse().unwrap(),
        optional: Default::default(),
    }
}

/// The token that the application has in its memory.
#[derive(Debug)]
struct OneToken(StoredToken);

impl OneToken {
    fn new() -> Self {
        let at = |seconds| Timestamp::from_unix_seconds(NOW + seconds).unwrap();
        Self(StoredToken { token: AccessToken::new(TOKEN), made_at: at(-60), expires_at: at(3600) })
    }
}

impl TokenStore for OneToken {
    fn at_hand(&self, _: &str) -> Option<StoredToken> {
        Some(self.0.clone())
    }

    fn load<'a>(&'a self, _: &'a str) -> Storing<'a, Option<StoredToken>> {
        Box::pin(std::future::ready(Ok(Some(self.0.clone()))))
    }

    fn replace<'a>(
        &'a self,
        _: &'a str,
        _: Option<&'a AccessToken>,
        _: &'a StoredToken,
    ) -> Storing<'a, bool> {
        Box::pin(std::future::ready(Ok(false)))
    }
}

/// What is signed, for the digest alone.
fn signed() -> String {
    let order = Order {
        goods: GOODS
            .map(|(sku, name, count, price)| (sku.to_owned(), name.to_owned(), count, price))
            .to_vec(),
    };
    joined(&order.pairs())
}

#[derive(Clone)]
struct Order {
    goods: Vec<(String, String, i64, i64)>,
}

impl Order {
    fn tuned(&self, prefix: &str) -> Vec<u8> {
        let mut numbers = [[0; 20]; 2];
        let [now, total] = &mut numbers;
        let now = decimal(NOW, now);
        let total = yuan(TOTAL, total);
        let mut json = Stack::<1024>::new();
        let mut number = [0; 20];
        for (name, value) in [
            ("{\"thirdTradeNo\":\"", "100001"),
            ("\",\"totalAmount\":", total),
            (",\"payAmount\":", total),
            (",\"costAmount\":", total),
        ] {
            json.put(name);
            json.put(value);
        }
        json.put(",\"goodsDetail\":[");
        for (index, (sku, name, quantity, price)) in self.goods.iter().enumerate() {
            json.put(if index == 0 { "{\"skuId\":\"" } else { ",{\"skuId\":\"" });
            put_json(&mut json, sku);
            json.put("\",\"name\":\"");
            put_json(&mut json, name);
            json.put("\",\"quantity\":");
            json.put(decimal(*quantity, &mut number));
            json.put(",\"price\":");
            json.put(yuan(*price, &mut number));
            json.put("}");
        }
        json.put("]}");
        let trade_info = std::str::from_utf8(json.bytes()).unwrap();
        let mut text = Stack::<2048>::new();
        for (name, value) in [
            ("access_token=", TOKEN),
            ("&appsecret=", SECRET),
            ("&buyer_open_id=", BUYER),
            ("&notify_url=", NOTIFY_URL),
            ("&outer_trade_no=", TRADE_NO),
            ("&reason=", REASON),
            ("&return_url=", RETURN_URL),
            ("&timestamp=", now),
            ("&total_amount=", total),
            ("&trade_info=", trade_info),
            ("&version=", VERSION),
        ] {
            text.put(name);
            text.put(value);
        }
        let sign: [u8; 40] = hex::<20, 40>(Sha1::digest(text.bytes()).into());
        let mut url = Vec::with_capacity(1536);
        url.extend_from_slice(prefix.as_bytes());
        for (name, value) in [
            ("access_token=", TOKEN),
            ("&timestamp=", now),
            ("&version=", VERSION),
            ("&outer_trade_no=", TRADE_NO),
            ("&buyer_open_id=", BUYER),
            ("&reason=", REASON),
            ("&total_amount=", total),
            ("&trade_info=", trade_info),
            ("&return_url=", RETURN_URL),
            ("&notify_url=", NOTIFY_URL),
        ] {
            url.extend_from_slice(name.as_bytes());
            escape_into(&mut url, value);
        }
        url.extend_from_slice(b"&sign=");
        url.extend_from_slice(&sign);
        url
    }

    fn pairs(&self) -> BTreeMap<&'static str, String> {
        let amount = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        let goods = self.goods.iter().map(|(sku, name, quantity, price)| {
            format!(
                "{{\"skuId\":\"{sku}\",\"name\":\"{name}\",\"quantity\":{quantity},\"price\":{}}}",
                amount(*price)
            )
        });
        let goods = goods.collect::<Vec<_>>().join(",");
        let total = amount(TOTAL);
        let trade_info = format!(
            "{{\"thirdTradeNo\":\"100001\",\"totalAmount\":{total},\"payAmount\":{total},\"costAmount\":{total},\"goodsDetail\":[{goods}]}}"
        );
        BTreeMap::from([
            ("access_token", TOKEN.to_owned()),
            ("appsecret", SECRET.to_owned()),
            ("buyer_open_id", BUYER.to_owned()),
            ("notify_url", NOTIFY_URL.to_owned()),
            ("outer_trade_no", TRADE_NO.to_owned()),
            ("reason", REASON.to_owned()),
            ("return_url", RETURN_URL.to_owned()),
            ("timestamp", NOW.to_string()),
            ("total_amount", total),
            ("trade_info", trade_info),
            ("version", VERSION.to_owned()),
        ])
    }

    fn idiomatic(&self, prefix: &str) -> String {
        let mut pairs = self.pairs();
        let sign = hex_digits(&Sha1::digest(joined(&pairs)));
        pairs.remove("appsecret");
        pairs.insert("sign", sign);
        let order = [
            "access_token",
            "timestamp",
            "version",
            "outer_trade_no",
            "buyer_open_id",
            "reason",
            "total_amount",
            "trade_info",
            "return_url",
            "notify_url",
            "sign",
        ];
        let query = order.iter().map(|name| format!("{name}={}", escaped(&pairs[name])));
        format!("{prefix}{}", query.collect::<Vec<_>>().join("&"))
    }
}

/// Two decimals.
pub(super) fn yuan(fen: i64, buffer: &mut [u8; 20]) -> &str {
    let (mut at, mut rest) = (buffer.len(), fen);
    for place in 0.. {
        if place == 2 {
            at -= 1;
            buffer[at] = b'.';
        }
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 && place >= 2 {
            break;
        }
    }
    std::str::from_utf8(&buffer[at..]).unwrap()
}

fn put_json(json: &mut Stack<1024>, text: &str) {
    assert!(!text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..=31)), "none of ours has any");
    json.put(text);
}
