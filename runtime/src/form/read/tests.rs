//! Forms are read once and strictly, and on both roads alike.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use super::*;
use crate::form::{Form, Space};

fn read(text: &str) -> Result<Vec<(String, String)>, FormError> {
    read_bytes(text.as_bytes(), Charset::Utf8)
}

fn read_bytes(bytes: &[u8], charset: Charset) -> Result<Vec<(String, String)>, FormError> {
    let (mut texts, mut spans) = (String::new(), Vec::new());
    append_pairs(bytes, charset, &mut texts, &mut spans)?;
    let pair = |span: &PairSpan| {
        let (name, value) = span.of(&texts);
        (name.to_owned(), value.to_owned())
    };
    Ok(spans.iter().map(pair).collect())
}

fn pairs(expected: &[(&str, &str)]) -> Result<Vec<(String, String)>, FormError> {
    Ok(expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
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
            let read = read_bytes(written.as_bytes(), charset).unwrap();
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

/// Both roads lead to the same pairs, and what the short one does not take, the other refuses.
#[test]
fn as_a_whole_or_one_by_one() {
    let pieces: [&[u8]; 16] = [
        b"&",
        b"=",
        b"+",
        b"a",
        b"name",
        b"%20",
        b"%e4%bd%a0",
        "好".as_bytes(),
        b"%E4",
        b"\xe4",
        b"\xbd\xa0",
        b"%",
        b"%4",
        b"%zz",
        b"%26",
        b"%3D",
    ];
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut good, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..next(9)).flat_map(|_| pieces[next(pieces.len())].to_vec()).collect();
        let (mut texts, mut spans) = ("before".to_owned(), Vec::new());
        let whole = append_as_a_whole(&bytes, &mut texts, &mut spans)
            .map(|()| spans.iter().map(|span| span.of(&texts)).collect::<Vec<_>>());
        let (mut texts, mut spans) = ("before".to_owned(), Vec::new());
        let each = append_one_by_one(&bytes, Charset::Utf8, &mut texts, &mut spans)
            .map(|()| spans.iter().map(|span| span.of(&texts)).collect::<Vec<_>>());
        assert_eq!(whole, each.clone().ok(), "{:?}", String::from_utf8_lossy(&bytes));
        if each.is_ok() { good += 1 } else { refused += 1 }
    }
    assert!(good > 1000 && refused > 1000, "{good} {refused}");
}
