//! Charsets: strict in both directions, and the way from decoded text back to the bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::borrow::Cow;

use payspec_runtime::{Charset, Undecodable, Unencodable};

/// Every two-byte sequence that GBK has room for.
fn two_byte_sequences() -> impl Iterator<Item = [u8; 2]> {
    let seconds = || (0x40..=0x7e_u8).chain(0x80..=0xfe);
    (0x81..=0xfe_u8).flat_map(move |first| seconds().map(move |second| [first, second]))
}

#[test]
fn every_two_byte_character_of_gbk_survives_the_way_there_and_back() {
    let mut characters = 0;
    let mut not_back = Vec::new();
    for bytes in two_byte_sequences() {
        let Ok(text) = Charset::Gbk.decode(&bytes) else { continue };
        assert_eq!(text.chars().count(), 1, "{bytes:02x?}");
        characters += 1;
        if Charset::Gbk.encode(&text).as_deref() != Ok(&bytes[..]) {
            not_back.push(bytes);
        }
    }
    assert!(characters > 21_000, "{characters}");
    // The euro sign is one byte in GBK and two in GB 18030; `a3a0` is read as a second ideographic space.
    assert_eq!(not_back, [[0xa2, 0xe3], [0xa3, 0xa0]]);
}

#[test]
fn two_byte_characters_are_found_again_in_the_raw_bytes() {
    for bytes in two_byte_sequences() {
        let raw = [b"{\"a\":\"".as_slice(), &bytes, b"\"}"].concat();
        let Ok(text) = Charset::Gbk.decode(&raw) else { continue };
        let end = text.len() - 2;
        assert_eq!(Charset::Gbk.raw_range(&raw, &text, 6..end), Some(6..8), "{bytes:02x?}");
        assert_eq!(Charset::Gbk.raw_range(&raw, &text, end..text.len()), Some(8..10), "{bytes:02x?}");
    }
}

#[test]
fn a_second_byte_that_looks_like_a_brace_or_backslash_is_no_brace() {
    // 乗 and 亄 have `\` and `{` as their second bytes.
    let raw = b"{\"x\":\"\x81\x5c\x81\x7b\",\"y\":1}";
    let text = Charset::Gbk.decode(raw).unwrap();
    let start = text.find("\"y\"").unwrap();
    assert_eq!(Charset::Gbk.raw_range(raw, &text, start..start + 3), Some(12..15));
    assert_eq!(raw[12..15], *b"\"y\"");
}

#[test]
fn four_byte_characters_are_counted_as_four() {
    let text = "a😀中€b";
    let raw = Charset::Gb18030.encode(text).unwrap();
    assert_eq!(raw.len(), 1 + 4 + 2 + 2 + 1);
    assert_eq!(Charset::Gb18030.decode(&raw).unwrap(), text);
    let start = text.find('中').unwrap();
    assert_eq!(Charset::Gb18030.raw_range(&raw, text, start..text.len()), Some(5..10));
    assert_eq!(Charset::Gb18030.raw_range(&raw, text, 0..0), Some(0..0));
}

#[test]
fn ranges_that_do_not_lie_on_characters_have_no_raw_range() {
    let raw = Charset::Gbk.encode("中文").unwrap();
    for range in [1..3, 0..2, 0..7, 7..8] {
        assert_eq!(Charset::Gbk.raw_range(&raw, "中文", range.clone()), None, "{range:?}");
    }
    let (start, end) = (3, 0);
    assert_eq!(Charset::Gbk.raw_range(&raw, "中文", start..end), None);
    assert_eq!(Charset::Gbk.raw_range(&raw[..3], "中文", 0..6), None, "more text than bytes");
    assert_eq!(Charset::Utf8.raw_range(b"abc", "abc", 1..2), Some(1..2));
}

#[test]
fn what_a_charset_cannot_write_is_named_and_never_replaced() {
    let refused = Charset::Gbk.encode("餐厅😀?").unwrap_err();
    assert_eq!(refused, Unencodable { character: '😀', index: 2, charset: Charset::Gbk });
    assert_eq!(refused.to_string(), "GBK cannot write the character '😀' (U+1F600), character 3 of the text");
    assert!(Charset::Gbk.encode("é").is_ok(), "it is in GBK");
    assert_eq!(Charset::Gbk.encode("ë").map_err(|error| error.character), Err('ë'));
    for charset in [Charset::Utf8, Charset::Gb18030] {
        assert!(charset.encode("餐厅😀ë").is_ok());
    }
}

#[test]
fn what_is_no_text_is_refused_where_it_stands() {
    let position = |charset: Charset, bytes: &[u8]| charset.decode(bytes).unwrap_err().position;
    assert_eq!(position(Charset::Utf8, b"ab\xff"), 2);
    assert_eq!(position(Charset::Utf8, b"\xed\xa0\x80"), 0, "half of a surrogate pair");
    assert_eq!(position(Charset::Utf8, b"a\xe4\xb8"), 1, "cut off");
    assert_eq!(position(Charset::Gbk, b"a\xd6\xd0\xff"), 3);
    assert_eq!(position(Charset::Gbk, b"a\xd6"), 1, "cut off");
    assert_eq!(position(Charset::Gbk, b"a\xd6\x20"), 1, "no second byte");
    assert_eq!(position(Charset::Gb18030, b"abc\x81\x30\x81"), 3, "cut off");
    let refused = Undecodable { position: 0, charset: Charset::Gbk };
    assert_eq!(refused.to_string(), "the bytes from offset 0 on are not GBK text");
}

#[test]
fn gbk_has_no_four_byte_characters() {
    let raw = Charset::Gb18030.encode("中😀").unwrap().into_owned();
    assert_eq!(Charset::Gbk.decode(&raw), Err(Undecodable { position: 2, charset: Charset::Gbk }));
    // Digits behind a two-byte character are no part of one.
    assert_eq!(Charset::Gbk.decode(b"\xd6\xd0\x30\x31").unwrap(), "中01");
}

#[test]
fn ascii_is_borrowed_in_every_charset() {
    for charset in [Charset::Utf8, Charset::Gbk, Charset::Gb18030] {
        assert!(matches!(charset.encode("a=1&b=2"), Ok(Cow::Borrowed(b"a=1&b=2"))));
        assert!(matches!(charset.decode(b"a=1&b=2"), Ok(Cow::Borrowed("a=1&b=2"))));
        assert_eq!(charset.decode(b""), Ok(Cow::Borrowed("")));
    }
}

#[test]
fn charsets_are_found_by_the_names_that_providers_use() {
    for (name, charset) in [
        ("utf-8", Some(Charset::Utf8)),
        ("UTF8", Some(Charset::Utf8)),
        ("GBK", Some(Charset::Gbk)),
        ("gb2312", Some(Charset::Gbk)),
        ("GB18030", Some(Charset::Gb18030)),
        ("latin-1", None),
        (" GBK", None),
        ("", None),
    ] {
        assert_eq!(Charset::from_name(name), charset, "{name}");
    }
}
