//! W1v: the callback of the same provider, verified over 219 bytes and read into a typed value.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use payspec::{Incoming, aggregate_pay::Notify};
use subtle::ConstantTimeEq as _;

use super::w1::{SECRET, client, joined};
use crate::{
    measure::{By, Rival, Workload},
    wire::{hex, hex_digits, unescaped, unix_seconds},
};

const SIGNED: &str = "actual_amount=10000.00&amount=10000.00&appid=gpu10000000&attach=&order_no=20190818001341000001&pay_status=1&pay_time=2019-08-18 00:13:41&platform_order_no=A20190818001341000001001&secret=0123456789abcdef0123456789abcdef";

pub(super) fn workload() -> Workload {
    assert_eq!(SIGNED.len(), 219);
    let sign = hex::<16, 32>(Md5::digest(SIGNED).into());
    let sign = std::str::from_utf8(&sign).unwrap();
    let body = format!(
        "appid=gpu10000000&order_no=20190818001341000001&amount=10000.00&actual_amount=10000.00&\
         platform_order_no=A20190818001341000001001&attach=&pay_time=2019-08-18%2000%3A13%3A41&pay_status=1&sign={sign}"
    );
    let body: &'static str = body.leak();
    let client = client();
    Workload {
        name: "W1v",
        what: "its callback, MD5 over 219 bytes, verified to a typed value",
        rivals: vec![
            Rival::new(By::Bare, || Md5::digest(SIGNED), |_| String::new()),
            Rival::new(
                By::Payspec,
                move || client.verify_notify(&Incoming::post_form(body.as_bytes())).unwrap(),
                |notice| of_payspec(notice).shown(),
            ),
            Rival::new(By::Tuned, move || tuned(body.as_bytes()).unwrap(), |notice| notice.shown()),
            Rival::new(By::Idiomatic, move || idiomatic(body).unwrap(), |notice| notice.shown()),
        ],
    }
}

/// Owned, or borrowed from the body.
struct Notice<T> {
    order_no: T,
    amount: i64,
    actual_amount: i64,
    platform_order_no: T,
    attach: T,
    pay_time: i64,
    pay_status: T,
}

impl<T: AsRef<str>> Notice<T> {
    fn shown(&self) -> String {
        let Self { order_no, amount, actual_amount, platform_order_no, attach, pay_time, pay_status } = self;
        let [order_no, platform, attach, status] =
            [order_no, platform_order_no, attach, pay_status].map(|text| text.as_ref());
        format!("{order_no} {amount} {actual_amount} {platform} {attach} {pay_time} {status}")
    }
}

fn of_payspec(notice: Notify) -> Notice<String> {
    Notice {
        order_no: notice.order_no.into(),
        amount: notice.amount.get(),
        actual_amount: notice.actual_amount.get(),
        platform_order_no: notice.platform_order_no.unwrap().into(),
        attach: notice.attach.unwrap_or_default().into(),
        pay_time: notice.pay_time.unix_seconds(),
        pay_status: notice.pay_status.unwrap().as_str().to_owned(),
    }
}

/// `10000.00`, in fen.
fn fen(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.bytes().all(|digit| digit == b'0') { whole.parse().ok() } else { None }
}

/// Everything on the stack, and what is kept borrowed from the body, as far as it stands there unescaped.
fn tuned(body: &'static [u8]) -> Option<Notice<&'static str>> {
    let mut pairs = [(&b""[..], &b""[..]); 16];
    let mut count = 0;
    for pair in body.split(|byte| *byte == b'&') {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        *pairs.get_mut(count)? = (&pair[..at], &pair[at + 1..]);
        count += 1;
    }
    let pairs = &mut pairs[..count];
    pairs.sort_unstable();
    let mut text = Text { bytes: [0; 1024], length: 0 };
    let mut sign = &b""[..];
    for (name, value) in &*pairs {
        if *name == b"sign" {
            sign = value;
            continue;
        }
        text.put_unescaped(name)?;
        text.put(b"=");
        text.put_unescaped(value)?;
        text.put(b"&");
    }
    text.put(b"secret=");
    text.put(SECRET.as_bytes());
    let own = hex::<16, 32>(Md5::digest(&text.bytes[..text.length]).into());
    if !bool::from(own.as_slice().ct_eq(sign)) {
        return None;
    }
    let found =
        |name: &str| Some(pairs[pairs.binary_search_by(|(known, _)| known.cmp(&name.as_bytes())).ok()?].1);
    let text = |name| std::str::from_utf8(found(name)?).ok().filter(|text| !text.contains(['%', '+']));
    let mut pay_time = Text { bytes: [0; 1024], length: 0 };
    pay_time.put_unescaped(found("pay_time")?)?;
    Some(Notice {
        order_no: text("order_no")?,
        amount: fen(text("amount")?)?,
        actual_amount: fen(text("actual_amount")?)?,
        platform_order_no: text("platform_order_no")?,
        attach: text("attach")?,
        pay_time: unix_seconds(&pay_time.bytes[..pay_time.length]),
        pay_status: text("pay_status")?,
    })
}

/// A text on the stack.
pub(super) struct Text<const ROOM: usize> {
    pub(super) bytes: [u8; ROOM],
    pub(super) length: usize,
}

impl<const ROOM: usize> Text<ROOM> {
    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    pub(super) fn put_unescaped(&mut self, escaped: &[u8]) -> Option<()> {
        if !escaped.iter().any(|byte| matches!(byte, b'%' | b'+')) {
            self.put(escaped);
            return Some(());
        }
        let mut rest = escaped;
        while let [first, behind @ ..] = rest {
            rest = behind;
            let byte = match first {
                b'+' => b' ',
                b'%' => {
                    let [high, low, behind @ ..] = rest else { return None };
                    rest = behind;
                    digit(*high)? << 4 | digit(*low)?
                }
                other => *other,
            };
            *self.bytes.get_mut(self.length)? = byte;
            self.length += 1;
        }
        Some(())
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

fn idiomatic(body: &str) -> Option<Notice<String>> {
    let mut pairs = BTreeMap::new();
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=')?;
        pairs.insert(unescaped(name), unescaped(value));
    }
    let sign = pairs.remove("sign")?;
    let mut signed: BTreeMap<&str, String> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    signed.insert("secret", SECRET.to_owned());
    let own = hex_digits(&Md5::digest(joined(&signed)));
    if !bool::from(own.as_bytes().ct_eq(sign.as_bytes())) {
        return None;
    }
    let text = |name| pairs.get(name).cloned();
    Some(Notice {
        order_no: text("order_no")?,
        amount: fen(pairs.get("amount")?)?,
        actual_amount: fen(pairs.get("actual_amount")?)?,
        platform_order_no: text("platform_order_no")?,
        attach: text("attach")?,
        pay_time: unix_seconds(pairs.get("pay_time")?.as_bytes()),
        pay_status: text("pay_status")?,
    })
}
