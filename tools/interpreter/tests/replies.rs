//! What comes back: the ways in which a call ends.
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
use payspec_interpreter::{Answer, Because, Ending, Interpreter, Map, Refusal, Value as Given};

fn pay(effect: Effect) -> Operation {
    let mut operation =
        operation("pay", vec![sent("order", Kind::Text), sent("amount", yuan(JsonForm::Text))]);
    operation.effect = effect;
    let reply = operation.reply.as_mut().unwrap();
    reply.shape = ReplyShape::Fields(vec![
        echo("order", Kind::Text, "order"),
        echo("amount?", yuan(JsonForm::Text), "amount"),
        received("detail?", Kind::Json(JsonOf::Any)),
    ]);
    let code = |value: &str, kind| ErrorCode {
        field: "status".to_owned(),
        value: value.to_owned(),
        kind,
        doc: String::new(),
        mend: None,
    };
    reply.errors = vec![
        code("0", ErrorKind::Rejected),
        code("2", ErrorKind::NotFound),
        code("3", ErrorKind::Duplicate),
        ErrorCode { field: "http".to_owned(), ..code("429", ErrorKind::RateLimited) },
    ];
    reply.lookup = vec!["http".to_owned(), "status".to_owned()];
    reply.outcome =
        Some(Outcome { of: OutcomeOf::Payment, cases: Vec::new(), from: None, otherwise: Word::Pending });
    operation
}

fn plain(effect: Effect) -> Interpreter {
    interpreter(Provider { operations: vec![pay(effect)], ..provider() })
}

fn asked() -> Map<Given> {
    inputs([("order", "A1"), ("amount", "1.5")])
}

fn read(interpreter: &Interpreter, body: &str) -> Ending {
    interpreter.read_reply("pay", &asked(), 200, &[], body.as_bytes())
}

fn kind_of(ending: &Ending) -> Option<ErrorKind> {
    match ending {
        Ending::Rejected { kind, .. } | Ending::Unknown(Because::Code { kind, .. }) => Some(*kind),
        _ => None,
    }
}

#[test]
fn a_success_gives_the_operations_own_values() {
    let body = r#"{"status":"1","data":{"order":"A1","amount":1.50,"detail":"{\"a\": 1.0}","more":[1.0]},"message":null}"#;
    let Ending::Reply { values, extra, outcome, signed } = read(&plain(Effect::Pays), body) else { panic!() };
    let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (name, text.as_str())).collect();
    assert_eq!(values, [("order", "A1"), ("amount", "1.50"), ("detail", "{\"a\": 1.0}")]);
    assert_eq!(extra.get("more").map(String::as_str), Some("[1.0]"));
    assert_eq!((outcome, signed), (Some(Word::Pending), false));
}

