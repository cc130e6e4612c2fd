//! What they send: each way to be refused, and the values that come out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use payspec_codegen::ir::*;
use payspec_interpreter::{
    CallbackMessage, Fresh, Incoming, Interpreter, RecipeError, Refusal, Settings, Verified,
};

fn post(body: &[u8]) -> Incoming<'_> {
    Incoming::new("POST", b"", Some("application/x-www-form-urlencoded; charset=utf-8"), body)
}

fn notify() -> Callback {
    let status = echo("pay_status?", Kind::Enum(TypeId(0)), "x");
    let appid = ReceivedField { equals: Some(credential("appid")), ..received("appid", Kind::Text) };
    let fields = vec![
        received("sign", Kind::Signature),
        received("kind", Kind::Text),
        received("amount", yuan(JsonForm::Text)),
        received("attach?", Kind::Text),
        status,
        appid,
    ];
    Callback {
        when: is("kind", "pay"),
        outcome: Some(Outcome {
            of: OutcomeOf::Payment,
            cases: Vec::new(),
            from: Some(name("pay_status")),
            otherwise: Word::Unknown,
        }),
        ..callback("notify", fields)
    }
}

fn spec() -> Provider {
    let mut spec = provider();
    let mut other = spec.recipes[1].clone();
    other.list.as_mut().unwrap().except = vec!["is_jump".to_owned()];
    spec.recipes[1].also_accept = vec![Reading { differs: "except: [is_jump]".to_owned(), recipe: other }];
    spec.types = vec![enumeration("PayStatus", &[("1", Some(Word::Paid)), ("2", None)])];
    spec.callbacks = vec![notify()];
    spec
}

const FIELDS: &[(&str, &str)] =
    &[("kind", "pay"), ("amount", "10.1"), ("attach", ""), ("pay_status", "1"), ("appid", "gpu1")];

fn signed(interpreter: &Interpreter, fields: &[(&str, &str)]) -> CallbackMessage {
    interpreter.sign_callback("notify", &pairs(fields), Receive::PostForm).unwrap()
}

fn verify(interpreter: &Interpreter, body: &str) -> Result<Verified, Refusal> {
    interpreter.verify_callback("notify", &post(body.as_bytes()))
}

fn changed(field: &str, value: &str) -> Result<Verified, Refusal> {
    let interpreter = interpreter(spec());
    let fields: Vec<(&str, &str)> =
        FIELDS.iter().map(|(name, old)| (*name, if *name == field { value } else { old })).collect();
    verify(&interpreter, &text_of(&signed(&interpreter, &fields).body))
}

#[test]
fn a_signed_notice_gives_canonical_values() {
    let interpreter = interpreter(spec());
    let verified =
        verify(&interpreter, &text_of(&signed(&interpreter, &[FIELDS, &[("new", "é\"")]].concat()).body))
            .unwrap();
    let values: Vec<(&str, &str)> =
        verified.values.iter().map(|(name, text)| (name, text.as_str())).collect();
    assert_eq!(values, [("kind", "pay"), ("amount", "10.10"), ("pay_status", "1"), ("appid", "gpu1")]);
    assert_eq!(verified.extra.get("new").map(String::as_str), Some("\"é\\\"\""));
    assert_eq!((verified.outcome, verified.reading), (Some(Word::Paid), 0));
    assert!(text_of(verified.base_text()).contains("&attach=&"), "empty values are signed here");
    assert!(!format!("{verified:?}").contains(SECRET));
}

#[test]
fn values_that_say_nothing_are_unknown() {
    for status in ["2", "77", ""] {
        assert_eq!(changed("pay_status", status).unwrap().outcome, Some(Word::Unknown), "{status:?}");
    }
}

#[test]
fn the_second_reading_is_named() {
    let interpreter = interpreter(spec());
    let body = format!("{}&is_jump=1", text_of(&signed(&interpreter, FIELDS).body));
    assert_eq!(verify(&interpreter, &body).unwrap().reading, 1);
    assert_eq!(verify(&interpreter, &body.replace("is_jump", "is_hop")), Err(Refusal::SignatureMismatch));
}

