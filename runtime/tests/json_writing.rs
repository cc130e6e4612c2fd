//! The writer: exact text, because it is signed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{
    Charset, Extra, Json, RawJson, Text,
    json::{JsonError, Object},
};

#[test]
fn members_stand_in_call_order_without_white_space() {
    let mut object = Object::new();
    object.text("z", "1");
    object.number("a", "10.00");
    object.text_if("left_out", None);
    object.number_if("n", Some("2"));
    object.object("o", |o| o.text("x", ""));
    object.object("empty", |_| {});
    object.objects("list", &["p", "q"], |item, o| o.text("v", item));
    object.objects("none", &[] as &[&str], |item, o| o.text("v", item));
    object.texts("t", &["a", "b"]);
    object.texts_if::<String>("left_out", None);
    object.raw("r", &"[ 1.0 ]".parse().unwrap());
    let wanted = r#"{"z":"1","a":10.00,"n":2,"o":{"x":""},"empty":{},"list":[{"v":"p"},{"v":"q"}],"none":[],"t":["a","b"],"r":[ 1.0 ]}"#;
    assert_eq!(&*object.finish(), wanted);
}

#[test]
fn an_object_without_members_is_two_braces() {
    assert_eq!(&*Object::new().finish(), "{}");
}

#[test]
fn a_member_after_a_value_that_ends_in_a_brace_has_its_comma() {
    let mut object = Object::new();
    object.text("a", "{");
    object.text("b{", "x");
    object.object("c", |o| {
        o.object("d", |_| {});
        o.text("e", "{");
    });
    assert_eq!(&*object.finish(), r#"{"a":"{","b{":"x","c":{"d":{},"e":"{"}}"#);
}

#[test]
fn only_quotes_backslashes_and_control_characters_are_escaped() {
    let mut object = Object::new();
    object.text("t", "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1}\u{b}\u{f}\u{10}\u{1f}\u{7f}\u{2028}中😀<>&'");
    let wanted = "{\"t\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u0001\\u000b\\u000f\\u0010\\u001f\u{7f}\u{2028}中😀<>&'\"}";
    assert_eq!(&*object.finish(), wanted);
}

#[test]
fn every_character_below_a_space_reads_back_as_itself() {
    let text: String = ('\u{0}'..='\u{20}').chain(['"', '\\', '中']).collect();
    let written = RawJson::of_text(&text);
    assert_eq!(written.as_text().unwrap(), text);
}

#[test]
fn extra_members_keep_order_and_text() {
    let mut extra = Extra::new();
    extra.insert("n", "1.0".parse().unwrap());
    extra.insert("a", RawJson::of_text("x"));
    extra.insert("n", "2.50".parse().unwrap());
    let mut object = Object::new();
    object.text("first", "1");
    object.extra(&extra);
    assert_eq!(&*object.finish(), r#"{"first":"1","n":2.50,"a":"x"}"#);
    assert_eq!(extra.text("a").unwrap(), "x");
    assert_eq!(extra.text("n"), None);
}

#[test]
fn json_that_travels_as_text_is_a_value_or_an_exact_text() {
    let write = |value: &&str, object: &mut Object| object.text("v", value);
    assert_eq!(&*Json::of("x").to_text(write), r#"{"v":"x"}"#);
    assert_eq!(&*Json::text(r#"{ "v" : 1 }"#).to_text(write), r#"{ "v" : 1 }"#);
    assert_eq!(Json::<&str>::text("{}").value(), None);
}

#[test]
fn raw_json_must_be_json() {
    assert!(matches!("{".parse::<RawJson>(), Err(JsonError::Syntax { .. })));
    assert!(matches!("1 2".parse::<RawJson>(), Err(JsonError::Syntax { .. })));
    let deep = "[".repeat(65) + &"]".repeat(65);
    assert_eq!(deep.parse::<RawJson>(), Err(JsonError::TooDeep { limit: 64 }));
}

#[test]
fn raw_json_is_not_shown() {
    let shown = format!("{:?}", r#"{"buyer":"13800000000"}"#.parse::<RawJson>().unwrap());
    assert!(!shown.contains("138"), "{shown}");
}

#[test]
fn personal_data_is_masked_where_signed_json_is_shown() {
    let mut object = Object::new();
    object.text("a", "1");
    object.sensitive(|object| object.text("buyer\\\"", "张三"));
    object.sensitive(|object| object.text_if("left_out", None));
    object.objects("list", &["p", "q"], |item, object| {
        object.sensitive(|object| object.text("v", item));
        object.text("w", item);
    });
    object.sensitive(|object| object.object("o", |object| object.sensitive(|object| object.text("x", "y"))));
    object.sensitive(|object| object.number("n", "138"));
    let json = object.finish();
    let sent =
        r#"{"a":"1","buyer\"":"张三","list":[{"v":"p","w":"p"},{"v":"q","w":"q"}],"o":{"x":"y"},"n":138}"#;
    let shown = r#"{"a":"1","buyer\"":"******","list":[{"v":"******","w":"p"},{"v":"******","w":"q"}],"o":******,"n":******}"#;
    assert_eq!(&*json, sent);
    assert!(!format!("{json:?}").contains("138"));
    for charset in [Charset::Utf8, Charset::Gbk] {
        let mut text = Text::new(charset);
        text.list("&").json("biz=", &json);
        text.put("|");
        text.put_body(&json, Charset::Gbk);
        let text = text.finish().unwrap();
        let mut bytes = charset.encode(&format!("biz={sent}|")).unwrap().into_owned();
        bytes.extend_from_slice(&Charset::Gbk.encode(sent).unwrap());
        assert_eq!(text.as_bytes(), bytes);
        assert_eq!(text.masked(), format!("biz={shown}|{shown}"));
    }
}
