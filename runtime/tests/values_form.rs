//! Forms: written by RFC 3986, read once and strictly.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{Charset, Form, FormError, MAX_PAIRS, Space, decode_pairs};

fn read(text: &str) -> Result<Vec<(String, String)>, FormError> {
    read_bytes(text.as_bytes(), Charset::Utf8)
}

fn read_bytes(bytes: &[u8], charset: Charset) -> Result<Vec<(String, String)>, FormError> {
    decode_pairs(bytes, charset)
}

fn pairs(expected: &[(&str, &str)]) -> Result<Vec<(String, String)>, FormError> {
    Ok(expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[test]
fn only_unreserved_characters_stay() {
    let all: String = ('\u{0}'..='\u{7f}').collect();
    let mut form = Form::new(Charset::Utf8, Space::Percent20);
    form.pair_of("", &all);
    let written = form.finish().unwrap();
    let literal: String = written.split('%').map(|piece| piece.get(2..).unwrap_or("")).collect();
    assert_eq!(literal, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
    assert!(written.contains("%20") && written.contains("%2F") && written.contains("%7F"), "{written}");
}

#[test]
fn a_space_is_written_in_one_of_two_forms_and_a_plus_never_stands_for_itself() {
    let written = |space| {
        let mut form = Form::new(Charset::Utf8, space);
        form.pair_of("a b", "1 +");
        form.pair_of_if("c", Some("中"));
        form.pair_of_if("d", None);
        form.pair_of("e", "");
        form.finish().unwrap()
    };
    assert_eq!(written(Space::Percent20), "a%20b=1%20%2B&c=%E4%B8%AD&e=");
    assert_eq!(written(Space::Plus), "a+b=1+%2B&c=%E4%B8%AD&e=");
}

#[test]
fn the_bytes_are_those_of_the_charset() {
    let mut form = Form::new(Charset::Gbk, Space::Percent20);
    form.pair_of("名", "乗");
    assert_eq!(form.finish().unwrap(), "%C3%FB=%81%5C");
}

#[test]
fn a_value_that_cannot_be_written_is_named_but_not_shown() {
    let mut form = Form::new(Charset::Gbk, Space::Percent20);
    form.pair_of("subject", "中");
    form.pair_of("buyer", "😀 private");
    form.pair_of("memo", "😀");
    assert!(!format!("{form:?}").contains("subject"));
    let refused = form.finish().unwrap_err();
    assert_eq!(refused.name, "buyer");
    assert_eq!(refused.to_string(), "`buyer` has a character that GBK cannot write");
}

#[test]
fn what_is_written_is_read_again() {
    let values = ["", " ", "+ %41&=;", "a=b=c==", "中文 😀", "\u{0}\r\n\t", "~-._", "%"];
    for space in [Space::Percent20, Space::Plus] {
        for charset in [Charset::Utf8, Charset::Gb18030] {
            let mut form = Form::new(charset, space);
            for (index, value) in values.iter().enumerate() {
                form.pair_of(&format!("n {index}{value}"), value);
            }
            let written = form.finish().unwrap();
            let read = decode_pairs(written.as_bytes(), charset).unwrap();
            assert!(read.iter().map(|(_, value)| value.as_str()).eq(values));
        }
    }
}

#[test]
fn a_value_may_have_equals_signs_in_it() {
    assert_eq!(read("sign=ab+cd==&x=="), pairs(&[("sign", "ab cd=="), ("x", "=")]));
}

#[test]
fn empty_segments_are_passed_over_and_a_bare_name_has_an_empty_value() {
    assert_eq!(read(""), pairs(&[]));
    assert_eq!(read("&&"), pairs(&[]));
    assert_eq!(read("&a=1&&b=&c&"), pairs(&[("a", "1"), ("b", ""), ("c", "")]));
}

#[test]
fn escapes_are_undone_once() {
    assert_eq!(read("a=%2541&b=%2b&c=%e4%b8%AD"), pairs(&[("a", "%41"), ("b", "+"), ("c", "中")]));
}

#[test]
fn malformed_escapes_are_refused_with_the_name() {
    for odd in ["%", "%4", "%zz", "%4g", "%g4", "%+1", "100%", "%%41", "%４1"] {
        let refused = FormError::Percent { name: "a".to_owned() };
        assert_eq!(read(&format!("x=1&a={odd}")), Err(refused), "{odd}");
    }
    assert_eq!(read("%=1"), Err(FormError::Percent { name: "%".to_owned() }));
}

#[test]
fn bytes_that_are_no_text_are_refused_with_the_name() {
    let refused = |charset| Err(FormError::Undecodable { name: "a".to_owned(), charset });
    assert_eq!(read("a=%ff"), refused(Charset::Utf8));
    assert_eq!(read("a=%D6%D0"), refused(Charset::Utf8));
    assert_eq!(read_bytes(b"a=\xff", Charset::Utf8), refused(Charset::Utf8));
    assert_eq!(read_bytes(b"a=%D6", Charset::Gbk), refused(Charset::Gbk));
    assert_eq!(read_bytes(b"a=%D6%D0&b=\xd6\xd0", Charset::Gbk), pairs(&[("a", "中"), ("b", "中")]));
}

#[test]
fn a_name_that_stands_twice_is_refused_however_it_is_written() {
    for twice in ["a=1&a=1", "a=1&b=2&a=", "a=1&%61=2", "a&a", "a=1&b&a=3"] {
        assert_eq!(read(twice), Err(FormError::Repeated { name: "a".to_owned() }), "{twice}");
    }
    assert!(read("a=1&A=2&a%20=3").is_ok(), "names differ by case and by blanks");
}

#[test]
fn a_value_without_a_name_is_refused() {
    assert_eq!(read("=1"), Err(FormError::NoName));
    assert_eq!(read("a=1&="), Err(FormError::NoName));
}

#[test]
fn the_number_of_pairs_is_bounded() {
    let many = |count: usize| (0..count).map(|index| format!("n{index}=1&")).collect::<String>();
    assert_eq!(read(&many(MAX_PAIRS)).map(|pairs| pairs.len()), Ok(MAX_PAIRS));
    assert_eq!(read(&many(MAX_PAIRS + 1)), Err(FormError::TooManyPairs));
    assert!(read(&"&".repeat(100_000)).is_ok());
}

#[test]
fn a_name_in_an_error_is_short_and_harmless() {
    let name = format!("\u{1b}[31m\n`{}", "x".repeat(10_000));
    let error = read(&format!("{name}=%")).unwrap_err().to_string();
    assert!(error.len() < 200, "{error}");
    assert!(!error.contains('\u{1b}') && !error.contains('\n'), "{error}");
}
