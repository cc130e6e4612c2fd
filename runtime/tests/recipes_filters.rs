//! Filters: what a template does to a value before it is written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{Charset, Filter, FilterError, Newline, Operand, RecipeError, Text, UrlDialect};

fn bytes_of(value: &Operand<'_>, filters: &[Filter], charset: Charset) -> Result<Vec<u8>, RecipeError> {
    let mut text = Text::new(charset);
    text.put_filtered(value, filters);
    text.finish().map(|text| text.as_bytes().to_vec())
}

fn filtered(value: &str, filter: Filter) -> Result<String, FilterError> {
    match bytes_of(&Operand::text(value), &[filter], Charset::Utf8) {
        Ok(bytes) => Ok(String::from_utf8(bytes).unwrap()),
        Err(RecipeError::Filter(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn case_and_white_space() {
    assert_eq!(filtered("Straße É", Filter::Upper).unwrap(), "STRAßE É");
    assert_eq!(filtered("ÀB", Filter::Lower).unwrap(), "àb");
    assert_eq!(filtered(" \t\u{3000}x\n", Filter::Trim).unwrap(), "\u{3000}x");
}

#[test]
fn decimals_are_rounded_half_away_from_zero_at_any_length() {
    let written = |value: &str, min: u32, max: u32| filtered(value, Filter::Decimals(min, max)).unwrap();
    for (value, wanted) in [
        ("1", "1.00"),
        ("1.5", "1.50"),
        ("1.005", "1.01"),
        ("-1.005", "-1.01"),
        ("1.00499999", "1.00"),
        ("9.995", "10.00"),
        ("99.999", "100.00"),
        ("0.004", "0.00"),
        ("-0.004", "0.00"),
        ("-0.005", "-0.01"),
        ("007.1", "7.10"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("0.995", "1.00"),
        ("00", "0.00"),
    ] {
        assert_eq!(written(value, 2, 2), wanted, "{value}");
    }
    assert_eq!(written("10", 1, 2), "10.0");
    assert_eq!(written("10.50", 1, 2), "10.5");
    assert_eq!(written("10.559", 1, 2), "10.56");
    assert_eq!(written("1.5", 0, 0), "2");
    assert_eq!(written("2.50", 0, 2), "2.5");
    let nines = "9".repeat(200);
    assert_eq!(written(&format!("{nines}.995"), 2, 2), format!("1{}.00", "0".repeat(200)));
    let exact = format!("{}.{}", "1".repeat(100), "2".repeat(100));
    assert_eq!(written(&exact, 100, 100), exact);
}

#[test]
fn what_is_no_plain_decimal_number_is_refused() {
    for odd in [
        "", "-", ".5", "5.", "1e2", "1E2", "+1", " 1", "1 ", "1,00", "1_000", "１", "0x1", "--1", "1.2.3",
        "NaN",
    ] {
        assert_eq!(filtered(odd, Filter::Decimals(2, 2)), Err(FilterError::NotDecimal), "{odd:?}");
    }
}

#[test]
fn each_dialect_of_percent_encoding_is_its_own() {
    let value = "aZ09-._~*!'() +/=&\u{e9}";
    for (dialect, wanted) in [
        (UrlDialect::Rfc3986, "aZ09-._~%2A%21%27%28%29%20%2B%2F%3D%26%C3%A9"),
        (UrlDialect::Form, "aZ09-._%7E*%21%27%28%29+%2B%2F%3D%26%C3%A9"),
        (UrlDialect::Php, "aZ09-._%7E%2A%21%27%28%29+%2B%2F%3D%26%C3%A9"),
        (UrlDialect::Dotnet, "aZ09-._%7e*!%27()+%2b%2f%3d%26%c3%a9"),
        (UrlDialect::Js, "aZ09-._~*!'()%20%2B%2F%3D%26%C3%A9"),
    ] {
        assert_eq!(filtered(value, Filter::Url(dialect)).unwrap(), wanted, "{dialect:?}");
    }
    let gbk = bytes_of(&Operand::text("中"), &[Filter::Url(UrlDialect::Php)], Charset::Gbk).unwrap();
    assert_eq!(gbk, b"%D6%D0");
}

#[test]
fn a_text_is_cut_by_characters_and_measured_in_bytes() {
    assert_eq!(filtered("中文字", Filter::First(2)).unwrap(), "中文");
    assert_eq!(filtered("中文字", Filter::Last(2)).unwrap(), "文字");
    assert_eq!(filtered("中", Filter::Last(9)).unwrap(), "中");
    assert_eq!(filtered("中", Filter::First(0)).unwrap(), "");
    assert_eq!(filtered("a中b", Filter::Reverse).unwrap(), "b中a");
    assert_eq!(filtered("a中", Filter::Length).unwrap(), "4");
    assert_eq!(bytes_of(&Operand::text("a中"), &[Filter::Length], Charset::Gbk).unwrap(), b"3");
    assert_eq!(
        bytes_of(&Operand::bytes(b"\xff\xfe".as_slice()), &[Filter::Length], Charset::Utf8).unwrap(),
        b"2"
    );
}

#[test]
fn characters_are_escaped_and_taken_out() {
    assert_eq!(filtered(r"a:b\c|", Filter::Escape(":")).unwrap(), r"a\:b\\c|");
    assert_eq!(filtered("1,234.50", Filter::Without(".,")).unwrap(), "123450");
    assert_eq!(filtered("a\r\nb\rc\nd", Filter::Newlines(Newline::Lf)).unwrap(), "a\nb\nc\nd");
    assert_eq!(filtered("a\r\nb\rc\nd", Filter::Newlines(Newline::CrLf)).unwrap(), "a\r\nb\r\nc\r\nd");
    assert_eq!(filtered("Bearer x", Filter::After("Bearer ")).unwrap(), "x");
    assert_eq!(filtered("x", Filter::After("Bearer ")).unwrap(), "x");
    assert_eq!(filtered("a/b/c", Filter::AfterLast("/")).unwrap(), "c");
    assert_eq!(filtered("abc", Filter::AfterLast("/")).unwrap(), "abc");
    assert_eq!(filtered("a\"\\\n\u{1}/中", Filter::JsonString).unwrap(), "\"a\\\"\\\\\\n\\u0001/中\"");
}

#[test]
fn bytes_are_encoded_and_decoded() {
    let bytes = Operand::bytes([0xfb, 0xff].as_slice());
    let of = |filter| String::from_utf8(bytes_of(&bytes, &[filter], Charset::Utf8).unwrap()).unwrap();
    assert_eq!(of(Filter::Hex), "fbff");
    assert_eq!(of(Filter::Base64), "+/8=");
    assert_eq!(of(Filter::Base64Url), "-_8");
    assert_eq!(filtered("中", Filter::Hex).unwrap(), "e4b8ad");
    let decoded = |text: &str, filter| bytes_of(&Operand::text(text), &[filter], Charset::Utf8);
    assert_eq!(decoded("FBff", Filter::FromHex).unwrap(), [0xfb, 0xff]);
    for text in ["+/8=", "+/8", "-_8=", "-_8", "+/\r\n8="] {
        assert_eq!(decoded(text, Filter::FromBase64).unwrap(), [0xfb, 0xff], "{text}");
    }
    for odd in ["+_8=", "+/8 =", "+/8==", "+/8=a", "#"] {
        assert_eq!(filtered(odd, Filter::FromBase64), Err(FilterError::NotBase64), "{odd}");
    }
    for odd in ["f", "zz", "ff ", "0xff"] {
        assert_eq!(filtered(odd, Filter::FromHex), Err(FilterError::NotHex), "{odd}");
    }
}

#[test]
fn a_filter_over_text_decodes_bytes_first() {
    let gbk = Operand::bytes(b"\xd6\xd0A".as_slice());
    assert_eq!(bytes_of(&gbk, &[Filter::Lower], Charset::Gbk).unwrap(), b"\xd6\xd0a");
    assert_eq!(bytes_of(&gbk, &[Filter::Hex], Charset::Gbk).unwrap(), b"d6d041");
    let refused = bytes_of(&gbk, &[Filter::Lower], Charset::Utf8).unwrap_err();
    assert_eq!(refused, RecipeError::Filter(FilterError::NotText { charset: Charset::Utf8 }));
    let refused = bytes_of(&Operand::text("中"), &[Filter::Base64], Charset::Latin1).unwrap_err();
    assert_eq!(refused, RecipeError::Filter(FilterError::Unencodable { charset: Charset::Latin1 }));
}

#[test]
fn json_keeps_the_spelling_of_numbers_and_strings() {
    let json =
        " { \"b\" : [ 1.0 , 1e2, true ,null, {} ] , \"a\\u0062\" : \"x\\/ y\" ,\"A\":{\"z\": 1, \"y\":2} } ";
    assert_eq!(
        filtered(json, Filter::Json).unwrap(),
        r#"{"b":[1.0,1e2,true,null,{}],"a\u0062":"x\/ y","A":{"z":1,"y":2}}"#
    );
    assert_eq!(
        filtered(json, Filter::SortedJson).unwrap(),
        r#"{"A":{"y":2,"z":1},"a\u0062":"x\/ y","b":[1.0,1e2,true,null,{}]}"#
    );
    assert_eq!(filtered(" \"a b\" ", Filter::Json).unwrap(), "\"a b\"");
    assert_eq!(filtered("[]", Filter::SortedJson).unwrap(), "[]");
}

#[test]
fn json_that_two_readers_could_read_in_two_ways_is_refused() {
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    for odd in ["", "{", "{\"a\":1,}", "{'a':1}", r#"{"a":1,"a":2}"#, r#"[{"a":1,"\u0061":2}]"#, "1 2", &deep]
    {
        assert_eq!(filtered(odd, Filter::SortedJson), Err(FilterError::NotJson), "{odd:?}");
    }
    let shallow = format!("{}{}", "[".repeat(64), "]".repeat(64));
    assert_eq!(filtered(&shallow, Filter::Json).unwrap(), shallow);
}

#[test]
fn filters_work_from_left_to_right_and_what_was_hidden_stays_hidden() {
    let filters = [Filter::Lower, Filter::Reverse, Filter::Hex];
    assert_eq!(bytes_of(&Operand::text("AB"), &filters, Charset::Utf8).unwrap(), b"6261");
    let mut text = Text::new(Charset::Utf8);
    text.put("k=");
    text.put_filtered(&Operand::sensitive("AB"), &filters);
    let text = text.finish().unwrap();
    assert_eq!(text.as_bytes(), b"k=6261");
    assert_eq!(text.masked(), "k=******");
}

#[test]
fn errors_do_not_show_the_value() {
    for filter in [Filter::Decimals(1, 1), Filter::FromHex, Filter::FromBase64, Filter::Json] {
        let error = filtered("s3cr3t!", filter).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("s3cr3t"), "{error}");
    }
    assert!(!format!("{:?}", Operand::sensitive("s3cr3t")).contains("s3cr3t"));
}
