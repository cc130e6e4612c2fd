//! The provider's side: what a client prepares is taken, everything else refused.
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
use payspec_interpreter::{Interpreter, Map, Message, Problem, ReceivedRequest, Refusal, Value as Given};

fn spec() -> Provider {
    let inner = |field: SentField| SentField { carrier: Carrier::Payload, ..field };
    let list = Kind::List { of: Item::Object(TypeId(0)), join: None };
    let mut operation = operation(
        "pay",
        vec![
            filled("appid", Kind::Text, Origin::Credential(credential("appid"))),
            filled("time", Kind::Timestamp(TimeFormat::UnixSeconds), Origin::Now),
            filled("method", Kind::Text, Origin::Constant("m".to_owned())),
            sent("grant", Kind::Fixed("g".to_owned())),
            filled("sign", Kind::Signature, Origin::Signature),
            inner(sent("total", yuan(JsonForm::Number))),
            inner(sent("items", list)),
            sent("attach?", Kind::Text),
        ],
    );
    operation.request[7].field = length(field("attach?", Kind::Text), 1, 3);
    operation.payload = Some(field("biz", Kind::Text));
    let item = object("Item", vec![field("no", Kind::Text), field("price?", yuan(JsonForm::Text))], true);
    Provider { types: vec![item], operations: vec![operation], ..provider() }
}

fn given() -> Map<Given> {
    let mut given = inputs([("total", "1.5"), ("attach", "é%")]);
    let mut item = inputs([("no", "1"), ("price", "1.5")]);
    item.insert("extra", Given::Json("[1.0]".to_owned()));
    given.insert("items", Given::List(vec![Given::Object(item)]));
    given
}

fn check(interpreter: &Interpreter, message: &Message) -> Result<ReceivedRequest, Refusal> {
    interpreter.check_request("pay", message.method, message.query.as_bytes(), &message.body, NOW)
}

/// A body with these outer fields, signed with the client's key.
fn forged(interpreter: &Interpreter, fields: &[(&str, &str)]) -> Result<ReceivedRequest, Refusal> {
    let text = interpreter.recipe_text("request", &pairs(fields)).unwrap().unwrap();
    let sign = interpreter.recipe_signature("request", &text).unwrap().unwrap();
    let body: Vec<String> = fields.iter().map(|(name, text)| format!("{name}={text}")).collect();
    interpreter.check_request("pay", "POST", b"", format!("{}&sign={sign}", body.join("&")).as_bytes(), NOW)
}

const FIELDS: &[(&str, &str)] = &[
    ("appid", "gpu1"),
    ("time", "1"),
    ("method", "m"),
    ("grant", "g"),
    ("biz", r#"{"total":1.50,"items":[]}"#),
];

fn changed(name: &str, value: &str) -> Result<ReceivedRequest, Refusal> {
    let fields: Vec<(&str, &str)> =
        FIELDS.iter().map(|(own, old)| (*own, if *own == name { value } else { old })).collect();
    forged(&interpreter(spec()), &fields)
}

#[test]
fn what_a_client_prepares_is_taken_and_gives_its_inputs_back() {
    let interpreter = interpreter(spec());
    let message = interpreter.prepare("pay", &given(), NOW).unwrap();
    let taken = check(&interpreter, &message).unwrap();
    assert_eq!(taken.text.bytes(), message.base_text());
    assert_eq!(interpreter.prepare("pay", &taken.inputs, NOW).unwrap().body, message.body);
    assert_eq!(taken.fields, message.fields);
}

#[test]
fn every_changed_byte_is_refused() {
    let interpreter = interpreter(spec());
    let message = interpreter.prepare("pay", &given(), NOW).unwrap();
    for at in 0..message.body.len() {
        let mut body = message.body.clone();
        body[at] = if body[at] == b'7' { b'8' } else { b'7' };
        assert!(check(&interpreter, &Message { body, ..message.clone() }).is_err(), "byte {at}");
    }
}

#[test]
fn a_secret_on_the_wire_is_refused_by_value_and_by_name() {
    let interpreter = interpreter(spec());
    for extra in [("secret", "x"), ("note", SECRET), ("note", "a0123456789abcdefb")] {
        let refusal = forged(&interpreter, &[FIELDS, &[extra]].concat()).unwrap_err();
        assert_eq!(refusal, Refusal::CarriesSecret { credential: "secret".to_owned() }, "{extra:?}");
    }
}

#[test]
fn requests_are_refused_for_what_is_wrong_with_them() {
    assert!(changed("time", "1").is_ok());
    assert_eq!(changed("appid", "gpu2"), Err(Refusal::ForSomebodyElse { name: "appid".to_owned() }));
    assert_eq!(
        changed("time", "now"),
        Err(Refusal::BadField { name: "time".to_owned(), wanted: "an instant" })
    );
    for constant in ["method", "grant"] {
        assert!(matches!(changed(constant, "x"), Err(Refusal::BadField { name, .. }) if name == constant));
    }
    assert_eq!(changed("biz", r#"{"items":[]}"#), Err(Refusal::MissingField { name: "total".to_owned() }));
    assert_eq!(
        changed("biz", r#"{"total":1,"items":[],"x":1}"#),
        Err(Refusal::UnknownField { name: "x".to_owned() })
    );
    assert_eq!(
        changed("biz", r#"{"total":1,"items":[{}]}"#),
        Err(Refusal::MissingField { name: "items[0].no".to_owned() })
    );
    assert!(matches!(changed("biz", "[]"), Err(Refusal::BadField { .. })));
    assert!(matches!(changed("biz", "{"), Err(Refusal::BadJson(_))));
    let interpreter = interpreter(spec());
    let unknown = forged(&interpreter, &[FIELDS, &[("more", "1")]].concat());
    assert_eq!(unknown, Err(Refusal::UnknownField { name: "more".to_owned() }));
    let Err(Refusal::Invalid(violations)) = forged(&interpreter, &[FIELDS, &[("attach", "1234")]].concat())
    else {
        panic!()
    };
    assert!(matches!(violations[0].problem, Problem::Length { found: 4, .. }));
}

#[test]
fn another_method_or_a_body_beside_a_query_is_refused() {
    let mut spec = spec();
    spec.operations[0].method = Method::Get;
    spec.operations[0].body = Body::Query;
    let interpreter = interpreter(spec);
    let message = interpreter.prepare("pay", &given(), NOW).unwrap();
    assert!(check(&interpreter, &message).is_ok());
    assert_eq!(check(&interpreter, &Message { method: "POST", ..message.clone() }), Err(Refusal::OtherShape));
    assert_eq!(check(&interpreter, &Message { body: b"x=1".to_vec(), ..message }), Err(Refusal::OtherShape));
}
