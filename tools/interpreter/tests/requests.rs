//! What we send: values, absence, order, payload, limits and rules.
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
use payspec_interpreter::{Interpreter, Map, Message, PrepareError, Problem, Value as Given, Violation};

fn prepared(interpreter: &Interpreter, given: &Map<Given>) -> Message {
    interpreter.prepare("pay", given, NOW).unwrap()
}

fn violations(interpreter: &Interpreter, given: &Map<Given>) -> Vec<Violation> {
    match interpreter.prepare("pay", given, NOW) {
        Err(PrepareError::Invalid(violations)) => violations,
        other => panic!("{other:?}"),
    }
}

fn with(operation: Operation) -> Interpreter {
    interpreter(Provider { operations: vec![operation], ..provider() })
}

fn form() -> Operation {
    let constant = Origin::Constant("m".to_owned());
    operation(
        "pay",
        vec![
            filled("appid", Kind::Text, Origin::Credential(credential("appid"))),
            filled("sign", Kind::Signature, Origin::Signature),
            filled("method", Kind::Text, constant),
            sent("z", Kind::Text),
            sent("attach?", Kind::Text),
            sent("amount", yuan(JsonForm::Text)),
        ],
    )
}

#[test]
fn the_signature_is_last_and_the_secret_is_signed_and_never_sent() {
    let message = prepared(&with(form()), &inputs([("z", "a b&中+"), ("amount", "1.5")]));
    assert_eq!(
        message.base_text(),
        format!("amount=1.50&appid=gpu1&method=m&secret={SECRET}&z=a b&中+").as_bytes()
    );
    assert_eq!(message.masked_text(), "amount=1.50&appid=gpu1&method=m&secret=******&z=a b&中+");
    let signature = message.signature.clone().unwrap();
    assert_eq!(
        text_of(&message.body),
        format!("appid=gpu1&method=m&z=a%20b%26%E4%B8%AD%2B&amount=1.50&sign={signature}")
    );
    assert_eq!((message.method, message.url.as_str()), ("POST", "https://api.example/pay"));
    assert!(!format!("{message:?}").contains(SECRET));
}

#[test]
fn an_empty_optional_value_is_neither_signed_nor_sent() {
    let interpreter = with(form());
    let given = inputs([("z", "1"), ("amount", "1")]);
    let mut with_empty = given.clone();
    with_empty.insert("attach", Given::from(""));
    assert_eq!(prepared(&interpreter, &given).body, prepared(&interpreter, &with_empty).body);
}

#[test]
fn what_the_recipe_drops_is_not_sent() {
    let mut spec = provider();
    spec.defaults.absent_when = AbsentWhen::Never;
    spec.operations = vec![form()];
    let message = prepared(&interpreter(spec), &inputs([("z", "1"), ("attach", ""), ("amount", "1")]));
    assert!(!text_of(&message.body).contains("attach"));
}

#[test]
fn a_get_request_travels_in_the_query() {
    let operation = Operation { method: Method::Get, body: Body::Query, ..form() };
    let message = prepared(&with(operation), &inputs([("z", " "), ("amount", "0.01")]));
    assert!(message.body.is_empty() && message.content_type.is_none());
    assert!(message.query.starts_with("appid=gpu1&method=m&z=%20&amount=0.01&sign="));
    assert_eq!(message.url, format!("https://api.example/pay?{}", message.query));
}

#[test]
fn values_are_trimmed_where_the_recipe_says_so_and_measured_afterwards() {
    let mut spec = provider();
    spec.defaults.absent_when = AbsentWhen::Blank;
    spec.recipes[0].list.as_mut().unwrap().trim = true;
    let mut operation = form();
    operation.request[3].field = length(field("z", Kind::Text), 1, 2);
    spec.operations = vec![operation];
    let interpreter = interpreter(spec);
    let message = prepared(&interpreter, &inputs([("z", "\t ab\n"), ("attach", " "), ("amount", "1")]));
    assert!(text_of(&message.body).contains("z=ab&amount"));
    assert_eq!(violations(&interpreter, &inputs([("z", " "), ("amount", "1")]))[0].problem, Problem::Missing);
}

