//! Forms: written by RFC 3986. How they are read, callbacks show, and `src/form/read/tests.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{Charset, Form, Space};

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