#[test]
fn a_reply_about_another_order_is_unknown() {
    let other = |body: &str| read(&plain(Effect::Pays), body);
    let is_other = |ending: Ending, field: &str| {
        ending == Ending::Unknown(Because::OtherOrder { name: field.to_owned() })
    };
    assert!(is_other(other(r#"{"status":1,"data":{"order":"A2"}}"#), "order"));
    assert!(is_other(other(r#"{"status":1,"data":{"order":"A1","amount":"1.51"}}"#), "amount"));
}

#[test]
fn only_codes_that_are_listed_as_harmless_are_rejections() {
    let ending = |effect, status: &str| {
        read(&plain(effect), &format!(r#"{{"status":{status},"message":"m","data":[]}}"#))
    };
    let Ending::Rejected { kind, decided_by, code, message } = ending(Effect::Pays, "0") else { panic!() };
    assert_eq!(kind, ErrorKind::Rejected);
    assert_eq!(decided_by, Some(("status".to_owned(), "0".to_owned())));
    assert_eq!((code.as_deref(), message.as_deref()), (Some("0"), Some("m")));
    assert!(matches!(
        ending(Effect::Pays, "2"),
        Ending::Unknown(Because::Code { kind: ErrorKind::NotFound, .. })
    ));
    assert!(matches!(ending(Effect::None, "2"), Ending::Rejected { kind: ErrorKind::NotFound, .. }));
    assert!(matches!(
        ending(Effect::None, "3"),
        Ending::Unknown(Because::Code { kind: ErrorKind::Duplicate, .. })
    ));
    let unlisted = ending(Effect::Pays, "99");
    assert!(matches!(&unlisted, Ending::Unknown(Because::Code { decided_by: None, .. })));
    assert_eq!(kind_of(&unlisted), Some(ErrorKind::Unknown));
}

#[test]
fn what_cannot_be_read_is_unknown_and_never_a_failure() {
    let interpreter = plain(Effect::Pays);
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        r#"{"status":1}"#,
        r#"{"status":1,"data":null}"#,
        r#"{"status":1,"data":[]}"#,
        r#"{"status":1,"data":{}}"#,
        r#"{"status":1,"data":{"order":""}}"#,
        r#"{"status":1,"data":{"order":{}}}"#,
        r#"{"status":1,"data":{"order":"A1","amount":1e1}}"#,
        r#"{"status":1,"data":{"order":"A1","detail":"{"}}"#,
        r#"{"status":0,"status":1}"#,
        r#"{"status":0,"x":{"a":1,"a":1}}"#,
        r#"{"status":1.0,"data":{"order":"A1"}}"#,
        r#"{"status":true}"#,
        "{\"status\":0}\u{0}",
        "\u{feff}{\"status\":0}",
    ] {
        assert!(matches!(read(&interpreter, body), Ending::Unknown(_)), "{body}");
        assert_eq!(kind_of(&read(&interpreter, body)), None, "{body}");
    }
    let bad = interpreter.read_reply("pay", &asked(), 200, &[], b"{\"status\":0,\"message\":\"\xff\"}");
    assert_eq!(bad, Ending::Unknown(Because::Charset));
    let large = interpreter.read_reply("pay", &asked(), 200, &[], &vec![b' '; 1024 * 1024 + 1]);
    assert_eq!(large, Ending::Unknown(Because::TooLarge { limit: 1024 * 1024 }));
    assert!(matches!(
        interpreter.read_reply("nothing", &asked(), 200, &[], b"{}"),
        Ending::Unknown(Because::NoReply { .. })
    ));
}

#[test]
fn a_status_decides_only_where_it_is_listed() {
    let interpreter = plain(Effect::Pays);
    let ending = |status| interpreter.read_reply("pay", &asked(), status, &[], br#"{"status":0}"#);
    assert!(matches!(ending(429), Ending::Rejected { kind: ErrorKind::RateLimited, .. }));
    assert_eq!(ending(500), Ending::Unknown(Because::HttpStatus { status: 500 }));
    assert_eq!(ending(302), Ending::Unknown(Because::HttpStatus { status: 302 }));
}

#[test]
fn members_may_come_in_headers() {
    let mut spec = Provider { operations: vec![pay(Effect::Pays)], ..provider() };
    spec.envelopes[0].members[1].header = Some("X-Message".to_owned());
    let headers = [("x-message".to_owned(), "from the header".to_owned())];
    let ending = interpreter(spec).read_reply(
        "pay",
        &asked(),
        200,
        &headers,
        br#"{"status":0,"message":"from the body"}"#,
    );
    let Ending::Rejected { message, .. } = ending else { panic!() };
    assert_eq!(message.as_deref(), Some("from the header"));
}

#[test]
fn a_single_value_may_be_the_whole_data() {
    let mut operation = pay(Effect::Pays);
    operation.reply.as_mut().unwrap().shape = ReplyShape::Value(field("record", Kind::RawJson));
    let interpreter = interpreter(Provider { operations: vec![operation], ..provider() });
    let Ending::Reply { values, .. } = read(&interpreter, r#"{"status":1,"data": [ 1.0 , "a\/" ] }"#) else {
        panic!()
    };
    assert_eq!(values.get("record").map(String::as_str), Some(r#"[ 1.0 , "a\/" ]"#));
}

/// Replies with a signature over the raw text of the data, a fault member, and codes inside the data.
fn sealed_spec() -> Provider {
    let mut spec = Provider { operations: vec![pay(Effect::Pays)], ..provider() };
    let digest =
        Seal { algorithm: Algorithm::Hmac(Digest::Sha256), key: key_of("secret"), output: Output::Base64 };
    spec.recipes.push(text_recipe("response", vec![value(Operand::Message(MessagePart::Result))], digest));
    spec.envelopes[0].signature = Signature::Recipe(RecipeId(2));
    spec.envelopes[0].data = Some(Data { fault: Some("fault".to_owned()) });
    spec.envelopes[0].data_fields = std::mem::take(&mut spec.envelopes[0].members);
    spec.envelopes[0].members = vec![received("sign", Kind::Signature)];
    let reply = spec.operations[0].reply.as_mut().unwrap();
    reply.fault = ErrorKind::Rejected;
    spec
}

fn data(fields: &[(&str, &str)]) -> Option<Given> {
    Some(Given::Object(fields.iter().map(|(name, text)| (*name, Given::from(*text))).collect()))
}

#[test]
fn a_signed_reply_is_verified_over_the_very_bytes_that_came() {
    let interpreter = interpreter(sealed_spec());
    let answer =
        Answer { data: data(&[("status", "1"), ("order", "A1"), ("amount", "1.5")]), ..Answer::default() };
    let body = text_of(&interpreter.sign_reply("pay", &answer).unwrap());
    assert!(body.starts_with(r#"{"data":{"status":1,"order":"A1","amount":"1.50"},"sign":""#), "{body}");
    assert!(matches!(read(&interpreter, &body), Ending::Reply { signed: true, .. }));
    let spaced = body.replace("{\"data\":", "{ \"data\" : ").replace(",\"sign\"", " , \"sign\"");
    assert!(
        matches!(read(&interpreter, &spaced), Ending::Reply { .. }),
        "white space around the member is not signed"
    );
    for (from, to) in [("1.50", "1.5"), ("\"order\":", "\"order\": "), ("A1", "\\u0041\\u0031")] {
        let ending = read(&interpreter, &body.replace(from, to));
        assert_eq!(ending, Ending::Unknown(Because::BadSignature(Refusal::SignatureMismatch)), "{to}");
    }
}

#[test]
fn an_unsigned_reply_is_unknown_even_if_it_says_no() {
    let interpreter = interpreter(sealed_spec());
    for body in [
        r#"{"data":{"status":0}}"#,
        r#"{"data":{"status":0},"sign":""}"#,
        r#"{"data":{"status":0},"sign":null}"#,
        r#"{"data":{"status":0},"sign":{"a":1}}"#,
    ] {
        assert_eq!(read(&interpreter, body), Ending::Unknown(Because::Unsigned), "{body}");
    }
    let number = read(&interpreter, r#"{"data":{"status":0},"sign":1}"#);
    assert!(matches!(number, Ending::Unknown(Because::BadSignature(_))), "{number:?}");
    let status = interpreter.read_reply("pay", &asked(), 429, &[], b"");
    assert_eq!(
        status,
        Ending::Unknown(Because::HttpStatus { status: 429 }),
        "an unsigned status is nobody's word"
    );
    assert!(matches!(read(&interpreter, r#"{"sign":"AAAA"}"#), Ending::Unknown(Because::BadSignature(_))));
}

#[test]
fn a_fault_is_never_a_success() {
    let interpreter = interpreter(sealed_spec());
    let answer =
        |status: &str| Answer { data: data(&[("status", status)]), fault: true, ..Answer::default() };
    let ending =
        |status| read(&interpreter, &text_of(&interpreter.sign_reply("pay", &answer(status)).unwrap()));
    assert_eq!(kind_of(&ending("77")), Some(ErrorKind::Rejected));
    assert_eq!(kind_of(&ending("3")), Some(ErrorKind::Duplicate), "a listed code goes first");
    assert_eq!(kind_of(&ending("1")), Some(ErrorKind::Rejected), "not even with the code of success");
    let both = r#"{"data":{"status":1,"order":"A1"},"fault":{"status":1},"sign":"AAAA"}"#;
    assert!(matches!(read(&interpreter, both), Ending::Unknown(Because::Malformed(_))));
}

#[test]
fn gbk_replies_are_verified_over_their_bytes() {
    let mut spec = sealed_spec();
    spec.defaults.encoding = Encoding::Fixed(Charset::Gbk);
    let interpreter = interpreter(spec);
    // The second byte of this character is a backslash in GBK.
    let answer =
        Answer { data: data(&[("status", "1"), ("order", "A1"), ("x", "乗{\"")]), ..Answer::default() };
    let body = interpreter.sign_reply("pay", &answer).unwrap();
    assert!(String::from_utf8(body.clone()).is_err());
    let Ending::Reply { extra, .. } = interpreter.read_reply("pay", &asked(), 200, &[], &body) else {
        panic!()
    };
    assert_eq!(extra.get("x").map(String::as_str), Some("\"乗{\\\"\""));
}

#[test]
fn random_answers_are_unknown_and_never_a_panic() {
    let (plain, sealed) = (plain(Effect::Pays), interpreter(sealed_spec()));
    let mut state: u32 = 7;
    let mut next = |bound: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 16) % bound) as usize
    };
    let body = r#"{"status":0,"data":{"order":"A1","amount":"1.50"},"sign":"AAAA","message":"é"}"#.as_bytes();
    for _ in 0..5000 {
        let mut bytes = body.to_vec();
        for _ in 0..=next(3) {
            let at = next(u32::try_from(bytes.len()).unwrap());
            match next(3) {
                0 => bytes[at] = b"{}[]\":,\\01e-.nt\x00\xff\x81"[next(18)],
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, b"{}[]\":,\\01e-.nt\x00\xff\x81"[next(18)]),
            }
        }
        let ending = plain.read_reply("pay", &asked(), 200, &[], &bytes);
        assert!(!matches!(ending, Ending::Reply { .. }), "{}", String::from_utf8_lossy(&bytes));
        assert!(matches!(sealed.read_reply("pay", &asked(), 200, &[], &bytes), Ending::Unknown(_)));
    }
}