#[test]
fn all_violations_are_reported_at_once_and_show_no_value() {
    let mut operation = form();
    operation.request[3].field = length(field("z", Kind::Text), 3, 5);
    operation.request[5].field = range(field("amount", yuan(JsonForm::Text)), "0.01", "10.00");
    let found = violations(
        &with(operation),
        &inputs([("z", "秘密"), ("amount", "10.01"), ("no", "1"), ("appid", "2")]),
    );
    let problems: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "z: has a length of 2, allowed is 3..5",
            "amount: is out of range, allowed is 0.01..10.00",
            "no: is no field of this message",
            "appid: is filled in by the client",
        ]
    );
}

#[test]
fn numbers_that_are_no_plain_decimals_are_refused() {
    let interpreter = with(form());
    for amount in
        ["1e2", "1_000", ".5", "5.", "+1", " 1", "0x1", "NaN", "1,5", "0.005", "99999999999999999999"]
    {
        let found = violations(&interpreter, &inputs([("z", "1"), ("amount", amount)]));
        assert_eq!(found[0].path, "amount", "{amount}");
    }
}

#[test]
fn characters_that_the_charset_lacks_are_refused() {
    let mut spec = provider();
    spec.defaults.encoding = Encoding::Fixed(Charset::Gbk);
    spec.operations = vec![form()];
    let interpreter = interpreter(spec);
    assert_eq!(
        violations(&interpreter, &inputs([("z", "😀"), ("amount", "1")]))[0].problem,
        Problem::Charset
    );
    let message = prepared(&interpreter, &inputs([("z", "中"), ("amount", "1")]));
    assert!(text_of(&message.body).contains("z=%D6%D0"));
    assert_eq!(message.content_type.as_deref(), Some("application/x-www-form-urlencoded; charset=GBK"));
    assert!(message.base_text().ends_with("z=中".as_bytes()), "the recipe has a charset of its own");
}

/// A list of items with amounts in a JSON payload.
fn payload_provider() -> Provider {
    let inner = |kind| SentField { carrier: Carrier::Payload, ..kind };
    let item = object(
        "Item",
        vec![
            field("no", Kind::Text),
            field("price?", yuan(JsonForm::Number)),
            field("count?", Kind::Integer { json: JsonForm::Number }),
            field("kind", Kind::Fixed("k".to_owned())),
        ],
        true,
    );
    let list = Kind::List { of: Item::Object(TypeId(0)), join: None };
    let mut operation = operation(
        "pay",
        vec![
            inner(sent("total", yuan(JsonForm::Number))),
            filled("v", Kind::Text, Origin::Constant("1".to_owned())),
            inner(sent("items", list)),
            inner(sent("urls?", Kind::List { of: Item::Url, join: Some(",".to_owned()) })),
            inner(sent("detail?", Kind::Json(JsonOf::Object(TypeId(0))))),
            inner(sent("ok?", Kind::Flag { yes: "true".to_owned(), no: "false".to_owned() })),
            inner(sent("gift?", Kind::Flag { yes: "Y".to_owned(), no: "N".to_owned() })),
        ],
    );
    operation.payload = Some(field("biz", Kind::Text));
    let path = |member: &str| MemberPath { list: name("items"), member: name(member) };
    operation.rules = vec![
        rule(RuleKind::Unique(path("no"))),
        rule(RuleKind::SumsTo { parts: path("price"), total: name("total") }),
    ];
    Provider { types: vec![item], operations: vec![operation], ..provider() }
}

fn item(no: &str, price: &str) -> Given {
    Given::Object(inputs([("price", price), ("no", no)]))
}

fn payload(items: Vec<Given>, total: &str) -> Map<Given> {
    let mut given = inputs([("total", total)]);
    given.insert("items", Given::List(items));
    given
}

#[test]
fn the_payload_is_json_in_the_order_of_the_type_behind_the_outer_fields() {
    let mut given = payload(vec![item("a\"\\/\u{8}\n\u{1}中", "0.1"), item("b", "2")], "2.10");
    given.insert("urls", Given::List(vec![Given::from("https://a/1"), Given::from("https://a/2")]));
    given.insert("ok", Given::from("true"));
    given.insert("gift", Given::from("false"));
    let message = prepared(&interpreter(payload_provider()), &given);
    assert_eq!(message.fields[0], ("v".to_owned(), "1".to_owned()));
    assert_eq!(
        message.fields[1].1,
        r#"{"total":2.10,"items":[{"no":"a\"\\/\b\n\u0001中","price":0.10,"kind":"k"},{"no":"b","price":2.00,"kind":"k"}],"urls":"https://a/1,https://a/2","ok":true,"gift":"N"}"#
    );
}

