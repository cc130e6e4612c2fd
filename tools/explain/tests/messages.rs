//! Messages that an application, its framework or a proxy has changed, and keys that are others.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::{Case, Message, Sample, Table, cases, timed};
use payspec_interpreter::{CredentialValue, Settings};
use payspec_runtime::Secret;

/// A break of a form, given its decoded pairs.
type OfPairs = fn(&mut Vec<(String, String)>) -> Option<String>;

fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |piece: &str| {
        let bytes = piece.replace('+', " ").into_bytes();
        let mut decoded = Vec::new();
        let mut rest = bytes.iter();
        while let Some(byte) = rest.next() {
            if *byte == b'%' {
                let digits = [*rest.next().unwrap(), *rest.next().unwrap()];
                decoded.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            } else {
                decoded.push(*byte);
            }
        }
        String::from_utf8(decoded).unwrap_or_default()
    };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    text.split('&').filter(|own| !own.is_empty()).map(pair).collect()
}

fn written(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    char::from(byte).to_string()
                }
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn each(pairs: &mut [(String, String)], change: impl Fn(&str) -> String) -> Option<String> {
    let mut last = None;
    let mut count = 0;
    for (name, value) in pairs.iter_mut() {
        // The signature travels in a form of its own.
        if value.len() > 31
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte))
        {
            continue;
        }
        let changed = change(value);
        if changed != *value {
            *value = changed;
            count += 1;
            last = Some(format!("message.field.{name}"));
        }
    }
    if count > 1 { Some("message.fields".into()) } else { last }
}

fn form_breaks() -> Vec<(&'static str, OfPairs)> {
    vec![
        ("parameter added (r)", |own| {
            own.insert(0, ("r".into(), "pay/notify".into()));
            Some("message.field.r".into())
        }),
        ("parameter added (_t)", |own| {
            own.push(("_t".into(), "1571234567".into()));
            Some("message.field._t".into())
        }),
        ("two parameters added", |own| {
            own.push(("controller".into(), "pay".into()));
            own.push(("action".into(), "notify".into()));
            Some("message.fields".into())
        }),
        ("empty one lost", |own| {
            let at = own.iter().position(|(_, value)| value.is_empty())?;
            let (name, _) = own.remove(at);
            Some(format!("message.field.{name}"))
        }),
        ("+ became blank", |own| each(own, |value| value.replace('+', " "))),
        ("blank became +", |own| each(own, |value| value.replace(' ', "+"))),
        ("encoded once more", |own| {
            each(own, |value| written(&[(String::new(), value.to_owned())])[1..].to_owned())
        }),
        ("decoded twice", |own| {
            each(own, |value| {
                if value.contains('%') { pairs(&format!("a={value}"))[0].1.clone() } else { value.to_owned() }
            })
        }),
        ("escaped for HTML", |own| {
            each(own, |value| {
                value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
            })
        }),
        ("read as Latin-1", |own| each(own, |value| value.bytes().map(char::from).collect())),
        ("trailing zeros lost", |own| {
            let (name, value) = own.iter_mut().find(|(_, value)| value.ends_with(".00"))?;
            *value = value.trim_end_matches(".00").to_owned();
            Some(format!("message.field.{name}"))
        }),
        ("a zero lost", |own| {
            let (name, value) = own.iter_mut().find(|(_, value)| {
                value.len() < 9 && value.contains('.') && value.ends_with('0') && value.parse::<f64>().is_ok()
            })?;
            value.pop();
            Some(format!("message.field.{name}"))
        }),
        ("decimals given", |own| {
            let (name, value) = own
                .iter_mut()
                .find(|(name, value)| name.contains("amount") && value.parse::<u32>().is_ok())?;
            value.push_str(".00");
            Some(format!("message.field.{name}"))
        }),
        ("blank at its end", |own| {
            let (name, value) = own.iter_mut().find(|(_, value)| (3..20).contains(&value.len()))?;
            value.push(' ');
            Some(format!("message.field.{name}"))
        }),
        ("upper case", |own| {
            let (name, value) = own.iter_mut().find(|(_, value)| {
                (3..20).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_lowercase())
            })?;
            *value = value.to_uppercase();
            Some(format!("message.field.{name}"))
        }),
    ]
}

