//! Replies in JSON: every way to be wrong has its own name, and values are read from exact text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::borrow::Cow;

use payspec_runtime::{
    AbsentWhen, Because, Charset, Document, Enumeration, Fen, Malformed, Members, OtherValue, Response,
    Value, Yuan, read,
};
use support::{at, client, ok};

fn because(response: &Response, charset: Charset) -> Because {
    client().core.json(response, charset).expect_err("the reply should not be readable")
}

fn document(body: &str) -> Document<'_> {
    Document::read(body.as_bytes(), Charset::Utf8, 64, AbsentWhen::Empty).unwrap()
}

/// Reads member `v` of an object with this value.
fn read_value<T>(value: &str, read: impl Fn(Value<'_>) -> Result<T, Malformed>) -> Result<T, String> {
    let body = format!(r#"{{"v":{value}}}"#);
    document(&body).object().unwrap().required("v", read).map_err(|error| error.to_string())
}

#[test]
fn what_is_no_json_is_called_that() {
    for body in [
        "",
        " ",
        "<html>",
        "{",
        r#"{"a":1"#,
        r#"{"a":1}x"#,
        r#"{"a":1}{"a":1}"#,
        "{'a':1}",
        r#"{"a":01}"#,
        r#"{"a":1,}"#,
        "\u{feff}{}",
    ] {
        let because = because(&ok(body), Charset::Utf8);
        assert!(matches!(because, Because::NotJson(_)), "{body}: {because:?}");
    }
}

#[test]
fn what_is_json_but_no_object_is_called_that() {
    for body in ["[]", "1", "null", "\"{}\"", "true"] {
        let said = because(&ok(body), Charset::Utf8).to_string();
        assert!(said.contains("instead of an object"), "{body}: {said}");
    }
}

#[test]
fn a_status_that_is_no_success_is_unknown() {
    for status in [100, 199, 300, 302, 404, 500, 502] {
        let response = Response::new(status, Vec::new(), b"{}".to_vec());
        assert!(
            matches!(because(&response, Charset::Utf8), Because::HttpStatus { status: s } if s == status)
        );
    }
}

#[test]
fn a_huge_reply_is_not_parsed() {
    let client = at("https://pay.example.com").reply_limit(8).build().unwrap();
    assert!(client.core.json(&ok(r#"{"a":12}"#), Charset::Utf8).is_ok());
    let because = client.core.json(&ok(r#"{"a":123}"#), Charset::Utf8).unwrap_err();
    assert!(matches!(because, Because::TooLarge { limit: 8 }));
}

#[test]
fn depth_is_checked_before_parsing() {
    let nested = |depth: usize| format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(client().core.json(&ok(&nested(64)), Charset::Utf8).is_ok());
    assert!(matches!(because(&ok(&nested(65)), Charset::Utf8), Because::TooDeep { limit: 64 }));
    let unclosed = "[".repeat(500_000);
    assert!(matches!(because(&ok(&unclosed), Charset::Utf8), Because::TooDeep { .. }));
    let in_a_string = format!(r#"{{"a":"\"{}"}}"#, "[".repeat(500));
    assert!(client().core.json(&ok(&in_a_string), Charset::Utf8).is_ok());
}

#[test]
fn a_duplicate_member_is_refused_however_it_is_written() {
    for body in [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#, r#"{"":1,"":2}"#] {
        assert!(matches!(because(&ok(body), Charset::Utf8), Because::DuplicateMember { .. }), "{body}");
    }
}

#[test]
fn many_members_do_not_take_forever() {
    let members: Vec<String> = (0..60_000).map(|index| format!(r#""{index}":0"#)).collect();
    let body = format!("{{{}}}", members.join(","));
    assert!(client().core.json(&ok(&body), Charset::Utf8).is_ok());
}

#[test]
fn bytes_of_another_charset_are_refused() {
    let gbk = [b"{\"a\":\"".as_slice(), &[0xd6, 0xd0], b"\"}"].concat();
    let response = Response::new(200, Vec::new(), gbk);
    assert!(matches!(because(&response, Charset::Utf8), Because::Charset(_)));
    assert!(client().core.json(&response, Charset::Gbk).is_ok());
    let cut = Response::new(200, Vec::new(), [b"{\"a\":\"".as_slice(), &[0xd6], b"\"}"].concat());
    assert!(matches!(because(&cut, Charset::Gbk), Because::Charset(_)));
}

#[test]
fn the_raw_bytes_of_a_member_are_those_of_the_wire_also_in_gbk() {
    // 0x81 0x5c is one character whose second byte is a backslash, 0x81 0x7b one whose second byte is a brace.
    let value =
        [b"{ \"t\" : \"".as_slice(), &[0x81, 0x5c, 0x81, 0x7b, 0xd6, 0xd0], b"\", \"n\":1.0 }"].concat();
    let body =
        [b"{\"x\":\"".as_slice(), &[0x81, 0x5c], b"\", \"data\" :  ", &value, b"  ,\"sign\":\"s\"}"].concat();
    let document = Document::read(&body, Charset::Gbk, 64, AbsentWhen::Empty).unwrap();
    let data = document.data("data", None).unwrap();
    assert_eq!(data.raw(), value);
    let mut members = data.object().unwrap();
    assert_eq!(members.required("t", read::text).unwrap(), "乗亄中");
    assert_eq!(members.required("n", read::text).unwrap(), "1.0");
}

#[test]
fn the_data_member_or_its_fault() {
    let fault = document(r#"{"fault":{"code":"1"},"sign":"s"}"#);
    let data = fault.data("data", Some("fault")).unwrap();
    assert!(data.is_fault());
    assert_eq!(data.raw(), br#"{"code":"1"}"#);
    assert!(fault.data("data", None).is_err());
    assert!(!document(r#"{"data":{}}"#).data("data", Some("fault")).unwrap().is_fault());
    assert!(document(r#"{"data":{},"fault":{}}"#).data("data", Some("fault")).is_err());
    assert!(document(r#"{"data":null}"#).data("data", None).is_err());
    assert!(document(r#"{"data":[]}"#).data("data", None).unwrap().object().is_err());
}

#[test]
fn a_signature_must_be_a_text_that_is_not_empty() {
    let sign = |body: &str| {
        let response = Response::new(200, Vec::new(), body.as_bytes().to_vec());
        let document = document(body);
        let message = document.message(&response, None).unwrap();
        message.placed_field(&["sign"]).map(Cow::into_owned).map_err(Because::from)
    };
    for body in ["{}", r#"{"sign":""}"#, r#"{"sign":null}"#, r#"{"sign":["x"]}"#] {
        assert!(matches!(sign(body), Err(Because::Unsigned { .. })), "{body}");
    }
    assert_eq!(sign(r#"{"sign":"a\/b+c=","x":1}"#).unwrap(), "a/b+c=");
}

#[test]
fn null_and_empty_text_are_absent() {
    let document = document(r#"{"a":null,"b":"","c":" ","d":"x"}"#);
    let mut members = document.object().unwrap();
    assert_eq!(members.optional("a", read::text), Ok(None));
    assert_eq!(members.optional("b", read::text), Ok(None));
    assert_eq!(members.optional("c", read::text), Ok(Some(" ".into())));
    assert_eq!(members.optional("e", read::text), Ok(None));
    assert!(members.required("b", read::text).unwrap_err().is_missing());
    assert!(members.required("e", read::text).unwrap_err().is_missing());
}

#[test]
fn which_text_is_absent_is_the_specs_rule() {
    let body = br#"{"o":{"a":" ","b":""}}"#;
    let read_both = |absent| {
        let document = Document::read(body, Charset::Utf8, 64, absent).unwrap();
        let mut members = document.object().unwrap().object("o").unwrap();
        (members.optional("a", read::text).unwrap(), members.optional("b", read::text).unwrap())
    };
    assert_eq!(read_both(AbsentWhen::Blank), (None, None));
    assert_eq!(read_both(AbsentWhen::Empty), (Some(" ".into()), None));
    assert_eq!(read_both(AbsentWhen::Never), (Some(" ".into()), Some("".into())));
}

#[test]
fn numbers_and_texts_read_alike() {
    assert_eq!(read_value("1", read::integer), Ok(1));
    assert_eq!(read_value("\"-1\"", read::integer), Ok(-1));
    assert_eq!(read_value("10.0", read::text), Ok("10.0".into()));
    assert_eq!(read_value("\"0.10\"", read::yuan(2)), Ok(Yuan::from_fen(10)));
    assert_eq!(read_value("0.1", read::yuan(2)), Ok(Yuan::from_fen(10)));
    assert_eq!(read_value("10000.00", read::fen(2)), Ok(Fen::new(10_000)));
    assert_eq!(read_value("9007199254740993", read::integer), Ok(9_007_199_254_740_993));
    assert_eq!(read_value("\"Y\"", read::flag("Y", "N")), Ok(true));
    assert_eq!(read_value("0", read::flag("1", "0")), Ok(false));
    assert_eq!(read_value("1566061421", read::unix_seconds).unwrap().unix_seconds(), 1_566_061_421);
}

#[test]
fn everything_else_is_refused() {
    for odd in [
        "1e2",
        "\"1e2\"",
        "\"1_000\"",
        "\" 1\"",
        "\"1 \"",
        "\"+1\"",
        "\"１\"",
        "\"\\u00a01\"",
        "true",
        "[1]",
        "{}",
        "1.5",
    ] {
        assert!(read_value(odd, read::integer).is_err(), "integer {odd}");
        assert!(read_value(odd, read::fen(2)).is_err(), "fen {odd}");
    }
    for odd in ["1e2", "\"1_000\"", "\".5\"", "\"5.\"", "\"1.2.3\"", "\"1,5\"", "\"-\"", "\"\\n1\"", "1.234"]
    {
        assert!(read_value(odd, read::yuan(2)).is_err(), "yuan {odd}");
        assert!(read_value(odd, read::decimal(2)).is_err(), "decimal {odd}");
    }
    assert!(read_value("9223372036854775808", read::integer).is_err());
    assert!(read_value("\"0.001\"", read::yuan(3)).is_err(), "a part of a fen");
    assert!(read_value("0.01", read::fen(2)).is_err(), "a part of a fen");
    assert!(read_value("\"yes\"", read::flag("Y", "N")).is_err());
    assert!(read_value("\"2019-8-1 00:00:00\"", read::timestamp("%Y-%m-%d %H:%M:%S", 28_800)).is_err());
    assert!(read_value("\"20190230\"", read::date("%Y%m%d")).is_err());
    assert!(read_value("\"96x\"", read::span(&['h'])).is_err());
    assert!(read_value("\"96m\"", read::span(&['h'])).is_err());
    assert!(read_value("\"ftp://x\"", read::url).is_err());
    assert!(read_value("[1]", read::text).is_err());
    assert!(read_value("{}", read::list(read::text)).is_err());
    assert!(read_value("[]", read::object(|_| Ok(()))).is_err());
    assert!(read_value("\"not json\"", read::json(|_| Ok(()))).is_err());
    assert!(read_value("{}", read::json(|_| Ok(()))).is_err());
    assert!(read_value("\"{\\\"a\\\":1,\\\"a\\\":2}\"", read::json(|_| Ok(()))).is_err());
    let deep = format!("\"{}\"", "[".repeat(100));
    assert!(read_value(&deep, read::json_any).is_err());
}

#[test]
fn an_unlisted_value_is_kept() {
    #[derive(Debug, PartialEq)]
    enum State {
        Paid,
        Other(OtherValue),
    }
    impl Enumeration for State {
        fn from_wire(text: &str) -> Self {
            if text == "1" { Self::Paid } else { Self::Other(OtherValue::new(text)) }
        }
        fn as_wire(&self) -> &str {
            match self {
                Self::Paid => "1",
                Self::Other(other) => other.as_str(),
            }
        }
    }
    assert_eq!(read_value("1", read::enumeration::<State>), Ok(State::Paid));
    assert_eq!(read_value("\"77\"", read::enumeration::<State>).unwrap().as_wire(), "77");
}

#[test]
fn json_inside_a_string_keeps_its_text() {
    let read = read::json(|members: &mut Members<'_>| members.required("tradeNO", read::text));
    let json = read_value(r#""{ \"tradeNO\" : 7 }""#, read).unwrap();
    assert_eq!(json.value().unwrap(), "7");
    assert_eq!(json.exact().unwrap(), r#"{ "tradeNO" : 7 }"#);
    let any = read_value(r#""[1, 2]""#, read::json_any).unwrap();
    assert_eq!(any.as_str(), "[1, 2]");
}

#[test]
fn a_joined_text_is_several_values() {
    assert_eq!(read_value("\"a,b\"", read::joined(",", read::text)), Ok(vec!["a".into(), "b".into()]));
    assert!(read_value("\"1,x\"", read::joined(",", read::integer)).unwrap_err().contains("v[1]"));
}

#[test]
fn an_error_names_the_path_and_what_was_found() {
    let document = document(r#"{"data":{"rows":[{"amount":"1e2"}]}}"#);
    let row = read::object(|members: &mut Members<'_>| members.required("amount", read::fen(2)));
    let rows = read::object(move |members: &mut Members<'_>| members.required("rows", read::list(&row)));
    let error = document.object().unwrap().required("data", rows).unwrap_err();
    assert_eq!(error.path(), "data.rows[0].amount");
    assert_eq!(error.to_string(), r#"`data.rows[0].amount` is the text "1e2"; an amount in fen is wanted"#);
}

#[test]
fn an_error_never_shows_a_sensitive_value() {
    let error = read_value("\"13800000000x\"", read::sensitive(read::integer)).unwrap_err();
    assert!(!error.contains("138"), "{error}");
    assert!(error.contains('v'));
}

#[test]
fn an_error_shows_a_bounded_value_on_one_line() {
    let long = format!("\"{}\\n\"", "x".repeat(10_000));
    let error = read_value(&long, read::integer).unwrap_err();
    assert!(error.len() < 200 && !error.contains('\n'), "{error}");
}

#[test]
fn what_is_left_is_kept_with_its_text() {
    let document = document(r#"{"b":1.0,"a":"x","c":{ "d" : [1] },"e":null}"#);
    let mut members = document.object().unwrap();
    assert_eq!(members.required("a", read::text).unwrap(), "x");
    let rest = members.rest();
    let rest: Vec<(&str, &str)> = rest.iter().map(|(name, value)| (name, value.text())).collect();
    assert_eq!(rest, [("b", "1.0"), ("c", r#"{ "d" : [1] }"#), ("e", "null")]);
}

#[test]
fn half_a_surrogate_is_no_text() {
    for body in [r#"{"a":"\ud83d"}"#, r#"{"a":"\ude00\ud83d"}"#, r#"{"\ud800":1}"#, r#"{"o":[{"\ud83d":1}]}"#]
    {
        let because = because(&ok(body), Charset::Utf8);
        assert!(matches!(because, Because::NotJson(_)), "{body}: {because:?}");
    }
}

#[test]
fn a_name_twice_is_refused_however_deep() {
    for body in [r#"{"data":{"a":1,"a":2}}"#, r#"{"o":[{"a":1,"a":2}]}"#, r#"{"o":{"p":{"a":1,"\u0061":2}}}"#]
    {
        let because = because(&ok(body), Charset::Utf8);
        assert!(matches!(because, Because::DuplicateMember { .. }), "{body}: {because:?}");
    }
}