#[test]
fn exact_json_text_is_sent_as_it_stands_and_still_checked() {
    let interpreter = interpreter(payload_provider());
    let mut given = payload(vec![item("a", "1")], "1");
    given.insert("detail", Given::from("{ \"no\" : \"\\u4e2d\\/\", \"x\":1.0 }"));
    let message = prepared(&interpreter, &given);
    assert!(
        message.fields[1].1.contains(r#""detail":"{ \"no\" : \"\\u4e2d\\/\", \"x\":1.0 }""#),
        "{}",
        message.fields[1].1
    );
    for wrong in
        ["{", "[]", "{}", r#"{"no":1,"no":2}"#, r#"{"no":"a","price":"x"}"#, r#"{"no":"a","price":1e1}"#]
    {
        given.insert("detail", Given::from(wrong));
        assert_eq!(violations(&interpreter, &given)[0].path, "detail", "{wrong}");
    }
}

#[test]
fn the_caller_may_add_members_where_the_type_allows_it() {
    let mut extended = match item("a", "1") {
        Given::Object(members) => members,
        _ => unreachable!(),
    };
    extended.insert("n", Given::Json("1.0".to_owned()));
    extended.insert("t", Given::from("1.0"));
    let given = payload(vec![Given::Object(extended)], "1");
    let message = prepared(&interpreter(payload_provider()), &given);
    assert!(message.fields[1].1.contains(r#""kind":"k","n":1.0,"t":"1.0"}]"#));
    let mut closed = payload_provider();
    let Shape::Object { extra, .. } = &mut closed.types[0].shape else { unreachable!() };
    *extra = false;
    assert_eq!(violations(&interpreter(closed), &given)[0].path, "items[0].n");
}

#[test]
fn rules_over_lists_are_exact() {
    let interpreter = interpreter(payload_provider());
    let broken = |given: &Map<Given>| violations(&interpreter, given)[0].problem.to_string();
    assert!(broken(&payload(vec![item("a", "0.1"), item("b", "0.2")], "0.31")).contains("sums_to"));
    assert!(
        interpreter.prepare("pay", &payload(vec![item("a", "0.1"), item("b", "0.2")], "0.3"), NOW).is_ok()
    );
    assert!(broken(&payload(vec![item("a", "0.1"), item("a", "0.2")], "0.3")).contains("unique"));
}

fn ruled(kind: RuleKind, when: Condition, given: &[&str]) -> bool {
    let mut operation = operation(
        "pay",
        vec![
            sent("a?", Kind::Text),
            sent("b?", Kind::Text),
            sent("n?", yuan(JsonForm::Text)),
            sent("m?", yuan(JsonForm::Text)),
        ],
    );
    operation.rules = vec![Rule { when, ..rule(kind) }];
    let given: Map<Given> = given
        .iter()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, text)| (name, Given::from(text)))
        .collect();
    with(operation).prepare("pay", &given, NOW).is_ok()
}

#[test]
fn rules_about_presence() {
    let both = || vec![name("a"), name("b")];
    let always = Condition::default;
    let holds = |kind: RuleKind| {
        [&[][..], &["a=1"], &["a=1", "b=1"]].map(|given| ruled(kind.clone(), always(), given))
    };
    assert_eq!(holds(RuleKind::AnyOf(both())), [false, true, true]);
    assert_eq!(holds(RuleKind::OneOf(both())), [false, true, false]);
    assert_eq!(holds(RuleKind::AtMostOneOf(both())), [true, true, false]);
    assert_eq!(holds(RuleKind::Together(both())), [true, false, true]);
    assert_eq!(holds(RuleKind::Require(vec![name("b")])), [false, false, true]);
    assert_eq!(holds(RuleKind::Forbid(vec![name("b")])), [true, true, false]);
    assert!(ruled(RuleKind::Require(vec![name("b")]), is("a", "2"), &["a=1"]), "the condition does not hold");
    assert!(
        !ruled(RuleKind::Require(vec![name("b")]), is("a", "1"), &["a=1", "b="]),
        "an empty value is absent"
    );
}

#[test]
fn rules_about_values_say_nothing_about_absent_ones() {
    let always = Condition::default;
    let (a, b, n, m) = (name("a"), name("b"), name("n"), name("m"));
    assert!(ruled(RuleKind::Equal(a.clone(), b.clone()), always(), &["a=1"]));
    assert!(!ruled(RuleKind::Equal(a.clone(), b.clone()), always(), &["a=1", "b=2"]));
    assert!(ruled(RuleKind::Equal(n.clone(), m.clone()), always(), &["n=1", "m=1.00"]));
    assert!(!ruled(RuleKind::Distinct(n.clone(), m.clone()), always(), &["n=1", "m=1.00"]));
    assert!(!ruled(RuleKind::Ascending(n.clone(), m.clone()), always(), &["n=10", "m=9.99"]));
    assert!(ruled(RuleKind::Ascending(n, m), always(), &["n=9.99", "m=10"]));
    let among = RuleKind::Among { field: a, values: vec![AmongValue::Credential(credential("appid"))] };
    assert!(ruled(among.clone(), always(), &["a=gpu1"]));
    assert!(!ruled(among.clone(), always(), &["a=gpu2"]));
    assert!(ruled(among, always(), &["b=1"]));
}

#[test]
fn advice_is_no_violation() {
    let mut operation = form();
    operation.request[3].field.advice = length(field("z", Kind::Text), 1, 2).limits;
    operation.request[3].field.advice.starts_with = Some(StartsWith::Credential(credential("appid")));
    let interpreter = with(operation);
    let given = inputs([("z", "123"), ("amount", "1")]);
    assert!(interpreter.prepare("pay", &given, NOW).is_ok());
    assert_eq!(interpreter.advice("pay", &given, NOW).unwrap().len(), 2);
}

#[test]
fn a_number_begins_with_a_day_near_today() {
    let compact = || TimePattern {
        text: "yyyyMMdd".to_owned(),
        pieces: vec![TimePiece::Year, TimePiece::Month, TimePiece::Day],
    };
    let mut operation = form();
    operation.request[3].field.limits.starts_with =
        Some(StartsWith::Date { pattern: compact(), within_days: 1 });
    let interpreter = with(operation);
    for (number, fits) in [
        ("202402281", true),
        ("20240229", true),
        ("20240301x", true),
        ("20240227", false),
        ("2024022", false),
        ("20240230", false),
    ] {
        assert_eq!(
            interpreter.prepare("pay", &inputs([("z", number), ("amount", "1")]), NOW).is_ok(),
            fits,
            "{number}"
        );
    }
}

#[test]
fn fields_of_every_scalar_kind_have_one_form_on_the_wire() {
    let compact = TimePattern {
        text: "yyyyMMdd".to_owned(),
        pieces: vec![TimePiece::Year, TimePiece::Month, TimePiece::Day],
    };
    let fen = Kind::Amount {
        unit: AmountUnit::Fen,
        scale: 0,
        read_scale: 2,
        digits: Digits::Fixed,
        json: JsonForm::Text,
    };
    let shortest = Kind::Amount {
        unit: AmountUnit::Yuan,
        scale: 2,
        read_scale: 2,
        digits: Digits::Shortest,
        json: JsonForm::Text,
    };
    let table = [
        (Kind::Integer { json: JsonForm::Text }, "007", "7"),
        (Kind::Decimal { scale: 3, json: JsonForm::Text }, "01.50", "1.50"),
        (fen, "10000.00", "10000"),
        (shortest.clone(), "100.00", "100"),
        (shortest, "10.10", "10.1"),
        (Kind::Flag { yes: "Y".to_owned(), no: "N".to_owned() }, "true", "Y"),
        (Kind::Timestamp(TimeFormat::UnixMillis), "1709179200123", "1709179200123"),
        (Kind::Timestamp(TimeFormat::Pattern(compact.clone())), "1709179200", "20240229"),
        (Kind::Date(compact.clone()), "2024-02-29", "20240229"),
        (Kind::Date(compact), "20240229", "20240229"),
        (Kind::Duration { units: vec!['h'] }, "96h", "96h"),
        (Kind::Url, "https://a.example", "https://a.example"),
    ];
    for (kind, given, wire) in table {
        let interpreter = with(operation("pay", vec![sent("x", kind)]));
        assert_eq!(prepared(&interpreter, &inputs([("x", given)])).fields[0].1, wire);
        assert!(interpreter.prepare("pay", &inputs([("x", "?")]), NOW).is_err());
    }
}

#[test]
fn common_fields_in_the_query_go_beside_a_json_body_that_is_signed_raw() {
    let mut spec = provider();
    let list = spec.recipes[0].list.as_mut().unwrap();
    list.fields = Selection::Query;
    list.add.push(("_body".to_owned(), vec![value(Operand::Message(MessagePart::Body))]));
    let in_query = |field: SentField| SentField { carrier: Carrier::Query, ..field };
    let fixed = |wire: &str| sent(wire, Kind::Fixed("1.0".to_owned()));
    let mut operation = operation(
        "pay",
        vec![
            in_query(filled("appid", Kind::Text, Origin::Credential(credential("appid")))),
            in_query(filled("sign", Kind::Signature, Origin::Signature)),
            in_query(fixed("version")),
            fixed("version"),
            sent("amount", yuan(JsonForm::Number)),
        ],
    );
    operation.body = Body::Json;
    spec.operations = vec![operation];
    let message = prepared(&interpreter(spec), &inputs([("amount", "11.1")]));
    assert_eq!(text_of(&message.body), r#"{"version":"1.0","amount":11.10}"#);
    assert_eq!(message.query, format!("appid=gpu1&version=1.0&sign={}", message.signature.clone().unwrap()));
    assert_eq!(
        message.masked_text(),
        r#"_body={"version":"1.0","amount":11.10}&appid=gpu1&secret=******&version=1.0"#
    );
}

#[test]
fn strange_inputs_are_violations_and_never_a_panic() {
    let interpreter = interpreter(payload_provider());
    let strange = [
        Given::from("\u{0}\u{feff}"),
        Given::List(vec![Given::List(Vec::new())]),
        Given::Object(Map::new()),
        Given::Json("{".repeat(100_000)),
        Given::Json(String::new()),
        Given::List(vec![Given::Object(Map::new()); 3]),
    ];
    for name in ["total", "items", "urls", "detail", "ok", "v", "biz", "", "sign"] {
        for value in &strange {
            let mut given = payload(vec![item("a", "1")], "1");
            given.insert(name, value.clone());
            assert!(interpreter.prepare("pay", &given, NOW).is_err(), "{name} {value:?}");
        }
    }
    assert!(matches!(
        interpreter.prepare("nothing", &Map::new(), NOW),
        Err(PrepareError::UnknownOperation { .. })
    ));
}

#[test]
fn an_item_with_the_separator_in_it_is_refused() {
    let mut spec = provider();
    let words = Kind::List { of: Item::Text, join: Some("|".to_owned()) };
    spec.operations = vec![operation("pay", vec![sent("words", words)])];
    let interpreter = interpreter(spec);
    let given = |items: &[&str]| {
        let items = items.iter().map(|item| Given::from(*item)).collect();
        Map::from([("words", Given::List(items))])
    };
    assert!(interpreter.prepare("pay", &given(&["a", "b c"]), NOW).is_ok());
    let violated = violations(&interpreter, &given(&["a", "b|c"]));
    let problem = Problem::Separator { separator: "|".to_owned() };
    assert_eq!(violated, [Violation { path: "words[1]".to_owned(), problem }]);
}

#[test]
fn personal_data_is_masked_in_what_is_shown_and_not_in_what_is_signed() {
    let buyer = |wire: &str| {
        let sent = sent(wire, Kind::Text);
        SentField { field: Field { sensitive: true, ..sent.field }, ..sent }
    };
    let inside = SentField { carrier: Carrier::Payload, ..buyer("name") };
    let plain = SentField { carrier: Carrier::Payload, ..sent("word", Kind::Text) };
    let mut pay = operation("pay", vec![buyer("phone"), inside, plain]);
    pay.payload = Some(field("biz", Kind::Text));
    let message = prepared(&with(pay), &inputs([("phone", "1"), ("name", "x\"y"), ("word", "1")]));
    let shown = r#"biz={"name":"******","word":"1"}&phone=******&secret=******"#;
    assert_eq!(message.text.masked(), shown);
    let signed = format!(r#"biz={{"name":"x\"y","word":"1"}}&phone=1&secret={SECRET}"#);
    assert_eq!(text_of(message.text.bytes()), signed);
}