#[test]
fn every_changed_byte_of_a_value_is_refused() {
    let interpreter = interpreter(spec());
    let body = text_of(&signed(&interpreter, FIELDS).body);
    for at in 0..body.len() {
        let mut bytes = body.clone().into_bytes();
        bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
        assert!(interpreter.verify_callback("notify", &post(&bytes)).is_err(), "byte {at}");
    }
}

#[test]
fn each_refusal_has_its_kind() {
    let interpreter = interpreter(spec());
    let body = text_of(&signed(&interpreter, FIELDS).body);
    let (plain, signature) = body.split_once("&sign=").unwrap();
    let refused = |body: &str| verify(&interpreter, body).unwrap_err();
    let sign = || "sign".to_owned();
    assert_eq!(refused(plain), Refusal::MissingSignature { name: sign() });
    assert_eq!(refused(&format!("{plain}&sign=")), Refusal::EmptySignature { name: sign() });
    assert_eq!(refused(&format!("{plain}&sign=%20{signature}")), Refusal::MalformedSignature);
    assert_eq!(refused(&format!("{plain}&sign=abc")), Refusal::MalformedSignature);
    assert_eq!(refused(&format!("{plain}&sign=abcd")), Refusal::SignatureMismatch);
    assert_eq!(refused(&format!("{body}&amount=1")), Refusal::RepeatedField { name: "amount".to_owned() });
    assert_eq!(refused(&format!("{body}&amoun%74=1")), Refusal::RepeatedField { name: "amount".to_owned() });
    assert_eq!(refused(&format!("{body}&sign={signature}")), Refusal::RepeatedField { name: sign() });
    assert_eq!(refused(&format!("{body}&x=%4")), Refusal::BadPercent);
    assert_eq!(refused(&format!("{body}&x=%ff")), Refusal::BadCharset);
    assert_eq!(refused(&format!("{body}&=1")), Refusal::BadForm);
    assert_eq!(refused(&format!("{body}&x={}", "a".repeat(70_000))), Refusal::TooLarge { limit: 65_536 });
    assert_eq!(refused(""), Refusal::MissingSignature { name: sign() });
    let unknown = interpreter.verify_callback("nothing", &post(b"")).unwrap_err();
    assert_eq!(unknown, Refusal::UnknownName { name: "nothing".to_owned() });
}

#[test]
fn hex_may_be_in_either_case() {
    let interpreter = interpreter(spec());
    let body = text_of(&signed(&interpreter, FIELDS).body);
    let (plain, signature) = body.split_once("&sign=").unwrap();
    assert!(verify(&interpreter, &format!("{plain}&sign={}", signature.to_uppercase())).is_ok());
}

#[test]
fn a_genuine_notice_must_be_the_right_one() {
    assert_eq!(changed("kind", "refund"), Err(Refusal::OtherNotice));
    assert_eq!(changed("appid", "gpu2"), Err(Refusal::ForSomebodyElse { name: "appid".to_owned() }));
    assert_eq!(changed("amount", ""), Err(Refusal::MissingField { name: "amount".to_owned() }));
    for amount in ["1e2", "1.005", "x", "+1", " 1", "1.000"] {
        assert_eq!(
            changed("amount", amount),
            Err(Refusal::BadField { name: "amount".to_owned(), wanted: "an amount" }),
            "{amount}"
        );
    }
}

#[test]
fn another_shape_is_refused() {
    let interpreter = interpreter(spec());
    let body = signed(&interpreter, FIELDS).body;
    let refused =
        |incoming: Incoming<'_>| interpreter.verify_callback("notify", &incoming) == Err(Refusal::OtherShape);
    assert!(refused(Incoming::new("GET", &body, None, b"")));
    assert!(refused(Incoming { content_type: Some("application/json"), ..post(&body) }));
    assert!(refused(Incoming { method: "post", ..post(&body) }));
    assert!(interpreter.verify_callback("notify", &Incoming { content_type: None, ..post(&body) }).is_ok());
}