#[test]
fn a_changed_form_is_found() {
    let mut table = Table::default();
    let mut sample = Sample::new();
    for case in cases().iter().filter(|case| case.is_received()) {
        let text = String::from_utf8(case.message.body.clone()).unwrap_or_default();
        let in_query = text.is_empty() && !case.message.query.is_empty();
        let text = if in_query { case.message.query.clone() } else { text };
        if !text.contains('=') || text.starts_with(['{', '<', '[']) || text.contains("Content-Disposition") {
            continue;
        }
        for (kind, change) in form_breaks() {
            let mut changed = pairs(&text);
            let Some(cause) = change(&mut changed) else { continue };
            let mut message = case.message.clone();
            if in_query {
                message.query = written(&changed);
            } else {
                message.body = written(&changed).into_bytes();
            }
            ask(case, &case.vector.settings, &message, kind, &mut table, &mut sample, |at| {
                at == cause || cause == "message.fields" && at.starts_with("message.field")
            });
        }
        if !in_query {
            for (kind, name) in [("added to the query", "r"), ("added to the query", "from")] {
                let message = Message { query: format!("{name}=1"), ..case.message.clone() };
                let cause = format!("message.field.{name}");
                ask(case, &case.vector.settings, &message, kind, &mut table, &mut sample, |at| {
                    at == cause || at == "message.query"
                });
            }
        }
    }
    table.print("forms changed");
    assert!(table.total() > 5 && table.share() > 80.0);
}

fn ask(
    case: &Case,
    settings: &Settings,
    message: &Message,
    kind: &str,
    table: &mut Table,
    sample: &mut Sample,
    is_cause: impl Fn(&str) -> bool,
) {
    if !sample.takes() {
        return;
    }
    let (answer, took) = timed(|| case.ask(&case.provider, settings, message));
    if !answer.as_it_is && answer.obstacle.is_none() {
        table.add(kind, &case.name(), &answer, took, is_cause);
    }
}

type OfBytes = fn(&str) -> Option<String>;

#[test]
fn a_changed_body_is_found() {
    let breaks: [(&str, OfBytes); 7] = [
        ("line end behind it", |own| Some(format!("{own}\n"))),
        ("CR LF behind it", |own| Some(format!("{own}\r\n"))),
        ("byte order mark", |own| Some(format!("\u{feff}{own}"))),
        ("blanks behind :", |own| Some(own.replace("\":", "\": ").replace(",\"", ", \""))),
        ("slashes escaped", |own| Some(own.replace('/', "\\/"))),
        ("slashes bare", |own| Some(own.replace("\\/", "/"))),
        ("escaped for HTML", |own| Some(own.replace('"', "&quot;"))),
    ];
    let mut table = Table::default();
    let mut sample = Sample::all();
    for case in cases().iter().filter(|case| case.is_received()) {
        let Ok(text) = String::from_utf8(case.message.body.clone()) else { continue };
        if !text.starts_with('{') {
            continue;
        }
        for (kind, change) in breaks {
            let Some(body) = change(&text).filter(|body| *body != text) else { continue };
            let message = Message { body: body.into_bytes(), ..case.message.clone() };
            ask(case, &case.vector.settings, &message, kind, &mut table, &mut sample, |at| {
                at.starts_with("message.")
            });
        }
    }
    table.print("bodies changed");
    assert!(table.total() > 20 && table.share() > 80.0);
}

#[test]
fn another_key_is_found() {
    let mut table = Table::default();
    let mut sample = Sample::new();
    for case in cases() {
        let own = case.vector.settings.credentials.clone();
        for (name, value) in own.iter() {
            let CredentialValue::Secret(secret) = value else { continue };
            for (kind, other) in [
                ("blank behind the secret", format!("{} ", secret.expose())),
                ("secret in upper case", secret.expose().to_uppercase()),
                ("line end behind the secret", format!("{}\n", secret.expose())),
            ] {
                if other == secret.expose()
                    || kind.contains("case") && secret.expose().to_lowercase() != secret.expose()
                {
                    continue;
                }
                let mut settings = case.vector.settings.clone();
                settings.credentials.insert(name, CredentialValue::Secret(Secret::new(other)));
                let cause = format!("credentials.{name}");
                ask(&case, &settings, &case.message, kind, &mut table, &mut sample, |at| at == cause);
            }
        }
    }
    table.print("keys changed");
    assert!(table.total() > 3);
}