#[test]
fn query_and_body_are_one_message() {
    let interpreter = interpreter(spec());
    let body = signed(&interpreter, FIELDS).body;
    let moved = Incoming { query: b"amount=10.1", ..post(&body) };
    assert_eq!(
        interpreter.verify_callback("notify", &moved),
        Err(Refusal::RepeatedField { name: "amount".to_owned() })
    );
    let added = Incoming { query: b"shop=1", ..post(&body) };
    assert_eq!(interpreter.verify_callback("notify", &added), Err(Refusal::SignatureMismatch));
}

#[test]
fn a_json_notice_is_signed_over_its_own_characters() {
    let mut spec = spec();
    spec.callbacks[0].receive = vec![Receive::PostJson];
    spec.recipes[1].also_accept = Vec::new();
    let interpreter = interpreter(spec);
    let fields = pairs(&[("amount", "10.10"), ("appid", "gpu1"), ("attach", ""), ("kind", "pay")]);
    let text = interpreter.recipe_text("notify", &fields).unwrap().unwrap();
    let sign = interpreter.recipe_signature("notify", &text).unwrap().unwrap();
    let verify = |body: &str| {
        interpreter.verify_callback(
            "notify",
            &Incoming { content_type: Some("application/json"), ..post(body.as_bytes()) },
        )
    };
    let body =
        format!(r#"{{ "kind":"p\u0061y", "appid":"gpu1", "amount":10.10, "attach":null, "sign":"{sign}" }}"#);
    assert_eq!(verify(&body).unwrap().values.get("amount").map(String::as_str), Some("10.10"));
    assert_eq!(verify(&body.replace("10.10", "10.1")), Err(Refusal::SignatureMismatch));
    assert!(matches!(verify(&body.replace("10.10", "[]")), Err(Refusal::Recipe(_))));
    assert_eq!(
        verify(&body.replace("\"attach\"", "\"kind\"")),
        Err(Refusal::RepeatedField { name: "kind".to_owned() })
    );
    assert!(matches!(verify("[]"), Err(Refusal::BadJson(_))));
    assert!(matches!(verify(&"[".repeat(1000)), Err(Refusal::BadJson(_))));
}

fn trimming() -> Interpreter {
    let mut spec = spec();
    for recipe in &mut spec.recipes {
        recipe.list.as_mut().unwrap().trim = true;
    }
    spec.recipes[1].also_accept = Vec::new();
    interpreter(spec)
}

#[test]
fn a_padded_copy_is_read_as_it_is_signed() {
    let interpreter = trimming();
    let body = text_of(&signed(&interpreter, FIELDS).body);
    let plain = verify(&interpreter, &body).unwrap();
    let padded = body.replace("kind=pay", "+kind=%09pay+").replace("amount=10.1", "amount+=+10.1");
    assert_ne!(padded, body);
    assert_eq!(verify(&interpreter, &padded), Ok(plain));
}

#[test]
fn a_padded_json_copy_is_read_as_it_is_signed() {
    let text = r#"{ " a\t" : " x\u0020", "n": 1.0, "kept":"\/", "o": [ " y " ] }"#;
    let mut spec = spec();
    spec.callbacks[0].receive = vec![Receive::PostJson];
    spec.recipes[1].list.as_mut().unwrap().trim = true;
    spec.recipes[1].also_accept = Vec::new();
    let interpreter = interpreter(spec);
    let fields = pairs(&[("amount", "10.10"), ("appid", "gpu1"), ("kind", "pay"), ("more", "x")]);
    let signed = interpreter.recipe_text("notify", &fields).unwrap().unwrap();
    let sign = interpreter.recipe_signature("notify", &signed).unwrap().unwrap();
    let body = format!(r#"{{"kind\n":" pay","appid":"gpu1","amount":10.10,"more":"x\t","sign":"{sign}"}}"#);
    let verify = |body: &str| {
        let incoming = Incoming { content_type: Some("application/json"), ..post(body.as_bytes()) };
        interpreter.verify_callback("notify", &incoming)
    };
    let verified = verify(&body).unwrap();
    assert_eq!(verified.values.get("kind").map(String::as_str), Some("pay"));
    assert_eq!(verified.extra.get("more").map(String::as_str), Some("\"x\""));
    assert!(matches!(verify(text), Err(Refusal::MissingSignature { .. })));
    let twice = body.replace("\"more\"", "\" kind\"");
    assert_eq!(verify(&twice), Err(Refusal::RepeatedField { name: "kind".to_owned() }));
}

#[test]
fn names_that_are_one_when_trimmed_are_refused_the_signature_among_them() {
    let interpreter = trimming();
    let body = text_of(&signed(&interpreter, FIELDS).body);
    for (more, name) in [("+sign=0", "sign"), ("kind+=pay", "kind")] {
        let refused = verify(&interpreter, &format!("{body}&{more}"));
        assert_eq!(refused, Err(Refusal::RepeatedField { name: name.to_owned() }), "{more}");
    }
}

#[test]
fn a_reading_that_cannot_be_applied_gives_way_and_a_single_one_says_why() {
    let mut spec = spec();
    let single = spec.recipes[1].clone();
    spec.recipes[1].list.as_mut().unwrap().empties = all(EmptyAction::Refuse);
    spec.recipes[1].also_accept = vec![Reading {
        differs: "empties: keep".to_owned(),
        recipe: Recipe { also_accept: Vec::new(), ..single },
    }];
    let body = text_of(&signed(&interpreter(self::spec()), FIELDS).body);
    let forged = body.replace("pay_status=1", "pay_status=2");
    let both = interpreter(spec.clone());
    assert_eq!(verify(&both, &body).map(|verified| verified.reading), Ok(1));
    assert_eq!(verify(&both, &forged), Err(Refusal::SignatureMismatch));
    spec.recipes[1].also_accept = Vec::new();
    let strict = interpreter(spec);
    let empty = RecipeError::Empty { name: "attach".to_owned() };
    assert_eq!(verify(&strict, &body), Err(Refusal::Recipe(empty)));
}

#[test]
fn an_old_notice_is_refused_only_where_the_settings_say_how_old() {
    let mut spec = spec();
    let format = Kind::Timestamp(TimeFormat::UnixSeconds);
    spec.callbacks[0].fields.push(received("sent", format));
    spec.callbacks[0].sent_at = Some(name("sent"));
    let any_age = interpreter(spec.clone());
    let fresh = Some(Fresh { now: NOW, max_age: std::time::Duration::from_secs(60) });
    let limited = Interpreter::new(std::sync::Arc::new(spec), Settings { fresh, ..settings() }).unwrap();
    for (away, is_read) in [(0, true), (-60, true), (60, true), (-61, false), (61, false)] {
        let sent = (NOW.unix_seconds() + away).to_string();
        let body = text_of(&signed(&any_age, &[FIELDS, &[("sent", &sent)]].concat()).body);
        assert!(verify(&any_age, &body).is_ok());
        let stale = Refusal::Stale { name: "sent".to_owned(), seconds: 61 };
        assert_eq!(verify(&limited, &body).err(), (!is_read).then_some(stale), "{away}");
    }
}

#[test]
fn random_bytes_are_refused_and_never_a_panic() {
    let interpreter = interpreter(spec());
    let mut state: u32 = 1;
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..40)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b"&=%+sign{}\"\\[],:\x00\xff\x81ea1"[(state >> 24) as usize % 22]
            })
            .collect();
        assert!(interpreter.verify_callback("notify", &post(&bytes)).is_err());
    }
}
